package proof

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/dependency"
	"github.com/multidns/terraform-provider-multidns/internal/dependency/walk"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/nameserver"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/zonedata"
)

// internet is a little one, as somebody would describe it.
type internet struct {
	operators dependency.Operators
	hosts     map[string][]string // name servers and their addresses
	zones     map[string]*zone    // "" is not needed: the root is made of what is above
	fronts    []string            // addresses that serve
	names     []string
	routers   map[string]dependency.Router
	declared  []dependency.Declared
}

// zone as it is delegated and served.
type zone struct {
	ns     []string          // that the parent lists
	noGlue []string          // those of them for which the parent gives no address although it could
	rrsets map[string]string // "www A" → "192.0.2.1 192.0.2.2", names relative
	// lame are name servers that do not serve the zone, and how: "refuses", "upwards", "fails".
	lame map[string]string
	// differs are RRsets of one name server; "" is none.
	differs map[string]map[string]string
}

const (
	rootAddress = "127.0.0.1"
	dnsPort     = 53
)

// box is one name server at one address. It can be closed and started again.
type box struct {
	addr      netip.Addr
	host      string
	operators []string
	server    *nameserver.Server

	mu    sync.Mutex // the server asks while the test changes
	zones map[string][]zonedata.RRset
	off   bool
}

// Zones are none while it is off: it refuses all questions.
func (b *box) Zones() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.off {
		return nil
	}
	return slices.Collect(maps.Keys(b.zones))
}

func (b *box) Published(zone string) []zonedata.RRset {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.zones[zone]
}

func (b *box) switchTo(off bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.off = off
}

func (b *box) publish(zone string, sets []zonedata.RRset) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.zones[zone] = sets
}

// running is an internet that answers.
type running struct {
	internet
	// silence closes what is switched off. Otherwise it refuses, which means the same to a resolver and saves its
	// patience.
	silence bool
	// port is that of all name servers. Only on 53 are there fronts as well.
	port   uint16
	boxes  []*box
	fronts map[netip.Addr]net.Listener
}

func set(name, typ string, values ...string) zonedata.RRset {
	return zonedata.RRset{Name: name, Type: typ, TTL: 3600, Values: values}
}

func addressType(addr string) string {
	if strings.Contains(addr, ":") {
		return "AAAA"
	}
	return "A"
}

// parent is the zone that delegates name.
func (in internet) parent(name string) string {
	best := "."
	for zone := range in.zones {
		if strings.HasSuffix(name, "."+zone) && len(zone) > len(best) {
			best = zone
		}
	}
	return best
}

// zoneOf is the zone that holds name.
func (in internet) zoneOf(name string) string {
	if in.zones[name] != nil {
		return name
	}
	return in.parent(name)
}

// contents are what each zone holds: the addresses of name servers in it, delegations with glue, and its RRsets.
func (in internet) contents() map[string]map[string]zonedata.RRset {
	all := map[string]map[string]zonedata.RRset{".": {}}
	for name := range in.zones {
		all[name] = map[string]zonedata.RRset{}
	}
	add := func(zone string, s zonedata.RRset) { all[zone][s.Name+" "+s.Type] = s }
	add(".", set(".", "NS", "a.root."))
	add(".", set("a.root.", "A", rootAddress))
	addresses := func(zone, host string) {
		byType := map[string][]string{}
		for _, addr := range in.hosts[host] {
			byType[addressType(addr)] = append(byType[addressType(addr)], addr)
		}
		for typ, addrs := range byType {
			add(zone, set(host, typ, addrs...))
		}
	}
	for host := range in.hosts {
		addresses(in.zoneOf(host), host)
	}
	for name, z := range in.zones {
		add(name, set(name, "NS", z.ns...))
		parent := in.parent(name)
		add(parent, set(name, "NS", z.ns...))
		for _, host := range z.ns {
			if (parent == "." || strings.HasSuffix(host, "."+parent)) && in.zoneOf(host) != parent && !slices.Contains(z.noGlue, host) {
				addresses(parent, host)
			}
		}
		for key, values := range z.rrsets {
			s := z.rrset(name, key, values)
			add(name, s)
		}
	}
	return all
}

func (z *zone) rrset(name, key, values string) zonedata.RRset {
	owner, typ, _ := strings.Cut(key, " ")
	if owner == "@" {
		return set(name, typ, strings.Fields(values)...)
	}
	return set(owner+"."+name, typ, strings.Fields(values)...)
}

// start serves it until the test ends, on port 53 as a resolver needs it or on any that is free.
func (in internet) start(t *testing.T, port uint16) *running {
	t.Helper()
	r := &running{internet: in, port: port, fronts: map[netip.Addr]net.Listener{}}
	contents := in.contents()
	flat := func(zone string) []zonedata.RRset { return slices.Collect(maps.Values(contents[zone])) }
	own := dependency.OwnDomains(in.names)
	r.boxes = append(r.boxes, &box{addr: netip.MustParseAddr(rootAddress), zones: map[string][]zonedata.RRset{".": flat(".")}})
	for _, host := range slices.Sorted(maps.Keys(in.hosts)) {
		for _, text := range in.hosts[host] {
			addr := netip.MustParseAddr(text)
			b := &box{addr: addr, host: host, operators: in.operators.OfServer(host, addr, own), zones: map[string][]zonedata.RRset{}}
			for name, z := range in.zones {
				switch {
				case !slices.Contains(z.ns, host):
				case z.lame[host] == "upwards":
					b.zones["."] = flat(".")
				case z.lame[host] == "fails":
					b.zones[name] = []zonedata.RRset{set("*."+name, "A", "broken"), set(name, "A", "broken"), set(name, "NS", "broken broken")}
				case z.lame[host] == "":
					own := maps.Clone(contents[name])
					for key, values := range z.differs[host] {
						s := z.rrset(name, key, values)
						delete(own, s.Name+" "+s.Type)
						if values != "" {
							own[s.Name+" "+s.Type] = s
						}
					}
					b.zones[name] = slices.Collect(maps.Values(own))
				}
			}
			r.boxes = append(r.boxes, b)
		}
	}
	r.alive(t, nil, nil)
	t.Cleanup(func() {
		for _, b := range r.boxes {
			if b.server != nil {
				b.server.Close()
			}
		}
		for _, l := range r.fronts {
			if l != nil {
				_ = l.Close()
			}
		}
	})
	return r
}

