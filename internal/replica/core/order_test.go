package core_test

import (
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
)

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
