package core_test

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
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

// TestOrder: one half of a delegation waits for the other where that is known to be missing, and not for ever.
func TestOrder(t *testing.T) {
	ns := record("child", "NS", 3600, "ns1.example.net.")
	ds := record("child", "DS", 3600, "12345 13 2 "+strings.Repeat("0f", 32))
	t.Run("a DS is created after its NS", func(t *testing.T) {
		s := newScene(t)
		first := s.create(ds)
		for s.answer(fine, anything) {
		}
		second := s.create(ns)
		s.until(func() bool { return s.over(second) })
		if s.over(first) && len(s.one().held) == 1 {
			t.Error("the DS did not wait")
		}
		s.play(well)
		s.expectBoth(ns, ds)
	})
	t.Run("an NS is deleted after its DS", func(t *testing.T) {
		s := newScene(t)
		s.hold(ns, ds)
		s.delete(ns.Key)
		for s.answer(fine, anything) {
		}
		second := s.delete(ds.Key)
		s.until(func() bool { return s.over(second) })
		if _, held := s.one().held[ns.Key]; !held {
			t.Error("the NS did not wait")
		}
		s.play(well)
		s.expectBoth()
	})
	t.Run("a DS that is missing with its NS is put back after it", func(t *testing.T) {
		s := newScene(t)
		s.two().hold(ns, ds)
		s.one().hold(api1)
		s.one().strict = true
		first := s.update(ds, ds)
		s.spend(swift().Ownership / 2)
		second := s.update(ns, ns)
		s.play(well)
		for _, id := range []core.ID{first, second} {
			if err := s.outcome(id, "one").Err; err != nil {
				t.Error(err)
			}
		}
		s.expect("one", api1, ns, ds)
		s.expect("two", ns, ds)
	})
	for _, c := range []struct {
		what string
		do   func(*scene)
		want []operator.RRset
	}{
		{"a DS without its NS", func(s *scene) { s.create(ds) }, []operator.RRset{ds}},
		{"an NS with a DS that stays", func(s *scene) { s.hold(ns, ds); s.delete(ns.Key) }, []operator.RRset{ds}},
		{"a DS whose NS is there", func(s *scene) { s.hold(ns); s.create(ds) }, []operator.RRset{ns, ds}},
		{"a DS whose NS is there, and one operator is out", func(s *scene) {
			s.hold(ns)
			s.create(ds)
			s.answer(down, to("two", false))
		}, []operator.RRset{ns, ds}},
		{"a lone DS goes at once", func(s *scene) { s.hold(ds, api1); s.delete(ds.Key) }, []operator.RRset{api1}},
		{"NS come beside a DS at once", func(s *scene) { s.hold(ds); s.create(ns) }, []operator.RRset{ns, ds}},
		{"a DS goes whatever stays", func(s *scene) { s.hold(ns, ds); s.delete(ds.Key) }, []operator.RRset{ns}},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			began := s.walk.now
			c.do(s)
			s.play(well)
			s.expect("one", c.want...)
			if !strings.HasSuffix(c.what, "is out") {
				s.expect("two", c.want...)
			}
			waited := s.walk.now.Sub(began) >= swift().Ownership
			if waits := strings.HasPrefix(c.what, "a DS without") || strings.HasPrefix(c.what, "an NS with"); waited != waits {
				t.Errorf("took %s", s.walk.now.Sub(began))
			}
		})
	}
}

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

// TestDelivery_Culprits: who is named is guilty, alone, and the others are written with the next request.
func TestDelivery_Culprits(t *testing.T) {
	s := newScene(t)
	all := many(4, 3600)
	s.one().bad, s.one().names = map[rrset.Key]bool{all[1].Key: true}, true
	ids := s.updateAll(all)
	s.play(well)
	for i, id := range ids {
		err := s.outcome(id, "one").Err
		if (err != nil) != (i == 1) || err != nil && !strings.Contains(err.Error(), "this one is bad") {
			t.Errorf("RRset %d: %v", i, err)
		}
	}
	if s.one().writes != 2 {
		t.Errorf("%d writes, want 2", s.one().writes)
	}
	s.expect("one", all[0], all[2], all[3])
}

// refuse answers the next write to operator one with that refusal.
func (s *scene) refuse(kind operator.RefusalKind, culprits map[int]string) {
	s.t.Helper()
	w := taken[core.Write](s, to("one", true))
	s.one().writes++
	s.walk.step(core.WriteAnswer{ID: w.ID, Err: &operator.RefusalError{Operator: "one", Action: "write", Kind: kind, Message: "no", Culprits: culprits}})
}

// refuseList answers the next list of an operator with that refusal.
func (s *scene) refuseList(name string, kind operator.RefusalKind) {
	s.t.Helper()
	list := taken[core.List](s, to(name, false))
	s.walk.step(core.ListAnswer{ID: list.ID, Err: &operator.RefusalError{Operator: name, Action: "read", Kind: kind, Message: "no"}})
}

