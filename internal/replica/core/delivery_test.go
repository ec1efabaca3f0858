package core_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

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

// scene is a machine between two operators, and everything that it asked for so far. Answers are given by the test, or
// all at once.
type scene struct {
	t     *testing.T
	walk  *walk
	world *world
}

func newScene(t *testing.T) *scene {
	t.Helper()
	tf := &terraform{world: newWorld("one", "two"), state: map[string]*instance{}, notes: map[string]note{}, past: map[rrset.Key]string{}, ours: map[string]bool{}}
	w := tf.newWalk(&script{}, 10, nil, false, func(string) {})
	s := &scene{t: t, walk: w, world: tf.world}
	for _, service := range s.world.operators {
		service.apex = true
	}
	t.Cleanup(s.goesOn)
	return s
}

// goesOn: whatever became of the calls of a scene, another one still comes to its end, is written where the operator is
// not out, and nothing is written with it that was left behind.
func (s *scene) goesOn() {
	if s.t.Failed() || len(s.walk.running) > 0 {
		return
	}
	for _, service := range s.world.operators {
		clear(service.bad)
		clear(service.poison)
	}
	last := record("last", "A", 3600, "192.0.2.99")
	before := map[string][]string{}
	for _, service := range s.world.operators {
		before[service.name] = service.lines()
	}
	id := s.update(last, last)
	s.play(well)
	for _, service := range s.world.operators {
		_, held := service.held[last.Key]
		delete(service.held, last.Key)
		if !slices.Equal(service.lines(), before[service.name]) {
			s.t.Errorf("once all calls were over %s held %q, and now %q", service.name, before[service.name], service.lines())
		}
		err := s.outcome(id, service.name).Err
		if !held && operator.AsOutage(err) == nil && !operator.RefusedAs(err, operator.ZoneNotFound) && !operator.RefusedAs(err, operator.Unauthorized) {
			s.t.Errorf("%s was not written afterwards: %v", service.name, err)
		}
	}
}

// bare takes away what every zone holds, so that a list may be empty.
func (s *scene) bare() {
	for _, service := range s.world.operators {
		service.apex = false
	}
}

func (s *scene) one() *service { return s.world.service("one") }
func (s *scene) two() *service { return s.world.service("two") }

// call hands in a call and returns its name.
func (s *scene) call(event func(core.ID) core.Event) core.ID { return s.walk.call(event) }

func (s *scene) update(from, want operator.RRset) core.ID {
	return s.call(func(id core.ID) core.Event {
		return core.Update{ID: id, From: from.Key, Want: desired(want), At: everywhere}
	})
}

// updateAll announces all changes, as a plan does, and hands them in.
func (s *scene) updateAll(all []operator.RRset) (ids []core.ID) {
	for _, r := range all {
		s.walk.step(core.Expected{Key: r.Key})
	}
	for _, r := range all {
		ids = append(ids, s.update(r, r))
	}
	return ids
}

// answer answers the next request that passes, and reports whether there was one.
func (s *scene) answer(fault string, passes func(core.Effect) bool) bool {
	if !slices.ContainsFunc(s.walk.requests, passes) {
		return false
	}
	s.walk.step(s.world.answer(taken[core.Effect](s, passes), fault, s.walk.machine.Enough))
	return true
}

// taken takes away the next request that passes, for an answer that the operators would not give.
func taken[E core.Effect](s *scene, passes func(core.Effect) bool) E {
	s.t.Helper()
	at := slices.IndexFunc(s.walk.requests, passes)
	if at < 0 {
		s.t.Fatal("no such request is away")
	}
	r, ok := s.walk.requests[at].(E)
	if !ok {
		s.t.Fatalf("the request is a %T", s.walk.requests[at])
	}
	s.walk.requests = slices.Delete(slices.Clone(s.walk.requests), at, at+1)
	return r
}

func anything(core.Effect) bool { return true }

func to(name string, write bool) func(core.Effect) bool {
	return func(e core.Effect) bool {
		n, w := of(e)
		return n == name && w == write
	}
}

// play answers everything as fault says, and lets time pass, until all calls are over.
func (s *scene) play(fault func(core.Effect) string) {
	s.t.Helper()
	for range 2000 {
		if len(s.walk.running) == 0 {
			return
		}
		if len(s.walk.requests) > 0 {
			s.answer(fault(s.walk.requests[0]), anything)
			continue
		}
		s.walk.tick()
	}
	s.t.Fatal("calls do not end")
}

