package sandbox_test

import (
	"context"
	"encoding/json"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/sandboxtest"
)

// held reports whether the RRset of create is at the operator.
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
			s := sandboxtest.Start(t, sandbox.Options{})
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
				if err == nil && (response.Header.Get("Cf-Ray") != "") != (site.Name == "cloudflare") {
					t.Errorf("%s: cf-ray %q", site.Name, response.Header.Get("Cf-Ray"))
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
	s := sandboxtest.Start(t, sandbox.Options{})
	s.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.JSON500AfterCommit})
	path, body := create(s.Desec.Site)
	mustExchange(t, s.Desec.Site, "POST", path, body)
	if find(s.Desec.Published("example.com"), "www.example.com.", "A") != nil {
		t.Error("the RRset is served, want it stored only")
	}
}

func TestFault_TruncatedKeepsStatusAndHalvesBody(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Options{})
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
	s := sandboxtest.Start(t, sandbox.Options{})
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
	s := sandboxtest.Start(t, sandbox.Options{})
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
	s := sandboxtest.Start(t, sandbox.Options{})
	s.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.Blackhole})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, _, err := exchange(ctx, s.Desec.Site, "GET", "/domains/", "")
		done <- err
	}()
	for s.Desec.Log.Count(nil) == 0 {
		time.Sleep(time.Millisecond) // a client that left before its request arrived would prove nothing
	}
	cancel()
	if err := <-done; err == nil {
		t.Fatal("got an answer")
	}
	for s.Desec.Log.Count(func(e sandbox.Entry) bool { return !e.End.IsZero() }) == 0 {
		time.Sleep(time.Millisecond) // ends only if the request is let go; the test's own deadline is the limit
	}
}

func TestFault_RefusedClosesThePortAndOpensItAgain(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Options{})
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

// A port that is shut before its server had time to begin is shut all the same.
func TestFault_RefusedRightAfterOpening(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Options{})
	addr := strings.Split(s.Desec.BaseURL, "/")[2]
	for range 200 {
		s.Desec.Faults.Clear()
		s.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.Refused})
		if conn, err := net.Dial("tcp", addr); err == nil {
			_ = conn.Close()
			t.Fatal("connected")
		}
	}
}

func TestFault_FiltersSkipAndCount(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Options{})
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
	s := sandboxtest.Start(t, sandbox.Options{})
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
	s := sandboxtest.Start(t, sandbox.Options{})
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	s.Desec.Faults.Set(sandbox.Fault{Kind: "flood"})
}

// await waits for the other side.
func await(is func() bool) {
	for !is() {
		time.Sleep(time.Millisecond)
	}
}

// TestFault_LateCommit is a write whose client gives up: nothing shows, until the primary wakes.
func TestFault_LateCommit(t *testing.T) {
	for name, delay := range map[string]time.Duration{"until it is cleared": 0, "for a while": time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			s := sandboxtest.Start(t, sandbox.Options{})
			for _, site := range s.Sites() {
				site.Faults.Set(sandbox.Fault{Kind: sandbox.LateCommit, Delay: delay})
				ctx, leave := context.WithCancel(t.Context())
				go func() {
					defer leave()
					await(func() bool { return site.Log.Count(nil) > 0 })
				}()
				path, body := create(site)
				if _, _, err := exchange(ctx, site, "POST", path, body); err == nil {
					t.Errorf("%s: the write was answered", site.Name)
				}
				await(func() bool { return site.Log.Count(func(e sandbox.Entry) bool { return e.End.IsZero() }) == 0 })
				if delay == 0 {
					if held(site) {
						t.Errorf("%s: carried out while the fault is in force", site.Name)
					}
					if response, _ := mustExchange(t, site, "GET", path, ""); response.StatusCode != 200 {
						t.Errorf("%s: reads do not work: %d", site.Name, response.StatusCode)
					}
					site.Faults.Clear()
				}
				site.Settle(t.Context())
				if !held(site) {
					t.Errorf("%s: not carried out", site.Name)
				}
			}
		})
	}
}

func TestFault_SlowByTheSet(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Options{})
	for _, site := range s.Sites() {
		path, body := create(site)
		mustExchange(t, site, "POST", path, body)
		site.Faults.Set(sandbox.Fault{Kind: sandbox.Slow, Each: 20 * time.Millisecond})
		began := time.Now()
		mustExchange(t, site, "GET", path, "")
		if took := time.Since(began); took < 20*time.Millisecond {
			t.Errorf("%s: a list of at least one took %s", site.Name, took)
		}
	}
}

// TestFault_BodySelects: one record set is poison, others pass.
func TestFault_BodySelects(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Options{})
	for _, site := range s.Sites() {
		path, body := create(site)
		site.Faults.Set(sandbox.Fault{Kind: sandbox.HTML500, Body: "poison"})
		if response, _ := mustExchange(t, site, "POST", path, body); response.StatusCode >= 300 {
			t.Errorf("%s: %d for another one", site.Name, response.StatusCode)
		}
		if response, _ := mustExchange(t, site, "POST", path, strings.ReplaceAll(body, "www", "poison")); response.StatusCode != 500 {
			t.Errorf("%s: %d for the poison", site.Name, response.StatusCode)
		}
	}
}

func TestFault_QuotingRepeatsTheToken(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Options{})
	for _, site := range s.Sites() {
		path, body := create(site)
		site.Faults.Set(sandbox.Fault{Kind: sandbox.Quoting})
		if response, text := mustExchange(t, site, "POST", path, body); response.StatusCode != 400 || !strings.Contains(text, site.Token) {
			t.Errorf("%s: %d %s", site.Name, response.StatusCode, text)
		}
	}
}
