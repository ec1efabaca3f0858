package core_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// TestLookAll reads each zone to its end, once, and says what went wrong.
func TestLookAll(t *testing.T) {
	all := many(30, 3600)
	s := newScene(t)
	s.bare()
	s.hold(all...)
	s.one().page = 10
	lookAll := func() core.ID {
		return s.call(func(id core.ID) core.Event { return core.LookAll{ID: id, Zone: zone} })
	}
	name := s.look(all[3].Key) // the first page alone, and then the name
	first := lookAll()
	s.play(func(e core.Effect) string {
		if n, _ := of(e); n == "two" {
			return down
		}
		return fine
	})
	again := lookAll()
	if !s.over(again) {
		t.Error("it is read twice")
	}
	for _, id := range []core.ID{first, again} {
		r := s.walk.results[id]
		if len(r.All["one"].Held) != len(all) || !slices.IsSortedFunc(r.All["one"].Held, func(a, b operator.RRset) int { return strings.Compare(a.Name, b.Name) }) {
			t.Errorf("one: %d of %d, sorted: %v", len(r.All["one"].Held), len(all), r.All["one"].Held)
		}
		if operator.AsOutage(r.All["two"].Err) == nil {
			t.Errorf("two: %v", r.All["two"].Err)
		}
	}
	if s.one().reads != 1 {
		t.Errorf("%d readings, want one list to its end", s.one().reads)
	}
	if s.walk.results[name].Seen["one"].Held == nil {
		t.Error("the look beside it saw nothing")
	}
	if held := s.walk.machine.Held(s.walk.results[name].Seen["one"].Held.Key); len(held) != 1 || held["one"] == nil {
		t.Errorf("known to be held: %v, want what one has, and nothing of two", held)
	}
	if ttl := s.walk.machine.LowestTTL("one", zone); ttl != 3600 {
		t.Errorf("lowest TTL %d", ttl)
	}
	if ttl := s.walk.machine.LowestTTL("two", zone); ttl != 0 {
		t.Errorf("lowest TTL %d where nothing was read", ttl)
	}
	s = newScene(t)
	id := lookAll()
	s.walk.step(core.Cancel{ID: id})
	if !s.over(id) || operator.AsOutage(s.walk.results[id].All["one"].Err) == nil {
		t.Error("an interrupt does not end it")
	}
}

// TestReading_HugeZone: of a zone that does not fit into one page few names are read one by one, and many make the list
// worth its pages.
func TestReading_HugeZone(t *testing.T) {
	for _, c := range []struct{ names, more, lists, single int }{
		{1, 0, 1, 1},
		{3, 0, 1, 3},
		{7, 0, 1, 7},
		{8, 0, 1, 0}, // all pages of the first list
		{1, 7, 1, 8},
		{1, 8, 2, 8}, // the ninth makes the list the cheaper way
		{1, 20, 2, 8},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			s := newScene(t)
			all := many(40, 3600)
			s.hold(all...)
			s.one().page = 10
			lists, single := 0, 0
			count := func(e core.Effect) string {
				switch e := e.(type) {
				case core.List:
					if e.Operator == "one" {
						lists++
					}
				case core.ListName:
					if e.Operator == "one" {
						single++
					}
				}
				return fine
			}
			for i := range c.names {
				s.look(all[i].Key)
			}
			s.play(count)
			for i := range c.more {
				id := s.look(all[20+i].Key)
				s.play(count)
				if o := s.walk.results[id].Seen["one"]; o.Held == nil {
					t.Errorf("look %d: %+v", i, o)
				}
				s.look(all[20+i].Key) // what was read is known
			}
			if lists != c.lists || single != c.single {
				t.Errorf("%d lists and %d names, want %d and %d", lists, single, c.lists, c.single)
			}
		})
	}
}

// TestReading_OneNameFails: a name that cannot be read is told so and not asked again, and the operator is out.
func TestReading_OneNameFails(t *testing.T) {
	s := newScene(t)
	all := many(20, 3600)
	s.hold(all...)
	s.one().page = 5
	id := s.look(all[0].Key)
	s.play(func(e core.Effect) string {
		if _, single := e.(core.ListName); single {
			return down
		}
		return fine
	})
	if operator.AsOutage(s.walk.results[id].Seen["one"].Err) == nil {
		t.Errorf("%+v", s.walk.results[id].Seen["one"])
	}
	for _, key := range []rrset.Key{all[0].Key, all[1].Key} {
		again := s.look(key)
		if !s.over(again) || operator.AsOutage(s.walk.results[again].Seen["one"].Err) == nil {
			t.Errorf("%s is asked for again", key)
		}
	}
}

