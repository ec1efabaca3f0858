package acceptance

import (
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/sandboxtest"
)

// outs are the rows' operators.
var outs = [][]string{{"cloudflare"}, {"desec"}, bothOperators}

// cell is one square of the matrix on a stage of its own.
type cell struct {
	t    *testing.T
	box  *sandbox.Sandbox
	run  runner
	op   operation
	f    fault
	out  []string
	want expectation
}

// TestMatrix_EveryCell plays cells through the protocol driver: a third of them, with other operations for each fault,
// and every one with MULTIDNS_FULL_MATRIX=1.
func TestMatrix_EveryCell(t *testing.T) {
	whole := os.Getenv("MULTIDNS_FULL_MATRIX") != ""
	t.Parallel()
	playCells(t, 8, func(n int) bool { return whole || (n+n/len(operationNames))%3 == 0 }, func(_ *testing.T, box *sandbox.Sandbox, timeout string) runner {
		run := newDriven(t, box, timeout)
		return &run
	})
}

// TestAccMatrix plays a diagonal of the matrix with each real CLI, so that each fault and each operation is met, and
// every cell with MULTIDNS_FULL_MATRIX=1.
func TestAccMatrix(t *testing.T) {
	t.Parallel()
	whole := os.Getenv("MULTIDNS_FULL_MATRIX") != ""
	for i, cli := range clitest.RequireCLIs(t) {
		t.Run(cli.Name, func(t *testing.T) {
			t.Parallel() // the cells wait for silent operators most of the time
			playCells(t, 3, func(n int) bool { return whole || n%67 == 7*i },
				func(t *testing.T, box *sandbox.Sandbox, timeout string) runner { return newTyped(t, cli, box, timeout) })
		})
	}
}

// playCells runs the chosen cells, so many at once. Those with a silent operator do little but wait, so of them more
// run beside the others.
func playCells(t *testing.T, atOnce int, chosen func(n int) bool, newRunner func(*testing.T, *sandbox.Sandbox, string) runner) {
	var all sync.WaitGroup
	var passed atomic.Int64
	busy, waiting := make(chan struct{}, atOnce), make(chan struct{}, 5*atOnce)
	n, tried := 0, 0
	for _, f := range faults() {
		for _, out := range outs {
			for i, name := range operationNames {
				n++
				if !chosen(n) {
					continue
				}
				tried++
				slots, timeout := busy, patientTimeout
				if f.fault.Kind == sandbox.Blackhole {
					slots, timeout = waiting, silentTimeout
				}
				all.Go(func() {
					slots <- struct{}{}
					defer func() { <-slots }()
					if t.Run(strings.Join([]string{f.name, strings.Join(out, "+"), name}, "/"), func(t *testing.T) {
						box := sandboxtest.Start(t, sandbox.Options{})
						op := operations(box)[i]
						(&cell{t: t, box: box, run: newRunner(t, box, timeout), op: op, f: f, out: out, want: expect(op, f, out)}).play()
					}) {
						passed.Add(1)
					}
				})
			}
		}
	}
	all.Wait()
	t.Logf("%d of %d cells passed", passed.Load(), tried)
}

// play sets the stage, breaks the operators, looks, mends them and looks again.
func (c *cell) play() {
	ctx := c.t.Context()
	c.undeclared()
	if len(c.op.before.Resources) > 0 {
		c.must("apply before the fault", c.run.apply(ctx, c.op.before), 0)
	}
	if c.op.front != "" {
		c.box.Front(c.op.front).SetHealthy(false)
	}
	c.breakDown()
	planned := c.run.plan(ctx, c.op.after)
	c.must("plan under the fault", planned, c.want.planExit)
	c.warned(planned)
	c.breakDown()
	c.must("apply under the fault", c.run.apply(ctx, c.op.after), c.want.exit)
	c.check()
	c.undeclaredIsUntouched()

	for _, name := range c.out {
		c.box.Site(name).Faults.Clear()
	}
	c.must("apply that heals", c.run.apply(ctx, c.op.after), 0)
	c.must("plan after the heal", c.run.plan(ctx, c.op.after), 0)
	for _, name := range bothOperators {
		c.holds(name, c.op.heldAfter)
	}
	c.undeclaredIsUntouched()
}

