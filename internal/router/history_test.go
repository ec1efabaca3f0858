package router

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// history plays random runs and remembers what the rules speak of.
type history struct {
	config    Config
	state     *State
	healthyIn map[string]time.Time // since when every run saw the target healthy
	switched  time.Time            // the last switch
}

func drawHistory(t *rapid.T) *history {
	names := []string{"a", "b", "c", "d"}[:rapid.IntRange(1, 4).Draw(t, "targets")]
	h := &history{healthyIn: map[string]time.Time{}}
	for _, name := range names {
		h.config.Targets = append(h.config.Targets, Target{Name: name})
	}
	h.config.Failback = Failback{
		Manual: rapid.IntRange(0, 4).Draw(t, "manual") == 0,
		Delay:  time.Duration(rapid.SampledFrom([]int{0, 5, 10, 30}).Draw(t, "delay")) * time.Minute,
	}
	h.config.EvaluatedAt = noon
	return h
}

// next moves the clock and changes health, pin, and now and then the list of targets.
func (h *history) next(t *rapid.T) {
	c := &h.config
	c.EvaluatedAt = c.EvaluatedAt.Add(time.Duration(rapid.IntRange(1, 5).Draw(t, "minutes")) * time.Minute)
	c.Targets = slices.Clone(c.Targets)
	for i := range c.Targets {
		if rapid.IntRange(0, 3).Draw(t, "changes") == 0 {
			c.Targets[i].Healthy = Health(rapid.IntRange(0, 2).Draw(t, "health"))
		}
	}
	switch rapid.IntRange(0, 20).Draw(t, "edit") {
	case 0:
		c.Pin = &Pin{Target: rapid.SampledFrom(c.Targets).Draw(t, "pin").Name}
		if rapid.Bool().Draw(t, "ends") {
			c.Pin.Until = c.EvaluatedAt.Add(20 * time.Minute)
		}
	case 1, 2, 3:
		c.Pin = nil
	case 4:
		i := rapid.IntRange(0, len(c.Targets)-1).Draw(t, "renamed")
		c.Targets[i].Name += "'"
		c.Pin = nil
	case 5:
		slices.Reverse(c.Targets)
	}
	for _, target := range c.Targets {
		if target.Healthy != Healthy {
			delete(h.healthyIn, target.Name)
		} else if _, ok := h.healthyIn[target.Name]; !ok {
			h.healthyIn[target.Name] = c.EvaluatedAt
		}
	}
}

func (h *history) health(name string) (Health, bool) {
	i := slices.IndexFunc(h.config.Targets, func(t Target) bool { return t.Name == name })
	if i < 0 {
		return Unknown, false
	}
	return h.config.Targets[i].Healthy, true
}

func (h *history) anyHealthy() bool {
	return slices.ContainsFunc(h.config.Targets, func(t Target) bool { return t.Healthy == Healthy })
}

// check decides once and compares with every promise of the package.
func (h *history) check(t *rapid.T) {
	c := h.config
	got := Decide(c, h.state)

	if again := Decide(c, h.state); !cmp.Equal(got, again) {
		t.Fatalf("same inputs, other answer:\n%s", cmp.Diff(got, again))
	}
	if quiet := Decide(c, &got.State); !quiet.Equal(got.State) || quiet.Switched {
		t.Fatalf("nothing changed, but the state did:\n%s", cmp.Diff(got.State, quiet.State))
	}
	health, exists := h.health(got.Active)
	if !exists {
		t.Fatalf("active target %q is not in the list", got.Active)
	}
	pinned := c.Pin != nil && (c.Pin.Until.IsZero() || c.EvaluatedAt.Before(c.Pin.Until))
	if pinned && got.Active != c.Pin.Target {
		t.Fatalf("pinned to %s, but %s is active", c.Pin.Target, got.Active)
	}
	if !pinned && health == Unhealthy && h.anyHealthy() {
		t.Fatalf("%s is active and down while another target is healthy", got.Active)
	}
	if h.state != nil {
		h.checkSwitch(t, got, pinned, health)
	}
	if got.Switched {
		h.switched = c.EvaluatedAt
	}
	h.state = &got.State
}

