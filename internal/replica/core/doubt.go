package core

import (
	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// Doubt is what an operator may still carry out of writes that it has not answered, by what the address declares:
// minutes later, when another run is long over (design/facts/desec-api.md section 10). design/late-writes.md says what
// ends it.
type Doubt string

const (
	// NoDoubt is that all writes were answered, or seen to be carried out.
	NoDoubt Doubt = ""
	// MayCome is that what is declared may come. It ends when that is seen.
	MayCome Doubt = "declared"
	// MayGo is that the RRset may be deleted. It ends when that is seen.
	MayGo Doubt = "deletion"
	// MayChange is that something else may come, and nothing that is seen now tells whether it will. It ends when the
	// operator has answered a write that was sent later.
	MayChange Doubt = "other"
)

// and is what may come of both.
func (d Doubt) and(other Doubt) Doubt {
	switch {
	case d == other, other == NoDoubt:
		return d
	case d == NoDoubt:
		return other
	}
	return MayChange
}

// elsewhere is the same doubt by what another declaration says.
func (d Doubt) elsewhere() Doubt {
	if d == MayCome {
		return MayChange
	}
	return d
}

// once is what is left of the doubt when the operator was seen to hold what is declared, or nothing.
func (d Doubt) once(asDeclared, gone bool) Doubt {
	if d == MayCome && asDeclared || d == MayGo && gone {
		return NoDoubt
	}
	return d
}

// denies reports whether the doubt may undo what a change brings about: the deletion of an RRset if gone, else what is
// declared. Then only a write that is answered tells, not what is seen.
func (d Doubt) denies(gone bool) bool {
	switch d {
	case NoDoubt:
		return false
	case MayGo:
		return !gone
	case MayCome:
		return gone
	}
	return true
}

// doubt notes what may still come at an operator.
func (o *Ownership) doubt(name string, d Doubt) {
	if d == NoDoubt {
		return
	}
	if o.Doubts == nil {
		o.Doubts = map[string]Doubt{}
	}
	o.Doubts[name] = d
}

// doubt is what may still come where the leg ended, by what its address declares: what might have come before, and what
// was sent.
func (g *leg) doubt(before Doubt) Doubt {
	j, o := g.job, g.outcome
	if j == nil || !j.over {
		return before
	}
	if j.passed {
		before = NoDoubt
	}
	deletion := j.want == nil
	switch {
	case o.Kept:
		return before
	case o.Err == nil:
		return before.once(!deletion, deletion)
	case !j.unanswered && !(j.sent && o.InDoubt()):
		return before
	case deletion:
		return before.and(MayGo)
	}
	return before.and(MayCome)
}

// noteDoubts tells each outcome what may still come there, and others what may come of what they have; before is what
// might have come.
func (c *change) noteDoubts(wanted rrset.Key, before func(*leg) Doubt) {
	for _, g := range c.legs {
		if g.outcome.Doubt = g.doubt(before(g)); g.outcome.Doubt != NoDoubt {
			mark(&c.m.claim(wanted).shaky, g.p.name)
		}
		c.m.ledger.doubtAll(g)
	}
}

// doubt is what may be carried out at an operator of writes that other addresses made to some keys.
func (l *ledger) doubt(name string, keys ...rrset.Key) (d Doubt) {
	for _, key := range keys {
		d = d.and(l.of(key).doubted[name])
	}
	return d
}

// doubtAt is the same for all RRsets at the owner name of key: a write that brings one of them may take away another.
func (l *ledger) doubtAt(name string, key rrset.Key) (d Doubt) {
	for _, c := range l.names[key.WithType("")] {
		d = d.and(c.doubted[name])
	}
	return d
}

// doubtAll notes that what was written where the leg ended may still be carried out.
func (l *ledger) doubtAll(g *leg) {
	if !g.mayHaveCome() {
		return
	}
	for _, key := range g.job.touches() {
		l.of(key).doubt(map[string]Doubt{g.p.name: MayChange})
	}
}

// inDoubt is an outage of a question that was to tell what became of a write.
func inDoubt(err error) error {
	outage := operator.AsOutage(err)
	if outage == nil {
		return err
	}
	doubtful := *outage
	doubtful.InDoubt = true
	return &doubtful
}

// unpassed is the outage of an operator of which it cannot be told what will come of an earlier write.
func unpassed(name string, j *job) error {
	return &operator.OutageError{
		Operator: name, Action: "write " + j.subject.String(), InDoubt: true,
		Reason: "an earlier write was not answered and may still be carried out",
	}
}