// TestDelivery_Refusals is the table of what follows from a no to two changes.
func TestDelivery_Refusals(t *testing.T) {
	for _, c := range []struct {
		what     string
		kind     operator.RefusalKind
		culprits map[int]string
		writes   int // to operator one, with the refused one
		fails    int // of the two
		reads    int // further ones
	}{
		{"a token is asked once", operator.Unauthorized, nil, 1, 2, 0},
		{"so is a zone", operator.ZoneNotFound, nil, 1, 2, 0},
		{"there already: read anew and written again", operator.Exists, nil, 2, 0, 1},
		{"gone: the same", operator.Gone, nil, 2, 0, 1},
		{"another writer was faster: the same", operator.Raced, nil, 2, 0, 1},
		{"for its own reason: halved", operator.RefusedOther, nil, 3, 0, 0},
		{"a policy: halved", operator.Policy, nil, 3, 0, 0},
		{"too many: halved", operator.TooMany, nil, 3, 0, 0},
		{"the first is named", operator.Invalid, map[int]string{0: "bad"}, 2, 1, 0},
		{"both are named", operator.Invalid, map[int]string{0: "bad", 1: "bad"}, 1, 2, 0},
		{"nobody that there is is named", operator.Invalid, map[int]string{7: "bad"}, 1, 2, 0},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.hold(api1) // a zone that is empty is doubted
			all := many(2, 3600)
			ids := s.updateAll(all)
			s.until(func() bool { return s.pending("one", true) })
			reads := s.one().reads
			s.refuse(c.kind, c.culprits)
			s.play(well)
			fails := 0
			for _, id := range ids {
				if s.outcome(id, "one").Err != nil {
					fails++
				} else if !s.outcome(id, "one").Wrote {
					t.Error("what was written is not said to be")
				}
			}
			if s.one().writes != c.writes || fails != c.fails || s.one().reads-reads != c.reads {
				t.Errorf("%d writes, %d failed, %d reads; want %d, %d, %d", s.one().writes, fails, s.one().reads-reads, c.writes, c.fails, c.reads)
			}
			s.expect("two", append(all, api1)...)
		})
	}
}

// TestDelivery_StaleTogether: two changes that are said to be stale twice are tried one by one.
func TestDelivery_StaleTogether(t *testing.T) {
	s := newScene(t)
	s.hold(api1)
	all := many(2, 3600)
	ids := s.updateAll(all)
	for range 2 {
		s.until(func() bool { return s.pending("one", true) })
		s.refuse(operator.Raced, nil)
	}
	s.play(well)
	for _, id := range ids {
		if o := s.outcome(id, "one"); o.Err != nil || !o.Wrote {
			t.Errorf("%+v", o)
		}
	}
	s.expect("one", append(all, api1)...)
}

// TestDelivery_ForEverStale: an operator that says again and again that what it lists is not there contradicts itself.
// That is an outage, after two writes.
func TestDelivery_ForEverStale(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	id := s.update(a1, a2)
	for range 2 {
		s.until(func() bool { return s.pending("one", true) })
		s.refuse(operator.Gone, nil)
	}
	s.play(well)
	if outage := operator.AsOutage(s.outcome(id, "one").Err); outage == nil || !strings.Contains(outage.Reason, "contradict") ||
		outage.Operator != "one" || outage.Action != "write RRsets of "+zone {
		t.Errorf("%v", s.outcome(id, "one").Err)
	}
}

// TestDelivery_ReadOnly: what the operator keeps for itself is not written.
func TestDelivery_ReadOnly(t *testing.T) {
	locked := a1
	locked.ReadOnly = true
	for what, do := range map[string]func(*scene) core.ID{
		"changed":  func(s *scene) core.ID { return s.update(a1, a2) },
		"deleted":  func(s *scene) core.ID { return s.delete(a1.Key) },
		"replaced": func(s *scene) core.ID { return s.update(a1, cname) },
	} {
		s := newScene(t)
		s.one().hold(locked)
		s.two().hold(a1)
		id := do(s)
		s.play(well)
		if o := s.outcome(id, "one"); operator.AsRefusal(o.Err) == nil || !o.Known || s.one().writes > 0 {
			t.Errorf("%s: %v, %d writes", what, s.outcome(id, "one").Err, s.one().writes)
		}
		if s.outcome(id, "two").Err != nil {
			t.Errorf("%s: the other operator: %v", what, s.outcome(id, "two").Err)
		}
	}
}

