package replica_test

import (
	"errors"
	"os"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// TestAdrift: what an earlier run left in no state is told, with the operators that hold it as it was then, and of what
// was in doubt only what came of it. What is in the state, taken or somebody else's by now is not.
func TestAdrift(t *testing.T) {
	www, next, foreign := set(t, "www", "A", "192.0.2.1"), set(t, "www", "A", "192.0.2.2"), set(t, "www", "A", "203.0.113.5")
	handOver := func(t *testing.T, m machine) { m.handOver(t, www) }
	for what, c := range map[string]struct {
		leave func(t *testing.T, m machine)
		then  func(t *testing.T, m machine)
		want  []string
	}{
		"handed over to nobody": {leave: handOver, want: []string{"one", "two"}},
		"and changed at one": {
			leave: handOver, then: func(_ *testing.T, m machine) { m.one.held[www.Key] = foreign }, want: []string{"two"},
		},
		"and deleted": {
			leave: handOver, then: func(_ *testing.T, m machine) { clear(m.one.held); clear(m.two.held) },
		},
		"and taken": {
			leave: handOver,
			then:  func(t *testing.T, m machine) { m.run().Create(t.Context(), both(next), replica.CreateOptions{}) },
		},
		"and in the state of an address that was imported": {
			leave: handOver, then: func(_ *testing.T, m machine) { m.run().Keep(www.Key) },
		},
		"while one does not answer": {
			leave: handOver,
			then:  func(_ *testing.T, m machine) { m.one.onList = func() error { return m.one.outage("down", false) } },
			want:  []string{"two"},
		},
		"created and not taken back": {
			leave: func(t *testing.T, m machine) {
				clear(m.one.held)
				clear(m.two.held)
				m.two.bad = map[rrset.Key]bool{www.Key: true}
				m.one.onWrite = func(n int) (bool, error) {
					if n > 1 {
						return false, m.one.outage("down", false)
					}
					return true, nil
				}
				if c := m.run().Create(t.Context(), both(www), replica.CreateOptions{}); c.Left["one"] == nil {
					t.Fatalf("%+v", c)
				}
			},
			want: []string{"one"},
		},
		"created in doubt by nobody that answered": {
			leave: func(t *testing.T, m machine) {
				clear(m.one.held)
				clear(m.two.held)
				for _, f := range []*fake{m.one, m.two} {
					f.onWrite = func(int) (bool, error) {
						f.onList = func() error { return f.outage("down", false) }
						f.onName = f.onList
						return false, f.outage("the connection broke", true)
					}
				}
				if c := m.run().Create(t.Context(), both(www), replica.CreateOptions{}); !c.Refused() {
					t.Fatalf("%+v", c)
				}
			},
			then: func(_ *testing.T, m machine) {
				m.one.onList, m.two.onList, m.one.onName, m.two.onName = nil, nil, nil, nil
				m.two.held[www.Key] = www // later
			},
			want: []string{"two"},
		},
	} {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				m := machine{dir, newFake("one", www), newFake("two", www)}
				c.leave(t, m)
				if c.then != nil {
					c.then(t, m)
				}
				want := map[rrset.Key][]string{www.Key: c.want}
				if c.want == nil {
					want = nil
				}
				if diff := cmp.Diff(want, m.run().Adrift(t.Context(), zone, false), equalIfEmpty); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

var equalIfEmpty = cmp.FilterValues(func(a, b map[rrset.Key][]string) bool { return len(a)+len(b) == 0 }, cmp.Ignore())

// TestAdrift_Killed: what a run wrote of a creation, or of a rename in place, that it did not see the end of is told to
// the next one and ours, whatever that declares. Once the creation is over there is nothing to tell.
func TestAdrift_Killed(t *testing.T) {
	www, next, cname := set(t, "www", "A", "192.0.2.1"), set(t, "www", "A", "192.0.2.2"), set(t, "www", "CNAME", "a.example.net.")
	create := func(t *testing.T, m machine) { m.run().Create(t.Context(), both(www), replica.CreateOptions{}) }
	for what, c := range map[string]struct {
		held operator.RRset
		does func(t *testing.T, m machine)
	}{
		"a creation": {does: create},
		"a creation of what was handed over": {held: next, does: func(t *testing.T, m machine) {
			m.handOver(t, next)
			create(t, m)
		}},
		"another type": {held: cname, does: func(t *testing.T, m machine) {
			m.run().Update(t.Context(), replica.Update{From: cname.Key, Was: both(cname), Want: both(www), At: everywhere})
		}},
	} {
		t.Run(what, func(t *testing.T) {
			dir, killed := t.TempDir(), t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				m := machine{dir, newFake("one"), newFake("two")}
				for _, f := range []*fake{m.one, m.two} {
					if c.held.Name != "" {
						f.held[c.held.Key] = c.held
					}
				}
				m.one.onWrite = func(int) (bool, error) {
					m.one.onWrite = nil
					return true, os.CopyFS(killed, os.DirFS(dir)) // what the next run finds of a process that is killed here
				}
				c.does(t, m)
				if left := m.run().Adrift(t.Context(), zone, false); len(left) > 0 {
					t.Errorf("not killed: %v", left)
				}
				delete(m.two.held, www.Key)
				m.dir = killed
				if diff := cmp.Diff(map[rrset.Key][]string{www.Key: {"one"}}, m.run().Adrift(t.Context(), zone, false)); diff != "" {
					t.Error(diff)
				}
				if c := m.run().Create(t.Context(), both(next), replica.CreateOptions{}); c.Refused() {
					t.Errorf("it is somebody else's: %+v", c.Outcomes)
				}
				holds(t, m.one, line(next))
				if left := m.run().Adrift(t.Context(), zone, false); len(left) > 0 {
					t.Errorf("taken: %v", left)
				}
			})
		})
	}
}

// TestAdrift_OfThisRun: what a run leaves itself is not told in it: what is to take it may come.
func TestAdrift_OfThisRun(t *testing.T) {
	www := set(t, "www", "A", "192.0.2.1")
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		m := machine{dir, newFake("one", www), newFake("two", www)}
		w := m.run()
		w.Delete(t.Context(), replica.Deletion{Key: www.Key, HandedOver: true})
		if left := w.Adrift(t.Context(), zone, true); len(left) > 0 {
			t.Errorf("%v", left)
		}
	})
}

// TestAdrift_AsksNobody: who remembers nothing reads nothing.
func TestAdrift_AsksNobody(t *testing.T) {
	m := machine{t.TempDir(), newFake("one"), newFake("two")}
	m.one.onList = func() error { return errors.New("asked") }
	if left := m.run().Adrift(t.Context(), zone, true); left != nil || m.one.lists+m.two.lists > 0 {
		t.Errorf("%v, after %d lists", left, m.one.lists+m.two.lists)
	}
}
