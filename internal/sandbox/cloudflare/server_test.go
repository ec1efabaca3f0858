package cloudflare

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	zoneID    = "023e105f4ecef8ad9ca31a8372d0c353"
	proZoneID = "00000000000000000000000000000001"
	token     = "cfut_good"
	unknownID = "ffffffffffffffffffffffffffffffff"
)

// fake is a server with the ways a test uses it.
type fake struct {
	*Server
	t   *testing.T
	now time.Time
}

func newFake(t *testing.T) *fake {
	f := &fake{t: t, now: time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)}
	f.Server = New(Options{
		Token: token, ReadOnlyToken: "cfut_zones_only", Now: func() time.Time { return f.now },
		Zones: []Zone{{ID: zoneID, Name: "example.com"}, {ID: proZoneID, Name: "example.net", Plan: "pro"}},
	})
	return f
}

// answer is a response, decoded.
type answer struct {
	status  int
	header  http.Header
	text    string
	Result  json.RawMessage `json:"result"`
	Success bool            `json:"success"`
	Errors  []entry         `json:"errors"`
	Info    *resultInfo     `json:"result_info"`
}

func (a answer) code() int {
	if len(a.Errors) != 1 {
		return 0
	}
	return a.Errors[0].Code
}

// record decodes the result as a record without what differs from run to run.
func (a answer) record(t *testing.T) Record {
	t.Helper()
	var r Record
	if err := json.Unmarshal(a.Result, &r); err != nil || r.ID == "" {
		t.Fatalf("no record in %d %s", a.status, a.text)
	}
	return r
}

// call sends a request to a path below /client/v4 with the good token.
func (f *fake) call(method, path, body string) answer {
	f.t.Helper()
	return f.callAs("Bearer "+token, method, path, body)
}

func (f *fake) callAs(authorization, method, path, body string) answer {
	f.t.Helper()
	return f.send(authorization, "application/json", method, path, body)
}

func (f *fake) callType(contentType, method, path, body string) answer {
	f.t.Helper()
	return f.send("Bearer "+token, contentType, method, path, body)
}

func (f *fake) send(authorization, contentType, method, path, body string) answer {
	f.t.Helper()
	r := httptest.NewRequestWithContext(f.t.Context(), method, "/client/v4"+path, strings.NewReader(body))
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	r.Header.Set("Content-Type", contentType)
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	a := answer{status: w.Code, header: w.Header(), text: w.Body.String()}
	if strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
			f.t.Fatalf("%s %s: %v in %s", method, path, err, a.text)
		}
		if a.Success != (a.status == http.StatusOK) || a.Success != (len(a.Errors) == 0) {
			f.t.Errorf("%s %s: status %d and envelope disagree: %s", method, path, a.status, a.text)
		}
	}
	return a
}

const records = "/zones/" + zoneID + "/dns_records"

func (f *fake) post(body string) answer {
	f.t.Helper()
	return f.call(http.MethodPost, records, body)
}

// add posts a record that must be accepted and gives its id.
func (f *fake) add(body string) string {
	f.t.Helper()
	return f.post(body).record(f.t).ID
}

// refused asserts a refusal and that the zone holds what it held before.
func (f *fake) refused(status, code int, call func() answer) {
	f.t.Helper()
	before := f.Records("example.com")
	a := call()
	if a.status != status || a.code() != code {
		f.t.Errorf("got %d %s, want %d with code %d", a.status, a.text, status, code)
	}
	if diff := cmp.Diff(before, f.Records("example.com")); diff != "" {
		f.t.Errorf("the refusal changed the zone (-before +after):\n%s", diff)
	}
}

// compareJSON compares without the order of keys, which the service changes at will.
func compareJSON(t *testing.T, want, got string) {
	t.Helper()
	var w, g any
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(got), &g); err != nil {
		t.Fatalf("%v in %s", err, got)
	}
	if diff := cmp.Diff(w, g); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Rows 1 to 4 of design/facts/cloudflare-api.md section 9, and the rest of the table of section 1.