// TestReading_OneOutageForAllZones: who is proven out is not asked for another zone.
func TestReading_OneOutageForAllZones(t *testing.T) {
	s := newScene(t)
	s.look(a1.Key)
	s.play(func(e core.Effect) string {
		if name, _ := of(e); name == "one" {
			return down
		}
		return fine
	})
	elsewhere := a1.Key
	elsewhere.Zone, elsewhere.Name = "example.net.", "www.example.net."
	id := s.look(elsewhere)
	if s.pending("one", false) || !s.pending("two", false) {
		t.Error("the one is asked again, or the other is not")
	}
	s.play(well)
	if operator.AsOutage(s.walk.results[id].Seen["one"].Err) == nil {
		t.Errorf("%+v", s.walk.results[id].Seen["one"])
	}
}

// TestLook_Others are sorted, whatever order they were read in.
func TestLook_Others(t *testing.T) {
	s := newScene(t)
	mx, txt := record("www", "MX", 3600, "10 mx.example.net."), record("www", "TXT", 3600, `"x"`)
	s.hold(a1, aaaa, mx, txt)
	id := s.look(a1.Key)
	s.play(well)
	var types []string
	for _, r := range s.walk.results[id].Seen["one"].Others {
		types = append(types, r.Type)
	}
	if got := strings.Join(types, " "); got != "AAAA MX TXT" {
		t.Error(got)
	}
}

// emptied is a zone whose last RRsets the run deleted, one name after the other, so that it was never read as a whole.
// The whole list is on its way: it was asked for before the run writes again.
func emptied(t *testing.T) (s *scene, all core.ID, list core.List) {
	t.Helper()
	s = newScene(t)
	s.bare()
	s.one().page = 1
	s.hold(api1, txt)
	for _, key := range []rrset.Key{api1.Key, txt.Key} {
		s.delete(key)
	}
	s.play(well)
	all = s.call(func(id core.ID) core.Event { return core.LookAll{ID: id, Zone: zone} })
	return s, all, taken[core.List](s, to("one", false))
}

// asksEmpty reports whether operator one is asked whether its zone is empty.
func asksEmpty(e core.Effect) bool {
	a, ok := e.(core.AskEmpty)
	return ok && a.Operator == "one" && a.Zone == zone
}

// TestReading_EmptyListAndOwnWrites: what the run itself writes beside an empty list does not make that a lie.
func TestReading_EmptyListAndOwnWrites(t *testing.T) {
	for _, when := range []string{"pending", "away", "written"} {
		s, all, list := emptied(t)
		made := s.create(api2)
		if when != "pending" {
			s.until(func() bool { return s.pending("one", true) }, to("two", false))
		}
		if when == "written" {
			s.answer(fine, to("one", true))
		}
		s.walk.step(core.ListAnswer{ID: list.ID, Complete: true})
		if slices.ContainsFunc(s.walk.requests, asksEmpty) != (when == "pending") {
			t.Errorf("%s: it is asked whether the zone is empty: %t", when, when != "pending")
		}
		if when == "pending" { // it answers once that was written
			asked := taken[core.AskEmpty](s, asksEmpty)
			s.until(func() bool { return len(s.one().held) > 0 })
			s.walk.step(core.EmptyAnswer{ID: asked.ID, HoldsAny: true})
		}
		s.play(well)
		for _, name := range []string{"one", "two"} {
			if err := s.outcome(made, name).Err; err != nil {
				t.Errorf("%s: %v", when, err)
			}
		}
		if got := s.walk.results[all].All["one"]; got.Err != nil || len(got.Held) != 1 {
			t.Errorf("%s: %+v", when, got)
		}
		s.expectBoth(api2)
	}
}

// TestReading_EmptyListAfterOwnWrites: a list that does not even show what the run wrote is a lie, and one that cannot
// be read anew tells nothing; nobody waits for ever.
func TestReading_EmptyListAfterOwnWrites(t *testing.T) {
	for _, second := range []core.ListAnswer{
		{Complete: true},
		{Complete: true, Held: []operator.RRset{txt}},
		{Err: &operator.OutageError{Operator: "one", Action: "list", Reason: "HTTP 500"}},
	} {
		s, all, list := emptied(t)
		made := s.create(api2)
		s.until(func() bool { return s.over(made) }, to("one", true), to("two", true), to("two", false))
		s.walk.step(core.ListAnswer{ID: list.ID, Complete: true})
		second.ID = taken[core.List](s, to("one", false)).ID
		s.walk.step(second)
		s.play(well)
		if got := s.walk.results[all].All["one"]; operator.AsOutage(got.Err) == nil {
			t.Errorf("%+v", got)
		}
		if o := s.outcome(made, "one"); o.Err != nil {
			t.Errorf("%+v", o)
		}
	}
}

