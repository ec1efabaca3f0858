package acceptance

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

const webRouter = "multidns_router.web"

// target is one target of the router, "" being unknown health.
func target(name, healthy string) string {
	if healthy == "" {
		healthy = "null"
	}
	return fmt.Sprintf("{ name = %q, values = [%q], healthy = %s }", name, name+"-front.example.net", healthy)
}

// fronts are the two targets that most tests have: cloudflare is preferred.
func fronts(cloudflare, bunny string) []string {
	return []string{target("cloudflare", cloudflare), target("bunny", bunny)}
}

// router is the configuration of a router whose clock is moved by the test. What it asks of the health's age would
// refuse a clock that is not the machine's.
func router(clock, extra string, targets []string) string {
	return fmt.Sprintf(`
resource "multidns_router" "web" {
  zone           = "example.com"
  name           = "web-router"
  desec          = { ttl = 3600 }
  max_health_age = "1000000h"
  evaluated_at   = "2026-11-22T%sZ"
  targets        = [%s]
  %s
}
`, clock, strings.Join(targets, ", "), extra)
}

func pointsTo(target string) map[string]string {
	return map[string]string{
		"cloudflare": "web-router.example.com. 60 CNAME " + target + "-front.example.net.",
		"desec":      "web-router.example.com. 3600 CNAME " + target + "-front.example.net.",
	}
}

// act is one run of the schedule.
type act struct {
	clock   string
	targets []string
	extra   string // further arguments
	// active is the target after the run. switched says that the run moves the router, notes that it changes nothing
	// but the state; else it is quiet.
	active   string
	switched bool
	notes    bool
	says     []string // in the plan that people read
	silent   []string // not in it
}

// play runs the schedule and looks, after each run, at what both operators hold and were asked.
func (s *stage) play(acts []act) {
	s.t.Helper()
	for _, a := range acts {
		s.configure(router(a.clock, a.extra, a.targets))
		s.forget()
		exit, writes := 0, 0
		if a.switched {
			writes = 1
		}
		if a.switched || a.notes {
			exit = 2
		}
		r := s.work.Plan(s.t.Context(), "-out=run.tfplan")
		if err := r.Must(exit); err != nil {
			s.t.Fatalf("%s: %v", a.clock, err)
		}
		said := flat(r.Stdout + r.Stderr)
		for _, word := range a.says {
			if !strings.Contains(said, flat(word)) {
				s.t.Errorf("%s: the plan does not say %q:\n%s", a.clock, word, r)
			}
		}
		for _, word := range append(a.silent, "evaluated_at", "has changed") {
			if exit == 0 && strings.Contains(said, flat(word)) {
				s.t.Errorf("%s: the plan says %q:\n%s", a.clock, word, r)
			}
		}
		if exit == 2 {
			s.apply(0, "run.tfplan")
		}
		for operator, line := range pointsTo(a.active) {
			if got := len(s.box.Site(operator).Log.Writes()); got != writes {
				s.t.Errorf("%s: %d writes at %s, want %d", a.clock, got, operator, writes)
			}
			if !slices.Contains(s.held(operator), line) {
				s.t.Fatalf("%s: %s holds %q, want %q", a.clock, operator, s.held(operator), line)
			}
		}
	}
}

