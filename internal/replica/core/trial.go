package core

import (
	"fmt"
	"math/bits"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

// manyFailures is how many writes of one change in a row must have failed, while reads worked, before the operator
// counts as out.
const manyFailures = 3

// trial is the search for what an operator cannot digest: a part that failed is halved until the culprits stand alone.
// That they are to blame, and not the operator, shows only when it carries out others.
type trial struct {
	size     int // jobs in the part that failed first
	failures int // in a row, until one is carried out
	carried  bool
	open     int // parts that are still to be sent
	suspects []*job
	outage   *operator.OutageError // the last one
}

// patience is how many failures in a row are enough to call the operator out: the way down to one change, and the one
// beside it.
func (t *trial) patience() int { return 1 + bits.Len(uint(t.size)) }

// failed deals with a write that was answered with a failure, was not carried out, and is not contradicted by reads: of
// several changes one may be what the operator cannot digest (design/facts/desec-api.md section 10).
func (l *lane) failed(p *part, open []*job, outage *operator.OutageError) {
	if !p.repeated { // a moment's weakness, it may be
		l.m.after(l.m.timing.Pause, func() { l.landed(p, p.again(open, true)) })
		return
	}
	if p.trial == nil && len(open) == 1 {
		l.failedAlone(open, outage)
		l.landed(p)
		return
	}
	t := p.search()
	t.outage = outage
	t.failures++
	if len(open) == 1 {
		t.suspects = append(t.suspects, open...)
		l.landed(p)
		return
	}
	if t.failures >= t.patience() && !t.carried {
		t.suspects = append(t.suspects, open...)
		l.p.prove(outage)
		l.landed(p)
		return
	}
	l.landed(p, p.halves(open)...)
}

// failedAlone ends changes that failed where nothing else was carried out: that proves nothing, before it has happened
// several times.
func (l *lane) failedAlone(jobs []*job, outage *operator.OutageError) {
	if l.p.failing++; l.p.failing >= manyFailures {
		l.p.prove(outage)
	}
	alone := *outage
	alone.Alone = true
	l.fail(jobs, &alone)
}

// conclude names the culprits once a trial is over: those that failed alone while others were carried out. Where none
// was, it is the operator that fails.
func (l *lane) conclude(t *trial) {
	if t.open > 0 {
		return
	}
	switch {
	case len(t.suspects) == 0:
	case t.carried:
		l.fail(t.suspects, &operator.RefusalError{
			Operator: l.p.name, Action: "write RRsets of " + l.zone, Kind: operator.Invalid,
			Message: fmt.Sprintf("it fails on this RRset (%s) and carries out others: it cannot process one of its values", t.outage.Reason),
		})
	case t.failures < manyFailures: // the others were refused
		l.failedAlone(t.suspects, t.outage)
	default:
		l.p.prove(t.outage)
		l.fail(t.suspects, t.outage)
	}
}

// search is the trial that the part belongs to, a new one if it belonged to none.
func (p *part) search() *trial {
	if p.trial == nil {
		p.trial = &trial{size: len(p.jobs), open: 1}
	}
	return p.trial
}

// again is a part that takes the place of this one, or of some of it.
func (p *part) again(jobs []*job, repeated bool) *part {
	if p.trial != nil {
		p.trial.open++
	}
	return &part{jobs: jobs, repeated: repeated, trial: p.trial}
}

// halves are two parts that take the place of this one.
func (p *part) halves(jobs []*job) []*part {
	half := len(jobs) / 2
	return []*part{p.again(jobs[:half:half], p.repeated), p.again(jobs[half:], p.repeated)}
}
