package dnssec

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/signing"
)

var (
	csk  = signing.NewKey(signing.EntryPoint, signing.ECDSAP256, "csk")
	csk2 = signing.NewKey(signing.EntryPoint, signing.ECDSAP256, "csk2")
	ksk  = signing.NewKey(signing.EntryPoint, signing.ECDSAP256, "ksk")
	zsk  = signing.NewKey(signing.ZoneKey, signing.ECDSAP256, "zsk")
)

var begun = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// story is two operators whose keys are exchanged and served, and what was said of them so far.
type story struct {
	t *testing.T
	Observation
	memory  Memory
	verdict Verdict
}

// newStory has one operator with one key for both purposes, and one with two, of which the other needs one.
func newStory(t *testing.T) *story {
	a := Signer{Name: "a", Title: "A", Known: true, Takes: Types, Held: Held{Ready: true, Hosts: []string{"ns.a."}, Keys: []Key{{csk.DNSKEY(), true}}}}
	b := Signer{Name: "b", Title: "B", Known: true, Takes: []string{TypeDNSKEY}, Held: Held{
		Ready: true, Hosts: []string{"ns.b."}, Keys: []Key{{ksk.DNSKEY(), false}, {zsk.DNSKEY(), true}},
	}}
	s := &story{t: t, Observation: Observation{Zone: "example.com.", Now: begun, Signers: []Signer{a, b}, Parent: Parent{Zone: "com.", TTL: 100, NS: []string{"ns.a.", "ns.b."}}}}
	s.store("a", zsk.DNSKEY())
	s.store("b", csk.DNSKEY())
	s.serve()
	return s
}

func (s *story) of(name string) *Signer {
	return &s.Signers[slices.IndexFunc(s.Signers, func(o Signer) bool { return o.Name == name })]
}

func (s *story) store(name string, keys ...string) {
	s.of(name).Added = map[string][]string{TypeDNSKEY: Union(keys)}
}

// serve lets the servers answer what the APIs hold.
func (s *story) serve() {
	for i := range s.Signers {
		o := &s.Signers[i]
		var own []string
		for _, k := range o.entryPoints() {
			own = append(own, delegationSigner(s.Zone, k))
		}
		server := Server{
			Keys: Union(o.DNSKEYs(), o.Added[TypeDNSKEY]), KeyTTL: 1000, DataTTL: 5000,
			CDS: Union(own, o.Added[TypeCDS]), CDNSKEY: Union(o.entryPoints(), o.Added[TypeCDNSKEY]),
		}
		o.Servers = []Server{server, server}
		o.Servers[0].Name, o.Servers[1].Name = o.Name+"1", o.Name+"2"
	}
}

// step steps, expects the phase, and no DS before it may be.
func (s *story) step(phase Phase) {
	s.t.Helper()
	s.memory, s.verdict = Step(s.memory, s.Observation)
	if s.verdict.Phase != phase {
		s.t.Fatalf("phase %s, want %s; problems %q", s.verdict.Phase, phase, s.verdict.Problems)
	}
	if given := s.verdict.DS != nil; given != slices.Contains([]Phase{Ready, Partly, Complete}, phase) {
		s.t.Fatalf("DS %q in phase %s", s.verdict.DS, phase)
	}
}

func (s *story) after(d time.Duration) { s.Now = s.Now.Add(d) }

// ready brings it there.
func (s *story) ready() {
	s.t.Helper()
	s.step(Publishing)
	s.after(1002 * time.Second)
	s.step(Ready)
}

func (s *story) problem(parts ...string) {
	s.t.Helper()
	if len(s.verdict.Problems) != len(parts) {
		s.t.Fatalf("problems %q, want %d", s.verdict.Problems, len(parts))
	}
	for i, part := range parts {
		if !strings.Contains(s.verdict.Problems[i], part) {
			s.t.Errorf("problem %q lacks %q", s.verdict.Problems[i], part)
		}
	}
}

// polling is what is said of B in every phase with a DS: it takes no CDS of others.
const polling = "The CDS of B name no key of A"

func TestStep_WaitsForTheTTLAndTwoSeconds(t *testing.T) {
	s := newStory(t)
	s.step(Publishing)
	if got, want := s.memory.ReadyAt(), begun.Add(1002*time.Second); !got.Equal(want) {
		t.Errorf("ready at %s, want %s", got, want)
	}
	s.after(1002*time.Second - time.Millisecond)
	s.step(Publishing)
	s.after(time.Millisecond)
	s.step(Ready)
	want := Union([]string{delegationSigner(s.Zone, csk.DNSKEY()), delegationSigner(s.Zone, ksk.DNSKEY())})
	if diff := cmp.Diff(want, s.verdict.DS); diff != "" {
		t.Errorf("DS (-want +got):\n%s", diff)
	}
	if !s.memory.ReadyAt().IsZero() {
		t.Error("still waiting")
	}
	s.problem(polling)
}

