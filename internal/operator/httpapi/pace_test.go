package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/httpapi"
)

// service answers in memory on a bubble's clock, and remembers when it was asked for what, in seconds from the
// beginning.
type service struct {
	latency func() time.Duration
	answer  func(n int, at time.Duration, header http.Header) (status int)

	mu    sync.Mutex
	begin time.Time
	asked map[string][]float64 // by method
	count int
	limit int // answers 429
}

func newService(latency time.Duration, answer func(n int, at time.Duration, header http.Header) (status int)) *service {
	return &service{
		latency: func() time.Duration { return latency }, answer: answer,
		begin: time.Now(), asked: make(map[string][]float64),
	}
}

func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(s.latency())
	s.mu.Lock()
	at := time.Since(s.begin)
	s.count++
	s.asked[r.Method] = append(s.asked[r.Method], at.Seconds())
	res := &http.Response{Header: http.Header{}, Body: http.NoBody}
	res.StatusCode = s.answer(s.count, at, res.Header)
	if res.StatusCode == http.StatusTooManyRequests {
		s.limit++
	}
	s.mu.Unlock()
	time.Sleep(s.latency())
	return res, nil
}

const here = "https://api.example.com/v1"

// paces returns a transport to the service that has these windows for all requests.
func (s *service) paces(t *testing.T, wait time.Duration, windows ...*httpapi.Window) *httpapi.Transport {
	t.Helper()
	return transport(t, "https://api.example.com", func(c *httpapi.Config) {
		c.Base, c.MaxWait = s, wait
		c.Pace = func(*http.Request) []*httpapi.Window { return windows }
	})
}

// together sends n requests at once and waits for all.
func together(t *testing.T, tr *httpapi.Transport, n int) {
	t.Helper()
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			if _, err := send(t.Context(), tr, "GET", here); err != nil {
				t.Errorf("a request failed: %v", err)
			}
		})
	}
	all.Wait()
}

func TestPace_RetryAfterHoldsBackTheOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService(50*time.Millisecond, func(_ int, at time.Duration, h http.Header) int {
			if at >= 20*time.Second {
				return 204
			}
			h.Set("Retry-After", strconv.Itoa(int((20*time.Second-at+time.Second-1)/time.Second)))
			return 429
		})
		tr := s.paces(t, time.Hour, httpapi.NewWindow("50 a minute", 50, time.Minute))
		var first sync.WaitGroup
		first.Go(func() { together(t, tr, 1) })
		time.Sleep(time.Second)
		together(t, tr, 9)
		first.Wait()
		if s.limit != 1 || s.count != 11 {
			t.Errorf("%d requests and %d times 429, want 11 and one", s.count, s.limit)
		}
	})
}

// Requests that have their slot already are held back as well, and leave it within the limits of their own.
func TestPace_RetryAfterReachesThoseWhoWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService(time.Millisecond, func(n int, _ time.Duration, h http.Header) int {
			if n != 3 {
				return 204
			}
			h.Set("Retry-After", "40")
			return 429
		})
		begin := time.Now()
		tr := s.paces(t, time.Hour, httpapi.NewWindow("2 a second", 2, time.Second), httpapi.NewWindow("15 a minute", 15, time.Minute))
		together(t, tr, 10)
		var at []time.Time
		for _, seconds := range s.asked["GET"] {
			at = append(at, begin.Add(time.Duration(seconds*float64(time.Second))))
			if seconds > 2 && seconds < 40 {
				t.Errorf("a request was sent after %f s, while it was known that there is no room before 41 s", seconds)
			}
		}
		if s.count != 11 || most(at, time.Second) > 2 {
			t.Errorf("%d requests, %d of them in one second; want 11 and at most 2: %v", s.count, most(at, time.Second), s.asked["GET"])
		}
	})
}

func TestPace_TheLongestRetryAfterCounts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService(time.Millisecond, func(n int, _ time.Duration, h http.Header) int {
			if n > 2 {
				return 204
			}
			h.Set("Retry-After", []string{"40", "5"}[n-1])
			return 429
		})
		tr := s.paces(t, time.Hour, httpapi.NewWindow("50 a minute", 50, time.Minute))
		var first sync.WaitGroup
		first.Go(func() { together(t, tr, 1) })
		time.Sleep(time.Millisecond / 2)
		together(t, tr, 1)
		first.Wait()
		if at := s.asked["GET"]; len(at) != 4 || at[2] < 40 {
			t.Errorf("sent after %v seconds, want the third one not before 40", at)
		}
	})
}

