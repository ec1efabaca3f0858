package core_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
)

// doubts is what may come at operator one.
func doubts(d core.Doubt) core.Ownership {
	if d == core.NoDoubt {
		return core.Ownership{}
	}
	return core.Ownership{Doubts: map[string]core.Doubt{"one": d}}
}

// sent are the writes that a scene has made at operator one, in order.
type sent struct {
	scene *scene
	lines []string
}

// carry plays what is asked, answering writes to operator one as they are told, the last one for all that follow.
func (s *sent) carry(faults ...string) {
	s.scene.play(func(e core.Effect) string {
		w, ok := e.(core.Write)
		if !ok || w.Operator != "one" {
			return fine
		}
		s.lines = append(s.lines, fingerprint(w.Changes))
		if len(faults) == 0 {
			return fine
		}
		fault := faults[0]
		if len(faults) > 1 {
			faults = faults[1:]
		}
		return fault
	})
}

// What an update sends to an operator that may still carry out an earlier write, and what may come afterwards. Nothing
// that is seen there says that the earlier one does not come: a later write has to be answered.
func TestDoubt_Update(t *testing.T) {
	there := "www.example.com. A 3600 192.0.2.1"
	nudge := "www.example.com. A 3601 192.0.2.1"
	for _, c := range []struct {
		what   string
		before core.Doubt
		was    operator.RRset // what was declared before
		held   []operator.RRset
		faults []string
		writes []string
		after  core.Doubt
		fails  bool
	}{
		{"nothing in doubt, as declared", core.NoDoubt, a1, []operator.RRset{a1}, nil, nil, core.NoDoubt, false},
		{"what is declared may come, and is there", core.MayCome, a1, []operator.RRset{a1}, nil, nil, core.NoDoubt, false},
		{"what is declared may come, and is not there", core.MayCome, a1, nil, nil, []string{there}, core.NoDoubt, false},
		{"something else may come", core.MayChange, a1, []operator.RRset{a1}, nil, []string{nudge, there}, core.NoDoubt, false},
		{"something else may come, and is there", core.MayChange, a1, []operator.RRset{a2}, nil, []string{there}, core.NoDoubt, false},
		{"it may go", core.MayGo, a1, []operator.RRset{a1}, nil, []string{nudge, there}, core.NoDoubt, false},
		{"it may go, and is gone", core.MayGo, a1, nil, nil, []string{there}, core.NoDoubt, false},
		{"what was declared before may come", core.MayCome, a2, []operator.RRset{a1}, nil, []string{nudge, there}, core.NoDoubt, false},
		{"no answer to the first write", core.NoDoubt, a2, []operator.RRset{a2}, []string{silence}, []string{there}, core.MayCome, true},
		{"no answer again, to the same", core.MayCome, a1, []operator.RRset{a2}, []string{silence}, []string{there}, core.MayCome, true},
		{"no answer again, to something else", core.MayCome, a2, []operator.RRset{a1}, []string{silence}, []string{nudge}, core.MayChange, true},
		{"no answer to what passes", core.MayGo, a1, []operator.RRset{a1}, []string{silence}, []string{nudge}, core.MayChange, true},
		{"passed, and then no answer", core.MayChange, a1, []operator.RRset{a1}, []string{fine, silence}, []string{nudge, there}, core.MayCome, true},
		{"carried out, and no answer", core.MayChange, a1, []operator.RRset{a2}, []string{lost, fine}, []string{there}, core.NoDoubt, false},
		{"refused", core.MayChange, a1, []operator.RRset{a2}, []string{no}, []string{there}, core.MayChange, true},
		{"not reached", core.MayCome, a2, []operator.RRset{a1}, []string{down}, []string{nudge}, core.MayChange, true},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.two().hold(a1)
			s.one().hold(c.held...)
			log := &sent{scene: s}
			u := core.Update{From: a1.Key, Was: core.Desired{"one": c.was, "two": a1}, Want: desired(a1), At: everywhere, Ownership: doubts(c.before)}
			id := s.call(func(id core.ID) core.Event {
				u.ID = id
				return u
			})
			log.carry(c.faults...)
			if !slices.Equal(log.lines, c.writes) {
				t.Errorf("sent %q, want %q", log.lines, c.writes)
			}
			o := s.outcome(id, "one")
			if o.Doubt != c.after || (o.Err != nil) != c.fails {
				t.Errorf("afterwards %q may come, error %v; want %q", o.Doubt, o.Err, c.after)
			}
			left := doubts(c.before).AfterUpdate(a1.Key, map[string]core.Outcome{"one": o})
			if !left.Equal(core.Ownership{Doubts: doubts(c.after).Doubts}) {
				t.Errorf("the state keeps %+v, want %q", left, c.after)
			}
			if !c.fails {
				s.expect("one", a1)
			}
		})
	}
}

