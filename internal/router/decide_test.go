package router

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// noon is when the tables' runs are evaluated.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func before(d time.Duration) time.Time { return noon.Add(-d) }

// targets makes the targets a, b, c … from one letter each: h(ealthy), u(nknown), d(own).
func targets(health string) []Target {
	var list []Target
	for i, r := range health {
		h := map[rune]Health{'h': Healthy, 'u': Unknown, 'd': Unhealthy}[r]
		list = append(list, Target{Name: string(rune('a' + i)), Healthy: h})
	}
	return list
}

func TestDecide_Rules(t *testing.T) {
	const ten = 10 * time.Minute
	delay := Failback{Delay: ten}
	manual := Failback{Manual: true, Delay: ten}
	pinB := &Pin{Target: "b", Reason: "game day"}
	on := func(name string) *State { return &State{Active: name, Reason: "it was so"} }
	waiting := func(active, candidate string, since time.Duration) *State {
		return &State{Active: active, Reason: "it was so; waiting to fail back to " + candidate, FailbackSince: before(since)}
	}
	switched := func(from, to, reason string) State {
		return State{Active: to, Previous: from, Reason: reason, SwitchedAt: noon}
	}

	tests := []struct {
		name     string
		health   string
		failback Failback
		pin      *Pin
		prior    *State
		want     State
		warnings []string
	}{
		// Rule 1: a pin in force wins.
		{"pin on a new router", "hh", Failback{}, pinB, nil,
			State{Active: "b", Reason: "pinned to b: game day"},
			[]string{"The router is pinned to b (game day). Health is ignored."}},
		{"pin wins over a healthy preferred target", "hh", Failback{}, pinB, on("a"),
			switched("a", "b", "pinned to b: game day"),
			[]string{"The router is pinned to b (game day). Health is ignored."}},
		{"pin wins over health", "hd", Failback{}, pinB, on("a"),
			switched("a", "b", "pinned to b: game day"),
			[]string{"The router is pinned to b (game day). Health is ignored, and b is unhealthy."}},
		{"pin without a reason, to the active target", "hh", Failback{}, &Pin{Target: "b"}, on("b"),
			State{Active: "b", Reason: "pinned to b"},
			[]string{"The router is pinned to b. Health is ignored."}},
		{"pin holds until its end", "hh", Failback{}, &Pin{Target: "b", Until: noon.Add(time.Second)}, on("b"),
			State{Active: "b", Reason: "pinned to b"},
			[]string{"The router is pinned to b until 2026-03-01T12:00:01Z. Health is ignored."}},
		{"pin ends at its end, the rules go on", "hh", Failback{}, &Pin{Target: "b", Until: noon}, &State{Active: "b", Reason: "pinned to b"},
			switched("b", "a", "a was healthy and preferred to b"),
			[]string{"The pin to b expired at 2026-03-01T12:00:00Z and is ignored. Remove it from the configuration."}},
		{"removed pin, nothing better: stay", "dh", Failback{}, nil, &State{Active: "b", Reason: "pinned to b: game day"},
			State{Active: "b", Reason: "b was pinned and stays active after the end of the pin"}, nil},
		{"removed pin, manual: stay", "hh", manual, nil, &State{Active: "b", Reason: "pinned to b"},
			State{Active: "b", Reason: "b was pinned and stays active after the end of the pin"}, nil},
		{"pin to no target is not in force", "hh", Failback{}, &Pin{Target: "x"}, on("a"), *on("a"), nil},
		{"all down under a pin", "dd", Failback{}, pinB, &State{Active: "b", Reason: "pinned to b: game day"},
			State{Active: "b", Reason: "pinned to b: game day"},
			[]string{"The router is pinned to b (game day). Health is ignored, and b is unhealthy.", "All targets are unhealthy. The router stays at b."}},
		{"waiting begins under a pin", "hh", delay, &Pin{Target: "b"}, &State{Active: "b", Reason: "pinned to b"},
			State{Active: "b", Reason: "pinned to b; waiting to fail back to a", FailbackSince: noon},
			[]string{"The router is pinned to b. Health is ignored."}},
		{"end of a pin under which a was healthy all along", "hh", delay, nil,
			&State{Active: "b", Reason: "pinned to b; waiting to fail back to a", FailbackSince: before(ten)},
			switched("b", "a", "a had been healthy for the failback delay and was preferred to b"), nil},

		// Rule 2: nothing active.
		{"new: first healthy", "dhh", Failback{}, nil, nil, State{Active: "b", Reason: "b was the first healthy target"}, nil},
		{"new: healthy comes before unknown", "uh", Failback{}, nil, nil, State{Active: "b", Reason: "b was the first healthy target"}, nil},
		{"new: first unknown", "duu", Failback{}, nil, nil,
			State{Active: "b", Reason: "no target was known to be healthy; b was the first of unknown health"}, nil},
		{"new: all down", "dd", Failback{}, nil, nil,
			State{Active: "a", Reason: "every target was unhealthy; a was the first one"},
			[]string{"All targets are unhealthy. The router points to a."}},
		{"an empty prior state is a new router", "hh", delay, nil, &State{}, State{Active: "a", Reason: "a was the first healthy target"}, nil},
		{"active removed or renamed: first healthy", "dh", Failback{}, nil, on("x"),
			switched("x", "b", "x was no longer a target; b was the first healthy target"), nil},
		{"active removed: no delay", "hh", delay, nil, on("x"),
			switched("x", "a", "x was no longer a target; a was the first healthy target"), nil},
		{"active removed, all down", "dd", Failback{}, nil, on("x"),
			switched("x", "a", "x was no longer a target; every target was unhealthy; a was the first one"),
			[]string{"All targets are unhealthy. The router points to a."}},

		// Rule 3: the active target is healthy or unknown.
		{"healthy: stay", "hh", Failback{}, nil, on("a"), *on("a"), nil},
		{"unknown: stay", "uh", Failback{}, nil, on("a"), *on("a"), nil},
		{"all unknown: stay", "uu", Failback{}, nil, on("b"), *on("b"), nil},
		{"preferred is unknown: stay", "uh", Failback{}, nil, on("b"), *on("b"), nil},
		{"less preferred is healthy: stay", "uhh", Failback{}, nil, on("b"), *on("b"), nil},
		{"preferred is healthy, no delay", "hh", Failback{}, nil, on("b"), switched("b", "a", "a was healthy and preferred to b"), nil},
		{"preferred is healthy, active unknown, no delay", "hu", Failback{}, nil, on("b"),
			switched("b", "a", "a was healthy and preferred to b"), nil},
		{"preferred is healthy, manual", "hh", Failback{Manual: true}, nil, on("b"), *on("b"), nil},
		{"preferred is healthy, manual, delay: no waiting", "hh", manual, nil, on("b"), *on("b"), nil},
		{"waiting begins", "hh", delay, nil, on("b"), *waiting("b", "a", 0), nil},
		{"waiting goes on", "hh", delay, nil, waiting("b", "a", ten-time.Second), *waiting("b", "a", ten-time.Second), nil},
		{"waiting is over", "hh", delay, nil, waiting("b", "a", ten),
			switched("b", "a", "a had been healthy for the failback delay and was preferred to b"), nil},
		{"unhealthy sight ends the waiting", "dh", delay, nil, waiting("b", "a", ten), *on("b"), nil},
		{"unknown sight ends the waiting", "uh", delay, nil, waiting("b", "a", ten), *on("b"), nil},
		{"manual ends the waiting", "hh", manual, nil, waiting("b", "a", ten), *on("b"), nil},
		{"a clock that was ahead: anew", "hh", delay, nil, waiting("b", "a", -time.Hour), *waiting("b", "a", 0), nil},
		{"delay taken away: at once", "hh", Failback{}, nil, waiting("b", "a", time.Second),
			switched("b", "a", "a was healthy and preferred to b"), nil},
		{"better one recovers: the waiting goes on", "hhh", delay, nil, waiting("c", "b", time.Minute), *waiting("c", "b", time.Minute), nil},
		{"waited for fails, better one is healthy: anew", "hdh", delay, nil, waiting("c", "b", ten), *waiting("c", "a", 0), nil},
		{"failback to the steady one, then the better one has its turn", "hhh", delay, nil, waiting("c", "b", ten),
			State{Active: "b", Previous: "c", SwitchedAt: noon, FailbackSince: noon,
				Reason: "b had been healthy for the failback delay and was preferred to c; waiting to fail back to a"}, nil},
		{"reordered: waited for is no longer preferred", "hhh", delay, nil, waiting("a", "b", ten), *on("a"), nil},

		// Rule 4: the active target is unhealthy.
		{"unhealthy: first healthy", "dhh", Failback{}, nil, on("a"), switched("a", "b", "a was unhealthy; b was the first healthy target"), nil},
		{"unhealthy: no delay, not even to a preferred one", "hdh", delay, nil, on("b"),
			switched("b", "a", "b was unhealthy; a was the first healthy target"), nil},
		{"unhealthy while waiting", "hd", delay, nil, waiting("b", "a", time.Second),
			switched("b", "a", "b was unhealthy; a was the first healthy target"), nil},
		{"unhealthy: manual is about failback only", "dh", manual, nil, on("a"), switched("a", "b", "a was unhealthy; b was the first healthy target"), nil},
		{"unhealthy: unknown is no refuge", "du", Failback{}, nil, on("a"), *on("a"),
			[]string{"a is unhealthy and no other target is known to be healthy. The router stays at a, because unknown health never causes a switch."}},
		{"all down: stay", "dd", Failback{}, nil, on("b"), *on("b"), []string{"All targets are unhealthy. The router stays at b."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := Config{Targets: targets(tt.health), Failback: tt.failback, Pin: tt.pin, EvaluatedAt: noon}
			got := Decide(c, tt.prior)
			if diff := cmp.Diff(tt.want, got.State); diff != "" {
				t.Errorf("state (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.warnings, got.Warnings); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
			if want := tt.prior != nil && tt.prior.Active != "" && tt.prior.Active != tt.want.Active; got.Switched != want {
				t.Errorf("Switched = %v, want %v", got.Switched, want)
			}
		})
	}
}

func TestDecide_WithoutClock(t *testing.T) {
	prior := &State{Active: "a", Reason: "it was so", SwitchedAt: before(time.Hour)}
	got := Decide(Config{Targets: targets("dh")}, prior)
	want := State{Active: "b", Previous: "a", Reason: "a was unhealthy; b was the first healthy target"}
	if diff := cmp.Diff(want, got.State); diff != "" {
		t.Errorf("a switch without a clock (-want +got):\n%s", diff)
	}

	prior = &State{Active: "b", Reason: "it was so; waiting to fail back to a", FailbackSince: before(time.Hour)}
	got = Decide(Config{Targets: targets("hh"), Failback: Failback{Delay: time.Minute}}, prior)
	if diff := cmp.Diff(State{Active: "b", Reason: "it was so"}, got.State); diff != "" {
		t.Errorf("a delay without a clock never ends (-want +got):\n%s", diff)
	}
}

func TestDecide_NoTargets(t *testing.T) {
	prior := &State{Active: "a", Reason: "it was so"}
	if diff := cmp.Diff(Decision{State: *prior}, Decide(Config{}, prior)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestValidate(t *testing.T) {
	tests := []struct {
		name   string
		config Config
		want   []Problem
	}{
		{"right", Config{Targets: targets("hh"), EvaluatedAt: noon, Failback: Failback{Delay: time.Hour}, Pin: &Pin{Target: "b", Until: noon}}, nil},
		{"no clock needed", Config{Targets: targets("h"), Pin: &Pin{Target: "a"}}, nil},
		{"no targets", Config{}, []Problem{{"targets", "A router needs at least one target."}}},
		{"names", Config{Targets: []Target{{Name: "a"}, {Name: " "}, {Name: "a"}}}, []Problem{
			{"targets[1].name", "The name of a target must not be empty."},
			{"targets[2].name", `"a" is already the name of targets[0]. Give each target a name of its own: the state remembers targets by name.`},
		}},
		{"pin to nowhere", Config{Targets: targets("hh"), Pin: &Pin{Target: "x"}}, []Problem{
			{"pin.target", `"x" is not the name of a target. Use one of: "a", "b".`},
		}},
		{"clock missing", Config{Targets: targets("h"), Failback: Failback{Delay: 1}, Pin: &Pin{Target: "a", Until: noon}}, []Problem{
			{"failback.delay", "failback.delay needs a clock, and evaluated_at is not set. Add evaluated_at = plantimestamp()."},
			{"pin.until", "pin.until needs a clock, and evaluated_at is not set. Add evaluated_at = plantimestamp()."},
		}},
		{"negative delay", Config{Targets: targets("h"), Failback: Failback{Delay: -time.Minute}, EvaluatedAt: noon}, []Problem{
			{"failback.delay", "The delay is -1m0s. It must not be negative."},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Validate(tt.config)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
