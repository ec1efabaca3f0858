package proof

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/dependency"
)

// effort are how often a resolver is asked to see a verdict, and how often at most until it shows that it is chance.
type effort struct{ tries, most int }

func number(variable string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(variable)); err == nil {
		return n
	}
	return otherwise
}

// long reports whether every pair is switched off in every internet: minutes rather than seconds.
func long() bool { return os.Getenv("MULTIDNS_PROOF_LONG") != "" }

func defaultEffort() effort { return effort{tries: number("MULTIDNS_PROOF_TRIES", 2), most: 90} }

// comparison counts what was compared.
type comparison struct {
	*running
	t      *testing.T
	effort effort
	folder string
	ip6    bool
	seen   map[string][][]netip.Addr // what tries gave, by who is silent, routers and name
	cases  int
}

// compare switches off every operator and every pair of them, and compares each verdict with what is seen.
func compare(t *testing.T, in internet, e effort, pairs bool) int {
	t.Helper()
	c := &comparison{running: in.start(t, dnsPort), t: t, effort: e, folder: t.TempDir(), seen: map[string][][]netip.Addr{}}
	for _, addrs := range in.hosts {
		c.ip6 = c.ip6 || slices.ContainsFunc(addrs, func(a string) bool { return strings.Contains(a, ":") })
	}
	m := c.dependencies(t)
	report := m.Report()
	operators := []string{}
	for operator := range report.WhatIf {
		operators = append(operators, operator)
	}
	slices.Sort(operators)
	for i, operator := range operators {
		for _, facet := range dependency.Facets() {
			c.check(m, facet, report.WhatIf[operator][facet], operator)
		}
		if !pairs {
			continue
		}
		for _, other := range operators[i+1:] {
			for _, facet := range dependency.Facets() {
				c.check(m, facet, m.Without(facet, operator, other), operator, other)
			}
		}
	}
	if t.Failed() {
		t.Logf("%s\n%s", in, strings.Join(report.Problems, "\n"))
	}
	return c.cases
}

// check compares one loss.
func (c *comparison) check(m dependency.Map, facet dependency.Facet, outcomes map[string]dependency.Outcome, lost ...string) {
	var servers, edge, api []string
	if facet == dependency.DNS || facet == dependency.All {
		servers = lost
	}
	if facet != dependency.DNS {
		edge = lost
	}
	if facet == dependency.EdgeAndAPI || facet == dependency.All {
		api = lost
	}
	for _, name := range c.names {
		o := outcomes[name]
		c.cases++
		if c.declaredGone(edge, name) {
			if o.Now != dependency.Down || o.AfterSwitch != dependency.Down {
				c.t.Errorf("without %v of %v: %s is %+v although what is declared for it is gone", facet, lost, name, o)
			}
			continue
		}
		now := c.observe(name, servers, edge, nil, nil, o.Now)
		if now != o.Now {
			c.t.Errorf("without %v of %v: %s is %s, predicted %s: %s", facet, lost, name, now, o.Now, o.Why)
		}
		if after := c.afterSwitch(name, now, servers, edge, api, o.AfterSwitch); after != o.AfterSwitch {
			c.t.Errorf("without %v of %v: after the switch %s is %s, predicted %s", facet, lost, name, after, o.AfterSwitch)
		}
	}
}

func (c *comparison) declaredGone(edge []string, name string) bool {
	return slices.ContainsFunc(c.declared, func(d dependency.Declared) bool {
		return slices.Contains(edge, d.Operator) && slices.Contains(d.NeededFor, name)
	})
}

// afterSwitch moves the routers to every position and keeps the best that is seen.
func (c *comparison) afterSwitch(name string, now dependency.Verdict, servers, edge, api []string, predicted dependency.Verdict) dependency.Verdict {
	stuck := slices.ContainsFunc(c.declared, func(d dependency.Declared) bool { return d.Change && slices.Contains(api, d.Operator) })
	best := now
	if stuck || now == dependency.Up {
		return best
	}
	at := map[string][]string{}
	positions := []map[string]string{{}}
	for router, r := range c.routers {
		at[router] = slices.DeleteFunc(slices.Clone(r.ChangedAt), func(o string) bool { return slices.Contains(api, o) })
		for _, p := range slices.Clone(positions) {
			for _, target := range r.Targets {
				next := map[string]string{router: target}
				for k, v := range p {
					next[k] = v
				}
				positions = append(positions, next)
			}
		}
	}
	rank := map[dependency.Verdict]int{dependency.Up: 2, dependency.Partly: 1}
	for _, p := range positions[1:] {
		if seen := c.observe(name, servers, edge, p, at, predicted); rank[seen] > rank[best] {
			best = seen
		}
	}
	return best
}

// observe asks until the verdict is seen, with more patience where chance is predicted.
func (c *comparison) observe(name string, servers, edge []string, positions map[string]string, at map[string][]string, predicted dependency.Verdict) dependency.Verdict {
	c.alive(c.t, servers, edge)
	defer c.move(positions, at)()
	var silent []netip.Addr
	for _, b := range c.boxes {
		if b.off {
			silent = append(silent, b.addr)
		}
	}
	key := fmt.Sprint(silent, positions, at, name)
	for {
		works, fails := false, false
		for _, addrs := range c.seen[key] {
			fails = fails || len(addrs) == 0
			for _, addr := range addrs {
				ok := c.serves(addr)
				works, fails = works || ok, fails || !ok
			}
		}
		tries := len(c.seen[key])
		switch {
		case works && fails:
			return dependency.Partly
		case tries >= c.effort.tries && (predicted != dependency.Partly || tries >= c.effort.most):
			if works {
				return dependency.Up
			}
			return dependency.Down
		}
		c.seen[key] = append(c.seen[key], c.ask(name)...)
	}
}

// serves reports whether a front answers at that address now.
func (c *comparison) serves(addr netip.Addr) bool { return reached(context.Background(), addr) }

// ask makes some tries side by side.
func (c *comparison) ask(name string) [][]netip.Addr {
	results := make([][]netip.Addr, c.effort.tries)
	var all sync.WaitGroup
	for i := range results {
		all.Go(func() { results[i] = resolve(c.t, c.folder, name, c.ip6) })
	}
	all.Wait()
	return results
}
