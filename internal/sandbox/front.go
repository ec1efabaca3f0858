package sandbox

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"time"
)

// Front is a web front that a router can point to and a probe can look at. Every path answers alike: 200 and its name
// while it is healthy.
type Front struct {
	Name string
	URL  string // "http://127.0.0.1:port", without a final slash

	door   *door
	status atomic.Int64
	delay  atomic.Int64 // nanoseconds
	hits   atomic.Int64
}

func openFront(name, addr string) (*Front, error) {
	f := &Front{Name: name}
	f.SetStatus(http.StatusOK)
	door, err := openDoor(addr, f)
	if err != nil {
		return nil, fmt.Errorf("open front %s: %w", name, err)
	}
	f.door = door
	f.URL = "http://" + door.addr
	return f, nil
}

// Addr is "127.0.0.1:port", for a probe that connects there whatever its URL says.
func (f *Front) Addr() string { return f.door.addr }

// SetHealthy switches between 200 and 503.
func (f *Front) SetHealthy(healthy bool) {
	status := http.StatusOK
	if !healthy {
		status = http.StatusServiceUnavailable
	}
	f.SetStatus(status)
}

// SetStatus makes the front answer with this HTTP status.
func (f *Front) SetStatus(status int) { f.status.Store(int64(status)) }

// SetDelay makes the front wait before it answers.
func (f *Front) SetDelay(delay time.Duration) { f.delay.Store(int64(delay)) }

// SetRefused closes the front's port, or opens it again.
func (f *Front) SetRefused(on bool) { f.door.refuse(on) }

// Status is what the front answers with now.
func (f *Front) Status() int { return int(f.status.Load()) }

// Hits counts the requests so far.
func (f *Front) Hits() int { return int(f.hits.Load()) }

// ServeHTTP answers a visitor or a probe.
func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.hits.Add(1)
	status := f.Status()
	wait(r.Context(), time.Duration(f.delay.Load()))
	w.Header().Set("Content-Type", kindText)
	w.Header().Set("X-Front", f.Name)
	w.WriteHeader(status)
	word := "ok"
	if status >= http.StatusBadRequest {
		word = "ill"
	}
	_, _ = fmt.Fprintf(w, "%s: %s\n", f.Name, word) // the client may have left
}
