package cloudflare

import (
	"net/http"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	fake "github.com/multidns/terraform-provider-multidns/internal/sandbox/cloudflare"
)

// unproven is a client with an id of which nothing is known yet.
func (s *site) unproven(t *testing.T) *Client {
	t.Helper()
	c := s.client(t, withZoneID)
	c.identity = newIdentity()
	return c
}

// zoneAnswers has GET of the zone itself answered by do.
func (s *site) zoneAnswers(do http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.instead = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodGet || !strings.HasSuffix(r.URL.Path, "/zones/"+testZoneID) {
			return false
		}
		do(w, r)
		return true
	}
}

func status(code int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		_, _ = w.Write([]byte(body))
	}
}

// count counts the requests that the service saw.
func (s *site) count(method, suffix string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.requests {
		if r.Method == method && strings.HasSuffix(r.Path, suffix) {
			n++
		}
	}
	return n
}

// TestWrite_IDOfAnotherZone: whatever can be known of the zone behind a wrong id, nothing stays in it.
func TestWrite_IDOfAnotherZone(t *testing.T) {
	noRight := status(403, failed(`{"code":9109,"message":"Unauthorized to access requested resource"}`))
	for name, c := range map[string]struct {
		zone   string
		shown  http.HandlerFunc // GET of the zone; nil: as it is
		writes int
	}{
		"that is seen at once":      {"example.org", nil, 0},
		"that the token cannot see": {"example.org", noRight, 2},
		"while that part is ill":    {"example.org", status(503, "<html>"), 2},
		"below the zone":            {"sub.example.com", noRight, 2},
		"that only looks like it":   {"notexample.com", noRight, 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, fake.Zone{ID: testZoneID, Name: c.zone})
			if c.shown != nil {
				s.zoneAnswers(c.shown)
			}
			_, err := s.unproven(t).Write(t.Context(), testZone, []operator.Change{
				{After: wantSet(t, "www", "A", 300, "192.0.2.1", "192.0.2.2")}, {After: wantSet(t, "mail", "A", 300, "192.0.2.3")},
			})
			refused := operator.AsRefusal(err)
			if refused == nil || refused.Kind != operator.ZoneNotFound || !strings.Contains(refused.Message, "zone_ids") || !strings.Contains(refused.Message, c.zone) {
				t.Errorf("the error is %v", err)
			}
			if left := s.Records(c.zone); len(left) != 0 {
				t.Errorf("left in %s: %v", c.zone, left)
			}
			if n := s.count(http.MethodPost, "/batch"); n != c.writes {
				t.Errorf("%d writes, want %d", n, c.writes)
			}
		})
	}
}

// TestWrite_IDOfAnotherZoneThatCannotBeUndone says so.
func TestWrite_IDOfAnotherZoneThatCannotBeUndone(t *testing.T) {
	s := newSite(t, fake.Zone{ID: testZoneID, Name: "example.org"})
	batches := 0
	s.instead = func(w http.ResponseWriter, r *http.Request) bool {
		switch {
		case strings.HasSuffix(r.URL.Path, "/zones/"+testZoneID):
			status(403, code(9109))(w, r)
			return true
		case strings.HasSuffix(r.URL.Path, "/batch"):
			batches++
			if batches == 2 {
				status(502, "<html>")(w, r)
				return true
			}
		}
		return false
	}
	_, err := s.unproven(t).Write(t.Context(), testZone, []operator.Change{{After: wantSet(t, "www", "A", 300, "192.0.2.1")}})
	if refused := operator.AsRefusal(err); refused == nil || !strings.Contains(refused.Message, "by hand") ||
		!strings.Contains(refused.Message, "www.example.com.example.org.") {
		t.Errorf("the error is %v", err)
	}
}

