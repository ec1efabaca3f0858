package core_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// tried reports whether a further change is sent to an operator.
func (s *scene) tried(name string) bool {
	s.t.Helper()
	writes := s.world.service(name).writes
	r := record("further", "A", 3600, "192.0.2.77")
	s.update(r, r)
	s.play(well)
	return s.world.service(name).writes > writes
}

// out: the operator is proven out, and nothing more is sent to it.
func (s *scene) out(name string) {
	s.t.Helper()
	if s.tried(name) {
		s.t.Errorf("%s is not out", name)
	}
}

// notOut: nothing is proven of it.
func (s *scene) notOut(name string) {
	s.t.Helper()
	if !s.tried(name) {
		s.t.Errorf("%s is out", name)
	}
}

// fail answers the next write to operator one with that error, and carries nothing out.
func (s *scene) fail(err error) {
	s.t.Helper()
	s.until(func() bool { return s.pending("one", true) })
	w := taken[core.Write](s, to("one", true))
	s.one().writes++
	s.walk.step(core.WriteAnswer{ID: w.ID, Err: err})
}

// TestOutage_Proofs is the table of what proves that an operator is out, and how often it was written before.
func TestOutage_Proofs(t *testing.T) {
	outage := func(change func(*operator.OutageError)) *operator.OutageError {
		e := &operator.OutageError{Operator: "one", Action: "write", Reason: "broken"}
		change(e)
		return e
	}
	none := outage(func(*operator.OutageError) {})
	cut := outage(func(e *operator.OutageError) { e.InDoubt = true })
	mute := outage(func(e *operator.OutageError) { e.InDoubt, e.Silent = true, true })
	ill := outage(func(e *operator.OutageError) { e.InDoubt, e.Answered = true, true })
	for _, c := range []struct {
		what   string
		errs   []error // of the writes, one after the other
		out    bool
		failed bool
		doubt  bool
	}{
		{"no connection", []error{none}, true, true, false},
		{"no answer in time", []error{mute}, true, true, true},
		{"cut off once", []error{cut}, false, false, false},
		{"cut off twice", []error{cut, cut}, true, true, true},
		{"ill once", []error{ill}, false, false, false},
		{"ill twice", []error{ill, ill}, false, true, false},
		{"cut off and ill", []error{cut, ill}, false, true, false},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.hold(a1)
			id := s.update(a1, a2)
			for _, err := range c.errs {
				s.fail(err)
			}
			s.play(well)
			o := s.outcome(id, "one")
			if (o.Err != nil) != c.failed || o.InDoubt() != c.doubt || o.Wrote == c.failed {
				t.Errorf("%+v", o)
			}
			if c.failed && (!o.Known || o.Held == nil || show(*o.Held) != show(a1)) {
				t.Errorf("what was read back is not told: %+v", o)
			}
			if c.out {
				s.out("one")
			} else {
				s.notOut("one")
			}
		})
	}
}

// TestOutage_ThreeChangesInARow: single changes that fail one after the other prove an outage, unless one in between is
// carried out.
func TestOutage_ThreeChangesInARow(t *testing.T) {
	for _, c := range []struct {
		what string
		good int // the one that is carried out
		out  bool
	}{{"three", -1, true}, {"one in between", 2, false}} {
		s := newScene(t)
		s.hold(api1)
		all := many(4, 3600)
		s.one().poison = map[rrset.Key]bool{}
		for i, r := range all[:3+min(1, c.good+1)] {
			s.one().poison[r.Key] = i != c.good
			s.update(r, r)
			s.play(well)
		}
		clear(s.one().poison)
		if got := !s.tried("one"); got != c.out {
			t.Errorf("%s: out: %t", c.what, got)
		}
	}
}

// TestOutage_AnInterruptProvesNothing: a request that was ended because nobody waits for it any more says nothing of
// the operator.
func TestOutage_AnInterruptProvesNothing(t *testing.T) {
	ended := &operator.OutageError{Operator: "one", Action: "write", Reason: "interrupted", InDoubt: true, Err: context.Canceled}
	s := newScene(t)
	s.hold(a1)
	id := s.update(a1, a2)
	s.bothWrite()
	var away []core.ID
	for _, e := range s.walk.requests {
		if w, ok := e.(core.Write); ok {
			away = append(away, w.ID)
		}
	}
	s.walk.step(core.Cancel{ID: id})
	if !slices.Equal(s.walk.aborted, away) {
		t.Errorf("aborted %v of %v", s.walk.aborted, away)
	}
	s.fail(ended)
	s.play(well)
	if o := s.outcome(id, "one"); !o.InDoubt() || !o.Known || o.Wrote {
		t.Errorf("%+v", o)
	}
	s.notOut("one")
}

