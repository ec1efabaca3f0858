package rrset

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// maxWire is the most that the length of a record's RDATA can be (RFC 1035 section 3.2.1).
const maxWire = 65535

// codec turns the values of one type into wire form and prints wire form canonically.
type codec struct {
	// form is how to write a value, for messages.
	form string
	// parse leaves checks of meaning to print, which sees values in the generic form as well.
	parse func(*fields) ([]byte, error)
	print func(*wire) (string, error)
	// noGeneric marks the types of which the generic form of RFC 3597 section 5 is not taken.
	noGeneric bool
}

// Canonical returns the one spelling of a value that stands for all spellings of the same RDATA. typ is upper case. A
// value that is none of the type is a *ValueError; a type that is not ours a *FieldError.
func Canonical(typ, value string) (string, error) {
	c, ok := codecs[typ]
	if !ok {
		return "", typeError(typ)
	}
	text, err := c.canonical(typ, value)
	if err != nil {
		return "", c.refusal(typ, err)
	}
	return text, nil
}

// CanonicalFields is Canonical for the fields of a record in a zone file: each field of a TXT is a string of its own,
// in quotes or not, numbers may be mnemonics, and the generic form of RFC 3597 section 5 stands for the value of any
// type.
func CanonicalFields(typ string, tokens []Token) (string, error) {
	c, ok := codecs[typ]
	if !ok {
		return "", typeError(typ)
	}
	tokens = slices.Clone(tokens)
	generic := isGeneric(tokens)
	for i := range tokens {
		tokens[i].Quoted = tokens[i].Quoted || typ == "TXT" && !generic
	}
	data, err := c.fromFields(&fields{tokens: tokens, zoneFile: true}, generic)
	if err != nil {
		return "", c.refusal(typ, err)
	}
	text, err := c.text(data)
	if err != nil {
		return "", c.refusal(typ, err)
	}
	return text, nil
}

func (c codec) refusal(typ string, err error) error {
	message := err.Error()
	if !strings.Contains(message, "; write ") { // else it says what to write already, and closer to the value
		message += ". " + c.form
	}
	return &ValueError{Type: typ, Of: 1, Message: message}
}

func (c codec) canonical(typ, value string) (string, error) {
	data, err := c.wire(typ, value)
	if err != nil {
		return "", err
	}
	return c.text(data)
}

// text prints wire form, and refuses what the type does not allow.
func (c codec) text(data []byte) (string, error) {
	if len(data) > maxWire {
		return "", fmt.Errorf("it takes %d bytes, and a record holds %d at most; write a shorter one", len(data), maxWire)
	}
	w := &wire{data: data}
	text, err := c.print(w)
	switch {
	case w.short:
		return "", errors.New("the data of the generic form ends before the record does; write all of it")
	case err != nil:
		return "", err
	case len(w.data) > 0:
		return "", fmt.Errorf("the data of the generic form goes on for %d bytes after the record; remove them", len(w.data))
	}
	return text, nil
}

func (c codec) wire(typ, value string) ([]byte, error) {
	if strings.TrimSpace(value) == "" {
		return nil, errors.New("it is empty; write a value or remove it")
	}
	if typ == "TXT" && !isQuotedTXT(value) {
		return rawTXT(value)
	}
	entry, err := scan(strings.TrimSpace(value))
	if err != nil {
		return nil, err
	}
	generic := isGeneric(entry.Tokens)
	if generic && c.noGeneric {
		return nil, fmt.Errorf(`the generic form \# is not taken for type %s; write it out`, typ)
	}
	return c.fromFields(&fields{tokens: entry.Tokens}, generic)
}

func (c codec) fromFields(f *fields, generic bool) ([]byte, error) {
	if generic {
		return genericWire(f)
	}
	data, err := c.parse(f)
	if err != nil {
		return nil, err
	}
	return data, f.end()
}

func isGeneric(tokens []Token) bool {
	return len(tokens) > 0 && tokens[0].Raw == `\#` && !tokens[0].Quoted
}

// genericWire reads the form of RFC 3597 section 5: \# length hex.
func genericWire(f *fields) ([]byte, error) {
	f.at = 1
	length, err := f.uint("length after \\#", 16)
	if err != nil {
		return nil, err
	}
	var data []byte
	if f.more() {
		text, err := f.joined("data after \\#")
		if err != nil {
			return nil, err
		}
		if data, err = hex.DecodeString(text); err != nil {
			return nil, errors.New(`the data after \# is not pairs of hexadecimal digits`)
		}
	}
	if uint64(len(data)) != length {
		return nil, fmt.Errorf(`the length after \# is %d, but %d bytes follow; make them agree`, length, len(data))
	}
	return data, nil
}

// CanonicalValues returns the canonical forms of the values, sorted and unique. The error is that of the first bad
// value, with its Index.
func CanonicalValues(typ string, values []string) ([]string, error) {
	out := make([]string, 0, len(values))
	for i, value := range values {
		text, err := Canonical(typ, value)
		if bad, ok := errors.AsType[*ValueError](err); ok {
			bad.Index, bad.Of = i, len(values)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, text)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// WireSize is the length in wire form of a value in any spelling, 0 if it is none.
func WireSize(typ, value string) int {
	c, ok := codecs[typ]
	if !ok {
		return 0
	}
	data, err := c.wire(typ, value)
	if err != nil {
		return 0
	}
	return len(data)
}
