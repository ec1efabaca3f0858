package desec_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/desec"
)

// clock is a time that moves only when it is told to.
type clock struct{ now time.Time }

func (c *clock) pass(d time.Duration) { c.now = c.now.Add(d) }

func throttled(t *testing.T) (*desec.Server, *clock) {
	t.Helper()
	c := &clock{time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	return newServer(func(o *desec.Options) {
		o.Limits = true
		o.Now = func() time.Time { return c.now }
		o.Domains = append(o.Domains, desec.Domain{Name: "second.test"})
	}), c
}

// expect sends a request and demands a status and, for 429, the wait in seconds.
func expect(t *testing.T, server http.Handler, method, path string, status, wait int) {
	t.Helper()
	response, body := ask(t, server, method, path, []any{})
	if response.StatusCode != status {
		t.Fatalf("%s %s: status %d, want %d: %v", method, path, response.StatusCode, status, body)
	}
	if status != 429 {
		return
	}
	unit := "seconds"
	if wait == 1 {
		unit = "second"
	}
	text := fmt.Sprintf("Request was throttled. Expected available in %d %s.", wait, unit)
	if got := response.Header.Get("Retry-After"); got != fmt.Sprint(wait) || !strings.Contains(fmt.Sprint(body), text) {
		t.Fatalf("%s %s: Retry-After %s, body %v; want %d", method, path, got, body, wait)
	}
}

func TestThrottle_WritesByDomain(t *testing.T) {
	server, clock := throttled(t)
	expect(t, server, "PATCH", rrsets, 200, 0)
	expect(t, server, "POST", rrsets, 201, 0)
	expect(t, server, "PATCH", rrsets, 429, 1)
	expect(t, server, "DELETE", rrsets+"x/A/", 429, 1)
	expect(t, server, "PATCH", "/api/v1/domains/second.test/rrsets/", 200, 0)
	expect(t, server, "GET", rrsets, 200, 0)
	expect(t, server, "PATCH", "/api/v1/domains/missing.test/rrsets/", 404, 0) // not counted at all

	clock.pass(time.Second)
	for range 13 {
		expect(t, server, "DELETE", rrsets+"x/A/", 204, 0)
		clock.pass(time.Second)
	}
	// 15 in 14 s: the minute is full, and reported first although the second is not.
	expect(t, server, "PATCH", rrsets, 429, 46)
	clock.pass(46 * time.Second)
	expect(t, server, "PATCH", rrsets, 200, 0)
}

func TestThrottle_WritesByHourAndDay(t *testing.T) {
	server, clock := throttled(t)
	for range 100 {
		expect(t, server, "PUT", rrsets, 200, 0)
		clock.pass(5 * time.Second)
	}
	expect(t, server, "PUT", rrsets, 429, 3100)
	clock.pass(3100 * time.Second)
	for range 200 {
		expect(t, server, "PUT", rrsets, 200, 0)
		clock.pass(time.Minute)
	}
	expect(t, server, "PUT", rrsets, 429, 86400-3600-200*60)
}

func TestThrottle_Reads(t *testing.T) {
	server, clock := throttled(t)
	for range 5 {
		for range 10 {
			expect(t, server, "GET", rrsets, 200, 0)
		}
		clock.pass(time.Second)
	}
	expect(t, server, "GET", "/api/v1/domains/", 429, 55)
	expect(t, server, "GET", "/api/v1/domains/missing.test/", 429, 55) // found missing only after it
	expect(t, server, "PATCH", rrsets, 200, 0)
	clock.pass(55 * time.Second)
	expect(t, server, "GET", "/api/v1/domains/", 200, 0)
}

// A request that its scope refuses still counts for the day of the account: 2000, of which a client that repeats
// blindly gets little (design/facts/desec-api.md section 7).
func TestThrottle_RefusalsUseUpTheDay(t *testing.T) {
	server, clock := throttled(t)
	for range 15 {
		expect(t, server, "PATCH", rrsets, 200, 0)
		clock.pass(500 * time.Millisecond)
	}
	for i := range 2000 - 15 {
		response, _ := ask(t, server, "PATCH", rrsets, []any{})
		if response.StatusCode != 429 {
			t.Fatalf("request %d: status %d", i, response.StatusCode)
		}
	}
	clock.pass(time.Hour)
	expect(t, server, "GET", rrsets, 429, 86400-3600-7)
	r := httptest.NewRequest("GET", rrsets, nil)
	if response, _ := result(t, server, r); response.StatusCode != 401 {
		t.Errorf("without a token: %d", response.StatusCode)
	}
}

func TestThrottle_Domains(t *testing.T) {
	server, _ := throttled(t)
	for range 10 {
		expect(t, server, "DELETE", "/api/v1/domains/missing.test/", 204, 0)
	}
	expect(t, server, "DELETE", "/api/v1/domains/missing.test/", 429, 1)
}

func TestThrottle_OffByDefault(t *testing.T) {
	server := newServer(func(o *desec.Options) {
		o.Now = func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }
	})
	for range 60 {
		expect(t, server, "PATCH", rrsets, 200, 0)
	}
	server.SetLimits(true)
	expect(t, server, "PATCH", rrsets, 200, 0)
	expect(t, server, "PATCH", rrsets, 200, 0)
	if response, _ := ask(t, server, "PATCH", rrsets, []any{}); response.StatusCode != 429 {
		t.Errorf("after SetLimits: %d", response.StatusCode)
	}
}
