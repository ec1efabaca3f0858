package cloudflare

import (
	"encoding/base64"
	"net/netip"
	"slices"
	"strings"
)

// canonicalContent checks the content of a type that is given as text and returns it as the API shows it (section 3.3).
func canonicalContent(typ, content string) (string, *apiError) {
	switch typ {
	case "A":
		addr, err := netip.ParseAddr(strings.TrimSpace(content))
		if err != nil || !addr.Is4() {
			return "", refuse(9005, "Content for A record must be a valid IPv4 address.")
		}
		return addr.String(), nil
	case "AAAA":
		addr, err := netip.ParseAddr(strings.TrimSpace(content))
		if err != nil || !addr.Is6() || addr.Zone() != "" {
			return "", refuse(9006, "Content for AAAA record must be a valid IPv6 address.")
		}
		return addr.String(), nil
	case "TXT":
		return canonicalTXT(content)
	case "OPENPGPKEY":
		key := strings.Join(strings.Fields(content), "")
		wire, err := base64.StdEncoding.DecodeString(key)
		if err != nil || len(wire) == 0 {
			return "", invalidContent(typ)
		}
		if len(wire) > maxWireLength {
			return "", tooLong()
		}
		return key, nil
	}
	if typ == "MX" && content == "." {
		return content, nil // null MX, RFC 7505
	}
	host, ok := canonicalHost(content)
	if !ok {
		return "", invalidContent(typ)
	}
	return host, nil
}

func invalidContent(typ string) *apiError {
	return refuse(9007, "Content for %s record is invalid.", typ)
}

// canonicalHost gives a host name as the service returns it: lower case, Punycode, without the final dot. An address is
// no host name.
func canonicalHost(content string) (string, bool) {
	host, ok := asciiName(strings.TrimSpace(content))
	if !ok || !isName(host) {
		return "", false
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return "", false
	}
	return host, true
}

// cloudflareRanges are addresses of Cloudflare's own edge, to which nothing can be proxied (code 9003). A part of the
// published list.
var cloudflareRanges = []netip.Prefix{
	netip.MustParsePrefix("104.16.0.0/13"), netip.MustParsePrefix("104.24.0.0/14"), netip.MustParsePrefix("172.64.0.0/13"),
	netip.MustParsePrefix("162.158.0.0/15"), netip.MustParsePrefix("188.114.96.0/20"), netip.MustParsePrefix("2606:4700::/32"),
}

func isCloudflareAddress(content string) bool {
	addr, _ := netip.ParseAddr(content) // what is none is in no range
	return slices.ContainsFunc(cloudflareRanges, func(edge netip.Prefix) bool { return edge.Contains(addr) })
}
