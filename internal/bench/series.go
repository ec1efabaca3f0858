package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// kind is a way to declare n RRsets. The variable v is the value of all, w that of the first.
type kind struct {
	name string
	hcl  string
	// writes is the budget of requests that change c RRsets, p at once.
	writes func(operator string, c, p int) int
}

var kinds = []kind{
	{"multidns_record", `
resource "multidns_record" "r" {
  count  = var.n
  zone   = "example.com"
  name   = "r${count.index}"
  type   = "A"
  values = [count.index == 0 ? var.w : var.v]
}
`, func(_ string, c, p int) int { return ceil(c, p) }},
	{"multidns_zone_records", `
resource "multidns_zone_records" "z" {
  zone    = "example.com"
  records = { for i in range(var.n) : "r${i}/A" => { values = [i == 0 ? var.w : var.v] } }
}
`, func(operator string, c, _ int) int {
		if operator == "cloudflare" {
			return ceil(c, 200)
		}
		return ceil(c, 500)
	}},
}

func ceil(a, b int) int { return (a + b - 1) / b }

const (
	requestTimeout = 10 * time.Second
	// longest is what one command may take: 1000 RRsets at deSEC, ten in each write, can take more than the hour in
	// which it allows 100.
	longest = 2 * time.Hour
)

var head = clitest.Required + fmt.Sprintf(`
provider "multidns" {
  request_timeout = %q
  max_wait        = %q
}
variable "n" { type = number }
variable "v" { default = "192.0.2.1" }
variable "w" { default = "192.0.2.1" }
`, requestTimeout, longest)

// series is one life of n RRsets.
type series struct {
	cli      clitest.CLI
	binary   string
	kind     kind
	n        int
	parallel int // the CLI's -parallelism
	limits   bool

	box  *sandbox.Sandbox
	work *clitest.Workdir
	days atomic.Int64 // that the services' clock is ahead
	peak int64        // memory of a provider, in bytes
}

func (s *series) run(ctx context.Context) error {
	var err error
	s.box, err = sandbox.Start(ctx, sandbox.Options{Latency: latency, Limits: s.limits, CloudflarePlan: "pro", Now: s.now})
	if err != nil {
		return err
	}
	defer s.box.Close()
	if s.work, err = newWork(ctx, s.cli, s.binary, s.box, s.n, head+s.kind.hcl); err != nil {
		return err
	}
	s.work.Weigh = true
	return s.life(ctx)
}

// newWork makes an initialised folder with a configuration of n RRsets, beside the binary.
func newWork(ctx context.Context, cli clitest.CLI, binary string, box *sandbox.Sandbox, n int, hcl string) (*clitest.Workdir, error) {
	environment := box.Environment()
	environment["TF_VAR_n"] = strconv.Itoa(n)
	dir, err := os.MkdirTemp(filepath.Dir(binary), "work-")
	if err != nil {
		return nil, err
	}
	work, err := clitest.NewWorkdir(dir, cli, binary, environment)
	if err != nil {
		return nil, err
	}
	work.Limit = longest
	if err := work.Write("main.tf", hcl); err != nil {
		return nil, err
	}
	return work, work.Init(ctx).Must()
}

// now is the services' clock. Each operation has a day of its own, so that it finds no limit used up by the one before.
func (s *series) now() time.Time { return time.Now().AddDate(0, 0, int(s.days.Load())) }

// step is one operation and its budget.
type step struct {
	name    string
	changed int            // RRsets
	fault   sandbox.Kind   // of Cloudflare
	reads   map[string]int // their budget, by operator
	do      func() clitest.Result
}

// life goes through the operations in their order.
func (s *series) life(ctx context.Context) error {
	same := []string{fmt.Sprintf("-parallelism=%d", s.parallel)}
	one, all := append(same[:1:1], "-var=w=192.0.2.2"), append(same[:1:1], "-var=v=192.0.2.3", "-var=w=192.0.2.3")
	plan := func() clitest.Result { return s.work.Plan(ctx, same...) }
	pages := ceil(s.n+1, 500) // the apex NS RRset is one more
	// Once the zone and a list; in an apply twice, for it has a plan before it.
	quiet := map[string]int{"cloudflare": 2, "desec": pages}
	twice := map[string]int{"cloudflare": 4, "desec": 2 * pages}
	steps := []step{
		// The zone is empty, so one page, which is asked for once more another way; deSEC's minimum TTL must be known.
		{"create", s.n, "", map[string]int{"cloudflare": 5, "desec": 4}, func() clitest.Result { return s.work.Apply(ctx, same...) }},
		{"plan, no change", 0, "", quiet, plan},
		{"plan, Cloudflare answers 503", 0, sandbox.Unavailable, map[string]int{"cloudflare": 4, "desec": pages}, plan},
		{"plan, Cloudflare is silent", 0, sandbox.Blackhole, map[string]int{"cloudflare": 1, "desec": pages}, plan},
		{"change one", 1, "", twice, func() clitest.Result { return s.work.Apply(ctx, one...) }},
		{"change all", s.n, "", twice, func() clitest.Result { return s.work.Apply(ctx, all...) }},
		{"destroy", s.n, "", twice, func() clitest.Result { return s.work.Destroy(ctx, all...) }},
	}
	for _, step := range steps {
		if step.fault != "" {
			s.box.Cloudflare.Faults.Set(sandbox.Fault{Kind: step.fault})
		}
		for _, site := range s.box.Sites() {
			site.Log.Reset()
		}
		s.days.Add(1)
		result := step.do()
		s.box.Cloudflare.Faults.Clear()
		if err := result.Must(0, 2); err != nil {
			return err
		}
		s.peak = max(s.peak, result.ProviderPeak)
		s.print(step, result)
	}
	return nil
}
