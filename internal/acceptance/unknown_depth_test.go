package acceptance

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

type args = map[string]any

// fullConfigurations declare, one with the other, every argument of a type, and every collection with an element.
func fullConfigurations(box *sandbox.Sandbox) map[string][]args {
	common := func(more args) args {
		all := args{"zone": "example.com", "name": "r", "ttl": 3600, "overwrite": true, "on_outage": "degrade", "desec": args{"ttl": 7200}}
		maps.Copy(all, more)
		return all
	}
	override := args{"ttl": 300, "comment": "text", "tags": []any{"a:b"}}
	health := func(more args) args {
		all := args{
			"attempts": 1, "required_successes": 1, "timeout": "1s", "interval": "0s", "enabled": true,
			"not_via": []any{"r.example.com"}, "controls": []any{"http://127.0.0.1:1/"},
		}
		maps.Copy(all, more)
		return all
	}
	account := func(operator string) args {
		site := box.Site(operator)
		return args{"api_token": site.Token, "base_url": site.BaseURL}
	}
	cloudflare := account("cloudflare")
	cloudflare["zone_ids"] = args{box.Zone: box.Cloudflare.ZoneID}
	return map[string][]args{
		"provider": {{
			"cloudflare": cloudflare, "desec": account("desec"),
			"on_outage": "degrade", "request_timeout": "30s", "max_wait": "10s",
		}},
		"multidns_record": {
			common(args{
				"type": "A", "values": []any{"192.0.2.1", "192.0.2.2"}, "desec": args{"ttl": 7200, "values": []any{"192.0.2.3"}},
				"cloudflare": args{"ttl": 300, "values": []any{"192.0.2.4"}, "comment": "text", "tags": []any{"a:b"}},
			}),
			common(args{"type": "A", "values": []any{"192.0.2.1"}, "cloudflare": args{"proxied": true}}),
		},
		"multidns_router": {
			common(args{
				"name": "q", "type": "CNAME", "evaluated_at": "2026-01-02T10:00:00Z", "max_health_age": "900000h", "cloudflare": override,
				"failback": args{"mode": "automatic", "delay": "10m"}, "pin": args{"target": "b", "reason": "text", "until": "2026-01-02T12:00:00Z"},
				"targets": []any{
					args{"name": "a", "values": []any{"a.example.net."}, "healthy": true}, args{"name": "b", "values": []any{"b.example.net."}, "healthy": true},
				},
			}),
			common(args{
				"name": "p", "type": "A", "cloudflare": args{"proxied": true}, "targets": []any{args{"name": "a", "values": []any{"192.0.2.1", "192.0.2.2"}, "healthy": true}},
			}),
		},
		"multidns_zone_records": {{
			"zone": "example.com", "overwrite": true, "on_outage": "degrade", "records": args{
				"a/A": args{
					"values": []any{"192.0.2.1"}, "ttl": 3600, "desec": args{"ttl": 7200, "values": []any{"192.0.2.3"}},
					"cloudflare": args{"ttl": 300, "values": []any{"192.0.2.4"}, "comment": "text", "tags": []any{"a:b"}},
				},
				"b/A": args{"values": []any{"192.0.2.1", "192.0.2.2"}, "cloudflare": args{"proxied": true}},
			},
		}},
		"multidns_dnssec": {{
			"zone": "example.com", "on_outage": "degrade", "servers": args{"cloudflare": []any{"127.0.0.1:1"}, "desec": []any{"127.0.0.1:1"}},
		}},
		"multidns_health": {
			health(args{"http": args{
				"url": "http://127.0.0.1:1/", "method": "GET", "headers": args{"A": "b"}, "expected_status": []any{"200"}, "body_contains": "a", "body_regex": "a",
				"connect_to": "127.0.0.1:1", "follow_redirects": true, "ip_version": 4, "ca_cert_pem": "none",
			}}),
			health(args{"tcp": args{"address": "127.0.0.1:1"}}),
			health(args{"tls": args{"address": "127.0.0.1:1", "server_name": "a.example.com", "minimum_days_valid": 1, "ca_cert_pem": "none"}}),
			health(args{"dns": args{"server": "127.0.0.1:1", "name": "a.example.com", "type": "A", "expected_values": []any{"192.0.2.1"}}}),
		},
		"multidns_records": {{"zone": "example.com"}},
		"multidns_zone":    {{"zone": "example.com", "answers": []any{"www/A"}, "servers": args{"x": []any{"127.0.0.1:1"}}}},
		"multidns_dependencies": {{
			"names": []any{"www.example.com"}, "port": 53, "root_servers": []any{"127.0.0.1"}, "timeout": "1s",
			"operators": args{"x": args{"suffixes": []any{"b-cdn.net"}, "networks": []any{"192.0.2.0/24"}, "jurisdiction": "SI"}},
			"declared":  []any{args{"name": "x", "operator": "x", "needed_for": []any{"change"}}},
			"routers":   args{"www.example.com": args{"targets": []any{"a.example.net"}, "changed_at": []any{"desec"}}},
		}},
	}
}

