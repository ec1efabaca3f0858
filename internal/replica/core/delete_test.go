package core_test

import (
	"errors"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// TestDelete_Replacing: a deletion that makes room is made everywhere or nowhere.
func TestDelete_Replacing(t *testing.T) {
	replacing := func(d *core.Delete) { d.Replacing = true }
	for _, c := range []struct {
		what        string
		read, write []string // of operator two, in order
		one         error    // what is said of operator one
		holds       bool     // operator one, in the end
	}{
		{"both answer", nil, nil, nil, false},
		{"two cannot be read", []string{down}, nil, core.ErrTakenBack, true},
		{"two cannot be written", nil, []string{down}, core.ErrTakenBack, true},
		{"two refuses", nil, []string{no}, core.ErrTakenBack, true},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.hold(a1)
			id := s.delete(a1.Key, replacing)
			reads, writes := 0, 0
			s.play(func(e core.Effect) string {
				name, write := of(e)
				if name != "two" {
					return fine
				}
				if write {
					writes++
					if writes <= len(c.write) {
						return c.write[writes-1]
					}
				} else {
					reads++
					if reads <= len(c.read) {
						return c.read[reads-1]
					}
				}
				return fine
			})
			if err := s.outcome(id, "one").Err; !errors.Is(err, c.one) || c.one == nil && err != nil {
				t.Errorf("one: %v", err)
			}
			if (s.outcome(id, "two").Err != nil) != c.holds {
				t.Errorf("two: %v", s.outcome(id, "two").Err)
			}
			if _, held := s.one().held[a1.Key]; held != c.holds {
				t.Errorf("one holds it: %t", held)
			}
			if o := s.outcome(id, "one"); !o.Known || (o.Held != nil) != c.holds || c.holds && show(*o.Held) != show(a1) {
				t.Errorf("one: %+v", o)
			}
		})
	}
}

// TestDelete_Foreign: what was never ours stays; what we hold under a former type goes.
func TestDelete_Foreign(t *testing.T) {
	for _, c := range []struct {
		what string
		own  core.Ownership
		one  []operator.RRset
		kept bool
	}{
		{"ours", core.Ownership{}, []operator.RRset{aaaa, txt}, false},
		{"foreign", core.Ownership{Foreign: only("one")}, []operator.RRset{a1, aaaa, txt}, true},
		{"a former type as well", core.Ownership{Former: former("one", "AAAA")}, []operator.RRset{txt}, false},
		{"two former types as well", core.Ownership{Former: former("one", "AAAA", "TXT")}, nil, false},
		{"a former type of the other operator", core.Ownership{Former: former("two", "MX")}, []operator.RRset{aaaa, txt}, false},
		{"foreign beside a former type", core.Ownership{Foreign: only("one"), Former: former("one", "AAAA")}, []operator.RRset{a1, txt}, false},
		{"foreign beside two former types", core.Ownership{Foreign: only("one"), Former: former("one", "AAAA", "TXT")}, []operator.RRset{a1}, false},
	} {
		s := newScene(t)
		s.hold(a1, aaaa, txt)
		id := s.delete(a1.Key, func(d *core.Delete) { d.Ownership = c.own })
		s.play(well)
		if o := s.outcome(id, "one"); o.Err != nil || o.Kept != c.kept || !o.Known || o.Kept && o.Held == nil || s.one().writes > 1 {
			t.Errorf("%s: %+v after %d writes", c.what, o, s.one().writes)
		}
		s.expect("one", c.one...)
		s.expect("two", aaaa, txt)
	}
}

