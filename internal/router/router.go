package router

import "time"

// Health is what is known of a target. The zero value is Unknown.
type Health int

// A target is Unknown when nobody looked or the one who looked was blind.
const (
	Unknown Health = iota
	Healthy
	Unhealthy
)

// String returns the word that reasons and warnings use.
func (h Health) String() string {
	switch h {
	case Healthy:
		return "healthy"
	case Unhealthy:
		return "unhealthy"
	default:
		return "of unknown health"
	}
}

// Target is one place that the router can point to.
type Target struct {
	Name    string
	Healthy Health

	// HealthPending says that the health is not known before the apply. Only Known looks at it; Decide takes Healthy as
	// it is.
	HealthPending bool
}

// Pin overrides health during incidents and game days.
type Pin struct {
	Target string
	Reason string

	// Until is the first instant at which the pin no longer holds. Zero: it has no end.
	Until time.Time
}

// Failback says when the router returns to a preferred target while the active one still works.
type Failback struct {
	// Manual forbids it: only a pin or the failure of the active target moves the router.
	Manual bool

	// Delay is how long a preferred target must have been seen healthy.
	Delay time.Duration
}

// Config is what the user wrote and what the probes found.
type Config struct {
	// Targets are in order of preference.
	Targets  []Target
	Failback Failback

	// Pin is nil when there is none.
	Pin *Pin

	// EvaluatedAt is the clock of the decision. Zero: there is none, and nothing that needs one happens.
	EvaluatedAt time.Time
}

// State is what one decision hands to the next. Zero values stand for "none".
type State struct {
	Active   string
	Previous string

	// Reason is one sentence for people. It changes only with the decision, or when a waiting begins or ends.
	Reason string

	// SwitchedAt is EvaluatedAt of the last switch; the first choice of a new router is not a switch.
	SwitchedAt time.Time

	// FailbackSince is EvaluatedAt of the run in which the waiting for a failback began.
	FailbackSince time.Time
}

// Equal reports whether both states mean the same; instants are compared, not their time zones.
func (s State) Equal(o State) bool {
	return s.Active == o.Active && s.Previous == o.Previous && s.Reason == o.Reason &&
		s.SwitchedAt.Equal(o.SwitchedAt) && s.FailbackSince.Equal(o.FailbackSince)
}

// Decision is the new state and what people should know about it.
type Decision struct {
	State

	// Switched says that the router leaves one target for another. It is false for the first choice.
	Switched bool

	// Warnings are sentences, in a fixed order, for situations that a person should look at. They repeat in each run
	// for as long as the situation lasts.
	Warnings []string
}
