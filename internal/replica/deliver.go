package replica

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

// maxWrites is how often one change may be sent: once, and once more after
// reading back showed that it was not carried out.
const maxWrites = 2

// step is a job with the changes that bring it about.
type step struct {
	*job
	changes []operator.Change
	sent    bool
	// unpublished: the operator stored the change and could not hand it to its
	// name servers.
	unpublished bool
}

// deliver carries out a batch and finishes every job in it.
func (q *queue) deliver(jobs []*job) {
	ctx, cancel := joined(jobs)
	defer cancel()
	ctx = operator.WithMaxWait(ctx, q.site.options.MaxWait)
	steps := make([]*step, 0, len(jobs))
	for _, j := range jobs {
		steps = append(steps, &step{job: j})
	}
	for _, part := range q.split(q.open(steps)) {
		q.write(ctx, part, 1)
	}
}

// open works out the changes of each step from what the operator is known to
// hold, finishes those that need none, and returns the others.
func (q *queue) open(steps []*step) []*step {
	var open []*step
	for _, s := range steps {
		held, err := q.changes(s)
		switch {
		case err != nil:
			s.finish(Outcome{Held: held, Known: true, Err: err})
		case len(s.changes) == 0:
			s.finish(Outcome{Held: held, Known: true, Wrote: s.sent, Unpublished: s.unpublished})
		default:
			open = append(open, s)
		}
	}
	return open
}

// changes sets the step's changes and returns what is held under the key that
// the step is about.
func (q *queue) changes(s *step) (*operator.RRset, error) {
	s.changes = nil
	old := q.snapshot.get(s.from)
	if s.want == nil {
		if old != nil {
			s.changes = []operator.Change{{Before: old}}
		}
		return old, readOnly(q.site.op.Name(), old)
	}
	held, others := old, q.snapshot.others(s.want.Key)
	if s.from != s.want.Key {
		held = q.snapshot.get(s.want.Key)
	}
	if err := readOnly(q.site.op.Name(), held); err != nil {
		return held, err
	}
	if s.guard != nil {
		if err := s.guard(held, others); err != nil {
			return held, err
		}
	}
	switch {
	case s.from == s.want.Key || old == nil:
		if Difference(q.site.op.Effective(*s.want), held) != "" {
			s.changes = []operator.Change{{Before: held, After: s.want}}
		}
	case held == nil:
		s.changes = []operator.Change{{Before: old, After: s.want}}
	default:
		s.changes = []operator.Change{{Before: old}, {Before: held, After: s.want}}
	}
	return held, nil
}

// split cuts steps into runs that fit into one request.
func (q *queue) split(steps []*step) [][]*step {
	if len(steps) == 0 {
		return nil
	}
	var parts [][]*step
	next := 0
	owner := owners(steps)
	for _, changes := range q.site.op.Split(flat(steps)) {
		var part []*step
		for range changes {
			s := owner[next]
			next++
			if len(part) == 0 || part[len(part)-1] != s {
				if len(parts) > 0 && last(last(parts)) == s {
					continue // both changes of a step stay in one request
				}
				part = append(part, s)
			}
		}
		if len(part) > 0 {
			parts = append(parts, part)
		}
	}
	return parts
}

func last[T any](items []T) T { return items[len(items)-1] }

func flat(steps []*step) []operator.Change {
	var changes []operator.Change
	for _, s := range steps {
		changes = append(changes, s.changes...)
	}
	return changes
}

// owners says for each change of flat which step it belongs to.
func owners(steps []*step) []*step {
	var owner []*step
	for _, s := range steps {
		for range s.changes {
			owner = append(owner, s)
		}
	}
	return owner
}

// write sends the steps in one request and deals with what comes of it.
func (q *queue) write(ctx context.Context, steps []*step, attempt int) {
	if err := q.site.out(); err != nil {
		q.fail(steps, err)
		return
	}
	changes := flat(steps)
	answers, err := q.site.op.Write(ctx, q.zone, changes)
	for _, s := range steps {
		s.sent = true
	}
	if err == nil {
		for i, c := range changes {
			q.snapshot.patch(c, answers[i])
		}
		q.confirm(ctx, steps)
		return
	}
	if outage := operator.AsOutage(err); outage != nil {
		q.settle(ctx, steps, outage, attempt)
		return
	}
	q.refused(ctx, steps, operator.AsRefusal(err), err, attempt)
}

// confirm finishes steps that were carried out. What the answer told is not
// read again, with one exception: the state knows of an RRset in a zone whose
// list showed none at all. The zone was emptied, or the API is sick, and then
// what was written beside a record that the list hid is a union of the two.
func (q *queue) confirm(ctx context.Context, steps []*step) {
	if q.snapshot.sawNothing() && anyHeldBefore(steps) {
		if err := q.readBack(ctx, steps); err != nil || q.snapshot.sawNothing() {
			contradiction := q.contradiction("its list does not show what it just stored")
			q.site.prove(contradiction)
			for _, s := range steps {
				s.finish(Outcome{Wrote: true, Err: contradiction})
			}
			return
		}
	}
	for _, s := range steps {
		s.finish(Outcome{Held: q.snapshot.get(s.key()), Known: true, Wrote: true})
	}
}

