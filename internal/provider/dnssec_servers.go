package provider

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"

	"codeberg.org/miekg/dns"

	"github.com/multidns/terraform-provider-multidns/internal/dependency"
	"github.com/multidns/terraform-provider-multidns/internal/dnssec"
	"github.com/multidns/terraform-provider-multidns/internal/exchange"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// nameServer is an address to ask, and what to call it.
type nameServer struct {
	label string
	addr  netip.AddrPort
}

// serversOf are the name servers of these hosts. why says what is missing.
func serversOf(world dependency.World, hosts []string, port uint16) (servers []nameServer, why string) {
	if len(hosts) == 0 {
		return nil, "no host of its own is known"
	}
	for _, host := range hosts {
		addrs := world.Addresses(host)
		if len(addrs) == 0 {
			return nil, "the addresses of " + host + " cannot be found"
		}
		for _, addr := range addrs {
			servers = append(servers, nameServer{host, netip.AddrPortFrom(addr.Unmap(), port)})
		}
	}
	slices.SortFunc(servers, func(a, b nameServer) int { return strings.Compare(a.label+a.addr.String(), b.label+b.addr.String()) })
	return servers, ""
}

// askServers asks all side by side.
func askServers(ctx context.Context, zone string, servers []nameServer) []dnssec.Server {
	answers := make([]dnssec.Server, len(servers))
	unreachable := make([]bool, len(servers))
	var wg sync.WaitGroup
	for i, server := range servers {
		wg.Go(func() { answers[i], unreachable[i] = askServer(ctx, zone, server) })
	}
	wg.Wait()
	// A machine without IPv6 says nothing about a server that it reaches otherwise.
	var left []dnssec.Server
	for i, answer := range answers {
		sameHost := func(other dnssec.Server) bool { return other.Name == answer.Name && !other.Silent }
		if !unreachable[i] || !slices.ContainsFunc(answers, sameHost) {
			left = append(left, answer)
		}
	}
	return left
}

// askServer asks one server for everything. One question without an answer to count on makes it a silent one.
func askServer(ctx context.Context, zone string, server nameServer) (answer dnssec.Server, unreachable bool) {
	answer = dnssec.Server{Name: server.label}
	types := []uint16{dns.TypeDNSKEY, dns.TypeCDS, dns.TypeCDNSKEY, dns.TypeNS, dns.TypeSOA}
	replies := make([]*dns.Msg, len(types))
	errs := make([]error, len(types))
	var wg sync.WaitGroup
	for i, typ := range types {
		wg.Go(func() { replies[i], errs[i] = askAuthority(ctx, zone, typ, server.addr) })
	}
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			answer.Silent = true
			return answer, errors.Is(err, syscall.ENETUNREACH) || errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT)
		}
		values, ttl := valuesOf(replies[i], zone, types[i])
		switch types[i] {
		case dns.TypeDNSKEY:
			answer.Keys, answer.KeyTTL = values, ttl
		case dns.TypeCDS:
			answer.CDS = values
		case dns.TypeCDNSKEY:
			answer.CDNSKEY = values
		default:
			answer.DataTTL = max(answer.DataTTL, ttl)
		}
	}
	return answer, false
}

func askAuthority(ctx context.Context, zone string, typ uint16, server netip.AddrPort) (*dns.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, exchange.Patience)
	defer cancel()
	// Without the signatures: nobody validates here, and the answer is smaller.
	reply, err := exchange.Ask(ctx, server, exchange.Question{Name: zone, Type: typ})
	if err == nil && (!reply.Authoritative || reply.Rcode != dns.RcodeSuccess) {
		return nil, errors.New("no authoritative answer")
	}
	return reply, err
}

// valuesOf is the RRset of the zone's apex in an answer, canonical, and its TTL.
func valuesOf(reply *dns.Msg, zone string, typ uint16) (values []string, ttl uint32) {
	for _, rr := range reply.Answer {
		if dns.RRToType(rr) != typ || !strings.EqualFold(rr.Header().Name, zone) {
			continue
		}
		ttl = max(ttl, rr.Header().TTL)
		values = append(values, canonicalApex(dns.TypeToString[typ], rr.Data().String()))
	}
	slices.Sort(values)
	return values, ttl
}

// canonicalApex spells CDS as DS and CDNSKEY as DNSKEY: they have the same form (RFC 7344 section 3).
func canonicalApex(typ, value string) string {
	if canonical, err := rrset.Canonical(strings.TrimPrefix(strings.Replace(typ, "CDNSKEY", "DNSKEY", 1), "C"), value); err == nil {
		return canonical
	}
	return value
}