// TestOrder_NobodyWaitsTwice: a creation that waits for the other half of a delegation keeps nobody else waiting, and
// what came is not waited for again.
func TestOrder_NobodyWaitsTwice(t *testing.T) {
	ns := record("child", "NS", 3600, "ns1.example.net.")
	ds := record("child", "DS", 3600, "12345 13 2 "+strings.Repeat("0f", 32))
	s := newScene(t)
	began := s.walk.now
	id := s.create(ds)
	s.spend(swift().Ownership / 2)
	never := s.await(api1.Key) // somebody waits for an owner, who cannot come
	s.spend(swift().Ownership / 2)
	if s.over(id) || s.over(never) {
		t.Fatal("one did not wait for what another call may bring")
	}
	s.play(well)
	if took := s.walk.now.Sub(began); took > 4*swift().Ownership {
		t.Errorf("took %s", took)
	}
	s.expectBoth(ds)

	// That others waited in vain does not make it impatient.
	s = newScene(t)
	s.await(api1.Key)
	s.play(well)
	s.hold(api1)
	s.one().strict, s.two().strict = true, true
	id = s.create(ds)
	s.spend(swift().Ownership / 2)
	s.create(ns)
	s.play(well)
	if s.outcome(id, "one").Err != nil {
		t.Error(s.outcome(id, "one").Err)
	}
	s.expectBoth(api1, ns, ds)

	// What was waited for and came is not waited for again.
	s = newScene(t)
	id = s.create(ds)
	s.spend(swift().Ownership / 2)
	s.create(ns)
	s.play(well)
	if s.outcome(id, "one").Err != nil {
		t.Error(s.outcome(id, "one").Err)
	}
	s.expectBoth(ns, ds)
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

// TestLookAll reads each zone to its end, once, and says what went wrong.
func TestLookAll(t *testing.T) {
	all := many(30, 3600)
	s := newScene(t)
	s.bare()
	s.hold(all...)
	s.one().page = 10
	lookAll := func() core.ID {
		return s.call(func(id core.ID) core.Event { return core.LookAll{ID: id, Zone: zone} })
	}
	name := s.look(all[3].Key) // the first page alone, and then the name
	first := lookAll()
	s.play(func(e core.Effect) string {
		if n, _ := of(e); n == "two" {
			return down
		}
		return fine
	})
	again := lookAll()
	if !s.over(again) {
		t.Error("it is read twice")
	}
	for _, id := range []core.ID{first, again} {
		r := s.walk.results[id]
		if len(r.All["one"].Held) != len(all) || !slices.IsSortedFunc(r.All["one"].Held, func(a, b operator.RRset) int { return strings.Compare(a.Name, b.Name) }) {
			t.Errorf("one: %d of %d, sorted: %v", len(r.All["one"].Held), len(all), r.All["one"].Held)
		}
		if operator.AsOutage(r.All["two"].Err) == nil {
			t.Errorf("two: %v", r.All["two"].Err)
		}
	}
	if s.one().reads != 1 {
		t.Errorf("%d readings, want one list to its end", s.one().reads)
	}
	if s.walk.results[name].Seen["one"].Held == nil {
		t.Error("the look beside it saw nothing")
	}
	if held := s.walk.machine.Held(s.walk.results[name].Seen["one"].Held.Key); len(held) != 1 || held["one"] == nil {
		t.Errorf("known to be held: %v, want what one has, and nothing of two", held)
	}
	if ttl := s.walk.machine.LowestTTL("one", zone); ttl != 3600 {
		t.Errorf("lowest TTL %d", ttl)
	}
	if ttl := s.walk.machine.LowestTTL("two", zone); ttl != 0 {
		t.Errorf("lowest TTL %d where nothing was read", ttl)
	}
	s = newScene(t)
	id := lookAll()
	s.walk.step(core.Cancel{ID: id})
	if !s.over(id) || operator.AsOutage(s.walk.results[id].All["one"].Err) == nil {
		t.Error("an interrupt does not end it")
	}
}

// TestReading_HugeZone: of a zone that does not fit into one page few names are read one by one, and many make the list
// worth its pages.
func TestReading_HugeZone(t *testing.T) {
	for _, c := range []struct{ names, more, lists, single int }{
		{1, 0, 1, 1},
		{3, 0, 1, 3},
		{7, 0, 1, 7},
		{8, 0, 1, 0}, // all pages of the first list
		{1, 7, 1, 8},
		{1, 8, 2, 8}, // the ninth makes the list the cheaper way
		{1, 20, 2, 8},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			s := newScene(t)
			all := many(40, 3600)
			s.hold(all...)
			s.one().page = 10
			lists, single := 0, 0
			count := func(e core.Effect) string {
				switch e := e.(type) {
				case core.List:
					if e.Operator == "one" {
						lists++
					}
				case core.ListName:
					if e.Operator == "one" {
						single++
					}
				}
				return fine
			}
			for i := range c.names {
				s.look(all[i].Key)
			}
			s.play(count)
			for i := range c.more {
				id := s.look(all[20+i].Key)
				s.play(count)
				if o := s.walk.results[id].Seen["one"]; o.Held == nil {
					t.Errorf("look %d: %+v", i, o)
				}
				s.look(all[20+i].Key) // what was read is known
			}
			if lists != c.lists || single != c.single {
				t.Errorf("%d lists and %d names, want %d and %d", lists, single, c.lists, c.single)
			}
		})
	}
}

// TestReading_OneNameFails: a name that cannot be read is told so and not asked again, and the operator is out.
func TestReading_OneNameFails(t *testing.T) {
	s := newScene(t)
	all := many(20, 3600)
	s.hold(all...)
	s.one().page = 5
	id := s.look(all[0].Key)
	s.play(func(e core.Effect) string {
		if _, single := e.(core.ListName); single {
			return down
		}
		return fine
	})
	if operator.AsOutage(s.walk.results[id].Seen["one"].Err) == nil {
		t.Errorf("%+v", s.walk.results[id].Seen["one"])
	}
	for _, key := range []rrset.Key{all[0].Key, all[1].Key} {
		again := s.look(key)
		if !s.over(again) || operator.AsOutage(s.walk.results[again].Seen["one"].Err) == nil {
			t.Errorf("%s is asked for again", key)
		}
	}
}

// TestReading_OneOutageForAllZones: who is proven out is not asked for another zone.
func TestReading_OneOutageForAllZones(t *testing.T) {
	s := newScene(t)
	s.look(a1.Key)
	s.play(func(e core.Effect) string {
		if name, _ := of(e); name == "one" {
			return down
		}
		return fine
	})
	elsewhere := a1.Key
	elsewhere.Zone, elsewhere.Name = "example.net.", "www.example.net."
	id := s.look(elsewhere)
	if s.pending("one", false) || !s.pending("two", false) {
		t.Error("the one is asked again, or the other is not")
	}
	s.play(well)
	if operator.AsOutage(s.walk.results[id].Seen["one"].Err) == nil {
		t.Errorf("%+v", s.walk.results[id].Seen["one"])
	}
}

// TestLook_Others are sorted, whatever order they were read in.
func TestLook_Others(t *testing.T) {
	s := newScene(t)
	mx, txt := record("www", "MX", 3600, "10 mx.example.net."), record("www", "TXT", 3600, `"x"`)
	s.hold(a1, aaaa, mx, txt)
	id := s.look(a1.Key)
	s.play(well)
	var types []string
	for _, r := range s.walk.results[id].Seen["one"].Others {
		types = append(types, r.Type)
	}
	if got := strings.Join(types, " "); got != "AAAA MX TXT" {
		t.Error(got)
	}
}