func (h *history) checkSwitch(t *rapid.T, got Decision, pinned bool, health Health) {
	c, was := h.config, *h.state
	if got.Switched != (got.Active != was.Active) {
		t.Fatalf("Switched = %v from %s to %s", got.Switched, was.Active, got.Active)
	}
	if !got.Switched {
		if got.Previous != was.Previous || !got.SwitchedAt.Equal(was.SwitchedAt) {
			t.Fatalf("no switch, but the state tells of one:\n%s", cmp.Diff(was, got.State))
		}
		return
	}
	if got.Previous != was.Active || !got.SwitchedAt.Equal(c.EvaluatedAt) {
		t.Fatalf("the switch from %s is recorded as %+v", was.Active, got.State)
	}
	before, exists := h.health(was.Active)
	if pinned || !exists {
		return
	}
	if health != Healthy {
		t.Fatalf("switched from %s to %s, which is %s", was.Active, got.Active, health)
	}
	if before == Unhealthy {
		return
	}
	// What is left is a failback.
	if c.Failback.Manual {
		t.Fatalf("manual, but the router went from %s (%s) to %s", was.Active, before, got.Active)
	}
	if seen := c.EvaluatedAt.Sub(h.healthyIn[got.Active]); seen < c.Failback.Delay {
		t.Fatalf("failback to %s, healthy for %s only", got.Active, seen)
	}
	if since := c.EvaluatedAt.Sub(h.switched); !h.switched.IsZero() && since < c.Failback.Delay {
		t.Fatalf("two switches within %s", since)
	}
}

func TestDecide_RandomHistories(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawHistory(t)
		for range rapid.IntRange(1, 60).Draw(t, "runs") {
			h.next(t)
			h.check(t)
		}
	})
}

// However it came to be where it is, an automatic router ends at its first target once all are well.
func TestDecide_ComesHome(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawHistory(t)
		for range rapid.IntRange(1, 30).Draw(t, "runs") {
			h.next(t)
			h.check(t)
		}
		h.config.Pin = nil
		h.config.Failback.Manual = false
		for i := range h.config.Targets {
			h.config.Targets[i].Healthy = Healthy
		}
		end := h.config.EvaluatedAt.Add(time.Duration(len(h.config.Targets)) * (h.config.Failback.Delay + time.Minute))
		for h.config.EvaluatedAt.Before(end) {
			h.config.EvaluatedAt = h.config.EvaluatedAt.Add(time.Minute)
			h.state = &[]State{Decide(h.config, h.state).State}[0]
		}
		if first := h.config.Targets[0].Name; h.state.Active != first {
			t.Fatalf("all healthy for %d delays, but %+v", len(h.config.Targets), *h.state)
		}
	})
}

// Known must agree with trying every outcome.
func TestKnown_AgreesWithEveryOutcome(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawHistory(t)
		for range rapid.IntRange(0, 10).Draw(t, "runs") {
			h.next(t)
			h.state = &[]State{Decide(h.config, h.state).State}[0]
		}
		c := h.config
		c.EvaluatedAt = c.EvaluatedAt.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "minutes")) * time.Minute)
		for i := range c.Targets {
			c.Targets[i].HealthPending = rapid.Bool().Draw(t, "pending")
		}
		var outcomes []State
		var try func(at int)
		try = func(at int) {
			if at == len(c.Targets) {
				outcomes = append(outcomes, Decide(c, h.state).State)
				return
			}
			if !c.Targets[at].HealthPending {
				try(at + 1)
				return
			}
			for _, health := range []Health{Unknown, Healthy, Unhealthy} {
				c.Targets[at].Healthy = health
				try(at + 1)
			}
			c.Targets[at].Healthy = Unknown
		}
		try(0)
		want := !slices.ContainsFunc(outcomes, func(s State) bool { return !s.Equal(outcomes[0]) })
		if got := Known(c, h.state); got != want {
			t.Fatalf("Known = %v, want %v\nconfig %+v\nprior %+v", got, want, c, h.state)
		}
	})
}

func TestKnown(t *testing.T) {
	on := func(name string) *State { return &State{Active: name, Reason: "it was so"} }
	tests := []struct {
		health  string
		pending []int
		prior   *State
		pin     *Pin
		manual  bool
		want    bool
	}{
		{"hh", nil, nil, nil, false, true},
		{"hh", []int{0}, nil, nil, false, false},
		{"hh", []int{1}, nil, nil, false, true},                      // the first is healthy whatever the second is
		{"hh", []int{0}, on("a"), nil, false, false},                 // it may fail
		{"uu", []int{0}, on("a"), nil, false, true},                  // it may fail, but there is nowhere to go
		{"hh", []int{1}, on("a"), nil, false, true},                  // nobody asks the second
		{"dh", []int{0}, on("b"), nil, false, false},                 // it may be back
		{"dh", []int{0}, on("b"), nil, true, true},                   // it may be back, but only a person moves the router
		{"hh", []int{0, 1}, on("a"), &Pin{Target: "b"}, false, true}, // the pin wins
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s pending %v", tt.health, tt.pending), func(t *testing.T) {
			c := Config{Targets: targets(tt.health), Pin: tt.pin, Failback: Failback{Manual: tt.manual}, EvaluatedAt: noon}
			for _, i := range tt.pending {
				c.Targets[i].HealthPending = true
			}
			if got := Known(c, tt.prior); got != tt.want {
				t.Errorf("Known = %v, want %v", got, tt.want)
			}
		})
	}
}
