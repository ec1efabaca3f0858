package rdata

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// idna2003 maps ß to ss and the like, as the library does. Names which only IDNA 2003 knows are rare enough to leave to
// the transitional rules of UTS 46, and so are labels with an escaped dot.
var idna2003 = idna.New(idna.MapForLookup(), idna.Transitional(true), idna.StrictDomainName(false), idna.CheckHyphens(false))

// dots separate labels once a name has a character beyond ASCII (RFC 3490 section 3.1).
const dots = ".\u3002\uff0e\uff61"

// readName appends a name in wire form. A name without final dot is noted, not refused: see scanner.relative.
func readName(s *scanner, wire []byte) []byte {
	t := s.next()
	if t.kind != identifier {
		s.fail(&syntaxError{"expecting an identifier"})
	}
	labels, absolute, err := parseName(t.value)
	s.fail(err)
	if !absolute {
		s.relative = true
		return wire
	}
	for _, label := range labels {
		if s.fold {
			label = lower(label)
		}
		wire = append(append(wire, byte(len(label))), label...)
	}
	return append(wire, 0)
}

// lower folds ASCII alone: a label is bytes, not characters.
func lower(label string) string {
	folded := []byte(label)
	for i, c := range folded {
		if c >= 'A' && c <= 'Z' {
			folded[i] = c + 'a' - 'A'
		}
	}
	return string(folded)
}

// parseName splits a name into its labels.
func parseName(text string) (labels []string, absolute bool, err error) {
	if text == "@" {
		return nil, false, nil
	}
	if utf8.RuneCountInString(text) == 1 && strings.Contains(dots, text) {
		return nil, true, nil
	}
	p := nameParser{wide: strings.ContainsFunc(text, func(c rune) bool { return c > 0x7f })}
	for _, c := range text {
		if err := p.take(c); err != nil {
			return nil, false, err
		}
	}
	if p.escape > 0 {
		return nil, false, errBadEscape
	}
	absolute = len(p.label) == 0
	if !absolute {
		if err := p.cut(); err != nil {
			return nil, false, err
		}
	}
	return p.labels, absolute, checkLength(p.labels, absolute)
}

var errBadEscape = &syntaxError{"An escaped code in a text format of DNS name is invalid."}

func checkLength(labels []string, absolute bool) error {
	total := 0
	for _, label := range labels {
		if len(label) > 63 {
			return errLabelTooLong
		}
		total += len(label) + 1
	}
	if absolute {
		total++
	}
	if total > 255 {
		return errTooLong
	}
	return nil
}

var errLabelTooLong = &syntaxError{"A DNS label is > 63 octets long."}

type nameParser struct {
	wide   bool // has characters beyond ASCII: IDNA applies to its labels
	labels []string
	label  []rune
	escape int // characters seen of an escape, counting the backslash
	number rune
}

func (p *nameParser) take(c rune) error {
	switch {
	case p.escape == 1 && !isDigit(c):
		p.label = append(p.label, c)
		p.escape = 0
	case p.escape > 0:
		if !isDigit(c) {
			return errBadEscape
		}
		p.number = p.number*10 + digit(c)
		if p.escape++; p.escape == 4 {
			return p.endEscape()
		}
	case c == '.' || p.wide && strings.ContainsRune(dots, c):
		if len(p.label) == 0 {
			return &syntaxError{"A DNS label is empty."}
		}
		return p.cut()
	case c == '\\':
		p.escape, p.number = 1, 0
	default:
		p.label = append(p.label, c)
	}
	return nil
}

func (p *nameParser) endEscape() error {
	p.escape = 0
	if p.number > 255 && !p.wide {
		return &panicError{"ubyte format requires 0 <= number <= 255"}
	}
	p.label = append(p.label, p.number)
	return nil
}

// cut ends a label. In a name of ASCII characters a rune stands for a byte, else for a character.
func (p *nameParser) cut() error {
	label := p.label
	p.label = nil
	isASCII := true
	raw := make([]byte, len(label))
	for i, c := range label {
		raw[i] = byte(c)
		isASCII = isASCII && c < 0x80
	}
	if !p.wide || isASCII {
		p.labels = append(p.labels, string(raw))
		return nil
	}
	encoded, err := idna2003.ToASCII(string(label))
	if err != nil || len(encoded) > 63 || encoded == "" { // nothing is left of a label of U+200B
		return errLabelTooLong
	}
	p.labels = append(p.labels, encoded)
	return nil
}

// showName prints a name in wire form; no compression.
func showName(r *reader) string {
	var out strings.Builder
	for length := r.byte(); length > 0; length = r.byte() {
		if length > 63 {
			r.fail()
			break
		}
		label := r.bytes(int(length))
		for _, c := range label {
			switch {
			case strings.IndexByte(`"().;\@$`, c) >= 0:
				// Two of them the signing name server reads (design/facts/desec-api.md section 10).
				r.unserved = r.unserved || c != '.' && c != '\\'
				out.WriteByte('\\')
				out.WriteByte(c)
			case c > 0x20 && c < 0x7f:
				out.WriteByte(c)
			default:
				fmt.Fprintf(&out, `\%03d`, c)
			}
		}
		out.WriteByte('.')
	}
	if out.Len() == 0 {
		return "."
	}
	return out.String()
}
