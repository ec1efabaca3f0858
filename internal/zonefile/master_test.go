package zonefile

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// refusedByLibrary are recorded lines that deSEC stores and the library does not parse: texts of more than 255 bytes in
// CAA and URI, and an IPv4 address in ipv6hint. They are an error, never another value.
var refusedByLibrary = []string{"d-0231", "d-0271", "d-0414"}

// TestParseMaster_ValuesSurvive compares with the values that deSEC's own server stored: each, written into a zone
// file, comes back as what it is.
func TestParseMaster_ValuesSurvive(t *testing.T) {
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
			zone, err := ParseMaster("www 3600 IN "+line.Type+" "+stored, "content.test")
			if refused := slices.Contains(refusedByLibrary, line.ID); refused || err != nil {
				if !refused || err == nil {
					t.Errorf("%s %s %s: error %v, want one: %t", line.ID, line.Type, stored, err, refused)
				}
				continue
			}
			if got := zone["www/"+line.Type].Values; len(got) != 1 || got[0] != want {
				t.Errorf("%s %s %s\n got %q\nwant %q", line.ID, line.Type, stored, got, want)
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

func TestParseMaster_Whole(t *testing.T) {
	got, err := ParseMaster(masterFile, "Example.COM.")
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

func TestParseMaster_Refusals(t *testing.T) {
	for _, test := range []struct{ name, text, says string }{
		{"other zone", "www.example.net. A 192.0.2.1", "not in the zone"},
		{"zone that only ends alike", "notexample.com. A 192.0.2.1", "not in the zone"},
		{"two TTLs", "www 60 A 192.0.2.1\nwww 120 A 192.0.2.2", "60 and 120"},
		{"other class", "www CH TXT \"x\"", "class"},
		{"type of one operator", "www DNAME example.net.", "DNAME"},
		{"bad address", "www A 192.0.2.256", "line: 1"},
		{"two targets", "www CNAME a.example.net.\nwww CNAME b.example.net.", "CNAME"},
		{"include", "$INCLUDE /etc/passwd", "$INCLUDE"},
		{"include of a relative file", "$INCLUDE master.go", "$INCLUDE"},
		{"endless generate", strings.Repeat("$GENERATE 1-65535 a$ NSEC b.example. A\n", 2), "100000"},
		{"no zone file", "{ \"zone\": 1 }", "line: 1"},
		{"open parenthesis", "www TXT ( \"a\"", "line: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			zone, err := ParseMaster(test.text, "example.com")
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v and error %v, want one with %q", zone, err, test.says)
			}
			if _, isOrigin := errors.AsType[*OriginError](err); isOrigin {
				t.Error("the origin is blamed for the text")
			}
		})
	}
}

func TestParseMaster_BadOrigin(t *testing.T) {
	for _, origin := range []string{"", ".", "a b.example", "exämple.com"} {
		_, err := ParseMaster("www A 192.0.2.1", origin)
		if _, ok := errors.AsType[*OriginError](err); !ok {
			t.Errorf("%q: error %v, want an OriginError", origin, err)
		}
	}
}

func TestParseMaster_Empty(t *testing.T) {
	for _, text := range []string{"", "\n", "; nothing", "@ SOA a. b. 1 2 3 4 5"} {
		if zone, err := ParseMaster(text, "example.com"); err != nil || zone == nil || len(zone) != 0 {
			t.Errorf("%q: %v, %v", text, zone, err)
		}
	}
}

func FuzzParseMaster(f *testing.F) {
	f.Add(masterFile)
	f.Add("www 60 IN TYPE65 \\# 3 000100\n")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(strings.ToUpper(text), "$GENERATE") {
			t.Skip("makes many records of a few bytes")
		}
		zone, err := ParseMaster(text, "example.com")
		if err == nil {
			checkZone(t, zone)
		}
	})
}

// checkZone expects what both parsers promise: each key is that of its RRset, and each RRset can be declared.
func checkZone(t *testing.T, zone Zone) {
	t.Helper()
	for at, r := range zone {
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
