package main

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"codeberg.org/miekg/dns"
	"codeberg.org/miekg/dns/dnsutil"

	"github.com/multidns/terraform-provider-multidns/internal/exchange"
)

// chain is where a name leads according to one name server: each CNAME's target, in order, absolute.
type chain []string

// end is the last name of the chain, empty when the name leads nowhere.
func (c chain) end() string {
	if len(c) == 0 {
		return ""
	}
	return c[len(c)-1]
}

// front is the name of the front that the chain ends at; what is no front is given as it is.
func (c chain) front() string {
	if c.end() == "" {
		return "nothing"
	}
	return strings.TrimSuffix(c.end(), "."+frontDomain+".")
}

// ask asks the name server at that address for the addresses of name, as a resolver would, and gives the aliases in its
// answer.
func ask(ctx context.Context, server, name string) (chain, error) {
	ctx, cancel := context.WithTimeout(ctx, exchange.Patience)
	defer cancel()
	address, err := netip.ParseAddrPort(server)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", server, err)
	}
	answer, err := exchange.Ask(ctx, address, exchange.Question{Name: dnsutil.Fqdn(name), Type: dns.TypeA})
	if err != nil {
		return nil, fmt.Errorf("ask %s for %s: %w", server, name, err)
	}
	if answer.Rcode == dns.RcodeNameError {
		return nil, nil
	}
	if answer.Rcode != dns.RcodeSuccess {
		return nil, fmt.Errorf("ask %s for %s: it answered %s", server, name, dnsutil.RcodeToString(answer.Rcode))
	}
	aliases := map[string]string{}
	for _, rr := range answer.Answer {
		if alias, ok := rr.(*dns.CNAME); ok {
			aliases[strings.ToLower(alias.Header().Name)] = strings.ToLower(alias.Target)
		}
	}
	var leads chain
	for next := dnsutil.Fqdn(strings.ToLower(name)); aliases[next] != "" && len(leads) < len(aliases); next = leads.end() {
		leads = append(leads, aliases[next])
	}
	return leads, nil
}

// watch asks again and again where name leads, until it leads to that end or ctx is over, and gives the time at which
// it did; the zero time when it did not.
func watch(ctx context.Context, server, name, end string) time.Time {
	for ctx.Err() == nil {
		if leads, err := ask(ctx, server, name); err == nil && leads.end() == end {
			return time.Now()
		}
		select {
		case <-ctx.Done():
		case <-time.After(10 * time.Millisecond):
		}
	}
	return time.Time{}
}