// What a deletion sends to an operator that may still carry out an earlier write. Where nothing is to be deleted, what
// was declared is written and deleted.
func TestDoubt_Delete(t *testing.T) {
	there, gone := "www.example.com. A 3600 192.0.2.1", "delete www.example.com. A"
	for _, c := range []struct {
		what    string
		before  core.Doubt
		held    []operator.RRset
		faults  []string
		unknown bool // what was declared
		writes  []string
		after   core.Doubt
		fails   bool
	}{
		{"nothing in doubt, nothing there", core.NoDoubt, nil, nil, false, nil, core.NoDoubt, false},
		{"it may go, and is gone", core.MayGo, nil, nil, false, nil, core.NoDoubt, false},
		{"it may go, and is there", core.MayGo, []operator.RRset{a1}, nil, false, []string{gone}, core.NoDoubt, false},
		{"it may come", core.MayCome, nil, nil, false, []string{there, gone}, core.NoDoubt, false},
		{"it may come, and is there", core.MayCome, []operator.RRset{a1}, nil, false, []string{gone}, core.NoDoubt, false},
		{"it may come, is there, and the answer is lost", core.MayCome, []operator.RRset{a1}, []string{lost}, false, []string{gone}, core.NoDoubt, false},
		{"it may come, is there, and is deleted the second time", core.MayCome, []operator.RRset{a1}, []string{broken, fine}, false, []string{gone, gone}, core.NoDoubt, false},
		{"it may come, is there, and nobody answers", core.MayCome, []operator.RRset{a1}, []string{broken}, false, []string{gone, gone}, core.MayChange, true},
		{"what passes is lost, and then deleted", core.MayCome, nil, []string{lost, fine}, false, []string{there, gone}, core.NoDoubt, false},
		{"what passes is not carried out at first", core.MayCome, nil, []string{broken, fine}, false, []string{there, there, gone}, core.NoDoubt, false},
		{"something else may come", core.MayChange, nil, nil, false, []string{there, gone}, core.NoDoubt, false},
		{"it may come, nobody knows what was declared", core.MayCome, nil, nil, true, nil, core.MayCome, true},
		{"it may come beside what it cannot stand beside", core.MayCome, []operator.RRset{cname}, nil, false, nil, core.MayCome, true},
		{"no answer", core.NoDoubt, []operator.RRset{a1}, []string{silence}, false, []string{gone}, core.MayGo, true},
		{"no answer to what passes", core.MayCome, nil, []string{silence}, false, []string{there}, core.MayChange, true},
		{"passed, and then no answer", core.MayCome, nil, []string{fine, silence}, false, []string{there, gone}, core.MayGo, true},
		{"not reached", core.MayCome, nil, []string{down}, false, []string{there}, core.MayCome, true},
		{"refused for no reason that lasts", core.MayCome, nil, []string{no}, false, []string{there}, core.MayCome, true},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.two().hold(a1)
			s.one().hold(c.held...)
			log, began := &sent{scene: s}, s.walk.now
			id := s.delete(a1.Key, func(d *core.Delete) {
				d.Ownership = doubts(c.before)
				if d.Was = desired(a1); c.unknown {
					d.Was = nil
				}
			})
			log.carry(c.faults...)
			if waits := s.walk.now.Sub(began) >= swift().Ownership; waits != (len(c.held) > 0 && c.held[0].Key == cname.Key) {
				t.Errorf("it took %s", s.walk.now.Sub(began))
			}
			if !slices.Equal(log.lines, c.writes) {
				t.Errorf("sent %q, want %q", log.lines, c.writes)
			}
			o := s.outcome(id, "one")
			if o.Doubt != c.after || (o.Err != nil) != c.fails {
				t.Errorf("afterwards %q may come, error %v; want %q", o.Doubt, o.Err, c.after)
			}
			left := doubts(c.before).AfterDelete(a1.Key, false, map[string]core.Outcome{"one": o})
			if !left.Equal(doubts(c.after)) {
				t.Errorf("the state keeps %+v, want %q", left, c.after)
			}
		})
	}
}

// ending is how a deletion ended at one operator.
func ending(o core.Outcome) string {
	outage := operator.AsOutage(o.Err)
	switch {
	case errors.Is(o.Err, core.ErrNotTaken):
		return "not taken"
	case errors.Is(o.Err, core.ErrNotSucceeded):
		return "not succeeded"
	case errors.Is(o.Err, context.Canceled):
		return "interrupted"
	case outage != nil && outage.InDoubt:
		return "in doubt"
	case o.Err != nil:
		return o.Err.Error()
	case len(o.Succeeded) > 0:
		return "left to what takes its place"
	case o.Kept:
		return "kept"
	}
	return "gone"
}

