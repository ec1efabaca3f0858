package operatortest

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// Suite is what an operator brings along to be tested.
type Suite struct {
	// Zone is the zone that every site holds, canonical. It takes TTLs from 3600 to 86400.
	Zone string
	// Start opens a fresh fake of the service, which ends with the test.
	Start func(t *testing.T) Site
	// New makes the operator under test.
	New func(t *testing.T, a Access) operator.Operator
	// Crowd is a number of RRsets that do not fit into one page of the service's list.
	Crowd int
	// NamesCulprit is set where the service tells which change of a request it refuses.
	NamesCulprit bool
	// Hostile are answers with status 200 that are JSON, but none that the service would give to any request. They are
	// tried besides those that no service would give.
	Hostile []string
	// WithoutHTTP is set where the operator is asked by another protocol. What goes wrong with HTTP is then not tried,
	// and a site has no Fault.
	WithoutHTTP bool
	// Under is a label below the zone that all names are put under, for a service that is no fake and whose zone holds
	// other things; empty: none.
	Under string
	// Without names the types that this operator's fake cannot hold in a plain zone, and why.
	Without map[string]string
}

// Access is how an operator is reached.
type Access struct {
	BaseURL, Token   string
	Timeout, MaxWait time.Duration
}

// Site is one fake service.
type Site struct {
	BaseURL, Token string
	// Held is what the service's API holds in the zone.
	Held func() []Held
	// Put changes an RRset as somebody else would; no values delete it.
	Put func(h Held) error
	// Fault makes every request go wrong from now on; Clear ends that.
	Fault func(f Fault)
	Clear func()
	// Forbid has the service refuse one RRset, and no other, as a matter of policy, and returns what that is. Nil: the
	// service knows no such thing.
	Forbid func() Held
	// Requests are those that reached the service, in order.
	Requests func() []Request
}

// Held is an RRset as the service holds it: absolute name, values in presentation form in the service's spelling.
type Held struct {
	Name, Type string
	TTL        uint32
	Values     []string
}

// Request is what a service got to see.
type Request struct {
	// Writes is set where the request could change something.
	Writes bool
	// What is for the messages of tests, such as "PATCH /zones/1".
	What string
}

// Fault is what goes wrong at a site.
type Fault struct {
	// Kind is one of those of the sandbox, such as "html500".
	Kind string
	// Count ends the fault after so many requests; 0: Clear ends it.
	Count int
	// RetryAfter is in seconds, 0: not said.
	RetryAfter int
	// Delay is that of the kind "slow".
	Delay time.Duration
	// Body is a part of the bodies of the requests that it hits; empty: all.
	Body string
}

// Run puts the operator through all scenarios.
func Run(t *testing.T, s Suite) {
	groups := []map[string]func(*scenario){contents, batches, reads, accesses, signers, optional}
	if !s.WithoutHTTP {
		groups = append(groups, webAccesses, faulty, hostiles)
	}
	for _, group := range groups {
		for _, name := range slices.Sorted(maps.Keys(group)) {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				group[name](begin(t, s))
			})
		}
	}
}

// scenario is a site, an operator on it, and what the site must hold.
type scenario struct {
	*testing.T
	Suite
	site Site
	op   operator.Operator
	ctx  context.Context
	// expected is what the site shall hold, by key.
	expected map[rrset.Key]Held
}

const (
	// patient is for exchanges that must not time out on a slow machine.
	patient = 30 * time.Second
	// unwaiting lets nothing be repeated.
	unwaiting = time.Nanosecond
)

func begin(t *testing.T, suite Suite) *scenario {
	t.Helper()
	s := &scenario{T: t, Suite: suite, site: suite.Start(t)}
	s.op = s.operator(func(*Access) {})
	s.expected = s.holdings()
	s.ctx = s.logged(t.Context())
	return s
}

// operator makes one with an access that differs from the usual one.
func (s *scenario) operator(change func(*Access)) operator.Operator {
	s.Helper()
	a := Access{BaseURL: s.site.BaseURL, Token: s.site.Token, Timeout: patient, MaxWait: patient}
	change(&a)
	return s.New(s.T, a)
}

// logged is ctx with a logger at TRACE whose output is searched for the token when the scenario ends.
func (s *scenario) logged(ctx context.Context) context.Context {
	output := &guarded{}
	token := s.site.Token
	s.Cleanup(func() {
		if strings.Contains(output.String(), token) {
			s.Errorf("the log holds the token:\n%s", output)
		}
	})
	return tflogtest.RootLogger(ctx, output)
}

type guarded struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (g *guarded) Write(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.buffer.Write(p)
}

func (g *guarded) String() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.buffer.String()
}

// key is the key of a name relative to the zone.
func (s *scenario) key(name, typ string) rrset.Key {
	s.Helper()
	switch {
	case s.Under == "":
	case name == "@":
		name = s.Under
	default:
		name += "." + s.Under
	}
	k, err := rrset.NewKey(s.Zone, name, typ)
	if err != nil {
		s.Fatalf("key %s %s: %v", name, typ, err)
	}
	return k
}