func well(core.Effect) string { return fine }

// writes lets every write end so, and what is read be answered.
func writes(fault string) func(core.Effect) string {
	return func(e core.Effect) string {
		if _, write := of(e); write {
			return fault
		}
		return fine
	}
}

// writesTo is writes for one operator; the other is well.
func writesTo(name, fault string) func(core.Effect) string {
	return func(e core.Effect) string {
		if to(name, true)(e) {
			return fault
		}
		return fine
	}
}

// says: an outage or a refusal tells whose it is, of what, and why.
func (s *scene) says(name string, err error) {
	s.t.Helper()
	if refusal := operator.AsRefusal(err); refusal != nil && (refusal.Operator != name || refusal.Action == "" || refusal.Message == "") {
		s.t.Errorf("who refused what, and why? %+v", refusal)
	}
	if outage := operator.AsOutage(err); outage != nil && (outage.Operator != name || outage.Action == "" || outage.Reason == "") {
		s.t.Errorf("who does not answer to what, and why? %+v", outage)
	}
}

func (s *scene) outcome(id core.ID, name string) core.Outcome {
	s.t.Helper()
	r, over := s.walk.results[id]
	s.says(name, r.Outcomes[name].Err)
	if !over {
		s.t.Fatalf("call %d is not over", id)
	}
	return r.Outcomes[name]
}

func (s *scene) expect(name string, want ...operator.RRset) {
	s.t.Helper()
	var lines []string
	for _, r := range want {
		lines = append(lines, show(r))
	}
	slices.Sort(lines)
	if got := s.world.service(name).lines(); !slices.Equal(got, lines) {
		s.t.Errorf("%s holds %q, want %q", name, got, lines)
	}
}

// many are n RRsets at names of their own.
func many(n int, ttl uint32) []operator.RRset {
	var all []operator.RRset
	for i := range n {
		all = append(all, record(fmt.Sprintf("r%02d", i), "A", ttl, "192.0.2.1"))
	}
	return all
}

// TestDelivery_OneBadNeighbour: what one operator cannot digest, or refuses, is found by halving; its neighbours are
// written, and it alone is reported.
func TestDelivery_OneBadNeighbour(t *testing.T) {
	for _, kind := range []string{"poison", "bad"} {
		for _, n := range []int{2, 3, 4} { // as many as fit into one request
			for guilty := range n {
				t.Run(fmt.Sprintf("%s/%d of %d", kind, guilty, n), func(t *testing.T) {
					s := newScene(t)
					all := many(n, 3600)
					if kind == "poison" {
						s.one().poison = map[rrset.Key]bool{all[guilty].Key: true}
					} else {
						s.one().bad = map[rrset.Key]bool{all[guilty].Key: true}
					}
					ids := s.updateAll(all)
					s.play(well)
					for i, id := range ids {
						err := s.outcome(id, "one").Err
						if (err != nil) != (i == guilty) || i == guilty && !operator.RefusedAs(err, operator.Invalid) {
							t.Errorf("RRset %d: %v", i, err)
						}
					}
					s.expect("one", slices.Delete(slices.Clone(all), guilty, guilty+1)...)
					s.expect("two", all...)
					if most := 2 + 2*int(math.Ceil(math.Log2(float64(n)))); s.one().writes > most {
						t.Errorf("%d writes, want %d at most", s.one().writes, most)
					}
				})
			}
		}
	}
}

// TestDelivery_AllWritesFail: an operator that fails every write is out after a few requests, and what waited for it is
// told so.
func TestDelivery_AllWritesFail(t *testing.T) {
	for n, want := range map[int]int{
		64: 2 + 6 + 2, // once, once more, down to one of the 64, the one beside it, the two beside them
		3:  2 + 1 + 1, // and as many as that down to one and the two beside it
	} {
		s := newScene(t)
		s.one().room = 100
		all := many(n, 3600)
		ids := s.updateAll(all)
		s.play(writesTo("one", sick))
		for _, id := range ids {
			if operator.AsOutage(s.outcome(id, "one").Err) == nil {
				t.Errorf("want an outage, got %v", s.outcome(id, "one").Err)
			}
			if s.outcome(id, "two").Err != nil {
				t.Errorf("the other operator: %v", s.outcome(id, "two").Err)
			}
		}
		if s.one().writes != want {
			t.Errorf("%d writes to an operator that fails all %d, want %d", s.one().writes, n, want)
		}
		s.expect("two", all...)
		s.out("one")
	}
}

