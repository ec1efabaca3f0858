package rdata

import "strings"

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
	if len(r.wire) == 0 {
		r.fail()
	}
	return `"` + string(r.rest()) + `"`
}