// TestCreate_BesideOthers: a creation takes away what the run deletes and what cannot stand beside it, and nothing
// else.
func TestCreate_BesideOthers(t *testing.T) {
	for _, c := range []struct {
		what     string
		want     operator.RRset
		held     []operator.RRset
		tell     []core.Event
		conflict bool
		expect   []operator.RRset
	}{
		{"a CNAME meets a foreign type", cname, []operator.RRset{a1}, nil, true, []operator.RRset{a1}},
		{"a CNAME meets what leaves", cname, []operator.RRset{a1}, []core.Event{core.Leaving{Key: a1.Key}}, false, []operator.RRset{cname}},
		{
			"a CNAME meets what leaves and is foreign there", cname, []operator.RRset{a1},
			[]core.Event{core.Leaving{Key: a1.Key, Foreign: only("one", "two")}}, true, []operator.RRset{a1},
		},
		{
			"a CNAME meets what leaves and is declared", cname, []operator.RRset{a1},
			[]core.Event{core.Leaving{Key: a1.Key}, core.Declared{Key: a1.Key}}, true, []operator.RRset{a1},
		},
		{"a CNAME meets what is ours and stays", cname, []operator.RRset{a1}, []core.Event{core.Kept{Key: a1.Key}}, true, []operator.RRset{a1}},
		{"a type beside one that leaves", aaaa, []operator.RRset{a1}, []core.Event{core.Leaving{Key: a1.Key}}, false, []operator.RRset{a1, aaaa}},
		{"a type in place of a CNAME that leaves", aaaa, []operator.RRset{cname}, []core.Event{core.Leaving{Key: cname.Key}}, false, []operator.RRset{aaaa}},
		{"other values of ours", a2, []operator.RRset{a1}, []core.Event{core.Owned{Key: a1.Key}}, false, []operator.RRset{a2}},
		{"other values of ours, foreign there", a2, []operator.RRset{a1}, []core.Event{core.Leaving{Key: a1.Key, Foreign: only("one", "two")}}, true, []operator.RRset{a1}},
		{"other values of a stranger's", a2, []operator.RRset{a1}, nil, true, []operator.RRset{a1}},
	} {
		s := newScene(t)
		s.hold(c.held...)
		for _, e := range c.tell {
			s.walk.step(e)
		}
		id := s.create(c.want)
		s.play(well)
		if _, conflict := errors.AsType[*core.ConflictError](s.outcome(id, "one").Err); conflict != c.conflict {
			t.Errorf("%s: %v", c.what, s.outcome(id, "one").Err)
		}
		s.expectBoth(c.expect...)
	}
}

// emptied is a zone whose last RRsets the run deleted, one name after the other, so that it was never read as a whole.
// The whole list is on its way: it was asked for before the run writes again.
func emptied(t *testing.T) (s *scene, all core.ID, list core.List) {
	t.Helper()
	s = newScene(t)
	s.bare()
	s.one().page = 1
	s.hold(api1, txt)
	for _, key := range []rrset.Key{api1.Key, txt.Key} {
		s.delete(key)
	}
	s.play(well)
	all = s.call(func(id core.ID) core.Event { return core.LookAll{ID: id, Zone: zone} })
	return s, all, taken[core.List](s, to("one", false))
}

// witness reports whether operator one is asked whether its zone is empty.
func witness(e core.Effect) bool {
	a, ok := e.(core.AskEmpty)
	return ok && a.Operator == "one" && a.Zone == zone
}

// TestReading_EmptyListAndOwnWrites: what the run itself writes beside an empty list does not make that a lie.
func TestReading_EmptyListAndOwnWrites(t *testing.T) {
	for _, when := range []string{"pending", "away", "written"} {
		s, all, list := emptied(t)
		made := s.create(api2)
		if when != "pending" {
			s.until(func() bool { return s.pending("one", true) }, to("two", false))
		}
		if when == "written" {
			s.answer(fine, to("one", true))
		}
		s.walk.step(core.ListAnswer{ID: list.ID, Complete: true})
		if slices.ContainsFunc(s.walk.requests, witness) != (when == "pending") {
			t.Errorf("%s: the witness is asked: %t", when, when != "pending")
		}
		if when == "pending" { // it answers once that was written
			asked := taken[core.AskEmpty](s, witness)
			s.until(func() bool { return len(s.one().held) > 0 })
			s.walk.step(core.EmptyAnswer{ID: asked.ID, HoldsAny: true})
		}
		s.play(well)
		for _, name := range []string{"one", "two"} {
			if err := s.outcome(made, name).Err; err != nil {
				t.Errorf("%s: %v", when, err)
			}
		}
		if got := s.walk.results[all].All["one"]; got.Err != nil || len(got.Held) != 1 {
			t.Errorf("%s: %+v", when, got)
		}
		s.expectBoth(api2)
	}
}

// TestReading_EmptyListAfterOwnWrites: a list that does not even show what the run wrote is a lie, and one that cannot
// be read anew tells nothing; nobody waits for ever.
func TestReading_EmptyListAfterOwnWrites(t *testing.T) {
	for _, second := range []core.ListAnswer{
		{Complete: true},
		{Complete: true, Held: []operator.RRset{txt}},
		{Err: &operator.OutageError{Operator: "one", Action: "list", Reason: "HTTP 500"}},
	} {
		s, all, list := emptied(t)
		made := s.create(api2)
		s.until(func() bool { return s.over(made) }, to("one", true), to("two", true), to("two", false))
		s.walk.step(core.ListAnswer{ID: list.ID, Complete: true})
		second.ID = taken[core.List](s, to("one", false)).ID
		s.walk.step(second)
		s.play(well)
		if got := s.walk.results[all].All["one"]; operator.AsOutage(got.Err) == nil {
			t.Errorf("%+v", got)
		}
		if o := s.outcome(made, "one"); o.Err != nil {
			t.Errorf("%+v", o)
		}
	}
}

