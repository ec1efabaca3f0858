package cloudflare

import (
	"fmt"
	"strings"
)

const (
	maxString     = 255  // bytes of one character-string, RFC 1035 section 3.3
	maxWireLength = 4096 // bytes of RDATA, code 9015
	maxContentSum = 8192 // characters of all records of one name and type, code 83011
)

func tooLong() *apiError {
	return refuse(9015, "Record content exceeds the allowed length of 4096 wire format bytes.")
}

// canonicalTXT keeps the content as it was sent, quoted or not, but for two things (section 3.4): trailing blanks of
// unquoted text go, and a quoted string that is too long is split again.
func canonicalTXT(content string) (string, *apiError) {
	if !strings.HasPrefix(content, `"`) {
		content = strings.TrimRight(content, " \t")
	}
	parts, ok := decodeTXT(content)
	if !ok {
		return "", refuse(placeholder, "Content for TXT record is invalid.")
	}
	wire, total := 0, 0
	isTooLong := false
	for _, part := range parts {
		total += len(part)
		wire += len(part) + max(1, (len(part)+maxString-1)/maxString)
		isTooLong = isTooLong || len(part) > maxString
	}
	if total == 0 {
		return "", refuse(placeholder, "Content for TXT record must not be empty.")
	}
	if wire > maxWireLength {
		return "", tooLong()
	}
	if isTooLong && strings.HasPrefix(content, `"`) {
		return encodeTXT(parts), nil
	}
	return content, nil
}

// decodeTXT gives the character-strings of a content. Unquoted content is one string, of any length here, with its
// blanks kept.
func decodeTXT(content string) (parts []string, ok bool) {
	if !strings.HasPrefix(content, `"`) {
		part, rest, ok := unescapeTXT(content, false)
		return []string{part}, ok && rest == "" && strings.Count(content, `"`)%2 == 0
	}
	for rest := content; rest != ""; {
		if rest[0] != '"' {
			return nil, false
		}
		var part string
		part, rest, ok = unescapeTXT(rest[1:], true)
		if !ok {
			return nil, false
		}
		parts = append(parts, part)
		rest = strings.TrimLeft(rest, " \t")
	}
	return parts, true
}

// unescapeTXT reads up to the closing quote, or to the end when the text is not quoted, and resolves \X and \DDD.
func unescapeTXT(s string, quoted bool) (text, rest string, ok bool) {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"' && quoted:
			return out.String(), s[i+1:], true
		case s[i] != '\\':
			out.WriteByte(s[i])
		case i+1 == len(s):
			return "", "", false
		case s[i+1] < '0' || s[i+1] > '9':
			i++
			out.WriteByte(s[i])
		default:
			var code int
			if i+3 >= len(s) {
				return "", "", false
			}
			if n, err := fmt.Sscanf(s[i+1:i+4], "%03d", &code); n != 1 || err != nil || code > 255 {
				return "", "", false
			}
			out.WriteByte(byte(code))
			i += 3
		}
	}
	return out.String(), "", !quoted
}

// encodeTXT writes character-strings in presentation form, those over 255 bytes in pieces.
func encodeTXT(parts []string) string {
	var out []string
	for _, part := range parts {
		for len(part) > maxString {
			out = append(out, quoteTXT(part[:maxString]))
			part = part[maxString:]
		}
		out = append(out, quoteTXT(part))
	}
	return strings.Join(out, " ")
}

func quoteTXT(s string) string {
	var out strings.Builder
	out.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			out.WriteByte('\\')
			out.WriteByte(c)
		case c < 0x20 || c > 0x7e:
			fmt.Fprintf(&out, `\%03d`, c)
		default:
			out.WriteByte(c)
		}
	}
	out.WriteByte('"')
	return out.String()
}
