package provider

import "testing"

// TestNotReplaced: the message names every former type, and counts them right.
func TestNotReplaced(t *testing.T) {
	for want, former := range map[string]map[string]bool{
		"owed: the RRset of the former type A is still there; the next apply replaces it":                    {"A": true},
		"owed: the RRsets of the former types A, AAAA and TXT are still there; the next apply replaces them": {"TXT": true, "A": true, "AAAA": true},
	} {
		if got := notReplaced(former); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
