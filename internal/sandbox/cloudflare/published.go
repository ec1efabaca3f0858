package cloudflare

import (
	"slices"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/zonedata"
)

const (
	automaticTTL = 300   // what TTL 1 serves (section 3.2)
	apexNSTTL    = 86400 // of a standard zone (section 5)
)

// Anycast addresses stand for Cloudflare's edge: what a proxied name resolves to. They are documentation addresses (RFC
// 5737, RFC 3849).
var (
	AnycastA    = []string{"192.0.2.200", "192.0.2.201"}
	AnycastAAAA = []string{"2001:db8::c8", "2001:db8::c9"}
)

// Stored gives the RRsets that the API holds, TTL 1 for automatic. Cloudflare's own records are not among them. The
// zone's name is accepted with and without the final dot; an unknown zone gives nil.
func (s *Server) Stored(name string) []zonedata.RRset {
	return of(s, name, func(z *zone) []zonedata.RRset { return rrsets(z.records) })
}

// Published gives what the name servers answer from: automatic TTLs resolved, proxied names as addresses of the edge,
// and Cloudflare's own apex NS. What the signing adds is not in it. A CNAME at the apex is left out: the real service
// flattens it, which needs a resolver.
func (s *Server) Published(name string) []zonedata.RRset { return of(s, name, s.published) }

func (s *Server) published(z *zone) []zonedata.RRset {
	proxied := map[string]bool{}
	for _, r := range z.records {
		proxied[r.Name] = proxied[r.Name] || r.Proxied
	}
	var served []*Record
	for _, r := range z.records {
		switch {
		case proxied[r.Name] && r.Proxiable: // one proxied record makes all addresses of the name proxied
		case r.Type == "HTTPS" && proxied[r.Name]: // Cloudflare answers with its own (section 4.6)
		case r.Type == "CNAME" && r.Name == z.Name:
		case r.Type == "NS" && r.Name == z.Name: // served with multi_provider alone, which is off here (section 5)
		case r.Type == "DNSKEY" && !z.dnssec.MultiSigner:
		case !s.signer.habits.Serves(r.Type, presentation(r)):
		default:
			served = append(served, r)
		}
	}
	ns := zonedata.RRset{Name: z.Name + ".", Type: "NS", TTL: apexNSTTL}
	for _, host := range z.nameServers() {
		ns.Values = append(ns.Values, host+".")
	}
	sets := append(rrsets(served), ns)
	for name, on := range proxied {
		if on {
			sets = append(sets,
				zonedata.RRset{Name: name + ".", Type: "A", TTL: 1, Values: AnycastA},
				zonedata.RRset{Name: name + ".", Type: "AAAA", TTL: 1, Values: AnycastAAAA})
		}
	}
	sets = merge(sets)
	for i := range sets {
		if sets[i].TTL == 1 {
			sets[i].TTL = automaticTTL
		}
	}
	return sets
}

// rrsets groups records. Records of one RRset may have unequal TTLs here; the lowest is served.
func rrsets(records []*Record) []zonedata.RRset {
	var sets []zonedata.RRset
	for _, r := range records {
		sets = append(sets, zonedata.RRset{Name: r.Name + ".", Type: r.Type, TTL: uint32(r.TTL), Values: []string{presentation(r)}})
	}
	return merge(sets)
}

// merge joins sets of one name and type and orders the result, so that tests can compare it.
func merge(sets []zonedata.RRset) []zonedata.RRset {
	slices.SortStableFunc(sets, func(a, b zonedata.RRset) int {
		return strings.Compare(a.Name+" "+a.Type, b.Name+" "+b.Type)
	})
	merged := []zonedata.RRset{}
	for _, set := range sets {
		last := len(merged) - 1
		if last < 0 || merged[last].Name != set.Name || merged[last].Type != set.Type {
			set.Values = slices.Clone(set.Values)
			merged = append(merged, set)
			continue
		}
		merged[last].TTL = min(merged[last].TTL, set.TTL)
		merged[last].Values = append(merged[last].Values, set.Values...)
	}
	for i := range merged {
		slices.Sort(merged[i].Values)
		merged[i].Values = slices.Compact(merged[i].Values)
	}
	return merged
}
