package acceptance

import (
	"maps"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// toldQuestion is what a data source is told, and the arguments that follow it.
type toldQuestion struct {
	source, says string
	bad, good    map[string]any
}

const nobody = "127.0.0.1:1" // where nobody listens

func httpProbe(rest map[string]any) map[string]any {
	question := map[string]any{"url": "http://" + nobody + "/"}
	maps.Copy(question, rest)
	return probeOf(map[string]any{"http": question})
}

func probeOf(rest map[string]any) map[string]any {
	args := map[string]any{"attempts": 1, "required_successes": 1}
	maps.Copy(args, rest)
	return args
}

func tcpProbe(address string) map[string]any {
	return probeOf(map[string]any{"tcp": map[string]any{"address": address}})
}

func dnsProbe(rest map[string]any) map[string]any {
	question := map[string]any{"server": nobody, "name": "www.example.com", "type": "A"}
	maps.Copy(question, rest)
	return probeOf(map[string]any{"timeout": "100ms", "dns": question})
}

func walkOf(rest map[string]any) map[string]any {
	args := map[string]any{"names": []string{"www.example.com"}, "root_servers": []string{nobody}, "timeout": "100ms"}
	maps.Copy(args, rest)
	return args
}

func zoneOf(rest map[string]any) map[string]any {
	args := map[string]any{"zone": sandbox.Zone}
	maps.Copy(args, rest)
	return args
}

const (
	askHealth = "multidns_health"
	askGraph  = "multidns_dependencies"
	askZone   = "multidns_zone"
)

var toldQuestions = map[string]toldQuestion{
	"port":        {askHealth, "is not a port; use 1 to 65535", tcpProbe("127.0.0.1:70000"), tcpProbe(nobody)},
	"pattern":     {askHealth, "write a shorter one, and no repeats of repeats such as (a{1,100}){1,10}", httpProbe(map[string]any{"body_regex": "(a{1,100}){1,10}b"}), httpProbe(map[string]any{"body_regex": "a+b"})},
	"HEAD":        {askHealth, `Write method = "GET", or remove this attribute`, httpProbe(map[string]any{"method": "HEAD", "body_contains": "a"}), httpProbe(map[string]any{"method": "GET", "body_contains": "a"})},
	"HEAD alone":  {askHealth, "or remove this attribute", httpProbe(map[string]any{"method": "HEAD", "body_contains": "a"}), httpProbe(map[string]any{"method": "HEAD"})},
	"no body":     {askHealth, "and expected_status lists no other. Remove one of the two", httpProbe(map[string]any{"expected_status": []string{"204"}, "body_contains": "a"}), httpProbe(map[string]any{"expected_status": []string{"204"}})},
	"no body 2":   {askHealth, "and expected_status lists no other. Remove one of the two", httpProbe(map[string]any{"expected_status": []string{"204"}, "body_contains": "a"}), httpProbe(map[string]any{"body_contains": "a"})},
	"long text":   {askHealth, "which is what is looked at. Write a part of it", httpProbe(map[string]any{"body_contains": strings.Repeat("a", 1<<20+1)}), httpProbe(map[string]any{"body_contains": strings.Repeat("a", 1<<20)})},
	"DNS server":  {askHealth, `Write "host", "host:port" or an address`, dnsProbe(map[string]any{"server": "a b"}), dnsProbe(nil)},
	"DNS name":    {askHealth, `is not a domain name. Write it in full, such as "www.example.com"`, dnsProbe(map[string]any{"name": "a..b"}), dnsProbe(nil)},
	"DNS type":    {askHealth, `Write "A", "AAAA", "CNAME", "TXT" or another`, dnsProbe(map[string]any{"type": "FOO"}), dnsProbe(map[string]any{"type": "TXT"})},
	"not_via":     {askHealth, `Write it in full, such as "web-router.example.com"`, probeOf(map[string]any{"tcp": map[string]any{"address": nobody}, "not_via": []string{"a b"}}), probeOf(map[string]any{"tcp": map[string]any{"address": nobody}, "not_via": []string{"web-router.example.com"}})},
	"connect_to":  {askHealth, `Write "host", "host:port" or an address`, httpProbe(map[string]any{"connect_to": "a b"}), httpProbe(map[string]any{"connect_to": "127.0.0.1"})},
	"no URL":      {askHealth, `not a URL. Write "https://host/path"`, httpProbe(map[string]any{"url": "http://a b/"}), httpProbe(nil)},
	"scheme":      {askHealth, `not an http or https URL. Write "https://host/path"`, httpProbe(map[string]any{"url": "ftp://127.0.0.1/"}), httpProbe(nil)},
	"attempts":    {askHealth, "use at least 1", probeOf(map[string]any{"attempts": 0, "tcp": map[string]any{"address": nobody}}), tcpProbe(nobody)},
	"successes":   {askHealth, "attempts cannot succeed; use 1 to 1", probeOf(map[string]any{"required_successes": 2, "tcp": map[string]any{"address": nobody}}), tcpProbe(nobody)},
	"status":      {askHealth, `Write "204" or "200-299"`, httpProbe(map[string]any{"expected_status": []string{"2xx"}}), httpProbe(map[string]any{"expected_status": []string{"200-299"}})},
	"TCP":         {askHealth, `has no port. Write "host:port"`, tcpProbe("127.0.0.1"), tcpProbe(nobody)},
	"TCP address": {askHealth, `. Write "host:port"`, tcpProbe("a b:1"), tcpProbe(nobody)},
	"days":        {askHealth, "is negative; use 0 or more", probeOf(map[string]any{"tls": map[string]any{"address": nobody, "minimum_days_valid": -1}}), probeOf(map[string]any{"tls": map[string]any{"address": nobody, "minimum_days_valid": 0}})},
	"timeout":     {askHealth, `Write a number and a unit, such as "10s", "5m" or "1h30m"`, probeOf(map[string]any{"timeout": "5", "tcp": map[string]any{"address": nobody}}), probeOf(map[string]any{"timeout": "5s", "tcp": map[string]any{"address": nobody}})},

	"network": {askGraph, `Write one such as "192.0.2.0/24"`, walkOf(map[string]any{"operators": map[string]any{"o": map[string]any{"networks": []string{"x"}}}}), walkOf(map[string]any{"operators": map[string]any{"o": map[string]any{"networks": []string{"192.0.2.0/24"}}}})},
	"needed for": {askGraph, `is not one of names. Write one of them, or "change" for what every change needs`, walkOf(map[string]any{"declared": []any{map[string]any{"name": "n", "operator": "o", "needed_for": []string{"x.example"}}}}),
		walkOf(map[string]any{"declared": []any{map[string]any{"name": "n", "operator": "o", "needed_for": []string{"www.example.com", "change"}}}})},
	"root":      {askGraph, `Write one such as "192.0.2.53"`, walkOf(map[string]any{"root_servers": []string{"x"}}), walkOf(nil)},
	"host name": {askGraph, `is not a host name. Write it in full, such as "www.example.com"`, walkOf(map[string]any{"names": []string{"a b"}}), walkOf(nil)},

	"answers": {askZone, "expected name/type, for example www/A, or @/MX at the apex", zoneOf(map[string]any{"answers": []string{"www"}}), zoneOf(map[string]any{"answers": []string{"www/A"}})},
	"servers": {askZone, `is not the address of a name server. Write one such as "192.0.2.1" or "192.0.2.1:53"`, zoneOf(map[string]any{"answers": []string{"www/A"}, "servers": map[string]any{"a": []string{"x"}}}),
		zoneOf(map[string]any{"answers": []string{"www/A"}, "servers": map[string]any{"a": []string{nobody}}})},
}

// TestAdvice_OfAQuestionWorks does what a data source is told.
func TestAdvice_OfAQuestionWorks(t *testing.T) {
	t.Parallel()
	for name, a := range toldQuestions {
		t.Run(name, func(t *testing.T) {
			s := newBareStage(t, sandbox.Options{})
			run := newDriven(t, s.box, patientTimeout)
			run.project.Env = map[string]string{"MULTIDNS_ROOT_SERVERS": s.box.Desec.DNSAddr}
			ask := func(args map[string]any) protocol.Result {
				return run.project.Plan(t.Context(), protocol.Config{Data: map[string]protocol.Resource{"data." + a.source + ".d": {Type: a.source, Args: args}}})
			}
			if r := ask(a.bad); r.ExitCode != 1 || !strings.Contains(flat(r.String()), flat(a.says)) {
				t.Fatalf("nothing says %q: %s", a.says, r)
			}
			if r := ask(a.good); r.ExitCode != 0 {
				t.Errorf("what it says is no good: %s", r)
			}
		})
	}
}

// toldSettings is what a provider block is told: one setting of one operator, bad and good.
type toldSettings struct{ operator, setting, bad, good, says string }

// asIs stands for the value that works.
const asIs = ""

var toldProviders = map[string]toldSettings{
	"blank":        {"cloudflare", "api_token", "a b", asIs, "which none ever does. Copy it again"},
	"quotes":       {"cloudflare", "api_token", "“abc”", asIs, "copy it again, without quotes and without a final newline"},
	"secret":       {"desec", "api_token", "“abc”", asIs, "copy it again, without quotes and without a final newline"},
	"no token":     {"desec", "api_token", "", asIs, "Set desec.api_token in the provider block, or the environment variable DESEC_API_TOKEN"},
	"no URL":       {"desec", "base_url", "http://a b", asIs, "base_url is not a URL; write it like https://api.example.com/v1"},
	"no host":      {"desec", "base_url", "https:///v1", asIs, "names no host; write it like https://api.example.com/v1"},
	"not secret":   {"desec", "base_url", "http://desec.example/v1", asIs, "would send the token unencrypted; write https (http is for loopback addresses only)"},
	"not secret 2": {"desec", "base_url", "http://desec.example/v1", "https://desec.example/v1", "would send the token unencrypted; write https"},
}

// TestAdvice_OfAProviderBlockWorks does what a provider block is told. It has nothing to ask.
func TestAdvice_OfAProviderBlockWorks(t *testing.T) {
	t.Parallel()
	noTokens := map[string]string{"CLOUDFLARE_API_TOKEN": "", "CF_API_TOKEN": "", "DESEC_API_TOKEN": "", "DESEC_TOKEN": ""}
	for name, a := range toldProviders {
		t.Run(name, func(t *testing.T) {
			s := newBareStage(t, sandbox.Options{})
			run := newDriven(t, s.box, patientTimeout)
			run.project.Env = noTokens
			config := declared("multidns_record.r", maps.Clone(anA))
			if a.good != asIs {
				config = protocol.Config{}
			}
			block := run.project.Provider[a.operator].(map[string]any)
			works := block[a.setting]
			set := func(text any) protocol.Result {
				block[a.setting] = text
				return run.project.Apply(t.Context(), config)
			}
			if r := set(a.bad); r.ExitCode != 1 || !strings.Contains(flat(r.String()), flat(a.says)) {
				t.Fatalf("nothing says %q: %s", a.says, r)
			}
			good := works
			if a.good != asIs {
				good = a.good
			}
			if r := set(good); r.ExitCode != 0 {
				t.Errorf("what it says is no good: %s", r)
			}
		})
	}
}
