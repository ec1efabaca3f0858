package acceptance

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"codeberg.org/miekg/dns"
	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/unboundtest"
)

const signersAddress = "multidns_dnssec.main"

// servedTTL is that of everything the name servers answer here: caches run out while a test waits.
const servedTTL = 1

// signed is a zone with two signers, one run of the provider after the other, and a clock that can be put forward.
type signed struct {
	t      *testing.T
	box    *sandbox.Sandbox
	run    driven
	config protocol.Config
	passed atomic.Int64
	// dnsAddr is where each operator's name server answers.
	dnsAddr map[string]string
}

func newSigned(t *testing.T) *signed {
	t.Helper()
	s := &signed{t: t, box: newBox(t), dnsAddr: map[string]string{}}
	for _, site := range s.box.Sites() {
		s.dnsAddr[site.Name] = site.DNSAddr
		site.SetMaxTTL(servedTTL)
		for _, r := range [][3]string{
			{"www", "CNAME", "cdn.example.com."}, {"cdn", "CNAME", "edge.example.com."}, {"edge", "A", "192.0.2.1"}, {"*.wild", "TXT", `"star"`},
			{"deep.ent", "A", "192.0.2.2"}, {"*.alias", "CNAME", "edge.example.com."},
		} {
			if err := site.Edit(s.box.Zone, r[0], r[1], 3600, r[2]); err != nil {
				t.Fatal(err)
			}
		}
	}
	s.box.Parent.SetMaxTTL(servedTTL)
	s.run = newDriven(s.t, s.box, patientTimeout)
	s.run.project.Env = map[string]string{"MULTIDNS_ROOT_SERVERS": s.box.Parent.DNSAddr}
	s.run.project.Now = func() time.Time { return time.Now().Add(time.Duration(s.passed.Load())) }
	s.configure()
	return s
}

func (s *signed) configure() {
	s.config = protocol.Config{Resources: map[string]protocol.Resource{signersAddress: {Type: "multidns_dnssec", Args: map[string]any{
		"zone": s.box.Zone, "servers": map[string]any{"cloudflare": []string{s.dnsAddr["cloudflare"]}, "desec": []string{s.dnsAddr["desec"]}},
	}}}}
}

// pass lets caches run out: those of resolvers by waiting, the provider's clock by putting it forward.
func (s *signed) pass(by time.Duration) {
	s.passed.Add(int64(by))
	time.Sleep((servedTTL + 1) * time.Second) // caches count in whole seconds
}

// apply applies, expects the phase, and then an empty plan.
func (s *signed) apply(phase string) {
	s.t.Helper()
	s.run.must(s.t, s.config, 0)
	if got := s.attr("phase"); got != phase {
		s.t.Fatalf("phase is %v, want %s; problems: %q", got, phase, s.problems())
	}
	if r := s.run.plan(s.t.Context(), s.config); r.exit != 0 {
		s.t.Fatalf("the plan after the apply is not empty: %s", r.text)
	}
}

func (s *signed) attr(path ...string) any {
	instance := s.run.project.State[signersAddress]
	if instance == nil {
		return nil
	}
	return instance.Attr(path...)
}

func (s *signed) list(path ...string) []string {
	all, _ := s.attr(path...).([]any)
	var texts []string
	for _, v := range all {
		texts = append(texts, fmt.Sprint(v))
	}
	return texts
}

func (s *signed) problems() []string { return s.list("problems") }

// free expects that there is nothing to say.
func (s *signed) free() {
	s.t.Helper()
	var left []string
	for _, p := range s.problems() {
		// Cloudflare publishes CDS of its own and takes no others: true in every run.
		if !strings.HasPrefix(p, "The CDS of Cloudflare") {
			left = append(left, p)
		}
	}
	if len(left) > 0 {
		s.t.Fatalf("problems: %q", left)
	}
}

// added is what an operator's API holds at the apex beside its own keys.
func (s *signed) added(operator, typ string) []string {
	for _, r := range s.box.Site(operator).Stored(s.box.Zone) {
		if r.Type == typ && r.Name == s.box.Zone+"." {
			return r.Values
		}
	}
	return nil
}

func (s *signed) same(what string, want, got any) {
	s.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}

// questions are of every kind of answer.
var questions = []struct {
	name  string
	qtype uint16
}{
	{"edge.example.com.", dns.TypeA}, {"www.example.com.", dns.TypeA}, {"x.wild.example.com.", dns.TypeTXT}, {"x.alias.example.com.", dns.TypeA},
	{"example.com.", dns.TypeSOA}, {"example.com.", dns.TypeNS}, {"nope.example.com.", dns.TypeA}, {"edge.example.com.", dns.TypeAAAA},
	{"ent.example.com.", dns.TypeA}, {"x.wild.example.com.", dns.TypeA}, {"example.com.", dns.TypeDNSKEY},
}

// judge is a validating resolver that is asked all the time.
type judge struct {
	t        *testing.T
	resolver *unboundtest.Resolver
	stop     chan struct{}
	done     sync.WaitGroup

	mu            sync.Mutex
	asked, secure int
	bogus         []string
}

// watch starts a judge that knows the servers of the operators.
func (s *signed) watch(operators ...string) *judge {
	s.t.Helper()
	var servers []string
	for _, name := range operators {
		servers = append(servers, s.dnsAddr[name])
	}
	j := &judge{t: s.t, stop: make(chan struct{}), resolver: unboundtest.Start(s.t, unboundtest.Config{
		TrustAnchors: []string{s.box.Parent.TrustAnchor()},
		Stubs:        map[string][]string{"com.": {s.box.Parent.DNSAddr}, "example.com.": servers},
	})}
	j.done.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-j.stop:
				return
			case <-time.After(20 * time.Millisecond):
				j.ask(i % len(questions))
			}
		}
	})
	s.t.Cleanup(j.end)
	return j
}

func (j *judge) ask(i int) {
	q := questions[i]
	a, err := j.resolver.Ask(j.t.Context(), q.name, q.qtype)
	if err != nil {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.asked++
	if a.Secure {
		j.secure++
	}
	if a.Bogus {
		j.bogus = append(j.bogus, q.name+" "+dns.TypeToString[q.qtype])
	}
}

// allSecure expects that every kind of answer validates, as soon as caches have forgotten the time before.
func (j *judge) allSecure() {
	j.t.Helper()
	deadline := time.Now().Add(2 * time.Minute)
	for range 2 {
		for _, q := range questions {
			a, err := j.resolver.Ask(j.t.Context(), q.name, q.qtype)
			for ; (err != nil || !a.Secure) && time.Now().Before(deadline); a, err = j.resolver.Ask(j.t.Context(), q.name, q.qtype) {
				time.Sleep(100 * time.Millisecond)
			}
			if err != nil || !a.Secure {
				j.t.Fatalf("%s %s is not secure: %v %v\n%s", q.name, dns.TypeToString[q.qtype], a.Msg, err, j.resolver.Log())
			}
		}
		time.Sleep(servedTTL * time.Second)
	}
}

// clean expects that nothing was bogus so far.
func (j *judge) clean(when string) {
	j.t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.bogus) > 0 {
		slices.Sort(j.bogus)
		j.t.Fatalf("%s: %d of %d answers were bogus: %q\n%s", when, len(j.bogus), j.asked, slices.Compact(j.bogus), j.resolver.Log())
	}
	j.t.Logf("%s: %d answers, %d of them secure, none bogus", when, j.asked, j.secure)
}

func (j *judge) end() {
	j.mu.Lock()
	defer j.mu.Unlock()
	select {
	case <-j.stop:
	default:
		close(j.stop)
	}
}
