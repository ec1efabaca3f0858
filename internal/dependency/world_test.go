package dependency

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// maker makes worlds for tests: one truth, that all servers of a zone answer, unless a test changes an answer.
type maker struct {
	world World
	cuts  map[string]Cut // by zone
}

// newMaker begins with a root that delegates com. and net. to registries.
func newMaker() *maker {
	m := &maker{World{Cuts: map[string]Cut{}, Answers: map[Question]map[netip.Addr]Answer{}}, map[string]Cut{}}
	root := NewCut(".", map[string][]netip.Addr{"": {netip.MustParseAddr("192.0.2.1")}})
	m.world.Root = root.Key()
	m.cuts["."] = root
	m.world.Cuts[root.Key()] = root
	m.zone("com.", "a.registry-com.net.=192.0.2.10")
	m.zone("net.", "a.registry-net.net.=192.0.2.11")
	return m
}

// zone delegates a zone to hosts, each "name" or with glue "name=address".
func (m *maker) zone(name string, hosts ...string) {
	glue := map[string][]netip.Addr{}
	for _, h := range hosts {
		host, addr, ok := strings.Cut(h, "=")
		glue[host] = nil
		if ok {
			glue[host] = []netip.Addr{netip.MustParseAddr(addr)}
		}
	}
	c := NewCut(name, glue)
	m.cuts[name] = c
	m.world.Cuts[c.Key()] = c
	parent := "."
	if count(name) > 1 {
		parent = name[strings.Index(name, ".")+1:]
	}
	m.answer(parent, Question{Name: name, Type: A}, Answer{Kind: Referral, Cut: c.Key()})
}

// answer lets all servers of a zone that have glue give an answer, and those that are resolved as well.
func (m *maker) answer(zone string, q Question, a Answer) {
	q.Cut = m.cuts[zone].Key()
	for _, h := range m.cuts[zone].Hosts {
		for _, addr := range h.Glue {
			m.give(q, addr, a)
		}
		if len(h.Glue) == 0 {
			for _, addr := range m.addresses(h.Name) {
				m.give(q, addr, a)
			}
		}
	}
}

func (m *maker) give(q Question, addr netip.Addr, a Answer) {
	if m.world.Answers[q] == nil {
		m.world.Answers[q] = map[netip.Addr]Answer{}
	}
	m.world.Answers[q][addr] = a
}

// addresses that were given for a host so far.
func (m *maker) addresses(host string) []netip.Addr {
	for q, answers := range m.world.Answers {
		if q.Name != host || q.Type != A {
			continue
		}
		for _, a := range answers {
			return a.Addresses
		}
	}
	return nil
}

// host answers name in its zone with addresses, or with an alias.
func (m *maker) host(zone, name string, values ...string) {
	byType := map[Type][]netip.Addr{}
	for _, v := range values {
		addr, err := netip.ParseAddr(v)
		if err != nil {
			m.answer(zone, Question{Name: name, Type: A}, Answer{Kind: Alias, Chain: []string{v}})
			return
		}
		t := AAAA
		if addr.Is4() {
			t = A
		}
		byType[t] = append(byType[t], addr)
	}
	for _, t := range []Type{A, AAAA} {
		slices.SortFunc(byType[t], netip.Addr.Compare)
		m.answer(zone, Question{Name: name, Type: t}, Answer{Kind: Final, Addresses: byType[t]})
	}
}

// change replaces the answer of one server, A and AAAA.
func (m *maker) change(zone, name, addr string, a Answer) {
	for _, t := range []Type{A, AAAA} {
		m.give(Question{m.cuts[zone].Key(), name, t}, netip.MustParseAddr(addr), a)
	}
}

// twoOperators is a site at red and blue, with a front at cdn and an origin at host.
func twoOperators() (*maker, Map) {
	m := newMaker()
	m.zone("red.net.", "ns1.red.net.=198.18.1.1", "ns2.red.net.=198.18.1.2")
	m.zone("blue.net.", "ns1.blue.net.=198.18.2.1")
	m.zone("cdn.net.", "ns1.cdn.net.=198.18.3.1")
	m.host("red.net.", "ns1.red.net.", "198.18.1.1")
	m.host("red.net.", "ns2.red.net.", "198.18.1.2")
	m.host("blue.net.", "ns1.blue.net.", "198.18.2.1")
	m.host("cdn.net.", "shop.cdn.net.", "198.18.3.9")
	m.zone("shop.com.", "ns1.red.net.", "ns1.blue.net.")
	m.host("shop.com.", "www.shop.com.", "shop.cdn.net.")
	m.host("shop.com.", "origin.shop.com.", "198.18.4.9")
	return m, Map{
		World: m.world, Names: []string{"www.shop.com."},
		Operators: Operators{
			"red": testOperator("red.net", 1, "US"), "blue": testOperator("blue.net", 2, "DE"),
			"cdn": testOperator("cdn.net", 3, "US"), "host": testOperator("", 4, "DE"),
		},
		Routers: map[string]Router{"www.shop.com.": {Targets: []string{"shop.cdn.net.", "origin.shop.com."}, ChangedAt: []string{"red", "blue"}}},
	}
}

func testOperator(suffix string, network int, jurisdiction string) Operator {
	o := Operator{Jurisdiction: jurisdiction, Networks: []netip.Prefix{netip.MustParsePrefix(fmt.Sprintf("198.18.%d.0/24", network))}}
	if suffix != "" {
		o.Suffixes = []string{suffix}
	}
	return o
}
