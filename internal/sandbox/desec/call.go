package desec

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// call is one request, read in full.
type call struct {
	*http.Request
	body  []byte
	query url.Values
}

// param gives the last value of a query parameter, which is the one that counts.
func (c *call) param(name string) (string, bool) {
	values, ok := c.query[name]
	if !ok {
		return "", false
	}
	return values[len(values)-1], true
}

// isSafe reports whether the method only reads.
func (c *call) isSafe() bool {
	return c.Method == http.MethodGet || c.Method == http.MethodHead || c.Method == http.MethodOptions
}

// negotiate checks that the client takes JSON.
func (c *call) negotiate() *answer {
	if format, _ := c.param("format"); format != "" && format != "json" {
		return new(detail(404, "Not found."))
	}
	accept := strings.Join(c.Header.Values("Accept"), ",")
	if accept == "" {
		return nil
	}
	for media := range strings.SplitSeq(accept, ",") {
		media, _, _ = strings.Cut(media, ";")
		switch strings.ToLower(strings.TrimSpace(media)) {
		case "*/*", "application/*", "application/json":
			return nil
		}
	}
	return new(detail(406, "Could not satisfy the request Accept header."))
}

// authenticate checks the token (design/facts/desec-api.md section 1).
func (c *call) authenticate(secret string) *answer {
	problem := "Authentication credentials were not provided."
	words := strings.Fields(c.Header.Get("Authorization"))
	if len(words) > 0 && strings.EqualFold(words[0], "token") {
		switch {
		case len(words) == 1:
			problem = "Invalid token header. No credentials provided."
		case len(words) > 2:
			problem = "Invalid token header. Token string should not contain spaces."
		case !utf8.ValidString(words[1]):
			problem = "Invalid token header. Token string should not contain invalid characters."
		case words[1] != secret:
			problem = "Invalid token."
		default:
			return nil
		}
	}
	return new(detail(401, "%s", problem).with("WWW-Authenticate", "Token"))
}

// content parses the body. given is false if there is none. The service quotes the parser of its language about a
// broken one, which no client of ours sends: here only the beginning of that sentence is the same.
func (c *call) content() (value any, given bool, problem *answer) {
	if len(c.body) == 0 {
		return nil, false, nil
	}
	kind := c.Header.Get("Content-Type")
	media, _, _ := strings.Cut(kind, ";")
	if strings.ToLower(strings.TrimSpace(media)) != "application/json" {
		return nil, false, new(detail(415, "Unsupported media type \"%s\" in request.", kind))
	}
	decoder := json.NewDecoder(bytes.NewReader(withHalves(c.body)))
	decoder.UseNumber()
	err := decoder.Decode(&value)
	if err == nil && decoder.More() {
		err = errors.New("extra data")
	}
	if err != nil {
		return nil, false, new(detail(400, "JSON parse error - %s", err))
	}
	return value, true, nil
}

// half is where the halves of surrogate pairs go, which the service's language keeps in its strings and ours cannot:
// into a plane for private use.
const half = 0x100000

var escapes = regexp.MustCompile(`\\(u[dD][89abAB]..\\u[dD][c-fC-F]..|u[dD][89a-fA-F][0-9a-fA-F]{2}|.)`)

// withHalves puts them there, in the text of a JSON.
func withHalves(text []byte) []byte {
	return escapes.ReplaceAllFunc(text, func(escape []byte) []byte {
		n, err := strconv.ParseInt(string(escape[2:]), 16, 32)
		if err != nil { // a pair, or another escape
			return escape
		}
		return []byte(string(half + rune(n)))
	})
}

// isHalf tells of a character that is one of them.
func isHalf(c rune) bool { return c >= half+0xd800 && c < half+0xe000 }

// object is the body as one object. No body counts as an empty one, which for a PATCH is a valid one.
func (c *call) object() (map[string]any, *answer) {
	sent, given, problem := c.content()
	if problem != nil {
		return nil, problem
	}
	if !given {
		return map[string]any{}, nil
	}
	return single(sent)
}

// typeName is what the service's language calls the type of a value.
func typeName(value any) string {
	switch value := value.(type) {
	case nil:
		return "NoneType"
	case bool:
		return "bool"
	case string:
		return "str"
	case []any:
		return "list"
	case json.Number:
		if strings.ContainsAny(value.String(), ".eE") {
			return "float"
		}
		return "int"
	default:
		return "dict"
	}
}
