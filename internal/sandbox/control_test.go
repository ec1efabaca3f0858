package sandbox_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/sandboxtest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/zonedata"
)

// control sends one order and returns status and body.
func control(t *testing.T, s *sandbox.Sandbox, method, path, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.ControlURL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var text bytes.Buffer
	if _, err := text.ReadFrom(response.Body); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, text.String()
}

func TestControl_OrdersTakeEffect(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Options{})
	for _, site := range s.Sites() {
		if status, text := control(t, s, "POST", "/faults/"+site.Name, `{"kind":"html502","count":3}`); status != 200 {
			t.Fatalf("%d %s", status, text)
		}
		if response, _ := mustExchange(t, site, "GET", "/zones", ""); response.StatusCode != 502 {
			t.Errorf("%s: fault has no effect: %d", site.Name, response.StatusCode)
		}
		control(t, s, "DELETE", "/faults/"+site.Name, "")
		if active := site.Faults.Active(); len(active) != 0 {
			t.Errorf("%s: still active %v", site.Name, active)
		}
		edit := `{"zone":"example.com","name":"www","type":"A","ttl":3600,"values":["192.0.2.1"]}`
		if status, text := control(t, s, "POST", "/edit/"+site.Name, edit); status != 200 || !held(site) {
			t.Errorf("%s: edit: %d %s", site.Name, status, text)
		}
		if _, text := control(t, s, "GET", "/log/"+site.Name, ""); !strings.Contains(text, `"fault": "html502"`) {
			t.Errorf("%s: log %s", site.Name, text)
		}
		control(t, s, "DELETE", "/log/"+site.Name, "")
		if n := site.Log.Count(nil); n != 0 {
			t.Errorf("%s: %d entries after the log was emptied", site.Name, n)
		}
	}
	control(t, s, "POST", "/fronts/cf-front", `{"healthy":false}`)
	_, text := control(t, s, "GET", "/state", "")
	var state sandbox.State
	if err := json.Unmarshal([]byte(text), &state); err != nil {
		t.Fatal(err)
	}
	if got := state.Fronts["cf-front"].Status; got != 503 {
		t.Errorf("front status %d", got)
	}
	for name, site := range state.Sites {
		if diff := cmp.Diff(www, find(site.Zones["example.com"], "www.example.com.", "A")); diff != "" {
			t.Errorf("%s: state (-want +got):\n%s", name, diff)
		}
	}
}

func TestControl_WrongOrdersAreRefused(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Options{})
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{"POST", "/faults/route53", `{"kind":"503"}`, 404},
		{"POST", "/faults/desec", `{"kind":"flood"}`, 400},
		{"POST", "/edit/desec", `{"zone":"example.com","name":"www","type":"A","ttl":1,"values":["192.0.2.1"]}`, 400},
		{"POST", "/edit/cloudflare", `{"zone":"example.com","name":"www","type":"A","ttl":1,"values":["192.0.2.999"]}`, 400},
		{"POST", "/fronts/nobody", `{"healthy":true}`, 404},
		{"POST", "/fronts/cf-front", `{"status":99}`, 400},
		{"POST", "/fronts/cf-front", `{"helthy":true}`, 400},
		{"POST", "/limits", `on`, 400},
		{"POST", "/signing/cloudflare", `{"algorithm":8}`, 400},
		{"POST", "/signing/desec", `{"leave_out":true}`, 400},
		{"PUT", "/state", ``, 405},
	} {
		if status, text := control(t, s, c.method, c.path, c.body); status != c.status {
			t.Errorf("%s %s %s: %d %s, want %d", c.method, c.path, c.body, status, text, c.status)
		}
	}
}

// How an operator signs can be ordered, and an order that names nothing puts it right again.
func TestControl_Signing(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Options{})
	signCloudflare(t, s)
	const foreign = "257 3 13 YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYQ=="
	for _, site := range s.Sites() {
		if err := site.Edit(s.Zone, "@", "DNSKEY", 3600, foreign); err != nil {
			t.Fatal(err)
		}
		order := func(body string) { t.Helper(); mustControl(t, s, "/signing/"+site.Name, body) }
		served := func(typ string) []string { return atApex(apexOf(s, site), typ) }
		order(`{"leaves_out_foreign_257":true,"no_cds":true}`)
		if keys, cds := served("DNSKEY"), served("CDS"); slices.Contains(keys, foreign) || len(cds) > 0 {
			t.Errorf("%s serves %q and CDS %q", site.Name, keys, cds)
		}
		order(`{"algorithm":15}`)
		keys, cds := served("DNSKEY"), served("CDS")
		if !slices.Contains(keys, foreign) || len(cds) != 1 || !strings.Contains(strings.Join(keys, "\n"), " 3 15 ") {
			t.Errorf("%s serves %q and CDS %q", site.Name, keys, cds)
		}
	}
}

