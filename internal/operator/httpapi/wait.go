package httpapi

import (
	"context"
	"sync"
	"time"
)

type waitKey struct{}

// allowance is what one operation may still spend waiting.
type allowance struct {
	mu   sync.Mutex
	left time.Duration
}

// WithMaxWait bounds all waiting (pacing, repeats, Retry-After) of the calls
// that are made under the returned context by d in sum.
func WithMaxWait(ctx context.Context, d time.Duration) context.Context {
	return context.WithValue(ctx, waitKey{}, &allowance{left: d})
}

func waitOf(ctx context.Context, otherwise time.Duration) *allowance {
	if a, ok := ctx.Value(waitKey{}).(*allowance); ok {
		return a
	}
	return &allowance{left: otherwise}
}

// take claims d and says whether that much was left.
func (a *allowance) take(d time.Duration) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if d > a.left {
		return false
	}
	a.left -= d
	return true
}

// sleep ends early, with its cause, when ctx does.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
