package core

import (
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// wanted are the jobs that somebody still waits for; the others end, with the outage that leaves them in doubt, if
// there is one.
func (l *lane) wanted(jobs []*job, outage *operator.OutageError) []*job {
	for _, j := range jobs {
		if j.cancelled {
			err := interruption(l.p.name, "write "+j.subject.String())
			if outage != nil {
				err = outage
			}
			j.finish(l.unsent(j, err))
		}
	}
	return unfinished(jobs)
}

// unfinished drops the jobs that are over.
func unfinished(jobs []*job) []*job {
	return slices.DeleteFunc(jobs, func(j *job) bool { return j.over })
}

// landed ends the flight of a part, and lets the given parts go next.
func (l *lane) landed(p *part, then ...*part) {
	l.flight = nil
	l.parts = append(then, l.parts...)
	l.passed(p)
}

// passed is called when a part is done with.
func (l *lane) passed(p *part) {
	if t := p.trial; t != nil {
		t.open--
		l.conclude(t)
	}
	if !l.busy() {
		l.company.back(l.m.now)
	}
}

// judge deals with what became of a write.
func (l *lane) judge(p *part, changes []operator.Change, a WriteAnswer) {
	outage := operator.AsOutage(a.Err)
	switch {
	case a.Err == nil:
		for i, c := range changes {
			l.book.patch(c, a.Answers[i])
		}
		l.answered = true
		l.p.failing = 0
		l.confirm(p)
	case outage != nil && !outage.InDoubt:
		l.p.prove(outage)
		l.fail(p.jobs, outage)
		l.landed(p)
	case outage != nil:
		if !outage.Answered {
			l.answered = false // whoever comes next has to pass this one
			for _, j := range p.jobs {
				j.unanswered = true
			}
		}
		l.settle(p, outage)
	default:
		l.refused(p, a.Err)
	}
}

// confirm finishes jobs that were carried out. What the answer told is not read again, with one exception: the state
// knows of an RRset in a zone whose list showed none at all, or nobody could say that there is none. The zone is empty,
// or the API is sick, and then what was written beside a record that the list hid is a union of the two.
//
// What may have come before it, of a write that was not answered, is read as well.
func (l *lane) confirm(p *part) {
	empty := l.book.empty && (l.reading.doubtful || slices.ContainsFunc(p.jobs, func(j *job) bool { return j.ours }))
	if !empty && !slices.ContainsFunc(p.jobs, (*job).fences) {
		l.carried(p)
		return
	}
	l.readBack(p, func(err error) {
		switch {
		case empty && err != nil: // it shows nothing, or not what it stored
			contradiction := l.contradiction("its list does not show what it just stored")
			l.p.prove(contradiction)
			for _, j := range p.jobs {
				j.finish(Outcome{Wrote: true, Err: contradiction})
			}
		case err != nil:
			l.p.prove(err)
			for _, j := range p.jobs {
				if j.fences() {
					j.finish(Outcome{Wrote: true, Err: inDoubt(err)})
				}
			}
		}
		l.carried(p)
	})
}

// carried finishes the jobs of a part that was written.
func (l *lane) carried(p *part) {
	if p.trial != nil {
		p.trial.carried = true
	}
	var again []*job
	for _, j := range p.jobs {
		j.unanswered = false
		switch {
		case j.over:
		case j.fences():
			j.pass()
			again = append(again, j)
		case j.nudge: // published by now; what was wanted follows
			j.nudged = true
			again = append(again, j)
		case !j.again && l.mixed(j):
			j.again, j.guard = true, nil // what is held is ours, if not ours alone
			again = append(again, j)
		default:
			j.finish(Outcome{Held: l.book.get(j.subject), Known: true, Wrote: true})
		}
	}
	if len(again) == 0 {
		l.landed(p)
		return
	}
	l.landed(p, &part{jobs: again})
}

// shows reports whether what a job sent was carried out, by what the operator holds.
func (l *lane) shows(j *job) bool {
	return !slices.ContainsFunc(j.changes, func(c operator.Change) bool {
		held := l.book.get(c.Key())
		return c.After == nil && held != nil || c.After != nil && Difference(l.p.rules.Effective(*c.After), held) != ""
	})
}

// mixed reports whether an answer shows something else than what was wanted: two writes of one RRset at the same time
// can both succeed and leave the union of both (design/facts/desec-api.md section 8).
func (l *lane) mixed(j *job) bool {
	if j.want == nil {
		return false
	}
	return slices.ContainsFunc(append([]operator.RRset{*j.want}, j.plus...), func(want operator.RRset) bool {
		return Difference(l.p.rules.Effective(want), l.book.get(want.Key)) != ""
	})
}

// contradiction is the outage of an operator whose answers cannot all be true.
func (l *lane) contradiction(reason string) *operator.OutageError {
	return &operator.OutageError{
		Operator: l.p.name, Action: "write RRsets of " + l.zone,
		Reason: "its answers contradict each other: " + reason, InDoubt: true,
	}
}

// settle finds out what became of a write that was not answered. Only reading back can tell: repeating it blindly could
// write twice.
func (l *lane) settle(p *part, outage *operator.OutageError) {
	l.readBack(p, func(err error) {
		if err != nil {
			l.p.prove(outage)
			for _, j := range p.jobs {
				j.finish(Outcome{Err: outage, Unpublished: outage.Stored})
			}
			l.landed(p)
			return
		}
		l.published(p, outage, func(unpublished bool) { l.settled(p, outage, unpublished) })
	})
}

// published finds out whether what was carried out was handed to the name servers as well: an operator may have stored
// it and be silent because they are (design/facts/desec-api.md section 10). What cannot be asked is not known to be; of
// deletions alone the operator's account says nothing.
func (l *lane) published(p *part, outage *operator.OutageError, then func(unpublished bool)) {
	if outage.Stored || !slices.ContainsFunc(p.jobs, func(j *job) bool { return j.want != nil && l.shows(j) }) {
		then(outage.Stored)
		return
	}
	l.request(func(id ID) Effect { return AskPublished{ID: id, Operator: l.p.name, Zone: l.zone} }, func(e Event) {
		a, _ := e.(PublishedAnswer)
		then(a.Unpublished || a.Err != nil)
	})
}

// settled goes on with a part of which is known what became of it.
func (l *lane) settled(p *part, outage *operator.OutageError, unpublished bool) {
	for _, j := range p.jobs {
		if j.unpublished = unpublished; l.shows(j) {
			j.pass()
		}
	}
	open := l.open(p.jobs)
	if !outage.Silent {
		open = l.wanted(open, settled(outage))
	}
	switch {
	case len(open) == 0:
		if p.trial != nil {
			p.trial.carried = true
		}
		l.landed(p)
	case outage.Silent || interrupted(outage):
		// A silent operator has cost its time-out; it is not given another one.
		l.p.prove(outage)
		l.fail(open, outage)
		l.landed(p)
	case !outage.Answered && p.repeated:
		l.p.prove(outage)
		l.fail(open, outage)
		l.landed(p)
	default:
		l.failed(p, open, settled(outage))
	}
}

// settled is an outage of which no doubt is left, if the service itself answered and what was read afterwards does not
// show the change. What was not answered may still be carried out, minutes later (design/facts/desec-api.md section
// 10).
func settled(outage *operator.OutageError) *operator.OutageError {
	known := *outage
	if outage.Answered {
		known.InDoubt = false
	}
	return &known
}

// readBack reads anew what a part is about. It goes on after Ctrl-C: the state must be true, and the time for it is
// short.
func (l *lane) readBack(p *part, then func(error)) {
	if j := p.jobs[0]; len(p.jobs) == 1 {
		l.readBackName(j.keys(), then)
		return
	}
	l.readList(true, true, then)
}

// readBackName reads anew the name of some keys. What else was known there would be hidden with them.
func (l *lane) readBackName(keys []rrset.Key, then func(error)) {
	for _, other := range l.book.others(keys[0]) {
		if !slices.Contains(keys, other.Key) {
			keys = append(keys, other.Key)
		}
	}
	l.name(keys[0].Name, keys, then)
}

// refused deals with a no. One bad change must not fail its neighbours, and not every no tells which change it is
// about.
func (l *lane) refused(p *part, err error) {
	refusal := operator.AsRefusal(err)
	switch {
	case refusal == nil, refusal.Kind == operator.Unauthorized, refusal.Kind == operator.ZoneNotFound:
		l.fail(p.jobs, err)
		l.landed(p)
	case stale(refusal.Kind) && !p.repeated:
		l.look(p, func() {
			for _, j := range p.jobs {
				j.sent = false // it was not carried out: what is there now is not ours
			}
			l.landed(p, p.again(p.jobs, true))
		})
	case p.jobs[0].fencing() && refusal.Kind == operator.Invalid: // and what came before it is refused as well, or was carried out
		l.look(p, func() {
			p.jobs[0].passed = true
			l.landed(p, p.again(p.jobs, p.repeated))
		})
	case len(p.jobs) == 1 && stale(refusal.Kind):
		p.jobs[0].finish(Outcome{Err: l.contradiction("it said " + refusal.Said() + ", and its list does not agree")})
		l.landed(p)
	case len(p.jobs) == 1:
		l.fail(p.jobs, err)
		l.landed(p)
	case len(refusal.Culprits) > 0:
		rest := l.blame(p.jobs, refusal)
		if len(rest) == 0 {
			l.landed(p)
			return
		}
		l.landed(p, p.again(rest, p.repeated))
	default:
		p.search() // one of them may be what the operator fails on
		l.landed(p, p.halves(p.jobs)...)
	}
}

// look reads anew what a part is about, which ends there if that cannot be read.
func (l *lane) look(p *part, then func()) {
	l.readBack(p, func(err error) {
		if err != nil {
			l.p.prove(err)
			l.fail(p.jobs, err)
			l.landed(p)
			return
		}
		then()
	})
}

// stale reports whether the refusal shows our knowledge to be old.
func stale(kind operator.RefusalKind) bool {
	return kind == operator.Exists || kind == operator.Gone || kind == operator.Raced
}

// blame fails the jobs that the operator named and returns the others.
func (l *lane) blame(jobs []*job, refusal *operator.RefusalError) []*job {
	position, some := 0, false
	for _, j := range jobs {
		for range j.changes {
			if message, named := refusal.Culprits[position]; named {
				own := *refusal
				own.Culprits, own.Message = nil, message
				l.fail([]*job{j}, &own)
				some = true
			}
			position++
		}
	}
	if !some { // positions that make no sense name nobody
		l.fail(jobs, refusal)
	}
	return unfinished(jobs)
}

// fail finishes jobs whose changes were not made, by all that is known.
func (l *lane) fail(jobs []*job, err error) {
	for _, j := range jobs {
		j.finish(l.unsent(j, err))
	}
}
