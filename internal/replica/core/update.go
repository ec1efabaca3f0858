package core

import (
	"errors"
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// updateCall makes operators hold what is wanted in place of what the state knows, each by itself: one that is silent
// does not keep the others waiting.
type updateCall struct {
	change
	Update
	key rrset.Key
}

func (m *Machine) newUpdate(e Update) *updateCall {
	key := e.Want.Key()
	c := &updateCall{change: m.newChange(e.ID, key.Zone, func(name string) bool { return e.At[name] }), Update: e, key: key}
	for _, g := range c.legs {
		g.foreign, g.order = e.Foreign[g.p.name], m.orderOf(key, false)
	}
	return c
}

// idle: wherever it is not over, the call waits for another one.
func (c *updateCall) idle() bool {
	return c.change.idle() || !slices.ContainsFunc(c.legs, func(g *leg) bool { return !g.over && !g.order.waiting() })
}

// repeats reports whether what is wanted at an operator is what was declared before.
func (u Update) repeats(name string) bool {
	return SameDeclaration(u.Want[name], u.Was[name])
}

// before is what may be carried out at an operator of writes that came before, by what is wanted now.
func (c *updateCall) before(g *leg) Doubt {
	own := c.Doubts[g.p.name]
	if !c.repeats(g.p.name) {
		own = own.elsewhere()
	}
	return own.and(c.m.ledger.doubtAt(g.p.name, c.key).elsewhere())
}

func (c *updateCall) result() Result {
	c.noteDoubts(c.key, c.before)
	for _, g := range c.legs {
		for _, key := range c.replaced(g) {
			failed := g.outcome.Err != nil
			switch {
			case !c.m.claim(key).declared:
				if failed {
					mark(&g.outcome.Former, key.Type)
				}
			case !c.m.claim(key).kept && (failed || g.lane.book.get(key) != nil): // left to whoever declares it
				mark(&g.outcome.Ceded, key.Type)
			}
		}
	}
	return Result{Outcomes: c.outcomes()}
}

// foreignAt reports whether what an operator that was not changed may hold under the key is somebody else's. That of
// another type than the state has was ours only if another address had it.
func (c *updateCall) foreignAt(g *leg) bool {
	if c.From == c.key {
		return c.Foreign[g.p.name]
	}
	_, conflict := errors.AsType[*ConflictError](g.outcome.Err)
	return (!g.looked || conflict) && !c.m.claim(c.key).ours(g.p.name)
}

// replaced are the keys of all that is to go at an operator: of what the state has, and what earlier changes of type
// left there.
func (c *updateCall) replaced(g *leg) []rrset.Key {
	return slices.DeleteFunc(c.ours(g), func(key rrset.Key) bool { return key == c.key })
}

// ours are the keys whose place the RRset may take at an operator.
func (c *updateCall) ours(g *leg) []rrset.Key {
	return c.oursAt(g.p.name, c.From, g.foreign)
}

// recognize tells what is ours although it was never read: who sees what was declared would have adopted it, and it may
// be what a write brought about whose answer was lost.
func (c *updateCall) recognize(g *leg) {
	was, known := c.Was[g.p.name]
	if known && Difference(g.p.rules.Effective(was), g.lane.book.get(c.From)) == "" {
		g.foreign = false
	}
}

func (c *updateCall) advance() bool {
	key := c.key
	keys := append(c.FormerKeys(key), key, c.From)
	if c.cancelled {
		c.interrupt(key)
	}
	if !c.turn(keys...) && !c.cancelled {
		return false
	}
	if !c.cancelled {
		c.work()
	}
	if !c.over() {
		return false
	}
	c.arrived(key)
	c.take(key)
	return true
}

// take tells who gives the key up whether it was taken. Where nothing at all was written the state stays as it was.
func (c *updateCall) take(key rrset.Key) {
	for _, g := range c.legs {
		g.outcome.Foreign = g.outcome.Err != nil && c.foreignAt(g) && !g.mayHaveCome()
	}
	c.noteUnaware(key)
	c.inheritUnpublished(key)
	taken := c.From == key || len(c.legs) < len(c.m.parties)
	for _, g := range c.legs {
		taken = taken || g.outcome.MayStand()
	}
	c.m.claim(key).end(taken)
}

func (c *updateCall) work() {
	key := c.key
	contested := false
	for _, g := range c.legs {
		if g.over || g.job != nil {
			continue
		}
		want := c.Want[g.p.name]
		known, err := g.lane.sure(append(c.FormerKeys(key), c.From)...)
		if err != nil {
			g.end(Outcome{Err: err})
			g.p.arrived(key)
			continue
		}
		if !known {
			continue
		}
		g.looked = true
		c.recognize(g)
		guard := c.guard(g)
		if conflict := guard(g.lane.book.get(key), g.lane.book.others(key)); conflict != nil {
			contested = true
			if c.vigil.over {
				g.end(Outcome{Held: g.lane.book.get(key), Known: true, Err: conflict})
			}
			continue
		}
		if !g.order.kept(g) {
			continue
		}
		g.queue(&job{
			subject: key, also: append(c.replaced(g), c.absorb(g.lane, want)...), want: &want, guard: guard, alone: c.Alone,
			ours: !g.foreign, nudge: c.From == key && c.Unpublished[g.p.name] || c.m.claim(key).unpublished[g.p.name],
			doubted: c.before(g).denies(false),
		})
	}
	switch {
	case !contested:
		c.vigil.end()
	case !c.vigil.over:
		c.vigil.begin()
	}
}

// guard refuses to replace what may be somebody else's. What stands under the key of an RRset that we hold is ours,
// drifted or not. Under a new type, or where it was never read, it may be foreign, unless another address had it.
func (c *updateCall) guard(g *leg) func(*operator.RRset, []operator.RRset) error {
	want, ours := c.Want[g.p.name], c.ours(g)
	return func(held *operator.RRset, others []operator.RRset) error {
		if g.foreign && !c.m.claim(want.Key).given(g.p.name) { // the state knows the key, and yet it was never seen there
			return Conflict(g.p.name, g.p.rules.Effective(want), held, c.m.ledger.stays(g.p.name, others), ours, c.Overwrite)
		}
		return c.m.ledger.conflict(g.p, want, held, others, ours, c.Overwrite)
	}
}
