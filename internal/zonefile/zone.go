package zonefile

import (
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// RRset is one RRset as it would be declared.
type RRset struct {
	// Zone has no final dot, Name is relative to it and "@" at the apex.
	Zone, Name, Type string
	// TTL is in seconds.
	TTL uint32
	// Values are RDATA in presentation form; every name in them is absolute.
	Values []string
	// Proxied says that Cloudflare's export marks it so.
	Proxied bool
	// Problem says why it cannot be declared as it is, for an RRset of a zone file that no two operators hold, or what
	// a name without its final dot means, where that was hardly meant. It is well-formed all the same.
	Problem string
}

// Zone holds RRsets by "name/type", such as "www/A" and "@/MX".
type Zone map[string]RRset

// newRRset judges what was read. values are kept as they are spelled.
func newRRset(key rrset.Key, ttl uint32, values []string) (RRset, error) {
	if _, err := rrset.New(key, ttl, values); err != nil {
		return RRset{}, err
	}
	return spell(key, ttl, values), nil
}

func spell(key rrset.Key, ttl uint32, values []string) RRset {
	return RRset{Zone: strings.TrimSuffix(key.Zone, "."), Name: nameOf(key), Type: key.Type, TTL: ttl, Values: values}
}

// nameOf is the relative name. One that would be read as another name, because it repeats the zone or looks like one of
// somebody else, stays in full.
func nameOf(key rrset.Key) string {
	const whatever = "TXT" // a type that every name can have
	name := key.Relative()
	if full, err := rrset.NewKey(key.Zone, key.Name, whatever); err == nil {
		if again, err := rrset.NewKey(key.Zone, name, whatever); err != nil || again != full {
			return key.Name
		}
	}
	return name
}

// address is the key of an RRset in a Zone.
func address(key rrset.Key) string { return nameOf(key) + "/" + key.Type }