func TestPace_RetryAfterHoldsItsOwnScope(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, first  string
		after        string
		reads, write float64 // when the next ones are sent
	}{
		{"a minute of writes", "PATCH", "50", 1, 50},
		{"a minute of reads", "GET", "50", 50, 1},
		{"hours of reads are the account's", "GET", "7200", 7200, 7200},
		{"hours of writes are theirs", "PATCH", "7200", 1, 7200},
		{"longer than any limit", "GET", "90000", 90000, 90000},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newService(0, func(n int, _ time.Duration, h http.Header) int {
					if n > 1 {
						return 204
					}
					h.Set("Retry-After", c.after)
					return 429
				})
				account := httpapi.NewWindow("2000 a day", 2000, 24*time.Hour)
				reads := []*httpapi.Window{httpapi.NewWindow("50 reads a minute", 50, time.Minute), account}
				writes := []*httpapi.Window{
					httpapi.NewWindow("15 writes a minute", 15, time.Minute), httpapi.NewWindow("300 writes a day", 300, 24*time.Hour), account,
				}
				tr := transport(t, "https://api.example.com", func(conf *httpapi.Config) {
					conf.Base = s
					conf.Pace = func(r *http.Request) []*httpapi.Window {
						if r.Method == "GET" {
							return reads
						}
						return writes
					}
				})
				patiently := operator.WithMaxWait(t.Context(), 1000*time.Hour)
				_, err := send(operator.WithMaxWait(t.Context(), 0), tr, c.first, here)
				if operator.AsOutage(err) == nil {
					t.Fatalf("the first request gave %v, want an outage", err)
				}
				time.Sleep(time.Second)
				clear(s.asked)
				var both sync.WaitGroup
				for _, method := range []string{"GET", "PATCH"} {
					both.Go(func() { _, _ = send(patiently, tr, method, here) })
				}
				both.Wait()
				if diff := cmp.Diff(map[string][]float64{"GET": {c.reads}, "PATCH": {c.write}}, s.asked); diff != "" {
					t.Errorf("sent after seconds (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestPace_RatelimitCorrectsWhatIsLeft(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, header string
		want         []float64 // when requests are sent; the first has the header
	}{
		{"three left", `"default";r=3;t=30`, []float64{0, 0, 0, 0, 30, 30}},
		{"none left", `"default";r=0;t=30`, []float64{0, 30, 30, 30, 30, 30}},
		{"blanks, and a parameter more", ` "default" ; r=1; t=30;pk=:cGFydA==: `, []float64{0, 0, 30, 30, 30, 30}},
		{"the fewest of two", `"day";r=900;t=200, "burst";r=1;t=9`, []float64{0, 0, 9, 9, 9, 9}},
		{"the longer of two", `"burst";r=1;t=9,"day";r=1;t=200`, []float64{0, 0, 200, 200, 200, 200}},
		{"one that is malformed", `"day";r=x;t=200, "burst";r=2;t=9`, []float64{0, 0, 0, 9, 9, 9}},
		{"more than is asked for", `"default";r=1000;t=30`, nil},
		{"not said", ``, nil},
		{"negative", `"default";r=-1;t=30`, nil},
		{"time that runs backwards", `"default";r=0;t=-30`, nil},
		{"no time", `"default";r=0;t=0`, nil},
		{"without its time", `"default";r=0`, nil},
		{"without its number", `"default";t=30`, nil},
		{"longer than the limit's own span", `"default";r=0;t=86400`, nil},
		{"numbers beyond all size", `"default";r=0;t=99999999999999999999`, nil},
		{"a fraction", `"default";r=0;t=1.5`, nil},
		{"something behind the number", `"default";r=0;t=30s`, nil},
		{"no name", `r=0;t=30`, nil},
		{"an open quote", `"default;r=0;t=30`, nil},
		{"of an older draft", `limit=100, remaining=0, reset=50`, nil},
		{"nothing but separators", `;;,,";,"`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newService(0, func(n int, _ time.Duration, h http.Header) int {
					if n == 1 {
						h.Set("Ratelimit", c.header)
					}
					return 204
				})
				tr := s.paces(t, time.Hour, httpapi.NewWindow("1200 in 5 minutes", 1200, 5*time.Minute))
				for range 6 {
					together(t, tr, 1)
				}
				want := c.want
				if want == nil {
					want = []float64{0, 0, 0, 0, 0, 0}
				}
				if diff := cmp.Diff(want, s.asked["GET"]); diff != "" {
					t.Errorf("sent after seconds (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// shared is a limit of 100 requests in a fixed minute, of which others have used up some.
func shared(others int) func(int, time.Duration, http.Header) int {
	used, minute := others, 0
	return func(_ int, at time.Duration, h http.Header) int {
		if now := int(at / time.Minute); now != minute {
			used, minute = 0, now
		}
		used++
		left := time.Duration(minute+1)*time.Minute - at
		h.Set("Ratelimit", `"default";r=`+strconv.Itoa(max(0, 100-used))+`;t=`+strconv.Itoa(int((left+time.Second-1)/time.Second)))
		if used > 100 {
			h.Set("Retry-After", strconv.Itoa(int((left+time.Second-1)/time.Second)))
			return 429
		}
		return 204
	}
}

// Whatever the answers' order: once one has been heard, no 429 is collected from a limit that others use as well, and
// no more time is lost than the limit takes.
func TestPace_RatelimitHoldsForParallelRequests(t *testing.T) {
	t.Parallel()
	for _, others := range []int{0, 40, 60, 98, 99} {
		synctest.Test(t, func(t *testing.T) {
			s := newService(0, shared(others))
			s.latency = func() time.Duration { return rand.N(400 * time.Millisecond) }
			tr := s.paces(t, time.Hour, httpapi.NewWindow("1200 in 5 minutes", 1200, 5*time.Minute))
			together(t, tr, 1)
			together(t, tr, 79)
			if s.limit != 0 || s.count != 80 {
				t.Errorf("%d used by others: %d requests and %d times 429, want 80 and none", others, s.count, s.limit)
			}
			if took := time.Since(s.begin); took > 63*time.Second {
				t.Errorf("%d used by others: 80 requests took %s", others, took)
			}
		})
	}
}

// For minutes, of which others use up a part.
func TestPace_RatelimitHoldsForALongRun(t *testing.T) {
	t.Parallel()
	for range 20 {
		synctest.Test(t, func(t *testing.T) {
			s := newService(0, shared(50))
			s.latency = func() time.Duration { return rand.N(400 * time.Millisecond) }
			tr := s.paces(t, time.Hour, httpapi.NewWindow("1200 in 5 minutes", 1200, 5*time.Minute))
			together(t, tr, 1)
			var workers sync.WaitGroup
			for range 8 {
				workers.Go(func() {
					for range 40 {
						together(t, tr, 1)
					}
				})
			}
			workers.Wait()
			if s.limit != 0 || s.count != 321 {
				t.Errorf("%d requests and %d times 429, want 321 and none", s.count, s.limit)
			}
			// 50 in the first minute and 100 in each that follows, less those that are on their way when little is
			// left.
			if took := time.Since(s.begin); took > 4*time.Minute+30*time.Second {
				t.Errorf("321 requests took %s", took)
			}
		})
	}
}

// Slots that were taken before the service was heard are given back.
func TestPace_RatelimitReachesThoseWhoWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService(time.Millisecond, shared(95))
		tr := s.paces(t, time.Hour, httpapi.NewWindow("1 a second", 1, time.Second), httpapi.NewWindow("100 a minute", 100, time.Minute))
		together(t, tr, 20)
		if s.limit != 0 || s.count != 20 {
			t.Errorf("%d requests and %d times 429, want 20 and none: %v", s.count, s.limit, s.asked["GET"])
		}
		if at := s.asked["GET"]; at[4] > 59 || at[5] < 60 {
			t.Errorf("want the five that were left in the first minute, and no more: %v", at)
		}
	})
}

func TestPace_BeyondTheWaitFailsAtOnceWithTheNextSlot(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		status int
		header []string
		want   string
	}{
		{"Retry-After", 429, []string{"Retry-After", "3000"}, "rate limit reached (HTTP 429); the next request is allowed in 49m58s"},
		{"Ratelimit", 204, []string{"Ratelimit", `"default";r=0;t=52`}, "the operator's limit of 1200 requests in 5 minutes is used up; the next request is allowed in 50s"},
		{
			"with its policy", 204, []string{"Ratelimit", `"burst";r=0;t=52`, "Ratelimit-Policy", `"default";q=1200;w=300, "burst";q=100;w=60`},
			"the operator's limit of 100 requests in 60 seconds is used up; the next request is allowed in 50s",
		},
		{
			"with a policy that is none", 204, []string{"Ratelimit", `"burst";r=0;t=52`, "Ratelimit-Policy", `"burst";q=-1;w=60`},
			"the operator's limit of 1200 requests in 5 minutes is used up; the next request is allowed in 50s",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newService(0, func(_ int, _ time.Duration, h http.Header) int {
					for i := 0; i < len(c.header); i += 2 {
						h.Set(c.header[i], c.header[i+1])
					}
					return c.status
				})
				tr := s.paces(t, 30*time.Second, httpapi.NewWindow("1200 requests in 5 minutes", 1200, 5*time.Minute))
				_, _ = send(t.Context(), tr, "PATCH", here)
				time.Sleep(2 * time.Second)
				begin := time.Now()
				_, err := send(t.Context(), tr, "PATCH", here)
				outage := operator.AsOutage(err)
				if outage == nil || outage.InDoubt || s.count != 1 || time.Since(begin) != 0 {
					t.Fatalf("%d requests, %s later: %#v; want one request, no wait, and an outage without doubt", s.count, time.Since(begin), err)
				}
				if want := "example: PATCH /v1: " + c.want + ", and max_wait bounds how long one operation waits"; err.Error() != want {
					t.Errorf("error is\n%q, want\n%q", err, want)
				}
			})
		})
	}
}

