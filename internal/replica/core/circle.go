package core

import (
	"cmp"
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// A creation that is the second half of a replacement comes after a deletion, which may wait for another creation.
// Whoever gives something up to that creation waits for that deletion: if it fails, nothing comes. Two addresses that
// exchange their keys wait for each other so, and one of them has to give up first.

// behind are the deletions that come before what is declared at the name in the place of this RRset, be they over or
// not.
func (c *deleteCall) behind() (ids []ID) {
	ours := append(c.Beside(c.Key), c.Key)
	for typ, claim := range c.m.ledger.names[c.Key.WithType("")] {
		key := c.Key.WithType(typ)
		if slices.ContainsFunc(ours, func(own rrset.Key) bool { return own == key || own.Excludes(key) }) {
			ids = append(ids, claim.behind...)
		}
	}
	return slices.DeleteFunc(ids, func(id ID) bool { return id == c.id })
}

// heldUp reports whether one of those is under way: it may wait in vain itself. Of some that hold up each other in a
// circle one does not wait: when it is over, what follows it takes over what the next one has.
func (c *deleteCall) heldUp() bool {
	var all []*deleteCall
	for d := c.heldUpBy(); d != nil && !slices.Contains(all, d); d = d.heldUpBy() {
		all = append(all, d)
	}
	return len(all) > 0 && !(slices.Contains(all, c) && slices.MinFunc(all, (*deleteCall).compare) == c)
}

// heldUpBy is the first of those.
func (c *deleteCall) heldUpBy() *deleteCall {
	for _, id := range slices.Sorted(slices.Values(c.behind())) {
		if d, underWay := c.m.calls[id].(*deleteCall); underWay {
			return d
		}
	}
	return nil
}

// compare says which of a circle gives up before another: one that is handed over, and nothing more, loses nothing.
func (c *deleteCall) compare(other *deleteCall) int {
	switch {
	case c.yields() == other.yields():
		return cmp.Compare(c.id, other.id)
	case c.yields():
		return -1
	}
	return 1
}

// yields reports whether the RRset is handed over, also to nobody that is in sight.
func (c *deleteCall) yields() bool {
	return c.m.claim(c.Key).declared && !slices.ContainsFunc(c.legs, c.mayLeaveMore)
}
