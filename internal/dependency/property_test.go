package dependency

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// drawn is a random world with the names of its operators.
type drawn struct {
	Map
	operators []string
}

// world draws one: operators with a domain each, of whose name servers some have glue; sites at some of them;
// addresses, aliases to other sites, routers. With differ, some servers answer otherwise than the others.
func world(t *rapid.T, differ bool) drawn {
	w := newMaker()
	d := drawn{Map: Map{Operators: Operators{}, Routers: map[string]Router{}}}
	var hosts []string
	for i := range rapid.IntRange(1, 4).Draw(t, "operators") {
		name := fmt.Sprintf("op%d", i)
		d.operators = append(d.operators, name)
		d.Operators[name] = testOperator(name+".net", i, []string{"US", "DE", ""}[i%3])
		host := fmt.Sprintf("ns.%s.net.", name)
		addr := fmt.Sprintf("198.18.%d.1", i)
		ns := host + "=" + addr
		if others := len(hosts); others > 0 && rapid.Bool().Draw(t, "named elsewhere") {
			ns = hosts[rapid.IntRange(0, others-1).Draw(t, "elsewhere")]
		}
		w.zone(name+".net.", ns)
		w.host(name+".net.", host, addr)
		hosts = append(hosts, host)
	}
	sites := rapid.IntRange(1, 3).Draw(t, "sites")
	for i := range sites {
		zone, www := fmt.Sprintf("site%d.com.", i), fmt.Sprintf("www.site%d.com.", i)
		w.zone(zone, rapid.SliceOfNDistinct(rapid.SampledFrom(hosts), 1, min(3, len(hosts)), rapid.ID).Draw(t, "ns")...)
		var values []string
		if rapid.IntRange(0, 3).Draw(t, "alias") == 0 {
			values = []string{fmt.Sprintf("www.site%d.com.", rapid.IntRange(0, sites-1).Draw(t, "to"))}
		} else {
			for _, o := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(d.operators)), 1, 2, rapid.ID).Draw(t, "edges") {
				values = append(values, fmt.Sprintf("198.18.%d.9", o))
			}
		}
		w.host(zone, www, values...)
		d.Names = append(d.Names, www)
		if rapid.Bool().Draw(t, "router") {
			d.Routers[www] = Router{
				Targets:   []string{fmt.Sprintf("www.site%d.com.", rapid.IntRange(0, sites-1).Draw(t, "target")), "198.18.200.1"},
				ChangedAt: rapid.SliceOfDistinct(rapid.SampledFrom(d.operators), rapid.ID).Draw(t, "changed at"),
			}
		}
		if differ {
			for _, host := range w.cuts[zone].Hosts {
				odd := []Answer{{Kind: Final}, {Kind: Lame, Said: "answers SERVFAIL"}, {Kind: Silent}, {Kind: Final, Addresses: []netip.Addr{netip.MustParseAddr("198.18.201.1")}}}
				if n := rapid.IntRange(0, len(odd)).Draw(t, "odd"); n < len(odd) {
					for _, addr := range w.addresses(host.Name) {
						w.change(zone, www, addr.String(), odd[n])
					}
				}
			}
		}
	}
	d.World = w.world
	return d
}

// TestProperty_MoreLossIsNeverBetter: where all servers of a zone agree no verdict gets better by losing more. Where
// they differ the loss of the one that is wrong can make the rest sure; but what is down stays down.
func TestProperty_MoreLossIsNeverBetter(t *testing.T) {
	for _, differ := range []bool{false, true} {
		rapid.Check(t, func(t *rapid.T) {
			d := world(t, differ)
			lost := rapid.Permutation(d.operators).Draw(t, "lost")
			facet := rapid.SampledFrom(Facets()).Draw(t, "facet")
			less := rapid.IntRange(0, len(lost)).Draw(t, "less")
			before, after := d.Without(facet, lost[:less]...), d.Without(facet, lost...)
			all := d.Without(All, lost...)
			for _, name := range d.Names {
				for _, pair := range [][2]Verdict{
					{before[name].Now, after[name].Now}, {before[name].AfterSwitch, after[name].AfterSwitch},
					{after[name].Now, all[name].Now},
				} {
					if pair[1].better(pair[0]) && (!differ || pair[0] == Down) {
						t.Fatalf("%s gets better by losing more: %v", name, pair)
					}
				}
				if o := after[name]; o.Now.better(o.AfterSwitch) {
					t.Fatalf("moving the routers makes %s worse: %+v", name, o)
				}
			}
		})
	}
}

// TestProperty_WholeNamesAreUp: the loss of an operator that runs nothing of a name changes nothing for it.
func TestProperty_WholeNamesAreUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := world(t, false)
		whole := d.Without(All)
		for _, operator := range d.operators {
			without := d.Without(All, operator)
			for _, name := range d.Names {
				if !d.uses(name, operator, map[string]bool{}) && without[name].Now != whole[name].Now {
					t.Fatalf("%s does not use %s and is %s instead of %s without it", name, operator, without[name].Now, whole[name].Now)
				}
			}
		}
	})
}

// uses reports whether anything on the way of a name is the operator's, as plainly as it can be written.
func (d drawn) uses(name, operator string, seen map[string]bool) bool {
	if seen[name] {
		return false
	}
	seen[name] = true
	for q, answers := range d.World.Answers {
		c := d.World.Cuts[q.Cut]
		if !below(c.Zone, name) {
			continue
		}
		for _, h := range c.Hosts {
			if d.Operators.byName(h.Name) == operator || len(h.Glue) == 0 && d.uses(h.Name, operator, seen) {
				return true
			}
		}
		for addr, a := range answers {
			if d.Operators.byAddress(addr) == operator {
				return true
			}
			if q.Name != name {
				continue
			}
			if slices.ContainsFunc(a.Addresses, func(addr netip.Addr) bool { return d.Operators.byAddress(addr) == operator }) ||
				slices.ContainsFunc(a.Chain, func(n string) bool { return d.uses(n, operator, seen) }) {
				return true
			}
		}
	}
	return false
}

// TestProperty_OrderDoesNotMatter: nothing in a report hangs on the order of the names or on that of Go's maps.
func TestProperty_OrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := world(t, rapid.Bool().Draw(t, "differ"))
		first := d.Report()
		d.Names = rapid.Permutation(d.Names).Draw(t, "names")
		second := d.Report()
		if diff := cmp.Diff(first, second); diff != "" {
			t.Fatal(diff)
		}
		if first.Mermaid() != second.Mermaid() || first.Dot() != second.Dot() {
			t.Fatal("the drawings differ")
		}
	})
}
