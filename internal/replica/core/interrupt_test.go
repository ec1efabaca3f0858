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

// TestInterrupt_EndsAtOnce: what was not sent ends with the interrupt, wherever the call stands, and says that it was
// interrupted.
// TestInterrupt_OfADeletionThatFollows: what another call deletes with its own write may come back when that is rolled
// back. Whenever the deletion is interrupted, it does not call gone what an operator holds in the end.
func TestInterrupt_OfADeletionThatFollows(t *testing.T) {
	interrupted := 0
	for steps := range 60 {
		s := newScene(t)
		s.hold(cname)
		s.one().bad = map[rrset.Key]bool{a1.Key: true}
		gone := s.delete(cname.Key)
		s.create(a1)
		for range steps {
			if len(s.walk.requests) > 0 {
				s.answer(fine, anything)
			} else if len(s.walk.running) > 0 {
				s.walk.tick()
			}
		}
		if !s.over(gone) {
			interrupted++
		}
		s.walk.step(core.Cancel{ID: gone})
		s.play(well)
		for _, name := range []string{"one", "two"} {
			if _, held := s.world.service(name).held[cname.Key]; held && s.outcome(gone, name).Err == nil {
				t.Errorf("interrupted after %d steps: %s holds it, and %+v", steps, name, s.outcome(gone, name))
			}
		}
	}
	if interrupted < 10 {
		t.Errorf("%d moments, want more", interrupted)
	}
}

func TestInterrupt_EndsAtOnce(t *testing.T) {
	read := func(s *scene) { s.answer(fine, to("one", false)); s.answer(fine, to("two", false)) }
	for what, do := range map[string]func(*scene) core.ID{
		"a creation":        func(s *scene) core.ID { return s.create(a2) },
		"an update":         func(s *scene) core.ID { return s.update(a1, a2) },
		"a deletion":        func(s *scene) core.ID { return s.delete(a1.Key) },
		"one in its queue":  func(s *scene) core.ID { id := s.update(a1, a2); read(s); return id },
		"a queued deletion": func(s *scene) core.ID { id := s.delete(a1.Key); read(s); return id },
		"a queued creation": func(s *scene) core.ID { s.walk.step(core.Owned{Key: a1.Key}); id := s.create(a2); read(s); return id },
		"a creation in turn": func(s *scene) core.ID {
			s.update(a1, a1)
			s.bothWrite()
			return s.create(a1)
		},
		"one in turn": func(s *scene) core.ID { s.update(a1, a2); s.bothWrite(); return s.update(a1, aaaa) },
	} {
		t.Run(what, func(t *testing.T) {
			s := newScene(t)
			if what != "a creation in turn" {
				s.hold(a1)
			}
			id := do(s)
			s.walk.step(core.Cancel{ID: id})
			if !s.over(id) {
				t.Fatal("it goes on")
			}
			for _, name := range []string{"one", "two"} {
				o := s.outcome(id, name)
				if outage := operator.AsOutage(o.Err); !errors.Is(o.Err, context.Canceled) || outage == nil || outage.Operator != name || !strings.HasPrefix(outage.Action, "write www.example.com.") || o.Wrote || o.InDoubt() {
					t.Errorf("%s: %+v", name, o)
				}
			}
			s.play(well)
			if !strings.HasSuffix(what, "in turn") {
				s.expectBoth(a1)
			}
		})
	}
}

// TestInterrupt_TheNextIsSent: what comes after a queue was given up is not forgotten in it.
func TestInterrupt_TheNextIsSent(t *testing.T) {
	s := newScene(t)
	s.hold(a1, api1)
	given := s.update(a1, a2)
	for s.answer(fine, anything) { // it waits for company now
	}
	s.walk.step(core.Cancel{ID: given})
	s.spend(swift().BatchIdle)
	next := s.delete(api1.Key)
	s.play(well)
	if o := s.outcome(next, "one"); o.Err != nil || !o.Wrote {
		t.Errorf("%+v", o)
	}
	s.expectBoth(a1)
}

// TestInterrupt_AmongOthers: one change of a queue that is given up ends at once, and the others go on.
func TestInterrupt_AmongOthers(t *testing.T) {
	s := newScene(t)
	given, other := s.update(a1, a1), s.update(api1, api1)
	for s.answer(fine, anything) {
	}
	s.walk.step(core.Cancel{ID: given})
	if !s.over(given) || s.over(other) {
		t.Errorf("given up: over %t; the other: over %t", s.over(given), s.over(other))
	}
	s.play(well)
	s.expectBoth(api1)
}

// TestSettle_ReadsBackInTime: what became of a write is read anew as a whole, and bounded: it goes on after Ctrl-C.
func TestSettle_ReadsBackInTime(t *testing.T) {
	for _, n := range []int{1, 2} {
		s := newScene(t)
		s.updateAll(many(n, 3600))
		s.bothWrite()
		s.answer(lost, to("one", true))
		at := slices.IndexFunc(s.walk.requests, to("one", false))
		if at < 0 {
			t.Fatal("it is not read back")
		}
		switch e := s.walk.requests[at].(type) {
		case core.List:
			if !e.Whole || !e.Settle || n == 1 {
				t.Errorf("of %d: %+v", n, e)
			}
		case core.ListName:
			if !e.Settle || n > 1 {
				t.Errorf("of %d: %+v", n, e)
			}
		}
		s.play(well)
	}
}

// TestInterrupt_AbortsOnce: a request that nobody wants any more is ended once, whatever happens before it ends.
func TestInterrupt_AbortsOnce(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	id := s.update(a1, a2)
	s.bothWrite()
	s.walk.step(core.Cancel{ID: id})
	s.walk.step(core.Owned{Key: api1.Key})
	s.walk.step(core.Owned{Key: txt.Key})
	if len(s.walk.aborted) != 2 {
		t.Errorf("%d aborts of 2 requests", len(s.walk.aborted))
	}
	s.play(well)
}

// TestInterrupt_AmongSuspects: the search for what an operator cannot digest ends as well when nobody waits any more
// for the half that comes next.
func TestInterrupt_AmongSuspects(t *testing.T) {
	s := newScene(t)
	s.hold(a1, api1)
	ids := s.updateAll([]operator.RRset{a2, api2})
	alone := func() bool {
		at := slices.IndexFunc(s.walk.requests, to("one", true))
		if at < 0 {
			return false
		}
		w, _ := s.walk.requests[at].(core.Write)
		return len(w.Changes) == 1
	}
	for n := 0; !alone() && n < 500; n++ {
		if !s.answer(sick, to("one", true)) && !s.answer(fine, anything) {
			s.walk.tick()
		}
	}
	s.walk.step(core.Cancel{ID: ids[1]})
	s.play(writesTo("one", sick))
	for _, id := range ids {
		if s.outcome(id, "one").Err == nil {
			t.Error("a change that failed, or was given up, has no error")
		}
	}
	s.expect("one", a1, api1)
}

// TestInterrupt_TellsWhatIsHeld: a call that ends before it has written says what the operators hold, where that is
// known.
func TestInterrupt_TellsWhatIsHeld(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	s.look(a1.Key)
	s.play(well)
	id := s.create(a2) // it waits for whom the RRset may belong to
	s.walk.step(core.Cancel{ID: id})
	if o := s.outcome(id, "one"); !o.Known || o.Foreign || o.Held == nil || show(*o.Held) != show(a1) {
		t.Errorf("%+v", o)
	}
}
