package replica

import (
	"context"
	"sync"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// shell carries out what the core decides: it owns the clock, the goroutines and the operators. It decides nothing.
type shell struct {
	operators map[string]operator.Operator
	options   Options

	mu      sync.Mutex
	machine *core.Machine
	callers map[core.ID]chan core.Result
	aborts  map[core.ID]context.CancelFunc
	asked   chan struct{} // closed, and made anew, when a call came
}

func newShell(operators []operator.Operator, o Options) *shell {
	s := &shell{
		operators: map[string]operator.Operator{}, options: o,
		callers: map[core.ID]chan core.Result{}, aborts: map[core.ID]context.CancelFunc{}, asked: make(chan struct{}),
	}
	rules := make([]core.Rules, 0, len(operators))
	for _, op := range operators {
		s.operators[op.Name()] = op
		rules = append(rules, op)
	}
	s.machine = core.New(rules, core.DefaultTiming())
	return s
}

// call hands a call to the core and returns what became of it. When ctx ends the core gives up what it can, and the
// call still returns what is true.
func (s *shell) call(ctx context.Context, event func(core.ID) core.Event) core.Result {
	done := make(chan core.Result, 1)
	s.mu.Lock()
	id := s.machine.NewID()
	s.callers[id] = done
	s.step(event(id))
	close(s.asked)
	s.asked = make(chan struct{})
	s.mu.Unlock()
	select {
	case result := <-done:
		return result
	case <-ctx.Done():
		s.tell(core.Cancel{ID: id})
		return <-done
	}
}

// tell hands an event to the core.
func (s *shell) tell(e core.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.step(e)
}

// ask reads something of what the core knows.
func ask[T any](s *shell, question func(*core.Machine) T) T {
	s.mu.Lock()
	defer s.mu.Unlock()
	return question(s.machine)
}

// step feeds the core and begins what it asks for. The caller holds the lock.
func (s *shell) step(e core.Event) {
	now := time.Now() //nolint:forbidigo // the core's only clock
	for _, effect := range s.machine.Step(now, e) {
		s.perform(effect)
	}
}

func (s *shell) perform(effect core.Effect) {
	switch e := effect.(type) {
	case core.Done:
		s.callers[e.ID] <- e.Result
		delete(s.callers, e.ID)
	case core.Wait:
		time.AfterFunc(e.For, func() { s.tell(core.Elapsed{ID: e.ID}) })
	case core.Abort:
		if abort := s.aborts[e.ID]; abort != nil {
			abort()
		}
	case core.List:
		go s.list(e)
	case core.ListName:
		go s.listName(e)
	case core.AskEmpty:
		go s.askEmpty(e)
	case core.AskHeld:
		go s.askHeld(e)
	case core.AskPublished:
		go s.askPublished(e)
	case core.Write:
		ctx, abort := context.WithCancel(s.context())
		s.aborts[e.ID] = abort
		go s.write(ctx, e)
	}
}

// context is that of a request, which belongs to no call: the end of one must not end what others wait for.
func (s *shell) context() context.Context {
	return operator.WithMaxWait(context.Background(), s.options.MaxWait)
}

// reading is the context of a request that reads, until end is called. Reading back has little time, which more begins
// anew for the next page.
func (s *shell) reading(settle bool) (ctx context.Context, more, end func()) {
	ctx, giveUp := context.WithCancelCause(s.context())
	if !settle {
		return ctx, func() {}, func() { giveUp(nil) }
	}
	timer := time.AfterFunc(s.options.SettleTimeout, func() { giveUp(context.DeadlineExceeded) })
	return ctx, func() { timer.Reset(s.options.SettleTimeout) }, func() {
		timer.Stop()
		giveUp(nil)
	}
}

func (s *shell) list(e core.List) {
	ctx, more, end := s.reading(e.Settle)
	defer end()
	proceed := func(int) bool {
		more()
		return e.Whole || s.readOn(e.Operator, e.Zone)
	}
	held, complete, err := s.operators[e.Operator].List(ctx, e.Zone, proceed)
	s.tell(core.ListAnswer{ID: e.ID, Held: held, Complete: complete, Err: err})
}

// readOn reports whether so much of the zone is wanted that all its pages are worth reading. The CLI asks for ten names
// at once, one after the other: those that are on their way are waited for until none has come for a while.
func (s *shell) readOn(name, zone string) bool {
	for {
		s.mu.Lock()
		enough, asked := s.machine.Enough(name, zone), s.asked
		s.mu.Unlock()
		if !enough {
			return true
		}
		timer := time.NewTimer(core.DefaultTiming().BatchIdle)
		select {
		case <-asked:
			timer.Stop()
		case <-timer.C:
			return false
		}
	}
}

func (s *shell) listName(e core.ListName) {
	ctx, _, end := s.reading(e.Settle)
	defer end()
	held, err := s.operators[e.Operator].ListName(ctx, e.Zone, e.Name)
	s.tell(core.NameAnswer{ID: e.ID, Held: held, Err: err})
}

func (s *shell) askEmpty(e core.AskEmpty) {
	answer := core.EmptyAnswer{ID: e.ID}
	askIfOffered(s, e.Operator, e.Settle, func(ctx context.Context, op operator.EmptyZoneChecker) {
		answer.HoldsAny, answer.Err = op.HoldsAny(ctx, e.Zone)
	})
	s.tell(answer)
}

func (s *shell) askHeld(e core.AskHeld) {
	answer := core.HeldAnswer{ID: e.ID}
	askIfOffered(s, e.Operator, e.Settle, func(ctx context.Context, op operator.KeyChecker) {
		answer.Holds, answer.Err = op.Holds(ctx, e.Key)
	})
	s.tell(answer)
}

func (s *shell) askPublished(e core.AskPublished) {
	answer := core.PublishedAnswer{ID: e.ID}
	askIfOffered(s, e.Operator, true, func(ctx context.Context, op operator.Publisher) {
		answer.Unpublished, answer.Err = op.Unpublished(ctx, e.Zone)
	})
	s.tell(answer)
}

// askIfOffered asks what not every operator can tell; one that cannot is not asked.
func askIfOffered[O operator.Operator](s *shell, name string, settle bool, question func(context.Context, O)) {
	op, ok := s.operators[name].(O)
	if !ok {
		return
	}
	ctx, _, end := s.reading(settle)
	defer end()
	question(ctx, op)
}

func (s *shell) write(ctx context.Context, e core.Write) {
	answers, err := s.operators[e.Operator].Write(ctx, e.Zone, e.Changes)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.aborts[e.ID]()
	delete(s.aborts, e.ID)
	s.step(core.WriteAnswer{ID: e.ID, Answers: answers, Err: err})
}

// lowestTTL is the smallest TTL that an operator is known to hold.
func (s *shell) lowestTTL(name, zone string) uint32 {
	return ask(s, func(m *core.Machine) uint32 { return m.LowestTTL(name, zone) })
}

// is asks a yes or no about a key.
func (s *shell) is(question func(*core.Machine, rrset.Key) bool, key rrset.Key) bool {
	return ask(s, func(m *core.Machine) bool { return question(m, key) })
}
