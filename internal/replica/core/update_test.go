package core_test

import (
	"cmp"
	"errors"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// TestUpdate_FormerTypes is the table of what an update takes with it of former types, in one write, and what it says
// to be left of them where it fails.
func TestUpdate_FormerTypes(t *testing.T) {
	two := core.Ownership{Former: former("one", "A", "AAAA")}
	mx := record("www", "MX", 3600, "10 mx.example.net.")
	for _, c := range []struct {
		what     string
		own      core.Ownership
		from, to operator.RRset
		one      []operator.RRset // that operator holds
		told     core.Event       // of another address
		fails    bool
		want     []operator.RRset
		writes   int
		left     string // former types; ceded ones
	}{
		{what: "all of them go", own: two, from: txt, to: cname, one: []operator.RRset{a1, aaaa, txt}, want: []operator.RRset{cname}, writes: 1},
		{what: "those that are held go", own: two, from: txt, to: cname, one: []operator.RRset{aaaa}, want: []operator.RRset{cname}, writes: 1},
		{what: "what was never ours does not", own: two, from: txt, to: aaaa, one: []operator.RRset{a1, mx}, want: []operator.RRset{aaaa, mx}, writes: 1},
		{what: "the type stays", own: two, from: txt, to: txt, one: []operator.RRset{a1, aaaa, txt}, want: []operator.RRset{txt}, writes: 1},
		{what: "back to one of them", own: two, from: txt, to: a1, one: []operator.RRset{a2, aaaa, txt}, want: []operator.RRset{a1}, writes: 1},
		{what: "back to one that is equal", own: two, from: txt, to: a1, one: []operator.RRset{a1, aaaa}, want: []operator.RRset{a1}, writes: 1},
		{what: "all gone already", own: two, from: txt, to: txt, one: []operator.RRset{txt}, want: []operator.RRset{txt}},
		{what: "never read under its own type", own: core.Ownership{Foreign: only("one"), Former: former("one", "A", "AAAA")}, from: txt, to: mx,
			one: []operator.RRset{a1, aaaa, txt}, want: []operator.RRset{mx, txt}, writes: 1},
		{what: "refused", own: two, from: txt, to: cname, one: []operator.RRset{a1, aaaa}, fails: true, want: []operator.RRset{a1, aaaa}, writes: 1, left: "A AAAA TXT; "},
		{what: "refused, and the type stays", own: two, from: txt, to: txt, one: []operator.RRset{a1, aaaa}, fails: true, want: []operator.RRset{a1, aaaa}, writes: 1, left: "A AAAA; "},
		{what: "refused on the way back", own: two, from: txt, to: a1, one: []operator.RRset{a2, aaaa}, fails: true, want: []operator.RRset{a2, aaaa}, writes: 1, left: "AAAA TXT; "},
		{what: "refused where it was never read", own: core.Ownership{Foreign: only("one"), Former: former("one", "A")}, from: txt, to: mx,
			one: []operator.RRset{a1, txt}, fails: true, want: []operator.RRset{a1, txt}, writes: 1, left: "A; "},
		{what: "one is declared elsewhere", own: two, from: txt, to: mx, one: []operator.RRset{a1, aaaa, txt}, told: core.Declared{Key: aaaa.Key},
			want: []operator.RRset{aaaa, mx}, writes: 1, left: "; AAAA"},
		{what: "one is declared elsewhere, and gone", own: two, from: txt, to: mx, one: []operator.RRset{a1}, told: core.Declared{Key: aaaa.Key},
			want: []operator.RRset{mx}, writes: 1},
		{what: "one is taken elsewhere", own: two, from: txt, to: mx, one: []operator.RRset{a1, aaaa, txt}, told: core.Kept{Key: aaaa.Key},
			want: []operator.RRset{aaaa, mx}, writes: 1},
		{what: "refused, and one is declared elsewhere", own: two, from: txt, to: mx, one: []operator.RRset{a1}, told: core.Declared{Key: aaaa.Key}, fails: true,
			want: []operator.RRset{a1}, writes: 1, left: "A TXT; AAAA"},
		{what: "refused, and one is taken elsewhere", own: two, from: txt, to: mx, one: []operator.RRset{a1, aaaa}, told: core.Kept{Key: aaaa.Key}, fails: true,
			want: []operator.RRset{a1, aaaa}, writes: 1, left: "A TXT; "},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.one().hold(c.one...)
			s.two().hold(c.from)
			if c.told != nil {
				s.walk.step(c.told)
			}
			if c.fails {
				s.one().bad = map[rrset.Key]bool{c.to.Key: true}
			}
			id := s.call(func(id core.ID) core.Event {
				return core.Update{ID: id, From: c.from.Key, Want: desired(c.to), At: everywhere, Ownership: c.own}
			})
			s.play(well)
			o := s.outcome(id, "one")
			if (o.Err != nil) != c.fails || s.one().writes != c.writes {
				t.Errorf("%v after %d writes", o.Err, s.one().writes)
			}
			if left := names(o.Former) + "; " + names(o.Ceded); left != cmp.Or(c.left, "; ") {
				t.Errorf("left: %q, want %q", left, c.left)
			}
			s.expect("one", c.want...)
			s.expect("two", c.to)
		})
	}
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

