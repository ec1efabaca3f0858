package core

import (
	"maps"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// Ownership is what the state knows of an RRset beyond its content: at which
// operators it is not ours, or ours under another type. It is a value: what
// becomes of it after a reading, a creation or an update is decided here, and
// kept by the caller.
type Ownership struct {
	// Foreign are the operators that could not be read when the RRset was
	// created: what they hold under its key may be somebody else's.
	Foreign map[string]bool `json:"foreign,omitempty"`
	// Former is the type under which an operator still holds the RRset, because
	// a change of type could not be delivered there: to be replaced or deleted.
	// The state knows the new type alone.
	Former map[string]string `json:"former,omitempty"`
	// Ceded are types under which this address held an RRset that another one
	// declares now and may not have taken so far: ours, and not ours to delete.
	Ceded map[string]bool `json:"ceded,omitempty"`
	// Unpublished are the operators that stored the RRset and could not hand it
	// to their name servers.
	Unpublished map[string]bool `json:"unpublished,omitempty"`
}

// FormerKeys are the keys of what operators still hold beside key.
func (o Ownership) FormerKeys(key rrset.Key) map[string]rrset.Key {
	keys := map[string]rrset.Key{}
	for name, typ := range o.Former {
		keys[name] = key.WithType(typ)
	}
	return keys
}

// None says that there is nothing to know: the RRset is ours everywhere.
func (o Ownership) None() bool {
	return len(o.Foreign) == 0 && len(o.Former) == 0 && len(o.Ceded) == 0 && len(o.Unpublished) == 0
}

// Equal says that both mean the same.
func (o Ownership) Equal(other Ownership) bool {
	return maps.Equal(o.Foreign, other.Foreign) && maps.Equal(o.Former, other.Former) &&
		maps.Equal(o.Ceded, other.Ceded) && maps.Equal(o.Unpublished, other.Unpublished)
}

// AfterCreate is what is known once an RRset was created.
func AfterCreate(outcomes map[string]Outcome) (left Ownership) {
	for name, o := range outcomes {
		if o.Unread {
			mark(&left.Foreign, name)
		}
		if o.Unpublished {
			mark(&left.Unpublished, name)
		}
	}
	return left
}

// AfterUpdate is what is known once the RRset of from was updated to that of
// to, at the operators that have an outcome. At all others nothing changed.
func (o Ownership) AfterUpdate(from, to rrset.Key, outcomes map[string]Outcome) (left Ownership) {
	left.Ceded = maps.Clone(o.Ceded)
	for name, typ := range o.Former {
		if _, written := outcomes[name]; !written && typ != to.Type {
			left.remember(name, typ)
		}
	}
	for name := range o.Unpublished {
		if out, written := outcomes[name]; !written || out.Err != nil {
			mark(&left.Unpublished, name)
		}
	}
	for name, out := range outcomes {
		old := o.replaced(name, from, to)
		if out.Former {
			left.remember(name, old.Type)
		}
		if out.Ceded {
			mark(&left.Ceded, old.Type)
		}
		if out.Err != nil && o.Foreign[name] {
			mark(&left.Foreign, name)
		}
		if out.Unpublished {
			mark(&left.Unpublished, name)
		}
	}
	return left
}

// held is the key under which an operator holds ours of what the state has as
// from: a former one if a change of type failed there. Where it was never read,
// nothing of ours is held, and what comes under to takes no other's place.
func (o Ownership) held(name string, from, to rrset.Key) rrset.Key {
	typ, former := o.Former[name]
	switch {
	case o.Foreign[name]:
		return to
	case former:
		return from.WithType(typ)
	}
	return from
}

// replaced is the key whose place to takes at an operator. Back to a former
// type, it is what the RRset was changed to in between.
func (o Ownership) replaced(name string, from, to rrset.Key) rrset.Key {
	if typ, ok := o.Former[name]; ok && typ != to.Type {
		return to.WithType(typ)
	}
	return from
}

func (o *Ownership) remember(name, former string) {
	if o.Former == nil {
		o.Former = map[string]string{}
	}
	o.Former[name] = former
}

func mark(set *map[string]bool, name string) {
	if *set == nil {
		*set = map[string]bool{}
	}
	(*set)[name] = true
}

// Reading is what was seen of an RRset that the state has.
type Reading struct {
	// Want is what each operator shall hold, as it will show it.
	Want Desired
	Seen map[string]Observation
	// Kept says that an address of the state has a key and declares it.
	Kept func(rrset.Key) bool
	// Unpublished asks an operator whether its name servers lack what it stores.
	// It is asked only where that was so, and everything else is in order.
	Unpublished func(name string) bool
}

// Standing is how an RRset stands at one operator.
type Standing int

// The ways in which it can stand.
const (
	// AsSeen: what was seen tells all: equal, different or missing.
	AsSeen Standing = iota
	// Unreadable: the operator did not answer, so what was known stands.
	Unreadable
	// NoSuchZone: the operator has no such zone, or none that the token can see.
	NoSuchZone
	// NotReplaced: the RRset of a former type is still there.
	NotReplaced
	// NotPublished: it is stored and not served.
	NotPublished
	// NotOurs: another RRset was there before this one was created.
	NotOurs
)

// AfterRead is what is known once the RRset was read, and how it stands at
// each operator.
func (o Ownership) AfterRead(r Reading) (left Ownership, standing map[string]Standing) {
	key := r.Want.Key()
	standing = map[string]Standing{}
	for typ := range o.Ceded {
		if !r.Kept(key.WithType(typ)) {
			mark(&left.Ceded, typ)
		}
	}
	for name, seen := range r.Seen {
		if seen.Err != nil {
			standing[name] = Unreadable
			if operator.RefusedAs(seen.Err, operator.ZoneNotFound) {
				standing[name] = NoSuchZone
			}
			left.inherit(o, name)
			continue
		}
		standing[name] = o.stands(name, r, seen)
		switch standing[name] {
		case NotReplaced:
			left.remember(name, o.Former[name])
		case NotPublished:
			mark(&left.Unpublished, name)
		case NotOurs:
			mark(&left.Foreign, name)
		}
	}
	return left, standing
}

// stands is how the RRset stands at an operator that was read.
func (o Ownership) stands(name string, r Reading, seen Observation) Standing {
	same := Difference(r.Want[name], seen.Held) == ""
	switch {
	case o.Former[name] != "" && seen.holdsBeside(o.Former[name]):
		return NotReplaced
	case o.Foreign[name] && seen.Held != nil && !same:
		return NotOurs
	case o.Unpublished[name] && same && r.Unpublished(name):
		return NotPublished
	}
	return AsSeen
}

// inherit keeps all that was known of one operator.
func (o *Ownership) inherit(before Ownership, name string) {
	if before.Foreign[name] {
		mark(&o.Foreign, name)
	}
	if before.Unpublished[name] {
		mark(&o.Unpublished, name)
	}
	if typ, ok := before.Former[name]; ok {
		o.remember(name, typ)
	}
}

// holdsBeside says that the operator holds an RRset of that type at the name.
func (o Observation) holdsBeside(typ string) bool {
	for _, other := range o.Others {
		if other.Type == typ {
			return true
		}
	}
	return false
}
