package replica_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

// Whoever answers late is left behind for one that has answered, and not for one that is out: it is then the only one
// that can say anything.
func TestInspect_LeavesBehindForAnAnswerOnly(t *testing.T) {
	for name, test := range map[string]struct {
		first error
		late  bool
	}{
		"beside one that answers": {nil, true},
		"beside one that is out":  {&operator.OutageError{Operator: "one", Action: "list", Reason: "HTTP 503"}, false},
		"beside one that refuses": {&operator.RefusalError{Operator: "one", Action: "list", Message: "no"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := set(t, "www", "A", "192.0.2.1")
				one, two := newFake("one"), newFake("two", r)
				one.onList = func() error { return test.first }
				two.latency = 5 * time.Second
				found := newWalk(one, two).Inspect(t.Context(), both(r), everywhere, false)
				if !errors.Is(found["one"].Err, test.first) {
					t.Errorf("one: %v, want %v", found["one"].Err, test.first)
				}
				if late := operator.AsOutage(found["two"].Err) != nil; late != test.late || !late && found["two"].Held == nil {
					t.Errorf("two: %+v, want it left behind: %t", found["two"].Observation, test.late)
				}
				time.Sleep(time.Minute) // lets the reading end that nobody waits for
			})
		})
	}
}
