package core_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// TestUndo: what a refused creation wrote is taken back, whatever it replaced, and nothing that somebody changed since.
func TestUndo(t *testing.T) {
	overwrite := func(c *core.Create) { c.Overwrite = true }
	for _, c := range []struct {
		what   string
		held   []operator.RRset // by operator one
		want   operator.RRset
		with   []func(*core.Create)
		after  func(*scene) // before the roll-back is sent
		undo   []string     // how its writes end
		expect []operator.RRset
		left   bool
		doubt  bool
	}{
		{what: "new", want: a1},
		{what: "overwritten", held: []operator.RRset{a2}, want: a1, with: []func(*core.Create){overwrite}, expect: []operator.RRset{a2}},
		{what: "adopted", held: []operator.RRset{a1}, want: a1, expect: []operator.RRset{a1}},
		{what: "gone since", want: a1, after: func(s *scene) { delete(s.one().held, a1.Key) }},
		{what: "the roll-back fails", want: a1, undo: []string{sick, sick, sick, sick}, expect: []operator.RRset{a1}, left: true},
		{what: "the roll-back is lost", want: a1, undo: []string{lost}},
		{what: "the roll-back is silent", want: a1, undo: []string{silence}, expect: []operator.RRset{a1}, left: true, doubt: true},
		{what: "no connection", want: a1, undo: []string{down}, expect: []operator.RRset{a1}, left: true},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.one().hold(c.held...)
			s.two().bad = map[rrset.Key]bool{c.want.Key: true}
			id := s.create(c.want, c.with...)
			// one writes first; two refuses after it.
			wrote, undone := 0, 0
			for range 400 {
				if s.over(id) {
					break
				}
				switch {
				case s.pending("one", true):
					fault := fine
					if wrote++; wrote > 1 || len(c.held) > 0 && c.held[0].Key == c.want.Key && show(c.held[0]) == show(c.want) {
						if c.after != nil && undone == 0 {
							c.after(s)
						}
						if undone < len(c.undo) {
							fault = c.undo[undone]
						}
						undone++
					}
					s.answer(fault, to("one", true))
				case s.answer(fine, to("one", false)), s.answer(fine, to("two", false)):
				case wrote == 0 && len(c.held) == 0 && s.pending("two", true) && len(s.walk.timers) > 0:
					s.walk.tick()
				case s.answer(fine, to("two", true)):
				default:
					s.walk.tick()
				}
			}
			r := s.walk.results[id]
			if refusal := operator.AsRefusal(r.Outcomes["two"].Err); refusal == nil {
				t.Errorf("two: %v", r.Outcomes["two"].Err)
			}
			if (r.Left["one"] != nil) != c.left {
				t.Errorf("left: %v", r.Left)
			}
			outage := operator.AsOutage(r.Left["one"])
			if c.doubt != (outage != nil && outage.InDoubt) {
				t.Errorf("in doubt: %v", r.Left["one"])
			}
			s.expect("one", c.expect...)
			s.expect("two")
		})
	}
}

// undo takes back what was written at both operators, and was read there.
func (s *scene) undo(want operator.RRset) core.ID {
	s.look(want.Key)
	s.play(well)
	return s.takeBack(want)
}

// TestUndo_OfWhatWasAnswered: what was answered needs no look before it is taken back.
func TestUndo_OfWhatWasAnswered(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	id := s.undo(a1)
	reads := s.one().reads + s.two().reads
	s.play(well)
	if more := s.one().reads + s.two().reads - reads; more > 0 || len(s.walk.results[id].Left) > 0 {
		t.Errorf("%d reads, left: %v", more, s.walk.results[id].Left)
	}
	s.expectBoth()
}

// TestUndo_ChangedSince: what somebody else has written since stays.
func TestUndo_ChangedSince(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	id := s.undo(a1)
	s.until(func() bool { return s.pending("one", true) })
	s.one().hold(a2)
	s.refuse(operator.Raced, nil)
	s.play(well)
	if c, ok := errors.AsType[*core.ConflictError](s.walk.results[id].Left["one"]); !ok || c.Operator != "one" || c.Key != a1.Key || c.Held == nil || show(*c.Held) != show(a2) {
		t.Errorf("left: %v", s.walk.results[id].Left)
	}
	s.expect("one", a2)
	s.expect("two")
}

