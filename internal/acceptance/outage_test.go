package acceptance

import (
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

const (
	first  = `values = ["192.0.2.1"]`
	second = `values = ["192.0.2.2"]`

	firstHeld  = "www.example.com. 3600 A 192.0.2.1"
	secondHeld = "www.example.com. 3600 A 192.0.2.2"
)

func other(operator string) string {
	if operator == "cloudflare" {
		return "desec"
	}
	return "cloudflare"
}

// eachOperatorOut runs the play with one operator that will be out, by one CLI, and with the other one by the other.
func eachOperatorOut(t *testing.T, play func(t *testing.T, s *stage, out string)) {
	t.Helper()
	turn := turnOf(t)
	for i, out := range bothOperators {
		t.Run(out, func(t *testing.T) {
			t.Parallel()
			onCLIs(t, clitest.RequireTurn(t, turn+uint32(i)), sandbox.Options{}, func(t *testing.T, s *stage) { play(t, s, out) })
		})
	}
}

func TestAccOutage_RefreshKeepsTheLastObservation(t *testing.T) {
	t.Parallel()
	eachOperatorOut(t, func(t *testing.T, s *stage, out string) {
		s.configure(record("r", "www", "A", first))
		s.apply(0)
		s.box.Site(out).Faults.Set(sandbox.Fault{Kind: sandbox.HTML502})
		r := s.plan(0)
		if !strings.Contains(r.Stdout+r.Stderr, "did not answer") {
			t.Errorf("no warning:\n%s", r)
		}
		s.apply(0)
		s.state("multidns_record.r", "unreachable", "operators", out, "status")
		s.state("multidns_record.r", []any{"192.0.2.1"}, "operators", out, "values")
		s.state("multidns_record.r", true, "in_sync")
		s.box.Site(out).Faults.Clear()
		s.settled()
	})
}

func TestAccOutage_CreateWritesWhereItCan(t *testing.T) {
	t.Parallel()
	eachOperatorOut(t, func(t *testing.T, s *stage, out string) {
		s.configure(record("r", "www", "A", first))
		s.box.Site(out).Faults.Set(sandbox.Fault{Kind: sandbox.Refused})
		s.apply(0)
		s.holds(other(out), firstHeld)
		s.state("multidns_record.r", "out_of_sync", "operators", out, "status")
		s.state("multidns_record.r", "in_sync", "operators", other(out), "status")
		s.state("multidns_record.r", false, "in_sync")
		s.notTainted("multidns_record.r")
		s.plan(2)
		s.box.Site(out).Faults.Clear()
		s.plan(2)
		s.apply(0)
		s.settled()
	})
}

func TestAccOutage_UpdateIsOwedAndHealed(t *testing.T) {
	t.Parallel()
	eachOperatorOut(t, func(t *testing.T, s *stage, out string) {
		s.configure(record("r", "www", "A", first))
		s.apply(0)
		s.box.Site(out).Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable})
		s.configure(record("r", "www", "A", second))
		s.apply(0)
		s.holds(out, firstHeld)
		s.holds(other(out), secondHeld)
		s.state("multidns_record.r", "out_of_sync", "operators", out, "status")
		s.state("multidns_record.r", []any{"192.0.2.1"}, "operators", out, "values")
		s.plan(2)
		s.apply(0) // it stays out
		s.state("multidns_record.r", "out_of_sync", "operators", out, "status")
		s.box.Site(out).Faults.Clear()
		s.plan(2)
		s.apply(0)
		s.settled()
	})
}

func TestAccOutage_DeleteStaysUntilItIsGoneEverywhere(t *testing.T) {
	t.Parallel()
	eachOperatorOut(t, func(t *testing.T, s *stage, out string) {
		s.configure(record("r", "www", "A", first))
		s.apply(0)
		s.box.Site(out).Faults.Set(sandbox.Fault{Kind: sandbox.HTML500})
		if err := s.work.Destroy(t.Context()).Must(1); err != nil {
			t.Fatal(err)
		}
		s.holds(other(out))
		s.holds(out, firstHeld)
		s.state("multidns_record.r", false, "in_sync")
		s.box.Site(out).Faults.Clear()
		if err := s.work.Destroy(t.Context()).Must(0); err != nil {
			t.Fatal(err)
		}
		s.holds(out)
	})
}

func TestAccOutage_AllOut(t *testing.T) {
	t.Parallel()
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.configure(record("r", "www", "A", first))
		s.apply(0)
		for _, site := range s.box.Sites() {
			site.Faults.Set(sandbox.Fault{Kind: sandbox.JSON500})
		}
		s.plan(0)
		s.configure(record("r", "www", "A", second) + record("n", "new", "A", first))
		s.plan(2)
		s.apply(1)
		s.state("multidns_record.r", []any{"192.0.2.1"}, "values")
		s.absent("multidns_record.n")
		for _, site := range s.box.Sites() {
			site.Faults.Clear()
		}
		s.apply(0)
		s.settled()
	})
}

