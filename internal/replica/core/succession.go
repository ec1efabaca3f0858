package core

import (
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// verdict is what becomes of what an operator holds of ours, where that is to go.
type verdict int

const (
	// waits: something is to take its place, and whoever brings that takes it away with the same write.
	waits verdict = iota
	// goes: it is deleted, unless the queue leaves it alone because something that nobody waits for is to take its
	// place.
	goes
	// stays: nothing will take its place any more, or who comes later could not tell whose it is. The name would be
	// empty for good.
	stays
)

// judge says what becomes of what an operator holds:
//
//	takes its place                          comes to
//	nothing                                  goes
//	who came, and it is not there            stays
//	whose plan is wrong, by all that is seen stays
//	who may still come                       waits
//	who was waited for in vain               goes, or stays if nobody could tell later whose it is
func (c *deleteCall) judge(g *leg) verdict {
	next := successor(g.lane, c.ours(g))
	if !c.left(g) && c.before(g).denies(true) { // what may still come would be in its way
		next = g.lane.replacement(c.Key)
		if other := g.lane.excluder(c.Key); other != nil && !c.m.claim(other.Key).came && !c.vigil.over {
			return waits // or it in the way of that which passes it
		}
	}
	gaveUp := c.vigil.over
	switch {
	case c.handed && c.before(g) != NoDoubt && !g.lane.answered && !c.m.claim(c.Key).came && !gaveUp:
		return waits // who has the RRset writes after what may come, and is not in doubt if that comes no more
	case next == nil:
		return goes
	case next.came, next.misses(gaveUp), gaveUp && (len(c.Foreign) > 0 || c.mayLeaveMore(g)):
		return stays
	case gaveUp:
		return goes
	}
	return waits
}

// successor is the claim on what is declared in the place of one of several RRsets.
func successor(l *lane, keys []rrset.Key) *claim {
	for _, key := range keys {
		if next := l.successor(key); next != nil {
			return next
		}
	}
	return nil
}

// resume begins anew where a queued deletion was dropped, because something was declared in its place meanwhile.
func (c *deleteCall) resume() {
	for _, g := range c.legs {
		if g.job != nil && g.job.outcome.Kept && !c.vigil.over && successor(g.lane, c.ours(g)) != nil {
			g.over, g.job = false, nil
		}
	}
}

// leaveToSuccessors notes what was not deleted, because something else is to take its place.
func (c *deleteCall) leaveToSuccessors(g *leg) {
	for _, key := range c.ours(g) {
		if g.lane.successor(key) != nil {
			mark(&g.outcome.Succeeded, key.Type)
			g.outcome.Kept = g.outcome.Kept && key != c.Key
		}
	}
}

// gone reports whether the RRset stays away: what another call deleted with its own write may come back if that call is
// rolled back, and is then judged anew here. Who was interrupted does not wait for that, and says so.
func (c *deleteCall) gone() bool {
	absorbing := c.absorbing()
	if c.cancelled {
		for _, g := range c.legs {
			if absorbing && g.outcome.Err == nil && !g.outcome.Kept {
				g.outcome = c.untouched(g, Outcome{Err: interruption(g.p.name, "delete "+c.Key.String())})
			}
		}
		return true
	}
	if c.following = absorbing; absorbing {
		return false
	}
	absorbed := false
	for _, key := range c.keys() {
		claim := c.m.claim(key)
		absorbed = absorbed || len(claim.absorbed) > 0
		claim.absorbed = nil
	}
	if !absorbed {
		return true
	}
	again := false
	for _, g := range c.legs {
		if g.job != nil {
			g.job.passed = false // by what came later
		}
		for _, key := range c.keys() {
			if err := c.m.claim(key).returning[g.p.name]; err != nil {
				g.outcome = Outcome{Err: err}
			}
		}
		if g.outcome.Err == nil && c.left(g) {
			again = true
			g.over, g.job = false, nil
		}
	}
	return !again || c.advance()
}

// absorbing reports whether a call that deletes something of ours with its own write is under way.
func (c *deleteCall) absorbing() bool {
	return slices.ContainsFunc(c.keys(), func(key rrset.Key) bool {
		return slices.ContainsFunc(c.m.claim(key).absorbed, func(id ID) bool { return c.m.calls[id] != nil })
	})
}

// left reports whether an operator holds what is to go.
func (c *deleteCall) left(g *leg) bool {
	return slices.ContainsFunc(c.ours(g), func(key rrset.Key) bool {
		return g.lane.book.get(key) != nil && !c.m.claim(key).declared
	})
}
