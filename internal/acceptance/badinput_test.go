package acceptance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/sandboxtest"
)

// mistake is one resource or data source that cannot be, and what the user is told of it.
type mistake struct {
	hcl   string   // a block of which %q is the name
	line  string   // in the line of configuration that the error points to
	words []string // in the error
	// other is a second resource without which this would be no mistake: the CLI plans one of them first, and the other
	// is told.
	other string
}

func (m mistake) or(other string) mistake {
	m.other = other
	return m
}

// recordOf is a mistake in a multidns_record of the zone example.com.
func recordOf(name, typ, rest, line string, words ...string) mistake {
	return mistake{hcl: recordIn("example.com", name, typ, rest), line: line, words: words}
}

func recordIn(zone, name, typ, rest string) string {
	return fmt.Sprintf("resource \"multidns_record\" %%q {\n  zone = %q\n  name = %q\n  type = %q\n%s\n}\n", zone, name, typ, rest)
}

// routerOf is a mistake in a multidns_router.
func routerOf(rest, line string, words ...string) mistake {
	return mistake{hcl: "resource \"multidns_router\" %q {\n  zone = \"example.com\"\n" + rest + "\n}\n", line: line, words: words}
}

// healthOf is a mistake in a multidns_health.
func healthOf(rest, line string, words ...string) mistake {
	return mistake{hcl: "data \"multidns_health\" %q {\n" + rest + "\n}\n", line: line, words: words}
}

const oneTarget = `
  targets = [{ name = "a", values = ["a.example.net"] }]`

