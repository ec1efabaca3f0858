package acceptance

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
)

// A zone with two signers that gets another address keeps its keys at every moment, in whatever order the CLI deletes
// and creates, and in whatever phase: without the other's key, answers would be refused.
func TestDNSSEC_Renamed(t *testing.T) {
	t.Parallel()
	for _, phase := range []string{"publishing", "complete"} {
		for _, parallelism := range []int{1, 10} {
			t.Run(fmt.Sprintf("%s, %d at once", phase, parallelism), func(t *testing.T) {
				t.Parallel()
				s := newSigned(t)
				s.run.project.Parallelism = parallelism
				s.apply("publishing")
				if phase == "complete" {
					s.pass(time.Second)
					s.apply("publishing")
					s.pass(25 * time.Hour)
					s.apply("ready")
					s.box.Parent.SetDS(s.list("ds")...)
					s.pass(2 * time.Hour)
					s.apply("complete")
				}
				var lost atomic.Bool
				watch := func() {
					for _, operator := range bothOperators {
						if len(s.added(operator, "DNSKEY")) == 0 {
							lost.Store(true)
						}
					}
				}
				for _, operator := range bothOperators {
					s.box.Site(operator).Watch(watch)
				}
				for _, address := range []string{"multidns_dnssec.zzz", "multidns_dnssec.aaa"} { // planned after the old one, and before
					resource := s.config.Resources[signersAddress]
					for other := range s.config.Resources {
						resource = s.config.Resources[other]
					}
					s.config = protocol.Config{Resources: map[string]protocol.Resource{address: resource}}
					r := s.run.apply(t.Context(), s.config)
					if r.exit != 0 || !slices.Contains(r.warnings, "Keys are kept under their new address") {
						t.Fatalf("renamed to %s: %s", address, r.text)
					}
					if len(s.run.project.State) != 1 || s.run.project.State[address] == nil {
						t.Fatalf("renamed to %s, and the state is %v", address, s.run.project.State)
					}
					if r := s.run.plan(t.Context(), s.config); r.exit != 0 {
						t.Errorf("renamed to %s, and then: %s", address, r.text)
					}
					s.run.project.Replace = []string{address}
					if r := s.run.apply(t.Context(), s.config); r.exit != 0 {
						t.Errorf("replaced by itself: %s", r.text)
					}
					s.run.project.Replace = nil
				}
				if lost.Load() {
					t.Error("an operator was without the other's key")
				}
				if phase == "publishing" { // nobody has a DS, so that the keys may go with their resource
					s.run.must(t, protocol.Config{}, 0)
					for _, operator := range bothOperators {
						s.same("left at "+operator, []string(nil), s.added(operator, "DNSKEY"))
					}
				}
			})
		}
	}
}
