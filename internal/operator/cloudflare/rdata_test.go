package cloudflare

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
	fake "github.com/multidns/terraform-provider-multidns/internal/sandbox/cloudflare"
)

const (
	testHex    = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	testBase64 = "mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ=="
)

// TestEncode_RequestOfEveryType is the table of design/facts/cloudflare-api.md section 3.3.
func TestEncode_RequestOfEveryType(t *testing.T) {
	cases := []struct {
		typ, value, want string
	}{
		{"A", "192.0.2.1", `{"content":"192.0.2.1"}`},
		{"AAAA", "2001:db8::1", `{"content":"2001:db8::1"}`},
		{"CAA", `0 issue "letsencrypt.org; a=\"b\\c\""`, `{"data":{"flags":0,"tag":"issue","value":"letsencrypt.org; a=\"b\\c\""}}`},
		{"CERT", "1 12345 8 YWJj", `{"data":{"type":1,"key_tag":12345,"algorithm":8,"certificate":"YWJj"}}`},
		{"CNAME", "front.example.net", `{"content":"front.example.net"}`},
		{"DNSKEY", "257 3 13 " + testBase64, `{"data":{"flags":257,"protocol":3,"algorithm":13,"public_key":"` + testBase64 + `"}}`},
		{"DS", "12345 13 2 " + testHex, `{"data":{"key_tag":12345,"algorithm":13,"digest_type":2,"digest":"` + testHex + `"}}`},
		{"HTTPS", "1 . alpn=h2,h3 port=8443", `{"data":{"priority":1,"target":".","value":"alpn=\"h2,h3\" port=\"8443\""}}`},
		{"HTTPS", "0 www.example.net.", `{"data":{"priority":0,"target":"www.example.net.","value":""}}`},
		{"LOC", "52 22 23.000 S 4 53 32.500 W -2.00m 20.00m 30.00m 40.00m", `{"data":{"lat_degrees":52,"lat_minutes":22,"lat_seconds":23,"lat_direction":"S",` +
			`"long_degrees":4,"long_minutes":53,"long_seconds":32.5,"long_direction":"W","altitude":-2,"size":20,"precision_horz":30,"precision_vert":40}}`},
		{"MX", "0 .", `{"content":".","priority":0}`},
		{"MX", "10 mail.example.net.", `{"content":"mail.example.net","priority":10}`},
		{"NAPTR", `100 10 "S" "SIP+D2U" "" _sip._udp.example.net.`, `{"data":{"order":100,"preference":10,"flags":"S","service":"SIP+D2U","regex":"","replacement":"_sip._udp.example.net."}}`},
		{"NS", "ns1.example.net.", `{"content":"ns1.example.net"}`},
		{"OPENPGPKEY", "YWFhYQ==", `{"content":"YWFhYQ=="}`},
		{"PTR", "host.example.net.", `{"content":"host.example.net"}`},
		{"SMIMEA", "3 0 0 aabb", `{"data":{"usage":3,"selector":0,"matching_type":0,"certificate":"aabb"}}`},
		{"SRV", "10 20 5060 sip.example.com.", `{"data":{"priority":10,"weight":20,"port":5060,"target":"sip.example.com"}}`},
		{"SRV", "0 0 0 .", `{"data":{"priority":0,"weight":0,"port":0,"target":"."}}`},
		{"SSHFP", "4 2 " + testHex, `{"data":{"algorithm":4,"type":2,"fingerprint":"` + testHex + `"}}`},
		{"SVCB", "1 dns.example.net. alpn=dot no-default-alpn", `{"data":{"priority":1,"target":"dns.example.net.","value":"alpn=\"dot\" no-default-alpn"}}`},
		{"TLSA", "3 1 1 " + testHex, `{"data":{"usage":3,"selector":1,"matching_type":1,"certificate":"` + testHex + `"}}`},
		{"TXT", `say "hi"`, `{"content":"\"say \\\"hi\\\"\""}`},
		{"URI", `10 1 "https://example.com/"`, `{"data":{"weight":1,"target":"https://example.com/"},"priority":10}`},
	}
	tried := make(map[string]bool)
	for _, c := range cases {
		t.Run(c.typ+" "+c.value, func(t *testing.T) {
			canonical, err := rrset.Canonical(c.typ, c.value)
			if err != nil {
				t.Fatal(err)
			}
			var sent attributes
			if err := sent.setValue(c.typ, canonical); err != nil {
				t.Fatal(err)
			}
			got, err := json.Marshal(sent)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(decoded(t, c.want), decoded(t, string(got))); diff != "" {
				t.Error(diff)
			}
		})
		tried[c.typ] = true
	}
	for _, typ := range rrset.Types() {
		if !tried[typ] {
			t.Errorf("no case of type %s", typ)
		}
	}
}

