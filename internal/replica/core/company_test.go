package core_test

import (
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
)

// TestCompany: changes that come together leave together, and a lone one does not wait for long.
func TestCompany(t *testing.T) {
	fast := func(s *scene) { s.walk.machine = core.New(s.world.rules(), core.DefaultTiming()) }
	crowd := func(t *testing.T, n int) (*scene, []operator.RRset) {
		t.Helper()
		s := newScene(t)
		fast(s)
		s.one().room, s.two().room = 100, 100
		return s, many(n, 3600)
	}
	t.Run("alone", func(t *testing.T) {
		s := newScene(t)
		fast(s)
		s.walk.step(core.Expected{Key: a1.Key})
		began := s.walk.now
		s.update(a1, a1)
		s.until(func() bool { return s.pending("one", true) })
		if took := s.walk.now.Sub(began); took > 2*core.DefaultTiming().BatchPoll {
			t.Errorf("left after %s", took)
		}
	})
	t.Run("not announced", func(t *testing.T) {
		s := newScene(t)
		fast(s)
		began := s.walk.now
		s.update(a1, a1)
		s.until(func() bool { return s.pending("one", true) })
		if took := s.walk.now.Sub(began); took <= core.DefaultTiming().BatchIdle || took > 2*core.DefaultTiming().BatchIdle {
			t.Errorf("left after %s", took)
		}
	})
	t.Run("slowly, and no two at once", func(t *testing.T) {
		for _, gap := range []time.Duration{0, core.DefaultTiming().BatchIdle} {
			s, all := crowd(t, 3)
			s.update(all[0], all[0])
			if gap > 0 { // between the first two: the third is waited for twice as long
				for s.answer(fine, to("one", false)) || s.answer(fine, to("two", false)) {
				}
				s.elapse(gap)
			}
			s.update(all[1], all[1])
			began := s.walk.now
			s.until(func() bool { return s.pending("one", true) })
			most := max(2*gap, core.DefaultTiming().BatchIdle)
			if took := s.walk.now.Sub(began); took <= most || took > most+2*core.DefaultTiming().BatchPoll {
				t.Errorf("after a gap of %s they left after %s", gap, took)
			}
			s.play(well)
		}
	})
	t.Run("ten, one after the other", func(t *testing.T) {
		s, all := crowd(t, 10)
		for _, r := range all {
			s.walk.step(core.Expected{Key: r.Key})
		}
		for _, r := range all {
			s.update(r, r)
			for s.answer(fine, anything) {
			}
			for range min(3, len(s.walk.timers)) {
				s.walk.tick()
			}
		}
		s.play(well)
		if s.one().writes != 1 {
			t.Errorf("%d writes, want 1", s.one().writes)
		}
	})
	t.Run("slowly, twenty at a time", func(t *testing.T) {
		s, all := crowd(t, 20)
		for _, r := range all[:10] {
			s.update(r, r)
		}
		s.play(well)
		writes := s.one().writes
		for _, r := range all[10:] { // as many as ever were here at once
			s.update(r, r)
		}
		began := s.walk.now
		s.until(func() bool { return s.pending("one", true) })
		if took := s.walk.now.Sub(began); took > 2*core.DefaultTiming().BatchPoll || writes != 1 {
			t.Errorf("left after %s; %d writes before", took, writes)
		}
		s.play(well)
	})
	t.Run("nine, and one while they are away", func(t *testing.T) {
		s, all := crowd(t, 20)
		for _, r := range all[:9] {
			s.update(r, r)
		}
		s.bothWrite()
		s.update(all[9], all[9])
		s.play(well)
		writes := s.one().writes
		for _, r := range all[10:19] { // ten were on their way at once: one more may come
			s.update(r, r)
		}
		s.spend(3 * core.DefaultTiming().BatchPoll)
		s.update(all[19], all[19])
		s.play(well)
		if got := s.one().writes - writes; got != 1 {
			t.Errorf("%d writes, want 1", got)
		}
	})
}

// TestCompany_TimeAwayIsNotTheirs: a queue whose batch is away for long does not take the changes behind it for slow
// ones.
func TestCompany_TimeAwayIsNotTheirs(t *testing.T) {
	s := newScene(t)
	s.hold(api1)
	s.look(api1.Key)
	s.play(well)
	all := many(2, 3600)
	first := s.update(all[0], all[0])
	s.bothWrite()
	s.walk.now = s.walk.now.Add(5 * time.Second)
	s.update(all[1], all[1])
	s.answer(fine, to("one", true))
	s.answer(fine, to("two", true))
	if !s.over(first) {
		t.Fatal("the first change is not over")
	}
	began := s.walk.now
	s.play(well)
	if took := s.walk.now.Sub(began); took > 3*swift().BatchIdle {
		t.Errorf("took %s", took)
	}
}

// TestCompany_WhoEndsIsNotExpected: a change that ended before it came to a queue keeps no other one waiting.
func TestCompany_WhoEndsIsNotExpected(t *testing.T) {
	for what, do := range map[string]func(*scene) core.ID{
		"a creation": func(s *scene) core.ID { return s.create(a1) },
		"an update":  func(s *scene) core.ID { return s.update(a1, a1) },
	} {
		s := newScene(t)
		s.hold(a2, api1)
		s.walk.step(core.Expected{Key: a1.Key})
		s.walk.step(core.Expected{Key: api2.Key})
		given := do(s)
		s.walk.step(core.Cancel{ID: given})
		began := s.walk.now
		s.update(api1, api2)
		s.bothWrite()
		if took := s.walk.now.Sub(began); took > swift().BatchPoll {
			t.Errorf("%s: took %s", what, took)
		}
	}
}
