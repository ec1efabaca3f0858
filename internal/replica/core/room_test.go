package core_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// place is where an RRset is to be created, for which the plan saw room at some operators.
func place(want operator.RRset, free ...string) core.Place {
	return core.Place{Key: want.Key, Clear: only(free...), Takes: func(_ string, held operator.RRset) bool {
		return core.Difference(want, &held) == ""
	}}
}

// TestDelete_NoRoom is the table of what becomes of a deletion where something stands at operator one by now in the
// place of what is to be created.
func TestDelete_NoRoom(t *testing.T) {
	api, alias := place(api1, "one", "two"), place(record("api", "CNAME", 3600, "front.example.net."), "one", "two")
	for _, c := range []struct {
		what     string
		room     []core.Place
		before   []core.Event
		meantime func(*scene) // while it waits
		deleted  bool
	}{
		{what: "nobody knows it", room: []core.Place{api}},
		{what: "nor what stands alone", room: []core.Place{alias}},
		{what: "of several places", room: []core.Place{place(mail1, "one", "two"), api}},
		{what: "the plan saw it", room: []core.Place{place(api1, "two")}, deleted: true},
		{what: "as it is declared", room: []core.Place{place(api2, "one", "two")}, deleted: true},
		{what: "the state has it", room: []core.Place{api}, before: []core.Event{core.Owned{Key: api1.Key}}, deleted: true},
		{
			what: "the state has it at the other one", room: []core.Place{api},
			before: []core.Event{core.Leaving{Key: api1.Key, Foreign: only("one")}},
		},
		{what: "it goes", room: []core.Place{alias}, before: []core.Event{core.Leaving{Key: api1.Key}}, deleted: true},
		{
			what: "it goes, as is told late", room: []core.Place{api}, deleted: true,
			meantime: func(s *scene) { s.delete(api2.Key) },
		},
		{
			what: "interrupted", room: []core.Place{api},
			meantime: func(s *scene) { s.walk.step(core.Cancel{ID: 1}) },
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.hold(a1)
			s.one().hold(api2)
			for _, e := range c.before {
				s.walk.step(e)
			}
			for _, p := range c.room {
				s.walk.step(core.Declared{Key: p.Key})
			}
			id := s.delete(a1.Key, func(d *core.Delete) { d.Replacing, d.For = true, c.room })
			s.until(func() bool { return len(s.walk.requests) == 0 })
			waits := !s.over(id) && !s.pending("one", true)
			if c.meantime != nil {
				if !waits {
					t.Fatal("it did not wait for whoever may come")
				}
				c.meantime(s)
			}
			s.until(func() bool { return s.over(id) })
			for _, name := range []string{"one", "two"} {
				o := s.outcome(id, name)
				_, held := s.world.service(name).held[a1.Key]
				if held == c.deleted || o.Err == nil != c.deleted || !o.Known || (o.Held != nil) != held {
					t.Errorf("%s holds it: %t, and told %+v", name, held, o)
				}
				if c.meantime == nil && !c.deleted && !o.LeftThere() {
					t.Errorf("%s: %v", name, o.Err)
				}
			}
			occupied, ok := errors.AsType[*core.OccupiedError](s.outcome(id, "one").Err)
			if want := !c.deleted && c.meantime == nil; ok != want || ok && (occupied.Operator != "one" || occupied.Types[0] != "A") {
				t.Errorf("%+v", s.outcome(id, "one").Err)
			}
			s.play(well)
			if reads := s.one().reads; reads > 1 {
				t.Errorf("one was read %d times", reads)
			}
		})
	}
}

// TestOccupiedError: the text names no value, which may be a secret.
func TestOccupiedError(t *testing.T) {
	alias := record("api", "CNAME", 3600, "front.example.net.").Key
	for _, c := range []struct {
		key   rrset.Key
		types []string
		want  string
	}{
		{api1.Key, []string{"A"}, "one holds api.example.com. A by now, and not as it is declared"},
		{alias, []string{"A"}, "one holds A at api.example.com. by now, and a CNAME cannot stand beside other types (RFC 1034 section 3.6.2)"},
		{alias, []string{"A", "TXT"}, "one holds A, TXT at api.example.com. by now, and a CNAME cannot stand beside other types (RFC 1034 section 3.6.2)"},
		{api1.Key, []string{"CNAME"}, "one holds CNAME at api.example.com. by now, and a CNAME cannot stand beside other types (RFC 1034 section 3.6.2)"},
	} {
		if got := (&core.OccupiedError{Operator: "one", Key: c.key, Types: c.types}).Error(); got != c.want {
			t.Errorf("%s, %v: %s", c.key, c.types, got)
		}
	}
}

// TestDelete_NoRoomElsewhere: a place in another zone is looked at there, once. Where that is refused the creation
// would be refused as well, and nothing is deleted.
func TestDelete_NoRoomElsewhere(t *testing.T) {
	there := func(r operator.RRset) operator.RRset {
		r.Key.Zone, r.Key.Name = "example.net.", "www.example.net."
		return r
	}
	there1, there2 := there(a1), there(a2)
	reads := func(e core.Effect) bool { _, zone, _ := addressed(e); return zone == there1.Key.Zone }
	here := func(e core.Effect) bool { return !reads(e) }
	for _, c := range []struct {
		what  string
		held  operator.RRset
		err   error
		stays bool
	}{
		{what: "free", held: there(txt)},
		{what: "as it is declared", held: there1},
		{what: "taken", held: there2, stays: true},
		{what: "refused", err: &operator.RefusalError{Operator: "one", Action: "list", Kind: operator.ZoneNotFound, Message: "no such zone"}, stays: true},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.hold(a1)
			id := s.delete(a1.Key, func(d *core.Delete) { d.Replacing, d.For = true, []core.Place{place(there1, "one", "two")} })
			for _, name := range []string{"one", "two"} {
				s.until(func() bool { return slices.ContainsFunc(s.walk.requests, reads) }, here)
				s.pass(swift().BatchIdleMost, func() {
					for s.answer(fine, here) {
					}
				})
				s.expectBoth(a1)
				list := taken[core.List](s, func(e core.Effect) bool { n, _ := of(e); return n == name && reads(e) })
				answer := core.ListAnswer{ID: list.ID, Complete: true, Held: []operator.RRset{there(txt)}}
				if name == "one" {
					answer.Held, answer.Complete, answer.Err = []operator.RRset{c.held}, c.err == nil, c.err
				}
				s.walk.step(answer)
			}
			s.until(func() bool { return s.over(id) })
			if err := s.outcome(id, "one").Err; (err != nil) != c.stays || c.err != nil && !errors.Is(err, c.err) {
				t.Errorf("one: %v", err)
			}
			if err := s.outcome(id, "two").Err; c.stays != errors.Is(err, core.ErrTakenBack) {
				t.Errorf("two: %v", err)
			}
			for _, service := range s.world.operators {
				if _, held := service.held[a1.Key]; held != c.stays {
					t.Errorf("%s holds it: %t", service.name, held)
				}
			}
		})
	}
}
