package core

import "time"

// company is what a queue knows of how changes come, so that those that come together leave together.
type company struct {
	waiting bool
	count   int           // pending when the wait began
	still   time.Duration // how long nothing came

	delivered bool // a batch has been away
	widest    int  // the most jobs that were pending and away at once

	last  time.Time     // when a change came last, by a clock that stands still while a batch is away
	gap   time.Duration // the longest that it took until the next one came
	since time.Time     // when the batch left that is away
}

func (c *company) came(now time.Time, busy bool) {
	if !c.last.IsZero() && !busy {
		c.gap = max(c.gap, now.Sub(c.last))
	}
	c.last = now
}

// left: a batch leaves, and it is back once all of it is answered. That time is not the CLI's.
func (c *company) left(now time.Time) { c.waiting, c.since = false, now }

func (c *company) back(now time.Time) {
	c.delivered = true
	if c.last = c.last.Add(now.Sub(c.since)); c.last.After(now) {
		c.last = now // a change came meanwhile
	}
}

// complete reports whether no more company is likely to come: nothing came for long enough; or nothing just came, and
// all that was planned is here, or as many as were ever here at once.
func (c *company) complete(l *lane) bool {
	if !c.waiting || c.count != len(l.pending) || c.still <= 0 {
		return false
	}
	t := l.m.timing
	switch {
	case c.still > min(max(t.BatchIdle, 2*c.gap), t.BatchIdleMost):
		return true
	case !c.delivered:
		return l.p.anyExpected && len(l.p.expected) == 0
	}
	return len(l.pending) >= c.widest && len(l.p.expected) == 0
}

// wait looks again after a while.
func (c *company) wait(l *lane) {
	if c.waiting {
		return
	}
	c.waiting, c.count, c.still = true, len(l.pending), 0
	c.poll(l)
}

func (c *company) poll(l *lane) {
	l.m.after(l.m.timing.BatchPoll, func() {
		if !c.waiting {
			return
		}
		if c.count != len(l.pending) {
			c.count, c.still = len(l.pending), 0
		}
		c.still += l.m.timing.BatchPoll
		switch {
		case len(l.pending) == 0: // all were given up: the next one that comes begins anew
			c.waiting = false
		case !c.complete(l):
			c.poll(l)
		}
	})
}
