package rrset

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNewKey_SpellingsOfOneName(t *testing.T) {
	long := strings.Repeat("a", 63)
	tests := []struct{ zone, name, typ, id, fqdn string }{
		{"example.com", "www", "A", "example.com/www/A", "www.example.com."},
		{"Example.COM.", "WWW", "a", "example.com/www/A", "www.example.com."},
		{"example.com", "www.example.com", "A", "example.com/www/A", "www.example.com."},
		{"example.com", "WWW.example.com.", "A", "example.com/www/A", "www.example.com."},
		{"example.com", "@", "MX", "example.com/@/MX", "example.com."},
		{"example.com", "example.com", "MX", "example.com/@/MX", "example.com."},
		{"example.com", "EXAMPLE.com.", "MX", "example.com/@/MX", "example.com."},
		{"example.com", "*", "A", "example.com/*/A", "*.example.com."},
		{"example.com", "*.sub", "A", "example.com/*.sub/A", "*.sub.example.com."},
		{"example.com", "_dmarc", "TXT", "example.com/_dmarc/TXT", "_dmarc.example.com."},
		{"example.com", "-a-", "TXT", "example.com/-a-/TXT", "-a-.example.com."},
		{"example.com", "a.b.c", "A", "example.com/a.b.c/A", "a.b.c.example.com."},
		{"example.com", "com", "A", "example.com/com/A", "com.example.com."},
		{"example.com", "www.example.org.example.com.", "A", "example.com/www.example.org/A", "www.example.org.example.com."},
		{"example.com", "www.example.com.example.com", "A", "example.com/www.example.com.example.com./A", "www.example.com.example.com."},
		{"example.com", "notexample.com.example.com", "A", "example.com/notexample.com/A", "notexample.com.example.com."},
		{"2.0.192.in-addr.arpa", "1", "PTR", "2.0.192.in-addr.arpa/1/PTR", "1.2.0.192.in-addr.arpa."},
		{"example.com", long, "A", "example.com/" + long + "/A", long + ".example.com."},
		{"xn--bcher-kva.example", "www", "A", "xn--bcher-kva.example/www/A", "www.xn--bcher-kva.example."},
	}
	for _, test := range tests {
		t.Run(test.zone+" "+test.name, func(t *testing.T) {
			key, err := NewKey(test.zone, test.name, test.typ)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.id, key.ID()); diff != "" {
				t.Errorf("ID (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.fqdn, key.Name); diff != "" {
				t.Errorf("name (-want +got):\n%s", diff)
			}
			again, err := ParseID(key.ID())
			if err != nil || again != key {
				t.Errorf("ParseID(%q) = %v, %v", key.ID(), again, err)
			}
		})
	}
}

