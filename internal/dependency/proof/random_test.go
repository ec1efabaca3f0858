package proof

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/dependency"
)

// chance draws internets.
type chance struct {
	*rand.Rand
	in     internet
	v6     bool
	nextIP int
}

func (c *chance) one(in ...string) string { return in[c.IntN(len(in))] }

func (c *chance) often() bool { return c.IntN(3) > 0 }

func (c *chance) seldom() bool { return c.IntN(4) == 0 }

// some are up to most of them, at least one.
func (c *chance) some(most int, of []string) []string {
	picked := slices.Clone(of)
	c.Shuffle(len(picked), func(i, j int) { picked[i], picked[j] = picked[j], picked[i] })
	picked = picked[:1+c.IntN(min(most, len(picked)))]
	slices.Sort(picked)
	return picked
}

// address is a new one of an operator's network; now and then of its IPv6 network as well.
func (c *chance) address(network int) []string {
	c.nextIP++
	addrs := []string{fmt.Sprintf("127.%d.%d.1", network, c.nextIP)}
	if c.v6 && c.seldom() {
		addrs = append(addrs, fmt.Sprintf("fd00:53:%x::%x", network, c.nextIP))
	}
	if c.seldom() && len(addrs) > 1 {
		addrs = addrs[1:]
	}
	return addrs
}

var (
	topLevels  = []string{"com.", "net.", "org."}
	dnsFirms   = []string{"red", "blue", "green"}
	allNetwork = map[string]int{"red": 1, "blue": 2, "cdn": 3, "host": 4, "green": 5}
)

// random draws an internet: registries with one or two operators, operators whose domains may be served by each other,
// whose name servers may stand in another's network, and sites that are set up well and badly.
func random(seed uint64, v6 bool) internet {
	c := &chance{Rand: rand.New(rand.NewPCG(seed, 0)), v6: v6}
	c.in = internet{
		operators: dependency.Operators{}, hosts: map[string][]string{}, zones: map[string]*zone{}, routers: map[string]dependency.Router{},
		fronts: []string{"127.3.9.1", "127.3.9.2", "127.4.9.1"},
	}
	for name, network := range allNetwork {
		c.in.operators[name] = dependency.Operator{Networks: prefixes(fmt.Sprintf("127.%d.0.0/16", network), fmt.Sprintf("fd00:53:%x::/48", network)), Jurisdiction: c.one("US", "DE", "")}
	}
	c.registries()
	hosts := c.firms()
	c.in.zones["cdn-edge.net."] = &zone{ns: c.some(2, hosts), rrsets: map[string]string{"shop A": c.one("127.3.9.1", "127.3.9.1 127.3.9.2", "127.3.9.1 127.4.9.1")}}
	for i := range 1 + c.IntN(2) {
		c.site(i, hosts)
	}
	return c.in
}

func (c *chance) registries() {
	firms := []string{"a.nic-one.net.", "a.nic-two.org."}
	c.in.hosts[firms[0]], c.in.hosts[firms[1]] = c.address(10), c.address(11)
	for _, tld := range topLevels {
		c.in.zones[tld] = &zone{ns: c.some(2, firms)}
	}
	c.in.zones["nic-one.net."] = &zone{ns: firms[:1]}
	c.in.zones["nic-two.org."] = &zone{ns: firms[1:]}
}

// firms are the operators of DNS with their domains and name servers.
func (c *chance) firms() []string {
	var hosts []string
	for _, firm := range dnsFirms[:2+c.IntN(2)] {
		domain := firm + "-dns." + c.one(topLevels...)
		c.in.operators[firm] = dependency.Operator{
			Suffixes: []string{strings.TrimSuffix(domain, ".")}, Networks: c.in.operators[firm].Networks, Jurisdiction: c.in.operators[firm].Jurisdiction,
		}
		var own []string
		for n := range 2 {
			host := fmt.Sprintf("ns%d.%s", n+1, domain)
			network := allNetwork[firm]
			if c.seldom() {
				network = allNetwork[c.one(dnsFirms...)]
			}
			c.in.hosts[host] = c.address(network)
			own = append(own, host)
		}
		z := &zone{ns: own}
		if len(hosts) > 0 && c.seldom() {
			z.ns = c.some(2, hosts)
		}
		if c.seldom() && slices.Contains(z.ns, own[1]) {
			z.noGlue = []string{own[1]}
		}
		c.in.zones[domain] = z
		hosts = append(hosts, own...)
	}
	return hosts
}

// site is somebody's zone.
func (c *chance) site(n int, hosts []string) {
	name := fmt.Sprintf("site%d.", n) + c.one(topLevels...)
	// Not more than three that must be resolved: unbound gives a zone up after five addresses that it could not find
	// (MAX_TARGET_NX, against CVE-2020-12662), even if the next would do.
	z := &zone{ns: c.some(3, hosts), lame: map[string]string{}, differs: map[string]map[string]string{}, rrsets: map[string]string{}}
	if c.seldom() { // name servers of its own name
		z.ns = z.ns[:1]
		for i := range 1 + c.IntN(2) {
			host := fmt.Sprintf("ns%d.%s", i, name)
			c.in.hosts[host] = c.address(allNetwork[c.one(dnsFirms...)])
			z.ns = append(z.ns, host)
			if c.seldom() {
				z.noGlue = append(z.noGlue, host)
			}
		}
	}
	z.rrsets["@ A"] = c.one("127.4.9.1", "127.3.9.2", "127.4.9.1 127.3.9.1")
	z.rrsets["origin A"] = "127.4.9.1"
	z.rrsets["web CNAME"] = c.one("shop.cdn-edge.net.", "origin."+name)
	z.rrsets["www CNAME"] = c.one("web."+name, "web."+name, "shop.cdn-edge.net.", name)
	c.in.names = append(c.in.names, "www."+name)
	if c.seldom() {
		c.in.names = append(c.in.names, name)
	}
	if c.often() {
		c.in.routers["web."+name] = dependency.Router{Targets: []string{"shop.cdn-edge.net.", "origin." + name}, ChangedAt: c.some(2, dnsFirms)}
	}
	for _, host := range z.ns {
		switch {
		case c.seldom():
			z.lame[host] = c.one("refuses", "upwards", "fails")
		case c.seldom():
			z.differs[host] = map[string]string{"web CNAME": c.one("", "origin."+name, "shop.cdn-edge.net.")}
		}
	}
	if c.seldom() {
		c.in.declared = append(c.in.declared, dependency.Declared{Name: "database", Operator: "host", NeededFor: []string{"www." + name}})
	}
	if c.seldom() {
		c.in.declared = append(c.in.declared, dependency.Declared{Name: "state", Operator: c.one("red", "cdn"), Change: true})
	}
	c.in.zones[name] = z
}

func TestInside_Random(t *testing.T) {
	inside(t)
	v6 := hasIPv6(t)
	first, internets := number("MULTIDNS_PROOF_SEED", 1), number("MULTIDNS_PROOF_INTERNETS", 3)
	total := 0
	for seed := first; seed < first+internets; seed++ {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			total += compare(t, random(uint64(seed), v6), defaultEffort(), seed == first || long())
		})
	}
	t.Logf("compared: %d cases in %d internets drawn from seed %d on, IPv6 %t", total, internets, first, v6)
}
