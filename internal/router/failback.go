package router

import (
	"slices"
	"strings"
	"time"
)

// waitingFor joins a reason and the target that is waited for. State.Reason is the only memory of which target
// State.FailbackSince belongs to.
const waitingFor = "; waiting to fail back to "

// failback returns the preferred target that the router may return to now. The active target is the one at that
// position.
func (c Config) failback(was State, active int) (string, bool) {
	if c.Failback.Manual {
		return "", false
	}
	if c.Failback.Delay <= 0 {
		if i := c.firstWith(Healthy); i >= 0 && i < active {
			return c.Targets[i].Name, true
		}
		return "", false
	}
	name, ok := c.remembered(was)
	return name, ok && c.EvaluatedAt.Sub(was.FailbackSince) >= c.Failback.Delay
}

// waiting returns the target that is waited for after the decision for active, and since when: the remembered one goes
// on, else it begins now with the first healthy preferred one. It goes on under a pin as well, so that a preferred
// target which was healthy all along takes over when the pin ends.
func (c Config) waiting(was State, active string) (string, time.Time) {
	if c.Failback.Manual || c.Failback.Delay <= 0 || c.EvaluatedAt.IsZero() {
		return "", time.Time{}
	}
	if active == was.Active {
		if name, ok := c.remembered(was); ok {
			return name, was.FailbackSince
		}
	}
	if i := c.firstWith(Healthy); i >= 0 && i < c.index(active) {
		return c.Targets[i].Name, c.EvaluatedAt
	}
	return "", time.Time{}
}

// remembered returns the target that the prior state waits for, if it still is a preferred one and healthy. A beginning
// that lies ahead of the clock comes from a runner whose clock was wrong; it counts for nothing, or the failback might
// be years away.
func (c Config) remembered(was State) (string, bool) {
	if was.FailbackSince.IsZero() || c.EvaluatedAt.Before(was.FailbackSince) {
		return "", false
	}
	preferred := c.Targets[:max(0, c.index(was.Active))]
	i := slices.IndexFunc(preferred, func(t Target) bool {
		return t.Healthy == Healthy && strings.HasSuffix(was.Reason, waitingFor+t.Name)
	})
	if i < 0 {
		return "", false
	}
	return preferred[i].Name, true
}

func withWaiting(cause, candidate string) string {
	if candidate == "" {
		return cause
	}
	return cause + waitingFor + candidate
}

func withoutWaiting(reason string) string {
	if i := strings.LastIndex(reason, waitingFor); i >= 0 {
		return reason[:i]
	}
	return reason
}
