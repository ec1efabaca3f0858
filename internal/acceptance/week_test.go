package acceptance

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// A sample of a day at a two-minute schedule: every run is a real plan, and an apply when there is something to do, as
// the recipes in examples/schedule do. What a whole week decides is tested in package router.
func TestAccWeek_SampleOfADay(t *testing.T) {
	t.Parallel()
	s := newStage(t, clitest.RequireCLIs(t)[0], sandbox.Options{})
	d := newDay(t, s)
	d.play(0, 60, d.run)
	want := []string{
		"run 0: cloudflare", // created
		"run 8: bunny",      // the front breaks
		"run 17: cloudflare",
		"run 20: bunny", // it flaps five times, which counts once
		"run 30: cloudflare",
		"run 41: bunny", // it breaks while Cloudflare's API is down
		"run 51: cloudflare",
		"run 58: bunny", // it answers too slowly
	}
	if diff := cmp.Diff(want, d.switches); diff != "" {
		t.Errorf("switches (-want +got):\n%s", diff)
	}
	for _, operator := range []string{"cloudflare", "desec"} {
		wrote := []int{0, 8, 17, 20, 30, 41, 51, 58}
		if operator == "cloudflare" {
			wrote[5] = 45 // its API is back
		}
		if diff := cmp.Diff(wrote, d.wrote[operator]); diff != "" {
			t.Errorf("runs with a write at %s (-want +got):\n%s", operator, diff)
		}
	}
}

// day is a schedule, what happens meanwhile, and what came of it.
type day struct {
	s         *stage
	incidents map[int]func() // by the run that they come right before
	switches  []string
	wrote     map[string][]int // by operator, the run of each write that was carried out
	asked     map[string]int   // requests by operator, writes included
	active    string
}

// play goes through the runs from first, so many, and notes after each what the operators were asked and show.
func (d *day) play(first, runs int, run func(int)) {
	d.s.t.Helper()
	d.wrote, d.asked = map[string][]int{}, map[string]int{}
	for n := first; n < first+runs; n++ {
		if happens, ok := d.incidents[n]; ok {
			happens()
		}
		d.s.forget()
		run(n)
		d.look(n)
	}
}

func (d *day) look(run int) {
	for _, site := range d.s.box.Sites() {
		for _, e := range site.Log.Entries() {
			d.asked[site.Name]++
			if e.IsWrite() && e.Status < 300 {
				d.wrote[site.Name] = append(d.wrote[site.Name], run)
			}
		}
	}
	// deSEC is never out on such a day: it shows each decision at once.
	for _, target := range []string{"cloudflare", "bunny"} {
		if target != d.active && slices.Contains(d.s.held("desec"), pointsTo(target)["desec"]) {
			d.active = target
			d.switches = append(d.switches, fmt.Sprintf("run %d: %s", run, target))
		}
	}
}

func newDay(t *testing.T, s *stage) *day {
	t.Helper()
	var offline atomic.Bool
	control := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		if offline.Load() {
			rw.WriteHeader(http.StatusBadGateway) // the runner's own proxy
		}
	}))
	t.Cleanup(control.Close)
	var hcl strings.Builder
	hcl.WriteString("variable \"clock\" { type = string }\n")
	for _, front := range s.box.Fronts {
		fmt.Fprintf(&hcl, "data \"multidns_health\" %q {\n  timeout = \"1s\"\n  attempts = 1\n  controls = [%q]\n"+
			"  http = {\n url = \"http://www.example.com/health\"\n connect_to = %q\n }\n}\n", front.Name, control.URL, front.Addr())
	}
	hcl.WriteString(strings.Replace(router("10:00:00", `failback = { delay = "10m" }`,
		fronts("data.multidns_health.cf-front.healthy", "data.multidns_health.bunny-front.healthy")),
		`"2026-11-22T10:00:00Z"`, "var.clock", 1))
	s.work.Env["TF_VAR_clock"] = "2026-11-22T00:00:00Z"
	s.configure(hcl.String())

	cf, bunny := s.box.Front("cf-front"), s.box.Front("bunny-front")
	down, up := func() { cf.SetHealthy(false) }, func() { cf.SetHealthy(true) }
	both := func(refused bool) {
		cf.SetRefused(refused)
		bunny.SetRefused(refused)
		offline.Store(refused)
	}
	return &day{s: s, incidents: map[int]func(){
		8: down, 12: up, // failback 10 minutes later
		20: down, 21: up, 22: down, 23: up, 24: down, 25: up,
		34: func() { both(true) }, 37: func() { both(false) }, // the runner has no network
		40: func() { s.box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.HTML502}) },
		41: down,
		45: func() { s.box.Cloudflare.Faults.Clear() },
		46: up,
		54: func() { down(); bunny.SetHealthy(false) },
		56: func() { up(); bunny.SetHealthy(true) },
		58: func() { cf.SetDelay(5 * time.Second) },
	}}
}

// run is one run of the schedule: two minutes after the last.
func (d *day) run(run int) {
	s := d.s
	s.t.Helper()
	s.work.Env["TF_VAR_clock"] = time.Date(2026, 11, 22, 0, 2*run, 0, 0, time.UTC).Format(time.RFC3339)
	r := s.work.Plan(s.t.Context(), "-out=run.tfplan")
	if err := r.Must(0, 2); err != nil {
		s.t.Fatalf("run %d: %v", run, err)
	}
	if r.ExitCode == 2 {
		s.apply(0, "run.tfplan")
	}
}

// latency is what a quiet run may change in the state, if a machine is so busy that a probe takes longer than its step;
// the serial then follows.
var latency = regexp.MustCompile(`(?m)^ *"(latency_ms|serial)":.*\n`)

// A schedule that applies each time, whatever the plan says, changes nothing either while nothing happens.
func TestAccWeek_QuietAppliesLeaveTheStateAlone(t *testing.T) {
	t.Parallel()
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		newDay(t, s)
		s.apply(0)
		before := s.stateFile()
		s.forget()
		for run := 1; run <= 3; run++ {
			s.work.Env["TF_VAR_clock"] = time.Date(2026, 11, 22, 0, 2*run, 0, 0, time.UTC).Format(time.RFC3339)
			s.apply(0)
		}
		after := s.stateFile()
		if diff := cmp.Diff(latency.ReplaceAllString(before, ""), latency.ReplaceAllString(after, "")); diff != "" {
			t.Errorf("the state changed:\n%s", diff)
		}
		t.Logf("not a byte has changed: %t", before == after)
		s.nothingWritten()
	})
}
