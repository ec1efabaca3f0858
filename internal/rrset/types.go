package rrset

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// codecs holds the types that both operators can store (facts/desec-api.md
// section 5 and facts/cloudflare-api.md section 3.3).
var codecs = map[string]codec{
	"A":     {form: "Write an IPv4 address, for example 192.0.2.1", parse: parseA, print: printA},
	"AAAA":  {form: "Write an IPv6 address, for example 2001:db8::1", parse: parseAAAA, print: printAAAA, noGeneric: true},
	"CNAME": {form: "Write one name, for example www.example.com", parse: parseHost, print: printCNAME, noGeneric: true},
	"MX":    {form: "Write preference and host, for example 10 mail.example.com", parse: parseMX, print: printMX, noGeneric: true},
	"NS":    {form: "Write one host name, for example ns1.example.com", parse: parseHost, print: printNS, noGeneric: true},
	"PTR":   {form: "Write one name, for example host.example.com", parse: parseHost, print: printPTR},
	"TXT":   {form: `Write the text alone, or in quotes with its own " and \ escaped, for example "v=spf1 -all"`, parse: parseTXT, print: printTXT, noGeneric: true},
}

// Types returns the types that both operators can hold, sorted.
func Types() []string { return slices.Sorted(maps.Keys(codecs)) }

// automatic are the types that every operator makes itself.
const automatic = " KEY NSEC NSEC3 NSEC3PARAM OPT RRSIG SOA "

// onlyDeSEC are the types that deSEC stores and Cloudflare does not offer, as of
// facts/cloudflare-api.md section 3.3.
const onlyDeSEC = " AFSDB APL CDNSKEY CDS CSYNC DHCID DLV DNAME EUI48 EUI64 HINFO KX L32 L64 LP NID RP SPF "

var genericType = regexp.MustCompile(`^TYPE[0-9]+$`)

// CheckType returns a *FieldError with the reason if not both operators can
// hold RRsets of the type. typ is upper case.
func CheckType(typ string) error {
	if _, ok := codecs[typ]; ok {
		return nil
	}
	return typeError(typ)
}

func typeError(typ string) error {
	list := strings.Join(Types(), ", ")
	in := func(set string) bool { return typ != "" && strings.Contains(set, " "+typ+" ") }
	switch {
	case typ == "":
		return fieldErrorf("type", "the type is empty; write one of %s", list)
	case typ == "CDS" || typ == "CDNSKEY":
		return fieldErrorf("type", "Cloudflare cannot store %s records: it publishes its own while DNSSEC is on, and so does deSEC; remove this RRset", typ)
	case typ == "SPF":
		return fieldErrorf("type", "Cloudflare cannot store SPF records, and RFC 7208 section 3.1 retired the type; use TXT with the same text")
	case typ == "DNAME":
		return fieldErrorf("type", "Cloudflare cannot store DNAME records, so the operators would answer differently; write a CNAME for each name instead")
	case in(onlyDeSEC):
		return fieldErrorf("type", "Cloudflare cannot store %s records, so the operators would answer differently; use one of %s", typ, list)
	case in(automatic):
		return fieldErrorf("type", "each operator makes its own %s records, they cannot be declared; remove this RRset", typ)
	case typ == "ALIAS" || typ == "ANAME":
		return fieldErrorf("type", "%s is not a DNS type and deSEC does not offer it; write A and AAAA records, or a CNAME below the apex", typ)
	case genericType.MatchString(typ):
		return fieldErrorf("type", "types by number such as %s are not taken by the operators; use one of %s", typ, list)
	default:
		return fieldErrorf("type", "%s is not a type that both operators store; use one of %s", quoteShort(typ), list)
	}
}
