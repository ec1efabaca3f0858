package core_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// inDoubt takes back what operator one may have been given: its answers were lost.
func (s *scene) inDoubt(all []operator.RRset) (ids []core.ID) {
	lost := &operator.OutageError{Operator: "one", Action: "write", Reason: "lost", InDoubt: true}
	for _, want := range all {
		ids = append(ids, s.call(func(id core.ID) core.Event {
			return core.Undo{ID: id, Want: desired(want), Result: core.Result{Outcomes: map[string]core.Outcome{"one": {Err: lost}, "two": {Known: true}}}}
		}))
	}
	return ids
}

// takeAllBack takes back what both operators have, and were seen to have.
func (s *scene) takeAllBack(all []operator.RRset) (ids []core.ID) {
	s.hold(all...)
	s.call(func(id core.ID) core.Event { return core.LookAll{ID: id, Zone: zone} })
	s.play(well)
	s.elapse(3 * swift().Undo) // what was answered long ago is no reason to give up
	for _, want := range all {
		ids = append(ids, s.takeBack(want))
	}
	return ids
}

// elapse lets exactly that much time pass, and answers nothing.
func (s *scene) elapse(d time.Duration) {
	end := s.walk.now.Add(d)
	s.pass(d, func() {})
	s.walk.now = end
}

// TestUndo_DoubtIsReadOnce: however much is in doubt, it costs one reading: by name, or by list where that is one
// request for many. What is not there may still come, and is told.
func TestUndo_DoubtIsReadOnce(t *testing.T) {
	for what, c := range map[string]struct {
		holds       bool
		read, write string
		left, doubt bool
		reads       []string // where it is one RRset, after the first
	}{
		"made":                     {holds: true, read: fine, write: fine},
		"made, the answer lost":    {holds: true, read: fine, write: lost, reads: []string{"core.ListName", "core.AskHeld"}},
		"made, and not taken back": {holds: true, read: fine, write: down, left: true},
		"not made":                 {read: fine, left: true, doubt: true, reads: []string{"core.AskHeld"}},
		"nobody can look":          {holds: true, read: down, left: true, doubt: true},
	} {
		for _, n := range []int{1, 2, 40} {
			t.Run(fmt.Sprintf("%s/%d", what, n), func(t *testing.T) {
				s := newScene(t)
				all := many(n, 3600)
				s.one().room = 500
				s.hold(elsewhere)
				if c.holds {
					s.one().hold(all...)
				}
				ids := s.inDoubt(all)
				var asked []string
				s.play(func(e core.Effect) string {
					if _, write := of(e); write {
						return c.write
					}
					asked = append(asked, fmt.Sprintf("%T", e))
					return c.read
				})
				for _, id := range ids {
					if err := s.walk.results[id].Left["one"]; (err != nil) != c.left || c.left && operator.AsOutage(err).InDoubt != c.doubt {
						t.Errorf("left: %v", err)
					}
				}
				want := []string{"core.List"}
				switch {
				case n == 1:
					want = append([]string{"core.ListName"}, c.reads...)
				case c.write == lost:
					want = append(want, "core.List")
				}
				if !slices.Equal(asked, want) {
					t.Errorf("asked %v, want %v", asked, want)
				}
				if c.left {
					all = slices.DeleteFunc(all, func(operator.RRset) bool { return !c.holds })
					s.expect("one", append(all, elsewhere)...)
				} else {
					s.expect("one", elsewhere)
				}
				if s.one().writes > 1 {
					t.Errorf("%d writes", s.one().writes)
				}
			})
		}
	}
}

// TestUndo_OfAnOperatorThatIsOut: what is in doubt there is not asked for any more, and is told.
func TestUndo_OfAnOperatorThatIsOut(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	s.look(api1.Key)
	s.play(func(e core.Effect) string {
		if name, _ := of(e); name == "one" {
			return down
		}
		return fine
	})
	reads := s.one().reads
	id := s.inDoubt([]operator.RRset{a1})[0]
	s.play(well)
	if left := operator.AsOutage(s.walk.results[id].Left["one"]); left == nil || !left.InDoubt || s.one().reads > reads {
		t.Errorf("%d reads, left: %v", s.one().reads-reads, left)
	}
}

