package cloudflare

import (
	"strings"
	"testing"

	"codeberg.org/miekg/dns"
	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/zonedata"
)

func sets(all []zonedata.RRset, name string) map[string]zonedata.RRset {
	out := map[string]zonedata.RRset{}
	for _, set := range all {
		if set.Name == name {
			out[set.Type] = set
		}
	}
	return out
}

// Each type goes in as a zone file has it and comes out so, and a name server can read it.
func TestEdit_EachTypeRoundTrip(t *testing.T) {
	f := newFake(t)
	if a := f.call("PATCH", "/zones/"+zoneID+"/dnssec", `{"status":"active","dnssec_multi_signer":true}`); a.status != 200 {
		t.Fatal(a.text)
	}
	for _, c := range []struct{ name, typ, in, want string }{
		{"a", "A", "192.0.2.1", "192.0.2.1"},
		{"a", "AAAA", "2001:DB8::1", "2001:db8::1"},
		{"@", "CAA", `0 issue "letsencrypt.org; x=1"`, `0 issue "letsencrypt.org; x=1"`},
		{"cert", "CERT", "1 2 8 aGVs bG8=", "1 2 8 aGVsbG8="},
		{"www", "CNAME", "A.example.com.", "a.example.com."},
		{"@", "DNSKEY", "257 3 13 aGVsbG8=", "257 3 13 aGVsbG8="},
		{"sub", "NS", "ns1.example.net.", "ns1.example.net."},
		{"sub", "DS", "1 13 2 " + strings.Repeat("b5BB", 16), "1 13 2 " + strings.Repeat("b5BB", 16)},
		{"a", "HTTPS", `1 . alpn="h2,h3" port=8443`, `1 . alpn="h2,h3" port=8443`},
		{"svc", "SVCB", `0 svc.example.net.`, `0 svc.example.net.`},
		{"loc", "LOC", "37 46 46 N 122 23 35.5 W 10m 100m", "37 46 46.000 N 122 23 35.500 W 10.00m 100.00m 10000.00m 10.00m"},
		{"loc2", "LOC", "37 S 122 E -5.5m", "37 0 0.000 S 122 0 0.000 E -5.50m 1.00m 10000.00m 10.00m"},
		{"a", "MX", "10 Mail.example.com.", "10 mail.example.com."},
		{"null", "MX", "0 .", "0 ."},
		{"naptr", "NAPTR", `30 100 "S" "SIP+D2T" "" _sip._tls.example.com.`, `30 100 "S" "SIP+D2T" "" _sip._tls.example.com.`},
		{"naptr2", "NAPTR", `1 1 "U" "E2U+sip" "!^.*$!sip:info@example.com!" .`, `1 1 "U" "E2U+sip" "!^.*$!sip:info@example.com!" .`},
		{"key", "OPENPGPKEY", "aGVsbG8=", "aGVsbG8="},
		{"1", "PTR", "a.example.com.", "a.example.com."},
		{"smime", "SMIMEA", "3 0 0 AB cd", "3 0 0 ABcd"},
		{"_sip._tcp", "SRV", "10 20 5060 sip.example.com.", "10 20 5060 sip.example.com."},
		{"_no._tcp", "SRV", "0 0 0 .", "0 0 0 ."},
		{"ssh", "SSHFP", "4 2 859be6ff", "4 2 859be6ff"},
		{"_443._tcp", "TLSA", "3 1 1 abcd", "3 1 1 abcd"},
		{"a", "TXT", `"v=spf1 -all" "x\"y\\z\228"`, `"v=spf1 -all" "x\"y\\z\228"`},
		{"plain", "TXT", `v=spf1 -all`, `"v=spf1 -all"`},
		{"uri", "URI", `10 1 "https://example.com/"`, `10 1 "https://example.com/"`},
	} {
		t.Run(c.typ+" "+c.name, func(t *testing.T) {
			if err := f.Edit("example.com.", c.name, c.typ, 300, []string{c.in}); err != nil {
				t.Fatal(err)
			}
			name := strings.TrimPrefix(c.name+".example.com.", "@.")
			want := zonedata.RRset{Name: name, Type: c.typ, TTL: 300, Values: []string{c.want}}
			if diff := cmp.Diff(want, sets(f.Stored("example.com"), name)[c.typ]); diff != "" {
				t.Errorf("stored (-want +got):\n%s", diff)
			}
			if _, err := dns.New(name + " 300 IN " + c.typ + " " + c.want); err != nil {
				t.Errorf("a name server cannot read it: %v", err)
			}
			if err := f.Edit("example.com", name, c.typ, 300, nil); err != nil {
				if c.typ == "NS" { // the DS of the next case needs it
					return
				}
				t.Fatal(err)
			}
			if c.typ == "NS" {
				if err := f.Edit("example.com", c.name, c.typ, 300, []string{c.in}); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got, ok := sets(f.Stored("example.com"), name)[c.typ]; ok {
				t.Errorf("still stored: %v", got)
			}
		})
	}
}

func TestEdit_ReplacesAndRefuses(t *testing.T) {
	f := newFake(t)
	f.add(`{"type":"A","name":"a","content":"192.0.2.1","comment":"mine"}`)
	f.add(`{"type":"TXT","name":"a","content":"\"stay\""}`)
	if err := f.Edit("example.com", "A.example.com", "A", 60, []string{"192.0.2.3", "192.0.2.2"}); err != nil {
		t.Fatal(err)
	}
	want := map[string]zonedata.RRset{
		"A":   {Name: "a.example.com.", Type: "A", TTL: 60, Values: []string{"192.0.2.2", "192.0.2.3"}},
		"TXT": {Name: "a.example.com.", Type: "TXT", TTL: 1, Values: []string{`"stay"`}},
	}
	if diff := cmp.Diff(want, sets(f.Stored("example.com"), "a.example.com.")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, c := range []struct {
		zone, name, typ string
		ttl             int
		values          []string
	}{
		{"example.org", "a", "A", 60, nil},
		{"example.com", "a", "A", 60, []string{"192.0.2.9", "x"}},
		{"example.com", "a", "A", 5, []string{"192.0.2.9"}},
		{"example.com", "a", "CNAME", 60, []string{"x.example.net."}},
		{"example.com", "a", "MX", 60, []string{"mail.example.net."}},
		{"example.com", "a", "MX", 60, []string{"x mail.example.net."}},
		{"example.com", "a", "SRV", 60, []string{"1 2 3"}},
		{"example.com", "a", "CAA", 60, []string{`0 issue "x`}},
		{"example.com", "a", "TXT", 60, []string{``}},
		{"example.com", "a..b", "A", 60, nil},
	} {
		if err := f.Edit(c.zone, c.name, c.typ, c.ttl, c.values); err == nil || !strings.HasPrefix(err.Error(), "cloudflare: edit") {
			t.Errorf("%+v: got %v", c, err)
		}
	}
	if diff := cmp.Diff(want, sets(f.Stored("example.com"), "a.example.com.")); diff != "" {
		t.Errorf("a refused edit changed something (-want +got):\n%s", diff)
	}
}

func TestPublished_ApexAutomaticTTLAndProxied(t *testing.T) {
	f := newFake(t)
	f.add(`{"type":"A","name":"auto","content":"192.0.2.1"}`)
	f.add(`{"type":"A","name":"two","content":"192.0.2.1","ttl":600}`)
	f.add(`{"type":"A","name":"two","content":"192.0.2.2","ttl":120}`)
	f.add(`{"type":"A","name":"p","content":"192.0.2.1","proxied":true}`)
	f.add(`{"type":"A","name":"p","content":"192.0.2.2","ttl":600}`)
	f.add(`{"type":"TXT","name":"p","content":"\"x\"","ttl":600}`)
	f.add(`{"type":"CNAME","name":"pc","content":"x.example.net","proxied":true}`)
	f.add(`{"type":"CNAME","name":"@","content":"x.example.net"}`)
	f.add(`{"type":"NS","name":"@","content":"ns1.desec.io","ttl":3600}`)
	edge := func(name string) map[string]zonedata.RRset {
		return map[string]zonedata.RRset{
			"A":    {Name: name, Type: "A", TTL: 300, Values: AnycastA},
			"AAAA": {Name: name, Type: "AAAA", TTL: 300, Values: AnycastAAAA},
		}
	}
	p := edge("p.example.com.")
	p["TXT"] = zonedata.RRset{Name: "p.example.com.", Type: "TXT", TTL: 600, Values: []string{`"x"`}}
	own := []string{"ada.ns.cloudflare.com.", "bob.ns.cloudflare.com."}
	for name, want := range map[string]map[string]zonedata.RRset{
		"auto.example.com.": {"A": {Name: "auto.example.com.", Type: "A", TTL: 300, Values: []string{"192.0.2.1"}}},
		"two.example.com.":  {"A": {Name: "two.example.com.", Type: "A", TTL: 120, Values: []string{"192.0.2.1", "192.0.2.2"}}},
		"p.example.com.":    p,
		"pc.example.com.":   edge("pc.example.com."),
		"example.com.":      {"NS": {Name: "example.com.", Type: "NS", TTL: 86400, Values: own}},
	} {
		if diff := cmp.Diff(want, sets(f.Published("example.com"), name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if f.Published("example.org") != nil || f.Stored("example.org") != nil || f.Records("example.org") != nil {
		t.Error("a zone that is not there holds something")
	}
}

func TestRecords_AreCopies(t *testing.T) {
	f := newFake(t)
	f.add(`{"type":"CAA","name":"@","data":{"flags":0,"tag":"issue","value":"x"}}`)
	f.Records("example.com")[0].Data["value"] = "changed"
	if got := f.Records("example.com")[0].Data["value"]; got != "x" {
		t.Errorf("the server's own record was changed to %v", got)
	}
}

func TestExport_ParsesAsAZoneFile(t *testing.T) {
	f := newFake(t)
	f.add(`{"type":"A","name":"p","content":"192.0.2.1","proxied":true}`)
	f.add(`{"type":"TXT","name":"a","content":"v=spf1 -all","ttl":60}`)
	a := f.call("GET", records+"/export", "")
	if !strings.Contains(a.text, "cf_tags=cf-proxied:true") {
		t.Errorf("no proxied tag in:\n%s", a.text)
	}
	parser := dns.NewZoneParser(strings.NewReader(a.text), "", "")
	var got []string
	for rr, ok := parser.Next(); ok; rr, ok = parser.Next() {
		got = append(got, strings.ReplaceAll(rr.String(), "\t", " "))
	}
	if err := parser.Err(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"p.example.com. 1 IN A 192.0.2.1", `a.example.com. 60 IN TXT "v=spf1 -all"`}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