// Less than a second is told as one, and not as none.
func TestPace_NextSlotIsRoundedUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService(500*time.Millisecond, func(int, time.Duration, http.Header) int { return 204 })
		tr := s.paces(t, 0, httpapi.NewWindow("1 a second", 1, time.Second))
		together(t, tr, 1)
		_, err := send(t.Context(), tr, "GET", here)
		if err == nil || !strings.Contains(err.Error(), "the next request is allowed in 1s,") {
			t.Errorf("error is %v, want the next slot in 1s", err)
		}
	})
}

// A slot that was waited for in vain does not make room for others.
func TestPace_InterruptedWaitLeavesTheWindowAsItWas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService(0, func(int, time.Duration, http.Header) int { return 204 })
		tr := s.paces(t, time.Hour, httpapi.NewWindow("2 a minute", 2, time.Minute))
		together(t, tr, 2)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var waiting sync.WaitGroup
		for range 3 {
			waiting.Go(func() {
				if _, err := send(ctx, tr, "GET", here); operator.AsOutage(err) == nil {
					t.Errorf("the interrupted request gave %v, want an outage", err)
				}
			})
		}
		waiting.Wait()
		together(t, tr, 2)
		if diff := cmp.Diff([]float64{0, 0, 61, 61}, s.asked["GET"]); diff != "" {
			t.Errorf("sent after seconds (-want +got):\n%s", diff)
		}
	})
}

