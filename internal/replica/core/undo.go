package core

import (
	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// undoCall takes back what a creation wrote, and goes on after Ctrl-C.
type undoCall struct {
	change
	want    Desired
	written map[string]Outcome
	before  map[string][]operator.RRset
	timed   bool
	late    bool
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

func (c *undoCall) cancel()        {}
func (c *undoCall) result() Result { return Result{Left: c.left} }

func (c *undoCall) advance() bool {
	if !c.timed {
		c.timed = true
		c.m.after(c.m.timing.Undo, func() { c.late = true })
	}
	for _, g := range c.legs {
		if g.job == nil && !g.over {
			c.take(g)
		}
		if c.late && !g.over {
			g.end(Outcome{Err: &operator.OutageError{Operator: g.p.name, Action: "roll back", Reason: "it took too long", InDoubt: g.job != nil && g.job.sent}})
			if g.job != nil {
				g.job.cancelled = true
			}
		}
	}
	if !c.over() {
		return false
	}
	for _, g := range c.legs {
		if g.outcome.Err == nil {
			continue
		}
		c.left[g.p.name] = g.outcome.Err
		for _, before := range c.before[g.p.name] {
			if g.outcome.InDoubt() {
				c.m.claim(before.Key).returns(g.p.name, g.outcome.Err)
			}
		}
	}
	return true
}

// take queues what undoes one operator's part, once it is known what there is to undo.
func (c *undoCall) take(g *leg) {
	want := c.want[g.p.name]
	if c.written[g.p.name].InDoubt() && !g.looked {
		if !g.reading {
			g.reading = true
			g.lane.readBackName([]rrset.Key{want.Key}, func(err error) {
				g.looked = true
				if err != nil || !c.ours(g) {
					g.end(Outcome{Err: doubt(c.written[g.p.name].Err)})
				}
			})
		}
		return
	}
	j := &job{subject: want.Key, undoing: true}
	if before := c.before[g.p.name]; len(before) > 0 {
		j.subject, j.also, j.want, j.plus = before[0].Key, []rrset.Key{want.Key}, &before[0], before[1:]
	}
	j.guard = func(held *operator.RRset, _ []operator.RRset) error {
		if back := j.want == nil && held == nil || j.want != nil && Difference(*j.want, held) == ""; back || c.ours(g) {
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
