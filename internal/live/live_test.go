package live

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/cloudflare"
	"github.com/multidns/terraform-provider-multidns/internal/operator/desec"
	"github.com/multidns/terraform-provider-multidns/internal/operator/operatortest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/sandboxtest"
)

const (
	// under is the name below which everything is written.
	under = "multidns-live"
	// patient is how long one write may wait for the service's limits: deSEC counts by the hour.
	patient = 65 * time.Minute
	// exchange is how long one request may take, with its wait in the proxy: as long, because a former run may have
	// used the hour up.
	exchange = patient
)

// service is one operator: the real one, or the sandbox's.
type service struct {
	name, token string
	real        bool
	base        string // without the proxy
	proxy       *proxy
	op          operator.Operator
}

// world is both of them.
type world struct {
	zone     string // without the final dot
	services []*service
}

// TestLive is `make live`.
func TestLive(t *testing.T) {
	zone := strings.TrimSuffix(os.Getenv("MULTIDNS_LIVE_ZONE"), ".")
	if os.Getenv("MULTIDNS_LIVE") == "" {
		t.Skip("only make live asks the services themselves")
	}
	if zone == "" {
		t.Fatal("MULTIDNS_LIVE_ZONE names no zone: set it to one that nobody misses")
	}
	w := open(t, zone)
	defer w.report(t)
	w.cleanOnInterrupt(t)
	w.clean(t)
	t.Cleanup(func() { w.clean(t) })
	for _, s := range w.services {
		if s.real {
			t.Run("Conformance/"+s.name, func(t *testing.T) { w.conformance(t, s) })
		}
	}
	for _, cli := range clitest.RequireCLIs(t)[:1] {
		t.Run("MainJob/"+cli.Name, func(t *testing.T) { w.mainJob(t, cli) })
	}
	t.Run("OpenQuestions", func(t *testing.T) { w.askOpenQuestions(t) })
}

// open reaches both operators: the real one where there is a token, else the sandbox's.
func open(t *testing.T, zone string) *world {
	t.Helper()
	box := sandboxtest.Start(t, sandbox.Options{Zone: zone})
	w := &world{zone: zone, services: []*service{
		{name: "cloudflare", token: os.Getenv("CLOUDFLARE_API_TOKEN"), base: firstOf(os.Getenv("CLOUDFLARE_BASE_URL"), "https://api.cloudflare.com/client/v4")},
		{name: "desec", token: os.Getenv("DESEC_API_TOKEN"), base: firstOf(os.Getenv("DESEC_BASE_URL"), "https://desec.io/api/v1")},
	}}
	some := false
	for _, s := range w.services {
		s.real = s.token != ""
		some = some || s.real
		if site := box.Site(s.name); !s.real {
			s.token, s.base = site.Token, site.BaseURL
		}
		s.proxy = newProxy(t, s.base)
		if s.real && s.name == "desec" {
			s.proxy.pace = desecPace(paceFile(t, s.base, zone))
		}
		s.op = s.connect(t)
	}
	if !some {
		t.Fatal("there is no token: set CLOUDFLARE_API_TOKEN, DESEC_API_TOKEN or both")
	}
	return w
}

