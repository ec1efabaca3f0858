package replica_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
)

// sideBySide calls f for all numbers below n at once.
func sideBySide(n int, f func(int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { f(i) })
	}
	all.Wait()
}

// TestUndo_LargeAndSlow: 450 RRsets that are to go are deleted in one write that takes longer than any exchange, and
// that is waited for after Ctrl-C as well. What was in doubt is read by one list.
func TestUndo_LargeAndSlow(t *testing.T) {
	const n = 450
	for name, c := range map[string]struct {
		interrupt time.Duration // after the roll-back began
		doubt     bool
		lists     int
	}{
		"slow": {lists: 1}, "interrupted": {interrupt: time.Second, lists: 1},
		"interrupted before": {interrupt: -1, lists: 1},
		"in doubt":           {doubt: true, lists: 3}, // before, to find out what was written, and before it is taken back
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				one, two := newFake("one"), newFake("two", set(t, "other", "A", "192.0.2.7"))
				two.onWrite = func(write int) (bool, error) {
					switch {
					case write > 1:
						time.Sleep(n*100*time.Millisecond - time.Second) // which it may take (design/write-time.md)
					case c.doubt:
						return false, &operator.OutageError{Operator: "two", Action: "write", Reason: "interrupted", InDoubt: true, Err: context.Canceled}
					}
					return true, nil
				}
				w := newWalk(one, two)
				made := make([]replica.Creation, n)
				sideBySide(n, func(i int) {
					made[i] = w.Create(t.Context(), both(set(t, fmt.Sprintf("r%d", i), "A", "192.0.2.1")), replica.CreateOptions{})
				})
				if c.doubt { // and then it was carried out after all
					for change := range two.writes[0] {
						two.held[two.writes[0][change].After.Key] = *two.writes[0][change].After
					}
				}
				ctx, interrupt := context.WithCancel(t.Context())
				defer interrupt()
				if c.interrupt < 0 {
					interrupt()
				}
				if c.interrupt > 0 {
					time.AfterFunc(c.interrupt, interrupt)
				}
				sideBySide(n, func(i int) { made[i].Undo(ctx) })
				for _, m := range made {
					if len(m.Left) > 0 {
						t.Errorf("left: %v", m.Left)
					}
				}
				holds(t, one)
				holds(t, two, "other.example.com. A 3600 192.0.2.7")
				if lists, names := two.readCount(); two.writeCount() != 2 || lists != c.lists || names > 0 {
					t.Errorf("%d writes, %d lists, %d reads of names", two.writeCount(), lists, names)
				}
			})
		})
	}
}

// TestUndo_SlowAndInterrupted: where the write takes longer than it may, Ctrl-C ends it, and what is left is told.
func TestUndo_SlowAndInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, two := newFake("one"), newFake("two")
		two.onWrite = func(write int) (bool, error) {
			if write == 2 {
				time.Sleep(time.Hour)
			}
			return write == 1, nil
		}
		ctx, interrupt := context.WithCancel(t.Context())
		want := set(t, "www", "A", "192.0.2.1")
		created := newWalk(one, two).Create(t.Context(), both(want), replica.CreateOptions{})
		time.AfterFunc(time.Minute, interrupt)
		created.Undo(ctx)
		holds(t, one)
		holds(t, two, line(want))
		if created.Left["two"] == nil || created.Left["one"] != nil {
			t.Errorf("left: %v", created.Left)
		}
	})
}
