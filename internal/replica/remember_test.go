package replica_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
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

// handOver deletes an RRset that an address declares which never comes.
func (m machine) handOver(t *testing.T, r operator.RRset) {
	t.Helper()
	m.run().Delete(t.Context(), replica.Deletion{Key: r.Key, HandedOver: true})
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

// TestHandedOverToNobody_AndNotCreated: a creation that an outage undid has taken nothing.
func TestHandedOverToNobody_AndNotCreated(t *testing.T) {
	www, cname := set(t, "www", "A", "192.0.2.1"), set(t, "www", "CNAME", "x.example.net.")
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		m := machine{dir, newFake("one"), newFake("two")}
		m.run().Create(t.Context(), both(www), replica.CreateOptions{})
		m.handOver(t, www)
		m.two.onList = func() error { return m.two.outage("down", false) }
		m.two.onName = m.two.onList
		if created := m.run().Create(t.Context(), both(www), replica.CreateOptions{FailOnOutage: true}); !created.Refused() {
			t.Errorf("%+v", created.Outcomes)
		}
		m.two.onList, m.two.onName = nil, nil
		if created := m.run().Create(t.Context(), both(cname), replica.CreateOptions{}); created.Refused() {
			t.Errorf("%+v", created.Outcomes)
		}
		holds(t, m.one, line(cname))
		holds(t, m.two, line(cname))
	})
}

// TestHandedOverToNobody_AndInDoubt: a creation that could not be taken back, because it may still come, leaves adrift
// what it was to take: either of both is ours, and nothing else.
func TestHandedOverToNobody_AndInDoubt(t *testing.T) {
	www, next := set(t, "www", "A", "192.0.2.1"), set(t, "www", "A", "192.0.2.2")
	third, foreign := set(t, "www", "A", "192.0.2.3"), set(t, "www", "A", "203.0.113.5")
	for what, c := range map[string]struct {
		meets   operator.RRset
		refused bool
	}{
		"it did not come": {www, false}, "it came": {next, false}, "something else": {foreign, true},
	} {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				m := machine{dir, newFake("one", www), newFake("two", www)}
				m.handOver(t, www)
				m.one.onWrite = func(int) (bool, error) { return false, m.one.outage("the connection broke", true) }
				if created := m.run().Create(t.Context(), both(next), replica.CreateOptions{FailOnOutage: true}); !created.Refused() || created.Left["one"] == nil {
					t.Fatalf("%+v", created)
				}
				holds(t, m.two, line(www))
				m.one = newFake("one", c.meets)
				if created := m.run().Create(t.Context(), both(third), replica.CreateOptions{}); created.Refused() != c.refused {
					t.Errorf("refused: %t, %+v", created.Refused(), created.Outcomes)
				}
			})
		})
	}
}

// TestCreated_NobodyAnswered: a creation that nobody answered is in no state, and may still come: what it brings is
// ours for whoever declares it next, with another value as well. Anything else is somebody else's.
func TestCreated_NobodyAnswered(t *testing.T) {
	www, third, foreign := set(t, "www", "A", "192.0.2.1"), set(t, "www", "A", "192.0.2.3"), set(t, "www", "A", "203.0.113.5")
	for what, c := range map[string]struct {
		meets   []operator.RRset
		refused bool
	}{
		"it did not come": {nil, false}, "it came": {[]operator.RRset{www}, false}, "something else": {[]operator.RRset{foreign}, true},
	} {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				m := machine{dir, newFake("one"), newFake("two")}
				for _, f := range []*fake{m.one, m.two} {
					f.onWrite = func(int) (bool, error) { return false, f.outage("the connection broke", true) }
				}
				if created := m.run().Create(t.Context(), both(www), replica.CreateOptions{}); !created.Refused() || !created.InDoubt() {
					t.Fatalf("%+v", created)
				}
				m.one, m.two = newFake("one", c.meets...), newFake("two")
				if created := m.run().Create(t.Context(), both(third), replica.CreateOptions{}); created.Refused() != c.refused {
					t.Errorf("refused: %t, %+v", created.Refused(), created.Outcomes)
				}
			})
		})
	}
}

