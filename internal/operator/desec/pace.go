package desec

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator/httpapi"
)

// pacer keeps a client within deSEC's published limits (design/facts/desec-api.md section 7). Reads and the daily limit
// count for the account, writes for the domain.
type pacer struct {
	prefix  string
	reads   []*httpapi.Window
	account *httpapi.Window

	mu     sync.Mutex
	writes map[string][]*httpapi.Window
}

func newPacer(base *url.URL) *pacer {
	return &pacer{
		prefix: base.JoinPath("domains", "/").Path,
		reads: []*httpapi.Window{
			httpapi.NewWindow("10 reads a second", 10, time.Second),
			httpapi.NewWindow("50 reads a minute", 50, time.Minute),
		},
		account: httpapi.NewWindow("2000 requests a day", 2000, 24*time.Hour),
		writes:  make(map[string][]*httpapi.Window),
	}
}

// windows returns those in which the request counts.
func (p *pacer) windows(req *http.Request) []*httpapi.Window {
	scope := p.reads
	if req.Method != http.MethodGet {
		scope = p.domain(req.URL.Path)
	}
	return append(scope[:len(scope):len(scope)], p.account)
}

func (p *pacer) domain(path string) []*httpapi.Window {
	domain, _, _ := strings.Cut(strings.TrimPrefix(path, p.prefix), "/")
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.writes[domain] == nil {
		p.writes[domain] = []*httpapi.Window{
			httpapi.NewWindow("2 writes a second to one domain", 2, time.Second),
			httpapi.NewWindow("15 writes a minute to one domain", 15, time.Minute),
			httpapi.NewWindow("100 writes an hour to one domain", 100, time.Hour),
			httpapi.NewWindow("300 writes a day to one domain", 300, 24*time.Hour),
		}
	}
	return p.writes[domain]
}
