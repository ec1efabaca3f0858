package acceptance

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/cloudflare"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/sandboxtest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/zonedata"
)

// registry is the zone above example.com, and who delegates there.
type registry struct {
	mu   sync.Mutex
	sets []zonedata.RRset
}

func (r *registry) Zones() []string { return []string{"com"} }

func (r *registry) Published(string) []zonedata.RRset {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.sets)
}

func (r *registry) delegate(hosts []string, ds ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sets = []zonedata.RRset{{Name: "example.com.", Type: "NS", TTL: 172800, Values: hosts}}
	if len(ds) > 0 {
		r.sets = append(r.sets, zonedata.RRset{Name: "example.com.", Type: "DS", TTL: 86400, Values: ds})
	}
}

// withRegistry puts a registry above the stage's zone.
func (s *stage) withRegistry() *registry {
	s.t.Helper()
	r := &registry{}
	server := sandboxtest.Serve(s.t, "127.0.0.1:0", r)
	s.work.Env["MULTIDNS_ROOT_SERVERS"] = server.Addr()
	return r
}

const zoneSource = "data \"multidns_zone\" \"z\" {\n  zone = \"Example.com.\"\n}\n"

// strs are the strings of an attribute that is a list.
func (s *stage) strs(address string, path ...any) []string {
	s.t.Helper()
	list, _ := s.attr(address, path...).([]any)
	var texts []string
	for _, v := range list {
		texts = append(texts, fmt.Sprint(v))
	}
	return texts
}

// lists expects an attribute to be a list of these strings.
func (s *stage) lists(want []string, address string, path ...any) {
	s.t.Helper()
	if diff := cmp.Diff(want, s.strs(address, path...)); diff != "" {
		s.t.Errorf("%s %v (-want +got):\n%s", address, path, diff)
	}
}

// says expects one of the texts to hold all the words.
func says(t *testing.T, texts []string, words ...string) {
	t.Helper()
	if !slices.ContainsFunc(texts, func(text string) bool {
		return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) })
	}) {
		t.Errorf("none of %q says %q", texts, words)
	}
}

func TestAccZone_SaysWhatIsMissingUntilItIsThere(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		const z = "data.multidns_zone.z"
		r := s.withRegistry()
		s.configure(zoneSource)
		s.apply(0)
		own := s.strs(z, "operators", "cloudflare", "name_servers")
		if len(own) != 2 {
			t.Fatalf("name servers of Cloudflare: %v", own)
		}
		desec := []string{"ns1.desec.io.", "ns2.desec.org."}
		s.lists(desec, z, "operators", "desec", "name_servers")
		s.lists(nil, z, "delegated_to")
		says(t, s.strs(z, "problems"), "com. does not delegate example.com.")

		r.delegate(append([]string{"ns.old.example."}, own...))
		s.apply(0)
		s.lists(desec, z, "missing_nameservers")
		s.state(z, float64(172800), "delegation", "ttl")
		s.state(z, "com.", "delegation", "parent")
		s.state(z, sandbox.CloudflareZoneID, "operators", "cloudflare", "zone_id")
		s.state(z, "active", "operators", "cloudflare", "status")
		s.state(z, float64(sandbox.DesecMinimumTTL), "operators", "desec", "minimum_ttl")
		problems := s.strs(z, "problems")
		says(t, problems, "no name server of deSEC", "ns1.desec.io. and ns2.desec.org.")
		says(t, problems, "ns.old.example.", "which no operator names")
		says(t, problems, "apex NS RRset at Cloudflare lacks ns1.desec.io. and ns2.desec.org.")
		says(t, problems, "apex NS RRset at deSEC lacks "+own[0])

		all := slices.Concat(own, desec)
		s.edit("desec", "@", "NS", 3600, all...)
		s.edit("cloudflare", "@", "NS", 3600, desec...)
		r.delegate(all)
		s.apply(0)
		s.lists(nil, z, "problems")
		s.lists(nil, z, "missing_nameservers")
		s.lists(slices.Sorted(slices.Values(all)), z, "delegated_to")
		s.lists(desec, z, "operators", "cloudflare", "apex_ns")

		signed := s.strs(z, "operators", "desec", "ds")
		if len(signed) == 0 {
			t.Fatal("deSEC shows no DS")
		}
		r.delegate(all, signed[0])
		s.apply(0)
		says(t, s.strs(z, "problems"), "com. has a DS RRset", "Cloudflare does not sign it")
		if got := s.strs(z, "problems"); len(got) != 1 {
			t.Errorf("problems %q, want that of Cloudflare alone", got)
		}
	})
}