// TestDelete_PassesOn: what an operator holds of other types, and another address declares, is not forgotten before
// that has it, if it is in sight.
func TestDelete_PassesOn(t *testing.T) {
	declared, kept := core.Declared{Key: a1.Key}, core.Kept{Key: a1.Key}
	was, ceded := core.Ownership{Former: former("one", "A")}, core.Ownership{Ceded: anywhere("A")}
	creates := func(s *scene) { s.create(a1) }
	fails := func(s *scene) { s.two().bad = map[rrset.Key]bool{a1.Key: true}; s.create(a1) }
	interrupts := func(s *scene) { s.walk.step(core.Cancel{ID: 1}) }
	for _, c := range []struct {
		what     string
		own      core.Ownership
		told     []core.Event
		with     func(*core.Delete)
		meantime func(*scene)
		waits    bool
		gone     bool             // before the deletion
		one, two error            // how it ends there
		holds    []operator.RRset // at one
		other    []operator.RRset // at two
	}{
		{what: "nobody declares it", own: was},
		{what: "taken already", own: was, told: []core.Event{kept}, holds: []operator.RRset{a1}},
		{what: "taken meanwhile", own: was, told: []core.Event{declared}, meantime: creates, waits: true, holds: []operator.RRset{a1}, other: []operator.RRset{a1}},
		{what: "not taken", own: was, told: []core.Event{declared}, meantime: fails, waits: true, one: core.ErrNotTaken, holds: []operator.RRset{a1}},
		{what: "nobody comes", own: was, told: []core.Event{declared}, waits: true, holds: []operator.RRset{a1}},
		{what: "interrupted", own: was, told: []core.Event{declared}, meantime: interrupts, waits: true, one: core.ErrNotTaken, holds: []operator.RRset{a1}},
		{what: "gone", own: was, told: []core.Event{declared}, gone: true},
		{what: "left before, and not taken", own: ceded, told: []core.Event{declared}, meantime: fails, waits: true, one: core.ErrNotTaken, holds: []operator.RRset{a1}},
		{what: "left before, and nobody declares it", own: ceded, holds: []operator.RRset{a1}},
		{
			what: "a replacement is taken back", own: was, told: []core.Event{declared}, with: func(d *core.Delete) { d.Replacing = true },
			meantime: fails, waits: true, one: core.ErrNotTaken, two: core.ErrTakenBack, holds: []operator.RRset{a1, txt}, other: []operator.RRset{txt},
		},
		{
			what: "its own type is handed over, the other one taken", own: was, told: []core.Event{declared, core.Kept{Key: txt.Key}},
			meantime: creates, waits: true, holds: []operator.RRset{a1, txt}, other: []operator.RRset{a1, txt},
		},
		{
			what: "its own type is handed over, the other one not taken", own: was, told: []core.Event{declared, core.Kept{Key: txt.Key}},
			meantime: fails, waits: true, one: core.ErrNotTaken, holds: []operator.RRset{a1, txt}, other: []operator.RRset{txt},
		},
		{
			what: "its own type is handed over, and one left before not taken", own: ceded, told: []core.Event{declared, core.Kept{Key: txt.Key}},
			meantime: fails, waits: true, one: core.ErrNotTaken, holds: []operator.RRset{a1, txt}, other: []operator.RRset{txt},
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.one().hold(a1, txt)
			s.two().hold(txt)
			if c.gone {
				delete(s.one().held, a1.Key)
			}
			for _, e := range c.told {
				s.walk.step(e)
			}
			id := s.delete(txt.Key, func(d *core.Delete) {
				d.Ownership = c.own
				if c.with != nil {
					c.with(d)
				}
			})
			if c.waits {
				s.spend(swift().Ownership / 2)
				if s.over(id) {
					t.Fatal("it did not wait")
				}
			}
			if c.meantime != nil {
				c.meantime(s)
			}
			began := s.walk.now
			s.play(well)
			if took := s.walk.now.Sub(began); c.meantime == nil && !c.waits && took >= swift().Ownership {
				t.Errorf("waited %s", took)
			}
			if one, two := s.outcome(id, "one").Err, s.outcome(id, "two").Err; !errors.Is(one, c.one) || !errors.Is(two, c.two) || c.one == nil && one != nil || c.two == nil && two != nil {
				t.Errorf("one: %v, two: %v", one, two)
			}
			s.expect("one", c.holds...)
			s.expect("two", c.other...)
		})
	}
}

