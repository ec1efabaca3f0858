package dependency

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
)

// TableDate is when the built-in table was last revised. Its sources are what the operators publish
// (cloudflare.com/ips, api.fastly.com/public-ip-list, ip-ranges.amazonaws.com, gstatic.com/ipranges,
// api.github.com/meta), and for the others the networks that they are known by. It was not compared with them range by
// range and is not complete: what is missing or has changed is given by the user.
const TableDate = "2026-11-26"

// Table is the built-in table with what the user gives: an entry of the same name replaces what it says anew, and a
// suffix or network that it names is nobody else's.
func Table(extra Operators) Operators {
	table := builtIn()
	for name, given := range extra {
		for other, entry := range table {
			if other == name {
				continue
			}
			entry.Suffixes = slices.DeleteFunc(entry.Suffixes, func(s string) bool { return slices.Contains(given.Suffixes, s) })
			entry.Networks = slices.DeleteFunc(entry.Networks, func(n netip.Prefix) bool { return slices.Contains(given.Networks, n) })
			table[other] = entry
		}
	}
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		given, entry := extra[name], table[name]
		if given.Suffixes != nil {
			entry.Suffixes = given.Suffixes
		}
		if given.Networks != nil {
			entry.Networks = given.Networks
		}
		if given.Jurisdiction != "" {
			entry.Jurisdiction = given.Jurisdiction
		}
		table[name] = entry
	}
	return table
}

func builtIn() Operators {
	return Operators{
		"akamai": operator("US", "akam.net akadns.net akamai.net akamaiedge.net akamaized.net edgekey.net edgesuite.net",
			"2.16.0.0/13 23.0.0.0/12 23.32.0.0/11 23.64.0.0/14 23.72.0.0/13 95.100.0.0/15 96.6.0.0/15 96.16.0.0/15 104.64.0.0/10 184.24.0.0/13 184.50.0.0/15 184.84.0.0/14"),
		"aws": operator("US", "amazonaws.com awsapprunner.com awsglobalaccelerator.com cloudfront.net elasticbeanstalk.com "+route53(),
			"13.32.0.0/15 13.224.0.0/14 18.64.0.0/14 52.84.0.0/15 54.192.0.0/16 54.230.0.0/16 54.239.128.0/18 75.2.0.0/17 99.83.128.0/17 99.84.0.0/16 143.204.0.0/16 205.251.192.0/19 2600:9000::/28"),
		"azure": operator("US", "azure-dns.com azure-dns.net azure-dns.org azure-dns.info azureedge.net azurefd.net azurewebsites.net cloudapp.net cloudapp.azure.com trafficmanager.net windows.net",
			"13.107.0.0/16 40.90.4.0/24 64.4.48.0/24 150.171.0.0/16 2620:1ec::/36"),
		"bunny": operator("SI", "b-cdn.net bunny.net bunnycdn.com bunnyinfra.net", ""),
		"cloudflare": operator("US", "cloudflare.com cloudflare.net cloudflare-dns.com pages.dev workers.dev",
			"103.21.244.0/22 103.22.200.0/22 103.31.4.0/22 104.16.0.0/13 104.24.0.0/14 108.162.192.0/18 131.0.72.0/22 141.101.64.0/18 162.158.0.0/15 172.64.0.0/13 173.245.48.0/20 188.114.96.0/20 190.93.240.0/20 197.234.240.0/22 198.41.128.0/17 "+
				"2400:cb00::/32 2405:8100::/32 2405:b500::/32 2606:4700::/32 2803:f800::/32 2a06:98c0::/29 2c0f:f248::/32"),
		"desec": operator("DE", "desec.io desec.org", "45.54.76.0/24 157.53.224.0/24 2607:f740:e633::/48 2607:f740:e00a::/48"),
		"digicert": operator("US", "constellix.com constellix.net digicertdns.com digicertdns.net dnsmadeeasy.com ultradns.biz ultradns.co.uk ultradns.com ultradns.info ultradns.net ultradns.org",
			"156.154.0.0/16 204.74.66.0/23 204.74.108.0/22"),
		"fastly": operator("US", "fastly.net fastlylb.net",
			"23.235.32.0/20 43.249.72.0/22 103.244.50.0/24 103.245.222.0/23 103.245.224.0/24 104.156.80.0/20 140.248.64.0/18 140.248.128.0/17 146.75.0.0/17 151.101.0.0/16 157.52.64.0/18 167.82.0.0/17 172.111.64.0/18 185.31.16.0/22 199.27.72.0/21 199.232.0.0/16 2a04:4e40::/32 2a04:4e42::/32"),
		"gandi":  operator("FR", "gandi.net", "173.246.96.0/20 217.70.176.0/20"),
		"github": operator("US", "github.io github.com", "185.199.108.0/22 140.82.112.0/20 2606:50c0:8000::/46"),
		"google": operator("US", "google.com googledomains.com googlehosted.com googleusercontent.com appspot.com firebaseapp.com run.app web.app",
			"34.64.0.0/10 35.184.0.0/13 142.250.0.0/15 172.217.0.0/16 216.58.192.0/19 216.239.32.0/19 2001:4860::/32 2600:1901::/32"),
		"hetzner": operator("DE", "first-ns.de hetzner.com hetzner.de second-ns.com second-ns.de your-server.de",
			"5.9.0.0/16 78.46.0.0/15 88.198.0.0/16 95.216.0.0/15 138.201.0.0/16 144.76.0.0/16 148.251.0.0/16 213.133.96.0/19 2a01:4f8::/31"),
		"infomaniak": operator("CH", "infomaniak.ch infomaniak.com", "83.166.128.0/19 84.16.64.0/19 128.65.192.0/21 2001:1600::/32"),
		"netlify":    operator("US", "netlify.app netlify.com netlifyglobalcdn.com", ""),
		"ns1":        operator("US", "nsone.net", "198.51.44.0/23"),
		"ovhcloud":   operator("FR", "anycast.me ovh.ca ovh.com ovh.net ovhcloud.com", "51.68.0.0/16 51.254.0.0/15 137.74.0.0/16 213.186.32.0/19 213.251.128.0/18 2001:41d0::/32"),
		"vercel":     operator("US", "now.sh vercel-dns.com vercel.app vercel.com", "64.29.17.0/24 76.76.21.0/24 216.198.79.0/24"),
	}
}

func operator(jurisdiction, suffixes, networks string) Operator {
	o := Operator{Suffixes: strings.Fields(suffixes), Jurisdiction: jurisdiction}
	for _, network := range strings.Fields(networks) {
		o.Networks = append(o.Networks, netip.MustParsePrefix(network))
	}
	return o
}

// route53 are the domains of AWS's name servers, ns-N.awsdns-NN.TLD.
func route53() string {
	var b strings.Builder
	for n := range 64 {
		for _, tld := range []string{"com", "net", "org", "co.uk"} {
			fmt.Fprintf(&b, "awsdns-%02d.%s ", n, tld)
		}
	}
	return b.String()
}
