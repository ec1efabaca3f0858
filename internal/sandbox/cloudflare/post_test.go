package cloudflare

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var ignoreVarying = cmpopts.IgnoreFields(Record{}, "ID", "CreatedOn", "ModifiedOn", "CommentModifiedOn", "TagsModifiedOn")

// base is the record of design/facts/cloudflare-api.md section 9 that most rows answer with.
func base(typ, name, content string, ttl int) Record {
	settings := map[string]any{}
	if typ == "CNAME" {
		settings["flatten_cname"] = false
	}
	return Record{
		Name: name, Type: typ, Content: content, TTL: ttl, Proxiable: typ == "A" || typ == "AAAA" || typ == "CNAME",
		Settings: settings, Meta: map[string]any{}, Tags: []string{},
	}
}

func with(r Record, change func(*Record)) Record {
	change(&r)
	return r
}

func number16(n int) *int { return &n }

// Row 10, whole: keys and their values as they go over the wire.
func TestPost_AnswerIsTheWholeRecord(t *testing.T) {
	f := newFake(t)
	a := f.post(`{"type":"A","name":"a.example.com","content":"192.0.2.1","ttl":3600}`)
	id := a.record(t).ID
	if !isID(id) {
		t.Errorf("id %q is not 32 hex digits", id)
	}
	stamp := a.record(t).CreatedOn
	compareJSON(t, fmt.Sprintf(`{"result":{"id":%q,"name":"a.example.com","type":"A","content":"192.0.2.1","proxiable":true,"proxied":false,"ttl":3600,
		"settings":{},"meta":{},"comment":null,"tags":[],"created_on":%q,"modified_on":%q},"success":true,"errors":[],"messages":[]}`, id, stamp, stamp), a.text)
	if len(stamp) != len("2026-01-02T03:04:05.678901Z") {
		t.Errorf("created_on is %q", stamp)
	}
}