// TestUpdate_Recognizes: what was never read, and is what was declared, is ours: it gives way to another type, and is
// not forgotten where it cannot.
func TestUpdate_Recognizes(t *testing.T) {
	for _, c := range []struct {
		what   string
		held   operator.RRset
		was    core.Desired
		no     bool // the operator refuses the change
		holds  operator.RRset
		former string
	}{
		{"as declared", cname, desired(cname), false, a1, ""},
		{"as declared, and refused", cname, desired(cname), true, cname, "CNAME"},
		{"another one", record("www", "CNAME", 60, "other.example."), desired(cname), false, record("www", "CNAME", 60, "other.example."), ""},
		{"not known what was declared", cname, nil, false, cname, ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.one().hold(c.held)
			s.two().hold(cname)
			s.one().bad[a1.Key] = c.no
			id := s.call(func(id core.ID) core.Event {
				return core.Update{ID: id, From: cname.Key, Was: c.was, Want: desired(a1), At: everywhere, Ownership: core.Ownership{Foreign: only("one")}}
			})
			s.play(well)
			s.expect("one", c.holds)
			s.expect("two", a1)
			if o := s.outcome(id, "one"); (o.Err == nil) != (c.holds.Key == a1.Key) || o.Former["CNAME"] != (c.former == "CNAME") || len(o.Former) > 1 {
				t.Errorf("%+v", o)
			}
		})
	}
}

// TestUpdate_NothingIsNudgedWhereSomethingGoes: the deletion publishes all, and what is adopted is left as it is.
func TestUpdate_NothingIsNudgedWhereSomethingGoes(t *testing.T) {
	s := newScene(t)
	s.hold(a1, aaaa)
	s.call(func(id core.ID) core.Event {
		return core.Update{ID: id, From: aaaa.Key, Want: desired(a1), At: everywhere, Ownership: core.Ownership{Unpublished: only("one", "two")}}
	})
	s.play(well)
	s.expectBoth(a1)
	for _, name := range []string{"one", "two"} {
		if n := s.walk.tf.world.service(name).writes; n != 1 {
			t.Errorf("%s: %d writes, want the deletion alone", name, n)
		}
	}
}

// TestUpdate_WaitsNoMoreOnceItIsOurs: an update that met what another address gives up is under way as soon as it
// knows, and whoever waits for what it does waits on.
func TestUpdate_WaitsNoMoreOnceItIsOurs(t *testing.T) {
	s := newScene(t)
	s.hold(aaaa, a2)
	s.update(aaaa, a1)
	for s.answer(fine, anything) { // both lists show what stands in the way
	}
	s.walk.step(core.Leaving{Key: a2.Key})
	s.bothWrite()
	asks := s.await(api1.Key)
	s.pass(time.Minute, func() {})
	if s.over(asks) {
		t.Error("nobody was thought to be under way")
	}
	s.play(well)
	s.expectBoth(a1)
}

