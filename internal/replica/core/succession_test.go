package core_test

import (
	"errors"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
)

// never is an invariant of a scene that holds after each step.
func (s *scene) never(empty string) {
	s.walk.check = func(when string) {
		for _, service := range s.world.operators {
			if !service.holds(empty) {
				s.t.Errorf("%s: %s is empty at %s", when, empty, service.name)
			}
		}
	}
}

func validateAll(s *scene, all []operator.RRset) {
	for _, r := range all {
		s.walk.step(core.Validated{Key: r.Key})
	}
}

func createAll(s *scene, all []operator.RRset) (ids []core.ID) {
	for _, r := range all {
		ids = append(ids, s.create(r))
	}
	return ids
}

func deleteAll(s *scene, all []operator.RRset) (ids []core.ID) {
	for _, r := range all {
		ids = append(ids, s.delete(r.Key))
	}
	return ids
}

// TestSuccession: where one thing takes the place of another that cannot stand beside it, under another address, the
// name is empty at no moment, in whatever order the calls come and the operators answer.
func TestSuccession(t *testing.T) {
	for _, c := range []struct {
		what       string
		gone, made []operator.RRset
	}{
		{"a CNAME of an address", []operator.RRset{a1}, []operator.RRset{cname}},
		{"a CNAME of several types", []operator.RRset{a1, aaaa, txt}, []operator.RRset{cname}},
		{"several types of a CNAME", []operator.RRset{cname}, []operator.RRset{a1, aaaa}},
		{"a delegation of an address", []operator.RRset{a1}, []operator.RRset{ns}},
		{"an address of a delegation", []operator.RRset{ns}, []operator.RRset{a1}},
	} {
		for order, begin := range map[string]func(s *scene) (gone, made []core.ID){
			"deleted first": func(s *scene) (gone, made []core.ID) {
				validateAll(s, c.made)
				gone = deleteAll(s, c.gone)
				s.spend(swift().Ownership / 2)
				return gone, createAll(s, c.made)
			},
			"declared when the deletion is queued": func(s *scene) (gone, made []core.ID) {
				gone = deleteAll(s, c.gone)
				for s.answer(fine, anything) {
				}
				validateAll(s, c.made)
				s.spend(swift().Ownership / 2)
				return gone, createAll(s, c.made)
			},
			"created first": func(s *scene) (gone, made []core.ID) {
				made = createAll(s, c.made)
				return deleteAll(s, c.gone), made
			},
		} {
			for speed, wait := range map[string]time.Duration{"both answer": 0, "one is slower": 200 * time.Millisecond} {
				t.Run(c.what+", "+order+", "+speed, func(t *testing.T) {
					s := newScene(t)
					s.hold(c.gone...)
					s.never(a1.Name)
					gone, made := begin(s)
					for end := s.walk.now.Add(wait); s.walk.now.Before(end); s.walk.tick() {
						for s.answer(fine, to("two", false)) || s.answer(fine, to("two", true)) {
						}
					}
					s.play(well)
					for _, id := range append(gone, made...) {
						for _, name := range []string{"one", "two"} {
							if o := s.outcome(id, name); o.Err != nil || o.Kept || len(o.Succeeded) > 0 {
								t.Errorf("call %d at %s: %+v", id, name, o)
							}
						}
					}
					s.expectBoth(c.made...)
				})
			}
		}
	}
}

// TestSuccession_WhoDoesNotCome: what was to make room stays. Where it is certain that nothing takes its place the
// deletion fails, elsewhere it is left to whoever is yet to come.
func TestSuccession_WhoDoesNotCome(t *testing.T) {
	for _, c := range []struct {
		what  string
		told  []core.Event
		made  func(s *scene) // before the deletion
		fault func(core.Effect) string
		// err and left are what the deletion comes to at each operator, one and two.
		err, left [2]bool
		one, two  []operator.RRset
	}{
		{what: "nobody so far", told: []core.Event{core.Declared{Key: cname.Key}}, fault: well, left: [2]bool{true, true}, one: []operator.RRset{a1}, two: []operator.RRset{a1}},
		{what: "planned, and not so far", told: []core.Event{core.Validated{Key: cname.Key}, core.Expected{Key: cname.Key}}, fault: well, left: [2]bool{true, true}, one: []operator.RRset{a1}, two: []operator.RRset{a1}},
		{what: "validated and wrong", told: []core.Event{core.Validated{Key: cname.Key}}, fault: well, err: [2]bool{true, true}, one: []operator.RRset{a1}, two: []operator.RRset{a1}},
		{
			what: "refused at one", made: func(s *scene) { s.one().bad[cname.Key] = true; s.create(cname) }, fault: well,
			err: [2]bool{true, true}, one: []operator.RRset{a1}, two: []operator.RRset{a1},
		},
		{
			what: "one is out", made: func(s *scene) { s.create(cname) }, fault: writesTo("one", down),
			err: [2]bool{true, false}, one: []operator.RRset{a1}, two: []operator.RRset{cname},
		},
		{
			what: "one cannot digest it", made: func(s *scene) { s.one().poison[cname.Key] = true; s.create(cname) }, fault: well,
			err: [2]bool{true, false}, one: []operator.RRset{a1}, two: []operator.RRset{cname},
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScene(t)
			s.hold(a1)
			s.never(a1.Name)
			for _, e := range c.told {
				s.walk.step(e)
			}
			if c.made != nil {
				c.made(s)
			}
			id := s.delete(a1.Key)
			s.play(c.fault)
			for i, name := range []string{"one", "two"} {
				o := s.outcome(id, name)
				if (o.Err != nil) != c.err[i] || o.Succeeded["A"] != c.left[i] || o.Kept {
					t.Errorf("%s: %+v", name, o)
				}
				if errors.Is(o.Err, core.ErrNotSucceeded) && (!o.Known || o.Held == nil) {
					t.Errorf("%s: it is not told what is held: %+v", name, o)
				}
			}
			s.expect("one", c.one...)
			s.expect("two", c.two...)
		})
	}
}

// TestSuccession_OfFormerTypes: what is left of a former type makes room as well, whether its address has another RRset
// now or was handed over itself.
func TestSuccession_OfFormerTypes(t *testing.T) {
	for what, own := range map[string]core.Ownership{
		"with another type":  {Former: former("one", "A")},
		"handed over by now": {Former: former("one", "A"), Ceded: anywhere("CNAME")},
	} {
		for when, comes := range map[string]bool{"it comes": true, "it does not come": false} {
			t.Run(what+", "+when, func(t *testing.T) {
				s := newScene(t)
				s.one().hold(a1)
				s.never(a1.Name)
				s.two().hold(cname)
				s.walk.step(core.Declared{Key: cname.Key})
				id := s.delete(cname.Key, func(d *core.Delete) { d.Ownership, d.HandedOver, d.Taken = own, true, true })
				if comes {
					s.spend(swift().Ownership / 2)
					s.call(func(id core.ID) core.Event {
						return core.Update{ID: id, From: cname.Key, Want: desired(cname), At: only("one")}
					})
				}
				s.play(well)
				if o := s.outcome(id, "one"); o.Err != nil || !o.Kept || o.Succeeded["A"] == comes {
					t.Errorf("%+v", o)
				}
				if s.expect("two", cname); comes {
					s.expect("one", cname)
				} else {
					s.expect("one", a1)
				}
			})
		}
	}
}