// Nobody needs to be asked to find these.
var plainMistakes = map[string]mistake{
	"absolute_outside": recordOf("www.example.org.", "A", first, "name =", "www.example.org.", "not in the zone", "relative"),
	"relative_outside": recordOf("www.example.org", "A", first, "name =", "another zone", "www.example.org.example.com."),
	"not_a_suffix":     recordOf("notexample.com", "A", first, "name =", "another zone"),
	"address":          recordOf("bad", "A", `values = ["192.0.2.300"]`, "values =", "is not an IPv4 address"),
	"address6":         recordOf("bad", "AAAA", `values = ["192.0.2.1"]`, "values =", "write an IPv6 address"),
	"cname_apex":       recordOf("@", "CNAME", `values = ["www.example.net"]`, "type =", "apex", "router"),
	"cname_two":        recordOf("two", "CNAME", `values = ["a.example.net", "b.example.net"]`, "values =", "one value"),
	"cname_itself":     recordOf("itself", "CNAME", `values = ["itself.example.com"]`, "values =", "itself"),
	"ttl_automatic":    recordOf("auto", "A", first+"\nttl = 1", "ttl =", "60"),
	"ttl_small":        recordOf("small", "A", first+"\nttl = 59", "ttl =", "60"),
	"ttl_large":        recordOf("large", "A", first+"\nttl = 86401", "ttl =", "86400"),
	"ttl_override":     recordOf("override", "A", first+"\ndesec = { ttl = 1 }", "", "desec.ttl", "60"),
	"type_unknown":     recordOf("unknown", "FOO", `values = ["bar"]`, "type =", "FOO"),
	"type_one_sided":   recordOf("dname", "DNAME", `values = ["example.net."]`, "type =", "DNAME", "Cloudflare"),
	"type_automatic":   recordOf("@", "SOA", `values = ["a. b. 1 2 3 4 5"]`, "type =", "SOA"),
	"u_label":          recordOf("bücher", "A", first, "name =", "xn--bcher-kva"),
	"u_label_zone":     {hcl: recordIn("bücher.example", "www", "A", first), line: "zone =", words: []string{"xn--bcher-kva.example"}},
	"u_label_value":    recordOf("ulabel", "CNAME", `values = ["bücher.example"]`, "values =", "A-labels"),
	"empty_values":     recordOf("empty", "A", `values = []`, "values =", "at least 1"),
	"blank_value":      recordOf("blank", "A", `values = [""]`, "values =", "empty"),
	"override_value":   recordOf("own", "A", first+"\ncloudflare = { values = [\"nonsense\"] }", "cloudflare =", "is not an IPv4 address"),
	"mx_preference":    recordOf("@", "MX", `values = ["mail.example.com"]`, "values =", "preference"),
	"ds_apex":          recordOf("@", "DS", `values = ["12345 13 2 49fd46e6c4b45c55d4ac69cbd3cd34ac1afe51de"]`, "", "DS"),
	"on_outage":        recordOf("outage", "A", first+"\non_outage = \"ignore\"", "on_outage =", "degrade"),
	"empty_name":       recordOf("", "A", first, "name =", "@"),
	"zone":             {hcl: recordIn("no zone!", "www", "A", first), line: "zone =", words: []string{"no zone!"}},

	"targets_one_name": routerOf(`name = "r1"
  targets = [{ name = "a", values = ["a.example.net"] }, { name = "a", values = ["b.example.net"] }]`,
		"targets =", `"a" is already the name`),
	"targets_two_values": routerOf("name = \"r2\"\n  targets = [{ name = \"a\", values = [\"a.example.net\", \"b.example.net\"] }]",
		"targets =", "one value"),
	"targets_address": routerOf("name = \"r3\"\n  type = \"A\"\n  targets = [{ name = \"a\", values = [\"a.example.net\"] }]",
		"targets =", "IPv4"),
	"targets_none":  routerOf("name = \"r4\"\n  targets = []", "targets =", "at least 1"),
	"router_apex":   routerOf("name = \"@\""+oneTarget, "", "apex", "type A"),
	"router_type":   routerOf("name = \"r6\"\n  type = \"TXT\""+oneTarget, "type =", "CNAME", "AAAA"),
	"pin_no_target": routerOf("name = \"r7\"\n  pin = { reason = \"game day\" }"+oneTarget, "pin =", "target"),
	"pin_unknown":   routerOf("name = \"r8\"\n  pin = { target = \"b\" }"+oneTarget, "pin =", `"b"`, `"a"`),
	"pin_clock":     routerOf("name = \"r9\"\n  pin = { target = \"a\", until = \"2026-11-22T15:00:00Z\" }"+oneTarget, "pin =", "evaluated_at = plantimestamp()"),
	"delay_clock":   routerOf("name = \"r10\"\n  failback = { delay = \"10m\" }"+oneTarget, "failback =", "evaluated_at = plantimestamp()"),
	"delay_unit":    routerOf("name = \"r11\"\n  failback = { delay = \"10\" }"+oneTarget, "failback =", "failback.delay", "5m"),
	"failback_mode": routerOf("name = \"r12\"\n  failback = { mode = \"sometimes\" }"+oneTarget, "", "failback.mode", "automatic"),
	"max_age_clock": routerOf("name = \"r13\"\n  max_health_age = \"5m\""+oneTarget, "max_health_age =", "evaluated_at = plantimestamp()"),
	"clock_format":  routerOf("name = \"r14\"\n  evaluated_at = \"yesterday\""+oneTarget, "evaluated_at =", "RFC 3339"),
	"router_ttl":    routerOf("name = \"r15\"\n  ttl = 1"+oneTarget, "ttl =", "60"),

	"two_probes": healthOf("http = { url = \"https://example.com/\" }\n  tcp = { address = \"192.0.2.1:80\" }", "", "http", "tcp", "tls", "dns"),
	"no_probe":   healthOf("timeout = \"5s\"", "", "http", "tcp", "tls", "dns"),
	"status":     healthOf("http = {\n url = \"https://example.com/\"\n expected_status = [\"2xx\"]\n }", "http =", "2xx", "200-299"),
	"successes":  healthOf("required_successes = 4\n  http = { url = \"https://example.com/\" }", "required_successes =", "1 to 3"),
	"successes_of_two": healthOf("attempts = 2\n  required_successes = 3\n  http = { url = \"https://example.com/\" }",
		"required_successes =", "1 to 2"),
	"url":        healthOf("http = {\n url = \"example.com/health\"\n }", "http =", "http"),
	"regex":      healthOf("http = {\n url = \"https://example.com/\"\n body_regex = \"(\"\n }", "http =", "regular expression"),
	"ip_version": healthOf("http = {\n url = \"https://example.com/\"\n ip_version = 5\n }", "http =", "4"),
	"connect_to": healthOf("http = {\n url = \"https://example.com/\"\n connect_to = \"a b\"\n }", "http =", "host:port"),
	"ca":         healthOf("http = {\n url = \"https://example.com/\"\n ca_cert_pem = \"nonsense\"\n }", "http =", "certificate"),
	"tcp_port":   healthOf("tcp = {\n address = \"192.0.2.1\"\n }", "tcp =", "port"),
	"dns_type":   healthOf("dns = {\n server = \"192.0.2.53\"\n name = \"example.com\"\n type = \"FOO\"\n }", "dns =", "FOO"),
	"timeout":    healthOf("timeout = \"5\"\n  tcp = { address = \"192.0.2.1:80\" }", "timeout =", "10s"),
	"attempts":   healthOf("attempts = 0\n  tcp = { address = \"192.0.2.1:80\" }", "attempts =", "1"),
	"controls":   healthOf("controls = [\"no url\"]\n  tcp = { address = \"192.0.2.1:80\" }", "controls =", "http"),
	"not_via":    healthOf("not_via = [\"a b\"]\n  tcp = { address = \"192.0.2.1:80\" }", "not_via =", "web-router.example.com"),
}

