package httpapi_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
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

// api is a server that answers by script: one answer for each request, the last one for all that follow.
type api struct {
	*httptest.Server

	mu       sync.Mutex
	requests []string
	script   []http.HandlerFunc
}

func newAPI(t *testing.T, script ...http.HandlerFunc) *api {
	t.Helper()
	a := &api{script: script}
	a.Server = httptest.NewServer(a)
	t.Cleanup(a.Close)
	return a
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a.mu.Lock()
	a.requests = append(a.requests, r.Method+" "+string(body))
	handler := a.script[min(len(a.requests), len(a.script))-1]
	a.mu.Unlock()
	handler(w, r)
}

func (a *api) seen() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string(nil), a.requests...)
}

// answer is one that does not change; header lines are "Name: value".
func answer(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for _, line := range header {
			name, value, _ := strings.Cut(line, ": ")
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// dropped takes the request and closes the connection.
func dropped(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func silent(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func cutShort(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	_, _ = io.WriteString(w, `{"ok":`)
}

const longEnough = 30 * time.Second

func transport(t *testing.T, base string, change ...func(*httpapi.Config)) *httpapi.Transport {
	t.Helper()
	at, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	config := httpapi.Config{Operator: "example", BaseURL: at, Timeout: longEnough, MaxWait: longEnough, Trace: "Cf-Ray"}
	for _, c := range change {
		c(&config)
	}
	return httpapi.New(config)
}

// memory is where the transports of inMemory believe to send requests.
const memory = "https://api.example.com"

// carrier answers in memory, so that a bubble's clock is the only one.
type carrier func(*http.Request) (*http.Response, error)

func (c carrier) RoundTrip(r *http.Request) (*http.Response, error) { return c(r) }

func inMemory(t *testing.T, wait time.Duration, base carrier) *httpapi.Transport {
	t.Helper()
	return transport(t, memory, within(longEnough, wait), func(c *httpapi.Config) { c.Base = base })
}

func within(timeout, wait time.Duration) func(*httpapi.Config) {
	return func(c *httpapi.Config) { c.Timeout, c.MaxWait = timeout, wait }
}

const secret = "s3cret-t0ken"

func send(ctx context.Context, tr *httpapi.Transport, method, at string) (string, error) {
	var body io.Reader
	if method != http.MethodGet {
		body = strings.NewReader("change")
	}
	req, err := http.NewRequestWithContext(ctx, method, at, body)
	if err != nil {
		return "", err
	}
	req.Header.Set("Authorization", "Token "+secret)
	res, err := tr.RoundTrip(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = res.Body.Close() }()
	all, err := io.ReadAll(res.Body)
	return string(all), err
}

func TestTransport_RepeatsOnlyWhatIsHarmless(t *testing.T) {
	t.Parallel()
	ok := answer(200, `{"ok":true}`)
	page := answer(500, "<html>Server Error</html>", "Content-Type: text/html")
	for _, c := range []struct {
		name     string
		method   string
		script   []http.HandlerFunc
		requests int
		reason   string // "" means success
		inDoubt  bool
	}{
		{"read, first answer good", "GET", []http.HandlerFunc{ok}, 1, "", false},
		{"read, good at the third try", "GET", []http.HandlerFunc{page, page, ok}, 3, "", false},
		{"read, 5xx throughout", "GET", []http.HandlerFunc{page}, 3, "HTTP 500 with an HTML page instead of JSON", false},
		{"read, JSON 5xx", "GET", []http.HandlerFunc{answer(503, `{"detail":"x"}`)}, 3, "HTTP 503", false},
		{"read, empty body", "GET", []http.HandlerFunc{answer(200, " \n")}, 3, "HTTP 200 with an empty body", false},
		{"read, HTML with status 200", "GET", []http.HandlerFunc{answer(200, "<p>Hi")}, 3, "HTTP 200 with an HTML page instead of JSON", false},
		{"read, not JSON", "GET", []http.HandlerFunc{answer(200, `{"ok":`)}, 3, "HTTP 200 with something else than JSON", false},
		{"read, HTML 404", "GET", []http.HandlerFunc{answer(404, "<h1>Not Found", "Content-Type: text/html")}, 3, "HTTP 404 with an HTML page instead of JSON", false},
		{"read, answer cut short", "GET", []http.HandlerFunc{cutShort}, 3, "the connection broke before a whole answer came", false},
		{"read, good after a broken connection", "GET", []http.HandlerFunc{cutShort, ok}, 2, "", false},
		{"write, 5xx", "PATCH", []http.HandlerFunc{page, ok}, 1, "HTTP 500 with an HTML page instead of JSON", true},
		{"write, connection dropped", "PATCH", []http.HandlerFunc{dropped, ok}, 1, "the connection broke before a whole answer came", true},
		{"write, empty body", "POST", []http.HandlerFunc{answer(200, ""), ok}, 1, "HTTP 200 with an empty body", true},
		{"write, cut short", "DELETE", []http.HandlerFunc{cutShort, ok}, 1, "the connection broke before a whole answer came", true},
		{"write, limited and then good", "PATCH", []http.HandlerFunc{answer(429, `{}`), ok}, 2, "", false},
		{"write, limited throughout", "PATCH", []http.HandlerFunc{answer(429, "<html>")}, 3, "rate limit reached (HTTP 429)", false},
		{"write, nothing to say", "PATCH", []http.HandlerFunc{answer(204, "")}, 1, "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := newAPI(t, c.script...)
			_, err := send(t.Context(), transport(t, a.URL), c.method, a.URL+"/v1/zones")
			if got := a.seen(); len(got) != c.requests {
				t.Errorf("%d requests were sent, want %d: %q", len(got), c.requests, got)
			}
			for _, r := range a.seen() {
				if c.method != "GET" && r != c.method+" change" {
					t.Errorf("request %q is not the whole one", r)
				}
			}
			if c.reason == "" {
				if err != nil {
					t.Errorf("unexpected error: %v", err)
				}
				return
			}
			got := operator.AsOutage(err)
			if got == nil {
				t.Fatalf("error is %v, want an outage", err)
			}
			want := operator.OutageError{
				Operator: "example", Action: c.method + " /v1/zones", Reason: c.reason, InDoubt: c.inDoubt,
				// A reason that begins with a status is that of a whole answer.
				Answered: strings.HasPrefix(c.reason, "HTTP "), Err: got.Err,
			}
			if diff := cmp.Diff(want, *got, equateErrors); diff != "" {
				t.Errorf("outage (-want +got):\n%s", diff)
			}
		})
	}
}

var equateErrors = cmp.Comparer(func(a, b error) bool { return errors.Is(a, b) })

func TestTransport_RefusalIsNotRepeated(t *testing.T) {
	t.Parallel()
	a := newAPI(t, answer(400, "{\"detail\":\n\t\"no\\u0007 such\"}"))
	_, err := send(t.Context(), transport(t, a.URL), "GET", a.URL+"/x")
	want := &operator.RefusalError{Operator: "example", Action: "GET /x", Answer: &httpapi.StatusError{Status: 400}, Message: `{"detail": "no\u0007 such"}`}
	if diff := cmp.Diff(want, operator.AsRefusal(err)); diff != "" {
		t.Errorf("refusal (-want +got):\n%s", diff)
	}
	if n := len(a.seen()); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
}

func TestTransport_JudgeDecidesFirst(t *testing.T) {
	t.Parallel()
	mine := &operator.OutageError{Operator: "example", Action: "classify", Reason: "stored", InDoubt: true, Stored: true}
	a := newAPI(t, answer(500, `{"detail":"stored"}`))
	_, err := send(t.Context(), transport(t, a.URL, func(c *httpapi.Config) {
		c.Classify = func(_ *http.Request, a httpapi.Answer) error {
			if a.Status == 500 && bytes.Contains(a.Body, []byte("stored")) {
				return mine
			}
			return nil
		}
	}), "PATCH", a.URL)
	if diff := cmp.Diff(mine, operator.AsOutage(err)); diff != "" {
		t.Errorf("outage (-want +got):\n%s", diff)
	}
	if n := len(a.seen()); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
}

func TestTransport_JudgeSeesNoForeignPage(t *testing.T) {
	t.Parallel()
	a := newAPI(t, answer(401, "<html>portal</html>"))
	_, err := send(t.Context(), transport(t, a.URL, func(c *httpapi.Config) {
		c.Classify = func(_ *http.Request, a httpapi.Answer) error {
			return &operator.RefusalError{Message: "judged " + string(a.Body)}
		}
	}), "GET", a.URL)
	if operator.AsOutage(err) == nil {
		t.Errorf("error is %v, want an outage", err)
	}
}

func TestTransport_RetryAfter(t *testing.T) {
	t.Parallel()
	ok := answer(200, `{}`)
	limited := func(after string) http.HandlerFunc { return answer(429, `{}`, "Retry-After: "+after) }
	for _, c := range []struct {
		name     string
		wait     time.Duration
		script   []http.HandlerFunc
		requests int
		after    time.Duration // 0 means success
	}{
		{"within the wait", longEnough, []http.HandlerFunc{limited("1"), ok}, 2, 0},
		{"beyond the wait", longEnough, []http.HandlerFunc{limited("3600"), ok}, 1, time.Hour},
		{"no waiting allowed", 0, []http.HandlerFunc{limited("1"), ok}, 1, time.Second},
		{"short and then long", longEnough, []http.HandlerFunc{limited("1"), limited("86400"), ok}, 2, 24 * time.Hour},
		{"absurd", longEnough, []http.HandlerFunc{limited("9223372036854775807"), ok}, 1, 365 * 24 * time.Hour},
		{"nonsense is backed off from", longEnough, []http.HandlerFunc{limited("soon"), ok}, 2, 0},
		{"a date that is past", longEnough, []http.HandlerFunc{limited("Wed, 21 Oct 2015 07:28:00 GMT"), ok}, 2, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := newAPI(t, c.script...)
			_, err := send(t.Context(), transport(t, a.URL, within(longEnough, c.wait)), "PATCH", a.URL)
			if n := len(a.seen()); n != c.requests {
				t.Errorf("%d requests, want %d", n, c.requests)
			}
			if c.after == 0 {
				if err != nil {
					t.Errorf("unexpected error: %v", err)
				}
				return
			}
			outage := operator.AsOutage(err)
			if outage == nil || outage.RetryAfter != c.after || outage.InDoubt {
				t.Errorf("error is %#v, want an outage that says to wait %s and is not in doubt", err, c.after)
			}
		})
	}
}

func TestTransport_MaxWaitIsOneAllowanceForAllCalls(t *testing.T) {
	t.Parallel()
	limited, ok := answer(429, `{}`, "Retry-After: 1"), answer(200, `{}`)
	a := newAPI(t, limited, ok, limited, ok)
	tr := transport(t, a.URL)
	ctx := operator.WithMaxWait(t.Context(), 1500*time.Millisecond)
	if _, err := send(ctx, tr, "GET", a.URL); err != nil {
		t.Fatalf("first call: %v", err)
	}
	_, err := send(ctx, tr, "GET", a.URL)
	if outage := operator.AsOutage(err); outage == nil || outage.RetryAfter != time.Second {
		t.Errorf("second call gave %v, want an outage: the first one used the wait up", err)
	}
	if n := len(a.seen()); n != 3 {
		t.Errorf("%d requests, want 3", n)
	}
}

func TestTransport_TimeoutIsNotRepeated(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"GET", "PATCH"} {
		synctest.Test(t, func(t *testing.T) {
			requests := 0
			tr := inMemory(t, time.Hour, func(r *http.Request) (*http.Response, error) {
				requests++
				<-r.Context().Done()
				return nil, r.Context().Err()
			})
			_, err := send(t.Context(), tr, method, memory+"/v1")
			outage := operator.AsOutage(err)
			if outage == nil || outage.Reason != "no answer within 30s" || outage.InDoubt != (method == "PATCH") {
				t.Errorf("%s gave %#v, want an outage that says so", method, err)
			}
			if requests != 1 {
				t.Errorf("%s: %d requests, want 1", method, requests)
			}
		})
	}
}

func TestTransport_InterruptedAtOnce(t *testing.T) {
	t.Parallel()
	t.Run("while the service is silent", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		a := newAPI(t, func(w http.ResponseWriter, r *http.Request) { cancel(); silent(w, r) })
		_, err := send(ctx, transport(t, a.URL), "PATCH", a.URL)
		outage := operator.AsOutage(err)
		if outage == nil || outage.Reason != "interrupted" || !outage.InDoubt || !errors.Is(err, context.Canceled) {
			t.Errorf("error is %#v, want an interruption in doubt", err)
		}
	})
	t.Run("while it waits", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			tr := inMemory(t, time.Hour, func(r *http.Request) (*http.Response, error) {
				w := httptest.NewRecorder()
				answer(429, `{}`, "Retry-After: 3000")(w, r)
				return w.Result(), nil
			})
			_, err := send(ctx, tr, "PATCH", memory+"/v1")
			outage := operator.AsOutage(err)
			if outage == nil || outage.Reason != "interrupted" || outage.InDoubt || !errors.Is(err, context.Canceled) {
				t.Errorf("error is %#v, want an interruption that is not in doubt", err)
			}
		})
	})
	t.Run("before it begins", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		a := newAPI(t, answer(200, `{}`))
		_, err := send(ctx, transport(t, a.URL), "PATCH", a.URL)
		if outage := operator.AsOutage(err); outage == nil || outage.InDoubt || len(a.seen()) != 0 {
			t.Errorf("error is %#v after %d requests, want an outage that is not in doubt after none", err, len(a.seen()))
		}
	})
}

