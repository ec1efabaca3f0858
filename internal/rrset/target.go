package rrset

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/net/idna"
)

// parseTarget reads a name inside RDATA into wire form. Targets are absolute with or without their final dot: nothing
// is completed with the zone, because neither operator does that and a value means the same wherever it stands.
func parseTarget(what, raw string) ([]byte, error) {
	switch {
	case raw == ".":
		return []byte{0}, nil
	case raw == "@":
		return nil, fmt.Errorf(`the %s is "@", which only an owner name can be; write the full name, for example example.com`, what)
	case !isASCII(raw):
		return nil, fmt.Errorf("the %s is not ASCII; write it as registrars and browsers keep it, in A-labels (xn--…)", what)
	}
	labels, absolute, err := splitLabels(raw)
	if err != nil {
		return nil, fmt.Errorf("the %s is not a domain name: %w", what, err)
	}
	if !absolute {
		if _, err := netip.ParseAddr(raw); err == nil {
			return nil, fmt.Errorf("the %s is an address, and only a name can stand there; use type A or AAAA for an address", what)
		}
		if len(labels) == 1 {
			return nil, fmt.Errorf("the %s is a single label, and targets are absolute: write the full name, for example mail.example.com", what)
		}
	}
	var out []byte
	for _, label := range labels {
		out = append(append(out, byte(len(label))), label...)
	}
	if out = append(out, 0); len(out) > 255 {
		return nil, fmt.Errorf("the %s takes %d bytes, and a domain name has room for 255; write a shorter one", what, len(out))
	}
	return out, nil
}

// splitLabels cuts a name in presentation form at its dots and resolves escapes. absolute says whether it ended in a
// dot.
func splitLabels(raw string) (labels [][]byte, absolute bool, err error) {
	label := []byte{}
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; c {
		case '.':
			if labels, err = addLabel(labels, label); err != nil {
				return nil, false, err
			}
			label = []byte{}
			if i == len(raw)-1 {
				return labels, true, nil
			}
		case '\\':
			b, n, err := escape(raw[i+1:])
			if err != nil {
				return nil, false, err
			}
			label = append(label, b)
			i += n
		default:
			label = append(label, c)
		}
	}
	labels, err = addLabel(labels, label)
	return labels, false, err
}

func addLabel(labels [][]byte, label []byte) ([][]byte, error) {
	switch {
	case len(label) == 0:
		return nil, errors.New("it has an empty label; remove the extra dot")
	case len(label) > 63:
		return nil, fmt.Errorf("one of its labels has %d characters, and 63 are the most", len(label))
	}
	return append(labels, label), nil
}

// printName prints an absolute name as deSEC does, with its escapes.
func printName(labels [][]byte) string {
	if len(labels) == 0 {
		return "."
	}
	var b strings.Builder
	for _, label := range labels {
		// In a name, unlike in a text, a blank ends the token.
		text := escapeText(label, `"().;\@$`)
		b.WriteString(strings.ReplaceAll(text, " ", `\032`))
		b.WriteByte('.')
	}
	return b.String()
}

// fold lowers the ASCII letters of a name, for the types of RFC 4034 section 6.2.
func fold(labels [][]byte) [][]byte {
	out := make([][]byte, len(labels))
	for i, label := range labels {
		out[i] = asciiLower(label)
	}
	return out
}

// asciiLower leaves bytes beyond ASCII alone, which bytes.ToLower does not.
func asciiLower(text []byte) []byte {
	out := slices.Clone(text)
	for i, c := range out {
		if 'A' <= c && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return out
}

func isASCII(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r > 127 }) < 0
}

// toALabels is the spelling to suggest for a name with Unicode in it, or "xn--…" if there is none, by IDNA 2008 without
// the transitional mapping: deSEC itself would turn straße into strasse (IDNA 2003), which is another name.
func toALabels(name string) string {
	// The conversion takes quadratic time, and what is this long is no name.
	if len(name) > 1000 {
		return "xn--…"
	}
	profile := idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))
	ascii, err := profile.ToASCII(name)
	if err != nil || !isASCII(ascii) {
		return "xn--…"
	}
	return ascii
}
