package acceptance

import (
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

var emptyList = sandbox.Fault{Kind: sandbox.EmptyList, Path: "dns_records"}

// An empty list beside an export that shows records is an outage: nothing is written beside what it hides.
func TestAccOutage_EmptyListIsNotBelieved(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.configure(record("r", "www", "A", first))
		s.apply(0)
		s.box.Cloudflare.Faults.Set(emptyList)
		s.plan(0)
		s.configure(record("r", "www", "A", second))
		s.apply(0)
		s.holds("cloudflare", firstHeld)
		s.state("multidns_record.r", "out_of_sync", "operators", "cloudflare", "status")
		s.state("multidns_record.r", "in_sync", "operators", "desec", "status")
		s.box.Cloudflare.Faults.Clear()
		s.apply(0)
		s.settled()
	})
}

// Where nothing else tells, a write beside an empty list is read back: what was hidden and what was written make a
// union, and the state must not call that in sync.
func TestAccOutage_EmptyListIsNotBelievedAfterAWrite(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.configure(record("r", "www", "A", first))
		s.apply(0)
		s.box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.Forbidden, Path: "export"}, emptyList)
		s.plan(2)
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