// TestOutage_InterruptedAndIll: who does not wait any more is still told what failed, and nothing is sent again.
func TestOutage_InterruptedAndIll(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	id := s.update(a1, a2)
	s.bothWrite()
	s.walk.step(core.Cancel{ID: id})
	s.answer(sick, to("one", true))
	s.play(well)
	if outage := operator.AsOutage(s.outcome(id, "one").Err); outage == nil || outage.Reason != sick || outage.InDoubt || s.one().writes != 1 {
		t.Errorf("%v after %d writes", s.outcome(id, "one").Err, s.one().writes)
	}
}

// TestOutage_AllOfAFewFail: where no change of a request is carried out, not one by one either, the operator is out and
// no change is blamed.
func TestOutage_AllOfAFewFail(t *testing.T) {
	for _, n := range []int{2, 3, 4} {
		s := newScene(t)
		all := many(n, 3600)
		s.one().poison = map[rrset.Key]bool{}
		for _, r := range all {
			s.one().poison[r.Key] = true
		}
		ids := s.updateAll(all)
		s.play(well)
		for _, id := range ids {
			if operator.AsOutage(s.outcome(id, "one").Err) == nil {
				t.Errorf("%d: %v", n, s.outcome(id, "one").Err)
			}
		}
		s.out("one")
	}
}

// TestTrial_ManyCulprits: however many changes of a request cannot be digested in a row, all are named once others were
// carried out.
func TestTrial_ManyCulprits(t *testing.T) {
	s := newScene(t)
	s.one().room = 100
	all := many(16, 3600)
	s.one().poison = map[rrset.Key]bool{}
	for _, r := range all[8:] {
		s.one().poison[r.Key] = true
	}
	ids := s.updateAll(all)
	s.play(well)
	for i, id := range ids {
		if err := s.outcome(id, "one").Err; (err != nil) != (i >= 8) || i >= 8 && !operator.RefusedAs(err, operator.Invalid) {
			t.Errorf("RRset %d: %v", i, err)
		}
	}
	s.expect("one", all[:8]...)
	s.notOut("one")
}

// TestTrial_WithRefusals: in one request there may be what the operator cannot digest and what it refuses, named or
// not; each is told, and the others are written.
func TestTrial_WithRefusals(t *testing.T) {
	for _, names := range []bool{false, true} {
		for poison := range 4 {
			for bad := range 4 {
				if poison == bad {
					continue
				}
				s := newScene(t)
				all := many(4, 3600)
				s.one().poison, s.one().bad, s.one().names = map[rrset.Key]bool{all[poison].Key: true}, map[rrset.Key]bool{all[bad].Key: true}, names
				ids := s.updateAll(all)
				s.play(well)
				var good []operator.RRset
				for i, id := range ids {
					refusal := operator.AsRefusal(s.outcome(id, "one").Err)
					switch i {
					case poison:
						// Alone after a refusal, it may be the operator that is ill.
						if err := s.outcome(id, "one").Err; err == nil || refusal != nil && refusal.Message == "bad data" {
							t.Errorf("%d cannot be digested: %v", i, err)
						}
					case bad:
						if refusal == nil || refusal.Message != "bad data" && refusal.Message != "this one is bad" {
							t.Errorf("%d is bad: %v", i, s.outcome(id, "one").Err)
						}
					default:
						good = append(good, all[i])
						if err := s.outcome(id, "one").Err; err != nil {
							t.Errorf("%d is good: %v", i, err)
						}
					}
				}
				s.expect("one", good...)
				s.notOut("one")
			}
		}
	}
}

// TestTrial_LostAnswer: a half that was carried out and not answered counts as carried out.
func TestTrial_LostAnswer(t *testing.T) {
	s := newScene(t)
	all := many(4, 3600)
	s.one().poison = map[rrset.Key]bool{all[3].Key: true}
	ids := s.updateAll(all)
	s.play(func(e core.Effect) string {
		if w, ok := e.(core.Write); ok && w.Operator == "one" && !slices.ContainsFunc(w.Changes, func(c operator.Change) bool { return c.Key() == all[3].Key }) {
			return lost
		}
		return fine
	})
	for i, id := range ids {
		if err := s.outcome(id, "one").Err; (err != nil) != (i == 3) || i == 3 && !operator.RefusedAs(err, operator.Invalid) {
			t.Errorf("RRset %d: %v", i, err)
		}
	}
	s.expect("one", all[:3]...)
	s.notOut("one")
}

