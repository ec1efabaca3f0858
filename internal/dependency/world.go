package dependency

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// Type is that of a question.
type Type uint16

// The two types of addresses.
const (
	A    Type = 1
	AAAA Type = 28
)

func (t Type) String() string {
	if t == AAAA {
		return "AAAA"
	}
	return "A"
}

// World is what a walk learned.
type World struct {
	// Cuts are the delegations that were met, by their keys. The way begins at Root.
	Cuts map[string]Cut
	Root string
	// Answers are by question and server. A server that was not asked a question is taken to answer as the others of
	// its name do.
	Answers map[Question]map[netip.Addr]Answer
	// Late says that the time was over before everything was asked.
	Late bool
}

// Cut is a zone as its parent delegates it. Two servers of the parent that differ make two cuts.
type Cut struct {
	Zone  string
	Hosts []Host // sorted by name
}

// Host is a name server of a cut.
type Host struct {
	Name string
	// Glue are the addresses that the parent gave and that count: those of names below the parent zone, because a
	// resolver believes no other (RFC 2181 section 5.4.1). Without any the name must be resolved like every other.
	Glue []netip.Addr
}

// Key is equal for equal cuts.
func (c Cut) Key() string {
	var b strings.Builder
	b.WriteString(c.Zone)
	for _, h := range c.Hosts {
		fmt.Fprintf(&b, " %s%v", h.Name, h.Glue)
	}
	return b.String()
}

// NewCut sorts what it is given.
func NewCut(zone string, glue map[string][]netip.Addr) Cut {
	c := Cut{Zone: zone}
	for _, name := range slices.Sorted(maps.Keys(glue)) {
		addrs := slices.Clone(glue[name])
		slices.SortFunc(addrs, netip.Addr.Compare)
		c.Hosts = append(c.Hosts, Host{name, slices.Compact(addrs)})
	}
	return c
}

// Question is what the servers of a cut were asked.
type Question struct {
	Cut  string
	Name string
	Type Type
}

func (q Question) compare(other Question) int {
	return cmp.Or(cmp.Compare(q.Cut, other.Cut), cmp.Compare(q.Name, other.Name), cmp.Compare(q.Type, other.Type))
}

// Kind is what came of a question.
type Kind int

const (
	// Unasked is what could not be asked, because the time was over or there is no way to the server from here.
	Unasked Kind = iota
	// Silent is no answer.
	Silent
	// Lame is what does not answer, so that a resolver asks the next server: REFUSED, SERVFAIL, a referral upwards.
	Lame
	// Referral names the servers of a zone below.
	Referral
	// Alias is a Chain that ends at a name for which the resolver starts anew.
	Alias
	// Final is a Chain, if there is any, that ends at Addresses, or at none: the name does not exist or has no such
	// record.
	Final
)

// Answer is what one server gave.
type Answer struct {
	Kind      Kind
	Cut       string       // of a Referral: the key
	Chain     []string     // the targets of CNAMEs, in order
	Addresses []netip.Addr // sorted
	Said      string       // of Lame and Silent: what happened, as "answers REFUSED"
}

func (a Answer) usable() bool { return a.Kind >= Referral }

// says is the answer in words, for a comparison of two.
func (a Answer) says() string {
	switch {
	case a.Kind == Referral:
		zone, hosts, _ := strings.Cut(a.Cut, " ")
		return "a delegation of " + bare(zone) + " to " + strings.ReplaceAll(hosts, ".[", "[")
	case len(a.Chain) > 0 && (a.Kind == Alias || len(a.Addresses) == 0):
		return "an alias to " + bare(a.Chain[len(a.Chain)-1])
	case len(a.Addresses) == 0:
		return "no address"
	default:
		return addressList(a.Addresses)
	}
}

// Step is the name that servers of zone are asked when name is looked for: one label at a time above what somebody can
// register, so that all names of a zone share the question, and the name itself from there on. Resolvers that keep
// names to themselves do the same (RFC 9156).
func Step(zone, name string) string {
	if !below(zone, name) {
		return name
	}
	labels := strings.SplitAfter(strings.TrimSuffix(name, "."), ".")
	own := count(Registrable(name))
	at := count(zone)
	if at >= own || own > len(labels) {
		return name
	}
	return strings.Join(labels[len(labels)-at-1:], "") + "."
}

// Registrable is the domain that somebody registered for name at a registry: example.co.uk. for www.example.co.uk.
func Registrable(name string) string {
	labels := strings.Split(strings.TrimSuffix(name, "."), ".")
	if n := len(labels) - count(suffixOf(name)) - 1; n > 0 {
		labels = labels[n:]
	}
	return strings.Join(labels, ".") + "."
}

// IsSuffix reports whether a registry registers names below that zone.
func IsSuffix(zone string) bool { return zone != "." && suffixOf(zone) == zone }

// suffixOf is the zone of the registry above name, or name itself. Suffixes under which a company hands out names to
// its customers (b-cdn.net) are none: the company registered them.
func suffixOf(name string) string {
	rest := strings.TrimSuffix(name, ".")
	for {
		suffix, registry := publicsuffix.PublicSuffix(rest)
		_, above, ok := strings.Cut(suffix, ".")
		if registry || !ok {
			return suffix + "."
		}
		rest = above
	}
}

func count(name string) int {
	if name == "." {
		return 0
	}
	return strings.Count(name, ".")
}

// below reports whether name is zone or a name in it.
func below(zone, name string) bool {
	return zone == "." || name == zone || strings.HasSuffix(name, "."+zone)
}

// bare is a name as people write it.
func bare(name string) string {
	if name == "." {
		return "the root"
	}
	return strings.TrimSuffix(name, ".")
}

func addressList(addrs []netip.Addr) string {
	texts := make([]string, len(addrs))
	for i, a := range addrs {
		texts[i] = a.String()
	}
	return list(texts)
}

// list joins what is sorted already, and cuts what is long.
func list(items []string) string {
	const most = 6
	if len(items) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(items[:most], ", "), len(items)-most)
	}
	if n := len(items) - 1; n > 0 {
		return strings.Join(items[:n], ", ") + " and " + items[n]
	}
	return strings.Join(items, "")
}

// sortedSet sorts and removes doubles.
func sortedSet[T cmp.Ordered](items []T) []T {
	items = slices.Clone(items)
	slices.Sort(items)
	return slices.Compact(items)
}
