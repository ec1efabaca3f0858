package sandbox_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"codeberg.org/miekg/dns"
	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/sandboxtest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/zonedata"
)

// client never reuses a connection: net/http repeats a GET by itself when a reused one drops, and a test could not
// tell.
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

// create is one RRset as each API writes it: path and body of the request that makes it.
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
	s := sandboxtest.Start(t, sandbox.Options{})
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

func TestFront_HealthStatusAndRefusal(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Options{})
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

func TestSandbox_CloseFreesPortsAndMayBeRepeated(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Options{})
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
	s := sandboxtest.Start(t, sandbox.Options{MoreZones: []string{"example.net"}})
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
