package dependency

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
)

// results are what a resolver can end with for a name and a type, one of them at a time.
type results struct {
	// sets are RRsets by their text. The empty one stands for all that gives no address: no answer, no such name.
	sets map[string][]netip.Addr
	// unknown: a server that could not be asked would decide.
	unknown bool
}

func (r *results) add(addrs ...netip.Addr) {
	if r.sets == nil {
		r.sets = map[string][]netip.Addr{}
	}
	r.sets[fmt.Sprint(addrs)] = addrs
}

func (r *results) merge(other results) {
	for _, addrs := range other.sets {
		r.add(addrs...)
	}
	r.unknown = r.unknown || other.unknown
}

func (r *results) equal(other results) bool {
	return r.unknown == other.unknown && maps.EqualFunc(r.sets, other.sets, slices.Equal)
}

// without reports whether the resolver can end with no address of those that fit.
func (r *results) without(fits func(netip.Addr) bool) bool {
	for _, addrs := range r.sets {
		if !slices.ContainsFunc(addrs, fits) {
			return true
		}
	}
	return r.unknown
}

// lookup is a name to resolve.
type lookup struct {
	name string
	typ  Type
}

// settled is where every name leads while something is lost and routers stand somewhere.
type settled struct {
	*view
	loss      loss
	positions map[string]string // router to target; the others stand where they do
	table     map[lookup]results
	visited   map[visit]results // of the last round
}

type visit struct {
	cut, asked string
	lookup
}

// settle resolves all names at once. At first none has an address; in each round a name is resolved with what the round
// before knows of the names of its servers and the targets of its aliases, until nothing changes. So a circle of zones
// that wait for each other, or of aliases, stays without, and no order of names matters.
func (v *view) settle(l loss, positions map[string]string) *settled {
	// What addresses serve does not matter to a resolver, nor do APIs while no router is moved.
	key := fmt.Sprint(l.servers, positions)
	if len(positions) > 0 {
		key += fmt.Sprint(l.api)
	}
	s, ok := v.known[key]
	if !ok {
		s = v.work(l, positions)
		v.known[key] = s
	}
	same := *s
	same.loss = l
	return &same
}

func (v *view) work(l loss, positions map[string]string) *settled {
	s := &settled{view: v, loss: l, positions: positions, table: map[lookup]results{}}
	for _, name := range v.names {
		for _, t := range []Type{A, AAAA} {
			var none results
			none.add()
			s.table[lookup{name, t}] = none
		}
	}
	for range len(s.table) + 1 {
		s.visited = map[visit]results{}
		next, changed := map[lookup]results{}, false
		for want, before := range s.table {
			next[want] = s.at(v.World.Root, Step(v.World.Cuts[v.World.Root].Zone, want.name), want)
			after := next[want]
			changed = changed || !after.equal(before)
		}
		s.table = next
		if !changed {
			break
		}
	}
	return s
}

// at is what a resolver that has come to a cut can end with. A zone lives while one of its servers is certain to
// answer.
func (s *settled) at(cut, ask string, want lookup) results {
	key := visit{cut, ask, want}
	if known, ok := s.visited[key]; ok {
		return known
	}
	s.visited[key] = results{} // names grow and zones shrink on the way, so that nothing comes back here
	q := Question{cut, ask, want.typ}
	if ask != want.name {
		q.Type = A
	}
	var out results
	certain, undecided := false, false
	for _, h := range s.World.Cuts[cut].Hosts {
		usable := func(addr netip.Addr) bool {
			srv := s.server(h.Name, addr)
			return !srv.lost(s.loss.servers) && s.answer(q, srv).usable()
		}
		addrs, always, unresolved := s.reachable(h, usable)
		certain, undecided = certain || always, undecided || unresolved
		for _, addr := range addrs {
			srv := s.server(h.Name, addr)
			if srv.lost(s.loss.servers) {
				continue
			}
			switch answer := s.answer(q, srv); {
			case answer.usable():
				out.merge(s.follow(answer, srv, key))
			case answer.Kind == Unasked:
				undecided = true
			}
		}
	}
	switch {
	case certain:
	case undecided:
		out.unknown = true
	default:
		out.add()
	}
	s.visited[key] = out
	return out
}

// reachable gives all addresses that a resolver can find for a name server, whether it is certain to find one that is
// usable, and whether that hangs on a server that could not be asked.
func (s *settled) reachable(h Host, usable func(netip.Addr) bool) (addrs []netip.Addr, certain, unresolved bool) {
	if len(h.Glue) > 0 {
		return h.Glue, slices.ContainsFunc(h.Glue, usable), false
	}
	certain = false
	for _, t := range []Type{A, AAAA} {
		found := s.table[lookup{h.Name, t}]
		for _, set := range found.sets {
			addrs = append(addrs, set...)
		}
		certain = certain || !found.without(usable)
		unresolved = unresolved || found.unknown
	}
	if unresolved && s.server(h.Name, netip.Addr{}).lost(s.loss.servers) {
		unresolved = false
	}
	slices.SortFunc(addrs, netip.Addr.Compare)
	return slices.Compact(addrs), certain, unresolved
}

// follow goes on from a usable answer.
func (s *settled) follow(answer Answer, from server, at visit) results {
	if answer.Kind == Referral {
		return s.at(answer.Cut, Step(s.World.Cuts[answer.Cut].Zone, at.name), at.lookup)
	}
	if at.asked != at.name { // the servers know the zone below as well, or do not know that name
		return s.at(at.cut, Step(at.asked, at.name), at.lookup)
	}
	for _, name := range append([]string{at.name}, answer.Chain...) {
		if target, ok := s.positions[name]; ok && s.moves(name, from) {
			return s.target(target, at.typ)
		}
	}
	var out results
	if answer.Kind == Alias {
		return s.table[lookup{answer.Chain[len(answer.Chain)-1], at.typ}]
	}
	out.add(answer.Addresses...)
	return out
}

// moves reports whether the server hands out the router's new target: one of its operators is told so by an API that
// works.
func (s *settled) moves(router string, from server) bool {
	return slices.ContainsFunc(s.Routers[router].ChangedAt, func(o string) bool {
		return !s.loss.api[o] && slices.Contains(from.operators, o)
	})
}

// target is what a router that was moved leads to.
func (s *settled) target(target string, t Type) results {
	addr, err := netip.ParseAddr(target)
	if err != nil {
		return s.table[lookup{target, t}]
	}
	var out results
	if addr.Is4() == (t == A) {
		out.add(addr)
	} else {
		out.add()
	}
	return out
}

// verdict puts together the two families: a client takes what it gets, and fails if that is nothing or does not serve.
func (s *settled) verdict(name string) Verdict {
	works, fails, unknown := false, false, false
	empty, emptyOrUnknown := true, true // of both families
	for _, t := range []Type{A, AAAA} {
		found := s.table[lookup{name, t}]
		for _, set := range found.sets {
			for _, addr := range set {
				gone := s.loss.edge[s.edge(addr)]
				works, fails = works || !gone, fails || gone
			}
		}
		_, none := found.sets[fmt.Sprint([]netip.Addr(nil))]
		empty, emptyOrUnknown = empty && none, emptyOrUnknown && (none || found.unknown)
		unknown = unknown || found.unknown
	}
	best, worst := verdict(works || unknown, fails || empty), verdict(works, fails || emptyOrUnknown)
	if best != worst {
		return Unknown
	}
	return best
}

func verdict(works, fails bool) Verdict {
	switch {
	case works && fails:
		return Partly
	case works:
		return Up
	default:
		return Down
	}
}
