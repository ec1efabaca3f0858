package replica

import (
	"context"
	"sync"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// Options are the user's settings that concern replication.
type Options struct {
	// MaxWait bounds what one operation spends waiting for limits and repeats.
	MaxWait time.Duration
	// SettleTimeout bounds the reading back after an answer was lost.
	SettleTimeout time.Duration
	// Notes is a folder for what a plan leaves for its apply, empty for none; Scope tells apart what has nothing to do
	// with each other.
	Notes, Scope string
}

// Walk is the shared knowledge of one walk of the CLI. It is safe for concurrent use.
type Walk struct {
	operators []operator.Operator
	options   Options
	shell     *shell
	zones     zones
	notes     *notes
	past      *past

	mu        sync.Mutex
	announced map[string]bool
	had       map[rrset.Key]Ownership // by what was read, or is kept
}

// New returns the Walk of the given operators. It makes no request.
func New(operators []operator.Operator, o Options) *Walk {
	n := newNotes(o.Notes, o.Scope)
	return &Walk{
		operators: operators, options: o, announced: map[string]bool{}, had: map[rrset.Key]Ownership{},
		shell: newShell(operators, o), zones: newZones(), notes: n, past: newPast(n.dir),
	}
}

// Anew is a walk that knows nothing of what was declared or done in this one: a walk never deletes what it has written
// itself.
func (w *Walk) Anew() *Walk { return New(w.operators, w.options) }

// Observe asks all operators side by side what they hold under key, and also at its name under other types.
func (w *Walk) Observe(ctx context.Context, key rrset.Key, also ...rrset.Key) map[string]Observation {
	return w.shell.call(ctx, func(id core.ID) core.Event {
		return core.Look{ID: id, Key: key, Also: also, At: w.everywhere(), Sure: true, Patient: true}
	}).Seen
}

// Effective is want as the named operator will show it.
func (w *Walk) Effective(name string, want operator.RRset) operator.RRset {
	return w.operator(name).Effective(want)
}

// Planning announces that the plan of the address that declares key is being made. If that comes to nothing, Validate
// says so once more.
func (w *Walk) Planning(key rrset.Key) { w.shell.tell(core.Planning{Key: key}) }

// Expect announces that a change of key is likely to arrive soon, so that a batch is not closed just before it.
func (w *Walk) Expect(key rrset.Key) { w.shell.tell(core.Expected{Key: key}) }

// AnnounceOutage says true once for each operator and walk: the caller then warns, and nobody else does.
func (w *Walk) AnnounceOutage(name string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	first := !w.announced[name]
	w.announced[name] = true
	return first
}

func (w *Walk) operator(name string) operator.Operator {
	for _, op := range w.operators {
		if op.Name() == name {
			return op
		}
	}
	panic("replica: no operator named " + name)
}

func (w *Walk) everywhere() map[string]bool {
	all := map[string]bool{}
	for _, op := range w.operators {
		all[op.Name()] = true
	}
	return all
}

func (w *Walk) bounded(ctx context.Context) context.Context {
	return operator.WithMaxWait(ctx, w.options.MaxWait)
}

// each calls f for all operators side by side.
func each[T any](operators []operator.Operator, f func(operator.Operator) T) map[string]T {
	var mu sync.Mutex
	var wg sync.WaitGroup
	results := make(map[string]T, len(operators))
	for _, op := range operators {
		wg.Go(func() {
			result := f(op)
			mu.Lock()
			defer mu.Unlock()
			results[op.Name()] = result
		})
	}
	wg.Wait()
	return results
}