// TestHandedOverToNobody_Twice: an operator that was out while an RRset was taken, and is out while it is handed over
// once more, may hold either of what was declared.
func TestHandedOverToNobody_Twice(t *testing.T) {
	www, next, third := set(t, "www", "A", "192.0.2.1"), set(t, "www", "A", "192.0.2.2"), set(t, "www", "A", "192.0.2.3")
	for what, meets := range map[string]operator.RRset{"the first": www, "the second": next} {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				m := machine{dir, newFake("one", www), newFake("two", www)}
				m.handOver(t, www)
				m.two.onList = func() error { return m.two.outage("down", false) }
				m.two.onName = m.two.onList
				if created := m.run().Create(t.Context(), both(next), replica.CreateOptions{}); created.Refused() {
					t.Fatalf("%+v", created.Outcomes)
				}
				m.run().Delete(t.Context(), replica.Deletion{Key: www.Key, Was: both(next), HandedOver: true})
				m.two = newFake("two", meets)
				if created := m.run().Create(t.Context(), both(third), replica.CreateOptions{}); created.Refused() {
					t.Errorf("%+v", created.Outcomes)
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
		m.handOver(t, www)
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
			if m.run().AwaitOwn(t.Context(), "one", www.Key) != want {
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
		takenBack := func() {
			created := m.run().Create(t.Context(), both(www), replica.CreateOptions{})
			created.Undo(t.Context())
		}
		takenBack()
		ours(false, "created and taken back")
		m.run().Own(www.Key)
		ours(true, "read")
		takenBack()
		ours(true, "taken back from who would have had it next")
		m.run().Delete(t.Context(), replica.Deletion{Key: www.Key})
		ours(false, "deleted again")
		m.run().Keep(www.Key)
		ours(true, "kept")
	})
}

// TestNotes_OfANameThatIsGivenUpTwice: a note that another type leaves the name as well keeps what it said of the
// first.
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

// TestRemembered_ButSomebodyElses: what a note or an earlier run says is ours is so only while operators hold what it
// was said of. Whatever a person has put there since stays, and is told as a conflict, however the memory came about.
func TestRemembered_ButSomebodyElses(t *testing.T) {
	www, other := set(t, "www", "A", "192.0.2.1"), set(t, "www", "A", "203.0.113.5")
	api := set(t, "www", "AAAA", "2001:db8::1")
	none := replica.Ownership{}
	planned := func(t *testing.T, m machine) *replica.Walk { // A leaves the name, and somebody declares it
		plan := m.run()
		plan.Observe(t.Context(), www.Key)
		plan.Leave(www.Key, none)
		plan.Validate(www.Key)
		return plan
	}
	memories := map[string]func(*testing.T, machine){
		"a plan that was not applied": func(t *testing.T, m machine) { planned(t, m) },
		"a plan that was applied": func(t *testing.T, m machine) {
			plan := planned(t, m)
			run := m.run()
			run.Create(t.Context(), both(www), replica.CreateOptions{})
			run.Delete(t.Context(), replica.Deletion{Key: www.Key, Plan: plan.Plan()})
		},
		"handed over to nobody": func(t *testing.T, m machine) {
			m.handOver(t, www)
		},
		"a plan that another type leaves": func(t *testing.T, m machine) {
			plan := m.run()
			plan.Observe(t.Context(), www.Key)
			plan.Leave(www.Key, none)
			plan.Leave(api.Key, none)
			plan.Validate(api.Key)
		},
	}
	for memory, remember := range memories {
		ended := memory == "a plan that was applied" // so nothing is remembered
		for what, c := range map[string]struct {
			one, two operator.RRset // what they hold when it is declared
			next     operator.RRset
			refused  bool
		}{
			"as it was":                    {www, www, set(t, "www", "A", "192.0.2.9"), ended},
			"changed at both":              {other, other, set(t, "www", "A", "192.0.2.9"), true},
			"changed at one":               {www, other, set(t, "www", "A", "192.0.2.9"), true},
			"a CNAME, as it was":           {www, www, set(t, "www", "CNAME", "x.example.net."), ended},
			"a CNAME, changed at both":     {other, other, set(t, "www", "CNAME", "x.example.net."), true},
			"a CNAME, changed at one":      {other, www, set(t, "www", "CNAME", "x.example.net."), true},
			"as it is to be, only one has": {other, www, other, ended},
		} {
			t.Run(memory+"/"+what, func(t *testing.T) {
				dir := t.TempDir()
				synctest.Test(t, func(t *testing.T) {
					m := machine{dir, newFake("one", www), newFake("two", www)}
					remember(t, m)
					m.one, m.two = newFake("one", c.one), newFake("two", c.two)
					created := m.run().Create(t.Context(), both(c.next), replica.CreateOptions{})
					if created.Refused() != c.refused {
						t.Fatalf("refused: %t, %+v", created.Refused(), created.Outcomes)
					}
					if c.refused {
						holds(t, m.one, line(c.one))
						holds(t, m.two, line(c.two))
					} else {
						holds(t, m.one, line(c.next))
						holds(t, m.two, line(c.next))
					}
				})
			})
		}
	}
}

// TestHandedOverToNobody_AndAnOutage: where an operator is out while what was left to nobody is taken or replaced, it
// is remembered there until that operator is back; what somebody else has put there meanwhile stays.
func TestHandedOverToNobody_AndAnOutage(t *testing.T) {
	www, foreign := set(t, "www", "A", "192.0.2.1"), set(t, "www", "A", "203.0.113.5")
	for what, next := range map[string]operator.RRset{
		"another value": set(t, "www", "A", "192.0.2.2"),
		"another type":  set(t, "www", "CNAME", "x.example.net."),
	} {
		for whose, meets := range map[string]operator.RRset{"ours": www, "somebody else's": foreign} {
			t.Run(what+"/"+whose, func(t *testing.T) {
				dir := t.TempDir()
				synctest.Test(t, func(t *testing.T) {
					m := machine{dir, newFake("one", www), newFake("two", www)}
					m.handOver(t, www)
					m.two.onList, m.two.onName = m.two.silence, m.two.silence
					created := m.run().Create(t.Context(), both(next), replica.CreateOptions{})
					if created.Refused() {
						t.Fatalf("%+v", created.Outcomes)
					}
					m.two = newFake("two", meets)
					u := replica.Update{From: next.Key, Was: both(next), Want: both(next), At: map[string]bool{"two": true}}
					u.Ownership = replica.AfterCreate(created.Outcomes)
					done := m.run().Update(t.Context(), u)["two"]
					holds(t, m.one, line(next))
					if whose == "ours" {
						holds(t, m.two, line(next))
					} else {
						holds(t, m.two, line(foreign))
					}
					if (done.Err == nil) != (whose == "ours") {
						t.Errorf("%+v", done)
					}
				})
			})
		}
	}
}

// TestReplacedByItself_AndNotCreated: what is to take over again and is refused leaves the RRset to whoever declares it
// next.
func TestReplacedByItself_AndNotCreated(t *testing.T) {
	www, next := set(t, "www", "A", "192.0.2.1"), set(t, "www", "A", "192.0.2.2")
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		m := machine{dir, newFake("one", www), newFake("two", www)}
		replaces := m.run()
		for name, o := range replaces.Delete(t.Context(), replica.Deletion{Key: www.Key, Was: both(www), Itself: true, Replacing: true}) {
			if o.Err != nil || !o.Kept {
				t.Errorf("%s: %+v", name, o)
			}
		}
		m.two.bad = map[rrset.Key]bool{www.Key: true}
		if created := replaces.Create(t.Context(), both(next), replica.CreateOptions{}); !created.Refused() {
			t.Errorf("%+v", created.Outcomes)
		}
		m.two.bad = nil
		if created := m.run().Create(t.Context(), both(next), replica.CreateOptions{}); created.Refused() {
			t.Errorf("%+v", created.Outcomes)
		}
		holds(t, m.one, line(next))
		holds(t, m.two, line(next))
	})
}

