package cloudflare

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

var tagName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,32}$`)

// recordName turns a name of a request into the one that is stored: lower case, Punycode, without the final dot. A name
// that does not end in the zone is taken as relative to it (section 3.2), which is how mail.example.org becomes
// mail.example.org.example.com.
func recordName(name, zone string) (string, *apiError) {
	if name == "@" {
		return zone, nil
	}
	name, ok := asciiName(name)
	if !ok {
		return "", refuse(9000, "DNS name is invalid.")
	}
	if name != zone && !strings.HasSuffix(name, "."+zone) {
		name += "." + zone
	}
	if !isName(name) {
		return "", refuse(9000, "DNS name is invalid.")
	}
	return name, nil
}

// asciiName lower-cases, converts Unicode to Punycode and takes one final dot away.
func asciiName(name string) (string, bool) {
	// Label by label and with the mapping of look-ups: a wildcard or an underscore beside the Unicode label is no
	// concern of IDNA.
	labels := strings.Split(strings.TrimSuffix(name, "."), ".")
	for i, label := range labels {
		if isASCII(label) {
			labels[i] = strings.ToLower(label)
			continue
		}
		ascii, err := idna.Lookup.ToASCII(label)
		if err != nil {
			return "", false
		}
		labels[i] = ascii
	}
	return strings.Join(labels, "."), true
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool { return c > unicode.MaxASCII })
}

// isName checks the limits of RFC 1035 section 2.3.4 and the characters: everything printable that has no meaning in
// presentation form.
func isName(name string) bool {
	if len(name) > 253 {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 || strings.ContainsAny(label, " \t\"\\()@;$") {
			return false
		}
		for i := range len(label) {
			if label[i] < 0x21 || label[i] > 0x7e {
				return false
			}
		}
	}
	return true
}
