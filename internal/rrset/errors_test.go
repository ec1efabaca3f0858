package rrset

import (
	"strings"
	"testing"
)

func TestQuoteShort_StaysOnOneReadableLine(t *testing.T) {
	tests := []struct{ text, want string }{
		{"bad", `"bad"`},
		{`a "b"`, `'a "b"'`},
		{"a\nb\x00\x7f", `"a\010b\000\127"`},
		{strings.Repeat("é", 101), `"` + strings.Repeat("é", 100) + `…"`},
	}
	for _, test := range tests {
		if got := quoteShort(test.text); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}