func TestAccZone_OutageIsNullAndAProblem(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		const z = "data.multidns_zone.z"
		s.configure(zoneSource + "data \"multidns_records\" \"r\" {\n  zone = \"example.com\"\n}\n")
		s.box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.HTML502})
		result, diagnostics := s.work.PlanJSON(t.Context())
		if err := result.Must(0, 2); err != nil {
			t.Fatal(err)
		}
		if got := clitest.WithSeverity("warning", diagnostics); len(got) != 1 {
			t.Errorf("%d warnings, want 1: %v", len(got), got)
		}
		s.apply(0)
		s.state(z, nil, "operators", "cloudflare", "status")
		s.state(z, nil, "operators", "cloudflare", "apex_ns")
		s.state(z, "published", "operators", "desec", "status")
		// The server in place of the root serves the zone and nothing above it.
		s.state(z, nil, "delegated_to")
		problems := s.strs(z, "problems")
		says(t, problems, "Cloudflare could not be read")
		says(t, problems, "The delegation of example.com. could not be read at its parent")
		s.state("data.multidns_records.r", nil, "operators", "cloudflare")
		s.state("data.multidns_records.r", nil, "differences")
		if got := s.strs("data.multidns_records.r", "operators", "desec"); len(got) != 1 {
			t.Errorf("RRsets at deSEC: %v", got)
		}
	})
}

func TestAccZone_UnknownEverywhereIsAnError(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		for _, source := range []string{"multidns_zone", "multidns_records"} {
			s.configure("data \"" + source + "\" \"z\" {\n  zone = \"example.net\"\n}\n")
			r := s.plan(1)
			for _, word := range []string{"Zone not found at Cloudflare", "Zone not found at deSEC", "zone = \"example.net\""} {
				if !strings.Contains(r.Stderr, word) {
					t.Errorf("%s does not say %q:\n%s", source, word, r.Stderr)
				}
			}
		}
	})
}

func TestAccRecords_DifferencesByMeaning(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		const r = "data.multidns_records.r"
		desec := []string{"ns1.desec.io.", "ns2.desec.org."}
		s.configure(zoneSource + "data \"multidns_records\" \"r\" {\n  zone = \"example.com\"\n}\n" + record("same", "same", "AAAA", `values = ["2001:DB8::1"]`))
		s.edit("cloudflare", "other", "TXT", 300, `"only here"`)
		s.edit("cloudflare", "www", "A", 300, "192.0.2.1")
		s.edit("desec", "www", "A", 3600, "192.0.2.1")
		s.apply(0)
		var found []string
		list, _ := s.attr(r, "differences").([]any)
		for i := range list {
			found = append(found, fmt.Sprint(s.attr(r, "differences", i, "name"), " ", s.attr(r, "differences", i, "type"), ": ", s.attr(r, "differences", i, "summary")))
		}
		own := s.strs("data.multidns_zone.z", "operators", "cloudflare", "name_servers")
		want := []string{
			fmt.Sprintf("@ NS: deSEC differs from Cloudflare: values are [ns1.desec.io., ns2.desec.org.] instead of [%s]", strings.Join(own, ", ")),
			"other TXT: missing at deSEC",
			"www A: deSEC differs from Cloudflare: ttl is 3600 instead of 300",
		}
		if diff := cmp.Diff(want, found); diff != "" {
			t.Errorf("differences (-want +got):\n%s", diff)
		}
		s.state(r, nil, "differences", 1, "desec")
		s.state(r, float64(300), "differences", 2, "cloudflare", "ttl")
		s.lists([]string{"192.0.2.1"}, r, "differences", 2, "desec", "values")

		s.edit("cloudflare", "other", "TXT", 0)
		s.edit("cloudflare", "www", "A", 3600, "192.0.2.1")
		s.edit("desec", "@", "NS", 3600, slices.Concat(own, desec)...)
		s.edit("cloudflare", "@", "NS", 3600, desec...)
		s.apply(0)
		s.state(r, []any{}, "differences")
		if got := s.attr(r, "operators", "desec", 2, "name"); got != "www" {
			t.Errorf("third RRset at deSEC is %v", got)
		}
	})
}

func TestAccRecords_ShareTheListOfTheRun(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.configure("data \"multidns_records\" \"r\" {\n  zone = \"example.com\"\n}\n" + sixTypes)
		s.apply(0)
		s.forget()
		s.plan(0)
		s.requests("cloudflare", 2, 0) // one zone look-up, one list
		s.requests("desec", 1, 0)
	})
}

const zoneYAML = `domain: example.com
records:
  - {name: www, type: CNAME, ttl: 3600, values: [web-router.example.com.]}
  - {name: origin, type: A, ttl: 7200, values: [203.0.113.10, 203.0.113.11]}
`

