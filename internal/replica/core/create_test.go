package core_test

import (
	"errors"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
)

// TestCreate_BesideOthers: a creation takes away what the run deletes and what cannot stand beside it, and nothing
// else.
func TestCreate_BesideOthers(t *testing.T) {
	for _, c := range []struct {
		what     string
		want     operator.RRset
		held     []operator.RRset
		tell     []core.Event
		conflict bool
		expect   []operator.RRset
	}{
		{"a CNAME meets a foreign type", cname, []operator.RRset{a1}, nil, true, []operator.RRset{a1}},
		{"a CNAME meets what leaves", cname, []operator.RRset{a1}, []core.Event{core.Leaving{Key: a1.Key}}, false, []operator.RRset{cname}},
		{
			"a CNAME meets what leaves and is foreign there", cname, []operator.RRset{a1},
			[]core.Event{core.Leaving{Key: a1.Key, Foreign: only("one", "two")}}, true, []operator.RRset{a1},
		},
		{
			"a CNAME meets what leaves and is declared", cname, []operator.RRset{a1},
			[]core.Event{core.Leaving{Key: a1.Key}, core.Declared{Key: a1.Key}}, true, []operator.RRset{a1},
		},
		{"a CNAME meets what is ours and stays", cname, []operator.RRset{a1}, []core.Event{core.Kept{Key: a1.Key}}, true, []operator.RRset{a1}},
		{"a type beside one that leaves", aaaa, []operator.RRset{a1}, []core.Event{core.Leaving{Key: a1.Key}}, false, []operator.RRset{a1, aaaa}},
		{"a type in place of a CNAME that leaves", aaaa, []operator.RRset{cname}, []core.Event{core.Leaving{Key: cname.Key}}, false, []operator.RRset{aaaa}},
		{"other values of ours", a2, []operator.RRset{a1}, []core.Event{core.Owned{Key: a1.Key}}, false, []operator.RRset{a2}},
		{"other values of ours, foreign there", a2, []operator.RRset{a1}, []core.Event{core.Leaving{Key: a1.Key, Foreign: only("one", "two")}}, true, []operator.RRset{a1}},
		{"other values of a stranger's", a2, []operator.RRset{a1}, nil, true, []operator.RRset{a1}},
	} {
		s := newScene(t)
		s.hold(c.held...)
		for _, e := range c.tell {
			s.walk.step(e)
		}
		id := s.create(c.want)
		s.play(well)
		if _, conflict := errors.AsType[*core.ConflictError](s.outcome(id, "one").Err); conflict != c.conflict {
			t.Errorf("%s: %v", c.what, s.outcome(id, "one").Err)
		}
		s.expectBoth(c.expect...)
	}
}

// TestGate: a creation looks at both operators before it writes at one; the one that is silent has a second.
func TestGate(t *testing.T) {
	s := newScene(t)
	began := s.walk.now
	id := s.create(a1)
	s.answer(fine, to("one", false))
	for !s.pending("one", true) {
		s.walk.tick()
	}
	if took := s.walk.now.Sub(began); took < swift().Gate || took > swift().Gate+time.Second {
		t.Errorf("written after %s", took)
	}
	s.answer(fine, to("one", true))
	s.answer(fine, to("two", false))
	s.play(well)
	if s.outcome(id, "one").Err != nil || s.outcome(id, "two").Err != nil {
		t.Errorf("%+v", s.walk.results[id].Outcomes)
	}
	s.expectBoth(a1)

	// A conflict that is told in time keeps the other operator unwritten.
	s = newScene(t)
	s.two().hold(a2)
	id = s.create(a1)
	s.play(well)
	if _, ok := errors.AsType[*core.ConflictError](s.outcome(id, "two").Err); !ok || s.one().writes+s.two().writes > 0 {
		t.Errorf("%v, %d writes", s.outcome(id, "two").Err, s.one().writes+s.two().writes)
	}
	// And so does one that is told while the other has not answered at all.
	s = newScene(t)
	s.two().hold(a2)
	id = s.create(a1)
	s.answer(fine, to("two", false))
	for !s.over(id) {
		s.walk.tick()
	}
	if o := s.outcome(id, "one"); !o.Foreign || o.Err == nil || s.one().writes > 0 {
		t.Errorf("%+v", o)
	}
}