// TestUndo_InDoubt: a creation whose answer was lost is looked at before it is taken back, and nothing is taken back
// that is not there.
func TestUndo_InDoubt(t *testing.T) {
	for _, c := range []struct {
		what  string
		holds bool
		read  string
		want  []operator.RRset
		left  bool
	}{
		{"it was carried out", true, fine, nil, false},
		{"it was not", false, fine, nil, true},
		{"nobody can look", true, down, []operator.RRset{a1}, true},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			if c.holds {
				s.one().hold(a1)
			}
			id := s.call(func(id core.ID) core.Event {
				return core.Undo{ID: id, Want: desired(a1), Result: core.Result{Outcomes: map[string]core.Outcome{
					"one": {Err: &operator.OutageError{Operator: "one", Action: "write", Reason: "lost", InDoubt: true}},
					"two": {Known: true},
				}}}
			})
			s.play(func(e core.Effect) string {
				if _, write := of(e); !write {
					return c.read
				}
				return fine
			})
			if err := s.walk.results[id].Left["one"]; (err != nil) != c.left || err != nil && (!strings.Contains(err.Error(), "may still be carried out") || operator.AsOutage(err).Action != "roll back") {
				t.Errorf("left: %v", err)
			}
			if s.walk.results[id].Left["two"] != nil || s.two().writes > 0 {
				t.Error("something is undone where nothing was written")
			}
			s.expect("one", c.want...)
		})
	}
}

// takeBack takes back what was written at both operators.
func (s *scene) takeBack(want operator.RRset) core.ID {
	return s.call(func(id core.ID) core.Event {
		return core.Undo{ID: id, Want: desired(want), Result: core.Result{Outcomes: map[string]core.Outcome{"one": {Wrote: true}, "two": {Wrote: true}}}}
	})
}

// TestUndo_OverwrittenAndChangedSince: where a creation replaced something, what somebody else has written since stays
// as well, and what they deleted stays away. What they put back is as it should be.
func TestUndo_OverwrittenAndChangedSince(t *testing.T) {
	theirs := record("www", "A", 3600, "192.0.2.77")
	for _, c := range []struct {
		what string
		do   func(*service)
		left bool
		want []operator.RRset
	}{
		{"nothing", func(*service) {}, false, []operator.RRset{a2}},
		{"changed", func(s *service) { s.hold(theirs) }, true, []operator.RRset{theirs}},
		{"deleted", func(s *service) { clear(s.held) }, true, nil},
		{"put back", func(s *service) { s.hold(a2) }, false, []operator.RRset{a2}},
	} {
		s := newScene(t)
		s.hold(a1)
		s.look(a1.Key)
		s.play(well)
		id := s.call(func(id core.ID) core.Event {
			return core.Undo{ID: id, Want: desired(a1), Result: core.Result{
				Outcomes: map[string]core.Outcome{"one": {Wrote: true}}, Before: map[string][]operator.RRset{"one": {a2}},
			}}
		})
		s.until(func() bool { return s.pending("one", true) })
		if c.do(s.one()); c.what != "nothing" {
			s.refuse(operator.Raced, nil)
		}
		s.play(well)
		if left := s.walk.results[id].Left["one"]; (left != nil) != c.left {
			t.Errorf("%s: left: %v", c.what, left)
		}
		s.expect("one", c.want...)
	}
}

// TestUndo_GivenUp: a creation that is interrupted while it is taken back waits for an operator that answers, and not
// for ever for one that does not.
func TestUndo_GivenUp(t *testing.T) {
	s := newScene(t)
	s.two().bad = map[rrset.Key]bool{a1.Key: true}
	id := s.create(a1)
	s.bothWrite()
	s.answer(fine, to("one", true))
	s.answer(fine, to("two", true))
	s.until(func() bool { return s.pending("one", true) }, to("one", false), to("two", false))
	s.walk.step(core.Cancel{ID: id})
	s.pass(2*time.Minute, func() {})
	if !slices.Contains(s.walk.aborted, taken[core.Write](s, to("one", true)).ID) {
		t.Fatal("the roll-back is waited for, for ever")
	}
}

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

// TestUndo_InterruptedBeforeItIsSent: a roll-back that waits behind a write that is not answered does not leave after
// it was given up.
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
