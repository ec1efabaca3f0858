package operator

import (
	"context"
	"sync"
	"time"
)

// Allowance is what one operation may still spend waiting: for a limit of the service's, and before a request is
// repeated.
type Allowance struct {
	mu   sync.Mutex
	left time.Duration
}

type allowanceKey struct{}

// WithMaxWait bounds all waiting of the calls that are made under the returned context by d in sum. Every operator
// keeps to it by asking [AllowanceOf].
func WithMaxWait(ctx context.Context, d time.Duration) context.Context {
	return context.WithValue(ctx, allowanceKey{}, &Allowance{left: d})
}

// AllowanceOf is what the operation of ctx may still spend; where it has no bound of its own, a new allowance of d.
func AllowanceOf(ctx context.Context, d time.Duration) *Allowance {
	if a, ok := ctx.Value(allowanceKey{}).(*Allowance); ok {
		return a
	}
	return &Allowance{left: d}
}

// Take claims d before it is waited, and reports whether that much was left.
func (a *Allowance) Take(d time.Duration) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if d > a.left {
		return false
	}
	a.left -= d
	return true
}
