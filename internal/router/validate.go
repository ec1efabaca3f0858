package router

import (
	"fmt"
	"slices"
	"strings"
)

// Problem is one mistake in a configuration.
type Problem struct {
	// Attribute is the path of the attribute at fault, such as "targets[1].name" or "pin.until".
	Attribute string

	// Message says what is wrong and what to do.
	Message string
}

// Validate returns what is wrong with the configuration, in the order of its attributes, or nothing. A time that is
// configured but not known yet must not be left zero: it would be taken for missing.
func Validate(c Config) []Problem {
	list := validateTargets(c.Targets)
	add := func(attribute, format string, args ...any) {
		list = append(list, Problem{attribute, fmt.Sprintf(format, args...)})
	}

	const needsClock = "%s needs a clock, and evaluated_at is not set. Add evaluated_at = plantimestamp()."
	switch {
	case c.Failback.Delay < 0:
		add("failback.delay", "The delay is %s. It must not be negative.", c.Failback.Delay)
	case c.Failback.Delay > 0 && c.EvaluatedAt.IsZero():
		add("failback.delay", needsClock, "failback.delay")
	}
	if c.Pin == nil {
		return list
	}
	if c.index(c.Pin.Target) < 0 {
		names := make([]string, len(c.Targets))
		for i, t := range c.Targets {
			names[i] = fmt.Sprintf("%q", t.Name)
		}
		add("pin.target", "%q is not the name of a target. Use one of: %s.", c.Pin.Target, strings.Join(names, ", "))
	}
	if !c.Pin.Until.IsZero() && c.EvaluatedAt.IsZero() {
		add("pin.until", needsClock, "pin.until")
	}
	return list
}

func validateTargets(targets []Target) []Problem {
	if len(targets) == 0 {
		return []Problem{{"targets", "A router needs at least one target."}}
	}
	var list []Problem
	for i, t := range targets {
		path := fmt.Sprintf("targets[%d].name", i)
		before := slices.IndexFunc(targets[:i], func(o Target) bool { return o.Name == t.Name })
		switch {
		case strings.TrimSpace(t.Name) == "":
			list = append(list, Problem{path, "The name of a target must not be empty."})
		case before >= 0:
			list = append(list, Problem{path, fmt.Sprintf("%q is already the name of targets[%d]. "+
				"Give each target a name of its own: the state remembers targets by name.", t.Name, before)})
		}
	}
	return list
}