// What a deletion does at an operator that may still carry out an earlier write, where other addresses declare
// something at the name: it waits for them, whose write passes what may come, and leaves to them what it cannot tell.
func TestDoubt_DeleteAmongOthers(t *testing.T) {
	creates := func(r operator.RRset) func(*scene) { return func(s *scene) { s.create(r) } }
	updates := func(r operator.RRset) func(*scene) { return func(s *scene) { s.update(r, r) } }
	declared := func(r operator.RRset) core.Event { return core.Declared{Key: r.Key} }
	was := func(d core.Doubt) core.Ownership {
		return core.Ownership{Former: former("one", "AAAA"), Doubts: doubts(d).Doubts}
	}
	var (
		there, nudge = "www.example.com. A 3600 192.0.2.1", "www.example.com. A 3601 192.0.2.1"
		front, other = "www.example.com. CNAME 3600 front.example.net.", "www.example.com. CNAME 3601 front.example.net."
		gone         = "delete www.example.com. AAAA"
	)
	for _, c := range []struct {
		what     string
		own      core.Ownership
		held     []operator.RRset // by operator one
		told     core.Event
		meantime func(*scene)
		faults   []string
		waits    bool
		writes   []string
		ends     string
		after    core.Doubt
	}{
		{"what takes its place never comes", doubts(core.MayCome), nil, declared(cname), nil, nil, true, nil, "in doubt", core.MayCome},
		{"what takes its place comes", doubts(core.MayCome), nil, declared(cname), creates(cname), nil, true, []string{front}, "gone", core.MayCome},
		{"what takes its place is not answered", doubts(core.MayCome), nil, declared(cname), creates(cname), []string{silence}, true, []string{front}, "not succeeded", core.MayCome},
		{"it is held, and what takes its place comes", doubts(core.MayChange), []operator.RRset{a1}, declared(cname), creates(cname), nil, true, []string{front}, "gone", core.MayChange},
		{"it is held, and what takes its place never comes", doubts(core.MayChange), []operator.RRset{a1}, declared(cname), nil, nil, true, nil, "left to what takes its place", core.MayChange},
		{"it is held, a former type may come, and what takes its place never comes", was(core.MayChange), []operator.RRset{a1}, declared(cname), nil, nil, true, nil, "not succeeded", core.MayChange},
		{"it is held, without doubt, and what takes its place never comes", was(core.NoDoubt), []operator.RRset{a1}, declared(cname), nil, nil, true, nil, "left to what takes its place", core.NoDoubt},
		{"foreign at the other, and what takes its place never comes", core.Ownership{Foreign: only("two")}, []operator.RRset{a1}, declared(cname), nil, nil, true, nil, "not succeeded", core.NoDoubt},
		{"what takes its place takes the turn at it as well", doubts(core.MayChange), []operator.RRset{a1}, declared(cname), func(s *scene) {
			s.call(func(id core.ID) core.Event {
				return core.Update{ID: id, From: txt.Key, Want: desired(cname), At: everywhere, Ownership: core.Ownership{Former: former("one", "A")}}
			})
		}, nil, true, []string{front}, "gone", core.MayChange},
		{"it may go, and nothing is to be passed", doubts(core.MayGo), nil, declared(cname), creates(cname), nil, true, []string{front}, "gone", core.NoDoubt},
		{"what took its place is there, and its call never comes", doubts(core.MayCome), []operator.RRset{cname}, declared(cname), nil, nil, true, nil, "gone", core.MayCome},
		{"what took its place is there, and passes", doubts(core.MayCome), []operator.RRset{cname}, declared(cname), updates(cname), nil, true, []string{other, front}, "gone", core.MayCome},
		{"what took its place is there, and fails", doubts(core.MayCome), []operator.RRset{cname}, declared(cname), updates(cname), []string{sick}, true, []string{other, other}, "in doubt", core.MayCome},
		{"what is in its way is nobody's", doubts(core.MayCome), []operator.RRset{cname}, nil, nil, nil, true, nil, "in doubt", core.MayCome},

		{"handed over, and who takes it never comes", doubts(core.MayChange), []operator.RRset{a1}, declared(a1), nil, nil, true, nil, "kept", core.MayChange},
		{"handed over, and taken", doubts(core.MayChange), []operator.RRset{a1}, declared(a1), creates(a1), nil, true, []string{nudge, there}, "kept", core.MayChange},
		{"a former type may come, and who takes it never comes", was(core.MayChange), []operator.RRset{a1}, declared(a1), nil, nil, true, nil, "not taken", core.MayChange},
		{"a former type may come at an operator without doubt", was(core.NoDoubt), []operator.RRset{a1}, declared(a1), nil, nil, true, nil, "kept", core.NoDoubt},
		{"a former type may come, and it is taken", was(core.MayChange), []operator.RRset{a1}, declared(a1), creates(a1), nil, true, []string{nudge, there}, "kept", core.MayChange},
		{"a former type is there, and it is taken", was(core.MayChange), []operator.RRset{a1, aaaa}, declared(a1), creates(a1), nil, true, []string{nudge, there, gone}, "kept", core.MayChange},
		{"a former type is there, and who takes it is not answered", was(core.MayChange), []operator.RRset{a1, aaaa}, declared(a1), creates(a1), []string{silence}, true, []string{nudge}, "exchange", core.MayChange},
		{"a former type is there, and who takes it fails once", was(core.MayChange), []operator.RRset{a1, aaaa}, declared(a1), creates(a1), []string{sick, sick, fine}, true, []string{nudge, nudge, gone}, "kept", core.NoDoubt},
		{"taken before, a former type may come", was(core.MayChange), []operator.RRset{a1}, core.Kept{Key: a1.Key}, nil, nil, true, nil, "kept", core.MayChange},
		{"taken before, a former type is there", was(core.MayChange), []operator.RRset{a1, aaaa}, core.Kept{Key: a1.Key}, nil, nil, true, []string{gone}, "kept", core.MayChange},
		{"taken before, a former type may come, and another write was answered", was(core.MayChange), []operator.RRset{a1}, core.Kept{Key: a1.Key}, updates(api1), nil, true, []string{"api.example.com. A 3600 192.0.2.8"}, "kept", core.MayChange},
		{"taken before, without doubt", was(core.NoDoubt), []operator.RRset{a1}, core.Kept{Key: a1.Key}, nil, nil, false, nil, "kept", core.NoDoubt},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.two().hold(a1)
			s.one().hold(c.held...)
			if c.told != nil {
				s.walk.step(c.told)
			}
			log := &sent{scene: s}
			id := s.delete(a1.Key, func(d *core.Delete) { d.Ownership, d.Was = c.own, desired(a1) })
			s.spend(swift().Ownership / 2)
			if waits := !s.over(id); waits != c.waits {
				t.Fatalf("it waits: %t", waits)
			}
			if c.meantime != nil {
				c.meantime(s)
			}
			began := s.walk.now
			log.carry(c.faults...)
			if took := s.walk.now.Sub(began); c.meantime != nil && took >= swift().Ownership {
				t.Errorf("it waited %s more", took)
			}
			if !slices.Equal(log.lines, c.writes) {
				t.Errorf("sent %q, want %q", log.lines, c.writes)
			}
			o := s.outcome(id, "one")
			if got := ending(o); got != c.ends && !(c.ends == "exchange" && o.Err != nil) || o.Doubt != c.after {
				t.Errorf("it ended %q (%v), %q may come", got, o.Err, o.Doubt)
			}
		})
	}
}

