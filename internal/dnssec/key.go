package dnssec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"codeberg.org/miekg/dns"
	"codeberg.org/miekg/dns/rdata"
)

// Key is a key that an operator lists as its own.
type Key struct {
	// DNSKEY is RDATA in canonical presentation form.
	DNSKEY string `json:"dnskey"`
	// SignsZone is false for a key that signs nothing but the DNSKEY RRset: the other signers need not know it (RFC
	// 8901 section 2.1.2).
	SignsZone bool `json:"signs_zone,omitempty"`
}

// isEntryPoint reports whether a DS can name the key (RFC 4034 section 2.1.1).
func isEntryPoint(dnskey string) bool { return strings.HasPrefix(dnskey, "257 ") }

// Algorithm is the number, as text; empty for what is no key.
func Algorithm(dnskey string) string {
	if fields := strings.Fields(dnskey); len(fields) > 2 {
		return fields[2]
	}
	return ""
}

// digests of a key that a DS can hold (RFC 4034, 4509, 6605).
var digests = map[string]uint8{"1": dns.SHA1, "2": dns.SHA256, "4": dns.SHA384}

// delegationSigner is the DS of a key with SHA-256, canonical; empty for what is no key.
func delegationSigner(zone, dnskey string) string { return signerWith(zone, dnskey, dns.SHA256) }

func signerWith(zone, dnskey string, digest uint8) string {
	fields := strings.Fields(dnskey)
	if len(fields) < 4 {
		return ""
	}
	var numbers [3]uint64
	for i, bits := range []int{16, 8, 8} {
		var err error
		if numbers[i], err = strconv.ParseUint(fields[i], 10, bits); err != nil {
			return ""
		}
	}
	key := &dns.DNSKEY{Hdr: dns.Header{Name: zone, Class: dns.ClassINET}, DNSKEY: rdata.DNSKEY{
		Flags: uint16(numbers[0]), Protocol: uint8(numbers[1]), Algorithm: uint8(numbers[2]), PublicKey: strings.Join(fields[3:], ""),
	}}
	ds := key.ToDS(digest)
	if ds == nil {
		return ""
	}
	return fmt.Sprintf("%d %d %d %s", ds.KeyTag, ds.Algorithm, ds.DigestType, strings.ToLower(ds.Digest))
}

// names reports whether a DS, or a CDS, names the key. Of a digest that cannot be computed here, key tag and algorithm
// must do.
func names(ds, zone, dnskey string) bool {
	fields := strings.Fields(strings.ToLower(ds))
	if len(fields) < 4 || !isEntryPoint(dnskey) {
		return false
	}
	if digest, known := digests[fields[2]]; known {
		return signerWith(zone, dnskey, digest) == strings.Join(fields[:3], " ")+" "+strings.Join(fields[3:], "")
	}
	own := strings.Fields(delegationSigner(zone, dnskey))
	return len(own) == 4 && own[0] == fields[0] && own[1] == fields[1]
}

// Names reports whether a DS names one of the keys, with whatever digest.
func Names(ds, zone string, dnskeys []string) bool {
	return slices.ContainsFunc(dnskeys, func(k string) bool { return names(ds, zone, k) })
}

// tag is the key tag for people.
func tag(zone, dnskey string) string {
	text, _, _ := strings.Cut(delegationSigner(zone, dnskey), " ")
	return text
}

// Union is sorted and without repetition.
func Union(sets ...[]string) []string {
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(sets...))))
}

// Without is what a has and b has not, sorted and without repetition.
func Without(a, b []string) []string {
	return Union(slices.DeleteFunc(slices.Clone(a), func(v string) bool { return slices.Contains(b, v) }))
}

func common(a, b []string) []string { return Without(a, Without(a, b)) }

func includes(a, b []string) bool { return len(Without(b, a)) == 0 }

// and joins names for a sentence.
func and(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
