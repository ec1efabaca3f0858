package rrset

import "testing"

func TestKey_Excludes(t *testing.T) {
	for _, test := range []struct {
		name, a, b string
		want       bool
	}{
		{"www", "CNAME", "A", true},
		{"www", "CNAME", "CNAME", false},
		{"www", "CNAME", "DS", true},
		{"www", "A", "AAAA", false},
		{"sub", "NS", "A", true},
		{"sub", "NS", "NS", false},
		{"sub", "NS", "DS", false},
		{"@", "NS", "A", false},
		{"@", "NS", "DNSKEY", false},
	} {
		a, b := mustKey(t, "example.com", test.name, test.a), mustKey(t, "example.com", test.name, test.b)
		if a.Excludes(b) != test.want || b.Excludes(a) != test.want {
			t.Errorf("%s: %s and %s: want %t", test.name, test.a, test.b, test.want)
		}
	}
	if mustKey(t, "example.com", "www", "CNAME").Excludes(mustKey(t, "example.com", "web", "A")) {
		t.Error("RRsets of two names exclude each other")
	}
}
