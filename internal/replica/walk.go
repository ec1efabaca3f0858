package replica

import (
	"context"
	"sync"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// Options are the user's settings that concern replication.
type Options struct {
	// MaxWait bounds what one operation spends waiting for limits and repeats.
	MaxWait time.Duration
	// SettleTimeout bounds the reading back after an answer was lost.
	SettleTimeout time.Duration
}

// Walk is the shared knowledge of one walk of the CLI. It is safe for
// concurrent use.
type Walk struct {
	sites   []*site
	options Options
	keys    keyRegistry
}

// New returns the Walk of the given operators. It makes no request.
func New(operators []operator.Operator, o Options) *Walk {
	w := &Walk{options: o}
	for _, op := range operators {
		w.sites = append(w.sites, newSite(op, o))
	}
	return w
}

// Observation is what one operator was seen to hold under a key.
type Observation struct {
	// Held is nil when the operator holds no such RRset.
	Held *operator.RRset
	// Others are the RRsets of other types at the same owner name.
	Others []operator.RRset
	// Err is an outage or a refusal; the other fields say nothing then.
	Err error
}

// Observe asks all operators side by side what they hold under key.
func (w *Walk) Observe(ctx context.Context, key rrset.Key) map[string]Observation {
	ctx = w.bounded(ctx)
	ours := w.keys.isOwned(key)
	return each(w.sites, func(s *site) Observation {
		if ours {
			return s.observeOurs(ctx, key)
		}
		return s.observe(ctx, key)
	})
}

// Check names what an operator cannot hold, by the rules that are known without
// asking it.
func (w *Walk) Check(name string, want operator.RRset) []operator.Violation {
	return w.site(name).op.Check(want, nil)
}

// Effective is want as the named operator will show it.
func (w *Walk) Effective(name string, want operator.RRset) operator.RRset {
	return w.site(name).op.Effective(want)
}

// Expect announces that a change of key is likely to arrive soon, so that a
// batch is not closed just before it.
func (w *Walk) Expect(key rrset.Key) {
	for _, s := range w.sites {
		s.arrival.expect(key)
	}
}

// arrived says that no further change of key is on its way.
func (w *Walk) arrived(key rrset.Key) {
	for _, s := range w.sites {
		s.arrival.arrive(key)
	}
}

// AnnounceOutage says true once for each operator and walk: the caller then
// warns, and nobody else does.
func (w *Walk) AnnounceOutage(name string) bool {
	return w.site(name).announced.CompareAndSwap(false, true)
}

func (w *Walk) site(name string) *site {
	for _, s := range w.sites {
		if s.op.Name() == name {
			return s
		}
	}
	panic("replica: no operator named " + name)
}

func (w *Walk) bounded(ctx context.Context) context.Context {
	return operator.WithMaxWait(ctx, w.options.MaxWait)
}

// each calls f for all sites side by side.
func each[T any](sites []*site, f func(*site) T) map[string]T {
	var mu sync.Mutex
	var wg sync.WaitGroup
	results := make(map[string]T, len(sites))
	for _, s := range sites {
		wg.Go(func() {
			result := f(s)
			mu.Lock()
			defer mu.Unlock()
			results[s.op.Name()] = result
		})
	}
	wg.Wait()
	return results
}
