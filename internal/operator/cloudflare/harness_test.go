package cloudflare

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/dns"
	"github.com/cloudflare/cloudflare-go/v7/option"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/httpapi"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
	fake "github.com/multidns/terraform-provider-multidns/internal/sandbox/cloudflare"
)

const (
	testZone   = "example.com."
	testZoneID = "023e105f4ecef8ad9ca31a8372d0c353"
	testToken  = "cfut_the-secret-of-this-test"
)

// request is what the service saw.
type request struct {
	Method, Path, Query, Body string
	Header                    http.Header
}

// site is the strict fake behind a door that keeps a log and can answer instead of it.
type site struct {
	*fake.Server
	url string

	mu       sync.Mutex
	requests []request
	// instead answers a request itself where it returns true.
	instead func(w http.ResponseWriter, r *http.Request) bool
}

func newSite(t *testing.T, zones ...fake.Zone) *site {
	t.Helper()
	if len(zones) == 0 {
		zones = []fake.Zone{{ID: testZoneID, Name: "example.com"}}
	}
	s := &site{Server: fake.New(fake.Options{Token: testToken, Zones: zones})}
	server := httptest.NewServer(http.HandlerFunc(s.handle))
	t.Cleanup(server.Close)
	s.url = server.URL + "/client/v4"
	return s
}

func (s *site) handle(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	s.mu.Lock()
	s.requests = append(s.requests, request{r.Method, strings.TrimPrefix(r.URL.Path, "/client/v4"), r.URL.RawQuery, string(body), r.Header.Clone()})
	instead := s.instead
	s.mu.Unlock()
	if instead == nil || !instead(w, r) {
		s.ServeHTTP(w, r)
	}
}

// answer makes every request whose path holds part get status and body.
func (s *site) answer(part string, status int, contentType, body string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.instead = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.Contains(r.URL.Path, part) {
			return false
		}
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
		return true
	}
}

func (s *site) seen() []request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

func (s *site) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

func (s *site) client(t *testing.T, edit ...func(*Config)) *Client {
	t.Helper()
	config := Config{Token: testToken, BaseURL: s.url, Timeout: 5 * time.Second, MaxWait: -1}
	for _, e := range edit {
		e(&config)
	}
	c, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	// Whether an id is the zone's has tests of its own.
	c.identity.firstAsk(testZone)
	return c
}

func withZoneID(c *Config) { c.ZoneIDs = map[string]string{"Example.COM": testZoneID} }

// wantSet is an RRset as the configuration asks for it.
func wantSet(t *testing.T, owner, typ string, ttl uint32, values ...string) *operator.RRset {
	t.Helper()
	key, err := rrset.NewKey("example.com", owner, typ)
	if err != nil {
		t.Fatal(err)
	}
	set, err := rrset.New(key, ttl, values)
	if err != nil {
		t.Fatal(err)
	}
	return &operator.RRset{RRset: set}
}

// read returns the RRset that the client sees now, nil if there is none.
func read(t *testing.T, c *Client, owner, typ string) *operator.RRset {
	t.Helper()
	held, err := c.ListName(t.Context(), testZone, owner)
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range held {
		if set.Type == typ {
			return &set
		}
	}
	return nil
}

func write(t *testing.T, c *Client, changes ...operator.Change) []*operator.RRset {
	t.Helper()
	results, err := c.Write(t.Context(), testZone, changes)
	if err != nil {
		t.Fatal(err)
	}
	return results
}

func create(t *testing.T, c *Client, want *operator.RRset) *operator.RRset {
	t.Helper()
	return write(t, c, operator.Change{After: want})[0]
}

// stored are the fake's records without ids and dates: what a test compares.
type stored struct {
	Name, Type, Content string
	TTL                 int
	Proxied             bool
	Comment             string
}

func (s *site) stored() []stored {
	var all []stored
	for _, r := range s.Records("example.com") {
		line := stored{Name: r.Name, Type: r.Type, Content: r.Content, TTL: r.TTL, Proxied: r.Proxied}
		if r.Comment != nil {
			line.Comment = *r.Comment
		}
		all = append(all, line)
	}
	slices.SortFunc(all, func(a, b stored) int {
		return strings.Compare(a.Name+a.Type+a.Content, b.Name+b.Type+b.Content)
	})
	return all
}

// ids maps contents to record ids.
func (s *site) ids() map[string]string {
	ids := make(map[string]string)
	for _, r := range s.Records("example.com") {
		ids[r.Content] = r.ID
	}
	return ids
}

func (s *site) add(t *testing.T, r fake.Record) {
	t.Helper()
	if _, err := s.Add("example.com", r); err != nil {
		t.Fatal(err)
	}
}

// batchOf decodes the one batch that was sent.
func batchOf(t *testing.T, s *site) map[string][]map[string]any {
	t.Helper()
	var found []request
	for _, r := range s.seen() {
		if strings.HasSuffix(r.Path, "/dns_records/batch") {
			found = append(found, r)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d batches were sent, not 1", len(found))
	}
	var body map[string][]map[string]any
	if err := json.Unmarshal([]byte(found[0].Body), &body); err != nil {
		t.Fatal(err)
	}
	return body
}

// statusOf is what the API said of a refusal.
func statusOf(refused *operator.RefusalError) httpapi.StatusError {
	if answer, ok := errors.AsType[*httpapi.StatusError](refused); ok {
		return *answer
	}
	return httpapi.StatusError{}
}

func pointer[T any](v T) *T { return &v }

// enableDNSKEY turns DNSSEC with several signers on, without which no DNSKEY can be made
// (design/facts/cloudflare-api.md section 5).
func enableDNSKEY(t *testing.T, s *site) {
	t.Helper()
	patchDNSSEC(t, s.url, testZoneID, testToken)
}

func patchDNSSEC(t *testing.T, baseURL, zoneID, token string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPatch, baseURL+"/zones/"+zoneID+"/dnssec",
		strings.NewReader(`{"status":"active","dnssec_multi_signer":true}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("HTTP %d", res.StatusCode)
	}
}

type requestOption = option.RequestOption

// get makes one read through the SDK.
func (c *Client) get(ctx context.Context, options ...requestOption) error {
	params := dns.RecordListParams{}
	params.ZoneID.Value, params.ZoneID.Present = testZoneID, true
	_, err := c.records.List(ctx, params, options...)
	return err
}
