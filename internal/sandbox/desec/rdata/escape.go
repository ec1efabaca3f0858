package rdata

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// escape reads what follows a backslash: \DDD is a byte, \X the character X itself.
func escape(text []rune) (c rune, isByte bool, length int, err error) {
	if len(text) == 0 {
		return 0, false, 0, errEnd
	}
	if !isDigit(text[0]) {
		return text[0], false, 1, nil
	}
	if len(text) < 3 {
		return 0, false, 0, errEnd
	}
	n, err := strconv.ParseUint(Digits(string(text[:3])), 10, 8)
	if err != nil {
		return 0, false, 0, errMalformed
	}
	return rune(n), true, 3, nil
}

// unescape resolves escapes into characters: \195 becomes U+00C3, which the wire form then spells with two bytes. That
// is the library's bug which makes CAA, HINFO and NAPTR grow with each submission (design/facts/desec-api.md section
// 5).
func unescape(value string) (string, error) {
	if !strings.Contains(value, `\`) {
		return value, nil
	}
	var out strings.Builder
	text := []rune(value)
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == '\\' {
			escaped, _, length, err := escape(text[i+1:])
			if err != nil {
				return "", err
			}
			c = escaped
			i += length
		}
		out.WriteRune(c)
	}
	return out.String(), nil
}

// unescapeBytes resolves escapes into bytes, as TXT and SVCB parameters have it.
func unescapeBytes(value string) ([]byte, error) {
	var out []byte
	text := []rune(value)
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			out = append(out, string(text[i])...)
			continue
		}
		c, isByte, length, err := escape(text[i+1:])
		if err != nil {
			return nil, err
		}
		if isByte {
			out = append(out, byte(c))
		} else {
			out = append(out, string(c)...)
		}
		i += length
	}
	return out, nil
}

// quote prints bytes as a quoted string. Also a line end or a blank outside of ASCII is escaped.
func quote(value []byte) string { return `"` + escapeBytes(value, `"\`) + `"` }

func escapeBytes(value []byte, special string) string {
	var out strings.Builder
	for _, c := range value {
		switch {
		case strings.IndexByte(special, c) >= 0:
			out.WriteByte('\\')
			out.WriteByte(c)
		case c >= 0x20 && c < 0x7f:
			out.WriteByte(c)
		default:
			fmt.Fprintf(&out, `\%03d`, c)
		}
	}
	return out.String()
}

func isDigit(c rune) bool { return digit(c) >= 0 }

// digit is the value of a decimal digit, else negative. The service's language takes those of all scripts, each of
// which has its ten in a row.
func digit(c rune) rune {
	before := c
	for unicode.IsDigit(before) {
		before--
	}
	if before == c {
		return -1
	}
	return (c - before - 1) % 10
}

// Digits spells decimal digits in ASCII.
func Digits(text string) string {
	return strings.Map(func(c rune) rune {
		if isDigit(c) {
			return '0' + digit(c)
		}
		return c
	}, text)
}
