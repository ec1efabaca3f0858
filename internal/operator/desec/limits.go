package desec

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

const (
	maxZone   = 191   // characters
	maxName   = 178   // characters in front of the zone's name
	maxRRset  = 65535 // bytes, counted as rrsetSize does
	maxRecord = 64000 // bytes of wire data, and characters of text
)

func ttlBelowMinimum(want operator.RRset, zone *operator.Zone) string {
	if zone == nil || want.TTL >= zone.MinimumTTL {
		return ""
	}
	return fmt.Sprintf("deSEC stores no TTL below %[1]d seconds in the zone %[2]s (the zone's own minimum). Raise ttl to %[1]d, "+
		"or add the line that says what differs at deSEC:\n\n  desec = { ttl = %[1]d }", zone.MinimumTTL, want.Zone)
}

func ttlAboveMaximum(want operator.RRset, _ *operator.Zone) string {
	if want.TTL <= maximumTTL {
		return ""
	}
	return fmt.Sprintf("deSEC stores no TTL above %[1]d seconds (one day). Lower ttl, or write what differs at deSEC: desec = { ttl = %[1]d }", maximumTTL)
}

func zoneLength(want operator.RRset, _ *operator.Zone) string {
	if n := len(strings.TrimSuffix(want.Zone, ".")); n > maxZone {
		return fmt.Sprintf("The zone's name has %d characters, and deSEC takes %d at most.", n, maxZone)
	}
	return ""
}

func nameLength(want operator.RRset, _ *operator.Zone) string {
	if n := len(subname(want.Key)); n > maxName {
		return fmt.Sprintf("The name has %d characters, and deSEC takes %d at most below the zone: write a shorter one.", n, maxName)
	}
	return ""
}

func nsUnderDedyn(want operator.RRset, _ *operator.Zone) string {
	if want.Type != "NS" || !underDedyn(want.Zone) {
		return ""
	}
	return "deSEC manages the name servers of zones under dedyn.io itself and refuses NS RRsets in them. Leave this one out."
}

func rrsetSize(want operator.RRset, _ *operator.Zone) string {
	size := 32 + len(want.Name) + 256
	for _, v := range want.Values {
		size += 12 + len(v)
	}
	if size <= maxRRset {
		return ""
	}
	return fmt.Sprintf("The RRset is %d bytes too large for deSEC, which counts the text of all values together. Write fewer or shorter values.", size-maxRRset)
}

// recordSize has two limits: the wire data is counted by the API, the text by the database of its signing server.
func recordSize(want operator.RRset, _ *operator.Zone) string {
	for _, v := range want.Values {
		if n := utf8.RuneCountInString(v); n > maxRecord {
			return fmt.Sprintf("A value has %d characters; deSEC's signing server takes at most %d and fails the whole request. Write a shorter one.", n, maxRecord)
		}
		if n := rrset.WireSize(want.Type, v); n > maxRecord {
			return fmt.Sprintf("A value has %d bytes in wire form; deSEC takes at most %d. Write a shorter one.", n, maxRecord)
		}
	}
	return ""
}

var beyondAlias = regexp.MustCompile(`[^a-z0-9._*-]`)

func aliasCharacters(value string) string {
	if !beyondAlias.MatchString(value) {
		return ""
	}
	return "deSEC takes only letters, digits, -, _ and * in the target of a CNAME. Write another target."
}

// names is which field of a value is a name that the API takes with any characters. It wants host names of CNAME, MX,
// NS and SRV.
var names = map[string]int{"HTTPS": 1, "NAPTR": 5, "PTR": 0, "SVCB": 1}

// nameCharacters refuses what the API prints with a backslash that its name server does not read.
func nameCharacters(want operator.RRset, _ *operator.Zone) string {
	at, ok := names[want.Type]
	for _, value := range want.Values {
		if ok && strings.ContainsAny(rrset.Fields(value)[at].Raw, `"$();@`) {
			return `deSEC's signing server takes no ", $, (, ), ; or @ in a name and refuses the whole request. Write another name.`
		}
	}
	return ""
}

// beyondASCII is a byte above ASCII in canonical form.
var beyondASCII = regexp.MustCompile(`(?:^|[^\\])(?:\\\\)*\\(?:12[89]|1[3-9][0-9]|2[0-9][0-9])`)

// textCharacters refuses text that deSEC encodes once more at every write, so that it never comes back as it was sent.
// A name is no text: the replacement of a NAPTR may hold any byte.
func textCharacters(value string) string {
	if !slices.ContainsFunc(rrset.Fields(value), func(field rrset.Token) bool {
		return field.Quoted && beyondASCII.MatchString(field.Raw)
	}) {
		return ""
	}
	return "A text holds characters beyond ASCII, which deSEC changes at every write. Write it in ASCII: names as A-labels, URLs percent-encoded."
}

// locatorCharacters refuses what the database of the signing server has no room for, but for a few beyond Latin-1 that
// it has: a URI has none of them (RFC 3986 section 2).
func locatorCharacters(value string) string {
	if strings.IndexFunc(value, func(c rune) bool { return c > 0xff || c >= 0x80 && c < 0xa0 }) < 0 {
		return ""
	}
	return "A URI holds characters beyond Latin-1, on which deSEC's signing server fails the whole request. Write them percent-encoded."
}

// serviceParameters refuses the two that the API prints by name, and whose names the signing server rejects (recorded:
// d-0314 and d-0322 of desec-content.jsonl), and of those by number what it does not read.
func serviceParameters(value string) string {
	fields := rrset.Fields(value)
	for i, field := range fields[2:] {
		name, _, given := strings.Cut(field.Raw, "=")
		switch {
		case field.Quoted: // the value of the one before
		case name == "dohpath" || name == "ohttp":
			return "deSEC's signing server rejects the parameter " + name + ". Remove it."
		case !strings.HasPrefix(name, "key"):
		case !given:
			return "deSEC's signing server takes no parameter by number without a value and refuses the whole request. Give it a value, or remove it."
		case strings.ContainsAny(fields[2+i+1].Raw, ";()"):
			return "deSEC's signing server takes no ;, ( or ) in the value of a parameter by number and refuses the whole request. Take it out, or remove the parameter."
		}
	}
	return ""
}