// alive switches off the name servers of the one and the fronts of the other operators, and all else on.
func (r *running) alive(t *testing.T, withoutServers, withoutEdge []string) {
	t.Helper()
	for _, b := range r.boxes {
		lost := slices.ContainsFunc(b.operators, func(o string) bool { return slices.Contains(withoutServers, o) })
		b.switchTo(lost)
		closed := lost && r.silence
		switch {
		case closed && b.server != nil:
			b.server.Close()
			b.server = nil
		case !closed && b.server == nil:
			server, err := nameserver.Start(netip.AddrPortFrom(b.addr, r.port).String(), b)
			if err != nil {
				t.Fatal(err)
			}
			b.server = server
		}
	}
	if r.port != dnsPort {
		return
	}
	for _, text := range r.internet.fronts {
		addr := netip.MustParseAddr(text)
		lost := slices.ContainsFunc(withoutEdge, func(o string) bool {
			return slices.ContainsFunc(r.operators[o].Networks, func(n netip.Prefix) bool { return n.Contains(addr) })
		})
		switch {
		case lost && r.fronts[addr] != nil:
			_ = r.fronts[addr].Close()
			r.fronts[addr] = nil
		case !lost && r.fronts[addr] == nil:
			listener, err := net.Listen("tcp", netip.AddrPortFrom(addr, 80).String())
			if err != nil {
				t.Fatal(err)
			}
			r.fronts[addr] = listener
		}
	}
}

// move sets routers at the servers of those operators, and gives back how to undo it.
func (r *running) move(positions map[string]string, at map[string][]string) (undo func()) {
	var undone []func()
	for router, target := range positions {
		zone := r.zoneOf(router)
		for _, b := range r.boxes {
			before, serves := b.zones[zone]
			told := slices.ContainsFunc(b.operators, func(o string) bool { return slices.Contains(at[router], o) })
			if !serves || !told {
				continue
			}
			sets := slices.DeleteFunc(slices.Clone(before), func(s zonedata.RRset) bool { return s.Name == router && s.Type != "NS" })
			typ := "CNAME"
			if _, err := netip.ParseAddr(target); err == nil {
				typ = addressType(target)
			}
			b.publish(zone, append(sets, set(router, typ, target)))
			undone = append(undone, func() { b.publish(zone, before) })
		}
	}
	return func() {
		for _, u := range slices.Backward(undone) {
			u()
		}
	}
}

// dependencies are what the product says of it.
func (r *running) dependencies(t *testing.T) dependency.Map {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	m, walker, names := r.question()
	m.World = walker.Walk(ctx, names)
	if m.World.Late {
		t.Error("the walk was late")
	}
	return m
}

// question is what the product would be asked.
func (r *running) question() (m dependency.Map, w walk.Walker, names []string) {
	m = dependency.Map{Operators: dependency.Table(r.operators), Names: r.names, Routers: r.routers, Declared: r.declared}
	names = slices.Clone(r.names)
	for _, router := range r.routers {
		for _, target := range router.Targets {
			if _, err := netip.ParseAddr(target); err != nil {
				names = append(names, target)
			}
		}
	}
	root := netip.AddrPortFrom(netip.MustParseAddr(rootAddress), r.port)
	return m, walk.Walker{Roots: []netip.AddrPort{root}, Port: r.port, Operators: m.Operators, Names: r.names}, names
}

// reached reports whether a front at that address answers.
func reached(ctx context.Context, addr netip.Addr) bool {
	conn, err := (&net.Dialer{Timeout: 2 * time.Second}).DialContext(ctx, "tcp", netip.AddrPortFrom(addr, 80).String())
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}

func (in internet) String() string {
	var b strings.Builder
	for _, host := range slices.Sorted(maps.Keys(in.hosts)) {
		fmt.Fprintf(&b, "host %s %v\n", host, in.hosts[host])
	}
	for _, name := range slices.Sorted(maps.Keys(in.zones)) {
		z := in.zones[name]
		fmt.Fprintf(&b, "zone %s ns %v noglue %v lame %v differs %v\n", name, z.ns, z.noGlue, z.lame, z.differs)
		for _, key := range slices.Sorted(maps.Keys(z.rrsets)) {
			fmt.Fprintf(&b, "  %s %s\n", key, z.rrsets[key])
		}
	}
	fmt.Fprintf(&b, "names %v routers %v\n", in.names, in.routers)
	for _, o := range slices.Sorted(maps.Keys(in.operators)) {
		fmt.Fprintf(&b, "operator %s %v\n", o, in.operators[o])
	}
	return b.String()
}
