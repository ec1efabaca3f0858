package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// Window is one published limit: so many requests in any span of so much time.
//
// The services count in sliding windows. A token bucket
// (golang.org/x/time/rate) stays below such a window only if its burst and
// what is refilled during the window add up to no more than the limit: what it
// lets go at once it lacks afterwards, and a run of 100 batches would take
// three times as long. So the last requests are remembered instead.
type Window struct {
	// Name is the limit in the operator's words, such as "15 writes a minute".
	Name string

	limit int
	span  time.Duration

	mu   sync.Mutex
	sent []time.Time // the last requests, at most limit of them, in order
}

// NewWindow paces to at most limit requests in any span of per. What other
// processes used up only the service can tell, and it does, by a 429.
func NewWindow(name string, limit int, per time.Duration) *Window {
	// Something to spare, because the service counts when a request arrives
	// and not when it is sent, and a first one has a handshake to make.
	return &Window{Name: name, limit: limit, span: per + min(per*3/10, time.Second)}
}

// reserve claims the next slot and says how long it is until then. cancel
// gives it back.
func (w *Window) reserve(now time.Time) (delay time.Duration, cancel func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	slot := now
	if len(w.sent) == w.limit {
		if free := w.sent[0].Add(w.span); free.After(now) {
			slot = free
		}
	}
	before := w.sent
	w.sent = append(slices.Clone(w.sent[max(0, len(w.sent)+1-w.limit):]), slot)
	return slot.Sub(now), func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if i := len(w.sent) - 1; w.sent[i].Equal(slot) {
			w.sent = before
		}
	}
}

// pace waits until every window of the request has room, or fails at once when
// that takes longer than the call may wait.
func (t *Transport) pace(req *http.Request, wait *allowance) error {
	if t.config.Pace == nil {
		return nil
	}
	for _, w := range t.config.Pace(req) {
		delay, cancel := w.reserve(time.Now()) //nolint:forbidigo // the service's windows run on real time
		if delay == 0 {
			continue
		}
		if !wait.take(delay) {
			cancel()
			e := t.outage(req, fmt.Sprintf("the operator's limit of %s is used up", w.Name), nil)
			e.RetryAfter = delay
			return e
		}
		tflog.Info(req.Context(), "waiting for the operator's limit", map[string]any{
			"operator": t.config.Operator, "limit": w.Name, "wait": delay.String(),
		})
		if err := sleep(req.Context(), delay); err != nil {
			cancel()
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
