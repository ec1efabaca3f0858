package replica_test

import (
	"testing"
	"testing/synctest"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
)

// An answer that was lost is settled by reading back: what was carried out is not written again, what was not is
// written once more, and never a third time.
func TestSettle_LostAnswers(t *testing.T) {
	tests := map[string]struct {
		onWrite     func(f *fake) func(int) (bool, error)
		onName      func(f *fake) func() error
		writes      int
		isInSync    bool
		unpublished bool
	}{
		"carried out": {
			onWrite: func(f *fake) func(int) (bool, error) {
				return func(int) (bool, error) { return true, f.outage("lost", true) }
			},
			writes: 1, isInSync: true,
		},
		"stored and not published": {
			onWrite: func(f *fake) func(int) (bool, error) {
				return func(int) (bool, error) {
					return true, &operator.OutageError{Operator: f.name, Action: "write", Reason: "HTTP 500", InDoubt: true, Stored: true}
				}
			},
			writes: 1, isInSync: true, unpublished: true,
		},
		"not carried out the first time": {
			onWrite: func(f *fake) func(int) (bool, error) {
				return func(n int) (bool, error) {
					if n == 1 {
						return false, f.outage("lost", true)
					}
					return true, nil
				}
			},
			writes: 2, isInSync: true,
		},
		"never carried out": {
			onWrite: func(f *fake) func(int) (bool, error) {
				return func(int) (bool, error) { return false, f.outage("lost", true) }
			},
			writes: 2,
		},
		"silent, so not asked twice": {
			onWrite: func(f *fake) func(int) (bool, error) { return func(int) (bool, error) { return false, f.silence() } },
			writes:  1,
		},
		"certainly not carried out": {
			onWrite: func(f *fake) func(int) (bool, error) {
				return func(int) (bool, error) { return false, f.outage("HTTP 429", false) }
			},
			writes: 1,
		},
		"cannot be read back": {
			onWrite: func(f *fake) func(int) (bool, error) {
				return func(int) (bool, error) { return true, f.outage("lost", true) }
			},
			onName: func(f *fake) func() error { return func() error { return f.outage("HTTP 502", false) } },
			writes: 1,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				before, after := set(t, "www", "A", "192.0.2.1"), set(t, "www", "A", "192.0.2.2")
				one, two := newFake("one", before), newFake("two", before)
				one.onWrite = test.onWrite(one)
				if test.onName != nil {
					one.onName = test.onName(one)
				}
				o := newWalk(one, two).Update(t.Context(), replica.Update{From: before.Key, Want: both(after), At: everywhere})
				if one.writeCount() != test.writes {
					t.Errorf("%d writes, want %d", one.writeCount(), test.writes)
				}
				if (o["one"].Err == nil) != test.isInSync || o["one"].Unpublished != test.unpublished {
					t.Errorf("outcome %+v, want in sync %t, unpublished %t", o["one"], test.isInSync, test.unpublished)
				}
				if o["two"].Err != nil {
					t.Errorf("the other operator: %v", o["two"].Err)
				}
			})
		})
	}
}

// An outcome that is known says what is held, whatever went wrong.
func TestSettle_KnownIsTrue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before, after := set(t, "www", "A", "192.0.2.1"), set(t, "www", "A", "192.0.2.2")
		one, two := newFake("one", before), newFake("two", before)
		one.onWrite = func(int) (bool, error) { return false, one.outage("lost", true) }
		o := newWalk(one, two).Update(t.Context(), replica.Update{From: before.Key, Want: both(after), At: everywhere})
		if !o["one"].Known || o["one"].Held == nil || !o["one"].Held.Equal(before.RRset) {
			t.Errorf("outcome %+v, want what is still held", o["one"])
		}
	})
}

// Somebody else was faster: what we knew is read anew, once.
func TestRefused_StaleKnowledgeIsReadAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before, after := set(t, "www", "A", "192.0.2.1"), set(t, "www", "A", "192.0.2.2")
		one, two := newFake("one", before), newFake("two", before)
		one.onWrite = func(n int) (bool, error) {
			if n == 1 {
				return false, &operator.RefusalError{Operator: "one", Action: "write", Kind: operator.Gone, Message: "not found"}
			}
			return true, nil
		}
		o := newWalk(one, two).Update(t.Context(), replica.Update{From: before.Key, Want: both(after), At: everywhere})
		if o["one"].Err != nil || one.writeCount() != 2 {
			t.Errorf("%v after %d writes", o["one"].Err, one.writeCount())
		}
		holds(t, one, "www.example.com. A 3600 192.0.2.2")
	})
}

// A wrong token is not asked again, and not taken for a bad batch to bisect.
func TestRefused_TokenIsNotBisected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, two := newFake("one"), newFake("two")
		one.onWrite = func(int) (bool, error) {
			return false, &operator.RefusalError{Operator: "one", Action: "write", Kind: operator.Unauthorized, Message: "no"}
		}
		w := newWalk(one, two)
		together(8, func(i int) { w.Expect(set(t, string(rune('a'+i)), "A", "192.0.2.1").Key) })
		together(8, func(i int) {
			r := set(t, string(rune('a'+i)), "A", "192.0.2.1")
			w.Update(t.Context(), replica.Update{From: r.Key, Want: both(r), At: everywhere})
		})
		if one.writeCount() != 1 || len(two.lines()) != 8 {
			t.Errorf("%d writes to the one, %d RRsets at the other, want 1 and 8", one.writeCount(), len(two.lines()))
		}
	})
}

// A read-only RRset is refused without a request.
func TestRefused_ReadOnlyIsNeverWritten(t *testing.T) {
	r := set(t, "www", "A", "192.0.2.1")
	r.ReadOnly = true
	one, two := newFake("one", r), newFake("two")
	o := newWalk(one, two).Update(t.Context(), replica.Update{From: r.Key, Want: both(set(t, "www", "A", "192.0.2.2")), At: everywhere})
	if operator.AsRefusal(o["one"].Err) == nil || one.writeCount() != 0 {
		t.Errorf("%v after %d writes", o["one"].Err, one.writeCount())
	}
}

// The list of a zone in which the state knows an RRset is empty: the zone was emptied, or the API is sick. What was
// written counts only if it shows.
func TestConfirm_EmptyListIsNoProof(t *testing.T) {
	r := set(t, "www", "A", "192.0.2.2")
	one, two := newFake("one", set(t, "www", "A", "192.0.2.1")), newFake("two")
	one.hidden = true
	o := newWalk(one, two).Update(t.Context(), replica.Update{From: r.Key, Want: both(r), At: everywhere})
	if operator.AsOutage(o["one"].Err) == nil {
		t.Errorf("an operator that hides what it stored: %+v, want an outage", o["one"])
	}
	if o["two"].Err != nil {
		t.Errorf("an operator that was emptied and shows what it stored: %v", o["two"].Err)
	}
}
