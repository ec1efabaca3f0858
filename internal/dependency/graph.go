package dependency

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
)

// The kinds of nodes.
const (
	NameNode     = "name"
	ZoneNode     = "zone"
	ServerNode   = "name_server"
	AddressNode  = "address"
	DeclaredNode = "declared"
)

// Node is one piece of the map.
type Node struct {
	ID, Kind, Name, Operator, Jurisdiction string
}

// GraphEdge says that From needs To, or, with the others of the same OneOf, one of them.
type GraphEdge struct {
	From, To, Kind, OneOf string
}

// graph collects nodes and edges.
type graph struct {
	*view
	nodes map[string]Node
	edges map[GraphEdge]bool
}

// graph gives all pieces, sorted, each once.
func (v *view) graph() ([]Node, []GraphEdge) {
	g := &graph{v, map[string]Node{}, map[GraphEdge]bool{}}
	for _, name := range v.Names {
		for n := range v.reach(name) {
			g.name(n)
		}
	}
	for key, c := range v.World.Cuts {
		if key != v.World.Root {
			g.zone(key, c)
		}
	}
	for _, d := range v.Declared {
		g.declared(d)
	}
	nodes, edges := make([]Node, 0, len(g.nodes)), make([]GraphEdge, 0, len(g.edges))
	for _, n := range g.nodes {
		nodes = append(nodes, n)
	}
	slices.SortFunc(nodes, func(a, b Node) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID)) })
	for e := range g.edges {
		edges = append(edges, e)
	}
	g.group(edges)
	slices.SortFunc(edges, func(a, b GraphEdge) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.To, b.To))
	})
	return nodes, edges
}

// group takes the name of the group from those that are alone: they are needed.
func (g *graph) group(edges []GraphEdge) {
	members := map[string]int{}
	for _, e := range edges {
		members[e.OneOf]++
	}
	for i, e := range edges {
		if members[e.OneOf] == 1 {
			edges[i].OneOf = ""
		}
	}
}

func (g *graph) node(kind, name, operator string) string {
	id := kind + ":" + name
	g.nodes[id] = Node{id, kind, name, operator, g.Operators[operator].Jurisdiction}
	return id
}

func (g *graph) link(from, to, kind, oneOf string) { g.edges[GraphEdge{from, to, kind, oneOf}] = true }

func (g *graph) address(addr netip.Addr) string {
	return g.node(AddressNode, addr.String(), g.Operators.byAddress(addr))
}

// name with where it leads: its zone, its aliases, its addresses.
func (g *graph) name(name string) {
	id := g.node(NameNode, bare(name), g.Operators.byName(name))
	g.zonesOf(id, name)
	for target := range g.targets[name] {
		g.link(id, g.node(NameNode, bare(target), g.Operators.byName(target)), "alias", "where "+bare(name)+" leads")
	}
	for _, addr := range g.hostAddresses[name] {
		g.link(id, g.address(addr), "address", "where "+bare(name)+" leads")
	}
	for _, target := range g.Routers[name].Targets {
		var to string
		if addr, err := netip.ParseAddr(target); err == nil {
			to = g.address(addr)
		} else {
			to = g.node(NameNode, bare(target), g.Operators.byName(target))
		}
		g.link(id, to, "router", "where "+bare(name)+" can be moved")
	}
}

// zonesOf adds the zones from which a name is answered.
func (g *graph) zonesOf(id, name string) {
	for q, answers := range g.World.Answers {
		if q.Cut == g.World.Root {
			continue
		}
		for _, a := range answers {
			fromHere := q.Name == name || slices.Contains(a.Chain, name) && (a.Kind == Final || a.Chain[len(a.Chain)-1] != name)
			if fromHere && (a.Kind == Alias || a.Kind == Final) {
				g.link(id, ZoneNode+":"+bare(g.World.Cuts[q.Cut].Zone), "zone", "")
			}
		}
	}
}

// zone with its parent and its name servers.
func (g *graph) zone(key string, c Cut) {
	id := g.node(ZoneNode, bare(c.Zone), "")
	for q, answers := range g.World.Answers {
		for _, a := range answers {
			if a.Kind == Referral && a.Cut == key && q.Cut != g.World.Root {
				g.link(id, ZoneNode+":"+bare(g.World.Cuts[q.Cut].Zone), "parent", "")
			}
		}
	}
	for _, h := range c.Hosts {
		operator := ""
		if found := g.Operators.OfServer(h.Name, netip.Addr{}, g.own); len(found) > 0 {
			operator = found[0]
		}
		if addrs := g.addresses(h); g.Operators.byName(h.Name) == "" && len(addrs) > 0 {
			operator = cmp.Or(g.Operators.byAddress(addrs[0]), operator)
		}
		server := g.node(ServerNode, bare(h.Name), operator)
		g.link(id, server, "name_server", "name servers of "+bare(c.Zone))
		for _, addr := range g.addresses(h) {
			g.link(server, g.address(addr), "address", "addresses of "+bare(h.Name))
		}
		if len(h.Glue) == 0 {
			g.zonesOf(server, h.Name)
		}
	}
}

// declared hangs a piece on the names that need it; one that every change needs, on the routers.
func (g *graph) declared(d Declared) {
	id := g.node(DeclaredNode, d.Name, d.Operator)
	for _, name := range d.NeededFor {
		g.link(NameNode+":"+bare(name), id, "declared", "")
	}
	if !d.Change {
		return
	}
	for router := range g.Routers {
		if _, ok := g.nodes[NameNode+":"+bare(router)]; ok {
			g.link(NameNode+":"+bare(router), id, "change", "")
		}
	}
}

// describe is a node's text in a drawing, in lines.
func (n Node) describe() []string {
	lines := []string{n.Name}
	if n.Kind != NameNode {
		lines = append(lines, map[string]string{ZoneNode: "zone", ServerNode: "name server", AddressNode: "address", DeclaredNode: "declared"}[n.Kind])
	}
	if n.Operator != "" {
		operator := n.Operator
		if n.Jurisdiction != "" {
			operator = fmt.Sprintf("%s (%s)", n.Operator, n.Jurisdiction)
		}
		lines = append(lines, operator)
	}
	return lines
}
