package cloudflare

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	fake "github.com/multidns/terraform-provider-multidns/internal/sandbox/cloudflare"
)

// TestWrite_UndeclaredSurvives: comment, tags and settings that somebody made in the dashboard outlive a change of
// values and TTL.
func TestWrite_UndeclaredSurvives(t *testing.T) {
	s := newSite(t, fake.Zone{ID: testZoneID, Name: "example.com", Plan: "pro"})
	c := s.client(t)
	create(t, c, wantSet(t, "www", "CNAME", 300, "one.example.net"))
	held := s.Records("example.com")[0]
	if _, err := s.Add("example.com", fake.Record{Type: "TXT", Name: "x.example.com", Content: `"neighbour"`, TTL: 77}); err != nil {
		t.Fatal(err)
	}
	dressed := wantSet(t, "www", "CNAME", 300, "one.example.net")
	dressed.Settings = operator.Settings{"comment": "mine", "tags": []string{"team:dns"}}
	write(t, c, operator.Change{Before: read(t, c, "www.example.com.", "CNAME"), After: dressed})
	write(t, c, operator.Change{Before: read(t, c, "www.example.com.", "CNAME"), After: wantSet(t, "www", "CNAME", 600, "two.example.net")})
	records := s.Records("example.com")
	at := slices.IndexFunc(records, func(r fake.Record) bool { return r.Type == "CNAME" })
	r := records[at]
	if r.ID != held.ID || r.Content != "two.example.net" || r.TTL != 600 || r.Comment == nil || *r.Comment != "mine" || !slices.Equal(r.Tags, []string{"team:dns"}) {
		t.Errorf("%+v", r)
	}
	if len(records) != 2 {
		t.Errorf("%d records", len(records))
	}
}

func TestWrite_NewRecordsInheritWhatIsCommon(t *testing.T) {
	s := newSite(t, fake.Zone{ID: testZoneID, Name: "example.com", Plan: "pro"})
	c := s.client(t)
	first := wantSet(t, "www", "A", 300, "192.0.2.1")
	first.Settings = operator.Settings{"proxied": true, "comment": "web", "tags": []string{"team:dns"}}
	create(t, c, first)
	write(t, c, operator.Change{Before: read(t, c, "www.example.com.", "A"), After: wantSet(t, "www", "A", 300, "192.0.2.1", "192.0.2.2")})
	for _, r := range s.Records("example.com") {
		if !r.Proxied || r.TTL != 1 || r.Comment == nil || *r.Comment != "web" || !slices.Equal(r.Tags, []string{"team:dns"}) {
			t.Errorf("%+v", r)
		}
	}
}

func TestWrite_UnevenTTLIsEvened(t *testing.T) {
	s := newSite(t)
	s.add(t, fake.Record{Type: "A", Name: "a.example.com", Content: "192.0.2.1", TTL: 600})
	s.add(t, fake.Record{Type: "A", Name: "a.example.com", Content: "192.0.2.2", TTL: 300})
	c := s.client(t)
	got := write(t, c, operator.Change{Before: read(t, c, "a.example.com.", "A"), After: wantSet(t, "a", "A", 300, "192.0.2.1", "192.0.2.2")})[0]
	if got.Uneven || got.TTL != 300 {
		t.Errorf("%+v", got)
	}
	for _, r := range s.stored() {
		if r.TTL != 300 {
			t.Errorf("%+v", r)
		}
	}
}

// TestWrite_TXTSpellingIsMendedInPassing: records that mean the same are brought together when the RRset is written
// anyway.
func TestWrite_TXTSpellingIsMendedInPassing(t *testing.T) {
	s := newSite(t)
	s.add(t, fake.Record{Type: "TXT", Name: "www.example.com", Content: "same", TTL: 300})
	s.add(t, fake.Record{Type: "TXT", Name: "www.example.com", Content: `"sa" "me"`, TTL: 300})
	s.add(t, fake.Record{Type: "TXT", Name: "www.example.com", Content: "other", TTL: 300})
	s.add(t, fake.Record{Type: "TXT", Name: "www.example.com", Content: `"same"`, TTL: 300})
	quoted := s.ids()[`"same"`]
	c := s.client(t)
	got := write(t, c, operator.Change{Before: read(t, c, "www.example.com.", "TXT"), After: wantSet(t, "www", "TXT", 600, "same", "other")})[0]
	if !slices.Equal(got.Values, []string{`"other"`, `"same"`}) || got.TTL != 600 {
		t.Errorf("%+v", got)
	}
	if after := s.ids(); after[`"same"`] != quoted {
		t.Error("the badly spelled record of two was kept")
	}
	want := []stored{
		{Name: "www.example.com", Type: "TXT", Content: `"other"`, TTL: 600},
		{Name: "www.example.com", Type: "TXT", Content: `"same"`, TTL: 600},
	}
	if diff := cmp.Diff(want, s.stored()); diff != "" {
		t.Error(diff)
	}
}