func TestAccRouter_AutomaticFailback(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.play([]act{
			{
				clock: "10:00:00", targets: fronts("true", "true"), active: "cloudflare", switched: true,
				says: []string{`active_target = "cloudflare"`, "slower than the schedule", "3600 seconds, its TTL at deSEC"},
			},
			{clock: "10:02:00", targets: fronts("true", "true"), active: "cloudflare", silent: []string{"slower than the schedule"}},
			{clock: "10:04:00", targets: fronts("true", "false"), active: "cloudflare"},
			{clock: "10:06:00", targets: fronts("", "true"), active: "cloudflare"},
			{
				clock: "10:08:00", targets: fronts("false", "true"), active: "bunny", switched: true,
				says: []string{`active_target = "cloudflare" -> "bunny"`, `-> "cloudflare was unhealthy; bunny was the first healthy target"`},
			},
			{clock: "10:10:00", targets: fronts("false", "true"), active: "bunny"},
			{clock: "10:12:00", targets: fronts("", "true"), active: "bunny"},
			{clock: "10:14:00", targets: fronts("", "false"), active: "bunny", says: []string{"no other target is known to be healthy"}},
			{clock: "10:16:00", targets: fronts("false", "false"), active: "bunny", says: []string{"All targets are unhealthy", "stays at bunny"}},
			{clock: "10:18:00", targets: fronts("true", "true"), active: "cloudflare", switched: true, says: []string{`active_target = "bunny" -> "cloudflare"`}},
			{clock: "10:20:00", targets: fronts("true", "true"), active: "cloudflare"},
		})
		s.state(webRouter, "bunny", "previous_target")
		s.state(webRouter, "2026-11-22T10:18:00Z", "switched_at")
		s.state(webRouter, nil, "failback_since")
		s.state(webRouter, float64(3600), "max_ttl")
		// A quiet apply leaves the state file as it is.
		before := s.stateFile()
		s.configure(router("10:22:00", "", fronts("true", "")))
		s.apply(0)
		if after := s.stateFile(); after != before {
			t.Errorf("a quiet apply wrote the state:\n%s\n%s", before, after)
		}
	})
}

func TestAccRouter_FailbackAfterDelay(t *testing.T) {
	t.Parallel()
	const delay = `failback = { delay = "10m" }`
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.play([]act{
			{clock: "10:00:00", extra: delay, targets: fronts("true", "true"), active: "cloudflare", switched: true},
			{clock: "10:02:00", extra: delay, targets: fronts("false", "true"), active: "bunny", switched: true},
			{clock: "10:04:00", extra: delay, targets: fronts("true", "true"), active: "bunny", notes: true, says: []string{"waiting to fail back to cloudflare"}},
			{clock: "10:06:00", extra: delay, targets: fronts("true", "true"), active: "bunny"},
			{clock: "10:08:00", extra: delay, targets: fronts("false", "true"), active: "bunny", notes: true},
			{clock: "10:10:00", extra: delay, targets: fronts("false", "true"), active: "bunny"},
			{clock: "10:12:00", extra: delay, targets: fronts("true", "true"), active: "bunny", notes: true},
			{clock: "10:21:59", extra: delay, targets: fronts("true", "true"), active: "bunny"},
			{clock: "10:22:00", extra: delay, targets: fronts("true", "true"), active: "cloudflare", switched: true, says: []string{`active_target = "bunny" -> "cloudflare"`}},
			{clock: "10:24:00", extra: delay, targets: fronts("true", "true"), active: "cloudflare"},
		})
	})
}

func TestAccRouter_ManualFailbackAndPins(t *testing.T) {
	t.Parallel()
	const manual = "failback = { mode = \"manual\" }\n"
	const pinned = manual + `pin = { target = "cloudflare", reason = "game day", until = "2026-11-22T11:00:00Z" }`
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.play([]act{
			{clock: "10:00:00", extra: manual, targets: fronts("false", "true"), active: "bunny", switched: true},
			{clock: "10:02:00", extra: manual, targets: fronts("true", "true"), active: "bunny"},
			{
				clock: "10:04:00", extra: pinned, targets: fronts("true", "true"), active: "cloudflare", switched: true,
				says: []string{`"pinned to cloudflare: game day"`, "The router is pinned to cloudflare until 2026-11-22T11:00:00Z (game day)"},
			},
			{clock: "10:06:00", extra: pinned, targets: fronts("true", "true"), active: "cloudflare", says: []string{"The router is pinned"}},
			{clock: "10:08:00", extra: pinned, targets: fronts("false", "true"), active: "cloudflare", says: []string{"cloudflare is unhealthy"}},
			{
				clock: "11:00:00", extra: pinned, targets: fronts("false", "true"), active: "bunny", switched: true,
				says: []string{"The pin to cloudflare expired at 2026-11-22T11:00:00Z"},
			},
			{clock: "11:02:00", extra: pinned, targets: fronts("true", "true"), active: "bunny", says: []string{"expired"}},
			{ // two warnings, and the CLIs print one of each summary
				clock: "11:03:00", extra: pinned, targets: fronts("false", "false"), active: "bunny",
				says: []string{"Router web-router.example.com. needs a look", "expired", "All targets are unhealthy"},
			},
			{clock: "11:04:00", extra: manual, targets: fronts("true", "true"), active: "bunny", notes: true, silent: []string{"expired"}},
			{clock: "11:06:00", extra: manual, targets: fronts("true", "true"), active: "bunny"},
		})
	})
}