func TestTransport_RedirectRefusedAndTokenStays(t *testing.T) {
	t.Parallel()
	elsewhere := newAPI(t, answer(200, `{}`))
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, body := range []string{"", `{}`, "<html>"} {
			a := newAPI(t, answer(status, body, "Location: "+elsewhere.URL+"/other"))
			_, err := send(t.Context(), transport(t, a.URL), "PATCH", a.URL)
			want := fmt.Sprintf("HTTP %d redirect, which is never followed", status)
			if outage := operator.AsOutage(err); outage == nil || outage.Reason != want || outage.Answered || !outage.InDoubt {
				t.Errorf("status %d body %q gave %#v, want %q", status, body, err, want)
			}
		}
	}
	if seen := elsewhere.seen(); len(seen) != 0 {
		t.Errorf("the other host was asked: %q", seen)
	}
}

func TestTransport_OtherHostRefused(t *testing.T) {
	t.Parallel()
	a, elsewhere := newAPI(t, answer(200, `{}`)), newAPI(t, answer(200, `{}`))
	for _, at := range []string{elsewhere.URL + "/v1", strings.Replace(a.URL, "http:", "https:", 1)} {
		_, err := send(t.Context(), transport(t, a.URL), "GET", at)
		if operator.AsRefusal(err) == nil || !strings.Contains(err.Error(), "nothing was sent") {
			t.Errorf("%s gave %v, want a refusal", at, err)
		}
	}
	if n := len(a.seen()) + len(elsewhere.seen()); n != 0 {
		t.Errorf("%d requests were sent, want 0", n)
	}
}

