package cloudflare

import (
	"fmt"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// quote makes a character string of a text, with quotes around. Bytes above ASCII stay: JSON carries them as
// characters.
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

// quotedTXT puts content that came without quotes between them. It is one string with blanks in it, and presentation
// text otherwise (design/facts/cloudflare-api.md section 3.4).
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

// quotedParams puts the values of SvcParams into quotes, as all known clients of the API send them
// (design/facts/cloudflare-api.md section 3.3). RFC 9460 section 2.1 gives both forms the same meaning.
func quotedParams(tokens []rrset.Token) string {
	var params []string
	for _, t := range tokens {
		if last := len(params) - 1; last >= 0 && !t.Spaced {
			params[last] += t.String() // the value of key65333="a b"
			continue
		}
		params = append(params, t.String())
	}
	for i, param := range params {
		key, value, assigned := strings.Cut(param, "=")
		if assigned && !strings.HasPrefix(value, `"`) {
			params[i] = key + `="` + value + `"`
		}
	}
	return strings.Join(params, " ")
}
