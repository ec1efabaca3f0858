package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/httpapi"
)

// instant answers in memory, so that a bubble's clock is the only one.
type instant struct{ at []time.Time }

func (i *instant) RoundTrip(*http.Request) (*http.Response, error) {
	i.at = append(i.at, time.Now())
	return &http.Response{StatusCode: 204, Header: http.Header{}, Body: http.NoBody}, nil
}

// paced sends requests one after the other until one fails or n are through, on a clock of its own.
func paced(t *testing.T, n int, wait time.Duration, windows ...func() *httpapi.Window) (at []time.Time, err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		base := &instant{}
		var all []*httpapi.Window
		for _, w := range windows {
			all = append(all, w())
		}
		tr := transport(t, "https://api.example.com", func(c *httpapi.Config) {
			c.Base, c.MaxWait = base, wait
			c.Pace = func(*http.Request) []*httpapi.Window { return all }
		})
		for range n {
			if _, err = send(t.Context(), tr, "GET", "https://api.example.com/v1"); err != nil {
				break
			}
		}
		at = base.at
	})
	return at, err
}

func window(name string, limit int, per time.Duration) func() *httpapi.Window {
	return func() *httpapi.Window { return httpapi.NewWindow(name, limit, per) }
}

// most is the largest number of requests in any half-open span.
func most(at []time.Time, span time.Duration) int {
	largest := 0
	for i := range at {
		n := 0
		for _, other := range at[i:] {
			if other.Sub(at[i]) < span {
				n++
			}
		}
		largest = max(largest, n)
	}
	return largest
}

func TestWindow_StaysBelowASlidingWindow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		limit, requests int
		per             time.Duration
	}{
		{1, 10, time.Second},
		{2, 20, time.Second},
		{5, 30, time.Second},
		{10, 60, time.Second},
		{15, 60, time.Minute},
		{50, 200, time.Minute},
		{1200, 3000, 5 * time.Minute},
	} {
		at, err := paced(t, c.requests, time.Hour, window("limit", c.limit, c.per))
		if err != nil || len(at) != c.requests {
			t.Errorf("%d in %s: %d of %d requests went through: %v", c.limit, c.per, len(at), c.requests, err)
		}
		if got := most(at, c.per); got > c.limit {
			t.Errorf("%d in %s: %d requests were sent in one span", c.limit, c.per, got)
		}
		// Pacing that is right but slower than allowed would go unnoticed.
		if spent, fair := at[len(at)-1].Sub(at[0]), c.per*time.Duration(c.requests)/time.Duration(c.limit)*27/20; spent > fair {
			t.Errorf("%d in %s: %d requests took %s, more than %s", c.limit, c.per, c.requests, spent, fair)
		}
	}
}

func TestWindow_SeveralHoldTogether(t *testing.T) {
	t.Parallel()
	at, err := paced(t, 40, time.Hour, window("2 a second", 2, time.Second), window("15 a minute", 15, time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if a, b := most(at, time.Second), most(at, time.Minute); a > 2 || b > 15 {
		t.Errorf("%d requests in a second and %d in a minute, want at most 2 and 15", a, b)
	}
}

func TestWindow_LongOnesGiveTheWholeLimitAtOnce(t *testing.T) {
	t.Parallel()
	at, err := paced(t, 101, 30*time.Second, window("100 writes an hour", 100, time.Hour))
	if len(at) != 100 {
		t.Errorf("%d requests went through, want all 100", len(at))
	}
	outage := operator.AsOutage(err)
	switch {
	case outage == nil:
		t.Fatalf("request 101 gave %v, want an outage", err)
	case outage.Reason != "the operator's limit of 100 writes an hour is used up":
		t.Errorf("reason is %q", outage.Reason)
	case outage.InDoubt || outage.RetryAfter < time.Hour || outage.RetryAfter > time.Hour+time.Second:
		t.Errorf("outage is %#v", outage)
	}
}

func TestWindow_BeyondTheWaitNothingIsSent(t *testing.T) {
	t.Parallel()
	at, err := paced(t, 3, 5*time.Second, window("1 a minute", 1, time.Minute))
	outage := operator.AsOutage(err)
	if len(at) != 1 || outage == nil || outage.InDoubt || outage.RetryAfter <= 5*time.Second {
		t.Errorf("%d requests, error %#v; want one request and an outage that is not in doubt", len(at), outage)
	}
	if !strings.Contains(err.Error(), "max_wait bounds how long") {
		t.Errorf("error does not say why: %v", err)
	}
}