// TestReading_EmptyListAndNoRight: where the list may not be read anew, what is known of it stands.
func TestReading_EmptyListAndNoRight(t *testing.T) {
	s, all, list := emptied(t)
	made := s.create(api2)
	s.until(func() bool { return s.over(made) }, to("one", true), to("two", true), to("two", false))
	s.walk.step(core.ListAnswer{ID: list.ID, Complete: true})
	s.refuseList("one", operator.Unauthorized)
	s.play(well)
	if got := s.walk.results[all].All["one"]; got.Err != nil || len(got.Held) != 1 {
		t.Errorf("%+v", got)
	}
}

// TestReading_LateListAfterAWrite: a list that was asked for before a write left says nothing of what was written.
func TestReading_LateListAfterAWrite(t *testing.T) {
	s := newScene(t)
	all := many(30, 3600)
	s.hold(all...)
	s.one().page = 10
	s.look(all[0].Key)
	s.play(well)
	old := s.one().all()
	after := record("r00", "A", 60, "192.0.2.7")
	s.call(func(id core.ID) core.Event { return core.LookAll{ID: id, Zone: zone} })
	change := s.update(all[0], after)
	s.changeMade(change)
	list := taken[core.List](s, to("one", false))
	s.walk.step(core.ListAnswer{ID: list.ID, Held: old, Complete: true})
	s.play(well)
	id := s.look(after.Key)
	s.play(well)
	if o := s.walk.results[id].Seen["one"]; o.Held == nil || show(*o.Held) != show(after) {
		t.Errorf("%+v", o)
	}
}

// changeMade lets a change be made while the list of operator one stays away.
func (s *scene) changeMade(id core.ID) {
	s.t.Helper()
	for range 500 {
		switch {
		case s.over(id):
			return
		case s.answer(fine, to("one", true)), s.answer(fine, to("two", true)), s.answer(fine, to("two", false)):
		default:
			s.walk.tick()
		}
	}
	s.t.Fatal("the change is not made")
}

// TestGate: a creation looks at both operators before it writes at one; the one that is silent has a second.
func TestGate(t *testing.T) {
	s := newScene(t)
	began := s.walk.now
	id := s.create(a1)
	s.answer(fine, to("one", false))
	for !s.pending("one", true) {
		s.walk.tick()
	}
	if took := s.walk.now.Sub(began); took < swift().Gate || took > swift().Gate+time.Second {
		t.Errorf("written after %s", took)
	}
	s.answer(fine, to("one", true))
	s.answer(fine, to("two", false))
	s.play(well)
	if s.outcome(id, "one").Err != nil || s.outcome(id, "two").Err != nil {
		t.Errorf("%+v", s.walk.results[id].Outcomes)
	}
	s.expectBoth(a1)

	// A conflict that is told in time keeps the other operator unwritten.
	s = newScene(t)
	s.two().hold(a2)
	id = s.create(a1)
	s.play(well)
	if _, ok := errors.AsType[*core.ConflictError](s.outcome(id, "two").Err); !ok || s.one().writes+s.two().writes > 0 {
		t.Errorf("%v, %d writes", s.outcome(id, "two").Err, s.one().writes+s.two().writes)
	}
	// And so does one that is told while the other has not answered at all.
	s = newScene(t)
	s.two().hold(a2)
	id = s.create(a1)
	s.answer(fine, to("two", false))
	for !s.over(id) {
		s.walk.tick()
	}
	if o := s.outcome(id, "one"); !o.Foreign || o.Err == nil || s.one().writes > 0 {
		t.Errorf("%+v", o)
	}
}

// TestGate_KeepsTheReason: an operator that was out before another one refused is said to be out, not to be
// interrupted.
func TestGate_KeepsTheReason(t *testing.T) {
	s := newScene(t)
	s.two().hold(a2)
	id := s.create(a1)
	s.answer(down, to("one", false))
	s.play(well)
	if outage := operator.AsOutage(s.outcome(id, "one").Err); outage == nil || outage.Reason != down {
		t.Errorf("%v", s.outcome(id, "one").Err)
	}
}

// TestCreate_Outages: what an operator that is out is owed, and what a caller that wants none of it gets.
func TestCreate_Outages(t *testing.T) {
	out := func(e core.Effect) string {
		if name, _ := of(e); name == "one" {
			return down
		}
		return fine
	}
	s := newScene(t)
	id := s.create(a1)
	s.play(out)
	if o := s.outcome(id, "one"); !o.Foreign || o.Known || o.Err == nil {
		t.Errorf("%+v", o)
	}
	s.expect("two", a1)

	s = newScene(t)
	id = s.create(a1, func(c *core.Create) { c.FailOnOutage = true })
	s.play(out)
	if s.outcome(id, "one").Err == nil {
		t.Error("no error")
	}
	s.expectBoth()

	// What the state knew under another address is ours, read or not.
	s = newScene(t)
	s.walk.step(core.Owned{Key: a1.Key})
	id = s.create(a1)
	s.play(out)
	if s.outcome(id, "one").Foreign {
		t.Error("it counts as foreign")
	}
}

