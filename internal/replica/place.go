package replica

import (
	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// Room are the operators where a plan saw nothing in the way of a creation, with a digest of what may stand there all
// the same when it comes, which is then adopted.
type Room map[string]string

// anything is for what is overwritten.
const anything = "*"

// RoomFor is for what is wanted, where operators were seen to leave room for it.
func (w *Walk) RoomFor(want Desired, seen map[string]Observation, overwrite bool) Room {
	wanted, held := map[string]*operator.RRset{}, map[string]*operator.RRset{}
	for name, o := range seen {
		wanted[name], held[name] = new(w.Effective(name, want[name])), o.Held
	}
	room := Room(evidenceOf(wanted).or(evidenceOf(held)))
	for name := range room {
		if overwrite {
			room[name] = anything
		}
	}
	return room
}

// NewPlace is the place of what is to be created, by what the plan saw of it.
func NewPlace(key rrset.Key, room Room) Place {
	place := Place{Key: key, Clear: map[string]bool{}, Takes: func(name string, held operator.RRset) bool {
		return room[name] == anything || evidence(room).holds(name, &held)
	}}
	for name := range room {
		place.Clear[name] = true
	}
	return place
}
