package operatortest

import (
	"reflect"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// optional are the scenarios of what an operator may have or not. One without it skips them.
var optional = map[string]func(*scenario){
	"EmptyZoneChecker_SeesWhatAListShows":      func(s *scenario) { s.seesAny() },
	"EmptyZoneChecker_OutageIsNotEmpty":        func(s *scenario) { s.emptyOutage() },
	"EmptyZoneChecker_UnknownZoneHidesNothing": func(s *scenario) { s.emptyUnknown() },
	"KeyChecker_SeesWhatAListShows":            func(s *scenario) { s.seesKey() },
	"KeyChecker_OutageIsNotAbsent":             func(s *scenario) { s.keyOutage() },
	"Publisher_ServedAfterAWrite":              func(s *scenario) { s.publishes() },
	"Publisher_OutageIsNeither":                func(s *scenario) { s.publishedOutage() },
	"KeyReader_KeysAreCanonical":               func(s *scenario) { s.readsKeys() },
	"KeyReader_OutageIsNotUnsigned":            func(s *scenario) { s.keysOutage() },
}

// offered is the operator as something that not each of them is; without it the scenario is skipped.
func offered[T any](s *scenario) T {
	s.Helper()
	op, ok := s.op.(T)
	if !ok {
		s.Skipf("the operator is no %v", reflect.TypeFor[T]())
	}
	return op
}

func (s *scenario) seesAny() {
	checker := offered[operator.EmptyZoneChecker](s)
	s.put("www", "A", 3600, "192.0.2.1")
	if holds, err := checker.HoldsAny(s.ctx, s.Zone); err != nil || !holds {
		s.Errorf("%t, %v while the zone holds an RRset", holds, err)
	}
	s.verify()
}

func (s *scenario) emptyOutage() {
	failing(s, func(op operator.EmptyZoneChecker) error {
		_, err := op.HoldsAny(s.ctx, s.Zone)
		return err
	}, "html500", "503", "empty_body")
}

// failing wants an outage of a question, whatever goes wrong: a failure is neither yes nor no.
func failing[T any](s *scenario, ask func(op T) error, kinds ...string) {
	s.Helper()
	for _, kind := range kinds {
		s.op = s.operator(func(a *Access) { a.MaxWait = unwaiting })
		op := offered[T](s)
		s.site.Fault(Fault{Kind: kind})
		_ = s.outage(ask(op))
		s.site.Clear()
	}
}

// emptyUnknown: where the zone is not known, nothing is hidden.
func (s *scenario) emptyUnknown() {
	checker := offered[operator.EmptyZoneChecker](s)
	if holds, err := checker.HoldsAny(s.ctx, "nowhere.example."); holds {
		s.Errorf("an unknown zone holds RRsets, %v", err)
	}
}

func (s *scenario) seesKey() {
	checker := offered[operator.KeyChecker](s)
	s.put("www", "A", 3600, "192.0.2.1")
	for owner, want := range map[string]bool{"www": true, "@": false, "other": false} {
		if holds, err := checker.Holds(s.ctx, s.key(owner, "A")); err != nil || holds != want {
			s.Errorf("%s: %t, %v", owner, holds, err)
		}
	}
	s.verify()
}

func (s *scenario) keyOutage() {
	failing(s, func(op operator.KeyChecker) error {
		_, err := op.Holds(s.ctx, s.key("www", "A"))
		return err
	}, "html500", "503", "empty_body")
}

// publishes: what was written and answered is served.
func (s *scenario) publishes() {
	publisher := offered[operator.Publisher](s)
	s.write(operator.Change{After: s.rrset("www", "A", 3600, "192.0.2.1")})
	if unpublished, err := publisher.Unpublished(s.ctx, s.Zone); err != nil || unpublished {
		s.Errorf("not served: %t, %v", unpublished, err)
	}
	s.verify()
}

func (s *scenario) publishedOutage() {
	failing(s, func(op operator.Publisher) error {
		_, err := op.Unpublished(s.ctx, s.Zone)
		return err
	}, "html500", "503", "empty_body")
}

// readsKeys switches signing on, where the operator can do that, and wants keys in canonical spelling.
func (s *scenario) readsKeys() {
	reader := offered[operator.KeyReader](s)
	if signer, ok := s.op.(operator.Signer); ok {
		if err := signer.Sign(s.ctx, s.Zone); err != nil {
			s.Fatalf("sign: %v", err)
		}
	}
	dnskeys, ds, status, err := reader.DNSSEC(s.ctx, s.Zone)
	if err != nil || len(dnskeys) == 0 || len(ds) == 0 || status == "" {
		s.Errorf("keys %q, DS %q, %q, %v", dnskeys, ds, status, err)
	}
	for typ, values := range map[string][]string{"DNSKEY": dnskeys, "DS": ds} {
		for _, value := range values {
			if canonical, err := rrset.Canonical(typ, value); err != nil || canonical != value {
				s.Errorf("the %s %q is not canonical: %q, %v", typ, value, canonical, err)
			}
		}
	}
}

func (s *scenario) keysOutage() {
	failing(s, func(op operator.KeyReader) error {
		_, _, _, err := op.DNSSEC(s.ctx, s.Zone)
		return err
	}, "html500")
}
