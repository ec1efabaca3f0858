package probe

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// script is a prober whose attempts are written down: how long each takes and how it ends. Like every prober it ends
// when its context does.
type script struct {
	steps []step
	calls atomic.Int32
}

type step struct {
	takes   time.Duration
	success bool
}

func (s *script) Probe(ctx context.Context) Result {
	a := begin()
	step := s.steps[min(int(s.calls.Add(1)), len(s.steps))-1]
	pause(ctx, step.takes)
	switch {
	case ctx.Err() != nil:
		return a.end(false, noAnswer(ctx))
	case step.success:
		return a.end(true, "up")
	default:
		return a.end(false, "down")
	}
}

const (
	second = time.Second
	never  = time.Hour
)

func controlsOf(probers ...Prober) []control {
	var list []control
	for _, p := range probers {
		list = append(list, control{"control.example", p})
	}
	return list
}

func TestRun_StopsWhenCertain(t *testing.T) {
	up, down, silent := step{0, true}, step{0, false}, step{never, true}
	yes, no := new(true), new(false)
	tests := []struct {
		name     string
		attempts int
		required int
		steps    []step
		want     Outcome // without Checks
		takes    time.Duration
	}{
		{"two of three at once", 3, 2, []step{up}, Outcome{Healthy: yes, Reason: "up", Successes: 2, AttemptsMade: 2}, 1 * second},
		{"two failures of three", 3, 2, []step{down}, Outcome{Healthy: no, Reason: "down", AttemptsMade: 2}, 1 * second},
		{"one failure is no verdict", 3, 2, []step{down, up}, Outcome{Healthy: yes, Reason: "up", Successes: 2, AttemptsMade: 3}, 2 * second},
		{"the third decides", 3, 2, []step{up, down, down}, Outcome{Healthy: no, Reason: "down", Successes: 1, AttemptsMade: 3}, 2 * second},
		{"one of one", 1, 1, []step{up}, Outcome{Healthy: yes, Reason: "up", Successes: 1, AttemptsMade: 1}, 0},
		{"all of three: one failure is enough", 3, 3, []step{down}, Outcome{Healthy: no, Reason: "down", AttemptsMade: 1}, 0},
		{"one of three: three failures", 3, 1, []step{down}, Outcome{Healthy: no, Reason: "down", AttemptsMade: 3}, 2 * second},
		{"silence, two of three", 3, 2, []step{silent},
			Outcome{Healthy: no, Reason: "no answer within 5s", AttemptsMade: 2, LatencyMS: 5000}, 11 * second},
		{"silence, one of three", 3, 1, []step{silent},
			Outcome{Healthy: no, Reason: "no answer within 5s", AttemptsMade: 3, LatencyMS: 5000}, 17 * second},
		{"slow but in time", 1, 1, []step{{4 * second, true}},
			Outcome{Healthy: yes, Reason: "up", Successes: 1, AttemptsMade: 1, LatencyMS: 4000}, 4 * second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				policy := Policy{Timeout: 5 * second, Attempts: tt.attempts, RequiredSuccesses: tt.required, Interval: second}
				start := time.Now()
				got := run(t.Context(), &script{steps: tt.steps}, policy, nil)
				if took := time.Since(start); took != tt.takes {
					t.Errorf("took %s, want %s", took, tt.takes)
				}
				if len(got.Checks) != got.AttemptsMade {
					t.Errorf("%d checks of %d attempts", len(got.Checks), got.AttemptsMade)
				}
				got.Checks = nil
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		})
	}
}