// Rows 14 to 31 that succeed, and more of sections 3.2 to 3.4.
func TestPost_Accepted(t *testing.T) {
	data := func(d map[string]any) func(*Record) { return func(r *Record) { r.Data = d } }
	long := strings.Repeat("a", 255) + `" "` + strings.Repeat("a", 45)
	for _, c := range []struct {
		name, body string
		want       Record
	}{
		{"14 proxied", `{"type":"A","name":"@","content":"192.0.2.1","ttl":3600,"proxied":true}`,
			with(base("A", "example.com", "192.0.2.1", 1), func(r *Record) { r.Proxied = true })},
		{"15 name outside the zone", `{"type":"A","name":"x.example.org","content":"192.0.2.1"}`, base("A", "x.example.org.example.com", "192.0.2.1", 1)},
		{"name with the zone as a suffix only", `{"type":"A","name":"notexample.com","content":"192.0.2.1"}`, base("A", "notexample.com.example.com", "192.0.2.1", 1)},
		{"name with a final dot", `{"type":"A","name":"A.Example.com.","content":"192.0.2.1"}`, base("A", "a.example.com", "192.0.2.1", 1)},
		{"Unicode name", `{"type":"A","name":"Bücher","content":"192.0.2.1"}`, base("A", "xn--bcher-kva.example.com", "192.0.2.1", 1)},
		{"Unicode below an underscore", `{"type":"TXT","name":"_x.bücher","content":"\"a\""}`, base("TXT", "_x.xn--bcher-kva.example.com", `"a"`, 1)},
		{"wildcard", `{"type":"A","name":"*.example.com","content":"192.0.2.1","ttl":86400}`, base("A", "*.example.com", "192.0.2.1", 86400)},
		{"17 AAAA", `{"type":"AAAA","name":"a","content":"2001:0DB8:0::0001","ttl":60}`, base("AAAA", "a.example.com", "2001:db8::1", 60)},
		{"AAAA with IPv4 inside", `{"type":"AAAA","name":"a","content":"::ffff:192.0.2.1","ttl":60}`, base("AAAA", "a.example.com", "::ffff:192.0.2.1", 60)},
		{"18 CNAME", `{"type":"CNAME","name":"WWW.example.com","content":"Target.Example.NET.","ttl":1}`, base("CNAME", "www.example.com", "target.example.net", 1)},
		{"CNAME at the apex", `{"type":"CNAME","name":"@","content":"target.example.net"}`, base("CNAME", "example.com", "target.example.net", 1)},
		{"22 TXT quoted", `{"type":"TXT","name":"a","content":"\"v=spf1 -all\""}`, base("TXT", "a.example.com", `"v=spf1 -all"`, 1)},
		{"22 TXT unquoted", `{"type":"TXT","name":"a","content":"v=spf1 -all"}`, base("TXT", "a.example.com", `v=spf1 -all`, 1)},
		{"TXT unquoted with blanks at the end", `{"type":"TXT","name":"a","content":"V=x  "}`, base("TXT", "a.example.com", `V=x`, 1)},
		{"TXT unquoted and long", `{"type":"TXT","name":"a","content":"` + strings.Repeat("a", 300) + `"}`, base("TXT", "a.example.com", strings.Repeat("a", 300), 1)},
		{"23 TXT split again", `{"type":"TXT","name":"a","content":"\"` + strings.Repeat("a", 300) + `\""}`, base("TXT", "a.example.com", `"`+long+`"`, 1)},
		{"TXT with escapes", `{"type":"TXT","name":"a","content":"\"a\\\"b\\\\c\\228\" \"\""}`, base("TXT", "a.example.com", `"a\"b\\c\228" ""`, 1)},
		{"27 MX", `{"type":"MX","name":"a","content":"Mail.example.com.","priority":10}`,
			with(base("MX", "a.example.com", "mail.example.com", 1), func(r *Record) { r.Priority = number16(10) })},
		{"null MX", `{"type":"MX","name":"a","content":".","priority":0}`,
			with(base("MX", "a.example.com", ".", 1), func(r *Record) { r.Priority = number16(0) })},
		{"NS", `{"type":"NS","name":"sub","content":"ns1.example.net."}`, base("NS", "sub.example.com", "ns1.example.net", 1)},
		{"apex NS", `{"type":"NS","name":"example.com","content":"ns1.desec.io"}`, base("NS", "example.com", "ns1.desec.io", 1)},
		{"PTR", `{"type":"PTR","name":"1","content":"a.example.com."}`, base("PTR", "1.example.com", "a.example.com", 1)},
		{"OPENPGPKEY", `{"type":"OPENPGPKEY","name":"k","content":"aGVs bG8="}`, base("OPENPGPKEY", "k.example.com", "aGVsbG8=", 1)},
		{"28 SRV", `{"type":"SRV","name":"_sip._tcp","data":{"priority":10,"weight":20,"port":5060,"target":"Sip.example.com."}}`,
			with(base("SRV", "_sip._tcp.example.com", "20 5060 sip.example.com", 1), func(r *Record) {
				r.Priority = number16(10)
				r.Data = map[string]any{"priority": 10.0, "weight": 20.0, "port": 5060.0, "target": "sip.example.com"}
			})},
		{"SRV without service", `{"type":"SRV","name":"_sip._tcp","data":{"priority":0,"weight":0,"port":0,"target":"."}}`,
			with(base("SRV", "_sip._tcp.example.com", "0 0 .", 1), func(r *Record) {
				r.Priority = number16(0)
				r.Data = map[string]any{"priority": 0.0, "weight": 0.0, "port": 0.0, "target": "."}
			})},
		{"29 CAA", `{"type":"CAA","name":"@","data":{"flags":0,"tag":"issue","value":"letsencrypt.org"}}`,
			with(base("CAA", "example.com", `0 issue "letsencrypt.org"`, 1), data(map[string]any{"flags": 0.0, "tag": "issue", "value": "letsencrypt.org"}))},
		{"CAA with numbers as text", `{"type":"CAA","name":"@","data":{"flags":"128","tag":"issue","value":";"}}`,
			with(base("CAA", "example.com", `128 issue ";"`, 1), data(map[string]any{"flags": 128.0, "tag": "issue", "value": ";"}))},
		{"31 HTTPS", `{"type":"HTTPS","name":"a","data":{"priority":1,"target":".","value":"alpn=\"h2\""}}`,
			with(base("HTTPS", "a.example.com", `1 . alpn="h2"`, 1), data(map[string]any{"priority": 1.0, "target": ".", "value": `alpn="h2"`}))},
		{"SVCB alias keeps its dot", `{"type":"SVCB","name":"a","data":{"priority":0,"target":"svc.example.net.","value":""}}`,
			with(base("SVCB", "a.example.com", `0 svc.example.net.`, 1), data(map[string]any{"priority": 0.0, "target": "svc.example.net.", "value": ""}))},
		{"TLSA", `{"type":"TLSA","name":"_443._tcp","data":{"usage":3,"selector":1,"matching_type":1,"certificate":"AbCd"}}`,
			with(base("TLSA", "_443._tcp.example.com", `3 1 1 AbCd`, 1), data(map[string]any{"usage": 3.0, "selector": 1.0, "matching_type": 1.0, "certificate": "AbCd"}))},
		{"SMIMEA", `{"type":"SMIMEA","name":"x","data":{"usage":3,"selector":0,"matching_type":0,"certificate":"ab"}}`,
			with(base("SMIMEA", "x.example.com", `3 0 0 ab`, 1), data(map[string]any{"usage": 3.0, "selector": 0.0, "matching_type": 0.0, "certificate": "ab"}))},
		{"SSHFP", `{"type":"SSHFP","name":"x","data":{"algorithm":4,"type":2,"fingerprint":"859be6"}}`,
			with(base("SSHFP", "x.example.com", `4 2 859be6`, 1), data(map[string]any{"algorithm": 4.0, "type": 2.0, "fingerprint": "859be6"}))},
		{"CERT", `{"type":"CERT","name":"x","data":{"type":1,"key_tag":2,"algorithm":8,"certificate":"aGVsbG8="}}`,
			with(base("CERT", "x.example.com", `1 2 8 aGVsbG8=`, 1), data(map[string]any{"type": 1.0, "key_tag": 2.0, "algorithm": 8.0, "certificate": "aGVsbG8="}))},
		{"NAPTR", `{"type":"NAPTR","name":"x","data":{"order":30,"preference":100,"flags":"S","service":"SIP+D2T","regex":"","replacement":"_sip._tls.example.com."}}`,
			with(base("NAPTR", "x.example.com", `30 100 "S" "SIP+D2T" "" _sip._tls.example.com.`, 1), data(map[string]any{
				"order": 30.0, "preference": 100.0, "flags": "S", "service": "SIP+D2T", "regex": "", "replacement": "_sip._tls.example.com."}))},
		{"URI", `{"type":"URI","name":"x","priority":10,"data":{"weight":1,"target":"https://example.com/"}}`,
			with(base("URI", "x.example.com", `1 "https://example.com/"`, 1), func(r *Record) {
				r.Priority, r.Data = number16(10), map[string]any{"weight": 1.0, "target": "https://example.com/"}
			})},
		{"LOC", `{"type":"LOC","name":"x","data":{"lat_degrees":37,"lat_minutes":46,"lat_seconds":46,"lat_direction":"N","long_degrees":122,"long_minutes":23,"long_seconds":35,` +
			`"long_direction":"W","altitude":0,"size":100,"precision_horz":0,"precision_vert":0}}`,
			with(base("LOC", "x.example.com", `37 46 46.000 N 122 23 35.000 W 0.00 100.00 0.00 0.00`, 1), data(map[string]any{
				"lat_degrees": 37.0, "lat_minutes": 46.0, "lat_seconds": 46.0, "lat_direction": "N", "long_degrees": 122.0, "long_minutes": 23.0, "long_seconds": 35.0,
				"long_direction": "W", "altitude": 0.0, "size": 100.0, "precision_horz": 0.0, "precision_vert": 0.0}))},
		{"comment", `{"type":"A","name":"a","content":"192.0.2.1","comment":"` + strings.Repeat("ä", 100) + `"}`,
			with(base("A", "a.example.com", "192.0.2.1", 1), func(r *Record) { c := strings.Repeat("ä", 100); r.Comment = &c })},
		{"empty comment and null tags", `{"type":"A","name":"a","content":"192.0.2.1","comment":"","tags":null,"settings":null}`, base("A", "a.example.com", "192.0.2.1", 1)},
		{"unknown and gone fields", `{"type":"A","name":"a","content":"192.0.2.1","zone_id":"x","locked":true}`, base("A", "a.example.com", "192.0.2.1", 1)},
		{"fractions that are whole", `{"type":"A","name":"a","content":"192.0.2.1","ttl":300.0}`, base("A", "a.example.com", "192.0.2.1", 300)},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(t)
			got := f.post(c.body).record(t)
			if diff := cmp.Diff(c.want, got, ignoreVarying); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			held := f.Records("example.com")
			if len(held) != 1 || held[0].ID != got.ID || held[0].Content != got.Content {
				t.Errorf("held: %+v", held)
			}
			if read := f.call("GET", records+"/"+got.ID, "").record(t); cmp.Diff(got, read) != "" {
				t.Errorf("read back: %+v", read)
			}
		})
	}
}

