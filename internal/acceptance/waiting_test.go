package acceptance

import (
	"strings"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// The healthy operator is written while the other one still keeps silent: before the first request of that walk is
// given up. An order of events, not a time.
func TestAccOutage_SilenceHoldsNobodyBack(t *testing.T) {
	t.Parallel()
	patient := strings.Replace(provider, `"2s"`, `"4s"`, 1)
	eachOperatorOut(t, func(t *testing.T, s *stage, out string) {
		s.configure(patient + record("r", "www", "A", first))
		for _, step := range []struct{ name, values string }{{"create", first}, {"update", second}} {
			s.configure(patient + record("r", "www", "A", step.values))
			s.box.Site(out).Faults.Set(sandbox.Fault{Kind: sandbox.Blackhole})
			s.forget()
			s.apply(0)
			s.box.Site(out).Faults.Clear()
			for s.box.Site(out).Log.Count(func(e sandbox.Entry) bool { return e.End.IsZero() }) > 0 {
				time.Sleep(time.Millisecond) // the sandbox notices a moment later that a client is gone
			}
			writes := s.box.Site(other(out)).Log.Writes()
			silent := s.box.Site(out).Log.Entries()
			if len(writes) != 1 || len(silent) == 0 {
				t.Fatalf("%s: %d writes, %d silent requests", step.name, len(writes), len(silent))
			}
			givenUp := silent[len(silent)-1].End // of the apply's own walk
			if writes[0].Start.After(givenUp) {
				t.Errorf("%s: %s was written %s after the silent %s was given up", step.name, other(out), writes[0].Start.Sub(givenUp), out)
			}
			t.Logf("%s: written %s before the other's silence ended", step.name, givenUp.Sub(writes[0].Start))
			s.apply(0)
			s.settled()
		}
	})
}