// TestDelivery_OneSickChangeProvesNothing: a single change that fails does not keep the operator from others.
func TestDelivery_OneSickChangeProvesNothing(t *testing.T) {
	s := newScene(t)
	all := many(2, 3600)
	s.one().poison = map[rrset.Key]bool{all[0].Key: true}
	first := s.update(all[0], all[0])
	s.play(well)
	second := s.update(all[1], all[1])
	s.play(well)
	if s.outcome(first, "one").Err == nil || s.outcome(second, "one").Err != nil {
		t.Errorf("%v, %v", s.outcome(first, "one").Err, s.outcome(second, "one").Err)
	}
	if outage := operator.AsOutage(s.outcome(first, "one").Err); outage == nil || !outage.Alone {
		t.Errorf("nothing says that it may be this change: %+v", outage)
	}
	s.expect("one", all[1])
}

// TestDelivery_SwitchSharesNothing: a change that is alone leaves by itself and at once, whatever else waits.
func TestDelivery_SwitchSharesNothing(t *testing.T) {
	t.Run("changed", func(t *testing.T) {
		sharesNothing(t, func(s *scene, want operator.RRset) {
			s.call(func(id core.ID) core.Event {
				return core.Update{ID: id, From: want.Key, Want: desired(want), At: everywhere, Alone: true}
			})
		})
	})
	t.Run("created", func(t *testing.T) {
		sharesNothing(t, func(s *scene, want operator.RRset) { s.create(want, func(c *core.Create) { c.Alone = true }) })
	})
}

func sharesNothing(t *testing.T, alone func(*scene, operator.RRset)) {
	t.Helper()
	s := newScene(t)
	all := many(2, 3600)
	s.update(all[0], all[0])
	for s.answer(fine, anything) {
	}
	now := s.walk.now
	alone(s, all[1])
	writes := 0
	for _, e := range s.walk.requests {
		if w, ok := e.(core.Write); ok {
			writes++
			if len(w.Changes) != 1 || w.Changes[0].Key() != all[1].Key {
				t.Errorf("the switch shares a request: %s", fingerprint(w.Changes))
			}
		}
	}
	if writes != 2 || s.walk.now != now {
		t.Errorf("%d writes left at once, want 2", writes)
	}
	s.play(well)
	s.expect("one", all...)
}

// TestDelivery_WhatBecameOfIt is the table of answers to one write.
func TestDelivery_WhatBecameOfIt(t *testing.T) {
	before, after := record("www", "A", 3600, "192.0.2.1"), record("www", "A", 3600, "192.0.2.2")
	for _, c := range []struct {
		name   string
		faults []string // of the writes, in order
		read   string   // of the reading back
		holds  operator.RRset
		err    bool
		doubt  bool
		known  bool
		writes int
	}{
		{"carried out", []string{fine}, fine, after, false, false, true, 1},
		{"no connection", []string{down}, fine, before, true, false, true, 1},
		{"carried out, answer lost", []string{lost}, fine, after, false, false, true, 1},
		{"carried out, answer lost, no reading", []string{lost}, down, after, true, true, false, 1},
		{"a moment's failure", []string{sick, fine}, fine, after, false, false, true, 2},
		{"failure", []string{sick, sick}, fine, before, true, false, true, 2},
		{"silence", []string{silence}, fine, before, true, true, true, 1},
		{"silence, no reading", []string{silence}, down, before, true, true, false, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScene(t)
			s.one().hold(before)
			s.two().hold(before)
			id := s.update(before, after)
			n, listed := 0, false
			s.play(func(e core.Effect) string {
				name, write := of(e)
				switch {
				case name != "one":
					return fine
				case write:
					n++
					return c.faults[min(n, len(c.faults))-1]
				case !listed:
					listed = true
					return fine
				}
				return c.read
			})
			o := s.outcome(id, "one")
			if (o.Err != nil) != c.err || o.InDoubt() != c.doubt || o.Known != c.known || n != c.writes {
				t.Errorf("error %v, in doubt %t, known %t, %d writes", o.Err, o.InDoubt(), o.Known, n)
			}
			if c.known && show(*o.Held) != show(c.holds) {
				t.Errorf("said to hold %s", show(*o.Held))
			}
			s.expect("one", c.holds)
			s.expect("two", after)
		})
	}
}