// rrset is an RRset to write.
func (s *scenario) rrset(name, typ string, ttl uint32, values ...string) *operator.RRset {
	s.Helper()
	r, err := rrset.New(s.key(name, typ), ttl, values)
	if err != nil {
		s.Fatalf("RRset %s %s %q: %v", name, typ, values, err)
	}
	return &operator.RRset{RRset: r}
}

// write carries the changes out, compares what was returned with them, and then what is held.
func (s *scenario) write(changes ...operator.Change) []*operator.RRset {
	s.Helper()
	before := s.writes()
	got, err := s.op.Write(s.ctx, s.Zone, changes)
	if err != nil {
		s.Fatalf("write: %v", err)
	}
	if n := s.writes() - before; n != 1 {
		s.Errorf("%d writing requests were sent, want 1", n)
	}
	s.expect(changes...)
	if len(got) != len(changes) {
		s.Fatalf("%d results for %d changes", len(got), len(changes))
	}
	for i, change := range changes {
		switch {
		case change.After == nil && got[i] != nil:
			s.Errorf("result %d of a deletion is %v, want nil", i, got[i].RRset)
		case change.After != nil && got[i] == nil:
			s.Errorf("result %d is nil, want %v", i, change.After.RRset)
		case change.After != nil:
			if diff := cmp.Diff(change.After.RRset, got[i].RRset); diff != "" {
				s.Errorf("result %d (-want +got):\n%s", i, diff)
			}
		}
	}
	s.verify()
	return got
}

// expect notes what the changes lead to.
func (s *scenario) expect(changes ...operator.Change) {
	for _, change := range changes {
		if change.Before != nil {
			delete(s.expected, change.Before.Key)
		}
	}
	for _, change := range changes {
		if a := change.After; a != nil {
			s.expected[a.Key] = Held{Name: a.Name, Type: a.Type, TTL: a.TTL, Values: a.Values}
		}
	}
}

// put changes the site as somebody else would.
func (s *scenario) put(name, typ string, ttl uint32, values ...string) {
	s.Helper()
	k := s.key(name, typ)
	h := Held{Name: k.Name, Type: typ, TTL: ttl, Values: values}
	if err := s.site.Put(h); err != nil {
		s.Fatalf("put %s: %v", k, err)
	}
	delete(s.expected, k)
	if len(values) > 0 {
		h.Values = rrset.Observed(k, ttl, values).Values
		s.expected[k] = h
	}
}

// verify compares what is held with what is expected.
func (s *scenario) verify() {
	s.Helper()
	if diff := cmp.Diff(s.expected, s.holdings()); diff != "" {
		s.Errorf("held at the service (-want +got):\n%s", diff)
	}
}

// holdings is what the site holds, in canonical spelling.
func (s *scenario) holdings() map[rrset.Key]Held {
	s.Helper()
	held := make(map[rrset.Key]Held)
	for _, h := range s.site.Held() {
		k := rrset.Key{Zone: s.Zone, Name: h.Name, Type: h.Type}
		if _, twice := held[k]; twice {
			s.Errorf("the service holds %s twice", k)
		}
		h.Values = rrset.Observed(k, h.TTL, h.Values).Values
		held[k] = h
	}
	return held
}

// read is the RRset as the operator shows it, nil if it shows none.
func (s *scenario) read(name, typ string) *operator.RRset {
	s.Helper()
	k := s.key(name, typ)
	held, err := s.op.ListName(s.ctx, s.Zone, k.Name)
	if err != nil {
		s.Fatalf("read %s: %v", k.Name, err)
	}
	for _, r := range held {
		if r.Key == k {
			return &r
		}
	}
	return nil
}

// writes counts the requests so far that could change something.
func (s *scenario) writes() int {
	n := 0
	for _, r := range s.site.Requests() {
		if r.Writes {
			n++
		}
	}
	return n
}

// outage is err's outage. No error may hold the token.
func (s *scenario) outage(err error) *operator.OutageError {
	s.Helper()
	s.secret(err)
	e := operator.AsOutage(err)
	if e == nil {
		s.Fatalf("error is %v, want an outage", err)
	}
	if e.Operator != s.op.Name() || e.Action == "" || e.Reason == "" {
		s.Errorf("outage lacks who, what or why: %#v", e)
	}
	return e
}

func (s *scenario) refusal(err error) *operator.RefusalError {
	s.Helper()
	s.secret(err)
	e := operator.AsRefusal(err)
	if e == nil {
		s.Fatalf("error is %v, want a refusal", err)
	}
	if e.Operator != s.op.Name() || e.Action == "" || e.Message == "" {
		s.Errorf("refusal lacks who, what or why: %#v", e)
	}
	return e
}

func (s *scenario) secret(err error) {
	s.Helper()
	if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), s.site.Token) {
		s.Errorf("the error holds the token: %#v", err)
	}
}
