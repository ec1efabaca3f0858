package acceptance

import (
	"maps"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// toldRecord is what a multidns_record is told, and what it is after it did so.
type toldRecord struct {
	says      string
	bad, good map[string]any
	// unequal says that the operators differ as declared.
	unequal bool
	// plan is that of the zone at Cloudflare.
	plan string
}

// ofType is told of one value of a type.
func ofType(typ, bad, says, good string) toldRecord {
	return toldRecord{says: says, bad: arguments(typ, bad), good: arguments(typ, good)}
}

// otherType is told to take another type.
func otherType(typ, bad, says, other, good string) toldRecord {
	return toldRecord{says: says, bad: arguments(typ, bad), good: arguments(other, good)}
}

func arguments(typ string, values ...string) map[string]any {
	return map[string]any{"name": "www", "type": typ, "values": values}
}

// with changes arguments.
func with(args, changes map[string]any) map[string]any {
	changed := maps.Clone(args)
	maps.Copy(changed, changes)
	return changed
}

var anA = arguments("A", "192.0.2.1")

const (
	goodMX    = "10 mail.example.com"
	goodCAA   = `0 issue "ca.example.net"`
	goodHTTPS = "1 . alpn=h2"
	goodLOC   = "52 22 23.000 N 4 53 32.000 E -2.00m 2m 10000m 10m"
)

var toldValues = map[string]toldRecord{
	"IPv6 in A":      otherType("A", "2001:db8::1", "it is an IPv6 address; use type AAAA for it", "AAAA", "2001:db8::1"),
	"IPv4 in AAAA":   otherType("AAAA", "192.0.2.1", "it is an IPv4 address; use type A for it", "A", "192.0.2.1"),
	"network":        ofType("A", "192.0.2.0/24", "it is a network; write one address", "192.0.2.0"),
	"network 6":      ofType("AAAA", "2001:db8::/32", "it is a network; write one address", "2001:db8::"),
	"interface":      ofType("AAAA", "fe80::1%eth0", "write what stands before the percent sign", "fe80::1"),
	"empty":          {says: "it is empty; write a value or remove it", bad: arguments("A", "192.0.2.1", " "), good: anA},
	"huge":           ofType("URI", `1 1 "`+strings.Repeat("a", 66000)+`"`, "a record holds 65535 at most; write a shorter one", `1 1 "https://example.com/"`),
	"generic short":  ofType("A", `\# 2 c000`, "ends before the record does; write all of it", `\# 4 c0000201`),
	"generic long":   ofType("A", `\# 5 c000020100`, "goes on for 1 bytes after the record; remove them", `\# 4 c0000201`),
	"generic length": ofType("A", `\# 3 c0000201`, "make them agree", `\# 4 c0000201`),
	"generic MX":     ofType("MX", `\# 2 0000`, "is not taken for type MX; write it out", goodMX),
	"generic TXT":    ofType("TXT", `\# 2 0161`, "the generic form \\# is not taken for type TXT; put the text in quotes", `"\# 2 0161"`),
	"digest 0":       ofType("DS", "12345 13 0 "+markedHex, "digest type 0 is reserved; write that of the digest, for example 2 for SHA-256", "12345 13 2 "+markedHex),
	"number quoted":  ofType("MX", `"10" mail.example.com`, "is in quotes; write it without", goodMX),
	"name quoted":    ofType("MX", `10 "mail.example.com"`, "is in quotes; write it without", goodMX),
	"odd hex":        ofType("SSHFP", "4 2 abc", "an odd number; write two for each byte", "4 2 "+markedHex),
	"no hex":         ofType("SSHFP", "4 2 xy", "is not hexadecimal; write digits 0-9 and a-f only", "4 2 "+markedHex),
	"no base64":      ofType("CERT", "1 0 8 !!", "is not base64; write letters, digits, + and /, filled up with = to a multiple of four", "1 0 8 U0VOVElORUw="),
	"too much":       {says: "there is more than the type takes; remove what is too much, or write it as a value of its own", bad: arguments("MX", "10 a.example.com 20 b.example.com"), good: arguments("MX", "10 a.example.com", "20 b.example.com")},
	"root":           {says: "write a host name or remove the value", bad: arguments("NS", "."), good: arguments("NS", "ns1.example.net")},
	"hemisphere":     ofType("LOC", strings.Replace(goodLOC, "N", "X", 1), "has something else where its hemisphere belongs; write N or S", goodLOC),

	"zone of nothing":    {says: "write the name of the zone, for example example.com", bad: with(anA, map[string]any{"zone": "."}), good: anA},
	"zone not ASCII":     {says: `is not ASCII; write it as "xn--bcher-kva.example"`, bad: with(anA, map[string]any{"zone": "bücher.example"}), good: nil},
	"zone underscore":    {says: "no top-level domain has an underscore; write the name of the zone, for example example.com", bad: with(anA, map[string]any{"zone": "example.com_"}), good: anA},
	"no name":            {says: `the name is empty; write "@" for the apex`, bad: with(anA, map[string]any{"name": ""}), good: with(anA, map[string]any{"name": "@"})},
	"name not ASCII":     {says: `is not ASCII; write it as "xn--bcher-kva"`, bad: with(anA, map[string]any{"name": "bücher"}), good: with(anA, map[string]any{"name": "xn--bcher-kva"})},
	"name outside":       {says: "write a name relative to the zone, for example www", bad: with(anA, map[string]any{"name": "www.example.org."}), good: anA},
	"name foreign":       {says: "write it in full with a dot at the end: www.example.org.example.com.", bad: with(anA, map[string]any{"name": "www.example.org"}), good: with(anA, map[string]any{"name": "www.example.org.example.com."})},
	"name long":          {says: "and 253 are the most; write a shorter one", bad: with(anA, map[string]any{"name": strings.Repeat("a.", 125) + "a"}), good: anA},
	"name for deSEC":     {says: "below the zone: write a shorter one", bad: with(anA, map[string]any{"name": strings.Repeat(strings.Repeat("a", 50)+".", 3) + strings.Repeat("b", 40)}), good: anA},
	"name empty label":   {says: "it has an empty label; remove the extra dot", bad: with(anA, map[string]any{"name": "a..b"}), good: with(anA, map[string]any{"name": "a.b"})},
	"target empty label": ofType("CNAME", "a..example.net", "it has an empty label; remove the extra dot", "a.example.net"),

	"parenthesis open":   {says: "a parenthesis is not closed; close it or remove it", bad: arguments("MX", "( 10 mail.example.com"), good: arguments("MX", "( 10 mail.example.com )")},
	"parenthesis closed": ofType("MX", "10 mail.example.com )", "a parenthesis is closed that was never opened; remove it", goodMX),
	"semicolon":          ofType("CAA", "0 issue ca.example.net;x=1", "put the text in quotes or remove the rest", `0 issue "ca.example.net;x=1"`),
	"two lines":          {says: "it holds a line break; write each record as a value of its own", bad: arguments("MX", "10 a.example.com\n20 b.example.com"), good: arguments("MX", "10 a.example.com", "20 b.example.com")},
	"last backslash":     ofType("CAA", `0 issue a\`, `it ends in a backslash that escapes nothing; write \\ for a backslash`, `0 issue "a\\"`),
	"break in quotes":    ofType("CAA", "0 issue \"a\n\"", `write \010 if the break is meant, else remove it`, `0 issue "a"`),
	"zero byte":          ofType("CAA", "0 issue a\x00", `it holds a zero byte; write \000 inside quotes if it is meant`, goodCAA),
	"control":            ofType("CAA", "0 issue a\x01", "it holds the control character 0x01; remove it", goodCAA),
	"open quote":         ofType("CAA", `0 issue "a`, "a quote is not closed; close it", `0 issue "a"`),
	"name ends escape":   ofType("SVCB", `1 . key65333=a\`, `; write \\ for a backslash`, `1 . key65333="a\\"`),
	"short escape":       ofType("CAA", `0 issue "a\25"`, `an escape is not a backslash and three digits; write \\ for a backslash`, `0 issue "a\\25"`),
	"large escape":       ofType("CAA", `0 issue "a\999"`, `an escape is more than \255, the largest byte; write \\ for a backslash`, `0 issue "a\\999"`),

	"parameter twice":    ofType("HTTPS", "1 . port=1 port=2", "the parameter port is there twice; keep one", "1 . port=1"),
	"parameter odd":      ofType("HTTPS", `1 . "alpn=h2"`, `there is something else than parameters after the target; write key=value or key="value", separated by blanks`, goodHTTPS),
	"parameter split":    ofType("HTTPS", "1 . alpn= h2", "the value of the parameter alpn is missing; write it right after the equals sign", goodHTTPS),
	"parameter flag":     ofType("HTTPS", "1 . alpn=h2 no-default-alpn=1", "the parameter no-default-alpn takes no value; write it alone", "1 . alpn=h2 no-default-alpn"),
	"parameter flag 2":   ofType("HTTPS", "1 . alpn=h2 key2=a", "the parameter no-default-alpn takes no value; write it alone", "1 . alpn=h2 no-default-alpn"),
	"parameter no value": ofType("HTTPS", "1 . alpn", "the parameter alpn needs a value; write alpn=…", goodHTTPS),
	"alias form":         ofType("HTTPS", "0 a.example.net alpn=h2", "write priority 1 or remove them", "0 a.example.net"),
	"alias form 2":       ofType("HTTPS", "0 a.example.net alpn=h2", "write priority 1 or remove them", "1 a.example.net alpn=h2"),
	"no alpn":            ofType("HTTPS", "1 . no-default-alpn", "add alpn=… or remove it", "1 . no-default-alpn alpn=h3"),
	"mandatory":          ofType("HTTPS", "1 . mandatory=port alpn=h2", "add it or take it off the list", "1 . mandatory=port alpn=h2 port=443"),
	"mandatory 2":        ofType("HTTPS", "1 . mandatory=alpn,port alpn=h2", "add it or take it off the list", "1 . mandatory=alpn alpn=h2"),
	"mandatory itself":   ofType("HTTPS", "1 . mandatory=mandatory,alpn alpn=h2", "lists itself; take it off the list", "1 . mandatory=alpn alpn=h2"),
	"mandatory twice":    ofType("HTTPS", "1 . mandatory=alpn,alpn alpn=h2", "lists alpn twice; keep one", "1 . mandatory=alpn alpn=h2"),
	"parameter name":     ofType("HTTPS", "1 . foo=1", "write one of mandatory, alpn, no-default-alpn, port, ipv4hint, ech, ipv6hint, or key and its number without leading zeros", "1 . key65333=1"),
	"parameter wire":     ofType("HTTPS", "1 . key3=a", "is not well-formed on the wire (RFC 9460 section 7); write it by its name", "1 . port=443"),
	"parameter empty":    ofType("HTTPS", "1 . key65400", "without a value and refuses the whole request. Give it a value, or remove it", "1 . key65400=1"),
	"parameter empty 2":  ofType("HTTPS", "1 . alpn=h2 key65400", "without a value and refuses the whole request. Give it a value, or remove it", goodHTTPS),
	"parameter signs":    ofType("HTTPS", `1 . alpn=h2 key65400="a;b"`, "and refuses the whole request. Take it out, or remove the parameter", `1 . alpn=h2 key65400="ab"`),
	"parameter signs 2":  ofType("HTTPS", `1 . alpn=h2 key65400="a;b"`, "and refuses the whole request. Take it out, or remove the parameter", goodHTTPS),
	"alpn comma":         ofType("HTTPS", "1 . alpn=h2,", "has an empty id; remove the extra comma", goodHTTPS),
	"hints":              ofType("HTTPS", "1 . ipv4hint=2001:db8::1", "holds what is not an address of its family; write addresses with commas between them", "1 . ipv4hint=192.0.2.1,192.0.2.2"),

	"target @":          ofType("CNAME", "@", "which only an owner name can be; write the full name, for example example.com", "example.com"),
	"target not ASCII":  ofType("CNAME", "bücher.example", "write it as registrars and browsers keep it, in A-labels (xn--…)", "xn--bcher-kva.example"),
	"target address":    otherType("CNAME", "192.0.2.1", "use type A or AAAA for an address", "A", "192.0.2.1"),
	"target label":      ofType("CNAME", "mail", "write the full name, for example mail.example.com", "mail.example.com"),
	"target long":       ofType("CNAME", strings.Repeat("a.", 130)+"example", "has room for 255; write a shorter one", "a.example"),
	"target characters": ofType("CNAME", `a\ b.example.net`, "in the target of a CNAME. Write another target", "ab.example.net"),
	"name characters":   ofType("PTR", `a\@b.example.net`, "and refuses the whole request. Write another name", "a-b.example.net"),
	"URI quote":         ofType("URI", `1 1 "https://example.com/\"x"`, "write %22, %5C, %0A or %00 for it", `1 1 "https://example.com/%22x"`),
	"URI bytes":         ofType("URI", `1 1 "https://example.com/\255"`, "write its bytes percent-encoded", `1 1 "https://example.com/%FF"`),
	"URI characters":    ofType("URI", `1 1 "https://example.com/ł"`, "fails the whole request. Write them percent-encoded", `1 1 "https://example.com/%C5%82"`),
	"TXT break":         ofType("TXT", "one\n", "the text holds a line break; remove it (in HCL with trimspace or chomp), or put the text in quotes with \\010 where the break is meant", "one"),
	"TXT break meant":   ofType("TXT", "one\n", "put the text in quotes with \\010 where the break is meant", `"one\010"`),
	"TXT zero":          ofType("TXT", "o\x00", "put the text in quotes with \\000 where it is meant", `"o\000"`),
	"TXT half":          ofType("TXT", `"a" b`, "put all of it in one pair of quotes", `"a b"`),
	"TXT tail":          ofType("TXT", `a"`, "If every character is really meant, write the value as one string in quotes", `"a\""`),
	"TXT empty":         {says: "write some text, or remove the value", bad: arguments("TXT", `""`, "x"), good: arguments("TXT", "x")},

	"no type":         {says: "the type is empty; write one of A,", bad: with(anA, map[string]any{"type": ""}), good: anA},
	"automatic type":  {says: "each operator makes its own SOA records, they cannot be declared; remove this RRset", bad: arguments("SOA", "a. b. 1 2 3 4 5")},
	"ALIAS":           otherType("ALIAS", "a.example.net", "write A and AAAA records, or a CNAME below the apex", "CNAME", "a.example.net"),
	"type by number":  otherType("TYPE65", goodHTTPS, "types by number such as TYPE65 cannot be declared; use one of A,", "HTTPS", goodHTTPS),
	"unknown type":    otherType("FOO", "192.0.2.1", "is not a type that every operator stores; use one of A,", "A", "192.0.2.1"),
	"SPF":             otherType("SPF", "v=spf1 -all", "use TXT with the same text", "TXT", "v=spf1 -all"),
	"DNAME":           otherType("DNAME", "a.example.net", "write a CNAME for each name instead", "CNAME", "a.example.net"),
	"HINFO":           otherType("HINFO", "a b", "so the operators would answer differently: use another type", "TXT", "a b"),
	"CDS":             {says: "Remove this RRset: multidns_dnssec writes what a zone with two signers needs", bad: with(arguments("CDS", "0 0 0 00"), map[string]any{"name": "@"})},
	"CNAME at apex":   {says: "use A and AAAA there, or a router of type A", bad: with(arguments("CNAME", "a.example.net"), map[string]any{"name": "@"}), good: with(anA, map[string]any{"name": "@"})},
	"DNSKEY below":    {says: `write "@" as the name`, bad: arguments("DNSKEY", "257 3 13 "+markedKey), good: nil},
	"CNAME of two":    {says: "a CNAME has one value, and www.example.com. has 2; keep one of them", bad: arguments("CNAME", "a.example.net", "b.example.net"), good: arguments("CNAME", "a.example.net")},
	"CNAME to itself": ofType("CNAME", "www.example.com", "points to itself; write another target", "web.example.com"),

	"A":          ofType("A", "x", "Write an IPv4 address, for example 192.0.2.1", "192.0.2.1"),
	"AAAA":       ofType("AAAA", "x", "Write an IPv6 address, for example 2001:db8::1", "2001:db8::1"),
	"CAA":        ofType("CAA", "x", `Write flags, tag and value, for example 0 issue "ca.example.net"`, goodCAA),
	"CERT":       ofType("CERT", "x", "Write type, key tag, algorithm and base64, for example 1 0 8 MIIB…", "1 0 8 MIIB"),
	"CNAME":      ofType("CNAME", "a b", "Write one name, for example www.example.com", "web.example.com"),
	"DNSKEY":     {says: "Write flags, protocol, algorithm and base64, for example 257 3 13 mdss…", bad: with(arguments("DNSKEY", "x"), map[string]any{"name": "@"})},
	"DS":         ofType("DS", "x", "Write key tag, algorithm, digest type and hexadecimal digest, for example 12345 13 2 49fd…", "12345 13 2 "+markedHex),
	"HTTPS":      ofType("HTTPS", "x", "Write priority, target and parameters, for example 1 . alpn=h3,h2", "1 . alpn=h3,h2"),
	"LOC":        ofType("LOC", "x", "Write latitude, longitude, altitude and sizes, for example "+goodLOC, goodLOC),
	"MX":         ofType("MX", "x", "Write preference and host, for example 10 mail.example.com", "10 mail.example.com"),
	"NAPTR":      ofType("NAPTR", "x", `Write order, preference, flags, service, regexp and replacement, for example 100 10 "S" "SIP+D2U" "" _sip._udp.example.com`, `100 10 "S" "SIP+D2U" "" _sip._udp.example.com`),
	"NS":         ofType("NS", "a b", "Write one host name, for example ns1.example.com", "ns1.example.com"),
	"OPENPGPKEY": ofType("OPENPGPKEY", "U0VO U0VO x", "filled up with = to a multiple of four", "U0VO U0VO xQ=="),
	"PTR":        ofType("PTR", "a b", "Write one name, for example host.example.com", "host.example.com"),
	"SMIMEA":     ofType("SMIMEA", "x", "Write usage, selector, matching type and hexadecimal data, for example 3 1 1 e3b0…", "3 1 1 "+markedHex),
	"SRV":        ofType("SRV", "x", "Write priority, weight, port and host, for example 0 5 443 sip.example.com", "0 5 443 sip.example.com"),
	"SSHFP":      ofType("SSHFP", "x", "Write algorithm, type and hexadecimal fingerprint, for example 4 2 e3b0…", "4 2 "+markedHex),
	"SVCB":       ofType("SVCB", "x", "Write priority, target and parameters, for example 1 dns.example.com alpn=dot port=853", "1 dns.example.com alpn=dot port=853"),
	"TLSA":       ofType("TLSA", "x", "Write usage, selector, matching type and hexadecimal data, for example 3 1 1 e3b0…", "3 1 1 "+markedHex),
	"TXT":        ofType("TXT", `"v=spf1 -all" "x`, `Write the text alone, or in quotes with its own " and \ escaped, for example "v=spf1 -all"`, `"v=spf1 -all"`),
	"URI":        ofType("URI", "x", `Write priority, weight and target, for example 10 1 "https://example.com/"`, `10 1 "https://example.com/"`),

	"comment long":        {says: "on the Free plan: shorten it", bad: with(anA, map[string]any{"cloudflare": map[string]any{"comment": strings.Repeat("a", 101)}}), good: with(anA, map[string]any{"cloudflare": map[string]any{"comment": strings.Repeat("a", 100)}})},
	"comment lines":       {says: "Cloudflare keeps a comment of one line: write it without line breaks and other control characters", bad: with(anA, map[string]any{"cloudflare": map[string]any{"comment": "a\nb"}}), good: with(anA, map[string]any{"cloudflare": map[string]any{"comment": "a b"}})},
	"proxied TXT":         {says: "take `proxied = true` out", bad: with(arguments("TXT", "x"), map[string]any{"cloudflare": map[string]any{"proxied": true}}), good: arguments("TXT", "x")},
	"proxied and TTL":     {says: "Remove cloudflare.ttl, or proxied = true", bad: with(anA, map[string]any{"cloudflare": map[string]any{"proxied": true, "ttl": 300}}), good: with(anA, map[string]any{"cloudflare": map[string]any{"ttl": 300}}), unequal: true},
	"TTL automatic":       {says: "write the seconds, for example `ttl = 300`", bad: with(anA, map[string]any{"cloudflare": map[string]any{"ttl": 1}}), good: with(anA, map[string]any{"cloudflare": map[string]any{"ttl": 300}}), unequal: true},
	"TTL of 1":            {says: "It is served as 300 seconds: write ttl = 300", bad: with(anA, map[string]any{"ttl": 1}), good: with(anA, map[string]any{"ttl": 300, "desec": map[string]any{"ttl": 3600}}), unequal: true},
	"TTL small":           {says: "Write ttl = 60", bad: with(anA, map[string]any{"ttl": 30}), good: with(anA, map[string]any{"ttl": 60, "desec": map[string]any{"ttl": 3600}}), unequal: true},
	"TTL large":           {says: "lower `ttl`, or write `cloudflare = { ttl = 86400 }`", bad: with(anA, map[string]any{"ttl": 90000}), good: with(anA, map[string]any{"ttl": 86400})},
	"TTL large deSEC":     {says: "Lower ttl, or write what differs at deSEC: desec = { ttl = 86400 }", bad: with(anA, map[string]any{"desec": map[string]any{"ttl": 90000}}), good: with(anA, map[string]any{"desec": map[string]any{"ttl": 86400}}), unequal: true},
	"TTL for Cloudflare":  {says: "raise `ttl`, or write `cloudflare = { ttl = 60 }`", bad: with(anA, map[string]any{"cloudflare": map[string]any{"ttl": 30}}), good: with(anA, map[string]any{"cloudflare": map[string]any{"ttl": 60}}), unequal: true},
	"tag of Cloudflare's": {plan: "pro", says: "which Cloudflare keeps for itself: choose another name", bad: with(anA, map[string]any{"cloudflare": map[string]any{"tags": []string{"cf-a:b"}}}), good: with(anA, map[string]any{"cloudflare": map[string]any{"tags": []string{"a:b"}}})},
	"NS under dedyn.io":   {says: "and refuses NS RRsets in them. Leave this one out", bad: with(arguments("NS", "ns1.example.net"), map[string]any{"zone": "a.dedyn.io"}), good: anA},
	"no values":           {says: "write at least one, or remove the RRset", bad: with(anA, map[string]any{"desec": map[string]any{"values": []string{}}}), good: anA},
	"altitude that stays": ofType("LOC", "52 22 23.000 N 4 53 32.000 E 4.35m 2m 100m 10m", "Write one that it keeps, such as one of whole metres", "52 22 23.000 N 4 53 32.000 E 4m 2m 100m 10m"),
	"delegation here":     {says: "keep its records in this zone", bad: arguments("NS", "ada.ns.cloudflare.com"), good: anA},
	"record too big":      ofType("OPENPGPKEY", strings.Repeat("AAAA", 1400), "in a record: shorten it", strings.Repeat("AAAA", 1000)),
	"RRset too big":       {says: "take some out, or shorten them", bad: arguments("TXT", strings.Repeat("a", 2000), strings.Repeat("b", 2000), strings.Repeat("c", 2000), strings.Repeat("d", 2000), strings.Repeat("e", 2000)), good: arguments("TXT", strings.Repeat("a", 2000))},

	"altitude":      ofType("LOC", "52 22 23.000 N 4 53 32.000 E 42849672.95m 2m 100m 10m", "The altitude is more than deSEC's signing server takes", "52 22 23.000 N 4 53 32.000 E 10m 2m 100m 10m"),
	"default sizes": ofType("LOC", "52 22 23.000 N 4 53 32.000 E 10m 1m 10000m 10m", "Write another size, for example 2m 10000m 10m", "52 22 23.000 N 4 53 32.000 E 10m 2m 10000m 10m"),
	"size":          ofType("LOC", "52 22 23.000 N 4 53 32.000 E 10m 90000000m 10000m 10m", "Write 40000000m or less", "52 22 23.000 N 4 53 32.000 E 10m 40000000m 10000m 10m"),
	"certificate":   ofType("CERT", "0 0 8 MIIB", "Write the type of the certificate, such as 1 for PKIX", "1 0 8 MIIB"),
	"beyond ASCII":  ofType("CAA", `0 iodef "mailto:\252@example.com"`, "Write it in ASCII: names as A-labels, URLs percent-encoded", `0 iodef "mailto:%FC@example.com"`),
}

// TestAdvice_OfARecordWorks does what a multidns_record is told, where a plan tells it without asking for more than one
// argument.
func TestAdvice_OfARecordWorks(t *testing.T) {
	t.Parallel()
	for name, a := range toldValues {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newBareStage(t, sandbox.Options{CloudflarePlan: a.plan})
			run := newDriven(t, s.box, patientTimeout)
			if a.bad["type"] == "DS" { // only where a delegation is
				for _, operator := range bothOperators {
					s.edit(operator, "www", "NS", 3600, "ns1.example.net.")
				}
			}
			bad := declared("multidns_record.r", maps.Clone(a.bad))
			if zone, ok := a.bad["zone"]; ok {
				bad.Resources["multidns_record.r"].Args["zone"] = zone
			}
			r := run.project.Plan(t.Context(), bad)
			if r.ExitCode != 1 || !strings.Contains(flat(r.String()), flat(a.says)) {
				t.Fatalf("nothing says %q: %s", a.says, r)
			}
			if a.good == nil {
				return
			}
			good := declared("multidns_record.r", maps.Clone(a.good))
			if r := run.project.Apply(t.Context(), good); r.ExitCode != 0 {
				t.Fatalf("what it says is no good: %s", r)
			}
			if r := run.project.Plan(t.Context(), good); r.ExitCode != 0 {
				t.Fatalf("afterwards there is a difference: %s", r)
			}
			if !a.unequal {
				s.identical()
			}
		})
	}
}