// A value that is not known yet may stand wherever a value may: as an argument, as a collection, as an element of one,
// and within that. It must be no error of the plan, and none of the apply once it is known.
func TestUnknown_AtEveryDepth(t *testing.T) {
	t.Parallel()
	s := newBareStage(t, sandbox.Options{CloudflarePlan: "pro"})
	full := fullConfigurations(s.box)
	resources, data := protocol.Types()
	for _, of := range slices.Concat([]string{"provider"}, resources, data) {
		for i, config := range full[of] {
			for _, at := range places(config) {
				t.Run(fmt.Sprintf("%s %d %s", of, i, strings.Join(at, ".")), func(t *testing.T) {
					later, _ := makeLater(config, at).(args)
					run := newDriven(t, s.box, patientTimeout)
					c := protocol.Config{}
					switch {
					case of == "provider":
						run.project.Provider = later
						c.Resources = map[string]protocol.Resource{"multidns_record.r": {Type: "multidns_record", Args: full["multidns_record"][0]}}
					case slices.Contains(data, of):
						c.Data = map[string]protocol.Resource{of + ".d": {Type: of, Args: later}}
					default:
						c.Resources = map[string]protocol.Resource{of + ".r": {Type: of, Args: later}}
					}
					if of == "multidns_dnssec" { // nobody signs here
						if r := run.plan(t.Context(), c); strings.Contains(r.text, "ERROR") {
							t.Error(r.text)
						}
						return
					}
					if r := run.apply(t.Context(), c); r.exit != 0 { // as a creation
						t.Errorf("creation: %s", r.text)
					}
					if r := run.apply(t.Context(), c); r.exit != 0 { // as an update
						t.Errorf("update: %s", r.text)
					}
				})
			}
		}
		declared := map[string]bool{}
		for _, config := range full[of] {
			for _, at := range places(config) {
				declared[argumentOf(at)] = true
			}
		}
		for _, argument := range protocol.Arguments(of) {
			if !declared[argument] {
				t.Errorf("%s: this test declares no %s", of, argument)
			}
		}
	}
}

// places are the paths to all values within v.
func places(v any) (all [][]string) {
	add := func(step string, inner any) {
		all = append(all, []string{step})
		for _, below := range places(inner) {
			all = append(all, append([]string{step}, below...))
		}
	}
	switch v := v.(type) {
	case args:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			add(name, v[name])
		}
	case []any:
		for i, element := range v {
			add(strconv.Itoa(i), element)
		}
	}
	return all
}

// argumentOf is the name of the argument at a place: without the keys and positions of what is in a collection.
func argumentOf(at []string) string {
	var names []string
	for _, step := range at {
		_, err := strconv.Atoi(step)
		if key := strings.ContainsAny(step, "/."); err != nil && !key && step != "x" {
			names = append(names, step)
		}
	}
	return strings.Join(names, ".")
}

// makeLater is v with what stands at a place not known before the apply.
func makeLater(v any, at []string) any {
	if len(at) == 0 {
		return protocol.Later{Value: v}
	}
	switch v := v.(type) {
	case args:
		changed := maps.Clone(v)
		changed[at[0]] = makeLater(v[at[0]], at[1:])
		return changed
	case []any:
		changed := slices.Clone(v)
		i, _ := strconv.Atoi(at[0])
		changed[i] = makeLater(v[i], at[1:])
		return changed
	}
	return v
}
