package replica_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

func TestCreate_EqualIsAdoptedWithoutAWrite(t *testing.T) {
	r := set(t, "www", "A", "192.0.2.1")
	one, two := newFake("one", r), newFake("two", r)
	if c := newWalk(one, two).Create(t.Context(), both(r), replica.CreateOptions{}); c.Refused() {
		t.Fatalf("refused: %+v", c.Outcomes)
	}
	if one.writeCount()+two.writeCount() != 0 {
		t.Error("an equal RRset was written")
	}
}

// What is found in the way at one operator keeps the other from being written.
func TestCreate_ConflictWritesNothingAnywhere(t *testing.T) {
	tests := map[string]struct {
		held, want operator.RRset
		overwrite  bool
		conflict   bool
	}{
		"other values":              {set(t, "www", "A", "192.0.2.9"), set(t, "www", "A", "192.0.2.1"), false, true},
		"other values, overwritten": {set(t, "www", "A", "192.0.2.9"), set(t, "www", "A", "192.0.2.1"), true, false},
		"CNAME beside A":            {set(t, "www", "A", "192.0.2.9"), set(t, "www", "CNAME", "x.example.net."), false, true},
		"CNAME is never overridden": {set(t, "www", "A", "192.0.2.9"), set(t, "www", "CNAME", "x.example.net."), true, true},
		"A beside CNAME":            {set(t, "www", "CNAME", "x.example.net."), set(t, "www", "A", "192.0.2.1"), true, true},
		"another type":              {set(t, "www", "AAAA", "2001:db8::1"), set(t, "www", "A", "192.0.2.1"), false, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				one, two := newFake("one", test.held), newFake("two")
				one.latency = 500 * time.Millisecond
				c := newWalk(one, two).Create(t.Context(), both(test.want), replica.CreateOptions{Overwrite: test.overwrite})
				_, isConflict := errors.AsType[*replica.ConflictError](c.Outcomes["one"].Err)
				if isConflict != test.conflict || c.Refused() != test.conflict {
					t.Errorf("conflict %t, refused %t, want %t: %v", isConflict, c.Refused(), test.conflict, c.Outcomes["one"].Err)
				}
				if test.conflict && one.writeCount()+two.writeCount() != 0 {
					t.Error("something was written")
				}
			})
		})
	}
}

// A conflict that shows only after the grace leads to a roll-back.
func TestCreate_LateConflictIsRolledBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, two := newFake("one", set(t, "www", "A", "192.0.2.9")), newFake("two")
		one.latency = time.Minute
		c := newWalk(one, two).Create(t.Context(), both(set(t, "www", "A", "192.0.2.1")), replica.CreateOptions{})
		if !c.Refused() || len(c.Left) != 0 {
			t.Errorf("refused %t, left %v", c.Refused(), c.Left)
		}
		holds(t, one, "www.example.com. A 3600 192.0.2.9")
		holds(t, two)
	})
}

func TestCreate_RefusalRollsBackTheOther(t *testing.T) {
	want := set(t, "www", "A", "192.0.2.1")
	before := set(t, "www", "A", "192.0.2.8")
	tests := map[string]struct {
		held []operator.RRset
		left []string
	}{
		"nothing was there":     {nil, nil},
		"overwritten came back": {[]operator.RRset{before}, []string{"www.example.com. A 3600 192.0.2.8"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			one, two := newFake("one"), newFake("two", test.held...)
			one.bad = map[rrset.Key]bool{want.Key: true}
			c := newWalk(one, two).Create(t.Context(), both(want), replica.CreateOptions{Overwrite: true})
			if !c.Refused() || len(c.Left) != 0 {
				t.Errorf("refused %t, left %v", c.Refused(), c.Left)
			}
			holds(t, one)
			holds(t, two, test.left...)
		})
	}
}

func TestCreate_FailedRollBackIsTold(t *testing.T) {
	want := set(t, "www", "A", "192.0.2.1")
	one, two := newFake("one"), newFake("two")
	one.bad = map[rrset.Key]bool{want.Key: true}
	two.onWrite = func(n int) (bool, error) {
		if n == 1 {
			return true, nil
		}
		return false, two.outage("HTTP 502", false)
	}
	c := newWalk(one, two).Create(t.Context(), both(want), replica.CreateOptions{})
	if !c.Refused() || operator.AsOutage(c.Left["two"]) == nil {
		t.Errorf("refused %t, left %v", c.Refused(), c.Left)
	}
}

// What is left is said as far as it is known: an answer that was lost leaves it open.
func TestCreate_WhatIsLeftIsDescribed(t *testing.T) {
	want := set(t, "www", "A", "192.0.2.1")
	two := newFake("two")
	for name, test := range map[string]struct {
		err       error
		says, not string
	}{
		"refused":  {&operator.RefusalError{Operator: "two", Message: "no"}, "TWO accepted www.example.com. A and still holds it", "may"},
		"not made": {two.outage("HTTP 502", false), "TWO accepted www.example.com. A and still holds it", "may"},
		"in doubt": {two.outage("no answer", true), "TWO may still hold www.example.com. A", "accepted"},
		"changed":  {&replica.ConflictError{Operator: "two", Key: want.Key}, "TWO holds something else", "still"},
	} {
		t.Run(name, func(t *testing.T) {
			one, two := newFake("one"), newFake("two")
			one.bad = map[rrset.Key]bool{want.Key: true}
			c := newWalk(one, two).Create(t.Context(), both(want), replica.CreateOptions{})
			c.Left = map[string]error{"two": test.err}
			got := c.Describe(strings.ToUpper)
			if !strings.HasPrefix(got, test.says) || strings.Contains(got, test.not) {
				t.Errorf("described as %q", got)
			}
		})
	}
}

func TestCreate_OutageOfOneIsOwedAndOfBothRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		want := set(t, "www", "A", "192.0.2.1")
		for _, all := range []bool{false, true} {
			one, two := newFake("one"), newFake("two")
			one.onList = func() error { return one.outage("HTTP 502", false) }
			if all {
				two.onList = func() error { return two.outage("HTTP 502", false) }
			}
			c := newWalk(one, two).Create(t.Context(), both(want), replica.CreateOptions{})
			if c.Refused() != all || !c.Outcomes["one"].Foreign {
				t.Errorf("all out %t: refused %t, outcome %+v", all, c.Refused(), c.Outcomes["one"])
			}
			if len(one.lines()) != 0 || (len(two.lines()) == 0) != all {
				t.Errorf("all out %t: held %v and %v", all, one.lines(), two.lines())
			}
		}
	})
}

func TestCreate_FailOnOutageTakesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, two := newFake("one"), newFake("two")
		one.onWrite = func(int) (bool, error) { return false, one.outage("HTTP 502", false) }
		newWalk(one, two).Create(t.Context(), both(set(t, "www", "A", "192.0.2.1")), replica.CreateOptions{FailOnOutage: true})
		holds(t, two)
	})
}

// Ctrl-C before anything was sent leaves nothing behind.
func TestCreate_InterruptedBeforeItWrites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, two := newFake("one"), newFake("two")
		one.latency = time.Hour
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(100*time.Millisecond, stop)
		started := time.Now()
		c := newWalk(one, two).Create(ctx, both(set(t, "www", "A", "192.0.2.1")), replica.CreateOptions{})
		if took := time.Since(started); took > time.Second {
			t.Errorf("Ctrl-C was heard after %s", took)
		}
		if !c.Refused() {
			t.Errorf("outcomes: %+v", c.Outcomes)
		}
		holds(t, two)
		time.Sleep(2 * time.Hour)
	})
}
