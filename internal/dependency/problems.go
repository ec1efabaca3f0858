package dependency

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
)

// problems are sentences about what is wrong today, sorted.
func (v *view) problems(whole *settled) []string {
	var all []string
	for _, name := range v.Names {
		switch whole.verdict(name) {
		case Down:
			all = append(all, fmt.Sprintf("%s is down already, so that it is nobody's single point of failure. %s", bare(name), whole.cause(name).text))
		case Unknown:
			all = append(all, fmt.Sprintf("What %s leads to could not be found out. %s", bare(name), whole.cause(name).text))
		case Up, Partly:
		}
	}
	for key, c := range v.World.Cuts {
		all = append(all, v.serverProblems(key, c)...)
		all = append(all, v.differences(key, c)...)
		all = append(all, v.unresolved(whole, c)...)
		all = append(all, v.oneNetwork(key, c)...)
	}
	if v.World.Late {
		all = append(all, "The time was over before everything had been asked, so that verdicts may be unknown. Raise timeout.")
	}
	return sortedSet(all)
}

// serverProblems are servers that do not answer for a cut, or not for a name in it.
func (v *view) serverProblems(key string, c Cut) []string {
	var all, unreachable []string
	for _, s := range v.servers(c) {
		if !s.addr.IsValid() {
			continue
		}
		who := s.addr.String()
		if s.host != "" {
			who = fmt.Sprintf("%s (%s)", bare(s.host), s.addr)
		}
		bad, ok := v.World.Bad(key, s.addr)
		switch {
		case ok && bad.Kind == Silent && s.host != "":
			all = append(all, fmt.Sprintf("The name server %s of %s is silent: it %s.", who, bare(c.Zone), bad.Said))
		case ok && bad.Kind == Lame:
			all = append(all, fmt.Sprintf("The name server %s of %s is lame: it %s. Remove it from the delegation, or let it serve the zone.", who, bare(c.Zone), bad.Said))
		case ok:
		default:
			all = append(all, v.failures(key, who, s.addr)...)
		}
		if v.noWay(key, s.addr) && s.host != "" {
			unreachable = append(unreachable, who)
		}
	}
	if len(unreachable) > 0 {
		all = append(all, fmt.Sprintf("From here there is no way to the name servers %s of %s: they could not be asked.", list(unreachable), bare(c.Zone)))
	}
	return all
}

// noWay reports whether all questions about a cut were kept from that server.
func (v *view) noWay(key string, addr netip.Addr) bool {
	asked := false
	for _, q := range v.World.questions(key) {
		if a, ok := v.World.Answers[q][addr]; ok {
			if a.Kind != Unasked {
				return false
			}
			asked = true
		}
	}
	return asked
}

// failures are the names about which a server that answers otherwise gave no answer.
func (v *view) failures(key, who string, addr netip.Addr) []string {
	var all []string
	for _, q := range v.World.questions(key) {
		if a, ok := v.World.Answers[q][addr]; ok && (a.Kind == Lame || a.Kind == Silent) {
			all = append(all, fmt.Sprintf("The name server %s gives no answer about %s %s: it %s.", who, bare(q.Name), q.Type, a.Said))
		}
	}
	return all
}

// differences are questions to which the servers of a cut answer differently.
func (v *view) differences(key string, c Cut) []string {
	var all []string
	for _, q := range v.World.questions(key) {
		says := map[string][]string{}
		var first Answer
		same := true
		for _, s := range v.servers(c) {
			a, ok := v.World.Answers[q][s.addr]
			if !ok || !a.usable() {
				continue
			}
			if !first.usable() {
				first = a
			}
			same = same && v.alike(first, a)
			says[a.says()] = append(says[a.says()], bare(s.host))
		}
		if same {
			continue
		}
		var parts []string
		for _, answer := range slices.Sorted(maps.Keys(says)) {
			parts = append(parts, fmt.Sprintf("%s: %s", list(sortedSet(says[answer])), answer))
		}
		all = append(all, fmt.Sprintf("The name servers of %s differ about %s %s, so that it is chance what a visitor gets. %s.", bare(c.Zone), bare(q.Name), q.Type, strings.Join(parts, "; ")))
	}
	return all
}

// alike reports whether two answers mean the same. Addresses of one known operator do: it chooses them by who asks, and
// anew each time.
func (v *view) alike(a, b Answer) bool {
	if a.says() == b.says() {
		return true
	}
	if a.Kind != Final || b.Kind != Final || len(a.Addresses) == 0 || len(b.Addresses) == 0 {
		return false
	}
	operator := v.Operators.byAddress(a.Addresses[0])
	return operator != "" && !slices.ContainsFunc(slices.Concat(a.Addresses, b.Addresses), func(addr netip.Addr) bool {
		return v.Operators.byAddress(addr) != operator
	})
}

// unresolved are name servers without an address.
func (v *view) unresolved(whole *settled, c Cut) []string {
	var all []string
	for _, h := range c.Hosts {
		if len(h.Glue) > 0 {
			continue
		}
		addrs, _, unknown := whole.reachable(h, func(netip.Addr) bool { return true })
		switch {
		case len(addrs) > 0 && below(c.Zone, h.Name):
			all = append(all, fmt.Sprintf("The parent gives no address (glue) for the name server %s of %s, whose name is in the zone itself: it is found through the others only, and lost with them.", bare(h.Name), bare(c.Zone)))
		case len(addrs) > 0 || unknown:
		case below(c.Zone, h.Name):
			all = append(all, fmt.Sprintf("The name server %s of %s cannot be reached: its name is in the zone itself, and the parent gives no address for it (glue).", bare(h.Name), bare(c.Zone)))
		default:
			all = append(all, fmt.Sprintf("The name server %s of %s cannot be reached: its name has no address.", bare(h.Name), bare(c.Zone)))
		}
	}
	return all
}

// oneNetwork is a zone of names that people ask for all of whose servers share a network (RFC 2182 section 3.1).
func (v *view) oneNetwork(key string, c Cut) []string {
	if IsSuffix(c.Zone) || !v.holdsNames(key) {
		return nil
	}
	shared := ""
	for _, h := range c.Hosts {
		networks := map[netip.Prefix]bool{}
		families := map[bool]int{}
		for _, addr := range v.addresses(h) {
			network := networkOf(addr)
			if !networks[network] {
				families[addr.Is4()]++
			}
			networks[network] = true
		}
		var texts []string
		for network := range networks {
			texts = append(texts, network.String())
		}
		text := list(sortedSet(texts))
		if families[true] > 1 || families[false] > 1 || (shared != "" && text != "" && text != shared) {
			return nil
		}
		if text != "" {
			shared = text
		}
	}
	if shared == "" {
		return nil
	}
	return []string{fmt.Sprintf("All name servers of %s are in one network, %s: what cuts it off silences all of them.", bare(c.Zone), shared)}
}

// networkOf is what is usually announced, and lost, as one.
func networkOf(addr netip.Addr) netip.Prefix {
	bits := 48
	if addr.Is4() {
		bits = 24
	}
	network, _ := addr.Prefix(bits) // both fit
	return network
}

// holdsNames reports whether a name that is asked for, or an alias of it, is answered from the cut.
func (v *view) holdsNames(key string) bool {
	held := map[string]bool{}
	for q, answers := range v.World.Answers {
		for _, a := range answers {
			if q.Cut == key && (a.Kind == Alias || a.Kind == Final) {
				held[q.Name] = true
			}
		}
	}
	return slices.ContainsFunc(v.Names, func(name string) bool {
		for n := range v.reach(name) {
			if held[n] {
				return true
			}
		}
		return false
	})
}
