package rrset

import (
	"fmt"
	"strings"
	"testing"
)

// Whatever is accepted has a canonical form that is its own, that the generic form of its wire leads to as well, and
// that takes no second line.
func FuzzCanonical(f *testing.F) {
	for _, line := range readRecorded(f) {
		for _, value := range line.Records {
			f.Add(line.Type, value)
		}
	}
	for typ, pools := range spellings {
		var fields []string
		for _, pool := range pools {
			fields = append(fields, pool[0])
		}
		f.Add(typ, strings.Join(fields, " "))
	}
	f.Fuzz(func(t *testing.T, typ, value string) {
		canonical, err := Canonical(typ, value)
		if err != nil {
			if err.Error() == "" {
				t.Fatal("an error without a message")
			}
			return
		}
		again, err := Canonical(typ, canonical)
		if err != nil || again != canonical {
			t.Fatalf("%s %q → %q → %q, %v", typ, value, canonical, again, err)
		}
		if strings.TrimSpace(canonical) != canonical || strings.ContainsAny(canonical, "\n\x00") {
			t.Fatalf("%s %q → %q, which an API may change", typ, value, canonical)
		}
		codec := codecs[typ]
		data, err := codec.wire(typ, canonical)
		if err != nil {
			t.Fatalf("%s %q → %q has no wire form: %v", typ, value, canonical, err)
		}
		if codec.noGeneric {
			return
		}
		generic, err := Canonical(typ, fmt.Sprintf(`\# %d %x`, len(data), data))
		if err != nil || generic != canonical {
			t.Fatalf("%s %q → %q, but by its wire form %q, %v", typ, value, canonical, generic, err)
		}
	})
}

// What a zone file's fields give is canonical, so that it can be declared as it is.
func FuzzCanonicalFields(f *testing.F) {
	for _, line := range readRecorded(f) {
		for _, value := range line.Stored {
			f.Add(line.Type, value)
		}
	}
	f.Add("TLSA", "DANE-EE SPKI SHA2-256 (6161 ; data\n 6161)")
	f.Add("CERT", "PGP 0 0 YWFhYQ==")
	f.Add("TXT", `a "b c"\# d`)
	f.Add("MX", `\# 4 000a0000`)
	f.Fuzz(func(t *testing.T, typ, text string) {
		entry, size, err := ScanEntry(text)
		if size > len(text) || err == nil && size < len(text) && text[size-1] != '\n' {
			t.Fatalf("%q: the entry ends at %d", text, size)
		}
		if err != nil {
			return
		}
		canonical, err := CanonicalFields(typ, entry.Tokens)
		if err != nil {
			return
		}
		if again, err := Canonical(typ, canonical); err != nil || again != canonical {
			t.Fatalf("%s %q → %q → %q, %v", typ, text, canonical, again, err)
		}
	})
}

// A name of a zone file is absolute in the end, and stays what it is.
func FuzzAbsoluteName(f *testing.F) {
	for _, name := range []string{"@", ".", "www", "www.", `a\.b`, `\042`, `x\\.`, "a..b", `\256`} {
		f.Add(name, "example.com.")
	}
	f.Add("www", ".")
	f.Fuzz(func(t *testing.T, raw, origin string) {
		absoluteOrigin, err := AbsoluteName(origin, ".")
		if err != nil {
			return
		}
		name, err := AbsoluteName(raw, absoluteOrigin)
		if err != nil {
			return
		}
		if again, err := AbsoluteName(name, "other.example."); err != nil || again != name || !IsAbsolute(name) {
			t.Fatalf("%q below %q → %q → %q, %v", raw, absoluteOrigin, name, again, err)
		}
		if !IsAbsolute(raw) && absoluteOrigin != "." && !InZone(name, absoluteOrigin) {
			t.Fatalf("%q below %q → %q, which is not in it", raw, absoluteOrigin, name)
		}
	})
}

// A key that is accepted means the same in each of its spellings, and its ID leads back to it.
func FuzzNewKey(f *testing.F) {
	f.Add("example.com", "www", "A")
	f.Add("Example.COM.", "*.sub.example.com", "txt")
	f.Add("example.com", "www.example.com.example.com.", "A")
	f.Add("com", "@", "MX")
	f.Add("example.com", "www.example.org", "A")
	f.Add("bücher.example", "bücher", "AAAA")
	f.Fuzz(func(t *testing.T, zone, name, typ string) {
		key, err := NewKey(zone, name, typ)
		if err != nil {
			return
		}
		if len(key.Name) > 254 || strings.ToLower(key.Name) != key.Name || key.Name != key.Zone && !strings.HasSuffix(key.Name, "."+key.Zone) {
			t.Fatalf("NewKey(%q, %q, %q) = %v", zone, name, typ, key)
		}
		for _, again := range []string{key.Name, strings.ToUpper(key.Name), strings.TrimSuffix(key.Name, ".")} {
			if other, err := NewKey(key.Zone, again, key.Type); err != nil || other != key {
				t.Fatalf("%v spelled %q is %v, %v", key, again, other, err)
			}
		}
		if back, err := ParseID(key.ID()); err != nil || back != key {
			t.Fatalf("ParseID(%q) = %v, %v; want %v", key.ID(), back, err, key)
		}
	})
}