// TestDelivery_ReadAnewItIsMore: what was read anew may need more changes than fit into the request; the rest leaves
// with the next one.
func TestDelivery_ReadAnewItIsMore(t *testing.T) {
	names := []string{"x", "y", "z"}
	s := newScene(t)
	s.one().room = 3
	own := core.Ownership{Former: former("one", "AAAA")}
	var ids []core.ID
	var want []operator.RRset
	for _, name := range names {
		s.hold(record(name, "A", 3600, "192.0.2.1"))
		want = append(want, record(name, "CNAME", 3600, "front.example.net."))
	}
	for _, r := range want {
		s.walk.step(core.Expected{Key: r.Key})
	}
	for _, r := range want {
		ids = append(ids, s.call(func(id core.ID) core.Event {
			return core.Update{ID: id, From: r.WithType("A"), Want: desired(r), At: everywhere, Ownership: own}
		}))
	}
	s.until(func() bool { return s.pending("one", true) })
	for _, name := range names {
		s.one().hold(record(name, "AAAA", 3600, "2001:db8::1"))
	}
	s.refuse(operator.Raced, nil)
	s.play(well)
	for _, id := range ids {
		if o := s.outcome(id, "one"); o.Err != nil || !o.Wrote {
			t.Errorf("%+v", o)
		}
	}
	if s.one().writes != 4 {
		t.Errorf("%d writes, want the refused one and one for each", s.one().writes)
	}
	s.expectBoth(want...)
}

// TestDelivery_Contradiction: what was written beside an empty list is read back; if that cannot be done, or does not
// show it, the operator is out.
func TestDelivery_Contradiction(t *testing.T) {
	for _, c := range []struct {
		what string
		read string
		hide bool
		out  bool
	}{{"it shows", fine, false, false}, {"it cannot be read", down, false, true}, {"it does not show", fine, true, true}} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.bare()
			s.two().hold(a1)
			id := s.update(a1, a2)
			s.play(func(e core.Effect) string {
				name, write := of(e)
				if name != "one" || write || s.one().writes == 0 {
					return fine
				}
				if c.hide {
					clear(s.one().held)
				}
				return c.read
			})
			o := s.outcome(id, "one")
			if !o.Wrote || (operator.AsOutage(o.Err) != nil) != c.out || o.InDoubt() != c.out {
				t.Errorf("%+v", o)
			}
			if c.out {
				s.out("one")
			} else {
				s.notOut("one")
				s.expect("one", a2, record("further", "A", 3600, "192.0.2.77"))
			}
		})
	}
}

// TestOutage_NobodyCanLook: a write that was not answered and cannot be read back is in doubt, and the operator is out.
// What it said of the write is kept.
func TestOutage_NobodyCanLook(t *testing.T) {
	for _, fault := range []string{silence, lost, sick, stored} {
		s := newScene(t)
		s.hold(a1)
		id := s.update(a1, a2)
		s.bothWrite()
		s.answer(fault, to("one", true))
		s.answer(down, to("one", false))
		s.play(well)
		if o := s.outcome(id, "one"); !o.InDoubt() || o.Known || o.Unpublished != (fault == stored) {
			t.Errorf("%s: %+v", fault, o)
		}
		s.out("one")
	}
}

// TestRefused_WithoutAReason: an error that is neither a no nor an outage ends the change, and proves nothing.
func TestRefused_WithoutAReason(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	id := s.update(a1, a2)
	broken := errors.New("broken")
	s.fail(broken)
	s.play(well)
	if o := s.outcome(id, "one"); !errors.Is(o.Err, broken) || o.Wrote || s.one().writes != 1 {
		t.Errorf("%+v after %d writes", o, s.one().writes)
	}
	s.notOut("one")
}

// TestOutage_StaleAndUnread: what is said to be known wrongly, and cannot be read anew, was not written.
func TestOutage_StaleAndUnread(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	id := s.update(a1, a2)
	s.bothWrite()
	s.refuse(operator.Raced, nil)
	s.answer(down, to("one", false))
	s.play(well)
	if o := s.outcome(id, "one"); operator.AsOutage(o.Err) == nil || o.InDoubt() || o.Wrote {
		t.Errorf("%+v", o)
	}
	s.out("one")
	s.expect("one", a1)
}

