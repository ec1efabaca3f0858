package replica_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// holds compares what a fake holds.
func holds(t *testing.T, f *fake, want ...string) {
	t.Helper()
	if diff := cmp.Diff(append([]string{}, want...), f.lines()); diff != "" {
		t.Errorf("%s holds something else (-want +got):\n%s", f.name, diff)
	}
}

// together runs n calls at once and waits for all.
func together(n int, call func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { call(i) })
	}
	all.Wait()
}

func TestWalk_OneListForAllResources(t *testing.T) {
	one, two := newFake("one"), newFake("two")
	w := newWalk(one, two)
	together(100, func(i int) { w.Observe(t.Context(), set(t, fmt.Sprintf("r%d", i), "A", "192.0.2.1").Key) })
	for _, f := range []*fake{one, two} {
		if pages, names := f.readCount(); pages != 1 || names != 0 {
			t.Errorf("%s: %d pages and %d names read for 100 RRsets, want 1 and 0", f.name, pages, names)
		}
	}
}

func TestWalk_FewNamesInAHugeZoneAreReadByName(t *testing.T) {
	one, two := newFake("one", set(t, "r1", "A", "192.0.2.1")), newFake("two")
	one.pages, two.pages = 50, 50
	w := newWalk(one, two)
	for i := range 3 {
		seen := w.Observe(t.Context(), set(t, fmt.Sprintf("r%d", i), "A", "192.0.2.1").Key)
		if held := seen["one"].Held != nil; held != (i == 1) {
			t.Errorf("r%d: held at one: %t", i, held)
		}
	}
	if pages, names := one.readCount(); pages != 1 || names != 3 {
		t.Errorf("%d pages and %d names read, want 1 and 3", pages, names)
	}
}

func TestWalk_ManyNamesInAHugeZoneAreReadByList(t *testing.T) {
	one, two := newFake("one"), newFake("two")
	one.pages, two.pages = 20, 20
	w := newWalk(one, two)
	for i := range 60 {
		w.Observe(t.Context(), set(t, fmt.Sprintf("r%d", i), "A", "192.0.2.1").Key)
	}
	if pages, names := one.readCount(); pages+names > 1+16+20 {
		t.Errorf("%d pages and %d names read for 60 names in a zone of 20 pages", pages, names)
	}
}

// A silent operator costs its time-out once in a walk, whatever is asked.
func TestWalk_OneTimeoutForAHundred(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, two := newFake("one"), newFake("two")
		one.latency = 10 * time.Second
		one.onList = one.silence
		w := newWalk(one, two)
		started := time.Now()
		together(100, func(i int) {
			seen := w.Observe(t.Context(), set(t, fmt.Sprintf("r%d", i), "A", "192.0.2.1").Key)
			if operator.AsOutage(seen["one"].Err) == nil || seen["two"].Err != nil {
				t.Errorf("r%d: %v, %v", i, seen["one"].Err, seen["two"].Err)
			}
		})
		together(100, func(i int) {
			r := set(t, fmt.Sprintf("r%d", i), "A", "192.0.2.2")
			w.Update(t.Context(), replica.Update{From: r.Key, Want: both(r), At: everywhere})
		})
		if took := time.Since(started); took > 13*time.Second {
			t.Errorf("200 operations beside a silent operator took %s, want one time-out of 10s and a little", took)
		}
		if len(two.lines()) != 100 || len(one.lines()) != 0 {
			t.Errorf("two holds %d RRsets, one %d", len(two.lines()), len(one.lines()))
		}
	})
}

func TestWalk_ChangesThatArriveTogetherLeaveTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, two := newFake("one"), newFake("two")
		one.latency, two.latency = time.Second, 10*time.Millisecond
		w := newWalk(one, two)
		together(10, func(i int) { w.Expect(set(t, fmt.Sprintf("r%d", i), "A", "192.0.2.1").Key) })
		together(10, func(i int) {
			w.Create(t.Context(), both(set(t, fmt.Sprintf("r%d", i), "A", "192.0.2.1")), replica.CreateOptions{})
		})
		for _, f := range []*fake{one, two} {
			if got := f.writeCount(); got != 1 || len(f.lines()) != 10 {
				t.Errorf("%s: %d writes for ten creations, which left %d RRsets; want 1 and 10", f.name, got, len(f.lines()))
			}
		}
	})
}

