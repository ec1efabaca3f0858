package replica_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

const zone = "example.com."

// fake is an operator in memory. What goes wrong is up to its hooks.
type fake struct {
	name string
	// latency is how long each exchange takes.
	latency time.Duration
	// pages is how many pages the list has; 0 means one.
	pages int
	// most is how many changes one request takes; 0: any number.
	most int
	// bad are keys whose change the operator refuses, and with it the batch.
	bad map[rrset.Key]bool
	// named says that a refusal names the bad ones.
	named bool
	// hidden lets every list be empty.
	hidden bool
	// onWrite is asked before the n-th write (from 1): whether it is carried out, and the error that is answered.
	onWrite func(n int) (carriedOut bool, err error)
	// onList and onName are asked before each read.
	onList, onName func() error

	mu      sync.Mutex
	held    map[rrset.Key]operator.RRset
	writes  [][]operator.Change
	lists   int // pages read
	names   []string
	busy    bool
	overlap bool
}

func newFake(name string, held ...operator.RRset) *fake {
	f := &fake{name: name, held: map[rrset.Key]operator.RRset{}}
	for _, r := range held {
		f.held[r.Key] = r
	}
	return f
}

func (f *fake) Name() string { return f.name }

func (f *fake) Zone(context.Context, string) (operator.Zone, error) {
	return operator.Zone{Name: zone, ID: zone}, nil
}

func (f *fake) List(ctx context.Context, _ string, proceed func(int) bool) ([]operator.RRset, bool, error) {
	for page := 1; ; page++ {
		if err := f.read(ctx, f.onList); err != nil {
			return nil, false, err
		}
		f.mu.Lock()
		f.lists++
		held := slices.Collect(maps.Values(f.held))
		f.mu.Unlock()
		if f.hidden {
			held = nil
		}
		if page >= max(f.pages, 1) {
			return held, true, nil
		}
		if proceed != nil && !proceed(page) {
			return nil, false, nil
		}
	}
}

func (f *fake) ListName(ctx context.Context, _, owner string) ([]operator.RRset, error) {
	if err := f.read(ctx, f.onName); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.names = append(f.names, owner)
	var held []operator.RRset
	for _, r := range f.held {
		if r.Name == owner && !f.hidden {
			held = append(held, r)
		}
	}
	return held, nil
}

func (f *fake) read(ctx context.Context, hook func() error) error {
	select {
	case <-time.After(f.latency):
	case <-ctx.Done():
		return &operator.OutageError{Operator: f.name, Action: "read", Reason: "interrupted", Err: context.Cause(ctx)}
	}
	if hook != nil {
		return hook()
	}
	return nil
}

func (f *fake) Write(ctx context.Context, _ string, changes []operator.Change) ([]*operator.RRset, error) {
	f.mu.Lock()
	f.overlap = f.overlap || f.busy
	f.busy = true
	f.writes = append(f.writes, changes)
	n := len(f.writes)
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.busy = false
	}()
	time.Sleep(f.latency)
	if err := f.refusal(changes); err != nil {
		return nil, err
	}
	carriedOut, err := true, error(nil)
	if f.onWrite != nil {
		carriedOut, err = f.onWrite(n)
	}
	if ctx.Err() != nil && err == nil {
		err = f.outage("interrupted", true)
	}
	var answers []*operator.RRset
	if carriedOut {
		answers = f.carryOut(changes)
	}
	if err != nil {
		return nil, err
	}
	return answers, nil
}

func (f *fake) refusal(changes []operator.Change) error {
	refusal := &operator.RefusalError{Operator: f.name, Action: "write", Kind: operator.Invalid, Message: "bad data"}
	for i, c := range changes {
		if !f.bad[c.Key()] {
			continue
		}
		if refusal.Culprits == nil {
			refusal.Culprits = map[int]string{}
		}
		refusal.Culprits[i] = "this one is bad"
	}
	if refusal.Culprits == nil {
		return nil
	}
	if !f.named {
		refusal.Culprits = nil
	}
	return refusal
}

func (f *fake) carryOut(changes []operator.Change) []*operator.RRset {
	f.mu.Lock()
	defer f.mu.Unlock()
	answers := make([]*operator.RRset, len(changes))
	for i, c := range changes {
		if c.Before != nil {
			delete(f.held, c.Before.Key)
		}
		if c.After != nil {
			f.held[c.After.Key] = *c.After
			answers[i] = c.After
		}
	}
	return answers
}

func (f *fake) outage(reason string, inDoubt bool) error {
	return &operator.OutageError{Operator: f.name, Action: "exchange", Reason: reason, InDoubt: inDoubt}
}

func (f *fake) silence() error {
	return &operator.OutageError{Operator: f.name, Action: "exchange", Reason: "no answer", InDoubt: true, Silent: true}
}

func (f *fake) Split(changes []operator.Change) [][]operator.Change {
	if f.most == 0 {
		return [][]operator.Change{changes}
	}
	return slices.Collect(slices.Chunk(changes, f.most))
}

func (f *fake) Check(operator.RRset, *operator.Zone) []operator.Violation { return nil }

func (f *fake) ZoneMatters(operator.RRset, uint32) bool { return false }

func (f *fake) Effective(want operator.RRset) operator.RRset { return want }

// lines are what the fake holds, sorted.
func line(r operator.RRset) string {
	return fmt.Sprintf("%s %d %s", r.Key, r.TTL, strings.Join(r.Values, " "))
}

func (f *fake) lines() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	lines := []string{}
	for _, r := range f.held {
		lines = append(lines, line(r))
	}
	slices.Sort(lines)
	return lines
}

func (f *fake) writeCount() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.writes)
}

func (f *fake) readCount() (pages, names int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.lists, len(f.names)
}

// set is an RRset of the zone.
func set(t *testing.T, name, typ string, values ...string) operator.RRset {
	t.Helper()
	key, err := rrset.NewKey(zone, name, typ)
	if err != nil {
		t.Fatal(err)
	}
	r, err := rrset.New(key, 3600, values)
	if err != nil {
		t.Fatal(err)
	}
	return operator.RRset{RRset: r}
}

// both wants the same at both operators.
func both(r operator.RRset) replica.Desired {
	return replica.Desired{"one": r, "two": r}
}

// newWalk is a walk of two operators named one and two.
func newWalk(one, two *fake) *replica.Walk {
	return replica.New([]operator.Operator{one, two}, replica.Options{MaxWait: time.Minute, SettleTimeout: 3 * time.Second})
}

var everywhere = map[string]bool{"one": true, "two": true}
