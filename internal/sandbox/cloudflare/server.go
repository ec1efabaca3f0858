package cloudflare

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Zone describes one zone of the fake at its start.
type Zone struct {
	ID   string // 32 hex digits; derived from the name when empty
	Name string // "example.com"; case and a final dot do not matter
	Plan string // free (also when empty) or pro
	// Status is what the zone list shows: active (also when empty), pending, moved ...
	Status string
	// Type is full (also when empty), secondary, partial or internal.
	Type string
	// Quota is the number of records the zone may hold; 0 means what the plan gives: 200 on free, 3500 on pro (section
	// 4.6).
	Quota int
}

// Options configure a Server. The zero value of each field is usable but Token and Zones.
type Options struct {
	Token string // the bearer token with Zone Read and DNS Write on all zones
	// ReadOnlyToken, when set, may list zones and nothing else: the token that was made without the DNS permission.
	ReadOnlyToken string
	Zones         []Zone
	Limits        bool             // enforce 1200 requests in 5 minutes (section 6)
	Now           func() time.Time // the server's clock; time.Now when nil
}

// Server is the fake API. It is safe for concurrent use; one request is carried out at a time, as in one database.
type Server struct {
	token, readOnlyToken string
	now                  func() time.Time

	mu    sync.Mutex
	zones []*zone
	last  time.Time // of the last stamp given out
	quota quota

	signer signer
}

type zone struct {
	Zone
	emailRouting bool
	created      string
	records      []*Record // in order of creation; a *Record is never changed once it is here
	dnssec       dnssecState
}

// New makes a server that holds the zones of o without any record.
func New(o Options) *Server {
	s := &Server{token: o.Token, readOnlyToken: o.ReadOnlyToken, now: o.Now, quota: quota{enforced: o.Limits}, signer: newSigner()}
	if s.now == nil {
		s.now = time.Now
	}
	for _, z := range o.Zones {
		s.addZone(z)
	}
	return s
}

func (s *Server) addZone(z Zone) {
	z.Name = strings.TrimSuffix(strings.ToLower(z.Name), ".")
	sum := sha256.Sum256([]byte(z.Name))
	z.ID = cmp.Or(z.ID, hex.EncodeToString(sum[:16]))
	z.Plan, z.Status, z.Type = cmp.Or(z.Plan, "free"), cmp.Or(z.Status, "active"), cmp.Or(z.Type, "full")
	if z.Quota == 0 {
		z.Quota = 200
		if z.Plan != "free" {
			z.Quota = 3500
		}
	}
	s.zones = append(s.zones, &zone{Zone: z, created: s.stamp(), dnssec: dnssecState{Status: "disabled"}})
}

// SetZone deletes a zone, or adds it empty, as its owner would on the dashboard.
func (s *Server) SetZone(name string, present bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch z := s.zoneByName(name); {
	case !present:
		s.zones = slices.DeleteFunc(s.zones, func(other *zone) bool { return other == z })
	case z == nil:
		s.addZone(Zone{Name: name})
	}
}

// SetLimits switches the request quota on or off and forgets what was counted.
func (s *Server) SetLimits(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.quota = quota{enforced: on}
}

// Zones lists the names of the zones, absolute with the final dot.
func (s *Server) Zones() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for _, z := range s.zones {
		names = append(names, z.Name+".")
	}
	return names
}

// stamp gives the time in the service's form. Two stamps never are equal: modified_on must be newer after a change even
// if the clock of a test stands still.
func (s *Server) stamp() string {
	t := s.now().UTC().Truncate(time.Microsecond)
	if !t.After(s.last) {
		t = s.last.Add(time.Microsecond)
	}
	s.last = t
	return t.Format("2006-01-02T15:04:05.000000Z")
}

// of looks at a zone, by its name; the zero value where there is no such zone.
func of[T any](s *Server, zone string, look func(*zone) T) (seen T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if z := s.zoneByName(zone); z != nil {
		seen = look(z)
	}
	return seen
}

func (s *Server) zoneByID(id string) *zone {
	return s.find(func(z *zone) bool { return z.ID == id })
}