// TestGate_KeepsTheReason: an operator that was out before another one refused is said to be out, not to be
// interrupted.
func TestGate_KeepsTheReason(t *testing.T) {
	s := newScene(t)
	s.two().hold(a2)
	id := s.create(a1)
	s.answer(down, to("one", false))
	s.play(well)
	if outage := operator.AsOutage(s.outcome(id, "one").Err); outage == nil || outage.Reason != down {
		t.Errorf("%v", s.outcome(id, "one").Err)
	}
}

// TestCreate_Outages: what an operator that is out is owed, and what a caller that wants none of it gets.
func TestCreate_Outages(t *testing.T) {
	out := func(e core.Effect) string {
		if name, _ := of(e); name == "one" {
			return down
		}
		return fine
	}
	s := newScene(t)
	id := s.create(a1)
	s.play(out)
	if o := s.outcome(id, "one"); !o.Foreign || o.Known || o.Err == nil {
		t.Errorf("%+v", o)
	}
	s.expect("two", a1)

	s = newScene(t)
	id = s.create(a1, func(c *core.Create) { c.FailOnOutage = true })
	s.play(out)
	if s.outcome(id, "one").Err == nil {
		t.Error("no error")
	}
	s.expectBoth()

	// What the state knew under another address is ours, read or not.
	s = newScene(t)
	s.walk.step(core.Owned{Key: a1.Key})
	id = s.create(a1)
	s.play(out)
	if s.outcome(id, "one").Foreign {
		t.Error("it counts as foreign")
	}
}

// TestCreate_Interrupted: what was not sent is not sent any more, and what was is told.
func TestCreate_Interrupted(t *testing.T) {
	s := newScene(t)
	id := s.create(a1)
	s.walk.step(core.Cancel{ID: id})
	if o := s.outcome(id, "one"); o.Err == nil || !o.Foreign {
		t.Errorf("before anything was read: %+v", o)
	}
	s.play(well)
	s.expectBoth()

	s = newScene(t)
	id = s.create(a1)
	s.bothWrite()
	s.answer(fine, to("one", true))
	s.walk.step(core.Cancel{ID: id})
	if aborts := len(s.walk.aborted); aborts != 1 {
		t.Errorf("%d requests are ended, want the one that is away", aborts)
	}
	s.answer(fine, to("two", true)) // it was carried out all the same
	s.play(well)
	if o := s.outcome(id, "two"); o.Err != nil || !o.Wrote {
		t.Errorf("%+v", o)
	}
	s.expectBoth(a1)
}

// TestCreate_GateCountsFromTheFirstAnswer: however long the first operator took, the other has its time to tell of a
// conflict.
func TestCreate_GateCountsFromTheFirstAnswer(t *testing.T) {
	s := newScene(t)
	s.hold(many(20, 3600)...)
	s.one().page, s.two().page = 5, 5
	s.look(api1.Key) // neither list was read to its end
	s.play(well)
	s.two().hold(a2)
	id := s.create(a1)
	s.walk.now = s.walk.now.Add(2 * swift().Gate)
	s.answer(fine, to("one", false))
	s.pass(swift().Gate/2, func() {}) // nothing is answered
	s.play(well)
	if s.one().writes > 0 || s.outcome(id, "two").Err == nil {
		t.Errorf("%d writes, %v", s.one().writes, s.outcome(id, "two").Err)
	}
}

// TestCreate_GateIsNotWaitedForInVain: an operator that is out, or was waited for long enough, holds no other one up.
func TestCreate_GateIsNotWaitedForInVain(t *testing.T) {
	for what, before := range map[string]func(*scene){
		"out":           func(s *scene) { s.answer(down, to("two", false)) },
		"waited before": func(s *scene) { s.walk.now = s.walk.now.Add(2 * swift().Gate) },
	} {
		s := newScene(t)
		s.create(a1)
		before(s)
		began := s.walk.now
		for s.answer(fine, to("one", false)); !s.pending("one", true); s.walk.tick() {
		}
		if took := s.walk.now.Sub(began); took >= swift().Gate {
			t.Errorf("%s: took %s", what, took)
		}
	}
}

// TestCreate_SparedWhereAnotherRefuses: what is held where nothing was written, because another operator refuses, is
// told.
func TestCreate_SparedWhereAnotherRefuses(t *testing.T) {
	s := newScene(t)
	s.one().hold(a1)
	s.two().hold(a2)
	id := s.create(a1)
	s.play(well)
	if o := s.outcome(id, "one"); !o.Known || o.Held == nil || show(*o.Held) != show(a1) || o.Wrote {
		t.Errorf("%+v", o)
	}
	s.expect("one", a1)
	s.expect("two", a2)
}

