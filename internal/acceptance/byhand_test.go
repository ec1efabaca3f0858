package acceptance

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// TestAccByHand_Script runs the script that examples/failover writes for the day on which no CLI can run: it moves the
// router at both operators, and at the one that is left when the other does not answer.
func TestAccByHand_Script(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("there is no curl here, and the script is made of it")
	}
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		for _, e := range findExamples(t) {
			if e.name == "failover" {
				s.applyExample(e)
			}
		}
		script := s.work.Run(t.Context(), "output", "-raw", "by_hand")
		if err := script.Must(); err != nil {
			t.Fatal(err)
		}
		s.write("by-hand.sh", script.Stdout)
		if out, ok := s.byHand("nowhere"); ok || !strings.Contains(out, "usage: sh by-hand.sh bunny-front|cf-front") {
			t.Errorf("an unknown front is taken:\n%s", out)
		}
		if out, ok := s.byHand("bunny-front"); !ok {
			t.Fatalf("the script failed:\n%s", out)
		}
		s.points("cloudflare", "bunny-front.example.net.", 60)
		s.points("desec", "bunny-front.example.net.", 3600)

		s.box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.HTML500})
		out, ok := s.byHand("cf-front")
		if ok || !strings.Contains(out, "cloudflare: not moved") || !strings.Contains(out, "desec: web-router.example.com points to cf-front") {
			t.Errorf("with Cloudflare out the script ends well (%v) and says:\n%s", ok, out)
		}
		s.points("cloudflare", "bunny-front.example.net.", 60)
		s.points("desec", "cf-front.example.net.", 3600)

		// Terraform can run again: it sees what was done and mends it.
		s.box.Cloudflare.Faults.Clear()
		s.plan(2)
		s.apply(0)
		s.settledValues()
	})
}

func (s *stage) settledValues() {
	s.t.Helper()
	s.plan(0)
	s.sameValues()
}

// byHand runs the script and tells what it printed and whether it ended well.
func (s *stage) byHand(front string) (string, bool) {
	command := exec.CommandContext(s.t.Context(), "sh", "by-hand.sh", front)
	command.Dir = s.work.Dir
	command.Env = os.Environ()
	for name, value := range s.work.Env {
		command.Env = append(command.Env, name+"="+value)
	}
	output, err := command.CombinedOutput()
	return string(output), err == nil
}

// points expects the router at an operator.
func (s *stage) points(operator, target string, ttl int) {
	s.t.Helper()
	for _, r := range s.box.Site(operator).Stored(s.box.Zone) {
		if r.Name == "web-router.example.com." && r.Type == "CNAME" {
			if len(r.Values) != 1 || r.Values[0] != target || int(r.TTL) != ttl {
				s.t.Fatalf("%s holds %v, want %s with TTL %d", operator, r, target, ttl)
			}
			return
		}
	}
	s.t.Fatalf("%s holds no router", operator)
}
