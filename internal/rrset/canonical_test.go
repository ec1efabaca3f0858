package rrset

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCanonical_SpellingsOfOneMeaning(t *testing.T) {
	tests := []struct {
		typ, want string
		spellings []string
	}{
		{"A", "192.0.2.1", []string{"192.0.2.1", " 192.0.2.1\t", "(192.0.2.1)", `\# 4 c0000201`, `\# 4 C000 0201`, "192.0.2.1 ; web"}},
		{"AAAA", "2001:db8::1", []string{"2001:db8::1", "2001:DB8:0::1", "2001:0db8:0000:0000:0000:0000:0000:0001"}},
		{"AAAA", "::ffff:c000:201", []string{"::ffff:192.0.2.1", "::ffff:c000:201", "0:0:0:0:0:FFFF:C000:0201"}},
		{"CNAME", "www.example.net.", []string{"www.example.net.", "WWW.Example.NET", "www.example.net", `\119ww.example.net.`}},
		{"CNAME", ".", []string{"."}},
		{"NS", "ns1.example.net.", []string{"ns1.example.net", "NS1.example.net."}},
		{"PTR", `a\.b.example.net.`, []string{`a\.b.example.net`, `A\046B.EXAMPLE.net.`}},
		{"MX", "10 mail.example.net.", []string{"10 mail.example.net", "010  MAIL.example.net.", "(10\n mail.example.net.)"}},
		{"MX", "0 .", []string{"0 .", "00 ."}},
		{"TXT", `"v=spf1 -all"`, []string{"v=spf1 -all", `"v=spf1 -all"`, `"v=spf1 " "-all"`, `"v=spf1 ""-all"`, `"v=\115pf1 -all"`, "( \"v=spf1 \"\n \"-all\" ) ; SPF"}},
		{"TXT", `"a\"b\\c"`, []string{`a"b\c`, `"a\"b\\c"`, `"a\034b\092c"`}},
		{"TXT", `"b\195\188cher"`, []string{"bücher", `"bücher"`, `"b\195\188cher"`}},
		{"TXT", `" x "`, []string{" x ", `" x "`}},
		{"TXT", `"` + strings.Repeat("x", 255) + `" "y"`, []string{strings.Repeat("x", 255) + "y", `"` + strings.Repeat("x", 255) + `y"`, `"x" "` + strings.Repeat("x", 254) + `" "y"`}},
	}
	for _, test := range tests {
		for _, spelling := range test.spellings {
			t.Run(test.typ+" "+spelling, func(t *testing.T) {
				got, err := Canonical(test.typ, spelling)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("canonical form (-want +got):\n%s", diff)
				}
			})
		}
	}
}

func TestCanonical_RefusedWithWhatToWrite(t *testing.T) {
	tests := []struct{ typ, value, message string }{
		{"A", "", "it is empty"},
		{"A", "192.0.2.01", "without leading zeros"},
		{"A", "2001:db8::1", "use type AAAA"},
		{"A", "192.0.2.0/24", "write one address"},
		{"A", "192.0.2.1\n192.0.2.2", "each record as a value of its own"},
		{"A", `\# 5 c0000201`, "make them agree"},
		{"A", `\# 3 c00002`, "ends before the record"},
		{"A", `\# 5 c000020100`, "goes on for 1 bytes"},
		{"AAAA", "192.0.2.1", "use type A"},
		{"AAAA", "fe80::1%eth0", "write fe80::1"},
		{"AAAA", "2001:db8::1 extra", `from "extra" on`},
		{"AAAA", `\# 16 20010db8000000000000000000000001`, "does not take the generic form"},
		{"CNAME", "@", "write the full name"},
		{"CNAME", "web-router", "for example web-router.example.com"},
		{"CNAME", "192.0.2.1", "is an address"},
		{"CNAME", "bücher.example", "write it as xn--bcher-kva.example"},
		{"CNAME", "straße.example.", "write it as xn--strae-oqa.example."},
		{"CNAME", "a..b.example", "empty label"},
		{"CNAME", "a/b.example", `holds "/"`},
		{"CNAME", strings.Repeat("a", 64) + ".example", "63 are the most"},
		{"CNAME", strings.Repeat(strings.Repeat("a", 63)+".", 4), "has room for 255"},
		{"CNAME", `"www.example.net."`, "write it without"},
		{"CNAME", "www.example.net. www.example.org.", "write it as a value of its own"},
		{"CNAME", "www.example.net.;x", "semicolon begins a comment"},
		{"CNAME", "(www.example.net.", "not closed"},
		{"CNAME", "www.example.net.)", "never opened"},
		{"NS", ".", "cannot be delegated to the root"},
		{"NS", "_ns.example.net.", "letters, digits and hyphens"},
		{"NS", "-ns.example.net.", "begins or ends with a hyphen"},
		{"MX", "mail.example.net.", "not a number from 0 to 65535"},
		{"MX", "10", "the host is missing"},
		{"MX", "65536 mail.example.net.", "not a number from 0 to 65535"},
		{"MX", "+10 mail.example.net.", "not a number from 0 to 65535"},
		{"PTR", `a\256.example.net.`, "the largest byte"},
		{"TXT", `""`, "the text is empty"},
		{"TXT", `"a`, "a quote is not closed"},
		{"TXT", `"a" b`, "all of it in one pair of quotes"},
		{"TXT", `"a\25"`, "three digits"},
		{"TXT", "v=spf1 -all\n", "trimspace"},
		{"TXT", `\# 3 026162`, "generic form"},
		{"TXT", `"` + strings.Repeat("x", 64000) + `"`, "64000 at most"},
	}
	for _, test := range tests {
		t.Run(test.typ+" "+quoteShort(test.value), func(t *testing.T) {
			got, err := Canonical(test.typ, test.value)
			bad, ok := errors.AsType[*ValueError](err)
			if !ok {
				t.Fatalf("got %q, %v; want a ValueError", got, err)
			}
			if bad.Type != test.typ || bad.Value != test.value {
				t.Errorf("error is about %s %q", bad.Type, bad.Value)
			}
			if !strings.Contains(bad.Message, test.message) {
				t.Errorf("message %q does not say %q", bad.Message, test.message)
			}
		})
	}
}

func TestCanonicalValues_SortedUniqueIndexed(t *testing.T) {
	got, err := CanonicalValues("A", []string{"192.0.2.2", " 192.0.2.1", `\# 4 c0000202`})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"192.0.2.1", "192.0.2.2"}, got); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	_, err = CanonicalValues("A", []string{"192.0.2.2", "bad"})
	bad, ok := errors.AsType[*ValueError](err)
	if !ok || bad.Index != 1 || bad.Value != "bad" {
		t.Errorf("got %#v, want a ValueError for the value at 1", err)
	}
	if !strings.HasPrefix(bad.Error(), `A value "bad": `) {
		t.Errorf("error %q does not begin with the value", bad)
	}
}