// What becomes of a doubt where a write was answered, or read back, in part.
func TestDoubt_ReadBack(t *testing.T) {
	for _, c := range []struct {
		what   string
		before core.Doubt
		held   operator.RRset
		writes []string // how they end
		reads  string   // how the reading back ends
		ends   string
		wrote  bool
		after  core.Doubt
	}{
		{"a failure, and nobody can look", core.NoDoubt, a2, []string{sick}, down, "in doubt", false, core.MayCome},
		{"no answer, and nobody can look", core.NoDoubt, a2, []string{broken}, down, "in doubt", false, core.MayCome},
		{"no answer, and then one", core.NoDoubt, a2, []string{broken, fine}, fine, "gone", true, core.NoDoubt},
		{"no answer twice", core.NoDoubt, a2, []string{broken}, fine, "in doubt", false, core.MayCome},
		{"no answer, and then a failure", core.NoDoubt, a2, []string{broken, sick}, fine, "one: exchange: sick", false, core.MayCome},
		{"no answer, and then a refusal", core.NoDoubt, a2, []string{broken, no}, fine, "one: write: no", false, core.MayCome},
		{"a failure twice", core.NoDoubt, a2, []string{sick}, fine, "one: exchange: sick", false, core.NoDoubt},
		{"passed, and nobody can look", core.MayChange, a1, []string{fine}, down, "in doubt", true, core.MayChange},
		{"passed, the answer lost, and nobody can look", core.MayChange, a1, []string{lost}, down, "in doubt", false, core.MayChange},
		{"passed, the answer lost", core.MayChange, a1, []string{lost, fine}, fine, "gone", true, core.NoDoubt},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.two().hold(a1)
			s.one().hold(c.held)
			id := s.call(func(id core.ID) core.Event {
				return core.Update{ID: id, From: a1.Key, Was: core.Desired{"one": c.held, "two": a1}, Want: desired(a1), At: everywhere, Ownership: doubts(c.before)}
			})
			n := 0
			s.play(func(e core.Effect) string {
				w, write := e.(core.Write)
				switch {
				case write && w.Operator == "one" && w.Changes[0].Key() == a1.Key:
					n++
					return c.writes[min(n, len(c.writes))-1]
				case n > 0 && !write && slices.ContainsFunc([]core.Effect{e}, to("one", false)):
					return c.reads
				}
				return fine
			})
			o := s.outcome(id, "one")
			got := ending(o)
			if got != c.ends || o.Doubt != c.after || o.Wrote != c.wrote {
				t.Errorf("it ended %q (%v), wrote %t, %q may come", got, o.Err, o.Wrote, o.Doubt)
			}
			if o.InDoubt() != (got == "in doubt") {
				t.Errorf("in doubt: %t", o.InDoubt())
			}
		})
	}
}

