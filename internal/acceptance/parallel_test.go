package acceptance

import (
	"fmt"
	"testing"

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
