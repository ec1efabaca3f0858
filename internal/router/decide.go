package router

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// pinnedTo begins the reason of every pinned decision, and of no other.
const pinnedTo = "pinned to "

// choice is the outcome of one rule: a target, and why. An empty cause means that what was decided before stands.
type choice struct {
	target string
	cause  string
}

// Decide applies the rules of the package to one run. A nil prior, or one without an active target, is a new router.
// The configuration is expected to pass Validate; without targets the prior state is returned as it is.
func Decide(c Config, prior *State) Decision {
	var was State
	if prior != nil {
		was = *prior
	}
	if len(c.Targets) == 0 {
		return Decision{State: was}
	}

	chosen := c.choose(was)
	next := was
	switched := was.Active != "" && chosen.target != was.Active
	if switched {
		next.Previous = was.Active
		next.SwitchedAt = c.EvaluatedAt
	}
	next.Active = chosen.target

	cause := chosen.cause
	if cause == "" {
		cause = withoutWaiting(was.Reason)
	}
	candidate, since := c.waiting(was, next.Active)
	next.FailbackSince = since
	next.Reason = withWaiting(cause, candidate)

	return Decision{State: next, Switched: switched, Warnings: c.warnings(was, next)}
}

// choose picks the target by the rules, in their order.
func (c Config) choose(was State) choice {
	if c.pinInForce() {
		return choice{c.Pin.Target, pinCause(*c.Pin)}
	}
	active := c.index(was.Active)
	if active < 0 {
		return c.first(was)
	}
	if c.Targets[active].Healthy == Unhealthy {
		if i := c.firstWith(Healthy); i >= 0 {
			name := c.Targets[i].Name
			return choice{name, fmt.Sprintf("%s was unhealthy; %s was the first healthy target", was.Active, name)}
		}
		return c.stay(was)
	}
	if name, ok := c.failback(was, active); ok {
		cause := fmt.Sprintf("%s was healthy and preferred to %s", name, was.Active)
		if c.Failback.Delay > 0 {
			cause = fmt.Sprintf("%s had been healthy for the failback delay and was preferred to %s", name, was.Active)
		}
		return choice{name, cause}
	}
	return c.stay(was)
}

// first is rule 2.
func (c Config) first(was State) choice {
	var i int
	var cause string
	switch healthy, unknown := c.firstWith(Healthy), c.firstWith(Unknown); {
	case healthy >= 0:
		i, cause = healthy, "%s was the first healthy target"
	case unknown >= 0:
		i, cause = unknown, "no target was known to be healthy; %s was the first of unknown health"
	default:
		i, cause = 0, "every target was unhealthy; %s was the first one"
	}
	name := c.Targets[i].Name
	cause = fmt.Sprintf(cause, name)
	if was.Active != "" {
		cause = fmt.Sprintf("%s was no longer a target; %s", was.Active, cause)
	}
	return choice{name, cause}
}

// stay keeps the active target, and its reason unless that reason was a pin which holds no more.
func (c Config) stay(was State) choice {
	if strings.HasPrefix(was.Reason, pinnedTo) {
		return choice{was.Active, fmt.Sprintf("%s was pinned and stays active after the end of the pin", was.Active)}
	}
	return choice{target: was.Active}
}

// pinInForce reports whether rule 1 applies. A pin with an end but no clock to compare it with holds: it is the
// explicit wish of a person.
func (c Config) pinInForce() bool {
	return c.Pin != nil && c.index(c.Pin.Target) >= 0 && !c.pinExpired()
}

func (c Config) pinExpired() bool {
	return c.Pin != nil && !c.Pin.Until.IsZero() && !c.EvaluatedAt.IsZero() && !c.EvaluatedAt.Before(c.Pin.Until)
}

func pinCause(p Pin) string {
	if reason := strings.TrimSpace(p.Reason); reason != "" {
		return pinnedTo + p.Target + ": " + reason
	}
	return pinnedTo + p.Target
}

// index returns the position of the target of that name, or -1.
func (c Config) index(name string) int {
	return slices.IndexFunc(c.Targets, func(t Target) bool { return t.Name == name })
}

// firstWith returns the position of the most preferred target with that health, or -1.
func (c Config) firstWith(h Health) int {
	return slices.IndexFunc(c.Targets, func(t Target) bool { return t.Healthy == h })
}

// warnings says what a person should look at, given the state before and after the decision.
func (c Config) warnings(was, next State) []string {
	var list []string
	health := c.Targets[c.index(next.Active)].Healthy
	if c.pinExpired() {
		list = append(list, fmt.Sprintf("The pin to %s expired at %s and is ignored. Remove it from the configuration.",
			c.Pin.Target, c.Pin.Until.UTC().Format(time.RFC3339)))
	}
	pinned := c.pinInForce()
	if pinned {
		list = append(list, pinWarning(*c.Pin, health))
	}
	switch down := c.firstWith(Healthy) < 0 && c.firstWith(Unknown) < 0; {
	case down && was.Active == next.Active:
		list = append(list, fmt.Sprintf("All targets are unhealthy. The router stays at %s.", next.Active))
	case down:
		list = append(list, fmt.Sprintf("All targets are unhealthy. The router points to %s.", next.Active))
	case !pinned && health == Unhealthy:
		list = append(list, fmt.Sprintf("%s is unhealthy and no other target is known to be healthy. The router stays at %s, "+
			"because unknown health never causes a switch.", next.Active, next.Active))
	}
	return list
}

func pinWarning(p Pin, health Health) string {
	text := "The router is pinned to " + p.Target
	if !p.Until.IsZero() {
		text += " until " + p.Until.UTC().Format(time.RFC3339)
	}
	if reason := strings.TrimSpace(p.Reason); reason != "" {
		text += " (" + reason + ")"
	}
	if health == Unhealthy {
		return text + ". Health is ignored, and " + p.Target + " is unhealthy."
	}
	return text + ". Health is ignored."
}
