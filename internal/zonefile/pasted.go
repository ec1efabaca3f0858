package zonefile

import (
	"errors"
	"regexp"
	"strings"
	"unicode"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// errUTF16 is about a text of which every other byte is zero: nothing else of it can be told.
var errUTF16 = errors.New(`the text is UTF-16, as some editors of Windows save it, and not UTF-8; save it as UTF-8, or read it with textdecodebase64(filebase64("…"), "UTF-16LE")`)

func isUTF16(text string) bool {
	return strings.HasPrefix(text, "\xff\xfe") || strings.HasPrefix(text, "\xfe\xff") || len(text) > 3 && strings.Count(text, "\x00") > len(text)/4
}

// tinydns is a line of tinydns-data (https://cr.yp.to/djbdns/tinydns-data.html).
var tinydns = regexp.MustCompile(`^[.&=+@'^CZ:-][^:]*:`)

// pasted is what is wrong with a line that comes from somewhere else than a zone file: from a document, a page, or
// another name server's data.
func pasted(tokens []rrset.Token) error {
	if first := tokens[0]; !first.Quoted && tinydns.MatchString(first.Raw) {
		return errors.New("this is the format of tinydns and no zone file; write what a zone transfer of it (dig AXFR) answers instead")
	}
	for _, t := range tokens {
		if t.Quoted || isASCII(t.Raw) {
			continue
		}
		if strings.ContainsFunc(t.Raw, func(c rune) bool { return c > 127 && unicode.IsSpace(c) }) {
			return errors.New("it holds a no-break space or another blank that is none here, as text from a page does; write a plain blank")
		}
		if strings.ContainsAny(t.Raw, "“”„‟«»") {
			return errors.New(`it has typographic quotes; write plain ones (")`)
		}
	}
	return nil
}
