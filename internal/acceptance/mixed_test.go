package acceptance

import (
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// TestAccMixed_TwoWritesOfOneRRset gives up on a write that waits for deSEC's name server, and sends another value
// while it waits still: the service carries out both, and each knows only of what was there before. What it then holds
// is the last value alone, and the run after has nothing to do.
func TestAccMixed_TwoWritesOfOneRRset(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.configure(record("a", "www", "A", `values = ["192.0.2.6"]`))
		s.apply(0)
		s.box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.LateCommit})
		s.configure(record("a", "www", "A", `values = ["192.0.2.7"]`))
		s.apply(0)
		s.holds("desec", held(3600, "192.0.2.6"))
		s.configure(record("a", "www", "A", `values = ["192.0.2.8"]`))
		go func() { // wakes once the second write waits as well
			for n := len(s.box.Desec.Log.Writes()); len(s.box.Desec.Log.Writes()) == n && t.Context().Err() == nil; {
				time.Sleep(10 * time.Millisecond)
			}
			s.box.Desec.Faults.Clear()
		}()
		s.apply(0)
		s.holds("desec", held(3600, "192.0.2.8"))
		s.settled()
	})
}