// TestGuard_IsAskedAgain: what somebody else has made between reading and writing is not overwritten.
func TestGuard_IsAskedAgain(t *testing.T) {
	for what, do := range map[string]func(*scene) core.ID{
		"created": func(s *scene) core.ID { return s.create(a1) },
		"changed where it was never read": func(s *scene) core.ID {
			return s.call(func(id core.ID) core.Event {
				return core.Update{ID: id, From: a1.Key, Want: desired(a1), At: everywhere, Ownership: core.Ownership{Foreign: only("one")}}
			})
		},
		"changed to another type": func(s *scene) core.ID { return s.update(aaaa, a1) },
	} {
		s := newScene(t)
		s.hold(api1)
		id := do(s)
		s.bothWrite()
		s.one().hold(a2)
		s.refuse(operator.Exists, nil)
		s.play(well)
		if _, ok := errors.AsType[*core.ConflictError](s.outcome(id, "one").Err); !ok {
			t.Errorf("%s: %+v", what, s.outcome(id, "one"))
		}
		s.expect("one", a2, api1)
	}
}

// TestReading_RefusedName: a name that may not be read is told so, once.
func TestReading_RefusedName(t *testing.T) {
	s := newScene(t)
	s.hold(many(20, 3600)...)
	s.one().page = 5
	id := s.look(a1.Key)
	for s.answer(fine, func(e core.Effect) bool { _, list := e.(core.List); return list }) {
	}
	asked := taken[core.ListName](s, func(e core.Effect) bool { _, single := e.(core.ListName); return single })
	s.walk.step(core.NameAnswer{ID: asked.ID, Err: &operator.RefusalError{Operator: "one", Action: "read", Kind: operator.Policy, Message: "no"}})
	s.play(well)
	again := s.look(a1.Key)
	for what, seen := range map[string]core.Result{"first": s.walk.results[id], "again": s.walk.results[again]} {
		if operator.AsRefusal(seen.Seen["one"].Err) == nil || seen.Seen["two"].Err != nil {
			t.Errorf("%s: %+v", what, seen.Seen)
		}
	}
	s.notOut("one")
}

// TestReading_WholeZoneOnce: however many want all of a zone, and whatever was read of it before, it is listed to its
// end once.
func TestReading_WholeZoneOnce(t *testing.T) {
	for _, before := range []bool{false, true} {
		s := newScene(t)
		all := many(20, 3600)
		s.bare()
		s.hold(all...)
		s.one().page, s.two().page = 5, 5
		if before {
			s.look(all[0].Key)
			s.play(well)
		}
		lists := 0
		var ids []core.ID
		for range 3 {
			ids = append(ids, s.call(func(id core.ID) core.Event { return core.LookAll{ID: id, Zone: zone} }))
			for _, e := range s.walk.requests {
				if l, ok := e.(core.List); ok && l.Operator == "one" {
					lists++
				}
			}
		}
		if lists != 3 { // the same one, three times seen
			t.Errorf("after a look %t: %d lists", before, lists)
		}
		s.play(well)
		for _, id := range ids {
			if got := s.walk.results[id].All["one"]; got.Err != nil || len(got.Held) != len(all) {
				t.Errorf("after a look %t: %d RRsets, %v", before, len(got.Held), got.Err)
			}
		}
	}
}

// TestReading_EmptyList: an empty list is doubted for what the state knows, by whom ever it is asked, and by one
// question.
func TestReading_EmptyList(t *testing.T) {
	for _, c := range []struct {
		what  string
		owned bool
		sure  bool
		asks  bool
	}{{"a stranger's", false, false, false}, {"known to the state", true, false, true}, {"to be sure of", false, true, true}} {
		for _, holds := range []bool{false, true} {
			s := newScene(t)
			s.bare()
			if c.owned {
				s.walk.step(core.Owned{Key: a1.Key})
			}
			look := func() core.ID {
				return s.call(func(id core.ID) core.Event {
					return core.Look{ID: id, Key: a1.Key, At: only("one"), Sure: c.sure, Patient: true}
				})
			}
			first, second := look(), look()
			s.answer(fine, to("one", false))
			if got := slices.ContainsFunc(s.walk.requests, asksEmpty); got != c.asks {
				t.Errorf("%s: it is asked whether the zone is empty: %t", c.what, got)
			}
			if holds {
				s.one().hold(api1) // which the list did not show
			}
			s.answer(fine, asksEmpty)
			if len(s.walk.requests) > 0 {
				t.Errorf("%s: %d more questions", c.what, len(s.walk.requests))
			}
			s.play(well)
			for _, id := range []core.ID{first, second} {
				if err := s.walk.results[id].Seen["one"].Err; (operator.AsOutage(err) != nil) != (holds && c.asks) {
					t.Errorf("%s, holds %t: %v", c.what, holds, err)
				}
			}
		}
	}
}

