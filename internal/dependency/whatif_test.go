package dependency

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// verdicts are "now>after" of the one name, by operator and facet.
func verdicts(m Map) map[string]string {
	got := map[string]string{}
	for operator, facets := range m.Report().WhatIf {
		for facet, outcomes := range facets {
			o := outcomes[m.Names[0]]
			got[operator+" "+string(facet)] = string(o.Now) + ">" + string(o.AfterSwitch)
		}
	}
	return got
}

func TestWhatIf(t *testing.T) {
	lame := Answer{Kind: Lame, Said: "answers REFUSED"}
	for name, test := range map[string]struct {
		change func(w *maker, m *Map)
		want   map[string]string
	}{
		"two operators and a router": {nil, map[string]string{
			"red dns": "up>up", "red all": "up>up", "blue dns": "up>up", "cdn dns": "down>up", "cdn edge": "down>up", "cdn all": "down>up",
			"registry-com.net dns": "down>down", "registry-net.net all": "down>down", "registry-com.net edge": "up>up",
		}},
		"the second operator is lame": {func(w *maker, _ *Map) {
			w.change("shop.com.", "www.shop.com.", "198.18.2.1", lame)
			w.change("shop.com.", "origin.shop.com.", "198.18.2.1", lame)
		}, map[string]string{"red dns": "down>down", "blue dns": "up>up", "cdn edge": "down>up"}},
		"only one operator moves the router": {func(_ *maker, m *Map) {
			m.Routers["www.shop.com."] = Router{Targets: []string{"origin.shop.com."}, ChangedAt: []string{"red"}}
		}, map[string]string{"cdn edge": "down>partly", "cdn dns": "down>partly"}},
		"the front's operator is one of those that move it": {func(_ *maker, m *Map) {
			m.Operators["red"] = Operator{Suffixes: []string{"red.net"}, Networks: append(m.Operators["red"].Networks, m.Operators["cdn"].Networks...)}
			delete(m.Operators, "cdn")
		}, map[string]string{"red edge": "down>up", "red edge_and_api": "down>partly", "red all": "down>up"}},
		"no router": {func(_ *maker, m *Map) { m.Routers = nil }, map[string]string{"cdn edge": "down>down", "cdn dns": "down>down"}},
		"one operator moved it already": {func(w *maker, _ *Map) {
			w.change("shop.com.", "www.shop.com.", "198.18.2.1", Answer{Kind: Alias, Chain: []string{"origin.shop.com."}})
		}, map[string]string{"cdn edge": "partly>up", "red dns": "up>up", "blue all": "up>up", "host edge": "partly>up"}},
		"what every change needs": {func(_ *maker, m *Map) {
			m.Declared = []Declared{{Name: "state", Operator: "cdn", Change: true}}
		}, map[string]string{"cdn edge": "down>up", "cdn edge_and_api": "down>down", "cdn all": "down>down", "cdn dns": "down>up"}},
		"what the name needs": {func(_ *maker, m *Map) {
			m.Declared = []Declared{{Name: "database", Operator: "host", NeededFor: []string{"www.shop.com."}}}
		}, map[string]string{"host dns": "up>up", "host edge": "down>down", "host edge_and_api": "down>down", "host all": "down>down"}},
		"addresses of two operators": {func(w *maker, m *Map) {
			w.host("cdn.net.", "shop.cdn.net.", "198.18.3.9", "198.18.4.9")
			m.Routers = nil
		}, map[string]string{"cdn edge": "partly>partly", "host edge": "partly>partly"}},
		"families of two operators": {func(w *maker, m *Map) {
			w.host("cdn.net.", "shop.cdn.net.", "198.18.3.9", "2001:db8::9")
			m.Operators["host"] = Operator{Networks: []netip.Prefix{netip.MustParsePrefix("2001:db8::/32")}}
			m.Routers = nil
		}, map[string]string{"cdn edge": "partly>partly", "host edge": "partly>partly"}},
		"a server that could not be asked would decide": {func(w *maker, _ *Map) {
			w.change("shop.com.", "www.shop.com.", "198.18.2.1", Answer{})
		}, map[string]string{"red dns": "unknown>unknown", "blue dns": "up>up", "cdn edge": "down>up"}},
	} {
		t.Run(name, func(t *testing.T) {
			w, m := twoOperators()
			if test.change != nil {
				test.change(w, &m)
			}
			got := verdicts(m)
			for key, want := range test.want {
				if got[key] != want {
					t.Errorf("without %s: %s, want %s", key, got[key], want)
				}
			}
		})
	}
}

// TestPoints_DownAlready: a name that is down is a problem, and nobody's single point of failure.
func TestPoints_DownAlready(t *testing.T) {
	w, m := twoOperators()
	m.Routers = nil
	w.change("cdn.net.", "shop.cdn.net.", "198.18.3.1", Answer{Kind: Final})
	r := m.Report()
	if len(r.Points) != 0 {
		t.Errorf("%+v", r.Points)
	}
	if len(r.Problems) == 0 || !strings.Contains(strings.Join(r.Problems, "\n"), "www.shop.com is down already") {
		t.Errorf("%q", r.Problems)
	}
}

