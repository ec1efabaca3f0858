package nameserver

import (
	"slices"
	"strings"

	"codeberg.org/miekg/dns"
	"codeberg.org/miekg/dns/dnsutil"
	"codeberg.org/miekg/dns/rdata"
)

// proveDenial proves that a name does not exist, or that it lacks a type.
func (z *zone) proveDenial(r *reply, name string) {
	if z.signed.Compact {
		z.denyCompactly(r, name)
		return
	}
	if z.sets[name] != nil {
		r.prove(z.matching(name))
		return
	}
	encloser := z.encloser(name)
	r.prove(z.matching(encloser))
	r.prove(z.covering(nextCloser(name, encloser)))
	if wildcard := "*." + encloser; z.sets[wildcard] != nil {
		r.prove(z.matching(wildcard)) // it was found, and lacks the type (RFC 5155 section 7.2.5)
	} else {
		r.prove(z.covering(wildcard)) // RFC 5155 section 7.2.2
	}
}

// proveExpansion proves that no name closer than the wildcard exists (RFC 5155 section 7.2.6).
func (z *zone) proveExpansion(r *reply, name, wildcard string) {
	if !z.signed.Compact {
		r.prove(z.covering(nextCloser(name, parent(wildcard))))
	}
}

func (r *reply) prove(rr dns.RR) {
	same := func(other dns.RR) bool {
		return dns.RRToType(other) == dns.RRToType(rr) && other.Header().Name == rr.Header().Name
	}
	if !slices.ContainsFunc(r.authority, same) {
		r.authority = append(r.authority, rr)
	}
}

// denyCompactly says of each name that it exists and has other types; of one that does not that it has none (RFC 9824).
func (z *zone) denyCompactly(r *reply, name string) {
	types := []uint16{dns.TypeRRSIG, dns.TypeNSEC}
	switch node, _, found := z.node(name); {
	case found:
		types = append(types, typesOf(node)...)
	default:
		types = append(types, dns.TypeNXNAME)
		r.rcode = dns.RcodeSuccess
	}
	slices.Sort(types)
	r.prove(&dns.NSEC{
		Hdr: dns.Header{Name: name, Class: dns.ClassINET, TTL: z.negativeTTL()}, NSEC: rdata.NSEC{NextDomain: `\000.` + name, TypeBitMap: types},
	})
}

func typesOf[V any](node map[string]V) []uint16 {
	var types []uint16
	for typ := range node {
		types = append(types, dns.StringToType[typ])
	}
	return types
}

// nextCloser is the name one label below encloser on the way to name.
func nextCloser(name, encloser string) string {
	for parent(name) != encloser {
		name = parent(name)
	}
	return name
}

// matching is the NSEC3 of a name that exists.
func (z *zone) matching(name string) dns.RR {
	chain := z.chain()
	i, _ := chain.at(name)
	return z.nsec3(chain, i)
}

// covering is the NSEC3 in whose gap a name would be.
func (z *zone) covering(name string) dns.RR {
	chain := z.chain()
	i, _ := chain.at(name)
	return z.nsec3(chain, (i+len(chain)-1)%len(chain))
}

func (z *zone) nsec3(chain chain, i int) dns.RR {
	name := chain[i].name
	node := z.sets[name]
	types := typesOf(node)
	_, delegated := node["NS"]
	_, secure := node["DS"]
	if len(node) > 0 && (!delegated || secure || name == z.apex) {
		types = append(types, dns.TypeRRSIG)
	}
	slices.Sort(types)
	return &dns.NSEC3{
		Hdr:   dns.Header{Name: strings.ToLower(chain[i].hash) + "." + strings.TrimPrefix(z.apex, "."), Class: dns.ClassINET, TTL: z.negativeTTL()},
		NSEC3: rdata.NSEC3{Hash: 1, NextDomain: chain[(i+1)%len(chain)].hash, HashLength: 20, TypeBitMap: types},
	}
}

// chain is all names that are not below a delegation, sorted by their hashes (RFC 5155 section 7.1).
type chain []link

type link struct{ hash, name string }

func (c chain) at(name string) (int, bool) {
	return slices.BinarySearchFunc(c, hashed(name), func(l link, hash string) int { return strings.Compare(l.hash, hash) })
}

func (z *zone) chain() chain {
	var all chain
	for name := range z.sets {
		if z.cut(name, "DS") == "" {
			all = append(all, link{hashed(name), name})
		}
	}
	slices.SortFunc(all, func(a, b link) int { return strings.Compare(a.hash, b.hash) })
	return all
}

// hashed is by the parameters that deSEC uses: no salt, no further iteration (design/facts/desec-api.md section 6).
func hashed(name string) string { return dnsutil.NSEC3Name(name, "", 0) }
