package acceptance

import (
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// A schedule that applies every two minutes fits into the 2000 requests that deSEC gives an account a day, with room
// for a second such schedule; it writes when the router moves and at no other time. Each run is a provider of its own,
// which remembers nothing of the one before, so that two hours tell what a day costs; MULTIDNS_FULL_MATRIX=1 plays all
// of it.
func TestDay_FitsIntoDesecsAccount(t *testing.T) {
	t.Parallel()
	const daily = 24 * 60 / 2
	quiet := daily / 12
	if os.Getenv("MULTIDNS_FULL_MATRIX") != "" {
		quiet = daily
	}
	// Nearly all of a run is short-lived garbage of the framework.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	for _, play := range []struct {
		name      string
		runs      int // after the one that creates all
		most      int // requests to deSEC
		incidents func(*sandbox.Front) map[int]func()
		switches  []string
		wrote     []int // runs with a write, at each operator
		changed   []int // runs that change the state
	}{
		{name: "quiet", runs: quiet, most: 800 * quiet / daily},
		{
			name: "a front fails and comes back", runs: 60, most: 60 + 3*2,
			incidents: func(front *sandbox.Front) map[int]func() {
				return map[int]func(){20: func() { front.SetHealthy(false) }, 40: func() { front.SetHealthy(true) }}
			},
			switches: []string{"run 20: bunny", "run 45: cloudflare"}, // failback waits for 10 minutes
			wrote:    []int{20, 45},
			changed:  []int{20, 40, 45}, // in run 40 the waiting begins
		},
	} {
		t.Run(play.name, func(t *testing.T) {
			p := newSchedule(t)
			d := &day{s: p.s, active: "cloudflare"}
			if play.incidents != nil {
				d.incidents = play.incidents(p.s.box.Front("cf-front"))
			}
			var changed []int
			d.play(1, play.runs, func(n int) {
				if diff := p.apply(n); diff != "" {
					changed = append(changed, n)
					if !slices.Contains(play.changed, n) {
						t.Fatalf("run %d changed the state (-before +after):\n%s", n, diff)
					}
				}
			})
			if diff := cmp.Diff(play.changed, changed); diff != "" {
				t.Errorf("runs that change the state (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(play.switches, d.switches); diff != "" {
				t.Errorf("switches (-want +got):\n%s", diff)
			}
			for _, operator := range bothOperators {
				if diff := cmp.Diff(play.wrote, d.wrote[operator]); diff != "" {
					t.Errorf("runs of each write at %s (-want +got):\n%s", operator, diff)
				}
				t.Logf("%s: %d requests in %d runs", operator, d.asked[operator], play.runs)
			}
			if got := d.asked["desec"]; got < play.runs || got > play.most {
				t.Errorf("deSEC was asked %d times in %d runs, want at least once in each and at most %d times", got, play.runs, play.most)
			}
		})
	}
}

// schedule applies one configuration again and again.
type schedule struct {
	s       *stage
	run     driven
	config  protocol.Config
	started time.Time
	// passed is how far the clock of both services is ahead of the machine's: their limits are on, and know nothing but
	// this clock.
	passed atomic.Int64
	state  map[string]string
}

// newSchedule has made its first run, which creates everything.
func newSchedule(t *testing.T) *schedule {
	t.Helper()
	p := &schedule{started: time.Now()}
	p.s = newBareStage(t, sandbox.Options{Limits: true, Now: func() time.Time { return time.Now().Add(time.Duration(p.passed.Load())) }})
	p.run, p.config = newDriven(p.s.t, p.s.box, patientTimeout), dayConfig(p.s.box)
	p.apply(0)
	return p
}

// apply is run n, two minutes after the one before, and tells how it changed the state.
func (p *schedule) apply(n int) (diff string) {
	p.s.t.Helper()
	passed := time.Duration(n) * 2 * time.Minute
	p.passed.Store(int64(passed))
	p.config.Resources[webRouter].Args["evaluated_at"] = p.started.Add(passed).UTC().Format(time.RFC3339)
	p.run.must(p.s.t, p.config, 0)
	before := p.state
	p.state = map[string]string{}
	for address, instance := range p.run.project.State {
		p.state[address] = instance.Stored()
	}
	return cmp.Diff(before, p.state)
}

// dayConfig is 20 RRsets, and a router whose targets are probed.
func dayConfig(box *sandbox.Sandbox) protocol.Config {
	c := protocol.Config{Resources: map[string]protocol.Resource{}, Data: map[string]protocol.Resource{}}
	kinds := []struct{ typ, value string }{
		{"A", "192.0.2.1"},
		{"AAAA", "2001:db8::1"},
		{"CNAME", "web-router.example.com"},
		{"MX", "10 mail.example.net."},
		{"TXT", "v=spf1 -all"},
	}
	for i := range 20 {
		kind := kinds[i%len(kinds)]
		c.Resources[fmt.Sprintf("multidns_record.r%d", i)] = protocol.Resource{Type: "multidns_record", Args: map[string]any{
			"zone": sandbox.Zone, "name": fmt.Sprintf("r%d", i), "type": kind.typ, "values": []string{kind.value},
		}}
	}
	var targets []any
	for i, name := range []string{"cloudflare", "bunny"} {
		probe := "data.multidns_health." + name
		c.Data[probe] = protocol.Resource{Type: "multidns_health", Args: map[string]any{
			"http": map[string]any{"url": box.Fronts[i].URL}, "attempts": 1, "required_successes": 1, "timeout": patientTimeout,
		}}
		targets = append(targets, map[string]any{
			"name": name, "values": []string{name + "-front.example.net"}, "healthy": protocol.Ref{Data: probe, Attribute: "healthy"},
		})
	}
	c.Resources[webRouter] = protocol.Resource{Type: "multidns_router", Args: map[string]any{
		"zone": sandbox.Zone, "name": "web-router", "desec": map[string]any{"ttl": 3600}, "targets": targets,
		"failback": map[string]any{"delay": "10m"}, "max_health_age": "1000000h",
	}}
	return c
}