func TestAccBadInput_FoundBeforeAnybodyIsAsked(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.mistaken(provider, plainMistakes)
		s.requests("cloudflare", 0, 0)
		s.requests("desec", 0, 0)
	})
}

// Here an operator, or the rest of the configuration, knows better.
var askedMistakes = map[string]mistake{
	"ttl_minimum":        recordOf("minimum", "A", first+"\nttl = 300", "ttl =", "deSEC", "3600", "desec = { ttl = 3600 }"),
	"ttl_minimum_at":     recordOf("minimumat", "A", first+"\ndesec = { ttl = 60 }", "desec =", "3600"),
	"router_ttl_minimum": routerOf("name = \"web-router\""+oneTarget, "", "deSEC", "60", "desec = { ttl = 3600 }"),
	"comment":            recordOf("comment", "A", first+"\ncloudflare = { comment = \""+strings.Repeat("x", 501)+"\" }", "cloudflare =", "Cloudflare", "100"),
	"proxied_txt":        recordOf("proxied", "TXT", "values = [\"x\"]\ncloudflare = { proxied = true }", "cloudflare =", "Cloudflare", "TXT"),
	"zone_nowhere":       {hcl: recordIn("nowhere.example", "www", "A", first), line: "zone =", words: []string{"nowhere.example", "Cloudflare"}},
	"zone_nowhere_too":   {hcl: recordIn("nowhere.example", "too", "A", first), line: "zone =", words: []string{"nowhere.example", "deSEC"}},
	"cname_beside":       recordOf("beside", "CNAME", `values = ["a.example.net"]`, "type =", "cannot stand beside").or("beside_cname"),
	"beside_cname":       recordOf("BESIDE.example.com", "TXT", `values = ["x"]`, "type =", "cannot stand beside").or("cname_beside"),
	"declared_once":      recordOf("twice", "A", first, "name =", "twice.example.com.", "one resource").or("declared_twice"),
	"declared_twice":     recordOf("twice", "A", second, "name =", "twice.example.com.", "one resource").or("declared_once"),
	"cname_at_taken":     recordOf("taken", "CNAME", `values = ["a.example.net"]`, "name =", "taken.example.com.", "Nothing was written"),
	"different":          recordOf("taken", "A", second, "name =", "192.0.2.1", "overwrite = true", "import"),
}

func TestAccBadInput_FoundAtPlan(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.edit("cloudflare", "taken", "A", 3600, "192.0.2.1")
		before := s.held("cloudflare")
		s.mistaken(provider, askedMistakes)
		s.requests("cloudflare", s.reads("cloudflare"), 0)
		s.requests("desec", s.reads("desec"), 0)
		s.holds("cloudflare", before...)
		s.holds("desec")
	})
}

// A zone that exists at one operator is the failure that a user would not see.
func TestAccBadInput_ZoneAtOneOperatorOnly(t *testing.T) {
	t.Parallel()
	for operator, word := range map[string]string{"cloudflare": "deSEC", "desec": "Cloudflare"} {
		t.Run("only "+operator, func(t *testing.T) {
			t.Parallel()
			onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
				// The other operator is that of another sandbox, where the zone is another one.
				elsewhere := sandboxtest.Start(t, sandbox.Options{Zone: "example.org"})
				absent := other(operator)
				s.work.Env[strings.ToUpper(absent)+"_BASE_URL"] = elsewhere.Site(absent).BaseURL
				s.mistaken(provider, map[string]mistake{
					"r": recordOf("www", "A", first, "zone =", word, "example.com"),
				})
				s.holds(operator)
				if got := elsewhere.Site(absent).Log.Writes(); len(got) != 0 {
					t.Errorf("%s was written: %v", absent, paths(got))
				}
			})
		})
	}
}

// settingMistake is a provider block that cannot be.
type settingMistake struct {
	block string            // inside provider "multidns"
	unset string            // a variable of the environment that is taken away
	env   map[string]string // and what is set
	line  string
	words []string
}

