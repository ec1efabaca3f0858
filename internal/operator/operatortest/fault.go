package operatortest

import (
	"strings"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

// Effects of a fault on a write.
const (
	stays  = iota // nothing was carried out
	made          // everything was carried out
	either        // the fake decides; the error must say "in doubt"
)

// disorder is what a fault of the sandbox means to an operator.
type disorder struct {
	Fault
	// refused is the kind of refusal it is; 0: it is an outage.
	refused operator.RefusalKind
	// inDoubt is what the outage of a write must say.
	inDoubt bool
	// mayDoubt is set where the write may be in doubt all the same: a connection that was kept open took it before it
	// was seen to be closed.
	mayDoubt bool
	// answered is what the outage must say: an answer came that is none.
	answered bool
	// effect is what happened to a write.
	effect int
	// timeout overrides the usual one.
	timeout time.Duration
}

// disorders are all kinds of the sandbox that are failures. Two are none: an empty list is a good answer, which only
// its reader can doubt, and slowness within the time-out is no error.
var disorders = []disorder{
	{Fault: Fault{Kind: "json500"}, inDoubt: true, answered: true, effect: stays},
	{Fault: Fault{Kind: "html500"}, inDoubt: true, answered: true, effect: stays},
	{Fault: Fault{Kind: "html502"}, inDoubt: true, answered: true, effect: stays},
	{Fault: Fault{Kind: "503"}, inDoubt: true, answered: true, effect: stays},
	{Fault: Fault{Kind: "problem_json"}, inDoubt: true, answered: true, effect: stays},
	{Fault: Fault{Kind: "blackhole"}, inDoubt: true, effect: stays, timeout: 300 * time.Millisecond},
	{Fault: Fault{Kind: "refused"}, mayDoubt: true, effect: stays},
	{Fault: Fault{Kind: "429"}, effect: stays},
	{Fault: Fault{Kind: "429", RetryAfter: 3600}, effect: stays},
	{Fault: Fault{Kind: "lost_before_commit"}, inDoubt: true, effect: stays},
	{Fault: Fault{Kind: "lost_after_commit"}, inDoubt: true, effect: made},
	{Fault: Fault{Kind: "json500_after_commit"}, inDoubt: true, answered: true, effect: made},
	{Fault: Fault{Kind: "truncated"}, inDoubt: true, answered: true, effect: made},
	{Fault: Fault{Kind: "success_false"}, inDoubt: true, answered: true, effect: either},
	{Fault: Fault{Kind: "html200"}, inDoubt: true, answered: true, effect: either},
	{Fault: Fault{Kind: "empty_body"}, inDoubt: true, answered: true, effect: either},
	{Fault: Fault{Kind: "unauthorized"}, refused: operator.Unauthorized, effect: stays},
	{Fault: Fault{Kind: "forbidden"}, refused: operator.Unauthorized, effect: stays},
}

var faulty = func() map[string]func(*scenario) {
	all := map[string]func(*scenario){
		"Fault_LimitedWithinTheWait":         func(s *scenario) { s.limitedWithin() },
		"Fault_LimitedBeyondTheWait":         func(s *scenario) { s.limitedBeyond() },
		"Fault_ReadsAreRepeatedThriceAtMost": func(s *scenario) { s.repeats() },
		"Fault_SlowIsNoError":                func(s *scenario) { s.slow() },
		"Fault_EmptyListChangesNothing":      func(s *scenario) { s.emptyList() },
		"Fault_OneOfSeveral":                 func(s *scenario) { s.oneOfSeveral() },
		"Fault_CarriedOutLate":               func(s *scenario) { s.late() },
		"Fault_OneIsForbidden":               func(s *scenario) { s.forbidden() },
	}
	for _, d := range disorders {
		name := "Fault_" + d.Kind
		if d.RetryAfter > 0 {
			name += "_RetryAfter"
		}
		all[name] = func(s *scenario) { s.disorder(d) }
	}
	return all
}()

// disorder reads and writes under a fault, and looks at what is held when it is over.
func (s *scenario) disorder(d disorder) {
	s.put("www", "A", 3600, "192.0.2.1")
	change := operator.Change{Before: s.read("www", "A"), After: s.rrset("www", "A", 7200, "192.0.2.2")}
	for _, c := range s.calls() {
		op := s.operatorFor(c, func(a *Access) {
			a.MaxWait = unwaiting
			if d.timeout > 0 {
				a.Timeout = d.timeout
			}
			if d.timeout > 0 && c.write {
				a.Timeout *= 10 // the list before it is answered, by a machine that may be busy
			}
		})
		s.site.Fault(d.Fault)
		if c.write {
			_, err := op.Write(s.ctx, s.Zone, []operator.Change{change})
			if e := s.failed(d, err); e != nil && e.InDoubt != d.inDoubt && !d.mayDoubt {
				s.Errorf("the write's outage is in doubt: %t, want %t: %#v", e.InDoubt, d.inDoubt, e)
			}
		} else if e := s.failed(d, c.ask(s.ctx, op, s.Zone)); e != nil && e.InDoubt {
			s.Errorf("%s is in doubt, but it is a read", c.name)
		}
		s.site.Clear()
	}
	switch d.effect {
	case made:
		s.expect(change)
	case either:
		s.expected = s.holdings()
	}
	s.verify()
	s.listed()
}

// failed checks the error that the fault leads to and returns it if it is an outage.
func (s *scenario) failed(d disorder, err error) *operator.OutageError {
	s.Helper()
	if d.refused != operator.RefusedOther {
		if e := s.refusal(err); e.Kind != d.refused {
			s.Errorf("refused as kind %d, want %d: %v", e.Kind, d.refused, err)
		}
		return nil
	}
	e := s.outage(err)
	if want := time.Duration(d.RetryAfter) * time.Second; d.Kind == "429" && e.RetryAfter != want {
		s.Errorf("the wait is %s, want %s", e.RetryAfter, want)
	}
	if e.Answered != d.answered {
		s.Errorf("answered is %t, want %t: %#v", e.Answered, d.answered, e)
	}
	if want := d.Kind == "blackhole"; e.Silent != want {
		s.Errorf("silent is %t, want %t: %v", e.Silent, want, err)
	}
	return e
}

func (s *scenario) limitedWithin() {
	s.listed()
	before := s.writes()
	s.site.Fault(Fault{Kind: "429", Count: 1, RetryAfter: 1})
	change := operator.Change{After: s.rrset("www", "A", 3600, "192.0.2.1")}
	if _, err := s.op.Write(s.ctx, s.Zone, []operator.Change{change}); err != nil {
		s.Fatal(err)
	}
	if n := s.writes() - before; n != 2 {
		s.Errorf("%d requests were sent, want 2", n)
	}
	s.expect(change)
	s.verify()
}

// limitedBeyond would sleep for a day, if it slept.
func (s *scenario) limitedBeyond() {
	for _, c := range s.calls() {
		op := s.operatorFor(c, func(*Access) {})
		s.site.Fault(Fault{Kind: "429", RetryAfter: 86400})
		before := len(s.site.Requests())
		e := s.outage(c.ask(s.ctx, op, s.Zone))
		if n := len(s.site.Requests()) - before; n != 1 || e.RetryAfter != 24*time.Hour || e.InDoubt {
			s.Errorf("%s: %d requests, %#v; want one request and a wait of a day", c.name, n, e)
		}
		if !strings.Contains(e.Error(), "24h") {
			s.Errorf("%s: the error does not name the wait: %v", c.name, e)
		}
		s.site.Clear()
	}
	s.verify()
}

func (s *scenario) repeats() {
	s.put("www", "A", 3600, "192.0.2.1")
	s.listed()
	before := len(s.site.Requests())
	s.site.Fault(Fault{Kind: "html502"})
	_ = s.outage(s.calls()[1].ask(s.ctx, s.op, s.Zone))
	if n := len(s.site.Requests()) - before; n < 2 || n > 3 {
		s.Errorf("%d requests to a service that answers 502, want 2 or 3", n)
	}
	s.site.Fault(Fault{Kind: "html502", Count: 1})
	s.listed()
}

func (s *scenario) slow() {
	s.site.Fault(Fault{Kind: "slow", Delay: 50 * time.Millisecond})
	s.write(operator.Change{After: s.rrset("www", "A", 3600, "192.0.2.1")})
	s.listed()
}

// emptyList is an outage, where the operator sees by itself that the list cannot be empty, or an answer: that it is
// doubted is then for the callers, who ask the EmptyZoneChecker.
func (s *scenario) emptyList() {
	s.put("www", "A", 3600, "192.0.2.1")
	s.listed()
	s.site.Fault(Fault{Kind: "empty_list"})
	held, _, err := s.op.List(s.ctx, s.Zone, nil)
	if len(held) != 0 || err != nil && s.outage(err).InDoubt {
		s.Errorf("list gave %v, error %v", held, err)
	}
	s.site.Clear()
	s.verify()
}

// forbidden is a service that lets one RRset be written by nobody, or not with this token: that says nothing about the
// token, nor about other RRsets.
func (s *scenario) forbidden() {
	if s.site.Forbid == nil {
		s.Skip("the service refuses nothing as a matter of policy")
	}
	h := s.site.Forbid()
	bad := operator.Change{After: s.rrset(strings.TrimSuffix(h.Name, "."+s.Zone), h.Type, h.TTL, h.Values...)}
	good := operator.Change{After: s.rrset("good", "A", 3600, "192.0.2.1")}
	for _, changes := range [][]operator.Change{{good, bad}, {bad, good}, {bad}} {
		_, err := s.op.Write(s.ctx, s.Zone, changes)
		e := s.refusal(err)
		if e.Kind != operator.Policy {
			s.Errorf("a write of %d is refused as kind %d, want Policy: %v", len(changes), e.Kind, e)
		}
		if len(changes) == 1 && e.Culprits[0] == "" {
			s.Errorf("the only change is not named: %#v", e)
		}
		s.verify()
	}
	s.write(good)
}

// late is a write that is carried out after its time-out: the error says that nobody knows, and that is all that can be
// said.
func (s *scenario) late() {
	op := s.operatorFor(s.calls()[3], func(a *Access) { a.Timeout = 3 * time.Second })
	change := operator.Change{After: s.rrset("www", "A", 3600, "192.0.2.1")}
	s.site.Fault(Fault{Kind: "late_commit"})
	before := s.writes()
	_, err := op.Write(s.ctx, s.Zone, []operator.Change{change})
	if e := s.outage(err); !e.InDoubt || !e.Silent || e.Answered {
		s.Errorf("the write gave %#v, want a silence in doubt", e)
	}
	if n := s.writes() - before; n != 1 {
		s.Errorf("the write was sent %d times, want once", n)
	}
	s.verify()
	s.site.Clear()
	s.expect(change)
	for len(s.holdings()) != len(s.expected) {
		pause()
	}
	s.verify()
}

// oneOfSeveral is a service that fails over one RRset and takes others: the error says that it is there, so that its
// caller may look for the one.
func (s *scenario) oneOfSeveral() {
	good := operator.Change{After: s.rrset("good", "A", 3600, "192.0.2.1")}
	bad := operator.Change{After: s.rrset("poison", "A", 3600, "192.0.2.2")}
	s.site.Fault(Fault{Kind: "html500", Body: "poison"})
	for _, changes := range [][]operator.Change{{good, bad}, {bad}} {
		_, err := s.op.Write(s.ctx, s.Zone, changes)
		if e := s.outage(err); !e.Answered || e.Silent || !e.InDoubt {
			s.Errorf("a write of %d gave %#v, want an answered outage in doubt", len(changes), e)
		}
		s.verify()
	}
	s.write(good)
}

func pause() { time.Sleep(time.Millisecond) }
