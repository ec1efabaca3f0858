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
		state.Fronts[front.Name] = front.state()
	}
	return state
}

func (f *Front) state() FrontState { return FrontState{URL: f.URL, Status: f.Status(), Hits: f.Hits()} }

// The orders to the control API. What a pointer does not name stays as it is.
type (
	switchOrder struct {
		On bool `json:"on"`
	}
	frontOrder struct {
		Healthy *bool     `json:"healthy"`
		Status  *int      `json:"status"`
		Delay   *duration `json:"delay"`
		Refused *bool     `json:"refused"`
	}
	parentOrder struct {
		NS     *[]string `json:"ns"`
		DS     *[]string `json:"ds"`
		Silent *bool     `json:"silent"`
		MaxTTL *uint32   `json:"max_ttl"`
	}
	policiesOrder struct {
		Policies []desec.Policy `json:"policies"` // of deSEC's token; none allow everything
	}
	emailRoutingOrder struct {
		Zone string `json:"zone"`
		On   bool   `json:"on"`
	}
	zoneOrder struct {
		Zone    string `json:"zone"`
		Present bool   `json:"present"`
	}
	rollOrder struct {
		Zone string `json:"zone"`
		Step string `json:"step"`
	}
	dnsOrder struct {
		Silent bool   `json:"silent"`
		MaxTTL uint32 `json:"max_ttl"`
	}
	// signingOrder sets how an operator signs; what is not named is as it should be. An algorithm makes new keys.
	signingOrder struct {
		Algorithm uint8 `json:"algorithm"`
		LeavesOut bool  `json:"leaves_out_foreign_257"`
		NoCDS     bool  `json:"no_cds"`
	}
	editOrder struct {
		Zone   string   `json:"zone"`
		Name   string   `json:"name"`
		Type   string   `json:"type"`
		TTL    int      `json:"ttl"`
		Values []string `json:"values"`
	}
)

// controlHandler is the control API: JSON over HTTP, for shells and for people.
func (s *Sandbox) controlHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /state", show(func() any { return s.State() }))
	mux.HandleFunc("POST /limits", obey(func(o switchOrder) (any, error) {
		for _, site := range s.Sites() {
			site.SetLimits(o.On)
		}
		return o, nil
	}))
	mux.HandleFunc("POST /parent", obey(s.controlParent))
	mux.HandleFunc("POST /policies/desec", obey(func(o policiesOrder) (any, error) {
		s.Desec.API.SetPolicies(o.Policies...)
		return o, nil
	}))
	mux.HandleFunc("POST /email-routing/cloudflare", obey(func(o emailRoutingOrder) (any, error) {
		s.Cloudflare.API.SetEmailRouting(o.Zone, o.On)
		return o, nil
	}))
	for _, front := range s.Fronts {
		mux.HandleFunc("POST /fronts/"+front.Name, obey(front.control))
	}
	for _, site := range s.Sites() {
		for pattern, do := range site.control() {
			mux.HandleFunc(pattern+site.Name, do)
		}
	}
	return mux
}

// control is what the control API does to a site, by the beginning of the pattern.
func (s *Site) control() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"POST /faults/": obey(func(fault Fault) (any, error) {
			s.Faults.Add(fault)
			return s.Faults.Active(), nil
		}),
		"DELETE /faults/": show(func() any {
			s.Faults.Clear()
			return s.Faults.Active()
		}),
		"POST /edit/": obey(func(o editOrder) (any, error) {
			err := s.Edit(o.Zone, o.Name, o.Type, o.TTL, o.Values...)
			return s.Stored(o.Zone), err
		}),
		"POST /zones/": obey(func(o zoneOrder) (any, error) {
			s.SetZone(o.Zone, o.Present)
			return s.Zones(), nil
		}),
		"POST /roll/": obey(func(o rollOrder) (any, error) { return o, s.Roll(o.Zone, o.Step) }),
		"POST /signing/": obey(func(o signingOrder) (any, error) {
			switch o.Algorithm {
			case 0:
			case signing.ECDSAP256, signing.Ed25519:
				s.SetAlgorithm(o.Algorithm)
			default:
				return nil, fmt.Errorf("algorithm %d: use %d or %d", o.Algorithm, signing.ECDSAP256, signing.Ed25519)
			}
			s.SetHabits(signing.Habits{LeavesOutForeignEntryPoints: o.LeavesOut, NoCDS: o.NoCDS})
			return o, nil
		}),
		"POST /dns/": obey(func(o dnsOrder) (any, error) {
			s.SetDNSSilent(o.Silent)
			s.SetMaxTTL(o.MaxTTL)
			return o, nil
		}),
		"GET /log/": show(func() any { return s.Log.Entries() }),
		"DELETE /log/": show(func() any {
			s.Log.Reset()
			return s.Log.Entries()
		}),
	}
}

func (f *Front) control(o frontOrder) (any, error) {
	if o.Delay != nil {
		f.SetDelay(time.Duration(*o.Delay))
	}
	if o.Status != nil {
		if *o.Status < 200 || *o.Status > 599 {
			return nil, fmt.Errorf("status %d is not between 200 and 599", *o.Status)
		}
		f.SetStatus(*o.Status)
	}
	if o.Healthy != nil {
		f.SetHealthy(*o.Healthy)
	}
	if o.Refused != nil {
		f.SetRefused(*o.Refused)
	}
	return f.state(), nil
}

func (s *Sandbox) controlParent(o parentOrder) (any, error) {
	if o.NS != nil {
		s.Parent.Delegate(*o.NS...)
	}
	if o.DS != nil {
		s.Parent.SetDS(*o.DS...)
	}
	if o.Silent != nil {
		s.Parent.SetDNSSilent(*o.Silent)
	}
	if o.MaxTTL != nil {
		s.Parent.SetMaxTTL(*o.MaxTTL)
	}
	return s.Parent.Published(s.Parent.Zone), nil
}

func show(what func() any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, what()) }
}

// obey reads one order, a JSON object, and answers with what is so then. It refuses unknown keys, so that a typing
// error does not pass for an order.
func obey[T any](carryOut func(order T) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var order T
		decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxControlBody))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&order); err != nil {
			reply(w, http.StatusBadRequest, map[string]string{"error": "read order: " + err.Error()})
			return
		}
		answer, err := carryOut(order)
		if err != nil {
			reply(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
			return
		}
		reply(w, http.StatusOK, answer)
	}
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", kindJSON)
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(body) // the client may have left
}
