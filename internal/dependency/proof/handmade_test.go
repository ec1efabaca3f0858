package proof

import (
	"maps"
	"net/netip"
	"slices"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/dependency"
)

// base is an internet with two operators of DNS, a CDN and one registry for each of three top-level domains.
// www.shop.com is served by both operators and leads through a router to the CDN's front.
func base() internet {
	in := internet{
		operators: dependency.Operators{
			"red":  {Suffixes: []string{"red-dns.net"}, Networks: prefixes("127.1.0.0/16", "fd00:53:1::/48"), Jurisdiction: "US"},
			"blue": {Suffixes: []string{"blue-dns.org"}, Networks: prefixes("127.2.0.0/16", "fd00:53:2::/48"), Jurisdiction: "DE"},
			"cdn":  {Suffixes: []string{"cdn-edge.net"}, Networks: prefixes("127.3.0.0/16"), Jurisdiction: "US"},
			"host": {Networks: prefixes("127.4.0.0/16"), Jurisdiction: "DE"},
		},
		hosts: map[string][]string{
			"a.nic-com.net.": {"127.10.1.1"}, "b.nic-com.net.": {"127.10.2.1"},
			"a.nic-net.net.":   {"127.11.1.1"},
			"a.nic-org.org.":   {"127.12.1.1"},
			"ns1.red-dns.net.": {"127.1.1.1"}, "ns2.red-dns.net.": {"127.1.2.1"},
			"ns1.blue-dns.org.": {"127.2.1.1"}, "ns2.blue-dns.org.": {"127.2.2.1"},
			"ns1.cdn-edge.net.": {"127.3.1.1"}, "ns2.cdn-edge.net.": {"127.3.2.1"},
		},
		zones: map[string]*zone{
			"com.":          {ns: []string{"a.nic-com.net.", "b.nic-com.net."}},
			"net.":          {ns: []string{"a.nic-net.net."}},
			"org.":          {ns: []string{"a.nic-org.org."}},
			"nic-com.net.":  {ns: []string{"a.nic-com.net."}},
			"nic-net.net.":  {ns: []string{"a.nic-net.net."}},
			"nic-org.org.":  {ns: []string{"a.nic-org.org."}},
			"red-dns.net.":  {ns: []string{"ns1.red-dns.net.", "ns2.red-dns.net."}},
			"blue-dns.org.": {ns: []string{"ns1.blue-dns.org.", "ns2.blue-dns.org."}},
			"cdn-edge.net.": {ns: []string{"ns1.cdn-edge.net.", "ns2.cdn-edge.net."}, rrsets: map[string]string{"shop A": "127.3.9.1"}},
			"shop.com.": {
				ns:     []string{"ns1.red-dns.net.", "ns2.red-dns.net.", "ns1.blue-dns.org.", "ns2.blue-dns.org."},
				rrsets: map[string]string{"www CNAME": "web.shop.com.", "web CNAME": "shop.cdn-edge.net.", "@ A": "127.4.9.1", "origin A": "127.4.9.1"},
			},
		},
		fronts:  []string{"127.3.9.1", "127.4.9.1"},
		names:   []string{"www.shop.com.", "shop.com."},
		routers: map[string]dependency.Router{"web.shop.com.": {Targets: []string{"shop.cdn-edge.net.", "origin.shop.com."}, ChangedAt: []string{"red", "blue"}}},
	}
	return in
}

func prefixes(texts ...string) []netip.Prefix {
	var all []netip.Prefix
	for _, text := range texts {
		all = append(all, netip.MustParsePrefix(text))
	}
	return all
}

