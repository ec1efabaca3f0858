package core_test

import (
	"context"
	"errors"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// TestVerdict_WhereNothingIsHeld: where an operator holds nothing of what is to go, there is nothing to make room with.
// A write that may still bring it is passed by one that makes it and deletes it, which cannot stand beside what is to
// take its place, nor beside what does so already: that is waited for.
func TestVerdict_WhereNothingIsHeld(t *testing.T) {
	refused := func(s *scene) { s.one().bad[cname.Key], s.two().bad[cname.Key] = true, true; s.create(cname) }
	comes := func(s *scene) { s.create(cname) }
	for _, c := range []struct {
		what   string
		before core.Doubt // at one
		former []operator.RRset
		told   []core.Event
		held   []operator.RRset // by one
		come   func(*scene)     // meanwhile
		waits  bool
		want   func(error) bool // how the deletion ends at one
	}{
		{what: "and nothing may come", want: none},
		{what: "and what takes its place is refused", told: []core.Event{core.Declared{Key: cname.Key}}, come: refused, want: none},
		{what: "it may come, and what takes its place is refused", before: core.MayCome, told: []core.Event{core.Declared{Key: cname.Key}}, come: refused, waits: true, want: is(core.ErrNotSucceeded)},
		{what: "it may come, and what takes its place comes", before: core.MayCome, told: []core.Event{core.Declared{Key: cname.Key}}, come: comes, waits: true, want: none},
		{what: "it may come, and nobody brings what takes its place", before: core.MayCome, told: []core.Event{core.Declared{Key: cname.Key}}, waits: true, want: inDoubt},
		{what: "it may come, and what stands in its place is nobody's", before: core.MayCome, held: []operator.RRset{cname}, waits: true, want: inDoubt},
		{
			what: "it may come, and something else of ours makes room", before: core.MayCome, former: []operator.RRset{a1},
			told: []core.Event{core.Declared{Key: aaaa.Key}}, held: []operator.RRset{a1}, want: none,
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.one().hold(c.held...)
			for _, e := range c.told {
				s.walk.step(e)
			}
			own, key := doubts(c.before), a1.Key
			for _, r := range c.former {
				key, own.Former = cname.Key, former("one", r.Type)
			}
			id := s.delete(key, func(d *core.Delete) { d.Ownership = own })
			s.spend(swift().Ownership / 2)
			if waits := !s.over(id); waits != c.waits {
				t.Errorf("waits: %t, want %t", waits, c.waits)
			}
			if c.come != nil {
				c.come(s)
			}
			s.play(well)
			if err := s.outcome(id, "one").Err; !c.want(err) {
				t.Errorf("at one: %v", err)
			}
			if err := s.outcome(id, "two").Err; err != nil {
				t.Errorf("at two: %v", err)
			}
		})
	}
}

func none(err error) bool { return err == nil }

func is(want error) func(error) bool {
	return func(err error) bool { return errors.Is(err, want) }
}

func inDoubt(err error) bool {
	outage := operator.AsOutage(err)
	return outage != nil && outage.InDoubt
}

// TestVerdict_OfAFormerTypeAlone: what is left of a former type to whoever takes its place says nothing of the RRset
// itself, which was deleted.
func TestVerdict_OfAFormerTypeAlone(t *testing.T) {
	s := newScene(t)
	s.one().hold(cname)
	s.two().hold(txt)
	s.walk.step(core.Declared{Key: aaaa.Key})
	id := s.delete(txt.Key, func(d *core.Delete) { d.Former = former("one", "CNAME") })
	s.play(well)
	if o := s.outcome(id, "one"); o.Err != nil || o.Kept || !o.Succeeded["CNAME"] {
		t.Errorf("%+v", o)
	}
	s.expect("one", cname)
	s.expect("two")
}

// TestVerdict_Interrupted: who is interrupted while another call takes the RRset away with its own write does not know
// what becomes of that: it may be there later, or not. Where the operator was out before, that is said.
func TestVerdict_Interrupted(t *testing.T) {
	for _, out := range []bool{false, true} {
		s := newScene(t)
		s.hold(a1)
		s.create(cname)
		gone := s.delete(a1.Key)
		if out {
			s.answer(down, to("two", false))
		}
		s.until(func() bool { return s.pending("one", true) && (out || s.pending("two", true)) }, to("one", false), to("two", false))
		s.walk.step(core.Cancel{ID: gone})
		if o := s.outcome(gone, "one"); o.Doubt != core.MayChange || !errors.Is(o.Err, context.Canceled) {
			t.Errorf("one: %+v", o)
		}
		if err := s.outcome(gone, "two").Err; errors.Is(err, context.Canceled) == out || operator.AsOutage(err) == nil {
			t.Errorf("two: %v", err)
		}
		s.play(well)
	}
}

