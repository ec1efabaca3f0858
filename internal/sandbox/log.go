package sandbox

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// Entry is one request that reached a site.
type Entry struct {
	Method string    `json:"method"`
	Path   string    `json:"path"`
	Query  string    `json:"query,omitempty"`
	Status int       `json:"status"` // 0 while there is no answer, and for ever when the connection was dropped
	Start  time.Time `json:"start"`
	End    time.Time `json:"end,omitzero"` // zero while the request is held
	Body   string    `json:"body,omitempty"`
	Fault  Kind      `json:"fault,omitempty"` // the fault that was applied
}

// IsWrite reports whether the request was meant to change something.
func (e Entry) IsWrite() bool { return slices.Contains(Writes, e.Method) }

// Log is what reached a site, in order of arrival. A request is in it from its first byte on. It is safe for concurrent
// use.
type Log struct {
	mu      sync.Mutex
	entries []*Entry
}

// Entries returns a copy of all entries.
func (l *Log) Entries() []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]Entry, 0, len(l.entries))
	for _, e := range l.entries {
		out = append(out, *e)
	}
	return out
}

// Count counts the entries for which is holds; all of them when is is nil.
func (l *Log) Count(is func(Entry) bool) int {
	n := 0
	for _, e := range l.Entries() {
		if is == nil || is(e) {
			n++
		}
	}
	return n
}

// Writes returns the entries that were meant to change something.
func (l *Log) Writes() []Entry {
	return slices.DeleteFunc(l.Entries(), func(e Entry) bool { return !e.IsWrite() })
}

// Reset forgets all entries.
func (l *Log) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = nil
}

func (l *Log) begin(r *http.Request, body []byte) *Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := &Entry{Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Start: time.Now(), Body: string(body)}
	l.entries = append(l.entries, e)
	return e
}

func (l *Log) faulted(e *Entry, kind Kind) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e.Fault = kind
}

func (l *Log) end(e *Entry, status int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e.Status, e.End = status, time.Now()
}
