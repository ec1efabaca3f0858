package core_test

import (
	"testing"

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

// TestFormer_OfWhoHasItInDoubt: what may come of writes of the address that has the RRset now is its own affair. A
// former type that is not there, and of which nothing may come, needs nothing that passes those.
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

// TestFormer_ZoneGone: where the zone is gone, so is all that was left there, whoever declares it: nobody is waited
// for.
func TestFormer_ZoneGone(t *testing.T) {
	for what, own := range map[string]core.Ownership{
		"of a former type, with it":  {Former: former("one", "A"), Ceded: anywhere("TXT")},
		"left to another address":    {Ceded: map[string]map[string]bool{"one": only("A")}},
		"of a former type, declared": {Former: former("one", "A")},
	} {
		t.Run(what, func(t *testing.T) {
			s := newScene(t)
			s.two().hold(txt)
			s.walk.step(core.Declared{Key: a1.Key})
			gone := s.delete(txt.Key, func(d *core.Delete) { d.Ownership = own })
			list := taken[core.List](s, to("one", false))
			s.walk.step(core.ListAnswer{ID: list.ID, Err: &operator.RefusalError{Operator: "one", Action: "list", Kind: operator.ZoneNotFound, Message: "no such zone"}})
			began := s.walk.now
			s.until(func() bool { return s.over(gone) })
			if took := s.walk.now.Sub(began); took >= swift().Ownership {
				t.Errorf("it waited %s", took)
			}
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
	s.walk.step(core.Declared{Key: a1.Key})
	s.delete(a1.Key, func(d *core.Delete) { d.Former = former("one", "TXT") })
	s.spend(swift().Ownership / 2)
	s.update(a1, a1) // which it has waited for
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

// TestFormer_AsksWhereSomethingIsLeft: an operator where nothing is left of a former type is not asked.
func TestFormer_AsksWhereSomethingIsLeft(t *testing.T) {
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
