package core

import (
	"errors"
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// ErrTakenBack says that a deletion was undone, because it could not be made everywhere and the creation that was to
// follow would have been lost.
var ErrTakenBack = errors.New("the deletion was taken back, because it could not be made at the other operator")

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
	handed    bool // what is left to do is to erase former types
	following bool // another call deleted it with its own write, and is not over
}

func (m *Machine) newDelete(e Delete) *deleteCall {
	c := &deleteCall{change: m.newChange(e.ID, e.Key.Zone, func(string) bool { return true }), Delete: e}
	c.order, c.handed = m.orderOf(e.Key, true), e.Ownership.HandedOver(e.Key)
	return c
}

// before is what may be carried out at an operator of writes that came before, by what the state declares.
func (c *deleteCall) before(g *leg) Doubt {
	return c.Doubts[g.p.name].and(c.m.ledger.doubt(g.p.name, c.keys()...))
}

func (c *deleteCall) result() Result {
	c.noteDoubts(c.Key, func(g *leg) Doubt {
		if c.absorbing() { // and was interrupted, so that it does not wait for what becomes of that
			return c.before(g).and(MayChange)
		}
		return c.before(g)
	})
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
	}
	return Result{Outcomes: c.outcomes()}
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
	if c.handed {
		return c.eraseFormer()
	}
	if c.handingOver() {
		return c.handOver()
	}
	c.resume()
	if c.over() {
		return c.settle()
	}
	if !c.turn(c.keys()...) {
		return false
	}
	c.look()
	if c.ready() && c.order.kept(c.legs...) {
		c.makeRoom()
	}
	return c.over() && c.settle()
}

// makeRoom deletes where nothing is to take the place of what is held.
func (c *deleteCall) makeRoom() {
	waits := false
	for _, g := range c.legs {
		if g.over || g.job != nil || !g.looked {
			continue
		}
		held, waiting := c.heldBack(g, c.ours(g))
		waits = waits || waiting
		if !held {
			c.erase(g)
		}
	}
	c.watch(waits)
}

// heldBack reports whether what is ours at an operator must not be deleted, or not yet, because something else is to
// take its place there: that is left to whoever brings it, as far as the other call is in sight. The name would be
// empty until it comes, or for good if it never does.
func (c *deleteCall) heldBack(g *leg, keys []rrset.Key) (held, waits bool) {
	next := successor(g.lane, keys)
	if next == nil && c.before(g).denies(true) && !c.left(g) { // what may still come would be in its way
		next = g.lane.replacement(c.Key)
		if other := g.lane.excluder(c.Key); other != nil && !c.m.claim(other.Key).came && !c.vigil.over {
			return true, true // or it in the way of that which passes it
		}
	}
	switch {
	case next == nil:
		return false, false
	case next.came || next.misses(c.vigil.over) || c.vigil.over && (len(c.Foreign) > 0 || c.mayLeaveMore(g)): // who comes later could not tell whose it is
		g.end(c.untouched(g, Outcome{Err: ErrNotSucceeded}))
		return true, false
	}
	return !c.vigil.over, !c.vigil.over // the queue leaves alone what has a successor
}