// TestCreate_Interrupted: what was not sent is not sent any more, and what was is told.
func TestCreate_Interrupted(t *testing.T) {
	s := newScene(t)
	id := s.create(a1)
	s.walk.step(core.Cancel{ID: id})
	if o := s.outcome(id, "one"); o.Err == nil || !o.Foreign {
		t.Errorf("before anything was read: %+v", o)
	}
	s.play(well)
	s.expectBoth()

	s = newScene(t)
	id = s.create(a1)
	s.bothWrite()
	s.answer(fine, to("one", true))
	s.walk.step(core.Cancel{ID: id})
	if aborts := len(s.walk.aborted); aborts != 1 {
		t.Errorf("%d requests are ended, want the one that is away", aborts)
	}
	s.answer(fine, to("two", true)) // it was carried out all the same
	s.play(well)
	if o := s.outcome(id, "two"); o.Err != nil || !o.Wrote {
		t.Errorf("%+v", o)
	}
	s.expectBoth(a1)
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

// TestDelete_Replacing: a deletion that makes room is made everywhere or nowhere.
func TestDelete_Replacing(t *testing.T) {
	replacing := func(d *core.Delete) { d.Replacing = true }
	for _, c := range []struct {
		what        string
		read, write []string // of operator two, in order
		one         error    // what is said of operator one
		holds       bool     // operator one, in the end
	}{
		{"both answer", nil, nil, nil, false},
		{"two cannot be read", []string{down}, nil, core.ErrTakenBack, true},
		{"two cannot be written", nil, []string{down}, core.ErrTakenBack, true},
		{"two refuses", nil, []string{no}, core.ErrTakenBack, true},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.hold(a1)
			id := s.delete(a1.Key, replacing)
			reads, writes := 0, 0
			s.play(func(e core.Effect) string {
				name, write := of(e)
				if name != "two" {
					return fine
				}
				if write {
					writes++
					if writes <= len(c.write) {
						return c.write[writes-1]
					}
				} else {
					reads++
					if reads <= len(c.read) {
						return c.read[reads-1]
					}
				}
				return fine
			})
			if err := s.outcome(id, "one").Err; !errors.Is(err, c.one) || c.one == nil && err != nil {
				t.Errorf("one: %v", err)
			}
			if (s.outcome(id, "two").Err != nil) != c.holds {
				t.Errorf("two: %v", s.outcome(id, "two").Err)
			}
			if _, held := s.one().held[a1.Key]; held != c.holds {
				t.Errorf("one holds it: %t", held)
			}
			if o := s.outcome(id, "one"); !o.Known || (o.Held != nil) != c.holds || c.holds && show(*o.Held) != show(a1) {
				t.Errorf("one: %+v", o)
			}
		})
	}
}

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

// TestDelete_Foreign: what was never ours stays; what we hold under a former type goes.
func TestDelete_Foreign(t *testing.T) {
	for _, c := range []struct {
		what string
		own  core.Ownership
		one  []operator.RRset
		kept bool
	}{
		{"ours", core.Ownership{}, []operator.RRset{aaaa, txt}, false},
		{"foreign", core.Ownership{Foreign: only("one")}, []operator.RRset{a1, aaaa, txt}, true},
		{"a former type as well", core.Ownership{Former: former("one", "AAAA")}, []operator.RRset{txt}, false},
		{"two former types as well", core.Ownership{Former: former("one", "AAAA", "TXT")}, nil, false},
		{"a former type of the other operator", core.Ownership{Former: former("two", "MX")}, []operator.RRset{aaaa, txt}, false},
		{"foreign beside a former type", core.Ownership{Foreign: only("one"), Former: former("one", "AAAA")}, []operator.RRset{a1, txt}, false},
		{"foreign beside two former types", core.Ownership{Foreign: only("one"), Former: former("one", "AAAA", "TXT")}, []operator.RRset{a1}, false},
	} {
		s := newScene(t)
		s.hold(a1, aaaa, txt)
		id := s.delete(a1.Key, func(d *core.Delete) { d.Ownership = c.own })
		s.play(well)
		if o := s.outcome(id, "one"); o.Err != nil || o.Kept != c.kept || !o.Known || o.Kept && o.Held == nil || s.one().writes > 1 {
			t.Errorf("%s: %+v after %d writes", c.what, o, s.one().writes)
		}
		s.expect("one", c.one...)
		s.expect("two", aaaa, txt)
	}
}