// Where nobody can look after a write that passes, what shared its request was made all the same.
func TestDoubt_ReadBackBesideOthers(t *testing.T) {
	for _, reads := range []string{fine, down} {
		s := newScene(t)
		s.hold(a1)
		s.walk.step(core.Expected{Key: a1.Key})
		s.walk.step(core.Expected{Key: api1.Key})
		id := s.call(func(id core.ID) core.Event {
			return core.Update{ID: id, From: a1.Key, Was: desired(a1), Want: desired(a1), At: everywhere, Ownership: doubts(core.MayChange)}
		})
		beside := s.update(api1, api1)
		written := 0
		s.play(func(e core.Effect) string {
			w, write := e.(core.Write)
			switch {
			case write && w.Operator == "one":
				written = max(written, len(w.Changes))
			case written > 0 && to("one", false)(e):
				return reads
			}
			return fine
		})
		if written != 2 {
			t.Fatal("they shared no request")
		}
		if o := s.outcome(id, "one"); o.InDoubt() != (reads == down) || !o.Wrote {
			t.Errorf("%s: %+v", reads, o)
		}
		if o := s.outcome(beside, "one"); o.Err != nil || !o.Wrote || o.Doubt != core.NoDoubt || show(*o.Held) != show(api1) {
			t.Errorf("%s: beside it %+v", reads, o)
		}
		last := s.update(aaaa, aaaa)
		s.play(well)
		if out := s.outcome(last, "one").Err != nil; out != (reads == down) {
			t.Errorf("%s: afterwards it is out: %t", reads, out)
		}
	}
}

// An operator that refuses as invalid what passes would have refused the earlier write as well.
func TestDoubt_RefusedAsInvalid(t *testing.T) {
	for _, reads := range []string{fine, down} {
		s := newScene(t)
		s.one().bad[a1.Key] = true
		id := s.delete(a1.Key, func(d *core.Delete) { d.Ownership, d.Was = doubts(core.MayCome), desired(a1) })
		s.play(func(e core.Effect) string {
			if s.one().writes > 0 && to("one", false)(e) {
				return reads
			}
			return fine
		})
		o := s.outcome(id, "one")
		if (o.Err == nil) != (reads == fine) || (o.Doubt == core.NoDoubt) != (reads == fine) || s.one().writes != 1 {
			t.Errorf("%s: error %v, %q may come, %d writes", reads, o.Err, o.Doubt, s.one().writes)
		}
		last := s.update(aaaa, aaaa)
		s.play(well)
		if out := s.outcome(last, "one").Err != nil; out != (reads == down) {
			t.Errorf("%s: afterwards it is out: %t", reads, out)
		}
	}
}

// Whoever comes later in the run to the owner name of a write that was not answered knows that it may still be carried
// out, whatever it was to bring about.
func TestDoubt_OfThisRun(t *testing.T) {
	for _, c := range []struct {
		what   string
		of     operator.RRset
		held   []operator.RRset
		first  func(*scene)
		faults []string
	}{
		{"an update", a1, []operator.RRset{a1}, func(s *scene) { s.update(a1, a2) }, []string{silence}},
		{"a change of type", a1, []operator.RRset{cname}, func(s *scene) { s.update(cname, a1) }, []string{silence}},
		{"a creation", a1, nil, func(s *scene) { s.create(a1) }, []string{silence}},
		{"a deletion", a1, []operator.RRset{a1}, func(s *scene) { s.delete(a1.Key) }, []string{silence}},
		{"a roll-back", a1, nil, func(s *scene) { s.two().bad[a1.Key] = true; s.create(a1) }, []string{fine, silence}},
		{"a roll-back that puts back", aaaa, []operator.RRset{aaaa}, func(s *scene) {
			s.two().bad[cname.Key] = true
			s.walk.step(core.Leaving{Key: aaaa.Key})
			s.create(cname)
		}, []string{fine, silence}},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.hold(append(c.held, api1)...)
			c.first(s)
			(&sent{scene: s}).carry(c.faults...)
			clear(s.two().bad)
			for _, next := range []struct {
				of   operator.RRset
				call func() core.ID
				want core.Doubt
			}{
				{a1, func() core.ID { return s.create(a1) }, core.MayChange},
				{aaaa, func() core.ID { return s.create(aaaa) }, core.MayChange},
				{a1, func() core.ID { return s.update(a1, a1) }, core.MayChange},
				{c.of, func() core.ID { return s.delete(c.of.Key) }, core.MayChange},
				{txt, func() core.ID { return s.delete(txt.Key) }, core.NoDoubt},
				{api1, func() core.ID { return s.update(api1, api1) }, core.NoDoubt},
			} {
				id := next.call()
				s.play(well)
				if o := s.outcome(id, "one"); o.Doubt != next.want {
					t.Errorf("%s afterwards: %q may come, error %v", next.of.Key, o.Doubt, o.Err)
				}
				if o := s.outcome(id, "two"); o.Doubt != core.NoDoubt {
					t.Errorf("%s afterwards: %q may come at the other", next.of.Key, o.Doubt)
				}
			}
		})
	}
}

