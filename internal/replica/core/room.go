package core

import (
	"fmt"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// Where the plan of a replacement saw room for what is to be created, somebody may have made something since. The
// creation would end with a conflict once the deletion was made: neither name would be left, with all operators well.
// So a deletion looks where the creation is about to look, before it writes (design/hand-over.md).

// OccupiedError says that an operator holds something by now in the place of what is to be created once a deletion is
// made.
type OccupiedError struct {
	Operator string
	Key      rrset.Key
	// Types are those of what stands there.
	Types []string
}

func (e *OccupiedError) Error() string {
	if len(e.Types) == 1 && e.Types[0] == e.Key.Type {
		return fmt.Sprintf("%s holds %s by now, and not as it is declared", e.Operator, e.Key)
	}
	return fmt.Sprintf("%s holds %s at %s by now, and %s",
		e.Operator, strings.Join(e.Types, ", "), e.Key.Name, e.Key.WhyNotBeside(e.Key.WithType(e.Types[0])))
}

// hasRoom reports whether there is room for what is to be created, at every operator that tells. Where there is none
// the leg ends, unless somebody may still come and say that what stands there is ours.
func (c *deleteCall) hasRoom() bool {
	known, occupied := true, false
	for _, g := range c.legs {
		if g.outcome.Err != nil {
			continue
		}
		switch told, err := c.room(g); {
		case err == nil:
			known = known && told
		case c.vigil.over:
			g.end(c.untouched(g, Outcome{Err: err}))
			c.spare()
		default:
			occupied = true
		}
	}
	switch {
	case occupied:
		c.crowded = true
		c.release() // for whoever comes
		c.vigil.begin()
	case c.crowded:
		c.crowded = false
		c.vigil.end()
	}
	return known && !occupied
}

// room looks at one place after the other, as far as there is room at an operator.
func (c *deleteCall) room(g *leg) (known bool, err error) {
	for ; g.seen < len(c.For); g.seen++ {
		place := c.For[g.seen]
		claim := c.m.claim(place.Key)
		if claim.roomy[g.p.name] || !place.Clear[g.p.name] { // a thousand deletions make room for the same places
			continue
		}
		l := g.p.lane(c.m, place.Key.Zone)
		switch known, err := l.sure(place.Key); {
		case IsFatal(err):
			return true, err
		case err != nil: // what it holds is not known
		case !known:
			return false, nil
		default:
			if err := c.occupied(g, l, place); err != nil {
				return true, err
			}
			mark(&claim.roomy, g.p.name)
		}
	}
	return true, nil
}

// occupied is what stands in the way of what is to be created, nil if nothing does.
func (c *deleteCall) occupied(g *leg, l *lane, place Place) error {
	var types []string
	for _, other := range c.m.ledger.stays(g.p.name, l.book.others(place.Key)) {
		if place.Key.Excludes(other.Key) {
			types = append(types, other.Type)
		}
	}
	held := l.book.get(place.Key)
	if len(types) == 0 && held != nil && !c.m.claim(place.Key).ours(g.p.name) && !place.Takes(g.p.name, *held) {
		types = []string{place.Key.Type}
	}
	if len(types) == 0 {
		return nil
	}
	return &OccupiedError{Operator: g.p.name, Key: place.Key, Types: types}
}
