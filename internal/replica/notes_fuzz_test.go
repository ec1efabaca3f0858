package replica

import (
	"os"
	"testing"
	"time"
)

// FuzzNotes reads a file that anybody may have written: it is a note or nothing.
func FuzzNotes(f *testing.F) {
	f.Add([]byte(`{"plan":"x","leaving":{"A":{}},"declared":{"CNAME":true}}`))
	f.Add([]byte(`{"leaving":{"A":`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		n := newNotes(t.TempDir(), "scope")
		if err := os.MkdirAll(n.dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(n.path("www.example.com."), text, 0o600); err != nil {
			t.Fatal(err)
		}
		found := n.read("www.example.com.", time.Now())
		n.write("www.example.com.", note{Leaving: found.Leaving, Declared: found.Declared})
		if again := n.read("www.example.com.", time.Now()); len(again.Leaving) != len(found.Leaving) || len(again.Declared) != len(found.Declared) {
			t.Errorf("%v is written as %v", found, again)
		}
	})
}