// zoneByName accepts "example.com" and "example.com.".
func (s *Server) zoneByName(name string) *zone {
	name = strings.TrimSuffix(strings.ToLower(name), ".")
	return s.find(func(z *zone) bool { return z.Name == name })
}

func (s *Server) find(is func(*zone) bool) *zone {
	if i := slices.IndexFunc(s.zones, is); i >= 0 {
		return s.zones[i]
	}
	return nil
}

func (z *zone) nameServers() []string {
	return []string{"ada.ns.cloudflare.com", "bob.ns.cloudflare.com"}
}

// ServeHTTP answers one API call below /client/v4.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cf-Ray", randomHex(8)+"-FRA")
	s.mu.Lock()
	defer s.mu.Unlock()
	rights, err := s.authenticate(r)
	if err != nil {
		writeError(w, err)
		return
	}
	announce(w, r.URL.Path)
	if err := s.quota.take(w, s.now()); err != nil {
		writeError(w, err)
		return
	}
	path, ok := strings.CutPrefix(r.URL.Path, "/client/v4/")
	if !ok {
		writeError(w, noRoute(r))
		return
	}
	result, err := s.route(r, strings.Split(path, "/"), rights)
	if err != nil {
		writeError(w, err)
		return
	}
	writeResult(w, result)
}

// handlers are by method and path below the zone, which has the words {zones} and {zone} for what is above. A result is
// what the envelope holds, or a listing, or a zone file.
func (s *Server) handlers() map[string]func(*http.Request, *zone) (any, *apiError) {
	return map[string]func(*http.Request, *zone) (any, *apiError){
		"GET {zones}": s.listZones, "GET {zone}": s.getZone,
		"GET dns_records": s.list, "POST dns_records": s.create, "POST dns_records/batch": s.batch, "GET dns_records/export": s.export,
		"GET dns_records/{id}": s.get, "PATCH dns_records/{id}": s.patch, "DELETE dns_records/{id}": s.remove,
		"GET dnssec": s.getDNSSEC, "PATCH dnssec": s.patchDNSSEC, "GET dnssec/zsk": s.zoneSigningKeys,
	}
}

// route finds the handler of a path.
func (s *Server) route(r *http.Request, path []string, rights rights) (any, *apiError) {
	if path[0] != "zones" || len(path) > 1 && !isID(path[1]) {
		return nil, noRoute(r)
	}
	var z *zone
	key := strings.Join(path[min(2, len(path)):], "/")
	switch len(path) {
	case 1:
		key = "{zones}"
	case 2:
		z, key = s.zoneByID(path[1]), "{zone}"
	default:
		// A zone out of the token's scope and a missing permission look alike (section 1).
		if z = s.zoneByID(path[1]); z == nil || rights != rightsDNS {
			return nil, &apiError{status: http.StatusForbidden, code: 10000, message: "Authentication error", gateway: true}
		}
		if z.Type == "secondary" && path[2] == "dns_records" && r.Method != http.MethodGet {
			return nil, refuse(placeholder, "The records of a secondary zone come by zone transfer.") // section 2
		}
		if err := z.closed(r.Method, path[2]); err != nil {
			return nil, err
		}
	}
	record := len(path) == 4 && path[2] == "dns_records"
	if record && isID(path[3]) {
		r.SetPathValue("id", path[3])
		key = "dns_records/{id}"
	}
	handlers := s.handlers()
	if handle := handlers[r.Method+" "+key]; handle != nil {
		return handle(r, z)
	}
	for pattern := range handlers {
		if _, other, _ := strings.Cut(pattern, " "); other == key || record {
			return nil, wrongMethod()
		}
	}
	return nil, noRoute(r)
}

func noRoute(r *http.Request) *apiError {
	return &apiError{
		status: http.StatusNotFound, code: 7003,
		message: "Could not route to " + r.URL.Path + ", perhaps your object identifier is invalid?",
	}
}

func wrongMethod() *apiError {
	return &apiError{status: http.StatusMethodNotAllowed, code: 1001, message: "method_not_allowed"}
}

func isID(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil && len(s) == 32
}

func randomHex(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return hex.EncodeToString(b)
}
