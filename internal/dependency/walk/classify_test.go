package walk

import (
	"testing"

	"codeberg.org/miekg/dns"
	"codeberg.org/miekg/dns/dnstest"

	"github.com/multidns/terraform-provider-multidns/internal/dependency"
)

// TestRead: what a message means to a resolver that asked a server of shop.com. for www.shop.com. A.
func TestRead(t *testing.T) {
	const soa = "shop.com. 60 IN SOA a. b. 1 2 3 4 5"
	for name, test := range map[string]struct {
		rcode                uint16
		noAuthority, recurse bool
		answer, authority    []string
		additional           []string
		kind                 dependency.Kind
		chain, addresses     int
		glue                 int
	}{
		"addresses":                        {answer: []string{"www.shop.com. 60 IN A 192.0.2.1", "WWW.shop.com. 60 IN A 192.0.2.2"}, kind: dependency.Final, addresses: 2},
		"addresses of another name":        {answer: []string{"x.shop.com. 60 IN A 192.0.2.1"}, authority: []string{soa}, kind: dependency.Final},
		"an alias with its end":            {answer: []string{"www.shop.com. 60 IN CNAME web.shop.com.", "web.shop.com. 60 IN A 192.0.2.1"}, kind: dependency.Final, chain: 1, addresses: 1},
		"an alias that leads out":          {answer: []string{"www.shop.com. 60 IN CNAME web.shop.com.", "web.shop.com. 60 IN CNAME x.cdn.net.", "x.cdn.net. 60 IN A 192.0.2.1"}, kind: dependency.Alias, chain: 2},
		"an alias to nothing":              {rcode: dns.RcodeNameError, answer: []string{"www.shop.com. 60 IN CNAME web.shop.com."}, authority: []string{soa}, kind: dependency.Final, chain: 1},
		"an alias into a zone below":       {answer: []string{"www.shop.com. 60 IN CNAME a.eu.shop.com."}, authority: []string{"eu.shop.com. 60 IN NS ns.eu.shop.com."}, kind: dependency.Alias, chain: 1},
		"aliases in a circle":              {answer: []string{"www.shop.com. 60 IN CNAME web.shop.com.", "web.shop.com. 60 IN CNAME www.shop.com."}, kind: dependency.Alias, chain: 2},
		"no such name":                     {rcode: dns.RcodeNameError, authority: []string{soa}, kind: dependency.Final},
		"no such record":                   {authority: []string{soa}, kind: dependency.Final},
		"nothing, with authority":          {kind: dependency.Final},
		"nothing, without authority":       {noAuthority: true, kind: dependency.Lame},
		"refused":                          {rcode: dns.RcodeRefused, kind: dependency.Lame},
		"failure":                          {rcode: dns.RcodeServerFailure, kind: dependency.Lame},
		"a resolver in its place":          {noAuthority: true, recurse: true, answer: []string{"www.shop.com. 60 IN A 192.0.2.1"}, kind: dependency.Lame},
		"upwards":                          {noAuthority: true, authority: []string{"com. 60 IN NS a.nic.com."}, kind: dependency.Lame},
		"to the root":                      {noAuthority: true, authority: []string{". 60 IN NS a.root."}, kind: dependency.Lame},
		"to itself":                        {noAuthority: true, authority: []string{"shop.com. 60 IN NS ns.shop.com."}, kind: dependency.Lame},
		"its own name servers for no data": {authority: []string{"shop.com. 60 IN NS ns.shop.com."}, kind: dependency.Final},
		"down, with glue": {noAuthority: true, authority: []string{"www.shop.com. 60 IN NS ns.www.shop.com.", "www.shop.com. 60 IN NS ns.cdn.net."},
			additional: []string{"ns.www.shop.com. 60 IN A 192.0.2.1", "ns.www.shop.com. 60 IN AAAA 2001:db8::1", "ns.cdn.net. 60 IN A 192.0.2.66", "x.shop.com. 60 IN A 192.0.2.67"}, kind: dependency.Referral, glue: 2},
		"sideways": {noAuthority: true, authority: []string{"other.shop.com. 60 IN NS ns.cdn.net."}, kind: dependency.Final},
	} {
		t.Run(name, func(t *testing.T) {
			m := &dns.Msg{}
			m.Response, m.Rcode, m.Authoritative, m.RecursionAvailable = true, test.rcode, !test.noAuthority, test.recurse
			for _, section := range []struct {
				texts []string
				to    *[]dns.RR
			}{{test.answer, &m.Answer}, {test.authority, &m.Ns}, {test.additional, &m.Extra}} {
				for _, text := range section.texts {
					*section.to = append(*section.to, dnstest.New(text))
				}
			}
			got, cut := read(m, "shop.com.", "www.shop.com.", dependency.A)
			glue := 0
			for _, h := range cut.Hosts {
				glue += len(h.Glue)
			}
			if got.Kind != test.kind || len(got.Chain) != test.chain || len(got.Addresses) != test.addresses || glue != test.glue {
				t.Errorf("%+v, %+v", got, cut)
			}
			if (got.Said != "") != (got.Kind == dependency.Lame) {
				t.Errorf("it said %q", got.Said)
			}
		})
	}
}
