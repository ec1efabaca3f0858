package acceptance

import (
	"strings"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/signing"
)

// The life of a zone with two signers, and a resolver that asks all the time: join, stay, roll, lose an operator,
// leave. Its parts mostly wait, for caches to run out, and do so together.
func TestDNSSEC_Life(t *testing.T) {
	t.Parallel()
	for _, life := range []struct {
		name string
		play func(t *testing.T)
	}{
		{"each operator is lost, one is left", playLosses},
		{"both operators roll their keys", playRolls},
		{"deSEC is a real PowerDNS", playPowerDNS},
	} {
		t.Run(life.name, func(t *testing.T) {
			t.Parallel()
			life.play(t)
		})
	}
}

// joinWatched joins a zone while a resolver asks both operators.
func joinWatched(t *testing.T) (*signed, *judge) {
	t.Helper()
	s := newSigned(t)
	j := s.watch("cloudflare", "desec")

	s.apply("publishing")
	s.free()
	s.same("ds", any(nil), s.attr("ds"))
	if s.attr("ready_at") == nil {
		t.Fatal("nobody knows when it is ready")
	}
	s.same("added at deSEC", 1, len(s.added("desec", "DNSKEY")))
	s.same("CDS at deSEC before its time", []string(nil), s.added("desec", "CDS"))
	s.pass(time.Second)
	s.apply("publishing")

	s.pass(25 * time.Hour)
	s.apply("ready")
	s.free()
	ds := s.list("ds")
	s.same("number of DS", 2, len(ds))
	s.same("CDS at deSEC", 1, len(s.added("desec", "CDS")))
	s.same("CDNSKEY at deSEC", 1, len(s.added("desec", "CDNSKEY")))
	j.clean("joining")
	s.box.Parent.SetDS(ds...)
	s.pass(2 * time.Hour)
	s.apply("complete")
	s.free()
	j.allSecure()
	j.clean("joined")
	return s, j
}

func playRolls(t *testing.T) {
	s, j := joinWatched(t)
	for _, roll := range []struct {
		operator string
		dsWhile  int
	}{{"cloudflare", 2}, {"desec", 3}} {
		s.step(roll.operator, signing.Publish)
		s.apply("publishing")
		s.free()
		s.same("ds while caches do not know the new key", any(nil), s.attr("ds"))
		s.pass(2 * time.Hour)
		s.run.must(t, s.config, 0)
		s.same("DS while "+roll.operator+" rolls", roll.dsWhile, len(s.list("ds")))
		s.box.Parent.SetDS(s.list("ds")...)
		s.pass(2 * time.Hour)
		s.apply("complete")
		s.step(roll.operator, signing.Activate)
		s.pass(2 * time.Hour)
		s.apply("complete")
		s.step(roll.operator, signing.Retire)
		s.run.must(t, s.config, 0)
		s.same("DS after the roll", 2, len(s.list("ds")))
		s.box.Parent.SetDS(s.list("ds")...)
		s.pass(2 * time.Hour)
		s.apply("complete")
		s.free()
		j.allSecure()
		j.clean(roll.operator + " has rolled its key")
	}
	s.same("keys at Cloudflare", 1, len(s.added("cloudflare", "DNSKEY")))
	s.same("keys at deSEC", 1, len(s.added("desec", "DNSKEY")))
}

func playLosses(t *testing.T) {
	s, j := joinWatched(t)
	for _, operator := range bothOperators {
		site := s.box.Site(operator)
		site.Faults.Set(sandbox.Fault{Kind: sandbox.HTML502})
		site.SetDNSSilent(true)
		s.pass(0)
		s.apply("complete")
		s.same("ds while "+operator+" is out", 2, len(s.list("ds")))
		s.same("served by "+operator, any(nil), s.attr("served", operator))
		j.allSecure()
		site.Faults.Clear()
		site.SetDNSSilent(false)
		s.apply("complete")
		s.free()
		j.clean(operator + " was out")
	}

	s.refused("DS of both")
	s.box.Parent.Delegate("ns1.desec.io.", "ns2.desec.org.")
	s.refused("DS of both")
	s.pass(2 * time.Hour)
	stays := s.watch("desec")
	s.box.Parent.SetDS(s.dsOf("desec"))
	s.refused("the DS of Cloudflare was gone for the first time")
	s.pass(2 * time.Hour)
	r := s.run.project.Destroy(t.Context(), s.config)
	if r.ExitCode != 0 {
		t.Fatalf("destroy: %s", r)
	}
	for _, operator := range bothOperators {
		for _, typ := range []string{"DNSKEY", "CDS", "CDNSKEY"} {
			s.same(typ+" left at "+operator, []string(nil), s.added(operator, typ))
		}
	}
	s.pass(0)
	stays.allSecure()
	stays.clean("Cloudflare has left")
}

func (s *signed) step(operator, step string) {
	s.t.Helper()
	if err := s.box.Site(operator).Roll(s.box.Zone, step); err != nil {
		s.t.Fatal(err)
	}
}

// refused expects that destroying is refused for that reason, with the order to follow.
func (s *signed) refused(reason string) {
	s.t.Helper()
	r := s.run.project.Destroy(s.t.Context(), s.config)
	if text := r.String(); r.ExitCode != 1 || !strings.Contains(text, reason) || !strings.Contains(text, "The safe order is") {
		s.t.Fatalf("destroy is not refused with %q: %s", reason, text)
	}
	if s.attr("zone") == nil {
		s.t.Fatal("the state has gone")
	}
}

// dsOf is the DS of one operator's key.
func (s *signed) dsOf(operator string) string {
	sign := s.box.Desec.API.Signing
	if operator == "cloudflare" {
		sign = s.box.Cloudflare.API.Signing
	}
	for _, k := range sign(s.box.Zone).Keys {
		if k.Flags == signing.EntryPoint {
			return k.CDS(s.box.Zone)
		}
	}
	s.t.Fatalf("%s has no key for a DS", operator)
	return ""
}