func TestNewKey_Refused(t *testing.T) {
	long := strings.Repeat("a", 63)
	tests := []struct{ zone, name, typ, field, message string }{
		{"", "www", "A", "zone", "write the name of the zone"},
		{".", "www", "A", "zone", "names nothing"},
		{"bücher.example", "www", "A", "zone", `write it as "xn--bcher-kva.example"`},
		{"exa mple.com", "www", "A", "zone", `holds " "`},
		{"example..com", "www", "A", "zone", "empty label"},
		{"example._com", "www", "A", "zone", "underscore"},
		{strings.Repeat(long+".", 4) + "example", "www", "A", "zone", "253"},
		{"example.com", "", "A", "name", `write "@"`},
		{"example.com", ".", "A", "name", "not in the zone"},
		{"example.com", "www.example.org.", "A", "name", "not in the zone example.com."},
		{"example.com", "notexample.com.", "A", "name", "not in the zone example.com."},
		{"example.com", "notexample.com", "A", "name", "notexample.com.example.com."},
		{"example.com", "www.example.org", "A", "name", "with a dot at the end: www.example.org.example.com."},
		{"example.com", "www.", "A", "name", "not in the zone"},
		{"example.com", "com.", "A", "name", "not in the zone"},
		{"example.com", "bücher", "A", "name", `write it as "xn--bcher-kva"`},
		{"example.com", `a\.b`, "A", "name", "escape"},
		{"example.com", "a..b", "A", "name", "empty label"},
		{"example.com", ".www", "A", "name", "empty label"},
		{"example.com", "www..", "A", "name", "not in the zone"},
		{"example.com", "a b", "A", "name", `holds " "`},
		{"example.com", "a/b", "A", "name", `holds "/"`},
		{"example.com", "a.*", "A", "name", "first label"},
		{"example.com", "a*", "A", "name", "label of its own"},
		{"example.com", "@.www", "A", "name", "whole name"},
		{"example.com", long + "a", "A", "name", "63 are the most"},
		{strings.Repeat(long+".", 2) + "example", strings.Join([]string{long, long}, "."), "A", "name", "253 are the most"},
		{"example.com", "www", "", "type", "the type is empty"},
		{"example.com", "www", "SOA", "type", "each operator makes its own"},
		{"example.com", "www", "TYPE65", "type", "by number"},
		{"example.com", "www", "ALIAS", "type", "not a DNS type"},
		{"example.com", "www", "BOGUS", "type", "every operator"},
	}
	for _, test := range tests {
		t.Run(test.zone+" "+test.name+" "+test.typ, func(t *testing.T) {
			key, err := NewKey(test.zone, test.name, test.typ)
			wrong, ok := errors.AsType[*FieldError](err)
			if !ok {
				t.Fatalf("got %v, %v; want a FieldError", key, err)
			}
			if wrong.Field != test.field || !strings.Contains(wrong.Message, test.message) {
				t.Errorf("got %s: %q; want %s: …%s…", wrong.Field, wrong.Message, test.field, test.message)
			}
		})
	}
}

func TestParseID_NameInFull(t *testing.T) {
	key, err := ParseID("Example.com/www.example.org.example.com/a")
	if err != nil {
		t.Fatal(err)
	}
	want := Key{Zone: "example.com.", Name: "www.example.org.example.com.", Type: "A"}
	if diff := cmp.Diff(want, key); diff != "" {
		t.Errorf("key (-want +got):\n%s", diff)
	}
}

func TestParseID_ShowsExpectedAndReceived(t *testing.T) {
	for _, id := range []string{"", "example.com", "example.com/www", "example.com//A", "/www/A", "example.com/www/", "a/b/c/d", "example.com/a b/A", "example.com/www/SOA"} {
		_, err := ParseID(id)
		if err == nil || !strings.Contains(err.Error(), "expected zone/name/type") || !strings.Contains(err.Error(), quoteShort(id)) {
			t.Errorf("ParseID(%q): %v", id, err)
		}
	}
}

func TestKey_WithType(t *testing.T) {
	key := Key{Zone: "example.com.", Name: "www.example.com.", Type: "A"}
	if got := key.WithType("cname"); got.Type != "CNAME" || got.Name != key.Name || key.Type != "A" {
		t.Errorf("got %v from %v", got, key)
	}
	if got := key.String(); got != "www.example.com. A" {
		t.Errorf("String() = %q", got)
	}
}

func TestNewKey_UnicodeRefusedWithTheALabel(t *testing.T) {
	tests := []struct{ name, says string }{
		{"*.bücher", `"*.xn--bcher-kva"`},
		{"_dmarc.straße", `"_dmarc.xn--strae-oqa"`},
		{"BÜCHER.example.com.", `"xn--bcher-kva.example.com."`},
		{"a\u200d.b", `"xn--…"`},
		// The conversion takes half a minute for a name of this sort and length.
		{strings.Repeat("丈三上下", 5000), `"xn--…"`},
	}
	for _, test := range tests {
		_, err := NewKey("example.com", test.name, "A")
		if err == nil || !strings.HasSuffix(err.Error(), "write it as "+test.says) {
			t.Errorf("%.20s: %v, want it to end in %s", test.name, err, test.says)
		}
	}
}