// Rows 11 to 35 that fail, and more of sections 3 and 4.6. Some records are there before.
func TestPost_Refused(t *testing.T) {
	before := []string{
		`{"type":"A","name":"a","content":"192.0.2.1","ttl":3600}`,
		`{"type":"CNAME","name":"www","content":"target.example.net"}`,
		`{"type":"NS","name":"sub","content":"ns1.example.net"}`,
		`{"type":"MX","name":"a","content":"mail.example.net","priority":10}`,
		`{"type":"TXT","name":"big","content":"\"` + strings.Repeat("x", 250) + `\""}`,
	}
	const loc = `"lat_degrees":91,"lat_minutes":0,"lat_seconds":0,"lat_direction":"N","long_degrees":0,"long_minutes":0,"long_seconds":0,"long_direction":"W","altitude":0,"size":0,"precision_horz":0,"precision_vert":0`
	for _, c := range []struct {
		name, body string
		code       int
	}{
		{"11 identical", `{"type":"A","name":"a.example.com","content":"192.0.2.1","ttl":60}`, 81058},
		{"identical but for case", `{"type":"CNAME","name":"WWW","content":"TARGET.example.net."}`, 81058},
		{"12 bad address", `{"type":"A","name":"b","content":"192.0.2.999"}`, 9005},
		{"short address", `{"type":"A","name":"b","content":"10.1"}`, 9005},
		{"IPv6 in A", `{"type":"A","name":"b","content":"2001:db8::1"}`, 9005},
		{"IPv4 in AAAA", `{"type":"AAAA","name":"b","content":"192.0.2.1"}`, 9006},
		{"13 TTL too small", `{"type":"A","name":"b","content":"192.0.2.1","ttl":30}`, 9021},
		{"TTL too large", `{"type":"A","name":"b","content":"192.0.2.1","ttl":86401}`, 9021},
		{"TTL 0", `{"type":"A","name":"b","content":"192.0.2.1","ttl":0}`, 9021},
		{"TTL with a fraction", `{"type":"A","name":"b","content":"192.0.2.1","ttl":60.5}`, placeholder},
		{"16 double dot", `{"type":"A","name":"a..example.com","content":"192.0.2.1"}`, 9000},
		{"empty name", `{"type":"A","name":"","content":"192.0.2.1"}`, 9000},
		{"long label", `{"type":"A","name":"` + strings.Repeat("a", 64) + `","content":"192.0.2.1"}`, 9000},
		{"long name", `{"type":"A","name":"` + strings.Repeat("abcdefg.", 31) + `b","content":"192.0.2.1"}`, 9000},
		{"blank in name", `{"type":"A","name":"a b","content":"192.0.2.1"}`, 9000},
		{"19 CNAME beside A", `{"type":"CNAME","name":"a","content":"x.example.net"}`, 81053},
		{"second CNAME", `{"type":"CNAME","name":"www","content":"x.example.net"}`, 81053},
		{"20 A beside CNAME", `{"type":"A","name":"www","content":"192.0.2.1"}`, 81054},
		{"CNAME to itself", `{"type":"CNAME","name":"self","content":"Self.example.com."}`, placeholder},
		{"CNAME to an address", `{"type":"CNAME","name":"b","content":"192.0.2.1"}`, 9007},
		{"CNAME to nothing", `{"type":"CNAME","name":"b","content":"a..b"}`, 9007},
		{"24 TXT too long", `{"type":"TXT","name":"b","content":"` + strings.Repeat(`\"`+strings.Repeat("a", 250)+`\" `, 20) + `"}`, 9015},
		{"TXT not closed", `{"type":"TXT","name":"b","content":"\"abc"}`, placeholder},
		{"TXT with text after the quote", `{"type":"TXT","name":"b","content":"\"abc\"def"}`, placeholder},
		{"TXT with one quote inside", `{"type":"TXT","name":"b","content":"ab\"c"}`, placeholder},
		{"TXT with a bad escape", `{"type":"TXT","name":"b","content":"\"a\\999\""}`, placeholder},
		{"TXT with a backslash at the end", `{"type":"TXT","name":"b","content":"a\\"}`, placeholder},
		{"TXT empty", `{"type":"TXT","name":"b","content":"\"\""}`, placeholder},
		{"25 TXT proxied", `{"type":"TXT","name":"b","content":"\"a\"","proxied":true}`, 9004},
		{"MX proxied", `{"type":"MX","name":"b","content":"m.example.net","priority":1,"proxied":true}`, 9004},
		{"proxied to Cloudflare", `{"type":"A","name":"b","content":"104.16.0.1","proxied":true}`, 9003},
		{"26 MX without priority", `{"type":"MX","name":"b","content":"mail.example.com"}`, 9100},
		{"MX priority out of range", `{"type":"MX","name":"b","content":"mail.example.com","priority":65536}`, placeholder},
		{"MX identical", `{"type":"MX","name":"a","content":"mail.example.net","priority":10}`, 81058},
		{"URI without priority", `{"type":"URI","name":"b","data":{"weight":1,"target":"https://example.com/"}}`, 9100},
		{"30 DS with content only", `{"type":"DS","name":"sub","content":"1 13 2 ABCD"}`, 9101},
		{"SRV without port", `{"type":"SRV","name":"_s._tcp","data":{"priority":1,"weight":1,"target":"x.example.net"}}`, 9101},
		{"SRV with service in data", `{"type":"SRV","name":"b","data":{"service":"_s","proto":"_tcp","name":"b","priority":1,"weight":1,"port":1,"target":"x.example.net"}}`, placeholder},
		{"CAA with an empty tag", `{"type":"CAA","name":"b","data":{"flags":0,"tag":"","value":"x"}}`, 9101},
		{"CAA flags out of range", `{"type":"CAA","name":"b","data":{"flags":256,"tag":"issue","value":"x"}}`, placeholder},
		{"TLSA without hex", `{"type":"TLSA","name":"b","data":{"usage":3,"selector":1,"matching_type":1,"certificate":"xyz"}}`, placeholder},
		{"CERT without base64", `{"type":"CERT","name":"b","data":{"type":1,"key_tag":2,"algorithm":8,"certificate":"*"}}`, placeholder},
		{"HTTPS with bad parameters", `{"type":"HTTPS","name":"b","data":{"priority":1,"target":".","value":"port=x"}}`, 9007},
		{"LOC beyond the pole", `{"type":"LOC","name":"b","data":{` + loc + `}}`, placeholder},
		{"32 A where NS are", `{"type":"A","name":"sub","content":"192.0.2.1"}`, 81056},
		{"CNAME where NS are", `{"type":"CNAME","name":"sub","content":"x.example.net"}`, 81056},
		{"33 DS without NS", `{"type":"DS","name":"nosub","data":{"key_tag":1,"algorithm":13,"digest_type":2,"digest":"abcd"}}`, placeholder},
		{"33 own apex NS", `{"type":"NS","name":"@","content":"ada.ns.cloudflare.com"}`, placeholder},
		{"own NS for a child zone", `{"type":"NS","name":"child","content":"Bob.ns.cloudflare.com."}`, placeholder},
		{"33 DNSKEY without multi-signer", `{"type":"DNSKEY","name":"@","data":{"flags":256,"protocol":3,"algorithm":13,"public_key":"aGVsbG8="}}`, placeholder},
		{"34 tags on Free", `{"type":"A","name":"b","content":"192.0.2.1","tags":["a:b"]}`, 9300},
		{"comment too long", `{"type":"A","name":"b","content":"192.0.2.1","comment":"` + strings.Repeat("x", 101) + `"}`, placeholder},
		{"comment of two lines", `{"type":"A","name":"b","content":"192.0.2.1","comment":"a\nb"}`, placeholder},
		{"flatten_cname on Free", `{"type":"CNAME","name":"b","content":"x.example.net","settings":{"flatten_cname":true}}`, placeholder},
		{"ipv4_only unproxied", `{"type":"A","name":"b","content":"192.0.2.1","settings":{"ipv4_only":true}}`, placeholder},
		{"type that is not offered", `{"type":"SOA","name":"b","content":"x"}`, 9002},
		{"type CDS", `{"type":"CDS","name":"@","content":"1 13 2 ab"}`, 9002},
		{"type in lower case", `{"type":"a","name":"b","content":"192.0.2.1"}`, 9002},
		{"no type", `{"name":"b","content":"192.0.2.1"}`, placeholder},
		{"no content", `{"type":"A","name":"b"}`, placeholder},
		{"NS beside an address", `{"type":"NS","name":"a","content":"ns1.example.net"}`, 81055},
		{"OPENPGPKEY too long", `{"type":"OPENPGPKEY","name":"b","content":"` + strings.Repeat("AAAA", 1366) + `"}`, 9015},
		{"TLSA too long", `{"type":"TLSA","name":"b","data":{"usage":3,"selector":0,"matching_type":0,"certificate":"` + strings.Repeat("ab", 4094) + `"}}`, 9015},
		{"no JSON", `{`, 9207},
		{"a list", `[]`, 9207},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(t)
			for _, body := range before {
				f.add(body)
			}
			f.refused(400, c.code, func() answer { return f.post(c.body) })
		})
	}
}

