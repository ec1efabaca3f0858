package replica

import (
	"context"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

// Inspection is what an operator makes of an RRset that is planned.
type Inspection struct {
	Observation
	// Violations are the rules that stand against it.
	Violations []operator.Violation
}

// Inspect asks the operators at which want is to be written what they hold
// under its key and whether they can hold it. One that keeps silent for longer
// than the grace after another one answered is left behind: a plan is made
// again while it is applied (design/facts/terraform-behaviour.md section 9), and there
// no operator may wait for another. What is found too late is found by the
// write. Nobody is left behind for one that is out: that may be quick to say
// so, and is not held up. A patient caller waits for all.
func (w *Walk) Inspect(ctx context.Context, want Desired, at map[string]bool, patient bool) map[string]Inspection {
	ctx = w.bounded(ctx)
	type answer struct {
		name string
		Inspection
	}
	answers := make(chan answer, len(w.sites))
	begun := time.Now() //nolint:forbidigo // how long the first answer took, to judge the others by
	found := map[string]Inspection{}
	for _, s := range w.sites {
		if name := s.op.Name(); at[name] {
			found[name] = s.late(want[name])
			go func() { answers <- answer{name, s.inspect(ctx, want[name])} }()
		}
	}
	var late <-chan time.Time
	for range found {
		select {
		case a := <-answers:
			found[a.name] = a.Inspection
			if late == nil && !patient && a.Err == nil {
				usual := slower * time.Since(begun) //nolint:forbidigo // as above
				late = time.After(w.patience(want.key().Zone, usual))
			}
		case <-late:
			return found
		case <-ctx.Done():
			return found
		}
	}
	return found
}

// late is the inspection of an operator that has not answered so far.
func (s *site) late(want operator.RRset) Inspection {
	err := &operator.OutageError{
		Operator: s.op.Name(), Action: "read " + want.Name,
		Reason: "no answer long after the other operator's; nobody waits for it any longer",
	}
	return Inspection{Observation: Observation{Err: err}, Violations: s.op.Check(want, nil)}
}

// inspect asks one operator. The zone is read, once for each walk, only where a
// rule depends on it.
func (s *site) inspect(ctx context.Context, want operator.RRset) Inspection {
	i := Inspection{Observation: s.observe(ctx, want.Key)}
	if s.op.ZoneMatters(want, s.zone(want.Zone).snapshot.lowestTTL()) {
		if z, err := s.limits(ctx, want.Zone); err == nil {
			i.Violations = s.op.Check(want, &z)
			return i
		}
	}
	i.Violations = s.op.Check(want, nil)
	return i
}

// slower is how many times slower than the first operator another one may be: a
// busy machine or a bad network slows all of them down.
const slower = 10

// patience is how much longer an operator that is being read may keep the
// others waiting: for the grace in all, or for as long as usual if that is more.
func (w *Walk) patience(zone string, usual time.Duration) time.Duration {
	most := max(grace, usual)
	left := most
	for _, s := range w.sites {
		left = min(left, most-s.zone(zone).snapshot.pending())
	}
	return max(left, 0)
}
