package core_test

import (
	"maps"
	"reflect"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
)

// toldOf is a Machine that was told all this.
func toldOf(events ...core.Event) *core.Machine {
	m := core.New(newWorld("one", "two").rules(), swift())
	for _, e := range events {
		m.Step(time.Time{}, e)
	}
	return m
}

// What a plan tells its apply of an owner name, by what the addresses of the state said of it.
func TestClaim_Departing(t *testing.T) {
	may := map[string]core.Doubt{"one": core.MayCome}
	leaving := core.Leaving{Key: a1.Key, Foreign: only("one"), Unpublished: only("two"), Doubted: may}
	open := core.Leaving{Open: true, Key: a1.Key, Foreign: only("one"), Unpublished: only("two"), Doubted: may}
	ceded := core.Ceded{Key: a1.Key, At: only("one"), Doubted: may}
	for _, c := range []struct {
		what   string
		events []core.Event
		want   *core.Departing // nil: nothing leaves
	}{
		{"known to the state", []core.Event{core.Owned{Key: a1.Key}}, nil},
		{"declared", []core.Event{core.Declared{Key: a1.Key}}, nil},
		{"given up", []core.Event{leaving}, &core.Departing{Foreign: only("one"), Unpublished: only("two"), Doubted: may}},
		{"perhaps given up", []core.Event{open}, &core.Departing{Foreign: only("one"), Unpublished: only("two"), Doubted: may, Open: true}},
		{"perhaps given up, and then it is", []core.Event{open, core.Leaving{Key: a1.Key}}, &core.Departing{Foreign: only("one"), Unpublished: only("two"), Doubted: may}},
		{"given up, and perhaps by another", []core.Event{core.Leaving{Key: a1.Key}, open}, &core.Departing{Unpublished: only("two"), Doubted: may}},
		{"left to another address", []core.Event{ceded}, &core.Departing{At: only("one"), Doubted: may}},
		{"left to another address, and perhaps given up", []core.Event{ceded, core.Leaving{Open: true, Key: a1.Key}}, &core.Departing{At: only("one"), Doubted: may}},
		{"left to another address, and given up", []core.Event{ceded, core.Leaving{Key: a1.Key}}, &core.Departing{Doubted: may}},
		{"a former type, and perhaps given up", []core.Event{core.Leaving{Key: a1.Key, At: only("two")}, core.Leaving{Open: true, Key: a1.Key}}, &core.Departing{At: only("two")}},
		{"a former type at both", []core.Event{core.Leaving{Key: a1.Key, At: only("two")}, core.Ceded{Key: a1.Key, At: only("one")}}, &core.Departing{At: only("one", "two")}},
		{"foreign by what all say", []core.Event{core.Leaving{Key: a1.Key, Foreign: only("one", "two")}, core.Leaving{Key: a1.Key, Foreign: only("two")}}, &core.Departing{Foreign: only("two")}},
	} {
		var want map[string]core.Departing
		if c.want != nil {
			want = map[string]core.Departing{"A": *c.want}
		}
		got := toldOf(c.events...).Changing(aaaa.Key).Leaving // by owner name
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", c.what, got, want)
		}
		if c.want == nil || c.want.Open {
			continue
		}
		again := toldOf(c.want.Leaving(a1.Key)).Changing(a1.Key).Leaving // by a note, in another walk
		if !reflect.DeepEqual(again, want) {
			t.Errorf("%s, told by a note: %+v, want %+v", c.what, again, want)
		}
	}
}

// What declares a type at the name is told with what leaves it, and not without.
func TestClaim_Declared(t *testing.T) {
	for _, e := range []core.Event{core.Declared{Key: aaaa.Key}, core.Validated{Key: aaaa.Key}, core.Kept{Key: aaaa.Key}} {
		m := toldOf(e, core.Declared{Key: api1.Key})
		if got := m.Changing(a1.Key); got.Declared != nil || got.Leaving != nil {
			t.Errorf("%T: %+v, and nothing leaves", e, got)
		}
		m.Step(time.Time{}, core.Leaving{Key: a1.Key})
		if got := m.Changing(a1.Key).Declared; !maps.Equal(got, only("AAAA")) {
			t.Errorf("%T: %v", e, got)
		}
	}
}

// Whether what an operator holds is ours, under whatever address: nobody waits to hear that it is.
func TestClaim_Ours(t *testing.T) {
	for _, c := range []struct {
		event    core.Event
		one, two bool
	}{
		{core.Declared{Key: a1.Key}, false, false},
		{core.Owned{Key: a1.Key}, true, true},
		{core.Kept{Key: a1.Key}, true, true},
		{core.Leaving{Key: a1.Key}, true, true},
		{core.Leaving{Key: a1.Key, Foreign: only("two")}, true, false},
		{core.Leaving{Open: true, Key: a1.Key, Foreign: only("two")}, true, false},
		{core.Leaving{Key: a1.Key, At: only("one")}, true, false},
		{core.Ceded{Key: a1.Key, At: only("two")}, false, true},
	} {
		for name, want := range map[string]bool{"one": c.one, "two": c.two} {
			s := newScene(t)
			s.walk.step(c.event)
			id := s.call(func(id core.ID) core.Event { return core.Await{ID: id, Operator: name, Key: a1.Key} })
			s.play(well)
			if got := s.walk.results[id].Yes; got != want {
				t.Errorf("%T%+v: ours at %s is %t", c.event, c.event, name, got)
			}
		}
	}
}

// An RRset that the state knows of is looked for twice before it counts as absent, wherever that is known from.
func TestClaim_KnownIsNotAbsentAtOnce(t *testing.T) {
	for _, c := range []struct {
		event core.Event
		asks  bool
	}{
		{core.Declared{Key: a1.Key}, false},
		{core.Owned{Key: a1.Key}, true},
		{core.Leaving{Key: a1.Key}, true},
		{core.Leaving{Key: a1.Key, At: only("one")}, true},
		{core.Ceded{Key: a1.Key, At: only("one")}, true},
	} {
		s := newScene(t)
		s.bare()
		s.walk.step(c.event)
		s.look(a1.Key)
		asked := false
		s.play(func(e core.Effect) string {
			if _, ok := e.(core.AskEmpty); ok {
				asked = true
			}
			return fine
		})
		if asked != c.asks {
			t.Errorf("%T: a second question: %t", c.event, asked)
		}
	}
}
