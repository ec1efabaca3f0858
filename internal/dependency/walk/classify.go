package walk

import (
	"net/netip"
	"slices"
	"strings"

	"codeberg.org/miekg/dns"
	"codeberg.org/miekg/dns/dnsutil"

	"github.com/multidns/terraform-provider-multidns/internal/dependency"
)

// read says what a message means to a resolver that asked a server of zone, in the order in which unbound looks
// (iterator/iter_resptype.c): a resolver in the place of a name server is lame, records outside of zone do not count,
// and a delegation leads down or nowhere. The cut is that of a referral.
func read(m *dns.Msg, zone, name string, typ dependency.Type) (dependency.Answer, dependency.Cut) {
	if m.Rcode != dns.RcodeSuccess && m.Rcode != dns.RcodeNameError {
		return lame("answers " + dnsutil.RcodeToString(m.Rcode)), dependency.Cut{}
	}
	if m.RecursionAvailable && !m.Authoritative {
		return lame("answers as a resolver, without authority"), dependency.Cut{}
	}
	chain, addresses := follow(m, zone, name, typ)
	final := dependency.Answer{Kind: dependency.Final, Chain: chain, Addresses: addresses}
	end := name
	if len(chain) > 0 {
		end = chain[len(chain)-1]
	}
	negative := m.Rcode == dns.RcodeNameError || hasSOA(m, end)
	switch {
	case len(addresses) > 0:
		return final, dependency.Cut{}
	case len(chain) > 0 && dnsutil.IsBelow(zone, end) && negative:
		return final, dependency.Cut{}
	case len(chain) > 0:
		return dependency.Answer{Kind: dependency.Alias, Chain: chain}, dependency.Cut{}
	case negative:
		return final, dependency.Cut{}
	}
	return referral(m, zone, name)
}

func lame(said string) dependency.Answer {
	return dependency.Answer{Kind: dependency.Lame, Said: said}
}

// follow goes along the aliases of one message from name on.
func follow(m *dns.Msg, zone, name string, typ dependency.Type) (chain []string, addresses []netip.Addr) {
	aliases := map[string]string{}
	hosts := map[string][]netip.Addr{}
	for _, rr := range m.Answer {
		owner := strings.ToLower(rr.Header().Name)
		if !dnsutil.IsBelow(zone, owner) {
			continue
		}
		switch rr := rr.(type) {
		case *dns.CNAME:
			aliases[owner] = strings.ToLower(rr.Target)
		case *dns.A:
			if typ == dependency.A {
				hosts[owner] = append(hosts[owner], rr.Addr)
			}
		case *dns.AAAA:
			if typ == dependency.AAAA {
				hosts[owner] = append(hosts[owner], rr.Addr)
			}
		}
	}
	end := name
	for range aliases {
		target, ok := aliases[end]
		if !ok {
			break
		}
		chain, end = append(chain, target), target
	}
	addresses = hosts[end]
	slices.SortFunc(addresses, netip.Addr.Compare)
	return chain, slices.Compact(addresses)
}

// hasSOA reports whether the authority section says "no such record" of name (RFC 2308 section 2.2).
func hasSOA(m *dns.Msg, name string) bool {
	return slices.ContainsFunc(m.Ns, func(rr dns.RR) bool {
		return dns.RRToType(rr) == dns.TypeSOA && dnsutil.IsBelow(strings.ToLower(rr.Header().Name), name)
	})
}

// referral reads the authority section of a message without an answer.
func referral(m *dns.Msg, zone, name string) (dependency.Answer, dependency.Cut) {
	hosts := map[string][]netip.Addr{}
	cut := ""
	for _, rr := range m.Ns {
		ns, ok := rr.(*dns.NS)
		if !ok {
			continue
		}
		owner := strings.ToLower(ns.Hdr.Name)
		switch {
		case owner == zone && m.Authoritative:
			return dependency.Answer{Kind: dependency.Final}, dependency.Cut{}
		case owner == zone, dnsutil.IsBelow(owner, zone):
			return lame("refers to " + strings.TrimSuffix(owner, ".") + ", which is not further down"), dependency.Cut{}
		case !dnsutil.IsBelow(zone, owner) || !dnsutil.IsBelow(owner, name) || (cut != "" && owner != cut):
			continue
		}
		cut = owner
		hosts[strings.ToLower(ns.Ns)] = nil
	}
	switch {
	case cut != "":
		return dependency.Answer{Kind: dependency.Referral}, dependency.NewCut(cut, glue(m, zone, hosts))
	case !m.Authoritative && len(m.Answer)+len(m.Ns)+len(m.Extra) == 0:
		return lame("gives an empty answer without authority"), dependency.Cut{}
	}
	return dependency.Answer{Kind: dependency.Final}, dependency.Cut{}
}

// glue keeps the addresses of hosts below the parent zone: a resolver believes no other.
func glue(m *dns.Msg, parent string, hosts map[string][]netip.Addr) map[string][]netip.Addr {
	for _, rr := range m.Extra {
		owner := strings.ToLower(rr.Header().Name)
		if _, ok := hosts[owner]; !ok || !dnsutil.IsBelow(parent, owner) {
			continue
		}
		switch rr := rr.(type) {
		case *dns.A:
			hosts[owner] = append(hosts[owner], rr.Addr)
		case *dns.AAAA:
			hosts[owner] = append(hosts[owner], rr.Addr)
		}
	}
	return hosts
}
