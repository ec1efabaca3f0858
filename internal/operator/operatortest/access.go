package operatortest

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

var accesses = map[string]func(*scenario){
	"Access_UnknownZone":             func(s *scenario) { s.unknownZone() },
	"Access_EndedBeforeItBegan":      func(s *scenario) { s.endedBefore() },
	"Access_ManyReadersAtATime":      func(s *scenario) { s.readers() },
	"Access_EffectiveOfAPlainRRset":  func(s *scenario) { s.effective() },
	"Access_ViolationsAreSorted":     func(s *scenario) { s.violations() },
	"Access_WriteToAnotherZoneStays": func(s *scenario) { s.otherZone() },
}

// webAccesses are for an operator that is asked over HTTP.
var webAccesses = map[string]func(*scenario){
	"Access_BadToken":               func(s *scenario) { s.badToken() },
	"Access_RedirectIsNotFollowed":  func(s *scenario) { s.redirect() },
	"Access_InterruptedWhileSilent": func(s *scenario) { s.interrupted() },
	"Access_ErrorsNameWhatWasTried": func(s *scenario) { s.names() },
}

// call is one method of an operator, asked in the usual way.
type call struct {
	name  string
	write bool
	ask   func(ctx context.Context, op operator.Operator, zone string) error
}

// calls are all methods that ask the service.
func (s *scenario) calls() []call {
	return []call{
		{"Zone", false, func(ctx context.Context, op operator.Operator, zone string) error {
			_, err := op.Zone(ctx, zone)
			return err
		}},
		{"List", false, func(ctx context.Context, op operator.Operator, zone string) error {
			_, _, err := op.List(ctx, zone, nil)
			return err
		}},
		{"ListName", false, func(ctx context.Context, op operator.Operator, zone string) error {
			_, err := op.ListName(ctx, zone, "www."+zone)
			return err
		}},
		{"Write", true, func(ctx context.Context, op operator.Operator, zone string) error {
			r := s.rrset("written", "A", 3600, "192.0.2.99")
			r.Zone, r.Name = zone, "written."+zone
			_, err := op.Write(ctx, zone, []operator.Change{{After: r}})
			return err
		}},
	}
}

// operatorFor makes an operator for one call: for a read a fresh one, which must ask the service; for a write one that
// has listed the zone, so that what the write needs to know is known and the first request is the write itself.
func (s *scenario) operatorFor(c call, change func(*Access)) operator.Operator {
	s.Helper()
	op := s.operator(change)
	if c.write {
		if _, _, err := op.List(s.ctx, s.Zone, nil); err != nil {
			s.Fatal(err)
		}
	}
	return op
}

func (s *scenario) unknownZone() {
	for _, c := range s.calls() {
		if e := s.refusal(c.ask(s.ctx, s.op, "nowhere.example.")); e.Kind != operator.ZoneNotFound {
			s.Errorf("%s refused as kind %d, want ZoneNotFound: %v", c.name, e.Kind, e)
		}
	}
	s.verify()
}

func (s *scenario) badToken() {
	const wrong = "not-the-token-0123456789"
	s.site.Token = wrong // what no error may hold now
	op := s.operator(func(*Access) {})
	ctx := s.logged(s.Context())
	for _, c := range s.calls() {
		if e := s.refusal(c.ask(ctx, op, s.Zone)); e.Kind != operator.Unauthorized {
			s.Errorf("%s refused as kind %d, want Unauthorized: %v", c.name, e.Kind, e)
		}
	}
	s.verify()
}

// redirect has the service point elsewhere; neither request nor token go there.
func (s *scenario) redirect() {
	var asked atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	s.Cleanup(elsewhere.Close)
	for _, status := range []int{http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect} {
		here := httptest.NewServer(http.RedirectHandler(elsewhere.URL, status))
		s.Cleanup(here.Close)
		op := s.operator(func(a *Access) { a.BaseURL, a.MaxWait = here.URL, unwaiting })
		for _, c := range s.calls() {
			_ = s.outage(c.ask(s.ctx, op, s.Zone))
		}
	}
	if n := asked.Load(); n != 0 {
		s.Errorf("the other host was asked %d times", n)
	}
}

func (s *scenario) endedBefore() {
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	for _, c := range s.calls() {
		err := c.ask(ctx, s.op, s.Zone)
		if !errors.Is(err, context.Canceled) {
			s.Errorf("%s gave %v, want one that is context.Canceled", c.name, err)
		}
		if c.write && s.outage(err).InDoubt {
			s.Errorf("%s is in doubt although nothing was sent", c.name)
		}
	}
	if n := len(s.site.Requests()); n != 0 {
		s.Errorf("%d requests were sent, want none", n)
	}
}

// interrupted ends the context while the service is silent.
func (s *scenario) interrupted() {
	for _, c := range s.calls() {
		op := s.operatorFor(c, func(*Access) {})
		s.site.Fault(Fault{Kind: "blackhole"})
		ctx, cancel := context.WithCancel(s.ctx)
		before := len(s.site.Requests())
		done := make(chan error)
		go func() { done <- c.ask(ctx, op, s.Zone) }()
		for len(s.site.Requests()) == before {
			pause()
		}
		cancel()
		err := <-done
		if !errors.Is(err, context.Canceled) || s.outage(err).InDoubt != c.write {
			s.Errorf("%s gave %#v, want an interruption, in doubt: %t", c.name, err, c.write)
		}
		s.site.Clear()
	}
	s.verify()
}

// names looks for the object in what people get to read.
func (s *scenario) names() {
	for _, c := range s.calls() {
		op := s.operatorFor(c, func(a *Access) { a.MaxWait = unwaiting })
		s.site.Fault(Fault{Kind: "html502"})
		if e := s.outage(c.ask(s.ctx, op, s.Zone)); !strings.Contains(e.Action, s.Zone) {
			s.Errorf("%s: the action %q does not name the zone or the RRset", c.name, e.Action)
		}
		s.site.Clear()
	}
}

func (s *scenario) readers() {
	s.put("www", "A", 3600, "192.0.2.1")
	errs := make(chan error)
	for range 8 {
		go func() {
			held, err := s.op.ListName(s.ctx, s.Zone, "www."+s.Zone)
			if err == nil && len(held) != 1 {
				err = errors.New("not what is held")
			}
			errs <- err
		}()
	}
	for range 8 {
		if err := <-errs; err != nil {
			s.Error(err)
		}
	}
}

func (s *scenario) effective() {
	want := s.rrset("www", "A", 3600, "192.0.2.1")
	if got := s.op.Effective(*want); !got.Equal(want.RRset) {
		s.Errorf("effective is %v, want %v", got.RRset, want.RRset)
	}
}

func (s *scenario) violations() {
	bad := s.rrset("www", "A", 100000, "192.0.2.1")
	if got := s.op.Check(*bad, nil); len(got) != 1 || got[0].Attribute != "ttl" {
		s.Errorf("violations %v, want one of ttl", got)
	}
}

// otherZone writes an RRset of one zone through another.
func (s *scenario) otherZone() {
	r := s.rrset("www", "A", 3600, "192.0.2.1")
	r.Zone, r.Name = "example.org.", "www.example.org."
	if _, err := s.op.Write(s.ctx, s.Zone, []operator.Change{{After: r}}); err == nil {
		s.Error("the write was accepted")
	}
	s.verify()
}