// TestUpdate_AnotherTypeWhereNobodyLooked: what stands under the new type at an operator that could not be read, or was
// seen too late, is somebody else's, then and in later runs, unless another address had it.
func TestUpdate_AnotherTypeWhereNobodyLooked(t *testing.T) {
	for _, c := range []struct {
		what  string
		holds operator.RRset
		told  core.Event
		fault func(core.Effect) string
		ours  bool
	}{
		{what: "silent, and another one stands there", holds: a2, fault: silentAt("one")},
		{what: "silent, and an equal one", holds: a1, fault: silentAt("one"), ours: true},
		{what: "silent, and another address had it", holds: a2, told: core.Leaving{Key: a2.Key}, fault: silentAt("one"), ours: true},
		{what: "another one is seen", holds: a2, fault: well},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.one().hold(aaaa, c.holds)
			s.two().hold(aaaa)
			if c.told != nil {
				s.walk.step(c.told)
			}
			id := s.update(aaaa, a1)
			s.play(c.fault)
			left := core.Ownership{}.AfterUpdate(a1.Key, s.walk.results[id].Outcomes)
			if foreign := left.Foreign["one"]; foreign != (c.holds.Equal(a2.RRset) && !c.ours || c.holds.Equal(a1.RRset)) || left.Foreign["two"] || !left.Former["one"]["AAAA"] {
				t.Errorf("%s", told(left))
			}
			s.walk = s.walk.tf.newWalk(&script{}, 10, nil, false, func(string) {}) // the next run
			id = s.call(func(id core.ID) core.Event {
				return core.Update{ID: id, From: a1.Key, Was: desired(a1), Want: desired(a1), At: only("one"), Ownership: left}
			})
			s.play(well)
			if o := s.outcome(id, "one"); (o.Err == nil) != c.ours {
				t.Errorf("%+v", o)
			}
			if c.ours {
				s.expect("one", a1)
			} else {
				s.expect("one", c.holds, aaaa)
			}
			s.expect("two", a1)
		})
	}
}

// TestUpdate_ForeignAfterwards: what was never read at an operator stays somebody else's until something was written or
// found equal there, and what was read is not for a write that fails.
func TestUpdate_ForeignAfterwards(t *testing.T) {
	for _, c := range []struct {
		what           string
		from, want, at operator.RRset
		own            core.Ownership
		fault          func(core.Effect) string
		left           string
	}{
		{"never read, and equal", a1, a2, a1, core.Ownership{Foreign: only("one")}, well, ""},
		{"never read, and not now", a1, a2, a1, core.Ownership{Foreign: only("one")}, silentAt("one"), "foreign one"},
		{"never read, and the write fails", a1, a2, a1, core.Ownership{Foreign: only("one")}, writesTo("one", no), "foreign one"},
		{"another type, and the write fails", aaaa, a1, aaaa, core.Ownership{}, writesTo("one", no), "former one=AAAA"},
		{"another type, and nothing fails", aaaa, a1, aaaa, core.Ownership{Foreign: only("one")}, well, ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.hold(c.at)
			id := s.call(func(id core.ID) core.Event {
				return core.Update{ID: id, From: c.from.Key, Was: desired(c.from), Want: desired(c.want), At: everywhere, Ownership: c.own}
			})
			s.play(c.fault)
			if left := told(c.own.AfterUpdate(c.want.Key, s.walk.results[id].Outcomes)); left != c.left {
				t.Errorf("%q, want %q", left, c.left)
			}
		})
	}
}

// TestUpdate_WhatIsNotServed: who takes over what an operator does not serve and cannot write it there knows of it.
func TestUpdate_WhatIsNotServed(t *testing.T) {
	for want, answers := range map[string]func(core.Effect) string{"former one=AAAA; unpublished one": silentAt("one"), "": well} {
		s := newScene(t)
		s.hold(aaaa, a2)
		s.walk.step(core.Leaving{Key: a2.Key, Unpublished: only("one")})
		id := s.update(aaaa, a1)
		s.play(answers)
		if left := told(core.Ownership{}.AfterUpdate(a1.Key, s.walk.results[id].Outcomes)); left != want {
			t.Errorf("%q, want %q", left, want)
		}
	}
}

// TestUpdate_WhatIsAdoptedIsNotNudged: what another address is left with publishes itself, and what is adopted beside
// it was somebody else's until now.
func TestUpdate_WhatIsAdoptedIsNotNudged(t *testing.T) {
	s := newScene(t)
	s.hold(a1, txt)
	s.walk.step(core.Declared{Key: txt.Key})
	id := s.call(func(id core.ID) core.Event {
		return core.Update{ID: id, From: txt.Key, Want: desired(a1), At: everywhere, Ownership: core.Ownership{Unpublished: only("one")}}
	})
	taker := s.create(txt)
	s.play(well)
	s.expectBoth(a1, txt)
	if n := s.one().writes; n != 2 {
		t.Errorf("%d writes, want those of the one that takes over", n)
	}
	if o := s.outcome(id, "one"); o.Err != nil || o.Wrote {
		t.Errorf("the update: %+v", o)
	}
	if o := s.outcome(taker, "one"); o.Unpublished || !o.Wrote {
		t.Errorf("who has it now did not make it public: %+v", o)
	}
}