// TestDelete_PassesOn: what an operator holds of other types, and another address declares, is not forgotten before
// that has it, if it is in sight.
func TestDelete_PassesOn(t *testing.T) {
	declared, kept := core.Declared{Key: a1.Key}, core.Kept{Key: a1.Key}
	was, ceded := core.Ownership{Former: former("one", "A")}, core.Ownership{Ceded: anywhere("A")}
	creates := func(s *scene) { s.create(a1) }
	fails := func(s *scene) { s.two().bad = map[rrset.Key]bool{a1.Key: true}; s.create(a1) }
	interrupts := func(s *scene) { s.walk.step(core.Cancel{ID: 1}) }
	for _, c := range []struct {
		what     string
		own      core.Ownership
		told     []core.Event
		with     func(*core.Delete)
		meantime func(*scene)
		waits    bool
		gone     bool             // before the deletion
		one, two error            // how it ends there
		holds    []operator.RRset // at one
		other    []operator.RRset // at two
	}{
		{what: "nobody declares it", own: was},
		{what: "taken already", own: was, told: []core.Event{kept}, holds: []operator.RRset{a1}},
		{what: "taken meanwhile", own: was, told: []core.Event{declared}, meantime: creates, waits: true, holds: []operator.RRset{a1}, other: []operator.RRset{a1}},
		{what: "not taken", own: was, told: []core.Event{declared}, meantime: fails, waits: true, one: core.ErrNotTaken, holds: []operator.RRset{a1}},
		{what: "nobody comes", own: was, told: []core.Event{declared}, waits: true, holds: []operator.RRset{a1}},
		{what: "interrupted", own: was, told: []core.Event{declared}, meantime: interrupts, waits: true, one: core.ErrNotTaken, holds: []operator.RRset{a1}},
		{what: "gone", own: was, told: []core.Event{declared}, gone: true},
		{what: "left before, and not taken", own: ceded, told: []core.Event{declared}, meantime: fails, waits: true, one: core.ErrNotTaken, holds: []operator.RRset{a1}},
		{what: "left before, and nobody declares it", own: ceded, holds: []operator.RRset{a1}},
		{
			what: "a replacement is taken back", own: was, told: []core.Event{declared}, with: func(d *core.Delete) { d.Replacing = true },
			meantime: fails, waits: true, one: core.ErrNotTaken, two: core.ErrTakenBack, holds: []operator.RRset{a1, txt}, other: []operator.RRset{txt},
		},
		{
			what: "its own type is handed over, the other one taken", own: was, told: []core.Event{declared, core.Kept{Key: txt.Key}},
			meantime: creates, waits: true, holds: []operator.RRset{a1, txt}, other: []operator.RRset{a1, txt},
		},
		{
			what: "its own type is handed over, the other one not taken", own: was, told: []core.Event{declared, core.Kept{Key: txt.Key}},
			meantime: fails, waits: true, one: core.ErrNotTaken, holds: []operator.RRset{a1, txt}, other: []operator.RRset{txt},
		},
		{
			what: "its own type is handed over, and one left before not taken", own: ceded, told: []core.Event{declared, core.Kept{Key: txt.Key}},
			meantime: fails, waits: true, one: core.ErrNotTaken, holds: []operator.RRset{a1, txt}, other: []operator.RRset{txt},
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.one().hold(a1, txt)
			s.two().hold(txt)
			if c.gone {
				delete(s.one().held, a1.Key)
			}
			for _, e := range c.told {
				s.walk.step(e)
			}
			id := s.delete(txt.Key, func(d *core.Delete) {
				d.Ownership = c.own
				if c.with != nil {
					c.with(d)
				}
			})
			if c.waits {
				s.spend(swift().Ownership / 2)
				if s.over(id) {
					t.Fatal("it did not wait")
				}
			}
			if c.meantime != nil {
				c.meantime(s)
			}
			began := s.walk.now
			s.play(well)
			if took := s.walk.now.Sub(began); c.meantime == nil && !c.waits && took >= swift().Ownership {
				t.Errorf("waited %s", took)
			}
			if one, two := s.outcome(id, "one").Err, s.outcome(id, "two").Err; !errors.Is(one, c.one) || !errors.Is(two, c.two) || c.one == nil && one != nil || c.two == nil && two != nil {
				t.Errorf("one: %v, two: %v", one, two)
			}
			s.expect("one", c.holds...)
			s.expect("two", c.other...)
		})
	}
}

// TestDelete_HandedOver is the table of what a deletion does with an RRset that another address declares.
func TestDelete_HandedOver(t *testing.T) {
	noted := func(d *core.Delete) { d.HandedOver = true }
	taken := func(d *core.Delete) { d.HandedOver, d.Taken = true, true }
	for _, c := range []struct {
		what   string
		before func(*scene)
		with   func(*core.Delete)
		after  func(*scene)
		err    bool
	}{
		{what: "noted, and nobody comes", with: noted},
		{what: "noted, and in the state there", with: taken},
		{what: "declared, and in the state there", before: func(s *scene) { s.walk.step(core.Kept{Key: a1.Key}) }},
		{
			what: "validated, planned and created", before: func(s *scene) { s.walk.step(core.Validated{Key: a1.Key}) },
			after: func(s *scene) { s.walk.step(core.Expected{Key: a1.Key}); s.create(a1) },
		},
		{what: "validated, and its plan fails", before: func(s *scene) { s.walk.step(core.Validated{Key: a1.Key}) }, err: true},
		{
			what: "validated, and its plan takes long", before: func(s *scene) { s.walk.step(core.Validated{Key: a1.Key}) },
			after: func(s *scene) { s.walk.step(core.Planning{Key: a1.Key}) },
		},
		{
			what: "validated, and its plan fails in the end", before: func(s *scene) { s.walk.step(core.Validated{Key: a1.Key}) },
			after: func(s *scene) {
				s.walk.step(core.Planning{Key: a1.Key})
				s.spend(swift().Ownership / 2)
				s.walk.step(core.Validated{Key: a1.Key})
			}, err: true,
		},
		{
			what: "validated long after the deletion, and planned", with: noted,
			after: func(s *scene) {
				s.spend(swift().Ownership * 9 / 10)
				s.walk.step(core.Validated{Key: a1.Key})
				s.spend(swift().Ownership / 2)
				s.walk.step(core.Planning{Key: a1.Key})
				s.create(a1)
			},
		},
		{
			what:   "validated and planned, and nobody comes",
			before: func(s *scene) { s.walk.step(core.Validated{Key: a1.Key}); s.walk.step(core.Expected{Key: a1.Key}) },
		},
		{
			what:   "validated, and in the state there",
			before: func(s *scene) { s.walk.step(core.Validated{Key: a1.Key}); s.walk.step(core.Kept{Key: a1.Key}) },
		},
		{what: "declared, and created", before: func(s *scene) { s.walk.step(core.Declared{Key: a1.Key}) }, after: func(s *scene) { s.create(a1) }},
		{
			what: "declared, and the creation is refused", before: func(s *scene) { s.walk.step(core.Declared{Key: a1.Key}) },
			after: func(s *scene) { s.two().bad = map[rrset.Key]bool{a1.Key: true}; s.create(a2) }, err: true,
		},
		{
			what: "declared, and the creation reaches nobody", before: func(s *scene) { s.walk.step(core.Declared{Key: a1.Key}) },
			after: func(s *scene) { s.create(a2); s.answer(down, to("one", false)); s.answer(down, to("two", false)) }, err: true,
		},
		{
			what: "declared, and interrupted", before: func(s *scene) { s.walk.step(core.Declared{Key: a1.Key}) },
			after: func(s *scene) {
				for id := range s.walk.running {
					s.walk.step(core.Cancel{ID: id})
				}
			}, err: true,
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.hold(a1)
			if c.before != nil {
				c.before(s)
			}
			id := s.delete(a1.Key, func(d *core.Delete) {
				if c.with != nil {
					c.with(d)
				}
			})
			if c.after != nil {
				c.after(s)
			}
			s.play(well)
			for _, name := range []string{"one", "two"} {
				o := s.outcome(id, name)
				if held := s.world.service(name).held[a1.Key]; o.Known && show(*o.Held) != show(held) {
					t.Errorf("%s is said to hold %s", name, show(*o.Held))
				}
				if (o.Err != nil) != c.err || o.Kept == c.err {
					t.Errorf("%s: %+v", name, o)
				}
			}
			s.expectBoth(a1)
		})
	}
}

