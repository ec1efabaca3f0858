package core

import (
	"maps"
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// ledger holds the claims on all RRsets, and whose turn it is.
type ledger struct {
	// names are claims by type, by a key of the owner name without one.
	names map[rrset.Key]map[string]*claim
	// locked are the keys whose turn a call has.
	locked map[ID][]rrset.Key
}

func newLedger() ledger {
	return ledger{names: map[rrset.Key]map[string]*claim{}, locked: map[ID][]rrset.Key{}}
}

// of is the claim on an RRset. It lasts: what changes it changes the ledger.
func (l *ledger) of(key rrset.Key) *claim {
	owner := key.WithType("")
	types := l.names[owner]
	if types == nil {
		types = map[string]*claim{}
		l.names[owner] = types
	}
	c := types[key.Type]
	if c == nil {
		c = &claim{}
		types[key.Type] = c
	}
	return c
}

// changing is what becomes of the owner name of key. Where nothing leaves, it is empty.
func (l *ledger) changing(key rrset.Key) Change {
	var change Change
	for typ, c := range l.names[key.WithType("")] {
		if c.declared {
			mark(&change.Declared, typ)
		}
		if c.kept {
			mark(&change.Kept, typ)
		}
		if c.leaves() || len(c.ceded) > 0 || c.open {
			if change.Leaving == nil {
				change.Leaving = map[string]Departing{}
			}
			change.Leaving[typ] = c.departing()
		}
	}
	if change.Leaving == nil {
		return Change{}
	}
	return change
}

// declaredAt are the keys that are declared at the owner name of key, in order.
func (l *ledger) declaredAt(key rrset.Key) (keys []rrset.Key) {
	types := l.names[key.WithType("")]
	for _, typ := range slices.Sorted(maps.Keys(types)) {
		if types[typ].declared {
			keys = append(keys, key.WithType(typ))
		}
	}
	return keys
}

// Change is what becomes of one owner name in this run.
type Change struct {
	// Leaving are the types that addresses of the state give up, or left to others.
	Leaving map[string]Departing
	// Declared are the types that are declared there, Kept those of them that an address of the state has.
	Declared, Kept map[string]bool
}

// lock takes all keys for a call that has none, or none of them.
func (l *ledger) lock(call ID, keys []rrset.Key) bool {
	for _, key := range keys {
		if l.of(key).busy != 0 {
			return false
		}
	}
	for _, key := range keys {
		l.of(key).busy = call
	}
	l.locked[call] = keys
	return true
}

func (l *ledger) unlock(call ID) {
	for _, key := range l.locked[call] {
		l.of(key).busy = 0
	}
	delete(l.locked, call)
}

// stays are the RRsets of an operator that this run does not delete.
func (l *ledger) stays(name string, others []operator.RRset) []operator.RRset {
	return slices.DeleteFunc(slices.Clone(others), func(r operator.RRset) bool { return l.of(r.Key).goes(name) })
}

// conflict is what stands in the way of want, nil if nothing does. An RRset that the state knows is not somebody
// else's, and what this run deletes does not stand in the way. ours are the keys that want may take the place of.
func (l *ledger) conflict(p *party, want operator.RRset, held *operator.RRset, others []operator.RRset, ours []rrset.Key, overwrite bool) error {
	return Conflict(p.name, p.rules.Effective(want), held, l.stays(p.name, others), ours, overwrite || l.of(want.Key).ours(p.name))
}