// Row 21, and what else may stand beside a CNAME here.
func TestPost_CNAMEIsLessExclusiveThanInDNS(t *testing.T) {
	f := newFake(t)
	f.add(`{"type":"CNAME","name":"www","content":"target.example.net"}`)
	f.add(`{"type":"TXT","name":"www","content":"\"a\""}`)
	f.add(`{"type":"MX","name":"www","content":"mail.example.net","priority":1}`)
	f.add(`{"type":"MX","name":"www","content":"mail.example.net","priority":2}`)
	if n := len(f.Records("example.com")); n != 4 {
		t.Errorf("%d records, want 4", n)
	}
}

func TestPost_ApexHoldsAddressesBesideForeignNS(t *testing.T) {
	f := newFake(t)
	f.add(`{"type":"NS","name":"@","content":"ns1.desec.io"}`)
	f.add(`{"type":"A","name":"@","content":"192.0.2.1"}`)
}

func TestPost_AllTXTOfOneNameTogether(t *testing.T) {
	f := newFake(t)
	block := strings.Repeat(`\"`+strings.Repeat("x", 250)+`\" `, 15)
	f.add(`{"type":"TXT","name":"a","content":"` + block + `"}`)
	f.add(`{"type":"TXT","name":"a","content":"` + block + `\"y\""}`)
	f.add(`{"type":"TXT","name":"b","content":"` + block + `"}`)
	f.refused(400, 83011, func() answer { return f.post(`{"type":"TXT","name":"a","content":"` + block + `\"z\""}`) })
}