// TestVerdict_AFormerTypeComesBack: what another call took away with its own write, of a former type, and put back
// because it was refused elsewhere, is not gone.
func TestVerdict_AFormerTypeComesBack(t *testing.T) {
	s := newScene(t)
	s.one().hold(aaaa)
	s.two().bad = map[rrset.Key]bool{cname.Key: true}
	made := s.create(cname)
	gone := s.delete(txt.Key, func(d *core.Delete) { d.Former = former("one", "AAAA") })
	s.bothWrite()
	s.answer(fine, to("one", true))
	s.play(well)
	if err := s.outcome(made, "two").Err; operator.AsRefusal(err) == nil {
		t.Errorf("the creation at two: %v", err)
	}
	if o := s.outcome(gone, "one"); !errors.Is(o.Err, core.ErrNotSucceeded) {
		t.Errorf("the deletion at one: %+v", o)
	}
	s.expect("one", aaaa)
}

// TestRestoring_EndsWhatItBegan: what is put back is put back, interrupted or not, and whoever declares it meanwhile.
func TestRestoring_EndsWhatItBegan(t *testing.T) {
	for what, meanwhile := range map[string]func(s *scene, gone core.ID){
		"interrupted": func(s *scene, gone core.ID) { s.walk.step(core.Cancel{ID: gone}) },
		"declared":    func(s *scene, _ core.ID) { s.walk.step(core.Declared{Key: a1.Key}) },
	} {
		t.Run(what, func(t *testing.T) {
			s := newScene(t)
			s.hold(a1)
			gone := s.delete(a1.Key, func(d *core.Delete) { d.Replacing = true })
			s.bothWrite()
			s.answer(no, to("two", true))
			s.answer(fine, to("one", true))
			meanwhile(s, gone) // and what is put back is queued
			began := s.walk.now
			s.play(well)
			if took := s.walk.now.Sub(began); took >= swift().Ownership/2 {
				t.Errorf("it waited %s", took)
			}
			if err := s.outcome(gone, "one").Err; !errors.Is(err, core.ErrTakenBack) {
				t.Errorf("one: %v", err)
			}
			s.expectBoth(a1)
		})
	}
}

// TestVerdict_ReplacingWhileAnotherIsOut: a deletion that makes room for a creation begins nowhere while an operator is
// out. What another address takes away meanwhile is gone all the same, and what nobody takes away is told to stay.
func TestVerdict_ReplacingWhileAnotherIsOut(t *testing.T) {
	for _, c := range []struct {
		what  string
		come  func(s *scene)
		first bool // before the deletion
		want  func(error) bool
		holds operator.RRset
	}{
		{what: "it comes", come: func(s *scene) { s.create(cname) }, want: none, holds: cname},
		{what: "it came before", come: func(s *scene) { s.create(cname) }, first: true, want: none, holds: cname},
		{
			what: "it is refused", come: func(s *scene) { s.one().bad[cname.Key] = true; s.create(cname) },
			want: is(core.ErrNotSucceeded), holds: a1,
		},
		{what: "it does not come", come: func(*scene) {}, want: is(core.ErrTakenBack), holds: a1},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.hold(a1)
			s.never(a1.Name)
			s.walk.step(core.Declared{Key: cname.Key})
			if c.first {
				s.walk.step(core.Leaving{Key: a1.Key})
				c.come(s)
			}
			gone := s.delete(a1.Key, func(d *core.Delete) { d.Replacing = true })
			s.answer(down, to("two", false))
			if !c.first {
				c.come(s)
			}
			s.play(well)
			o := s.outcome(gone, "one")
			if !c.want(o.Err) || !o.Known || (o.Held != nil) != (c.holds.Key == a1.Key) {
				t.Errorf("%+v", o)
			}
			s.expect("one", c.holds)
			s.expect("two", a1)
		})
	}
}
