package core_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// TestDelete_AbsorbedAndTakenBack: what another call deleted with its own write and put back, because it was refused
// elsewhere, stays, as nothing takes its place; where it is not known whether it was put back, that is said.
func TestDelete_AbsorbedAndTakenBack(t *testing.T) {
	for _, c := range []struct {
		what  string
		undo  string // how the first attempt to put it back ends
		known bool   // what the deletion meets at one
		holds []operator.RRset
	}{
		{"put back", fine, true, []operator.RRset{a1, aaaa}},
		{"put back, and the answer lost", lost, true, []operator.RRset{a1, aaaa}},
		{"perhaps put back later", later, false, []operator.RRset{cname}},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.hold(a1, aaaa)
			s.two().bad = map[rrset.Key]bool{cname.Key: true}
			gone := []core.ID{s.delete(a1.Key), s.delete(aaaa.Key)}
			id := s.create(cname)
			// one carries out everything before two answers a write.
			wrote := 0
			for range 400 {
				if s.over(id) {
					break
				}
				switch {
				case s.pending("one", true):
					fault := fine
					if wrote++; wrote == 2 {
						fault = c.undo
					}
					s.answer(fault, to("one", true))
				case s.answer(fine, to("one", false)), s.answer(fine, to("two", false)):
				case wrote == 0 && len(s.walk.timers) > 0:
					s.walk.tick()
				case s.answer(fine, to("two", true)):
				default:
					s.walk.tick()
				}
			}
			s.play(well)
			if operator.AsRefusal(s.outcome(id, "two").Err) == nil {
				t.Errorf("two: %v", s.outcome(id, "two").Err)
			}
			for _, id := range gone {
				if err := s.outcome(id, "one").Err; err == nil || errors.Is(err, core.ErrNotSucceeded) != c.known {
					t.Errorf("the deletion at one: %v", err)
				}
				if err := s.outcome(id, "two").Err; !errors.Is(err, core.ErrNotSucceeded) {
					t.Errorf("the deletion at two: %v", err)
				}
			}
			s.expect("one", c.holds...)
			s.expect("two", a1, aaaa)
		})
	}
}

// TestDelete_DeclaredMeanwhile: what is declared while a deletion is under way is not deleted where that was not sent,
// and whoever declares it is not kept waiting.
func TestDelete_DeclaredMeanwhile(t *testing.T) {
	for _, c := range []struct {
		what string
		when func(*scene)
		kept bool
	}{
		{"before it was read", func(*scene) {}, true},
		{"before it was sent", func(s *scene) { s.answer(fine, to("one", false)); s.answer(fine, to("two", false)) }, true},
		{"after it was sent", func(s *scene) { s.bothWrite() }, false},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.hold(a1)
			gone := s.delete(a1.Key)
			c.when(s)
			began := s.walk.now
			made := s.create(a2)
			s.play(well)
			if took := s.walk.now.Sub(began); took >= swift().Ownership {
				t.Errorf("took %s", took)
			}
			for _, name := range []string{"one", "two"} {
				if o := s.outcome(gone, name); o.Err != nil || o.Kept != c.kept || o.Wrote == c.kept {
					t.Errorf("the deletion at %s: %+v", name, o)
				}
				if o := s.outcome(made, name); o.Err != nil || !o.Wrote {
					t.Errorf("the creation at %s: %+v", name, o)
				}
			}
			s.expectBoth(a2)
		})
	}
}

// TestDelete_OneAbsorbedOneRefused: what was absorbed at one operator and comes back there stays, as nothing takes its
// place; where the deletion had been refused before it is not tried again.
func TestDelete_OneAbsorbedOneRefused(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	s.two().bad = map[rrset.Key]bool{cname.Key: true}
	gone := s.delete(a1.Key)
	s.until(func() bool { return s.pending("two", true) }, to("one", false), to("two", false))
	s.answer(no, to("two", true))
	made, writes := s.create(cname), s.two().writes
	s.play(well)
	if o := s.outcome(made, "two"); operator.AsRefusal(o.Err) == nil {
		t.Errorf("the creation at two: %v", o.Err)
	}
	if o := s.outcome(gone, "two"); operator.AsRefusal(o.Err) == nil || s.two().writes != writes+1 {
		t.Errorf("two, after %d more writes: %v", s.two().writes-writes, o.Err)
	}
	s.expect("two", a1)
}

