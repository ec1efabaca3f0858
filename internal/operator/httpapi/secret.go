package httpapi

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

const (
	// leastSecret is the length below which a token is none: replacing a short
	// word everywhere would take answers to pieces. Real ones have 28
	// characters and more (design/facts/desec-api.md section 1).
	leastSecret = 8
	hiddenText  = "(token)"
)

// secret is the token of a request. It is taken out of everything that comes
// back, before anybody reads it: a service, a page in front of it or a proxy may
// repeat the request, and what they say stands in errors, logs and states.
type secret struct {
	// spellings are the token itself and in codes that hide their characters.
	spellings [][]byte
	// escaped finds the token with any of its characters escaped.
	escaped *regexp.Regexp
}

// secretOf is what follows the scheme in the Authorization header (RFC 9110
// section 11.6.2); nil if there is none.
func secretOf(h http.Header) *secret {
	_, token, _ := strings.Cut(strings.TrimSpace(h.Get("Authorization")), " ")
	if token = strings.TrimSpace(token); len(token) < leastSecret {
		return nil
	}
	s := &secret{spellings: [][]byte{[]byte(token)}}
	for _, encoded := range append(base64Of(token), hex.EncodeToString([]byte(token)), strings.ToUpper(hex.EncodeToString([]byte(token)))) {
		s.spellings = append(s.spellings, []byte(encoded))
	}
	var pattern strings.Builder
	for _, c := range []byte(token) {
		// JSON and other strings, also within each other; URLs; HTML; or as it is.
		fmt.Fprintf(&pattern, `(?:\\*(?:u00|x)%[1]s|%%(?:25)*%[1]s|&#x0*%[1]s;|&#0*%[2]d;|\\*%[3]s)`,
			anyCase(c), c, regexp.QuoteMeta(string(rune(c))))
	}
	s.escaped = regexp.MustCompile(pattern.String())
	return s
}

// anyCase matches the two hexadecimal digits of c in either case.
func anyCase(c byte) string { return fmt.Sprintf("(?i:%02x)", c) }

// base64Of is what the token looks like inside of something that was encoded:
// it begins at one of three places of a group of three bytes, and what a group
// shares with its neighbours is left out (RFC 4648 sections 4 and 5).
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
	// A list of a whole zone is searched only if there are escapes in it.
	if bytes.ContainsAny(text, `%&`) || bytes.Contains(text, []byte(`\u`)) || bytes.Contains(text, []byte(`\x`)) || bytes.Contains(text, []byte(`\/`)) {
		text = s.escaped.ReplaceAllLiteral(text, []byte(hiddenText))
	}
	return text
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

// stripError keeps err as it is, with its type, unless the token is in it: the
// service's own words are in the errors of a connection that broke or of a
// proxy.
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
