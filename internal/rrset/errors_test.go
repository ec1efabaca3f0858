package rrset

import (
	"strings"
	"testing"
)

func TestValueError_StaysOnOneReadableLine(t *testing.T) {
	tests := []struct{ value, want string }{
		{"bad", `A value "bad": why`},
		{`a "b"`, `A value 'a "b"': why`},
		{"a\nb\x00\x7f", `A value "a\010b\000\127": why`},
		{strings.Repeat("é", 101), `A value "` + strings.Repeat("é", 100) + `…": why`},
	}
	for _, test := range tests {
		err := &ValueError{Type: "A", Value: test.value, Message: "why"}
		if got := err.Error(); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}