// TestDelete_HandedOverMidway: what became of a deletion where it was made, or refused, before the RRset was declared
// elsewhere is told as it was, whatever is left to erase.
func TestDelete_HandedOverMidway(t *testing.T) {
	for _, c := range []struct {
		fault string
		err   bool
	}{{fine, false}, {no, true}} {
		s := newScene(t)
		s.hold(a1, txt)
		gone := s.delete(a1.Key, func(d *core.Delete) { d.Former = former("one", "TXT") })
		s.answer(fine, to("two", false))
		s.until(func() bool { return s.pending("two", true) })
		s.answer(c.fault, to("two", true))
		s.walk.step(core.Kept{Key: a1.Key})
		s.play(well)
		if o := s.outcome(gone, "two"); (o.Err != nil) != c.err || o.Wrote == c.err {
			t.Errorf("%s at two: %+v", c.fault, o)
		}
		if o := s.outcome(gone, "one"); o.Err != nil || !o.Wrote {
			t.Errorf("%s at one: %+v", c.fault, o)
		}
		s.expect("one", a1)
	}
}

// TestDelete_NothingToDeleteAndSomethingLeft: a deletion that writes nothing waits for those as well that are to take
// what its address left to them.
func TestDelete_NothingToDeleteAndSomethingLeft(t *testing.T) {
	s := newScene(t)
	s.hold(a1, txt)
	s.walk.step(core.Declared{Key: txt.Key})
	began := s.walk.now
	s.delete(a1.Key, func(d *core.Delete) { d.Foreign, d.Ceded = only("one", "two"), anywhere("TXT") })
	s.play(well)
	if took := s.walk.now.Sub(began); took < swift().Ownership {
		t.Errorf("it ended after %s", took)
	}
	s.expectBoth(a1, txt)
}

// TestDelete_SentAndTaken: a deletion that is away when its RRset is seen to be taken tells what became of it.
func TestDelete_SentAndTaken(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	id := s.delete(a1.Key)
	s.bothWrite()
	s.walk.step(core.Kept{Key: a1.Key})
	if s.over(id) {
		t.Fatal("it ended before it was answered")
	}
	s.play(well)
	for _, name := range []string{"one", "two"} {
		if o := s.outcome(id, name); o.Err != nil || !o.Wrote {
			t.Errorf("%s: %+v", name, o)
		}
	}
}

// TestDelete_InterruptedAtOnce: a hand-over that is interrupted waits for no reading of what is left to erase.
func TestDelete_InterruptedAtOnce(t *testing.T) {
	s := newScene(t)
	s.hold(a1, txt)
	s.walk.step(core.Kept{Key: a1.Key})
	id := s.delete(a1.Key, func(d *core.Delete) { d.Former = former("two", "TXT") })
	s.walk.step(core.Cancel{ID: id})
	if !s.over(id) || s.outcome(id, "two").Err == nil {
		t.Errorf("over: %t", s.over(id))
	}
	s.play(well)
	s.expectBoth(a1, txt)
}

// TestDelete_InterruptedHandOver: what is left of former types is not forgotten because the hand-over was interrupted.
func TestDelete_InterruptedHandOver(t *testing.T) {
	s := newScene(t)
	s.hold(a1, txt)
	id := s.delete(a1.Key, func(d *core.Delete) { d.Former = former("two", "TXT") })
	for s.answer(fine, to("one", false)); !s.pending("one", true); s.walk.tick() {
	}
	s.walk.step(core.Kept{Key: a1.Key})
	s.walk.step(core.Cancel{ID: id})
	s.play(well)
	if o := s.outcome(id, "two"); o.Err == nil {
		t.Errorf("forgotten: %+v", o)
	}
	s.expect("two", a1, txt)
}

// TestAbsorb: what cannot stand beside an RRset and leaves goes in the request that makes it; the rest of the name
// stays.
func TestAbsorb(t *testing.T) {
	for _, c := range []struct {
		what  string
		held  []operator.RRset
		leave []rrset.Key
		want  operator.RRset
		stays []operator.RRset
	}{
		{"a CNAME for addresses", []operator.RRset{a1, aaaa}, []rrset.Key{a1.Key, aaaa.Key}, cname, nil},
		{"an address for a CNAME", []operator.RRset{cname}, []rrset.Key{cname.Key}, a1, nil},
		{"a delegation for addresses", []operator.RRset{a1, aaaa}, []rrset.Key{a1.Key, aaaa.Key}, ns, nil},
		{"an address for a delegation", []operator.RRset{ns, ds}, []rrset.Key{ns.Key, ds.Key}, a1, nil},
		{"a text for an address, which goes by itself", []operator.RRset{a1}, []rrset.Key{a1.Key}, txt, []operator.RRset{a1}},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.one().strict = true
			s.hold(append(c.held, api1)...)
			for _, key := range c.leave {
				s.walk.step(core.Leaving{Key: key})
			}
			id := s.create(c.want)
			s.play(well)
			if o := s.outcome(id, "one"); o.Err != nil || s.one().writes != 1 {
				t.Errorf("%+v after %d writes", o, s.one().writes)
			}
			s.expectBoth(append(c.stays, c.want, api1)...)
		})
	}
}