// TestDelivery_Unpublished: what was stored and not handed over is made public by a change and back. A change that was
// not carried out makes nothing public.
func TestDelivery_Unpublished(t *testing.T) {
	r, drifted := record("www", "A", 86400, "192.0.2.1"), record("www", "A", 60, "192.0.2.1")
	for _, c := range []struct {
		what   string
		holds  operator.RRset
		faults []string // of its writes
		writes int
		public bool // and said to be
	}{
		{"a change and back", r, nil, 2, true},
		{"it has drifted: one change", drifted, nil, 1, true},
		{"drifted, and the answer is lost", drifted, []string{lost}, 1, true},
		{"the change is not carried out at first", r, []string{sick}, 3, true},
		{"the change is not carried out", r, []string{sick, sick}, 2, false},
		{"its answer is lost", r, []string{lost}, 2, true},
		{"it is not answered", r, []string{silence}, 1, false},
		{"drifted, and the name servers are silent", drifted, []string{unserved}, 1, false},
		{"it is not handed over either", r, []string{stored}, 2, true},
		{"back is not carried out at first", r, []string{fine, sick}, 3, true},
		{"the answer of back is lost", r, []string{fine, lost}, 2, true},
		{"back is not handed over", r, []string{fine, stored}, 2, false},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.one().hold(c.holds)
			s.two().hold(r)
			s.one().unpublished = map[rrset.Key]bool{r.Key: true}
			id := s.call(func(id core.ID) core.Event {
				return core.Update{ID: id, From: r.Key, Want: desired(r), At: only("one"), Ownership: core.Ownership{Unpublished: only("one")}}
			})
			s.play(func(e core.Effect) string {
				if w, write := e.(core.Write); write && w.Changes[0].After.TTL > 86400 {
					t.Error("a TTL of more than a day")
				}
				if _, write := of(e); write && s.one().writes < len(c.faults) {
					return c.faults[s.one().writes]
				}
				return fine
			})
			o := s.outcome(id, "one")
			if said := o.Err == nil && o.Wrote && !o.Unpublished; said != c.public || s.one().unpublished[r.Key] == c.public {
				t.Errorf("served: %t, said: %+v", !s.one().unpublished[r.Key], o)
			}
			if s.one().writes != c.writes || s.two().writes != 0 {
				t.Errorf("%d and %d writes, want %d and 0", s.one().writes, s.two().writes, c.writes)
			}
			s.expect("one", r)
		})
	}
}

// TestDelivery_CarriedOutWithoutAnAnswer: what was not answered and was carried out may not be served, and the operator
// is asked once, however many changes there were.
func TestDelivery_CarriedOutWithoutAnAnswer(t *testing.T) {
	for _, c := range []struct {
		what, write, ask string
		asks             int
		unpublished      bool
	}{
		{"its name servers are silent", unserved, fine, 1, true},
		{"served, and its answer lost", lost, fine, 1, false},
		{"it does not say", lost, down, 1, true},
		{"not carried out", silence, fine, 0, false},
		{"it said so itself", stored, fine, 0, true},
		{"answered", fine, fine, 0, false},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.hold(a1, txt)
			other := record("www", "TXT", 3600, `"other"`)
			ids := []core.ID{s.update(a1, a2), s.update(txt, other)}
			asks := 0
			s.play(func(e core.Effect) string {
				name, write := of(e)
				if _, ask := e.(core.AskPublished); ask {
					asks++
					return c.ask
				}
				if write && name == "one" && s.one().writes == 0 {
					return c.write
				}
				return fine
			})
			for _, id := range ids {
				if o := s.outcome(id, "one"); o.Unpublished != c.unpublished || (o.Err == nil) != (c.write != silence) {
					t.Errorf("not served: %t, %v", o.Unpublished, o.Err)
				}
			}
			if asks != c.asks {
				t.Errorf("asked %d times whether it is served, want %d", asks, c.asks)
			}
		})
	}
}