// TestUndo_TakesItsTime: a roll-back goes on as long as its requests take, and after Ctrl-C while each is answered in
// the time that a write of its size may take.
func TestUndo_TakesItsTime(t *testing.T) {
	undo, item := swift().Undo, swift().UndoItem
	for what, c := range map[string]struct {
		n, room     int
		each        time.Duration // until each request is answered
		interrupted bool
		aborted     bool
	}{
		"slow":                        {n: 1, room: 1, each: 10 * undo},
		"many and slow":               {n: 5, room: 2, each: 10 * undo},
		"interrupted":                 {n: 5, room: 1, each: undo / 2, interrupted: true},
		"interrupted and large":       {n: 300, room: 500, each: 290 * item, interrupted: true},
		"interrupted, and too slow":   {n: 5, room: 5, each: undo, interrupted: true, aborted: true},
		"interrupted, large and slow": {n: 300, room: 500, each: 300 * item, interrupted: true, aborted: true},
	} {
		for _, made := range []bool{true, false} { // what is ended
			t.Run(fmt.Sprintf("%s, carried out: %t", what, made), func(t *testing.T) {
				s := newScene(t)
				s.one().room, s.two().room = c.room, 500
				all := many(c.n, 3600)
				ids := s.takeAllBack(all)
				if c.interrupted {
					for _, id := range ids {
						s.walk.step(core.Cancel{ID: id})
					}
				}
				for len(s.walk.running) > 0 {
					s.until(func() bool { return s.pending("one", true) || len(s.walk.running) == 0 }, to("one", false), to("two", true), to("two", false))
					if len(s.walk.running) == 0 {
						break
					}
					s.answer(fine, to("two", true))
					s.elapse(c.each)
					if len(s.walk.aborted) == 0 {
						s.answer(fine, to("one", true))
						continue
					}
					w := taken[core.Write](s, to("one", true))
					if made {
						_, _ = s.one().carryOut(w.Changes)
					}
					s.walk.step(core.WriteAnswer{ID: w.ID, Err: &operator.OutageError{Operator: "one", Action: "write", Reason: "interrupted", InDoubt: true, Err: context.Canceled}})
				}
				if aborted := len(s.walk.aborted) > 0; aborted != c.aborted {
					t.Errorf("ended: %t", aborted)
				}
				left := c.aborted && !made
				for _, id := range ids {
					if err := s.walk.results[id].Left["one"]; (err != nil) != left || left && !errors.Is(err, context.Canceled) {
						t.Errorf("left: %v", err)
					}
				}
				if left {
					s.expect("one", all...)
				} else {
					s.expect("one")
				}
				s.expect("two")
				s.notOut("one")
			})
		}
	}
}

// TestUndo_InterruptedBeforeItIsSent: a roll-back that waits behind a write that is not answered does not leave after it
// was given up.
func TestUndo_InterruptedBeforeItIsSent(t *testing.T) {
	s := newScene(t)
	s.hold(a1, api1)
	s.look(a1.Key)
	s.play(well)
	s.update(api1, api2)
	s.bothWrite()
	id := s.takeBack(a1)
	s.walk.step(core.Cancel{ID: id})
	began := s.walk.now
	for !s.over(id) {
		s.walk.tick()
	}
	if took := s.walk.now.Sub(began); took != swift().Undo {
		t.Errorf("took %s", took)
	}
	if left := operator.AsOutage(s.walk.results[id].Left["one"]); left == nil || left.InDoubt {
		t.Errorf("left: %v", s.walk.results[id].Left)
	}
	s.spend(time.Minute)
	s.expectBoth(a1, api2)
}

// TestUndo_InterruptedBefore: what begins after Ctrl-C has its time as well, and an end.
func TestUndo_InterruptedBefore(t *testing.T) {
	for _, answered := range []bool{true, false} {
		s := newScene(t)
		s.two().bad = map[rrset.Key]bool{a1.Key: true}
		id := s.create(a1)
		s.bothWrite()
		s.walk.step(core.Cancel{ID: id})
		s.answer(fine, to("one", true)) // carried out before it could be ended
		s.answer(fine, to("two", true))
		s.until(func() bool { return s.pending("one", true) }, to("two", false))
		s.expect("one", a1)
		ended := len(s.walk.aborted)
		s.pass(swift().Undo/2, func() {})
		if s.over(id) || len(s.walk.aborted) > ended {
			t.Fatal("it is over")
		}
		if !answered {
			s.pass(swift().Undo, func() {})
		}
		if (len(s.walk.aborted) == ended) != answered {
			t.Errorf("answered: %t, and ended: %t", answered, !answered)
		}
		s.play(well)
		s.expectBoth()
	}
}
