package cloudflare

import (
	"encoding/json"
	"strings"
	"testing"

	"codeberg.org/miekg/dns"
	"github.com/google/go-cmp/cmp"
)

const dnssec = "/zones/" + zoneID + "/dnssec"

// Rows 46 and 47. The key tags and the digest are computed by the DNS library from the keys.
func TestDNSSEC_KeysAppearStepByStep(t *testing.T) {
	f := newFake(t)
	type view struct {
		Status      string
		Flags       *int
		KeyTag      *int `json:"key_tag"`
		DS          *string
		PublicKey   *string `json:"public_key"`
		Digest      *string
		MultiSigner bool `json:"dnssec_multi_signer"`
	}
	read := func(a answer) (v view) {
		if err := json.Unmarshal(a.Result, &v); err != nil {
			t.Fatalf("%v in %d %s", err, a.status, a.text)
		}
		return v
	}
	if diff := cmp.Diff(view{Status: "disabled"}, read(f.call("GET", dnssec, ""))); diff != "" {
		t.Errorf("at the start (-want +got):\n%s", diff)
	}
	if got := read(f.call("PATCH", dnssec, `{"status":"active"}`)); got.Status != "pending" || got.MultiSigner {
		t.Errorf("got %+v", got)
	}
	if got := string(f.call("GET", dnssec+"/zsk", "").Result); got != "[]" {
		t.Errorf("zsk before multi-signer: %s", got)
	}
	v := read(f.call("PATCH", dnssec, `{"dnssec_multi_signer":true}`))
	key := parse[*dns.DNSKEY](t, "example.com. 3600 IN DNSKEY 257 3 13 "+*v.PublicKey)
	ds := key.ToDS(dns.SHA256)
	if key.KeyTag() != 2371 || *v.KeyTag != 2371 || *v.Flags != 257 || !strings.EqualFold(ds.Digest, *v.Digest) {
		t.Errorf("the key does not fit: tag %d, DS %v, answer %+v", key.KeyTag(), ds, v)
	}
	if got := parse[*dns.DS](t, *v.DS); got.KeyTag != ds.KeyTag || !strings.EqualFold(got.Digest, ds.Digest) || got.Algorithm != 13 {
		t.Errorf("ds is %v, want %v", got, ds)
	}
	var zsk []struct {
		DNSKEY struct {
			Flags, Protocol, Algorithm int
			PublicKey                  string
		}
		Tag string
	}
	if err := json.Unmarshal(f.call("GET", dnssec+"/zsk", "").Result, &zsk); err != nil || len(zsk) != 1 {
		t.Fatalf("%v %+v", err, zsk)
	}
	if tag := parse[*dns.DNSKEY](t, "example.com. 3600 IN DNSKEY 256 3 13 "+zsk[0].DNSKEY.PublicKey).KeyTag(); tag != 34505 || zsk[0].Tag != "active" {
		t.Errorf("key tag %d, %q", tag, zsk[0].Tag)
	}
	if got := sets(f.Signing("example.com").Own("example.com."), "example.com.")["DNSKEY"]; len(got.Values) != 2 {
		t.Errorf("served keys: %v", got)
	}
}

func parse[T dns.RR](t *testing.T, text string) T {
	t.Helper()
	rr, err := dns.New(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	typed, ok := rr.(T)
	if !ok {
		t.Fatalf("%s is a %T", text, rr)
	}
	return typed
}

func TestDNSSEC_ForeignKeysNeedMultiSigner(t *testing.T) {
	f := newFake(t)
	const key = `{"type":"DNSKEY","name":"@","ttl":3600,"data":{"flags":257,"protocol":3,"algorithm":13,"public_key":"aGVsbG8="}}`
	if a := f.call("PATCH", dnssec, `{"status":"on"}`); a.status != 400 || a.code() != 1002 {
		t.Errorf("%d %s", a.status, a.text)
	}
	f.call("PATCH", dnssec, `{"status":"active"}`)
	f.refused(400, placeholder, func() answer { return f.post(key) })
	f.call("PATCH", dnssec, `{"dnssec_multi_signer":true}`)
	f.add(key)
	f.refused(400, placeholder, func() answer { return f.post(strings.Replace(key, "@", "sub", 1)) })
	if got := sets(f.Published("example.com"), "example.com.")["DNSKEY"]; len(got.Values) != 1 {
		t.Errorf("served keys: %v", got)
	}
}
