package core_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// TestBatch_GivenUpBeforeItsPart: what was given up while the part before it was away is not sent, and the others of
// its part are.
func TestBatch_GivenUpBeforeItsPart(t *testing.T) {
	s := newScene(t)
	all := many(6, 3600) // four fit into one request
	ids := s.updateAll(all)
	s.bothWrite()
	s.walk.step(core.Cancel{ID: ids[5]})
	s.play(well)
	for _, name := range []string{"one", "two"} {
		if err := s.outcome(ids[5], name).Err; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
		if err := s.outcome(ids[4], name).Err; err != nil {
			t.Errorf("the other one of its part at %s: %v", name, err)
		}
	}
	s.expectBoth(all[:5]...)
}

// TestBatch_FailuresInARow: single changes that fail prove nothing of the operator while others are carried out in
// between.
func TestBatch_FailuresInARow(t *testing.T) {
	for _, c := range []struct {
		how string // a change after the other: one that fails is sent twice
		out bool
	}{
		{"ff", false},
		{"fff", true},
		{"ffwff", false},
		{"ffwfff", true},
	} {
		s := newScene(t)
		for i, r := range many(len(c.how), 3600) {
			s.update(r, r)
			fault := fine
			if c.how[i] == 'f' {
				fault = sick
			}
			s.play(writesTo("one", fault))
		}
		last := record("www", "A", 3600, "192.0.2.1")
		id := s.update(last, last)
		s.play(well)
		if out := s.outcome(id, "one").Err != nil; out != c.out {
			t.Errorf("%s: out %t, want %t", c.how, out, c.out)
		}
	}
}

// TestBatch_FailsBesideWhatIsRefused: one change is refused and the other fails, and nothing else was carried out. That
// may be the one that fails, or the operator: it is told so, and the operator is asked again.
func TestBatch_FailsBesideWhatIsRefused(t *testing.T) {
	s := newScene(t)
	all := many(3, 3600)
	s.one().bad = map[rrset.Key]bool{all[0].Key: true}
	s.one().poison = map[rrset.Key]bool{all[1].Key: true}
	ids := s.updateAll(all[:2])
	s.play(well)
	if err := s.outcome(ids[0], "one").Err; !operator.RefusedAs(err, operator.Invalid) {
		t.Errorf("what is refused: %v", err)
	}
	if outage := operator.AsOutage(s.outcome(ids[1], "one").Err); outage == nil || !outage.Alone {
		t.Errorf("what fails: %v", s.outcome(ids[1], "one").Err)
	}
	if writes := s.one().writes; writes != 4 { // both, each alone, and once more what failed
		t.Errorf("%d writes, want 4", writes)
	}
	third := s.update(all[2], all[2])
	s.play(well)
	if err := s.outcome(third, "one").Err; err != nil {
		t.Errorf("the next one: %v", err)
	}
}

// TestBatch_RepeatedOnce: a part that was read anew because it failed, or was said to be stale, is sent once more and
// not a third time, however it is cut meanwhile.
func TestBatch_RepeatedOnce(t *testing.T) {
	for _, c := range []struct {
		what   string
		writes int
		bad    int // of three that have failed together; they are named, or not
		named  bool
	}{
		{"nobody is refused", 2, -1, false},
		{"one is named", 3, 1, true},
		{"one is found by halving", 4, 0, false},
	} {
		s := newScene(t)
		all := many(3, 3600)
		ids := s.updateAll(all)
		s.bothWrite()
		s.answer(sick, to("one", true))
		s.one().names = c.named
		if c.bad >= 0 {
			s.one().bad[all[c.bad].Key] = true
		}
		s.play(well)
		for i, id := range ids {
			if err := s.outcome(id, "one").Err; (err != nil) != (i == c.bad) {
				t.Errorf("%s: RRset %d: %v", c.what, i, err)
			}
		}
		if s.one().writes != c.writes {
			t.Errorf("%s: %d writes, want %d", c.what, s.one().writes, c.writes)
		}
	}
}

