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
func readText(s *scanner, wire []byte) ([]byte, error) {
	tokens, err := s.rest(0)
	if err != nil {
		return nil, err
	}
	for _, t := range tokens {
		text, err := unescapeBytes(t.value)
		if err != nil {
			return nil, err
		}
		if t.kind != quotedString {
			return nil, &syntaxError{"Content must be quoted."}
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
		return nil, errEnd
	}
	return wire, nil
}

func showText(r *reader) string {
	var parts []string
	for len(r.wire) > 0 {
		parts = append(parts, quote(r.counted()))
	}
	return strings.Join(parts, " ")
}

func readTag(s *scanner, wire []byte) ([]byte, error) {
	tag, err := s.str()
	if err != nil {
		return nil, err
	}
	switch {
	case len(tag) > 255:
		s.judge(&valueError{"too long"})
	case tag == "" || strings.Trim(tag, alphanumeric) != "":
		s.judge(&valueError{"tag is not alphanumeric"})
	}
	return append(append(wire, byte(len(tag))), tag...), nil
}

func showTag(r *reader) string { return escapeBytes(r.counted(), `"\`) }

func readValue(s *scanner, wire []byte) ([]byte, error) {
	value, err := s.str()
	return append(wire, value...), err
}

func showValue(r *reader) string { return quote(r.rest()) }

func readURI(s *scanner, wire []byte) ([]byte, error) {
	t, err := s.unescaped()
	if err != nil {
		return nil, err
	}
	if t.kind != identifier && t.kind != quotedString {
		return nil, &syntaxError{"URI target must be a string"}
	}
	if t.value == "" {
		return nil, &syntaxError{"URI target cannot be empty"}
	}
	return append(wire, t.value...), nil
}

func showURI(r *reader) string {
	if len(r.wire) == 0 {
		r.fail()
	}
	return `"` + string(r.rest()) + `"`
}
