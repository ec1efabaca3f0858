package dnssec

import (
	"strings"
	"testing"
	"time"
)

func TestLeave(t *testing.T) {
	a, b := delegationSigner("example.com.", csk.DNSKEY()), delegationSigner("example.com.", ksk.DNSKEY())
	both, alone := []string{"ns.a.", "ns.b."}, []string{"ns.a."}
	for _, c := range []struct {
		name         string
		ds, ns, apex []string
		unknown      string
		later        time.Duration
		refused      string // "" is allowed
	}{
		{name: "DS of both", ds: []string{a, b}, ns: both, apex: both, refused: "has DS of both A and B"},
		{name: "DS of both, NS of one", ds: []string{a, b}, ns: alone, apex: alone, refused: "has DS of both A and B"},
		{name: "DS of one, the parent's NS of both", ds: []string{a}, ns: both, apex: alone, later: time.Hour, refused: "still names ns.b. of B"},
		{name: "DS of one, the zone's NS of both", ds: []string{a}, ns: alone, apex: both, later: time.Hour, refused: "still names ns.b. of B"},
		{name: "DS of one, too early", ds: []string{a}, ns: alone, apex: alone, later: 1101 * time.Second, refused: "the DS of B was gone for the first time"},
		{name: "DS of one, in time", ds: []string{a}, ns: alone, apex: alone, later: 1102 * time.Second},
		{name: "no DS, too early", ns: both, apex: both, later: 1101 * time.Second, refused: "the DS of A was gone for the first time"},
		{name: "no DS, in time", ns: both, apex: both, later: 1102 * time.Second},
		{name: "parent silent", unknown: "no answer", later: time.Hour, refused: "the parent cannot be asked"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStory(t)
			s.ready()
			s.Parent.DS = []string{a, b}
			s.step(Complete)
			s.after(1000 * time.Hour) // a world that stood still for long
			s.Parent.DS, s.Parent.NS, s.Parent.Unknown = c.ds, c.ns, c.unknown
			for i := range s.Signers {
				s.Signers[i].ApexNS = c.apex
			}
			s.memory, s.verdict = Step(s.memory, s.Observation)
			s.after(c.later)
			s.memory, s.verdict = Step(s.memory, s.Observation)
			reasons := strings.Join(Leave(s.memory, s.Observation), "; ")
			if (reasons == "") != (c.refused == "") || !strings.Contains(reasons, c.refused) {
				t.Errorf("refused because %q, want %q", reasons, c.refused)
			}
		})
	}
}

// Where no DS was ever seen nothing hangs on the keys.
func TestLeave_BeforeThereWasADS(t *testing.T) {
	s := newStory(t)
	s.step(Publishing)
	s.Parent.Unknown = "no answer"
	if reasons := Leave(s.memory, s.Observation); len(reasons) > 0 {
		t.Errorf("refused: %q", reasons)
	}
}
