package dependency

import (
	"maps"
	"net/netip"
	"slices"
)

// Map is everything that decides what a name hangs on.
type Map struct {
	World     World
	Operators Operators
	Names     []string // absolute
	Declared  []Declared
	Routers   map[string]Router // by host name, absolute
}

// Declared is a piece that DNS cannot show.
type Declared struct {
	Name     string
	Operator string
	// NeededFor are names of Map.Names; Change stands for being able to change anything.
	NeededFor []string
	Change    bool
}

// Router is a name that can be pointed elsewhere.
type Router struct {
	// Targets are absolute names, or addresses.
	Targets []string
	// ChangedAt are the operators whose APIs do it.
	ChangedAt []string
}

// Facet is what of an operator is lost.
type Facet string

// The facets.
const (
	DNS        Facet = "dns"          // its name servers are silent
	Edge       Facet = "edge"         // its addresses serve nobody
	EdgeAndAPI Facet = "edge_and_api" // DNS answers, edge and API are dead, as on 18 November 2025 at Cloudflare
	All        Facet = "all"
)

// Facets are all of them, from narrow to wide.
func Facets() []Facet { return []Facet{DNS, Edge, EdgeAndAPI, All} }

// loss is what is gone, by operator.
type loss struct {
	servers, edge, api map[string]bool
}

func (f Facet) loss(operators ...string) loss {
	gone := map[string]bool{}
	for _, o := range operators {
		gone[o] = true
	}
	var l loss
	if f == DNS || f == All {
		l.servers = gone
	}
	if f != DNS {
		l.edge = gone
	}
	if f == EdgeAndAPI || f == All {
		l.api = gone
	}
	return l
}

// Verdict is what a resolver and a client get.
type Verdict string

// The verdicts.
const (
	Up      Verdict = "up"      // whatever servers a resolver picks
	Partly  Verdict = "partly"  // it depends on which server is asked
	Down    Verdict = "down"    //
	Unknown Verdict = "unknown" // a server that could not be asked would decide
)

// better orders verdicts; what is unknown may be anything.
func (v Verdict) better(than Verdict) bool {
	rank := map[Verdict]int{Up: 3, Partly: 2, Unknown: 1, Down: 0}
	return rank[v] > rank[than]
}

// Outcome is what is left of a name.
type Outcome struct {
	Now Verdict
	// AfterSwitch is the best verdict that any position of the routers gives, set where an API still works.
	AfterSwitch Verdict
	Why         string
}

// WhatIf is what is left of every name, by operator that is lost and facet.
type WhatIf map[string]map[Facet]map[string]Outcome

// whatIf answers for every operator that was found.
func (v *view) whatIf() WhatIf {
	all := WhatIf{}
	for _, operator := range v.found() {
		all[operator] = map[Facet]map[string]Outcome{}
		for _, facet := range Facets() {
			all[operator][facet] = v.without(facet.loss(operator))
		}
	}
	return all
}

// Without answers for several operators that are lost at once.
func (m Map) Without(facet Facet, operators ...string) map[string]Outcome {
	return newView(m).without(facet.loss(operators...))
}

func (v *view) without(l loss) map[string]Outcome {
	outcomes := map[string]Outcome{}
	now := v.settle(l, nil)
	for _, name := range v.Names {
		o := Outcome{Now: now.verdict(name)}
		o.AfterSwitch = o.Now
		switch {
		case v.declaredGone(l, name) != "":
			o = Outcome{Now: Down, AfterSwitch: Down}
		case o.Now != Up && v.unchangeable(l) == "":
			o.AfterSwitch = v.switched(l, name, o.Now)
		}
		o.Why = now.why(name, o)
		outcomes[name] = o
	}
	return outcomes
}

// declaredGone is a piece that name needs and that is lost, or "". What was declared runs on the operator's machines,
// so it dies with them, but not with its name servers.
func (m Map) declaredGone(l loss, name string) string {
	for _, d := range m.Declared {
		if l.edge[d.Operator] && slices.Contains(d.NeededFor, name) {
			return d.Name
		}
	}
	return ""
}

// unchangeable is a lost piece that every change needs, or "".
func (m Map) unchangeable(l loss) string {
	for _, d := range m.Declared {
		if d.Change && l.api[d.Operator] {
			return d.Name
		}
	}
	return ""
}

// maxPositions bounds the search for the best position of several routers.
const maxPositions = 1 << 10

// switched is the best verdict of a name over all positions of the routers on its way. Not to move one is a position.
func (v *view) switched(l loss, name string, now Verdict) Verdict {
	best := now
	routers := v.routers(name)
	total := 1
	for _, r := range routers {
		total = min(total*(len(v.Routers[r].Targets)+1), maxPositions)
	}
	for n := 1; n < total && best != Up; n++ {
		positions := map[string]string{}
		rest := n
		for _, r := range routers {
			targets := v.Routers[r].Targets
			if at := rest % (len(targets) + 1); at > 0 {
				positions[r] = targets[at-1]
			}
			rest /= len(targets) + 1
		}
		if verdict := v.settle(l, positions).verdict(name); verdict.better(best) {
			best = verdict
		}
	}
	return best
}

// routers on the way of a name: those it leads through, or could after another of them was moved.
func (v *view) routers(name string) []string {
	var routers []string
	for n := range v.reach(name) {
		if _, ok := v.Routers[n]; ok {
			routers = append(routers, n)
		}
	}
	slices.Sort(routers)
	return routers
}

// reach are the names that a name leads to by CNAMEs and routers, itself among them.
func (v *view) reach(name string) map[string]bool {
	if reached, ok := v.reached[name]; ok {
		return reached
	}
	reached := map[string]bool{}
	var follow func(string)
	follow = func(n string) {
		if reached[n] {
			return
		}
		reached[n] = true
		for target := range v.targets[n] {
			follow(target)
		}
		for _, target := range v.Routers[n].Targets {
			if _, err := netip.ParseAddr(target); err != nil {
				follow(target)
			}
		}
	}
	follow(name)
	v.reached[name] = reached
	return reached
}

// found are all operators of any piece, sorted.
func (v *view) found() []string {
	found := map[string]bool{}
	for _, c := range v.World.Cuts {
		for _, s := range v.servers(c) {
			for _, o := range s.operators {
				found[o] = true
			}
		}
	}
	for _, addr := range v.edgeAddresses() {
		if o := v.Operators.byAddress(addr); o != "" {
			found[o] = true
		}
	}
	for _, d := range v.Declared {
		found[d.Operator] = true
	}
	for _, r := range v.Routers {
		for _, o := range r.ChangedAt {
			found[o] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// edgeAddresses are where the names, or what a router could point them to, are served.
func (v *view) edgeAddresses() []netip.Addr {
	var addrs []netip.Addr
	for _, name := range v.Names {
		for n := range v.reach(name) {
			addrs = append(addrs, v.hostAddresses[n]...)
		}
	}
	for _, r := range v.Routers {
		for _, target := range r.Targets {
			if addr, err := netip.ParseAddr(target); err == nil {
				addrs = append(addrs, addr)
			}
		}
	}
	slices.SortFunc(addrs, netip.Addr.Compare)
	return slices.Compact(addrs)
}
