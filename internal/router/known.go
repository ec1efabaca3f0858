package router

import "slices"

// Known reports whether the decision is certain although some health values are pending. When it is not, the plan must
// leave the computed attributes unknown: a guess that turns out wrong is an inconsistent plan
// (design/facts/terraform-behaviour.md section 13).
//
// It is exact without trying all 3^n outcomes. A decision looks at the active target, at the one that is waited for,
// and otherwise only at the first healthy target and, where none is healthy, at the first unknown one. So those two
// take every value, and of the other pending targets at most one is anything but unhealthy.
func Known(c Config, prior *State) bool {
	var was State
	if prior != nil {
		was = *prior
	}
	var special, other []int
	waited, _ := c.withPending(Healthy).remembered(was)
	for i, t := range c.Targets {
		switch {
		case !t.HealthPending:
		case t.Name == was.Active, t.Name == waited:
			special = append(special, i)
		default:
			other = append(other, i)
		}
	}

	trial := c.withPending(Unhealthy)
	want := Decide(trial, prior).State
	same := func() bool { return Decide(trial, prior).State.Equal(want) }
	return everyHealth(trial.Targets, special, func() bool {
		if !same() {
			return false
		}
		for _, i := range other {
			if !everyHealth(trial.Targets, []int{i}, same) {
				return false
			}
		}
		return true
	})
}

// withPending returns a copy of c in which every pending health is h.
func (c Config) withPending(h Health) Config {
	c.Targets = slices.Clone(c.Targets)
	for i := range c.Targets {
		if c.Targets[i].HealthPending {
			c.Targets[i].Healthy = h
		}
	}
	return c
}

// everyHealth reports whether holds is true for each combination of health of the targets at those positions, and
// leaves them unhealthy.
func everyHealth(targets []Target, at []int, holds func() bool) bool {
	if len(at) == 0 {
		return holds()
	}
	for _, h := range []Health{Unknown, Healthy, Unhealthy} {
		targets[at[0]].Healthy = h
		if !everyHealth(targets, at[1:], holds) {
			return false
		}
	}
	return true
}
