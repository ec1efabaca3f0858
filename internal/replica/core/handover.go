package core

import (
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// handingOver reports whether the RRset is declared elsewhere, and that nothing of it is on its way. What was queued is
// not written either; see lane.removals.
func (c *deleteCall) handingOver() bool {
	if c.handed || c.restoring || !c.HandedOver && !c.m.claim(c.Key).declared {
		return false
	}
	for _, g := range c.legs {
		g.follow()
		if g.job != nil && !g.over {
			return false
		}
	}
	return true
}

// handOver ends the call once the RRset was taken. The state does not forget it here before it has it there, as far as
// the other call is in sight.
func (c *deleteCall) handOver() bool {
	c.release()
	claim, untaken := c.m.claim(c.Key), false
	switch {
	case c.Taken, claim.kept:
	case c.cancelled, claim.misses(c.vigil.over):
		untaken = true
	case !c.vigil.over:
		c.vigil.begin()
		return false
	default: // who comes later knows nothing of that
		untaken = slices.ContainsFunc(c.legs, c.mayLeaveMore)
	}
	c.vigil.end()
	o := Outcome{Kept: true}
	switch {
	case untaken || slices.ContainsFunc(c.legs, c.disowned):
		o = Outcome{Err: ErrNotTaken}
	case len(c.Former)+len(c.Ceded) > 0:
		c.eraseFormer()
		return c.advance()
	}
	for _, g := range c.legs {
		if g.job == nil || g.outcome.Kept { // nothing was sent
			g.end(c.untouched(g, o))
		}
	}
	return true
}

// disowned reports whether whoever has the RRset now would take what an operator may hold for somebody else's, while it
// is ours by what the state knows here: that is not forgotten.
func (c *deleteCall) disowned(g *leg) bool {
	return c.m.claim(c.Key).unaware[g.p.name] && !c.Foreign[g.p.name] && !g.lacks(c.Key)
}

// mayLeaveMore reports whether former types may come of writes that were not answered.
func (c *deleteCall) mayLeaveMore(g *leg) bool {
	return c.before(g) != NoDoubt && len(c.Former[g.p.name]) > 0
}

// eraseFormer goes on with what operators still hold under former types. Whoever took the RRset over does not know of
// it.
func (c *deleteCall) eraseFormer() {
	c.handed = true
	for _, g := range c.legs {
		if g.over && g.outcome.Kept { // nothing was sent
			g.over, g.job = false, nil
		}
	}
}

// passedOn reports whether what other addresses declare of what is ours under other types was taken, or that nobody
// comes. The state that knows of it is not forgotten before, as far as the other call is in sight.
func (c *deleteCall) passedOn() bool {
	waits := false
	for _, g := range c.legs {
		for _, key := range c.beside(g) {
			claim := c.m.claim(key)
			switch {
			case g.outcome.NoZone || g.lacks(key) || g.outcome.Err != nil || !claim.declared || claim.kept:
			case c.cancelled || claim.misses(c.vigil.over):
				g.untaken = true
			default:
				waits = true
			}
		}
	}
	if !waits || c.vigil.over {
		c.vigil.end()
		return true
	}
	c.release() // they have to come
	c.vigil.begin()
	return false
}

// beside are the keys of other types under which an operator may hold ours.
func (c *deleteCall) beside(g *leg) []rrset.Key {
	return append(c.formerAt(g.p.name, c.Key), withTypes(c.Key, c.Ceded[g.p.name])...)
}
