package httpapi

import (
	"net/http"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// FuzzStrip puts a token into any text: it does not come out again, nor does anything happen to a text without it.
func FuzzStrip(f *testing.F) {
	const token = "s3cret-t0ken\"\\/+%x"
	for _, text := range []string{"", "a", "%", `\u0073`, "&#x73;", token[:5], `\\`, "%2573"} {
		f.Add(text, text)
	}
	s := secretOf(http.Header{"Authorization": {"Bearer " + token}})
	f.Fuzz(func(t *testing.T, before, after string) {
		if got := string(s.strip([]byte(before + token + after))); strings.Contains(got, token) {
			t.Errorf("%q is left", got)
		}
		if got := string(s.strip([]byte(before))); got != before && !strings.Contains(got, hiddenText) {
			t.Errorf("%q became %q", before, got)
		}
	})
}

// BenchmarkStrip is for a MiB of escapes or of beginnings of the token: each byte is looked at once.
func BenchmarkStrip(b *testing.B) {
	token := strings.Repeat("aB3dE6gH", 5)
	s := secretOf(http.Header{"Authorization": {"Bearer " + token}})
	for _, part := range []string{`\`, "%25", "&", `\u00`, token[:39] + "%", "a"} {
		text := []byte(strings.Repeat(part, (1<<20)/len(part)))
		b.Run(part, func(b *testing.B) {
			for b.Loop() {
				s.strip(text)
			}
		})
	}
}

// FuzzExcerpt: whatever a service says becomes a short printable line.
func FuzzExcerpt(f *testing.F) {
	for _, text := range []string{"", "a\nb", "\x00\x1b[31m", "\xff", strings.Repeat("\u00e9", 500)} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got := Excerpt(text)
		if !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool { return !unicode.IsPrint(r) }) || len(got) > excerptLength+4 {
			t.Errorf("%q", got)
		}
	})
}

// FuzzRetryAfter: a wait is never negative, whatever the header holds.
func FuzzRetryAfter(f *testing.F) {
	for _, value := range []string{"", "1", "-1", "99999999999999999999", "Wed, 21 Oct 2015 07:28:00 GMT"} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if got := retryAfter(http.Header{"Retry-After": {value}}); got < 0 {
			t.Errorf("%q is %s", value, got)
		}
	})
}
