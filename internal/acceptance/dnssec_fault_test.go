package acceptance

import (
	"slices"
	"strings"
	"testing"
	"time"

	"codeberg.org/miekg/dns"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/signing"
)

// Each planted fault is named, and keeps ds back where it would make answers bogus. Nothing else is said.
func TestDNSSEC_PlantedFaultsAreNamed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		plant func(*signed)
		// named is how the sentence begins or what it holds; "" stands for a world without a fault.
		named string
		hasDS bool
	}{
		{"none", func(*signed) {}, "", true},
		{"foreign key not served", func(s *signed) { s.box.Cloudflare.SetHabits(signing.Habits{LeavesOutForeignEntryPoints: true}) }, "Cloudflare stores the key", false},
		{"algorithms differ", func(s *signed) { s.box.Cloudflare.SetAlgorithm(signing.Ed25519) }, "The algorithms differ", false},
		{"a stranger's DS", func(s *signed) {
			s.box.Parent.SetDS(s.dsOf("desec"), s.dsOf("cloudflare"), "4711 13 2 "+strings.Repeat("ab", 32))
		}, "com. has the DS 4711 13 2", true},
		{"DS of both", func(s *signed) { s.box.Parent.SetDS(s.dsOf("desec"), s.dsOf("cloudflare")) }, "", true},
		{"DS of one, NS of both", func(s *signed) { s.box.Parent.SetDS(s.dsOf("desec")) }, "delegates example.com. to Cloudflare and has no DS of it", true},
		{"parent silent", func(s *signed) { s.box.Parent.SetDNSSilent(true) }, "could not be read at its parent", true},
		{"name server silent", func(s *signed) { s.box.Desec.SetDNSSilent(true) }, "of deSEC does not answer", false},
		{"key of a stranger", func(s *signed) {
			s.edit("desec", "DNSKEY", append(s.added("desec", "DNSKEY"), signing.NewKey(signing.ZoneKey, signing.ECDSAP256, "stranger").DNSKEY())...)
		}, "which no operator signs with", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newSigned(t)
			s.run.must(t, s.config, 0)
			c.plant(s)
			s.run.must(t, s.config, 0)
			s.pass(25 * time.Hour)
			s.run.must(t, s.config, 0)
			s.run.must(t, s.config, 0)
			if r := s.run.plan(t.Context(), s.config); r.exit != 0 {
				t.Errorf("perpetual difference: %s", r.text)
			}
			if hasDS := s.attr("ds") != nil; hasDS != c.hasDS {
				t.Errorf("ds is given: %t, want %t (phase %v)", hasDS, c.hasDS, s.attr("phase"))
			}
			var others []string
			named := c.named == ""
			for _, p := range s.problems() {
				switch {
				case c.named != "" && strings.Contains(p, c.named):
					named = true
				case strings.HasPrefix(p, "The CDS of Cloudflare"): // true of the service in every phase
				default:
					others = append(others, p)
				}
			}
			if !named || len(others) > 0 {
				t.Errorf("named: %t, invented: %q; problems %q", named, others, s.problems())
			}
		})
	}
}

// A DS of another digest type names its key as well.
func TestDNSSEC_OtherDigestTypesCount(t *testing.T) {
	t.Parallel()
	s := newSigned(t)
	s.run.must(t, s.config, 0)
	var all []string
	for _, operator := range bothOperators {
		rr, err := dns.New("example.com. 3600 IN DNSKEY " + s.entryPoint(operator))
		if err != nil {
			t.Fatal(err)
		}
		key, ok := rr.(*dns.DNSKEY)
		if !ok {
			t.Fatalf("%T", rr)
		}
		all = append(all, key.ToDS(dns.SHA384).Data().String())
	}
	s.box.Parent.SetDS(all...)
	s.pass(25 * time.Hour)
	s.apply("complete")
	s.free()
}

func (s *signed) entryPoint(operator string) string {
	for _, k := range s.list("keys", operator) {
		if strings.HasPrefix(k, "257 ") {
			return k
		}
	}
	s.t.Fatalf("%s lists no key with flags 257", operator)
	return ""
}

// The judge is no rubber stamp: where the parent vouches for deSEC's key alone, what Cloudflare serves is bogus.
func TestDNSSEC_TheJudgeNotices(t *testing.T) {
	s := newSigned(t)
	s.run.must(t, s.config, 0)
	s.box.Parent.SetDS(s.dsOf("desec"))
	j := s.watch("cloudflare")
	for _, q := range questions {
		if a, err := j.resolver.Ask(t.Context(), q.name, q.qtype); err != nil || !a.Bogus {
			t.Errorf("%s %s is not bogus: %+v %v", q.name, dns.TypeToString[q.qtype], a, err)
		}
	}
}

