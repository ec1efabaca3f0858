package main

import (
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/zonedata"
)

func TestIdentical_SeesEveryDifference(t *testing.T) {
	tests := []struct {
		name   string
		change func(*testing.T, *sandbox.Sandbox)
		equal  bool
	}{
		{"nothing", func(*testing.T, *sandbox.Sandbox) {}, true},
		{"the router's TTL", func(t *testing.T, box *sandbox.Sandbox) {
			edit(t, box, "cloudflare", "web-router", "CNAME", 60, "cf-front.example.net.")
		}, true},
		{"the router's target", func(t *testing.T, box *sandbox.Sandbox) {
			edit(t, box, "cloudflare", "web-router", "CNAME", 3600, "bunny-front.example.net.")
		}, false},
		{"another TTL", func(t *testing.T, box *sandbox.Sandbox) {
			edit(t, box, "desec", "www", "CNAME", 7200, "web-router.example.com.")
		}, false},
		{"one more RRset", func(t *testing.T, box *sandbox.Sandbox) { edit(t, box, "desec", "new", "A", 3600, "192.0.2.1") }, false},
		{"one less", func(t *testing.T, box *sandbox.Sandbox) { edit(t, box, "cloudflare", "www", "CNAME", 0) }, false},
		{"the case of a text", func(t *testing.T, box *sandbox.Sandbox) { edit(t, box, "desec", "@", "TXT", 3600, `"TEXT"`) }, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			box := newBox(t)
			for _, site := range box.Sites() {
				edit(t, box, site.Name, "www", "CNAME", 3600, "web-router.example.com.")
				edit(t, box, site.Name, "web-router", "CNAME", 3600, "cf-front.example.net.")
				edit(t, box, site.Name, "@", "TXT", 3600, `"text"`)
			}
			test.change(t, box)
			if err := identical(box); (err == nil) != test.equal {
				t.Errorf("identical: %v, want equal %t", err, test.equal)
			}
		})
	}
}

func TestCanonical_LeavesOutWhatIsEachOperatorsOwn(t *testing.T) {
	got := canonical("example.com", []zonedata.RRset{
		{Name: "www.example.com.", Type: "CNAME", TTL: 60, Values: []string{"Web-Router.example.com."}},
		{Name: "example.com.", Type: "NS", TTL: 3600, Values: []string{"ns1.desec.io."}},
		{Name: "sub.example.com.", Type: "NS", TTL: 3600, Values: []string{"b.example.net.", "a.example.net."}},
		{Name: "example.com.", Type: "TXT", TTL: 60, Values: []string{`"Aa"`}},
	})
	want := []string{
		`example.com. 60 TXT "Aa"`,
		"sub.example.com. 3600 NS a.example.net., b.example.net.",
		"www.example.com. 60 CNAME web-router.example.com.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestUntouched_SeesEveryTouch(t *testing.T) {
	tests := []struct {
		name, operator string
		touch          func(*testing.T, *sandbox.Sandbox)
		wrong          bool
	}{
		{"a declared name", "cloudflare", func(t *testing.T, box *sandbox.Sandbox) {
			edit(t, box, "cloudflare", "www", "CNAME", 3600, "web-router.example.com.")
		}, false},
		{"a new record", "cloudflare", func(t *testing.T, box *sandbox.Sandbox) {
			edit(t, box, "cloudflare", "new", "A", 3600, "192.0.2.1")
		}, true},
		{"a lost record", "desec", func(t *testing.T, box *sandbox.Sandbox) { edit(t, box, "desec", "mail", "A", 0) }, true},
		{"a changed value", "desec", func(t *testing.T, box *sandbox.Sandbox) {
			edit(t, box, "desec", "mail", "A", 7200, "192.0.2.26")
		}, true},
		{"deleted and made again", "cloudflare", func(t *testing.T, box *sandbox.Sandbox) {
			edit(t, box, "cloudflare", "mail", "A", 0)
			edit(t, box, "cloudflare", "mail", "A", 7200, "192.0.2.25")
		}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			box := newBox(t)
			for _, site := range box.Sites() {
				for _, r := range undeclared {
					edit(t, box, site.Name, r.name, r.typ, r.ttl, r.values...)
				}
			}
			s := &stage{story: newStory(io.Discard, false), box: box}
			before, err := s.untouched(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			// Cloudflare keeps a record for each value.
			if len(before["cloudflare"]) < len(undeclared) || len(before["desec"]) < len(undeclared) {
				t.Fatalf("it does not see all RRsets: %v", before)
			}
			test.touch(t, box)
			s.before = before
			var r row
			s.checkUntouched(t.Context(), &r)
			if (len(r.problems) > 0) != test.wrong {
				t.Errorf("problems %q, want some: %t", r.problems, test.wrong)
			}
			if test.wrong && !strings.Contains(r.problems[0], test.operator) {
				t.Errorf("problem %q does not name %s", r.problems[0], test.operator)
			}
		})
	}
}
