package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Kind says what goes wrong. Unless said otherwise the request is not carried out.
type Kind string

// The kinds of faults. Bodies are those of the service at fault: design/facts/cloudflare-api.md sections 1, 6, 8 and 9,
// design/facts/desec-api.md sections 7 and 8.
const (
	JSON500            Kind = "json500"              // the service's own JSON error, status 500
	HTML500            Kind = "html500"              // an error page
	HTML502            Kind = "html502"              // an error page of the proxy in front
	Unavailable        Kind = "503"                  // text or page of the proxy in front
	Blackhole          Kind = "blackhole"            // no answer until the fault is cleared or the client leaves
	Refused            Kind = "refused"              // connection refused; filters, Skip and Count do not apply
	TooMany            Kind = "429"                  // Retry-After as in RetryAfter; without the header when that is 0
	LostAfterCommit    Kind = "lost_after_commit"    // carried out, then the connection drops
	LostBeforeCommit   Kind = "lost_before_commit"   // the connection drops
	JSON500AfterCommit Kind = "json500_after_commit" // carried out; at deSEC the change is stored, but not handed over to the name servers
	LateCommit         Kind = "late_commit"          // a write waits, and is carried out when the fault is cleared or, if Delay is set, so long after the client left
	EmptyList          Kind = "empty_list"           // a list answers 200 and is empty; applies to GET of lists only
	SuccessFalse       Kind = "success_false"        // status 200 and an error inside
	Truncated          Kind = "truncated"            // carried out; right status, half of the JSON
	HTML200            Kind = "html200"              // a page with status 200
	EmptyBody          Kind = "empty_body"           // status 200 and nothing
	Unauthorized       Kind = "unauthorized"         // the token is not known: 403 at Cloudflare, 401 at deSEC
	Forbidden          Kind = "forbidden"            // the token may not: 403
	Slow               Kind = "slow"                 // carried out; the answer takes Delay, and Each for every record set of the request or the answer
	Quoting            Kind = "quoting"              // a refusal (400) that quotes the Authorization header of the request
	ProblemJSON        Kind = "problem_json"         // RFC 9457 problem details, status 502
)

// Kinds lists every kind, for tests that try them all.
var Kinds = []Kind{
	JSON500, HTML500, HTML502, Unavailable, Blackhole, Refused, TooMany, LostAfterCommit, LostBeforeCommit, JSON500AfterCommit, EmptyList,
	SuccessFalse, Truncated, HTML200, EmptyBody, Unauthorized, Forbidden, Slow, ProblemJSON, LateCommit, Quoting,
}

// Writes are the methods that change something, for Fault.Methods.
var Writes = []string{http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete}

// Fault is one thing that goes wrong at a site. On the control API the times are in Go's notation, "1.5s".
type Fault struct {
	Kind       Kind          `json:"kind"`
	Methods    []string      `json:"methods,omitempty"`     // empty: all
	Path       string        `json:"path,omitempty"`        // part of the URL path; empty: all
	Body       string        `json:"body,omitempty"`        // part of the request's body; empty: all
	Skip       int           `json:"skip,omitempty"`        // this many matching requests pass first
	Count      int           `json:"count,omitempty"`       // after this many the fault is over; 0: when it is cleared
	Delay      time.Duration `json:"-"`                     // of Slow and LateCommit
	Each       time.Duration `json:"-"`                     // of Slow
	RetryAfter int           `json:"retry_after,omitempty"` // seconds, of TooMany and ProblemJSON; 0: no header
	// Commit carries the request out before the fault, for the kinds that otherwise do not.
	Commit bool `json:"commit,omitempty"`
	// Unserved keeps what is carried out from the name servers, at deSEC: it is stored and not handed over.
	Unserved bool `json:"unserved,omitempty"`
}

// faultJSON is Fault with its times as text.
type faultJSON struct {
	faultFields
	Delay duration `json:"delay,omitzero"`
	Each  duration `json:"each,omitzero"`
}

type faultFields Fault // without its methods

type duration time.Duration

