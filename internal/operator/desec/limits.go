package desec

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"codeberg.org/miekg/dns"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

const (
	maxSubname   = 178   // characters
	maxOwner     = 254   // 255 bytes on the wire (RFC 1035 section 3.1)
	maxRRset     = 65535 // bytes, counted as rrsetSize does
	maxRecord    = 64000 // bytes of wire data
	nsRule       = "deSEC manages the name servers of zones under dedyn.io itself and refuses NS RRsets in them. Leave this one out."
	noWiderTTL   = "deSEC stores no TTL above %d seconds (one day). Lower ttl, or write what differs at deSEC: desec = { ttl = %d }"
	noLowerTTL   = "deSEC stores no TTL below %[1]d seconds in the zone %[2]s (the zone's own minimum). Raise ttl to %[1]d, or add the line that says what differs at deSEC:\n\n  desec = { ttl = %[1]d }"
	subnameRule  = "deSEC takes lower-case letters, digits, hyphens and underscores in a name, 1 to 63 of them in each label, and a * only as the first label. Write the name in these characters, an international one in its xn-- form."
	unsetRecords = "An RRset without values cannot be stored."
)

// managed are the types that the API takes, all 39.
var managed = strings.Fields("A AAAA AFSDB APL CAA CDNSKEY CDS CERT CNAME CSYNC DHCID DLV DNAME DNSKEY DS EUI48 EUI64 " +
	"HINFO HTTPS KX L32 L64 LOC LP MX NAPTR NID NS OPENPGPKEY PTR RP SMIMEA SPF SRV SSHFP SVCB TLSA TXT URI")

// automatic are the types that deSEC makes by itself.
var automatic = []string{"KEY", "NSEC", "NSEC3", "NSEC3PARAM", "OPT", "RRSIG", "SOA"}

var subnamePattern = regexp.MustCompile(`^$|^\*$|^(\*\.)?[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$`)

func ttlBelowMinimum(want operator.RRset, zone *operator.Zone) string {
	if zone == nil || want.TTL >= zone.MinimumTTL {
		return ""
	}
	return fmt.Sprintf(noLowerTTL, zone.MinimumTTL, want.Zone)
}

func ttlAboveMaximum(want operator.RRset, _ *operator.Zone) string {
	if want.TTL <= maximumTTL {
		return ""
	}
	return fmt.Sprintf(noWiderTTL, maximumTTL, maximumTTL)
}

func subnameCharacters(want operator.RRset, _ *operator.Zone) string {
	if subnamePattern.MatchString(subname(want.Key)) {
		return ""
	}
	return subnameRule
}

func subnameLength(want operator.RRset, _ *operator.Zone) string {
	if n := len(subname(want.Key)); n > maxSubname {
		return fmt.Sprintf("deSEC takes at most %d characters in front of the zone's name; this name has %d. Shorten it.", maxSubname, n)
	}
	return ""
}

func ownerLength(want operator.RRset, _ *operator.Zone) string {
	if n := len(want.Name); n > maxOwner {
		return fmt.Sprintf("A name has at most %d characters with the zone's name and the final dot; this one has %d. Shorten it.", maxOwner, n)
	}
	return ""
}

func automaticType(want operator.RRset, _ *operator.Zone) string {
	if !slices.Contains(automatic, want.Type) {
		return ""
	}
	return "deSEC makes " + want.Type + " records itself and lets nobody write them. Leave this one out."
}

func unsupportedType(want operator.RRset, _ *operator.Zone) string {
	if slices.Contains(managed, want.Type) || slices.Contains(automatic, want.Type) {
		return ""
	}
	return "deSEC does not know the type " + want.Type + ". It takes " + strings.Join(managed, ", ") + "."
}

func cnameAtApex(want operator.RRset, _ *operator.Zone) string {
	if want.Type != "CNAME" || !want.IsApex() {
		return ""
	}
	return "deSEC refuses a CNAME at the apex, where the zone's NS records are (RFC 1034 section 3.6.2). Write A and AAAA records there, or use another name."
}

func dsAtApex(want operator.RRset, _ *operator.Zone) string {
	if want.Type != "DS" || !want.IsApex() {
		return ""
	}
	return "deSEC refuses a DS at the apex: it belongs into the parent zone. Give it to the registrar of " + want.Zone
}

func dnskeyBelowApex(want operator.RRset, _ *operator.Zone) string {
	if want.Type != "DNSKEY" || want.IsApex() {
		return ""
	}
	return "deSEC takes a DNSKEY at the apex only. Write name = \"@\", or write it into the zone that " + want.Name + " is delegated to."
}

func nsUnderDedyn(want operator.RRset, _ *operator.Zone) string {
	if want.Type != "NS" || !underDedyn(want.Zone) {
		return ""
	}
	return nsRule
}

func severalAliases(want operator.RRset, _ *operator.Zone) string {
	if len(want.Values) <= 1 || (want.Type != "CNAME" && want.Type != "DNAME") {
		return ""
	}
	return "A " + want.Type + " has one value. Keep one of them."
}

// deletesDS guards against the values that ask the parent to take the zone's
// DS away (RFC 8078 section 4), which deSEC stores like any other.
func deletesDS(want operator.RRset, _ *operator.Zone) string {
	for _, v := range want.Values {
		if (want.Type == "CDS" && strings.HasPrefix(v, "0 0 0 ")) || (want.Type == "CDNSKEY" && strings.HasPrefix(v, "0 3 0 ")) {
			return "The value " + v + " asks the parent zone to remove the DS, which would end DNSSEC for the zone. Leave it out."
		}
	}
	return ""
}

func rrsetSize(want operator.RRset, _ *operator.Zone) string {
	if len(want.Values) == 0 {
		return unsetRecords
	}
	size := 32 + len(want.Name) + 256
	for _, v := range want.Values {
		size += 12 + len(v)
	}
	if size <= maxRRset {
		return ""
	}
	return fmt.Sprintf("The RRset is %d bytes too large for deSEC, which counts the text of all values together. Write fewer or shorter values.", size-maxRRset)
}

// recordSize parses only what can be too long: no wire form is longer than
// its text by more than a byte.
func recordSize(want operator.RRset, _ *operator.Zone) string {
	for _, v := range want.Values {
		if len(v) < maxRecord {
			continue
		}
		rr, err := dns.New(want.Name + " 3600 IN " + want.Type + " " + v)
		if err != nil {
			continue
		}
		if n := rr.Data().Len(); n > maxRecord {
			return fmt.Sprintf("A value has %d bytes in wire form; deSEC takes at most %d. Write a shorter one.", n, maxRecord)
		}
	}
	return ""
}

// ZoneMatters is true for a TTL below all that the zone holds: the minimum of a
// domain is the service's decision and may be any
// (design/facts/desec-api.md section 3, minimum_ttl).
func (c *Client) ZoneMatters(want operator.RRset, lowest uint32) bool {
	return lowest == 0 || want.TTL < lowest
}
