package desec

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/signing"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/zonedata"
)

// zone is a domain with its RRsets.
type zone struct {
	name       string
	minimumTTL int
	created    time.Time
	published  time.Time // zero: never
	signing    *signing.Ring

	// rrsets is what the API holds, served what the name servers have. A map is never changed once it is here: a write
	// puts a changed copy, so that a refused one leaves nothing behind.
	rrsets map[key]rrset
	served map[key]rrset
}

// key identifies an RRset within its zone.
type key struct{ subname, typ string }

type rrset struct {
	key
	ttl              int
	records          []string
	created, touched time.Time
}

func (s *Server) newZone(name string, minimumTTL int) *zone {
	z := &zone{name: name, minimumTTL: minimumTTL, created: s.tick()}
	z.signing = newRing(name, z.created)
	ns := rrset{key: key{"", "NS"}, ttl: 3600, records: s.options.NameServers, created: s.tick(), touched: s.tick()}
	z.rrsets = map[key]rrset{ns.key: ns}
	return z
}

// publish hands the RRsets over to the name servers.
func (z *zone) publish(now time.Time) {
	z.published = now
	z.served = z.rrsets
}

// touched is the time of the last write or publication (design/facts/desec-api.md section 2).
func (z *zone) touched() time.Time {
	last := z.published
	for _, set := range z.rrsets {
		if set.touched.After(last) {
			last = set.touched
		}
	}
	return last
}

// newestFirst lists RRsets in the order of the API.
func newestFirst(sets map[key]rrset) []rrset {
	return slices.SortedFunc(maps.Values(sets), func(a, b rrset) int { return b.created.Compare(a.created) })
}

// qname is the absolute name of an owner within the zone.
func (z *zone) qname(subname string) string {
	if subname == "" {
		return z.name + "."
	}
	return subname + "." + z.name + "."
}

func (z *zone) data(sets map[key]rrset) []zonedata.RRset {
	all := make([]zonedata.RRset, 0, len(sets))
	for _, set := range sets {
		all = append(all, zonedata.RRset{
			Name: z.qname(set.subname), Type: set.typ, TTL: uint32(set.ttl), Values: slices.Sorted(slices.Values(set.records)),
		})
	}
	slices.SortFunc(all, func(a, b zonedata.RRset) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Type, b.Type))
	})
	return all
}

// Published gives what the name servers serve for the zone of that name, sorted by name and type and with sorted
// values; nil if there is no such zone. SOA and what the signing adds is not in it.
func (s *Server) Published(name string) []zonedata.RRset {
	return of(s, name, func(z *zone) []zonedata.RRset {
		sets := z.data(z.served)
		for i, set := range sets {
			sets[i].Values = slices.DeleteFunc(set.Values, func(v string) bool { return !s.habits.Serves(set.Type, v) })
		}
		return slices.DeleteFunc(sets, func(set zonedata.RRset) bool { return len(set.Values) == 0 })
	})
}

// Stored gives what the API holds for the zone of that name, in the form of Published.
func (s *Server) Stored(name string) []zonedata.RRset {
	return of(s, name, func(z *zone) []zonedata.RRset { return z.data(z.rrsets) })
}

// of looks at a domain, by its name; the zero value where there is no such domain.
func of[T any](s *Server, name string, look func(*zone) T) (seen T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if z := s.zone(name); z != nil {
		seen = look(z)
	}
	return seen
}

// zone finds a domain by its name in any case, with the final dot and without.
func (s *Server) zone(name string) *zone { return s.zones[apiName(name)] }

func apiName(name string) string { return strings.TrimSuffix(strings.ToLower(name), ".") }

// Zones gives the names of the domains, sorted, without final dot.
func (s *Server) Zones() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.zones))
}

// Edit changes an RRset behind the back of API clients, as somebody with the service's web interface would: not
// throttled, not limited by the policy, checked like any other write. TTL is in seconds; without values the RRset is
// deleted. The error holds the service's answer.
func (s *Server) Edit(name, subname, typ string, ttl int, values []string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	z := s.zone(name)
	if z == nil {
		return fmt.Errorf("edit %s %s: no domain %s", subname, typ, name)
	}
	item := map[string]any{"subname": subname, "type": typ, "records": list(values)}
	if len(values) > 0 {
		item["ttl"] = json.Number(strconv.Itoa(ttl))
	}
	w := &write{server: s, zone: z, partial: true, allowed: func(key) bool { return true }}
	if answer := w.bulk([]any{item}, z.rrsets, false); answer.status >= 300 {
		return fmt.Errorf("edit %s %s in %s: status %d: %s", subname, typ, name, answer.status, answer.text())
	}
	return nil
}

func list(values []string) []any {
	all := make([]any, len(values))
	for i, value := range values {
		all[i] = value
	}
	return all
}
