package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/desec"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/signing"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/zonedata"
)

// maxControlBody is more than any order to the sandbox needs.
const maxControlBody = 1 << 20

// State is what GET /state of the control API answers.
type State struct {
	Sites  map[string]SiteState  `json:"sites"`
	Parent ParentState           `json:"parent"`
	Fronts map[string]FrontState `json:"fronts"`
}

// ParentState is the zone above in State.
type ParentState struct {
	DNSAddr     string           `json:"dns_addr"`
	TrustAnchor string           `json:"trust_anchor"`
	Zone        []zonedata.RRset `json:"zone"`
}

// SiteState is one site in State.
type SiteState struct {
	BaseURL  string                      `json:"base_url"`
	DNSAddr  string                      `json:"dns_addr"`
	Requests int                         `json:"requests"`
	Writes   int                         `json:"writes"`
	Faults   []Fault                     `json:"faults"`
	Zones    map[string][]zonedata.RRset `json:"zones"`     // as stored, by zone
	Served   map[string][]zonedata.RRset `json:"published"` // as the name server answers, by zone
}

// FrontState is one front in State.
type FrontState struct {
	URL    string `json:"url"`
	Status int    `json:"status"`
	Hits   int    `json:"hits"`
}

// State collects what both operators hold and what is wrong with them.
func (s *Sandbox) State() State {
	state := State{
		Sites: map[string]SiteState{}, Fronts: map[string]FrontState{},
		Parent: ParentState{s.Parent.DNSAddr, s.Parent.TrustAnchor(), s.Parent.Published(s.Parent.Zone)},
	}
	for _, site := range s.Sites() {
		one := SiteState{
			BaseURL: site.BaseURL, DNSAddr: site.DNSAddr, Requests: site.Log.Count(nil), Writes: len(site.Log.Writes()),
			Faults: site.Faults.Active(), Zones: map[string][]zonedata.RRset{}, Served: map[string][]zonedata.RRset{},
		}
		for _, zone := range site.Zones() {
			name := strings.TrimSuffix(zone, ".")
			one.Zones[name], one.Served[name] = site.Stored(zone), site.Published(zone)
		}
		state.Sites[site.Name] = one
	}
	for _, front := range s.Fronts {
		state.Fronts[front.Name] = FrontState{URL: front.URL, Status: front.Status(), Hits: front.Hits()}
	}
	return state
}

// SetLimits switches both services' request limits on or off while the sandbox runs.
func (s *Sandbox) SetLimits(on bool) {
	for _, site := range s.Sites() {
		site.SetLimits(on)
	}
}

// controlHandler is the control API: JSON over HTTP, for shells and for people.
func (s *Sandbox) controlHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /state", func(w http.ResponseWriter, _ *http.Request) { reply(w, s.State()) })
	mux.HandleFunc("POST /limits", func(w http.ResponseWriter, r *http.Request) {
		var order struct {
			On bool `json:"on"`
		}
		if read(w, r, &order) {
			s.SetLimits(order.On)
			reply(w, order)
		}
	})
	mux.HandleFunc("POST /fronts/{name}", s.controlFront)
	mux.HandleFunc("POST /parent", s.controlParent)
	mux.HandleFunc("POST /policies/desec", s.controlPolicies)
	mux.HandleFunc("POST /email-routing/cloudflare", s.controlEmailRouting)
	for pattern, do := range map[string]func(*Site, http.ResponseWriter, *http.Request){
		"POST /faults/{site}": func(site *Site, w http.ResponseWriter, r *http.Request) {
			var fault Fault
			if read(w, r, &fault) {
				site.Faults.Add(fault)
				reply(w, site.Faults.Active())
			}
		},
		"DELETE /faults/{site}": func(site *Site, w http.ResponseWriter, _ *http.Request) {
			site.Faults.Clear()
			reply(w, site.Faults.Active())
		},
		"POST /edit/{site}": controlEdit,
		"POST /zones/{site}": func(site *Site, w http.ResponseWriter, r *http.Request) {
			var order struct {
				Zone    string `json:"zone"`
				Present bool   `json:"present"`
			}
			if read(w, r, &order) {
				site.SetZone(order.Zone, order.Present)
				reply(w, site.Zones())
			}
		},
		"POST /roll/{site}": func(site *Site, w http.ResponseWriter, r *http.Request) {
			var order struct {
				Zone string `json:"zone"`
				Step string `json:"step"`
			}
			if !read(w, r, &order) {
				return
			}
			if err := site.Roll(order.Zone, order.Step); err != nil {
				complain(w, http.StatusBadRequest, err)
				return
			}
			reply(w, order)
		},
		"POST /signing/{site}": controlSigning,
		"POST /dns/{site}": func(site *Site, w http.ResponseWriter, r *http.Request) {
			var order struct {
				Silent bool   `json:"silent"`
				MaxTTL uint32 `json:"max_ttl"`
			}
			if read(w, r, &order) {
				site.SetDNSSilent(order.Silent)
				site.SetMaxTTL(order.MaxTTL)
				reply(w, order)
			}
		},
		"GET /log/{site}": func(site *Site, w http.ResponseWriter, _ *http.Request) { reply(w, site.Log.Entries()) },
		"DELETE /log/{site}": func(site *Site, w http.ResponseWriter, _ *http.Request) {
			site.Log.Reset()
			reply(w, site.Log.Entries())
		},
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			site := s.Site(r.PathValue("site"))
			if site == nil {
				complain(w, http.StatusNotFound, fmt.Errorf("no site %q: use cloudflare or desec", r.PathValue("site")))
				return
			}
			do(site, w, r)
		})
	}
	return mux
}

