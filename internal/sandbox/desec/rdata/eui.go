package rdata

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// groupsField is the identifier of NID and L64: four groups of four hexadecimal digits, no
// shortening (RFC 6742 section 2.1.2).
var groupsField = field{read: readGroups, show: showGroups}

func readGroups(s *scanner, wire []byte) ([]byte, error) {
	text, err := s.identifier()
	if err != nil {
		return nil, err
	}
	if len(text) != 19 {
		return nil, &valueError{"invalid formatted hex string"}
	}
	for ; text != ""; text = text[1:] {
		group := text[:4]
		n, err := strconv.ParseUint(group, 16, 16)
		if err != nil {
			return nil, &valueError{"invalid literal for int() with base 16: " + literal(group)}
		}
		wire = appendNumber(wire, 16, n)
		if text = text[4:]; text == "" {
			break
		}
		if text[0] != ':' {
			return nil, &valueError{"invalid formatted hex string"}
		}
	}
	return wire, nil
}

func showGroups(r *reader) (string, error) {
	b, err := r.bytes(8)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%x:%x:%x:%x", b[:2], b[2:4], b[4:6], b[6:]), nil
}

// euiField is EUI48 and EUI64 (RFC 7043).
func euiField(size int) field {
	return field{
		read: func(s *scanner, wire []byte) ([]byte, error) {
			text, err := s.str()
			if err != nil {
				return nil, err
			}
			return readEUI(text, size, wire)
		},
		show: func(r *reader) (string, error) {
			b, err := r.bytes(size)
			if err != nil {
				return "", err
			}
			return strings.ReplaceAll(fmt.Sprintf("% x", b), " ", "-"), nil
		},
	}
}

func readEUI(text string, size int, wire []byte) ([]byte, error) {
	if want := size*3 - 1; len([]rune(text)) != want {
		return nil, &syntaxError{fmt.Sprintf("Input text must have %d characters", want)}
	}
	for i := 2; i < size*3-1; i += 3 {
		if i >= len(text) || text[i] != '-' {
			return nil, &syntaxError{fmt.Sprintf("Dash expected at position %d", i)}
		}
	}
	digits := strings.ReplaceAll(text, "-", "")
	if len(digits)%2 != 0 {
		return nil, &syntaxError{"Hex decoding error: Odd-length string"}
	}
	b, err := hex.DecodeString(digits)
	if err != nil {
		return nil, &syntaxError{"Hex decoding error: Non-hexadecimal digit found"}
	}
	if len(b) != size {
		return nil, &syntaxError{fmt.Sprintf("EUI%d rdata has to have %d bytes", size*8, size)}
	}
	return append(wire, b...), nil
}