// TestReading_EndOfACallEndsNothingOfOthers: a list belongs to all that wait for it.
func TestReading_EndOfACallEndsNothingOfOthers(t *testing.T) {
	s := newScene(t)
	look := func(id core.ID) core.Event { return core.Look{ID: id, Key: a1.Key, At: everywhere, Patient: true} }
	first, second := s.call(look), s.call(look)
	s.walk.step(core.Cancel{ID: first})
	if operator.AsOutage(s.walk.results[first].Seen["one"].Err) == nil {
		t.Error("the interrupted look is not over")
	}
	s.play(well)
	if o := s.walk.results[second].Seen["one"]; o.Err != nil {
		t.Errorf("the other look: %v", o.Err)
	}
}

// TestLook_SlowIsNotOut: an operator that answers a second and a half after the other one is waited for.
func TestLook_SlowIsNotOut(t *testing.T) {
	s := newScene(t)
	s.one().hold(a1)
	id := s.call(func(id core.ID) core.Event { return core.Look{ID: id, Key: a1.Key, At: everywhere} })
	s.answer(fine, to("two", false))
	s.walk.now = s.walk.now.Add(1500 * time.Millisecond)
	s.answer(fine, to("one", false))
	if o := s.walk.results[id].Seen["one"]; o.Err != nil || o.Held == nil {
		t.Errorf("%+v", o)
	}
}

// TestLook_SilentIsLeftBehind: and one that does not answer at all is not waited for until its time-out.
func TestLook_SilentIsLeftBehind(t *testing.T) {
	s := newScene(t)
	id := s.call(func(id core.ID) core.Event { return core.Look{ID: id, Key: a1.Key, At: everywhere} })
	s.answer(fine, to("two", false))
	if len(s.walk.timers) != 1 {
		t.Errorf("%d waits for one answer", len(s.walk.timers))
	}
	s.walk.tick()
	o := s.walk.results[id].Seen["one"]
	if outage := operator.AsOutage(o.Err); !o.Late || outage == nil || outage.Operator != "one" || outage.Action != "read www.example.com." {
		t.Errorf("%+v", o)
	}
	// What is asked later is not held up a second time.
	began := s.walk.now
	again := s.call(func(id core.ID) core.Event { return core.Look{ID: id, Key: api1.Key, At: everywhere} })
	s.walk.tick()
	if s.walk.now != began {
		t.Errorf("the second waits %s", s.walk.now.Sub(began))
	}
	if o := s.walk.results[again].Seen["one"]; !o.Late {
		t.Errorf("%+v", o)
	}
}

// TestLook_HowLongTheOthersHave: ten times as long as the first one took, and never less than a while; a patient caller
// waits for the end.
func TestLook_HowLongTheOthersHave(t *testing.T) {
	for _, c := range []struct {
		first   time.Duration
		patient bool
		waits   time.Duration // after the first answer; 0 for ever
	}{
		{0, false, swift().Late},
		{100 * time.Millisecond, false, swift().Late - 100*time.Millisecond},
		{time.Second, false, 9 * time.Second},
		{0, true, 0},
	} {
		s := newScene(t)
		id := s.call(func(id core.ID) core.Event { return core.Look{ID: id, Key: a1.Key, At: everywhere, Patient: c.patient} })
		s.walk.now = s.walk.now.Add(c.first)
		s.answer(fine, to("two", false))
		began := s.walk.now
		for !s.over(id) && len(s.walk.timers) > 0 {
			s.walk.tick()
		}
		if took := s.walk.now.Sub(began); s.over(id) == c.patient || took != c.waits {
			t.Errorf("%+v: over %t after %s", c, s.over(id), took)
		}
		s.play(well)
	}
}

// TestLook_NobodyIsLeftBehindForAnOutage: who is quick to be out holds nobody to its pace.
func TestLook_NobodyIsLeftBehindForAnOutage(t *testing.T) {
	s := newScene(t)
	id := s.call(func(id core.ID) core.Event { return core.Look{ID: id, Key: a1.Key, At: everywhere} })
	s.answer(down, to("two", false))
	if len(s.walk.timers) > 0 {
		t.Error("it is waited for the other one by the clock")
	}
	s.play(well)
	if o := s.walk.results[id].Seen["one"]; o.Err != nil || o.Late {
		t.Errorf("%+v", o)
	}
}

