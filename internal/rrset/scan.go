package rrset

import (
	"errors"
	"fmt"
	"strings"
)

// Token is one field of presentation form.
type Token struct {
	Raw    string // escapes not yet resolved, quotes removed
	Quoted bool
	Spaced bool // something that separates stands before it
}

// String is the field as it was written.
func (t Token) String() string {
	if t.Quoted {
		return `"` + t.Raw + `"`
	}
	return t.Raw
}

// Spelled is what the fields were cut from, on one line.
func Spelled(tokens []Token) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 && t.Spaced {
			b.WriteByte(' ')
		}
		b.WriteString(t.String())
	}
	return b.String()
}

const delimiters = " \t\n;()\""

// Entry is what RFC 1035 section 5.1 calls so: a value, or one line of a zone file, which parentheses let span several.
type Entry struct {
	Tokens []Token
	// Indented says that a blank comes first: in a zone file the owner is that of the entry before.
	Indented bool
	// Comment is what follows the last semicolon, up to the end of its line.
	Comment string
	// Glued says that a comment began right after a field, without a blank.
	Glued bool
}

// ErrOpen is the error of an entry whose parenthesis is open at the end of the text.
var ErrOpen = errors.New("a parenthesis is not closed; close it or remove it")

// ScanEntry cuts one entry into its fields: quotes, escapes, comments and parentheses. size is how much of the text it
// takes, its line break included. With an error size is the place that is at fault.
func ScanEntry(text string) (entry Entry, size int, err error) {
	opened, depth, spaced := 0, 0, true
	for at := 0; at < len(text); {
		size := 1
		switch text[at] {
		case ' ', '\t':
			entry.Indented = entry.Indented || at == 0
			spaced = true
		case '\n':
			if depth == 0 {
				return entry, at + 1, nil
			}
			spaced = true
		case '(':
			if depth++; depth == 1 {
				opened = at
			}
			spaced = true
		case ')':
			if depth == 0 {
				return entry, at, errors.New("a parenthesis is closed that was never opened; remove it")
			}
			depth--
			spaced = true
		case ';':
			if size = strings.IndexByte(text[at:], '\n'); size < 0 {
				size = len(text) - at
			}
			entry.Comment = text[at+1 : at+size]
			entry.Glued = entry.Glued || !spaced
		default:
			t, n, err := scanToken(text[at:])
			if err != nil {
				return entry, at, err
			}
			t.Spaced, spaced, size = spaced, false, n
			entry.Tokens = append(entry.Tokens, t)
		}
		at += size
	}
	if depth > 0 {
		return entry, opened, ErrOpen
	}
	return entry, len(text), nil
}

// scan reads a value, which is one entry. deSEC ends the value at a line break or at a semicolon and drops the rest
// without a word ("0 issue ca.example; account=1" loses the account). Here a comment begins only after a blank, and
// lines break only inside parentheses.
func scan(value string) (Entry, error) {
	entry, size, err := ScanEntry(value)
	switch {
	case err != nil:
		return entry, err
	case entry.Glued:
		return entry, errors.New("an unquoted semicolon begins a comment, so that the rest would be lost; put the text in quotes or remove the rest")
	case size < len(value):
		return entry, errors.New("it holds a line break; write each record as a value of its own")
	}
	return entry, nil
}

// Fields cuts a value in canonical form into its fields. A parameter such as key65333="a b" is two, of which the second
// is not Spaced.
func Fields(value string) []Token {
	entry, _, _ := ScanEntry(value)
	return entry.Tokens
}

// scanToken reads the token at the start of text and returns how many bytes it takes, quotes included.
func scanToken(text string) (Token, int, error) {
	quoted := text[0] == '"'
	start := 0
	if quoted {
		start = 1
	}
	for i := start; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '\\':
			// In quotes the break would be a part of the text, as in BIND; outside it would join the next line to this
			// one.
			if i++; i == len(text) || !quoted && text[i] == '\n' {
				return Token{}, 0, errors.New(`it ends in a backslash that escapes nothing; write \\ for a backslash`)
			}
		case quoted && c == '"':
			return Token{Raw: text[start:i], Quoted: true}, i + 1, nil
		case quoted && c == '\n':
			return Token{}, 0, errors.New(`it holds a line break inside quotes; write \010 if the break is meant, else remove it`)
		case !quoted && strings.IndexByte(delimiters, c) >= 0:
			return Token{Raw: text[start:i]}, i, nil
		case c == 0:
			return Token{}, 0, errors.New(`it holds a zero byte; write \000 inside quotes if it is meant`)
		case !quoted && (c < ' ' || c == 0x7f):
			return Token{}, 0, fmt.Errorf(`it holds the control character %#02x; remove it`, c)
		}
	}
	if quoted {
		return Token{}, 0, errors.New("a quote is not closed; close it")
	}
	return Token{Raw: text[start:]}, len(text), nil
}

// Text resolves the escapes of the token: \X is X, \DDD the byte of that decimal number (RFC 1035 section 5.1).
func (t Token) Text() ([]byte, error) {
	out := make([]byte, 0, len(t.Raw))
	for i := 0; i < len(t.Raw); i++ {
		c := t.Raw[i]
		if c == '\\' {
			b, n, err := escape(t.Raw[i+1:])
			if err != nil {
				return nil, err
			}
			c = b
			i += n
		}
		out = append(out, c)
	}
	return out, nil
}

// escape reads what follows a backslash and returns the byte that is meant and the length of its spelling.
func escape(rest string) (b byte, n int, err error) {
	switch {
	case rest == "":
		return 0, 0, errors.New(`a backslash escapes nothing; write \\ for a backslash`)
	case !isDigit(rest[0]):
		return rest[0], 1, nil
	case len(rest) < 3 || !isDigit(rest[1]) || !isDigit(rest[2]):
		return 0, 0, errors.New(`an escape is not a backslash and three digits; write \\ for a backslash`)
	}
	n = int(rest[0]-'0')*100 + int(rest[1]-'0')*10 + int(rest[2]-'0')
	if n > 255 {
		return 0, 0, errors.New(`an escape is more than \255, the largest byte; write \\ for a backslash`)
	}
	return byte(n), 3, nil
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// quoteText prints bytes as deSEC prints a character-string: in quotes, quote and backslash escaped, what is not
// printable ASCII as \DDD.
func quoteText(text []byte) string {
	return `"` + escapeText(text, `"\`) + `"`
}

func escapeText(text []byte, special string) string {
	var b strings.Builder
	for _, c := range text {
		switch {
		case strings.IndexByte(special, c) >= 0:
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c > '~':
			fmt.Fprintf(&b, `\%03d`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