// handmade are the internets that somebody thought of, each with one thing that is different.
var handmade = map[string]func(in *internet){
	"all well":     func(*internet) {},
	"one operator": func(in *internet) { in.zones["shop.com."].ns = []string{"ns1.red-dns.net.", "ns2.red-dns.net."} },
	"second operator is lame": func(in *internet) {
		in.zones["shop.com."].lame = map[string]string{"ns1.blue-dns.org.": "refuses", "ns2.blue-dns.org.": "refuses"}
	},
	"lame in all ways": func(in *internet) {
		in.zones["shop.com."].lame = map[string]string{"ns1.blue-dns.org.": "upwards", "ns2.blue-dns.org.": "fails"}
	},
	"router moved at one only": func(in *internet) {
		in.zones["shop.com."].differs = map[string]map[string]string{"ns1.blue-dns.org.": {"web CNAME": "origin.shop.com."}, "ns2.blue-dns.org.": {"web CNAME": "origin.shop.com."}}
	},
	"router changed at one": func(in *internet) {
		in.routers["web.shop.com."] = dependency.Router{Targets: []string{"origin.shop.com.", "shop.cdn-edge.net."}, ChangedAt: []string{"red"}}
	},
	"missing at one": func(in *internet) {
		in.zones["shop.com."].differs = map[string]map[string]string{"ns2.red-dns.net.": {"www CNAME": ""}}
	},
	"addresses of two": func(in *internet) {
		in.zones["shop.com."].rrsets["@ A"] = "127.4.9.1 127.3.9.1"
	},
	"in-bailiwick name servers of one operator": func(in *internet) {
		in.hosts["ns1.shop.com."], in.hosts["ns2.shop.com."] = []string{"127.1.5.1"}, []string{"127.1.6.1"}
		in.zones["shop.com."].ns = []string{"ns1.shop.com.", "ns2.shop.com."}
	},
	"glue on one side only": func(in *internet) {
		in.hosts["ns1.shop.com."], in.hosts["ns2.shop.com."] = []string{"127.1.5.1"}, []string{"127.2.5.1"}
		in.zones["shop.com."].ns = []string{"ns1.shop.com.", "ns2.shop.com."}
		in.zones["shop.com."].noGlue = []string{"ns2.shop.com."}
	},
	"second operator named under the first": func(in *internet) {
		in.hosts["ns9.red-dns.net."] = []string{"127.2.7.1"}
		in.zones["shop.com."].ns = []string{"ns1.red-dns.net.", "ns9.red-dns.net."}
	},
	"a circle of zones": func(in *internet) {
		in.hosts["ns.loop-a.net."], in.hosts["ns.loop-b.org."] = []string{"127.1.7.1"}, []string{"127.2.7.1"}
		in.zones["loop-a.net."] = &zone{ns: []string{"ns.loop-b.org."}}
		in.zones["loop-b.org."] = &zone{ns: []string{"ns.loop-a.net."}}
		in.zones["shop.com."].ns = []string{"ns.loop-a.net.", "ns1.red-dns.net."}
	},
	"a name server without an address": func(in *internet) {
		in.zones["shop.com."].ns = []string{"ns3.blue-dns.org.", "ns1.red-dns.net."}
	},
	"aliases in a circle": func(in *internet) { in.zones["shop.com."].rrsets["web CNAME"] = "www.shop.com." },
	"a zone below":        below,
	"what is declared": func(in *internet) {
		in.declared = []dependency.Declared{{Name: "state", Operator: "cdn", Change: true}, {Name: "database", Operator: "host", NeededFor: []string{"www.shop.com."}}}
	},
	"a router at the apex": func(in *internet) {
		in.routers["shop.com."] = dependency.Router{Targets: []string{"127.4.9.1", "127.3.9.1"}, ChangedAt: []string{"red", "blue"}}
	},
}

// below puts the names into a zone below, of which one parent's server serves it as well.
func below(in *internet) {
	in.zones["eu.shop.com."] = &zone{ns: []string{"ns1.red-dns.net.", "ns1.cdn-edge.net."}, rrsets: map[string]string{"www A": "127.4.9.1"}}
	in.names = append(in.names, "www.eu.shop.com.")
}

func TestInside_Handmade(t *testing.T) {
	inside(t)
	total := 0
	for _, name := range slices.Sorted(maps.Keys(handmade)) {
		t.Run(name, func(t *testing.T) {
			in := base()
			handmade[name](&in)
			total += compare(t, in, defaultEffort(), long())
		})
	}
	t.Logf("compared: %d cases in %d internets made by hand", total, len(handmade))
}
