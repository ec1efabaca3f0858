package delegation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"codeberg.org/miekg/dns"
	"codeberg.org/miekg/dns/dnsutil"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

const (
	// maxCuts bounds the way down; real names have five zone cuts at most.
	maxCuts = 16
	// defaultTimeout is for the whole way down.
	defaultTimeout = 5 * time.Second
)

// Asker asks name servers from the root down. The zero value asks those of the Internet.
type Asker struct {
	// Roots are where to begin; none: Roots().
	Roots []netip.AddrPort
	// Port is that of all other name servers; 0: 53.
	Port uint16
	// Lookup finds the addresses of a name server that comes without; nil: the system's resolver.
	Lookup func(ctx context.Context, host string) ([]netip.Addr, error)
	// Timeout is for the whole way down; 0: 5 s.
	Timeout time.Duration
}

// Delegation is what the parent zone says of a zone.
type Delegation struct {
	// Parent is the zone that was asked, absolute.
	Parent string
	// NameServers are absolute names in lower case, sorted. None: the parent does not delegate the zone, or does not
	// know the name at all.
	NameServers []string
	// TTL is that of the NS RRset, in seconds.
	TTL uint32
	// DSs are RDATA in canonical presentation form, sorted; none: the zone is not signed as far as the parent says.
	DSs []string
	// DSTTL is that of the DS RRset, in seconds; 0 when there is none.
	DSTTL uint32
	// DSErr is why DSs are not known although the rest is.
	DSErr error
}

// Ask finds the delegation of zone, which is absolute and in lower case. The error says why the parent could not be
// asked, in words that stay the same while the cause does.
func (a Asker) Ask(ctx context.Context, zone string) (Delegation, error) {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(a.Timeout, defaultTimeout))
	defer cancel()
	servers, parent := a.Roots, "."
	if len(servers) == 0 {
		servers = Roots()
	}
	for range maxCuts {
		answer, err := askAny(ctx, servers, zone, dns.TypeNS, func(m *dns.Msg) bool {
			_, cut, _ := referral(m, parent, zone)
			return cut != "" || m.Authoritative
		})
		if err != nil {
			return Delegation{}, fmt.Errorf("ask the name servers of %s: %w", parent, err)
		}
		hosts, cut, ttl := referral(answer.Msg, parent, zone)
		switch {
		case cut == zone:
			d := Delegation{Parent: parent, NameServers: hosts, TTL: ttl}
			d.readDS(ctx, answer.server, zone)
			return d, nil
		case cut != "":
			if servers, err = a.addresses(ctx, answer.Msg, hosts); err != nil {
				return Delegation{}, fmt.Errorf("find the name servers of %s: %w", cut, err)
			}
			parent = cut
		case servesZone(answer.Msg, zone):
			return Delegation{}, fmt.Errorf("the name servers of %s serve %s as well, so that they do not show its delegation", parent, zone)
		default: // the parent says that there is no such delegation
			return Delegation{Parent: cmp.Or(soaOwner(answer.Msg), parent)}, nil
		}
	}
	return Delegation{}, fmt.Errorf("there are more than %d zones above %s", maxCuts, zone)
}

// referral reads the NS RRset of the authority section that leads from parent towards zone. cut is empty when there is
// none.
func referral(m *dns.Msg, parent, zone string) (hosts []string, cut string, ttl uint32) {
	if m.Authoritative || len(m.Answer) > 0 {
		return nil, "", 0
	}
	for _, rr := range m.Ns {
		ns, ok := rr.(*dns.NS)
		if !ok {
			continue
		}
		owner := strings.ToLower(ns.Hdr.Name)
		// A referral upwards or sideways is what a lame server gives.
		if owner == parent || !dnsutil.IsBelow(parent, owner) || !dnsutil.IsBelow(owner, zone) || (cut != "" && owner != cut) {
			continue
		}
		cut, ttl = owner, ns.Hdr.TTL
		hosts = append(hosts, strings.ToLower(ns.Ns))
	}
	slices.Sort(hosts)
	return slices.Compact(hosts), cut, ttl
}

