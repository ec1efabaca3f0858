package cloudflare

import "strings"

// contentLength is how much of the sum of a name and type a value takes: the
// text of a TXT, and of the other types what the API shows as content.
func contentLength(typ, value string) int {
	switch typ {
	case "TXT":
		length := 0
		for _, t := range tokens(value) {
			length += len(unquote(t.text))
		}
		return length
	case "MX", "SRV", "URI":
		// The priority stands beside the content.
		return len(relative(withoutPriority(value)))
	}
	return len(strings.TrimSuffix(value, "."))
}
