package core

import (
	"maps"
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// Ownership is what the state knows of an RRset beyond its content: at which operators it is not ours, or ours under
// former types. It is a value: what becomes of it after a reading, a creation or an update is decided here, and kept by
// the caller.
type Ownership struct {
	// Foreign are the operators that could not be read when the RRset was created: what they hold under its key may be
	// somebody else's.
	Foreign map[string]bool `json:"foreign,omitempty"`
	// Former are, by operator, the types under which it may still hold ours, because changes of type could not be
	// delivered there: to be replaced or deleted. The state knows the last type alone.
	Former typesAt `json:"former,omitempty"`
	// Ceded are, by operator, types under which it holds an RRset of this address that another one declares now and may
	// not have taken so far: ours, and not ours to delete. The own type is among them when a deletion handed the RRset
	// over and could not delete all that was left of former types.
	Ceded typesAt `json:"ceded,omitempty"`
	// Unpublished are the operators that stored the RRset and could not hand it to their name servers.
	Unpublished map[string]bool `json:"unpublished,omitempty"`
	// Doubts are, by operator, what may still be carried out of writes that were not answered.
	Doubts map[string]Doubt `json:"doubts,omitempty"`
}

// FormerKeys are the keys of what any operator may still hold beside key.
func (o Ownership) FormerKeys(key rrset.Key) []rrset.Key { return withTypes(key, o.Former.all()) }

// Beside are the keys of other types under which an operator may hold ours of what the state has as key.
func (o Ownership) Beside(key rrset.Key) []rrset.Key {
	return append(o.FormerKeys(key), withTypes(key, o.Ceded.all())...)
}

// HandedOver reports whether another address has the RRset of key. What is left to do here is about former types.
func (o Ownership) HandedOver(key rrset.Key) bool { return len(o.Ceded.where(key.Type)) > 0 }

// Leaving tells that the RRset of key is given up.
func (o Ownership) Leaving(key rrset.Key) Leaving {
	return Leaving{Key: key, Foreign: o.Foreign, Unpublished: o.Unpublished, Doubted: o.Doubts}
}

// LeftToOthers is what is left of types that other addresses declare now.
func (o Ownership) LeftToOthers(key rrset.Key) (ceded []Ceded) {
	for _, other := range withTypes(key, o.Ceded.all()) {
		ceded = append(ceded, Ceded{Key: other, At: o.Ceded.where(other.Type), Doubted: o.doubtsBeside()})
	}
	return ceded
}

// doubtsBeside is what may still come under other types than that which is declared: a write that changed the type is
// about both.
func (o Ownership) doubtsBeside() (beside map[string]Doubt) {
	for name := range o.Doubts {
		if beside == nil {
			beside = map[string]Doubt{}
		}
		beside[name] = MayChange
	}
	return beside
}

// Left is what is left of former types beside key: where each of them is ours still.
func (o Ownership) Left(key rrset.Key) (left []Leaving) {
	for _, former := range o.FormerKeys(key) {
		e := Leaving{Key: former, At: o.Former.where(former.Type), Doubted: o.doubtsBeside()}
		for name := range e.At {
			if o.Unpublished[name] {
				mark(&e.Unpublished, name)
			}
		}
		left = append(left, e)
	}
	return left
}

// formerAt are those of one operator.
func (o Ownership) formerAt(name string, key rrset.Key) []rrset.Key {
	return withTypes(key, o.Former[name])
}

// oursAt are the keys under which an operator may hold ours of what the state has as key: former ones, and key itself
// if that is neither foreign nor handed over.
func (o Ownership) oursAt(name string, key rrset.Key, foreign bool) []rrset.Key {
	keys := o.formerAt(name, key)
	if !foreign && !o.HandedOver(key) {
		keys = append(keys, key)
	}
	return keys
}

// withTypes are the keys of some types at the owner name of key, in order.
func withTypes(key rrset.Key, types map[string]bool) (keys []rrset.Key) {
	for _, typ := range slices.Sorted(maps.Keys(types)) {
		keys = append(keys, key.WithType(typ))
	}
	return keys
}

// None reports whether there is nothing to know: the RRset is ours everywhere.
func (o Ownership) None() bool {
	return len(o.Foreign) == 0 && len(o.Former) == 0 && len(o.Ceded) == 0 && len(o.Unpublished) == 0 && len(o.Doubts) == 0
}

// Equal reports whether both mean the same.
func (o Ownership) Equal(other Ownership) bool {
	return maps.Equal(o.Foreign, other.Foreign) && o.Former.equal(other.Former) && o.Ceded.equal(other.Ceded) &&
		maps.Equal(o.Unpublished, other.Unpublished) && maps.Equal(o.Doubts, other.Doubts)
}

// AfterCreate is what is known once an RRset was created.
func AfterCreate(outcomes map[string]Outcome) (left Ownership) {
	for name, o := range outcomes {
		if o.Foreign {
			mark(&left.Foreign, name)
		}
		if o.Unpublished {
			mark(&left.Unpublished, name)
		}
		left.doubt(name, o.Doubt)
	}
	return left
}

// AfterUpdate is what is known once the RRset was updated to key, at the operators that have an outcome. At all others
// nothing changed.
func (o Ownership) AfterUpdate(key rrset.Key, outcomes map[string]Outcome) (left Ownership) {
	written := func(name string) bool { _, ok := outcomes[name]; return ok }
	done := func(name string) bool { return written(name) && outcomes[name].Err == nil }
	left.Foreign, left.Unpublished = without(o.Foreign, written), without(o.Unpublished, done)
	left.Ceded = o.Ceded.without(func(typ string) bool { return typ == key.Type }) // declared here again
	for name, former := range o.Former {
		if !written(name) {
			left.Former.add(name, former)
		}
	}
	for name, d := range o.Doubts {
		if !written(name) {
			left.doubt(name, d)
		}
	}
	for name, out := range outcomes {
		left.Former.add(name, out.Former)
		left.Ceded.add(name, out.Ceded)
		if out.Foreign {
			mark(&left.Foreign, name)
		}
		if out.Unpublished {
			mark(&left.Unpublished, name)
		}
		left.doubt(name, out.Doubt)
	}
	return left
}

// AfterNothing is what is known once an update was made nowhere, as far as can be told, so that the state stays as it
// was: what was sent may still come, and is something else than what the state declares unless it was sent before. It
// may have another type.
func (o Ownership) AfterNothing(u Update, outcomes map[string]Outcome) (left Ownership) {
	left = o
	left.Doubts, left.Former = nil, maps.Clone(o.Former)
	for name, d := range o.Doubts {
		if _, written := outcomes[name]; !written {
			left.doubt(name, d)
		}
	}
	for name, out := range outcomes {
		if key := u.Want.Key(); out.InDoubt() && key != u.From && !(out.Known && out.Held != nil) {
			left.Former.add(name, map[string]bool{key.Type: true})
		}
		d := out.Doubt
		if !u.repeats(name) {
			d = d.elsewhere()
		}
		left.doubt(name, d)
	}
	return left
}

// AfterDelete is what is known once a deletion of key ended that could not be made everywhere. What was put back may be
// stored and not served; what was kept is not ours to delete any more, unless this address declares it again itself.
func (o Ownership) AfterDelete(key rrset.Key, again bool, outcomes map[string]Outcome) (left Ownership) {
	left = o
	left.Unpublished, left.Ceded, left.Doubts = maps.Clone(o.Unpublished), maps.Clone(o.Ceded), nil
	for name, out := range outcomes {
		if out.Kept && !again && !o.Foreign[name] {
			left.Ceded.add(name, map[string]bool{key.Type: true})
		}
		if out.Unpublished {
			mark(&left.Unpublished, name)
		}
		left.doubt(name, out.Doubt)
	}
	return left
}

// without are the operators of a set less those that are done.
func without(set map[string]bool, done func(name string) bool) (left map[string]bool) {
	for name := range set {
		if !done(name) {
			mark(&left, name)
		}
	}
	return left
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
	// Unpublished asks an operator whether its name servers lack what it stores. It is asked only where that was so, or
	// a write that was not answered was carried out since, and everything else is in order.
	Unpublished func(name string) bool
}

// asDeclared reports whether an operator was seen to hold what is wanted.
func (r Reading) asDeclared(name string) bool {
	return Difference(r.Want[name], r.Seen[name].Held) == ""
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
	// NotReplaced: RRsets of former types are still there.
	NotReplaced
	// NotPublished: it is stored and not served.
	NotPublished
	// NotOurs: another RRset was there before this one was created.
	NotOurs
	// HandedOver: another address has it.
	HandedOver
	// InDoubt: it is as declared, and may still be undone by a write that was not answered.
	InDoubt
)

// AfterRead is what is known once the RRset was read, and how it stands at each operator.
func (o Ownership) AfterRead(r Reading) (left Ownership, standing map[string]Standing) {
	key := r.Want.Key()
	standing = map[string]Standing{}
	left.Ceded = o.Ceded.without(func(typ string) bool { return typ != key.Type && r.Kept(key.WithType(typ)) })
	for name, seen := range r.Seen {
		if seen.Err != nil {
			standing[name] = Unreadable
			if operator.NoZone(seen.Err) {
				standing[name] = NoSuchZone
			}
			left.inherit(o, name)
			continue
		}
		standing[name] = o.stands(name, r, seen)
		d, beside := o.Doubts[name], seen.beside(o.Former[name])
		if len(beside) == 0 {
			d = d.once(r.asDeclared(name), seen.Held == nil)
		}
		left.doubt(name, d)
		if left.Doubts[name] == NoDoubt {
			left.Former.add(name, beside)
		} else { // what is not there may come
			left.Former.add(name, o.Former[name])
		}
		other := seen.Held != nil && !r.asDeclared(name)
		if o.Foreign[name] && other {
			mark(&left.Foreign, name)
		}
		if standing[name] == NotPublished || o.Unpublished[name] && (other || standing[name] != AsSeen) { // what drifted may come back without a write
			mark(&left.Unpublished, name)
		}
	}
	return left, standing
}

// stands is how the RRset stands at an operator that was read.
func (o Ownership) stands(name string, r Reading, seen Observation) Standing {
	switch {
	case len(seen.beside(o.Former[name])) > 0:
		return NotReplaced
	case o.HandedOver(r.Want.Key()):
		return HandedOver
	case o.Foreign[name] && seen.Held != nil && !r.asDeclared(name):
		return NotOurs
	case r.asDeclared(name) && o.Doubts[name].denies(false):
		return InDoubt
	case (o.Unpublished[name] || o.Doubts[name] == MayCome) && r.asDeclared(name) && r.Unpublished(name):
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
	o.Former.add(name, before.Former[name])
	o.doubt(name, before.Doubts[name])
}

// beside are those of some types that the operator holds at the name.
func (o Observation) beside(types map[string]bool) (held map[string]bool) {
	for _, other := range o.Others {
		if types[other.Type] {
			mark(&held, other.Type)
		}
	}
	return held
}