func (c *cell) breakDown() {
	for _, name := range c.out {
		faults := c.box.Site(name).Faults
		if len(faults.Active()) == 0 || c.f.eachWalk {
			faults.Set(c.f.fault)
		}
	}
}

func (c *cell) must(what string, r ran, exit int) {
	c.t.Helper()
	if r.exit != exit {
		c.t.Fatalf("%s: exit code %d, want %d\n%s", what, r.exit, exit, r.text)
	}
}

// warned expects one warning for each operator that could not be read, however many resources met it.
func (c *cell) warned(r ran) {
	c.t.Helper()
	want := 0
	for _, name := range c.out {
		if c.f.read != plainAnswer && (!c.f.lie || c.op.kind() != "create" || name == "desec") {
			want++
		}
	}
	if c.want.planExit != 1 && len(r.warnings) != want {
		c.t.Errorf("%d warnings in the plan, want %d\n%s", len(r.warnings), want, r.text)
	}
}

// check compares state and operators with what is expected.
func (c *cell) check() {
	c.t.Helper()
	state := c.run.instances(c.t.Context())
	r, inState := state[c.op.address]
	if inState != c.want.inState || r.tainted {
		c.t.Fatalf("%s in state: %t (tainted %t), want %t", c.op.address, inState, r.tainted, c.want.inState)
	}
	if inState {
		status, owes := map[string]string{}, false
		for _, name := range bothOperators {
			if len(c.op.within[0]) > 0 {
				status[name] = "in_sync" // of which differences says nothing
			}
			for _, at := range c.op.within {
				if v, ok := r.attr(append(slices.Clone(at), "operators", name, "status")...).(string); ok {
					status[name] = v
					break
				}
			}
			owes = owes || c.want.status[name] == "out_of_sync"
		}
		if diff := cmp.Diff(c.want.status, status); diff != "" {
			c.t.Errorf("status (-want +got):\n%s", diff)
		}
		if got := r.attr("in_sync"); got != !owes {
			c.t.Errorf("in_sync is %v, want %t", got, !owes)
		}
	}
	for _, name := range bothOperators {
		c.holds(name, c.want.held[name])
	}
}

// holds expects an operator to hold line at www, or nothing when it is empty.
func (c *cell) holds(name, line string) {
	c.t.Helper()
	var want []string
	if line != "" {
		want = []string{line}
	}
	if diff := cmp.Diff(want, heldAt(c.box, name, "www.example.com.")); diff != "" {
		c.t.Errorf("%s holds something else (-want +got):\n%s", name, diff)
	}
}

// heldAt is what an operator holds at one owner name.
func heldAt(box *sandbox.Sandbox, operator, owner string) []string {
	var lines []string
	for _, r := range box.Site(operator).Stored(box.Zone) {
		if r.Name == owner {
			lines = append(lines, line(r))
		}
	}
	slices.Sort(lines)
	return lines
}

// foreign is what nobody declares, at each operator something else.
var foreign = map[string]string{"cloudflare": `"theirs"`, "desec": `"also theirs"`}

func (c *cell) undeclared() {
	c.t.Helper()
	for _, name := range slices.Sorted(maps.Keys(foreign)) {
		if err := c.box.Site(name).Edit(c.box.Zone, "other", "TXT", 3600, foreign[name]); err != nil {
			c.t.Fatal(err)
		}
	}
}

func (c *cell) undeclaredIsUntouched() {
	c.t.Helper()
	for name, value := range foreign {
		want := []string{"other.example.com. 3600 TXT " + value}
		if diff := cmp.Diff(want, heldAt(c.box, name, "other.example.com.")); diff != "" {
			c.t.Errorf("%s: an undeclared RRset was touched (-want +got):\n%s", name, diff)
		}
	}
}