var settingMistakes = map[string]settingMistake{
	"no Cloudflare token": {unset: "CLOUDFLARE_API_TOKEN", words: []string{"cloudflare.api_token", "CLOUDFLARE_API_TOKEN"}},
	"no deSEC token":      {unset: "DESEC_API_TOKEN", words: []string{"desec.api_token", "DESEC_API_TOKEN"}},
	"empty token":         {block: `desec = { api_token = "" }`, unset: "DESEC_API_TOKEN", words: []string{"desec.api_token"}},
	"token in two words":  {block: `desec = { api_token = "secret words" }`, words: []string{"deSEC", "white space"}},
	"http to another host": {block: `cloudflare = { api_token = "secret", base_url = "http://api.example.net/client/v4" }`,
		words: []string{"cloudflare.base_url", "https", "loopback"}},
	"http by variable":  {env: map[string]string{"DESEC_BASE_URL": "http://192.0.2.1/api/v1"}, words: []string{"DESEC_BASE_URL", "https"}},
	"no URL":            {block: `desec = { base_url = "desec.io" }`, words: []string{"https"}},
	"password in URL":   {block: `desec = { base_url = "https://user:secret@desec.io/api/v1" }`, words: []string{"desec.base_url"}},
	"unknown on_outage": {block: `on_outage = "shrug"`, line: "on_outage =", words: []string{"degrade", "fail"}},
	"time without unit": {block: `request_timeout = "10"`, line: "request_timeout =", words: []string{"10s"}},
	"no wait":           {block: `max_wait = "-1s"`, line: "max_wait =", words: []string{"positive"}},
}

func TestAccBadInput_ProviderBlock(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		environment := s.work.Env
		for name, m := range settingMistakes {
			s.work.Env = map[string]string{}
			for variable, value := range environment {
				if variable != m.unset {
					s.work.Env[variable] = value
				}
			}
			for variable, value := range m.env {
				s.work.Env[variable] = value
			}
			s.configure(required + "provider \"multidns\" {\n  " + m.block + "\n}\n" + record("r", "www", "A", first))
			r, diagnostics := s.work.ApplyJSON(t.Context())
			if err := r.Must(1); err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if !told(diagnostics, "", m.line, m.words) {
				t.Errorf("%s: nobody says %q at %q:\n%s", name, m.words, m.line, texts(diagnostics))
			}
			if strings.Contains(r.Stdout, "secret") {
				t.Errorf("%s: the secret is in the output:\n%s", name, r)
			}
		}
		s.requests("cloudflare", 0, 0)
		s.requests("desec", 0, 0)
	})
}

// mistaken applies all the mistakes at once and expects that each is told at its own address, and that nothing is in
// state.
func (s *stage) mistaken(head string, mistakes map[string]mistake) {
	s.t.Helper()
	var hcl strings.Builder
	hcl.WriteString(head)
	for name, m := range mistakes {
		fmt.Fprintf(&hcl, m.hcl, name)
	}
	s.configure(hcl.String())
	r, diagnostics := s.work.ApplyJSON(s.t.Context())
	if err := r.Must(1); err != nil {
		s.t.Fatal(err)
	}
	for name, m := range mistakes {
		if !told(diagnostics, name, m.line, m.words) && (m.other == "" || !told(diagnostics, m.other, m.line, m.words)) {
			s.t.Errorf("%s: nobody says %q at %q:\n%s", name, m.words, m.line, texts(about(diagnostics, name)))
		}
	}
	state, err := s.work.Show(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	if len(state.Resources) != 0 {
		s.t.Errorf("resources in state: %v", state.Resources)
	}
	s.t.Logf("%d mistakes, %d errors", len(mistakes), len(clitest.WithSeverity("error", diagnostics)))
}

// told reports whether an error about the resource of that name points to the line and holds the words.
func told(diagnostics []clitest.Diagnostic, name, line string, words []string) bool {
	for _, d := range clitest.WithSeverity("error", about(diagnostics, name)) {
		said := strings.Contains(d.Snippet.Code, line)
		for _, word := range words {
			said = said && strings.Contains(flat(d.Text()), flat(word))
		}
		if said {
			return true
		}
	}
	return false
}

// about keeps the diagnostics of one resource; of the provider block when the name is empty.
func about(diagnostics []clitest.Diagnostic, name string) []clitest.Diagnostic {
	var kept []clitest.Diagnostic
	for _, d := range diagnostics {
		if name == "" || strings.HasSuffix(d.Snippet.Context, fmt.Sprintf("%q", name)) || strings.HasSuffix(d.Address, "."+name) {
			kept = append(kept, d)
		}
	}
	return kept
}

func flat(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }

func texts(diagnostics []clitest.Diagnostic) string {
	var b strings.Builder
	for _, d := range diagnostics {
		fmt.Fprintf(&b, "%s: %s | %s [%s | %s]\n", d.Severity, d.Summary, d.Detail, d.Snippet.Context, d.Snippet.Code)
	}
	return b.String()
}

// reads counts the requests that read at an operator since forget.
func (s *stage) reads(operator string) int {
	log := s.box.Site(operator).Log
	return log.Count(nil) - len(log.Writes())
}
