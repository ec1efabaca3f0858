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

// checker is a fake that can be asked past its lists.
type checker struct {
	*fake
	holds bool
	err   error
	asked int
}

func (w *checker) HoldsAny(context.Context, string) (bool, error) {
	w.asked++
	return w.holds, w.err
}

func (w *checker) Holds(context.Context, rrset.Key) (bool, error) {
	w.asked++
	return w.holds, w.err
}

// TestEmptyZone_HiddenName: in a zone that is not read as a whole the question is about the one RRset.
func TestEmptyZone_HiddenName(t *testing.T) {
	r := set(t, "www", "A", "192.0.2.1")
	for _, holds := range []bool{false, true} {
		one, two := newFake("one", r), newFake("two", r)
		one.hidden, one.pages = true, 2
		op := &checker{fake: one, holds: holds}
		w := replica.New([]operator.Operator{op, two}, replica.Options{MaxWait: time.Minute, SettleTimeout: time.Second})
		seen := w.Observe(t.Context(), r.Key)
		if (operator.AsOutage(seen["one"].Err) != nil) != holds || op.asked != 1 {
			t.Errorf("holds %t: %+v, asked %d times", holds, seen["one"], op.asked)
		}
	}
}

func TestEmptyZone_ListOfWhatTheStateKnows(t *testing.T) {
	r := set(t, "www", "A", "192.0.2.1")
	tests := map[string]struct {
		checker *checker
		outage  bool
	}{
		"the zone is not empty":     {&checker{holds: true}, true},
		"somebody emptied it":       {&checker{}, false},
		"the checker knows nothing": {&checker{err: errors.New("no such page")}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			one, two := newFake("one", r), newFake("two", r)
			one.hidden = true
			test.checker.fake = one
			w := replica.New([]operator.Operator{test.checker, two}, replica.Options{MaxWait: time.Minute, SettleTimeout: time.Second})
			at := map[string]bool{"one": true, "two": true}
			planned := w.Inspect(t.Context(), replica.Desired{"one": r, "two": r}, at, true)
			if planned["one"].Err != nil || test.checker.asked != 0 {
				t.Errorf("the plan of a creation: %+v, asked %d times", planned["one"], test.checker.asked)
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
			if test.checker.asked != 1 {
				t.Errorf("the checker was asked %d times, want once for a walk", test.checker.asked)
			}
		})
	}
}