const zoneFile = `$ORIGIN example.com.
$TTL 3600
@    IN SOA ns1.desec.io. hostmaster 1 2 3 4 5
@    IN MX 10 mail
mail IN A 192.0.2.25
`

func TestAccFunctions_FeedTheResources(t *testing.T) {
	t.Parallel()
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		for name, text := range map[string]string{"zone.yaml": zoneYAML, "example.com.zone": zoneFile} {
			if err := s.work.Write(name, text); err != nil {
				t.Fatal(err)
			}
		}
		s.configure(`
resource "multidns_record" "yaml" {
  for_each = provider::multidns::parse_zone_yaml(file("zone.yaml"))
  zone     = each.value.zone
  name     = each.value.name
  type     = each.value.type
  ttl      = each.value.ttl
  values   = each.value.values
}
resource "multidns_zone_records" "file" {
  zone    = "example.com"
  records = provider::multidns::parse_zone_file(file("example.com.zone"), "example.com")
}
resource "terraform_data" "late" {
  input = "domain: example.com"
}
output "late" {
  value = provider::multidns::parse_zone_yaml(terraform_data.late.output)
}
`)
		s.apply(0)
		for _, operator := range []string{"cloudflare", "desec"} {
			s.holds(operator,
				"example.com. 3600 MX 10 mail.example.com.", "mail.example.com. 3600 A 192.0.2.25",
				"origin.example.com. 7200 A 203.0.113.10 | 203.0.113.11", "www.example.com. 3600 CNAME web-router.example.com.")
		}
		s.settled()
	})
}

// A zone that was exported at Cloudflare and is taken over stays proxied, and what cannot be declared hides nothing.
func TestAccFunctions_ExportOfCloudflareStaysProxied(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.edit("desec", "www", "A", 7200, "192.0.2.1")
		if _, err := s.box.Cloudflare.API.Add(s.box.Zone, cloudflare.Record{
			Name: "www.example.com", Type: "A", Content: "192.0.2.1", Proxied: true, Proxiable: true, TTL: 1,
		}); err != nil {
			t.Fatal(err)
		}
		s.write("export.zone", `;; Domain:     example.com.
example.com.	1	IN	SPF	"v=spf1 -all"
example.com.	1	IN	CNAME	front.example.net.
mail.example.com.	1	IN	A	192.0.2.25 ; cf_tags=cf-proxied:false
www.example.com.	1	IN	A	192.0.2.1 ; cf_tags=cf-proxied:true
`)
		s.configure(`
locals {
  zone = provider::multidns::parse_zone_file(file("export.zone"), "example.com")
}
resource "multidns_zone_records" "all" {
  zone      = "example.com"
  overwrite = true
  records = {
    for key, rrset in local.zone : key => merge(rrset, { ttl = rrset.ttl == 1 ? 300 : rrset.ttl, desec = { ttl = 3600 } })
    if rrset.problem == null
  }
}
resource "multidns_record" "each" {
  for_each   = { for key, rrset in local.zone : key => rrset if key == "missing" }
  zone       = each.value.zone
  name       = each.value.name
  type       = each.value.type
  values     = each.value.values
  cloudflare = each.value.cloudflare
}
output "left_behind" {
  value = { for key, rrset in local.zone : key => rrset.problem if rrset.problem != null }
}
`)
		s.apply(0)
		s.plan(0)
		s.holds("desec", "mail.example.com. 3600 A 192.0.2.25", "www.example.com. 3600 A 192.0.2.1")
		proxied := map[string]bool{}
		for _, r := range s.box.Cloudflare.API.Records(s.box.Zone) {
			proxied[r.Name+" "+r.Type] = r.Proxied
		}
		if diff := cmp.Diff(map[string]bool{"mail.example.com A": false, "www.example.com A": true}, proxied); diff != "" {
			t.Errorf("proxied at Cloudflare (-want +got):\n%s", diff)
		}
	})
}

func TestAccFunctions_ErrorsNameTheArgument(t *testing.T) {
	t.Parallel()
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		for call, words := range map[string][]string{
			`parse_zone_yaml("domain: example.com\nrecords: [{name: www, type: A, values: [x]}]")`: {`"text"`, "record 1 (www A)"},
			`parse_zone_yaml(null)`:                             {`"text"`, "null"},
			`parse_zone_file("www A 192.0.2.256", "a.example")`: {`"text"`, "line 1:"},
			`parse_zone_file("www A 192.0.2.1", ".")`:           {`"origin"`, "names nothing"},
		} {
			s.configure("output \"o\" {\n  value = provider::multidns::" + call + "\n}\n")
			r := s.plan(1)
			for _, word := range words {
				if !strings.Contains(r.Stderr, word) {
					t.Errorf("%s does not say %q:\n%s", call, word, r.Stderr)
				}
			}
		}
	})
}
