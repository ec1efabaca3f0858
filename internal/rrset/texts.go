package rrset

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"
)

// appendText adds a character-string: at most 255 bytes after their length.
func appendText(out []byte, what string, text []byte) ([]byte, error) {
	if len(text) > 255 {
		return nil, fmt.Errorf("the %s has %d bytes, and 255 are the most", what, len(text))
	}
	return append(append(out, byte(len(text))), text...), nil
}

func parseCAA(f *fields) ([]byte, error) {
	flags, err := f.uint("flags field", 8)
	if err != nil {
		return nil, err
	}
	tag, err := f.text("tag")
	if err != nil {
		return nil, err
	}
	value, err := f.text("value")
	if err != nil {
		return nil, err
	}
	out, err := appendText([]byte{byte(flags)}, "tag", tag)
	return append(out, value...), err
}

// printCAA keeps the case of the tag: RFC 8659 section 4.1 matches it without regard to case, but the RDATA differ and
// deSEC holds both.
func printCAA(w *wire) (string, error) {
	flags, tag, value := w.u8(), w.text(), w.rest()
	if bad := firstOutside(lower(tag), hostChars[:36]); bad != "" || len(tag) == 0 {
		return "", errors.New("the tag is not made of letters and digits alone (RFC 8659 section 4.1)")
	}
	return fmt.Sprintf("%d %s %s", flags, tag, quoteText(value)), nil
}

func parseNAPTR(f *fields) ([]byte, error) {
	out, err := f.numbers(nil, 16, "order", "preference")
	if err != nil {
		return nil, err
	}
	for _, what := range []string{"flags field", "service", "regexp"} {
		text, err := f.text(what)
		if err != nil {
			return nil, err
		}
		if out, err = appendText(out, what, text); err != nil {
			return nil, err
		}
	}
	replacement, err := f.name("replacement")
	return append(out, replacement...), err
}

func printNAPTR(w *wire) (string, error) {
	order, preference := w.u16(), w.u16()
	flags, service, regexp := w.text(), w.text(), w.text()
	replacement := printName(fold(w.name()))
	return fmt.Sprintf("%d %d %s %s %s %s", order, preference, quoteText(flags), quoteText(service), quoteText(regexp), replacement), nil
}

func parseURI(f *fields) ([]byte, error) {
	out, err := f.numbers(nil, 16, "priority", "weight")
	if err != nil {
		return nil, err
	}
	target, err := f.text("target")
	return append(out, target...), err
}

// printURI prints the target as deSEC does: in quotes, as UTF-8, without any escape. That is why it cannot hold what
// needs one (design/facts/desec-api.md section 5); a URI has such characters percent-encoded anyway (RFC 3986 section
// 2).
func printURI(w *wire) (string, error) {
	priority, weight, target := w.u16(), w.u16(), w.rest()
	switch {
	case len(target) == 0:
		return "", errors.New("the target is empty (RFC 7553 section 4.4)")
	case bytes.ContainsAny(target, "\"\\\n\x00"):
		return "", errors.New(`the target holds a quote, a backslash, a line break or a zero byte, which the canonical form does not hold; write %22, %5C, %0A or %00 for it`)
	case !utf8.Valid(target):
		return "", errors.New("the target is not UTF-8, and the canonical form is; write its bytes percent-encoded")
	}
	return fmt.Sprintf(`%d %d "%s"`, priority, weight, target), nil
}
