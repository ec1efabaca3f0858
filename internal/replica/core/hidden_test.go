package core_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// hidings are the ways in which operator one hides what it holds: its list is empty, or is not read as a whole and
// nothing is shown at a name.
var hidings = map[string]int{"list": 0, "name": 1}

var elsewhere = record("mail", "MX", 3600, "10 mx.example.net.")

// uses are all that the machine is asked for, about a1.
var uses = map[string]func(*scene) core.ID{
	"create": func(s *scene) core.ID { return s.create(a1) },
	"overwrite": func(s *scene) core.ID {
		return s.create(a1, func(c *core.Create) { c.Overwrite = true })
	},
	"update": func(s *scene) core.ID { return s.update(a1, a1) },
	"type":   func(s *scene) core.ID { return s.update(a1, txt) },
	"delete": func(s *scene) core.ID { return s.delete(a1.Key) },
	"look": func(s *scene) core.ID {
		return s.call(func(id core.ID) core.Event {
			return core.Look{ID: id, Key: a1.Key, At: everywhere, Sure: true, Patient: true}
		})
	},
	"own": func(s *scene) core.ID {
		s.walk.step(core.Owned{Key: a1.Key})
		return s.look(a1.Key)
	},
}

// errorAt is what a call was told of operator one.
func (s *scene) errorAt(id core.ID) error {
	r := s.walk.results[id]
	if seen, ok := r.Seen["one"]; ok {
		return seen.Err
	}
	if all, ok := r.All["one"]; ok {
		return all.Err
	}
	return r.Outcomes["one"].Err
}

// TestHidden_IsAnOutage: what an operator hides is neither overwritten nor taken for gone, whatever is asked for, and
// the other operator is served.
func TestHidden_IsAnOutage(t *testing.T) {
	for how, page := range hidings {
		for what, use := range uses {
			t.Run(how+"/"+what, func(t *testing.T) {
				s := newScene(t)
				s.bare()
				s.hold(a2, api1)
				one := s.one()
				one.page, one.hides = page, true
				before := one.lines()
				id := use(s)
				s.play(well)
				if outage := operator.AsOutage(s.errorAt(id)); outage == nil || outage.InDoubt {
					t.Errorf("%v", s.errorAt(id))
				}
				s.says("one", s.errorAt(id))
				if diff := cmp.Diff(before, one.lines()); diff != "" || one.writes > 0 {
					t.Errorf("%d writes: %s", one.writes, diff)
				}
				s.out("one")
			})
		}
	}
}

// TestHidden_FormerType: what is hidden may be of another type than what is asked for, and ours all the same.
func TestHidden_FormerType(t *testing.T) {
	former := core.Ownership{Former: map[string]map[string]bool{"one": {"TXT": true}}}
	for what, use := range map[string]func(*scene) core.ID{
		"update": func(s *scene) core.ID {
			return s.call(func(id core.ID) core.Event {
				return core.Update{ID: id, From: a1.Key, Want: desired(a1), At: everywhere, Ownership: former}
			})
		},
		"delete": func(s *scene) core.ID { return s.delete(a1.Key, func(d *core.Delete) { d.Ownership = former }) },
		"look": func(s *scene) core.ID {
			return s.call(func(id core.ID) core.Event {
				return core.Look{ID: id, Key: a1.Key, Also: former.Beside(a1.Key), At: everywhere, Sure: true, Patient: true}
			})
		},
	} {
		for _, hides := range []bool{false, true} {
			s := newScene(t)
			s.hold(api1, elsewhere)
			one := s.one()
			one.page, one.hides = 1, hides
			if hides {
				one.hold(txt)
			}
			id := use(s)
			s.play(well)
			if err := s.errorAt(id); (operator.AsOutage(err) != nil) != hides {
				t.Errorf("%s, hides %t: %v", what, hides, err)
			}
		}
	}
}

// TestHidden_WholeZone: a zone that is listed for its own sake is not shown empty.
func TestHidden_WholeZone(t *testing.T) {
	for _, holds := range []bool{false, true} {
		s := newScene(t)
		s.bare()
		if holds {
			s.hold(a2)
		}
		s.one().hides = true
		id := s.call(func(id core.ID) core.Event { return core.LookAll{ID: id, Zone: zone} })
		s.play(well)
		if err := s.errorAt(id); (operator.AsOutage(err) != nil) != holds {
			t.Errorf("holds %t: %v", holds, err)
		}
		s.one().hides = false
	}
}

