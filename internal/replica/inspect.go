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
	// Late says that the operator has not answered so far; the observation says
	// nothing then.
	Late bool
}

// Inspect asks the operators at which want is to be written what they hold
// under its key and whether they can hold it. One that keeps silent for longer
// than the grace after another one answered is left behind: a plan is made
// again while it is applied (facts/terraform-behaviour.md section 9), and there
// no operator may wait for another. What is found too late is found by the
// write.
func (w *Walk) Inspect(ctx context.Context, want Desired, at map[string]bool) map[string]Inspection {
	ctx = w.bounded(ctx)
	type answer struct {
		name string
		Inspection
	}
	answers := make(chan answer, len(w.sites))
	found := map[string]Inspection{}
	for _, s := range w.sites {
		if name := s.op.Name(); at[name] {
			found[name] = Inspection{Late: true, Violations: s.op.Check(want[name], nil)}
			go func() { answers <- answer{name, s.inspect(ctx, want[name])} }()
		}
	}
	var late <-chan time.Time
	for range found {
		select {
		case a := <-answers:
			found[a.name] = a.Inspection
			if late == nil {
				late = time.After(w.patience(want.key().Zone))
			}
		case <-late:
			return found
		case <-ctx.Done():
			return found
		}
	}
	return found
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

// patience is how much longer an operator that is being read may keep the
// others waiting.
func (w *Walk) patience(zone string) time.Duration {
	left := grace
	for _, s := range w.sites {
		left = min(left, grace-s.zone(zone).snapshot.pending())
	}
	return max(left, 0)
}