// TestWrite_IDIsProvenOnce: the zone is asked for before the first record is made, and only where no list has shown it.
func TestWrite_IDIsProvenOnce(t *testing.T) {
	create := func(t *testing.T, c *Client, owner string) {
		t.Helper()
		if _, err := c.Write(t.Context(), testZone, []operator.Change{{After: wantSet(t, owner, "A", 300, "192.0.2.1")}}); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		held   []string
		create []string
		asks   int
	}{
		"nothing is known":            {nil, []string{"a", "b"}, 1},
		"the apex":                    {[]string{"example.com"}, []string{"a", "b"}, 0},
		"two names":                   {[]string{"x.example.com", "y.example.com"}, []string{"a"}, 0},
		"one name":                    {[]string{"www.example.com"}, []string{"a", "b"}, 1},
		"the same name":               {[]string{"www.example.com"}, []string{"www"}, 0},
		"below the only name":         {[]string{"dev.example.com"}, []string{"a.dev"}, 0},
		"beside what all lie under":   {[]string{"a.dev.example.com", "b.dev.example.com"}, []string{"a"}, 1},
		"below what all of them have": {[]string{"a.dev.example.com", "b.dev.example.com"}, []string{"c.dev"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			for _, owner := range c.held {
				s.add(t, fake.Record{Type: "TXT", Name: owner, Content: `"x"`, TTL: 300})
			}
			client := s.unproven(t)
			if _, _, err := client.List(t.Context(), testZone, nil); err != nil {
				t.Fatal(err)
			}
			for _, owner := range c.create {
				create(t, client, owner)
			}
			if n := s.count(http.MethodGet, "/zones/"+testZoneID); n != c.asks {
				t.Errorf("the zone was asked for %d times, want %d", n, c.asks)
			}
		})
	}
}

// TestWrite_RightIDWithoutTheRightToRead is what zone_ids is for.
func TestWrite_RightIDWithoutTheRightToRead(t *testing.T) {
	s := newSite(t)
	s.zoneAnswers(status(403, code(9109)))
	if _, err := s.unproven(t).Write(t.Context(), testZone, []operator.Change{{After: wantSet(t, "www", "A", 300, "192.0.2.1")}}); err != nil {
		t.Error(err)
	}
	if len(s.Records("example.com")) != 1 {
		t.Error("nothing was made")
	}
}

// TestWrite_NobodyThere: with no service there is no need to try the write too.
func TestWrite_NobodyThere(t *testing.T) {
	s := newSite(t)
	s.zoneAnswers(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	_, err := s.unproven(t).Write(t.Context(), testZone, []operator.Change{{After: wantSet(t, "www", "A", 300, "192.0.2.1")}})
	if out := operator.AsOutage(err); out == nil || out.InDoubt || s.count(http.MethodPost, "/batch") != 0 {
		t.Errorf("the error is %#v", err)
	}
}

// TestList_ZoneNameOfAnotherZone is how answers until 2024 show a wrong id.
func TestList_ZoneNameOfAnotherZone(t *testing.T) {
	s := newSite(t)
	s.answer("/dns_records", 200, "application/json", `{"success":true,"errors":[],"messages":[],"result":[`+
		strings.Replace(rec("1", "a.example.com", "192.0.2.1"), "{", `{"zone_name":"a.example.com",`, 1)+`]}`)
	_, _, err := s.client(t, withZoneID).List(t.Context(), testZone, nil)
	if refused := operator.AsRefusal(err); refused == nil || !strings.Contains(refused.Message, "zone_ids") {
		t.Errorf("%v", err)
	}
}

// TestWrite_PointerNamesTheCulprit: where the service says which operation it refuses, the change is known.
func TestWrite_PointerNamesTheCulprit(t *testing.T) {
	changes := []operator.Change{
		{After: wantSet(t, "ds", "DS", 300, "1 13 2 "+strings.Repeat("ab", 32))},
		{After: wantSet(t, "www", "A", 300, "192.0.2.1", "192.0.2.2")},
		{After: wantSet(t, "sub", "NS", 300, "ns1.example.net.")},
	}
	for pointer, want := range map[string]int{
		"/posts/0": 2, "/posts/1/content": 1, "/posts/2": 1, "#/posts/3/data/digest": 0, "posts/0": 2,
		"/posts/4": -1, "/patches/0": -1, "/puts/0": -1, "/zones/0": -1, "": -1, "/posts/x": -1, "/posts/99999999999": -1,
	} {
		s := newSite(t)
		s.answer("/batch", 400, "application/json", failed(`{"code":9005,"message":"bad","source":{"pointer":"`+pointer+`"}}`))
		_, err := s.client(t, withZoneID).Write(t.Context(), testZone, changes)
		refused := operator.AsRefusal(err)
		if refused == nil || refused.Kind != operator.Invalid {
			t.Fatalf("%s: %v", pointer, err)
		}
		if want < 0 && refused.Culprits != nil || want >= 0 && (len(refused.Culprits) != 1 || refused.Culprits[want] != "bad") {
			t.Errorf("%s names %v, want %d", pointer, refused.Culprits, want)
		}
	}
}