// apexOf is what a site's name server has at the apex.
func apexOf(s *sandbox.Sandbox, site *sandbox.Site) []zonedata.RRset {
	sign := s.Desec.API.Signing
	if site.Name == "cloudflare" {
		sign = s.Cloudflare.API.Signing
	}
	return slices.Concat(sign(s.Zone).Own(s.Zone+"."), site.Published(s.Zone))
}

func atApex(sets []zonedata.RRset, typ string) []string {
	var values []string
	for _, set := range sets {
		if set.Name == "example.com." && set.Type == typ {
			values = append(values, set.Values...)
		}
	}
	return values
}

func mustControl(t *testing.T, s *sandbox.Sandbox, path, body string) {
	t.Helper()
	if status, text := control(t, s, "POST", path, body); status != 200 {
		t.Fatalf("%s %s: %d %s", path, body, status, text)
	}
}

func TestControl_LimitsAtBoth(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Options{Now: sameSecond})
	for _, on := range []bool{false, true, false} {
		body := map[bool]string{false: `{"on":false}`, true: `{"on":true}`}[on]
		if status, text := control(t, s, "POST", "/limits", body); status != 200 {
			t.Fatalf("%d %s", status, text)
		}
		if limited := isLimited(t, s); limited["cloudflare"] != on || limited["desec"] != on {
			t.Errorf("limits on is %t, limited are %v", on, limited)
		}
	}
}

func TestOptions_LimitsHoldAtBoth(t *testing.T) {
	if limited := isLimited(t, sandboxtest.Start(t, sandbox.Options{Limits: true, Now: sameSecond})); !limited["cloudflare"] || !limited["desec"] {
		t.Errorf("limited are %v", limited)
	}
}

// sameSecond is a clock that stands still: requests of a slow machine come too fast as well.
func sameSecond() time.Time { return time.Date(2026, 11, 5, 12, 0, 0, 0, time.UTC) }

// isLimited writes to deSEC as fast as it must not be done, four times in a second, and asks Cloudflare more often than
// it takes.
func isLimited(t *testing.T, s *sandbox.Sandbox) map[string]bool {
	t.Helper()
	limited := map[string]bool{}
	path, _ := create(s.Desec.Site)
	for range 4 {
		response, _ := mustExchange(t, s.Desec.Site, "PATCH", path, `[{"subname":"www","type":"A","ttl":3600,"records":["192.0.2.1"]}]`)
		limited["desec"] = limited["desec"] || response.StatusCode == 429
	}
	for range 1201 {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/client/v4/zones", nil)
		r.Header.Set("Authorization", "Bearer "+s.Cloudflare.Token)
		w := httptest.NewRecorder()
		s.Cloudflare.API.ServeHTTP(w, r)
		limited["cloudflare"] = limited["cloudflare"] || w.Code == http.StatusTooManyRequests
	}
	return limited
}

func TestControl_PoliciesOfDesec(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Options{})
	path, body := create(s.Desec.Site)
	if status, text := control(t, s, "POST", "/policies/desec", `{"policies":[{"domain":null,"subname":null,"type":null,"perm_write":false},`+
		`{"domain":"example.com","subname":"www","type":"A","perm_write":true}]}`); status != 200 {
		t.Fatalf("%d %s", status, text)
	}
	if response, text := mustExchange(t, s.Desec.Site, "POST", path, body); response.StatusCode != 201 {
		t.Errorf("what the policy allows: %d %s", response.StatusCode, text)
	}
	both := "[" + body + "," + strings.ReplaceAll(body, "www", "other") + "]"
	if response, text := mustExchange(t, s.Desec.Site, "PATCH", path, both); response.StatusCode != 403 || !strings.Contains(text, "Insufficient token permissions.") {
		t.Errorf("with what it does not: %d %s", response.StatusCode, text)
	}
	control(t, s, "POST", "/policies/desec", `{"policies":[]}`)
	if response, _ := mustExchange(t, s.Desec.Site, "PATCH", path, both); response.StatusCode != 200 {
		t.Errorf("without policies: %d", response.StatusCode)
	}
}

func TestControl_ZonesComeAndGo(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Options{})
	for _, site := range s.Sites() {
		path, body := create(site)
		if status, text := control(t, s, "POST", "/zones/"+site.Name, `{"zone":"example.com","present":false}`); status != 200 {
			t.Fatalf("%d %s", status, text)
		}
		if response, _ := mustExchange(t, site, "POST", path, body); response.StatusCode/100 != 4 {
			t.Errorf("%s: %d for a zone that is gone", site.Name, response.StatusCode)
		}
		control(t, s, "POST", "/zones/"+site.Name, `{"zone":"example.com","present":true}`)
		if site.Stored("example.com") == nil && site.Name == "desec" {
			t.Errorf("%s: the zone did not come back", site.Name)
		}
	}
}
