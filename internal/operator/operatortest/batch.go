package operatortest

import (
	"fmt"
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

var batches = map[string]func(*scenario){
	"Batch_CreateChangeDeleteTogether": func(s *scenario) { s.together() },
	"Batch_OneBadChangesNothing":       func(s *scenario) { s.oneBad() },
	"Batch_NothingToDoSendsNothing":    func(s *scenario) { s.nothing() },
	"Batch_SplitKeepsEveryChange":      func(s *scenario) { s.split() },
	"Batch_TypesSwapped":               func(s *scenario) { s.swapped() },
}

// together mixes all kinds of change in one request; results come in the order of the changes whatever the service's
// order is.
func (s *scenario) together() {
	s.put("keep", "A", 3600, "192.0.2.50")
	s.put("gone", "A", 3600, "192.0.2.51")
	s.put("grow", "TXT", 3600, `"one"`)
	s.put("turn", "A", 3600, "192.0.2.52")
	s.write(
		operator.Change{After: s.rrset("new", "A", 3600, "192.0.2.1", "192.0.2.2")},
		operator.Change{Before: s.read("gone", "A")},
		operator.Change{Before: s.read("grow", "TXT"), After: s.rrset("grow", "TXT", 3600, `"one"`, `"two"`)},
		operator.Change{Before: s.read("turn", "A"), After: s.rrset("turn", "CNAME", 3600, "front.example.net.")},
		operator.Change{After: s.rrset("new", "AAAA", 3600, "2001:db8::1")},
	)
	s.listed()
}

// oneBad sends a TTL that no service takes between two good changes.
func (s *scenario) oneBad() {
	s.put("gone", "A", 3600, "192.0.2.51")
	const bad = 1
	_, err := s.op.Write(s.ctx, s.Zone, []operator.Change{
		{After: s.rrset("good", "A", 3600, "192.0.2.1")},
		{After: s.rrset("bad", "A", 30, "192.0.2.2")},
		{Before: s.read("gone", "A")},
	})
	e := s.refusal(err)
	if e.Kind != operator.Invalid {
		s.Errorf("refused as kind %d, want Invalid (%d): %v", e.Kind, operator.Invalid, err)
	}
	if s.NamesCulprit && e.Culprits[bad] == "" {
		s.Errorf("the culprit is not named: %#v", e)
	}
	for i := range e.Culprits {
		if i != bad {
			s.Errorf("change %d is named as a culprit: %q", i, e.Culprits[i])
		}
	}
	s.verify()
}

func (s *scenario) nothing() {
	got, err := s.op.Write(s.ctx, s.Zone, nil)
	if err != nil || len(got) != 0 || s.writes() != 0 {
		s.Errorf("%d results, %d requests, error %v; want none", len(got), s.writes(), err)
	}
	if runs := s.op.Split(nil); len(runs) != 0 {
		s.Errorf("no changes were split into %d runs", len(runs))
	}
	s.verify()
}

// split cuts more changes than any service takes at once, and writes one run to see that it fits.
func (s *scenario) split() {
	var all []operator.Change
	for i := range 5000 {
		all = append(all, operator.Change{After: s.rrset(fmt.Sprintf("n%d", i), "A", 3600, "192.0.2.1", "192.0.2.2")})
	}
	runs := s.op.Split(all)
	if len(runs) < 2 {
		s.Fatalf("5000 changes make %d run", len(runs))
	}
	if got := slices.Concat(runs...); !slices.EqualFunc(all, got, func(a, b operator.Change) bool { return a.After == b.After }) {
		s.Error("the runs are not the changes in their order")
	}
	s.write(runs[0]...)
}

// swapped lets two changes trade the types of two names, so that deletions and creations cross.
func (s *scenario) swapped() {
	s.put("one", "A", 3600, "192.0.2.1")
	s.put("two", "CNAME", 3600, "front.example.net.")
	s.write(
		operator.Change{Before: s.read("one", "A"), After: s.rrset("one", "CNAME", 3600, "front.example.net.")},
		operator.Change{Before: s.read("two", "CNAME"), After: s.rrset("two", "A", 3600, "192.0.2.1")},
	)
	s.listed()
}