// TestOutage_TheFirstIsTold: what proved an outage is what everybody is told of it.
func TestOutage_TheFirstIsTold(t *testing.T) {
	s := newScene(t)
	elsewhere := func(zone string) rrset.Key { return rrset.Key{Zone: zone, Name: "www." + zone, Type: "A"} }
	var lists []core.ID
	for _, zone := range []string{"first.example.", "second.example."} {
		s.look(elsewhere(zone))
	}
	for _, e := range s.walk.requests {
		if l, ok := e.(core.List); ok && l.Operator == "one" {
			lists = append(lists, l.ID)
		}
	}
	s.walk.requests = nil
	for i, id := range lists {
		s.walk.step(core.ListAnswer{ID: id, Err: &operator.OutageError{Operator: "one", Action: "list", Reason: []string{"the first", "the second"}[i]}})
	}
	later := s.call(func(id core.ID) core.Event {
		return core.Look{ID: id, Key: elsewhere("third.example."), At: only("one")}
	})
	if outage := operator.AsOutage(s.walk.results[later].Seen["one"].Err); outage == nil || outage.Reason != "the first" {
		t.Errorf("%v", s.walk.results[later].Seen["one"].Err)
	}
}

// TestCreate_OneClock: what else happens while a creation waits for the slower operator sets no further clock.
func TestCreate_OneClock(t *testing.T) {
	s := newScene(t)
	s.create(a1)
	s.answer(fine, to("one", false))
	clocks := len(s.walk.timers)
	for _, key := range []rrset.Key{api1.Key, txt.Key, aaaa.Key} {
		s.walk.step(core.Owned{Key: key})
	}
	if len(s.walk.timers) != clocks || clocks == 0 {
		t.Errorf("%d clocks, before there were %d", len(s.walk.timers), clocks)
	}
	s.play(well)
	s.expectBoth(a1)
}

// TestLookAll_WhereAllIsOut: what is proven out is not asked for another zone either.
func TestLookAll_WhereAllIsOut(t *testing.T) {
	s := newScene(t)
	s.update(a1, a1)
	s.fail(&operator.OutageError{Operator: "one", Action: "write", Reason: "gone"})
	s.play(well)
	id := s.call(func(id core.ID) core.Event { return core.LookAll{ID: id, Zone: "third.example."} })
	if s.pending("one", false) {
		t.Error("it is asked")
	}
	s.play(well)
	if operator.AsOutage(s.walk.results[id].All["one"].Err) == nil {
		t.Errorf("%+v", s.walk.results[id].All["one"])
	}
}

// TestReading_OneQuestionAtATime: a name beyond the first page is asked for by itself, and after a few of them the
// whole zone, in one request each time.
func TestReading_OneQuestionAtATime(t *testing.T) {
	s := newScene(t)
	all := many(60, 3600)
	s.hold(all...)
	s.one().page = 5
	s.look(all[0].Key)
	s.play(well)
	lists := 0
	for _, r := range all[30:50] {
		s.look(r.Key)
		asked := 0
		for _, e := range s.walk.requests {
			if name, _ := of(e); name == "one" {
				asked++
			}
			if l, ok := e.(core.List); ok && l.Operator == "one" {
				lists++
			}
		}
		if asked > 1 || lists == 0 && asked != 1 {
			t.Errorf("%s: %d requests", r.Key, asked)
		}
		s.play(well)
	}
	if lists != 1 {
		t.Errorf("%d lists of the whole zone", lists)
	}
}

// TestOutage_OfWhatWasNotSentLeavesNoDoubt: one write is in doubt; what is not sent after it is not.
func TestOutage_OfWhatWasNotSentLeavesNoDoubt(t *testing.T) {
	s := newScene(t)
	first := s.update(a1, a1)
	s.play(writesTo("one", silence))
	second := s.update(api1, api1)
	s.play(well)
	if !s.outcome(first, "one").InDoubt() || s.outcome(second, "one").Err == nil || s.outcome(second, "one").InDoubt() {
		t.Errorf("%v, then %v", s.outcome(first, "one").Err, s.outcome(second, "one").Err)
	}
}
