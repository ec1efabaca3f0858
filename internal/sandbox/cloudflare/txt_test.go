package cloudflare

import (
	"slices"
	"strings"
	"testing"

	"codeberg.org/miekg/dns"
	"pgregory.net/rapid"
)

// What is encoded decodes to the same strings, and the DNS library reads the same bytes.
func TestTXT_EncodeDecodeRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 255), func(b []byte) string { return string(b) }), 1, 5).Draw(t, "parts")
		text := encodeTXT(parts)
		got, ok := decodeTXT(text)
		if !ok || !slices.Equal(parts, got) {
			t.Fatalf("%q became %q (%t) by way of %s", parts, got, ok, text)
		}
		rr, err := dns.New("x.example. 60 IN TXT " + text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if txt, ok := rr.(*dns.TXT); !ok || len(txt.Txt) != len(parts) {
			t.Fatalf("%s: the library reads %v, want %d strings", text, rr, len(parts))
		}
	})
}

// Whatever is accepted is kept as it was sent when it is sent again, and is served in a form that a name server reads.
func FuzzCanonicalTXT(f *testing.F) {
	for _, seed := range []string{`"a" "b"`, `v=spf1 -all`, `"\228\""`, `a\`, `"`, strings.Repeat("x", 300), `"` + strings.Repeat("x", 600) + `"`, `a"b"c`, `\065`, "ä"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content string) {
		stored, err := canonicalTXT(content)
		if err != nil {
			return
		}
		again, err := canonicalTXT(stored)
		if err != nil || again != stored {
			t.Fatalf("%q is stored as %q and that as %q (%v)", content, stored, again, err)
		}
		value := presentation(&Record{Type: "TXT", Content: stored})
		if _, err := dns.New("x.example. 60 IN TXT " + value); err != nil {
			t.Fatalf("%q is served as %s: %v", content, value, err)
		}
	})
}

// No name or host makes the server fall over, and what it accepts it accepts again unchanged.
func FuzzNames(f *testing.F) {
	for _, seed := range []string{"@", "a", "a.example.com.", "bücher", "*.x", "..", ".", "_a._b", "xn--", "é..é", "EXAMPLE.com"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if got, err := recordName(name, "example.com"); err == nil {
			if again, err := recordName(got, "example.com"); err != nil || again != got {
				t.Fatalf("name %q is %q and that %q", name, got, again)
			}
		}
		if got, ok := canonicalHost(name); ok {
			if again, ok := canonicalHost(got); !ok || again != got {
				t.Fatalf("host %q is %q and that %q", name, got, again)
			}
		}
	})
}

// Presentation text that somebody types never makes the server fall over.
func FuzzEdit(f *testing.F) {
	types := []string{"LOC", "SVCB", "NAPTR", "CAA", "SRV", "URI", "MX", "TXT", "TLSA"}
	for i, seed := range []string{"37 N 122 W 1m", `1 . alpn="h2"`, `1 1 "a" "b" "c" .`, `0 issue "x"`, "1 2 3 .", `1 1 "x"`, "1 .", `"x"`, "3 1 1 ab cd"} {
		f.Add(i, seed)
	}
	f.Fuzz(func(t *testing.T, i int, value string) {
		typ := types[uint(i)%uint(len(types))]
		s := New(Options{Token: token, Zones: []Zone{{ID: zoneID, Name: "example.com"}}})
		if err := s.Edit("example.com", "a", typ, 60, []string{value}); err != nil {
			return
		}
		for _, set := range s.Stored("example.com") {
			if _, err := dns.New(set.Name + " 60 IN " + set.Type + " " + set.Values[0]); err != nil {
				t.Fatalf("%s %q is served as %s: %v", typ, value, set.Values[0], err)
			}
		}
	})
}
