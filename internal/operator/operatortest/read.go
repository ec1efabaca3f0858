package operatortest

import (
	"fmt"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

var reads = map[string]func(*scenario){
	"Read_FreshZone":            func(s *scenario) { s.listed() },
	"Read_SeesWhatOthersDid":    func(s *scenario) { s.seesOthers() },
	"Read_OneName":              func(s *scenario) { s.oneName() },
	"Read_BeyondOnePage":        func(s *scenario) { s.crowd() },
	"Read_StopsWhenTold":        func(s *scenario) { s.stops() },
	"Read_ZoneTellsItsLimits":   func(s *scenario) { s.limits() },
	"Read_ListNeedsFewRequests": func(s *scenario) { s.fewRequests() },
}

// listed compares List with what is held.
func (s *scenario) listed() {
	s.Helper()
	held, complete, err := s.op.List(s.ctx, s.Zone, nil)
	if err != nil || !complete {
		s.Fatalf("list: complete %t, error %v", complete, err)
	}
	if diff := cmp.Diff(s.holdings(), s.byKey(held)); diff != "" {
		s.Errorf("listed (-held +listed):\n%s", diff)
	}
}

func (s *scenario) byKey(held []operator.RRset) map[rrset.Key]Held {
	s.Helper()
	all := make(map[rrset.Key]Held)
	for _, r := range held {
		if _, twice := all[r.Key]; twice {
			s.Errorf("%s is listed twice", r.Key)
		}
		if r.Zone != s.Zone {
			s.Errorf("%s is listed in the zone %s", r.Key, r.Zone)
		}
		all[r.Key] = Held{Name: r.Name, Type: r.Type, TTL: r.TTL, Values: r.Values}
	}
	return all
}

func (s *scenario) seesOthers() {
	s.put("www", "A", 3600, "192.0.2.1")
	s.listed()
	s.put("www", "A", 3600, "192.0.2.1", "192.0.2.2")
	s.put("@", "TXT", 86400, `"apex"`)
	s.listed()
	s.put("www", "A", 3600)
	s.listed()
}

// oneName asks for all types at a name, in one request, and for nothing that only looks like the name.
func (s *scenario) oneName() {
	s.put("www", "A", 3600, "192.0.2.1")
	s.put("www", "TXT", 7200, `"text"`)
	s.put("www2", "A", 3600, "192.0.2.3")
	s.put("a.www", "A", 3600, "192.0.2.4")
	s.listed() // what an operator must know of the zone, it knows from here on
	before := len(s.site.Requests())
	held, err := s.op.ListName(s.ctx, s.Zone, "www."+s.Zone)
	if err != nil {
		s.Fatal(err)
	}
	if n := len(s.site.Requests()) - before; n != 1 {
		s.Errorf("%d requests, want 1", n)
	}
	want := map[rrset.Key]Held{}
	for _, typ := range []string{"A", "TXT"} {
		want[s.key("www", typ)] = s.expected[s.key("www", typ)]
	}
	if diff := cmp.Diff(want, s.byKey(held)); diff != "" {
		s.Errorf("at the name (-want +got):\n%s", diff)
	}
	if held, err := s.op.ListName(s.ctx, s.Zone, "nothing."+s.Zone); err != nil || len(held) != 0 {
		s.Errorf("at a name without RRsets: %v, error %v", held, err)
	}
}

func (s *scenario) fill() {
	s.Helper()
	for i := range s.Crowd {
		s.put(fmt.Sprintf("n%d", i), "A", 3600, "192.0.2.1")
	}
}

func (s *scenario) crowd() {
	s.fill()
	var asked []int
	held, complete, err := s.op.List(s.ctx, s.Zone, func(pages int) bool {
		asked = append(asked, pages)
		return true
	})
	if err != nil || !complete {
		s.Fatalf("list: complete %t, error %v", complete, err)
	}
	if diff := cmp.Diff(s.holdings(), s.byKey(held)); diff != "" {
		s.Errorf("listed (-held +listed):\n%s", diff)
	}
	if len(asked) == 0 {
		s.Fatalf("%d RRsets fit into one page: the suite's Crowd is too small", s.Crowd)
	}
	for i, pages := range asked {
		if pages != i+1 {
			s.Errorf("question %d was asked after %d pages", i, pages)
		}
	}
	s.verify()
}

func (s *scenario) stops() {
	s.fill()
	held, complete, err := s.op.List(s.ctx, s.Zone, func(int) bool { return false })
	if err != nil || complete || len(held) == 0 || len(held) >= s.Crowd {
		s.Fatalf("list: %d of %d RRsets, complete %t, error %v", len(held), s.Crowd, complete, err)
	}
	all := s.holdings()
	for k, got := range s.byKey(held) {
		if diff := cmp.Diff(all[k], got); diff != "" {
			s.Errorf("%s was not read whole (-held +listed):\n%s", k, diff)
		}
	}
}

func (s *scenario) limits() {
	z, err := s.op.Zone(s.ctx, s.Zone)
	if err != nil {
		s.Fatal(err)
	}
	if z.Name != s.Zone || z.ID == "" || z.Status == "" || z.MinimumTTL == 0 || z.MaximumTTL < z.MinimumTTL {
		s.Errorf("zone lacks what is always known: %+v", z)
	}
	fine := s.rrset("www", "A", z.MinimumTTL, "192.0.2.1")
	if got := s.op.Check(*fine, &z); len(got) != 0 {
		s.Errorf("an RRset at the minimum TTL is refused: %v", got)
	}
	fine.TTL = z.MinimumTTL - 1
	if got := s.op.Check(*fine, &z); len(got) != 1 || got[0].Attribute != "ttl" || got[0].Message == "" {
		s.Errorf("an RRset below the minimum TTL gives %v, want one violation of ttl", got)
	}
}

func (s *scenario) fewRequests() {
	s.listed()
	before := len(s.site.Requests())
	s.listed()
	if n := len(s.site.Requests()) - before; n != 1 {
		s.Errorf("%d requests for a list of one page, want 1", n)
	}
}
