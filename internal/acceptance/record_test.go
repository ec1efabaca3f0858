package acceptance

import (
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// sixTypes declares one RRset of each of the first six types.
var sixTypes = record("a", "www", "A", `values = ["192.0.2.1", "192.0.2.2"]`) +
	record("aaaa", "www", "AAAA", `values = ["2001:DB8::1"]`) +
	record("cname", "alias", "CNAME", `values = ["www.example.com"]`) +
	record("txt", "@", "TXT", `values = ["v=spf1 -all"]`) +
	record("mx", "@", "MX", `values = ["10 mail.example.com"]`) +
	record("ns", "sub", "NS", `values = ["ns1.example.net.", "ns2.example.net"]`)

var sixTypesHeld = []string{
	"alias.example.com. 3600 CNAME www.example.com.",
	"example.com. 3600 MX 10 mail.example.com.",
	`example.com. 3600 TXT "v=spf1 -all"`,
	"sub.example.com. 3600 NS ns1.example.net. | ns2.example.net.",
	"www.example.com. 3600 A 192.0.2.1 | 192.0.2.2",
	"www.example.com. 3600 AAAA 2001:db8::1",
}

func TestAccRecord_SixTypesAreIdenticalAndFrugal(t *testing.T) {
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.edit("cloudflare", "other", "TXT", 300, `"not declared"`)
		s.edit("desec", "other", "TXT", 3600, `"not declared either"`)
		s.configure(sixTypes)
		s.apply(0)
		s.holds("cloudflare", append([]string{`other.example.com. 300 TXT "not declared"`}, sixTypesHeld...)...)
		s.holds("desec", append([]string{`other.example.com. 3600 TXT "not declared either"`}, sixTypesHeld...)...)

		s.forget()
		s.plan(0)
		s.requests("cloudflare", 2, 0) // one zone look-up, one list
		s.requests("desec", 1, 0)

		s.work.Destroy(t.Context())
		s.holds("cloudflare", `other.example.com. 300 TXT "not declared"`)
		s.holds("desec", `other.example.com. 3600 TXT "not declared either"`)
	})
}

func TestAccRecord_CreatesLeaveTogether(t *testing.T) {
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.configure(sixTypes)
		s.forget()
		s.apply(0)
		for _, operator := range []string{"cloudflare", "desec"} {
			if got := len(s.box.Site(operator).Log.Writes()); got != 1 {
				t.Errorf("%s: %d writes for six creations in parallel, want 1", operator, got)
			}
		}
	})
}

// Another spelling of zone, names and values is no change, and what somebody else changed is shown and healed.
func TestAccRecord_RespelledAndDrifted(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.configure(sixTypes)
		s.apply(0)
		respelled := strings.NewReplacer(
			`"example.com"`, `"EXAMPLE.com."`, `"www"`, `"WWW.example.com."`, `"2001:DB8::1"`, `"2001:db8:0:0:0:0:0:1"`,
			`"v=spf1 -all"`, `"\"v=spf1 -all\""`, `"10 mail.example.com"`, `"010  MAIL.example.com."`, `"www.example.com"`, `"www.EXAMPLE.com."`,
		).Replace(sixTypes)
		s.configure(respelled)
		s.forget()
		s.plan(0)
		s.requests("desec", 1, 0)

		s.edit("desec", "www", "A", 7200, "192.0.2.66")
		s.edit("cloudflare", "alias", "CNAME", 0)
		s.plan(2)
		s.apply(0)
		s.holds("cloudflare", sixTypesHeld...)
		s.settled()
		s.state("multidns_record.a", "in_sync", "operators", "desec", "status")
		s.state("multidns_record.a", nil, "operators", "desec", "message")
	})
}

