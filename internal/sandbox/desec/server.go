package desec

import (
	"cmp"
	"context"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/signing"
)

// Options are the ways in which one deSEC account differs from another.
type Options struct {
	// Token is the secret that is accepted.
	Token string
	// Domains exist from the start, each with the apex NS RRset that the service gives it.
	Domains []Domain
	// PageSize is the number of items up to which a list comes without pagination; 0 means the service's 500.
	PageSize int
	// Limits turns the service's throttling on (design/facts/desec-api.md section 7).
	Limits bool
	// Now is the clock; nil means time.Now. Timestamps in answers never stand still even if it does.
	Now func() time.Time
	// Shuffle gives records, and the items of bulk answers, in another order each time: nothing about their order is
	// promised (design/facts/desec-api.md section 3).
	Shuffle bool
	// NameServers of a new domain, with final dot; nil means ns1.desec.io. and ns2.desec.org.
	NameServers []string
	// Policies say which RRsets the token may write; none at all allow everything. Reading is never limited. A token
	// with policies may not create or delete domains.
	Policies []Policy
	// PublicSuffixes are domains below which everybody may register, and in which NS RRsets cannot be changed; nil
	// means dedyn.io.
	PublicSuffixes []string
}

// Domain is a domain of the account.
type Domain struct {
	// Name is lower case without final dot.
	Name string
	// MinimumTTL is the smallest TTL in seconds that the domain takes; 0 means 3600.
	MinimumTTL int
}

// defaultMinimumTTL is what a new domain gets, in seconds (design/facts/desec-api.md section 3).
const defaultMinimumTTL = 3600

// Server is the API with its data. It is safe for concurrent use and handles one request at a time.
type Server struct {
	options Options

	mu       sync.Mutex
	zones    map[string]*zone
	habits   signing.Habits
	last     time.Time // the last timestamp given out
	throttle throttle
}

// New gives a server that holds the domains of the options.
func New(options Options) *Server {
	if options.PageSize == 0 {
		options.PageSize = 500
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.NameServers == nil {
		options.NameServers = []string{"ns1.desec.io.", "ns2.desec.org."}
	}
	if options.PublicSuffixes == nil {
		options.PublicSuffixes = []string{"dedyn.io"}
	}
	s := &Server{options: options, zones: map[string]*zone{}, throttle: throttle{}}
	for _, domain := range options.Domains {
		z := s.newZone(domain.Name, cmp.Or(domain.MinimumTTL, defaultMinimumTTL))
		s.zones[domain.Name] = z
		z.publish(s.tick())
	}
	return s
}

// SetLimits turns throttling on or off; what was counted before is kept.
func (s *Server) SetLimits(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.options.Limits = on
}

type withoutPublication struct{}

// WithoutPublication gives a context under which the name servers cannot be told of a change: a write that changes
// something is stored and answered by a JSON 500. The next real change of the zone publishes it too
// (design/facts/desec-api.md sections 8 and 10).
func WithoutPublication(ctx context.Context) context.Context {
	return context.WithValue(ctx, withoutPublication{}, true)
}

type begun struct{}

// Begin gives a context for a request that is carried out later and has looked at what there is by now: the service
// works out what to change before it waits for its name server, and two writes of one RRset end in a union
// (design/facts/desec-api.md section 8).
func (s *Server) Begin(ctx context.Context) context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := map[*zone]map[key]rrset{}
	for _, z := range s.zones {
		seen[z] = maps.Clone(z.rrsets)
	}
	return context.WithValue(ctx, begun{}, seen)
}

// maxBody is the size in bytes above which the web server in front refuses a body.
const maxBody = 1 << 20

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// Before the lock: a slow client must not hold up the others.
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return
	}
	call := &call{Request: r, body: body, query: r.URL.Query()}
	if len(body) > maxBody {
		send(w, r, page(http.StatusRequestEntityTooLarge, webServerPage(413, "Request Entity Too Large")))
		return
	}
	s.mu.Lock()
	answer := s.answer(call)
	s.mu.Unlock()
	send(w, r, answer)
}

// tick gives the time in whole microseconds, as the database does, and never the same one twice.
func (s *Server) tick() time.Time {
	now := s.options.Now().UTC().Truncate(time.Microsecond)
	if !now.After(s.last) {
		now = s.last.Add(time.Microsecond)
	}
	s.last = now
	return now
}

// shuffled gives values in the order of a read.
func (s *Server) shuffled(values []string) []string {
	values = slices.Clone(values)
	if s.options.Shuffle {
		rand.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
	}
	return values
}

// isLocal reports whether a domain is registered directly below one of the service's own public suffixes.
func (s *Server) isLocal(domain string) bool {
	_, parent, _ := strings.Cut(domain, ".")
	return slices.Contains(s.options.PublicSuffixes, parent)
}