// Keys that somebody else added stand in the way of a creation, and nothing is written.
func TestDNSSEC_ForeignKeysAreAConflict(t *testing.T) {
	t.Parallel()
	s := newSigned(t)
	stranger := signing.NewKey(signing.ZoneKey, signing.ECDSAP256, "stranger").DNSKEY()
	s.edit("desec", "DNSKEY", stranger)
	for _, site := range s.box.Sites() {
		site.Log.Reset()
	}
	r := s.run.apply(t.Context(), s.config)
	if r.exit != 1 || !strings.Contains(r.text, "Keys of somebody else") || !strings.Contains(r.text, "terraform import") {
		t.Fatalf("no conflict: %s", r.text)
	}
	for _, site := range s.box.Sites() {
		if writes := site.Log.Writes(); len(writes) > 0 {
			t.Errorf("%s was written: %v", site.Name, paths(writes))
		}
	}
	s.same("keys", []string{stranger}, s.added("desec", "DNSKEY"))
}

// An operator that is out while the other is given its keys.
func TestDNSSEC_OutageIsOwedAndHealed(t *testing.T) {
	t.Parallel()
	for _, operator := range bothOperators {
		t.Run(operator, func(t *testing.T) {
			t.Parallel()
			s := newSigned(t)
			site := s.box.Site(operator)
			site.Faults.Set(sandbox.Fault{Kind: sandbox.HTML502})
			r := s.run.apply(t.Context(), s.config)
			if r.exit != 0 || len(r.warnings) == 0 {
				t.Fatalf("created with one operator out: %s", r.text)
			}
			s.same("phase", any("exchanging"), s.attr("phase"))
			s.same("status", any("out_of_sync"), s.attr("operators", operator, "status"))
			s.same("in_sync", any(false), s.attr("in_sync"))
			if r := s.run.plan(t.Context(), s.config); r.exit != 2 {
				t.Errorf("what is owed is not planned: %s", r.text)
			}
			site.Faults.Clear()
			s.apply("publishing")
			s.same("in_sync", any(true), s.attr("in_sync"))
			for _, other := range bothOperators {
				s.same("keys at "+other, 1, len(s.added(other, "DNSKEY")))
			}
			site.Faults.Set(sandbox.Fault{Kind: sandbox.HTML502})
			s.apply("publishing") // last seen in sync: no difference
			s.same("status", any("unreachable"), s.attr("operators", operator, "status"))
		})
	}
}

// A key that somebody took away is put back, and the wait begins anew.
func TestDNSSEC_MissingKeyStartsAnew(t *testing.T) {
	t.Parallel()
	s := newSigned(t)
	s.run.must(t, s.config, 0)
	s.pass(25 * time.Hour)
	s.apply("ready")
	before := s.added("desec", "DNSKEY")
	s.edit("desec", "DNSKEY")
	if r := s.run.plan(t.Context(), s.config); r.exit != 2 {
		t.Fatalf("the loss is not planned for: %s", r.text)
	}
	s.apply("publishing")
	s.same("keys at deSEC", before, s.added("desec", "DNSKEY"))
	s.same("ds", any(nil), s.attr("ds"))
	s.pass(2 * time.Hour)
	s.apply("ready")
}

// A creation that one operator refuses leaves nothing at the other, and no state.
func TestDNSSEC_RefusedCreationIsTakenBack(t *testing.T) {
	t.Parallel()
	s := newSigned(t)
	s.box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.Forbidden, Methods: sandbox.Writes})
	r := s.run.apply(t.Context(), s.config)
	if r.exit != 1 || !strings.Contains(r.text, "taken back") {
		t.Fatalf("a refusal passed: %s", r.text)
	}
	if len(s.run.project.State) > 0 {
		t.Errorf("state is left: %v", s.run.project.State)
	}
	for _, operator := range bothOperators {
		s.same("keys at "+operator, []string(nil), s.added(operator, "DNSKEY"))
	}
	s.box.Desec.Faults.Clear()
	s.apply("publishing")
}

func (s *signed) edit(operator, typ string, values ...string) {
	s.t.Helper()
	if err := s.box.Site(operator).Edit(s.box.Zone, "@", typ, 3600, slices.Compact(values)...); err != nil {
		s.t.Fatal(err)
	}
}

// A zone that is gone at one operator is named, and keeps nobody from being destroyed: nothing is left there to take
// away. (Cloudflare says of a zone that is gone what it says to a token that may not see it, so that deSEC plays it.)
func TestDNSSEC_ZoneGoneAtOneOperator(t *testing.T) {
	t.Parallel()
	s := newSigned(t)
	s.apply("publishing")
	s.box.Desec.SetZone(s.box.Zone, false)
	if r := s.run.plan(t.Context(), s.config); r.exit != 2 {
		t.Errorf("exit code %d of a plan: %s", r.exit, r.text)
	}
	s.run.must(t, s.config, 1)
	s.same("in_sync", any(false), s.attr("in_sync"))
	s.same("status", any("out_of_sync"), s.attr("operators", "desec", "status"))
	r := s.run.apply(t.Context(), protocol.Config{})
	if r.exit != 0 || len(s.run.project.State) != 0 || !slices.Contains(r.warnings, "Zone not found at deSEC") {
		t.Errorf("exit code %d of a destruction, and %d resources are left in the state: %s", r.exit, len(s.run.project.State), r.text)
	}
	s.same("left at Cloudflare", []string(nil), s.added("cloudflare", "DNSKEY"))
}