func TestAccRecord_ConflictWritesNothing(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.edit("desec", "www", "A", 3600, "192.0.2.99")
		before := s.held("desec")
		s.configure(record("r", "www", "A", `values = ["192.0.2.1"]`))
		r := s.apply(1)
		for _, word := range []string{"deSEC", "192.0.2.99", "overwrite = true", "import"} {
			if !strings.Contains(r.Stderr, word) && !strings.Contains(strings.ToLower(r.Stderr), strings.ToLower(word)) {
				t.Errorf("the error does not say %q:\n%s", word, r.Stderr)
			}
		}
		s.holds("cloudflare")
		s.holds("desec", before...)

		s.configure(record("r", "www", "A", "values = [\"192.0.2.1\"]\noverwrite = true"))
		s.apply(0)
		s.settled()
	})
}

func TestAccRecord_EqualIsAdoptedWithoutWriting(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.edit("desec", "www", "A", 3600, "192.0.2.1")
		s.edit("cloudflare", "www", "A", 3600, "192.0.2.1")
		s.configure(record("r", "www", "A", `values = ["192.0.2.1"]`))
		s.forget()
		s.apply(0)
		for _, site := range s.box.Sites() {
			if got := site.Log.Writes(); len(got) != 0 {
				t.Errorf("%s was written: %v", site.Name, paths(got))
			}
		}
		s.settled()
	})
}

func TestAccRecord_DeclaredTwice(t *testing.T) {
	t.Parallel()
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.configure(record("one", "www", "A", `values = ["192.0.2.1"]`) + record("two", "WWW.example.com.", "A", `values = ["192.0.2.1"]`))
		if r := s.apply(1); !strings.Contains(r.Stderr, "declared twice") {
			t.Errorf("no word of the duplicate:\n%s", r.Stderr)
		}
		s.holds("cloudflare")
		s.holds("desec")
	})
}

func TestAccRecord_ApexNSIsChangedAndLeft(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.configure(record("ns", "@", "NS", `values = ["ns1.desec.io", "ns2.desec.org", "ns.example.net"]`))
		s.apply(0)
		s.plan(0)
		r := s.work.Destroy(t.Context())
		if err := r.Must(0); err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, set := range s.box.Desec.Stored("example.com") {
			names = append(names, line(set))
		}
		if len(names) != 1 || names[0] != "example.com. 3600 NS ns.example.net. | ns1.desec.io. | ns2.desec.org." {
			t.Errorf("the apex NS RRset is now %v", names)
		}
	})
}

func TestAccRecord_OverridesAndSettingsSurvive(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.configure(record("r", "www", "A", "values = [\"192.0.2.1\"]\nttl = 300\ndesec = { ttl = 3600 }\ncloudflare = { comment = \"ours\" }"))
		s.apply(0)
		s.holds("cloudflare", "www.example.com. 300 A 192.0.2.1")
		s.holds("desec", "www.example.com. 3600 A 192.0.2.1")
		s.plan(0)
		// A comment that is not declared any more is left as it is.
		s.configure(record("r", "www", "A", "values = [\"192.0.2.7\"]\nttl = 300\ndesec = { ttl = 3600 }"))
		s.apply(0)
		records := s.box.Cloudflare.API.Records("example.com")
		if len(records) != 1 || records[0].Content != "192.0.2.7" || records[0].Comment == nil || *records[0].Comment != "ours" {
			t.Errorf("records at Cloudflare: %+v", records)
		}
		s.plan(0)
	})
}

// The apex NS RRset has a TTL of 3600 from the start, and the domain's minimum may be larger: it proves nothing.
func TestAccRecord_TTLBelowALargeMinimum(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{DesecMinimumTTL: 7200}, func(t *testing.T, s *stage) {
		s.configure(record("r", "www", "A", `values = ["192.0.2.1"]`))
		if r := s.plan(1); !strings.Contains(r.Stderr, "desec = { ttl = 7200 }") {
			t.Errorf("the error does not hold the line to add:\n%s", r.Stderr)
		}
		s.apply(1)
		for _, site := range s.box.Sites() {
			if got := site.Log.Writes(); len(got) != 0 {
				t.Errorf("%s was written: %v", site.Name, paths(got))
			}
		}
	})
}