// TestUpdate_NudgesWhatAnotherLeft: who takes over what another address had, and an operator does not serve, publishes
// it.
func TestUpdate_NudgesWhatAnotherLeft(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	s.walk.step(core.Leaving{Key: a1.Key, Unpublished: only("one")})
	s.update(a1, a1)
	s.play(well)
	if s.one().writes != 2 || s.two().writes != 0 { // a change and back
		t.Errorf("%d and %d writes", s.one().writes, s.two().writes)
	}
	s.expectBoth(a1)
}

// TestUpdate_MayHaveCome: where a write was sent and not answered, what is found later is ours, read before or not.
func TestUpdate_MayHaveCome(t *testing.T) {
	for fault, foreign := range map[string]bool{down: true, silence: false} {
		s := newScene(t)
		s.hold(a1)
		id := s.call(func(id core.ID) core.Event {
			return core.Update{
				ID: id, From: a1.Key, Was: desired(a1), Want: desired(a2), At: everywhere,
				Ownership: core.Ownership{Foreign: only("one")},
			}
		})
		s.play(writesTo("one", fault))
		if o := s.outcome(id, "one"); o.Err == nil || o.Foreign != foreign {
			t.Errorf("%s: %+v", fault, o)
		}
	}
}

// TestUpdate_ToOneThatDoesNotKnow: who changes its type to one that another address had, was told nothing of that, and
// could not look at an operator, takes what is held there for somebody else's. The state that knows better keeps it.
func TestUpdate_ToOneThatDoesNotKnow(t *testing.T) {
	s := newScene(t)
	s.one().hold(a1)
	s.two().hold(txt)
	outOfOne := func(e core.Effect) string {
		if name, _ := of(e); name == "one" {
			return down
		}
		return fine
	}
	s.update(txt, a1)
	s.play(outOfOne)
	gone := s.delete(a1.Key)
	s.play(outOfOne)
	for _, name := range []string{"one", "two"} {
		if o := s.outcome(gone, name); !errors.Is(o.Err, core.ErrNotTaken) {
			t.Errorf("%s: %+v", name, o)
		}
	}
	s.expectBoth(a1)
}

// TestUpdate_FailedEverywhereHasIt: an address that has an RRset has it whatever becomes of a change of its value:
// another one that gives the same RRset up has handed it over.
func TestUpdate_FailedEverywhereHasIt(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	s.update(a1, a2)
	s.play(writes(no))
	gone := s.delete(a1.Key)
	began := s.walk.now
	s.play(well)
	for _, name := range []string{"one", "two"} {
		if o := s.outcome(gone, name); o.Err != nil || !o.Kept {
			t.Errorf("%s: %+v", name, o)
		}
	}
	if took := s.walk.now.Sub(began); took > 0 {
		t.Errorf("it waited %s", took)
	}
	s.expectBoth(a1)
}

// TestUpdate_BackToAFormerType: what is declared again is not left to anybody else, also where it could not be brought
// about.
func TestUpdate_BackToAFormerType(t *testing.T) {
	s := newScene(t)
	s.one().hold(a2)
	s.two().hold(cname)
	s.one().bad[a1.Key], s.two().bad[a1.Key] = true, true
	id := s.call(func(id core.ID) core.Event {
		return core.Update{ID: id, From: cname.Key, Want: desired(a1), At: everywhere, Ownership: core.Ownership{Former: former("one", "A")}}
	})
	s.play(well)
	if o := s.outcome(id, "one"); o.Err == nil || o.Ceded["A"] || !o.Former["CNAME"] {
		t.Errorf("%+v", o)
	}
}

// TestUpdate_IdleWhereItWaits: a call that is over at one operator, and waits for the other half of a delegation at the
// other, keeps nobody waiting.
func TestUpdate_IdleWhereItWaits(t *testing.T) {
	s := newScene(t)
	s.two().hold(ns)
	s.hold(api1)
	s.update(ds, ds)
	s.spend(swift().BatchIdleMost)
	waits := s.create(api2)
	began := s.walk.now
	s.until(func() bool { return s.over(waits) })
	if took := s.walk.now.Sub(began); took > swift().Ownership+time.Second {
		t.Errorf("it waited %s", took)
	}
	s.play(well)
}
