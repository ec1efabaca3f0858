package sandbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"codeberg.org/miekg/dns"
	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/zonedata"
)

func start(t *testing.T, o sandbox.Options) *sandbox.Sandbox {
	t.Helper()
	s, err := sandbox.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// client never reuses a connection: net/http repeats a GET by itself when a reused one drops, and a test could not tell.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// exchange is one request to a site with its token. The error is the client's.
func exchange(ctx context.Context, site *sandbox.Site, method, path, body string) (*http.Response, string, error) {
	r, err := http.NewRequestWithContext(ctx, method, site.BaseURL+path, strings.NewReader(body))
	if err != nil {
		return nil, "", err
	}
	scheme := "Bearer "
	if site.Name == "desec" {
		scheme = "Token "
	}
	r.Header.Set("Authorization", scheme+site.Token)
	r.Header.Set("Content-Type", "application/json")
	response, err := client.Do(r)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	return response, string(text), err
}

func mustExchange(t *testing.T, site *sandbox.Site, method, path, body string) (*http.Response, string) {
	t.Helper()
	response, text, err := exchange(t.Context(), site, method, path, body)
	if err != nil {
		t.Fatal(err)
	}
	return response, text
}

// wwwAtBoth is one RRset, as each API writes it: path and body of the request that creates it.
func create(site *sandbox.Site) (path, body string) {
	if site.Name == "desec" {
		return "/domains/example.com/rrsets/", `{"subname":"www","type":"A","ttl":3600,"records":["192.0.2.1"]}`
	}
	return "/zones/" + sandbox.CloudflareZoneID + "/dns_records", `{"type":"A","name":"www.example.com","content":"192.0.2.1","ttl":3600}`
}

func find(sets []zonedata.RRset, name, typ string) *zonedata.RRset {
	for _, set := range sets {
		if set.Name == name && set.Type == typ {
			return &set
		}
	}
	return nil
}

var www = &zonedata.RRset{Name: "www.example.com.", Type: "A", TTL: 3600, Values: []string{"192.0.2.1"}}

func TestSandbox_WriteIsStoredServedAndLogged(t *testing.T) {
	s := start(t, sandbox.Options{})
	for _, site := range s.Sites() {
		t.Run(site.Name, func(t *testing.T) {
			path, body := create(site)
			response, text := mustExchange(t, site, "POST", path, body)
			if response.StatusCode/100 != 2 {
				t.Fatalf("POST: %d %s", response.StatusCode, text)
			}
			for name, sets := range map[string][]zonedata.RRset{"stored": site.Stored("example.com"), "published": site.Published("example.com")} {
				if diff := cmp.Diff(www, find(sets, "www.example.com.", "A")); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
			}
			for _, network := range []string{"udp", "tcp"} {
				m := dns.NewMsg("www.example.com.", dns.TypeA)
				m.ID = dns.ID()
				got, _, err := dns.NewClient().Exchange(t.Context(), m, network, site.DNSAddr)
				if err != nil {
					t.Fatal(err)
				}
				if len(got.Answer) != 1 || !strings.Contains(got.Answer[0].String(), "192.0.2.1") || got.Answer[0].Header().TTL != 3600 {
					t.Errorf("%s: answer %v", network, got.Answer)
				}
			}
			want := sandbox.Entry{Method: "POST", Path: strings.TrimPrefix(site.BaseURL, "http://")[strings.Index(site.BaseURL[7:], "/"):] + path, Status: response.StatusCode, Body: body}
			entries := site.Log.Entries()
			if len(entries) != 1 {
				t.Fatalf("log holds %d entries, want 1", len(entries))
			}
			got := entries[0]
			if got.End.Before(got.Start) {
				t.Errorf("the request ends %v before it starts %v", got.End, got.Start)
			}
			got.Start, got.End = time.Time{}, time.Time{}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("log (-want +got):\n%s", diff)
			}
		})
	}
}

// held tells whether the RRset of create is at the operator.
func held(site *sandbox.Site) bool {
	return find(site.Stored("example.com"), "www.example.com.", "A") != nil
}

