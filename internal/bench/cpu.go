package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// cpuLimit is how many times more of the processor a quiet plan of a map of RRsets may use than one of the same map
// that is only kept.
const cpuLimit = 3

// kept is the map of kinds[1], kept by the CLI itself.
const kept = `
variable "n" { type = number }
resource "terraform_data" "z" {
  input = { for i in range(var.n) : "r${i}/A" => { values = ["192.0.2.1"] } }
}
`

// compareCPU prints what a quiet plan of n RRsets costs beside a plan of a map that nobody serves, CLI and provider
// together.
func compareCPU(ctx context.Context, cli clitest.CLI, binary string, n int) error {
	box, err := sandbox.Start(ctx, sandbox.Options{CloudflarePlan: "pro"})
	if err != nil {
		return err
	}
	defer box.Close()
	var times [2][]time.Duration
	plans := [2]func() clitest.Result{}
	for i, hcl := range []string{head + kinds[1].hcl, kept} {
		work, err := newWork(ctx, cli, binary, box, n, hcl)
		if err != nil {
			return err
		}
		if err := work.Apply(ctx).Must(); err != nil {
			return err
		}
		plans[i] = func() clitest.Result { return work.Plan(ctx) }
	}
	for range 5 { // in turn, so that both meet the same machine
		for i, plan := range plans {
			result := plan()
			if err := result.Must(); err != nil {
				return err
			}
			times[i] = append(times[i], result.CPU)
		}
	}
	slices.Sort(times[0])
	slices.Sort(times[1])
	ours, theirs := times[0][2].Seconds(), times[1][2].Seconds()
	fmt.Printf("\nCPU of a quiet plan of %d RRsets, median of 5: multidns_zone_records %.2f s, terraform_data %.2f s: %.1f times, at most %d\n",
		n, ours, theirs, ours/theirs, cpuLimit)
	return nil
}
