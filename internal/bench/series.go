package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// kind is a way to declare n RRsets. The variable v is the value of all, w
// that of the first.
type kind struct {
	name string
	hcl  string
	// writes is the budget of requests that change c of n RRsets.
	writes func(operator string, c int) int
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
`, func(_ string, c int) int { return ceil(c, 10) }},
	{"multidns_zone_records", `
resource "multidns_zone_records" "z" {
  zone    = "example.com"
  records = { for i in range(var.n) : "r${i}/A" => { values = [i == 0 ? var.w : var.v] } }
}
`, func(operator string, c int) int {
		if operator == "cloudflare" {
			return ceil(c, 200)
		}
		return ceil(c, 500)
	}},
}

func ceil(a, b int) int { return (a + b - 1) / b }

const head = `
terraform {
  required_providers {
    multidns = { source = "multidns/multidns" }
  }
}
provider "multidns" {
  request_timeout = "10s"
  max_wait        = "10m"
}
variable "n" { type = number }
variable "v" { default = "192.0.2.1" }
variable "w" { default = "192.0.2.1" }
`

// series is one life of n RRsets.
type series struct {
	cli     clitest.CLI
	binary  string
	kind    kind
	n       int
	latency time.Duration
	limits  bool

	box  *sandbox.Sandbox
	work *clitest.Workdir
}

func (s *series) run(ctx context.Context) error {
	var err error
	s.box, err = sandbox.Start(ctx, sandbox.Options{Latency: s.latency, Limits: s.limits, CloudflarePlan: "pro"})
	if err != nil {
		return err
	}
	defer s.box.Close()
	dir, err := os.MkdirTemp("", "multidns-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	s.work, err = clitest.NewWorkdir(dir, s.cli, s.binary, map[string]string{
		"CLOUDFLARE_API_TOKEN": s.box.Cloudflare.Token, "CLOUDFLARE_BASE_URL": s.box.Cloudflare.BaseURL,
		"DESEC_API_TOKEN": s.box.Desec.Token, "DESEC_BASE_URL": s.box.Desec.BaseURL,
		"TF_VAR_n": fmt.Sprint(s.n),
	})
	if err != nil {
		return err
	}
	if err := s.work.Write("main.tf", head+s.kind.hcl); err != nil {
		return err
	}
	if err := s.work.Init(ctx).Must(); err != nil {
		return err
	}
	return s.life(ctx)
}

// life goes through the operations in their order.
func (s *series) life(ctx context.Context) error {
	one, all := []string{"-var", "w=192.0.2.2"}, []string{"-var", "v=192.0.2.3", "-var", "w=192.0.2.3"}
	pages := ceil(s.n+1, 500)
	steps := []struct {
		name    string
		changed int // RRsets, for the budget of writes
		reads   int // for the budget at deSEC of a plan; 0: none is set
		out     bool
		do      func() clitest.Result
	}{
		{"create", s.n, 0, false, func() clitest.Result { return s.work.Apply(ctx) }},
		{"plan, no change", 0, pages, false, func() clitest.Result { return s.work.Plan(ctx) }},
		{"plan, Cloudflare black-holed", 0, pages, true, func() clitest.Result { return s.work.Plan(ctx) }},
		{"change one", 1, 0, false, func() clitest.Result { return s.work.Apply(ctx, one...) }},
		{"change all", s.n, 0, false, func() clitest.Result { return s.work.Apply(ctx, all...) }},
		{"destroy", s.n, 0, false, func() clitest.Result { return s.work.Destroy(ctx, all...) }},
	}
	for _, step := range steps {
		if step.out {
			s.box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.Blackhole})
		}
		s.forget()
		result := step.do()
		s.box.Cloudflare.Faults.Clear()
		if err := result.Must(0, 2); err != nil {
			return err
		}
		s.print(step.name, step.changed, step.reads, result.Duration)
	}
	return nil
}

func (s *series) forget() {
	for _, site := range s.box.Sites() {
		site.Log.Reset()
	}
}
