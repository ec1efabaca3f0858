package core

import (
	"maps"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// claim is what is known of who owns one RRset. It only grows: the CLI tells in any order, so what was learnt is never
// taken back.
type claim struct {
	// declared: the configuration declares it, or a call wants it to be.
	declared bool
	// unplanned: the address that declares it was validated and has no plan so far. If none comes it is wrong, and
	// takes nothing over.
	unplanned bool
	// owned: the state knows it, under whatever address.
	owned bool
	// leaving: owned, and its address gives it up.
	leaving bool
	// open: owned, and its address may give it up.
	open bool
	// destroyed: owned, and the plan destroys its address.
	destroyed bool
	// ceded are the operators where it is ours, and left to another address.
	ceded map[string]bool
	// kept: an address of the state has it and declares it.
	kept bool
	// unaware are the operators where the address that has it does not know that it is ours: it was told too late, and
	// could not look there.
	unaware map[string]bool
	// untaken: a creation that would have taken it over failed.
	untaken bool
	// came: a call that wants it is over.
	came bool
	// left are the operators where a former type of some address could not be replaced: ours there and nowhere else.
	left map[string]bool
	// foreign are the operators where what is owned was never ours, by what all addresses say that give it up.
	foreign map[string]bool
	// unpublished are the operators that stored what is owned and do not serve it.
	unpublished map[string]bool
	// doubted are, by operator, what may still be carried out of writes to it that other addresses made.
	doubted map[string]Doubt
	// shaky are the operators where a call that wanted it came to an end that leaves it in doubt.
	shaky map[string]bool
	// returning are, by operator, the errors of roll-backs that may still put it back.
	returning map[string]error
	// roomy are the operators where a deletion that makes room for it has seen that there is some.
	roomy map[string]bool
	// behind are the deletions that the creation which declares it comes after.
	behind []ID
	// absorbed: the creations and updates that delete it with their own write.
	absorbed []ID
	// busy: the call that works on it, if it is not 0; the others wait for their turn.
	busy ID
}

// leave takes in what an address that gives the RRset up, or may do so, knows of it.
func (c *claim) leave(e Leaving) {
	switch {
	case len(e.At) > 0:
		note(&c.left, e.At)
	case e.Open && c.leaving:
	case e.Open:
		note(&c.foreign, e.Foreign)
		c.owned, c.open = true, true
	case c.leaving:
		c.foreign = without(c.foreign, func(name string) bool { return !e.Foreign[name] })
	default:
		note(&c.foreign, e.Foreign)
		c.owned, c.leaving = true, true
	}
	note(&c.unpublished, e.Unpublished)
	c.doubt(e.Doubted)
}

// doubt notes what may still be carried out at operators.
func (c *claim) doubt(doubted map[string]Doubt) {
	for name, d := range doubted {
		if c.doubted == nil {
			c.doubted = map[string]Doubt{}
		}
		c.doubted[name] = c.doubted[name].and(d)
	}
}

func note(of *map[string]bool, names map[string]bool) {
	for name := range names {
		mark(of, name)
	}
}

func (c *claim) cede(e Ceded) {
	note(&c.ceded, e.At)
	c.doubt(e.Doubted)
}

// end notes that a call which wants the RRset is over, and whether its address has it now.
func (c *claim) end(taken bool) {
	if c.came = true; taken {
		c.keep()
	} else {
		c.untaken = true
	}
}

func (c *claim) keep() { c.owned, c.declared, c.kept = true, true, true }

// returns notes that a roll-back may still put the RRset back at an operator.
func (c *claim) returns(name string, err error) {
	if c.returning == nil {
		c.returning = map[string]error{}
	}
	c.returning[name] = err
}

// leaves reports whether an address gives the RRset up, at some operator at least.
func (c *claim) leaves() bool { return c.leaving || len(c.left) > 0 }

// misses reports whether nobody is going to take the RRset over, although somebody declares it. Who was waited for in
// vain may still come, unless its plan had to come before anything else.
func (c *claim) misses(waited bool) bool { return c.untaken || waited && c.unplanned }

// given reports whether an address gives up what an operator holds.
func (c *claim) given(name string) bool { return c.leaving && !c.foreign[name] || c.left[name] }

// goes reports whether the run deletes what an operator holds.
func (c *claim) goes(name string) bool { return c.given(name) && !c.declared }

// stands reports whether what an operator holds is declared, and no call of this run left it in doubt.
func (c *claim) stands(name string) bool { return c.declared && !c.shaky[name] }

// ours reports whether what an operator holds is ours, under whatever address.
func (c *claim) ours(name string) bool {
	return c.owned && !c.foreign[name] || c.left[name] || c.ceded[name]
}

// known reports whether the state knows the RRset, at some operator at least.
func (c *claim) known() bool { return c.owned || c.leaves() || len(c.ceded) > 0 }

// departing is what is known of the RRset for who declares it later.
func (c *claim) departing() Departing {
	d := Departing{
		Foreign: maps.Clone(c.foreign), Unpublished: maps.Clone(c.unpublished), Doubted: maps.Clone(c.doubted),
		Open: !c.leaves() && len(c.ceded) == 0,
	}
	if !c.leaving {
		note(&d.At, c.left)
		note(&d.At, c.ceded)
	}
	return d
}

// Departing is what is known of an RRset that an address of the state gives up.
type Departing struct {
	// Foreign are the operators where it is not ours, Unpublished those that do not serve it.
	Foreign     map[string]bool `json:"foreign,omitempty"`
	Unpublished map[string]bool `json:"unpublished,omitempty"`
	// Doubted is what operators may still carry out of writes to it.
	Doubted map[string]Doubt `json:"doubted,omitempty"`
	// At are the operators where alone it is ours, if it is that of a type that could not be replaced there.
	At map[string]bool `json:"at,omitempty"`
	// Open: it may stay.
	Open bool `json:"open,omitempty"`
}

// Leaving tells another walk of it.
func (d Departing) Leaving(key rrset.Key) Leaving {
	return Leaving{Key: key, Foreign: d.Foreign, Unpublished: d.Unpublished, At: d.At, Doubted: d.Doubted}
}
