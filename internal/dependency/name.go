package dependency

import (
	"fmt"
	"strings"

	"golang.org/x/net/idna"
)

// hostNames maps what people write to A-labels (RFC 5891 section 4.4). Underscores are allowed, because names with them
// exist.
var hostNames = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))

// ParseName reads a host name in any spelling: letters of any case, with or without the final dot, in any script.
func ParseName(text string) (string, error) {
	wrong := fmt.Errorf("%q is not a host name. Write it in full, such as \"www.example.com\"", text)
	name, err := hostNames.ToASCII(strings.TrimSuffix(text, "."))
	name = strings.ToLower(name)
	if err != nil || name == "" || len(name) > 253 {
		return "", wrong
	}
	for label := range strings.SplitSeq(name, ".") {
		odd := strings.ContainsFunc(label, func(r rune) bool {
			return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_'
		})
		if label == "" || len(label) > 63 || odd {
			return "", wrong
		}
	}
	return name + ".", nil
}
