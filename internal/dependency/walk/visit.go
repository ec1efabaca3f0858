package walk

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/dependency"
)

// visitKey is a question that the servers of a cut are asked.
type visitKey struct{ cut, asked string }

// visit is that question under way.
type visit struct {
	visitKey
	names    []string // that are looked for by it
	answers  []dependency.Answer
	groups   map[string]*group
	perGroup map[string]int // groups by operators
}

// group are the addresses of one name server that belong to the same operators. They answer alike, so that one is
// asked, and the others when it does not answer.
type group struct {
	addrs  []netip.Addr
	asking bool
	served netip.Addr // the one that answered
}

// enter looks for name at a cut.
func (k *walk) enter(cut, name string) {
	k.seek(cut, dependency.Step(k.world.Cuts[cut].Zone, name), name)
}

// seek asks the servers of a cut for asked, on the way to name.
func (k *walk) seek(cut, asked, name string) {
	key := visitKey{cut, asked}
	v, ok := k.visits[key]
	if !ok {
		v = &visit{visitKey: key, groups: map[string]*group{}, perGroup: map[string]int{}}
		k.visits[key] = v
	}
	if slices.Contains(v.names, name) {
		return
	}
	v.names = append(v.names, name)
	for _, a := range slices.Clone(v.answers) {
		k.goOn(v, a, name)
	}
	if ok {
		k.askOthers(v, name)
		return
	}
	for _, h := range k.world.Cuts[cut].Hosts {
		addrs := h.Glue
		if len(addrs) == 0 {
			k.waiting[h.Name] = append(k.waiting[h.Name], v)
			k.resolve(h.Name)
			addrs = k.addresses[h.Name]
		}
		for _, addr := range addrs {
			k.addServer(v, h.Name, addr)
		}
	}
}

// learn notes an address of a host name, for the visits that wait for it and for the names that are aliases of it.
func (k *walk) learn(host string, addr netip.Addr) {
	if slices.Contains(k.addresses[host], addr) {
		return
	}
	k.addresses[host] = append(k.addresses[host], addr)
	for _, v := range k.waiting[host] {
		k.addServer(v, host, addr)
	}
	for _, alias := range k.aliases[host] {
		k.learn(alias, addr)
	}
}

// addServer takes a server into a visit.
func (k *walk) addServer(v *visit, host string, addr netip.Addr) {
	operators := ""
	if v.cut != k.world.Root { // the root servers answer as one
		operators = fmt.Sprint(k.Operators.OfServer(host, addr, k.own))
	}
	name := host + operators
	g, ok := v.groups[name]
	if !ok {
		if v.perGroup[operators] >= manyHosts {
			return
		}
		v.perGroup[operators]++
		g = &group{}
		v.groups[name] = g
	}
	if slices.Contains(g.addrs, addr) {
		return
	}
	g.addrs = append(g.addrs, addr)
	switch {
	case g.served.IsValid():
		k.sweep(v, g)
	case !g.asking:
		k.askNext(v, g)
	}
}

// askNext asks the next address of a group that may answer.
func (k *walk) askNext(v *visit, g *group) {
	q := dependency.Question{Cut: v.cut, Name: v.asked, Type: dependency.A}
	for _, addr := range g.addrs {
		if _, asked := k.world.Answers[q][addr]; asked {
			continue
		}
		if _, bad := k.world.Bad(v.cut, addr); bad {
			continue
		}
		g.asking = true
		k.askServer(v, addr, dependency.A, func(a dependency.Answer) {
			g.asking = false
			if a.Kind < dependency.Referral {
				k.askNext(v, g)
				return
			}
			if !g.served.IsValid() {
				g.served = addr
			}
			if k.wantsOther(v, a) {
				k.askOther(v, g)
			}
			k.sweep(v, g)
		})
		return
	}
}

// wantsOther reports whether the other family has to be asked for as well: not where an alias or a delegation leads on,
// nor where the name is but a step.
func (k *walk) wantsOther(v *visit, a dependency.Answer) bool {
	return a.Kind == dependency.Final && slices.Contains(v.names, v.asked)
}

