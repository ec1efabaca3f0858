package core

import (
	"maps"
	"slices"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// Machine is the life of the RRsets of one run of the CLI. It is not safe for concurrent use.
type Machine struct {
	timing  Timing
	parties []*party
	ledger  ledger

	calls   map[ID]call
	order   []ID               // of the calls, as they came
	waiting map[ID]func(Event) // requests and waits, by what to do with the answer
	last    ID
	effects []Effect

	now time.Time
	// lively is when a call last came or ended, or was seen to be on its way.
	lively time.Time
	// unplanned are the keys of the addresses that were validated and have no plan so far.
	unplanned map[rrset.Key]bool
	// hopeless: a call has waited for an owner in vain.
	hopeless bool
}

// call is something that a resource asked for.
type call interface {
	// advance does what can be done by now, and reports whether the call is over.
	advance() bool
	// cancel gives up whatever was not sent.
	cancel()
	// idle reports whether the call waits for another call to come.
	idle() bool
	result() Result
}

// New returns the Machine of the given operators.
func New(operators []Rules, timing Timing) *Machine {
	m := &Machine{timing: timing, ledger: newLedger(), calls: map[ID]call{}, waiting: map[ID]func(Event){}, unplanned: map[rrset.Key]bool{}}
	for _, rules := range operators {
		m.parties = append(m.parties, &party{
			name: rules.Name(), rules: rules, lanes: map[string]*lane{}, expected: map[rrset.Key]bool{},
		})
	}
	return m
}

// Step takes in an event and returns what is to be done about it. Times may not run backwards.
func (m *Machine) Step(now time.Time, e Event) []Effect {
	m.now = now
	m.take(e)
	m.advance()
	effects := m.effects
	m.effects = nil
	return effects
}

func (m *Machine) take(e Event) {
	switch e := e.(type) {
	case Declared:
		m.claim(e.Key).declared = true
	case Validated:
		m.claim(e.Key).declared = true
		m.plans(e.Key, false)
	case Planning:
		m.plans(e.Key, true)
	case Owned:
		m.claim(e.Key).owned = true
	case Leaving:
		m.claim(e.Key).leave(e)
	case Destroyed:
		m.claim(e.Key).destroyed = true
	case Ceded:
		m.claim(e.Key).cede(e)
	case Kept:
		m.claim(e.Key).keep()
	case Expected:
		m.plans(e.Key, true)
		for _, p := range m.parties {
			p.expected[e.Key], p.anyExpected = true, true
		}
	case Look:
		m.begin(e.ID, m.newLook(e))
	case LookAll:
		m.begin(e.ID, m.newLookAll(e))
	case Await:
		m.begin(e.ID, m.newAwait(e))
	case Create:
		m.claim(e.Want.Key()).declared = true
		m.begin(e.ID, m.newCreate(e))
	case Update:
		m.claim(e.From).owned = true
		m.leave(e.From, e.Ownership, e.From != e.Want.Key())
		m.claim(e.Want.Key()).declared = true
		m.begin(e.ID, m.newUpdate(e))
	case Delete:
		m.leave(e.Key, e.Ownership, true)
		for _, place := range e.For {
			m.claim(place.Key).behind = append(m.claim(place.Key).behind, e.ID)
		}
		m.begin(e.ID, m.newDelete(e))
	case Undo:
		m.begin(e.ID, m.newUndo(e.Want, e.Result))
	case Cancel:
		if c := m.calls[e.ID]; c != nil {
			c.cancel()
		}
	case ListAnswer:
		m.answered(e.ID, e)
	case NameAnswer:
		m.answered(e.ID, e)
	case WriteAnswer:
		m.answered(e.ID, e)
	case HeldAnswer:
		m.answered(e.ID, e)
	case EmptyAnswer:
		m.answered(e.ID, e)
	case PublishedAnswer:
		m.answered(e.ID, e)
	case Elapsed:
		m.answered(e.ID, e)
	}
}

// plans notes whether the plan of the address that declares a key has begun.
func (m *Machine) plans(key rrset.Key, begun bool) {
	m.lively = m.now
	if m.claim(key).unplanned = !begun; begun {
		delete(m.unplanned, key)
	} else {
		m.unplanned[key] = true
	}
}

// leave notes what an address gives up: what is left of former types, and all of key itself if that is whole and was
// not handed over.
func (m *Machine) leave(key rrset.Key, known Ownership, whole bool) {
	for _, former := range known.Left(key) {
		m.claim(former.Key).leave(former)
	}
	if whole && !known.HandedOver(key) {
		m.claim(key).leave(known.Leaving(key))
	}
}

func (m *Machine) begin(id ID, c call) {
	m.last = max(m.last, id)
	m.calls[id] = c
	m.order = append(m.order, id)
	m.lively = m.now
}

// NewID names the next call.
func (m *Machine) NewID() ID {
	m.last++
	return m.last
}

// request emits an effect whose answer goes to then.
func (m *Machine) request(effect func(ID) Effect, then func(Event)) ID {
	id := m.NewID()
	m.waiting[id] = then
	m.effects = append(m.effects, effect(id))
	return id
}

// after calls then when the time is over.
func (m *Machine) after(wait time.Duration, then func()) {
	m.request(func(id ID) Effect { return Wait{ID: id, For: max(wait, 0)} }, func(Event) { then() })
}

func (m *Machine) answered(id ID, e Event) {
	then := m.waiting[id]
	delete(m.waiting, id)
	if then != nil {
		then(e)
	}
}

// advance lets calls and queues do what they can, until nothing moves: what one call does may be what another waits
// for.
func (m *Machine) advance() {
	for moved := true; moved; {
		moved = false
		m.order = slices.DeleteFunc(m.order, func(id ID) bool {
			c := m.calls[id]
			over := c.advance()
			if over {
				moved = true
				m.end(id, c)
			}
			return over
		})
		for _, p := range m.parties {
			for _, zone := range slices.Sorted(maps.Keys(p.lanes)) {
				moved = p.lanes[zone].advance() || moved
			}
		}
	}
}

func (m *Machine) end(id ID, c call) {
	delete(m.calls, id)
	m.ledger.unlock(id)
	m.lively = m.now
	m.effects = append(m.effects, Done{ID: id, Result: c.result()})
}

// Enough says whether, of a zone that does not fit into one page, no more pages are worth reading: few names are
// cheaper read one by one.
func (m *Machine) Enough(operator, zone string) bool {
	return m.party(operator).lane(m, zone).enough()
}

func (m *Machine) party(name string) *party {
	for _, p := range m.parties {
		if p.name == name {
			return p
		}
	}
	panic("core: no operator named " + name)
}

// LowestTTL is the smallest TTL that an operator is known to hold in a zone, 0 while that is not known.
func (m *Machine) LowestTTL(operator, zone string) uint32 {
	return m.party(operator).lane(m, zone).book.lowestTTL()
}

// Held is what operators are known to hold under the key, nil if nothing. One that was not asked so far, or did not
// answer, is left out.
func (m *Machine) Held(key rrset.Key) map[string]*operator.RRset {
	held := map[string]*operator.RRset{}
	for _, p := range m.parties {
		if b := p.lane(m, key.Zone).book; b.knows(key.Name) {
			held[p.name] = b.get(key)
		}
	}
	return held
}

func (m *Machine) claim(key rrset.Key) *claim { return m.ledger.of(key) }

// Declares reports whether the configuration declares the key, by all that is known so far.
func (m *Machine) Declares(key rrset.Key) bool { return m.claim(key).declared }

// Keeps reports whether an address of the state has the key and declares it.
func (m *Machine) Keeps(key rrset.Key) bool { return m.claim(key).kept }

// Leaves reports whether an address of the state gives the key up.
func (m *Machine) Leaves(key rrset.Key) bool { return m.claim(key).leaves() }

// Destroys reports whether the plan destroys an address of the state that has the key.
func (m *Machine) Destroys(key rrset.Key) bool { return m.claim(key).destroyed }

// Changing is what becomes of the owner name of key, by all that is known so far. Where nothing leaves, it is empty.
func (m *Machine) Changing(key rrset.Key) Change { return m.ledger.changing(key) }

// idle reports whether no call is under way but those that wait for another to come.
func (m *Machine) idle() bool {
	for _, c := range m.calls {
		if !c.idle() {
			return false
		}
	}
	return true
}

// vigil is the wait of a call for another call, which tells that an RRset is ours. It is given up when no call came or
// ended for a while and none is under way that could make room for it: no clock counts while something happens.
type vigil struct {
	m    *Machine
	on   bool // waiting
	over bool // nobody came
	// steady outlasts the others: a call that gives up may make room, in a CLI that works on few at a time, for the one
	// that is waited for. Whether others waited in vain says nothing of this wait.
	steady bool
	// of is the deletion that waits, if it is one: what it waits for may come after another one.
	of *deleteCall
}

// isSteady reports whether the wait outlasts the others.
func (v *vigil) isSteady() bool { return v.steady || v.of != nil && len(v.of.behind()) > 0 }

// idle reports whether nothing is under way that what is waited for may come of.
func (v *vigil) idle() bool { return v.m.idle() && (v.of == nil || !v.of.heldUp()) }

func (v *vigil) begin() {
	if v.on {
		return
	}
	v.on = true
	v.watch()
}

func (v *vigil) watch() {
	patience := v.m.timing.Ownership
	switch {
	case v.isSteady(), len(v.m.unplanned) > 0: // what is validated is on its way
		patience *= 2
	case v.m.hopeless:
		patience /= 10 // a hundred conflicts wait no longer than a few
	}
	v.m.after(patience-v.m.now.Sub(v.m.lively), func() {
		switch {
		case !v.on:
		case v.m.now.Sub(v.m.lively) < patience || !v.idle():
			if !v.idle() { // what is under way may end at any time
				v.m.after(patience, func() {
					if v.on {
						v.watch()
					}
				})
				return
			}
			v.watch()
		default:
			v.on, v.over = false, true
			if !v.isSteady() {
				v.m.hopeless = true
			}
		}
	})
}

func (v *vigil) end() { v.on = false }
