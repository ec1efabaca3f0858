package core

import (
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// ledger is what is known of who owns which RRset. It only grows: the CLI tells in any order, so what was learnt is
// never taken back.
type ledger struct {
	// declared: the configuration declares it, or a call wants it to be.
	declared map[rrset.Key]bool
	// unplanned: the address that declares it was validated and has no plan so far. If none comes it is wrong, and takes
	// nothing over.
	unplanned map[rrset.Key]bool
	// owned: the state knows it, under whatever address.
	owned map[rrset.Key]bool
	// leaving: owned, and its address gives it up.
	leaving map[rrset.Key]bool
	// left are the operators where a former type of some address could not be replaced: ours there and nowhere else.
	left map[rrset.Key]map[string]bool
	// destroyed: owned, and the plan destroys its address.
	destroyed map[rrset.Key]bool
	// ceded: owned, and left to another address.
	ceded map[rrset.Key]bool
	// foreign are the operators where an owned key was never ours, by what all addresses say that give it up.
	foreign map[rrset.Key]map[string]bool
	// unpublished are the operators that stored an owned key and do not serve it.
	unpublished map[rrset.Key]map[string]bool
	// kept: an address of the state has it and declares it.
	kept map[rrset.Key]bool
	// untaken: a creation that would have taken it over failed.
	untaken map[rrset.Key]bool
	// absorbed: the creations and updates that delete it with their own write.
	absorbed map[rrset.Key][]ID
	// returning are, by operator, RRsets that a roll-back puts back, and it is not known whether it did.
	returning map[rrset.Key]map[string]error
	// busy: the call that works on it; the others wait for their turn.
	busy map[rrset.Key]ID
	// locked are the keys of busy, by call.
	locked map[ID][]rrset.Key
}

func newLedger() ledger {
	return ledger{
		declared: map[rrset.Key]bool{}, unplanned: map[rrset.Key]bool{}, owned: map[rrset.Key]bool{},
		leaving: map[rrset.Key]bool{}, left: map[rrset.Key]map[string]bool{}, destroyed: map[rrset.Key]bool{}, ceded: map[rrset.Key]bool{}, foreign: map[rrset.Key]map[string]bool{}, unpublished: map[rrset.Key]map[string]bool{}, kept: map[rrset.Key]bool{}, untaken: map[rrset.Key]bool{}, absorbed: map[rrset.Key][]ID{},
		returning: map[rrset.Key]map[string]error{},
		busy:      map[rrset.Key]ID{}, locked: map[ID][]rrset.Key{},
	}
}

func (l *ledger) leave(e Leaving) {
	if len(e.At) > 0 {
		note(l.left, e.Key, e.At)
	} else {
		if l.leaving[e.Key] {
			l.foreign[e.Key] = without(l.foreign[e.Key], func(name string) bool { return !e.Foreign[name] })
		} else {
			note(l.foreign, e.Key, e.Foreign)
		}
		l.owned[e.Key], l.leaving[e.Key] = true, true
	}
	note(l.unpublished, e.Key, e.Unpublished)
}

// leaves reports whether an address gives the key up, at some operator at least.
func (l *ledger) leaves(key rrset.Key) bool { return l.leaving[key] || len(l.left[key]) > 0 }

func note(of map[rrset.Key]map[string]bool, key rrset.Key, names map[string]bool) {
	for name := range names {
		if of[key] == nil {
			of[key] = map[string]bool{}
		}
		of[key][name] = true
	}
}

// departing is what is known of a key that leaves.
func (l *ledger) departing(key rrset.Key) Departing {
	d := Departing{Declared: l.declared[key], Foreign: l.foreign[key], Unpublished: l.unpublished[key]}
	if !l.leaving[key] && !l.ceded[key] {
		d.At = l.left[key]
	}
	return d
}

func (l *ledger) cede(key rrset.Key) { l.owned[key], l.ceded[key] = true, true }

func (l *ledger) keep(key rrset.Key) { l.owned[key], l.declared[key], l.kept[key] = true, true, true }

// misses reports whether nobody is going to take the key over, although somebody declares it. Who was waited for in
// vain may still come, unless its plan had to come before anything else.
func (l *ledger) misses(key rrset.Key, waited bool) bool {
	return l.untaken[key] || waited && l.unplanned[key]
}

// goes reports whether the run deletes what an operator holds under key.
func (l *ledger) goes(name string, key rrset.Key) bool { return l.given(name, key) && !l.declared[key] }

// given reports whether an address gives up what an operator holds under key.
func (l *ledger) given(name string, key rrset.Key) bool {
	return l.leaving[key] && !l.foreign[key][name] || l.left[key][name]
}

// ours reports whether what an operator holds under key is ours, under whatever address.
func (l *ledger) ours(name string, key rrset.Key) bool {
	return l.owned[key] && !l.foreign[key][name] || l.left[key][name]
}

// returns notes that a roll-back may still put key back at an operator.
func (l *ledger) returns(name string, key rrset.Key, err error) {
	if l.returning[key] == nil {
		l.returning[key] = map[string]error{}
	}
	l.returning[key][name] = err
}

// lock takes all keys for a call, or none.
func (l *ledger) lock(call ID, keys []rrset.Key) bool {
	for _, key := range keys {
		if by, busy := l.busy[key]; busy && by != call {
			return false
		}
	}
	for _, key := range keys {
		l.busy[key] = call
	}
	l.locked[call] = keys
	return true
}

func (l *ledger) unlock(call ID) {
	for _, key := range l.locked[call] {
		delete(l.busy, key)
	}
	delete(l.locked, call)
}

// stays are the RRsets of an operator that this run does not delete.
func (l *ledger) stays(name string, others []operator.RRset) []operator.RRset {
	return slices.DeleteFunc(slices.Clone(others), func(r operator.RRset) bool { return l.goes(name, r.Key) })
}

// conflict is what stands in the way of want, nil if nothing does. An RRset that the state knows is not somebody
// else's, and what this run deletes does not stand in the way. ours are the keys that want may take the place of.
func (l *ledger) conflict(p *party, want operator.RRset, held *operator.RRset, others []operator.RRset, ours []rrset.Key, overwrite bool) error {
	return Conflict(p.name, p.rules.Effective(want), held, l.stays(p.name, others), ours, overwrite || l.ours(p.name, want.Key))
}
