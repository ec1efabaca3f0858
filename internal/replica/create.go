package replica

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

const (
	// grace is how long the creation at one operator waits for the others to
	// tell of a conflict. An operator that is silent for longer must not keep
	// the others from being written; a conflict that it tells of later leads
	// to a roll-back.
	grace = time.Second
	// undoTimeout bounds a roll-back, which goes on after Ctrl-C.
	undoTimeout = 10 * time.Second
)

// Desired is what each operator shall hold, by operator name. All RRsets have
// one key.
type Desired map[string]operator.RRset

func (d Desired) key() rrset.Key {
	for _, want := range d {
		return want.Key
	}
	return rrset.Key{}
}

// Outcome is what became of an operation at one operator.
type Outcome struct {
	// Held is what the operator holds now; meaningful only when Known.
	Held  *operator.RRset
	Known bool
	// Wrote says that the operator was changed.
	Wrote bool
	// Unpublished says that the operator stored the change and could not hand
	// it to its name servers.
	Unpublished bool
	// Unread says that the operator could not be read before the creation, so
	// that what it may hold under the key is not ours.
	Unread bool
	// Kept says that a deletion left the RRset alone on purpose.
	Kept bool
	// Err is an outage, a refusal or a conflict; nil when all is as wanted.
	Err error
}

// Creation is what became of a creation.
type Creation struct {
	Outcomes map[string]Outcome
	// Left says, for each operator that accepted the RRset and could not be
	// rolled back, why. Only set when another one refused.
	Left map[string]error
	// Undo takes back what was written by a creation that stands, for a caller
	// whose other creations do not. It goes on after Ctrl-C, and says why an
	// operator could not be rolled back.
	Undo func(ctx context.Context) map[string]error
}

// Refused says that nothing shall be kept: an operator refused or holds
// something else, or none answered.
func (c Creation) Refused() bool { return anyFatal(c.Outcomes, isFatal) || !anyAnswered(c.Outcomes) }

// CreateOptions decide what a creation may do.
type CreateOptions struct {
	// Overwrite takes over an RRset that holds something else.
	Overwrite bool
	// FailOnOutage makes an outage undo the creation like a refusal does.
	FailOnOutage bool
}

func (o CreateOptions) fatal(err error) bool {
	return isFatal(err) || (o.FailOnOutage && err != nil)
}

// isFatal says that err is a no rather than silence.
func isFatal(err error) bool {
	return err != nil && operator.AsOutage(err) == nil
}

func anyFatal(outcomes map[string]Outcome, fatal func(error) bool) bool {
	for _, o := range outcomes {
		if fatal(o.Err) {
			return true
		}
	}
	return false
}

func anyAnswered(outcomes map[string]Outcome) bool {
	for _, o := range outcomes {
		if o.Err == nil {
			return true
		}
	}
	return false
}

// Create makes every operator hold what is wanted. An RRset that is there and
// equal is adopted without a write; one that is different is a conflict unless
// it may be overwritten, and then nothing is written at any operator that has
// not been silent for longer than a second. What one operator accepted is
// rolled back when another refuses.
func (w *Walk) Create(ctx context.Context, want Desired, o CreateOptions) Creation {
	ctx = w.bounded(ctx)
	key := want.key()
	defer w.arrived(key)
	creation := w.createOnce(ctx, want, o)
	if conflicting(creation.Outcomes) && w.keys.awaitDeletion(ctx, key.Name) {
		creation = w.createOnce(ctx, want, o)
	}
	return creation
}

func conflicting(outcomes map[string]Outcome) bool {
	for _, o := range outcomes {
		if _, ok := errors.AsType[*ConflictError](o.Err); ok {
			return true
		}
	}
	return false
}

func (w *Walk) createOnce(ctx context.Context, want Desired, o CreateOptions) Creation {
	key := want.key()
	unlock, err := w.keys.lock(ctx, key)
	if err != nil {
		return Creation{Outcomes: w.interruptedAll(key, err)}
	}
	defer unlock()
	gate := newGate(len(w.sites), w.patience(key.Zone, 0))
	before := &sightings{}
	outcomes := each(w.sites, func(s *site) Outcome {
		defer s.arrival.arrive(key)
		return s.create(ctx, want[s.op.Name()], o, gate, before)
	})
	undo := func(ctx context.Context) map[string]error { return w.undo(ctx, want, outcomes, before) }
	if !anyFatal(outcomes, o.fatal) {
		if anyAnswered(outcomes) {
			w.keys.markCreated(key)
		}
		return Creation{Outcomes: outcomes, Undo: undo}
	}
	return Creation{Outcomes: outcomes, Left: undo(ctx), Undo: undo}
}