// TestCreate_WaitsForItsTurn: of two calls of one key the second begins when the first is over, and another key waits
// for neither.
func TestCreate_WaitsForItsTurn(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	first := s.update(a1, a2)
	s.bothWrite()
	second, other := s.create(a1, func(c *core.Create) { c.Overwrite = true }), s.create(api1)
	s.answer(fine, to("one", true))
	if s.over(second) {
		t.Fatal("it did not wait")
	}
	s.answer(fine, to("two", true))
	s.play(well)
	for _, id := range []core.ID{first, second, other} {
		if o := s.outcome(id, "one"); o.Err != nil || !o.Wrote {
			t.Errorf("%d: %+v", id, o)
		}
	}
	s.expectBoth(a1, api1)
}

// TestCreate_FailsOnOutageOnly: where an outage is an error, its absence is none.
func TestCreate_FailsOnOutageOnly(t *testing.T) {
	s := newScene(t)
	id := s.create(a1, func(c *core.Create) { c.FailOnOutage = true })
	s.play(well)
	for _, name := range []string{"one", "two"} {
		if o := s.outcome(id, name); o.Err != nil || !o.Wrote || !o.Known || o.Foreign {
			t.Errorf("%s: %+v", name, o)
		}
	}
	s.expectBoth(a1)
}

// TestCreate_Unpublished: who takes over what is not served makes it public by a change and back, or knows that it is
// not served.
func TestCreate_Unpublished(t *testing.T) {
	leaves := []core.Event{core.Leaving{Key: a1.Key, Unpublished: only("one")}}
	for _, c := range []struct {
		what     string
		told     []core.Event
		want     operator.RRset
		write    string
		one, two bool
		writes   int
	}{
		{"equal and served", nil, a1, fine, false, false, 0},
		{"equal and not served at one", leaves, a1, fine, false, false, 2},
		{"equal, and not served again", leaves, a1, stored, true, false, 2},
		{"equal, and nothing can be written", leaves, a1, down, true, false, 1},
		{"changed, which makes it served", leaves, a2, fine, false, false, 1},
		{"changed, and not served again", leaves, a2, stored, true, true, 1},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.hold(a1)
			for _, e := range c.told {
				s.walk.step(e)
			}
			id := s.create(c.want)
			s.play(writes(c.write))
			if one, two := s.outcome(id, "one").Unpublished, s.outcome(id, "two").Unpublished; one != c.one || two != c.two {
				t.Errorf("not served: %t and %t", one, two)
			}
			if n := s.one().writes; n != c.writes {
				t.Errorf("%d writes, want %d", n, c.writes)
			}
			if c.write != down {
				s.expectBoth(c.want)
			}
		})
	}
}

// TestCreate_NudgedInVain: what was changed to make it public, and then refused, is put back as it was before.
func TestCreate_NudgedInVain(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	s.walk.step(core.Leaving{Key: a1.Key, Unpublished: only("one")})
	id := s.create(a1)
	for _, end := range []string{fine, no} {
		s.until(func() bool { return s.pending("one", true) }, to("one", false), to("two", false))
		s.answer(end, to("one", true))
	}
	s.play(well)
	if o := s.outcome(id, "one"); !core.IsFatal(o.Err) {
		t.Errorf("%+v", o)
	}
	s.expectBoth(a1)
}

// TestCreate_NudgedAndTakenBack: what was made public stays as it was when another operator refuses.
func TestCreate_NudgedAndTakenBack(t *testing.T) {
	s := newScene(t)
	s.one().hold(a1)
	s.two().hold(a2)
	s.walk.step(core.Leaving{Key: a1.Key, Unpublished: only("one")})
	id := s.create(a1)
	s.play(writesTo("two", no))
	if left := s.walk.results[id].Left; len(left) > 0 {
		t.Errorf("left: %v", left)
	}
	s.expect("one", a1)
	s.expect("two", a2)
}