// TestHandedOverToNobody_WhereNobodySaw: an operator that cannot be read while an RRset is left to nobody holds ours if
// it is found to hold what was declared; anything else is somebody else's.
func TestHandedOverToNobody_WhereNobodySaw(t *testing.T) {
	www, next, foreign := set(t, "www", "A", "192.0.2.1"), set(t, "www", "A", "192.0.2.2"), set(t, "www", "A", "203.0.113.5")
	for what, c := range map[string]struct {
		was     replica.Desired
		meets   operator.RRset
		refused bool
	}{
		"as declared":          {both(www), www, false},
		"something else":       {both(www), foreign, true},
		"nobody knows of what": {nil, www, true},
	} {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				m := machine{dir, newFake("one", www), newFake("two", www)}
				m.two.onList = func() error { return m.two.outage("down", false) }
				m.two.onName = m.two.onList
				m.run().Delete(t.Context(), replica.Deletion{Key: www.Key, Was: c.was, HandedOver: true})
				m.two = newFake("two", c.meets)
				if created := m.run().Create(t.Context(), both(next), replica.CreateOptions{}); created.Refused() != c.refused {
					t.Fatalf("refused: %t, %+v", created.Refused(), created.Outcomes)
				}
				if c.refused {
					holds(t, m.one, line(www))
					holds(t, m.two, line(c.meets))
				} else {
					holds(t, m.one, line(next))
					holds(t, m.two, line(next))
				}
			})
		})
	}
}

// TestHandedOverToNobody_AndTakenBack: a creation that is undone leaves adrift what it had taken.
func TestHandedOverToNobody_AndTakenBack(t *testing.T) {
	www, next := set(t, "www", "A", "192.0.2.1"), set(t, "www", "A", "192.0.2.2")
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		m := machine{dir, newFake("one", www), newFake("two", www)}
		m.handOver(t, www)
		created := m.run().Create(t.Context(), both(next), replica.CreateOptions{})
		created.Undo(t.Context())
		holds(t, m.one, line(www))
		if again := m.run().Create(t.Context(), both(next), replica.CreateOptions{}); again.Refused() {
			t.Errorf("%+v", again.Outcomes)
		}
	})
}

