package rrset

import (
	"slices"
	"strings"
	"testing"
)

// marked are spellings of a word that no message may repeat: as what belongs into a field, and as what does not.
var marked = []string{
	"sentinel", "sentinel.example.net", "-sentinel.example", "sentinel..example", "sentinel_.example.net", "séntinel.sentinel", `"sentinel"`, `"sentinel`, `\"sentinel"`,
	"sentinel=1", "alpn=sentinel,,", `alpn="sentinel "`, "port=sentinel", "ipv4hint=sentinel", "ech=sentinel!", "mandatory=sentinel", "key9=sentinel",
	`sentinel\999`, `sentinel\1x`, `\# 3 sentinel`, "sentinel;x", "sentinel\x01", "sentinel)", "(sentinel", "1 sentinel 2 sentinel", `"sentinel" sentinel`,
	strings.Repeat("sentinel", 40), `"` + strings.Repeat("sentinel", 9000) + `"`, "fe80::1%sentinel", "sentinel/24", "@ 3600 IN TXT \"sentinel\"", "'sentinel'",
}

// example is what the message of a type says to write.
func example(c codec) []string {
	_, text, _ := strings.Cut(c.form, "for example ")
	return strings.Fields(text)
}

func TestErrors_RepeatNothingOfAValue(t *testing.T) {
	for typ, c := range codecs {
		values := slices.Clone(marked)
		for _, mark := range marked {
			for at, fields := 0, example(c); at <= len(fields); at++ {
				values = append(values, strings.Join(slices.Concat(fields[:at], []string{mark}, fields[min(at+1, len(fields)):]), " "),
					strings.Join(slices.Insert(slices.Clone(fields), at, mark), " "))
			}
		}
		for _, value := range values {
			refusedDiscreetly(t, typ, value)
		}
	}
}

// refusedDiscreetly expects that no error about the value holds the word.
func refusedDiscreetly(t *testing.T, typ, value string) {
	t.Helper()
	errs := []error{}
	_, err := Canonical(typ, value)
	errs = append(errs, err)
	if entry, _, err := ScanEntry(value); err == nil {
		_, err = CanonicalFields(typ, entry.Tokens)
		errs = append(errs, err)
	}
	key, _ := NewKey("example.com", "www", typ)
	_, err = New(key, 300, []string{value, value + "x"})
	for _, err := range append(errs, err) {
		if err != nil && strings.Contains(strings.ToLower(err.Error()), "sentinel") {
			t.Errorf("%s %.60q: %s", typ, value, err)
		}
	}
}
