package live

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

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
