package live

import (
	"net/http"
	"sync"
	"time"
)

// pace keeps all that passes a proxy within a service's limits together: the suite's client and each process of the provider
// count for themselves, and do not know of each other.
type pace struct {
	mu      sync.Mutex
	windows []*window
}

// window is one limit: so many requests in any span of so much time. A request counts from its end: the service counted it
// somewhere between its beginning and its end.
type window struct {
	writes bool
	limit  int
	span   time.Duration
	ends   []time.Time
}

// desecPace are the limits of design/facts/desec-api.md section 7.
func desecPace() *pace {
	return &pace{windows: []*window{
		{writes: true, limit: 2, span: time.Second}, {writes: true, limit: 15, span: time.Minute}, {writes: true, limit: 100, span: time.Hour},
		{limit: 10, span: time.Second}, {limit: 50, span: time.Minute},
	}}
}

// do waits for the limits, one request at a time, and carries it out.
func (p *pace) do(r *http.Request, carry func()) {
	if p == nil {
		carry()
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	isWrite := r.Method != http.MethodGet
	for _, w := range p.windows {
		if w.writes == isWrite && len(w.ends) >= w.limit {
			select {
			case <-time.After(time.Until(w.ends[len(w.ends)-w.limit].Add(w.span))):
			case <-r.Context().Done():
				return
			}
		}
	}
	carry()
	for _, w := range p.windows {
		if w.writes == isWrite {
			w.ends = append(w.ends, time.Now())
		}
	}
}