func anyHeldBefore(steps []*step) bool {
	return slices.ContainsFunc(steps, func(s *step) bool { return s.heldBefore })
}

// contradiction is the outage of an operator whose answers cannot all be true.
func (q *queue) contradiction(reason string) *operator.OutageError {
	return &operator.OutageError{
		Operator: q.site.op.Name(), Action: "write RRsets of " + q.zone,
		Reason: "its answers contradict each other: " + reason, InDoubt: true,
	}
}

// settle finds out what became of a write that was not answered. Only reading
// back can tell: repeating it blindly could write twice.
func (q *queue) settle(ctx context.Context, steps []*step, outage *operator.OutageError, attempt int) {
	if !outage.InDoubt {
		q.site.prove(outage)
		q.fail(steps, outage)
		return
	}
	if err := q.readBack(ctx, steps); err != nil {
		q.site.prove(outage)
		for _, s := range steps {
			s.finish(Outcome{Err: outage})
		}
		return
	}
	for _, s := range steps {
		s.unpublished = outage.Stored
	}
	open := q.open(steps)
	if len(open) == 0 {
		return
	}
	// A silent operator has cost its time-out; it is not given another one.
	if attempt >= maxWrites || outage.Silent || ctx.Err() != nil {
		q.site.prove(outage)
		q.fail(open, outage)
		return
	}
	pause(ctx)
	for _, part := range q.split(open) {
		q.write(ctx, part, attempt+1)
	}
}

// readBack reads anew what the steps are about. It goes on after Ctrl-C: the
// state must be true, and the time for it is short.
func (q *queue) readBack(ctx context.Context, steps []*step) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), q.site.options.SettleTimeout)
	defer cancel()
	if len(steps) == 1 {
		return q.snapshot.refreshName(ctx, steps[0].from.Name)
	}
	return q.snapshot.refresh(ctx)
}

// refused deals with a no. One bad change must not fail its neighbours, and
// not every no tells which change it is about.
func (q *queue) refused(ctx context.Context, steps []*step, refusal *operator.RefusalError, err error, attempt int) {
	switch {
	case refusal == nil, refusal.Kind == operator.Unauthorized, refusal.Kind == operator.ZoneNotFound:
		q.fail(steps, err)
	case stale(refusal.Kind) && attempt < maxWrites:
		if readErr := q.readBack(ctx, steps); readErr != nil {
			q.fail(steps, err)
			return
		}
		for _, part := range q.split(q.open(steps)) {
			q.write(ctx, part, attempt+1)
		}
	case len(steps) == 1 && stale(refusal.Kind):
		contradiction := q.contradiction("it said " + refusal.Said() + ", and its list does not agree")
		q.site.prove(contradiction)
		steps[0].finish(Outcome{Err: contradiction})
	case len(steps) == 1:
		q.fail(steps, err)
	case len(refusal.Culprits) > 0:
		if rest := q.blame(steps, refusal); len(rest) > 0 {
			q.write(ctx, rest, attempt)
		}
	default:
		half := len(steps) / 2
		q.write(ctx, steps[:half], attempt)
		q.write(ctx, steps[half:], attempt)
	}
}

// stale says that the refusal shows our knowledge to be old.
func stale(kind operator.RefusalKind) bool {
	return kind == operator.Exists || kind == operator.Gone || kind == operator.Raced
}

// blame fails the steps that the operator named and returns the others.
func (q *queue) blame(steps []*step, refusal *operator.RefusalError) []*step {
	said := map[*step]string{}
	owner := owners(steps)
	for position, message := range refusal.Culprits {
		if position >= 0 && position < len(owner) {
			said[owner[position]] = message
		}
	}
	if len(said) == 0 { // positions that make no sense name nobody
		q.fail(steps, refusal)
		return nil
	}
	var rest []*step
	for _, s := range steps {
		message, guilty := said[s]
		if !guilty {
			rest = append(rest, s)
			continue
		}
		own := *refusal
		own.Culprits, own.Message = nil, message
		q.fail([]*step{s}, &own)
	}
	return rest
}

// fail finishes steps whose changes were certainly not made.
func (q *queue) fail(steps []*step, err error) {
	for _, s := range steps {
		s.finish(Outcome{Held: q.snapshot.get(s.key()), Known: true, Err: err})
	}
}

func readOnly(name string, held *operator.RRset) error {
	if held == nil || !held.ReadOnly {
		return nil
	}
	return &operator.RefusalError{
		Operator: name, Action: "change " + held.Key.String(),
		Message: "the operator manages this RRset itself and nobody else may change it; remove it from the configuration or from the operator's feature that made it",
	}
}

// pause keeps a repeated write from following the failed one at once.
func pause(ctx context.Context) {
	timer := time.NewTimer(200*time.Millisecond + rand.N(200*time.Millisecond)) //nolint:gosec // jitter needs no secrecy
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
