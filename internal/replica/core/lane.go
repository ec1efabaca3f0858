package core

import (
	"slices"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// lane is one zone at one operator: what is known of it, and the queue of changes to it. Writes leave in a row; what
// comes while one is away leaves with the next.
type lane struct {
	m    *Machine
	p    *party
	zone string

	book    book
	reading reading

	pending []*job
	parts   []*part // of the batch that is being delivered
	flight  *flight // what is away of it
	// answered: the operator has answered a write of this run, and all since.
	answered bool
	company  company
	// moved is when a change last came, or a request left.
	moved time.Time
}

func (p *party) lane(m *Machine, zone string) *lane {
	l := p.lanes[zone]
	if l == nil {
		l = &lane{m: m, p: p, zone: zone, book: newBook(), reading: newReading()}
		p.lanes[zone] = l
	}
	return l
}

// part is a run of jobs for one request.
type part struct {
	jobs []*job
	// repeated: it failed, and is sent once more because reading back showed that it was not carried out. It is not
	// sent a third time.
	repeated bool
	trial    *trial
}

// flight is the part of a batch that is away.
type flight struct {
	part    *part
	request ID // of the write; 0 while its outcome is read back or paused
	aborted bool
}

// queue pushes the leg's job.
func (g *leg) queue(j *job) {
	g.job = j
	g.lane.push(j)
}

// push queues a job.
func (l *lane) push(j *job) {
	l.moved = l.m.now
	l.company.came(l.m.now, l.busy())
	l.pending = append(l.pending, j)
	l.company.widest = max(l.company.widest, len(l.pending)+l.away())
	l.p.arrived(j.subject)
}

func (l *lane) busy() bool { return l.flight != nil || len(l.parts) > 0 }

// request emits an effect, whose answer goes to then.
func (l *lane) request(effect func(ID) Effect, then func(Event)) ID {
	l.moved = l.m.now
	return l.m.request(effect, then)
}

// patience is how much longer the operator may need for its next answer.
func (l *lane) patience() time.Duration {
	return max(l.m.timing.Undo, time.Duration(l.away())*l.m.timing.UndoItem) - l.m.now.Sub(l.moved)
}

func (l *lane) away() int {
	if l.flight == nil {
		return 0
	}
	return len(l.flight.part.jobs)
}

// advance sends what can be sent, and reports whether anything moved.
func (l *lane) advance() bool {
	dropped := l.dropCancelled()
	if l.flight != nil {
		l.abortUnwanted()
		return dropped
	}
	if len(l.parts) > 0 {
		l.next()
		return true
	}
	if len(l.pending) == 0 {
		return dropped
	}
	if l.urgent() || l.company.complete(l) {
		l.deliver()
		return true
	}
	l.company.wait(l)
	return dropped
}

func (l *lane) urgent() bool {
	return l.p.out != nil || slices.ContainsFunc(l.pending, func(j *job) bool { return j.alone })
}

// dropCancelled finishes jobs that were not sent and that nobody wants.
func (l *lane) dropCancelled() bool {
	before := len(l.pending)
	l.pending = l.wanted(l.pending, nil)
	return len(l.pending) < before
}

func (l *lane) unsent(j *job, err error) Outcome {
	return Outcome{Held: l.book.get(j.subject), Known: l.book.knows(j.subject.Name), Err: err}
}

// deliver begins with a batch: one job that shares no request, or all the others.
func (l *lane) deliver() {
	batch := l.pending
	l.pending = nil
	if at := slices.IndexFunc(batch, func(j *job) bool { return j.alone }); at >= 0 {
		l.pending = append(slices.Clone(batch[:at]), batch[at+1:]...)
		batch = batch[at : at+1]
	}
	l.company.left(l.m.now)
	for _, j := range batch {
		if j.fences() && l.answered && l.p.out == nil { // that one has passed what came before, as a look will show
			j.passed, j.anew = true, true
		}
	}
	l.certain(batch, func() {
		l.parts = l.split(l.open(batch))
		if len(l.parts) == 0 {
			l.company.back(l.m.now)
		}
	})
}

// certain reads anew what some jobs are not certain of, all of it at once, before it goes on.
func (l *lane) certain(batch []*job, then func()) {
	unsure := slices.DeleteFunc(slices.Clone(batch), func(j *job) bool { return !j.anew })
	if len(unsure) == 0 || l.p.out != nil {
		then()
		return
	}
	p := &part{jobs: unsure}
	l.flight = &flight{part: p}
	l.readBack(p, func(err error) {
		l.flight = nil
		for _, j := range unsure {
			if j.anew = false; err != nil {
				j.finish(Outcome{Err: err})
			}
		}
		then()
	})
}

// next sends the next part of the batch.
func (l *lane) next() {
	p := l.parts[0]
	l.parts = l.parts[1:]
	p.jobs = l.wanted(l.open(p.jobs), nil)
	switch {
	case len(p.jobs) == 0:
		l.passed(p)
	case l.p.out != nil:
		l.fail(p.jobs, l.p.outage())
		l.passed(p)
	default:
		if fits := l.fits(p.jobs); fits < len(p.jobs) { // reading anew made it larger
			l.parts = slices.Insert(l.parts, 0, p.again(p.jobs[fits:], p.repeated))
			p.jobs = p.jobs[:fits]
		}
		l.send(p)
	}
}

// send writes a part.
func (l *lane) send(p *part) {
	changes := flat(p.jobs)
	for _, j := range p.jobs {
		j.sent = true
		if !j.nudged {
			j.before = l.held(j.keys())
		}
	}
	f := &flight{part: p}
	l.flight = f
	f.request = l.request(func(id ID) Effect {
		return Write{ID: id, Operator: l.p.name, Zone: l.zone, Changes: changes}
	}, func(e Event) {
		a, _ := e.(WriteAnswer)
		f.request = 0
		l.book.edit(changes)
		l.judge(p, changes, a)
	})
}

// abortUnwanted ends a request that none of its jobs wants any longer.
func (l *lane) abortUnwanted() {
	f := l.flight
	if f.request == 0 || f.aborted || slices.ContainsFunc(f.part.jobs, func(j *job) bool { return !j.cancelled }) {
		return
	}
	f.aborted = true
	l.m.effects = append(l.m.effects, Abort{ID: f.request})
}

// open works out the changes of each job from what the operator is known to hold, finishes those that need none, and
// returns the others.
func (l *lane) open(jobs []*job) []*job {
	removed := map[rrset.Key]bool{} // what one job takes away, another does not
	var open []*job
	for _, j := range jobs {
		switch {
		case j.over:
		case !l.plan(j, removed):
		default:
			for _, c := range j.changes {
				if c.Before != nil {
					removed[c.Before.Key] = true
				}
			}
			open = append(open, j)
		}
	}
	return open
}

// plan sets the job's changes, and finishes it if it needs none.
func (l *lane) plan(j *job, removed map[rrset.Key]bool) bool {
	held, kept, err := l.changes(j, removed)
	switch {
	case err != nil:
		j.finish(Outcome{Held: held, Known: true, Err: err})
	case len(j.changes) == 0:
		j.finish(Outcome{Held: held, Known: true, Kept: kept, Wrote: j.sent, Unpublished: j.unpublished})
	}
	return !j.over
}

// held are the RRsets that the operator is known to hold, of some keys.
func (l *lane) held(keys []rrset.Key) (all []operator.RRset) {
	for _, key := range keys {
		if held := l.book.get(key); held != nil {
			all = append(all, *held)
		}
	}
	return all
}

// changes sets the job's changes and returns what is held under the key that it is about. kept says that a deletion was
// dropped, because the key is declared.
func (l *lane) changes(j *job, removed map[rrset.Key]bool) (held *operator.RRset, kept bool, err error) {
	j.changes = nil
	gone, kept, err := l.removals(j, removed)
	held = l.book.get(j.subject)
	if err == nil && j.want != nil {
		err = readOnly(l.p.name, held)
	}
	if err == nil && j.guard != nil {
		err = j.guard(held, l.book.others(j.subject))
	}
	if err != nil {
		return held, kept, err
	}
	if j.want == nil {
		for _, old := range gone {
			j.changes = append(j.changes, operator.Change{Before: old})
		}
		if len(gone) == 0 && !kept && j.fences() {
			err = l.fence(j)
		}
		return held, kept, err
	}
	nudge := (j.nudge || j.fences()) && len(gone) == 0 // what goes is a change that publishes all
	for _, want := range append([]operator.RRset{*j.want}, j.plus...) {
		old := l.book.get(want.Key)
		differs := Difference(l.p.rules.Effective(want), old) != ""
		if nudge && !differs {
			want, differs = *nudged(want), true
			if Difference(l.p.rules.Effective(want), old) == "" { // the operator knows no TTL of it: what was seen has to do
				j.passed, j.nudge, differs = j.doubted, false, false
			}
		} else {
			j.nudge = false // what is wanted is a change, or was nudged already
		}
		switch {
		case !differs:
		case old == nil && len(gone) > 0: // one change of type
			j.changes = append(j.changes, operator.Change{Before: gone[0], After: &want})
			gone = gone[1:]
		default:
			j.changes = append(j.changes, operator.Change{Before: old, After: &want})
		}
	}
	for _, old := range gone {
		j.changes = append(j.changes, operator.Change{Before: old})
	}
	return held, kept, nil
}

// fence sets a change that passes an earlier write where nothing is to be deleted: what may come is made, and deleted
// then. It cannot come beside what excludes that, unless it takes the place of it.
func (l *lane) fence(j *job) error {
	excluder := l.excluder(j.subject)
	switch {
	case excluder != nil && l.m.claim(excluder.Key).stands(l.p.name):
	case excluder != nil, j.fence == nil, l.replacement(j.subject) != nil:
		return unpassed(l.p.name, j)
	default:
		j.changes = []operator.Change{{After: j.fence}}
	}
	return nil
}

// excluder is what is held and cannot stand beside an RRset.
func (l *lane) excluder(key rrset.Key) *operator.RRset {
	for _, other := range l.book.others(key) {
		if other.Excludes(key) {
			return &other
		}
	}
	return nil
}

// removals are the RRsets that the job takes away: the one that it replaces, and what goes with it. What is declared
// stays, whoever gives it up, and so does what makes room for another one.
func (l *lane) removals(j *job, removed map[rrset.Key]bool) (gone []*operator.RRset, kept bool, err error) {
	for _, key := range j.keys() {
		if j.want != nil && key == j.want.Key {
			continue
		}
		old := l.book.get(key)
		if !j.undoing && (l.m.claim(key).declared || j.want == nil && l.successor(key) != nil) {
			kept = kept || key == j.subject
			continue
		}
		if err := readOnly(l.p.name, old); err != nil {
			return nil, false, err
		}
		if old != nil && !removed[key] {
			gone = append(gone, old)
		}
	}
	return gone, kept, nil
}

// successor is the claim on what is declared in the place of an RRset that the operator holds: it is not there, and
// cannot stand beside it. Who brings it takes that away in the same request, so that the name is never empty.
func (l *lane) successor(key rrset.Key) *claim {
	if l.book.get(key) == nil {
		return nil
	}
	return l.replacement(key)
}

// replacement is the claim on what is declared, is not there, and cannot stand beside an RRset.
func (l *lane) replacement(key rrset.Key) *claim {
	for _, other := range l.m.ledger.declaredAt(key) {
		if other.Excludes(key) && l.book.get(other) == nil {
			return l.m.claim(other)
		}
	}
	return nil
}

// split cuts jobs into parts that fit into one request. All changes of a job stay in one.
func (l *lane) split(jobs []*job) []*part {
	var parts []*part
	for len(jobs) > 0 {
		n := l.fits(jobs)
		parts = append(parts, &part{jobs: jobs[:n:n]})
		jobs = jobs[n:]
	}
	return parts
}

// fits is how many of the first jobs fit into one request, one at least.
func (l *lane) fits(jobs []*job) int {
	room, n := len(l.p.rules.Split(flat(jobs))[0]), 0
	for n < len(jobs) && room >= len(jobs[n].changes) {
		room -= len(jobs[n].changes)
		n++
	}
	return max(n, 1)
}
