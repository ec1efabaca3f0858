package rrset

import (
	"fmt"
	"strings"
	"testing"
)

// name joins labels of the given lengths.
func name(lengths ...int) string {
	var labels []string
	for _, n := range lengths {
		labels = append(labels, strings.Repeat("a", n))
	}
	return strings.Join(labels, ".")
}

// Each limit is tried with the longest that fits and with one byte more.
func TestLimits_LastThatFitsAndFirstThatDoesNot(t *testing.T) {
	zone := name(63, 63) + ".example" // 135 characters
	owner := func(zone, name string) func() error {
		return func() error { _, err := NewKey(zone, name, "A"); return err }
	}
	value := func(typ, value string) func() error {
		return func() error { _, err := Canonical(typ, value); return err }
	}
	generic := func(lengths ...int) string {
		var data []byte
		for _, n := range lengths {
			data = append(append(data, byte(n)), strings.Repeat("a", n)...)
		}
		return fmt.Sprintf(`\# %d %x00`, len(data)+1, data)
	}
	tests := []struct {
		name       string
		fits, over func() error
	}{
		{"owner label", owner("example.com", name(63)), owner("example.com", name(64))},
		{"owner with its zone", owner(zone, name(63, 53)), owner(zone, name(63, 54))},
		{"target label", value("PTR", name(63)+".example"), value("PTR", name(64)+".example")},
		{"target", value("PTR", name(63, 63, 63, 61)), value("PTR", name(63, 63, 63, 62))},
		{"target in the generic form", value("PTR", generic(63, 63, 63, 61)), value("PTR", generic(63, 63, 63, 62))},
		{"label in the generic form", value("PTR", generic(63)), value("PTR", generic(64))},
		{"NAPTR text", value("NAPTR", "1 1 "+name(255)+` "" "" .`), value("NAPTR", "1 1 "+name(256)+` "" "" .`)},
		{"alpn id", value("HTTPS", "1 . alpn="+name(255)), value("HTTPS", "1 . alpn="+name(256))},
		{"value", value("TXT", name(65279)), value("TXT", name(65280))},
		{"size of a LOC", value("LOC", "1 N 1 E 0m 90000000.00m"), value("LOC", "1 N 1 E 0m 90000000.01m")},
		{"altitude of a LOC", value("LOC", "1 N 1 E 42849672.95m 2m"), value("LOC", "1 N 1 E 42849672.96m 2m")},
		{"depth of a LOC", value("LOC", "1 N 1 E -100000.00m 2m"), value("LOC", "1 N 1 E -100000.01m 2m")},
		{"latitude", value("LOC", "90 S 180 W 0m 2m"), value("LOC", "90 0 0.001 S 180 W 0m 2m")},
		{"longitude", value("LOC", "90 S 180 W 0m 2m"), value("LOC", "90 S 180 0 0.001 W 0m 2m")},
		{"TTL",
			func() error {
				_, err := New(Key{"example.com.", "www.example.com.", "A"}, 1<<31-1, []string{"192.0.2.1"})
				return err
			},
			func() error {
				_, err := New(Key{"example.com.", "www.example.com.", "A"}, 1<<31, []string{"192.0.2.1"})
				return err
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := test.fits(); err != nil {
				t.Errorf("the longest that fits is refused: %v", err)
			}
			if err := test.over(); err == nil {
				t.Error("one more is accepted")
			}
		})
	}
}
