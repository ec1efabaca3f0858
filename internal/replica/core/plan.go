package core

import (
	"errors"
	"maps"
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// Request is what the plan of one address starts from.
type Request struct {
	// Want is what is declared.
	Want Desired
	// Prior is what the state has at the address, nil on a creation.
	Prior *Prior
	// GivenUp: another address of the state that has the RRset is destroyed, and that was planned before anybody could
	// know that it is declared here. In an apply it is false, so that its plan leaves no more open than the one before.
	GivenUp bool
	// Overwrite takes over an RRset that holds something else.
	Overwrite bool
}

// Prior is what the state has at an address.
type Prior struct {
	Key rrset.Key
	// Want is what was declared, nil while that is not known.
	Want Desired
	// Owed are the operators that are out of sync.
	Owed map[string]bool
	Ownership
}

// Decision is what a plan comes to:
//
//	                            written                 asked before
//	creation                    everywhere              everywhere
//	another type                everywhere              everywhere
//	another TTL                 where it differs        where it differs
//	other values or settings    where they differ       where it was never read
//	owed                        where it is owed        where it was never read
//	in doubt                    where it is in doubt    where it was never read
//	nothing                     nowhere                 where it was never read
//
// Who asks waits for an answer. That is done only where the change needs one: a new key may meet what is there, a new
// TTL the zone's minimum.
type Decision struct {
	Request
	// Writes are the operators to be written.
	Writes map[string]bool
	// Ask are those to look at before, Check those whose rules are to be asked.
	Ask, Check map[string]bool
}

// Plan decides what the plan of one address comes to.
func Plan(r Request) Decision {
	d := Decision{Request: r, Writes: map[string]bool{}, Ask: map[string]bool{}, Check: map[string]bool{}}
	for name, want := range r.Want {
		switch changed, look := r.changes(name, want); {
		case look:
			d.Ask[name], d.Writes[name] = true, true
		case changed:
			d.Check[name], d.Writes[name] = true, true
		case r.GivenUp || r.Prior.Owed[name] || r.Prior.Doubts[name].denies(false):
			d.Writes[name] = true
		}
	}
	if r.Prior != nil {
		maps.Copy(d.Ask, r.Prior.Foreign)
	}
	return d
}

// changes reports whether something else is declared for an operator than before, and whether that needs a look at what
// it holds.
func (r Request) changes(name string, want operator.RRset) (changed, look bool) {
	if r.Prior == nil {
		return true, true
	}
	was := r.Prior.Want[name] // the zero value, which is no declaration, while that is not known
	return !SameDeclaration(want, was), r.retypes() || want.TTL != was.TTL
}

// retypes reports whether an RRset of another key takes the place of what the state has.
func (r Request) retypes() bool { return r.Prior.Key != r.Want.Key() }

// SameDeclaration reports whether two declarations mean the same.
func SameDeclaration(a, b operator.RRset) bool {
	return a.Equal(b.RRset) && a.Settings.Equal(b.Settings)
}

// Conflict is what stands in the way at an operator that was asked, by what it holds; nil if nothing does.
func (d Decision) Conflict(name string, effective operator.RRset, seen Observation) error {
	if !d.TakesOver(name) {
		return nil
	}
	return Conflict(name, effective, seen.Held, seen.Others, d.ours(name), d.Overwrite)
}

// TakesOver reports whether what the operator holds under the key may be somebody else's: on a creation, under a new
// type, and where it was never read. What is held of a former type that is wanted again is ours.
func (d Decision) TakesOver(name string) bool { return !slices.Contains(d.ours(name), d.Want.Key()) }

// ours are the keys whose place the RRset may take at an operator.
func (d Decision) ours(name string) []rrset.Key {
	if d.Prior == nil {
		return nil
	}
	return d.Prior.oursAt(name, d.Prior.Key, d.Prior.Foreign[name])
}

// Awaits are the keys that stand in the way. If all of them are ours under another address, or deleted by this run,
// there is no conflict. ok is false when they cannot be.
func (d Decision) Awaits(conflict error) (keys []rrset.Key, ok bool) {
	c, ok := errors.AsType[*ConflictError](conflict)
	switch {
	case !ok:
		return nil, false
	case c.Held != nil:
		ok = d.Prior == nil || d.retypes() || !d.Prior.Foreign[c.Operator]
	}
	return c.InTheWay(), ok
}
