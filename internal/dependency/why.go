package dependency

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
)

// cause is why a name is not up.
type cause struct {
	text string
	// zone is the one whose servers are the cause, or empty; edge says that addresses are.
	zone string
	edge bool
}

// why says in a sentence what an outcome comes from.
func (s *settled) why(name string, o Outcome) string {
	if piece := s.declaredGone(s.loss, name); piece != "" {
		return fmt.Sprintf("%s needs %s, which is gone.", bare(name), piece)
	}
	if o.Now == Up {
		return fmt.Sprintf("Nothing that %s needs is gone.", bare(name))
	}
	var b strings.Builder
	b.WriteString(s.cause(name).text)
	routers := s.routers(name)
	switch piece := s.unchangeable(s.loss); {
	case len(routers) == 0:
	case piece != "":
		fmt.Fprintf(&b, " No router can be moved, because every change needs %s.", piece)
	case o.AfterSwitch.better(o.Now):
		fmt.Fprintf(&b, " Once %s is moved, it is %s.", s.bareList(routers), o.AfterSwitch)
	default:
		fmt.Fprintf(&b, " No position of %s makes it better.", s.bareList(routers))
	}
	return b.String()
}

func (s *settled) bareList(names []string) string {
	var all []string
	for _, n := range names {
		all = append(all, bare(n))
	}
	return list(all)
}

// cause follows the name as a resolver does, and stops at the first piece that fails.
func (s *settled) cause(name string) cause {
	c := s.causeOf(name, map[string]bool{})
	return cause{cmp.Or(c.text, fmt.Sprintf("%s leads to no address that serves.", bare(name))), c.zone, c.edge}
}

func (s *settled) causeOf(name string, seen map[string]bool) cause {
	if seen[name] {
		return cause{text: fmt.Sprintf("The aliases of %s lead in a circle.", bare(name))}
	}
	seen[name] = true
	visits := s.way(name)
	var doubts []cause
	for _, at := range visits {
		c, dead := s.causeAt(at)
		if dead {
			return c
		}
		if c.text != "" {
			doubts = append(doubts, c)
		}
	}
	for _, target := range slices.Sorted(maps.Keys(s.ends[name])) {
		if s.verdict(target) == Up {
			continue
		}
		if c := s.causeOf(target, seen); c.text != "" {
			return c
		}
	}
	if c := s.edgeCause(name); c.text != "" {
		return c
	}
	if len(doubts) > 0 {
		return doubts[len(doubts)-1]
	}
	return cause{}
}

// way are the visits of a name, from the root on.
func (s *settled) way(name string) []visit {
	var visits []visit
	for at := range s.visited {
		if at.name == name && at.typ == A {
			visits = append(visits, at)
		}
	}
	slices.SortFunc(visits, func(a, b visit) int {
		zone := func(v visit) string { return s.World.Cuts[v.cut].Zone }
		return cmp.Or(cmp.Compare(count(zone(a)), count(zone(b))), cmp.Compare(a.cut, b.cut), cmp.Compare(count(a.asked), count(b.asked)))
	})
	return visits
}

// causeAt looks at the servers of one cut. dead says that none answers.
func (s *settled) causeAt(at visit) (c cause, dead bool) {
	cut := s.World.Cuts[at.cut]
	q := Question{at.cut, at.asked, at.typ}
	gone, answering, unasked := map[string]bool{}, map[string]string{}, 0
	var lost []string
	for _, h := range cut.Hosts {
		usable := func(addr netip.Addr) bool {
			srv := s.server(h.Name, addr)
			return !srv.lost(s.loss.servers) && s.answer(q, srv).usable()
		}
		addrs, _, unresolved := s.reachable(h, usable)
		if unresolved {
			unasked++
		}
		for _, addr := range addrs {
			srv := s.server(h.Name, addr)
			switch a := s.answer(q, srv); {
			case srv.lost(s.loss.servers):
				for _, o := range srv.operators {
					gone[o] = gone[o] || s.loss.servers[o]
				}
				lost = append(lost, bare(h.Name))
			case a.usable():
				answering[a.says()] = bare(h.Name)
			case a.Kind == Unasked:
				unasked++
			}
		}
		if len(addrs) == 0 && s.server(h.Name, netip.Addr{}).lost(s.loss.servers) {
			lost = append(lost, bare(h.Name))
		}
	}
	lost = sortedSet(lost)
	zone := bare(cut.Zone)
	switch {
	case len(answering) == 0 && unasked > 0:
		return cause{text: fmt.Sprintf("The name servers of %s that are left could not be asked.", zone), zone: cut.Zone}, true
	case len(answering) == 0 && len(lost) == 0:
		return cause{text: fmt.Sprintf("No name server of %s answers, or the names of those that would cannot be resolved.", zone), zone: cut.Zone}, true
	case len(answering) == 0:
		return cause{text: fmt.Sprintf("No name server of %s is left: %s went with it, and there is no other that answers and whose name can be resolved.", zone, list(lost)), zone: cut.Zone}, true
	case len(answering) > 1 && at.asked == at.name:
		var says []string
		for _, answer := range slices.Sorted(maps.Keys(answering)) {
			says = append(says, fmt.Sprintf("%s gives %s", answering[answer], answer))
		}
		return cause{text: fmt.Sprintf("The name servers of %s differ about %s: %s.", zone, bare(at.name), strings.Join(says, "; ")), zone: cut.Zone}, false
	case s.visited[at].sets[fmt.Sprint([]netip.Addr(nil))] != nil || len(s.visited[at].sets) > 1:
		return cause{text: fmt.Sprintf("A resolver does not always reach a name server of %s that is left.", zone), zone: cut.Zone}, false
	}
	return cause{}, false
}

// edgeCause names the addresses that serve nobody.
func (s *settled) edgeCause(name string) cause {
	var gone, left []netip.Addr
	for _, t := range []Type{A, AAAA} {
		for _, set := range s.table[lookup{name, t}].sets {
			for _, addr := range set {
				if s.loss.edge[s.edge(addr)] {
					gone = append(gone, addr)
				} else {
					left = append(left, addr)
				}
			}
		}
	}
	slices.SortFunc(gone, netip.Addr.Compare)
	gone = slices.Compact(gone)
	slices.SortFunc(left, netip.Addr.Compare)
	left = slices.Compact(left)
	switch {
	case len(gone) > 0 && len(left) > 0:
		return cause{text: fmt.Sprintf("Of the addresses of %s, %s serve nobody and %s are left.", bare(name), addressList(gone), addressList(left)), edge: true}
	case len(gone) > 0:
		return cause{text: fmt.Sprintf("The addresses of %s serve nobody: %s.", bare(name), addressList(gone)), edge: true}
	case len(left) == 0:
		return cause{text: fmt.Sprintf("%s has no address.", bare(name))}
	}
	return cause{}
}
