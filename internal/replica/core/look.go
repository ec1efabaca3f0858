package core

import (
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// lookCall asks operators what they hold under a key.
type lookCall struct {
	m *Machine
	Look
	begun     time.Time
	seen      map[string]Observation
	late      bool // they have had their time
	cancelled bool
}

func (m *Machine) newLook(e Look) *lookCall {
	return &lookCall{m: m, Look: e, begun: m.now, seen: map[string]Observation{}}
}

func (c *lookCall) cancel()        { c.cancelled = true }
func (c *lookCall) idle() bool     { return false }
func (c *lookCall) result() Result { return Result{Seen: c.seen} }

func (c *lookCall) advance() bool {
	missing := false
	for _, p := range c.m.parties {
		if !c.At[p.name] {
			continue
		}
		if _, ok := c.seen[p.name]; ok {
			continue
		}
		o, ok := c.m.observe(p, append([]rrset.Key{c.Key}, c.Also...), c.Sure || c.m.claim(c.Key).known())
		switch {
		case ok:
			c.seen[p.name] = o
			c.time(o)
			continue
		case c.cancelled:
			c.seen[p.name] = Observation{Err: interruption(p.name, "read "+c.Key.Name)}
			continue
		case c.late:
			c.seen[p.name] = Observation{Late: true, Err: &operator.OutageError{
				Operator: p.name, Action: "read " + c.Key.Name, Reason: "it has not answered yet",
			}}
			continue
		}
		missing = true
	}
	return !missing
}

// time bounds the wait for the others once one has answered. A plan is made again while it is applied
// (design/facts/terraform-behaviour.md section 9), and there no operator may wait for another for long. Nobody is left
// behind for one that is out: that may be quick to say so, and is not held up.
func (c *lookCall) time(o Observation) {
	if c.Patient || o.Err != nil {
		return
	}
	t := c.m.timing
	most := max(t.Late, time.Duration(t.LateFactor)*c.m.now.Sub(c.begun))
	left := most
	for _, p := range c.m.parties { // a hundred looks wait no longer than one
		left = min(left, most-p.lane(c.m, c.Key.Zone).waited())
	}
	c.m.after(left, func() { c.late = true })
}

// observe is what an operator is known to hold under the first of the keys, which are of one name; ok is false while
// that is on its way.
func (m *Machine) observe(p *party, keys []rrset.Key, sure bool) (o Observation, ok bool) {
	key := keys[0]
	l := p.lane(m, key.Zone)
	known, err := l.know(key.Name)
	if sure {
		known, err = l.sure(keys...)
	}
	if err != nil {
		return Observation{Err: err}, true
	}
	return Observation{Held: l.book.get(key), Others: l.book.others(key)}, known
}

// lookAllCall asks all operators what they hold in a zone.
type lookAllCall struct {
	m *Machine
	LookAll
	all       map[string]Contents
	cancelled bool
}

func (m *Machine) newLookAll(e LookAll) *lookAllCall {
	return &lookAllCall{m: m, LookAll: e, all: map[string]Contents{}}
}

func (c *lookAllCall) cancel()        { c.cancelled = true }
func (c *lookAllCall) idle() bool     { return false }
func (c *lookAllCall) result() Result { return Result{All: c.all} }

func (c *lookAllCall) advance() bool {
	missing := false
	for _, p := range c.m.parties {
		if _, ok := c.all[p.name]; ok {
			continue
		}
		l := p.lane(c.m, c.Zone)
		known, err := l.knowAll()
		switch {
		case err != nil:
			c.all[p.name] = Contents{Err: err}
		case known:
			c.all[p.name] = Contents{Held: l.book.all()}
		case c.cancelled:
			c.all[p.name] = Contents{Err: interruption(p.name, "list the RRsets of "+c.Zone)}
		default:
			missing = true
		}
	}
	return !missing
}

// awaitCall asks whether an RRset that stands in the way is ours.
type awaitCall struct {
	m *Machine
	Await
	vigil     vigil
	yes       bool
	cancelled bool
}

func (m *Machine) newAwait(e Await) *awaitCall {
	return &awaitCall{m: m, Await: e, vigil: vigil{m: m}}
}

func (c *awaitCall) cancel()        { c.cancelled = true }
func (c *awaitCall) idle() bool     { return true }
func (c *awaitCall) result() Result { return Result{Yes: c.yes} }

func (c *awaitCall) advance() bool {
	c.yes = c.m.claim(c.Key).ours(c.Operator)
	if c.yes || c.cancelled || c.vigil.over {
		return true
	}
	c.vigil.begin()
	return false
}