// TestDelete_TakenEndsAtOnce: a hand-over to an address that has the RRset waits for nobody, and asks nobody.
func TestDelete_TakenEndsAtOnce(t *testing.T) {
	for what, c := range map[string]struct {
		told core.Event
		with func(*core.Delete)
	}{
		"as the plan saw":   {nil, func(d *core.Delete) { d.HandedOver, d.Taken = true, true }},
		"as it is known":    {core.Kept{Key: a1.Key}, nil},
		"and knows of more": {core.Kept{Key: a1.Key}, func(d *core.Delete) { d.Ceded = anywhere("TXT") }},
	} {
		s := newScene(t)
		s.hold(a1)
		if c.told != nil {
			s.walk.step(c.told)
		}
		id := s.delete(a1.Key, func(d *core.Delete) {
			if c.with != nil {
				c.with(d)
			}
		})
		if !s.over(id) || len(s.walk.requests) > 0 || !s.outcome(id, "one").Kept || !s.outcome(id, "two").Kept {
			t.Errorf("%s: over: %t, %d requests", what, s.over(id), len(s.walk.requests))
		}
	}
}

// TestDelete_HandedOverWithFormer: whoever took an RRset over does not know of former types; they are deleted, in one
// write at each operator, and what is declared of them is not.
func TestDelete_HandedOverWithFormer(t *testing.T) {
	own := core.Ownership{Former: former("one", "AAAA", "TXT")}
	for _, c := range []struct {
		what   string
		told   []core.Event
		fault  string
		cancel bool
		err    bool
		holds  []operator.RRset
	}{
		{what: "deleted", fault: fine, holds: []operator.RRset{a1}},
		{what: "one of them is taken", told: []core.Event{core.Kept{Key: txt.Key}}, fault: fine, holds: []operator.RRset{a1, txt}},
		{what: "not deleted", fault: sick, err: true, holds: []operator.RRset{a1, aaaa, txt}},
		{what: "no connection", fault: down, err: true, holds: []operator.RRset{a1, aaaa, txt}},
		{what: "interrupted", fault: fine, cancel: true, err: true, holds: []operator.RRset{a1, aaaa, txt}},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.one().hold(a1, aaaa, txt)
			s.two().hold(a1)
			s.walk.step(core.Kept{Key: a1.Key})
			for _, e := range c.told {
				s.walk.step(e)
			}
			id := s.delete(a1.Key, func(d *core.Delete) { d.Ownership = own })
			if c.cancel {
				s.walk.step(core.Cancel{ID: id})
			}
			s.play(writes(c.fault))
			if o := s.outcome(id, "one"); (o.Err != nil) != c.err || !o.Kept {
				t.Errorf("one: %+v", o)
			}
			if c.fault == fine && !c.cancel && s.one().writes != 1 {
				t.Errorf("%d writes", s.one().writes)
			}
			if o := s.outcome(id, "two"); o.Err != nil || !o.Kept || s.two().writes > 0 {
				t.Errorf("two: %+v", o)
			}
			s.expect("one", c.holds...)
			s.expect("two", a1)
		})
	}
}

// TestDelete_HandedOverToOneThatDoesNotKnow: whoever created the RRset anew without a word of this address, and could
// not look at an operator, takes what is held there for somebody else's. The state that knows better keeps it.
func TestDelete_HandedOverToOneThatDoesNotKnow(t *testing.T) {
	out := func(e core.Effect) string {
		if name, _ := of(e); name == "one" {
			return down
		}
		return fine
	}
	for _, c := range []struct {
		what  string
		told  []core.Event
		own   core.Ownership
		fault func(core.Effect) string
		want  error
	}{
		{"it could not look", nil, core.Ownership{}, out, core.ErrNotTaken},
		{"it could not look, and was told", []core.Event{core.Leaving{Key: a1.Key}}, core.Ownership{}, out, nil},
		{"it could not look, and it is not ours here either", nil, core.Ownership{Foreign: only("one")}, out, nil},
		{"it could look", nil, core.Ownership{}, well, nil},
	} {
		s := newScene(t)
		s.one().hold(a1)
		for _, e := range c.told {
			s.walk.step(e)
		}
		s.create(a1)
		s.play(c.fault)
		id := s.delete(a1.Key, func(d *core.Delete) { d.Ownership = c.own })
		s.play(c.fault)
		for _, name := range []string{"one", "two"} {
			if o := s.outcome(id, name); !errors.Is(o.Err, c.want) || c.want == nil && (o.Err != nil || !o.Kept) {
				t.Errorf("%s: %s: %+v", c.what, name, o)
			}
		}
		s.expectBoth(a1)
	}
}

