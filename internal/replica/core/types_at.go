package core

import "maps"

// typesAt are types by operator.
type typesAt map[string]map[string]bool

// all are the types at any operator.
func (t typesAt) all() map[string]bool {
	all := map[string]bool{}
	for _, types := range t {
		maps.Copy(all, types)
	}
	return all
}

// where are the operators that have a type.
func (t typesAt) where(typ string) (names map[string]bool) {
	for name, types := range t {
		if types[typ] {
			mark(&names, name)
		}
	}
	return names
}

// add adds types of one operator, if there are any.
func (t *typesAt) add(name string, types map[string]bool) {
	if len(types) == 0 {
		return
	}
	now := maps.Clone((*t)[name])
	if now == nil {
		now = map[string]bool{}
	}
	maps.Copy(now, types)
	if *t == nil {
		*t = typesAt{}
	}
	(*t)[name] = now
}

// without are the types of each operator less those that are done.
func (t typesAt) without(done func(typ string) bool) (left typesAt) {
	for name, types := range t {
		left.add(name, without(types, done))
	}
	return left
}

func (t typesAt) equal(other typesAt) bool {
	return maps.EqualFunc(t, other, maps.Equal[map[string]bool, map[string]bool])
}
