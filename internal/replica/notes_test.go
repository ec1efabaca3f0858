package replica

import (
	"sync"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// TestNotes_ToldAtOnce: what is told of a name by many at once is all in the note, whoever comes last. Some of them
// know nothing that changes hands there, and one would drop the note.
func TestNotes_ToldAtOnce(t *testing.T) {
	const names = 100
	w := New(nil, Options{Notes: t.TempDir(), Scope: "here"})
	for n := range names {
		a := keyOf(t, string(rune('a'+n%26))+string(rune('a'+n/26)), "A")
		tells := []func(){
			func() { w.Keep(a.WithType("TXT")) },
			func() { w.Leave(a, Ownership{}) },
			func() { w.Leave(a.WithType("MX"), Ownership{}) },
			func() { w.Validate(a.WithType("AAAA")) },
			func() { w.Keep(a.WithType("CAA")) },
		}
		var all sync.WaitGroup
		for _, tell := range tells {
			all.Go(tell)
		}
		all.Wait()
		if noted := noteOf(w, a); len(noted.Leaving) != 2 {
			t.Fatalf("%s: the note says %v, want A and MX", a.Name, noted.Leaving)
		}
	}
}

// noteOf is the note of a name as the next process finds it.
func noteOf(w *Walk, key rrset.Key) note {
	return New(nil, w.options).notes.earlier(key.Name)
}
