package rrset

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// fields hands out the tokens of one value in order. Its methods take the name of the field, which begins their errors:
// "the preference is missing".
type fields struct {
	tokens []Token
	at     int
	// zoneFile is set for a record of a zone file, which may hold mnemonics that deSEC does not take. The canonical
	// form has none.
	zoneFile bool
}

func (f *fields) more() bool { return f.at < len(f.tokens) }

func (f *fields) next(what string) (Token, error) {
	if !f.more() {
		return Token{}, fmt.Errorf("the %s is missing", what)
	}
	f.at++
	return f.tokens[f.at-1], nil
}

// word is the next token where quotes have no place.
func (f *fields) word(what string) (string, error) {
	t, err := f.next(what)
	if err != nil {
		return "", err
	}
	if t.Quoted {
		return "", fmt.Errorf("the %s is in quotes; write it without", what)
	}
	text, err := t.Text()
	return string(text), err
}

// text is the next token, in quotes or not, as a character-string.
func (f *fields) text(what string) ([]byte, error) {
	t, err := f.next(what)
	if err != nil {
		return nil, err
	}
	return t.Text()
}

// uint reads a number of so many bits. Leading zeros are dropped as deSEC does, signs and other bases are refused.
func (f *fields) uint(what string, bits int) (uint64, error) {
	text, err := f.word(what)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseUint(text, 10, bits)
	if err != nil {
		return 0, fmt.Errorf("the %s is not a number from 0 to %d", what, uint64(1)<<bits-1)
	}
	return n, nil
}

// numbers reads fields of 8 or 16 bits in a row.
func (f *fields) numbers(out []byte, bits int, names ...string) ([]byte, error) {
	for _, what := range names {
		n, err := f.uint(what, bits)
		if err != nil {
			return nil, err
		}
		if bits == 16 {
			out = append16(out, n)
		} else {
			out = append(out, byte(n))
		}
	}
	return out, nil
}

// name reads a domain name into wire form.
func (f *fields) name(what string) ([]byte, error) {
	t, err := f.next(what)
	if err != nil {
		return nil, err
	}
	if t.Quoted {
		return nil, fmt.Errorf("the %s is in quotes; write it without", what)
	}
	return parseTarget(what, t.Raw)
}

// joined reads all tokens that are left as one text: hex and base64 may be broken by blanks anywhere.
func (f *fields) joined(what string) (string, error) {
	var b strings.Builder
	for more := true; more; more = f.more() {
		text, err := f.word(what)
		if err != nil {
			return "", err
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

func (f *fields) hex(what string) ([]byte, error) {
	text, err := f.joined(what)
	if err != nil {
		return nil, err
	}
	data, err := hex.DecodeString(text)
	switch {
	case err == nil:
		return data, nil
	case len(text)%2 == 1 && strings.Trim(text, "0123456789abcdefABCDEF") == "":
		return nil, fmt.Errorf("the %s has %d hexadecimal digits, an odd number; write two for each byte", what, len(text))
	default:
		return nil, fmt.Errorf("the %s is not hexadecimal; write digits 0-9 and a-f only", what)
	}
}

// base64 refuses characters outside the alphabet: deSEC skips them, and a key with a hole in it is not the key that was
// meant. Unused bits of the last character are dropped, as there.
func (f *fields) base64(what string) ([]byte, error) {
	text, err := f.joined(what)
	if err != nil {
		return nil, err
	}
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("the %s is not base64; write letters, digits, + and /, filled up with = to a multiple of four", what)
	}
	return data, nil
}

// end refuses what is left over. deSEC drops it silently for AAAA, CERT, CNAME, MX, NS and SRV
// (design/facts/desec-api.md section 5).
func (f *fields) end() error {
	if !f.more() {
		return nil
	}
	return errors.New("there is more than the type takes; remove what is too much, or write it as a value of its own")
}
