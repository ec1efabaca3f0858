package rrset

import (
	"errors"
	"fmt"
	"strings"
)

// token is one field of a value in presentation form.
type token struct {
	raw    string // escapes not yet resolved, quotes removed
	quoted bool
	spaced bool // something that separates stands before it
}

const delimiters = " \t\n;()\""

// scan cuts a value into tokens as RFC 1035 section 5.1 does: quotes, escapes,
// comments, and parentheses that let a value span lines.
//
// deSEC ends the value at a line break or at a semicolon and drops the rest
// without a word ("0 issue ca.example; account=1" loses the account). Here a
// comment begins only after a blank, and lines break only inside parentheses.
func scan(value string) ([]token, error) {
	var tokens []token
	depth, spaced := 0, true
	for rest := value; rest != ""; {
		size := 1
		switch rest[0] {
		case ' ', '\t':
			spaced = true
		case '\n':
			if depth == 0 {
				return nil, errors.New("it holds a line break; write each record as a value of its own")
			}
			spaced = true
		case '(':
			depth++
			spaced = true
		case ')':
			if depth == 0 {
				return nil, errors.New("a parenthesis is closed that was never opened; remove it")
			}
			depth--
			spaced = true
		case ';':
			if !spaced {
				return nil, errors.New("an unquoted semicolon begins a comment, so that the rest would be lost; put the text in quotes or remove the rest")
			}
			if size = strings.IndexByte(rest, '\n'); size < 0 {
				size = len(rest)
			}
		default:
			t, n, err := scanToken(rest)
			if err != nil {
				return nil, err
			}
			t.spaced, spaced, size = spaced, false, n
			tokens = append(tokens, t)
		}
		rest = rest[size:]
	}
	if depth > 0 {
		return nil, errors.New("a parenthesis is not closed; close it or remove it")
	}
	return tokens, nil
}

// scanToken reads the token at the start of text and returns how many bytes it
// takes, quotes included.
func scanToken(text string) (token, int, error) {
	quoted := text[0] == '"'
	start := 0
	if quoted {
		start = 1
	}
	for i := start; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '\\':
			if i++; i == len(text) {
				return token{}, 0, errors.New(`it ends in a backslash that escapes nothing; write \\ for a backslash`)
			}
		case quoted && c == '"':
			return token{raw: text[start:i], quoted: true}, i + 1, nil
		case quoted && c == '\n':
			return token{}, 0, errors.New(`it holds a line break inside quotes; write \010 if the break is meant, else remove it`)
		case !quoted && strings.IndexByte(delimiters, c) >= 0:
			return token{raw: text[start:i]}, i, nil
		case c == 0:
			return token{}, 0, errors.New(`it holds a zero byte; write \000 inside quotes if it is meant`)
		case !quoted && (c < ' ' || c == 0x7f):
			return token{}, 0, fmt.Errorf(`it holds the control character %#02x; remove it`, c)
		}
	}
	if quoted {
		return token{}, 0, errors.New("a quote is not closed; close it")
	}
	return token{raw: text[start:]}, len(text), nil
}

// text resolves the escapes of the token: \X is X, \DDD the byte of that
// decimal number (RFC 1035 section 5.1).
func (t token) text() ([]byte, error) {
	out := make([]byte, 0, len(t.raw))
	for i := 0; i < len(t.raw); i++ {
		c := t.raw[i]
		if c == '\\' {
			b, n, err := escape(t.raw[i+1:])
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

// escape reads what follows a backslash and returns the byte that is meant and
// the length of its spelling.
func escape(rest string) (b byte, n int, err error) {
	switch {
	case rest == "":
		return 0, 0, errors.New(`a backslash escapes nothing; write \\ for a backslash`)
	case !isDigit(rest[0]):
		return rest[0], 1, nil
	case len(rest) < 3 || !isDigit(rest[1]) || !isDigit(rest[2]):
		return 0, 0, fmt.Errorf(`the escape \%.3s is not a backslash and three digits; write \\ for a backslash`, rest)
	}
	n = int(rest[0]-'0')*100 + int(rest[1]-'0')*10 + int(rest[2]-'0')
	if n > 255 {
		return 0, 0, fmt.Errorf(`the escape \%s is more than \255, the largest byte; write \\ for a backslash`, rest[:3])
	}
	return byte(n), 3, nil
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// quoteText prints bytes as deSEC prints a character-string: in quotes, quote
// and backslash escaped, what is not printable ASCII as \DDD.
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
