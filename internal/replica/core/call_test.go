package core_test

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

func (s *scene) create(want operator.RRset, with ...func(*core.Create)) core.ID {
	return s.call(func(id core.ID) core.Event {
		c := core.Create{ID: id, Want: desired(want)}
		for _, f := range with {
			f(&c)
		}
		return c
	})
}

func (s *scene) delete(key rrset.Key, with ...func(*core.Delete)) core.ID {
	return s.call(func(id core.ID) core.Event {
		d := core.Delete{ID: id, Key: key}
		for _, f := range with {
			f(&d)
		}
		return d
	})
}

func (s *scene) look(key rrset.Key) core.ID {
	return s.call(func(id core.ID) core.Event { return core.Look{ID: id, Key: key, At: everywhere, Patient: true} })
}

func (s *scene) await(key rrset.Key) core.ID {
	return s.call(func(id core.ID) core.Event { return core.Await{ID: id, Operator: "two", Key: key} })
}

func (s *scene) over(id core.ID) bool { return !s.walk.running[id] }

// hold lets both operators hold something before anybody has read them.
func (s *scene) hold(rs ...operator.RRset) {
	s.one().hold(rs...)
	s.two().hold(rs...)
}

// expectBoth is expect for both operators.
func (s *scene) expectBoth(want ...operator.RRset) {
	s.t.Helper()
	s.expect("one", want...)
	s.expect("two", want...)
}

// until lets time pass, answering everything, or what passes alone, until that is so.
func (s *scene) until(so func() bool, passes ...func(core.Effect) bool) {
	s.t.Helper()
	if passes == nil {
		passes = append(passes, anything)
	}
	for range 500 {
		if so() {
			return
		}
		if !slices.ContainsFunc(passes, func(passes func(core.Effect) bool) bool { return s.answer(fine, passes) }) {
			s.walk.tick()
		}
	}
	s.t.Fatal("it never is")
}

// spend answers everything and lets that much time pass at most.
func (s *scene) spend(most time.Duration) {
	s.t.Helper()
	s.pass(most, func() {
		for s.answer(fine, anything) {
		}
	})
}

// pass lets that much time pass at most, doing something before each wait that is over.
func (s *scene) pass(most time.Duration, do func()) {
	s.t.Helper()
	for end := s.walk.now.Add(most); ; s.walk.tick() {
		do()
		if !slices.ContainsFunc(s.walk.timers, func(t timer) bool { return !t.due.After(end) }) {
			return
		}
	}
}

// pending reports whether a request to an operator waits for its answer.
func (s *scene) pending(name string, write bool) bool {
	return slices.ContainsFunc(s.walk.requests, to(name, write))
}

// bothWrite lets time pass and answers what is read until a write to each operator is away.
func (s *scene) bothWrite() {
	s.t.Helper()
	s.until(func() bool { return s.pending("one", true) && s.pending("two", true) }, to("one", false), to("two", false))
}

// refuseList answers the next list of an operator with that refusal.
func (s *scene) refuseList(name string, kind operator.RefusalKind) {
	s.t.Helper()
	list := taken[core.List](s, to(name, false))
	s.walk.step(core.ListAnswer{ID: list.ID, Err: &operator.RefusalError{Operator: name, Action: "read", Kind: kind, Message: "no"}})
}

