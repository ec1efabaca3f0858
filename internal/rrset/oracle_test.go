package rrset

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"codeberg.org/miekg/dns"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// packed is the RDATA of a value as the DNS library reads and packs it, in the canonical form of RFC 4034 section 6.2.
// The owner is the root, so that nothing can be compressed.
func packed(typ, value string) ([]byte, error) {
	rr, err := dns.New(". 3600 IN " + typ + " " + value)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", typ, value, err)
	}
	switch rr := rr.(type) {
	case *dns.CNAME:
		rr.Target = strings.ToLower(rr.Target)
	case *dns.NS:
		rr.Ns = strings.ToLower(rr.Ns)
	case *dns.PTR:
		rr.Ptr = strings.ToLower(rr.Ptr)
	case *dns.MX:
		rr.Mx = strings.ToLower(rr.Mx)
	case *dns.SRV:
		rr.Target = strings.ToLower(rr.Target)
	case *dns.NAPTR:
		rr.Replacement = strings.ToLower(rr.Replacement)
	}
	m := &dns.Msg{Answer: []dns.RR{rr}}
	if err := m.Pack(); err != nil {
		return nil, fmt.Errorf("%s %s: %w", typ, value, err)
	}
	const header, fixed = 12, 1 + 2 + 2 + 4 + 2
	return m.Data[header+fixed:], nil
}

// meaning takes out of RDATA what the library keeps as it was written and DNS does not tell apart: the order of SVCB
// parameters.
func meaning(typ string, rdata []byte) []byte {
	w := &wire{data: rdata}
	switch typ {
	case "HTTPS", "SVCB":
		w.u16()
		w.name()
		out := slices.Clone(rdata[:len(rdata)-len(w.data)])
		var params [][]byte
		for len(w.data) > 0 {
			head := w.take(4)
			data := slices.Clone(w.take(int(head[2])<<8 | int(head[3])))
			if head[0] == 0 && head[1] == mandatory {
				pairs := slices.SortedFunc(slices.Chunk(data, 2), bytes.Compare)
				data = slices.Concat(pairs...)
			}
			params = append(params, slices.Concat(head, data))
		}
		slices.SortFunc(params, bytes.Compare)
		return append(out, slices.Concat(params...)...)
	}
	return rdata
}

// No name here holds an escape: the library takes the backslash for a character of the name.
// TestCanonical_SpellingsOfOneMeaning has those.
var (
	hosts   = []string{"a.example.", "A.Example.", "a.example", "b.example.", "a.b.example.", "A.B.Example"}
	targets = append([]string{"_a.example.", "_A.Example", "."}, hosts...)
	u8      = []string{"0", "1", "01", "255"}
	u16     = []string{"0", "1", "001", "65535"}
	algs    = []string{"8", "RSASHA256", "13", "ECDSAP256SHA256"}
	hexes   = []string{"abcd", "ABCD", "ab cd", "abce", "( ab\n\tcd )"}
	base64s = []string{"YWFhYQ==", "YW Fh YQ==", "YWFhYg==", "YWFh"}
	texts   = []string{`"a"`, `a`, `"\097"`, `"A"`, `""`, `"a b"`, `"a\"b"`, `"a\034b"`, `"a\\b"`, `"\009"`}
)

// spellings holds, for each field of each type, several ways to write several meanings, so that two values drawn at
// random are equal often enough.
var spellings = map[string][][]string{
	"A":    {{"192.0.2.1", "192.0.2.2", "0.0.0.0", `\# 4 c0000201`}},
	"AAAA": {{"::", "::1", "0:0::0:1", "2001:DB8::", "2001:db8:0:0::", "::ffff:192.0.2.1", "::ffff:c000:201", "::c000:201", "1:0:0:2::", "1::2:0:0:0:0"}},
	// The library packs the backslashes of a CAA value as they are written.
	"CAA":        {u8, {"issue", "Issue", "iodef"}, {`"a"`, "a", `"A"`, `""`, `"a b"`, `"a;b"`}},
	"CERT":       {{"1", "PKIX", "3", "PGP", "03"}, u16, algs, base64s},
	"CNAME":      {slices.Concat(hosts, []string{"_a.example.", "*.example", "."})},
	"DNSKEY":     {{"256", "257", "0257"}, {"3"}, algs, base64s},
	"DS":         {u16, algs, {"99", "099"}, hexes},
	"HTTPS":      {{"1", "2", "01"}, targets, params, params2},
	"LOC":        {{"52 22 23", "52 22 23.000", "52", "0"}, {"N", "S"}, {"4 53 32", "4 53 32.5", "004 53 32.500"}, {"E", "W"}, {"0m", "-2.00m", "-2", "65.25m"}, {"0.00m", "0m", "20m", "25m"}, {"10000m", "10000.00m"}, {"10m", "3m"}},
	"MX":         {u16, hosts},
	"NAPTR":      {u16, u16, texts, texts, texts, targets},
	"NS":         {hosts},
	"OPENPGPKEY": {base64s},
	"PTR":        {targets},
	"SMIMEA":     {u8, u8, u8, hexes},
	"SRV":        {u16, u16, u16, slices.Concat(hosts, []string{"."})},
	"SSHFP":      {u8, u8, hexes},
	"SVCB":       {{"1", "2", "01"}, targets, params, params2},
	"TLSA":       {u8, u8, u8, hexes},
	"TXT":        {{`"a"`, `"a" "b"`, `"ab"`, `"\097b"`, `"a;b"`, `"a\;b"`, `"é"`, `"\195\169"`, `"` + strings.Repeat("x", 255) + `" "x"`, `"x" "` + strings.Repeat("x", 255) + `"`}},
	// Nor does it resolve the escapes of a URI.
	"URI": {u16, u16, {`"https://a.example/"`, "https://a.example/", `"https://A.example/"`, `"é"`}},
}