// create is the creation at one operator.
func (s *site) create(ctx context.Context, want operator.RRset, o CreateOptions, g *gate, before *sightings) Outcome {
	name := s.op.Name()
	seen := s.observe(ctx, want.Key)
	if seen.Err == nil {
		seen.Err = Conflict(name, s.op.Effective(want), seen.Held, seen.Others, want.Key, o.Overwrite)
	}
	g.report(o.fatal(seen.Err))
	if !g.opened(ctx) && seen.Err == nil {
		return Outcome{Held: seen.Held, Known: true, Err: stopped(ctx, name, want.Key)}
	}
	if seen.Err != nil {
		return Outcome{Held: seen.Held, Known: !isOutage(seen.Err), Unread: isOutage(seen.Err), Err: seen.Err}
	}
	before.remember(name, seen.Held)
	return s.put(ctx, want.Key, want, func(held *operator.RRset, others []operator.RRset) error {
		return Conflict(name, s.op.Effective(want), held, others, want.Key, o.Overwrite)
	})
}

// stopped is the error of an operation that Ctrl-C ended before it wrote; nil
// when ctx goes on, so when another operator's no was the end of it.
func stopped(ctx context.Context, name string, key rrset.Key) error {
	if ctx.Err() == nil {
		return nil
	}
	return interruption(name, key, context.Cause(ctx))
}

func interruption(name string, key rrset.Key, cause error) error {
	return &operator.OutageError{Operator: name, Action: "write " + key.String(), Reason: "interrupted", Err: cause}
}

func isOutage(err error) bool { return operator.AsOutage(err) != nil }

// put queues one RRset and waits for what becomes of it.
func (s *site) put(ctx context.Context, from rrset.Key, want operator.RRset, guard func(*operator.RRset, []operator.RRset) error) Outcome {
	return s.zone(want.Zone).queue.do(&job{ctx: ctx, from: from, want: &want, guard: guard})
}

func (s *site) remove(ctx context.Context, key rrset.Key) Outcome {
	return s.zone(key.Zone).queue.do(&job{ctx: ctx, from: key})
}

// undo takes back what was written by a creation that cannot stand.
func (w *Walk) undo(ctx context.Context, want Desired, outcomes map[string]Outcome, before *sightings) map[string]error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoTimeout)
	defer cancel()
	ctx = w.bounded(ctx)
	undone := each(w.sites, func(s *site) error {
		name := s.op.Name()
		if !outcomes[name].Wrote {
			return nil
		}
		if held := before.of(name); held != nil {
			return s.put(ctx, held.Key, *held, nil).Err
		}
		return s.remove(ctx, want.key()).Err
	})
	left := map[string]error{}
	for name, err := range undone {
		if err != nil {
			left[name] = err
		}
	}
	return left
}

// interruptedAll is the outcome at all operators of what was never begun.
func (w *Walk) interruptedAll(key rrset.Key, cause error) map[string]Outcome {
	return each(w.sites, func(s *site) Outcome {
		return Outcome{Unread: true, Err: interruption(s.op.Name(), key, cause)}
	})
}

// Describe names the operators where a roll-back failed, for an error.
func (c Creation) Describe() string {
	var parts []string
	for name, err := range c.Left {
		parts = append(parts, fmt.Sprintf("%s accepted the RRset and could not be rolled back (%s): it still holds it, and the next apply adopts it if it is equal then", name, err))
	}
	slices.Sort(parts)
	return strings.Join(parts, "\n")
}

// gate keeps the operators together until all have told whether something
// stands in the way, or for the grace after the first one told that nothing
// does.
type gate struct {
	patience time.Duration

	mu      sync.Mutex
	missing int
	shut    bool
	ready   chan struct{} // all have reported, or one reported a fatal error
}

func newGate(n int, patience time.Duration) *gate {
	return &gate{patience: patience, missing: n, ready: make(chan struct{})}
}

func (g *gate) report(fatal bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.missing--
	if fatal && !g.shut {
		g.shut = true
		closeOnce(g.ready)
	}
	if g.missing == 0 {
		closeOnce(g.ready)
	}
}

func closeOnce(c chan struct{}) {
	select {
	case <-c:
	default:
		close(c)
	}
}

// opened waits for the gate and says whether writing may begin.
func (g *gate) opened(ctx context.Context) bool {
	timer := time.NewTimer(g.patience)
	defer timer.Stop()
	select {
	case <-g.ready:
	case <-timer.C:
	case <-ctx.Done():
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return !g.shut
}

// sightings are what the operators held before they were written.
type sightings struct {
	mu   sync.Mutex
	held map[string]*operator.RRset
}

func (s *sightings) remember(name string, held *operator.RRset) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held == nil {
		s.held = map[string]*operator.RRset{}
	}
	s.held[name] = held
}

func (s *sightings) of(name string) *operator.RRset {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.held[name]
}
