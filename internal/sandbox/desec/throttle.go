package desec

import (
	"math"
	"strconv"
	"time"
)

// The scopes of design/facts/desec-api.md section 7.
const (
	scopeCheap     = "dns_api_cheap"
	scopeExpensive = "dns_api_expensive"
	scopePerDomain = "dns_api_per_domain_expensive"
	scopeUser      = "user"
)

// rate is a number of requests in a sliding window.
type rate struct {
	requests int
	window   time.Duration
}

const day = 24 * time.Hour

// limits are all in force at once; the first one that is exceeded is the one that is reported.
var limits = map[string][]rate{
	scopeCheap:     {{10, time.Second}, {50, time.Minute}},
	scopeExpensive: {{10, time.Second}, {300, time.Minute}, {1000, time.Hour}},
	scopePerDomain: {{2, time.Second}, {15, time.Minute}, {100, time.Hour}, {300, day}},
	scopeUser:      {{2000, day}},
}

// throttle is the requests of the account by scope and bucket, the oldest first.
type throttle map[string][]time.Time

// check counts a request, or refuses it. A request that its scope refuses does count for the account's day, so that a
// client which repeats blindly uses the day up.
func (t throttle) check(now time.Time, scope, bucket string) *answer {
	wait := t.count(now, scope, bucket)
	wait = max(wait, t.count(now, scopeUser, ""))
	if wait == 0 {
		return nil
	}
	seconds := int(math.Ceil(wait.Seconds()))
	unit := "seconds"
	if seconds == 1 {
		unit = "second"
	}
	a := detail(429, "Request was throttled. Expected available in %d %s.", seconds, unit)
	return new(a.with("Retry-After", strconv.Itoa(seconds)))
}

// count gives the time to wait, or counts the request and gives 0.
func (t throttle) count(now time.Time, scope, bucket string) time.Duration {
	rates, name := limits[scope], scope+" "+bucket
	history := t[name]
	for _, r := range rates {
		begin := len(history) - r.requests
		if begin < 0 {
			continue
		}
		if left := r.window - now.Sub(history[begin]); left > 0 {
			return left
		}
	}
	// No window looks further back than the largest one.
	if most := rates[len(rates)-1].requests; len(history) > most {
		history = history[len(history)-most:]
	}
	t[name] = append(history, now)
	return 0
}
