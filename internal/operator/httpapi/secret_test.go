package httpapi_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/httpapi"
)

// spelled are ways to write a text that somebody can read it back from.
var spelled = map[string]func(string) string{
	"as it is":          func(s string) string { return s },
	"with its scheme":   func(s string) string { return "Authorization: Token " + s },
	"in the middle":     func(s string) string { return "xx" + s + "yy" },
	"JSON escapes":      func(s string) string { return each(s, `\u%04x`) },
	"JSON, upper case":  func(s string) string { return each(s, `\u%04X`) },
	"JSON in JSON":      func(s string) string { return each(s, `\\u%04x`) },
	"one escape":        func(s string) string { return each(s[:1], `\u%04x`) + s[1:] },
	"URL":               url.QueryEscape,
	"URL, all of it":    func(s string) string { return each(s, "%%%02X") },
	"URL, lower case":   func(s string) string { return each(s, "%%%02x") },
	"URL, twice":        func(s string) string { return each(s, "%%25%02x") },
	"HTML, decimal":     func(s string) string { return each(s, "&#%d;") },
	"HTML, hexadecimal": func(s string) string { return each(s, "&#x%x;") },
	"HTML":              html.EscapeString,
	"hexadecimal":       func(s string) string { return hex.EncodeToString([]byte(s)) },
	"upper case":        strings.ToUpper,
	"base64":            func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64, shifted":   func(s string) string { return base64.StdEncoding.EncodeToString([]byte("x:" + s + "zz")) },
	"base64, by two":    func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte("Token " + s + "?")) },
}

func each(s, format string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, format, c)
	}
	return b.String()
}

// readable reports whether the secret can be read out of a text.
func readable(text string) bool {
	var decoded any
	if json.Unmarshal([]byte(text), &decoded) == nil {
		text += fmt.Sprintf("%v", decoded)
	}
	for _, way := range []string{"as it is", "JSON escapes", "JSON, upper case", "JSON in JSON", "one escape", "URL, all of it", "URL, lower case", "URL, twice",
		"HTML, decimal", "HTML, hexadecimal", "hexadecimal"} {
		if strings.Contains(text, spelled[way](secret)) {
			return true
		}
	}
	if strings.Contains(strings.ToLower(text), strings.ToLower(secret)) {
		return true
	}
	for _, part := range []string{"base64", "base64, shifted", "base64, by two"} {
		code := strings.TrimRight(spelled[part](secret), "=")
		// Without the ends, which the neighbours share.
		if strings.Contains(text, code[4:len(code)-4]) {
			return true
		}
	}
	return false
}

// TestTransport_TokenIsStripped puts the token into bodies and headers of every kind of answer: neither an answer nor
// an error nor the log hands it on.
func TestTransport_TokenIsStripped(t *testing.T) {
	t.Parallel()
	for name, spell := range spelled {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var logged bytes.Buffer
			ctx := tflogtest.RootLogger(t.Context(), &logged)
			token := spell(secret)
			if !strings.Contains(token, secret) && !readable(token) && name != "URL" && name != "HTML" {
				t.Fatalf("%q proves nothing", token)
			}
			for _, status := range []int{200, 400, 401, 403, 404, 409, 413, 418, 429, 500, 503} {
				for _, body := range []string{
					`{"detail":"` + token + `","` + token + `":["` + token + `"]}`, `["` + token + `"]`, `"` + token + `"`,
					`<html>` + token, token, `{"cut":"` + token,
				} {
					a := newAPI(t, answer(status, body, "Location: /"+token, "Cf-Ray: "+token, "X: "+token, "Ratelimit: \""+token+"\";r=5;t=1", "Content-Type: "+token))
					req, err := http.NewRequestWithContext(ctx, "GET", a.URL+"/v1", nil)
					if err != nil {
						t.Fatal(err)
					}
					req.Header.Set("Authorization", "Token "+secret)
					res, err := transport(t, a.URL, within(longEnough, 0)).RoundTrip(req)
					said := fmt.Sprintf("%v %+v %#v", err, err, err)
					if err == nil {
						got, _ := io.ReadAll(res.Body)
						_ = res.Body.Close()
						if readable(string(got)) {
							t.Errorf("HTTP %d hands on %s", status, got)
						}
						said = fmt.Sprint(res.Header)
					}
					if readable(said) {
						t.Errorf("HTTP %d with %s gave %s", status, body, said)
					}
					a.Close()
				}
			}
			if readable(logged.String()) {
				t.Errorf("the log holds the token:\n%s", logged.String())
			}
		})
	}
}

