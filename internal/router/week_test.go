package router

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// incident gives the health of one target from one moment of the week to another (not included).
type incident struct {
	target   string
	from, to string // day and time, "d3 14:05"
	health   func(step int) Health
}

func always(h Health) func(int) Health { return func(int) Health { return h } }

// flapping is down in every second run.
func flapping(step int) Health {
	if step%2 == 0 {
		return Unhealthy
	}
	return Healthy
}

func at(t *testing.T, when string) time.Time {
	t.Helper()
	var day, hour, minute int
	if _, err := fmt.Sscanf(when, "d%d %d:%d", &day, &hour, &minute); err != nil {
		t.Fatalf("%q: %v", when, err)
	}
	return time.Date(2026, 3, day, hour, minute, 0, 0, time.UTC)
}

// A week at a two-minute schedule. cf is preferred to bunny, bunny to origin; failback waits ten minutes.
func TestDecide_AWeek(t *testing.T) {
	incidents := []incident{
		// The front is down for half an hour.
		{"cf", "d1 09:00", "d1 09:30", always(Unhealthy)},
		// A flapping front: one switch away, none back until it has been steady for ten minutes.
		{"cf", "d2 10:00", "d2 12:00", flapping},
		// A slow front whose probes end in no clear outcome: never a switch.
		{"cf", "d3 08:00", "d3 20:00", always(Unknown)},
		// The certificate expires at midnight and is renewed in the morning.
		{"cf", "d4 00:00", "d4 07:10", always(Unhealthy)},
		// A runner without network sees nothing at all, in the middle of the wait for the failback.
		{"cf", "d4 07:14", "d4 07:40", always(Unknown)},
		{"bunny", "d4 07:14", "d4 07:40", always(Unknown)},
		{"origin", "d4 07:14", "d4 07:40", always(Unknown)},
		// Both CDNs fail, bunny recovers first.
		{"cf", "d5 13:00", "d5 14:00", always(Unhealthy)},
		{"bunny", "d5 13:10", "d5 13:40", always(Unhealthy)},
		// Everything fails while origin is not preferred: stay where one is.
		{"cf", "d6 01:00", "d6 01:20", always(Unhealthy)},
		{"bunny", "d6 01:00", "d6 01:20", always(Unhealthy)},
		{"origin", "d6 01:00", "d6 01:20", always(Unhealthy)},
		// The second target fails while nobody uses it.
		{"bunny", "d6 15:00", "d6 16:00", flapping},
	}
	pin := &Pin{Target: "bunny", Reason: "game day", Until: at(t, "d7 11:00")}

	want := []string{
		"d1 09:00 cf -> bunny",
		"d1 09:40 bunny -> cf",
		"d2 10:00 cf -> bunny",
		"d2 12:08 bunny -> cf", // the last sight of it down was 11:56, and it has been healthy since 11:58
		"d4 00:00 cf -> bunny",
		"d4 07:50 bunny -> cf", // the blind runner at 07:14 made the wait begin again at 07:40
		"d5 13:00 cf -> bunny",
		"d5 13:10 bunny -> origin",
		"d5 13:50 origin -> bunny",
		"d5 14:10 bunny -> cf",
		"d7 10:00 cf -> bunny", // the pin
		"d7 11:00 bunny -> cf", // cf was healthy during all of it
	}

	var switches []string
	var changes int // runs that would show a diff
	var state *State
	start := at(t, "d1 00:00")
	for step := range 7 * 24 * 30 {
		c := Config{
			Targets:     []Target{{Name: "cf", Healthy: Healthy}, {Name: "bunny", Healthy: Healthy}, {Name: "origin", Healthy: Healthy}},
			Failback:    Failback{Delay: 10 * time.Minute},
			EvaluatedAt: start.Add(time.Duration(step) * 2 * time.Minute),
		}
		if !c.EvaluatedAt.Before(at(t, "d7 10:00")) {
			c.Pin = pin // and nobody ever removes it
		}
		for _, in := range incidents {
			if c.EvaluatedAt.Before(at(t, in.from)) || !c.EvaluatedAt.Before(at(t, in.to)) {
				continue
			}
			c.Targets[c.index(in.target)].Healthy = in.health(step)
		}
		got := Decide(c, state)
		if got.Switched {
			switches = append(switches, fmt.Sprintf("%s %s -> %s", c.EvaluatedAt.Format("d2 15:04"), got.Previous, got.Active))
		}
		if state != nil && !got.Equal(*state) {
			changes++
		}
		state = &got.State
	}
	if diff := cmp.Diff(want, switches); diff != "" {
		t.Errorf("switches (-want +got):\n%s", diff)
	}
	// The 12 switches, and the waitings that began or ended without one: d1 the beginning; d2 one in each of the 59
	// runs of the flapping after the switch; d4 begun, interrupted, begun again; d5 the beginnings for bunny and cf.
	// The waiting under the pin begins with the switch that the pin causes.
	if wantChanges := 12 + 1 + 59 + 3 + 2; changes != wantChanges {
		t.Errorf("%d runs changed the state, want %d", changes, wantChanges)
	}
}