func TestStep_FreshSignerWaitsForTheData(t *testing.T) {
	s := newStory(t)
	keys := s.of("b").Keys
	s.of("b").Keys, s.of("b").Ready = nil, false
	s.step(Exchanging)
	s.of("b").Keys, s.of("b").Ready, s.of("b").DataTTL = keys, true, 7000
	s.step(Publishing)
	s.of("b").DataTTL = 0 // a later run does not read the whole zone
	s.after(5003 * time.Second)
	s.step(Publishing)
	s.after(1999 * time.Second)
	s.step(Ready)
}

func TestStep_KeyThatIsAddedStartsAnew(t *testing.T) {
	s := newStory(t)
	s.ready()
	s.of("a").Keys = append(s.of("a").Keys, Key{csk2.DNSKEY(), true})
	s.step(Exchanging)
	if diff := cmp.Diff(Union([]string{csk.DNSKEY(), csk2.DNSKEY()}), s.verdict.Want["b"][TypeDNSKEY]); diff != "" {
		t.Errorf("wanted at B (-want +got):\n%s", diff)
	}
	s.store("b", csk.DNSKEY(), csk2.DNSKEY())
	s.step(Publishing)
	s.serve()
	s.after(2000 * time.Second)
	s.step(Publishing)
	s.after(1002 * time.Second)
	s.step(Ready)
	if len(s.verdict.DS) != 3 {
		t.Errorf("DS %q, want three", s.verdict.DS)
	}
	s.of("a").Keys = []Key{{csk2.DNSKEY(), true}}
	s.step(Ready)
	if diff := cmp.Diff([]string{csk2.DNSKEY()}, s.verdict.Want["b"][TypeDNSKEY]); diff != "" || len(s.verdict.DS) != 2 {
		t.Errorf("DS %q, wanted at B (-want +got):\n%s", s.verdict.DS, diff)
	}
}

func TestStep_ServerThatLacksAKeyStartsAnew(t *testing.T) {
	s := newStory(t)
	s.ready()
	s.of("b").Servers[1].Keys = s.of("b").DNSKEYs()
	s.step(Publishing)
	s.problem("B stores the key " + fmt.Sprint(csk.Tag()) + " (flags 257) of A and its name server b2 does not serve it")
	if _, agreed := s.verdict.Served["b"]; agreed {
		t.Error("servers that differ are shown as one")
	}
	s.serve()
	s.after(time.Hour)
	s.step(Publishing)
	s.after(1001 * time.Second)
	s.step(Publishing)
	s.after(time.Second)
	s.step(Ready)
}

func TestStep_SilenceNeitherCompletesNorTakesBack(t *testing.T) {
	s := newStory(t)
	s.of("a").Servers[0] = Server{Name: "a1", Silent: true}
	s.step(Publishing)
	s.after(time.Hour)
	s.step(Publishing)
	s.problem("The name server a1 of A does not answer")
	s.serve()
	s.step(Publishing) // only now it begins
	s.after(1002 * time.Second)
	s.step(Ready)
	s.of("a").Servers[0] = Server{Name: "a1", Silent: true}
	s.of("b").Servers = nil
	s.step(Ready)
	s.Signers[0].Known, s.Signers[0].Held = false, Held{}
	s.step(Ready)
	if len(s.verdict.DS) != 2 {
		t.Errorf("DS %q while an API is out", s.verdict.DS)
	}
}

func TestStep_ParentDecidesTheLastPhases(t *testing.T) {
	s := newStory(t)
	s.ready()
	s.Parent.DS = []string{delegationSigner(s.Zone, csk.DNSKEY())}
	s.step(Partly)
	s.problem("delegates example.com. to B and has no DS of it", polling)
	s.Parent.DS = []string{signerWith(s.Zone, csk.DNSKEY(), 4), delegationSigner(s.Zone, ksk.DNSKEY())}
	s.step(Complete)
	s.problem(polling)
	s.Parent = Parent{Unknown: "no answer"}
	s.step(Complete)
	s.problem("could not be read at its parent")
	s.Parent = Parent{Zone: "com.", DS: []string{delegationSigner(s.Zone, csk.DNSKEY()), delegationSigner(s.Zone, ksk.DNSKEY()), "1 13 2 " + strings.Repeat("ab", 32)}}
	s.step(Complete)
	s.problem("no operator signs example.com. with that key", polling)
}

func TestStep_AlgorithmsThatDifferKeepTheDSBack(t *testing.T) {
	s := newStory(t)
	other := signing.NewKey(signing.EntryPoint, signing.Ed25519, "csk")
	s.of("a").Keys = []Key{{other.DNSKEY(), true}}
	s.store("b", other.DNSKEY())
	s.serve()
	s.step(Publishing)
	s.after(time.Hour)
	s.step(Publishing)
	s.problem("A with 15, B with 13")
}

