package core_test

import (
	"errors"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
)

// TestFormer_InDoubtIsWaitedFor: an RRset that another address has by now is handed over, queued or not. Where a former
// type may still come of an earlier write, the call is over only once the other address has written behind that.
func TestFormer_InDoubtIsWaitedFor(t *testing.T) {
	s := newScene(t)
	s.hold(cname)
	own := doubts(core.MayChange)
	own.Former = former("one", "A")
	gone := s.delete(cname.Key, func(d *core.Delete) { d.Ownership = own })
	for s.answer(fine, anything) { // and queued
	}
	s.walk.step(core.Kept{Key: cname.Key})
	s.spend(swift().Ownership / 2)
	if s.over(gone) {
		t.Fatalf("it did not wait: %+v", s.outcome(gone, "one"))
	}
	next := cname
	next.TTL = 60
	s.update(cname, next)
	s.play(well)
	if o := s.outcome(gone, "one"); o.Err != nil || !o.Kept {
		t.Errorf("%+v", o)
	}
	s.expectBoth(next)
}

// TestFormer_OfWhoHasItInDoubt: what may come of writes of the address that has the RRset now is its own affair. A former
// type that is not there, and of which nothing may come, needs nothing that passes those.
func TestFormer_OfWhoHasItInDoubt(t *testing.T) {
	s := newScene(t)
	s.hold(cname)
	next := cname
	next.TTL = 60
	s.call(func(id core.ID) core.Event {
		return core.Update{ID: id, From: cname.Key, Was: desired(cname), Want: desired(next), At: everywhere, Ownership: doubts(core.MayChange)}
	})
	s.play(writesTo("one", no))
	gone := s.delete(cname.Key, func(d *core.Delete) { d.Former = former("one", "A") })
	s.play(well)
	if o := s.outcome(gone, "one"); o.Err != nil || !o.Kept {
		t.Errorf("%+v", o)
	}
}

// TestFormer_ZoneGone: where the zone is gone, so is all that was left there, whoever declares it: nobody is waited for.
func TestFormer_ZoneGone(t *testing.T) {
	for what, own := range map[string]core.Ownership{
		"of a former type, with it":  {Former: former("one", "A"), Ceded: anywhere("CNAME")},
		"left to another address":    {Ceded: map[string]map[string]bool{"one": only("A")}},
		"of a former type, declared": {Former: former("one", "A")},
	} {
		t.Run(what, func(t *testing.T) {
			s := newScene(t)
			s.two().hold(cname)
			s.walk.step(core.Declared{Key: a1.Key})
			gone := s.delete(cname.Key, func(d *core.Delete) { d.Ownership = own })
			list := taken[core.List](s, to("one", false))
			s.walk.step(core.ListAnswer{ID: list.ID, Err: &operator.RefusalError{Operator: "one", Action: "list", Kind: operator.ZoneNotFound, Message: "no such zone"}})
			s.play(well)
			if o := s.outcome(gone, "one"); o.Err != nil || !o.NoZone {
				t.Errorf("%+v", o)
			}
		})
	}
}

// TestFormer_NobodyGivesUpMeanwhile: another call waits for its owner as long as what is left of a hand-over is being
// deleted: that may make room for it.
func TestFormer_NobodyGivesUpMeanwhile(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	s.one().hold(api1, txt)
	s.walk.step(core.Kept{Key: a1.Key})
	s.delete(a1.Key, func(d *core.Delete) { d.Former = former("one", "TXT") })
	s.until(func() bool { return s.pending("one", true) }, to("one", false), to("two", false))
	waits := s.create(api2) // where another value is
	for s.answer(fine, to("one", false)) || s.answer(fine, to("two", false)) {
	}
	s.pass(10*swift().Ownership, func() {})
	if s.over(waits) {
		t.Errorf("it gave up: %v", s.outcome(waits, "one").Err)
	}
	s.play(well)
	s.expect("one", a1, api1)
}