// TestBatch_WaitsForNobodyWhoCannotCome: a change that ended at an operator before it was queued there is not waited
// for by a batch.
func TestBatch_WaitsForNobodyWhoCannotCome(t *testing.T) {
	for what, begin := range map[string]func(s *scene, want operator.RRset) core.ID{
		"created": func(s *scene, want operator.RRset) core.ID { return s.create(want) },
		"updated": func(s *scene, want operator.RRset) core.ID { return s.update(want, want) },
	} {
		t.Run(what, func(t *testing.T) {
			s := newScene(t)
			elsewhere, here := record("www", "A", 3600, "192.0.2.1"), record("api", "A", 3600, "192.0.2.2")
			elsewhere.Zone = "gone.example."
			for _, r := range []operator.RRset{elsewhere, here} {
				s.walk.step(core.Expected{Key: r.Key})
			}
			begin(s, elsewhere)
			list := taken[core.List](s, to("one", false))
			s.walk.step(core.ListAnswer{ID: list.ID, Err: &operator.RefusalError{Operator: "one", Action: "list", Kind: operator.ZoneNotFound, Message: "no such zone"}})
			begin(s, here) // while two has not answered for the other zone
			began := s.walk.now
			in := func(e core.Effect) bool {
				_, zone, write := addressed(e)
				return zone == here.Zone && !write
			}
			s.until(func() bool { return s.pending("one", true) }, in)
			if took := s.walk.now.Sub(began); took > swift().BatchPoll {
				t.Errorf("the batch waited %s", took)
			}
			s.play(well)
		})
	}
}

// TestBatch_InterruptedWriteIsPassed: a write that was ended before it was answered may still be carried out, also at
// an operator that has answered others of this run and is not out. What comes later at its name is written behind it.
func TestBatch_InterruptedWriteIsPassed(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	s.create(txt)
	s.play(well)
	gone := s.delete(a1.Key)
	s.until(func() bool { return s.pending("one", true) }, to("one", false), to("two", false))
	s.walk.step(core.Cancel{ID: gone})
	w := taken[core.Write](s, to("one", true))
	s.one().late = append(s.one().late, w.Changes)
	s.walk.step(core.WriteAnswer{ID: w.ID, Err: s.one().failure(ended)})
	s.play(well)
	if o := s.outcome(gone, "one"); o.Doubt != core.MayGo || !errors.Is(o.Err, context.Canceled) {
		t.Errorf("the deletion: %+v", o)
	}
	made := s.create(a1)
	s.play(well)
	if o := s.outcome(made, "one"); o.Err != nil || o.Doubt != core.NoDoubt {
		t.Errorf("the creation: %+v", o)
	}
	s.world.settle()
	s.expect("one", a1, txt)
}

// TestBatch_InterruptedIsNotRepeated: nobody may end a request but who wants it no more. Where one ended all the same
// it is not sent again, and what came of it is told.
func TestBatch_InterruptedIsNotRepeated(t *testing.T) {
	s := newScene(t)
	id := s.create(a1)
	s.bothWrite()
	s.answer(ended, to("one", true))
	s.play(well)
	if o := s.outcome(id, "one"); !errors.Is(o.Err, context.Canceled) || o.Doubt != core.MayCome || s.one().writes != 1 {
		t.Errorf("%+v after %d writes", o, s.one().writes)
	}
}

// TestBatch_AnsweredAtLast: a write that was repeated and answered is in doubt no more, so that whoever comes next at
// its name has nothing to pass and nothing to look at.
func TestBatch_AnsweredAtLast(t *testing.T) {
	s := newScene(t)
	id := s.create(a1)
	s.bothWrite()
	s.answer(broken, to("one", true))
	s.play(well)
	if o := s.outcome(id, "one"); o.Err != nil || o.Doubt != core.NoDoubt {
		t.Fatalf("%+v", o)
	}
	reads, writes := s.one().reads, s.one().writes
	s.create(aaaa)
	s.play(well)
	if s.one().reads != reads || s.one().writes != writes+1 {
		t.Errorf("%d reads and %d writes, want 0 and 1", s.one().reads-reads, s.one().writes-writes)
	}
}

