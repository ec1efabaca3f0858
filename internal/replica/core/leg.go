package core

import (
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// leg is the part of a change that concerns one operator.
type leg struct {
	p    *party
	lane *lane

	looked   bool
	seen     int // places that a deletion makes room for, and that were looked at
	conflict error
	order    *order // of an update, which writes at each operator by itself
	job      *job

	foreign  bool // what is held under the key in state may be somebody else's
	over     bool
	restored bool // a deletion that was taken back
	untaken  bool // what was left to another address under another type
	outcome  Outcome
}

func (g *leg) end(o Outcome) {
	g.over, g.outcome = true, o
}

// mayHaveCome reports whether something was written that may still be carried out: what is found there later is ours.
func (g *leg) mayHaveCome() bool { return g.job != nil && g.job.unanswered }

// lacks reports whether the operator is known not to hold an RRset.
func (g *leg) lacks(key rrset.Key) bool {
	return g.lane.book.knows(key.Name) && g.lane.book.get(key) == nil
}

// follow ends the leg when its job is over.
func (g *leg) follow() {
	if g.job != nil && g.job.over && !g.over {
		g.end(g.job.outcome)
	}
}

// change is what creations, updates and deletions have in common.
type change struct {
	m    *Machine
	id   ID
	legs []*leg

	locked    bool
	cancelled bool
	vigil     vigil
	order     *order
}

func (m *Machine) newChange(id ID, zone string, at func(name string) bool) change {
	c := change{m: m, id: id, vigil: vigil{m: m}}
	for _, p := range m.parties {
		if at(p.name) {
			c.legs = append(c.legs, &leg{p: p, lane: p.lane(m, zone)})
		}
	}
	return c
}

// turn waits for the turn at the keys.
func (c *change) turn(keys ...rrset.Key) bool {
	c.locked = c.locked || c.m.ledger.lock(c.id, keys)
	return c.locked
}

// release lets other calls have their turn at the keys.
func (c *change) release() {
	c.m.ledger.unlock(c.id)
	c.locked = false
}

func (c *change) cancel() {
	c.cancelled = true
	for _, g := range c.legs {
		if g.job != nil {
			g.job.cancelled = true
		}
	}
}

// absorb are the RRsets that cannot stand beside want and that this run deletes: they go in the same request, so that
// the name is never empty. Who deletes them waits for the outcome.
func (c *change) absorb(l *lane, want operator.RRset) []rrset.Key {
	var keys []rrset.Key
	for _, other := range l.book.others(want.Key) {
		if claim := c.m.claim(other.Key); want.Excludes(other.Key) && claim.goes(l.p.name) {
			keys = append(keys, other.Key)
			claim.absorbed = append(claim.absorbed, c.id)
		}
	}
	return keys
}

// idle: the call waits for another one.
func (c *change) idle() bool {
	return c.vigil.on || c.order.waiting() || !c.locked && !c.writing()
}

// writing reports whether something was handed to a queue and is not over.
func (c *change) writing() bool {
	return slices.ContainsFunc(c.legs, func(g *leg) bool { return g.job != nil && !g.job.over })
}

// interrupt ends the legs that have sent nothing.
func (c *change) interrupt(key rrset.Key) {
	for _, g := range c.legs {
		if !g.over && g.job == nil {
			known := g.lane.book.knows(key.Name)
			g.end(Outcome{
				Held: g.lane.book.get(key), Known: known, Foreign: !known,
				Err: interruption(g.p.name, "write "+key.String()),
			})
		}
	}
}

// over follows the jobs and reports whether all legs are over.
func (c *change) over() bool {
	over := true
	for _, g := range c.legs {
		g.follow()
		over = over && g.over
	}
	return over
}

// noteUnaware notes where the address that has key now does not know that what is held is ours.
func (c *change) noteUnaware(key rrset.Key) {
	for _, g := range c.legs {
		if g.outcome.Foreign {
			mark(&c.m.claim(key).unaware, g.p.name)
		}
	}
}

// inheritUnpublished passes on what another address left stored and not served, where nothing was written since.
func (c *change) inheritUnpublished(key rrset.Key) {
	for _, g := range c.legs {
		g.outcome.Unpublished = g.outcome.Unpublished || !g.outcome.Wrote && c.m.claim(key).unpublished[g.p.name]
	}
}

func (c *change) outcomes() map[string]Outcome {
	all := map[string]Outcome{}
	for _, g := range c.legs {
		all[g.p.name] = g.outcome
	}
	return all
}

// arrived: no further change of key comes from this call.
func (c *change) arrived(key rrset.Key) {
	for _, p := range c.m.parties {
		p.arrived(key)
	}
}

func isOutage(err error) bool { return operator.AsOutage(err) != nil }

// IsFatal reports whether err is a no rather than silence.
func IsFatal(err error) bool { return err != nil && !isOutage(err) }
