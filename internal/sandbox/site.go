package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/nameserver"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/signing"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/zonedata"
)

// api is what both fakes can do. They take a zone's name in any case, with the final dot and without.
type api interface {
	http.Handler
	nameserver.Source // what the name server answers from
	nameserver.Signer
	Stored(zone string) []zonedata.RRset // what the API holds
	Edit(zone, name, typ string, ttl int, values []string) error
	SetLimits(on bool)
	SetZone(name string, present bool) // deletes a zone at the operator, or adds it empty
	Roll(zone, step string) error      // takes one step of a roll of the key: publish, activate, retire
	SetAlgorithm(algorithm uint8)      // signs with new keys of another algorithm, at once, which no signer would do
	SetHabits(habits signing.Habits)   // changes how the operator signs; the zero value is as it should be
}

// Site is one operator: its API with faults and a log, and the name server that answers what the API has published.
type Site struct {
	api

	Name    string // "cloudflare" or "desec"
	BaseURL string // what a client is given, without a final slash: ".../client/v4", ".../api/v1"
	Token   string
	DNS
	Faults *Faults
	Log    *Log

	dialect dialect
	latency time.Duration
	door    *door

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup // requests
	late    chan struct{}  // closed once the last write that waits for its primary is carried out

	watched sync.Mutex // held while a write is carried out and looked at
	watcher func()
}

// Watch calls f after each write that was carried out, before the next one is: what is missing between two of them is
// seen. f may look at what the site holds; nil ends it.
func (s *Site) Watch(f func()) {
	s.watched.Lock()
	defer s.watched.Unlock()
	s.watcher = f
}

// openSite starts the API. The name server is opened by the caller.
func openSite(name, addr, path, token string, api api, d dialect, latency time.Duration) (*Site, error) {
	s := &Site{Name: name, Token: token, Log: &Log{}, api: api, dialect: d, latency: latency}
	door, err := openDoor(addr, s)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	s.door = door
	s.BaseURL = "http://" + door.addr + path
	s.Faults = newFaults(door.refuse)
	return s, nil
}

// DNS is the name server of a site, or of the parent.
type DNS struct {
	DNSAddr string // "127.0.0.1:port", UDP and TCP
	dns     *nameserver.Server
}

func openDNS(of, addr string, source nameserver.Source) (DNS, error) {
	server, err := nameserver.Start(addr, source)
	if err != nil {
		return DNS{}, fmt.Errorf("open %s: %w", of, err)
	}
	return DNS{server.Addr(), server}, nil
}

// SetDNSSilent makes the name server swallow all questions, or answer again.
func (d DNS) SetDNSSilent(on bool) { d.dns.SetSilent(on) }

// SetMaxTTL caps the TTLs of its answers; 0: as they are.
func (d DNS) SetMaxTTL(seconds uint32) { d.dns.SetMaxTTL(seconds) }

// Edit changes one RRset out of band, as somebody with a browser would; no values delete it. The name is relative, "@"
// at the apex.
func (s *Site) Edit(zone, name, typ string, ttl int, values ...string) error {
	name = strings.TrimSuffix(strings.ToLower(name), ".")
	zone = apiZone(zone)
	if name == zone || name == "@" {
		name = s.dialect.apex
	}
	return s.api.Edit(zone, strings.TrimSuffix(name, "."+zone), typ, ttl, values)
}

// apiZone spells a zone as both APIs do.
func apiZone(zone string) string { return strings.TrimSuffix(strings.ToLower(zone), ".") }

func (s *Site) close() {
	s.door.close()
	s.Faults.Clear() // who waits for it shall not wait for ever
	if s.dns != nil {
		s.dns.Close()
	}
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.running.Wait()
}

// enter counts a request in, unless the site is closing.
func (s *Site) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.running.Add(1)
	}
	return !s.closed
}

// ServeHTTP keeps the request, then lets it through to the API or through what is wrong with it.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.enter() {
		panic(http.ErrAbortHandler)
	}
	defer s.running.Done()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler) // the client left in the middle of its request
	}
	entry := s.Log.begin(r, body)
	status := 0
	defer func() { s.Log.end(entry, status) }()
	r.Body = io.NopCloser(bytes.NewReader(body))
	wait(r.Context(), s.latency)
	fault, cleared := s.Faults.take(r, body, r.Method == http.MethodGet && s.dialect.isList(r.URL.Path))
	if r.Method != http.MethodGet && (fault == nil || fault.Kind != LateCommit) {
		s.Settle(r.Context())
	}
	var a *httptest.ResponseRecorder
	if fault == nil {
		a = s.carryOut(r)
	} else {
		s.Log.faulted(entry, fault.Kind)
		a = s.afflict(r, body, *fault, cleared)
	}
	if a == nil {
		panic(http.ErrAbortHandler) // drops the connection without an answer
	}
	if s.dialect.ray != "" && a.Header().Get("Cf-Ray") == "" {
		a.Header().Set("Cf-Ray", s.dialect.ray)
	}
	status = a.Code
	maps.Copy(w.Header(), a.Header())
	if status != http.StatusNoContent {
		w.Header().Set("Content-Length", strconv.Itoa(a.Body.Len()))
	}
	w.WriteHeader(status)
	_, _ = w.Write(a.Body.Bytes()) // the client may have left
}