func TestFault_EachKindOnce(t *testing.T) {
	type want struct {
		status     int // 0: the connection drops
		kind, body string
		held       bool
		retryAfter string
	}
	cases := []struct {
		name              string
		fault             sandbox.Fault
		cloudflare, desec want
	}{
		{"json500", sandbox.Fault{Kind: sandbox.JSON500}, want{500, "application/json", `"code":1005`, false, ""}, want{500, "application/json", `{"detail":"Internal Server Error. We're on it!"}`, false, ""}},
		{"html500", sandbox.Fault{Kind: sandbox.HTML500}, want{500, "text/html", "<title>api.cloudflare.com | 500", false, ""}, want{500, "text/html", "<title>Server Error (500)</title>", false, ""}},
		{"html502", sandbox.Fault{Kind: sandbox.HTML502}, want{502, "text/html", "502: Bad gateway", false, ""}, want{502, "text/html", "502 Bad Gateway", false, ""}},
		{"503", sandbox.Fault{Kind: sandbox.Unavailable}, want{503, "text/plain", "error code: 1015", false, ""}, want{503, "text/html", "503 Service", false, ""}},
		{"429 with a wait", sandbox.Fault{Kind: sandbox.TooMany, RetryAfter: 7}, want{429, "application/json", `"code":10100`, false, "7"}, want{429, "application/json", "available in 7 seconds.", false, "7"}},
		{"429 without", sandbox.Fault{Kind: sandbox.TooMany}, want{429, "application/json", `"code":10100`, false, ""}, want{429, "text/html", "429 Too Many Requests", false, ""}},
		{"lost after commit", sandbox.Fault{Kind: sandbox.LostAfterCommit}, want{held: true}, want{held: true}},
		{"lost before commit", sandbox.Fault{Kind: sandbox.LostBeforeCommit}, want{}, want{}},
		{"json500 after commit", sandbox.Fault{Kind: sandbox.JSON500AfterCommit}, want{500, "application/json", `"code":1005`, true, ""}, want{500, "application/json", "We're on it!", true, ""}},
		{"success false", sandbox.Fault{Kind: sandbox.SuccessFalse}, want{200, "application/json", `"success":false`, false, ""}, want{200, "application/json", `{"detail":`, false, ""}},
		{"html200", sandbox.Fault{Kind: sandbox.HTML200}, want{200, "text/html", "<html", false, ""}, want{200, "text/html", "<html", false, ""}},
		{"empty body", sandbox.Fault{Kind: sandbox.EmptyBody}, want{200, "application/json", "", false, ""}, want{200, "application/json", "", false, ""}},
		{"unauthorized", sandbox.Fault{Kind: sandbox.Unauthorized}, want{403, "application/json", `"code":9109`, false, ""}, want{401, "application/json", `{"detail":"Invalid token."}`, false, ""}},
		{"forbidden", sandbox.Fault{Kind: sandbox.Forbidden}, want{403, "application/json", `"code":10000`, false, ""}, want{403, "application/json", `{"detail":"You do not`, false, ""}},
		{"slow", sandbox.Fault{Kind: sandbox.Slow, Delay: time.Millisecond}, want{200, "application/json", `"www.example.com"`, true, ""}, want{201, "application/json", `"www"`, true, ""}},
		{"problem", sandbox.Fault{Kind: sandbox.ProblemJSON, RetryAfter: 3}, want{502, "application/problem+json", `"status":502`, false, "3"}, want{502, "application/problem+json", `"status":502`, false, "3"}},
		{"502 after commit", sandbox.Fault{Kind: sandbox.HTML502, Commit: true}, want{502, "text/html", "502: Bad gateway", true, ""}, want{502, "text/html", "502 Bad Gateway", true, ""}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := start(t, sandbox.Options{})
			for _, site := range s.Sites() {
				want := c.cloudflare
				if site.Name == "desec" {
					want = c.desec
				}
				site.Faults.Set(c.fault)
				path, body := create(site)
				response, text, err := exchange(t.Context(), site, "POST", path, body)
				switch {
				case want.status == 0 && err == nil:
					t.Errorf("%s: answered %d, want the connection to drop", site.Name, response.StatusCode)
				case want.status != 0 && err != nil:
					t.Errorf("%s: %v", site.Name, err)
				case want.status != 0:
					if response.StatusCode != want.status || !strings.HasPrefix(response.Header.Get("Content-Type"), want.kind) ||
						!strings.Contains(text, want.body) || response.Header.Get("Retry-After") != want.retryAfter ||
						(want.body == "") != (text == "") {
						t.Errorf("%s: got %d %v %q, want %+v", site.Name, response.StatusCode, response.Header, text, want)
					}
				}
				if held(site) != want.held {
					t.Errorf("%s: held is %t, want %t", site.Name, held(site), want.held)
				}
				// The status is written into the log after the connection was dropped.
				site.Faults.Clear()
				entries := site.Log.Entries()
				if len(entries) != 1 || entries[0].Fault != c.fault.Kind {
					t.Errorf("%s: log %+v", site.Name, entries)
				}
			}
		})
	}
}