// TestDelete_HandedOverWhereNothingIs: whoever created the RRset anew and was interrupted before it could look at an
// operator takes what it holds for somebody else's. Where nothing is held there is nothing to keep for that.
func TestDelete_HandedOverWhereNothingIs(t *testing.T) {
	s := newScene(t)
	made := s.create(a1)
	s.until(func() bool { return s.pending("two", true) }, to("two", false))
	s.answer(fine, to("two", true))
	s.walk.step(core.Cancel{ID: made})
	if o := s.outcome(made, "one"); !o.Foreign {
		t.Fatalf("it could look: %+v", o)
	}
	s.answer(fine, to("one", false))
	gone := s.delete(a1.Key)
	s.play(well)
	for _, name := range []string{"one", "two"} {
		if o := s.outcome(gone, name); o.Err != nil || !o.Kept {
			t.Errorf("%s: %+v", name, o)
		}
	}
	s.expect("two", a1)
}

// TestDelete_HandedOverAndUnread: what is left of former types where nobody can look, or nobody waits any more, keeps
// the state.
func TestDelete_HandedOverAndUnread(t *testing.T) {
	for _, c := range []struct {
		what string
		then func(s *scene, id core.ID)
		is   func(error) bool
	}{
		{"no connection", func(s *scene, _ core.ID) { s.answer(down, to("one", false)) }, func(err error) bool { return operator.AsOutage(err) != nil }},
		{"interrupted", func(s *scene, id core.ID) { s.walk.step(core.Cancel{ID: id}) }, func(err error) bool { return err != nil }},
	} {
		s := newScene(t)
		s.hold(a1, aaaa)
		s.walk.step(core.Kept{Key: a1.Key})
		id := s.delete(a1.Key, func(d *core.Delete) { d.Former = former("one", "AAAA") })
		if s.over(id) {
			t.Fatal("it did not look")
		}
		c.then(s, id)
		s.play(well)
		if o := s.outcome(id, "one"); !c.is(o.Err) || !o.Kept || s.one().writes > 0 {
			t.Errorf("%s: %+v", c.what, o)
		}
		if o := s.outcome(id, "two"); o.Err != nil || !o.Kept {
			t.Errorf("%s: two: %+v", c.what, o)
		}
		s.expectBoth(a1, aaaa)
	}
}

// TestDelete_ForeignAndGone: where nothing is held there is nothing to keep.
func TestDelete_ForeignAndGone(t *testing.T) {
	s := newScene(t)
	s.hold(api1)
	id := s.delete(a1.Key, func(d *core.Delete) { d.Foreign = only("one") })
	s.play(well)
	if o := s.outcome(id, "one"); o.Err != nil || o.Kept || !o.Known || o.Wrote {
		t.Errorf("%+v", o)
	}
}

// TestDelete_ReplacingAsksAll: nothing is deleted to make room before every operator has answered; and where one does
// not, the others say what they hold.
func TestDelete_ReplacingAsksAll(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	id := s.delete(a1.Key, func(d *core.Delete) { d.Replacing = true })
	s.answer(fine, to("one", false))
	for len(s.walk.timers) > 0 {
		s.walk.tick()
	}
	if s.pending("one", true) || s.over(id) {
		t.Fatal("one is written before two has answered")
	}
	s.answer(down, to("two", false))
	s.play(well)
	if o := s.outcome(id, "one"); !errors.Is(o.Err, core.ErrTakenBack) || !o.Known || o.Held == nil {
		t.Errorf("one: %+v", o)
	}
	if o := s.outcome(id, "two"); operator.AsOutage(o.Err) == nil {
		t.Errorf("two: %+v", o)
	}
	s.expectBoth(a1)
}

// TestDelete_Refused: only a zone that is not there ends a deletion; any other no is told.
func TestDelete_Refused(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	id := s.delete(a1.Key)
	s.refuseList("one", operator.Unauthorized)
	s.play(well)
	if o := s.outcome(id, "one"); operator.AsRefusal(o.Err) == nil || o.NoZone {
		t.Errorf("%+v", o)
	}
	s.expect("one", a1)
	s.expect("two")
}

// TestDelete_ReplacingPutsBack: what a deletion that makes room took with it is put back, all of it, although the run
// gives it up; and what could not be put back is told.
func TestDelete_ReplacingPutsBack(t *testing.T) {
	for _, back := range []string{fine, sick} {
		s := newScene(t)
		s.hold(a1, aaaa)
		s.two().poison = map[rrset.Key]bool{}
		id := s.delete(a1.Key, func(d *core.Delete) { d.Replacing, d.Former = true, former("one", "AAAA") })
		s.bothWrite()
		s.answer(fine, to("one", true))
		for s.pending("two", true) || !s.pending("one", true) {
			switch {
			case s.answer(sick, to("two", true)), s.answer(fine, to("two", false)):
			default:
				s.walk.tick()
			}
		}
		s.play(writes(back))
		one, two := s.outcome(id, "one"), s.outcome(id, "two")
		if operator.AsOutage(two.Err) == nil {
			t.Errorf("two: %+v", two)
		}
		if back == fine {
			if !errors.Is(one.Err, core.ErrTakenBack) {
				t.Errorf("one: %+v", one)
			}
			s.expect("one", a1, aaaa)
		} else {
			if operator.AsOutage(one.Err) == nil {
				t.Errorf("one: %+v", one)
			}
			s.expect("one")
		}
		s.expect("two", a1, aaaa)
	}
}