// servesZone reports whether the answer comes from the zone itself rather than from its parent.
func servesZone(m *dns.Msg, zone string) bool {
	hasNS := slices.ContainsFunc(m.Answer, func(rr dns.RR) bool {
		return dns.RRToType(rr) == dns.TypeNS && strings.EqualFold(rr.Header().Name, zone)
	})
	return hasNS || soaOwner(m) == zone
}

// parentOf asks the server which of its zones is above zone: one server can serve more than one of them, as those of
// co.uk and uk, and its referral does not say whose it is.
func parentOf(ctx context.Context, server netip.AddrPort, zone string) string {
	_, above, _ := strings.Cut(zone, ".")
	answer, err := ask(ctx, server, cmp.Or(above, "."), dns.TypeSOA)
	if err != nil || !answer.Authoritative {
		return ""
	}
	for _, rr := range answer.Answer {
		if dns.RRToType(rr) == dns.TypeSOA {
			return strings.ToLower(rr.Header().Name)
		}
	}
	return soaOwner(answer)
}

// soaOwner is the zone that a negative answer is about (RFC 2308 section 3).
func soaOwner(m *dns.Msg) string {
	for _, rr := range m.Ns {
		if dns.RRToType(rr) == dns.TypeSOA {
			return strings.ToLower(rr.Header().Name)
		}
	}
	return ""
}

// addresses of the name servers: those that came along, else looked up.
func (a Asker) addresses(ctx context.Context, m *dns.Msg, hosts []string) ([]netip.AddrPort, error) {
	port := cmp.Or(a.Port, dnsPort)
	var servers []netip.AddrPort
	add := func(addr netip.Addr) { servers = append(servers, netip.AddrPortFrom(addr.Unmap(), port)) }
	for _, rr := range m.Extra {
		if !slices.Contains(hosts, strings.ToLower(rr.Header().Name)) {
			continue
		}
		switch glue := rr.(type) {
		case *dns.A:
			add(glue.Addr)
		case *dns.AAAA:
			add(glue.Addr)
		}
	}
	if len(servers) > 0 {
		// IPv4 first: a machine without IPv6 is still the more frequent one.
		slices.SortStableFunc(servers, func(a, b netip.AddrPort) int { return cmp.Compare(a.Addr().BitLen(), b.Addr().BitLen()) })
		return servers, nil
	}
	lookup := a.Lookup
	if lookup == nil {
		lookup = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	for _, host := range hosts {
		found, err := lookup(ctx, host)
		if err != nil {
			continue // one of them is enough
		}
		for _, addr := range found {
			add(addr)
		}
		if len(servers) > 0 {
			return servers, nil
		}
	}
	return nil, errors.New("none of them has an address")
}

// readDS asks the server of the parent for the DS RRset, which it alone holds (RFC 4035 section 3.1.4.1).
func (d *Delegation) readDS(ctx context.Context, server netip.AddrPort, zone string) {
	answer, err := ask(ctx, server, zone, dns.TypeDS)
	if err == nil && !answer.Authoritative {
		err = fmt.Errorf("the name server %s gave no authoritative answer", server.Addr())
	}
	if err != nil {
		d.DSErr = fmt.Errorf("ask for the DS of %s: %w", zone, err)
		return
	}
	d.Parent = cmp.Or(soaOwner(answer), parentOf(ctx, server, zone), d.Parent)
	for _, rr := range answer.Answer {
		ds, ok := rr.(*dns.DS)
		if !ok || !strings.EqualFold(ds.Hdr.Name, zone) {
			continue
		}
		d.DSTTL = ds.Hdr.TTL
		value := ds.Data().String()
		if canonical, err := rrset.Canonical("DS", value); err == nil {
			value = canonical
		}
		d.DSs = append(d.DSs, value)
	}
	slices.Sort(d.DSs)
}