func (d duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

func (d *duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	*d = duration(parsed)
	return err
}

// MarshalJSON writes the form that the control API reads.
func (f Fault) MarshalJSON() ([]byte, error) {
	return json.Marshal(faultJSON{faultFields(f), duration(f.Delay), duration(f.Each)})
}

// UnmarshalJSON reads one fault and refuses unknown kinds and keys: a fault that silently does nothing makes a test
// that proves nothing.
func (f *Fault) UnmarshalJSON(text []byte) error {
	var in faultJSON
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&in); err != nil {
		return fmt.Errorf("read fault: %w", err)
	}
	*f = Fault(in.faultFields)
	f.Delay, f.Each = time.Duration(in.Delay), time.Duration(in.Each)
	if err := f.Validate(); err != nil {
		return fmt.Errorf("read fault: %w", err)
	}
	return nil
}

// Validate reports a fault that could never happen.
func (f Fault) Validate() error {
	if !slices.Contains(Kinds, f.Kind) {
		return fmt.Errorf("fault kind %q is not known: use one of %v", f.Kind, Kinds)
	}
	if f.Skip < 0 || f.Count < 0 || f.Delay < 0 || f.Each < 0 || f.RetryAfter < 0 {
		return fmt.Errorf("fault %s: skip, count, delay, each and retry_after must not be negative", f.Kind)
	}
	if f.Kind == Refused && (len(f.Methods) > 0 || f.Path != "" || f.Body != "" || f.Skip > 0 || f.Count > 0) {
		return fmt.Errorf("fault %s: a listener that is closed knows no methods, path, body, skip or count", f.Kind)
	}
	return nil
}

func (f *Fault) matches(r *http.Request, body []byte, isList bool) bool {
	if f.Kind == Refused || (f.Kind == EmptyList && !isList) || (f.Kind == LateCommit && r.Method == http.MethodGet) {
		return false
	}
	return (len(f.Methods) == 0 || slices.Contains(f.Methods, r.Method)) && strings.Contains(r.URL.Path, f.Path) &&
		bytes.Contains(body, []byte(f.Body))
}

// Faults holds what goes wrong at one site. It is safe for concurrent use.
type Faults struct {
	mu      sync.Mutex
	list    []*Fault
	cleared chan struct{} // closed when the faults that were in force are replaced
	refuse  func(bool)    // closes and opens the listener
}

func newFaults(refuse func(bool)) *Faults {
	return &Faults{cleared: make(chan struct{}), refuse: refuse}
}

// Set replaces all faults. It panics on a fault that Validate reports, because a test that goes on would prove nothing.
func (f *Faults) Set(faults ...Fault) { f.change(true, faults) }

// Add puts faults behind those in force; of several that match a request the first applies. It panics as Set does.
func (f *Faults) Add(faults ...Fault) { f.change(false, faults) }

// Clear ends all faults and lets go of the requests that are held.
func (f *Faults) Clear() { f.change(true, nil) }

func (f *Faults) change(replace bool, faults []Fault) {
	for _, fault := range faults {
		if err := fault.Validate(); err != nil {
			panic("sandbox: " + err.Error())
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if replace {
		f.list = nil
		close(f.cleared)
		f.cleared = make(chan struct{})
	}
	for _, fault := range faults {
		f.list = append(f.list, &fault)
	}
	f.refuse(slices.ContainsFunc(f.list, func(fault *Fault) bool { return fault.Kind == Refused }))
}

// Active returns the faults in force, with what is left of Skip and Count.
func (f *Faults) Active() []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	active := []Fault{}
	for _, fault := range f.list {
		active = append(active, *fault)
	}
	return active
}

// take finds the fault for one request and counts it. The channel is closed when that fault is cleared.
func (f *Faults) take(r *http.Request, body []byte, isList bool) (*Fault, <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, fault := range f.list {
		if !fault.matches(r, body, isList) {
			continue
		}
		if fault.Skip > 0 {
			fault.Skip--
			continue
		}
		applied := *fault
		if fault.Count == 1 {
			f.list = slices.Delete(f.list, i, i+1)
		} else if fault.Count > 1 {
			fault.Count--
		}
		return &applied, f.cleared
	}
	return nil, nil
}