func TestWrite_ProxiedOnAndOff(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	want := wantSet(t, "www", "A", 3600, "192.0.2.1")
	want.Settings = want.Settings.With("proxied", true)
	got := create(t, c, want)
	if ttl := batchOf(t, s)["posts"][0]["ttl"]; ttl != 1.0 {
		t.Errorf("ttl %v was sent", ttl)
	}
	effective := c.Effective(*want)
	if got.TTL != effective.TTL || got.TTL != 1 || !isProxied(*got) || want.TTL != 3600 {
		t.Errorf("%+v, effective TTL %d", got, effective.TTL)
	}
	off := wantSet(t, "www", "A", 3600, "192.0.2.1")
	off.Settings = off.Settings.With("proxied", false)
	got = write(t, c, operator.Change{Before: got, After: off})[0]
	if diff := cmp.Diff([]stored{{Name: "www.example.com", Type: "A", Content: "192.0.2.1", TTL: 3600}}, s.stored()); diff != "" || got.TTL != 3600 {
		t.Error(diff, got)
	}
	got = write(t, c, operator.Change{Before: got, After: want})[0]
	if diff := cmp.Diff([]stored{{Name: "www.example.com", Type: "A", Content: "192.0.2.1", TTL: 1, Proxied: true}}, s.stored()); diff != "" || got.TTL != 1 {
		t.Error(diff, got)
	}
}

func TestWrite_CommentAndTagsAreCleared(t *testing.T) {
	s := newSite(t, fake.Zone{ID: testZoneID, Name: "example.com", Plan: "pro"})
	c := s.client(t)
	want := wantSet(t, "www", "A", 300, "192.0.2.1")
	want.Settings = operator.Settings{"comment": "web", "tags": []string{"b:2", "a:1"}}
	got := create(t, c, want)
	s.forget()
	want.Settings = want.Settings.With("tags", []string{"a:1", "b:2"})
	if write(t, c, operator.Change{Before: got, After: want}); len(s.seen()) != 0 {
		t.Error("the order of tags made a write")
	}
	want.Settings = operator.Settings{"comment": "", "tags": []string{}}
	write(t, c, operator.Change{Before: got, After: want})
	r := s.Records("example.com")[0]
	if r.Comment != nil && *r.Comment != "" || len(r.Tags) != 0 {
		t.Errorf("%+v", r)
	}
}

// TestWrite_TagsAreClearedWithAList: null is not in the API's schema.
func TestWrite_TagsAreClearedWithAList(t *testing.T) {
	for name, none := range map[string][]string{"empty": {}, "nil": nil} {
		s := newSite(t, fake.Zone{ID: testZoneID, Name: "example.com", Plan: "pro"})
		c := s.client(t)
		want := wantSet(t, "www", "A", 300, "192.0.2.1")
		want.Settings = operator.Settings{"tags": []string{"a:1"}}
		got := create(t, c, want)
		s.forget()
		want.Settings = operator.Settings{"tags": none}
		write(t, c, operator.Change{Before: got, After: want})
		if sent := s.seen(); len(sent) != 1 || !strings.Contains(sent[0].Body, `"tags":[]`) {
			t.Errorf("%s: sent %v", name, sent)
		}
	}
}

// TestTags_NamesHaveNoCase: a name in another case is no difference, neither for a write nor for who compares what is
// held with what is wanted; the value is one.
func TestTags_NamesHaveNoCase(t *testing.T) {
	s := newSite(t, fake.Zone{ID: testZoneID, Name: "example.com", Plan: "pro"})
	c := s.client(t)
	want := wantSet(t, "www", "A", 300, "192.0.2.1")
	want.Settings = operator.Settings{"tags": []string{"Owner:DNS", "b:2"}}
	got := create(t, c, want)
	if tags := s.Records("example.com")[0].Tags; !slices.Contains(tags, "Owner:DNS") {
		t.Errorf("the spelling was changed: %q", tags)
	}
	s.forget()
	want.Settings = operator.Settings{"tags": []string{"owner:DNS", "B:2"}}
	if write(t, c, operator.Change{Before: got, After: want}); len(s.seen()) != 0 {
		t.Error("the case of a name made a write")
	}
	if diff := c.Effective(*want).Settings.Differences(got.Settings); len(diff) != 0 {
		t.Errorf("differences: %q", diff)
	}
	want.Settings = operator.Settings{"tags": []string{"owner:dns", "b:2"}}
	if write(t, c, operator.Change{Before: got, After: want}); len(s.seen()) != 1 {
		t.Error("another value made no write")
	}
}

// TestWrite_SettingsAreInherited: ipv4_only and its like are not ours to declare, and a new record of the RRset behaves
// like the others.
func TestWrite_SettingsAreInherited(t *testing.T) {
	s := newSite(t, fake.Zone{ID: testZoneID, Name: "example.com", Plan: "pro"})
	s.add(t, fake.Record{Type: "A", Name: "www.example.com", Content: "192.0.2.1", TTL: 1, Proxied: true, Settings: map[string]any{"ipv4_only": true}})
	c := s.client(t)
	got := write(t, c, operator.Change{Before: read(t, c, "www.example.com.", "A"), After: wantSet(t, "www", "A", 300, "192.0.2.1", "192.0.2.2")})[0]
	if diff := cmp.Diff(map[string]any{"ipv4_only": true}, batchOf(t, s)["posts"][0]["settings"]); diff != "" {
		t.Error(diff)
	}
	s.forget()
	write(t, c, operator.Change{Before: got, After: wantSet(t, "www", "CNAME", 300, "front.example.net")})
	if settings, sent := batchOf(t, s)["posts"][0]["settings"]; sent {
		t.Errorf("settings %v of another type were sent", settings)
	}
}
