package httpapi

import (
	"math/rand/v2"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

const (
	// maxAttempts bounds one call: a first try and two repeats, so that an API which answers every request with 5xx
	// sees at most three.
	maxAttempts = 3
	// firstBackoff is the longest wait before the first repeat; it doubles.
	firstBackoff = 400 * time.Millisecond
)

// effort is what one call has spent on exchanges that failed.
type effort struct {
	attempts       int
	spent, slowest time.Duration
	// err is what to report: the last failure, but for a repeat that ran out of what was left of the time, which says
	// less than the one before it.
	err error
}

func (e *effort) add(took time.Duration, err error) {
	outage := operator.AsOutage(err)
	if e.attempts == 0 || outage == nil || !outage.Silent {
		e.err = err
	}
	if outage != nil && outage.Silent {
		e.attempts = maxAttempts
	}
	e.attempts++
	e.spent += took
	e.slowest = max(e.slowest, took)
}

// repeat reports whether and after which pause the call may be tried again.
//
// A time-out is not repeated: it has used up what a walk may spend on an operator that is silent. For the same reason
// all exchanges of a call fit into one timeout: one that was slow is repeated only if as long a one still fits
// (design/write-time.md). A request in doubt is not repeated either: its author reads back first.
func (e *effort) repeat(timeout time.Duration) (pause time.Duration, again bool) {
	outage := operator.AsOutage(e.err)
	if outage == nil || e.attempts >= maxAttempts || outage.InDoubt {
		return 0, false
	}
	if outage.RetryAfter > 0 {
		// What the operator asks for is bounded by the allowed wait.
		return outage.RetryAfter, e.spent+e.slowest < timeout
	}
	longest := firstBackoff << (e.attempts - 1)
	pause = longest/2 + rand.N(longest/2) //nolint:gosec // jitter needs no secrecy
	e.spent += pause
	return pause, e.spent+e.slowest < timeout
}