// TestFormer_OursWhereItIsLeft: what could not be replaced at one operator is ours there; of the same type at the other
// it is somebody else's, in this run and in one that hears of it by a note.
func TestFormer_OursWhereItIsLeft(t *testing.T) {
	own := core.Ownership{Former: former("one", "A")}
	told := []struct {
		what string
		tell func(*scene)
	}{
		{"by the call", func(*scene) {}},
		{"by the plan", func(s *scene) {
			for _, e := range own.Left(txt.Key) {
				s.walk.step(e)
			}
		}},
		{"by a note", func(s *scene) {
			for _, e := range own.Left(txt.Key) {
				s.walk.step(e)
			}
			s.walk.step(s.walk.machine.Changing(txt.Key).Leaving["A"].Leaving(a1.Key))
		}},
	}
	for _, known := range told {
		for _, c := range []struct {
			what string
			call func(*scene) core.ID
			one  []operator.RRset
			two  []operator.RRset
		}{
			{"an update to what cannot stand beside it", func(s *scene) core.ID {
				return s.call(func(id core.ID) core.Event {
					return core.Update{ID: id, From: txt.Key, Want: desired(cname), At: everywhere, Ownership: own}
				})
			}, []operator.RRset{cname}, []operator.RRset{a2, txt}},
			{"an update beside it", func(s *scene) core.ID {
				return s.call(func(id core.ID) core.Event {
					return core.Update{ID: id, From: txt.Key, Want: desired(aaaa), At: everywhere, Ownership: own}
				})
			}, []operator.RRset{aaaa}, []operator.RRset{a2, aaaa}},
			{"a deletion", func(s *scene) core.ID {
				return s.call(func(id core.ID) core.Event { return core.Delete{ID: id, Key: txt.Key, Ownership: own} })
			}, nil, []operator.RRset{a2}},
		} {
			t.Run(c.what+", told "+known.what, func(t *testing.T) {
				s := newScene(t)
				s.one().hold(a1, txt)
				s.two().hold(a2, txt)
				known.tell(s)
				c.call(s)
				s.play(well)
				s.expect("one", c.one...)
				s.expect("two", c.two...)
			})
		}
	}
}

// TestLeaving_ByTwo: what two addresses give up is foreign at an operator only if neither has read it there.
func TestLeaving_ByTwo(t *testing.T) {
	for _, c := range []struct {
		what          string
		first, second map[string]bool
		ours          bool
	}{
		{"both have it", nil, nil, true},
		{"the first never read it", only("one"), nil, true},
		{"the second never read it", nil, only("one"), true},
		{"each never read another", only("one"), only("two"), true},
		{"neither read it", only("one"), only("one"), false},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.hold(a2)
			s.walk.step(core.Leaving{Key: a2.Key, Foreign: c.first})
			s.walk.step(core.Leaving{Key: a2.Key, Foreign: c.second})
			id := s.create(a1)
			s.play(well)
			if o := s.outcome(id, "one"); (o.Err == nil) != c.ours {
				t.Errorf("%+v", o)
			}
		})
	}
}

// silentAt lets one operator be down; the other is well.
func silentAt(name string) func(core.Effect) string {
	return func(e core.Effect) string {
		if asked, _ := of(e); asked == name {
			return down
		}
		return fine
	}
}

// TestHandedOver_IsNotOurs: what a deletion handed over and could not end is left alone by all that the address does
// later, whether those who have it are in sight or not (apply -target).
func TestHandedOver_IsNotOurs(t *testing.T) {
	taken := core.Ownership{Ceded: anywhere("A"), Former: former("one", "AAAA")}
	destroy := func(s *scene) core.ID { return s.delete(a1.Key, func(d *core.Delete) { d.Ownership = taken }) }
	update := func(want operator.RRset) func(s *scene) core.ID {
		return func(s *scene) core.ID {
			return s.call(func(id core.ID) core.Event {
				return core.Update{ID: id, From: a1.Key, Want: desired(want), At: everywhere, Ownership: taken}
			})
		}
	}
	for what, c := range map[string]struct {
		call     func(s *scene) core.ID
		refused  bool
		one, two []operator.RRset
	}{
		"deleted": {call: destroy, one: []operator.RRset{a1}, two: []operator.RRset{a1}},
		"replaced": {
			call: func(s *scene) core.ID {
				return s.delete(a1.Key, func(d *core.Delete) { d.Ownership, d.Replacing = taken, true })
			},
			one: []operator.RRset{a1}, two: []operator.RRset{a1},
		},
		"of another type":                   {call: update(txt), one: []operator.RRset{a1, txt}, two: []operator.RRset{a1, txt}},
		"of one that cannot stand beside":   {call: update(cname), refused: true, one: []operator.RRset{a1, aaaa}, two: []operator.RRset{a1}},
		"declared here once more":           {call: update(a1), one: []operator.RRset{a1}, two: []operator.RRset{a1}},
		"declared once more, and different": {call: update(a2), one: []operator.RRset{a2}, two: []operator.RRset{a2}},
	} {
		t.Run(what, func(t *testing.T) {
			s := newScene(t)
			s.one().hold(a1, aaaa)
			s.two().hold(a1)
			id := c.call(s)
			s.play(well)
			for _, name := range []string{"one", "two"} {
				if o := s.outcome(id, name); (o.Err != nil) != c.refused {
					t.Errorf("%s: %+v", name, o)
				}
			}
			s.expect("one", c.one...)
			s.expect("two", c.two...)
		})
	}
}