func TestPost_PaidPlanTakesTagsAndLongComments(t *testing.T) {
	f := newFake(t)
	const path = "/zones/" + proZoneID + "/dns_records"
	r := f.call("POST", path, `{"type":"A","name":"a","content":"192.0.2.1","tags":["team:dns","x"],"comment":"`+strings.Repeat("x", 500)+`"}`).record(t)
	if diff := cmp.Diff([]string{"team:dns", "x"}, r.Tags); diff != "" || r.TagsModifiedOn == "" || r.CommentModifiedOn == "" {
		t.Errorf("got %+v", r)
	}
	for _, tag := range []string{"cf-x:y", "a b:c", "", ":v", "n:" + strings.Repeat("v", 101)} {
		if a := f.call("POST", path, fmt.Sprintf(`{"type":"A","name":"b","content":"192.0.2.1","tags":[%q]}`, tag)); a.status != 400 {
			t.Errorf("tag %q: %d", tag, a.status)
		}
	}
	if a := f.call("POST", path, `{"type":"CNAME","name":"c","content":"x.example.org","settings":{"flatten_cname":true}}`); a.record(t).Settings["flatten_cname"] != true {
		t.Errorf("got %s", a.text)
	}
}

func TestPost_RefusedForItsZone(t *testing.T) {
	server := New(Options{Token: token, Zones: []Zone{{ID: zoneID, Name: "example.tk"}}})
	f := newFake(t)
	f.Server = server
	if a := f.post(`{"type":"A","name":"a","content":"192.0.2.1"}`); a.status != 403 || a.code() != 1038 {
		t.Errorf("in a free top-level domain: %s", a.text)
	}
	f = newFake(t)
	f.SetEmailRouting("example.com", true)
	mx := `{"type":"MX","name":"%s","content":"mail.example.net","priority":10}`
	if a := f.post(fmt.Sprintf(mx, "@")); a.status != 403 || a.code() != 890190 {
		t.Errorf("the MX under Email Routing: %s", a.text)
	}
	f.add(fmt.Sprintf(mx, "sub"))
	f.SetEmailRouting("example.com", false)
	f.add(fmt.Sprintf(mx, "@"))
}