// A change that still has to be read up is waited for, although its call is here.
func TestWalk_ChangesThatAreReadUpFirstAreWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, two := newFake("one"), newFake("two")
		one.pages = 50 // so that names are read one by one
		var read atomic.Int32
		one.onName = func() error {
			if read.Add(1) == 5 {
				time.Sleep(70 * time.Millisecond)
			}
			return nil
		}
		w := newWalk(one, two)
		together(5, func(i int) { w.Expect(set(t, fmt.Sprintf("r%d", i), "A", "192.0.2.1").Key) })
		together(5, func(i int) {
			r := set(t, fmt.Sprintf("r%d", i), "A", "192.0.2.1")
			w.Update(t.Context(), replica.Update{From: r.Key, Want: both(r), At: everywhere})
		})
		if got := one.writeCount(); got != 1 || len(one.lines()) != 5 {
			t.Errorf("%d writes for five changes, which left %d RRsets; want 1 and 5", got, len(one.lines()))
		}
	})
}

// A CLI on a busy machine needs about as few requests as one that is fast: ten calls at a time, which come a quarter of
// a second after one another. One request more is what it costs to learn that.
func TestWalk_SlowCLILeavesTogetherToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, two := newFake("one"), newFake("two")
		w := newWalk(one, two)
		together(10, func(worker int) {
			for i := range 4 {
				r := set(t, fmt.Sprintf("r%d-%d", worker, i), "A", "192.0.2.1")
				w.Expect(r.Key)
				time.Sleep(300*time.Millisecond + time.Duration(worker)*250*time.Millisecond)
				w.Update(t.Context(), replica.Update{From: r.Key, Want: both(r), At: everywhere})
			}
		})
		for _, f := range []*fake{one, two} {
			if got := f.writeCount(); got > 5 || len(f.lines()) != 40 {
				t.Errorf("%s: %d writes for forty changes, ten at a time, which left %d RRsets; want 5 and 40", f.name, got, len(f.lines()))
			}
		}
	})
}

func TestWalk_WritesToOneZoneNeverOverlap(t *testing.T) {
	one, two := newFake("one"), newFake("two")
	one.latency, two.latency = time.Millisecond, time.Millisecond
	w := newWalk(one, two)
	together(50, func(i int) {
		time.Sleep(time.Duration(i) * time.Millisecond)
		w.Create(t.Context(), both(set(t, fmt.Sprintf("r%d", i), "A", "192.0.2.1")), replica.CreateOptions{})
	})
	if one.overlap || two.overlap {
		t.Error("two writes to one zone were under way at once")
	}
	if len(one.lines()) != 50 || len(two.lines()) != 50 {
		t.Errorf("%d and %d RRsets are held, want 50", len(one.lines()), len(two.lines()))
	}
}

// One bad change of ten fails alone, whether the operator names it or not.
func TestWalk_OneBadOfTenFailsAlone(t *testing.T) {
	for _, named := range []bool{true, false} {
		t.Run(fmt.Sprintf("named=%t", named), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				one, two := newFake("one"), newFake("two")
				bad := set(t, "r7", "A", "192.0.2.1")
				one.bad, one.named = map[rrset.Key]bool{bad.Key: true}, named
				w := newWalk(one, two)
				together(10, func(i int) { w.Expect(set(t, fmt.Sprintf("r%d", i), "A", "192.0.2.1").Key) })
				together(10, func(i int) {
					r := set(t, fmt.Sprintf("r%d", i), "A", "192.0.2.1")
					o := w.Update(t.Context(), replica.Update{From: r.Key, Want: both(r), At: everywhere})
					refused := operator.AsRefusal(o["one"].Err) != nil
					if refused != (i == 7) || o["two"].Err != nil {
						t.Errorf("r%d: %v, %v", i, o["one"].Err, o["two"].Err)
					}
				})
				if len(one.lines()) != 9 || len(two.lines()) != 10 {
					t.Errorf("%d and %d RRsets are held, want 9 and 10", len(one.lines()), len(two.lines()))
				}
				if got := one.writeCount(); named && got != 2 || got > 9 {
					t.Errorf("%d writes to find one bad change of ten", got)
				}
			})
		})
	}
}

func TestWalk_SplitBatchesKeepEveryChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, two := newFake("one"), newFake("two")
		one.most = 3
		w := newWalk(one, two)
		together(10, func(i int) { w.Expect(set(t, fmt.Sprintf("r%d", i), "A", "192.0.2.1").Key) })
		together(10, func(i int) {
			w.Create(t.Context(), both(set(t, fmt.Sprintf("r%d", i), "A", "192.0.2.1")), replica.CreateOptions{})
		})
		if one.writeCount() != 4 || len(one.lines()) != 10 {
			t.Errorf("%d writes left %d RRsets, want 4 and 10", one.writeCount(), len(one.lines()))
		}
	})
}

