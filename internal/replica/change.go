package replica

import (
	"context"
	"maps"
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// Update says what to change and where.
type Update struct {
	// From is the key in state; its type may differ from what is wanted.
	From rrset.Key
	// Former are, by operator, the keys that operators still hold instead of
	// From, because a change of type could not be delivered there.
	Former map[string]rrset.Key
	Want   Desired
	// At are the operators to write to; the others are left alone and have no
	// outcome.
	At map[string]bool
	// Foreign are the operators that could not be read when the RRset was
	// created: what they hold under the key may be somebody else's.
	Foreign map[string]bool
	// Overwrite takes over what they hold.
	Overwrite bool
}

// Update makes operators hold what is wanted, each by itself: one that is
// silent does not keep the others waiting.
func (w *Walk) Update(ctx context.Context, u Update) map[string]Outcome {
	ctx = w.bounded(ctx)
	key := u.Want.key()
	defer w.arrived(key)
	unlock, err := w.keys.lock(ctx, append(slices.Collect(maps.Values(u.Former)), u.From, key)...)
	if err != nil {
		return w.interruptedAll(key, err)
	}
	defer unlock()
	var sites []*site
	for _, s := range w.sites {
		if u.At[s.op.Name()] {
			sites = append(sites, s)
		} else {
			s.arrival.arrive(key)
		}
	}
	return each(sites, func(s *site) Outcome {
		defer s.arrival.arrive(key)
		return s.update(ctx, u)
	})
}

func (s *site) update(ctx context.Context, u Update) Outcome {
	name := s.op.Name()
	want, from := u.Want[name], u.From
	if former, ok := u.Former[name]; ok {
		from = former
	}
	if seen := s.observeOurs(ctx, want.Key); seen.Err != nil {
		return Outcome{Err: seen.Err, Unread: u.Foreign[name]}
	}
	// What stands under the key of an RRset that we hold is ours, drifted or
	// not. Under a new type, or where it was never read, it may be foreign.
	foreign := from != want.Key || u.Foreign[name]
	guard := func(held *operator.RRset, others []operator.RRset) error {
		if !foreign {
			return nil
		}
		return Conflict(name, s.op.Effective(want), held, others, from, u.Overwrite)
	}
	return s.zone(want.Zone).queue.do(&job{
		ctx: ctx, from: from, want: &want, guard: guard, heldBefore: !u.Foreign[name],
	})
}

// Deletion says what to delete.
type Deletion struct {
	Key rrset.Key
	// Former are, by operator, further keys that are to go: what a change of
	// type left behind that could not be delivered there.
	Former map[string]rrset.Key
	// Foreign operators keep what they hold: it was never ours.
	Foreign map[string]bool
}

// Delete deletes the RRset at every operator, each by itself. A key that was
// created in the same walk is kept: it was renamed, not removed.
func (w *Walk) Delete(ctx context.Context, d Deletion) map[string]Outcome {
	ctx = w.bounded(ctx)
	unlock, err := w.keys.lock(ctx, append(slices.Collect(maps.Values(d.Former)), d.Key)...)
	if err != nil {
		return w.interruptedAll(d.Key, err)
	}
	defer unlock()
	if w.keys.wasCreated(d.Key) {
		return each(w.sites, func(*site) Outcome { return Outcome{Kept: true} })
	}
	defer w.keys.markDeleted(d.Key.Name)
	return each(w.sites, func(s *site) Outcome {
		name := s.op.Name()
		if former, ok := d.Former[name]; ok {
			if o := s.erase(ctx, former, false); o.Err != nil {
				return o
			}
		}
		return s.erase(ctx, d.Key, d.Foreign[name])
	})
}

// erase deletes what the operator holds under key, if that was ever ours.
func (s *site) erase(ctx context.Context, key rrset.Key, foreign bool) Outcome {
	seen := s.observeOurs(ctx, key)
	switch {
	case seen.Err != nil:
		return Outcome{Err: seen.Err}
	case seen.Held == nil:
		return Outcome{Known: true}
	case foreign:
		return Outcome{Held: seen.Held, Known: true, Kept: true}
	}
	return s.remove(ctx, key)
}