// What a deletion puts back beside its own RRset, former types, may come as well.
func TestDoubt_OfWhatIsPutBack(t *testing.T) {
	s := newScene(t)
	s.hold(a1, txt)
	s.delete(a1.Key, func(d *core.Delete) { d.Replacing, d.Former = true, anywhere("TXT") })
	s.play(func(e core.Effect) string {
		switch {
		case to("two", true)(e):
			return no
		case to("one", true)(e) && s.one().writes > 0:
			return silence
		}
		return fine
	})
	for _, r := range []operator.RRset{a1, txt} {
		id := s.delete(r.Key)
		s.play(well)
		if o := s.outcome(id, "one"); o.Doubt != core.MayChange {
			t.Errorf("%s: %q may come", r.Key, o.Doubt)
		}
	}
}

// A write that was repeated and answered leaves nothing for those who come later.
func TestDoubt_AnsweredInTheEnd(t *testing.T) {
	s := newScene(t)
	s.hold(a2)
	id := s.update(a2, a1)
	log := &sent{scene: s}
	log.carry(broken, fine)
	next := s.update(a1, a1)
	other := s.create(aaaa)
	s.play(well)
	for _, id := range []core.ID{id, next, other} {
		if o := s.outcome(id, "one"); o.Err != nil || o.Doubt != core.NoDoubt {
			t.Errorf("error %v, %q may come", o.Err, o.Doubt)
		}
	}
	if s.one().writes != 3 { // two, and the creation
		t.Errorf("%d writes", s.one().writes)
	}
}

// One write that is answered passes for all that comes later in its run: they look once more, and write only what
// differs.
func TestDoubt_PassedByAnother(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	api := s.create(api1)
	s.play(well)
	s.one().hold(a2) // what was in doubt came meanwhile
	log := &sent{scene: s}
	id := s.call(func(id core.ID) core.Event {
		return core.Update{ID: id, From: a1.Key, Was: desired(a1), Want: desired(a1), At: everywhere, Ownership: doubts(core.MayChange)}
	})
	log.carry()
	if want := []string{"www.example.com. A 3600 192.0.2.1"}; !slices.Equal(log.lines, want) {
		t.Errorf("sent %q, want %q", log.lines, want)
	}
	if o := s.outcome(id, "one"); o.Err != nil || o.Doubt != core.NoDoubt || s.outcome(api, "one").Err != nil {
		t.Errorf("error %v, %q may come", o.Err, o.Doubt)
	}
	s.expect("one", a1, api1)
}

// Who cannot look once more does not know what came.
func TestDoubt_PassedByAnotherUnseen(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	s.create(api1)
	s.play(well)
	writes := s.one().writes
	id := s.call(func(id core.ID) core.Event {
		return core.Update{ID: id, From: a1.Key, Was: desired(a1), Want: desired(a1), At: everywhere, Ownership: doubts(core.MayChange)}
	})
	s.play(func(e core.Effect) string {
		if to("one", false)(e) {
			return down
		}
		return fine
	})
	if o := s.outcome(id, "one"); operator.AsOutage(o.Err) == nil || s.one().writes != writes {
		t.Errorf("error %v, %d writes", o.Err, s.one().writes-writes)
	}
	if o := s.outcome(id, "two"); o.Err != nil || o.Doubt != core.NoDoubt {
		t.Errorf("error %v, %q may come", o.Err, o.Doubt)
	}
}

// Where nobody answers any more, what was seen before a write that passed does not tell what that brought about.
func TestDoubt_PassedByAnotherThatIsOut(t *testing.T) {
	for what, call := range map[string]func(*scene) core.ID{
		"a deletion": func(s *scene) core.ID {
			return s.delete(aaaa.Key, func(d *core.Delete) { d.Ownership, d.Was = doubts(core.MayCome), desired(aaaa) })
		},
		"an update": func(s *scene) core.ID {
			return s.call(func(id core.ID) core.Event {
				return core.Update{ID: id, From: a1.Key, Was: desired(a1), Want: desired(a1), At: everywhere, Ownership: doubts(core.MayChange)}
			})
		},
	} {
		s := newScene(t)
		s.hold(a1)
		s.create(api1)
		s.play(well)
		s.update(txt, txt)
		s.play(writesTo("one", down))
		id := call(s)
		s.play(well)
		if o := s.outcome(id, "one"); operator.AsOutage(o.Err) == nil || o.Doubt == core.NoDoubt {
			t.Errorf("%s: error %v, %q may come", what, o.Err, o.Doubt)
		}
	}
}