func TestTransport_BodyLimit(t *testing.T) {
	t.Parallel()
	a := newAPI(t, func(w http.ResponseWriter, _ *http.Request) {
		block := bytes.Repeat([]byte(" "), 1<<20)
		for range 33 {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	})
	_, err := send(t.Context(), transport(t, a.URL, within(longEnough, 0)), "PATCH", a.URL)
	outage := operator.AsOutage(err)
	if outage == nil || outage.Reason != "the answer is larger than 32 MiB" || !outage.InDoubt {
		t.Errorf("error is %#v, want an outage in doubt that names the limit", err)
	}
}

func TestTransport_ReasonsOfNoConnectionAreStable(t *testing.T) {
	t.Parallel()
	secure := httptest.NewTLSServer(answer(200, `{}`))
	t.Cleanup(secure.Close)
	secure.Config.ErrorLog = nil
	plain := newAPI(t, answer(200, `{}`))
	for _, c := range []struct{ name, at, reason string }{
		{"nobody listens", "http://127.0.0.1:1", "connection refused"},
		{"unknown authority", secure.URL, "its TLS certificate could not be verified"},
		{"no TLS there", strings.Replace(plain.URL, "http:", "https:", 1), "it does not speak TLS"},
		{"no such host", "https://api.multidns.invalid", "the host name api.multidns.invalid could not be resolved"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := send(t.Context(), transport(t, c.at, within(longEnough, 0)), "PATCH", c.at)
			outage := operator.AsOutage(err)
			if outage == nil || outage.Reason != c.reason || outage.InDoubt {
				t.Errorf("error is %#v (%v), want the reason %q, not in doubt", outage, err, c.reason)
			}
		})
	}
}

func TestTransport_TokenStaysOutOfLogsAndErrors(t *testing.T) {
	t.Parallel()
	var logged bytes.Buffer
	ctx := tflogtest.RootLogger(t.Context(), &logged)
	a := newAPI(t, answer(500, "<html>"), dropped, answer(429, `{}`, "Retry-After: 4000"), answer(403, `{}`), answer(200, `{}`))
	for range 5 {
		_, err := send(ctx, transport(t, a.URL), "GET", a.URL+"/v1?cursor=x")
		if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), secret) {
			t.Errorf("error holds the token: %#v", err)
		}
	}
	if !strings.Contains(logged.String(), "operator API exchange") {
		t.Error("nothing was logged")
	}
	if strings.Contains(logged.String(), secret) {
		t.Errorf("log holds the token:\n%s", logged.String())
	}
}