func TestAuthentication(t *testing.T) {
	f := newFake(t)
	compareJSON(t, `{"success":false,"errors":[{"code":6003,"message":"Invalid request headers","error_chain":[{"code":6111,
		"message":"Invalid format for Authorization header"}]}],"messages":[],"result":null}`, f.callAs("Bearer bad token!", "GET", "/zones", "").text)
	for _, c := range []struct {
		name, authorization, path string
		status, code              int
	}{
		{"malformed", "Bearer bad token!", "/zones", 400, 6003},
		{"another scheme", "Token " + token, "/zones", 400, 6003},
		{"empty token", "Bearer ", "/zones", 400, 6003},
		{"unknown", "Bearer cfut_unknown", "/zones", 403, 9109},
		{"none", "", "/zones", 400, 9106},
		{"without the DNS right", "Bearer cfut_zones_only", records, 403, 10000},
		{"without the DNS right, DNSSEC", "Bearer cfut_zones_only", "/zones/" + zoneID + "/dnssec", 403, 10000},
		{"without the DNS right, zones", "Bearer cfut_zones_only", "/zones", 200, 0},
		{"zone out of scope, records", "Bearer " + token, "/zones/" + unknownID + "/dns_records", 403, 10000},
		{"zone out of scope", "Bearer " + token, "/zones/" + unknownID, 403, 9109},
	} {
		if a := f.callAs(c.authorization, "GET", c.path, ""); a.status != c.status || a.code() != c.code {
			t.Errorf("%s: %d %s, want %d with code %d", c.name, a.status, a.text, c.status, c.code)
		}
	}
}

// Row 7, wrong methods, and what is no path at all.
func TestRouting(t *testing.T) {
	f := newFake(t)
	compareJSON(t, `{"result":null,"success":false,"errors":[{"code":7003,"message":
		"Could not route to /client/v4/zones/example.com/dns_records, perhaps your object identifier is invalid?"}],"messages":[]}`,
		f.call("GET", "/zones/example.com/dns_records", "").text)
	for _, c := range []struct {
		method, path string
		status, code int
	}{
		{"GET", "/zones/example.com/dns_records", 404, 7003},
		{"GET", "/accounts", 404, 7003},
		{"GET", "/zones/" + zoneID + "/settings", 404, 7003},
		{"GET", records + "/", 405, 1001},
		{"GET", records + "/nonsense", 405, 1001},
		{"PUT", records, 405, 1001},
		{"GET", records + "/batch", 405, 1001},
		{"POST", "/zones/" + zoneID + "/dnssec/zsk", 405, 1001},
		{"POST", "/zones", 405, 1001},
		{"DELETE", "/zones/" + zoneID, 405, 1001},
		{"PUT", "/zones/" + zoneID + "/dnssec", 405, 1001},
	} {
		if a := f.call(c.method, c.path, "{}"); a.status != c.status || a.code() != c.code {
			t.Errorf("%s %s: %d %s, want %d with code %d", c.method, c.path, a.status, a.text, c.status, c.code)
		}
	}
	if ray := f.call("GET", "/zones", "").header.Get("Cf-Ray"); len(ray) != 20 || !strings.HasSuffix(ray, "-FRA") {
		t.Errorf("cf-ray is %q", ray)
	}
}