var (
	params = []string{
		"", "alpn=h2", `alpn="h2"`, "alpn=h2,h3", "ALPN=h2", "alpn=h2 port=53", "port=53 alpn=h2", "port=0053 alpn=h2",
		"mandatory=port,alpn alpn=h2 port=53", "mandatory=alpn,port port=53 alpn=h2", "no-default-alpn alpn=h2",
	}
	params2 = []string{
		"", "ipv4hint=192.0.2.1", `ipv4hint="192.0.2.1"`, "ipv6hint=2001:DB8::1", "ipv6hint=2001:db8:0::1 ipv4hint=192.0.2.1",
		"ipv4hint=192.0.2.1 ipv6hint=2001:db8::1", `ech="AEX+DQBB"`, "ech=AEX+DQBB", `key65400="a b"`, `key65400="\097\032b"`, "key65400=a",
	}
)

// drawPair draws two values that differ in about every other field at most.
func drawPair(t *rapid.T, typ string) (a, b string) {
	var fieldsA, fieldsB []string
	for _, pool := range spellings[typ] {
		one := rapid.SampledFrom(pool).Draw(t, "field")
		other := one
		if rapid.Bool().Draw(t, "drawn anew") {
			other = rapid.SampledFrom(pool).Draw(t, "other field")
		}
		fieldsA, fieldsB = append(fieldsA, one), append(fieldsB, other)
	}
	blank := rapid.SampledFrom([]string{" ", "  ", "\t"}).Draw(t, "blank")
	return strings.Join(fieldsA, " "), strings.Join(fieldsB, blank)
}

// Two values are equal for us exactly when the DNS library packs them equally.
func TestCanonical_EqualWhenTheWireIsEqual(t *testing.T) {
	for _, typ := range Types() {
		t.Run(typ, func(t *testing.T) {
			equal, tried := 0, 0
			rapid.Check(t, func(t *rapid.T) {
				a, b := drawPair(t, typ)
				canonicalA, err := Canonical(typ, a)
				if err != nil {
					t.Skip(err)
				}
				canonicalB, err := Canonical(typ, b)
				if err != nil {
					t.Skip(err)
				}
				// The library reads fewer spellings than deSEC: no mnemonics of algorithms in DS, no quoted tag in CAA,
				// no unquoted text in NAPTR, no upper-case parameters.
				wireA, err := packed(typ, a)
				if err != nil {
					t.Skip(err)
				}
				wireB, err := packed(typ, b)
				if err != nil {
					t.Skip(err)
				}
				tried++
				if canonicalA == canonicalB {
					equal++
				}
				if same := bytes.Equal(meaning(typ, wireA), meaning(typ, wireB)); same != (canonicalA == canonicalB) {
					t.Fatalf("equal on the wire: %t, but we have\n%s → %s\n%s → %s", same, a, canonicalA, b, canonicalB)
				}
			})
			if equal == 0 || equal == tried {
				t.Errorf("%d of %d pairs were equal: that proves nothing", equal, tried)
			}
		})
	}
}

// The canonical form is a fixed point, and the library packs it into the very bytes that we made it from.
func TestCanonical_PacksIntoOurWire(t *testing.T) {
	for _, typ := range Types() {
		t.Run(typ, rapid.MakeCheck(func(t *rapid.T) {
			value, _ := drawPair(t, typ)
			canonical, err := Canonical(typ, value)
			if err != nil {
				t.Skip(err)
			}
			if again, err := Canonical(typ, canonical); err != nil || again != canonical {
				t.Fatalf("%s → %s → %s, %v", value, canonical, again, err)
			}
			ours, err := codecs[typ].wire(typ, canonical)
			if err != nil {
				t.Fatal(err)
			}
			theirs, err := packed(typ, canonical)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(theirs, ours); diff != "" {
				t.Fatalf("%s (-library +ours):\n%s", canonical, diff)
			}
		}))
	}
}

// Raw text of any bytes is what is stored, nothing more and nothing less, unless it is refused with the way to write
// it.
func TestCanonical_RawTXTIsLiteral(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[ -~é\t]{1,600}`).Draw(t, "text")
		if isQuotedTXT(text) || strings.TrimSpace(text) == "" || strings.HasPrefix(strings.TrimSpace(text), `\# `) {
			t.Skip("not raw text")
		}
		canonical, err := Canonical("TXT", text)
		if err != nil && strings.Contains(err.Error(), "write the value as one string in quotes") {
			if canonical, err = Canonical("TXT", quoteText([]byte(text))); err != nil {
				t.Fatalf("the advice fails: %v", err)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		rdata, err := packed("TXT", canonical)
		if err != nil {
			t.Fatal(err)
		}
		var written []byte
		for w := (&wire{data: rdata}); len(w.data) > 0; {
			written = append(written, w.text()...)
		}
		if diff := cmp.Diff(text, string(written)); diff != "" {
			t.Fatalf("text (-written +on the wire):\n%s", diff)
		}
	})
}