// TestAwait: the answer is yes as soon as all is known to be ours, and no when nothing more can come.
func TestAwait(t *testing.T) {
	s := newScene(t)
	s.walk.step(core.Owned{Key: a1.Key})
	if id := s.await(a1.Key); !s.over(id) || !s.walk.results[id].Yes {
		t.Error("what is known is waited for")
	}
	s.walk.step(core.Leaving{Key: ns.Key, At: only("two")})
	if id := s.await(ns.Key); !s.over(id) || !s.walk.results[id].Yes {
		t.Error("what is left at one operator is waited for")
	}
	s.walk.step(core.Leaving{Key: txt.Key, At: only("one")})
	s.walk.step(core.Ceded{Key: txt.Key, At: only("one")})
	elsewhere := s.await(txt.Key)
	if s.over(elsewhere) {
		t.Error("what is left at another operator counts as ours here")
	}
	if s.walk.step(core.Ceded{Key: txt.Key, At: only("two")}); !s.over(elsewhere) || !s.walk.results[elsewhere].Yes {
		t.Error("what was left to another address is waited for")
	}
	late := s.await(api1.Key)
	if s.over(late) {
		t.Fatal("answered before anything was known")
	}
	s.walk.step(core.Owned{Key: api1.Key})
	if !s.over(late) || !s.walk.results[late].Yes {
		t.Error("not answered when it was known")
	}
	s.walk.step(core.Kept{Key: ds.Key})
	if id := s.await(ds.Key); !s.over(id) || !s.walk.results[id].Yes {
		t.Error("what is kept is waited for")
	}
	// As long as something is under way it may become ours; then it is no.
	look := s.call(func(id core.ID) core.Event { return core.LookAll{ID: id, Zone: zone} })
	s.look(aaaa.Key)
	never := s.await(cname.Key)
	for range 20 {
		if s.over(never) {
			t.Fatal("answered no while something was under way")
		}
		s.walk.tick()
	}
	for s.answer(fine, anything) {
	}
	if !s.over(look) {
		t.Fatal("the look is not over")
	}
	ended := s.walk.now
	for !s.over(never) {
		s.walk.tick()
	}
	if s.walk.results[never].Yes || s.walk.now.Sub(ended) < swift().Ownership/2 {
		t.Errorf("%v after %s", s.walk.results[never].Yes, s.walk.now.Sub(ended))
	}
	// The next one waits no longer than a tenth of that.
	began := s.walk.now
	again := s.await(aaaa.Key)
	for !s.over(again) {
		s.walk.tick()
	}
	if took := s.walk.now.Sub(began); took > swift().Ownership/5 {
		t.Errorf("the second wait took %s", took)
	}
	cancelled := s.await(api2.WithType("TXT"))
	s.walk.step(core.Cancel{ID: cancelled})
	if !s.over(cancelled) || s.walk.results[cancelled].Yes {
		t.Error("an interrupt does not end it")
	}
}

// TestCancel_WhileReadingBack: a request that was answered is not ended any more, and what became of it is still found
// out.
func TestCancel_WhileReadingBack(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	id := s.update(a1, a2)
	s.bothWrite()
	s.answer(fine, to("two", true))
	s.answer(lost, to("one", true))
	s.walk.step(core.Cancel{ID: id})
	if len(s.walk.aborted) > 0 {
		t.Error("the answered request is ended")
	}
	s.play(well)
	if o := s.outcome(id, "one"); o.Err != nil || !o.Wrote {
		t.Errorf("%+v", o)
	}
	s.expectBoth(a2)
}

func noZone(t *testing.T, replacing bool) {
	t.Helper()
	s := newScene(t)
	s.hold(a1)
	id := s.delete(a1.Key, func(d *core.Delete) { d.Replacing = replacing })
	s.refuseList("one", operator.ZoneNotFound)
	s.play(well)
	if o := s.outcome(id, "one"); o.Err != nil || !o.NoZone || !o.Known {
		t.Errorf("%+v", o)
	}
	if o := s.outcome(id, "two"); o.Err != nil || !o.Wrote {
		t.Errorf("%+v", o)
	}
	s.expect("two")
}

