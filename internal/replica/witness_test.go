package replica_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// witness is a fake that can be asked past its lists.
type witness struct {
	*fake
	holds bool
	err   error
	asked int
}

func (w *witness) HoldsAny(context.Context, string) (bool, error) {
	w.asked++
	return w.holds, w.err
}

func (w *witness) Holds(context.Context, rrset.Key) (bool, error) {
	w.asked++
	return w.holds, w.err
}

// TestWitness_HiddenName: in a zone that is not read as a whole the question is about the one RRset.
func TestWitness_HiddenName(t *testing.T) {
	r := set(t, "www", "A", "192.0.2.1")
	for _, holds := range []bool{false, true} {
		one, two := newFake("one", r), newFake("two", r)
		one.hidden, one.pages = true, 2
		op := &witness{fake: one, holds: holds}
		w := replica.New([]operator.Operator{op, two}, replica.Options{MaxWait: time.Minute, SettleTimeout: time.Second})
		seen := w.Observe(t.Context(), r.Key)
		if (operator.AsOutage(seen["one"].Err) != nil) != holds || op.asked != 1 {
			t.Errorf("holds %t: %+v, asked %d times", holds, seen["one"], op.asked)
		}
	}
}

func TestWitness_EmptyListOfWhatTheStateKnows(t *testing.T) {
	r := set(t, "www", "A", "192.0.2.1")
	tests := map[string]struct {
		witness *witness
		outage  bool
	}{
		"the zone is not empty":     {&witness{holds: true}, true},
		"somebody emptied it":       {&witness{}, false},
		"the witness knows nothing": {&witness{err: errors.New("no such page")}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			one, two := newFake("one", r), newFake("two", r)
			one.hidden = true
			test.witness.fake = one
			w := replica.New([]operator.Operator{test.witness, two}, replica.Options{MaxWait: time.Minute, SettleTimeout: time.Second})
			at := map[string]bool{"one": true, "two": true}
			planned := w.Inspect(t.Context(), replica.Desired{"one": r, "two": r}, at, true)
			if planned["one"].Err != nil || test.witness.asked != 0 {
				t.Errorf("the plan of a creation: %+v, asked %d times", planned["one"], test.witness.asked)
			}
			w.Own(r.Key)
			seen := w.Observe(t.Context(), r.Key)
			if (operator.AsOutage(seen["one"].Err) != nil) != test.outage {
				t.Errorf("seen %+v, want an outage: %t", seen["one"], test.outage)
			}
			o := w.Delete(t.Context(), replica.Deletion{Key: r.Key})
			if (o["one"].Err != nil) != test.outage || o["two"].Err != nil {
				t.Errorf("deletion: %v and %v", o["one"].Err, o["two"].Err)
			}
			if test.witness.asked != 1 {
				t.Errorf("the witness was asked %d times, want once for a walk", test.witness.asked)
			}
		})
	}
}
