package acceptance

import (
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// What the matrix or the adversary found once, by its symptom.

// The type changed twice while an operator was out, which still held the first:
// its RRset could neither be replaced nor deleted any more.
func TestRegression_TypeChangedTwiceDuringAnOutage(t *testing.T) {
	t.Parallel()
	last := map[string]struct {
		config protocol.Config
		held   []string
	}{
		"to a third type":         {recordConfig("AAAA", "2001:db8::1"), []string{"www.example.com. 3600 AAAA 2001:db8::1"}},
		"back to the first":       {recordConfig("A", "192.0.2.1"), []string{heldOne}},
		"back, with other values": {recordConfig("A", "192.0.2.2"), []string{heldTwo}},
		"to nothing":              {protocol.Config{}, nil},
	}
	for _, out := range bothOperators {
		for name, test := range last {
			t.Run(out+"/"+name, func(t *testing.T) {
				t.Parallel()
				box := newBox(t)
				run := newDriven(box, patientTimeout)
				run.must(t, recordConfig("A", "192.0.2.1"), 0)
				box.Site(out).Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable})
				run.must(t, recordConfig("CNAME", "target.example.net"), 0)
				run.must(t, test.config, 0, 1) // a deletion beside an outage is an error
				box.Site(out).Faults.Clear()
				run.must(t, test.config, 0)
				for _, operator := range bothOperators {
					c := cell{t: t, box: box}
					line := ""
					if len(test.held) > 0 {
						line = test.held[0]
					}
					c.holds(operator, line)
				}
				if r := run.project.Plan(t.Context(), test.config); r.ExitCode != 0 {
					t.Errorf("the plan after the heal: %s", r)
				}
			})
		}
	}
}

// An RRset was deleted from the state and left at the operator, because a list
// that was empty by mistake said that it was gone.
func TestRegression_EmptyListLosesNothing(t *testing.T) {
	t.Parallel()
	for _, out := range bothOperators {
		t.Run(out, func(t *testing.T) {
			t.Parallel()
			box := newBox(t)
			run := newDriven(box, patientTimeout)
			run.must(t, recordConfig("A", "192.0.2.1"), 0)
			box.Site(out).Faults.Set(sandbox.Fault{Kind: sandbox.EmptyList})
			run.must(t, protocol.Config{}, 1)
			box.Site(out).Faults.Clear()
			run.must(t, protocol.Config{}, 0)
			(&cell{t: t, box: box}).holds(out, "")
		})
	}
}

// A zone that somebody emptied is no outage: what is missing is created again,
// and what is to go is gone.
func TestRegression_EmptiedZoneIsBelieved(t *testing.T) {
	t.Parallel()
	for _, operator := range bothOperators {
		t.Run(operator, func(t *testing.T) {
			t.Parallel()
			box := newBox(t)
			run := newDriven(box, patientTimeout)
			one := recordConfig("A", "192.0.2.1")
			empty := func() {
				if err := box.Site(operator).Edit(box.Zone, "www", "A", 0); err != nil {
					t.Fatal(err)
				}
				if operator == "desec" {
					return // its apex NS RRset stays: a list there is never empty
				}
				if held := box.Site(operator).Stored(box.Zone); len(held) != 0 {
					t.Fatalf("%s still holds %v", operator, held)
				}
			}
			run.must(t, one, 0)
			empty()
			if r := run.project.Plan(t.Context(), one); r.ExitCode != 2 || len(r.Warnings()) != 0 {
				t.Errorf("plan of what somebody deleted: %s", r)
			}
			run.must(t, one, 0)
			(&cell{t: t, box: box}).holds(operator, heldOne)
			empty()
			run.must(t, protocol.Config{}, 0)
		})
	}
}
