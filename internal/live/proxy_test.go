package live

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator/operatortest"
)

// proxy stands between this process and a service: it counts requests and refusals for their number, and can play dead.
type proxy struct {
	URL string

	forward *httputil.ReverseProxy
	pace    *pace // nil: none
	mu      sync.Mutex
	dead    bool
	seen    []operatortest.Request
	limited int
}

func newProxy(t *testing.T, base string) *proxy {
	t.Helper()
	target, err := url.Parse(strings.TrimSuffix(base, "/"))
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{}
	p.forward = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ModifyResponse: func(r *http.Response) error {
			if r.StatusCode == http.StatusTooManyRequests {
				p.mu.Lock()
				p.limited++
				p.mu.Unlock()
			}
			// The next page of a list is asked for here as well.
			for i, link := range r.Header.Values("Link") {
				r.Header["Link"][i] = strings.ReplaceAll(link, target.String(), p.URL)
			}
			return nil
		},
	}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	p.URL = server.URL
	return p
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.seen = append(p.seen, operatortest.Request{Writes: r.Method != http.MethodGet, What: r.Method + " " + r.URL.Path})
	dead := p.dead
	p.mu.Unlock()
	if dead {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	// All of the request first: a body that is still being read when the answer comes can take the connection with it,
	// because ReverseProxy does not wait for the end of the one before it passes on the other.
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler) // the client has left
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	p.pace.do(r, func() { p.forward.ServeHTTP(w, r) })
}

func (p *proxy) playDead(dead bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dead = dead
}

func (p *proxy) requests() []operatortest.Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]operatortest.Request(nil), p.seen...)
}

// counts are reads, writes and answers 429.
func (p *proxy) counts() (reads, writes, limited int) {
	for _, r := range p.requests() {
		if r.Writes {
			writes++
		} else {
			reads++
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return reads, writes, p.limited
}

// A write is whole before the service hears of it. Where it was passed on as it came, an answer that was quicker than
// the end of the body broke the connection now and then.
func TestProxy_PassesOnWholeRequests(t *testing.T) {
	heard := make(chan struct{})
	service := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(heard)
		_, _ = io.Copy(io.Discard, r.Body)
	}))
	defer service.Close()
	read, write := io.Pipe()
	go func() {
		_, _ = io.WriteString(write, "the first half,")
		select {
		case <-heard:
			t.Error("the service was asked before the request was whole")
		case <-time.After(200 * time.Millisecond): // long enough for a loopback
		}
		_, _ = io.WriteString(write, " the second")
		_ = write.Close()
	}()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, newProxy(t, service.URL).URL, read)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
}
