package replica

import (
	"context"
	"errors"
	"maps"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// rememberTaken keeps that the state has the RRset of key now. What was adrift under it, or cannot stand beside it,
// went with it wherever that was written.
func (w *Walk) rememberTaken(key rrset.Key, outcomes map[string]Outcome) {
	for other, left := range w.past.adriftAt(key) {
		if other == key || key.Excludes(other) {
			maps.DeleteFunc(left, func(name, _ string) bool { o, ok := outcomes[name]; return ok && o.Err == nil })
			w.past.strand(other, left)
		}
	}
	w.past.remember(key, inState)
}

// rememberConflicts keeps that nothing which stood in the way is in the state, if nobody of this run has said so: an
// earlier one is not believed again.
func (w *Walk) rememberConflicts(outcomes map[string]Outcome) {
	for _, o := range outcomes {
		if conflict, ok := errors.AsType[*ConflictError](o.Err); ok {
			for _, key := range conflict.InTheWay() {
				w.past.disbelieve(key)
			}
		}
	}
}

// rememberUpdate keeps what an update took, and what it replaced everywhere.
func (w *Walk) rememberUpdate(u Update, outcomes map[string]Outcome) {
	taken, whole := false, true
	for _, o := range outcomes {
		taken, whole = taken || o.MayStand(), whole && o.Err == nil
	}
	if taken {
		w.rememberTaken(u.Want.Key(), outcomes)
	}
	if whole {
		w.rememberGone(append(u.FormerKeys(u.From), u.From))
		if u.From != u.Want.Key() {
			w.notes.end(u.From)
		}
	}
}

// rememberDeletion keeps that an RRset is gone, or was left to an address that has not come: one that declares it, or
// what cannot stand beside it. Where it was foreign it is nobody's.
func (w *Walk) rememberDeletion(ctx context.Context, d Deletion, outcomes map[string]Outcome) {
	taken, before := d.Taken || w.Keeps(d.Key), w.past.adriftAt(d.Key)
	left := map[rrset.Key]map[string]bool{}
	leave := func(typ, name string) {
		key := d.Key.WithType(typ)
		if left[key] == nil {
			left[key] = map[string]bool{}
		}
		left[key][name] = true
	}
	for name, o := range outcomes {
		if o.Err != nil {
			return
		}
		if o.Kept && !taken && !d.Foreign[name] {
			leave(d.Key.Type, name)
		}
		for typ := range o.Succeeded {
			leave(typ, name)
		}
	}
	w.rememberGone(d.FormerKeys(d.Key))
	w.notes.end(d.Key)
	if !taken {
		w.past.remember(d.Key, gone)
	}
	w.strand(ctx, d, left, before)
}

// strand keeps what some operators hold of RRsets at the name of what was deleted. Where one cannot be read only what
// was declared there tells it from another one later, or what was adrift there before.
func (w *Walk) strand(ctx context.Context, d Deletion, left map[rrset.Key]map[string]bool, before map[rrset.Key]evidence) {
	if len(left) == 0 {
		return
	}
	seen := w.look(ctx, d.Key)
	for other, at := range left {
		held, unseen := map[string]*operator.RRset{}, evidence{}
		for name := range at {
			held[name] = under(seen[name], other)
			if seen[name].Err == nil {
				continue
			}
			if was, known := d.Was[name]; known && other == d.Key {
				held[name] = new(w.Effective(name, was))
			}
			if of := before[other][name]; of != "" {
				unseen[name] = of
			}
		}
		w.past.strand(other, evidenceOf(held).or(unseen))
	}
}

func (w *Walk) rememberGone(keys []rrset.Key) {
	for _, key := range keys {
		if !w.Declares(key) {
			w.past.remember(key, gone)
		}
	}
}