func TestAccRouter_TargetsComeAndGo(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		third := append(fronts("true", "true"), target("fastly", "true"))
		s.play([]act{
			{clock: "10:00:00", targets: fronts("", ""), active: "cloudflare", switched: true, says: []string{"no target was known to be healthy"}},
			{clock: "10:02:00", targets: third, active: "cloudflare", notes: true},                                             // added behind
			{clock: "10:04:00", targets: []string{third[1], third[0], third[2]}, active: "bunny", switched: true},              // reordered
			{clock: "10:06:00", targets: []string{target("fastly", "true"), third[0]}, active: "fastly", switched: true},       // the active one removed
			{clock: "10:08:00", targets: fronts("false", "false"), active: "cloudflare", switched: true},                       // nothing works
			{clock: "10:10:00", targets: []string{target("cf", "true"), third[1]}, active: "cf", switched: true},               // renamed
			{clock: "10:12:00", targets: []string{target("new", "false"), target("cf", "true")}, active: "cf", notes: true},    // a preferred one that is down
			{clock: "10:14:00", targets: []string{target("new", "true"), target("cf", "true")}, active: "new", switched: true}, // and comes up
		})
		// The active target's own values change: one write, no switch.
		s.configure(router("10:16:00", "", []string{`{ name = "new", values = ["other.example.net"], healthy = true }`, target("cf", "true")}))
		s.forget()
		s.apply(0)
		s.state(webRouter, "cf", "previous_target")
		s.holds("desec", "web-router.example.com. 3600 CNAME other.example.net.")
		s.requests("desec", s.reads("desec"), 1)
		s.plan(0)
	})
}

func TestAccRouter_AddressesAtTheApex(t *testing.T) {
	t.Parallel()
	apex := func(typ, active, standby string) string {
		return fmt.Sprintf(`
resource "multidns_router" "apex" {
  zone    = "example.com"
  name    = "@"
  type    = %q
  ttl     = 3600
  targets = [{ name = "a", values = %s, healthy = true }, { name = "b", values = %s }]
}`, typ, active, standby)
	}
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.configure(apex("A", `["192.0.2.1", "192.0.2.2"]`, `["198.51.100.1"]`))
		s.apply(0)
		s.holds("cloudflare", "example.com. 3600 A 192.0.2.1 | 192.0.2.2")
		s.settled()
		s.configure(apex("A", `["192.0.2.2", "192.0.2.1"]`, `["198.51.100.1"]`))
		s.plan(0)
		s.configure(strings.Replace(apex("A", `["192.0.2.1", "192.0.2.2"]`, `["198.51.100.1"]`), "healthy = true", "healthy = false", 1))
		s.plan(0, "-compact-warnings") // b is of unknown health
		s.configure(apex("AAAA", `["2001:db8::1"]`, `["2001:db8::2"]`))
		s.forget()
		s.apply(0)
		s.requests("desec", s.reads("desec"), 1)
		s.requests("cloudflare", s.reads("cloudflare"), 1)
		s.holds("desec", "example.com. 3600 AAAA 2001:db8::1")
		s.settled()
	})
}

// terraform_data is built into both CLIs; its output is unknown while its input changes.
func TestAccRouter_HealthKnownOnlyAtApply(t *testing.T) {
	t.Parallel()
	later := func(clock, cloudflare string) string {
		return "resource \"terraform_data\" \"health\" {\n  input = " + cloudflare + "\n}\n" +
			router(clock, "", fronts("terraform_data.health.output", "true"))
	}
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		for _, a := range []struct{ clock, healthy, active string }{
			{"10:00:00", "true", "cloudflare"},
			{"10:02:00", "false", "bunny"},
			{"10:04:00", "true", "cloudflare"},
		} {
			s.configure(later(a.clock, a.healthy))
			if r := s.plan(2); !strings.Contains(flat(r.Stdout), `(known after apply)`) {
				t.Errorf("%s: nothing is left open:\n%s", a.clock, r)
			}
			s.apply(0)
			s.holds("desec", pointsTo(a.active)["desec"])
			s.state(webRouter, a.active, "active_target")
			s.plan(0)
		}
	})
}

