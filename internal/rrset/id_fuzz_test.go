package rrset

import "testing"

// FuzzParseID reads what is given to an import: what is taken comes back as it is written in the state.
func FuzzParseID(f *testing.F) {
	for _, seed := range []string{"example.com/www/A", "example.com/@/MX", "example.com/www.example.com.example.com./A", "a/b/c/d", "//", "example.com/*/a"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, id string) {
		key, err := ParseID(id)
		if err != nil {
			return
		}
		if again, err := ParseID(key.ID()); err != nil || again != key {
			t.Errorf("%q is %v, and %q is %v (%v)", id, key, key.ID(), again, err)
		}
	})
}
