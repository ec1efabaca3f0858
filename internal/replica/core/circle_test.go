package core_test

import (
	"errors"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// makesRoom is a deletion that the creation of other RRsets follows.
func makesRoom(keys ...rrset.Key) func(*core.Delete) {
	return func(d *core.Delete) {
		d.Replacing = true
		for _, key := range keys {
			d.For = append(d.For, core.Place{Key: key})
		}
	}
}

// declares tells that other addresses declare RRsets, as a plan has seen it.
func (s *scene) declares(rs ...operator.RRset) {
	for _, r := range rs {
		s.walk.step(core.Declared{Key: r.Key})
	}
}

// TestDelete_TakerMakesRoomFirst: an RRset is not handed over to nobody while another deletion makes room for the
// creation that takes it: one that fails brings no creation, and the state keeps the RRset.
func TestDelete_TakerMakesRoomFirst(t *testing.T) {
	for _, c := range []struct {
		what  string
		fault string
		taken bool
	}{
		{"that deletion fails", no, false},
		{"it does not", fine, true},
	} {
		t.Run(c.what, func(t *testing.T) {
			for _, first := range []bool{true, false} {
				s := newScene(t)
				s.hold(api1, txt)
				s.one().hold(api1, a1, txt)
				s.declares(api1, txt)
				var given core.ID
				if first {
					given = s.delete(api1.Key)
				}
				// It waits as well, for one that does not come, and then has something to do at an operator.
				room := s.delete(txt.Key, makesRoom(api1.Key), func(d *core.Delete) { d.Former = former("one", "A") })
				if !first {
					given = s.delete(api1.Key)
				}
				s.until(func() bool { return s.pending("one", true) })
				if s.over(given) {
					t.Fatal("it was handed over before that was over")
				}
				s.answer(c.fault, to("one", true))
				s.until(func() bool { return s.over(room) })
				if c.taken {
					s.create(api2)
				}
				s.play(well)
				if err := s.outcome(given, "two").Err; c.taken != (err == nil) || !c.taken && !errors.Is(err, core.ErrNotTaken) {
					t.Errorf("called first: %t: %v", first, err)
				}
				if err := s.outcome(room, "one").Err; c.taken != (err == nil) {
					t.Errorf("what makes room: %v", err)
				}
				want := api1
				if c.taken {
					want = api2
				}
				s.expect("two", want, txt)
			}
		})
	}
}

// TestDelete_SuccessorMakesRoomFirst: nor is a name emptied whose next RRset comes after another deletion.
func TestDelete_SuccessorMakesRoomFirst(t *testing.T) {
	s := newScene(t)
	s.hold(a1, api1)
	s.declares(cname, api1)
	gone := s.delete(a1.Key)
	room := s.delete(api1.Key, makesRoom(cname.Key))
	s.until(func() bool { return s.over(room) })
	s.spend(swift().Ownership / 2)
	if s.over(gone) {
		t.Error("it did not wait")
	}
	s.expectBoth(a1, api1)
	s.create(cname)
	s.play(well)
	if o := s.outcome(gone, "one"); o.Err != nil {
		t.Errorf("%+v", o)
	}
	s.expectBoth(cname, api1)
}

// TestDelete_Circle: of deletions that make room for each other's takers one is handed over to nobody, the first. The
// others wait for what comes of it.
func TestDelete_Circle(t *testing.T) {
	keys := []operator.RRset{a1, api1, mail1}
	changed := []operator.RRset{a2, api2, mail2}
	for _, n := range []int{2, 3} {
		for _, fault := range []string{fine, no} {
			s := newScene(t)
			s.hold(keys[:n]...)
			s.declares(keys[:n]...)
			var ids []core.ID
			for i := range n {
				ids = append(ids, s.delete(keys[i].Key, makesRoom(keys[(i+1)%n].Key)))
			}
			s.until(func() bool { return s.over(ids[0]) })
			for i := range n - 1 {
				if s.over(ids[i+1]) {
					t.Errorf("%d of %d was handed over as well", i+1, n)
				}
				id := s.create(changed[i+1])
				if fault == no {
					s.play(writes(no))
				}
				s.until(func() bool { return s.over(id) && s.over(ids[i+1]) })
				if (s.outcome(ids[i+1], "one").Err == nil) != (fault == fine) {
					t.Fatalf("%s: %d of %d: %+v, created: %+v", fault, i+1, n, s.outcome(ids[i+1], "one"), s.outcome(id, "one"))
				}
				if fault == no {
					break
				}
			}
		}
	}
}

// TestDelete_CircleGivesUpTheOneThatLosesNothing: in a circle neither a name is emptied nor a deletion given up that
// would fail, where another one can be handed over.
func TestDelete_CircleGivesUpTheOneThatLosesNothing(t *testing.T) {
	s := newScene(t)
	s.hold(cname, api1)
	s.declares(a1, api1)
	empties := s.delete(cname.Key, makesRoom(api1.Key))
	yields := s.delete(api1.Key, makesRoom(a1.Key))
	s.until(func() bool { return s.over(yields) })
	if s.over(empties) || s.outcome(yields, "one").Err != nil {
		t.Errorf("over: %t, %+v", s.over(empties), s.outcome(yields, "one"))
	}
	s.create(a1)
	s.play(well)
	s.expectBoth(a1, api1)

	s = newScene(t)
	s.hold(a1, api1)
	s.declares(a1, api1)
	fails := s.delete(a1.Key, makesRoom(api1.Key), func(d *core.Delete) {
		d.Former, d.Doubts = former("one", "TXT"), map[string]core.Doubt{"one": core.MayChange}
	})
	yields = s.delete(api1.Key, makesRoom(a1.Key))
	s.until(func() bool { return s.over(yields) })
	if s.over(fails) || s.outcome(yields, "one").Err != nil {
		t.Errorf("over: %t, %+v", s.over(fails), s.outcome(yields, "one"))
	}
}

// TestDelete_WaitsForACircle: what waits for a circle gives up nothing before that.
func TestDelete_WaitsForACircle(t *testing.T) {
	s := newScene(t)
	s.hold(a1, api1, txt)
	s.declares(a1, api1, txt)
	outside := s.delete(txt.Key, makesRoom(mail1.Key))
	first := s.delete(a1.Key, makesRoom(api1.Key, txt.Key))
	second := s.delete(api1.Key, makesRoom(a1.Key))
	s.until(func() bool { return s.over(first) || s.over(outside) || s.over(second) })
	if s.over(outside) || s.over(second) {
		t.Errorf("outside: %t, second: %t", s.over(outside), s.over(second))
	}
}

// TestDelete_MakesRoomForItsOwnName: a deletion that makes room for its own name waits for nobody but its successor.
func TestDelete_MakesRoomForItsOwnName(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	s.declares(a1)
	id := s.delete(a1.Key, makesRoom(aaaa.Key))
	began := s.walk.now
	s.play(well)
	if took := s.walk.now.Sub(began); took > swift().Ownership {
		t.Errorf("took %s: %+v", took, s.outcome(id, "one"))
	}
}