// TestNotes_ReadByWhoDeclares: where nothing was refreshed, what the plan of the address that declares an RRset sees is
// what is handed over.
func TestNotes_ReadByWhoDeclares(t *testing.T) {
	www, next := set(t, "www", "A", "192.0.2.1"), set(t, "www", "A", "192.0.2.2")
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		m := machine{dir, newFake("one", www), newFake("two", www)}
		plan := m.run()
		plan.Leave(www.Key, replica.Ownership{})
		plan.Validate(www.Key)
		plan.Inspect(t.Context(), both(next), everywhere, false)
		if again := m.run(); !again.AwaitOwn(t.Context(), "one", www.Key) {
			t.Error("the plan that the apply makes once more takes it for somebody else's")
		}
		if created := m.run().Create(t.Context(), both(next), replica.CreateOptions{}); created.Refused() {
			t.Errorf("%+v", created.Outcomes)
		}
	})
}

// TestNotes_WhoHasIt: a deletion that was planned before the address which has the RRset in the state, and declares it,
// hears of that from the note: it does not wait for a call that has nothing to do.
func TestNotes_WhoHasIt(t *testing.T) {
	www := set(t, "www", "A", "192.0.2.1")
	owned := replica.Ownership{
		Former: map[string]map[string]bool{"one": {"TXT": true}},
		Doubts: map[string]core.Doubt{"one": core.MayChange},
	}
	for what, c := range map[string]struct {
		plans func(plan *replica.Walk)
		taken bool
	}{
		"the state has it":  {func(plan *replica.Walk) { plan.Keep(www.Key) }, true},
		"it is only wanted": {func(plan *replica.Walk) { plan.Declare(www.Key) }, false},
	} {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				m := machine{dir, newFake("one", www), newFake("two", www)}
				plan := m.run()
				plan.Leave(www.Key, owned)
				c.plans(plan)
				for name, o := range m.run().Delete(t.Context(), replica.Deletion{Key: www.Key, Ownership: owned, Plan: plan.Plan()}) {
					if o.Kept != c.taken || errors.Is(o.Err, replica.ErrNotTaken) == c.taken {
						t.Errorf("%s: %+v", name, o)
					}
				}
				holds(t, m.one, line(www))
			})
		})
	}
}

// TestAwaitOwn_WhereItIsOurs: what a plan meets is ours at the operator that holds what was noted, and not at the
// other.
func TestAwaitOwn_WhereItIsOurs(t *testing.T) {
	www, other := set(t, "www", "A", "192.0.2.1"), set(t, "www", "A", "203.0.113.5")
	for what, remember := range map[string]func(*testing.T, machine){
		"noted": func(t *testing.T, m machine) {
			plan := m.run()
			plan.Observe(t.Context(), www.Key)
			plan.Leave(www.Key, replica.Ownership{})
			plan.Validate(www.Key)
		},
		"adrift": func(t *testing.T, m machine) {
			m.handOver(t, www)
		},
	} {
		dir := t.TempDir()
		synctest.Test(t, func(t *testing.T) {
			m := machine{dir, newFake("one", www), newFake("two", www)}
			remember(t, m)
			m.two = newFake("two", other)
			for name, want := range map[string]bool{"one": true, "two": false} {
				if m.run().AwaitOwn(t.Context(), name, www.Key) != want {
					t.Errorf("%s, at %s: want ours %t", what, name, want)
				}
			}
		})
	}
}

// TestSucceed: an address that is planned anew for what the state has, takes it over in the apply, as far as it is
// ours.
func TestSucceed(t *testing.T) {
	www, next := set(t, "www", "A", "192.0.2.1"), set(t, "www", "A", "192.0.2.2")
	for what, c := range map[string]struct {
		known   func(*replica.Walk)
		refused bool
	}{
		"read":           {func(w *replica.Walk) { w.Have(www.Key, replica.Ownership{}); w.Own(www.Key) }, false},
		"kept":           {func(w *replica.Walk) { w.Have(www.Key, replica.Ownership{}); w.Keep(www.Key) }, false},
		"foreign at one": {func(w *replica.Walk) { w.Have(www.Key, replica.Ownership{Foreign: map[string]bool{"one": true}}) }, true},
		"not in state":   {func(*replica.Walk) {}, true},
	} {
		dir := t.TempDir()
		synctest.Test(t, func(t *testing.T) {
			m := machine{dir, newFake("one", www), newFake("two", www)}
			plan := m.run()
			c.known(plan)
			plan.Validate(www.Key)
			plan.Succeed(www.Key)
			plan.Inspect(t.Context(), both(next), everywhere, false)
			if created := m.run().Create(t.Context(), both(next), replica.CreateOptions{}); created.Refused() != c.refused {
				t.Errorf("%s: %+v", what, created.Outcomes)
			}
		})
	}
}
