package replica_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
)

// machine is one on which runs follow each other; a run is a process of its own.
type machine struct {
	dir      string
	one, two *fake
}

func (m machine) run() *replica.Walk {
	return replica.New([]operator.Operator{m.one, m.two}, replica.Options{
		MaxWait: time.Minute, SettleTimeout: 3 * time.Second, Notes: m.dir, Scope: "here",
	})
}

// TestHandedOverToNobody: what a deletion left to an address that did not come is ours, whatever is declared there
// next; on a machine that knows nothing of it, it is somebody else's.
func TestHandedOverToNobody(t *testing.T) {
	www := set(t, "www", "A", "192.0.2.1")
	for what, c := range map[string]struct {
		foreign map[string]bool
		next    operator.RRset
		other   bool
		refused bool
	}{
		"another value":                      {next: set(t, "www", "A", "192.0.2.2")},
		"another type":                       {next: set(t, "www", "CNAME", "x.example.net.")},
		"on another machine":                 {next: set(t, "www", "A", "192.0.2.2"), other: true, refused: true},
		"of another type on another machine": {next: set(t, "www", "CNAME", "x.example.net."), other: true, refused: true},
		"foreign at one":                     {next: set(t, "www", "A", "192.0.2.2"), foreign: map[string]bool{"one": true}, refused: true},
	} {
		t.Run(what, func(t *testing.T) {
			dirs := []string{t.TempDir(), t.TempDir()}
			synctest.Test(t, func(t *testing.T) {
				m := machine{dirs[0], newFake("one"), newFake("two")}
				m.run().Create(t.Context(), both(www), replica.CreateOptions{})
				d := replica.Deletion{Key: www.Key, HandedOver: true}
				d.Foreign = c.foreign
				for name, o := range m.run().Delete(t.Context(), d) {
					if o.Err != nil || !o.Kept {
						t.Fatalf("%s: %+v", name, o)
					}
				}
				if c.other {
					m.dir = dirs[1]
				}
				created := m.run().Create(t.Context(), both(c.next), replica.CreateOptions{})
				if created.Refused() != c.refused {
					t.Errorf("refused: %t, %+v", created.Refused(), created.Outcomes)
				}
				for _, f := range []*fake{m.one, m.two} {
					if c.refused {
						holds(t, f, line(www))
					} else {
						holds(t, f, line(c.next))
					}
				}
			})
		})
	}
}

// TestHandedOverToNobody_AndReplaced: what went with the CNAME that took its place is ours no more.
func TestHandedOverToNobody_AndReplaced(t *testing.T) {
	www, cname := set(t, "www", "A", "192.0.2.1"), set(t, "www", "CNAME", "x.example.net.")
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		m := machine{dir, newFake("one"), newFake("two")}
		m.run().Create(t.Context(), both(www), replica.CreateOptions{})
		m.run().Delete(t.Context(), replica.Deletion{Key: www.Key, HandedOver: true})
		m.run().Create(t.Context(), both(cname), replica.CreateOptions{})
		m.run().Delete(t.Context(), replica.Deletion{Key: cname.Key})
		m.one = newFake("one", www) // by somebody else
		if created := m.run().Create(t.Context(), both(cname), replica.CreateOptions{}); !created.Refused() {
			t.Errorf("%+v", created.Outcomes)
		}
		holds(t, m.one, line(www))
	})
}

// TestAwaitOwn_Remembers: what the state had by the last run is ours, as far as a plan must know, and no more once it
// is gone.
func TestAwaitOwn_Remembers(t *testing.T) {
	dir, www := t.TempDir(), set(t, "www", "A", "192.0.2.1")
	txt := set(t, "www", "TXT", `"v"`)
	synctest.Test(t, func(t *testing.T) {
		m := machine{dir, newFake("one"), newFake("two")}
		ours := func(want bool, when string) {
			t.Helper()
			if m.run().AwaitOwn(t.Context(), www.Key) != want {
				t.Errorf("%s: want ours %t", when, want)
			}
		}
		ours(false, "at first")
		m.run().Create(t.Context(), both(www), replica.CreateOptions{})
		ours(true, "created")
		m.run().Update(t.Context(), replica.Update{From: www.Key, Was: both(www), Want: both(txt), At: everywhere})
		ours(false, "changed to another type")
		m.run().Update(t.Context(), replica.Update{From: txt.Key, Was: both(txt), Want: both(www), At: everywhere})
		ours(true, "and back")
		m.run().Delete(t.Context(), replica.Deletion{Key: www.Key})
		ours(false, "deleted")
		m.run().Own(www.Key)
		ours(true, "read")
		created := m.run().Create(t.Context(), both(www), replica.CreateOptions{})
		created.Undo()
		ours(false, "taken back")
		m.run().Keep(www.Key)
		ours(true, "kept")
	})
}

// TestNotes_OfANameThatIsGivenUpTwice: a note that another type leaves the name as well keeps what it said of the first.
func TestNotes_OfANameThatIsGivenUpTwice(t *testing.T) {
	dir, www, txt := t.TempDir(), set(t, "www", "A", "192.0.2.1"), set(t, "www", "TXT", `"v"`)
	synctest.Test(t, func(t *testing.T) {
		m := machine{dir, newFake("one", www, txt), newFake("two", www, txt)}
		plan := m.run() // destroys the A, which the address of the TXT is found to declare
		plan.Leave(www.Key, replica.Ownership{})
		plan.Validate(www.Key)
		plan.Leave(txt.Key, replica.Ownership{})
		for name, o := range m.run().Delete(t.Context(), replica.Deletion{Key: www.Key, Plan: plan.Plan()}) {
			if o.Err != nil || !o.Kept {
				t.Errorf("%s: %+v", name, o)
			}
		}
		holds(t, m.one, line(www), line(txt))
	})
}
