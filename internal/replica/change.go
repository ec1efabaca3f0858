package replica

import (
	"context"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// Update says what to change and where.
type Update struct {
	// From is the key in state; its type may differ from what is wanted.
	From rrset.Key
	Want Desired
	// At are the operators to write to; the others are left alone and have no
	// outcome.
	At map[string]bool
	// Unclaimed are the operators that could not be read when the RRset was
	// created: what they hold under the key may be somebody else's.
	Unclaimed map[string]bool
	// Overwrite takes over what an unclaimed operator holds.
	Overwrite bool
}

// Update makes operators hold what is wanted, each by itself: one that is
// silent does not keep the others waiting.
func (w *Walk) Update(ctx context.Context, u Update) map[string]Outcome {
	ctx = w.bounded(ctx)
	key := u.Want.key()
	w.arrival.arrive(key)
	unlock, err := w.keys.lock(ctx, u.From, key)
	if err != nil {
		return w.interruptedAll(key, err)
	}
	defer unlock()
	var sites []*site
	for _, s := range w.sites {
		if u.At[s.op.Name()] {
			sites = append(sites, s)
		}
	}
	return each(sites, func(s *site) Outcome { return s.update(ctx, u) })
}

func (s *site) update(ctx context.Context, u Update) Outcome {
	name := s.op.Name()
	want := u.Want[name]
	if seen := s.observe(ctx, want.Key); seen.Err != nil {
		return Outcome{Err: seen.Err, Unread: u.Unclaimed[name]}
	}
	// What stands under the key of an RRset that we hold is ours, drifted or
	// not. Under a new type, or where it was never read, it may be foreign.
	foreign := u.From != want.Key || u.Unclaimed[name]
	return s.put(ctx, u.From, want, func(held *operator.RRset, others []operator.RRset) error {
		if !foreign {
			return nil
		}
		return Conflict(name, s.op.Effective(want), held, others, u.From, u.Overwrite)
	})
}

// Deletion says what to delete.
type Deletion struct {
	Key rrset.Key
	// Unclaimed operators keep what they hold: it was never ours.
	Unclaimed map[string]bool
}

// Delete deletes the RRset at every operator, each by itself. A key that was
// created in the same walk is kept: it was renamed, not removed.
func (w *Walk) Delete(ctx context.Context, d Deletion) map[string]Outcome {
	ctx = w.bounded(ctx)
	unlock, err := w.keys.lock(ctx, d.Key)
	if err != nil {
		return w.interruptedAll(d.Key, err)
	}
	defer unlock()
	if w.keys.wasCreated(d.Key) {
		return each(w.sites, func(*site) Outcome { return Outcome{Kept: true} })
	}
	defer w.keys.markDeleted(d.Key.Name)
	return each(w.sites, func(s *site) Outcome {
		seen := s.observe(ctx, d.Key)
		switch {
		case seen.Err != nil:
			return Outcome{Err: seen.Err}
		case seen.Held == nil:
			return Outcome{Known: true}
		case d.Unclaimed[s.op.Name()]:
			return Outcome{Held: seen.Held, Known: true, Kept: true}
		}
		return s.remove(ctx, d.Key)
	})
}
