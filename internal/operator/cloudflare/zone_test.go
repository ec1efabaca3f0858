package cloudflare

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	fake "github.com/multidns/terraform-provider-multidns/internal/sandbox/cloudflare"
)

func TestZone_ByName(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	want := operator.Zone{
		Name: testZone, ID: testZoneID, Status: "active", Plan: "free", MinimumTTL: 60, MaximumTTL: 86400,
		NameServers: []string{"ada.ns.cloudflare.com.", "bob.ns.cloudflare.com."},
	}
	for range 2 {
		got, err := c.Zone(t.Context(), testZone)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Error(diff, err)
		}
	}
	if got := s.seen(); len(got) != 1 || got[0].Path != "/zones" {
		t.Errorf("%+v", got)
	}
}

func TestZone_ByConfiguredID(t *testing.T) {
	s := newSite(t)
	c := s.client(t, withZoneID)
	got, err := c.Zone(t.Context(), testZone)
	if err != nil || got.ID != testZoneID || len(got.NameServers) != 2 {
		t.Errorf("%+v %v", got, err)
	}
	if got := s.seen(); len(got) != 1 || got[0].Path != "/zones/"+testZoneID {
		t.Errorf("%+v", got)
	}
}

func TestZone_NotSeen(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	for range 2 {
		_, err := c.Zone(t.Context(), "example.org.")
		refused := operator.AsRefusal(err)
		if refused == nil || refused.Kind != operator.ZoneNotFound {
			t.Fatalf("%v", err)
		}
		for _, part := range []string{`zone_ids = { "example.org" = "<zone id>" }`, "Zone Read", "add the zone"} {
			if !strings.Contains(refused.Message, part) {
				t.Errorf("%q does not say %q", refused.Message, part)
			}
		}
	}
	if got := len(s.seen()); got != 4 { // each time by its name and among all
		t.Errorf("%d requests: a failure was kept", got)
	}
}

func TestZone_SeveralOfOneName(t *testing.T) {
	s := newSite(t, fake.Zone{ID: testZoneID, Name: "example.com"}, fake.Zone{ID: strings.Repeat("a", 32), Name: "example.com", Status: "pending"})
	_, err := s.client(t).Zone(t.Context(), testZone)
	refused := operator.AsRefusal(err)
	if refused == nil {
		t.Fatal(err)
	}
	for _, part := range []string{testZoneID + " (active)", strings.Repeat("a", 32) + " (pending)", `zone_ids = { "example.com" = "<zone id>" }`} {
		if !strings.Contains(refused.Message, part) {
			t.Errorf("%q does not say %q", refused.Message, part)
		}
	}
	if got, err := s.client(t, withZoneID).Zone(t.Context(), testZone); err != nil || got.ID != testZoneID {
		t.Errorf("%+v %v", got, err)
	}
}

func TestZone_OnlyFullZones(t *testing.T) {
	for _, typ := range []string{"partial", "secondary"} {
		s := newSite(t, fake.Zone{ID: testZoneID, Name: "example.com", Type: typ})
		for _, c := range []*Client{s.client(t), s.client(t, withZoneID)} {
			_, err := c.Zone(t.Context(), testZone)
			if refused := operator.AsRefusal(err); refused == nil || !strings.Contains(refused.Message, typ) {
				t.Errorf("%s: %v", typ, err)
			}
		}
	}
}

func TestZone_MinimumTTLOfEnterprise(t *testing.T) {
	s := newSite(t)
	s.answer("/zones", 200, "application/json", `{"success":true,"errors":[],"messages":[],"result":[{"id":"`+testZoneID+`","name":"example.com","type":"full","plan":{"legacy_id":"enterprise"}}]}`)
	got, err := s.client(t).Zone(t.Context(), testZone)
	if err != nil || got.MinimumTTL != 30 || got.NameServers != nil {
		t.Errorf("%+v %v", got, err)
	}
}

// TestZone_UnicodeName: zone names come back in Unicode.
func TestZone_UnicodeName(t *testing.T) {
	s := newSite(t)
	s.answer("/zones", 200, "application/json", `{"success":true,"errors":[],"messages":[],"result":[{"id":"`+testZoneID+`","name":"bücher.example","type":"full","name_servers":null}]}`)
	got, err := s.client(t).Zone(t.Context(), "xn--bcher-kva.example.")
	if err != nil || got.ID != testZoneID {
		t.Errorf("%+v %v", got, err)
	}
}

// TestZone_FoundInUnicodeOnly: a filter that knows Unicode names alone is asked again, and a zone without international
// letters is not.
func TestZone_FoundInUnicodeOnly(t *testing.T) {
	s := newSite(t)
	s.instead = func(w http.ResponseWriter, r *http.Request) bool {
		result := ""
		if r.URL.Query().Get("name") == "bücher.example" {
			result = `{"id":"` + testZoneID + `","name":"bücher.example","type":"full"}`
		}
		status(200, `{"success":true,"errors":[],"messages":[],"result":[`+result+`]}`)(w, r)
		return true
	}
	got, err := s.client(t).Zone(t.Context(), "xn--bcher-kva.example.")
	if err != nil || got.ID != testZoneID {
		t.Errorf("%+v %v", got, err)
	}
	s.forget()
	if _, err := s.client(t).Zone(t.Context(), "plain.example."); operator.AsRefusal(err) == nil || len(s.seen()) != 2 { // and among all zones
		t.Errorf("%d requests, error %v", len(s.seen()), err)
	}
}

// TestZone_Gone: that a look-up shows no zone is proven where the list of all zones is whole, shows others and not this
// one, and by nothing else.
func TestZone_Gone(t *testing.T) {
	page := func(n, total int, more ...string) string {
		rows := more
		for i := range n {
			rows = append(rows, fmt.Sprintf(`{"id":"%032x","name":"other%d.example","type":"full"}`, i, i))
		}
		return fmt.Sprintf(`{"success":true,"errors":[],"messages":[],"result":[%s],"result_info":{"per_page":50,"count":%d,"total_count":%d,"total_pages":%d}}`,
			strings.Join(rows, ","), len(rows), total, (total+49)/50)
	}
	shown := `{"id":"` + testZoneID + `","name":"example.com","type":"full"}`
	for what, c := range map[string]struct {
		pages  []string // of the list of all zones
		status int
		gone   bool
		out    bool
	}{
		"others are shown":            {pages: []string{page(1, 1)}, gone: true},
		"many others are shown":       {pages: []string{page(50, 60), page(10, 60)}, gone: true},
		"just as many as fit":         {pages: []string{page(50, 50)}, gone: true},
		"nothing is shown":            {pages: []string{page(0, 0)}},
		"less than it speaks of":      {pages: []string{page(1, 2)}},
		"it is shown":                 {pages: []string{page(1, 2, shown)}, out: true},
		"it is shown later":           {pages: []string{page(50, 51), page(0, 51, shown)}, out: true},
		"it fails":                    {pages: []string{"<html>"}, status: 502, out: true},
		"it is not allowed":           {pages: []string{`{"success":false,"errors":[{"code":10000,"message":"no"}],"messages":[],"result":null}`}, status: 403},
		"a later page is not allowed": {pages: []string{page(50, 60), "{}"}, out: true},
	} {
		t.Run(what, func(t *testing.T) {
			s := newSite(t)
			s.instead = func(w http.ResponseWriter, r *http.Request) bool {
				number, _ := strconv.Atoi(r.URL.Query().Get("page"))
				switch {
				case r.URL.Query().Get("name") != "":
					status(200, page(0, 0))(w, r)
				default:
					status(max(c.status, 200), c.pages[min(max(number, 1), len(c.pages))-1])(w, r)
				}
				return true
			}
			_, err := s.client(t).Zone(t.Context(), testZone)
			if operator.NoZone(err) != c.gone || (operator.AsOutage(err) != nil) != c.out || operator.RefusedAs(err, operator.ZoneNotFound) == c.out {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestZone_FilterIgnored: a list of other zones is no zone.
func TestZone_FilterIgnored(t *testing.T) {
	s := newSite(t)
	s.answer("/zones", 200, "application/json", `{"success":true,"errors":[],"messages":[],"result":[{"id":"`+testZoneID+`","name":"example.org","type":"full"}]}`)
	_, err := s.client(t).Zone(t.Context(), testZone)
	if refused := operator.AsRefusal(err); refused == nil || refused.Kind != operator.ZoneNotFound {
		t.Errorf("%v", err)
	}
}

func TestZone_IDOfAnotherZone(t *testing.T) {
	s := newSite(t, fake.Zone{ID: testZoneID, Name: "example.org"})
	_, err := s.client(t, withZoneID).Zone(t.Context(), testZone)
	if refused := operator.AsRefusal(err); refused == nil || refused.Kind != operator.ZoneNotFound || !strings.Contains(refused.Message, "example.org") {
		t.Errorf("%v", err)
	}
}

func TestZone_IDThatIsNone(t *testing.T) {
	s := newSite(t)
	c := s.client(t, func(c *Config) { c.ZoneIDs = map[string]string{"example.com": "0123"} })
	_, _, err := c.List(t.Context(), testZone, nil)
	refused := operator.AsRefusal(err)
	if refused == nil || refused.Kind != operator.ZoneNotFound || statusOf(refused).Code != 7003 || !strings.Contains(refused.Advice, `zone_ids gives "0123"`) {
		t.Errorf("%+v", err)
	}
}

// TestZone_IDOfADeletedZone: a zone that is added again has another id, and the API says of the former one what it says
// of a token without the right.
func TestZone_IDOfADeletedZone(t *testing.T) {
	s := newSite(t)
	s.SetZone("example.com", false)
	s.SetZone("example.com", true)
	c := s.client(t, withZoneID)
	_, _, listed := c.List(t.Context(), testZone, nil)
	_, written := c.Write(t.Context(), testZone, []operator.Change{{After: wantSet(t, "www", "A", 300, "192.0.2.1")}})
	for _, err := range []error{listed, written} {
		refused := operator.AsRefusal(err)
		if refused == nil || refused.Kind != operator.Unauthorized || !strings.Contains(refused.Said(), "zone_ids gives") {
			t.Errorf("%v", err)
		}
	}
	unknown := s.client(t, withZoneID, func(c *Config) { c.Token = "cfut_unknown" })
	if _, _, err := unknown.List(t.Context(), testZone, nil); !operator.RefusedAs(err, operator.Unauthorized) || strings.Contains(err.Error(), "zone_ids") {
		t.Errorf("the token is unknown, whatever the id is: %v", err)
	}
}

func TestZone_HostileAnswers(t *testing.T) {
	ok := func(result string) string {
		return `{"success":true,"errors":[],"messages":[],"result":` + result + `}`
	}
	for _, body := range []string{
		ok(`null`), ok(`{}`), ok(`"x"`), ok(`[null]`), ok(`[1]`), ok(`[{"name":5}]`),
		ok(`[{"name":"example.com","type":"full"}]`), ok(`[{"id":"../../user","name":"example.com","type":"full"}]`),
		`{"success":true}`, `{"success":false,"errors":[],"result":[]}`, `[]`,
	} {
		s := newSite(t)
		s.answer("/zones", 200, "application/json", body)
		if _, err := s.client(t).Zone(t.Context(), testZone); operator.AsOutage(err) == nil {
			t.Errorf("%s: %v", body, err)
		}
	}
	for _, body := range []string{ok(`null`), ok(`[]`), ok(`"x"`), ok(`{}`)} {
		s := newSite(t)
		s.answer("/zones", 200, "application/json", body)
		if _, err := s.client(t, withZoneID).Zone(t.Context(), testZone); operator.AsOutage(err) == nil {
			t.Errorf("with zone_ids, %s: %v", body, err)
		}
	}
}

// TestZone_OneLookUpForAll: whoever comes while it is under way waits for it.
func TestZone_OneLookUpForAll(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, _, err := c.List(t.Context(), testZone, nil); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	lookUps := 0
	for _, r := range s.seen() {
		if r.Path == "/zones" {
			lookUps++
		}
	}
	if lookUps != 1 {
		t.Errorf("%d look-ups", lookUps)
	}
}

// TestZoneCache_ReadsOnce: nor does one read again who looked just before the answer was kept.
func TestZoneCache_ReadsOnce(t *testing.T) {
	for range 3000 {
		var reads atomic.Int32
		z := newZoneCache(nil, func(context.Context, string, string) (zoneRow, error) {
			reads.Add(1)
			return zoneRow{}, nil
		})
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() { _, _ = z.zone(t.Context(), testZone) })
		}
		all.Wait()
		if n := reads.Load(); n != 1 {
			t.Fatalf("%d look-ups", n)
		}
	}
}

// TestZone_InterruptOfOneIsNotThatOfAnother: the one who asks first is interrupted, and the one who waits for its
// answer asks again.
func TestZone_InterruptOfOneIsNotThatOfAnother(t *testing.T) {
	s := newSite(t)
	arrived, first := make(chan struct{}), true
	s.instead = func(_ http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/client/v4/zones" || !first {
			return false
		}
		first = false
		close(arrived)
		<-r.Context().Done()
		return true
	}
	c := s.client(t)
	ctx, interrupt := context.WithCancel(t.Context())
	leader := make(chan error, 1)
	go func() { _, err := c.Zone(ctx, testZone); leader <- err }()
	<-arrived
	waiter := make(chan error, 1)
	go func() { _, err := c.Zone(t.Context(), testZone); waiter <- err }()
	interrupt()
	if err := <-leader; operator.AsOutage(err) == nil {
		t.Errorf("leader: %v", err)
	}
	if err := <-waiter; err != nil {
		t.Errorf("waiter: %v", err)
	}
}

func TestDNSSEC(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	dnskeys, ds, status, err := c.DNSSEC(t.Context(), testZone)
	if len(dnskeys) != 0 || len(ds) != 0 || status != "disabled" || err != nil {
		t.Error(dnskeys, ds, status, err)
	}
	enableDNSKEY(t, s)
	dnskeys, ds, status, err = c.DNSSEC(t.Context(), testZone)
	if len(dnskeys) != 1 || !strings.HasPrefix(dnskeys[0], "257 3 13 ") || len(ds) != 1 || !strings.HasPrefix(ds[0], "2371 13 2 ") || status != "pending" || err != nil {
		t.Error(dnskeys, ds, status, err)
	}
	if ds[0] != strings.ToLower(ds[0]) {
		t.Errorf("%s is not canonical", ds[0])
	}
	s.answer("/dnssec", 200, "application/json", `{"success":true,"errors":[],"messages":[],"result":null}`)
	if _, _, _, err = c.DNSSEC(t.Context(), testZone); operator.AsOutage(err) == nil {
		t.Error(err)
	}
}
