package acceptance

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/signing"
)

// signedStage is a stage whose zone two operators sign and serve; what a cache holds runs out in a second.
type signedStage struct{ *stage }

func (s *stage) withSigners() signedStage {
	s.t.Helper()
	s.work.Env["MULTIDNS_ROOT_SERVERS"] = s.box.Parent.DNSAddr
	s.box.Parent.SetMaxTTL(servedTTL)
	s.allowForeignKeys() // signed before, so that nobody waits for the TTL of data without signatures
	for _, site := range s.box.Sites() {
		site.SetMaxTTL(servedTTL)
	}
	s.edit("cloudflare", "@", "NS", 3600, "ns1.desec.io.", "ns2.desec.org.")
	s.edit("desec", "@", "NS", 3600, "ada.ns.cloudflare.com.", "bob.ns.cloudflare.com.", "ns1.desec.io.", "ns2.desec.org.")
	s.configure(s.signersHCL())
	return signedStage{s}
}

func (s *stage) signersHCL() string {
	return fmt.Sprintf(`
resource "multidns_dnssec" "main" {
  zone    = "example.com"
  servers = { cloudflare = [%q], desec = [%q] }
}

data "multidns_zone" "z" {
  zone       = "example.com"
  depends_on = [multidns_dnssec.main]
}
`, s.box.Cloudflare.DNSAddr, s.box.Desec.DNSAddr)
}

// until applies until the phase is reached, which takes as long as the caches do.
func (s signedStage) until(phase string) {
	s.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(servedTTL * time.Second) {
		s.apply(0)
		if s.attr(signersAddress, "phase") == phase {
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("phase is %v, want %s; problems: %q", s.attr(signersAddress, "phase"), phase, s.strs(signersAddress, "problems"))
		}
	}
}

// named expects each list of problems to be these and no others, by how they begin.
func (s signedStage) named(signers, zone []string) {
	s.t.Helper()
	s.apply(0) // data is read anew
	for address, want := range map[string][]string{signersAddress: signers, "data.multidns_zone.z": zone} {
		var got []string
		for i, problem := range s.strs(address, "problems") {
			if i < len(want) && strings.Contains(problem, want[i]) {
				problem = want[i]
			}
			got = append(got, problem)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			s.t.Errorf("problems of %s (-want +got):\n%s", address, diff)
		}
	}
}

func (s signedStage) enterDS() {
	s.t.Helper()
	s.box.Parent.SetDS(s.strs(signersAddress, "ds")...)
}

// Each fault is named, by the resource and by multidns_zone where its own questions show it, and in a zone that is well
// nothing is.
func TestAccDNSSEC_FaultsAreNamed(t *testing.T) {
	t.Parallel()
	// One CLI: what is said is the provider's own, and TestDNSSEC_PlantedFaultsAreNamed has more of it.
	s := newStage(t, clitest.RequireCLIs(t)[0], sandbox.Options{}).withSigners()
	const cds = "The CDS of Cloudflare name no key of deSEC"
	s.until("ready")
	s.named([]string{cds}, nil)
	s.enterDS()
	s.until("complete")
	s.named([]string{cds}, nil)

	s.box.Cloudflare.SetHabits(signing.Habits{NoCDS: true})
	s.named(nil, nil)
	s.box.Desec.SetHabits(signing.Habits{NoCDS: true})
	s.named(nil, nil)
	s.box.Cloudflare.SetHabits(signing.Habits{})
	s.named([]string{cds}, nil)
	s.box.Desec.SetHabits(signing.Habits{})
	s.named([]string{cds}, nil)

	ds := s.strs(signersAddress, "ds")
	s.box.Parent.SetDS(append(ds, "4711 13 2 "+strings.Repeat("ab", 32))...)
	s.named([]string{"com. has the DS 4711 13 2", cds}, []string{"com. has the DS 4711 13 2"})
	s.box.Parent.SetDS(ds...)

	s.box.Desec.SetHabits(signing.Habits{LeavesOutForeignEntryPoints: true}) // Cloudflare's are not added there
	s.named([]string{cds}, nil)
	s.box.Desec.SetHabits(signing.Habits{})
	s.box.Cloudflare.SetHabits(signing.Habits{LeavesOutForeignEntryPoints: true})
	s.named([]string{"Cloudflare stores the key", cds}, nil)
	s.state(signersAddress, nil, "ds")
	s.box.Cloudflare.SetHabits(signing.Habits{})
	s.until("complete")

	for _, site := range s.box.Sites() {
		s.box.Parent.SetDS()
		site.SetAlgorithm(signing.Ed25519)
		s.named([]string{"The algorithms differ"}, nil)
		s.state(signersAddress, nil, "ds")
		site.SetAlgorithm(signing.ECDSAP256)
		s.until("ready")
	}
	s.enterDS()
	s.until("complete")
	s.named([]string{cds}, nil)
	s.plan(0)
}

