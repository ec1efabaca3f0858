package replica

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// CreateOptions decide what a creation may do.
type CreateOptions struct {
	// Overwrite takes over an RRset that holds something else.
	Overwrite bool
	// FailOnOutage makes an outage undo the creation like a refusal does.
	FailOnOutage bool
	// Alone shares no request with other changes.
	Alone bool
}

// Creation is what became of a creation.
type Creation struct {
	core.Result
	want Desired
	// fails: an outage undid it.
	fails bool
	walk  *Walk
	// before is what was known of the RRset, adrift what was handed over to nobody at its name.
	before fate
	adrift map[rrset.Key]evidence
}

// Create makes every operator hold what is wanted. An RRset that is there and equal is adopted without a write; one
// that is different is a conflict, unless the state knows it under another address or it may be overwritten, and then
// nothing is written at any operator that was read in time. What one operator accepted is rolled back when another
// refuses.
func (w *Walk) Create(ctx context.Context, want Desired, o CreateOptions) Creation {
	w.recallDeclared(ctx, want.Key())
	defer w.begin(ctx, want)()
	result := w.shell.call(ctx, func(id core.ID) core.Event {
		return core.Create{ID: id, Want: want, Overwrite: o.Overwrite, FailOnOutage: o.FailOnOutage, Alone: o.Alone}
	})
	w.rememberConflicts(result.Outcomes)
	c := Creation{
		Result: result, want: want, fails: o.FailOnOutage, walk: w,
		before: w.past.of(want.Key()).is, adrift: w.past.adriftAt(want.Key()),
	}
	if c.Refused() {
		c.strandLeft()
	} else {
		w.rememberTaken(want.Key(), c.Outcomes)
	}
	return c
}

// begin keeps what is going to be made, and gives what keeps that this is over. Of what is interrupted that is not
// known: the CLI may have been killed, and the state is without it then.
func (w *Walk) begin(ctx context.Context, want Desired) (end func()) {
	becomes := map[string]*operator.RRset{}
	for name, r := range want {
		becomes[name] = new(w.Effective(name, r))
	}
	w.past.begin(want.Key(), evidenceOf(becomes))
	return func() {
		if ctx.Err() == nil {
			w.past.end(want.Key())
		}
	}
}

// strandLeft keeps what operators may hold of a creation that is in no state as ours for whoever declares it next.
func (c Creation) strandLeft() {
	wanted, seen := map[string]*operator.RRset{}, map[string]*operator.RRset{}
	for name, o := range c.Outcomes {
		if c.leftAt(name) {
			// A write that passes another has another TTL.
			wanted[name], seen[name] = new(c.walk.Effective(name, c.want[name])), o.Held
		}
	}
	if len(wanted) > 0 {
		c.walk.past.strand(c.want.Key(), c.adrift[c.want.Key()].or(evidenceOf(wanted)).or(evidenceOf(seen)))
	}
}

// leftAt reports whether an operator may hold what the creation wrote: it could not be taken back, or nobody answered,
// so that there was nothing to take it back for.
func (c Creation) leftAt(name string) bool {
	o := c.Outcomes[name]
	return c.Left[name] != nil || c.Left == nil && o.Err != nil && (o.Wrote || o.InDoubt())
}

// Refused reports whether nothing shall be kept: an operator refused or holds something else, or none answered, or one
// did not where that undoes the creation.
func (c Creation) Refused() bool {
	some := false
	for _, o := range c.Outcomes {
		if core.IsFatal(o.Err) || c.fails && o.Err != nil {
			return true
		}
		some = some || o.Err == nil
	}
	return !some
}

// InDoubt reports whether a write was not answered and may still be carried out.
func (c Creation) InDoubt() bool {
	for _, o := range c.Outcomes {
		if o.InDoubt() {
			return true
		}
	}
	return false
}

// Undo takes back what was written by a creation that stands, for a caller whose other creations do not. It goes on
// when ctx ends, while the operators answer.
func (c *Creation) Undo(ctx context.Context) {
	c.Left = c.walk.shell.call(ctx, func(id core.ID) core.Event {
		return core.Undo{ID: id, Want: c.want, Result: c.Result}
	}).Left
	c.walk.past.remember(c.want.Key(), c.before)
	for key, left := range c.adrift {
		c.walk.past.strand(key, left)
	}
	c.strandLeft()
}

// Describe says where a roll-back failed, one sentence for each operator, for an error; title is what people call an
// operator.
func (c Creation) Describe(title func(name string) string) string {
	var parts []string
	for name, err := range c.Left {
		parts = append(parts, title(name)+" "+leftBehind(c.want.Key(), err)+".")
	}
	slices.Sort(parts)
	return strings.Join(parts, "\n")
}

// leftBehind says what an operator holds where a roll-back failed with err.
func leftBehind(key rrset.Key, err error) string {
	const next = "The next apply that declares it takes it over; if none is to, delete it there"
	if _, changed := errors.AsType[*ConflictError](err); changed {
		return fmt.Sprintf("holds something else than was written for %s by now, which was left alone", key)
	}
	if outage := operator.AsOutage(err); outage != nil && outage.InDoubt {
		return fmt.Sprintf("may still hold %s, which was to be taken back (%s). %s", key, operator.Reason(err), next)
	}
	return fmt.Sprintf("accepted %s and still holds it: it could not be taken back (%s). %s", key, operator.Reason(err), next)
}

// Update makes operators hold what is wanted, each by itself: one that is silent does not keep the others waiting.
func (w *Walk) Update(ctx context.Context, u Update) map[string]Outcome {
	w.recallDeclared(ctx, u.Want.Key())
	if u.From != u.Want.Key() { // of which the state knows nothing yet
		defer w.begin(ctx, u.Want)()
	}
	outcomes := w.shell.call(ctx, func(id core.ID) core.Event {
		u.ID = id
		return u
	}).Outcomes
	w.rememberConflicts(outcomes)
	w.rememberUpdate(u, outcomes)
	return outcomes
}

// Deletion says what to delete; see [core.Delete].
type Deletion struct {
	Key rrset.Key
	Was Desired
	Ownership
	HandedOver bool
	Taken      bool
	Replacing  bool
	For        []Place
	// Itself: the address is replaced by itself. What takes the RRset over follows, and may fail.
	Itself bool
	// Plan names the walk that planned it.
	Plan string
}

// Delete deletes the RRset at every operator, each by itself. What another resource declares is kept: it was renamed,
// not removed.
func (w *Walk) Delete(ctx context.Context, d Deletion) map[string]Outcome {
	w.recallPlan(ctx, d.Key, d.Plan)
	outcomes := w.shell.call(ctx, func(id core.ID) core.Event {
		return core.Delete{
			ID: id, Key: d.Key, Was: d.Was, Ownership: d.Ownership,
			HandedOver: d.HandedOver || d.Itself, Taken: d.Taken || d.Itself, Replacing: d.Replacing, For: d.For,
		}
	}).Outcomes
	w.rememberDeletion(ctx, d, outcomes)
	return outcomes
}