// Whatever the probe and the controls do, it ends within the bound and says what the attempts said.
func TestRun_Bound(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		steps := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) step {
			takes := time.Duration(rapid.SampledFrom([]int{0, 1, 999, 2500, 4999, 5000, 5001, 100000}).Draw(rt, "ms")) * time.Millisecond
			return step{takes, rapid.Bool().Draw(rt, "success")}
		}), 1, 5)
		policy := Policy{
			Timeout:  time.Duration(rapid.IntRange(1, 6000).Draw(rt, "timeout")) * time.Millisecond,
			Attempts: rapid.IntRange(1, 5).Draw(rt, "attempts"),
			Interval: time.Duration(rapid.IntRange(0, 2000).Draw(rt, "interval")) * time.Millisecond,
		}
		policy.RequiredSuccesses = rapid.IntRange(1, policy.Attempts).Draw(rt, "required")
		p := &script{steps: steps.Draw(rt, "probe")}
		var controls []control
		for range rapid.IntRange(0, 3).Draw(rt, "controls") {
			controls = append(controls, controlsOf(&script{steps: steps.Draw(rt, "control")})...)
		}
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			got := run(t.Context(), p, policy, controls)
			if took := time.Since(start); took > policy.Bound() {
				rt.Fatalf("took %s, the bound is %s", took, policy.Bound())
			}
			if got.AttemptsMade > policy.Attempts || int(p.calls.Load()) != got.AttemptsMade {
				rt.Fatalf("%d attempts made, %d counted, %d allowed", p.calls.Load(), got.AttemptsMade, policy.Attempts)
			}
			failures := got.AttemptsMade - got.Successes
			enough := got.Successes >= policy.RequiredSuccesses
			hopeless := policy.Attempts-failures < policy.RequiredSuccesses
			switch {
			case enough == hopeless:
				rt.Fatalf("ended while nothing was certain: %+v", got)
			case got.Healthy == nil && (enough || len(controls) == 0):
				rt.Fatalf("blind: %+v", got)
			case got.Healthy != nil && *got.Healthy != enough:
				rt.Fatalf("healthy = %v: %+v", *got.Healthy, got)
			}
		})
	})
}

func TestRun_Controls(t *testing.T) {
	up, down, silent := step{0, true}, step{0, false}, step{never, true}
	tests := []struct {
		name     string
		policy   Policy
		probe    step
		controls []step
		healthy  *bool
		reason   string
		asked    bool
		takes    time.Duration
	}{
		{"the probe succeeds: nobody asks", Policy{5 * second, 3, 2, second}, up, []step{down}, new(true), "up", false, second},
		{"one control sees", Policy{5 * second, 3, 2, second}, down, []step{silent, down, up}, new(false), "down", true, second},
		{"all fail: blind", Policy{5 * second, 3, 2, second}, down, []step{down, silent}, nil,
			"the runner is blind: every control failed too (control.example: down); the probe: down", true, 6 * second},
		{"the reason is the first in the list, not the first to fail", Policy{5 * second, 3, 2, second}, down, []step{silent, down}, nil,
			"the runner is blind: every control failed too (control.example: no answer within 5s); the probe: down", true, 6 * second},
		{"no controls: not blind", Policy{5 * second, 3, 2, second}, down, nil, new(false), "down", false, second},
		// One silent attempt uses all the time there is; the controls are asked beside it.
		{"silence, one attempt, one control sees", Policy{5 * second, 1, 1, 0}, silent, []step{{2 * second, true}}, new(false),
			"no answer within 5s", true, 5 * second},
		{"silence, one attempt, blind", Policy{5 * second, 1, 1, 0}, silent, []step{silent}, nil,
			"the runner is blind: every control failed too (control.example: no answer within 5s); the probe: no answer within 5s", true, 5 * second},
		{"slow success, one attempt", Policy{5 * second, 1, 1, 0}, step{4 * second, true}, []step{silent}, new(true), "up", true, 4 * second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var controls []control
				var scripts []*script
				for _, s := range tt.controls {
					scripts = append(scripts, &script{steps: []step{s}})
					controls = append(controls, controlsOf(scripts[len(scripts)-1])...)
				}
				start := time.Now()
				got := run(t.Context(), &script{steps: []step{tt.probe}}, tt.policy, controls)
				if took := time.Since(start); took != tt.takes {
					t.Errorf("took %s, want %s", took, tt.takes)
				}
				if diff := cmp.Diff(tt.healthy, got.Healthy); diff != "" || got.Reason != tt.reason {
					t.Errorf("healthy (-want +got):\n%sreason %q, want %q", diff, got.Reason, tt.reason)
				}
				for i, s := range scripts {
					if asked := s.calls.Load() == 1; asked != tt.asked {
						t.Errorf("control %d was asked %d times", i, s.calls.Load())
					}
				}
			})
		})
	}
}