// TestFormer_ReadBeforeAndAfter: nothing is asked of an operator where nothing is left.
func TestFormer_ReadBeforeAndAfter(t *testing.T) {
	s := newScene(t)
	s.hold(cname)
	s.walk.step(core.Kept{Key: cname.Key})
	gone := s.delete(cname.Key, func(d *core.Delete) { d.Former = former("one", "A") })
	s.play(well)
	if s.two().reads > 0 {
		t.Errorf("two was read %d times", s.two().reads)
	}
	for _, name := range []string{"one", "two"} {
		if o := s.outcome(gone, name); o.Err != nil || !o.Kept {
			t.Errorf("%s: %+v", name, o)
		}
	}
}

// TestUpdate_MayHaveCome: where a write was sent and not answered, what is found later is ours, read before or not.
func TestUpdate_MayHaveCome(t *testing.T) {
	for fault, foreign := range map[string]bool{down: true, silence: false} {
		s := newScene(t)
		s.hold(a1)
		id := s.call(func(id core.ID) core.Event {
			return core.Update{
				ID: id, From: a1.Key, Was: desired(a1), Want: desired(a2), At: everywhere,
				Ownership: core.Ownership{Foreign: only("one")},
			}
		})
		s.play(writesTo("one", fault))
		if o := s.outcome(id, "one"); o.Err == nil || o.Foreign != foreign {
			t.Errorf("%s: %+v", fault, o)
		}
	}
}

// TestUpdate_ToOneThatDoesNotKnow: who changes its type to one that another address had, was told nothing of that, and
// could not look at an operator, takes what is held there for somebody else's. The state that knows better keeps it.
func TestUpdate_ToOneThatDoesNotKnow(t *testing.T) {
	s := newScene(t)
	s.one().hold(a1)
	s.two().hold(txt)
	outOfOne := func(e core.Effect) string {
		if name, _ := of(e); name == "one" {
			return down
		}
		return fine
	}
	s.update(txt, a1)
	s.play(outOfOne)
	gone := s.delete(a1.Key)
	s.play(outOfOne)
	for _, name := range []string{"one", "two"} {
		if o := s.outcome(gone, name); !errors.Is(o.Err, core.ErrNotTaken) {
			t.Errorf("%s: %+v", name, o)
		}
	}
	s.expectBoth(a1)
}

// TestUpdate_FailedEverywhereHasIt: an address that has an RRset has it whatever becomes of a change of its value: another
// one that gives the same RRset up has handed it over.
func TestUpdate_FailedEverywhereHasIt(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	s.update(a1, a2)
	s.play(writes(no))
	gone := s.delete(a1.Key)
	began := s.walk.now
	s.play(well)
	for _, name := range []string{"one", "two"} {
		if o := s.outcome(gone, name); o.Err != nil || !o.Kept {
			t.Errorf("%s: %+v", name, o)
		}
	}
	if took := s.walk.now.Sub(began); took > 0 {
		t.Errorf("it waited %s", took)
	}
	s.expectBoth(a1)
}

// TestUpdate_BackToAFormerType: what is declared again is not left to anybody else, also where it could not be brought
// about.
func TestUpdate_BackToAFormerType(t *testing.T) {
	s := newScene(t)
	s.one().hold(a2)
	s.two().hold(cname)
	s.one().bad[a1.Key], s.two().bad[a1.Key] = true, true
	id := s.call(func(id core.ID) core.Event {
		return core.Update{ID: id, From: cname.Key, Want: desired(a1), At: everywhere, Ownership: core.Ownership{Former: former("one", "A")}}
	})
	s.play(well)
	if o := s.outcome(id, "one"); o.Err == nil || o.Ceded["A"] || !o.Former["CNAME"] {
		t.Errorf("%+v", o)
	}
}

// TestUpdate_IdleWhereItWaits: a call that is over at one operator, and waits for the other half of a delegation at the
// other, keeps nobody waiting.
func TestUpdate_IdleWhereItWaits(t *testing.T) {
	s := newScene(t)
	s.two().hold(ns)
	s.hold(api1)
	s.update(ds, ds)
	s.spend(swift().BatchIdleMost)
	waits := s.create(api2)
	began := s.walk.now
	s.until(func() bool { return s.over(waits) })
	if took := s.walk.now.Sub(began); took > swift().Ownership+time.Second {
		t.Errorf("it waited %s", took)
	}
	s.play(well)
}
