package cloudflare

import (
	"encoding/json"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// FuzzDecodeRecords: no answer makes the client panic, and every record that is taken has what the rest relies on.
func FuzzDecodeRecords(f *testing.F) {
	f.Add([]byte(`[` + rec("1", "a.example.com", "192.0.2.1") + `]`))
	f.Add([]byte(`[{"id":"1","name":"a.example.com","type":"SRV","ttl":1,"priority":10,"data":{"priority":10,"weight":20,"port":5060,"target":false}}]`))
	f.Add([]byte(`[{"id":"1","name":"a.example.com","type":"LOC","ttl":"60","data":{"lat_degrees":1e999}}]`))
	f.Add([]byte(`[{"id":"1","name":"a.example.com","type":"HTTPS","ttl":60.0,"data":{"priority":"1","target":"","value":"\\"}}]`))
	f.Add([]byte(`[{"id":"1","name":"","type":"TXT","ttl":60,"content":"\"","tags":[null],"meta":{"read_only":true}}]`))
	f.Add([]byte(`[null]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		records, ok := decodeRecords(body)
		if !ok {
			return
		}
		total := 0
		for _, set := range assemble(testZone, records) {
			if len(set.Values) == 0 || set.Name == "" || set.Type == "" {
				t.Errorf("%+v", set)
			}
			total += len(set.Handle.(*handle).records)
		}
		for _, r := range records {
			if r.Type == "SOA" {
				total++
			}
		}
		if total != len(records) {
			t.Errorf("%d records, %d of them held", len(records), total)
		}
		wholeNames(records)
		unique(records)
	})
}

// FuzzJudge: no answer makes the client panic, and only Cloudflare's own word makes one a success.
func FuzzJudge(f *testing.F) {
	f.Add(200, []byte(`{"success":false,"errors":[{"code":1005,"message":"x","error_chain":[{"code":"7"}]}]}`))
	f.Add(400, []byte(`{"success":false,"errors":"none"}`))
	f.Add(500, []byte(`{"success":true,"result_info":[]}`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if !json.Valid(body) {
			return
		}
		err := classified("POST", status, string(body))
		if env, ok := decodeEnvelope(body); err == nil && status >= 200 && status < 300 && status != 204 && (!ok || !env.Success) {
			t.Errorf("%d %s is success", status, body)
		}
		if err != nil && len(err.Error()) > 1000 {
			t.Errorf("an error of %d bytes", len(err.Error()))
		}
	})
}

// FuzzRoundTrip: what is sent for a canonical value means the same when it comes back.
func FuzzRoundTrip(f *testing.F) {
	f.Add("CAA", `0 issue "a\"b\\c"`)
	f.Add("HTTPS", `1 . alpn=h2,h3 key65333="a b"`)
	f.Add("LOC", `52 22 23.000 N 4 53 32.000 E -2.00m 1.00m 20.00m 10.00m`)
	f.Add("NAPTR", `1 2 "U" "E2U+sip" "!^(.*)$!sip:\\1@example.com!" .`)
	f.Add("SRV", `0 0 0 .`)
	f.Add("TXT", `"a\000\255"`)
	f.Add("URI", `10 1 "https://example.com/?a=b c"`)
	f.Add("MX", `0 .`)
	f.Fuzz(func(t *testing.T, typ, value string) {
		canonical, err := rrset.Canonical(typ, value)
		if err != nil {
			return
		}
		var sent attributes
		if err := sent.setValue(typ, canonical); err != nil {
			return
		}
		body, err := json.Marshal(post{Name: "a.example.com", Type: typ, attributes: sent})
		if err != nil {
			t.Fatalf("%s %s: %v", typ, canonical, err)
		}
		var answer map[string]any
		if err := json.Unmarshal(body, &answer); err != nil {
			t.Fatal(err)
		}
		answer["id"], answer["ttl"] = "1", 300
		body, err = json.Marshal(answer)
		if err != nil {
			t.Fatal(err)
		}
		if r, ok := decodeRecord(body); !ok || r.Value != canonical {
			t.Errorf("%s %s came back as %s", typ, canonical, r.Value)
		}
	})
}