func decoded(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// TestDecode_AnswersOfEveryType holds the forms that were seen in answers (design/facts/cloudflare-api.md section 3.3).
func TestDecode_AnswersOfEveryType(t *testing.T) {
	cases := []struct{ name, typ, fields, want string }{
		{"upper case", "A", `"content":"192.0.2.1"`, "192.0.2.1"},
		{"mapped", "AAAA", `"content":"::ffff:192.0.2.1"`, "::ffff:c000:201"},
		{"data", "CAA", `"content":"0 issue \"letsencrypt.org\"","data":{"flags":0,"tag":"issue","value":"letsencrypt.org"}`, `0 issue "letsencrypt.org"`},
		{"number as text", "CAA", `"data":{"flags":"0","tag":"issue","value":"letsencrypt.org"}`, `0 issue "letsencrypt.org"`},
		{"content only", "CAA", `"content":"0 issue \"letsencrypt.org\""`, `0 issue "letsencrypt.org"`},
		{"data of another type", "CAA", `"content":"0 issue \"letsencrypt.org\"","data":[]`, `0 issue "letsencrypt.org"`},
		{"data nested", "CAA", `"content":"0 issue \"letsencrypt.org\"","data":{"flags":{}}`, `0 issue "letsencrypt.org"`},
		{"data incomplete", "CAA", `"content":"0 issue \"letsencrypt.org\"","data":{"flags":0}`, `0 issue "letsencrypt.org"`},
		{"float", "CERT", `"data":{"type":1.0,"key_tag":12345,"algorithm":8,"certificate":"YW Jj"}`, "1 12345 8 YWJj"},
		{"final dot", "CNAME", `"content":"Front.Example.NET."`, "front.example.net."},
		{"plain", "DNSKEY", `"data":{"flags":257,"protocol":3,"algorithm":13,"public_key":"` + testBase64 + `"}`, "257 3 13 " + testBase64},
		{"upper case hex", "DS", `"data":{"key_tag":1,"algorithm":13,"digest_type":2,"digest":"` + strings.ToUpper(testHex) + `"}`, "1 13 2 " + testHex},
		{"quoted", "HTTPS", `"data":{"priority":1,"target":".","value":"alpn=\"h3,h2\""}`, "1 . alpn=h3,h2"},
		{"alias", "HTTPS", `"data":{"priority":0,"target":"www.example.net","value":""}`, "0 www.example.net."},
		{"no value", "HTTPS", `"data":{"priority":0,"target":"www.example.net."}`, "0 www.example.net."},
		{"data", "LOC", `"content":"x","data":{"lat_degrees":37,"lat_minutes":46,"lat_seconds":46,"lat_direction":"N","long_degrees":122,"long_minutes":23,` +
			`"long_seconds":35,"long_direction":"W","altitude":0,"size":100,"precision_horz":0,"precision_vert":0}`,
			"37 46 46.000 N 122 23 35.000 W 0.00m 100.00m 0.00m 0.00m"},
		{"older content", "LOC", `"content":"IN LOC 37 46 46.000 N 122 23 35.000 W 0.00m 100.00m 0.00m 0.00m"`, "37 46 46.000 N 122 23 35.000 W 0.00m 100.00m 0.00m 0.00m"},
		{"new content", "LOC", `"content":"37 46 46.000 N 122 23 35.000 W 0.00 100.00 0.00 0.00"`, "37 46 46.000 N 122 23 35.000 W 0.00m 100.00m 0.00m 0.00m"},
		{"null MX", "MX", `"content":".","priority":0`, "0 ."},
		{"priority as text", "MX", `"content":"mail.example.net","priority":"10"`, "10 mail.example.net."},
		{"empty fields left out", "NAPTR", `"data":{"order":100,"preference":10,"flags":"S","service":"SIP+D2U","replacement":"_sip._udp.example.net."}`, `100 10 "S" "SIP+D2U" "" _sip._udp.example.net.`},
		{"backslash", "NAPTR", `"data":{"order":1,"preference":2,"flags":"U","service":"E2U+sip","regex":"!^(.*)$!sip:\\1@example.com!","replacement":"."}`, `1 2 "U" "E2U+sip" "!^(.*)$!sip:\\1@example.com!" .`},
		{"plain", "NS", `"content":"ns1.example.net"`, "ns1.example.net."},
		{"blanks", "OPENPGPKEY", `"content":"YWFh YQ=="`, "YWFhYQ=="},
		{"plain", "PTR", `"content":"host.example.net"`, "host.example.net."},
		{"upper case hex", "SMIMEA", `"data":{"usage":3,"selector":0,"matching_type":0,"certificate":"AABB"}`, "3 0 0 aabb"},
		{"data", "SRV", `"content":"20 5060 sip.example.com","priority":10,"data":{"priority":10,"weight":20,"port":5060,"target":"sip.example.com"}`, "10 20 5060 sip.example.com."},
		{"priority beside data", "SRV", `"priority":10,"data":{"weight":20,"port":5060,"target":"sip.example.com"}`, "10 20 5060 sip.example.com."},
		{"content only", "SRV", `"content":"20 5060 sip.example.com","priority":10`, "10 20 5060 sip.example.com."},
		{"null target as false", "SRV", `"data":{"priority":0,"weight":0,"port":0,"target":false}`, "0 0 0 ."},
		{"plain", "SSHFP", `"data":{"algorithm":4,"type":2,"fingerprint":"` + testHex + `"}`, "4 2 " + testHex},
		{"plain", "SVCB", `"data":{"priority":1,"target":"dns.example.net.","value":"port=\"853\" alpn=\"dot\""}`, "1 dns.example.net. alpn=dot port=853"},
		{"plain", "TLSA", `"data":{"usage":3,"selector":1,"matching_type":1,"certificate":"` + testHex + `"}`, "3 1 1 " + testHex},
		{"without quotes", "TXT", `"content":"v=spf1 -all"`, `"v=spf1 -all"`},
		{"without quotes, quote inside", "TXT", `"content":"say \"hi\""`, `"say \"hi\""`},
		{"without quotes, escapes", "TXT", `"content":"a\\;b\\\"c\\195\\169"`, `"a;b\"c\195\169"`},
		{"two strings", "TXT", `"content":"\"ab\" \"cd\""`, `"ab" "cd"`},
		{"top priority", "URI", `"content":"1 \"https://example.com/\"","priority":10,"data":{"weight":1,"target":"https://example.com/"}`, `10 1 "https://example.com/"`},
		{"content only", "URI", `"content":"1 \"https://example.com/\"","priority":10`, `10 1 "https://example.com/"`},
	}
	tried := make(map[string]bool)
	for _, c := range cases {
		t.Run(c.typ+" "+c.name, func(t *testing.T) {
			r, ok := decodeRecord(json.RawMessage(`{"id":"1","name":"a.example.com","type":"` + c.typ + `","ttl":300,` + c.fields + `}`))
			if !ok || r.Value != c.want {
				t.Errorf("%t %s, want %s", ok, r.Value, c.want)
			}
		})
		tried[c.typ] = true
	}
	for _, typ := range rrset.Types() {
		if !tried[typ] {
			t.Errorf("no case of type %s", typ)
		}
	}
}

// refusedHere are values that deSEC stored and Cloudflare's fake refuses or stores as something else, each with the
// reason.
var refusedHere = map[string]string{
	"d-0052": "a CNAME to the root is known of no client of Cloudflare",
	"d-0075": "the host name is an address to Cloudflare",
	"d-0094": "the host name is an address to Cloudflare",
	"d-0102": "a PTR to the root is known of no client of Cloudflare",
	"d-0105": "a dot inside a label is none in a host name of Cloudflare's",
	"d-0214": "an empty value counts as a missing data field (error 9101)",
	"d-0253": "the host name is an address to Cloudflare",
	"d-0271": "an IPv4-mapped address is none in an ipv6hint (RFC 9460 section 7.3)",
}

// TestRoundTrip_RecordedValues writes every value that the real deSEC server TestDecode_PriorityInData: the priority
// beside the data is to end (design/facts/cloudflare-api.md section 3.1).
func TestDecode_PriorityInData(t *testing.T) {
	for body, want := range map[string]string{
		`"type":"MX","content":"mail.example.net","data":{"priority":10,"target":"mail.example.net"}`:                               "10 mail.example.net.",
		`"type":"MX","content":"mail.example.net","priority":5,"data":{"priority":10}`:                                              "5 mail.example.net.",
		`"type":"URI","content":"1 \"https://example.com/\"","data":{"priority":10,"weight":1,"target":"https://example.com/"}`:     `10 1 "https://example.com/"`,
		`"type":"SRV","content":"0 5222 talk.example.com","data":{"priority":7,"weight":0,"port":5222,"target":"talk.example.com"}`: "7 0 5222 talk.example.com.",
	} {
		r, ok := decodeRecord([]byte(`{"id":"1","name":"a.example.com","ttl":300,` + body + `}`))
		if !ok || r.Value != want {
			t.Errorf("%s is %q, want %q", body, r.Value, want)
		}
	}
}

// stored, and reads the same value back.
func TestRoundTrip_RecordedValues(t *testing.T) {
	file, err := os.Open("../../../design/facts/desec-content.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	s := newSite(t, fake.Zone{ID: testZoneID, Name: "example.com", Plan: "pro"})
	enableDNSKEY(t, s)
	c := s.client(t, withZoneID)
	tried, types := 0, map[string]int{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var line struct {
			ID, Type string
			Status   int
			Records  []string
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		owner := fmt.Sprintf("n%d", tried)
		if line.Type == "DNSKEY" {
			owner = "@"
		}
		key, err := rrset.NewKey("example.com", owner, line.Type)
		if err != nil || line.Status != 201 {
			continue
		}
		values, err := rrset.New(key, 3600, line.Records)
		if err != nil {
			continue // refused for all operators, see package rrset
		}
		want := &operator.RRset{RRset: values}
		if c.Check(*want, nil) != nil {
			continue
		}
		tried++
		types[line.Type]++
		var before *operator.RRset
		if line.Type == "DS" {
			create(t, c, wantSet(t, owner, "NS", 3600, "ns1.example.net"))
		}
		if line.Type == "DNSKEY" {
			before = read(t, c, testZone, "DNSKEY")
		}
		results, err := c.Write(t.Context(), testZone, []operator.Change{{Before: before, After: want}})
		if reason, known := refusedHere[line.ID]; known {
			if err == nil && results[0].Equal(want.RRset) {
				t.Errorf("%s %s %q is taken, although %s", line.ID, line.Type, line.Records, reason)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s %s %q: %v", line.ID, line.Type, line.Records, err)
			continue
		}
		if got := read(t, c, key.Name, line.Type); !got.Equal(want.RRset) || !results[0].Equal(want.RRset) {
			t.Errorf("%s %s %q came back as %q, want %q", line.ID, line.Type, line.Records, got.Values, want.Values)
		}
	}
	t.Logf("%d RRsets of %d types came back as they were written; %d known exceptions", tried, len(types), len(refusedHere))
	if tried < 150 || len(types) < 20 {
		t.Errorf("only %d RRsets of %d types were tried", tried, len(types))
	}
}

func TestQuote_HasAnInverse(t *testing.T) {
	for _, text := range []string{``, `a`, `"`, `\`, `\\"`, "\x00\x1f\x7f", `\123`, "bücher", `12\`} {
		if got, err := rrset.Fields(quote(text))[0].Text(); err != nil || string(got) != text {
			t.Errorf("%q came back as %q (%v)", text, got, err)
		}
	}
}

// TestLocation_SizesLeftOut: RFC 1876 section 3 says what they are then.
func TestLocation_SizesLeftOut(t *testing.T) {
	data, ok := locationData("52 22 23.000 N 4 53 32.000 E -2.00m")
	if !ok || data["size"] != 1.0 || data["precision_horz"] != 10000.0 || data["precision_vert"] != 10.0 {
		t.Errorf("%t %v", ok, data)
	}
	given := map[string]looseString{
		"lat_degrees": "52", "lat_minutes": "22", "lat_seconds": "23", "lat_direction": "N", "altitude": "-2",
		"long_degrees": "4", "long_minutes": "53", "long_seconds": "32", "long_direction": "E", "size": "",
	}
	if got, ok := locationText(given); !ok || got != "52 22 23.000 N 4 53 32.000 E -2.00m 1.00m 10000.00m 10.00m" {
		t.Errorf("%t %s", ok, got)
	}
	for _, missing := range []string{"altitude", "lat_direction", "long_seconds"} {
		incomplete := maps.Clone(given)
		delete(incomplete, missing)
		if got, ok := locationText(incomplete); ok {
			t.Errorf("without %s: %s", missing, got)
		}
	}
	for _, bad := range []string{"", "52 22 23.000 N", "a b c N 4 53 32.000 E -2.00m"} {
		if data, ok := locationData(bad); ok {
			t.Errorf("%s: %v", bad, data)
		}
	}
}