// What passes shares no request, so that a refusal is about it alone.
func TestDoubt_PassesAlone(t *testing.T) {
	s := newScene(t)
	s.hold(api1, txt)
	s.walk.step(core.Expected{Key: a1.Key})
	s.walk.step(core.Expected{Key: api1.Key})
	s.walk.step(core.Expected{Key: txt.Key})
	var ids []core.ID
	ids = append(ids, s.delete(api1.Key))
	ids = append(ids, s.delete(a1.Key, func(d *core.Delete) { d.Ownership, d.Was = doubts(core.MayCome), desired(a1) }))
	ids = append(ids, s.delete(txt.Key))
	log := &sent{scene: s}
	log.carry()
	want := []string{"www.example.com. A 3600 192.0.2.1", "delete www.example.com. A", "delete api.example.com. A; delete www.example.com. TXT"}
	slices.Sort(want)
	if got := slices.Sorted(slices.Values(log.lines)); !slices.Equal(got, want) {
		t.Errorf("sent %q", log.lines)
	}
	for _, id := range ids {
		if o := s.outcome(id, "one"); o.Err != nil || o.Doubt != core.NoDoubt {
			t.Errorf("%+v", o)
		}
	}
	s.expect("one")
}

// What came before a write that passes is there after it, also as a union of both, and is mended.
func TestDoubt_CameBefore(t *testing.T) {
	for what, came := range map[string]operator.RRset{"another value": a2, "the union": record("www", "A", 3600, "192.0.2.1", "192.0.2.2")} {
		t.Run(what, func(t *testing.T) {
			s := newScene(t)
			s.hold(a1)
			writes := 0
			id := s.call(func(id core.ID) core.Event {
				return core.Update{ID: id, From: a1.Key, Was: desired(a1), Want: desired(a1), At: everywhere, Ownership: doubts(core.MayChange)}
			})
			s.play(func(e core.Effect) string {
				if w, ok := e.(core.Write); ok && w.Operator == "one" {
					writes++
				}
				if _, ok := e.(core.ListName); ok && writes == 1 {
					s.one().hold(came)
				}
				return fine
			})
			if o := s.outcome(id, "one"); o.Err != nil || o.Doubt != core.NoDoubt {
				t.Errorf("error %v, %q may come", o.Err, o.Doubt)
			}
			s.expect("one", a1)
		})
	}
}

// Who takes an RRset over, or declares another one at its name, writes after what may come.
func TestDoubt_HandedOver(t *testing.T) {
	leave := map[string]core.Event{
		"given up":               core.Leaving{Key: a1.Key, Doubted: doubts(core.MayCome).Doubts},
		"perhaps given up":       core.Leaving{Key: a1.Key, Doubted: doubts(core.MayCome).Doubts, Open: true},
		"left to another":        core.Ceded{Key: a1.Key, At: only("one"), Doubted: doubts(core.MayChange).Doubts},
		"another at the name":    core.Leaving{Key: aaaa.Key, Doubted: doubts(core.MayGo).Doubts},
		"a former type there":    doubtedFormer().Left(aaaa.Key)[0],
		"one that it left there": doubtedCeded().LeftToOthers(aaaa.Key)[0],
	}
	for what, e := range leave {
		t.Run(what, func(t *testing.T) {
			s := newScene(t)
			s.hold(a1)
			s.walk.step(e)
			log := &sent{scene: s}
			id := s.create(a1)
			log.carry()
			if len(log.lines) != 2 {
				t.Errorf("sent %q, want a change and its reversal", log.lines)
			}
			if o := s.outcome(id, "one"); o.Doubt != core.NoDoubt || s.two().writes != 0 {
				t.Errorf("%q may come, %d writes to the other", o.Doubt, s.two().writes)
			}
			s.expectBoth(a1)
		})
		t.Run(what+", no answer", func(t *testing.T) {
			s := newScene(t)
			s.hold(a1)
			s.walk.step(e)
			id := s.create(a1)
			(&sent{scene: s}).carry(silence)
			if got := core.AfterCreate(map[string]core.Outcome{"one": s.outcome(id, "one"), "two": s.outcome(id, "two")}); got.Doubts["one"] != core.MayChange || len(got.Doubts) != 1 {
				t.Errorf("the state keeps %+v", got)
			}
		})
	}
}

func doubtedFormer() core.Ownership {
	return core.Ownership{Former: former("one", "A"), Doubts: doubts(core.MayCome).Doubts}
}

func doubtedCeded() core.Ownership {
	return core.Ownership{Ceded: former("one", "A"), Doubts: doubts(core.MayCome).Doubts}
}