// TestDelete_HandedOver is the table of what a deletion does with an RRset that another address declares.
func TestDelete_HandedOver(t *testing.T) {
	noted := func(d *core.Delete) { d.HandedOver = true }
	taken := func(d *core.Delete) { d.HandedOver, d.Taken = true, true }
	for _, c := range []struct {
		what   string
		before func(*scene)
		with   func(*core.Delete)
		after  func(*scene)
		err    bool
	}{
		{what: "noted, and nobody comes", with: noted},
		{what: "noted, and in the state there", with: taken},
		{what: "declared, and in the state there", before: func(s *scene) { s.walk.step(core.Kept{Key: a1.Key}) }},
		{
			what: "validated, planned and created", before: func(s *scene) { s.walk.step(core.Validated{Key: a1.Key}) },
			after: func(s *scene) { s.walk.step(core.Expected{Key: a1.Key}); s.create(a1) },
		},
		{what: "validated, and its plan fails", before: func(s *scene) { s.walk.step(core.Validated{Key: a1.Key}) }, err: true},
		{
			what: "validated, and its plan takes long", before: func(s *scene) { s.walk.step(core.Validated{Key: a1.Key}) },
			after: func(s *scene) { s.walk.step(core.Planning{Key: a1.Key}) },
		},
		{
			what: "validated, and its plan fails in the end", before: func(s *scene) { s.walk.step(core.Validated{Key: a1.Key}) },
			after: func(s *scene) {
				s.walk.step(core.Planning{Key: a1.Key})
				s.spend(swift().Ownership / 2)
				s.walk.step(core.Validated{Key: a1.Key})
			}, err: true,
		},
		{
			what: "validated long after the deletion, and planned", with: noted,
			after: func(s *scene) {
				s.spend(swift().Ownership * 9 / 10)
				s.walk.step(core.Validated{Key: a1.Key})
				s.spend(swift().Ownership / 2)
				s.walk.step(core.Planning{Key: a1.Key})
				s.create(a1)
			},
		},
		{
			what:   "validated and planned, and nobody comes",
			before: func(s *scene) { s.walk.step(core.Validated{Key: a1.Key}); s.walk.step(core.Expected{Key: a1.Key}) },
		},
		{
			what:   "validated, and in the state there",
			before: func(s *scene) { s.walk.step(core.Validated{Key: a1.Key}); s.walk.step(core.Kept{Key: a1.Key}) },
		},
		{what: "declared, and created", before: func(s *scene) { s.walk.step(core.Declared{Key: a1.Key}) }, after: func(s *scene) { s.create(a1) }},
		{
			what: "declared, and the creation is refused", before: func(s *scene) { s.walk.step(core.Declared{Key: a1.Key}) },
			after: func(s *scene) { s.two().bad = map[rrset.Key]bool{a1.Key: true}; s.create(a2) }, err: true,
		},
		{
			what: "declared, and the creation reaches nobody", before: func(s *scene) { s.walk.step(core.Declared{Key: a1.Key}) },
			after: func(s *scene) { s.create(a2); s.answer(down, to("one", false)); s.answer(down, to("two", false)) }, err: true,
		},
		{
			what: "declared, and interrupted", before: func(s *scene) { s.walk.step(core.Declared{Key: a1.Key}) },
			after: func(s *scene) {
				for id := range s.walk.running {
					s.walk.step(core.Cancel{ID: id})
				}
			}, err: true,
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.hold(a1)
			if c.before != nil {
				c.before(s)
			}
			id := s.delete(a1.Key, func(d *core.Delete) {
				if c.with != nil {
					c.with(d)
				}
			})
			if c.after != nil {
				c.after(s)
			}
			s.play(well)
			for _, name := range []string{"one", "two"} {
				o := s.outcome(id, name)
				if held := s.world.service(name).held[a1.Key]; o.Known && show(*o.Held) != show(held) {
					t.Errorf("%s is said to hold %s", name, show(*o.Held))
				}
				if (o.Err != nil) != c.err || o.Kept == c.err {
					t.Errorf("%s: %+v", name, o)
				}
			}
			s.expectBoth(a1)
		})
	}
}

// TestDelete_HandedOverWhileOut: what is handed over needs no answer from an operator that is out.
func TestDelete_HandedOverWhileOut(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	id := s.delete(a1.Key)
	s.answer(down, to("one", false))
	s.walk.step(core.Declared{Key: a1.Key})
	s.create(a1)
	s.play(well)
	for _, name := range []string{"one", "two"} {
		if o := s.outcome(id, name); o.Err != nil || !o.Kept {
			t.Errorf("%s: %+v", name, o)
		}
	}
	s.expectBoth(a1)
}

// TestDelete_FollowsAnother: a deletion that another call makes with its own write waits for that one, which may be
// waiting itself for what never comes.
func TestDelete_FollowsAnother(t *testing.T) {
	s := newScene(t)
	s.one().hold(a1, aaaa)
	s.two().hold(a2)
	for _, key := range []rrset.Key{a1.Key, aaaa.Key} {
		s.walk.step(core.Leaving{Key: key, Foreign: only("two")})
	}
	change := s.call(func(id core.ID) core.Event {
		return core.Update{ID: id, From: a1.Key, Want: desired(cname), At: everywhere, Ownership: core.Ownership{Foreign: only("two")}}
	})
	deletion := s.delete(aaaa.Key)
	s.play(well)
	if _, ok := errors.AsType[*core.ConflictError](s.outcome(change, "two").Err); !ok {
		t.Errorf("two: %v", s.outcome(change, "two").Err)
	}
	if s.outcome(deletion, "one").Err != nil {
		t.Error(s.outcome(deletion, "one").Err)
	}
	s.expect("one", cname)
	s.expect("two", a2)
}

// TestDelete_NoZone: a deletion ends where the zone is gone.
func TestDelete_NoZone(t *testing.T) {
	t.Run("deleted", func(t *testing.T) { noZone(t, false) })
	t.Run("replaced", func(t *testing.T) { noZone(t, true) })
}

// TestDelete_NoZoneShown: an empty answer alone does not prove that the zone is gone: the deletion fails there, and the
// state keeps what may be left in it.
func TestDelete_NoZoneShown(t *testing.T) {
	for _, replacing := range []bool{false, true} {
		s := newScene(t)
		s.hold(a1)
		id := s.delete(a1.Key, func(d *core.Delete) { d.Replacing = replacing })
		list := taken[core.List](s, to("one", false))
		s.walk.step(core.ListAnswer{ID: list.ID, Err: &operator.RefusalError{
			Operator: "one", Action: "look up", Kind: operator.ZoneNotFound, Unproven: true, Message: "none",
		}})
		s.play(well)
		if o := s.outcome(id, "one"); o.Err == nil || o.NoZone {
			t.Errorf("replacing %t: %+v", replacing, o)
		}
		s.expect("one", a1)
		if replacing {
			s.expect("two", a1)
		} else {
			s.expect("two")
		}
	}
}