// Rows 5 and 6.
func TestZones_ListAndGet(t *testing.T) {
	f := newFake(t)
	names := func(a answer) []string {
		var zones []struct{ Name string }
		if err := json.Unmarshal(a.Result, &zones); err != nil {
			t.Fatalf("%v in %s", err, a.text)
		}
		names := []string{}
		for _, z := range zones {
			names = append(names, z.Name)
		}
		return names
	}
	for query, want := range map[string][]string{
		"":                   {"example.com", "example.net"},
		"?name=example.com":  {"example.com"},
		"?name=EXAMPLE.com":  {"example.com"},
		"?name=example":      {},
		"?name=example.org":  {},
		"?per_page=5&page=2": {},
	} {
		if diff := cmp.Diff(want, names(f.call("GET", "/zones"+query, ""))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	if got := f.call("GET", "/zones?name=example.org", "").Info; *got != (resultInfo{Page: 1, PerPage: 20, TotalPages: 1}) {
		t.Errorf("empty list: %+v", got)
	}
	for _, query := range []string{"?per_page=4", "?per_page=51", "?page=0", "?page=x", "?status=pending"} {
		if a := f.call("GET", "/zones"+query, ""); a.status != 400 {
			t.Errorf("%s: %d", query, a.status)
		}
	}
	var z struct {
		ID, Name, Status, Type string
		NameServers            []string `json:"name_servers"`
		Plan                   struct {
			LegacyID string `json:"legacy_id"`
		}
	}
	if err := json.Unmarshal(f.call("GET", "/zones/"+zoneID, "").Result, &z); err != nil {
		t.Fatal(err)
	}
	if z.ID != zoneID || z.Name != "example.com" || z.Status != "active" || z.Type != "full" || z.Plan.LegacyID != "free" ||
		cmp.Diff([]string{"ada.ns.cloudflare.com", "bob.ns.cloudflare.com"}, z.NameServers) != "" {
		t.Errorf("got %+v", z)
	}
}

func TestZones_UnicodeNameAndDerivedID(t *testing.T) {
	s := New(Options{Token: token, Zones: []Zone{{Name: "XN--BCHER-KVA.example."}, {Name: "inner.example", Type: "internal"}}})
	f := &fake{Server: s, t: t}
	for _, name := range []string{"xn--bcher-kva.example", "b%C3%BCcher.example"} {
		a := f.call("GET", "/zones?name="+name, "")
		if !strings.Contains(a.text, `"name":"bücher.example"`) {
			t.Errorf("%s: %s", name, a.text)
		}
	}
	if a := f.call("GET", "/zones", ""); a.Info.Count != 1 {
		t.Errorf("an internal zone is listed unasked: %s", a.text)
	}
	if diff := cmp.Diff([]string{"xn--bcher-kva.example.", "inner.example."}, s.Zones()); diff != "" {
		t.Error(diff)
	}
}

// Row 48: over the limit every call is refused for five minutes, with what is left of them.
func TestQuota_RefusesForFiveMinutes(t *testing.T) {
	f := newFake(t)
	f.SetLimits(true)
	for i := range quotaRequests {
		if a := f.call("GET", "/zones/"+zoneID, ""); a.status != 200 {
			t.Fatalf("request %d: %d", i+1, a.status)
		}
		f.now = f.now.Add(10 * time.Millisecond)
	}
	a := f.call("GET", "/zones/"+zoneID, "")
	if a.status != 429 || a.header.Get("Retry-After") != "300" || a.code() != 10100 {
		t.Errorf("got %d %q %s", a.status, a.header.Get("Retry-After"), a.text)
	}
	if left, policy := a.header.Get("Ratelimit"), a.header.Get("Ratelimit-Policy"); left != `"default";r=0;t=300` || policy != `"default";q=1200;w=300` {
		t.Errorf("got %q and %q", left, policy)
	}
	f.now = f.now.Add(299*time.Second + 500*time.Millisecond)
	if a := f.post(`{"type":"A","name":"a","content":"192.0.2.1"}`); a.status != 429 || a.header.Get("Retry-After") != "1" {
		t.Errorf("got %d %q", a.status, a.header.Get("Retry-After"))
	}
	f.now = f.now.Add(500 * time.Millisecond)
	a = f.call("GET", "/zones/"+zoneID, "")
	if a.status != 200 || a.header.Get("Ratelimit") != `"default";r=1199;t=1` {
		t.Errorf("got %d %q", a.status, a.header.Get("Ratelimit"))
	}
	if n := len(f.Records("example.com")); n != 0 {
		t.Errorf("the refused request made %d records", n)
	}
	f.SetLimits(false)
	if a := f.call("GET", "/zones", ""); a.header.Get("Ratelimit") != `"list_zones";r=1200;t=1` || a.header.Get("Ratelimit-Policy") != `"list_zones";q=1201;w=300` {
		t.Errorf("the list of zones says %v", a.header)
	}
}
