package httpapi

import (
	"net/http"
	"strings"
	"testing"
)

// TestStrip_PartsOfTheToken cuts the token as lines, strings and lists do.
func TestStrip_PartsOfTheToken(t *testing.T) {
	const token = "kZ8vQ2mN5tR7wX1cB4hJ9pLs"
	s := secretOf(http.Header{"Authorization": {"Token " + token}})
	for name, text := range map[string]string{
		"two strings":        `"` + token[:12] + `" "` + token[12:] + `"`,
		"two lines":          token[:12] + "\n" + token[12:],
		"upper case":         strings.ToUpper(token),
		"lower case":         "x" + strings.ToLower(token) + "x",
		"its end":            "…" + token[len(token)-13:],
		"its middle":         "a" + token[6:18] + "b",
		"more than once":     token[:14] + token[:14] + token,
		"one within another": token[:12] + token[4:],
	} {
		got := strings.ToLower(string(s.strip([]byte(text))))
		for at := 0; at+longPiece <= len(token); at++ {
			if strings.Contains(got, strings.ToLower(token[at:at+longPiece])) {
				t.Errorf("%s: %q is left", name, got)
			}
		}
	}
	for _, text := range []string{"", token[:11], "kZ8vQ2 mN5tR7", "nothing of it"} {
		if got := string(s.strip([]byte(text))); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}