func TestFault_JSON500AfterCommitIsNotPublishedAtDesec(t *testing.T) {
	s := start(t, sandbox.Options{})
	s.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.JSON500AfterCommit})
	path, body := create(s.Desec.Site)
	mustExchange(t, s.Desec.Site, "POST", path, body)
	if find(s.Desec.Published("example.com"), "www.example.com.", "A") != nil {
		t.Error("the RRset is served, want it stored only")
	}
}

func TestFault_TruncatedKeepsStatusAndHalvesBody(t *testing.T) {
	s := start(t, sandbox.Options{})
	for _, site := range s.Sites() {
		site.Faults.Set(sandbox.Fault{Kind: sandbox.Truncated})
		path, body := create(site)
		response, text := mustExchange(t, site, "POST", path, body)
		if response.StatusCode/100 != 2 || json.Valid([]byte(text)) || text == "" {
			t.Errorf("%s: got %d %q", site.Name, response.StatusCode, text)
		}
		if !held(site) {
			t.Errorf("%s: the RRset is missing", site.Name)
		}
	}
}

func TestFault_EmptyListHitsListsOnly(t *testing.T) {
	s := start(t, sandbox.Options{})
	for _, site := range s.Sites() {
		path, body := create(site)
		site.Faults.Set(sandbox.Fault{Kind: sandbox.EmptyList})
		mustExchange(t, site, "POST", path, body)
		if !held(site) {
			t.Errorf("%s: the fault hit a write", site.Name)
		}
		response, text := mustExchange(t, site, "GET", path, "")
		if response.StatusCode != 200 || strings.Contains(text, "192.0.2.1") || !strings.Contains(text, "[]") {
			t.Errorf("%s: got %d %s", site.Name, response.StatusCode, text)
		}
	}
}

func TestFault_BlackholeHoldsUntilCleared(t *testing.T) {
	s := start(t, sandbox.Options{})
	for _, site := range s.Sites() {
		site.Faults.Set(sandbox.Fault{Kind: sandbox.Blackhole})
		path, body := create(site)
		done := make(chan error)
		go func() {
			_, _, err := exchange(t.Context(), site, "POST", path, body)
			done <- err
		}()
		for site.Log.Count(func(e sandbox.Entry) bool { return e.Fault == sandbox.Blackhole }) == 0 {
			time.Sleep(time.Millisecond)
		}
		select {
		case err := <-done:
			t.Fatalf("%s: answered with %v while black-holed", site.Name, err)
		default:
		}
		site.Faults.Clear()
		if err := <-done; err == nil {
			t.Errorf("%s: got an answer, want the connection to drop", site.Name)
		}
		if held(site) {
			t.Errorf("%s: the request was carried out", site.Name)
		}
	}
}

func TestFault_BlackholeEndsWhenClientLeaves(t *testing.T) {
	s := start(t, sandbox.Options{})
	s.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.Blackhole})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, _, err := exchange(ctx, s.Desec.Site, "GET", "/domains/", ""); err == nil {
		t.Fatal("got an answer")
	}
	for s.Desec.Log.Count(func(e sandbox.Entry) bool { return !e.End.IsZero() }) == 0 {
		time.Sleep(time.Millisecond) // ends only if the request is let go; the test's own deadline is the limit
	}
}

