package httpapi

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
)

const (
	// leastSecret is the length below which a token is none: replacing a short word everywhere would take answers to
	// pieces. Real ones have 28 characters and more (design/facts/desec-api.md section 1).
	leastSecret = 8
	hiddenText  = "(token)"
)

// CheckToken says why a token cannot be sent. Its shape is not checked beyond what a header can carry: services change
// it.
func CheckToken(token string) error {
	if token == "" {
		return errors.New("the API token is empty")
	}
	if strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return errors.New("the API token holds a blank, a line break or a character outside ASCII; copy it again, without quotes and without a final newline")
	}
	return nil
}

// secret is the token of a request. It is taken out of everything that comes back, before anybody reads it: a service,
// a page in front of it or a proxy may repeat the request, and what they say stands in errors, logs and states.
type secret struct {
	token string
	// spellings are the token itself and in codes that hide its characters.
	spellings [][]byte
	// border is, for each length of a beginning of the token, the length of the longest shorter one that it ends with
	// (Knuth, Morris and Pratt).
	border []int
	// folded is the token in lower case, for its parts.
	folded []byte
}

// secretOf is what follows the scheme in the Authorization header (RFC 9110 section 11.6.2); nil if there is none.
func secretOf(h http.Header) *secret {
	_, token, _ := strings.Cut(strings.TrimSpace(h.Get("Authorization")), " ")
	if token = strings.TrimSpace(token); len(token) < leastSecret {
		return nil
	}
	inJSON, _ := json.Marshal(token) //nolint:errchkjson // a string always encodes
	inHex := hex.EncodeToString([]byte(token))
	s := &secret{token: token, border: make([]int, len(token)+1), folded: lowerASCII([]byte(token))}
	for _, spelled := range append(base64Of(token), token, strings.Trim(string(inJSON), `"`), url.QueryEscape(token), url.PathEscape(token),
		html.EscapeString(token), inHex, strings.ToUpper(inHex)) {
		s.spellings = append(s.spellings, []byte(spelled))
	}
	for length := 1; length < len(token); length++ {
		s.border[length+1] = s.next(s.border[length], token[length])
	}
	return s
}

// next is how much of the token is matched after c, when matched of it were.
func (s *secret) next(matched int, c byte) int {
	for matched > 0 && s.token[matched] != c {
		matched = s.border[matched]
	}
	if s.token[matched] == c {
		matched++
	}
	return matched
}

// base64Of is what the token looks like inside of something that was encoded: it begins at one of three places of a
// group of three bytes, and what a group shares with its neighbours is left out (RFC 4648 sections 4 and 5).
func base64Of(token string) []string {
	var all []string
	for before := range 3 {
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			encoded := encoding.EncodeToString([]byte(strings.Repeat("\x00", before) + token))
			first := (before*8 + 5) / 6
			last := (before + len(token)) * 8 / 6
			all = append(all, encoded[first:last])
		}
	}
	return all
}

// strip returns text without the token.
func (s *secret) strip(text []byte) []byte {
	if s == nil {
		return text
	}
	for _, spelling := range s.spellings {
		if bytes.Contains(text, spelling) {
			text = bytes.ReplaceAll(text, spelling, []byte(hiddenText))
		}
	}
	// A list without other escapes than that of quotes is not looked through.
	if bytes.ContainsAny(text, "%&") || bytes.Count(text, []byte(`\`)) > bytes.Count(text, []byte(`\"`)) {
		text = s.stripEscaped(text)
	}
	return s.stripPieces(text)
}

// stripEscaped finds the token with any of its characters escaped, in one pass over a text of any size.
func (s *secret) stripEscaped(text []byte) []byte {
	var stripped []byte
	begins := make([]int, len(s.token)) // of the last characters, in a ring
	kept, matched := 0, 0
	for at, number := 0, 0; at < len(text); number++ {
		c, size := unescape(text[at:])
		begins[number%len(begins)] = at
		at += size
		if matched = s.next(matched, c); matched < len(s.token) {
			continue
		}
		stripped = append(append(stripped, text[kept:begins[(number+1)%len(begins)]]...), hiddenText...)
		kept, matched = at, 0
	}
	if kept == 0 {
		return text
	}
	return append(stripped, text[kept:]...)
}

// unescape is the character at the beginning of text and how many bytes it takes there: as it is, or escaped as in JSON
// and other strings (also within each other), in URLs (also twice) or in HTML.
func unescape(text []byte) (c byte, size int) {
	switch text[0] {
	case '\\':
		run := len(text) - len(bytes.TrimLeft(text, `\`))
		switch rest := text[run:]; {
		case len(rest) == 0:
			return '\\', run
		case len(rest) >= 5 && bytes.HasPrefix(rest, []byte("u00")):
			if c, ok := hexByte(rest[3:5]); ok {
				return c, run + 5
			}
		case len(rest) >= 3 && rest[0] == 'x':
			if c, ok := hexByte(rest[1:3]); ok {
				return c, run + 3
			}
		}
		return text[run], run + 1
	case '%':
		run := 1
		for bytes.HasPrefix(text[run:], []byte("25")) {
			run += 2
		}
		if len(text) >= run+2 {
			if c, ok := hexByte(text[run : run+2]); ok {
				return c, run + 2
			}
		}
	case '&':
		if end := bytes.IndexByte(text[:min(len(text), longestEntity)], ';'); end > 0 {
			if plain := html.UnescapeString(string(text[:end+1])); len(plain) == 1 {
				return plain[0], end + 1
			}
		}
	}
	return text[0], 1
}

// longestEntity bounds how far the end of a character of HTML is looked for.
const longestEntity = 16

func hexByte(digits []byte) (byte, bool) {
	var decoded [1]byte
	_, err := hex.Decode(decoded[:], digits)
	return decoded[0], err == nil
}

func (s *secret) stripHeader(h http.Header) http.Header {
	if s == nil {
		return h
	}
	stripped := make(http.Header, len(h))
	for name, values := range h {
		for _, value := range values {
			name := string(s.strip([]byte(name)))
			stripped[name] = append(stripped[name], string(s.strip([]byte(value))))
		}
	}
	return stripped
}

// stripError keeps err as it is, with its type, unless the token is in it: the service's own words are in the errors of
// a connection that broke or of a proxy.
func (s *secret) stripError(err error) error {
	if s == nil || err == nil {
		return err
	}
	shown := fmt.Appendf(nil, "%v\n%+v\n%#v", err, err, err)
	if bytes.Equal(s.strip(shown), shown) {
		return err
	}
	return errors.New(string(s.strip([]byte(err.Error()))))
}