func TestRun_Interrupted(t *testing.T) {
	for name, tt := range map[string]struct{ probe, control step }{
		"in an attempt":                {step{never, true}, step{0, true}},
		"while the controls are asked": {step{0, false}, step{never, true}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 2*second)
				defer cancel()
				start := time.Now()
				probe := &script{steps: []step{tt.probe}}
				got := run(ctx, probe, Policy{5 * second, 3, 2, second}, controlsOf(&script{steps: []step{tt.control}}))
				if took := time.Since(start); took != 2*second {
					t.Errorf("took %s, want 2s", took)
				}
				if got.Healthy != nil || got.Reason != "interrupted before the outcome was certain" {
					t.Errorf("got %+v", got)
				}
			})
		})
	}
}

// The same with real connections, from URL to outcome.
func TestRun_RealFrontAndControls(t *testing.T) {
	var asked atomic.Int32
	answers := func(code int) string {
		return "http://" + serve(t, func(w http.ResponseWriter, _ *http.Request) { asked.Add(1); w.WriteHeader(code) })
	}
	const closed = "http://" + nobody
	policy := Policy{30 * time.Second, 3, 2, 0}
	tests := []struct {
		name     string
		url      string
		controls []string
		healthy  *bool
		reason   string
	}{
		{"up", answers(200), []string{closed}, new(true), "status 200"},
		{"down, a control answers", answers(502), []string{closed, answers(404)}, new(false), "status 502, expected 200-299"},
		{"down, controls refuse and answer 503", answers(502), []string{closed, answers(503)}, nil, "the runner is blind: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			asked.Store(0)
			got := Run(t.Context(), mustHTTP(t, HTTP{URL: tt.url}), policy, tt.controls)
			if diff := cmp.Diff(tt.healthy, got.Healthy); diff != "" || !strings.HasPrefix(got.Reason, tt.reason) {
				t.Errorf("healthy (-want +got):\n%sreason %q, want %q", diff, got.Reason, tt.reason)
			}
			if got.AttemptsMade != 2 {
				t.Errorf("%d attempts, want 2", got.AttemptsMade)
			}
		})
	}
}

func TestPolicy_Validate(t *testing.T) {
	good := Policy{5 * second, 3, 2, second}
	if err := good.Validate(); err != nil {
		t.Errorf("%+v: %v", good, err)
	}
	if got := good.Bound(); got != 17*second {
		t.Errorf("Bound() = %s", got)
	}
	for attribute, p := range map[string]Policy{
		"timeout":            {0, 3, 2, second},
		"attempts":           {second, 0, 0, second},
		"required_successes": {second, 3, 4, second},
		"interval":           {second, 3, 2, -second},
	} {
		e, ok := errors.AsType[*ConfigError](p.Validate())
		if !ok || e.Attribute != attribute {
			t.Errorf("%+v: %v, want a ConfigError on %q", p, p.Validate(), attribute)
		}
	}
}

func TestValidateControls(t *testing.T) {
	if err := ValidateControls([]string{"https://www.example.com", "http://192.0.2.1/x"}); err != nil {
		t.Error(err)
	}
	e, ok := errors.AsType[*ConfigError](ValidateControls([]string{"https://www.example.com", "example.com"}))
	if !ok || e.Attribute != "controls[1]" {
		t.Errorf("got %v", e)
	}
}