// TestBatch_AnEmptyZoneThatHidesWhatItStored: what is written into a zone of which nobody can say that it is empty is
// read back; an operator that does not show it, or nothing at all, contradicts itself. One that cannot be read after a
// write that was to pass another is in doubt, and does not.
func TestBatch_AnEmptyZoneThatHidesWhatItStored(t *testing.T) {
	refuses := &operator.RefusalError{Operator: "one", Action: "export", Kind: operator.RefusedOther, Message: "no"}
	for _, c := range []struct {
		what         string
		empty        bool
		doubts       core.Doubt
		then         func(s *scene) // once it is written
		read         string
		contradicts  bool
		doubted, err bool
	}{
		{what: "it shows it", empty: true, read: fine},
		{what: "it shows nothing", empty: true, then: func(s *scene) { clear(s.one().held) }, read: fine, contradicts: true, err: true},
		{what: "it cannot be read", empty: true, read: down, contradicts: true, err: true},
		{what: "a write that passes another", doubts: core.MayChange, read: fine},
		{what: "a write that passes another, and it cannot be read", doubts: core.MayChange, read: down, doubted: true, err: true},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			if c.empty {
				s.bare()
				s.one().mute = refuses
			} else {
				s.one().hold(a2)
			}
			id := s.call(func(id core.ID) core.Event {
				return core.Update{ID: id, From: a1.Key, Was: desired(a2), Want: desired(a1), At: everywhere, Ownership: doubts(c.doubts)}
			})
			s.until(func() bool { return s.pending("one", true) }, to("one", false), to("two", false))
			s.answer(fine, to("one", true))
			if c.then != nil {
				c.then(s)
			}
			s.play(func(e core.Effect) string {
				if to("one", false)(e) {
					return c.read
				}
				return fine
			})
			o := s.outcome(id, "one")
			if (o.Err != nil) != c.err || (o.Err != nil && strings.Contains(o.Err.Error(), "contradict")) != c.contradicts || o.InDoubt() != (c.doubted || c.contradicts) {
				t.Errorf("%+v", o)
			}
			if c.err && !o.Wrote {
				t.Errorf("it was written: %+v", o)
			}
		})
	}
}

// TestBatch_NoTTLToPassWith: where an operator knows no other TTL of an RRset, nothing can be written to pass an
// earlier write without a change. What was seen has to do.
func TestBatch_NoTTLToPassWith(t *testing.T) {
	s := newScene(t)
	s.one().fixed = true
	s.hold(a1)
	id := s.call(func(id core.ID) core.Event {
		return core.Update{ID: id, From: a1.Key, Was: desired(a1), Want: desired(a1), At: only("one"), Ownership: doubts(core.MayChange)}
	})
	s.play(well)
	if o := s.outcome(id, "one"); o.Err != nil || o.Doubt != core.NoDoubt || s.one().writes > 0 {
		t.Errorf("%+v after %d writes", o, s.one().writes)
	}
	s.expectBoth(a1)
}

// TestBatch_ReadsAllThatWasKnownAtTheName: what became of a single write is asked for every RRset that is known at its
// name: one that is hidden with it would be taken for absent.
func TestBatch_ReadsAllThatWasKnownAtTheName(t *testing.T) {
	s := newScene(t)
	s.hold(txt)
	s.create(a1)
	s.bothWrite()
	s.answer(broken, to("one", true))
	s.answer(hidden, to("one", false))
	var asked []string
	for s.pending("one", false) {
		at := slices.IndexFunc(s.walk.requests, to("one", false))
		if e, ok := s.walk.requests[at].(core.AskHeld); ok {
			asked = append(asked, e.Key.Type)
		}
		s.answer(fine, to("one", false))
	}
	if slices.Sort(asked); !slices.Equal(asked, []string{"A", "TXT"}) {
		t.Errorf("asked for %q, want A and TXT", asked)
	}
	s.play(well)
	s.expect("two", a1, txt)
}