// TestDelete_WhatIsLeftIsNotTaken: what was left to an address whose plan fails is not forgotten, neither the RRset nor
// what stands beside it of other types.
func TestDelete_WhatIsLeftIsNotTaken(t *testing.T) {
	for _, owned := range []core.Ownership{{Ceded: anywhere("TXT")}, {Former: former("one", "TXT")}} {
		s := newScene(t)
		s.hold(a1, txt)
		s.walk.step(core.Validated{Key: txt.Key})
		id := s.delete(a1.Key, func(d *core.Delete) { d.Ownership = owned })
		s.play(well)
		if o := s.outcome(id, "one"); !errors.Is(o.Err, core.ErrNotTaken) {
			t.Errorf("%+v: %+v", owned, o)
		}
		s.expectBoth(txt)
	}
}

// TestHandedOver_KeepsNobodyWaiting: whoever has an RRset by now changes it while the one that handed it over waits for
// others, or for an operator.
func TestHandedOver_KeepsNobodyWaiting(t *testing.T) {
	for what, owned := range map[string]core.Ownership{
		"a former type is being deleted":         {Former: former("one", "AAAA")},
		"another type is left, and nobody comes": {Ceded: anywhere("TXT")},
		"both":                                   {Former: former("one", "AAAA"), Ceded: anywhere("TXT")},
	} {
		t.Run(what, func(t *testing.T) {
			s := newScene(t)
			s.one().hold(a1, aaaa, txt)
			s.two().hold(a1, txt)
			s.walk.step(core.Kept{Key: a1.Key})
			s.walk.step(core.Declared{Key: txt.Key})
			id := s.delete(a1.Key, func(d *core.Delete) { d.Ownership = owned })
			for s.answer(fine, anything) {
			}
			next := s.update(a1, a2)
			s.until(func() bool { return s.pending("two", true) }, to("one", false), to("two", false))
			if s.over(id) {
				t.Error("the deletion was over before")
			}
			s.play(well)
			if o := s.outcome(next, "one"); o.Err != nil || !o.Wrote {
				t.Errorf("%+v", o)
			}
			s.expect("two", a2, txt)
		})
	}
}

// TestDelete_NothingToTakeBack: a deletion that makes room and fails at one operator puts nothing back where nothing
// was.
func TestDelete_NothingToTakeBack(t *testing.T) {
	s := newScene(t)
	s.one().hold(api1)
	s.two().hold(a1, api1)
	id := s.delete(a1.Key, func(d *core.Delete) { d.Replacing = true })
	s.play(writes(sick))
	if one, two := s.outcome(id, "one"), s.outcome(id, "two"); one.Err != nil || two.Err == nil || s.one().writes > 0 {
		t.Errorf("%+v, %+v", one, two)
	}
	s.expect("one", api1)
	s.expect("two", a1, api1)
}

// TestDelete_TakesBackItsOwnOnly: what somebody else deleted while a deletion made room is not put back, nor is
// anything where nothing was.
func TestDelete_TakesBackItsOwnOnly(t *testing.T) {
	t.Run("deleted by somebody else", func(t *testing.T) {
		s := newScene(t)
		s.hold(a1)
		id := s.delete(a1.Key, func(d *core.Delete) { d.Replacing = true })
		s.bothWrite()
		delete(s.one().held, a1.Key)
		s.play(writesTo("two", no))
		if o := s.outcome(id, "one"); o.Err != nil || o.Wrote {
			t.Errorf("%+v", o)
		}
		s.expect("one")
		s.expect("two", a1)
	})
	t.Run("nothing was there, and something was passed", func(t *testing.T) {
		s := newScene(t)
		s.two().hold(a1)
		id := s.delete(a1.Key, func(d *core.Delete) {
			d.Replacing, d.Ownership, d.Was = true, doubts(core.MayCome), desired(a1)
		})
		s.play(writesTo("two", no))
		if o := s.outcome(id, "one"); o.Err != nil || !o.Wrote || o.Doubt != core.NoDoubt {
			t.Errorf("%+v", o)
		}
		s.expect("one")
		s.expect("two", a1)
	})
	t.Run("interrupted while it is put back", func(t *testing.T) {
		s := newScene(t)
		s.hold(a1)
		id := s.delete(a1.Key, func(d *core.Delete) { d.Replacing = true })
		s.bothWrite()
		s.answer(no, to("two", true))
		s.answer(fine, to("one", true))
		s.until(func() bool { return s.pending("one", true) || s.over(id) }, to("two", false), to("one", false))
		s.walk.step(core.Cancel{ID: id})
		s.play(well)
		if o := s.outcome(id, "one"); !errors.Is(o.Err, core.ErrTakenBack) {
			t.Errorf("%+v", o)
		}
		s.expectBoth(a1)
	})
}