func TestPace_WaitsShowInTheLog(t *testing.T) {
	t.Parallel()
	type line struct{ Message, Operator, Limit, Wait, Cause string }
	for _, c := range []struct {
		name, header, value string
		status              int
		want                line
	}{
		{"Ratelimit", "Ratelimit", `"default";r=0;t=52`, 204, line{Limit: "9 a minute", Wait: "51s", Cause: "the operator's limit of 9 a minute is used up"}},
		{"Retry-After", "Retry-After", "20", 429, line{Limit: "9 a minute", Wait: "19s", Cause: "rate limit reached (HTTP 429)"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var logged bytes.Buffer
				s := newService(0, func(n int, _ time.Duration, h http.Header) int {
					if n > 1 {
						return 204
					}
					h.Set(c.header, c.value)
					return c.status
				})
				tr := s.paces(t, time.Hour, httpapi.NewWindow("1 a second", 1, time.Second), httpapi.NewWindow("9 a minute", 9, time.Minute))
				_, _ = send(operator.WithMaxWait(t.Context(), 0), tr, "GET", here)
				time.Sleep(time.Second)
				if _, err := send(tflogtest.RootLogger(t.Context(), &logged), tr, "GET", here); err != nil {
					t.Fatal(err)
				}
				var got []line
				for raw := range bytes.Lines(logged.Bytes()) {
					var l struct {
						line
						Message string `json:"@message"`
						Level   string `json:"@level"`
					}
					if err := json.Unmarshal(raw, &l); err != nil {
						t.Fatal(err)
					}
					if l.Level == "info" {
						l.line.Message = l.Message
						got = append(got, l.line)
					}
				}
				c.want.Message, c.want.Operator = "waiting for the operator's limit", "example"
				if diff := cmp.Diff([]line{c.want}, got); diff != "" {
					t.Errorf("log (-want +got):\n%s", diff)
				}
			})
		})
	}
}