// TestDelivery_RefusedIsNotWritten: what was there when the operator refused because of it is somebody else's, and no
// roll-back takes it away.
func TestDelivery_RefusedIsNotWritten(t *testing.T) {
	s := newScene(t)
	s.two().bad = map[rrset.Key]bool{a1.Key: true}
	id := s.call(func(id core.ID) core.Event { return core.Create{ID: id, Want: desired(a1)} })
	for s.answer(fine, func(e core.Effect) bool { _, write := of(e); return !write }) {
	}
	for len(s.walk.requests) == 0 {
		s.walk.tick()
	}
	s.one().hold(a1) // somebody was faster, with the same values
	s.play(well)
	if o := s.outcome(id, "one"); o.Wrote {
		t.Errorf("said to be written: %+v", o)
	}
	s.expect("one", a1)
	s.expect("two")
}

// TestDelivery_OneRequestForAName: what takes the place of a CNAME goes in one request with its deletion, however many
// types and whoever deletes it.
func TestDelivery_OneRequestForAName(t *testing.T) {
	s := newScene(t)
	s.one().hold(cname)
	s.two().hold(cname)
	for _, r := range []operator.RRset{a1, aaaa} {
		s.walk.step(core.Declared{Key: r.Key})
		s.walk.step(core.Expected{Key: r.Key})
	}
	s.walk.step(core.Expected{Key: cname.Key})
	deletion := s.call(func(id core.ID) core.Event { return core.Delete{ID: id, Key: cname.Key} })
	for _, r := range []operator.RRset{a1, aaaa} {
		s.call(func(id core.ID) core.Event { return core.Create{ID: id, Want: desired(r)} })
	}
	s.play(well)
	s.expect("one", a1, aaaa)
	s.expect("two", a1, aaaa)
	if s.one().writes != 1 || s.two().writes != 1 {
		t.Errorf("%d and %d writes, want one each", s.one().writes, s.two().writes)
	}
	if s.outcome(deletion, "one").Err != nil {
		t.Error(s.outcome(deletion, "one").Err)
	}
}

// TestDelivery_GrowsAndIsCut: what reading anew makes too large for one request is cut; the rest has no more tries than
// it had, and a search for a culprit ends with the last of its parts.
func TestDelivery_GrowsAndIsCut(t *testing.T) {
	old := []operator.RRset{aaaa, txt, record("www", "MX", 3600, "10 mx.example.net."), record("www", "CAA", 3600, `0 issue "ca.example.net"`)}
	retype := func(s *scene) core.ID { // four changes, where all of that is there
		return s.call(func(id core.ID) core.Event {
			return core.Update{
				ID: id, From: aaaa.Key, Want: desired(a1), At: everywhere,
				Ownership: core.Ownership{Former: former("one", "TXT", "MX", "CAA")},
			}
		})
	}
	t.Run("raced", func(t *testing.T) {
		s := newScene(t)
		s.hold(api1)
		grows, rest := retype(s), s.update(api1, api2)
		s.bothWrite()
		s.one().hold(old...)
		s.refuse(operator.Raced, nil)
		s.answer(fine, to("one", false))
		s.answer(fine, to("one", true)) // all that fits
		s.refuse(operator.Raced, nil)
		s.play(well)
		if o := s.outcome(grows, "one"); o.Err != nil {
			t.Errorf("what grew: %v", o.Err)
		}
		if o := s.outcome(rest, "one"); o.Err == nil || s.one().writes != 3 {
			t.Errorf("the rest: %v after %d writes", o.Err, s.one().writes)
		}
	})
	t.Run("in search of culprits", func(t *testing.T) {
		s := newScene(t)
		s.hold(api1)
		s.one().poison[a1.Key], s.one().poison[api2.Key] = true, true
		others := many(2, 3600)
		grows, rest := retype(s), s.update(api1, api2)
		s.update(others[0], others[0])
		s.update(others[1], others[1])
		s.bothWrite()
		s.answer(sick, to("one", true))
		s.until(func() bool { return s.pending("one", true) })
		s.answer(sick, to("one", true))
		s.one().hold(old...)
		s.play(well)
		for what, id := range map[string]core.ID{"what grew": grows, "the rest": rest} {
			if o := s.outcome(id, "one"); operator.AsRefusal(o.Err) == nil {
				t.Errorf("%s: %v", what, o.Err)
			}
		}
		s.notOut("one")
	})
}