func TestAccRouter_StalePlanDoesNotSwitch(t *testing.T) {
	t.Parallel()
	stale := func(clock, age, cloudflare string) string {
		return strings.Replace(router(clock, "", fronts(cloudflare, "true")), `max_health_age = "1000000h"`, age, 1)
	}
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		// The machine's clock is long past this one's.
		const longAgo = "2026-11-22T"
		old := func(hcl string) string { return strings.Replace(hcl, longAgo, "2026-01-02T", 1) }
		s.configure(old(stale("10:00:00", "", "true")))
		s.apply(0) // a creation has nothing to switch
		for _, age := range []string{"", `max_health_age = "30m"`} {
			s.configure(old(stale("10:02:00", age, "false")))
			s.forget()
			s.plan(2, "-out=old.tfplan")
			r := s.apply(1, "old.tfplan")
			for _, word := range []string{"too old", "from cloudflare to bunny", "Nothing was written", "make a new plan"} {
				if !strings.Contains(flat(r.Stderr), flat(word)) {
					t.Errorf("the error does not say %q:\n%s", word, r)
				}
			}
			s.nothingWritten()
			s.holds("desec", pointsTo("cloudflare")["desec"])
		}
		now := strings.Replace(stale("10:04:00", "", "false"), `"2026-11-22T10:04:00Z"`, "plantimestamp()", 1)
		s.configure(now)
		s.apply(0)
		s.holds("desec", pointsTo("bunny")["desec"])
		s.plan(0)
	})
}

// Both operators are written side by side, and one that is silent does not hold up the other.
func TestAccRouter_SwitchInParallelAndWithOneOut(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.play([]act{{clock: "10:00:00", targets: fronts("true", "true"), active: "cloudflare", switched: true}})
		for _, site := range s.box.Sites() {
			// Well below the time-out of a request, which is two seconds.
			site.Faults.Set(sandbox.Fault{Kind: sandbox.Slow, Delay: 500 * time.Millisecond, Methods: sandbox.Writes})
		}
		s.play([]act{{clock: "10:02:00", targets: fronts("false", "true"), active: "bunny", switched: true}})
		a, b := s.box.Cloudflare.Log.Writes()[0], s.box.Desec.Log.Writes()[0]
		if a.Start.After(b.End) || b.Start.After(a.End) {
			t.Errorf("one after the other: Cloudflare %s to %s, deSEC %s to %s", a.Start, a.End, b.Start, b.End)
		}
		for i, out := range []string{"cloudflare", "desec"} {
			for _, site := range s.box.Sites() {
				site.Faults.Clear()
			}
			s.configure(router(fmt.Sprintf("10:%d:00", 10+10*i), "", fronts("true", "true")))
			s.apply(0)
			s.identicalValues()
			s.box.Site(out).Faults.Set(sandbox.Fault{Kind: sandbox.Blackhole})
			s.configure(router(fmt.Sprintf("10:%d:00", 12+10*i), "", fronts("false", "true")))
			s.apply(0)
			s.holds(other(out), pointsTo("bunny")[other(out)])
			s.holds(out, pointsTo("cloudflare")[out])
			s.state(webRouter, "bunny", "active_target")
			s.state(webRouter, "out_of_sync", "operators", out, "status")
			s.state(webRouter, false, "in_sync")
			s.box.Site(out).Faults.Clear()
			s.plan(2)
			s.apply(0)
			s.holds(out, pointsTo("bunny")[out])
			s.plan(0)
		}
	})
}

// identicalValues expects one target at both operators; their TTLs differ.
func (s *stage) identicalValues() {
	s.t.Helper()
	a, b := s.held("cloudflare"), s.held("desec")
	if len(a) != 1 || len(b) != 1 || strings.Fields(a[0])[3] != strings.Fields(b[0])[3] {
		s.t.Fatalf("the operators differ: %q, %q", a, b)
	}
}
