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

// quota is the limit on requests: 1200 in five minutes, and when it is exceeded nothing but 429 for the next five
// (section 6).
type quota struct {
	enforced     bool
	windowStart  time.Time
	used         int
	blockedUntil time.Time
}

// take counts one request at the time now.
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
	if !now.Before(q.blockedUntil) {
		return nil
	}
	left := seconds(q.blockedUntil.Sub(now))
	w.Header().Set("Ratelimit", fmt.Sprintf(`"default";r=0;t=%d`, left))
	w.Header().Set("Retry-After", strconv.Itoa(left))
	return &apiError{
		status: http.StatusTooManyRequests, code: 10100, gateway: true,
		message: "More than 1200 requests per 300 seconds reached. Please wait and consider throttling your request speed",
	}
}

// announce sets the headers about the limit. They were measured: whatever a user has spent of the five minutes, there
// are always as many requests left as a bucket that is refilled all the time has, and the list of zones has a bucket of
// its own (section 6).
func announce(w http.ResponseWriter, path string) {
	if path == "/client/v4/zones" {
		w.Header().Set("Ratelimit", `"list_zones";r=1200;t=1`)
		w.Header().Set("Ratelimit-Policy", `"list_zones";q=1201;w=300`)
		return
	}
	w.Header().Set("Ratelimit", fmt.Sprintf(`"default";r=%d;t=1`, quotaRequests-1))
	w.Header().Set("Ratelimit-Policy", fmt.Sprintf(`"default";q=%d;w=%d`, quotaRequests, seconds(quotaWindow)))
}

func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }
