package cloudflare

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	fake "github.com/multidns/terraform-provider-multidns/internal/sandbox/cloudflare"
)

func TestWrite_CreatesInOneBatch(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	want := wantSet(t, "www", "A", 300, "192.0.2.2", "192.0.2.1")
	got := create(t, c, want)
	if got == nil || !got.Equal(want.RRset) {
		t.Errorf("result %+v", got)
	}
	wantStored := []stored{
		{Name: "www.example.com", Type: "A", Content: "192.0.2.1", TTL: 300},
		{Name: "www.example.com", Type: "A", Content: "192.0.2.2", TTL: 300},
	}
	if diff := cmp.Diff(wantStored, s.stored()); diff != "" {
		t.Error(diff)
	}
	if got := len(s.seen()); got != 2 {
		t.Errorf("%d requests, not a look-up and a batch", got)
	}
}

func TestWrite_KeepsRecordsOfValuesThatStay(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	create(t, c, wantSet(t, "www", "A", 300, "192.0.2.1", "192.0.2.2", "192.0.2.3"))
	before := s.ids()
	s.forget()
	write(t, c, operator.Change{Before: read(t, c, "www.example.com.", "A"), After: wantSet(t, "www", "A", 300, "192.0.2.2", "192.0.2.3", "192.0.2.4")})
	after := s.ids()
	for _, value := range []string{"192.0.2.2", "192.0.2.3"} {
		if before[value] != after[value] {
			t.Errorf("the record of %s has another id", value)
		}
	}
	if after["192.0.2.4"] != before["192.0.2.1"] {
		t.Error("the record that left its value was not reused")
	}
	wantBatch := map[string][]map[string]any{"patches": {{"id": before["192.0.2.1"], "content": "192.0.2.4"}}}
	if diff := cmp.Diff(wantBatch, batchOf(t, s)); diff != "" {
		t.Error(diff)
	}
}

func TestWrite_ChangeOfTTLAlone(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	create(t, c, wantSet(t, "www", "MX", 300, "10 a.example.net", "20 b.example.net"))
	before := s.ids()
	s.forget()
	got := write(t, c, operator.Change{Before: read(t, c, "www.example.com.", "MX"), After: wantSet(t, "www", "MX", 3600, "10 a.example.net", "20 b.example.net")})[0]
	if got.TTL != 3600 || got.Uneven {
		t.Errorf("%+v", got)
	}
	wantBatch := map[string][]map[string]any{"patches": {
		{"id": before["a.example.net"], "ttl": 3600.0}, {"id": before["b.example.net"], "ttl": 3600.0},
	}}
	if diff := cmp.Diff(wantBatch, batchOf(t, s)); diff != "" {
		t.Error(diff)
	}
}

func TestWrite_PriorityOfMXAlone(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	create(t, c, wantSet(t, "@", "MX", 300, "10 mail.example.net"))
	id := s.ids()["mail.example.net"]
	got := write(t, c, operator.Change{Before: read(t, c, testZone, "MX"), After: wantSet(t, "@", "MX", 300, "0 mail.example.net")})[0]
	if !slices.Equal(got.Values, []string{"0 mail.example.net."}) || s.ids()["mail.example.net"] != id {
		t.Errorf("%+v", got)
	}
	if p := s.Records("example.com")[0].Priority; p == nil || *p != 0 {
		t.Errorf("priority %v", p)
	}
}

// TestWrite_PrioritiesTraded: no record has another's content at any step of the batch.
func TestWrite_PrioritiesTraded(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	create(t, c, wantSet(t, "@", "MX", 300, "10 a.example.net", "20 b.example.net"))
	before := s.ids()
	s.forget()
	got := write(t, c, operator.Change{Before: read(t, c, testZone, "MX"), After: wantSet(t, "@", "MX", 300, "10 b.example.net", "20 a.example.net", "1 c.example.net")})[0]
	if diff := cmp.Diff([]string{"1 c.example.net.", "10 b.example.net.", "20 a.example.net."}, got.Values); diff != "" {
		t.Error(diff)
	}
	if after := s.ids(); after["a.example.net"] != before["a.example.net"] || after["b.example.net"] != before["b.example.net"] {
		t.Errorf("hosts have moved between records: %v, %v", before, after)
	}
	if sent := batchOf(t, s); len(sent["patches"]) != 2 || len(sent["posts"]) != 1 || len(sent["deletes"]) != 0 {
		t.Errorf("%v", sent)
	}
}

func TestWrite_ChangeOfTypeIsOneBatch(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	first := wantSet(t, "www", "A", 300, "192.0.2.1", "192.0.2.2")
	first.Settings = first.Settings.With("comment", "web")
	create(t, c, first)
	s.forget()
	before := read(t, c, "www.example.com.", "A")
	got := write(t, c, operator.Change{Before: before, After: wantSet(t, "www", "CNAME", 300, "front.example.net")})[0]
	if got.Type != "CNAME" || !slices.Equal(got.Values, []string{"front.example.net."}) {
		t.Errorf("%+v", got)
	}
	if diff := cmp.Diff([]stored{{Name: "www.example.com", Type: "CNAME", Content: "front.example.net", TTL: 300, Comment: "web"}}, s.stored()); diff != "" {
		t.Error(diff)
	}
	sent := batchOf(t, s)
	if len(sent["deletes"]) != 2 || len(sent["posts"]) != 1 {
		t.Errorf("%v", sent)
	}
}

func TestWrite_Deletes(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	create(t, c, wantSet(t, "www", "TXT", 300, "one", "two"))
	create(t, c, wantSet(t, "*.www", "TXT", 300, "neighbour"))
	results := write(t, c, operator.Change{Before: read(t, c, "www.example.com.", "TXT")})
	if len(results) != 1 || results[0] != nil {
		t.Errorf("%v", results)
	}
	if diff := cmp.Diff([]stored{{Name: "*.www.example.com", Type: "TXT", Content: `"neighbour"`, TTL: 300}}, s.stored()); diff != "" {
		t.Error(diff)
	}
}

func TestWrite_NothingToDoSendsNothing(t *testing.T) {
	s := newSite(t)
	s.add(t, fake.Record{Type: "TXT", Name: "www.example.com", Content: "without quotes", TTL: 300})
	c := s.client(t)
	before := read(t, c, "www.example.com.", "TXT")
	s.forget()
	got := write(t, c, operator.Change{Before: before, After: wantSet(t, "www", "TXT", 300, "without quotes")})[0]
	if got != before || len(s.seen()) != 0 {
		t.Errorf("%+v, %d requests", got, len(s.seen()))
	}
	if got := write(t, c); len(got) != 0 || len(s.seen()) != 0 {
		t.Error("no changes made a request")
	}
}

// TestWrite_IsAtomic: the second change is refused, so the first is not made.
func TestWrite_IsAtomic(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	create(t, c, wantSet(t, "taken", "A", 300, "192.0.2.1"))
	_, err := c.Write(t.Context(), testZone, []operator.Change{
		{After: wantSet(t, "new", "A", 300, "192.0.2.1")},
		{After: wantSet(t, "taken", "CNAME", 300, "front.example.net")},
	})
	refused := operator.AsRefusal(err)
	if refused == nil || refused.Kind != operator.Invalid || statusOf(refused).Code != 81053 || refused.Culprits != nil {
		t.Fatalf("%+v", err)
	}
	if got := len(s.Records("example.com")); got != 1 {
		t.Errorf("%d records", got)
	}
	_, err = c.Write(t.Context(), testZone, []operator.Change{{After: wantSet(t, "taken", "A", 300, "192.0.2.1")}})
	if refused := operator.AsRefusal(err); refused == nil || refused.Kind != operator.Exists || refused.Culprits[0] == "" {
		t.Errorf("%+v", err)
	}
}

func TestWrite_GoneRecord(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	stale := create(t, c, wantSet(t, "www", "A", 300, "192.0.2.1"))
	if err := s.Edit("example.com", "www", "A", 300, nil); err != nil {
		t.Fatal(err)
	}
	_, err := c.Write(t.Context(), testZone, []operator.Change{{Before: stale}})
	if refused := operator.AsRefusal(err); refused == nil || refused.Kind != operator.Gone || statusOf(refused).Status != 404 {
		t.Errorf("%+v", err)
	}
}

func TestWrite_BeforeNotReadIsOurError(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	set := wantSet(t, "www", "A", 300, "192.0.2.1")
	for _, change := range []operator.Change{{Before: set, After: set}, {Before: set}, {}} {
		_, err := c.Write(t.Context(), testZone, []operator.Change{change})
		if refused := operator.AsRefusal(err); refused == nil {
			t.Errorf("%+v", err)
		}
	}
	if got := len(s.seen()); got != 0 {
		t.Errorf("%d requests", got)
	}
}

// TestWrite_AnotherZone: Cloudflare would take the name for a relative one.
func TestWrite_AnotherZone(t *testing.T) {
	s := newSite(t)
	other := wantSet(t, "www", "A", 300, "192.0.2.1")
	other.Zone, other.Name = "example.org.", "www.example.org."
	outside := wantSet(t, "www", "A", 300, "192.0.2.1")
	outside.Name = "wwwexample.com."
	for _, after := range []*operator.RRset{other, outside} {
		_, err := s.client(t).Write(t.Context(), testZone, []operator.Change{{After: after}})
		if refused := operator.AsRefusal(err); refused == nil || !strings.Contains(refused.Message, "is not in the zone") {
			t.Errorf("%v", err)
		}
	}
	if got := len(s.seen()); got != 0 {
		t.Errorf("%d requests", got)
	}
}

// TestWrite_DelegationOrder: a DS needs its NS beside it all the time.
func TestWrite_DelegationOrder(t *testing.T) {
	plans := []changePlan{
		{deletes: []deletion{{ID: "ns", Type: "NS"}}, posts: []post{{Name: "a", Type: "DS"}}},
		{deletes: []deletion{{ID: "a", Type: "A"}}, posts: []post{{Name: "a", Type: "A"}}},
		{deletes: []deletion{{ID: "ds", Type: "DS"}}, posts: []post{{Name: "a", Type: "NS"}}},
	}
	var order []string
	for _, d := range joined(plans).Deletes {
		order = append(order, d.Type)
	}
	for _, p := range joined(plans).Posts {
		order = append(order, p.Type)
	}
	if diff := cmp.Diff([]string{"DS", "A", "NS", "NS", "A", "DS"}, order); diff != "" {
		t.Error(diff)
	}
}

// TestWrite_UnusableAnswerIsInDoubt: the batch was carried out, and the caller has to find out by reading.
func TestWrite_UnusableAnswerIsInDoubt(t *testing.T) {
	ok := func(result string) string {
		return `{"success":true,"errors":[],"messages":[],"result":` + result + `}`
	}
	cases := map[string]string{
		"null":          ok(`null`),
		"list":          ok(`[]`),
		"nothing":       ok(`{}`),
		"null posts":    ok(`{"deletes":null,"patches":null,"puts":null,"posts":null}`),
		"null post":     ok(`{"posts":[null]}`),
		"other name":    ok(`{"posts":[` + rec("1", "other.example.com", "192.0.2.1") + `]}`),
		"other zone":    ok(`{"posts":[` + rec("1", "www.example.com.example.org", "192.0.2.1") + `]}`),
		"success false": `{"success":false,"errors":[{"code":1005,"message":"Internal error"}],"messages":[],"result":null}`,
		"no envelope":   `{"status":502}`,
	}
	for name, body := range cases {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.answer("/batch", 200, "application/json", body)
			_, err := s.client(t).Write(t.Context(), testZone, []operator.Change{{After: wantSet(t, "www", "A", 300, "192.0.2.1")}})
			if outage := operator.AsOutage(err); outage == nil || !outage.InDoubt {
				t.Errorf("%+v", err)
			}
		})
	}
}

// TestWrite_IsNeverRepeated: neither by the SDK nor by the transport.
func TestWrite_IsNeverRepeated(t *testing.T) {
	for _, status := range []int{408, 409, 500, 502, 503} {
		s := newSite(t)
		s.answer("/batch", status, "application/json", `{"success":false,"errors":[{"code":1005,"message":"Internal error"}],"messages":[],"result":null}`)
		c := s.client(t, withZoneID, func(c *Config) { c.MaxWait = 0 })
		_, err := c.Write(t.Context(), testZone, []operator.Change{{After: wantSet(t, "www", "A", 300, "192.0.2.1")}})
		if err == nil || len(s.seen()) != 1 {
			t.Errorf("%d: %d requests, %v", status, len(s.seen()), err)
		}
	}
}

func TestWrite_LargeBatchPairsEveryAnswer(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	var changes []operator.Change
	for i := range 60 {
		changes = append(changes, operator.Change{After: wantSet(t, fmt.Sprintf("h%d", i), "A", 300, fmt.Sprintf("192.0.2.%d", i), "198.51.100.1", "203.0.113.1")})
	}
	results := write(t, c, changes...)
	for i, got := range results {
		if !got.Equal(changes[i].After.RRset) {
			t.Fatalf("%d: %+v", i, got)
		}
	}
	if got := len(s.Records("example.com")); got != 180 {
		t.Errorf("%d records", got)
	}
}

func TestWrite_TokenAndHeaders(t *testing.T) {
	s := newSite(t)
	c := s.client(t, func(c *Config) { c.Token = " " + testToken + "\n"; c.UserAgent = "multidns/test" })
	create(t, c, wantSet(t, "www", "A", 300, "192.0.2.1"))
	for _, r := range s.seen() {
		if r.Header.Get("Authorization") != "Bearer "+testToken || r.Header.Get("User-Agent") != "multidns/test" || r.Header.Get("Accept") != "application/json" {
			t.Errorf("%v", r.Header)
		}
		for header := range r.Header {
			if strings.HasPrefix(http.CanonicalHeaderKey(header), "X-Stainless") {
				t.Errorf("header %s is sent", header)
			}
		}
	}
}
