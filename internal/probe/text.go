package probe

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// reasonLimit bounds a reason, in characters.
const reasonLimit = 300

// printable makes a reason fit for a terminal, a log and the state: what stands in it may come from the service, such
// as the names in its certificate or its status line. A long one is cut in its middle, because our own words are at its
// ends.
func printable(text string) string {
	const head, tail = reasonLimit * 2 / 3, reasonLimit / 3
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && size == 1:
			b.WriteString(strings.Trim(strconv.QuoteToASCII(text[:1]), `"`))
		case !unicode.IsPrint(r):
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), `'`))
		default:
			b.WriteRune(r)
		}
		text = text[size:]
	}
	runes := []rune(b.String())
	if len(runes) <= reasonLimit {
		return string(runes)
	}
	return string(runes[:head]) + " … " + string(runes[len(runes)-tail:])
}