// The healthy operator's update does not wait for the silent one.
func TestUpdate_SilenceHoldsNobodyBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before, after := set(t, "www", "A", "192.0.2.1"), set(t, "www", "A", "192.0.2.2")
		one, two := newFake("one", before), newFake("two", before)
		one.latency, one.onList = time.Hour, one.silence
		w := newWalk(one, two)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan map[string]replica.Outcome)
		go func() { done <- w.Update(ctx, replica.Update{From: before.Key, Want: both(after), At: everywhere}) }()
		time.Sleep(time.Second)
		holds(t, two, "www.example.com. A 3600 192.0.2.2")
		stop()
		if o := <-done; operator.AsOutage(o["one"].Err) == nil || o["two"].Err != nil {
			t.Errorf("outcomes: %v, %v", o["one"].Err, o["two"].Err)
		}
		time.Sleep(2 * time.Hour) // lets the reading end that others might have waited for
	})
}

func TestUpdate_TypeChangesInOneRequest(t *testing.T) {
	before, after := set(t, "www", "A", "192.0.2.1"), set(t, "www", "CNAME", "target.example.net.")
	one, two := newFake("one", before), newFake("two", before)
	newWalk(one, two).Update(t.Context(), replica.Update{From: before.Key, Want: both(after), At: everywhere})
	for _, f := range []*fake{one, two} {
		holds(t, f, "www.example.com. CNAME 3600 target.example.net.")
		if f.writeCount() != 1 || len(f.writes[0]) != 1 {
			t.Errorf("%s: writes %v, want one change", f.name, f.writes)
		}
	}
}

// What a change of type could not deliver is replaced, not written beside.
func TestUpdate_FormerTypeIsReplaced(t *testing.T) {
	old, now := set(t, "www", "A", "192.0.2.1"), set(t, "www", "CNAME", "target.example.net.")
	one, two := newFake("one", old), newFake("two", now)
	o := newWalk(one, two).Update(t.Context(), replica.Update{
		From: now.Key, Ownership: replica.Ownership{Former: map[string]map[string]bool{"one": {old.Type: true}}}, Want: both(now), At: map[string]bool{"one": true},
	})
	if o["one"].Err != nil {
		t.Fatal(o["one"].Err)
	}
	holds(t, one, "www.example.com. CNAME 3600 target.example.net.")
}

func TestDelete_FormerTypeGoesToo(t *testing.T) {
	old, now := set(t, "www", "A", "192.0.2.1"), set(t, "www", "TXT", `"x"`)
	one, two := newFake("one", old, now), newFake("two", now)
	newWalk(one, two).Delete(t.Context(), replica.Deletion{Key: now.Key, Ownership: replica.Ownership{Former: map[string]map[string]bool{"one": {old.Type: true}}}})
	holds(t, one)
	holds(t, two)
}

func TestDelete_ForeignIsKept(t *testing.T) {
	r := set(t, "www", "A", "192.0.2.1")
	one, two := newFake("one", r), newFake("two", r)
	o := newWalk(one, two).Delete(t.Context(), replica.Deletion{Key: r.Key, Ownership: replica.Ownership{Foreign: map[string]bool{"one": true}}})
	holds(t, one, "www.example.com. A 3600 192.0.2.1")
	holds(t, two)
	if !o["one"].Kept {
		t.Errorf("outcome: %+v", o["one"])
	}
}

// A rename without moved destroys and creates one key in one walk.
func TestDelete_KeepsWhatTheSameWalkCreated(t *testing.T) {
	r := set(t, "www", "A", "192.0.2.1")
	one, two := newFake("one", r), newFake("two", r)
	w := newWalk(one, two)
	w.Create(t.Context(), both(r), replica.CreateOptions{})
	o := w.Delete(t.Context(), replica.Deletion{Key: r.Key})
	if !o["one"].Kept || !o["two"].Kept {
		t.Errorf("outcomes: %+v", o)
	}
	holds(t, one, "www.example.com. A 3600 192.0.2.1")
	holds(t, two, "www.example.com. A 3600 192.0.2.1")
}

// The create of a rename may come before its destroy and see its own RRset with other values: it waits for the
// deletion.
func TestCreate_WaitsForTheDeletionOfItsOwnKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		old, now := set(t, "www", "A", "192.0.2.1"), set(t, "www", "A", "192.0.2.2")
		one, two := newFake("one", old), newFake("two", old)
		w := newWalk(one, two)
		created := make(chan replica.Creation)
		go func() { created <- w.Create(t.Context(), both(now), replica.CreateOptions{}) }()
		time.Sleep(100 * time.Millisecond)
		w.Delete(t.Context(), replica.Deletion{Key: old.Key})
		if c := <-created; c.Refused() {
			t.Fatalf("refused: %+v", c.Outcomes)
		}
		holds(t, one, "www.example.com. A 3600 192.0.2.2")
		holds(t, two, "www.example.com. A 3600 192.0.2.2")
	})
}