func TestPoints(t *testing.T) {
	_, m := twoOperators()
	m.Routers = nil
	var got []string
	for _, p := range m.Report().Points {
		got = append(got, p.Operator+" "+string(p.Facet)+" "+strings.Join(p.Names, ","))
		if p.Why == "" || p.Remedy == "" || !strings.HasSuffix(p.Why, ".") || !strings.HasSuffix(p.Remedy, ".") {
			t.Errorf("%+v", p)
		}
	}
	want := []string{}
	for _, o := range []string{"cdn dns", "cdn edge", "cdn edge_and_api", "cdn all", "registry-com.net dns", "registry-com.net all", "registry-net.net dns", "registry-net.net all"} {
		want = append(want, o+" www.shop.com.")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCounts(t *testing.T) {
	_, m := twoOperators()
	r := m.Report()
	if r.ByOperator["registry-com.net"] != (Count{Down: 1}) || r.ByOperator["red"] != (Count{}) {
		t.Errorf("%v", r.ByOperator)
	}
	// cdn and red are lost, blue moves the router away; then blue and host are lost, and cdn still serves.
	if diff := cmp.Diff(map[string]Count{"US": {}, "DE": {}}, r.ByJurisdiction); diff != "" {
		t.Error(diff)
	}
	m.Routers = nil
	if got := m.Report().ByJurisdiction["US"]; got != (Count{Down: 1}) {
		t.Errorf("%v", got)
	}
}

func TestOfServer(t *testing.T) {
	o := Operators{"red": testOperator("red.net", 1, ""), "blue": testOperator("blue.net", 2, ""), "redder": {Suffixes: []string{"deep.red.net"}}}
	for _, test := range []struct{ host, addr, want string }{
		{"ns1.red.net.", "198.18.1.1", "red"},
		{"ns1.red.net.", "198.18.2.1", "blue red"},
		{"ns1.red.net.", "203.0.113.1", "red"},
		{"ns1.shop.com.", "198.18.2.1", "blue"},
		{"ns1.shop.com.", "203.0.113.1", ""},
		{"ns.other.co.uk.", "203.0.113.1", "other.co.uk"},
		{"ns1.deep.red.net.", "203.0.113.1", "redder"},
		{"ns1.notred.net.", "203.0.113.1", "notred.net"},
	} {
		got := strings.Join(o.OfServer(test.host, netip.MustParseAddr(test.addr), OwnDomains([]string{"www.shop.com."})), " ")
		if got != test.want {
			t.Errorf("%s at %s: %q, want %q", test.host, test.addr, got, test.want)
		}
	}
}

func TestTable_ExtendsAndOverrides(t *testing.T) {
	table := Table(Operators{
		"bunny": {Networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}},
		"mine":  {Suffixes: []string{"desec.org"}},
	})
	if table.byName("x.b-cdn.net.") != "bunny" || table.byAddress(netip.MustParseAddr("192.0.2.7")) != "bunny" || table["bunny"].Jurisdiction != "SI" {
		t.Errorf("bunny: %+v", table["bunny"])
	}
	if table.byName("ns2.desec.org.") != "mine" || table.byName("ns1.desec.io.") != "desec" {
		t.Error("a suffix that the user names is another's")
	}
	for _, name := range strings.Fields("akamai aws azure bunny cloudflare desec digicert fastly gandi github google hetzner infomaniak netlify ns1 ovhcloud vercel") {
		if len(table[name].Suffixes) == 0 || table[name].Jurisdiction == "" {
			t.Errorf("%s: %+v", name, table[name])
		}
	}
	for host, want := range map[string]string{"ada.ns.cloudflare.com.": "cloudflare", "ns-42.awsdns-05.co.uk.": "aws", "dns1.p05.nsone.net.": "ns1", "kiki.bunny.net.": "bunny"} {
		if got := table.byName(host); got != want {
			t.Errorf("%s: %q", host, got)
		}
	}
}

func TestStep(t *testing.T) {
	for _, test := range []struct{ zone, name, want string }{
		{".", "www.shop.com.", "com."},
		{"com.", "www.shop.com.", "shop.com."},
		{"shop.com.", "a.b.shop.com.", "a.b.shop.com."},
		{"uk.", "www.shop.co.uk.", "co.uk."},
		{"co.uk.", "www.shop.co.uk.", "shop.co.uk."},
		{".", "com.", "com."},
		{"com.", "shop.com.", "shop.com."},
	} {
		if got := Step(test.zone, test.name); got != test.want {
			t.Errorf("Step(%s, %s) is %s, want %s", test.zone, test.name, got, test.want)
		}
	}
}

func TestRegistrable(t *testing.T) {
	for name, want := range map[string]string{
		"www.shop.com.": "shop.com.", "shop.co.uk.": "shop.co.uk.", "x.b-cdn.net.": "b-cdn.net.", "a.b.test.": "b.test.", "ns.test.": "ns.test.", "com.": "com.", "co.uk.": "co.uk.",
	} {
		if got := Registrable(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	for zone, want := range map[string]bool{"com.": true, "co.uk.": true, "test.": true, "b-cdn.net.": false, "shop.com.": false, ".": false} {
		if IsSuffix(zone) != want {
			t.Errorf("%s: %t", zone, !want)
		}
	}
}

func TestParseName(t *testing.T) {
	for text, want := range map[string]string{"WWW.Example.com": "www.example.com.", "bücher.example.": "xn--bcher-kva.example.", "_a.b": "_a.b.", "": "", ".": "", "a b": "", "a..b": "", strings.Repeat("a", 64) + ".com": ""} {
		got, err := ParseName(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}
