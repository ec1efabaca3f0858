package dependency

import (
	"maps"
	"net/netip"
	"slices"
	"strings"
)

// Operator is how one is known by what it runs.
type Operator struct {
	// Suffixes are the domains of its name servers and of its other hosts, without the final dot.
	Suffixes []string
	// Networks hold its addresses.
	Networks []netip.Prefix
	// Jurisdiction is the country whose law it is under (ISO 3166), or empty.
	Jurisdiction string
}

// Operators are by name.
type Operators map[string]Operator

// byName is the operator with the longest suffix that fits, or "".
func (o Operators) byName(host string) string {
	best, length := "", -1
	for _, name := range slices.Sorted(maps.Keys(o)) {
		for _, suffix := range o[name].Suffixes {
			zone := strings.ToLower(strings.Trim(suffix, ".")) + "."
			if below(zone, host) && len(zone) > length {
				best, length = name, len(zone)
			}
		}
	}
	return best
}

// byAddress is the operator with the narrowest network that fits, or "".
func (o Operators) byAddress(addr netip.Addr) string {
	best, bits := "", -1
	for _, name := range slices.Sorted(maps.Keys(o)) {
		for _, network := range o[name].Networks {
			if network.Contains(addr) && network.Bits() > bits {
				best, bits = name, network.Bits()
			}
		}
	}
	return best
}

// OfServer are the operators without any of which a name server is silent: that of its name and that of its address.
// Only if neither is known, the registrable domain of its name stands for its operator, but not one of own: the domains
// of the names that are asked for say nothing about who runs them. None: it cannot be lost here.
func (o Operators) OfServer(host string, addr netip.Addr, own map[string]bool) []string {
	var found []string
	if name := o.byName(host); name != "" {
		found = append(found, name)
	}
	if addr.IsValid() {
		if name := o.byAddress(addr); name != "" && !slices.Contains(found, name) {
			found = append(found, name)
		}
	}
	if domain := Registrable(host); len(found) == 0 && host != "" && !own[domain] {
		found = append(found, strings.TrimSuffix(domain, "."))
	}
	slices.Sort(found)
	return found
}

// OwnDomains are the registrable domains of names.
func OwnDomains(names []string) map[string]bool {
	own := map[string]bool{}
	for _, name := range names {
		own[Registrable(name)] = true
	}
	return own
}