// What a person types beside plan and apply: no refresh, one target, a destruction that is refused until its advice is
// followed.
func TestAccDNSSEC_Commands(t *testing.T) {
	t.Parallel()
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, stage *stage) {
		s := stage.withSigners()
		s.configure(s.signersHCL() + record("www", "www", "A", `values = ["192.0.2.1"]`))
		s.apply(0, "-target=multidns_dnssec.main")
		s.holdsKeys(1)
		s.apply(0)
		s.forget()
		s.plan(0, "-refresh=false")
		s.until("ready")
		s.enterDS()
		s.until("complete")
		s.plan(0, "-refresh=false")
		ds := s.strs(signersAddress, "ds")

		refused := func(reason string) {
			t.Helper()
			s.forget()
			r := s.work.Destroy(t.Context(), "-target=multidns_dnssec.main")
			if said := strings.Join(strings.Fields(r.Stderr), " "); r.ExitCode != 1 || !strings.Contains(said, reason) || !strings.Contains(said, "The safe order is") {
				t.Fatalf("not refused because of %q: %s", reason, r.Stderr)
			}
			s.nothingWritten()
			s.holdsKeys(1)
		}
		refused("com. has DS of both Cloudflare and deSEC")
		s.box.Parent.Delegate("ns1.desec.io.", "ns2.desec.org.")
		s.edit("desec", "@", "NS", 3600, "ns1.desec.io.", "ns2.desec.org.")
		refused("com. has DS of both Cloudflare and deSEC")
		s.box.Parent.SetDS(stays(ds, s.box)...)
		refused("the DS of Cloudflare was gone for the first time")
		s.apply(0) // and the state is whole
		s.plan(0)
		time.Sleep(5 * time.Second) // the TTL of DS and that of DNSKEY, one second each, and the margin
		if err := s.work.Destroy(t.Context()).Must(); err != nil {
			t.Fatal(err)
		}
		s.holdsKeys(0)
		for _, operator := range bothOperators {
			for _, line := range s.held(operator) {
				t.Errorf("left at %s: %s", operator, line)
			}
		}
	})
}

// stays is the DS of deSEC's key.
func stays(ds []string, box *sandbox.Sandbox) []string {
	var left []string
	for _, k := range box.Desec.API.Signing(box.Zone).Keys {
		for _, d := range ds {
			if d == k.CDS(box.Zone) {
				left = append(left, d)
			}
		}
	}
	return left
}

// holdsKeys expects the number of keys that each operator holds of the other.
func (s signedStage) holdsKeys(want int) {
	s.t.Helper()
	for _, operator := range bothOperators {
		got := 0
		for _, r := range s.box.Site(operator).Stored(s.box.Zone) {
			if r.Type == "DNSKEY" {
				got = len(r.Values)
			}
		}
		if got != want {
			s.t.Errorf("%s holds %d foreign keys, want %d", operator, got, want)
		}
	}
}

// What tells the zone of the new address is replaced, and the CLI destroys whatever hung on it before: the old address
// takes the keys away, since nobody can tell it that they are to stay. The new one sees that they are gone, and lets
// the operators exchange them anew in the same apply.
func TestAccDNSSEC_RenamedToAZoneThatIsNotKnown(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, stage *stage) {
		s := stage.withSigners()
		toldAt := func(address string, time int) string {
			return fmt.Sprintf("resource \"terraform_data\" \"zone\" {\n  input = \"example.com\"\n  triggers_replace = %d\n}\n", time) +
				strings.NewReplacer(`"multidns_dnssec" "main"`, `"multidns_dnssec" "`+address+`"`, `zone    = "example.com"`, `zone    = terraform_data.zone.output`,
					"multidns_dnssec.main", "multidns_dnssec."+address).Replace(s.signersHCL())
		}
		s.configure(toldAt("main", 1))
		s.apply(0)
		s.holdsKeys(1)
		s.configure(toldAt("renamed", 2))
		s.apply(0)
		s.holdsKeys(1)
		s.plan(0)
	})
}