// TestReading_EmptyListAndNoRight: where the list may not be read anew, what is known of it stands.
func TestReading_EmptyListAndNoRight(t *testing.T) {
	s, all, list := emptied(t)
	made := s.create(api2)
	s.until(func() bool { return s.over(made) }, to("one", true), to("two", true), to("two", false))
	s.walk.step(core.ListAnswer{ID: list.ID, Complete: true})
	s.refuseList("one", operator.Unauthorized)
	s.play(well)
	if got := s.walk.results[all].All["one"]; got.Err != nil || len(got.Held) != 1 {
		t.Errorf("%+v", got)
	}
}

// TestReading_LateListAfterAWrite: a list that was asked for before a write left says nothing of what was written.
func TestReading_LateListAfterAWrite(t *testing.T) {
	s, all := paged(t)
	old := s.one().all()
	after := record("r00", "A", 60, "192.0.2.7")
	s.call(func(id core.ID) core.Event { return core.LookAll{ID: id, Zone: zone} })
	change := s.update(all[0], after)
	s.oldListAfter(change, old, after)
}

// paged is a scene of a zone that does not fit into one page, of which one name was read.
func paged(t *testing.T) (s *scene, all []operator.RRset) {
	t.Helper()
	s, all = newScene(t), many(30, 3600)
	s.hold(all...)
	s.one().page = 10
	s.look(all[0].Key)
	s.play(well)
	return s, all
}

// oldListAfter lets a change be made before the list that is away is answered, as it was before: what is known is what
// was written.
func (s *scene) oldListAfter(change core.ID, old []operator.RRset, after operator.RRset) {
	s.t.Helper()
	s.changeMade(change)
	list := taken[core.List](s, to("one", false))
	s.walk.step(core.ListAnswer{ID: list.ID, Held: old, Complete: true})
	s.play(well)
	id := s.look(after.Key)
	s.play(well)
	if o := s.walk.results[id].Seen["one"]; o.Held == nil || show(*o.Held) != show(after) {
		s.t.Errorf("%+v", o)
	}
}

// changeMade lets a change be made while the list of operator one stays away.
func (s *scene) changeMade(id core.ID) {
	s.t.Helper()
	for range 500 {
		switch {
		case s.over(id):
			return
		case s.answer(fine, to("one", true)), s.answer(fine, to("two", true)), s.answer(fine, to("two", false)):
		default:
			s.walk.tick()
		}
	}
	s.t.Fatal("the change is not made")
}

// TestLook_OthersInOrder: what is beside an RRset is shown in one order, so that equal states have equal messages.
func TestLook_OthersInOrder(t *testing.T) {
	s := newScene(t)
	s.hold(a1, aaaa, txt, record("www", "MX", 3600, "10 mail.example.com."), record("www", "CAA", 3600, `0 issue "ca.example.net"`))
	for range 20 { // a map has another order each time
		id := s.look(a1.Key)
		s.play(well)
		var types []string
		for _, other := range s.walk.results[id].Seen["one"].Others {
			types = append(types, other.Type)
		}
		if want := []string{"AAAA", "CAA", "MX", "TXT"}; !slices.Equal(types, want) {
			t.Fatalf("%q, want %q", types, want)
		}
	}
}

// TestReading_InterruptedListProvesNothing: a list that ended because nobody waited for it says nothing of its
// operator.
func TestReading_InterruptedListProvesNothing(t *testing.T) {
	s := newScene(t)
	elsewhere := rrset.Key{Zone: "example.net.", Name: "www.example.net.", Type: "A"}
	id := s.look(elsewhere)
	at := slices.IndexFunc(s.walk.requests, to("one", false))
	asked, _ := s.walk.requests[at].(core.List)
	s.walk.requests = nil
	s.walk.step(core.ListAnswer{ID: asked.ID, Err: &operator.OutageError{Operator: "one", Action: "list", Reason: "interrupted", Err: context.Canceled}})
	s.walk.step(core.Cancel{ID: id})
	s.notOut("one")
}

// TestReading_RefusedList: a zone that may not be listed is told so to whoever wants all of it, and is not asked for
// again.
func TestReading_RefusedList(t *testing.T) {
	s := newScene(t)
	lookAll := func() core.ID {
		return s.call(func(id core.ID) core.Event { return core.LookAll{ID: id, Zone: zone} })
	}
	first := lookAll()
	s.refuseList("one", operator.Unauthorized)
	s.play(well)
	again := lookAll()
	if !s.over(again) {
		t.Error("it is asked for again")
	}
	s.play(well)
	for _, id := range []core.ID{first, again} {
		if all := s.walk.results[id].All; operator.AsRefusal(all["one"].Err) == nil || all["two"].Err != nil {
			t.Errorf("%v and %v", all["one"].Err, all["two"].Err)
		}
	}
}

