package replica_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
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
			if seen := w.Observe(t.Context(), r.Key); seen["one"].Err != nil || test.witness.asked != 0 {
				t.Errorf("an RRset that nobody knew before: %+v, asked %d times", seen["one"], test.witness.asked)
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