// What a reading leaves of a doubt, and whether it says that the operator is in order.
func TestDoubt_AfterRead(t *testing.T) {
	for _, c := range []struct {
		before   core.Doubt
		held     *operator.RRset
		after    core.Doubt
		standing core.Standing
	}{
		{core.NoDoubt, &a1, core.NoDoubt, core.AsSeen},
		{core.MayCome, &a1, core.NoDoubt, core.AsSeen},
		{core.MayCome, &a2, core.MayCome, core.AsSeen},
		{core.MayCome, nil, core.MayCome, core.AsSeen},
		{core.MayGo, &a1, core.MayGo, core.InDoubt},
		{core.MayGo, nil, core.NoDoubt, core.AsSeen},
		{core.MayChange, &a1, core.MayChange, core.InDoubt},
		{core.MayChange, &a2, core.MayChange, core.AsSeen},
		{core.MayChange, nil, core.MayChange, core.AsSeen},
	} {
		asked, unpublished := 0, false
		read := core.Reading{
			Want: desired(a1), Seen: map[string]core.Observation{"one": {Held: c.held}},
			Unpublished: func(string) bool { asked++; return unpublished },
		}
		left, standing := doubts(c.before).AfterRead(read)
		if left.Doubts["one"] != c.after || standing["one"] != c.standing || !left.None() && c.after == core.NoDoubt {
			t.Errorf("%q, %+v held: %q may come, it stands %d", c.before, c.held, left.Doubts["one"], standing["one"])
		}
		came := c.before == core.MayCome && c.after == core.NoDoubt
		if asked > 0 != came {
			t.Errorf("%q, %+v held: asked %d times whether it is served", c.before, c.held, asked)
		}
		unpublished = true
		if left, standing = doubts(c.before).AfterRead(read); came && (told(left) != "unpublished one" || standing["one"] != core.NotPublished) {
			t.Errorf("came and is not served: %q, it stands %d", told(left), standing["one"])
		}
		read.Seen["one"] = core.Observation{Err: &operator.OutageError{Operator: "one"}}
		if left, standing = doubts(c.before).AfterRead(read); left.Doubts["one"] != c.before || standing["one"] != core.Unreadable {
			t.Errorf("%q, not read: %q may come, it stands %d", c.before, left.Doubts["one"], standing["one"])
		}
	}
}

// A former type that may still come is not forgotten because it is not there, nor is a doubt over while it is.
func TestDoubt_AfterReadOfFormerTypes(t *testing.T) {
	for _, c := range []struct {
		doubt core.Doubt
		seen  core.Observation
		want  string
		after core.Doubt
	}{
		{core.NoDoubt, core.Observation{Held: &a1}, "", core.NoDoubt},
		{core.MayChange, core.Observation{Held: &a1}, "former one=AAAA", core.MayChange},
		{core.MayCome, core.Observation{Held: &a1}, "", core.NoDoubt},
		{core.MayGo, core.Observation{Others: []operator.RRset{aaaa}}, "former one=AAAA", core.MayGo},
		{core.MayGo, core.Observation{}, "", core.NoDoubt},
	} {
		before := doubts(c.doubt)
		before.Former = former("one", "AAAA")
		left, _ := before.AfterRead(core.Reading{
			Want: desired(a1), Seen: map[string]core.Observation{"one": c.seen}, Unpublished: func(string) bool { return false },
		})
		if told(left) != c.want || left.Doubts["one"] != c.after {
			t.Errorf("%q, %+v: %q, %q may come", c.doubt, c.seen, told(left), left.Doubts["one"])
		}
	}
}

// What is kept with a state that an update could change nowhere.
func TestDoubt_AfterNothing(t *testing.T) {
	silent := &operator.OutageError{Operator: "one", InDoubt: true}
	for _, c := range []struct {
		what    string
		from    operator.RRset
		was     operator.RRset
		outcome core.Outcome
		want    string
		after   core.Doubt
	}{
		{"the same again", a1, a1, core.Outcome{Err: silent, Doubt: core.MayCome}, "", core.MayCome},
		{"another value", a1, a2, core.Outcome{Err: silent, Doubt: core.MayCome}, "", core.MayChange},
		{"another type", aaaa, aaaa, core.Outcome{Err: silent, Known: true, Doubt: core.MayCome}, "former one=A", core.MayChange},
		{"another type, which was there", aaaa, aaaa, core.Outcome{Err: silent, Known: true, Held: &a1, Doubt: core.MayCome}, "", core.MayChange},
		{"another type, of which it is not known whether it was there", aaaa, aaaa, core.Outcome{Err: silent, Held: &a1, Doubt: core.MayCome}, "former one=A", core.MayChange},
		{"not reached", a1, a2, core.Outcome{Err: &operator.OutageError{Operator: "one"}}, "", core.NoDoubt},
		{"another type, and not reached", aaaa, aaaa, core.Outcome{Err: &operator.OutageError{Operator: "one"}}, "", core.NoDoubt},
	} {
		u := core.Update{From: c.from.Key, Was: desired(c.was), Want: desired(a1), At: only("one")}
		before := core.Ownership{Doubts: map[string]core.Doubt{"two": core.MayGo}}
		left := before.AfterNothing(u, map[string]core.Outcome{"one": c.outcome})
		if told(left) != c.want || left.Doubts["one"] != c.after || left.Doubts["two"] != core.MayGo {
			t.Errorf("%s: %q, %v may come", c.what, told(left), left.Doubts)
		}
	}
}

// The state outlives the process.
func TestDoubt_Kept(t *testing.T) {
	for _, d := range []core.Doubt{core.MayCome, core.MayGo, core.MayChange} {
		if o := doubts(d); o.None() || o.Equal(core.Ownership{}) || !o.Equal(doubts(d)) {
			t.Errorf("%q counts as nothing", d)
		}
	}
	if fmt.Sprintf("%s %s %s", core.MayCome, core.MayGo, core.MayChange) != "declared deletion other" {
		t.Error("what a state has by now means something else")
	}
}
