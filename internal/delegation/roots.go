package delegation

import "net/netip"

const dnsPort = 53

// Roots are the root servers of the Internet, as of https://www.internic.net/domain/named.root of November 2023, when
// the last of them changed its address. IPv4 and IPv6 alternate, because one of the two often leads nowhere.
func Roots() []netip.AddrPort {
	var roots []netip.AddrPort
	for _, address := range []string{
		"198.41.0.4", "2001:500:2f::f", // a, f
		"193.0.14.129", "2001:500:9f::42", // k, l
		"192.36.148.17", "2001:dc3::35", // i, m
		"192.33.4.12", "199.7.91.13", "192.203.230.10", "192.5.5.241", // c, d, e, f
		"198.97.190.53", "192.58.128.30", "199.7.83.42", "202.12.27.33", // h, j, l, m
	} {
		roots = append(roots, netip.AddrPortFrom(netip.MustParseAddr(address), dnsPort))
	}
	return roots
}