// controlFront changes what is named and leaves the rest.
func (s *Sandbox) controlFront(w http.ResponseWriter, r *http.Request) {
	front := s.Front(r.PathValue("name"))
	if front == nil {
		complain(w, http.StatusNotFound, fmt.Errorf("no front %q: use cf-front or bunny-front", r.PathValue("name")))
		return
	}
	var order struct {
		Healthy *bool   `json:"healthy"`
		Status  *int    `json:"status"`
		Delay   *string `json:"delay"`
		Refused *bool   `json:"refused"`
	}
	if !read(w, r, &order) {
		return
	}
	if order.Delay != nil {
		delay, err := time.ParseDuration(*order.Delay)
		if err != nil {
			complain(w, http.StatusBadRequest, err)
			return
		}
		front.SetDelay(delay)
	}
	if order.Status != nil {
		if *order.Status < 200 || *order.Status > 599 {
			complain(w, http.StatusBadRequest, fmt.Errorf("status %d is not between 200 and 599", *order.Status))
			return
		}
		front.SetStatus(*order.Status)
	}
	if order.Healthy != nil {
		front.SetHealthy(*order.Healthy)
	}
	if order.Refused != nil {
		front.SetRefused(*order.Refused)
	}
	reply(w, FrontState{URL: front.URL, Status: front.Status(), Hits: front.Hits()})
}

// controlParent changes what is named of the delegation and leaves the rest.
func (s *Sandbox) controlParent(w http.ResponseWriter, r *http.Request) {
	var order struct {
		NS     *[]string `json:"ns"`
		DS     *[]string `json:"ds"`
		Silent *bool     `json:"silent"`
		MaxTTL *uint32   `json:"max_ttl"`
	}
	if !read(w, r, &order) {
		return
	}
	if order.NS != nil {
		s.Parent.Delegate(*order.NS...)
	}
	if order.DS != nil {
		s.Parent.SetDS(*order.DS...)
	}
	if order.Silent != nil {
		s.Parent.SetDNSSilent(*order.Silent)
	}
	if order.MaxTTL != nil {
		s.Parent.SetMaxTTL(*order.MaxTTL)
	}
	reply(w, s.Parent.Published(s.Parent.Zone))
}

// controlPolicies replaces the policies of deSEC's token; none allow everything.
func (s *Sandbox) controlPolicies(w http.ResponseWriter, r *http.Request) {
	var order struct {
		Policies []desec.Policy `json:"policies"`
	}
	if read(w, r, &order) {
		s.Desec.API.SetPolicies(order.Policies...)
		reply(w, order)
	}
}

func (s *Sandbox) controlEmailRouting(w http.ResponseWriter, r *http.Request) {
	var order struct {
		Zone string `json:"zone"`
		On   bool   `json:"on"`
	}
	if read(w, r, &order) {
		s.Cloudflare.API.SetEmailRouting(order.Zone, order.On)
		reply(w, order)
	}
}

// controlSigning sets how an operator signs; what is not named is as it should be. An algorithm makes new keys.
func controlSigning(site *Site, w http.ResponseWriter, r *http.Request) {
	var order struct {
		Algorithm uint8 `json:"algorithm"`
		LeavesOut bool  `json:"leaves_out_foreign_257"`
		NoCDS     bool  `json:"no_cds"`
	}
	if !read(w, r, &order) {
		return
	}
	switch order.Algorithm {
	case 0:
	case signing.ECDSAP256, signing.Ed25519:
		site.SetAlgorithm(order.Algorithm)
	default:
		complain(w, http.StatusBadRequest, fmt.Errorf("algorithm %d: use %d or %d", order.Algorithm, signing.ECDSAP256, signing.Ed25519))
		return
	}
	site.SetHabits(signing.Habits{LeavesOutForeignEntryPoints: order.LeavesOut, NoCDS: order.NoCDS})
	reply(w, order)
}

func controlEdit(site *Site, w http.ResponseWriter, r *http.Request) {
	var order struct {
		Zone   string   `json:"zone"`
		Name   string   `json:"name"`
		Type   string   `json:"type"`
		TTL    int      `json:"ttl"`
		Values []string `json:"values"`
	}
	if !read(w, r, &order) {
		return
	}
	if err := site.Edit(order.Zone, order.Name, order.Type, order.TTL, order.Values...); err != nil {
		complain(w, http.StatusBadRequest, err)
		return
	}
	reply(w, site.Stored(order.Zone))
}

// read takes one JSON object and refuses unknown keys, so that a typing error does not pass for an order.
func read(w http.ResponseWriter, r *http.Request, to any) bool {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxControlBody))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(to); err != nil {
		complain(w, http.StatusBadRequest, fmt.Errorf("read order: %w", err))
		return false
	}
	return true
}

func reply(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", kindJSON)
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(body) // the client may have left
}

func complain(w http.ResponseWriter, status int, err error) {
	w.Header().Set("Content-Type", kindJSON)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": err.Error()})
}
