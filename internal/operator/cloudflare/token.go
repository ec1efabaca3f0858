package cloudflare

import (
	"fmt"
	"strconv"
	"strings"
)

// token is one item of a line in presentation form (RFC 1035 section 5.1).
// Its text keeps escapes, and the quotes where only a part of it is quoted.
type token struct {
	text   string
	quoted bool
}

// tokens cuts a line at its blanks; blanks in quotes and escaped ones do not
// count. A SvcParam such as key65333="a b" is one token.
func tokens(line string) []token {
	var all []token
	var current strings.Builder
	inQuotes, started := false, false
	flush := func() {
		if started {
			all = append(all, finished(current.String()))
		}
		current.Reset()
		started = false
	}
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\' && i+1 < len(line):
			current.WriteString(line[i : i+2])
			started = true
			i++
		case c == '"':
			inQuotes = !inQuotes
			current.WriteByte(c)
			started = true
		case (c == ' ' || c == '\t') && !inQuotes:
			flush()
		default:
			current.WriteByte(c)
			started = true
		}
	}
	flush()
	return all
}

func finished(text string) token {
	if len(text) >= 2 && text[0] == '"' && text[len(text)-1] == '"' {
		return token{text: text[1 : len(text)-1], quoted: true}
	}
	return token{text: text}
}

// unquote resolves the escapes of a character string.
func unquote(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			b.WriteByte(text[i])
			continue
		}
		if value, err := strconv.ParseUint(text[i+1:min(i+4, len(text))], 10, 8); err == nil && i+3 < len(text) {
			b.WriteByte(byte(value))
			i += 3
			continue
		}
		i++
		b.WriteByte(text[i])
	}
	return b.String()
}

// quote is the inverse of unquote, with quotes around. Bytes above ASCII stay:
// JSON carries them as characters.
func quote(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&b, `\%03d`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// quotedTXT puts content that came without quotes between them. It is one
// string with blanks in it, and presentation text otherwise
// (design/facts/cloudflare-api.md section 3.4).
func quotedTXT(content string) string {
	if strings.HasPrefix(content, `"`) {
		return content
	}
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(content); i++ {
		switch {
		case content[i] == '\\' && i+1 < len(content):
			b.WriteByte('\\')
			i++
		case content[i] == '"' || content[i] == '\\':
			b.WriteByte('\\')
		}
		b.WriteByte(content[i])
	}
	b.WriteByte('"')
	return b.String()
}