// TestReading_ListAskedWhileAWriteIsAway: what such a list shows of the write may be older than its answer.
func TestReading_ListAskedWhileAWriteIsAway(t *testing.T) {
	s, all := paged(t)
	after := record("r00", "A", 60, "192.0.2.7")
	change := s.update(all[0], after)
	s.until(func() bool { return s.pending("one", true) })
	old := s.one().all()
	s.call(func(id core.ID) core.Event { return core.LookAll{ID: id, Zone: zone} })
	s.oldListAfter(change, old, after)
}

// TestReading_WhatSettlesAWrite: what is asked to find out what became of a write goes on after an interrupt, and says
// so; what is asked for a plan or before a write does not.
func TestReading_WhatSettlesAWrite(t *testing.T) {
	for _, c := range []struct {
		what   string
		begin  func(s *scene)
		before []string // what is asked of operator one
		after  []string
	}{
		{
			"a name of a large zone", func(s *scene) { s.hold(api1, txt); s.one().page = 1; s.delete(a1.Key); s.create(aaaa) },
			[]string{"List", "ListName"}, []string{"ListName"},
		},
		{
			"a name that shows nothing", func(s *scene) { s.hold(api1, txt); s.one().page = 1; s.one().hides = true; s.create(a1) },
			[]string{"List", "ListName", "AskHeld"}, []string{"ListName", "AskHeld"},
		},
		{
			"a zone that shows nothing", func(s *scene) { s.bare(); s.create(a1); s.create(api1) },
			[]string{"List", "AskEmpty"}, []string{"List", "AskEmpty"},
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			c.begin(s)
			asked, settles := map[bool][]string{}, false
			s.play(func(e core.Effect) string {
				name, write := of(e)
				if name != "one" {
					return fine
				}
				if write {
					settles = true
					return broken
				}
				kind := strings.TrimPrefix(fmt.Sprintf("%T", e), "core.")
				if !slices.Contains(asked[settles], kind) {
					asked[settles] = append(asked[settles], kind)
				}
				var says bool
				switch e := e.(type) {
				case core.List:
					says = e.Settle
				case core.ListName:
					says = e.Settle
				case core.AskEmpty:
					says = e.Settle
				case core.AskHeld:
					says = e.Settle
				}
				if says != settles {
					t.Errorf("%s settles: %t, want %t", kind, says, settles)
				}
				return fine
			})
			if !slices.Equal(asked[false], c.before) || !slices.Equal(asked[true], c.after) {
				t.Errorf("asked %q and then %q, want %q and %q", asked[false], asked[true], c.before, c.after)
			}
		})
	}
}

// TestReading_NotWhatItStored: a name that does not show what the operator just confirmed shows nothing that is
// believed.
func TestReading_NotWhatItStored(t *testing.T) {
	s := newScene(t)
	s.hold(api1, txt)
	s.one().page = 1
	made := s.create(a1)
	s.play(well)
	second := s.create(aaaa)
	s.until(func() bool { return s.pending("one", true) }, to("one", false), to("two", false))
	s.answer(broken, to("one", true))
	delete(s.one().held, a1.Key)
	s.play(well)
	if err := s.outcome(made, "one").Err; err != nil {
		t.Fatal(err)
	}
	if err := s.outcome(second, "one").Err; !inDoubt(err) {
		t.Errorf("%v", err)
	}
	s.out("one")
}

// TestReading_EachIsAskedFor: of several RRsets at a name that shows none, all have to be told absent, in whatever
// order.
func TestReading_EachIsAskedFor(t *testing.T) {
	asks := func(typ string) func(core.Effect) bool {
		return func(e core.Effect) bool {
			a, ok := e.(core.AskHeld)
			return ok && a.Key.Type == typ
		}
	}
	for _, last := range []string{"A", "AAAA"} {
		s := newScene(t)
		s.one().hold(api1, txt)
		s.one().page = 1
		gone := s.delete(record("web", "A", 60, "192.0.2.1").Key, func(d *core.Delete) { d.Former = former("one", "AAAA") })
		reads := func(e core.Effect) bool { return !asks("A")(e) && !asks("AAAA")(e) }
		s.until(func() bool { return slices.ContainsFunc(s.walk.requests, asks(last)) }, reads)
		for s.answer(fine, func(e core.Effect) bool { return !asks(last)(e) }) {
		}
		if s.over(gone) {
			t.Fatalf("it did not wait for what is said of %s", last)
		}
		s.walk.step(core.HeldAnswer{ID: taken[core.AskHeld](s, asks(last)).ID, Holds: true})
		s.play(well)
		if err := s.outcome(gone, "one").Err; operator.AsOutage(err) == nil {
			t.Errorf("%s is held and not shown: %v", last, err)
		}
	}
}
