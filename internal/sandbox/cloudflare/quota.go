package cloudflare

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"
)

const (
	quotaRequests = 1200
	quotaWindow   = 5 * time.Minute
)

// quota is the limit on requests: 1200 in five minutes, and when it is exceeded nothing but 429 for the next five (section 6).
type quota struct {
	enforced     bool
	windowStart  time.Time
	used         int
	blockedUntil time.Time
}

// take counts one request at the time now and sets the headers that tell the client where it stands.
func (q *quota) take(w http.ResponseWriter, now time.Time) *apiError {
	if !q.enforced {
		return nil
	}
	if now.Sub(q.windowStart) >= quotaWindow {
		q.windowStart, q.used = now, 0
	}
	q.used++
	if q.used > quotaRequests && !now.Before(q.blockedUntil) {
		q.blockedUntil = now.Add(quotaWindow)
	}
	reset := q.windowStart.Add(quotaWindow).Sub(now)
	w.Header().Set("Ratelimit", fmt.Sprintf(`"default";r=%d;t=%d`, max(0, quotaRequests-q.used), seconds(reset)))
	w.Header().Set("Ratelimit-Policy", fmt.Sprintf(`"default";q=%d;w=%d`, quotaRequests, seconds(quotaWindow)))
	if !now.Before(q.blockedUntil) {
		return nil
	}
	w.Header().Set("Retry-After", strconv.Itoa(seconds(q.blockedUntil.Sub(now))))
	return tooManyRequests()
}

// tooManyRequests is the refusal over the quota. It has status 429 and code 10100.
func tooManyRequests() *apiError {
	return &apiError{
		status: http.StatusTooManyRequests, code: 10100, gateway: true,
		message: "More than 1200 requests per 300 seconds reached. Please wait and consider throttling your request speed",
	}
}

func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }
