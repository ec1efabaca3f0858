package rrset

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// codecs holds the types that can be declared.
var codecs = map[string]codec{
	"A":          {form: "Write an IPv4 address, for example 192.0.2.1", parse: parseA, print: printA},
	"AAAA":       {form: "Write an IPv6 address, for example 2001:db8::1", parse: parseAAAA, print: printAAAA, noGeneric: true},
	"CAA":        {form: `Write flags, tag and value, for example 0 issue "ca.example.net"`, parse: parseCAA, print: printCAA},
	"CERT":       {form: "Write type, key tag, algorithm and base64, for example 1 0 8 MIIB…", parse: parseCERT, print: printCERT, noGeneric: true},
	"CNAME":      {form: "Write one name, for example www.example.com", parse: parseHost, print: printPTR, noGeneric: true},
	"DNSKEY":     {form: "Write flags, protocol, algorithm and base64, for example 257 3 13 mdss…", parse: parseDNSKEY, print: printDNSKEY},
	"DS":         {form: "Write key tag, algorithm, digest type and hexadecimal digest, for example 12345 13 2 49fd…", parse: parseDS, print: printDS},
	"HTTPS":      {form: "Write priority, target and parameters, for example 1 . alpn=h3,h2", parse: parseSVCB, print: printSVCB},
	"LOC":        {form: "Write latitude, longitude, altitude and sizes, for example 52 22 23.000 N 4 53 32.000 E -2.00m 2m 10000m 10m", parse: parseLOC, print: printLOC},
	"MX":         {form: "Write preference and host, for example 10 mail.example.com", parse: parseMX, print: printMX, noGeneric: true},
	"NAPTR":      {form: `Write order, preference, flags, service, regexp and replacement, for example 100 10 "S" "SIP+D2U" "" _sip._udp.example.com`, parse: parseNAPTR, print: printNAPTR},
	"NS":         {form: "Write one host name, for example ns1.example.com", parse: parseHost, print: printNS, noGeneric: true},
	"OPENPGPKEY": {form: "Write the key in base64", parse: parseOPENPGPKEY, print: printOPENPGPKEY},
	"PTR":        {form: "Write one name, for example host.example.com", parse: parseHost, print: printPTR},
	"SMIMEA":     {form: "Write usage, selector, matching type and hexadecimal data, for example 3 1 1 e3b0…", parse: parseTLSA, print: printTLSA},
	"SRV":        {form: "Write priority, weight, port and host, for example 0 5 443 sip.example.com", parse: parseSRV, print: printSRV, noGeneric: true},
	"SSHFP":      {form: "Write algorithm, type and hexadecimal fingerprint, for example 4 2 e3b0…", parse: parseSSHFP, print: printSSHFP},
	"SVCB":       {form: "Write priority, target and parameters, for example 1 dns.example.com alpn=dot port=853", parse: parseSVCB, print: printSVCB},
	"TLSA":       {form: "Write usage, selector, matching type and hexadecimal data, for example 3 1 1 e3b0…", parse: parseTLSA, print: printTLSA},
	"TXT":        {form: `Write the text alone, or in quotes with its own " and \ escaped, for example "v=spf1 -all"`, parse: parseTXT, print: printTXT, noGeneric: true},
	"URI":        {form: `Write priority, weight and target, for example 10 1 "https://example.com/"`, parse: parseURI, print: printURI},
}

// Types returns the types that can be declared, sorted.
func Types() []string { return slices.Sorted(maps.Keys(codecs)) }

// automatic are the types that every operator makes itself.
const automatic = " KEY NSEC NSEC3 NSEC3PARAM OPT RRSIG SOA "

var genericType = regexp.MustCompile(`^TYPE[0-9]+$`)

// CheckType returns a *FieldError with the reason if RRsets of the type cannot be declared. typ is upper case.
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
	case in(automatic):
		return fieldErrorf("type", "each operator makes its own %s records, they cannot be declared; remove this RRset", typ)
	case typ == "ALIAS" || typ == "ANAME":
		return fieldErrorf("type", "%s is not a DNS type; write A and AAAA records, or a CNAME below the apex", typ)
	case genericType.MatchString(typ):
		return fieldErrorf("type", "types by number such as %s cannot be declared; use one of %s", typ, list)
	default:
		return fieldErrorf("type", "%s is not a type that every operator stores; use one of %s", quoteShort(typ), list)
	}
}