// TestTransport_TokenIsStrippedFromTheNetworksErrors: what net/http says of answers that are none, and of a proxy's,
// holds their text.
func TestTransport_TokenIsStrippedFromTheNetworksErrors(t *testing.T) {
	t.Parallel()
	raw := func(text string) string {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = listener.Close() })
		go func() {
			for {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				_, _ = conn.Read(make([]byte, 4096))
				_, _ = io.WriteString(conn, text)
				_ = conn.Close()
			}
		}()
		return listener.Addr().String()
	}
	for name, text := range map[string]string{
		"no status line":   secret + "\r\n\r\n",
		"bad version":      "HTTP/" + secret + " 200 OK\r\n\r\n",
		"bad status":       "HTTP/1.1 " + secret + " OK\r\n\r\n",
		"bad header":       "HTTP/1.1 200 OK\r\n" + secret + "\r\n\r\n",
		"bad length":       "HTTP/1.1 200 OK\r\nContent-Length: " + secret + "\r\n\r\n",
		"bad encoding":     "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + secret + "\r\n\r\n",
		"bad chunk":        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + secret + "\r\n",
		"a proxy's reason": "HTTP/1.1 407 " + secret + "\r\n\r\n",
	} {
		for _, at := range []string{"http", "https"} {
			t.Run(name+" "+at, func(t *testing.T) {
				t.Parallel()
				var logged bytes.Buffer
				proxy := &url.URL{Scheme: "http", Host: raw(text)}
				base := at + "://api.example.invalid"
				tr := transport(t, base, within(longEnough, 0), func(c *httpapi.Config) {
					c.Base = &http.Transport{Proxy: http.ProxyURL(proxy)}
				})
				_, err := send(tflogtest.RootLogger(t.Context(), &logged), tr, "PATCH", base+"/v1")
				if operator.AsOutage(err) == nil && operator.AsRefusal(err) == nil {
					t.Errorf("error is %v, want an outage or a refusal", err)
				}
				// Through all that is wrapped, too.
				for e := err; e != nil; {
					if readable(fmt.Sprintf("%v %+v %#v", e, e, e)) {
						t.Errorf("the error holds the token: %#v", e)
					}
					wrapper, ok := e.(interface{ Unwrap() error })
					if !ok {
						break
					}
					e = wrapper.Unwrap()
				}
				if readable(logged.String()) {
					t.Errorf("the log holds the token:\n%s", logged.String())
				}
			})
		}
	}
}

// TestTransport_GoodAnswersStay: escapes that are none of the token's are data.
func TestTransport_GoodAnswersStay(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"content":"\"v=spf1 include:%{i}._spf.example.com ~all\""}`, `{"a":"\u00e9 \\ \/ & &amp; %25"}`, `["s3cret","t0ken","s3cret-t0ke"]`,
	} {
		a := newAPI(t, answer(200, body))
		if got, err := send(t.Context(), transport(t, a.URL), "GET", a.URL); err != nil || got != body {
			t.Errorf("%s came as %s, error %v", body, got, err)
		}
	}
}

// TestExcerpt_BringsNothingTogether: what is not shown must not join what it kept apart.
func TestExcerpt_BringsNothingTogether(t *testing.T) {
	t.Parallel()
	for _, between := range []string{"\x00", "\x07", "\u200b", "\u00ad", "\ufeff", "\u2028", "\x7f", "\xff"} {
		if got := httpapi.Excerpt([]byte("one" + between + "two")); strings.Contains(got, "onetwo") {
			t.Errorf("%q became %q", between, got)
		}
	}
}
