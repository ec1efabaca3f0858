package core

import (
	"errors"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// ErrTakenBack says that a deletion was undone, because it could not be made everywhere and the creation that was to
// follow would have been lost.
var ErrTakenBack = errors.New("the deletion was taken back, because it could not be made at another operator")

// ErrNotTaken says that an RRset was not handed over, because it could not be created under the address that declares
// it now.
var ErrNotTaken = errors.New("the resource that declares the RRset now could not take it over")

// ErrNotSucceeded says that an RRset was not deleted, because what is declared in its place could not be created there.
var ErrNotSucceeded = errors.New("what is declared in its place could not be created")

// deleteCall deletes an RRset at every operator, each by itself. What is declared by another resource is handed over:
// nothing is written.
type deleteCall struct {
	change
	Delete
	restoring bool
	handed    bool // another address has the RRset: what is left to do is to erase former types
	following bool // another call deleted it with its own write, and is not over
	crowded   bool // it waits, because something stands where another RRset is to be created
}

func (m *Machine) newDelete(e Delete) *deleteCall {
	c := &deleteCall{change: m.newChange(e.ID, e.Key.Zone, func(string) bool { return true }), Delete: e}
	c.order, c.handed = m.orderOf(e.Key, true), e.Ownership.HandedOver(e.Key)
	c.vigil.of = c
	return c
}

// before is what may be carried out at an operator of writes that came before, by what the state declares.
func (c *deleteCall) before(g *leg) Doubt {
	return c.Doubts[g.p.name].and(c.m.ledger.doubt(g.p.name, c.keys()...))
}

func (c *deleteCall) result() Result {
	for _, g := range c.legs {
		g.outcome.Kept = g.outcome.Kept || c.handed
	}
	c.noteDoubts(c.Key, func(g *leg) Doubt {
		if c.absorbing() { // and was interrupted, so that it does not wait for what becomes of that
			return c.before(g).and(MayChange)
		}
		return c.before(g)
	})
	failed := false
	for _, g := range c.legs {
		switch {
		case g.outcome.Err != nil:
		case g.untaken:
			g.outcome.Err = ErrNotTaken
		case g.restored:
			g.outcome.Err = ErrTakenBack
		default:
			c.leaveToSuccessors(g)
		}
		failed = failed || g.outcome.Err != nil
	}
	if failed { // what was to follow does not come
		for _, place := range c.For {
			c.m.plans(place.Key, false)
		}
	}
	return Result{Outcomes: c.outcomes()}
}

func (c *deleteCall) idle() bool { return c.following || c.change.idle() }

func (c *deleteCall) cancel() {
	if !c.restoring {
		c.change.cancel()
	}
}

func (c *deleteCall) advance() bool {
	if c.cancelled {
		c.interrupt(c.Key)
	}
	if c.handingOver() {
		return c.handOver()
	}
	c.resume()
	if c.over() {
		return c.settle()
	}
	if !c.handed && !c.turn(c.keys()...) {
		return false
	}
	c.look()
	if c.ready() {
		c.makeRoom()
	}
	return c.over() && c.settle()
}

// keys are all that the call deletes.
func (c *deleteCall) keys() []rrset.Key { return append(c.FormerKeys(c.Key), c.Key) }

// ours are the keys under which an operator may hold ours.
func (c *deleteCall) ours(g *leg) []rrset.Key {
	if c.handed {
		return c.formerAt(g.p.name, c.Key)
	}
	return c.oursAt(g.p.name, c.Key, c.Foreign[g.p.name])
}

// look finds out what each operator holds, where something is to go.
func (c *deleteCall) look() {
	for _, g := range c.legs {
		switch {
		case g.over:
		case c.handed && len(c.ours(g)) == 0:
			g.end(Outcome{})
		case !g.looked:
			c.lookAt(g)
		}
	}
}

func (c *deleteCall) lookAt(g *leg) {
	known, err := g.lane.sure(c.keys()...)
	switch {
	case operator.NoZone(err):
		g.end(Outcome{Known: true, NoZone: true})
	case err != nil:
		g.end(Outcome{Err: err})
	default:
		g.looked = known
	}
}

// ready reports whether writing may begin. A deletion that makes room for a creation begins nowhere unless all
// operators answer: the one that answers would end with neither. So does one half of a delegation before the other.
func (c *deleteCall) ready() bool {
	if c.handed {
		return true
	}
	if c.Replacing {
		for _, g := range c.legs {
			if g.outcome.Err != nil {
				c.spare()
			}
			if !g.over && !g.looked {
				return false
			}
		}
		if !c.hasRoom() {
			return false
		}
	}
	return c.order.kept(c.legs...)
}

// spare ends the legs where nothing was deleted, because another one is out. What is declared in the place of the RRset
// may still take it away.
func (c *deleteCall) spare() {
	for _, g := range c.legs {
		switch {
		case g.over || g.job != nil || !g.looked:
		case !c.left(g):
			g.end(c.untouched(g, Outcome{}))
		case c.vigil.over || successor(g.lane, c.ours(g)) == nil:
			g.end(c.untouched(g, Outcome{Err: ErrTakenBack}))
		}
	}
}

// makeRoom deletes where nothing is to take the place of what is held.
func (c *deleteCall) makeRoom() {
	waiting := false
	for _, g := range c.legs {
		if g.over || g.job != nil || !g.looked {
			continue
		}
		switch c.judge(g) {
		case goes:
			c.erase(g)
		case waits:
			waiting = true
		case stays:
			g.end(c.untouched(g, Outcome{Err: ErrNotSucceeded}))
		}
	}
	if waiting { // for other calls, which may need the turn at the keys
		c.release()
		c.vigil.begin()
	}
}

// erase queues the deletion of what the operator holds of ours. What is under the key and was never ours stays.
func (c *deleteCall) erase(g *leg) {
	held, former := g.lane.book.get(c.Key), c.formerAt(g.p.name, c.Key)
	switch {
	case c.handed:
		doubted := c.before(g) != NoDoubt && c.m.claim(c.Key).shaky[g.p.name]
		g.queue(&job{subject: former[0], also: former[1:], doubted: doubted})
	case !c.Foreign[g.p.name] || held == nil:
		j := &job{subject: c.Key, also: former, doubted: c.before(g).denies(true)}
		j.alone = len(g.lane.held(j.keys())) == 0 // nothing is sent, or what passes, which may be refused
		if was, known := c.Was[g.p.name]; known {
			j.fence = &was
		}
		g.queue(j)
	case len(former) > 0:
		g.queue(&job{subject: former[0], also: former[1:]})
	default:
		g.end(Outcome{Held: held, Known: true, Kept: true})
	}
}

// settle does what is left to do once everything is answered.
func (c *deleteCall) settle() bool { return c.passedOn() && c.settled() && c.gone() }

// settled reports whether nothing is left to do: where a deletion that makes room failed at one operator, it is taken
// back at the others.
func (c *deleteCall) settled() bool {
	if !c.Replacing || c.handed || c.restoring {
		return true
	}
	failed := false
	for _, g := range c.legs {
		failed = failed || g.outcome.Err != nil || g.untaken
	}
	if !failed {
		return true
	}
	c.restoring = true
	over := true
	for _, g := range c.legs {
		if before := g.job.beforeIt(); g.outcome.Err == nil && g.outcome.Wrote && len(before) > 0 {
			g.over, g.restored = false, true
			j := &job{subject: before[0].Key, want: &before[0], plus: before[1:]}
			g.queue(j)
			over = false
		}
	}
	return over
}

// untouched is an outcome of a leg that wrote nothing under the key. Whoever takes it over may have changed what is
// held there.
func (c *deleteCall) untouched(g *leg, o Outcome) Outcome {
	o.Held, o.Known = g.lane.book.get(c.Key), g.lane.book.knows(c.Key.Name)
	return o
}
