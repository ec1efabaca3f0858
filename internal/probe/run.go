package probe

import (
	"context"
	"fmt"
	"time"
)

// Policy says how often and how patiently one asks.
type Policy struct {
	// Timeout bounds one attempt.
	Timeout time.Duration

	// Attempts is the most that are made, RequiredSuccesses how many of them must succeed.
	Attempts          int
	RequiredSuccesses int

	// Interval is the pause between the end of an attempt and the beginning of the next.
	Interval time.Duration
}

// Validate returns a *ConfigError for a policy that cannot be followed.
func (p Policy) Validate() error {
	switch {
	case p.Timeout <= 0:
		return &ConfigError{"timeout", fmt.Sprintf("%s is not a time to wait for; use more than 0s.", p.Timeout)}
	case p.Attempts < 1:
		return &ConfigError{"attempts", fmt.Sprintf("%d attempts decide nothing; use at least 1.", p.Attempts)}
	case p.RequiredSuccesses < 1 || p.RequiredSuccesses > p.Attempts:
		return &ConfigError{"required_successes", fmt.Sprintf("%d of %d attempts cannot succeed; use 1 to %d.",
			p.RequiredSuccesses, p.Attempts, p.Attempts)}
	case p.Interval < 0:
		return &ConfigError{"interval", fmt.Sprintf("%s is not a pause; use 0s or more.", p.Interval)}
	}
	return nil
}

// Bound is the time within which Run ends: attempts × timeout + (attempts − 1) × interval.
func (p Policy) Bound() time.Duration {
	return time.Duration(p.Attempts)*p.Timeout + time.Duration(p.Attempts-1)*p.Interval
}

// Outcome is what the attempts say together.
type Outcome struct {
	// Healthy is nil when nobody can tell: the runner is blind, or it was interrupted.
	Healthy *bool

	// Reason is that of the attempt that decided, or says why nothing was decided.
	Reason string

	Successes    int
	AttemptsMade int

	// LatencyMS is that of the attempt that decided, in milliseconds.
	LatencyMS int64

	// Checks holds the attempts in their order.
	Checks []Result
}

// Run asks until the outcome is certain, within policy.Bound, controls included. The policy is expected to pass
// Validate.
//
// The controls are URLs that work whenever the runner's own network does. When the probe failed and all of them fail
// too, the runner is blind and Healthy is nil. They are asked side by side once the failure is certain. The one
// exception keeps the bound: if nothing is certain half a time-out before the end, they are asked beside the attempt
// that is still waiting, so that they have the other half.
func Run(ctx context.Context, p Prober, policy Policy, controls []string) Outcome {
	return run(ctx, p, policy, controlProbers(controls))
}

func run(parent context.Context, p Prober, policy Policy, controls []control) Outcome {
	ctx, cancel := context.WithTimeout(parent, policy.Bound())
	w := newWitness(ctx, controls, policy.Timeout)
	defer w.wait()
	defer cancel()
	late := time.AfterFunc(policy.Bound()-policy.Timeout/2, w.ask)
	defer late.Stop()

	var out Outcome
	for {
		last := try(ctx, p, policy.Timeout)
		if parent.Err() != nil {
			return out.interrupted()
		}
		out.add(last)
		failures := out.AttemptsMade - out.Successes
		switch {
		case out.Successes >= policy.RequiredSuccesses:
			return out.decide(true, last)
		case failures > policy.Attempts-policy.RequiredSuccesses:
			blind, why := w.blind()
			switch {
			case blind && parent.Err() != nil:
				return out.interrupted()
			case blind:
				return out.blind(last, why)
			}
			return out.decide(false, last)
		}
		pause(ctx, policy.Interval)
	}
}

func try(ctx context.Context, p Prober, timeout time.Duration) Result {
	ctx, cancel := withPatience(ctx, timeout)
	defer cancel()
	return p.Probe(ctx)
}

func pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

func (o *Outcome) add(r Result) {
	o.Checks = append(o.Checks, r)
	o.AttemptsMade++
	if r.Success {
		o.Successes++
	}
}

func (o Outcome) decide(healthy bool, by Result) Outcome {
	o.Healthy = &healthy
	o.Reason = by.Reason
	o.LatencyMS = by.Latency.Milliseconds()
	return o
}

func (o Outcome) blind(by Result, why string) Outcome {
	o.Reason = fmt.Sprintf("the runner is blind: every control failed too (%s); the probe: %s", why, by.Reason)
	o.LatencyMS = by.Latency.Milliseconds()
	return o
}

// interrupted gives no verdict: what an interrupted attempt saw, or an interrupted control, says nothing.
func (o Outcome) interrupted() Outcome {
	o.Reason = "interrupted before the outcome was certain"
	return o
}