func TestFault_RefusedClosesThePortAndOpensItAgain(t *testing.T) {
	s := start(t, sandbox.Options{})
	for _, site := range s.Sites() {
		site.Faults.Set(sandbox.Fault{Kind: sandbox.Refused})
		addr := strings.Split(site.BaseURL, "/")[2]
		if conn, err := net.Dial("tcp", addr); err == nil {
			_ = conn.Close()
			t.Errorf("%s: connected", site.Name)
		}
		site.Faults.Clear()
		path, body := create(site)
		if response, text := mustExchange(t, site, "POST", path, body); response.StatusCode/100 != 2 {
			t.Errorf("%s: %d %s", site.Name, response.StatusCode, text)
		}
	}
}

func TestFault_FiltersSkipAndCount(t *testing.T) {
	s := start(t, sandbox.Options{})
	site := s.Cloudflare.Site
	site.Faults.Set(sandbox.Fault{Kind: sandbox.HTML502, Methods: []string{"GET"}, Path: "dns_records", Skip: 1, Count: 2})
	records := "/zones/" + sandbox.CloudflareZoneID + "/dns_records"
	var got []int
	for _, path := range []string{"/zones", records, records, "/zones", records, records} {
		response, _ := mustExchange(t, site, "GET", path, "")
		got = append(got, response.StatusCode)
	}
	if diff := cmp.Diff([]int{200, 200, 502, 200, 502, 200}, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
	if active := site.Faults.Active(); len(active) != 0 {
		t.Errorf("still active: %v", active)
	}
}

func TestFault_AddKeepsOrder(t *testing.T) {
	s := start(t, sandbox.Options{})
	site := s.Cloudflare.Site
	site.Faults.Set(sandbox.Fault{Kind: sandbox.HTML502, Count: 1})
	site.Faults.Add(sandbox.Fault{Kind: sandbox.Unavailable, Count: 1})
	var got []int
	for range 3 {
		response, _ := mustExchange(t, site, "GET", "/zones", "")
		got = append(got, response.StatusCode)
	}
	if diff := cmp.Diff([]int{502, 503, 200}, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
}

func TestFault_JSONRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, text := range []string{`{"kind":"flood"}`, `{"kind":"slow","delay":"1"}`, `{"kind":"429","after":3}`, `{"kind":"refused","count":1}`, `{"kind":"503","skip":-1}`} {
		var f sandbox.Fault
		if err := json.Unmarshal([]byte(text), &f); err == nil {
			t.Errorf("%s was accepted as %+v", text, f)
		}
	}
	want := sandbox.Fault{Kind: sandbox.Slow, Methods: []string{"GET"}, Path: "x", Skip: 1, Count: 2, Delay: 1500 * time.Millisecond, Commit: true}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got sandbox.Fault
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("round trip (-want +got):\n%s", diff)
	}
}

func TestFault_UnknownKindPanics(t *testing.T) {
	s := start(t, sandbox.Options{})
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	s.Desec.Faults.Set(sandbox.Fault{Kind: "flood"})
}

func TestFront_HealthStatusAndRefusal(t *testing.T) {
	s := start(t, sandbox.Options{})
	front := s.Front("cf-front")
	get := func() int {
		response, err := client.Get(front.URL + "/health")
		if err != nil {
			return 0
		}
		defer func() { _ = response.Body.Close() }()
		_, _ = io.Copy(io.Discard, response.Body)
		return response.StatusCode
	}
	var got []int
	got = append(got, get())
	front.SetHealthy(false)
	got = append(got, get())
	front.SetHealthy(true)
	front.SetDelay(time.Millisecond)
	got = append(got, get())
	front.SetStatus(418)
	got = append(got, get())
	front.SetRefused(true)
	got = append(got, get())
	front.SetRefused(false)
	got = append(got, get())
	if diff := cmp.Diff([]int{200, 503, 200, 418, 0, 418}, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
	if front.Hits() != 5 {
		t.Errorf("hits %d, want 5", front.Hits())
	}
	if other := s.Front("bunny-front"); other.Status() != 200 || other.Hits() != 0 {
		t.Error("the other front was touched")
	}
}

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
	s := start(t, sandbox.Options{})
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
	s := start(t, sandbox.Options{})
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
		{"PUT", "/state", ``, 405},
	} {
		if status, text := control(t, s, c.method, c.path, c.body); status != c.status {
			t.Errorf("%s %s %s: %d %s, want %d", c.method, c.path, c.body, status, text, c.status)
		}
	}
}

