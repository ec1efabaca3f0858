package core_test

import (
	"errors"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

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

// TestCreate_HowLongItWaitsForTheOwner: twice as long while an address was validated and has no plan, for that is on its
// way; and hardly at all once somebody has waited in vain.
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

// TestUpdate_Guard is the table of what an update does with what is held under its key at an operator.
func TestUpdate_Guard(t *testing.T) {
	foreign := core.Ownership{Foreign: only("one")}
	for _, c := range []struct {
		what      string
		own       core.Ownership
		from, to  operator.RRset
		holds     []operator.RRset
		overwrite bool
		told      core.Event
		conflict  bool
		want      []operator.RRset
	}{
		{what: "ours has drifted", from: a1, to: a1, holds: []operator.RRset{a2}, want: []operator.RRset{a1}},
		{what: "it is gone", from: a1, to: a1, want: []operator.RRset{a1}},
		{what: "never read, another one", own: foreign, from: a1, to: a1, holds: []operator.RRset{a2}, conflict: true, want: []operator.RRset{a2}},
		{what: "never read, equal", own: foreign, from: a1, to: a1, holds: []operator.RRset{a1}, want: []operator.RRset{a1}},
		{what: "never read, may be overwritten", own: foreign, from: a1, to: a1, holds: []operator.RRset{a2}, overwrite: true, want: []operator.RRset{a1}},
		{what: "never read, and owned under another address", own: foreign, from: a1, to: a1, holds: []operator.RRset{a2}, told: core.Owned{Key: a1.Key}, conflict: true, want: []operator.RRset{a2}},
		{what: "never read, and another address that had it gives it up", own: foreign, from: a1, to: a1, holds: []operator.RRset{a2}, told: core.Leaving{Key: a1.Key}, want: []operator.RRset{a1}},
		{what: "never read, nor by the address that gives it up", own: foreign, from: a1, to: a1, holds: []operator.RRset{a2}, told: core.Leaving{Key: a1.Key, Foreign: only("one")}, conflict: true, want: []operator.RRset{a2}},
		{what: "a new type meets a stranger's", from: a1, to: aaaa, holds: []operator.RRset{a1, record("www", "AAAA", 60, "2001:db8::9")}, conflict: true,
			want: []operator.RRset{a1, record("www", "AAAA", 60, "2001:db8::9")}},
		{what: "a new type meets ours", from: a1, to: aaaa, holds: []operator.RRset{a1, record("www", "AAAA", 60, "2001:db8::9")}, told: core.Owned{Key: aaaa.Key},
			want: []operator.RRset{aaaa}},
		{what: "a CNAME meets a stranger's type", from: a1, to: cname, holds: []operator.RRset{a1, aaaa}, conflict: true, want: []operator.RRset{a1, aaaa}},
		{what: "a CNAME meets what leaves", from: a1, to: cname, holds: []operator.RRset{a1, aaaa}, told: core.Leaving{Key: aaaa.Key}, want: []operator.RRset{cname}},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.one().hold(c.holds...)
			s.two().hold(c.from)
			if c.told != nil {
				s.walk.step(c.told)
			}
			id := s.call(func(id core.ID) core.Event {
				return core.Update{ID: id, From: c.from.Key, Want: desired(c.to), At: everywhere, Ownership: c.own, Overwrite: c.overwrite}
			})
			s.play(well)
			o := s.outcome(id, "one")
			if _, conflict := errors.AsType[*core.ConflictError](o.Err); conflict != c.conflict || !c.conflict && o.Err != nil || !o.Known {
				t.Errorf("%+v", o)
			}
			if held, holds := s.one().held[c.to.Key]; holds != (o.Held != nil) || holds && show(*o.Held) != show(held) {
				t.Errorf("said to be held: %v", o.Held)
			}
			s.expect("one", c.want...)
			s.expect("two", c.to)
		})
	}
}

// TestUpdate_WaitsForTheOwner: a conflict is waited with, for as long as the owner may come, and no longer.
func TestUpdate_WaitsForTheOwner(t *testing.T) {
	other := record("www", "AAAA", 60, "2001:db8::9")
	s := newScene(t)
	s.hold(a1, other)
	id := s.update(a1, aaaa)
	s.spend(swift().Ownership / 2)
	if s.over(id) {
		t.Fatal("it did not wait")
	}
	began := s.walk.now
	s.delete(other.Key)
	s.play(well)
	if o := s.outcome(id, "one"); o.Err != nil || s.walk.now.Sub(began) >= swift().Ownership {
		t.Errorf("%+v after %s", o, s.walk.now.Sub(began))
	}
	s.expectBoth(aaaa)
}

// TestUpdate_TellsWhetherItTook: who gives up what an update takes over learns whether it has it.
func TestUpdate_TellsWhetherItTook(t *testing.T) {
	for _, c := range []struct {
		what  string
		at    map[string]bool
		fault string
		bad   bool
		err   error
	}{
		{"written", everywhere, fine, false, nil},
		{"written at one", only("one"), fine, false, nil},
		{"refused everywhere", everywhere, fine, true, core.ErrNotTaken},
		{"not answered, and not there", everywhere, silence, false, core.ErrNotTaken},
		{"not answered, and nobody can look", everywhere, lost, false, nil},
		{"refused at the only one that is written", only("one"), fine, true, nil},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.hold(a1, aaaa)
			if c.bad {
				s.one().bad, s.two().bad = map[rrset.Key]bool{aaaa.Key: true}, map[rrset.Key]bool{aaaa.Key: true}
			}
			want := record("www", "AAAA", 60, "2001:db8::9")
			gone := s.delete(aaaa.Key, func(d *core.Delete) { d.HandedOver = true })
			s.call(func(id core.ID) core.Event {
				return core.Update{ID: id, From: a1.Key, Want: desired(want), At: c.at}
			})
			s.play(func(e core.Effect) string {
				name, write := of(e)
				switch {
				case write:
					return c.fault
				case c.fault == lost && s.world.service(name).writes > 0:
					return down
				}
				return fine
			})
			if err := s.outcome(gone, "one").Err; !errors.Is(err, c.err) || c.err == nil && err != nil {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestUpdate_Interrupted: what was not sent is not sent any more, also while the call waits for its turn.
func TestUpdate_Interrupted(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	first := s.update(a1, a2)
	s.bothWrite()
	second := s.update(a1, a1)
	s.walk.step(core.Cancel{ID: second})
	if o := s.outcome(second, "one"); operator.AsOutage(o.Err) == nil || o.Wrote {
		t.Errorf("%+v", o)
	}
	s.play(well)
	if s.outcome(first, "one").Err != nil {
		t.Error("the other call is ended")
	}
	s.expectBoth(a2)
}
