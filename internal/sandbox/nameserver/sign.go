package nameserver

import (
	"fmt"
	"strings"
	"time"

	"codeberg.org/miekg/dns"
	"codeberg.org/miekg/dns/dnsutil"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/signing"
)

const (
	// A signature is valid from a little before it is made, for clocks that are late, until long after a test.
	signedBefore = time.Hour
	signedFor    = 7 * 24 * time.Hour
)

// secure adds to a reply what a validating resolver needs: the proofs of what is denied, and a signature on each RRset
// that the zone has authority for.
func (z *zone) secure(r *reply) error {
	for name, wildcard := range r.expanded {
		z.proveExpansion(r, name, wildcard)
	}
	for _, name := range r.denied {
		z.proveDenial(r, name)
	}
	var err error
	if r.answer, err = z.sign(r.answer, r.expanded); err != nil {
		return err
	}
	r.authority, err = z.sign(r.authority, nil)
	return err
}

// sign puts the signatures of each RRset behind its records. The NS RRset of a delegation is not the zone's own, and
// has none (RFC 4035 section 2.2).
func (z *zone) sign(rrs []dns.RR, expanded map[string]string) ([]dns.RR, error) {
	signed := make([]dns.RR, 0, 2*len(rrs))
	for len(rrs) > 0 {
		set, rest := rrs[:1], rrs[1:]
		for len(rest) > 0 && sameSet(set[0], rest[0]) {
			set, rest = rrs[:len(set)+1], rest[1:]
		}
		rrs = rest
		signed = append(signed, set...)
		owner := strings.ToLower(set[0].Header().Name)
		if dns.RRToType(set[0]) == dns.TypeNS && owner != z.apex {
			continue
		}
		signatures, err := z.signatures(set, expanded[owner])
		if err != nil {
			return nil, err
		}
		signed = append(signed, signatures...)
	}
	return signed, nil
}

func sameSet(a, b dns.RR) bool {
	return dns.RRToType(a) == dns.RRToType(b) && strings.EqualFold(a.Header().Name, b.Header().Name)
}

// signatures of one RRset. One that comes from a wildcard is signed under the wildcard's name (RFC 4035 section 2.2),
// but where each name is denied by itself: there the name is signed as if it existed.
func (z *zone) signatures(set []dns.RR, wildcard string) ([]dns.RR, error) {
	owner := set[0].Header().Name
	if wildcard != "" && !z.signed.Compact {
		copies := make([]dns.RR, len(set))
		for i, rr := range set {
			copies[i] = rr.Clone()
			copies[i].Header().Name = wildcard
		}
		set = copies
	}
	var all []dns.RR
	for _, key := range z.signed.Keys {
		if !signs(key, dns.RRToType(set[0])) {
			continue
		}
		now := time.Now()
		signature := dns.NewRRSIG(z.apex, key.Algorithm, key.Tag(), uint32(now.Add(-signedBefore).Unix()), uint32(now.Add(signedFor).Unix()))
		if err := signature.Sign(key.Signer(), set, &dns.SignOption{}); err != nil {
			return nil, fmt.Errorf("sign %s %s: %w", owner, dnsutil.TypeToString(dns.RRToType(set[0])), err)
		}
		signature.Hdr.Name = owner
		all = append(all, signature)
	}
	return all, nil
}

// signs reports whether a key signs RRsets of that type: keys that a DS names sign what the parent reads (RFC 7344
// section
// 4.1).
func signs(key signing.Use, typ uint16) bool {
	switch typ {
	case dns.TypeDNSKEY, dns.TypeCDS, dns.TypeCDNSKEY:
		return key.SignsKeys
	}
	return key.SignsZone
}
