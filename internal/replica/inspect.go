package replica

import (
	"context"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
)

// Inspection is what an operator makes of an RRset that is planned.
type Inspection struct {
	Observation
	// Violations are the rules that stand against it.
	Violations []operator.Violation
}

// Inspect asks the operators at which want is to be written what they hold under its key and whether they can hold it.
// One that has not answered long after another is not waited for, unless the caller is patient: what is found too late
// is found by the write.
func (w *Walk) Inspect(ctx context.Context, want Desired, at map[string]bool, patient bool) map[string]Inspection {
	seen := w.shell.call(ctx, func(id core.ID) core.Event {
		return core.Look{ID: id, Key: want.Key(), At: at, Patient: patient}
	}).Seen
	w.take(want.Key()) // of what was not read before
	var asked []operator.Operator
	for _, op := range w.operators {
		if at[op.Name()] {
			asked = append(asked, op)
		}
	}
	return each(asked, func(op operator.Operator) Inspection {
		o := seen[op.Name()]
		return Inspection{Observation: o, Violations: w.violations(ctx, op, want[op.Name()], o.Err == nil)}
	})
}

// Judge are the rules of an operator, which is known to answer, that stand against want.
func (w *Walk) Judge(ctx context.Context, name string, want operator.RRset) []operator.Violation {
	return w.violations(ctx, w.operator(name), want, true)
}

// JudgeOwed is Judge for what an operator is owed. Nothing is read for it that the plan has not read already, but for
// the zone where that matters: an apply makes its plan without.
func (w *Walk) JudgeOwed(ctx context.Context, name string, want operator.RRset) []operator.Violation {
	read := ask(w.shell, func(m *core.Machine) bool { _, known := m.Held(want.Key)[name]; return known })
	return w.violations(ctx, w.operator(name), want, read)
}

// violations are the rules that stand against want. The zone is read, once for each walk, only where a rule depends on
// it, and never at an operator that does not answer.
func (w *Walk) violations(ctx context.Context, op operator.Operator, want operator.RRset, answers bool) []operator.Violation {
	if answers && op.ZoneMatters(want, w.shell.lowestTTL(op.Name(), want.Zone)) {
		if z, err := w.zones.read(w.bounded(ctx), op, want.Zone); err == nil {
			return op.Check(want, &z)
		}
	}
	return op.Check(want, nil)
}
