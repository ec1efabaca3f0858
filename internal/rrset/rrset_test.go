package rrset

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func mustKey(t *testing.T, zone, name, typ string) Key {
	t.Helper()
	key, err := NewKey(zone, name, typ)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestRRset_EqualByMeaning(t *testing.T) {
	key := mustKey(t, "example.com", "@", "MX")
	a, err := New(key, 3600, []string{"10 MAIL.example.net", "20 b.example.net."})
	if err != nil {
		t.Fatal(err)
	}
	b, err := New(key, 3600, []string{"20  b.example.net", "010 mail.example.net.", "10 mail.example.net."})
	if err != nil {
		t.Fatal(err)
	}
	if !a.Equal(b) || !a.SameValues(b) {
		t.Errorf("unequal: %v and %v", a, b)
	}
	b.TTL = 60
	if a.Equal(b) || !a.SameValues(b) {
		t.Error("the TTL must decide Equal and not SameValues")
	}
	b.TTL = a.TTL
	b.Key = mustKey(t, "example.com", "sub", "MX")
	if a.Equal(b) || !a.SameValues(b) {
		t.Error("the name must decide Equal and not SameValues")
	}
	if target := Observed(key.WithType("CNAME"), 3600, []string{"a.example.net."}); target.SameValues(Observed(key.WithType("NS"), 3600, target.Values)) {
		t.Error("values of two types are taken to be the same")
	}
	c := Observed(key, 3600, []string{"10 mail.example.net."})
	if a.SameValues(c) || a.Equal(c) {
		t.Error("a missing value must be a difference")
	}
}

func TestRRset_ObservedKeepsWhatHasNoCanonicalForm(t *testing.T) {
	key := Key{Zone: "example.com.", Name: "example.com.", Type: "MX"}
	got := Observed(key, 1, []string{"10 _odd.example.net.", "10 A.example.net."})
	if diff := cmp.Diff([]string{"10 _odd.example.net.", "10 a.example.net."}, got.Values); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	other := Observed(key.WithType("HINFO"), 1, []string{`"b" "c"`, ` "a" "c"`})
	if diff := cmp.Diff([]string{`"a" "c"`, `"b" "c"`}, other.Values); diff != "" {
		t.Errorf("values of a foreign type (-want +got):\n%s", diff)
	}
}

func TestNew_TTLBeyondTheProtocolRejected(t *testing.T) {
	_, err := New(mustKey(t, "example.com", "www", "A"), 1<<31, []string{"192.0.2.1"})
	if wrong, ok := errors.AsType[*FieldError](err); !ok || wrong.Field != "ttl" {
		t.Errorf("got %v", err)
	}
}

func TestRRset_Validate(t *testing.T) {
	tests := []struct {
		name   string
		owner  string
		typ    string
		values []string
		field  string
		says   string
	}{
		{"ApexCNAMERejected", "@", "CNAME", []string{"a.example.net"}, "type", "apex"},
		{"TwoCNAMEsRejected", "www", "CNAME", []string{"a.example.net", "b.example.net"}, "values", "keep one"},
		{"CNAMEToItselfRejected", "www", "CNAME", []string{"WWW.example.com"}, "values", "points to itself"},
		{"ApexDSRejected", "@", "DS", nil, "type", "parent zone"},
		{"DNSKEYOffApexRejected", "www", "DNSKEY", nil, "name", `write "@"`},
		{"NoValuesRejected", "www", "A", nil, "values", "at least one"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			key := Key{Zone: "example.com.", Name: "example.com.", Type: test.typ}
			if test.owner != "@" {
				key.Name = test.owner + ".example.com."
			}
			wrong := Validate(Observed(key, 3600, test.values))
			if !slices.ContainsFunc(wrong, func(e FieldError) bool {
				return e.Field == test.field && strings.Contains(e.Message, test.says)
			}) {
				t.Errorf("got %v, want %s: …%s…", wrong, test.field, test.says)
			}
		})
	}
	for _, key := range []Key{
		{"example.com.", "a.*.example.com.", "A"},
		{"example.com.", "a*.example.com.", "A"},
		{"example.com.", "www.example.com.", "SOA"},
		{"example.com.", "www.example.org.", "A"},
	} {
		if wrong := Validate(RRset{Key: key, TTL: 60, Values: []string{"192.0.2.1"}}); len(wrong) == 0 {
			t.Errorf("%v is taken to be right", key)
		}
	}
	fine, err := New(mustKey(t, "example.com", "*.sub", "CNAME"), 60, []string{"www.example.com"})
	if err != nil || len(Validate(fine)) > 0 {
		t.Errorf("a wildcard CNAME is refused: %v %v", err, Validate(fine))
	}
}
