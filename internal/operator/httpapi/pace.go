package httpapi

import (
	"net/http"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

// reservation is a slot that was taken in a window.
type reservation struct {
	*Window
	number int
}

// pace waits until every window of the request has room, or fails at once when that takes longer than the call may
// wait.
func (t *Transport) pace(req *http.Request, wait *operator.Allowance) ([]reservation, error) {
	if t.config.Pace == nil {
		return nil, nil
	}
	windows := t.config.Pace(req)
	for {
		reserved, next, delay := t.reserve(windows, wait)
		if reserved == nil && delay > 0 {
			e := t.outage(req, next.reason, nil)
			e.RetryAfter = delay
			return nil, e
		}
		if delay == 0 {
			return reserved, nil
		}
		tflog.Info(req.Context(), "waiting for the operator's limit", map[string]any{
			"operator": t.config.Operator, "limit": next.limit, "wait": delay.String(), "cause": next.reason,
		})
		err := sleep(req.Context(), delay)
		if err == nil && t.isStillFree(windows) {
			return reserved, nil
		}
		t.release(reserved)
		if err != nil {
			return nil, t.outage(req, "interrupted", err)
		}
	}
}

// reserve takes the first slot that all windows have free. None is reserved when the call may not wait that long.
func (t *Transport) reserve(windows []*Window, wait *operator.Allowance) (reserved []reservation, next slot, delay time.Duration) {
	t.pacing.Lock()
	defer t.pacing.Unlock()
	now := time.Now() //nolint:forbidigo // the service's windows run on real time
	next = slot{at: now}
	for _, w := range windows {
		if free := w.free(now); free.at.After(next.at) {
			next = free
		}
	}
	delay = next.at.Sub(now)
	if delay > 0 && !wait.Take(delay) {
		return nil, next, delay
	}
	for _, w := range windows {
		reserved = append(reserved, reservation{w, w.reserve(next.at)})
	}
	return reserved, next, delay
}

// isStillFree reports whether nothing came up while a request waited for its slot.
func (t *Transport) isStillFree(windows []*Window) bool {
	t.pacing.Lock()
	defer t.pacing.Unlock()
	now := time.Now() //nolint:forbidigo // as above
	return !slices.ContainsFunc(windows, func(w *Window) bool { return w.isOverdrawn(now) })
}

// release gives back what was not used.
func (t *Transport) release(reserved []reservation) {
	t.pacing.Lock()
	defer t.pacing.Unlock()
	for _, r := range reserved {
		r.Window.release(r.number)
	}
}

// learn takes from an answer what the service says of its limits, so that the other requests wait as well, and not each
// for a 429 of its own.
func (t *Transport) learn(reserved []reservation, a Answer) {
	if len(reserved) == 0 {
		return
	}
	t.pacing.Lock()
	defer t.pacing.Unlock()
	now := time.Now() //nolint:forbidigo // as above
	if left, ok := remainderOf(a.Header, reserved[len(reserved)-1].span); ok {
		r := responsible(reserved, left.reset)
		r.correct(r.number, left.left, now.Add(left.reset), left.limit)
	}
	if after := retryAfter(a.Header); a.Status == http.StatusTooManyRequests && after > 0 {
		responsible(reserved, after).hold(now.Add(after))
	}
}

// responsible is the limit that a wait is put down to, because the service does not say which one it is: the shortest
// that can make anybody wait so long. So a wait of 52 s is for writes to one domain, and one of hours, which no limit
// on reads can cause, for the whole account.
func responsible(reserved []reservation, wait time.Duration) reservation {
	for _, r := range reserved {
		if wait <= r.span {
			return r
		}
	}
	return reserved[len(reserved)-1]
}
