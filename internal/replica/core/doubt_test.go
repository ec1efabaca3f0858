package core_test

import (
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
			log := &sent{scene: s}
			id := s.delete(a1.Key, func(d *core.Delete) {
				d.Ownership = doubts(c.before)
				if d.Was = desired(a1); c.unknown {
					d.Was = nil
				}
			})
			log.carry(c.faults...)
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

// An operator that refuses as invalid what passes would have refused the earlier write as well.
func TestDoubt_RefusedAsInvalid(t *testing.T) {
	s := newScene(t)
	s.one().bad[a1.Key] = true
	id := s.delete(a1.Key, func(d *core.Delete) { d.Ownership, d.Was = doubts(core.MayCome), desired(a1) })
	s.play(well)
	if o := s.outcome(id, "one"); o.Err != nil || o.Doubt != core.NoDoubt {
		t.Errorf("error %v, %q may come", o.Err, o.Doubt)
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
		read := core.Reading{Want: desired(a1), Seen: map[string]core.Observation{"one": {Held: c.held}}}
		left, standing := doubts(c.before).AfterRead(read)
		if left.Doubts["one"] != c.after || standing["one"] != c.standing {
			t.Errorf("%q, %+v held: %q may come, it stands %d", c.before, c.held, left.Doubts["one"], standing["one"])
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
		left, _ := before.AfterRead(core.Reading{Want: desired(a1), Seen: map[string]core.Observation{"one": c.seen}})
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
		{"not reached", a1, a2, core.Outcome{Err: &operator.OutageError{Operator: "one"}}, "", core.NoDoubt},
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
