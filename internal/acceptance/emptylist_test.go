package acceptance

import (
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// An API that shows an empty list hides a record; what is written beside it
// makes a union, and the state must not call that in sync.
func TestAccOutage_EmptyListIsNotBelievedAfterAWrite(t *testing.T) {
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.configure(record("r", "www", "A", first))
		s.apply(0)
		s.box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.EmptyList, Path: "dns_records"})
		s.plan(2)
		s.apply(0)
		s.state("multidns_record.r", "out_of_sync", "operators", "cloudflare", "status")
		s.configure(record("r", "www", "A", second))
		s.apply(0)
		s.state("multidns_record.r", "out_of_sync", "operators", "cloudflare", "status")
		s.state("multidns_record.r", "in_sync", "operators", "desec", "status")
		s.box.Cloudflare.Faults.Clear()
		s.plan(2)
		s.apply(0)
		s.holds("cloudflare", secondHeld)
		s.settled()
	})
}
