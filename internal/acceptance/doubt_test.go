package acceptance

import (
	"fmt"
	"slices"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// sleeper is an operator that does not answer writes while it sleeps, and carries out each of them when it wakes,
// whatever was decided since. Reads work all the time.
type sleeper struct {
	t    *testing.T
	name string
	box  *sandbox.Sandbox
	run  driven
}

// onEachSleeper plays what comes at both operators, one of which falls asleep, with one RRset as the resource of each
// kind that holds it. The address may be another one: a rename.
func onEachSleeper(t *testing.T, play func(s *sleeper, declare func(address string, values ...string) protocol.Config)) {
	t.Helper()
	kinds := map[string]func(values []string) args{
		"multidns_record": func(values []string) args { return args{"name": "a", "type": "A", "ttl": 3600, "values": values} },
		"multidns_router": func(values []string) args {
			return args{"name": "a", "type": "A", "ttl": 3600, "targets": []any{args{"name": "t", "values": values, "healthy": true}}}
		},
		"multidns_zone_records": func(values []string) args { return args{"records": args{"a/A": args{"values": values}}} },
	}
	for _, name := range bothOperators {
		for typ, arguments := range kinds {
			t.Run(name+"/"+typ, func(t *testing.T) {
				t.Parallel()
				box := newBox(t)
				play(&sleeper{t: t, name: name, box: box, run: newDriven(t, box, "3s")}, func(address string, values ...string) protocol.Config {
					a := arguments(values)
					a["zone"] = sandbox.Zone
					return protocol.Config{Resources: map[string]protocol.Resource{typ + "." + address: {Type: typ, Args: a}}}
				})
			})
		}
	}
}

func (s *sleeper) sleep() {
	s.box.Site(s.name).Faults.Set(sandbox.Fault{Kind: sandbox.LateCommit, Methods: sandbox.Writes})
}

func (s *sleeper) wake() {
	s.box.Site(s.name).Faults.Clear()
	s.box.Site(s.name).Settle(s.t.Context())
}

func (s *sleeper) apply(c protocol.Config, exit int) ran {
	s.t.Helper()
	r := s.run.apply(s.t.Context(), c)
	if r.exit != exit {
		s.t.Fatalf("exit code %d, want %d: %s", r.exit, exit, r.text)
	}
	return r
}

// inDoubt: the state does not call the operator in sync, so that the next plan writes.
func (s *sleeper) inDoubt(c protocol.Config) {
	s.t.Helper()
	if r := s.run.plan(s.t.Context(), c); r.exit != 2 {
		s.t.Fatalf("a plan has nothing to do while a write may still be carried out: %s", r.text)
	}
}

// heals: one apply brings about what is declared, and the plan after it is empty.
func (s *sleeper) heals(c protocol.Config, want ...string) {
	s.t.Helper()
	s.apply(c, 0)
	if r := s.run.plan(s.t.Context(), c); r.exit != 0 {
		s.t.Errorf("the plan after healing has exit code %d: %s", r.exit, r.text)
	}
	for _, name := range bothOperators {
		if got := heldAt(s.box, name, "a."+sandbox.Zone+"."); !slices.Equal(got, want) {
			s.t.Errorf("%s holds %q, want %q", name, got, want)
		}
	}
}

var nothing = protocol.Config{Resources: map[string]protocol.Resource{}}

// A switch that was not answered is taken back before the operator has carried it out: what it shows is what is
// declared, and says nothing of what is to come.
func TestDoubt_SwitchedBack(t *testing.T) {
	t.Parallel()
	onEachSleeper(t, func(s *sleeper, declare func(string, ...string) protocol.Config) {
		first, second := declare("r", "192.0.2.1"), declare("r", "192.0.2.2")
		s.apply(first, 0)
		s.sleep()
		s.apply(second, 0)
		s.apply(first, 0)
		s.inDoubt(first)
		s.wake()
		s.heals(first, sleeping("192.0.2.1"))
	})
}

// The same where it was never carried out: the operator has to answer a write before it is believed.
func TestDoubt_SwitchedBackAndLost(t *testing.T) {
	t.Parallel()
	onEachSleeper(t, func(s *sleeper, declare func(string, ...string) protocol.Config) {
		first, second := declare("r", "192.0.2.1"), declare("r", "192.0.2.2")
		s.apply(first, 0)
		s.box.Site(s.name).Faults.Set(sandbox.Fault{Kind: sandbox.Blackhole, Methods: sandbox.Writes})
		s.apply(second, 0)
		s.apply(first, 0)
		s.inDoubt(first)
		s.box.Site(s.name).Faults.Clear()
		s.heals(first, sleeping("192.0.2.1"))
	})
}

// What a creation may still bring is not forgotten with its resource.
func TestDoubt_DestroyedBeforeItCame(t *testing.T) {
	t.Parallel()
	onEachSleeper(t, func(s *sleeper, declare func(string, ...string) protocol.Config) {
		s.sleep()
		s.apply(declare("r", "192.0.2.1"), 0)
		s.apply(nothing, 1)
		if len(s.run.project.State) != 1 {
			t.Fatalf("the state has %d resources, and a write may still be carried out", len(s.run.project.State))
		}
		s.wake()
		s.heals(nothing)
	})
}

// The same where it never comes.
func TestDoubt_DestroyedAndLost(t *testing.T) {
	t.Parallel()
	onEachSleeper(t, func(s *sleeper, declare func(string, ...string) protocol.Config) {
		s.box.Site(s.name).Faults.Set(sandbox.Fault{Kind: sandbox.Blackhole, Methods: sandbox.Writes})
		s.apply(declare("r", "192.0.2.1"), 0)
		s.apply(nothing, 1)
		s.box.Site(s.name).Faults.Clear()
		s.heals(nothing)
	})
}

// A deletion that was not answered is taken back: the RRset may still go.
func TestDoubt_DeletionTakenBack(t *testing.T) {
	t.Parallel()
	onEachSleeper(t, func(s *sleeper, declare func(string, ...string) protocol.Config) {
		c := declare("r", "192.0.2.1")
		s.apply(c, 0)
		s.sleep()
		s.apply(nothing, 1)
		s.apply(c, 0)
		s.inDoubt(c)
		s.wake()
		s.heals(c, sleeping("192.0.2.1"))
	})
}

// What may still come goes with the RRset to another address.
func TestDoubt_Renamed(t *testing.T) {
	t.Parallel()
	onEachSleeper(t, func(s *sleeper, declare func(string, ...string) protocol.Config) {
		s.apply(declare("r", "192.0.2.1"), 0)
		s.sleep()
		s.apply(declare("r", "192.0.2.2"), 0)
		renamed := declare("renamed", "192.0.2.1")
		s.run.apply(s.t.Context(), renamed) // it may not be handed over yet
		s.inDoubt(renamed)
		s.wake()
		s.heals(renamed, sleeping("192.0.2.1"))
	})
}

// What no operator answered stays as it was in the state, which says what may come.
func TestDoubt_NobodyAnswered(t *testing.T) {
	t.Parallel()
	onEachSleeper(t, func(s *sleeper, declare func(string, ...string) protocol.Config) {
		first, second := declare("r", "192.0.2.1"), declare("r", "192.0.2.2")
		s.apply(first, 0)
		for _, name := range bothOperators {
			s.box.Site(name).Faults.Set(sandbox.Fault{Kind: sandbox.LateCommit, Methods: sandbox.Writes})
		}
		s.apply(second, 1)
		s.inDoubt(first)
		for _, name := range bothOperators {
			s.box.Site(name).Faults.Clear()
			s.box.Site(name).Settle(s.t.Context())
		}
		s.heals(first, sleeping("192.0.2.1"))
	})
}

func sleeping(value string) string { return fmt.Sprintf("a.%s. 3600 A %s", sandbox.Zone, value) }
