package rdata

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

var (
	// textField is TXT and SPF: strings that each have quotes.
	textField = field{read: readText, show: showText}
	// tagField and valueField are the parts of CAA.
	tagField   = field{read: readTag, show: showTag}
	valueField = field{read: readValue, show: showValue}
	// uriField is printed without escapes, so that a quote within it cannot be read again.
	uriField = field{read: readURI, show: showURI}
)

// readText cuts strings of more than 255 bytes into pieces.
func readText(s *scanner, wire []byte) []byte {
	tokens := s.rest(0)
	for _, t := range tokens {
		text, err := unescapeBytes(t.value)
		s.fail(err)
		if t.kind != quotedString {
			s.fail(&syntaxError{"Content must be quoted."})
		}
		for {
			n := min(len(text), 255)
			wire = append(append(wire, byte(n)), text[:n]...)
			if text = text[n:]; len(text) == 0 {
				break
			}
		}
	}
	if len(tokens) == 0 {
		s.fail(errEnd)
	}
	return wire
}

func showText(r *reader) string {
	var parts []string
	for len(r.wire) > 0 {
		parts = append(parts, quote(r.counted()))
	}
	return strings.Join(parts, " ")
}

func readTag(s *scanner, wire []byte) []byte {
	tag := s.str()
	switch {
	case len(tag) > 255:
		s.judge(&valueError{"too long"})
	case tag == "" || strings.Trim(tag, alphanumeric) != "":
		s.judge(&valueError{"tag is not alphanumeric"})
	}
	return append(append(wire, byte(len(tag))), tag...)
}

func showTag(r *reader) string { return escapeBytes(r.counted(), `"\`) }

func readValue(s *scanner, wire []byte) []byte { return append(wire, s.str()...) }

func showValue(r *reader) string { return quote(r.rest()) }

func readURI(s *scanner, wire []byte) []byte {
	t := s.unescaped()
	switch {
	case t.kind != identifier && t.kind != quotedString:
		s.fail(&syntaxError{"URI target must be a string"})
	case t.value == "":
		s.fail(&syntaxError{"URI target cannot be empty"})
	}
	return append(wire, t.value...)
}

func showURI(r *reader) string {
	target := string(r.rest())
	if target == "" {
		r.verdict = &syntaxError{"URI target may not be empty"}
	}
	for i, c := range target {
		if c == utf8.RuneError && !strings.HasPrefix(target[i:], "\ufffd") {
			// The library's language has two more reasons.
			r.verdict = &valueError{fmt.Sprintf("'utf-8' codec can't decode byte %#02x in position %d: invalid start byte", target[i], i)}
			break
		}
		r.unserved = r.unserved || c == 0 || c >= 0x80 && (c < 0xa0 || c > 0xff) && !strings.ContainsRune(latin1, c)
	}
	return `"` + target + `"`
}

// latin1 is what MySQL's character set of that name has of these: Windows-1252 with its five gaps filled. The database
// of the signing name server is kept in it, and the one of the API takes no zero (design/facts/desec-api.md section
// 10).
const latin1 = "\u0081\u008d\u008f\u0090\u009d€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
