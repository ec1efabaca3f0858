package core

import (
	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// updateCall makes operators hold what is wanted in place of what the state
// knows, each by itself: one that is silent does not keep the others waiting.
type updateCall struct {
	change
	Update
}

func (m *Machine) newUpdate(e Update) *updateCall {
	return &updateCall{
		change: m.newChange(e.ID, e.Want.Key().Zone, func(name string) bool { return e.At[name] }), Update: e,
	}
}

func (c *updateCall) result() Result {
	for _, g := range c.legs {
		from := c.replaced(g.p.name, c.From, c.Want.Key())
		if from == c.Want.Key() || c.Foreign[g.p.name] {
			continue
		}
		// What another resource declares is left to it.
		declared := c.m.ledger.declared[from]
		g.outcome.Former = g.outcome.Err != nil && !declared
		g.outcome.Ceded = declared && !c.m.ledger.kept[from] && (g.outcome.Err != nil || g.lane.book.get(from) != nil)
	}
	return Result{Outcomes: c.outcomes()}
}

// from is the key under which an operator holds what is replaced.
func (c *updateCall) from(g *leg) rrset.Key { return c.held(g.p.name, c.From, c.Want.Key()) }

func (c *updateCall) advance() bool {
	key := c.Want.Key()
	keys := []rrset.Key{key, c.From}
	for _, former := range c.FormerKeys(key) {
		keys = append(keys, former)
	}
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

// take tells who gives the key up whether it was taken. Where nothing at all was
// written the state stays as it was.
func (c *updateCall) take(key rrset.Key) {
	taken := c.From == key || len(c.legs) < len(c.m.parties)
	for _, g := range c.legs {
		taken = taken || g.outcome.MayStand()
	}
	if taken {
		c.m.ledger.keep(key)
	} else {
		c.m.ledger.untaken[key] = true
	}
}

func (c *updateCall) work() {
	key := c.Want.Key()
	contested := false
	for _, g := range c.legs {
		if g.over || g.job != nil {
			continue
		}
		want := c.Want[g.p.name]
		known, err := g.lane.knowOurs(key.Name)
		if err != nil {
			g.end(Outcome{Err: err, Unread: c.Foreign[g.p.name]})
			g.p.arrived(key)
			continue
		}
		if !known {
			continue
		}
		guard := c.guard(g)
		if conflict := guard(g.lane.book.get(key), g.lane.book.others(key)); conflict != nil {
			contested = true
			if c.vigil.over {
				g.end(Outcome{Held: g.lane.book.get(key), Known: true, Err: conflict})
			}
			continue
		}
		also := c.absorb(g.lane, want)
		if c.From != key && !c.Foreign[g.p.name] { // beside a former type, if another address left it there
			also = append(also, c.From)
		}
		g.queue(&job{
			from: c.from(g), also: also, want: &want, guard: guard, alone: c.Alone,
			ours: !c.Foreign[g.p.name], nudge: c.Unpublished[g.p.name] || c.m.ledger.unpublished[key][g.p.name],
		})
	}
	switch {
	case !contested:
		c.vigil.end()
	case !c.vigil.over:
		c.vigil.begin()
	}
}

// guard refuses to replace what may be somebody else's. What stands under the
// key of an RRset that we hold is ours, drifted or not. Under a new type, or
// where it was never read, it may be foreign.
func (c *updateCall) guard(g *leg) func(*operator.RRset, []operator.RRset) error {
	want, from, foreign := c.Want[g.p.name], c.from(g), c.Foreign[g.p.name]
	return func(held *operator.RRset, others []operator.RRset) error {
		if foreign && from == want.Key { // the state knows the key, and yet it was never seen there
			return Conflict(g.p.name, g.p.rules.Effective(want), held, c.m.ledger.stays(g.p.name, others), from, c.Overwrite)
		}
		return c.m.ledger.conflict(g.p, want, held, others, from, c.Overwrite)
	}
}
