package core

import (
	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// undoCall takes back what a creation wrote. It takes as long as that needs, and goes on after Ctrl-C while the
// operators answer: each request has its time, and who will not wait for it ends the process with another Ctrl-C
// (design/facts/terraform-behaviour.md section 11).
type undoCall struct {
	change
	want    Desired
	written map[string]Outcome
	before  map[string][]operator.RRset
	left    map[string]error
}

func (m *Machine) newUndo(want Desired, r Result) *undoCall {
	return &undoCall{
		change: m.newChange(0, want.Key().Zone, func(name string) bool {
			return r.Outcomes[name].Wrote || r.Outcomes[name].InDoubt()
		}),
		want: want, written: r.Outcomes, before: r.Before, left: map[string]error{},
	}
}

func (c *undoCall) cancel() {
	for _, g := range c.legs {
		c.watch(g)
	}
}

func (c *undoCall) result() Result { return Result{Left: c.left} }

// watch gives up at an operator that does not answer. What was sent is read back all the same.
func (c *undoCall) watch(g *leg) {
	c.m.after(g.lane.patience(), func() {
		switch {
		case g.over:
		case g.lane.patience() > 0:
			c.watch(g)
		case g.job != nil:
			g.job.cancelled = true
		}
	})
}

func (c *undoCall) advance() bool {
	for _, g := range c.legs {
		if g.job == nil {
			c.take(g)
		}
	}
	if !c.over() {
		return false
	}
	for _, g := range c.legs {
		if g.outcome.Err == nil {
			continue
		}
		if c.written[g.p.name].InDoubt() && !g.job.sent {
			g.outcome.Err = doubt(c.written[g.p.name].Err)
		}
		c.left[g.p.name] = g.outcome.Err
		c.m.ledger.doubtAll(g)
		for _, before := range c.before[g.p.name] {
			if g.outcome.InDoubt() {
				c.m.claim(before.Key).returns(g.p.name, g.outcome.Err)
			}
		}
	}
	return true
}

// take queues what undoes one operator's part. What is in doubt is read before, with all that is.
func (c *undoCall) take(g *leg) {
	want := c.want[g.p.name]
	doubtful := c.written[g.p.name].InDoubt()
	j := &job{subject: want.Key, undoing: true, anew: doubtful}
	if before := c.before[g.p.name]; len(before) > 0 {
		j.subject, j.also, j.want, j.plus = before[0].Key, []rrset.Key{want.Key}, &before[0], before[1:]
	}
	j.guard = func(held *operator.RRset, _ []operator.RRset) error {
		back := j.want == nil && held == nil || j.want != nil && Difference(*j.want, held) == ""
		if c.ours(g) || back && (j.sent || !doubtful) {
			return nil
		}
		return &ConflictError{Operator: g.p.name, Key: want.Key, Held: g.lane.book.get(want.Key)}
	}
	g.queue(j)
}

// ours reports whether the operator holds what was written, or was written on the way to it: somebody may have changed
// it since, and that is not taken back.
func (c *undoCall) ours(g *leg) bool {
	want := c.want[g.p.name]
	held := g.lane.book.get(want.Key)
	return Difference(g.p.rules.Effective(want), held) == "" || Difference(g.p.rules.Effective(*nudged(want)), held) == ""
}

// doubt is why a roll-back could not be made: it is not known yet what there is to take back.
func doubt(err error) error {
	outage := *operator.AsOutage(err)
	outage.Action = "roll back"
	outage.Reason += "; the write may still be carried out"
	return &outage
}
