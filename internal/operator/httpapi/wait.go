package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Window is one published limit: so many requests in so much time.
type Window struct {
	// Name is the limit in the operator's words, such as "15 writes a minute".
	Name    string
	limiter *rate.Limiter
}

// NewWindow paces to at most limit requests in any span of per. The services
// count in sliding windows, and a token bucket stays below such a window only
// if its burst and what is refilled during the window add up to no more than
// the limit: two thirds may go at once and one third is refilled. A handful
// is spaced evenly instead, with a tenth to spare for the network's jitter.
//
// Limits for an hour or a day are longer than a process lives. The whole limit
// may go at once there, so that no request is held back that the service would
// have carried out; what other processes used up only the service can tell,
// and it does, by a 429.
func NewWindow(name string, limit int, per time.Duration) *Window {
	burst, refill := limit*2/3, limit-limit*2/3
	every := per / time.Duration(refill)
	switch {
	case per >= time.Hour:
		burst, every = limit, per/time.Duration(limit)
	case limit <= 5:
		burst, every = 1, per/time.Duration(limit)*11/10
	}
	return &Window{Name: name, limiter: rate.NewLimiter(rate.Every(every), burst)}
}

// pace waits until every window of the request has room, or fails at once when
// that takes longer than the call may wait.
func (t *Transport) pace(req *http.Request, wait *allowance) error {
	if t.config.Pace == nil {
		return nil
	}
	for _, w := range t.config.Pace(req) {
		slot := w.limiter.Reserve()
		delay := slot.Delay()
		if delay == 0 {
			continue
		}
		if !wait.take(delay) {
			slot.Cancel()
			e := t.outage(req, fmt.Sprintf("the operator's limit of %s is used up", w.Name), nil)
			e.RetryAfter = delay
			return e
		}
		if err := sleep(req.Context(), delay); err != nil {
			slot.Cancel()
			return t.outage(req, "interrupted", err)
		}
	}
	return nil
}

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

var _ http.RoundTripper = (*Transport)(nil)
