package acceptance

import (
	"slices"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

func TestAccNames_EveryKindOfName(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 63)
	names := map[string]string{
		"apex": "@", "wildcard": "*.apps", "everything": "*", "underscore": "_acme-challenge.www", "deep": "a.b.c.d",
		"idn": "xn--bcher-kva", "digits": "42", "hyphens": "a--b", "label63": long,
	}
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		var hcl strings.Builder
		var want []string
		for resource, name := range names {
			hcl.WriteString(record(resource, name, "A", first))
			full := name + ".example.com."
			if name == "@" {
				full = "example.com."
			}
			want = append(want, full+" 3600 A 192.0.2.1")
		}
		s.configure(hcl.String())
		s.apply(0)
		s.holds("cloudflare", want...)
		s.holds("desec", want...)
		s.plan(0)
		// Both name servers answer for all of them.
		for _, site := range s.box.Sites() {
			for _, line := range want {
				if !slices.ContainsFunc(s.published(site), func(held string) bool { return held == line }) {
					t.Errorf("%s does not serve %q", site.Name, line)
				}
			}
		}
	})
}

// A replacement plans one resource twice, and that is no second declaration.
func TestAccNames_ReplacedInEitherOrder(t *testing.T) {
	t.Parallel()
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		for _, order := range []string{"", "\nlifecycle {\n create_before_destroy = true\n}"} {
			s.configure(record("r", "www", "A", first+order))
			s.apply(0)
			s.configure(record("r", "web", "A", first+order))
			s.apply(0)
			s.holds("cloudflare", "web.example.com. 3600 A 192.0.2.1")
			s.settled()
			// The same RRset anew: it must be there afterwards, whichever half came first.
			s.apply(0, "-replace=multidns_record.r")
			s.holds("desec", "web.example.com. 3600 A 192.0.2.1")
			s.settled()
			s.apply(0, "-destroy")
			s.holds("cloudflare")
			s.holds("desec")
		}
	})
}

// Two resources trade their names: whichever of the four halves comes first, one run is enough.
func TestAccNames_Traded(t *testing.T) {
	t.Parallel()
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.configure(record("one", "a", "A", first) + record("two", "b", "A", second))
		s.apply(0)
		s.configure(record("one", "b", "A", first) + record("two", "a", "A", second))
		s.apply(0)
		for _, operator := range []string{"cloudflare", "desec"} {
			s.holds(operator, "a.example.com. 3600 A 192.0.2.2", "b.example.com. 3600 A 192.0.2.1")
		}
		s.settled()
	})
}

// A CNAME takes the place of other types in one run, and back.
func TestAccNames_CNAMETakesThePlace(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		two := record("a", "www", "A", first) + record("txt", "www", "TXT", `values = ["x"]`)
		s.configure(two)
		s.apply(0)
		s.configure(record("c", "www", "CNAME", `values = ["a.example.net"]`))
		s.apply(0)
		s.holds("desec", "www.example.com. 3600 CNAME a.example.net.")
		s.settled()
		s.configure(two)
		s.apply(0)
		s.holds("cloudflare", firstHeld, `www.example.com. 3600 TXT "x"`)
		s.settled()
	})
}

// What differs on purpose is written down, and said where it can surprise.
func TestAccNames_DifferentOnPurpose(t *testing.T) {
	t.Parallel()
	const own = `
cloudflare = { values = ["192.0.2.10"], ttl = 120, comment = "edge" }
desec      = { values = ["192.0.2.20", "192.0.2.21"], ttl = 7200 }`
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.configure(record("r", "www", "A", first+own))
		s.apply(0)
		s.holds("cloudflare", "www.example.com. 120 A 192.0.2.10")
		s.holds("desec", "www.example.com. 7200 A 192.0.2.20 | 192.0.2.21")
		s.plan(0)
		s.configure(record("r", "www", "A", first))
		s.apply(0)
		s.settled()
		s.configure(record("r", "www", "A", first+"\ncloudflare = { proxied = true }"))
		if r := s.apply(0); !strings.Contains(flat(r.Stdout), "operators will answer differently") {
			t.Errorf("no word of the proxy:\n%s", r)
		}
		s.plan(0)
		s.configure(record("r", "www", "A", first+"\ncloudflare = { proxied = true }\ndesec = { values = [\"192.0.2.99\"] }"))
		if r := s.apply(0); strings.Contains(flat(r.Stdout), "answer differently") {
			t.Errorf("a warning of what was said:\n%s", r)
		}
		s.holds("desec", "www.example.com. 3600 A 192.0.2.99")
		s.plan(0)
	})
}

// published is what a site's name server answers from.
func (s *stage) published(site *sandbox.Site) []string {
	var lines []string
	for _, r := range site.Published(s.box.Zone) {
		lines = append(lines, line(r))
	}
	return lines
}