// watch waits for other calls, which may need the turn at the keys.
func (c *deleteCall) watch(waits bool) {
	if waits {
		c.release()
		c.vigil.begin()
	}
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

// ours are the keys under which an operator may hold ours.
func (c *deleteCall) ours(g *leg) []rrset.Key {
	if c.handed {
		return c.formerAt(g.p.name, c.Key)
	}
	return c.oursAt(g.p.name, c.Key, c.Foreign[g.p.name])
}

// resume begins anew where a queued deletion was dropped, because something was declared in its place meanwhile.
func (c *deleteCall) resume() {
	for _, g := range c.legs {
		if g.job != nil && g.job.over && g.job.outcome.Kept && !c.restoring && !c.vigil.over && successor(g.lane, c.ours(g)) != nil {
			g.over, g.job = false, nil
		}
	}
}

// settle does what is left to do once everything is answered.
func (c *deleteCall) settle() bool { return c.passedOn() && c.settled() && c.gone() }

// passedOn reports whether what other addresses declare of what is ours under other types was taken, or that nobody
// comes. The state that knows of it is not forgotten before, as far as the other call is in sight.
func (c *deleteCall) passedOn() bool {
	waits := false
	for _, g := range c.legs {
		for _, key := range c.beside(g) {
			claim, gone := c.m.claim(key), g.outcome.Known && g.lane.book.get(key) == nil
			switch {
			case gone || g.outcome.Err != nil || !claim.declared || claim.kept:
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

// gone reports whether the RRset stays away: what another call deleted with its own write may come back if that call is
// rolled back, and is then judged anew here. Who was interrupted does not wait for that, and says so.
func (c *deleteCall) gone() bool {
	if c.cancelled {
		for _, g := range c.legs {
			if g.outcome.Err == nil && (c.handed || !g.outcome.Kept) && (c.absorbing() || c.left(g)) {
				g.outcome = c.untouched(g, Outcome{Err: interruption(g.p.name, "delete "+c.Key.String())})
			}
		}
		return true
	}
	if c.following = c.absorbing(); c.following {
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

// keys are all that the call deletes.
func (c *deleteCall) keys() []rrset.Key { return append(c.FormerKeys(c.Key), c.Key) }

// handingOver reports whether the RRset is declared elsewhere, and that nothing of it is on its way. What was queued is
// not written either; see lane.removals.
func (c *deleteCall) handingOver() bool {
	if !c.HandedOver && !c.m.claim(c.Key).declared || c.restoring {
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
	o := Outcome{Kept: true}
	switch {
	case c.Taken, c.m.claim(c.Key).kept:
	case c.cancelled || c.m.claim(c.Key).misses(c.vigil.over):
		o = Outcome{Err: ErrNotTaken}
	case !c.vigil.over:
		c.vigil.begin()
		return false
	case slices.ContainsFunc(c.legs, c.mayLeaveMore):
		o = Outcome{Err: ErrNotTaken} // who comes later knows nothing of that
	}
	c.vigil.end()
	if o.Err == nil && slices.ContainsFunc(c.legs, c.shunned) {
		o = Outcome{Err: ErrNotTaken}
	}
	if o.Err == nil && len(c.Former)+len(c.Ceded) > 0 {
		c.handed = true
		return c.eraseFormer()
	}
	for _, g := range c.legs {
		if g.job == nil || !g.over || g.outcome.Kept { // nothing was sent
			g.end(c.untouched(g, o))
		}
	}
	return true
}

// shunned reports whether whoever has the RRset now would take what an operator may hold for somebody else's, while it is
// ours by what the state knows here: that is not forgotten.
func (c *deleteCall) shunned(g *leg) bool {
	gone := g.lane.book.knows(c.Key.Name) && g.lane.book.get(c.Key) == nil
	return c.m.claim(c.Key).aloof[g.p.name] && !c.Foreign[g.p.name] && !gone
}

// mayLeaveMore reports whether former types may come of writes that were not answered.
func (c *deleteCall) mayLeaveMore(g *leg) bool {
	return c.before(g) != NoDoubt && len(c.Former[g.p.name]) > 0
}

// untouched is an outcome of a leg that wrote nothing under the key. Whoever takes it over may have changed what is
// held there.
func (c *deleteCall) untouched(g *leg, o Outcome) Outcome {
	o.Held, o.Known = g.lane.book.get(c.Key), g.lane.book.knows(c.Key.Name)
	return o
}

// eraseFormer deletes what operators still hold under former types. Whoever took the RRset over does not know of it.
func (c *deleteCall) eraseFormer() bool {
	waits := false
	for _, g := range c.legs {
		former := c.formerAt(g.p.name, c.Key)
		switch {
		case g.over && !g.outcome.Kept:
		case len(former) == 0:
			g.end(c.untouched(g, Outcome{Kept: true}))
		case g.job == nil || !g.job.handed:
			known, err := g.lane.sure(c.keys()...)
			switch {
			case err != nil:
				g.end(Outcome{Err: err})
			case known && c.before(g) != NoDoubt && !g.lane.answered && !c.m.claim(c.Key).came && !c.vigil.over:
				waits = true // who has the RRset writes after what may come, and is not in doubt if that comes no more
			case known:
				held, waiting := c.heldBack(g, former)
				g.over, waits = g.over && !waiting, waits || waiting
				if !held {
					g.over = false
					g.queue(&job{subject: former[0], also: former[1:], handed: true, doubted: c.before(g) != NoDoubt && c.m.claim(c.Key).shaky[g.p.name]})
				}
			}
		}
	}
	c.watch(waits)
	if !c.over() || !c.passedOn() || !c.gone() {
		return false
	}
	for _, g := range c.legs {
		g.outcome.Kept = true
	}
	return true
}

func (c *deleteCall) look() {
	for _, g := range c.legs {
		if g.looked {
			continue
		}
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
}

// ready reports whether writing may begin. A deletion that makes room for a creation begins nowhere unless all
// operators answer: the one that answers would end with neither.
func (c *deleteCall) ready() bool {
	if !c.Replacing {
		return true
	}
	for _, g := range c.legs {
		if g.outcome.Err != nil {
			c.spare()
		}
		if !g.over && !g.looked {
			return false
		}
	}
	return true
}

// spare ends the legs where nothing was deleted, because another one is out.
func (c *deleteCall) spare() {
	for _, g := range c.legs {
		if !g.over && g.job == nil {
			g.end(c.untouched(g, Outcome{Err: ErrTakenBack}))
		}
	}
}

// erase queues the deletion of what the operator holds of ours. What is under the key and was never ours stays.
func (c *deleteCall) erase(g *leg) {
	held, former := g.lane.book.get(c.Key), c.formerAt(g.p.name, c.Key)
	switch {
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

// settled reports whether nothing is left to do: where a deletion that makes room failed at one operator, it is taken
// back at the others.
func (c *deleteCall) settled() bool {
	if !c.Replacing || c.restoring {
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
