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
		{"TXT", `"v=spf1 -all"`, []string{"v=spf1 -all", `"v=spf1 -all"`, `"v=\115pf1 -all"`, "( \"v=spf1 -all\" ) ; SPF"}},
		{"TXT", `"txtvers=1" "rp=ipp/print"`, []string{`"txtvers=1" "rp=ipp/print"`, `"txtvers=1""rp=ipp/print"`, "( \"txtvers=1\" ; first\n \"rp=ipp/print\" )", `("txtvers=1" "rp=ipp\047print")`}},
		{"TXT", `"a" ""`, []string{`"a" ""`}},
		{"TXT", `"a\"b\\c"`, []string{`a"b\c`, `"a\"b\\c"`, `"a\034b\092c"`}},
		{"TXT", `"b\195\188cher"`, []string{"bücher", `"bücher"`, `"b\195\188cher"`}},
		{"TXT", `"~\127"`, []string{"~\x7f", `"\126\127"`}},
		{"TXT", `" x "`, []string{" x ", `" x "`}},
		{"TXT", `"` + strings.Repeat("x", 255) + `" "y"`, []string{strings.Repeat("x", 255) + "y", `"` + strings.Repeat("x", 255) + `y"`}},
		{"TXT", `"x" "` + strings.Repeat("x", 255) + `" "y"`, []string{`"x" "` + strings.Repeat("x", 255) + `y"`, `"x" "` + strings.Repeat("x", 255) + `" "y"`}},
		{"CAA", `0 issue "ca.example; a=1"`, []string{`0 issue "ca.example; a=1"`, `00 "issue"  "ca.example\; a=1"`, `\# 22 00056973737565 63612e6578616d706c653b20613d31`}},
		{"CAA", `0 Issue "CA.example"`, []string{`0 Issue CA.example`}},
		{"CAA", `128 issue ""`, []string{`128 issue ""`}},
		{"CERT", "1 0 8 YWFhYQ==", []string{"PKIX 0 RSASHA256 YWFhYQ==", "01 00 08 YWFh YQ==", "1 0 rsasha256 YWFhYR=="}},
		{"DNSKEY", "257 3 13 YWFhYQ==", []string{"257 3 ECDSAP256SHA256 YWFhYQ==", "0257 3 13 YWFh YQ==", `\# 8 0101030d61616161`}},
		{"DS", "12345 13 1 " + strings.Repeat("ab", 20), []string{"12345 13 1 " + strings.Repeat("AB", 20), "12345 ECDSAP256SHA256 1 " + strings.Repeat("ab ", 20)}},
		{"DS", "12345 13 99 abcd", []string{"12345 13 99 ABCD"}},
		{"HTTPS", "1 . alpn=h2,h3 port=8443", []string{"1 . port=08443 alpn=h2,h3", `1 . ALPN="h2,h3" port="8443"`, `1 . key1="\002h2\002h3" key3=" \251"`, `1 . alpn=h\050,h3 port=8443`}},
		{"HTTPS", "1 svc.Example.net. alpn=h2 no-default-alpn", []string{"1 svc.Example.net no-default-alpn alpn=h2", "1 svc.Example.net. alpn=h2 key2"}},
		{"HTTPS", `1 . mandatory=alpn,port alpn=h2 port=443`, []string{`1 . port=443 alpn=h2 mandatory=port,alpn`, `1 . mandatory=key1,key3 alpn=h2 port=443`}},
		{"HTTPS", "1 . ipv6hint=::ffff:192.0.2.1,::0.1.0.2,2001:db8::", []string{"1 . ipv6hint=::ffff:c000:201,::1:2,2001:DB8:0::"}},
		{"HTTPS", "1 . ipv6hint=::1", []string{"1 . ipv6hint=0:0:0:0:0:0:0:1"}},
		{"HTTPS", `1 . ipv4hint=192.0.2.1 ech="AEX+DQBB"`, []string{`1 . ech=AEX+DQBB ipv4hint="192.0.2.1"`}},
		{"HTTPS", `1 . key65400="a b\"\\\255"`, []string{`1 . key65400="a b\034\092\255"`}},
		{"HTTPS", `1 . key65400`, []string{`1 . key65400=""`, `1 . KEY65400`}},
		{"HTTPS", `1 . alpn=f\\\\oo\\,bar,h2`, []string{`1 . alpn="f\\\\oo\\,bar,h2"`, `1 . alpn=f\092\092oo\092,bar,h2`}},
		{"HTTPS", "0 example.net.", []string{"0 example.net"}},
		{"LOC", "52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000.00m 10.00m", []string{"52 22 23 N 4 53 32 E -2m 0", "052 022 23.0 N 4 53 32.00 E -2.0m 0.00m 10000m 10m"}},
		{"LOC", "52 0 0.000 S 4 30 0.500 W 0.00m 20.00m 10000.00m 10.00m", []string{"52 S 4 30 0.5 W 0 20", "52 0 S 4 30 0.500 W 0m 25.99m"}},
		{"NAPTR", `100 10 "S" "SIP+D2U" "" _sip._udp.example.net.`, []string{`100 10 S SIP+D2U "" _SIP._udp.example.net`, `0100 010 "S" "SIP\043D2U" "" _sip._udp.example.net.`}},
		{"NAPTR", `100 10 "u" "E2U+sip" "!^.*$!sip:a\\1@example.net!" .`, []string{`100 10 u E2U+sip !^.*$!sip:a\\1@example.net! .`}},
		{"OPENPGPKEY", "YWFhYQ==", []string{"YWFhYQ==", "YW Fh YQ==", "YWFhYR==", `\# 4 61616161`}},
		{"SMIMEA", "3 0 0 aabbccdd", []string{"3 0 0 AABB ccdd", `\# 7 030000aabbccdd`}},
		{"SRV", "10 20 443 host.example.net.", []string{"010 020 0443 HOST.example.net"}},
		{"SRV", "0 0 0 .", []string{"0 0 0 ."}},
		{"SSHFP", "4 2 abcd", []string{"04 02 AB CD"}},
		{"SVCB", "1 Dns.example.net. port=853", []string{"1 Dns.example.net port=853"}},
		{"TLSA", "3 1 1 abcd", []string{"3 1 1 ABCD", "3 1 1 (ab\n cd)"}},
		{"URI", `10 1 "https://example.com/"`, []string{"010 01 https://example.com/", `10 1 "https\058//example.com/"`}},
		{"URI", `10 1 "bücher"`, []string{`10 1 bücher`, `10 1 "b\195\188cher"`}},
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
		{"AAAA", "fe80::1%eth0", "before the percent sign"},
		{"AAAA", "2001:db8::1 extra", "more than the type takes"},
		{"AAAA", `\# 16 20010db8000000000000000000000001`, "generic form"},
		{"CNAME", "@", "write the full name"},
		{"CNAME", "web-router", "is a single label"},
		{"CNAME", "192.0.2.1", "is an address"},
		{"CNAME", "bücher.example", "in A-labels"},
		{"CNAME", "straße.example.", "in A-labels"},
		{"CNAME", "a..b.example", "empty label"},
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
		{"PTR", strings.Repeat(strings.Repeat("a", 63)+".", 3) + strings.Repeat("a", 62), "has room for 255"},
		{"PTR", `a\256.example.net.`, "the largest byte"},
		{"CAA", `0 tag-x "a"`, "letters and digits alone"},
		{"CAA", `0 "" "a"`, "letters and digits alone"},
		{"CAA", `256 issue "a"`, "from 0 to 255"},
		{"CAA", `0 issue`, "the value is missing"},
		{"CAA", "0 " + strings.Repeat("a", 256) + " b", "255 are the most"},
		{"CAA", "0 issue ca.example; account=1", "put the text in quotes"},
		{"CERT", "pkix 0 8 YWFhYQ==", "known mnemonic"},
		{"CERT", "1 0 8 YWFhYQ", "not base64"},
		{"CERT", "1 0 8", "the certificate is missing"},
		{"DNSKEY", "257 3 13 !!!!", "not base64"},
		{"DNSKEY", `\# 4 0101030d`, "its data is missing"},
		{"DS", "12345 13 2 abcd", "has 64 hexadecimal digits, and this one has 4"},
		{"DS", "0 0 0 00", "digest type 0 is reserved"},
		{"DS", "12345 13 SHA256 abcd", "not a number from 0 to 255"},
		{"DS", "12345 13 2 abc", "odd number"},
		{"DS", "12345 256 2 abcd", "from 0 to 255"},
		{"HTTPS", "0 example.net. alpn=h2", "alias form"},
		{"HTTPS", "1 svc alpn=h2", "single label"},
		{"HTTPS", "1 . alpn", "needs a value"},
		{"HTTPS", "1 . alpn=", "right after the equals sign"},
		{"HTTPS", `1 . alpn= "h2"`, "right after the equals sign"},
		{"HTTPS", `1 . alpn=h2,,h3`, "empty id"},
		{"HTTPS", `1 . alpn="h 2"`, "need quotes"},
		{"HTTPS", "1 . alpn=h2 alpn=h3", "twice"},
		{"HTTPS", `1 . alpn=h2 key1="\002h2"`, "twice"},
		{"HTTPS", `1 . key1=h2`, "not well-formed"},
		{"HTTPS", "1 . no-default-alpn", "without alpn"},
		{"HTTPS", "1 . alpn=h2 no-default-alpn=x", "takes no value"},
		{"HTTPS", `1 . alpn=h2 key2="x"`, "takes no value"},
		{"HTTPS", "1 . mandatory=port", "which is not there"},
		{"HTTPS", "1 . mandatory=mandatory", "lists itself"},
		{"HTTPS", "1 . mandatory=alpn,alpn alpn=h2", "lists alpn twice"},
		{"HTTPS", "1 . mandatory=foo", "a name that is none"},
		{"HTTPS", "1 . port=65536", "not a number from 0 to 65535"},
		{"HTTPS", "1 . ipv4hint=2001:db8::1", "not an address of its family"},
		{"HTTPS", "1 . ipv6hint=192.0.2.1", "not an address of its family"},
		{"HTTPS", "1 . ech=!!", "not base64"},
		{"HTTPS", "1 . key00001=a", "without leading zeros"},
		{"HTTPS", "1 . key65536=a", "a name that is none"},
		{"HTTPS", "1 . foo=bar", "a name that is none"},
		{"HTTPS", `1 . "alpn=h2"`, "write key=value"},
		{"HTTPS", `1 . alpn="h2"port=443`, "separated by blanks"},
		{"SVCB", `\# 13 0001 00 0003 0002 0050 0001 0000`, "not in the order"},
		{"LOC", "52 22 23 N 4 53 32 E", "the altitude is missing"},
		{"LOC", "52 22 23 X 4 53 32 E 0m 2m", "write N or S"},
		{"LOC", "52 60 N 4 53 32 E 0m 2m", "from 0 to 59"},
		{"LOC", "52 2.5 N 4 53 32 E 0m 2m", "from 0 to 59"},
		{"LOC", "52 22 23.0001 N 4 53 32 E 0m 2m", "three decimals"},
		{"LOC", "90 0 1 N 4 E 0m 2m", "beyond 90 degrees"},
		{"LOC", "52 N 181 E 0m 2m", "beyond 180 degrees"},
		{"LOC", "52 N 4 E -100000.01m 2m", "not between"},
		{"LOC", "52 N 4 E 4.355m 2m", "two decimals"},
		{"LOC", "52 N 4 E 0m -1m", "not between 0.00m"},
		{"LOC", "52 N 4 E 0m 1m 1m 1m 1m", "more than the type takes"},
		{"NAPTR", "100 10 " + strings.Repeat("S", 256) + ` "x" "" .`, "255 are the most"},
		{"NAPTR", `100 10 "S" "x" .`, "the replacement is missing"},
		{"OPENPGPKEY", "!", "not base64"},
		{"SMIMEA", "3 0 0 xx", "not hexadecimal"},
		{"SRV", "10 20 https host.example.net.", "the port is"},
		{"SRV", "10 20 443 *.example.net.", "letters, digits and hyphens"},
		{"SSHFP", "4 2 abc", "odd number"},
		{"TLSA", "PKIX-TA 0 0 abcd", "the usage is"},
		{"TLSA", "3 1 1", "the data is missing"},
		{"TLSA", `3 1 1 "ab"`, "write it without"},
		{"URI", `10 1 ""`, "the target is empty"},
		{"URI", "10 1", "the target is missing"},
		{"URI", `10 1 "a\"b"`, "write %22"},
		{"URI", `10 1 "a\\b"`, "write %22, %5C"},
		{"URI", `10 1 "\255"`, "not UTF-8"},
		{"TXT", `( v=DKIM1; "k=rsa" )`, "it is in parentheses"},
		{"TXT", `( v=DKIM1; k=rsa; p=AB`, "it is in parentheses"},
		{"TXT", `v=DKIM1; k=rsa; p=AB )`, "it is in parentheses"},
		{"TXT", `(v=spf1 -all)`, "raw text and is published as it stands"},
		{"TXT", `v=DKIM1; p=AB" "CD`, "the border of two quoted strings"},
		{"TXT", `v=spf1 -all"`, "a quote that was never opened"},
		{"TXT", `v=DKIM1\; k=rsa\; p=AB`, "an escape"},
		{"TXT", `\"v=spf1 -all\"`, "an escape"},
		{"TXT", `caf\195\169`, "an escape"},
		{"TXT", `@ 3600 IN TXT "v=spf1 -all"`, "the line of a zone file"},
		{"TXT", `TXT ( "v=spf1 -all" )`, "the line of a zone file"},
		{"TXT", `“v=spf1 -all”`, "typographic quotes"},
		{"TXT", `'v=spf1 -all'`, "single quotes"},
		{"TXT", `"a`, "a quote is not closed"},
		{"TXT", `"a" b`, "all of it in one pair of quotes"},
		{"TXT", `"a\25"`, "three digits"},
		{"TXT", "v=spf1 -all\n", "trimspace"},
		{"TXT", `\# 3 026162`, "generic form"},
	}
	for _, test := range tests {
		t.Run(test.typ+" "+quoteShort(test.value), func(t *testing.T) {
			got, err := Canonical(test.typ, test.value)
			bad, ok := errors.AsType[*ValueError](err)
			if !ok {
				t.Fatalf("got %q, %v; want a ValueError", got, err)
			}
			if bad.Type != test.typ {
				t.Errorf("error is about type %s", bad.Type)
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
	if !ok || bad.Index != 1 || bad.Of != 2 {
		t.Errorf("got %#v, want a ValueError for the value at 1 of 2", err)
	}
	if !strings.HasPrefix(bad.Error(), `A value 2 of 2 is refused: `) {
		t.Errorf("error %q does not begin with the place of the value", bad)
	}
}

// A record of a zone file may be spelled in ways that no operator takes as a value.
func TestCanonicalFields_SpellingsOfZoneFiles(t *testing.T) {
	for _, test := range []struct{ typ, want, text string }{
		{"A", "192.0.2.1", `\# 4 c0000201`},
		{"MX", "10 mail.example.net.", `\# 20 000a046d61696c076578616d706c65036e657400`},
		{"TXT", `"v=spf1" "-all"`, `v=spf1 -all`},
		{"TXT", `"ab"`, `\# 3 026162`},
		{"TXT", `"#"`, `"\#"`},
		{"CERT", "1 0 8 YWFhYQ==", "pkix 0 RsaSha256 YWFhYQ=="},
		{"CERT", "3 0 0 YWFhYQ==", "PGP 0 0 YWFh YQ=="},
		{"TLSA", "3 1 1 61616161", "DANE-EE SPKI SHA2-256 6161 6161"},
		{"TLSA", "3 1 1 61616161", "dane-ee spki 1 61616161"},
		{"SMIMEA", "0 0 2 61616161", "PKIX-TA Cert SHA2-512 61616161"},
		{"DS", "1 7 1 " + strings.Repeat("61", 20), "1 NSEC3RSASHA1 SHA-1 " + strings.Repeat("61", 20)},
		{"DS", "1 7 1 " + strings.Repeat("61", 20), "1 rsasha1-nsec3-sha1 sha1 " + strings.Repeat("61", 20)},
		{"HTTPS", "1 . alpn=h2", `1 . alpn="h2"`},
	} {
		entry, _, err := ScanEntry(test.text)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := CanonicalFields(test.typ, entry.Tokens); err != nil || got != test.want {
			t.Errorf("%s %s: got %s, %v; want %s", test.typ, test.text, got, err, test.want)
		}
	}
	if got, err := CanonicalFields("SPF", nil); err == nil {
		t.Errorf("SPF is %s", got)
	}
	for _, text := range []string{"", "10", "10 mail.example.net. 3", "ten mail.example.net."} {
		entry, _, _ := ScanEntry(text)
		if got, err := CanonicalFields("MX", entry.Tokens); err == nil {
			t.Errorf("MX %s is %s", text, got)
		}
	}
}

func TestScanEntry(t *testing.T) {
	for _, test := range []struct {
		text string
		want Entry
		size int
		says string
	}{
		{"a b ; c\nd", Entry{Tokens: []Token{{"a", false, true}, {"b", false, true}}, Comment: " c"}, 8, ""},
		{"\t(a;x\n\"b\")\n", Entry{Tokens: []Token{{"a", false, true}, {"b", true, true}}, Indented: true, Comment: "x", Glued: true}, 11, ""},
		{"", Entry{}, 0, ""},
		{"a (\nb", Entry{}, 2, "not closed"},
		{"a )\nb", Entry{}, 2, "never opened"},
		{"ab \"c\nd\"", Entry{}, 3, "line break inside quotes"},
	} {
		got, size, err := ScanEntry(test.text)
		if test.says != "" {
			if err == nil || !strings.Contains(err.Error(), test.says) || size != test.size {
				t.Errorf("%q: at %d %v", test.text, size, err)
			}
			continue
		}
		if diff := cmp.Diff(test.want, got); err != nil || diff != "" || size != test.size {
			t.Errorf("%q: %v, size %d (-want +got):\n%s", test.text, err, size, diff)
		}
	}
}
