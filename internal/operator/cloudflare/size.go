package cloudflare

import (
	"strings"

	"codeberg.org/miekg/dns"
)

// wireSize is the length of a canonical value in bytes of RDATA. No type's wire
// form is much longer than its text, so that of most values is not asked for.
func wireSize(typ, value string) int {
	if typ == "TXT" {
		size := 0
		for _, t := range tokens(value) {
			// Every string has a length byte (RFC 1035 section 3.3.14).
			size += 1 + len(unquote(t.text))
		}
		return size
	}
	if len(value) < maxRecordWire/2 {
		return len(value)
	}
	rr, err := dns.New(". 300 IN " + typ + " " + value)
	if err != nil {
		return 0 // what is no value of the type is refused for that
	}
	// The library counts the padding of base64.
	return rr.Data().Len() - (len(value) - len(strings.TrimRight(value, "=")))
}

// contentLength is how much of the sum of a name and type a value takes: the
// text of a TXT, and of the other types what the API shows as content.
func contentLength(typ, value string) int {
	switch typ {
	case "TXT":
		length := 0
		for _, t := range tokens(value) {
			length += len(unquote(t.text))
		}
		return length
	case "MX", "SRV", "URI":
		// The priority stands beside the content.
		return len(relative(withoutPriority(value)))
	}
	return len(strings.TrimSuffix(value, "."))
}