// TestDelete_DoneStaysDone: what was deleted at an operator that went out afterwards was deleted.
func TestDelete_DoneStaysDone(t *testing.T) {
	s := newScene(t)
	s.hold(a1, api1)
	id := s.delete(a1.Key)
	s.bothWrite()
	s.answer(fine, to("one", true))
	other := s.update(api1, api2)
	s.until(func() bool { return s.pending("one", true) }, to("one", false))
	s.answer(down, to("one", true))
	s.play(well)
	if o := s.outcome(id, "one"); o.Err != nil || !o.Wrote {
		t.Errorf("%+v", o)
	}
	if s.outcome(other, "one").Err == nil {
		t.Error("the other change was made where nobody answered")
	}
	s.expect("one", api1)
	s.expect("two", api2)
}

// TestDelete_WaitsForItsTurn: what another call works on is not deleted beside it.
func TestDelete_WaitsForItsTurn(t *testing.T) {
	s := newScene(t)
	s.hold(aaaa)
	update := s.update(aaaa, a1)
	s.bothWrite()
	id := s.delete(aaaa.Key)
	for s.answer(fine, to("one", false)) || s.answer(fine, to("two", false)) {
	}
	if s.over(id) || s.over(update) {
		t.Error("it did not wait")
	}
	s.play(well)
	if s.one().writes != 1 || s.two().writes != 1 {
		t.Errorf("%d and %d writes", s.one().writes, s.two().writes)
	}
	s.expectBoth(a1)
}

// TestDelete_WaitsWhereItMust: at the operator that lacks what takes its place a deletion waits, at the other one it is
// made.
func TestDelete_WaitsWhereItMust(t *testing.T) {
	for _, lacks := range []string{"one", "two"} {
		s := newScene(t)
		s.hold(a1)
		for _, service := range s.world.operators {
			if service.name != lacks {
				service.held = map[rrset.Key]operator.RRset{cname.Key: cname}
			}
		}
		s.walk.step(core.Declared{Key: cname.Key})
		id := s.delete(a1.Key)
		s.spend(swift().Ownership / 2)
		if s.over(id) {
			t.Fatal("it did not wait")
		}
		s.create(cname)
		s.play(well)
		for _, service := range s.world.operators {
			if o := s.outcome(id, service.name); o.Err != nil || o.Kept {
				t.Errorf("%s lacks it: %s: %+v", lacks, service.name, o)
			}
		}
		s.expectBoth(cname)
	}
}

// TestDelete_TakesBackWhatItFound: what a deletion that makes room has to put back is what was there when it was sent,
// not when it came.
func TestDelete_TakesBackWhatItFound(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	id := s.delete(a1.Key, func(d *core.Delete) { d.Replacing = true })
	s.bothWrite()
	s.one().hold(a2)
	s.refuse(operator.Raced, nil)
	s.play(writesTo("two", no))
	for _, name := range []string{"one", "two"} {
		if o := s.outcome(id, name); o.Err == nil {
			t.Errorf("%s: %+v", name, o)
		}
	}
	s.expect("one", a2)
	s.expect("two", a1)
}

// TestDelete_BeforeAnotherCreates: who creates an RRset anew waits until its deletion is answered everywhere: one that
// makes room may be taken back.
func TestDelete_BeforeAnotherCreates(t *testing.T) {
	for what, left := range map[string]core.Ownership{
		"nothing else": {},
		"and waits for who is to take another type": {Ceded: anywhere("TXT")},
	} {
		t.Run(what, func(t *testing.T) {
			s := newScene(t)
			s.hold(a1, txt)
			s.walk.step(core.Declared{Key: txt.Key})
			gone := s.delete(a1.Key, func(d *core.Delete) { d.Replacing, d.Ownership = true, left })
			s.bothWrite()
			s.answer(fine, to("two", true))
			come := s.create(a2)
			s.pass(swift().Ownership/2, func() {
				for s.answer(fine, to("two", false)) || s.answer(fine, to("two", true)) || s.answer(fine, to("one", false)) {
				}
			})
			if s.over(come) || s.two().held[a1.Key].Key == a1.Key {
				t.Error("it was created before the deletion was over")
			}
			s.answer(down, to("one", true))
			s.play(well)
			if !s.over(gone) || s.outcome(come, "one").Err == nil || s.outcome(come, "two").Err != nil {
				t.Errorf("one: %+v, two: %+v", s.outcome(come, "one"), s.outcome(come, "two"))
			}
			s.expect("one", a1, txt) // where there is no connection
			s.expect("two", a2, txt)
		})
	}
}