// TestChanging: what a plan has to leave for its apply.
func TestChanging(t *testing.T) {
	s := newScene(t)
	if c := s.walk.machine.Changing(a1.Key); c.Leaving != nil || c.Declared != nil {
		t.Errorf("before anything is known: %+v", c)
	}
	s.walk.step(core.Leaving{Key: a1.Key, Foreign: only("one"), Unpublished: only("two")})
	s.walk.step(core.Leaving{Key: api1.Key})
	s.walk.step(core.Ceded{Key: aaaa.Key, At: everywhere})
	s.walk.step(core.Owned{Key: txt.Key})
	s.walk.step(core.Owned{Key: ns.Key})
	s.walk.step(core.Leaving{Key: ns.Key, At: only("one")})
	for _, typ := range []string{"CAA", "MX"} { // where it is ours is told only if it is ours nowhere else
		key := a1.Key.WithType(typ)
		s.walk.step(core.Leaving{Key: key, At: only("one")})
		want := only("one", "two")
		if typ == "MX" {
			s.walk.step(core.Ceded{Key: key, At: only("two")})
		} else {
			s.walk.step(core.Leaving{Key: key})
			want = nil
		}
		if at := s.walk.machine.Changing(cname.Key).Leaving[typ].At; !maps.Equal(at, want) {
			t.Errorf("%s at %v, want %v", typ, at, want)
		}
	}
	c := s.walk.machine.Changing(cname.Key)
	if names := slices.Sorted(maps.Keys(c.Leaving)); !slices.Equal(names, []string{"A", "AAAA", "CAA", "MX", "NS"}) || !maps.Equal(c.Leaving["NS"].At, only("one")) || !c.Leaving["A"].Foreign["one"] || !c.Leaving["A"].Unpublished["two"] || c.Declared != nil {
		t.Errorf("%+v", c)
	}
	if told := c.Leaving["A"].Leaving(a1.Key); !told.Foreign["one"] || !told.Unpublished["two"] || told.Key != a1.Key {
		t.Errorf("another walk hears %+v", told)
	}
	if s.walk.machine.Declares(a1.Key) {
		t.Error("what leaves counts as declared")
	}
	if !s.walk.machine.Leaves(a1.Key) || s.walk.machine.Leaves(aaaa.Key) {
		t.Error("what leaves is not told from what was left to others")
	}
	if s.walk.machine.Destroys(a1.Key) {
		t.Error("what leaves counts as destroyed")
	}
	if s.walk.step(core.Destroyed{Key: a1.Key}); !s.walk.machine.Destroys(a1.Key) {
		t.Error("what is destroyed is not told")
	}
	s.walk.step(core.Declared{Key: a1.Key})
	if !s.walk.machine.Declares(a1.Key) || s.walk.machine.Declares(aaaa.Key) {
		t.Error("what is declared is not told")
	}
	if s.walk.step(core.Kept{Key: txt.Key}); !s.walk.machine.Keeps(txt.Key) || s.walk.machine.Keeps(a1.Key) {
		t.Error("what is kept is not told")
	}
	if c = s.walk.machine.Changing(cname.Key); !maps.Equal(c.Declared, map[string]bool{"A": true, "TXT": true}) {
		t.Errorf("%+v", c)
	}
	if c = s.walk.machine.Changing(api1.Key); c.Declared != nil {
		t.Errorf("another name: %+v", c)
	}
}

// TestCalls_Tell: what a call is about is known of its keys from then on.
func TestCalls_Tell(t *testing.T) {
	type known struct{ leaves, declared []rrset.Key }
	for what, c := range map[string]struct {
		event core.Event
		known known
	}{
		"a creation":       {core.Create{ID: 100, Want: desired(a1)}, known{nil, []rrset.Key{a1.Key}}},
		"an update":        {core.Update{ID: 100, From: a1.Key, Want: desired(a2), At: everywhere}, known{nil, []rrset.Key{a1.Key}}},
		"a change of type": {core.Update{ID: 100, From: a1.Key, Want: desired(cname), At: everywhere}, known{[]rrset.Key{a1.Key}, []rrset.Key{cname.Key}}},
		"with former types": {
			core.Update{ID: 100, From: a1.Key, Want: desired(a2), At: everywhere, Ownership: core.Ownership{Former: former("one", "AAAA")}},
			known{[]rrset.Key{aaaa.Key}, []rrset.Key{a1.Key}},
		},
		"a deletion": {
			core.Delete{ID: 100, Key: a1.Key, Ownership: core.Ownership{Former: former("one", "AAAA")}}, known{[]rrset.Key{a1.Key, aaaa.Key}, nil},
		},
	} {
		m := core.New(newWorld("one", "two").rules(), swift())
		m.Step(time.Unix(0, 0), c.event)
		for _, key := range []rrset.Key{a1.Key, aaaa.Key, cname.Key} {
			if m.Leaves(key) != slices.Contains(c.known.leaves, key) || m.Declares(key) != slices.Contains(c.known.declared, key) {
				t.Errorf("%s: %s leaves: %t, is declared: %t", what, key, m.Leaves(key), m.Declares(key))
			}
		}
		if id := m.NewID(); id <= 100 {
			t.Errorf("%s: the next call is named %d", what, id)
		}
	}
	s := newScene(t)
	s.walk.step(core.Ceded{Key: a1.Key, At: only("two")})
	if id := s.await(a1.Key); !s.over(id) || !s.walk.results[id].Yes {
		t.Error("what was left to another address is not ours")
	}
}

// TestCalls_OfOneRRsetEnd: a call that waits for its turn at an RRset does not keep the one that has it waiting for
// ever.
func TestCalls_OfOneRRsetEnd(t *testing.T) {
	s := newScene(t)
	s.hold(a2)
	ids := []core.ID{s.create(a1), s.create(a1)}
	s.play(well)
	for _, id := range ids {
		if _, ok := errors.AsType[*core.ConflictError](s.outcome(id, "one").Err); !ok {
			t.Errorf("%v", s.outcome(id, "one").Err)
		}
	}
}