// connect makes a client that goes through the proxy.
func (s *service) connect(t *testing.T) operator.Operator {
	t.Helper()
	var op operator.Operator
	var err error
	if s.name == "cloudflare" {
		op, err = cloudflare.New(cloudflare.Config{Token: s.token, BaseURL: s.proxy.URL, Timeout: exchange, MaxWait: patient, UserAgent: "multidns-live"})
	} else {
		op, err = desec.New(desec.Config{Token: s.token, BaseURL: s.proxy.URL, Timeout: exchange, MaxWait: patient, UserAgent: "multidns-live"})
	}
	if err != nil {
		t.Fatal(err)
	}
	return op
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// conformance runs the suite with one client for everything, which keeps the service's limits for all of it together.
func (w *world) conformance(t *testing.T, s *service) {
	suite := operatortest.Suite{
		Zone: w.zone + ".", Under: under,
		Start: func(t *testing.T) operatortest.Site {
			return operatortest.Site{
				BaseURL: s.proxy.URL, Token: s.token, Requests: s.proxy.requests,
				Held: func() []operatortest.Held { return s.held(t, w.zone+".") },
				Put:  func(h operatortest.Held) error { return s.put(t.Context(), w.zone+".", h) },
			}
		},
		New: func(*testing.T, operatortest.Access) operator.Operator { return s.op },
		Without: map[string]string{
			"DNSKEY": "it has a meaning at the apex alone, and there it would change how the zone is signed",
		},
	}
	operatortest.RunLive(t, suite, func(t *testing.T) { w.cleanAt(t, s) })
}

// mainJob is what the provider is for, with a real CLI: a record and a router at both operators, a switch, an operator
// that is out and comes back, and nothing left behind.
func (w *world) mainJob(t *testing.T, cli clitest.CLI) {
	env := map[string]string{}
	for _, s := range w.services {
		upper := strings.ToUpper(s.name)
		env[upper+"_API_TOKEN"], env[upper+"_BASE_URL"] = s.token, s.proxy.URL
	}
	work := clitest.RequireWorkdir(t, cli, env)
	work.Limit = 70 * time.Minute
	step := func(active string, exit int, run func(context.Context, ...string) clitest.Result) {
		t.Helper()
		if err := work.Write("main.tf", w.configuration(active)); err != nil {
			t.Fatal(err)
		}
		if err := run(t.Context()).Must(exit); err != nil {
			t.Fatal(err)
		}
	}
	step("a", 0, work.Init)
	step("a", 0, work.Apply)
	w.points(t, "a", w.services...)
	step("a", 0, work.Plan)
	step("b", 2, work.Plan)
	step("b", 0, work.Apply)
	w.points(t, "b", w.services...)
	out, left := w.services[0], w.services[1]
	if out.real && !left.real {
		out, left = left, out
	}
	out.proxy.playDead(true)
	step("a", 0, work.Apply)
	out.proxy.playDead(false)
	w.points(t, "a", left)
	w.points(t, "b", out)
	step("a", 2, work.Plan)
	step("a", 0, work.Apply)
	w.points(t, "a", w.services...)
	step("a", 0, work.Plan)
	if err := work.Destroy(t.Context()).Must(); err != nil {
		t.Fatal(err)
	}
	for _, s := range w.services {
		if mine := s.mine(t.Context(), t, w.zone+"."); len(mine) > 0 {
			t.Errorf("%s still holds %v", s.name, mine)
		}
	}
}

func (w *world) configuration(active string) string {
	return fmt.Sprintf(`
terraform {
  required_providers {
    multidns = { source = "multidns/multidns" }
  }
}

provider "multidns" {
  request_timeout = "65m"
  max_wait        = "65m"
}

resource "multidns_record" "www" {
  zone   = %[1]q
  name   = "www.%[2]s"
  type   = "CNAME"
  values = ["router.%[2]s.%[1]s"]
}

resource "multidns_router" "web" {
  zone  = %[1]q
  name  = "router.%[2]s"
  desec = { ttl = 3600 }
  pin   = { target = %[3]q }
  targets = [
    { name = "a", values = ["a.example.net"] },
    { name = "b", values = ["b.example.net"] },
  ]
}
`, w.zone, under, active)
}

// points expects the router to point to a target.
func (w *world) points(t *testing.T, target string, at ...*service) {
	t.Helper()
	for _, s := range at {
		held, err := s.op.ListName(t.Context(), w.zone+".", "router."+under+"."+w.zone+".")
		if err != nil {
			t.Fatal(err)
		}
		if len(held) != 1 || len(held[0].Values) != 1 || held[0].Values[0] != target+".example.net." {
			t.Errorf("%s holds %v, want a router to %s", s.name, held, target)
		}
	}
}

// cleanOnInterrupt takes everything away before a Ctrl-C ends the process. The checks go on meanwhile, and find both
// services dead; the cleaning has a way of its own.
func (w *world) cleanOnInterrupt(t *testing.T) {
	cleaners := make([]*service, len(w.services))
	for i, s := range w.services {
		cleaner := *s
		cleaner.proxy = newProxy(t, s.base)
		cleaner.proxy.pace = s.proxy.pace
		cleaner.op = cleaner.connect(t)
		cleaners[i] = &cleaner
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		fmt.Fprintln(os.Stderr, "interrupted: taking away what was written; once more ends at once")
		signal.Stop(signals)
		for _, s := range w.services {
			s.proxy.playDead(true)
		}
		code := 130
		for _, s := range cleaners {
			// What was under way may have arrived behind the first look.
			err := errors.Join(s.remove(context.Background(), w.zone+"."), s.remove(context.Background(), w.zone+"."))
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				code = 1
			}
		}
		os.Exit(code)
	}()
}

// report says what was asked of whom, and fails the run when a service had to refuse for the number of requests.
func (w *world) report(t *testing.T) {
	for _, s := range w.services {
		reads, writes, limited := s.proxy.counts()
		where := s.base
		if !s.real {
			where = "the sandbox"
		}
		t.Logf("%s (%s): %d reads, %d writes, %d times 429", s.name, where, reads, writes, limited)
		if limited > 0 {
			t.Errorf("%s said 429: its limits were not kept", s.name)
		}
	}
}