// TestDelete_DroppedAndNotTaken: a deletion that was dropped from its batch, because another address declares the
// RRset, fails with the creation that was to take it over.
func TestDelete_DroppedAndNotTaken(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	gone := s.delete(a1.Key)
	for s.answer(fine, anything) { // it waits for company now
	}
	come := s.create(a2)
	s.play(writes(no))
	for _, name := range []string{"one", "two"} {
		if o := s.outcome(gone, name); !errors.Is(o.Err, core.ErrNotTaken) {
			t.Errorf("%s: %+v", name, o)
		}
		if s.outcome(come, name).Err == nil {
			t.Errorf("%s: it was created", name)
		}
	}
	s.expectBoth(a1)
}

// TestDelete_NotTakenKeepsFormer: what could not be handed over is not deleted in part either.
func TestDelete_NotTakenKeepsFormer(t *testing.T) {
	s := newScene(t)
	s.hold(a1, aaaa)
	id := s.delete(a1.Key, func(d *core.Delete) { d.HandedOver, d.Former = true, former("one", "AAAA") })
	s.walk.step(core.Cancel{ID: id})
	s.play(well)
	if o := s.outcome(id, "one"); !errors.Is(o.Err, core.ErrNotTaken) {
		t.Errorf("%+v", o)
	}
	s.spend(time.Minute)
	s.expectBoth(a1, aaaa)
}

// TestDelete_ReplacingBeginsNowhere: a deletion that makes room writes nowhere where one operator cannot be read,
// whichever answers first.
func TestDelete_ReplacingBeginsNowhere(t *testing.T) {
	for _, out := range []string{"one", "two"} {
		for _, first := range []string{"one", "two"} {
			s := newScene(t)
			s.hold(a1)
			id := s.delete(a1.Key, func(d *core.Delete) { d.Replacing = true })
			fault := func(name string) string {
				if name == out {
					return down
				}
				return fine
			}
			s.answer(fault(first), to(first, false))
			s.play(func(e core.Effect) string { name, _ := of(e); return fault(name) })
			if !s.over(id) || s.one().writes+s.two().writes > 0 {
				t.Errorf("%s is out, %s answers first: %d and %d writes", out, first, s.one().writes, s.two().writes)
			}
			s.expectBoth(a1)
		}
	}
}

// TestDelete_TakenBackThenCreated: a deletion that makes room, and waits for who is to take another type, is taken back
// if nobody does; who creates the RRset anew comes after that.
func TestDelete_TakenBackThenCreated(t *testing.T) {
	s := newScene(t)
	s.hold(a1, txt)
	s.walk.step(core.Declared{Key: txt.Key})
	s.delete(a1.Key, func(d *core.Delete) { d.Replacing, d.Ceded = true, anywhere("TXT") })
	s.until(func() bool { return len(s.one().held)+len(s.two().held) == 2 })
	come := s.create(a2)
	s.pass(swift().Ownership/4, func() {
		for s.answer(fine, anything) {
		}
	})
	s.create(record("www", "TXT", 3600, `"other"`))
	s.play(func(e core.Effect) string {
		w, write := e.(core.Write)
		if write && slices.ContainsFunc(w.Changes, func(c operator.Change) bool { return c.Key() == txt.Key }) {
			return no
		}
		return fine
	})
	for _, name := range []string{"one", "two"} {
		if o := s.outcome(come, name); o.Err != nil {
			t.Errorf("%s: %+v", name, o)
		}
	}
	s.expectBoth(a2, txt)
}

// TestDelete_FailedWaitsForNobody: where the deletion failed the state stays, and nothing is to be handed over before.
func TestDelete_FailedWaitsForNobody(t *testing.T) {
	s := newScene(t)
	s.hold(a1, txt)
	s.walk.step(core.Declared{Key: txt.Key})
	began := s.walk.now
	id := s.delete(a1.Key, func(d *core.Delete) { d.Ceded = anywhere("TXT") })
	s.play(writes(no))
	if took := s.walk.now.Sub(began); took >= swift().Ownership || s.outcome(id, "one").Err == nil {
		t.Errorf("%v after %s", s.outcome(id, "one").Err, took)
	}
	s.expectBoth(a1, txt)
}