// A parent that polls must find the keys of both, or nothing before its time.
func TestStep_CDSOfOthersAreWrittenOnceTheParentMayHaveThem(t *testing.T) {
	s := newStory(t)
	s.step(Publishing)
	if got := s.verdict.Want["a"][TypeCDS]; len(got) > 0 {
		t.Errorf("CDS before their time: %q", got)
	}
	s.after(time.Hour)
	s.step(Ready)
	if diff := cmp.Diff([]string{delegationSigner(s.Zone, ksk.DNSKEY())}, s.verdict.Want["a"][TypeCDS]); diff != "" {
		t.Errorf("CDS at A (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{ksk.DNSKEY()}, s.verdict.Want["a"][TypeCDNSKEY]); diff != "" {
		t.Errorf("CDNSKEY at A (-want +got):\n%s", diff)
	}
	if _, told := s.verdict.Want["b"][TypeCDS]; told {
		t.Error("CDS for an operator that takes none")
	}
	for i := range s.of("a").Servers {
		s.of("a").Servers[i].CDS = nil
	}
	s.step(Ready)
	if got := s.verdict.Want["a"][TypeCDS]; len(got) > 0 {
		t.Errorf("CDS of the other alone: %q", got)
	}
}

func TestStep_CopiesStayWhileTheirOperatorDoesNotSign(t *testing.T) {
	s := newStory(t)
	s.ready()
	s.of("b").Keys, s.of("b").Ready = nil, false
	s.step(Exchanging)
	if diff := cmp.Diff([]string{zsk.DNSKEY()}, s.verdict.Want["a"][TypeDNSKEY]); diff != "" {
		t.Errorf("wanted at A (-want +got):\n%s", diff)
	}
}

func TestStep_KeysOfStrangersStay(t *testing.T) {
	s := newStory(t)
	stranger := signing.NewKey(signing.ZoneKey, signing.ECDSAP256, "stranger").DNSKEY()
	if got := Conflicts(s.memory, s.Observation); len(got) > 0 {
		t.Errorf("conflicts %q", got)
	}
	s.store("a", zsk.DNSKEY(), stranger)
	if diff := cmp.Diff(map[string][]string{"a": {"DNSKEY " + stranger}}, Conflicts(s.memory, s.Observation)); diff != "" {
		t.Errorf("conflicts (-want +got):\n%s", diff)
	}
	s.step(Publishing)
	if diff := cmp.Diff(Union([]string{zsk.DNSKEY(), stranger}), s.verdict.Want["a"][TypeDNSKEY]); diff != "" {
		t.Errorf("wanted at A (-want +got):\n%s", diff)
	}
	s.problem("which no operator signs with")
}

// A world that stands still leaves no trace.
func TestMemory_MovesOnlyWhenSomethingHappened(t *testing.T) {
	s := newStory(t)
	s.ready()
	s.Parent.DS = s.verdict.DS
	s.step(Complete)
	before := s.memory
	s.after(24 * time.Hour)
	s.step(Complete)
	if s.memory.Moved(before) {
		t.Errorf("moved (-before +after):\n%s", cmp.Diff(before, s.memory))
	}
	if diff := cmp.Diff(before, s.memory); diff != "" {
		t.Errorf("memory (-before +after):\n%s", diff)
	}
	s.Parent.DS = nil
	s.step(Ready)
	if !s.memory.Moved(before) {
		t.Error("a DS that went left no trace")
	}
}

// A key that needs no exchange and is served at once has to get into caches, too.
func TestStep_KeyThatOnlyADSNamesStartsAnew(t *testing.T) {
	s := newStory(t)
	s.ready()
	s.of("b").Keys = append(s.of("b").Keys, Key{csk2.DNSKEY(), false})
	s.serve()
	s.step(Publishing)
	s.after(1002 * time.Second)
	s.step(Ready)
	if len(s.verdict.DS) != 3 {
		t.Errorf("DS %q, want three", s.verdict.DS)
	}
}

func TestStep_ClockThatIsSetBackStartsAnew(t *testing.T) {
	s := newStory(t)
	s.after(time.Hour)
	s.step(Publishing)
	s.Now = begun
	s.step(Publishing)
	s.after(1001 * time.Second)
	s.step(Publishing)
	s.after(time.Second)
	s.step(Ready)
}

// A server that lacks a key of its own operator is as bad as one that lacks the other's.
func TestStep_OwnKeyThatIsNotServedKeepsTheDSBack(t *testing.T) {
	s := newStory(t)
	s.of("b").Servers[0].Keys = Without(s.of("b").Servers[0].Keys, []string{ksk.DNSKEY()})
	s.step(Publishing)
	s.after(time.Hour)
	s.step(Publishing)
	s.problem("B lists the key " + fmt.Sprint(ksk.Tag()) + " (flags 257) as its own and its name server b1 does not serve it")
}
