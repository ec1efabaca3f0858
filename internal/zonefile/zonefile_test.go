package zonefile

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// TestParseZoneFile_ValuesSurvive compares with the values that deSEC's own server stored: each, written into a zone
// file, comes back as what it is.
func TestParseZoneFile_ValuesSurvive(t *testing.T) {
	file, err := os.Open("../../design/facts/desec-content.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	scanner, tried := bufio.NewScanner(file), 0
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		var line struct {
			ID, Type string
			Stored   []string
		}
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		for _, stored := range line.Stored {
			want, err := rrset.Canonical(line.Type, stored)
			if err != nil {
				continue // a value that cannot be declared
			}
			tried++
			zone, err := ParseZoneFile("www 3600 IN "+line.Type+" "+stored, "content.test")
			if line.Type == "DNSKEY" {
				continue // at www it is a key of nothing, at the apex the operators' own
			}
			if got := zone["www/"+line.Type]; err != nil || len(got.Values) != 1 || got.Values[0] != want || got.Problem != "" {
				t.Errorf("%s %s %s\n got %+v, %v\nwant %q", line.ID, line.Type, stored, got, err, want)
			}
		}
	}
	if err := scanner.Err(); err != nil || tried < 150 {
		t.Fatalf("%d values tried, %v", tried, err)
	}
	t.Logf("%d values", tried)
}

const masterFile = `
$ORIGIN example.com.
$TTL 1h
@       IN SOA ns1.desec.io. admin.example.com. (
                2026112201 ; serial
                1d 2h 4w 300 )
        IN NS  ns1.desec.io.
        IN NS  ns2.desec.org.
@   300 IN MX  10 mail
    300    MX  20 mail.example.net.
WWW     IN A   192.0.2.2
        IN A   192.0.2.1
www        AAAA 2001:DB8::1 ; comment
*.apps  60 CNAME www
txt     TXT ( "v=spf1 -all; " ; not the end
              "and \"more\"" )
$ORIGIN sub.example.com.
_sip._tcp  SRV 0 5 5060 sip
deep    IN HTTPS 1 . port=443 alpn=h2 no-default-alpn
$GENERATE 1-2 host$ A 192.0.2.$
www     RRSIG A 13 3 3600 20261201000000 20261101000000 1 example.com. AAAA
`

