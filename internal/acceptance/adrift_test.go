package acceptance

import (
	"slices"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

const inNoState = "RRsets are in no state"

// beside is a configuration with one more resource in the zone.
func beside(resources map[string]protocol.Resource) protocol.Config {
	all := map[string]protocol.Resource{"multidns_record.beside": aSingle("beside", "A", "192.0.2.9")}
	for address, r := range resources {
		all[address] = r
	}
	return protocol.Config{Resources: all}
}

// TestAdrift: what a run that failed left in no state is told to the next one, with the operators that hold it, whether
// it is declared no more, is declared still, or all is destroyed. It stays there, and nobody tells of it once it is
// gone or was taken.
func TestAdrift(t *testing.T) {
	t.Parallel()
	www := func(value string) protocol.Resource { return aSingle("www", "A", value) }
	const record, web = "multidns_record.r", "web.example.com. A"
	for what, c := range map[string]struct {
		before map[string]protocol.Resource
		fails  map[string]protocol.Resource
		manner manner
		// rollsBack: deSEC takes one write, and none that takes it back.
		rollsBack bool
		key       string
		at        []string
	}{
		"a rename, one call at a time": {
			before: map[string]protocol.Resource{"multidns_record.z": www("192.0.2.1")},
			fails:  map[string]protocol.Resource{record: www("192.0.2.2")},
			manner: manner{parallelism: 1}, key: "www.example.com. A", at: bothOperators,
		},
		"replaced by itself": {
			before: map[string]protocol.Resource{record: www("192.0.2.1")},
			fails:  map[string]protocol.Resource{record: www("192.0.2.2")},
			manner: manner{replace: []string{record}}, key: "www.example.com. A", at: bothOperators,
		},
		"a creation that could not be taken back": {
			fails: map[string]protocol.Resource{record: aSingle("web", "A", "192.0.2.2")}, rollsBack: true, key: web, at: []string{"desec"},
		},
		"a rename in place that could not be taken back": {
			before: map[string]protocol.Resource{record: www("192.0.2.1")},
			fails:  map[string]protocol.Resource{record: aSingle("web", "A", "192.0.2.1")},
			manner: manner{late: []string{record}}, rollsBack: true, key: web, at: []string{"desec"},
		},
	} {
		for then, next := range map[string]func() protocol.Config{
			"declared no more": func() protocol.Config { return beside(nil) },
			"destroyed":        func() protocol.Config { return nothing },
			"declared":         func() protocol.Config { return beside(c.fails) },
		} {
			t.Run(what+", "+then, func(t *testing.T) {
				t.Parallel()
				var box *sandbox.Sandbox
				var run driven
				// The order of one call at a time is any: where the creation comes first, nothing is given up.
				for given := false; !given; given = run.project.State["multidns_record.z"] == nil {
					box = newBox(t)
					run = newDriven(t, box, patientTimeout)
					run.must(t, beside(c.before), 0)
					box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.Forbidden, Methods: sandbox.Writes})
					if c.rollsBack {
						box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.Forbidden, Methods: sandbox.Writes, Skip: 1})
					}
					if r := run.give(t.Context(), beside(c.fails), c.manner); r.exit != 1 || slices.Contains(r.warnings, inNoState) {
						t.Fatalf("exit code %d: %s", r.exit, r.text)
					}
				}
				box.Cloudflare.Faults.Clear()
				box.Desec.Faults.Clear()
				name, _, _ := strings.Cut(c.key, " ")
				left := map[string][]string{}
				for _, operator := range bothOperators {
					left[operator] = heldAt(box, operator, name)
				}

				r := run.plan(t.Context(), next())
				var titles []string
				for _, operator := range c.at {
					titles = append(titles, map[string]string{"cloudflare": "Cloudflare", "desec": "deSEC"}[operator])
				}
				if want := c.key + " at " + strings.Join(titles, " and ") + "\n"; !strings.Contains(r.text, want) || strings.Count(r.text, inNoState) != 1 {
					t.Errorf("nobody says %q: %s", want, r.text)
				}
				run.must(t, next(), 0)
				for _, operator := range bothOperators {
					got := heldAt(box, operator, name)
					if then == "declared" {
						if !slices.Equal(got, []string{name + " 3600 A 192.0.2." + map[bool]string{true: "1", false: "2"}[c.manner.late != nil]}) {
							t.Errorf("%s holds %q", operator, got)
						}
					} else if len(got) != map[bool]int{true: 1}[slices.Contains(c.at, operator)] || !slices.Equal(got, left[operator]) {
						t.Errorf("%s holds %q, and held %q", operator, got, left[operator])
					}
					if err := box.Site(operator).Edit(box.Zone, strings.TrimSuffix(name, ".example.com."), "A", 0); err != nil {
						t.Fatal(err)
					}
				}
				if r := run.plan(t.Context(), next()); then != "declared" && strings.Contains(r.text, inNoState) {
					t.Errorf("it is gone: %s", r.text)
				}
			})
		}
	}
}

// TestAccHandOver_InVain: the next apply, of which the CLI plans twice in two processes, says it once, and takes over
// what it declares. A destruction, of which the CLI shows nothing that the plan before it said, names what stays.
func TestAccHandOver_InVain(t *testing.T) {
	t.Parallel()
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		fail := func(value string) {
			s.configure(record("r", "www", "A", "values = [\""+value+"\"]") + record("beside", "beside", "A", `values = ["192.0.2.9"]`))
			s.box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.Forbidden, Methods: sandbox.Writes})
			s.apply(1, "-replace=multidns_record.r")
			s.box.Cloudflare.Faults.Clear()
		}
		told := func(r clitest.Result) {
			t.Helper()
			text := r.String()
			if strings.Count(text, inNoState) != 1 || !strings.Contains(text, "www.example.com. A at Cloudflare and deSEC") {
				t.Errorf("want once what no state has: %s", text)
			}
		}
		s.configure(record("r", "www", "A", oneA) + record("beside", "beside", "A", `values = ["192.0.2.9"]`))
		s.apply(0)
		fail("192.0.2.2")
		told(s.apply(0))
		s.settled()
		fail("192.0.2.3")
		told(s.destroy(0))
		for _, operator := range bothOperators {
			s.holds(operator, held(3600, "192.0.2.2"))
		}
	})
}