func TestControl_LimitsDoWhatTheReplySays(t *testing.T) {
	s := start(t, sandbox.Options{})
	status, text := control(t, s, "POST", "/limits", `{"on":true}`)
	var answer struct{ Switched map[string]bool }
	if err := json.Unmarshal([]byte(text), &answer); err != nil || status != 200 || !answer.Switched["cloudflare"] {
		t.Fatalf("%d %s %v", status, text, err)
	}
	if limited := isLimited(t, s); limited["cloudflare"] != true || limited["desec"] != answer.Switched["desec"] {
		t.Errorf("limited are %v, the reply was %s", limited, text)
	}
	control(t, s, "POST", "/limits", `{"on":false}`)
	if limited := isLimited(t, s); limited["cloudflare"] || limited["desec"] {
		t.Errorf("limits are still on: %v", limited)
	}
}

func TestOptions_LimitsHoldAtBoth(t *testing.T) {
	if limited := isLimited(t, start(t, sandbox.Options{Limits: true})); !limited["cloudflare"] || !limited["desec"] {
		t.Errorf("limited are %v", limited)
	}
}

// isLimited writes to deSEC as fast as it must not be done, three times in a second, and looks for Cloudflare's header.
func isLimited(t *testing.T, s *sandbox.Sandbox) map[string]bool {
	t.Helper()
	limited := map[string]bool{}
	path, _ := create(s.Desec.Site)
	for range 4 {
		response, _ := mustExchange(t, s.Desec.Site, "PATCH", path, `[{"subname":"www","type":"A","ttl":3600,"records":["192.0.2.1"]}]`)
		limited["desec"] = limited["desec"] || response.StatusCode == 429
	}
	response, _ := mustExchange(t, s.Cloudflare.Site, "GET", "/zones", "")
	limited["cloudflare"] = response.Header.Get("Ratelimit") != ""
	return limited
}

func TestSandbox_CloseFreesPortsAndMayBeRepeated(t *testing.T) {
	s := start(t, sandbox.Options{})
	s.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.Blackhole})
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _, _ = exchange(t.Context(), s.Cloudflare.Site, "GET", "/zones", "")
	}()
	for s.Cloudflare.Log.Count(nil) == 0 {
		time.Sleep(time.Millisecond)
	}
	s.Close()
	<-done
	s.Close()
	for _, addr := range []string{s.Cloudflare.DNSAddr, s.Desec.DNSAddr, s.Fronts[0].Addr(), strings.TrimPrefix(s.ControlURL, "http://")} {
		listener, err := net.Listen("tcp", addr)
		if err != nil {
			t.Errorf("%s is not free: %v", addr, err)
			continue
		}
		_ = listener.Close()
	}
}

func TestSandbox_EndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s, err := sandbox.Start(ctx, sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	s.Close() // waits for the one that the context started
	if conn, err := net.Dial("tcp", s.Desec.DNSAddr); err == nil {
		_ = conn.Close()
		t.Error("the name server still listens")
	}
}

func TestSandbox_PortInUseIsAnError(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	if _, err := sandbox.Start(t.Context(), sandbox.Options{DesecDNSAddr: listener.Addr().String()}); err == nil || !strings.Contains(err.Error(), "desec") {
		t.Errorf("got %v, want an error that names desec", err)
	}
}

func TestSandbox_EditAtTheApex(t *testing.T) {
	s := start(t, sandbox.Options{MoreZones: []string{"example.net"}})
	for _, site := range s.Sites() {
		for _, name := range []string{"@", "example.net", "Example.Net."} {
			if err := site.Edit("example.net", name, "TXT", 3600, `"`+name+`"`); err != nil {
				t.Fatalf("%s %s: %v", site.Name, name, err)
			}
			want := &zonedata.RRset{Name: "example.net.", Type: "TXT", TTL: 3600, Values: []string{`"` + name + `"`}}
			if diff := cmp.Diff(want, find(site.Stored("example.net"), "example.net.", "TXT")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", site.Name, diff)
			}
		}
		if err := site.Edit("example.net", "@", "TXT", 3600); err != nil {
			t.Fatal(err)
		}
		if got := find(site.Stored("example.net"), "example.net.", "TXT"); got != nil {
			t.Errorf("%s: still there: %v", site.Name, got)
		}
	}
}