// TestCreate_WaitsForTheOwner: what stands in the way may be ours under another address, whose call comes later. As
// soon as it is known the creation goes on.
func TestCreate_WaitsForTheOwner(t *testing.T) {
	for what, comes := range map[string]func(*scene){
		"it is to be deleted": func(s *scene) { s.delete(a1.Key) },
		"it is owned":         func(s *scene) { s.walk.step(core.Owned{Key: a1.Key}) },
	} {
		t.Run(what, func(t *testing.T) {
			s := newScene(t)
			s.hold(a1)
			id := s.create(a2)
			s.spend(swift().Ownership / 2)
			if s.over(id) {
				t.Fatal("it did not wait")
			}
			began := s.walk.now
			comes(s)
			s.play(well)
			if o := s.outcome(id, "one"); o.Err != nil || !o.Wrote {
				t.Errorf("%+v", o)
			}
			if took := s.walk.now.Sub(began); took >= swift().Ownership {
				t.Errorf("took %s", took)
			}
			s.expectBoth(a2)
		})
	}
	s := newScene(t)
	s.one().hold(a1)
	id := s.create(a2)
	s.play(well) // nobody comes
	o := s.outcome(id, "one")
	if _, ok := errors.AsType[*core.ConflictError](o.Err); !ok || !o.Known || o.Held == nil || show(*o.Held) != show(a1) {
		t.Errorf("%+v", o)
	}
	if o := s.outcome(id, "two"); o.Err != nil || !o.Known || o.Held != nil || o.Wrote {
		t.Errorf("two: %+v", o)
	}
}

// TestCreate_HowLongItWaitsForTheOwner: twice as long while an address was validated and has no plan, for that is on
// its way; and hardly at all once somebody has waited in vain.
func TestCreate_HowLongItWaitsForTheOwner(t *testing.T) {
	own := swift().Ownership
	for _, c := range []struct {
		what  string
		told  []core.Event
		first bool // another creation has waited before
		least time.Duration
		most  time.Duration
	}{
		{"usually", nil, false, own, own},
		{"one is validated", []core.Event{core.Validated{Key: api1.Key}}, false, 2 * own, 2 * own},
		{"one is validated twice", []core.Event{core.Validated{Key: api1.Key}, core.Validated{Key: api1.Key}, core.Planning{Key: api1.Key}}, false, own, own},
		{"of two one is planned", []core.Event{core.Validated{Key: api1.Key}, core.Validated{Key: aaaa.Key}, core.Expected{Key: api1.Key}}, false, 2 * own, 2 * own},
		{"planned twice", []core.Event{core.Validated{Key: api1.Key}, core.Planning{Key: aaaa.Key}, core.Planning{Key: aaaa.Key}}, false, 2 * own, 2 * own},
		{"planned", []core.Event{core.Validated{Key: api1.Key}, core.Expected{Key: api1.Key}}, false, own, own},
		{"in vain before", nil, true, own / 10, own / 10},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.hold(a1, txt)
			if c.first {
				s.create(record("www", "TXT", 3600, `"w"`))
				s.play(well)
			}
			for _, e := range c.told {
				s.walk.step(e)
			}
			id := s.create(a2)
			for s.answer(fine, anything) {
			}
			began := s.walk.now
			s.play(well)
			if took := s.walk.now.Sub(began); took < c.least || took > c.most {
				t.Errorf("waited %s, want %s", took, c.least)
			}
			if _, ok := errors.AsType[*core.ConflictError](s.outcome(id, "one").Err); !ok {
				t.Errorf("%v", s.outcome(id, "one").Err)
			}
		})
	}
}

// TestCreate_NoZone: an operator that has no such zone has said so: it was read.
func TestCreate_NoZone(t *testing.T) {
	s := newScene(t)
	id := s.create(a1)
	s.refuseList("one", operator.ZoneNotFound)
	s.play(well)
	if o := s.outcome(id, "one"); !o.Known || o.Foreign || !core.IsFatal(o.Err) {
		t.Errorf("%+v", o)
	}
	s.expect("two")
}

// TestGate_NothingIsWrittenUnread: while one operator is not read it is not written, gate or no gate; and no creation
// waits at the gate for longer than the first that asked.
func TestGate_NothingIsWrittenUnread(t *testing.T) {
	s := newScene(t)
	began := s.walk.now
	s.create(a1)
	s.answer(fine, to("one", false))
	s.spend(swift().Gate / 2)
	for s.walk.now.Sub(began) < swift().Gate/2 {
		s.walk.now = began.Add(swift().Gate / 2)
	}
	s.create(api1)
	for len(s.one().held) < 2 {
		if s.pending("two", true) {
			t.Fatal("two is written and was not read")
		}
		if !s.answer(fine, to("one", true)) {
			s.walk.tick()
		}
	}
	if took := s.walk.now.Sub(began); took > swift().Gate+swift().Gate/2 {
		t.Errorf("took %s", took)
	}
	s.play(well)
	s.expectBoth(a1, api1)
}