// carryOut lets the API answer. The answer is kept back, so that a slow client cannot hold the API's lock.
func (s *Site) carryOut(r *http.Request) *httptest.ResponseRecorder {
	a := httptest.NewRecorder()
	if r.Method == http.MethodGet {
		s.api.ServeHTTP(a, r)
		return a
	}
	s.watched.Lock()
	defer s.watched.Unlock()
	s.api.ServeHTTP(a, r)
	if s.watcher != nil {
		s.watcher()
	}
	return a
}

// afflict answers with a fault; nil drops the connection.
func (s *Site) afflict(r *http.Request, body []byte, f Fault, cleared <-chan struct{}) *httptest.ResponseRecorder {
	d := s.dialect
	if f.Unserved && d.unpublished != nil {
		r = r.WithContext(d.unpublished(r.Context()))
	}
	switch f.Kind {
	case Slow:
		wait(r.Context(), f.Delay)
		a := s.carryOut(r)
		wait(r.Context(), f.Each*time.Duration(max(sets(body), sets(a.Body.Bytes()))))
		return a
	case LateCommit:
		return s.carryOutLate(r, body, f.Delay, cleared)
	case LostAfterCommit:
		s.carryOut(r)
		return nil
	case JSON500AfterCommit:
		if d.unpublished != nil && r.Method != http.MethodGet {
			return s.carryOut(r.WithContext(d.unpublished(r.Context())))
		}
		s.carryOut(r)
		return d.answers[JSON500].recorded()
	case Truncated:
		a := s.carryOut(r)
		a.Body.Truncate(a.Body.Len() / 2)
		return a
	}
	if f.Commit {
		s.carryOut(r)
	}
	switch f.Kind {
	case Blackhole:
		select {
		case <-r.Context().Done():
		case <-cleared:
		}
		return nil
	case LostBeforeCommit:
		return nil
	case TooMany:
		return d.tooMany(f.RetryAfter).recorded()
	case ProblemJSON:
		return problem(f.RetryAfter).recorded()
	case Quoting:
		return d.quoting(r.Header.Get("Authorization")).recorded()
	}
	a, ok := d.answers[f.Kind]
	if !ok {
		panic("sandbox: fault kind " + string(f.Kind) + " has no effect")
	}
	return a.recorded()
}

// beginner is an API whose requests look at what there is before they wait for anything.
type beginner interface {
	Begin(ctx context.Context) context.Context
}

// carryOutLate is a write that waits for a primary that sleeps. The client is held until that wakes or the client
// leaves, and what it asked for happens all the same; those that wait are carried out in the order in which they came
// (design/facts/desec-api.md section 10).
func (s *Site) carryOutLate(r *http.Request, body []byte, delay time.Duration, cleared <-chan struct{}) *httptest.ResponseRecorder {
	ctx := context.WithoutCancel(r.Context())
	if api, ok := s.api.(beginner); ok {
		ctx = api.Begin(ctx)
	}
	late := r.Clone(ctx)
	late.Body = io.NopCloser(bytes.NewReader(body))
	s.mu.Lock()
	before, done := s.late, make(chan struct{})
	s.late = done
	s.mu.Unlock()
	carryOut := func() *httptest.ResponseRecorder {
		defer close(done)
		if before != nil {
			<-before
		}
		return s.carryOut(late)
	}
	select {
	case <-r.Context().Done():
	case <-cleared:
		return carryOut()
	}
	var awake <-chan time.Time
	if delay > 0 {
		awake = time.After(delay)
	}
	s.running.Add(1)
	go func() {
		defer s.running.Done()
		select {
		case <-awake:
		case <-cleared:
		}
		carryOut()
	}()
	return nil
}

// Settle waits until the writes that wait for their primary are carried out: a later one is carried out after them
// (design/facts/desec-api.md section 10).
func (s *Site) Settle(ctx context.Context) {
	s.mu.Lock()
	late := s.late
	s.mu.Unlock()
	if late == nil {
		return
	}
	select {
	case <-late:
	case <-ctx.Done():
	}
}

// sets counts the record sets, at Cloudflare the records, that a request or an answer is about.
func sets(body []byte) int {
	var list []json.RawMessage
	if json.Unmarshal(body, &list) == nil {
		return len(list)
	}
	var object struct {
		Result                        json.RawMessage
		Deletes, Patches, Puts, Posts []json.RawMessage
	}
	if json.Unmarshal(body, &object) != nil {
		return 0
	}
	_ = json.Unmarshal(object.Result, &list) // one record is none
	return len(list) + len(object.Deletes) + len(object.Patches) + len(object.Puts) + len(object.Posts)
}

// wait ends early when the client leaves.
func wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
