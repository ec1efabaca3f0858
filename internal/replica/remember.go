package replica

import "github.com/multidns/terraform-provider-multidns/internal/rrset"

// rememberTaken keeps that the state has the RRset of key now. What cannot stand beside it went with it.
func (w *Walk) rememberTaken(key rrset.Key) {
	for _, other := range w.past.adriftAt(key) {
		if key.Excludes(other) {
			w.past.remember(other, gone)
		}
	}
	w.past.remember(key, inState)
}

// rememberUpdate keeps what an update took, and what it replaced everywhere.
func (w *Walk) rememberUpdate(u Update, outcomes map[string]Outcome) {
	taken, whole := false, true
	for _, o := range outcomes {
		taken, whole = taken || o.MayStand(), whole && o.Err == nil
	}
	if taken {
		w.rememberTaken(u.Want.Key())
	}
	if whole {
		w.rememberGone(append(u.FormerKeys(u.From), u.From))
	}
}

// rememberDeletion keeps that an RRset is gone, or was left to an address that has not come: one that declares it, or
// what cannot stand beside it. What was foreign somewhere is nobody's there.
func (w *Walk) rememberDeletion(d Deletion, outcomes map[string]Outcome) {
	kept := false
	for _, o := range outcomes {
		if o.Err != nil {
			return
		}
		kept = kept || o.Kept || o.Succeeded[d.Key.Type]
	}
	w.rememberGone(d.FormerKeys(d.Key))
	for _, o := range outcomes {
		for typ := range o.Succeeded {
			w.past.remember(d.Key.WithType(typ), adrift)
		}
	}
	switch {
	case len(d.Foreign) > 0:
	case !kept:
		w.past.remember(d.Key, gone)
	case !w.Keeps(d.Key):
		w.past.remember(d.Key, adrift)
	}
}

func (w *Walk) rememberGone(keys []rrset.Key) {
	for _, key := range keys {
		if !w.Declares(key) {
			w.past.remember(key, gone)
		}
	}
}