// TestHidden_NothingIs: where nothing is held, one question more tells so, and one is enough for all calls.
func TestHidden_NothingIs(t *testing.T) {
	for how, page := range hidings {
		s := newScene(t)
		s.bare()
		if page > 0 {
			s.hold(api1, elsewhere)
		}
		s.one().page = page
		questions := 0
		count := func(e core.Effect) string {
			if name, write := of(e); name == "one" && !write {
				questions++
			}
			return fine
		}
		first, second := s.create(a1), s.create(aaaa)
		s.play(count)
		if want := 2 + 2*page; questions != want { // the list and whether the zone is empty; and the name, and each key
			t.Errorf("%s: %d questions, want %d", how, questions, want)
		}
		for _, id := range []core.ID{first, second} {
			if err := s.errorAt(id); err != nil {
				t.Errorf("%s: %v", how, err)
			}
		}
		questions = 0
		s.delete(a1.Key)
		s.delete(aaaa.Key)
		s.play(count)
		if questions > 0 {
			t.Errorf("%s: %d questions about what the run wrote itself", how, questions)
		}
	}
}

// TestHidden_NobodyTells: where the other question fails, that is the outage of the read; where it is not allowed, the
// list stands, and what was written beside it is read back.
func TestHidden_NobodyTells(t *testing.T) {
	outage := &operator.OutageError{Operator: "one", Action: "export", Reason: "HTTP 500"}
	refusal := &operator.RefusalError{Operator: "one", Action: "export", Kind: operator.Unauthorized}
	for _, c := range []struct {
		how    string
		mute   error
		hides  bool
		out    bool
		writes int
	}{
		{"list", outage, true, true, 0},
		{"list", outage, false, true, 0},
		{"list", refusal, true, true, 1},
		{"list", refusal, false, false, 1},
		{"name", outage, false, true, 0},
		{"name", refusal, false, false, 1},
	} {
		t.Run(fmt.Sprintf("%s/%T/hides=%t", c.how, c.mute, c.hides), func(t *testing.T) {
			s := newScene(t)
			s.bare()
			one := s.one()
			one.page, one.hides, one.mute = hidings[c.how], c.hides, c.mute
			if c.how == "name" {
				one.hold(api1, elsewhere)
			}
			id := s.create(a1)
			s.play(well)
			if o := s.outcome(id, "one"); (operator.AsOutage(o.Err) != nil) != c.out || o.Wrote != (c.writes > 0) {
				t.Errorf("%+v", o)
			}
			if one.writes != c.writes {
				t.Errorf("%d writes", one.writes)
			}
			if c.out {
				s.out("one")
			}
		})
	}
}

// TestHidden_ReadBack: a deletion that was not answered is not taken for made because nothing is shown any more,
// neither by itself nor with others, and what stands beside it is not either.
func TestHidden_ReadBack(t *testing.T) {
	for what, mute := range map[string]error{"it holds them": nil, "it does not say": &operator.OutageError{Operator: "one", Action: "export", Reason: "HTTP 500"}} {
		for _, keys := range [][]rrset.Key{{a1.Key}, {a1.Key, api1.Key}} {
			t.Run(fmt.Sprintf("%s/%d", what, len(keys)), func(t *testing.T) {
				s := newScene(t)
				s.bare()
				s.hold(a1, aaaa, api1)
				one := s.one()
				before := one.lines()
				var ids []core.ID
				for _, key := range keys {
					ids = append(ids, s.delete(key))
				}
				s.play(func(e core.Effect) string {
					if name, write := of(e); name == "one" && write {
						one.hides, one.mute = true, mute
						return sick
					}
					return fine
				})
				beside := s.delete(aaaa.Key)
				s.play(well)
				for _, id := range append(ids, beside) {
					if err := s.outcome(id, "one").Err; operator.AsOutage(err) == nil {
						t.Errorf("%v", err)
					}
				}
				if diff := cmp.Diff(before, one.lines()); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

// TestHidden_BesideAWrite: what was written at a name that shows nothing tells nothing of what else is hidden there.
func TestHidden_BesideAWrite(t *testing.T) {
	for _, hides := range []bool{true, false} {
		s := newScene(t)
		s.hold(aaaa, api1, elsewhere)
		one := s.one()
		one.page, one.hides = 1, hides
		first := s.create(a1)
		s.play(well)
		second := s.delete(aaaa.Key)
		s.play(well)
		if err := s.outcome(first, "one").Err; err != nil {
			t.Errorf("hides %t: %v", hides, err)
		}
		_, there := one.held[aaaa.Key]
		if err := s.outcome(second, "one").Err; (operator.AsOutage(err) != nil) != hides || there != hides {
			t.Errorf("hides %t: the other one is there: %t, and %v was said", hides, there, err)
		}
	}
}