// TestDelivery_FitsTheRoom: no request holds more changes than the operator takes, and none less than it could.
func TestDelivery_FitsTheRoom(t *testing.T) {
	for room, sizes := range map[int][]int{1: {1, 1, 1, 1, 1}, 2: {2, 2, 1}, 3: {3, 2}, 5: {5}} {
		s := newScene(t)
		s.one().room, s.two().room = room, 100
		all := many(5, 3600)
		s.updateAll(all)
		var got []int
		s.play(func(e core.Effect) string {
			if w, write := e.(core.Write); write && w.Operator == "one" {
				got = append(got, len(w.Changes))
			}
			return fine
		})
		if !slices.Equal(got, sizes) {
			t.Errorf("room for %d: requests of %v, want %v", room, got, sizes)
		}
		s.expectBoth(all...)
	}
}

// TestUpdate_IsNotIdle: whoever waits for an owner waits while a change is under way, which may make room.
func TestUpdate_IsNotIdle(t *testing.T) {
	s := newScene(t)
	s.hold(a1)
	change := s.update(a1, a2)
	s.bothWrite()
	waits := s.await(api1.Key)
	for range 20 {
		s.walk.tick()
		s.walk.now = s.walk.now.Add(swift().Ownership)
	}
	if s.over(waits) || s.over(change) {
		t.Errorf("over: %t, the change: %t", s.over(waits), s.over(change))
	}
	s.play(well)
}

// TestDelivery_SickAndRefusedInOneBatch: the search for what an operator fails on goes on beside what it refuses,
// wherever the two stand.
func TestDelivery_SickAndRefusedInOneBatch(t *testing.T) {
	for poisoned := range 4 {
		for refused := range 4 {
			if poisoned == refused {
				continue
			}
			s := newScene(t)
			s.one().room, s.two().room = 100, 100
			all := many(4, 3600)
			s.one().poison = map[rrset.Key]bool{all[poisoned].Key: true}
			s.one().bad = map[rrset.Key]bool{all[refused].Key: true}
			ids := s.updateAll(all)
			s.play(well)
			for i, id := range ids {
				err := s.outcome(id, "one").Err
				if (err != nil) != (i == poisoned || i == refused) || err != nil && operator.AsRefusal(err) == nil {
					t.Errorf("poisoned %d, refused %d: %d: %v", poisoned, refused, i, err)
				}
			}
			s.notOut("one")
		}
	}
}

// TestDelivery_Mixed: an answer that shows the values of another write beside ours is not the end of it; one that keeps
// showing them is told as it is.
func TestDelivery_Mixed(t *testing.T) {
	for what, c := range map[string]struct {
		begin  func(s *scene) core.ID
		times  int
		writes int
	}{
		"an update":        {func(s *scene) core.ID { return s.update(a1, a2) }, 1, 2},
		"mixed for ever":   {func(s *scene) core.ID { return s.update(a1, a2) }, 9, 2},
		"what is all fine": {func(s *scene) core.ID { return s.update(a1, a2) }, 0, 1},
		"taken over": {func(s *scene) core.ID {
			return s.create(a2, func(c *core.Create) { c.Overwrite = true })
		}, 1, 2},
		"handed over": {func(s *scene) core.ID { s.walk.step(core.Owned{Key: a1.Key}); return s.create(a2) }, 1, 2},
	} {
		t.Run(what, func(t *testing.T) {
			s := newScene(t)
			s.hold(a1)
			id, left := c.begin(s), c.times
			s.play(func(e core.Effect) string {
				if to("one", true)(e) && left > 0 {
					left--
					return blend
				}
				return fine
			})
			o := s.outcome(id, "one")
			if o.Err != nil || !o.Wrote || !o.Known || s.one().writes != c.writes {
				t.Errorf("after %d writes: %+v", s.one().writes, o)
			}
			s.expect("two", a2)
			if c.times <= 1 {
				s.expect("one", a2)
				return
			}
			if held := s.one().held[a1.Key]; len(held.Values) != 2 || o.Held == nil || show(*o.Held) != show(held) {
				t.Errorf("one holds %s, and the outcome says %+v", show(held), o.Held)
			}
		})
	}
}
