package dependency

import (
	"maps"
	"net/netip"
	"slices"
)

// server is one address of one name server.
type server struct {
	host      string
	addr      netip.Addr
	operators []string // without any of which it is silent
}

// lost reports whether one of its operators is among those.
func (s server) lost(operators map[string]bool) bool {
	return slices.ContainsFunc(s.operators, func(o string) bool { return operators[o] })
}

// view is a Map made ready for many what-ifs: what does not hang on what is lost is worked out once.
type view struct {
	Map
	own   map[string]bool
	names []string // all that must be resolved: what is asked for, where it leads, name servers without glue

	hostAddresses map[string][]netip.Addr // all that any server gave for a name
	operators     map[place]server
	answers       map[asked]Answer
	edges         map[netip.Addr]string
	targets       map[string]map[string]bool // by name, where any server's CNAMEs lead from it
	ends          map[string]map[string]bool // by name, where the resolver starts anew
	resolved      map[string][]netip.Addr
	reached       map[string]map[string]bool
	known         map[string]*settled
}

// place names a server.
type place struct {
	host string
	addr netip.Addr
}

// asked is a question to one server.
type asked struct {
	Question
	host string
	addr netip.Addr
}

func newView(m Map) *view {
	v := &view{
		Map: m, own: OwnDomains(m.Names), operators: map[place]server{}, answers: map[asked]Answer{},
		edges:         map[netip.Addr]string{},
		hostAddresses: map[string][]netip.Addr{}, targets: map[string]map[string]bool{}, ends: map[string]map[string]bool{},
		known: map[string]*settled{}, reached: map[string]map[string]bool{}, resolved: map[string][]netip.Addr{},
	}
	for q, answers := range m.World.Answers {
		for _, a := range answers {
			name := q.Name
			for _, target := range a.Chain {
				note(v.targets, name, target)
				name = target
			}
			switch a.Kind {
			case Final:
				v.hostAddresses[name] = append(v.hostAddresses[name], a.Addresses...)
			case Alias:
				note(v.ends, q.Name, name)
			case Unasked, Silent, Lame, Referral:
			}
		}
	}
	for name, addrs := range v.hostAddresses {
		slices.SortFunc(addrs, netip.Addr.Compare)
		v.hostAddresses[name] = slices.Compact(addrs)
	}
	v.names = v.toResolve()
	return v
}

func note(sets map[string]map[string]bool, key, member string) {
	if sets[key] == nil {
		sets[key] = map[string]bool{}
	}
	sets[key][member] = true
}

// toResolve are all names whose resolution can matter: those asked for, name servers without glue, and from there on
// the ends of aliases and the targets of routers.
func (v *view) toResolve() []string {
	names := map[string]bool{}
	var follow func(string)
	follow = func(name string) {
		if names[name] {
			return
		}
		names[name] = true
		for end := range v.ends[name] {
			follow(end)
		}
		for n := range v.reach(name) {
			for _, target := range v.Routers[n].Targets {
				if _, err := netip.ParseAddr(target); err != nil {
					follow(target)
				}
			}
		}
	}
	for _, name := range v.Names {
		follow(name)
	}
	for _, c := range v.World.Cuts {
		for _, h := range c.Hosts {
			if len(h.Glue) == 0 && h.Name != "" {
				follow(h.Name)
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// addresses of a name server of a cut.
func (v *view) addresses(h Host) []netip.Addr {
	if len(h.Glue) > 0 {
		return h.Glue
	}
	addrs, ok := v.resolved[h.Name]
	if !ok {
		for name := range v.reach(h.Name) { // it may be an alias
			addrs = append(addrs, v.hostAddresses[name]...)
		}
		slices.SortFunc(addrs, netip.Addr.Compare)
		addrs = slices.Compact(addrs)
		v.resolved[h.Name] = addrs
	}
	return addrs
}

func (v *view) server(host string, addr netip.Addr) server {
	key := place{host, addr}
	s, ok := v.operators[key]
	if !ok {
		s = server{host: host, addr: addr}
		if host != "" { // those of the root have no operator here
			s.operators = v.Operators.OfServer(host, addr, v.own)
		}
		v.operators[key] = s
	}
	return s
}

// edge is the operator of an address that serves.
func (v *view) edge(addr netip.Addr) string {
	o, ok := v.edges[addr]
	if !ok {
		o = v.Operators.byAddress(addr)
		v.edges[addr] = o
	}
	return o
}

// servers of a cut; a name server whose address is not known is one without.
func (v *view) servers(c Cut) []server {
	var all []server
	for _, h := range c.Hosts {
		addrs := v.addresses(h)
		for _, addr := range addrs {
			all = append(all, v.server(h.Name, addr))
		}
		if len(addrs) == 0 {
			all = append(all, v.server(h.Name, netip.Addr{}))
		}
	}
	return all
}

// answer is what a server gave, or would give: one that was not asked this question answers as it does for the rest of
// the zone if it does not answer there, and as another address of the same name, or another name of the same operators,
// if that one was asked.
func (v *view) answer(q Question, s server) Answer {
	key := asked{q, s.host, s.addr}
	a, ok := v.answers[key]
	if !ok {
		a = v.findAnswer(q, s)
		v.answers[key] = a
	}
	return a
}

func (v *view) findAnswer(q Question, s server) Answer {
	if a, ok := v.World.Answers[q][s.addr]; ok && a.Kind != Unasked {
		return a
	}
	if a, ok := v.World.Bad(q.Cut, s.addr); ok {
		return a
	}
	if q.Type == AAAA {
		// An alias or a delegation is the answer to every type, so that only one is asked for.
		if a := v.answer(Question{q.Cut, q.Name, A}, s); a.Kind == Alias || a.Kind == Referral {
			return a
		}
	}
	var stand Answer
	for _, other := range v.servers(v.World.Cuts[q.Cut]) {
		a := v.World.Answers[q][other.addr]
		if !a.usable() || !slices.Equal(other.operators, s.operators) {
			continue
		}
		if other.host == s.host {
			return a
		}
		if !stand.usable() {
			stand = a
		}
	}
	return stand
}

// Bad is the answer of a server that gave no usable one to any question about a cut.
func (w World) Bad(cut string, addr netip.Addr) (Answer, bool) {
	var bad Answer
	for _, q := range w.questions(cut) {
		switch a, ok := w.Answers[q][addr]; {
		case !ok || a.Kind == Unasked:
		case a.usable():
			return Answer{}, false
		case bad.Kind == Unasked:
			bad = a
		}
	}
	return bad, bad.Kind != Unasked
}

// questions about a cut, sorted.
func (w World) questions(cut string) []Question {
	var all []Question
	for q := range w.Answers {
		if q.Cut == cut {
			all = append(all, q)
		}
	}
	slices.SortFunc(all, Question.compare)
	return all
}