func TestParseZoneFile_Whole(t *testing.T) {
	got, err := ParseZoneFile(masterFile, "Example.COM.")
	if err != nil {
		t.Fatal(err)
	}
	want := Zone{}
	for _, r := range []RRset{
		{Name: "@", Type: "NS", TTL: 3600, Values: []string{"ns1.desec.io.", "ns2.desec.org."}},
		{Name: "@", Type: "MX", TTL: 300, Values: []string{"10 mail.example.com.", "20 mail.example.net."}},
		{Name: "www", Type: "A", TTL: 3600, Values: []string{"192.0.2.1", "192.0.2.2"}},
		{Name: "www", Type: "AAAA", TTL: 3600, Values: []string{"2001:db8::1"}},
		{Name: "*.apps", Type: "CNAME", TTL: 60, Values: []string{"www.example.com."}},
		{Name: "txt", Type: "TXT", TTL: 3600, Values: []string{`"v=spf1 -all; " "and \"more\""`}},
		{Name: "_sip._tcp.sub", Type: "SRV", TTL: 3600, Values: []string{"0 5 5060 sip.sub.example.com."}},
		{Name: "deep.sub", Type: "HTTPS", TTL: 3600, Values: []string{"1 . alpn=h2 no-default-alpn port=443"}},
		{Name: "host1.sub", Type: "A", TTL: 3600, Values: []string{"192.0.2.1"}},
		{Name: "host2.sub", Type: "A", TTL: 3600, Values: []string{"192.0.2.2"}},
	} {
		r.Zone = "example.com"
		want[r.Name+"/"+r.Type] = r
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParseZoneFile_Refusals(t *testing.T) {
	for _, test := range []struct{ name, text, says string }{
		{"other zone", "www.example.net. A 192.0.2.1", "not in the zone"},
		{"zone that only ends alike", "notexample.com. A 192.0.2.1", "not in the zone"},
		{"two TTLs", "www 60 A 192.0.2.1\nwww 120 A 192.0.2.2", "60 and 120"},
		{"other class", "www CH TXT \"x\"", "class"},
		{"bad address", "www A 192.0.2.256", "line 1: the A value is refused"},
		{"two targets", "www CNAME a.example.net.\nwww CNAME b.example.net.", "CNAME"},
		{"include", "$INCLUDE /etc/passwd", "$INCLUDE"},
		{"include of a relative file", "$INCLUDE zonefile.go", "$INCLUDE"},
		{"endless generate", strings.Repeat("$GENERATE 1-65535 a$ NSEC b.example. A\n", 2), "100000"},
		{"no zone file", "{ \"zone\": 1 }", "line 1"},
		{"open parenthesis", "www TXT ( \"a\"", "line 1: a parenthesis is not closed"},
		{"word of another service", "www ANAME example.net.", "ANAME is not a DNS type"},
		{"time stamp of Windows", "@ [AGE:3549528] 600 A 192.0.2.1", "time stamp of Windows' DNS server"},
		{"class of cli53", "@ 86400 AWS ALIAS A lb.example.net. Z1 false", "AWS is not a class of DNS"},
		{"type of a question", "www ANY x", "only messages have"},
		{"type of a question by number", "www TYPE255 \\# 0", "ANY is a type that only messages have"},
		{"type of Windows", "@ 0 WINS L1 C2 ( 192.0.2.1 )", "Windows' DNS server alone"},
		{"unknown type", "www FOO bar", `"FOO" is neither a TTL nor a class nor a type`},
		{"unknown type by number", "www TYPE65534 bar", "the value is not in the form of its type TYPE65534"},
		{"indented text", "  www 60 A 192.0.2.1", "<<-EOT"},
		{"indented record", "api 60 A 192.0.2.1\n  www 60 A 192.0.2.1", "line 2: \"www\" is neither a TTL nor a class nor a type of DNS records. The line begins with a blank"},
		{"origin without its dot", "$ORIGIN Example.com\nwww A 192.0.2.1", "so it is relative and means Example.com.example.com.; write $ORIGIN Example.com. instead"},
		{"origin below without its dot", "$origin sub.example.com\nwww A 192.0.2.1", "means sub.example.com.example.com."},
		{"origin without a name", "$ORIGIN", "one argument"},
		{"TTL without a number", "$TTL hour", "the TTL is none"},
		{"TTL beyond DNS", "www 2147483648 A 192.0.2.1", "2147483647 seconds"},
		{"unknown directive", "$DATE 20261126", "none of $ORIGIN, $TTL and $GENERATE"},
		{"owner that is not ASCII", "bücher A 192.0.2.1", "xn--bcher-kva"},
		{"target that is not ASCII", "www CNAME bücher.example.net.", "in A-labels (xn--…)"},
		{"bad AFSDB", "www AFSDB one afs", "not in the form of its type AFSDB"},
		{"nothing instead of names", `www RP \# 0`, "not in the form of its type RP"},
		{"bad base64 of an unknown kind", "www DHCID =a", "DHCID"},
		{"no type", "www 60 IN", "before its type"},
		{"generate without numbers", "$GENERATE 5-1 a$ A 192.0.2.$", "has no numbers"},
		{"generate without steps", "$GENERATE 1-3/0 a$ A 192.0.2.$", "has no numbers"},
		{"generate with nibbles", "$GENERATE 1-3 a$ TXT ${0,4,n}", "line 1: what follows a ${"},
		{"generate with an open place", "$GENERATE 1-3 a$ TXT x${1,2", "line 1: what follows a ${"},
		{"backslash that joins lines", "www TXT \"a\" \\\napi A 192.0.2.1", "line 1: it ends in a backslash"},
		{"backslash that joins lines in a word", "www CNAME x\\\r\n$INCLUDE x", "line 2: $INCLUDE"},
		{"generate that makes nonsense", "$GENERATE 250-300 a$ A 192.0.2.$", "line 1: $GENERATE for 256: the A value is refused"},
		{"text without quotes", "t TXT v=DKIM1; k=rsa; p=AB", `the rest of the line would be lost`},
		{"CAA without quotes", "@ CAA 0 issue ca.example;account=1", "would be lost"},
		{"short SOA", "@ SOA a. b. 1", "the SOA has 3 fields"},
	} {
		t.Run(test.name, func(t *testing.T) {
			zone, err := ParseZoneFile(test.text, "example.com")
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v and error %v, want one with %q", zone, err, test.says)
			}
			if _, isOrigin := errors.AsType[*OriginError](err); isOrigin {
				t.Error("the origin is blamed for the text")
			}
		})
	}
}

// Every error is told at once, with its line, and a broken entry does not hide what follows.
func TestParseZoneFile_AllErrorsWithTheirLines(t *testing.T) {
	_, err := ParseZoneFile(`$TTL 1h
www A 192.0.2.256
ok A 192.0.2.1
txt TXT "open
mail MX ( 10
   mail ; never closed
api FOO 1
  AAAA 2001:db8::1
zone.example.net. A 192.0.2.1
two CNAME a
two CNAME b
`, "example.com")
	if err == nil {
		t.Fatal("no error")
	}
	var got []string
	for _, line := range strings.Split(err.Error(), "\n") {
		line, _, _ = strings.Cut(line, ":")
		got = append(got, line)
	}
	want := []string{"6 errors in the zone file", "line 2", "line 4", "line 5", "line 7", "line 9", "line 10"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%v\n(-want +got):\n%s", err, diff)
	}
}

// A text that was made to break the reader ends with a bounded message, after work in proportion to its length.
func TestParseZoneFile_BoundedByTheText(t *testing.T) {
	for _, unit := range []string{
		"(\n", "x\n", "\"\n", ")\n", "\\", "x (\n", "a b (\n", "x A 1 (\n", "x NSEC3 ( a\n", "$GENERATE 1-99 a$ A 192.0.2.$ (\n",
		"$GENERATE 1-65535 a$ NSEC b A\n", "$GENERATE 1-9999 ${0,99}${0,99} A 192.0.2.1\n", "www A " + strings.Repeat("x", 9999) + "\n", "x TXT a ",
		strings.Repeat("a.", 5000) + " A 192.0.2.1\n", "$ORIGIN " + strings.Repeat("a.", 100) + "\n",
	} {
		text := strings.Repeat(unit, 100_000/len(unit))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := ParseZoneFile(text, "example.com")
		runtime.ReadMemStats(&after)
		if err != nil && len(err.Error()) > 50_000 {
			t.Errorf("%.20q: %.300v", unit, err)
		}
		// $GENERATE may make 100000 records.
		if got, most := after.TotalAlloc-before.TotalAlloc, uint64(128<<20); got > most {
			t.Errorf("%.20q: %d bytes are allocated, want %d at most", unit, got, most)
		}
	}
}

// A reader shows what cannot be declared, with the reason, beside all that can.
func TestParseZoneFile_WhatCannotBeDeclared(t *testing.T) {
	zone, err := ParseZoneFile(`$TTL 300
@ SOA ns1 hostmaster 1 2 3 4 60
@ CNAME front.example.net.
@ MX 10 mail
@ SPF "v=spf1 -all"
@ DNSKEY 257 3 13 YWFhYQ==
@ CDS 1 13 2 00
@ CDNSKEY 257 3 13 YWFhYQ==
@ NSEC3PARAM 1 0 0 -
host HINFO "PC" "Linux"
old DNAME new
admin RP mail.box txt
srv AFSDB 1 afs
a\.b A 192.0.2.1
mx MX 10 _mail
www CNAME a
www TXT raw
TYPE1 TYPE65400 \# 2 abcd
self CNAME self
sub DS 1 13 9 00
dot.example.com AAAA 2001:db8::1
ghs CNAME ghs.googlehosted.com
in CNAME in.example.com
below CNAME a.b
net APL 1:192.0.2.0/24 ( !1:192.0.2.64/28 )
plain A 192.0.2.7
cut NS ns1.example.net.
cut TXT lost
cut DS 1 13 9 00
`, "example.com")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for at, r := range zone {
		got[at] = strings.Join(r.Values, " | ")
		if r.Problem != "" {
			got[at] += " !"
		}
	}
	want := map[string]string{
		"@/CNAME": "front.example.net. !", "@/MX": "10 mail.example.com.", "@/SPF": `"v=spf1 -all" !`, "host/HINFO": `"PC" "Linux" !`,
		"old/DNAME": "new.example.com. !", "admin/RP": "mail.box.example.com. txt.example.com. !", "srv/AFSDB": "1 afs.example.com. !",
		`a\.b/A`: "192.0.2.1 !", "mx/MX": "10 _mail.example.com. !", "www/CNAME": "a.example.com. !", "www/TXT": `"raw"`,
		"type1/TYPE65400": `\# 2 abcd !`, "self/CNAME": "self.example.com. !", "sub/DS": "1 13 9 00",
		"dot.example.com.example.com./AAAA": "2001:db8::1 !", "ghs/CNAME": "ghs.googlehosted.com.example.com. !", "in/CNAME": "in.example.com.example.com. !", "below/CNAME": "a.b.example.com.", "net/APL": "1:192.0.2.0/24 !1:192.0.2.64/28 !", "plain/A": "192.0.2.7",
		"cut/NS": "ns1.example.net.", "cut/TXT": `"lost" !`, "cut/DS": "1 13 9 00",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for at, says := range map[string]string{"@/CNAME": "apex", "@/SPF": "every operator", "old/DNAME": "DNAME", "www/CNAME": "TXT too", "cut/TXT": "NS too", `a\.b/A`: "escape", "ghs/CNAME": "means ghs.googlehosted.com.example.com."} {
		if !strings.Contains(zone[at].Problem, says) {
			t.Errorf("%s: problem %q does not say %q", at, zone[at].Problem, says)
		}
	}
}

// Spellings that BIND and the exports of other services have.
func TestParseZoneFile_Spellings(t *testing.T) {
	const www = "www/A 3600 192.0.2.1"
	for _, test := range []struct{ name, text, want string }{
		{"any case", "$ttl 1H\n$origin EXAMPLE.com.\nWWW in a 192.0.2.1", www},
		{"class before the TTL", "www IN 3600 A 192.0.2.1", www},
		{"class by number", "www CLASS1 60m TYPE1 192.0.2.1", www},
		{"byte-order mark and carriage returns", "\ufeff$TTL 3600\r\nwww A 192.0.2.1\r\n", www},
		{"generic form", `www 3600 A \# 4 c0000201`, www},
		{"comment that touches the value", "www 3600 A 192.0.2.1;web", www},
		{"owner in escapes", `\119w\w 3600 A 192.0.2.1`, www},
		{"asterisk in escapes", `\042.x 60 A 192.0.2.1`, "*.x/A 60 192.0.2.1"},
		{"asterisk of Route 53", `\052.x 60 A 192.0.2.1`, "*.x/A 60 192.0.2.1"},
		{"asterisk of Route 53 alone", "\\052.example.com. 60 A 192.0.2.1\n\\052 60 TXT x", "*/A 60 192.0.2.1 / */TXT 60 \"x\""},
		{"digit in escapes", `a\052.x 60 A 192.0.2.1`, "a4.x/A 60 192.0.2.1"},
		{"owner goes on", "www 3600 TXT x\n\t60 AAAA 2001:db8::1", `www/AAAA 60 2001:db8::1 / www/TXT 3600 "x"`},
		{"mnemonics", "k 60 CERT PGP 0 0 YWFhYQ==\nt 60 TLSA DANE-EE SPKI SHA2-256 6161", "k/CERT 60 3 0 0 YWFhYQ== / t/TLSA 60 3 1 1 6161"},
		{"names in any type", "@ 60 MX 10 @\nx 60 NAPTR 1 1 S s \"\" y\nz 60 SVCB 1 . alpn=h2\nw 60 SVCB 1 W", "@/MX 60 10 example.com. / w/SVCB 60 1 W.example.com. / x/NAPTR 60 1 1 \"S\" \"s\" \"\" y.example.com. / z/SVCB 60 1 . alpn=h2"},
		{"strings without quotes", "t 60 TXT a \"b c\" d", `t/TXT 60 "a" "b c" "d"`},
		{"relative origin", "$ORIGIN sub\nwww 60 A 192.0.2.1", "www.sub/A 60 192.0.2.1"},
		{"origin of the root", "$ORIGIN .\nwww.example.com 60 MX 1 mail.example.net", "www/MX 60 1 mail.example.net."},
		{"standing TTL", "$TTL 60\nwww A 192.0.2.1", "www/A 60 192.0.2.1"},
		{"standing TTL against the last", "$TTL 60\nx 120 A 192.0.2.1\nwww A 192.0.2.1", "www/A 60 192.0.2.1 / x/A 120 192.0.2.1"},
		{"minimum of the SOA", "@ IN SOA a b 1 2 3 4 5m\nx 120 A 192.0.2.1\nwww A 192.0.2.1", "www/A 300 192.0.2.1 / x/A 120 192.0.2.1"},
		{"TTL of the SOA", "@ 900 IN SOA a b 1 2 3 4 300\nwww A 192.0.2.1", "www/A 900 192.0.2.1"},
		{"last TTL", "x 120 A 192.0.2.1\nwww A 192.0.2.1", "www/A 120 192.0.2.1 / x/A 120 192.0.2.1"},
		{"no TTL at all", "www A 192.0.2.1", www},
		{"generate with places", "$GENERATE 8-10/2 h${-8,3,x} 60 PTR p$.p", "h000/PTR 60 p8.p.example.com. / h002/PTR 60 p10.p.example.com."},
		{"generate between a record and its owner's next", "x 60 A 192.0.2.1\n$GENERATE 1-1 h$ 60 A 192.0.2.$\n 60 TXT x", `h1/A 60 192.0.2.1 / x/A 60 192.0.2.1 / x/TXT 60 "x"`},
		{"generate with a dollar", `$GENERATE 1-1 h$ 60 TXT "\$ $$ $"`, `h1/TXT 60 "$ $ 1"`},
		{"automatic TTL of Cloudflare", "www 1 A 192.0.2.1 ; cf_tags=cf-proxied:false", "www/A 1 192.0.2.1"},
		{"proxied", "www 1 A 192.0.2.1\nwww 1 A 192.0.2.2 ; a note; cf_tags=team:web,CF-Proxied:true", "www/A 1 192.0.2.1 192.0.2.2 proxied"},
		{"proxied in words only", "www 1 A 192.0.2.1 ; not cf-proxied:true", "www/A 1 192.0.2.1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			zone, err := ParseZoneFile(test.text, "example.com")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for at, r := range zone {
				line := fmt.Sprintf("%s %d %s", at, r.TTL, strings.Join(r.Values, " "))
				if r.Proxied {
					line += " proxied"
				}
				if r.Problem == "" {
					got = append(got, line)
				}
			}
			slices.Sort(got)
			if got := strings.Join(got, " / "); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestParseZoneFile_BadOrigin(t *testing.T) {
	for _, origin := range []string{"", ".", "a b.example", "exämple.com"} {
		_, err := ParseZoneFile("www A 192.0.2.1", origin)
		if _, ok := errors.AsType[*OriginError](err); !ok {
			t.Errorf("%q: error %v, want an OriginError", origin, err)
		}
	}
}

func TestParseZoneFile_Empty(t *testing.T) {
	for _, text := range []string{"", "\n", "; nothing", "@ SOA a. b. 1 2 3 4 5"} {
		if zone, err := ParseZoneFile(text, "example.com"); err != nil || zone == nil || len(zone) != 0 {
			t.Errorf("%q: %v, %v", text, zone, err)
		}
	}
}

func FuzzParseZoneFile(f *testing.F) {
	f.Add(masterFile)
	f.Add("www 60 IN TYPE65 \\# 3 000100\n")
	f.Add("$GENERATE 1-3 h${0,3,x} A 192.0.2.$ ; cf_tags=cf-proxied:true\n")
	f.Add("$ORIGIN sub\n\\052.a\\.b HINFO ( x\n \"y\" )\n@ 1h RP a b\n")
	f.Fuzz(func(t *testing.T, text string) {
		zone, err := ParseZoneFile(text, "example.com")
		if err == nil {
			checkZone(t, zone)
		}
	})
}

// checkZone expects what both parsers promise: each key is that of its RRset, and each RRset can be declared unless it
// has a problem.
func checkZone(t *testing.T, zone Zone) {
	t.Helper()
	for at, r := range zone {
		if at != r.Name+"/"+r.Type {
			t.Fatalf("%+v stands under %s", r, at)
		}
		if r.Problem != "" {
			continue
		}
		key, err := rrset.NewKey(r.Zone, r.Name, r.Type)
		if err != nil {
			t.Fatalf("%s cannot be declared: %v", at, err)
		}
		if at != r.Name+"/"+r.Type || at != address(key) {
			t.Fatalf("%+v stands under %s", r, at)
		}
		if _, err := rrset.New(key, r.TTL, r.Values); err != nil {
			t.Fatalf("%s cannot be declared: %v", at, err)
		}
	}
}
