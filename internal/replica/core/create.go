package core

import (
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// createCall makes all operators hold what is wanted. An RRset that is there and equal is adopted without a write; one
// that is different is a conflict, unless it is ours or may be overwritten, and then nothing is written at any operator
// that was read in time. What one operator accepted is rolled back when another refuses.
type createCall struct {
	change
	Create
	key  rrset.Key
	gate gate
	undo *undoCall
	left map[string]error
}

// gate keeps the operators together until all have told whether something stands in the way, or for a while after the
// first told that nothing does.
type gate struct{ timed, open, shut bool }

func (m *Machine) newCreate(e Create) *createCall {
	key := e.Want.Key()
	c := &createCall{change: m.newChange(e.ID, key.Zone, func(name string) bool { _, ok := e.Want[name]; return ok }), Create: e, key: key}
	c.order = m.orderOf(key, false)
	return c
}

func (c *createCall) fatal(err error) bool { return IsFatal(err) || c.FailOnOutage && err != nil }

func (c *createCall) cancel() {
	if c.undo == nil {
		c.change.cancel()
	} else {
		c.undo.cancel()
	}
}

func (c *createCall) advance() bool {
	key := c.key
	if c.undo != nil {
		if !c.undo.advance() {
			return false
		}
		c.left = c.undo.left
		c.m.claim(key).end(false)
		return true
	}
	if c.cancelled {
		c.interrupt(key)
	}
	if !c.turn(key) && !c.cancelled {
		return false
	}
	if !c.cancelled {
		c.look()
		c.write()
	}
	if !c.over() {
		return false
	}
	c.arrived(key)
	if !c.refused() {
		c.take(key)
		return true
	}
	c.undo = c.m.newUndo(c.Want, c.result())
	if c.cancelled {
		c.undo.cancel()
	}
	return c.advance()
}

// take tells who gives the key up whether it was taken.
func (c *createCall) take(key rrset.Key) {
	for _, g := range c.legs { // what the state knew stands, read or not
		g.outcome.Foreign = g.outcome.Foreign && !c.m.claim(key).ours(g.p.name)
	}
	c.noteUnaware(key)
	c.inheritUnpublished(key)
	c.m.claim(key).end(slices.ContainsFunc(c.legs, func(g *leg) bool { return g.outcome.Err == nil }))
}

// look finds out what stands in the way at each operator.
func (c *createCall) look() {
	key := c.key
	contested := false
	for _, g := range c.legs {
		if g.over || g.job != nil {
			continue
		}
		known, err := g.lane.sure(key)
		switch {
		case err != nil:
			g.end(Outcome{Known: IsFatal(err), Foreign: isOutage(err), Err: err})
			g.p.arrived(key)
		case known:
			g.looked = true
			g.conflict = c.guard(g)(g.lane.book.get(key), g.lane.book.others(key))
			contested = contested || g.conflict != nil
		}
	}
	switch {
	case !contested:
		c.vigil.end()
	case !c.vigil.over:
		c.vigil.begin()
	default:
		for _, g := range c.legs {
			if g.conflict != nil {
				g.end(Outcome{Held: g.lane.book.get(key), Known: true, Err: g.conflict})
			}
		}
	}
}

// write queues the job at each operator that is ready for it.
func (c *createCall) write() {
	c.pass()
	if c.vigil.on || !c.order.kept(c.legs...) {
		return
	}
	for _, g := range c.legs {
		switch {
		case g.over || g.job != nil || !g.looked:
		case c.gate.shut:
			g.end(Outcome{Held: g.lane.book.get(c.key), Known: true})
		case c.gate.open:
			want := c.Want[g.p.name]
			g.queue(&job{
				subject: want.Key, also: c.absorb(g.lane, want), want: &want, guard: c.guard(g), alone: c.Alone,
				nudge: c.m.claim(want.Key).unpublished[g.p.name], doubted: c.before(g).denies(false),
			})
		}
	}
}

// pass opens the gate, or shuts it.
func (c *createCall) pass() {
	g := &c.gate
	ready, missing := false, false
	for _, leg := range c.legs {
		switch {
		case c.fatal(leg.outcome.Err):
			g.shut = true
		case leg.over:
		case leg.looked:
			ready = true
		default:
			missing = true
		}
	}
	switch {
	case g.open:
	case !missing:
		g.open = true
	case ready && !g.timed:
		g.timed = true
		left := c.m.timing.Gate
		for _, leg := range c.legs {
			left = min(left, c.m.timing.Gate-leg.lane.waited())
		}
		c.m.after(left, func() { g.open = true })
	}
	// What is not known when another operator has refused is not waited for.
	if g.shut {
		for _, leg := range c.legs {
			if !leg.over && leg.job == nil && !leg.looked {
				leg.end(Outcome{Foreign: true, Err: interruption(leg.p.name, "write "+c.key.String())})
			}
		}
	}
}

func (c *createCall) guard(g *leg) func(*operator.RRset, []operator.RRset) error {
	want := c.Want[g.p.name]
	return func(held *operator.RRset, others []operator.RRset) error {
		return c.m.ledger.conflict(g.p, want, held, others, nil, c.Overwrite)
	}
}

// refused reports whether nothing of the creation shall stand.
func (c *createCall) refused() bool {
	for _, g := range c.legs {
		if c.fatal(g.outcome.Err) {
			return true
		}
	}
	return false
}

// before is what may be carried out at an operator of writes that another address made, by what is wanted now.
func (c *createCall) before(g *leg) Doubt { return c.m.ledger.doubtAt(g.p.name, c.key).elsewhere() }

func (c *createCall) result() Result {
	c.noteDoubts(c.key, c.before)
	r := Result{Outcomes: c.outcomes(), Before: map[string][]operator.RRset{}, Left: c.left}
	for _, g := range c.legs {
		if g.job != nil {
			r.Before[g.p.name] = g.job.before
		}
	}
	return r
}
