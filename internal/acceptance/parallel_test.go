package acceptance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// many is the configuration of n records whose values end in the octet given.
func many(n, octet int) string {
	return required + fmt.Sprintf(`
resource "multidns_record" "r" {
  count  = %d
  zone   = "example.com"
  name   = "r${count.index}"
  type   = "A"
  values = ["192.0.2.%d"]
}
`, n, octet)
}

// Fifty calls at once, while an operator loses answers, leave two equal zones. Built with -race this is where the
// provider's own races would show.
func TestAccParallel_FiftyAtOnce(t *testing.T) {
	t.Parallel()
	eachOperatorOut(t, func(t *testing.T, s *stage, out string) {
		faults := s.box.Site(out).Faults
		faults.Set(sandbox.Fault{Kind: sandbox.LostAfterCommit, Methods: sandbox.Writes, Count: 1}, sandbox.Fault{Kind: sandbox.HTML502, Skip: 3, Count: 2})
		s.configure(many(60, 1))
		s.apply(0, "-parallelism=50")
		faults.Clear()
		s.apply(0, "-parallelism=50")
		s.settled()

		faults.Set(sandbox.Fault{Kind: sandbox.Unavailable})
		s.configure(many(60, 2))
		s.apply(0, "-parallelism=50")
		faults.Clear()
		s.apply(0, "-parallelism=50")
		s.settled()
		if got := len(s.held(out)); got != 60 {
			t.Errorf("%s holds %d RRsets, want 60", out, got)
		}
		if err := s.work.Destroy(t.Context(), "-parallelism=50").Must(); err != nil {
			t.Fatal(err)
		}
		s.holds("cloudflare")
		s.holds("desec")
	})
}

// A plan of a hundred records beside a black hole asks it once, and warns once, whatever the number of records.
func TestAccParallel_BlackHoleCostsOneTimeout(t *testing.T) {
	t.Parallel()
	eachOperatorOut(t, func(t *testing.T, s *stage, out string) {
		const timeout = `provider "multidns" { request_timeout = "3s" }`
		s.configure(many(100, 1))
		s.apply(0)
		usual := s.plan(0)
		s.configure(many(100, 1) + timeout)
		s.box.Site(out).Faults.Set(sandbox.Fault{Kind: sandbox.Blackhole})
		s.forget()
		silent, diagnostics := s.work.PlanJSON(t.Context())
		if err := silent.Must(0); err != nil {
			t.Fatal(err)
		}
		if got := s.box.Site(out).Log.Count(nil); got != 1 {
			t.Errorf("%d requests to the silent operator, want 1", got)
		}
		if got := clitest.WithSeverity("warning", diagnostics); len(got) != 1 || !strings.Contains(got[0].Summary, "did not answer") {
			t.Errorf("warnings: %v, want one", got)
		}
		t.Logf("plan of 100 records: %s usually, %s beside a black hole with a time-out of 3s: ratio %.2f",
			usual.Duration, silent.Duration, silent.Duration.Seconds()/usual.Duration.Seconds())
	})
}