// askOthers makes up for it when what was but a step is looked for itself.
func (k *walk) askOthers(v *visit, name string) {
	if name != v.asked {
		return
	}
	q := dependency.Question{Cut: v.cut, Name: v.asked, Type: dependency.A}
	for _, g := range v.groups {
		if g.served.IsValid() && k.world.Answers[q][g.served].Kind == dependency.Final {
			k.askOther(v, g)
		}
	}
}

// askOther asks for the other family, preferably at an address that was not asked yet, so that one question learns two
// things.
func (k *walk) askOther(v *visit, g *group) {
	for _, addr := range append(slices.Clone(g.addrs), g.served) {
		if k.swept[place{v.cut, addr}] && addr != g.served {
			continue
		}
		k.askServer(v, addr, dependency.AAAA, func(a dependency.Answer) {
			if a.Kind < dependency.Referral && addr != g.served {
				k.askServer(v, g.served, dependency.AAAA, func(dependency.Answer) {})
			}
		})
		return
	}
}

// sweep asks those servers of a small cut that were asked nothing yet, to see whether they serve it.
func (k *walk) sweep(v *visit, g *group) {
	if v.cut == k.world.Root || k.size(v.cut) > manyAddresses {
		return
	}
	for _, addr := range g.addrs {
		if !k.swept[place{v.cut, addr}] {
			k.askServer(v, addr, dependency.A, func(dependency.Answer) {})
		}
	}
}

// size is how many addresses a cut has.
func (k *walk) size(cut string) int {
	n := 0
	for _, h := range k.world.Cuts[cut].Hosts {
		n += max(len(h.Glue), len(k.addresses[h.Name]))
	}
	return n
}

// askServer asks one server, notes what it says and goes on from there.
func (k *walk) askServer(v *visit, addr netip.Addr, typ dependency.Type, then func(dependency.Answer)) {
	k.swept[place{v.cut, addr}] = true
	k.ask(question{k.socket(v.cut, addr), v.asked, typ}, func(r reply) {
		if r.late {
			k.world.Late = true
		}
		answer := r.failure
		if r.message != nil {
			var cut dependency.Cut
			answer, cut = read(r.message, k.world.Cuts[v.cut].Zone, v.asked, typ)
			if answer.Kind == dependency.Referral {
				answer.Cut = cut.Key()
				k.world.Cuts[answer.Cut] = cut
			}
		}
		if v.cut == k.world.Root && answer.Kind == dependency.Silent {
			// All of the root is never out: it is this machine that reaches nobody.
			answer = dependency.Answer{Kind: dependency.Unasked}
		}
		q := dependency.Question{Cut: v.cut, Name: v.asked, Type: typ}
		if k.world.Answers[q] == nil {
			k.world.Answers[q] = map[netip.Addr]dependency.Answer{}
		}
		k.world.Answers[q][addr] = answer
		if answer.Kind >= dependency.Referral {
			v.answers = append(v.answers, answer)
			for _, name := range slices.Clone(v.names) {
				k.goOn(v, answer, name)
			}
		}
		then(answer)
	})
}

// goOn does what an answer asks for, on the way to name.
func (k *walk) goOn(v *visit, a dependency.Answer, name string) {
	switch {
	case a.Kind == dependency.Referral:
		k.enter(a.Cut, name)
	case name != v.asked:
		k.seek(v.cut, dependency.Step(v.asked, name), name)
	case a.Kind == dependency.Alias:
		target := a.Chain[len(a.Chain)-1]
		if !slices.Contains(k.aliases[target], name) {
			k.aliases[target] = append(k.aliases[target], name)
		}
		k.resolve(target)
		for _, addr := range k.addresses[target] {
			k.learn(name, addr)
		}
	default:
		for _, addr := range a.Addresses {
			k.learn(name, addr)
		}
	}
}