func TestList_ByTypeThenNameWithoutAnOrder(t *testing.T) {
	f := newFake(t)
	f.add(`{"type":"TXT","name":"a","content":"\"a\""}`)
	f.add(`{"type":"A","name":"z","content":"192.0.2.1"}`)
	f.add(`{"type":"A","name":"b","content":"192.0.2.1"}`)
	var rows []Record
	if err := json.Unmarshal(f.call("GET", records, "").Result, &rows); err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, r := range rows {
		got += r.Type + " " + r.Name + "; "
	}
	if want := "A b.example.com; A z.example.com; TXT a.example.com; "; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestPublished_HTTPSAtAProxiedNameIsCloudflares(t *testing.T) {
	f := newFake(t)
	for _, name := range []string{"plain", "proxied"} {
		f.add(`{"type":"HTTPS","name":"` + name + `","data":{"priority":1,"target":".","value":"alpn=\"h2\""}}`)
	}
	f.add(`{"type":"A","name":"plain","content":"192.0.2.1"}`)
	f.add(`{"type":"A","name":"proxied","content":"192.0.2.1","proxied":true}`)
	served := ""
	for _, set := range f.Published("example.com") {
		if set.Type == "HTTPS" {
			served += set.Name
		}
	}
	if served != "plain.example.com." {
		t.Errorf("HTTPS is served at %s", served)
	}
}

// Row 35.
func TestPost_QuotaOfRecords(t *testing.T) {
	f := newFake(t)
	for i := range 200 {
		f.add(fmt.Sprintf(`{"type":"A","name":"a%d","content":"192.0.2.1"}`, i))
	}
	f.refused(400, 81045, func() answer { return f.post(`{"type":"A","name":"more","content":"192.0.2.1"}`) })
	// A delete makes room in the same batch, because deletes go first.
	id := f.Records("example.com")[0].ID
	if a := f.batch(`{"posts":[{"type":"A","name":"more","content":"192.0.2.1"}],"deletes":[{"id":"` + id + `"}]}`); a.status != 200 {
		t.Errorf("%d %s", a.status, a.text)
	}
}