func TestAccOutage_FailMode(t *testing.T) {
	t.Parallel()
	eachOperatorOut(t, func(t *testing.T, s *stage, out string) {
		fail := "\non_outage = \"fail\""
		s.configure(record("r", "www", "A", first+fail))
		s.apply(0)
		s.box.Site(out).Faults.Set(sandbox.Fault{Kind: sandbox.HTML502, Methods: sandbox.Writes})
		s.configure(record("r", "www", "A", second+fail) + record("n", "new", "A", first+fail))
		s.apply(1)
		s.state("multidns_record.r", "out_of_sync", "operators", out, "status")
		s.absent("multidns_record.n")
		s.holds(other(out), secondHeld)
		s.box.Site(out).Faults.Clear()
		s.apply(0)
		s.settled()
		s.box.Site(out).Faults.Set(sandbox.Fault{Kind: sandbox.HTML502})
		s.plan(1)
	})
}

func TestAccOutage_RefusalOnOneSideRollsBack(t *testing.T) {
	t.Parallel()
	eachOperatorOut(t, func(t *testing.T, s *stage, out string) {
		s.configure(record("r", "www", "A", first))
		s.box.Site(out).Faults.Set(sandbox.Fault{Kind: sandbox.Forbidden, Methods: sandbox.Writes})
		s.apply(1)
		s.holds("cloudflare")
		s.holds("desec")
		s.absent("multidns_record.r")
		s.box.Site(out).Faults.Clear()
		s.apply(0)
		s.settled()
	})
}

func TestAccOutage_LostAnswersAreSettled(t *testing.T) {
	t.Parallel()
	for _, kind := range []sandbox.Kind{sandbox.LostAfterCommit, sandbox.LostBeforeCommit, sandbox.JSON500AfterCommit, sandbox.Truncated} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			eachOperatorOut(t, func(t *testing.T, s *stage, out string) {
				s.box.Site(out).Faults.Set(sandbox.Fault{Kind: kind, Methods: sandbox.Writes, Count: 1})
				s.configure(record("r", "www", "A", first))
				s.apply(0)
				s.holds(out, firstHeld)
				if kind == sandbox.JSON500AfterCommit && out == "desec" {
					s.plan(2) // stored, and not with its name servers
					s.apply(0)
				}
				s.settled()
			})
		})
	}
}

// One outage costs one time-out and one warning, not one for each resource.
func TestAccOutage_HundredRecordsOneTimeout(t *testing.T) {
	t.Parallel()
	hundred := `
resource "multidns_record" "r" {
  count  = 100
  zone   = "example.com"
  name   = "r${count.index}"
  type   = "A"
  values = ["192.0.2.1"]
}`
	eachOperatorOut(t, func(t *testing.T, s *stage, out string) {
		// 100 creations may have to wait for deSEC's limits.
		s.configure(strings.Replace(provider, `max_wait        = "5s"`, "", 1) + hundred)
		s.apply(0)
		s.settled()
		for kind, requests := range map[sandbox.Kind]int{sandbox.Blackhole: 1, sandbox.HTML502: 4} {
			s.box.Site(out).Faults.Set(sandbox.Fault{Kind: kind})
			s.forget()
			result, diagnostics := s.work.PlanJSON(t.Context())
			if err := result.Must(0); err != nil {
				t.Fatal(err)
			}
			if got := s.box.Site(out).Log.Count(nil); got > requests {
				t.Errorf("%s: %d requests to the operator that is out, want at most %d", kind, got, requests)
			}
			if got := clitest.WithSeverity("warning", diagnostics); len(got) != 1 || !strings.Contains(got[0].Summary, "did not answer") {
				t.Errorf("%s: warnings %v, want one", kind, got)
			}
			s.box.Site(out).Faults.Clear()
			t.Logf("%s: plan of 100 records took %s", kind, result.Duration)
		}
	})
}

// absent expects a resource not to be in state.
func (s *stage) absent(address string) {
	s.t.Helper()
	state, err := s.work.Show(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	if r, ok := state.Resources[address]; ok {
		s.t.Fatalf("%s is in state: %v", address, r.AttributeValues)
	}
}

// notTainted expects a resource to be in state and not tainted.
func (s *stage) notTainted(address string) {
	s.t.Helper()
	state, err := s.work.Show(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	r, ok := state.Resources[address]
	if !ok || r.Tainted {
		s.t.Fatalf("%s: in state %t, tainted %t", address, ok, r.Tainted)
	}
}

// What stood at an operator that could not be read when the RRset was created is a conflict in the next plan; it stops
// an update, and no destruction.
func TestAccOutage_ConflictFoundLateStopsNoDestroy(t *testing.T) {
	t.Parallel()
	eachOperatorOut(t, func(t *testing.T, s *stage, out string) {
		s.box.Site(out).Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable})
		s.configure(record("r", "www", "A", `values = ["192.0.2.1"]`))
		s.apply(0)
		s.box.Site(out).Faults.Clear()
		s.edit(out, "www", "A", 3600, "192.0.2.9")
		if r := s.plan(2); !strings.Contains(r.Stdout, "RRset exists already") || strings.Contains(r.Stdout, "import") {
			t.Errorf("the plan says something else:\n%s", r.Stdout)
		}
		s.apply(1)
		s.holds(out, "www.example.com. 3600 A 192.0.2.9")
		if err := s.work.Destroy(t.Context()).Must(); err != nil {
			t.Fatal(err)
		}
		s.holds(out, "www.example.com. 3600 A 192.0.2.9")
		s.holds(other(out))
	})
}
