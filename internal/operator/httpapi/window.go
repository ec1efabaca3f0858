package httpapi

import (
	"slices"
	"time"
)

// Window is one published limit: so many requests in any span of so much time. It belongs to one [Transport], which
// guards it.
//
// The services count in sliding windows. A token bucket (golang.org/x/time/rate) stays below such a window only if its
// burst and what is refilled during the window add up to no more than the limit: what it lets go at once it lacks
// afterwards, and a run of 100 batches would take three times as long. So the last requests are remembered instead.
//
// What other processes used up only the service can tell. It does so in its answers, and they only ever make the window
// narrower.
type Window struct {
	// Name is the limit in the operator's words, such as "15 writes a minute".
	Name string

	limit int
	span  time.Duration
	sent  []sending // in the last span, and those to come, by time
	taken int       // how many slots were taken in all

	// held is what a Retry-After asked for: no request before.
	held time.Time
	// left requests are allowed before reset, which a Ratelimit header said of the limit that is called told.
	left  int
	reset time.Time
	told  string
}

// sending is one request: when, and which one it was in the order of asking.
type sending struct {
	at     time.Time
	number int
}

func (s sending) compare(at time.Time) int { return s.at.Compare(at) }

// NewWindow paces to at most limit requests in any span of per.
func NewWindow(name string, limit int, per time.Duration) *Window {
	// Something to spare, because the service counts when a request arrives and not when it is sent, and a first one
	// has a handshake to make.
	return &Window{Name: name, limit: limit, span: per + min(per*3/10, time.Second)}
}

// slot is when a request may go, and what is in its way until then.
type slot struct {
	at            time.Time
	limit, reason string
}

// free is the first slot that is left.
func (w *Window) free(now time.Time) slot {
	first := slot{at: now}
	later := func(at time.Time, limit, reason string) {
		if at.After(first.at) {
			first = slot{at, limit, reason}
		}
	}
	past, _ := slices.BinarySearchFunc(w.sent, now.Add(-w.span), sending.compare)
	w.sent = slices.Delete(w.sent, 0, past)
	if over := len(w.sent) - w.limit; over >= 0 {
		later(w.sent[over].at.Add(w.span), w.Name, usedUp(w.Name))
	}
	if w.left <= 0 {
		later(w.reset, w.told, usedUp(w.told))
	}
	later(w.held, w.Name, reasonLimited)
	return first
}

func usedUp(limit string) string { return "the operator's limit of " + limit + " is used up" }

// reserve takes the slot and numbers it.
func (w *Window) reserve(at time.Time) (number int) {
	w.taken++
	i, _ := slices.BinarySearchFunc(w.sent, at, sending.compare)
	w.sent = slices.Insert(w.sent, i, sending{at, w.taken})
	if at.Before(w.reset) {
		w.left--
	}
	return w.taken
}

// release is for a slot that was not used.
func (w *Window) release(number int) {
	i := slices.IndexFunc(w.sent, func(s sending) bool { return s.number == number })
	if i < 0 {
		return
	}
	if w.sent[i].at.Before(w.reset) {
		w.left++
	}
	w.sent = slices.Delete(w.sent, i, i+1)
}

// isOverdrawn reports whether slots which were taken before are worth nothing since the service was heard.
func (w *Window) isOverdrawn(now time.Time) bool {
	return now.Before(w.held) || w.left < 0 && now.Before(w.reset)
}

// hold keeps all requests back, as a 429 with Retry-After asks.
func (w *Window) hold(until time.Time) {
	if until.After(w.held) {
		w.held = until
	}
}

// samePeriod is how far apart answers may put the same reset: the header has whole seconds.
const samePeriod = time.Second

// correct takes over that left requests are allowed before reset, as the answer to the request with that number says.
// Whatever was asked for after it may not be counted there yet.
func (w *Window) correct(number, left int, reset time.Time, name string) {
	if reset.Sub(w.reset).Abs() < samePeriod {
		reset = w.reset
	}
	for _, s := range w.sent {
		if s.number > number && s.at.Before(reset) {
			left--
		}
	}
	if left >= w.left && !reset.After(w.reset) {
		// Answers overtake each other, and within one period what is left only becomes less: this one is the older.
		return
	}
	w.left, w.reset, w.told = left, reset, w.Name
	if name != "" {
		w.told = name
	}
}