// TestDelete_HandedOverWhileOut: what is handed over needs no answer from an operator that is out.
func TestDelete_HandedOverWhileOut(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	id := s.delete(a1.Key)
	s.answer(down, to("one", false))
	s.walk.step(core.Declared{Key: a1.Key})
	s.create(a1)
	s.play(well)
	for _, name := range []string{"one", "two"} {
		if o := s.outcome(id, name); o.Err != nil || !o.Kept {
			t.Errorf("%s: %+v", name, o)
		}
	}
	s.expectBoth(a1)
}

// TestDelete_FollowsAnother: a deletion that another call makes with its own write waits for that one, which may be
// waiting itself for what never comes.
func TestDelete_FollowsAnother(t *testing.T) {
	s := newScene(t)
	s.one().hold(a1, aaaa)
	s.two().hold(a2)
	for _, key := range []rrset.Key{a1.Key, aaaa.Key} {
		s.walk.step(core.Leaving{Key: key, Foreign: only("two")})
	}
	change := s.call(func(id core.ID) core.Event {
		return core.Update{ID: id, From: a1.Key, Want: desired(cname), At: everywhere, Ownership: core.Ownership{Foreign: only("two")}}
	})
	deletion := s.delete(aaaa.Key)
	s.play(well)
	if _, ok := errors.AsType[*core.ConflictError](s.outcome(change, "two").Err); !ok {
		t.Errorf("two: %v", s.outcome(change, "two").Err)
	}
	if s.outcome(deletion, "one").Err != nil {
		t.Error(s.outcome(deletion, "one").Err)
	}
	s.expect("one", cname)
	s.expect("two", a2)
}

// TestDelete_NoZone: a deletion ends where the zone is gone.
func TestDelete_NoZone(t *testing.T) {
	t.Run("deleted", func(t *testing.T) { noZone(t, false) })
	t.Run("replaced", func(t *testing.T) { noZone(t, true) })
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

// TestDelete_NoZoneShown: an empty answer alone does not prove that the zone is gone: the deletion fails there, and the
// state keeps what may be left in it.
func TestDelete_NoZoneShown(t *testing.T) {
	for _, replacing := range []bool{false, true} {
		s := newScene(t)
		s.hold(a1)
		id := s.delete(a1.Key, func(d *core.Delete) { d.Replacing = replacing })
		list := taken[core.List](s, to("one", false))
		s.walk.step(core.ListAnswer{ID: list.ID, Err: &operator.RefusalError{
			Operator: "one", Action: "look up", Kind: operator.ZoneNotFound, Unproven: true, Message: "none",
		}})
		s.play(well)
		if o := s.outcome(id, "one"); o.Err == nil || o.NoZone {
			t.Errorf("replacing %t: %+v", replacing, o)
		}
		s.expect("one", a1)
		if replacing {
			s.expect("two", a1)
		} else {
			s.expect("two")
		}
	}
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

// TestCompany_TimeAwayIsNotTheirs: a queue whose batch is away for long does not take the changes behind it for slow ones.
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

// TestCreate_GateCountsFromTheFirstAnswer: however long the first operator took, the other has its time to tell of a
// conflict.
func TestCreate_GateCountsFromTheFirstAnswer(t *testing.T) {
	s := newScene(t)
	s.hold(many(20, 3600)...)
	s.one().page, s.two().page = 5, 5
	s.look(api1.Key) // neither list was read to its end
	s.play(well)
	s.two().hold(a2)
	id := s.create(a1)
	s.walk.now = s.walk.now.Add(2 * swift().Gate)
	s.answer(fine, to("one", false))
	s.pass(swift().Gate/2, func() {}) // nothing is answered
	s.play(well)
	if s.one().writes > 0 || s.outcome(id, "two").Err == nil {
		t.Errorf("%d writes, %v", s.one().writes, s.outcome(id, "two").Err)
	}
}

// TestCreate_GateIsNotWaitedForInVain: an operator that is out, or was waited for long enough, holds no other one up.
func TestCreate_GateIsNotWaitedForInVain(t *testing.T) {
	for what, before := range map[string]func(*scene){
		"out":           func(s *scene) { s.answer(down, to("two", false)) },
		"waited before": func(s *scene) { s.walk.now = s.walk.now.Add(2 * swift().Gate) },
	} {
		s := newScene(t)
		s.create(a1)
		before(s)
		began := s.walk.now
		for s.answer(fine, to("one", false)); !s.pending("one", true); s.walk.tick() {
		}
		if took := s.walk.now.Sub(began); took >= swift().Gate {
			t.Errorf("%s: took %s", what, took)
		}
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

// TestCreate_SparedWhereAnotherRefuses: what is held where nothing was written, because another operator refuses, is
// told.
func TestCreate_SparedWhereAnotherRefuses(t *testing.T) {
	s := newScene(t)
	s.one().hold(a1)
	s.two().hold(a2)
	id := s.create(a1)
	s.play(well)
	if o := s.outcome(id, "one"); !o.Known || o.Held == nil || show(*o.Held) != show(a1) || o.Wrote {
		t.Errorf("%+v", o)
	}
	s.expect("one", a1)
	s.expect("two", a2)
}
