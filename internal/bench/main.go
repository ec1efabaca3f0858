// Command bench measures what the provider costs: requests to each operator, wall time and memory, for many records,
// through a real CLI against the sandbox; and the weight of the binary. Each figure has its budget beside it. Budgets
// of requests are asserted in the tests, times are only printed.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
)

func main() {
	var o options
	sizes := flag.String("n", "10,100,1000", "numbers of RRsets, separated by commas")
	limits := flag.String("limits", "off,on", "request limits of the services: off, on, or both")
	flag.DurationVar(&o.latency, "latency", 50*time.Millisecond, "time that each API request takes")
	flag.IntVar(&o.parallelism, "parallelism", 0, "of the CLI; 0: its own 10, or a tenth of N if that is more")
	flag.BoolVar(&o.build, "build", false, "also build from an empty cache, to see its memory: minutes")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := o.parse(*sizes, *limits)
	if err == nil {
		err = o.run(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type options struct {
	sizes       []int
	limits      []bool
	latency     time.Duration
	parallelism int
	build       bool
}

func (o *options) parse(sizes, limits string) error {
	for text := range strings.SplitSeq(sizes, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || n < 1 {
			return errors.New("-n takes whole numbers above 0, separated by commas")
		}
		o.sizes = append(o.sizes, n)
	}
	for text := range strings.SplitSeq(limits, ",") {
		switch strings.TrimSpace(text) {
		case "off":
			o.limits = append(o.limits, false)
		case "on":
			o.limits = append(o.limits, true)
		default:
			return errors.New(`-limits takes "off", "on" or "off,on"`)
		}
	}
	return nil
}

// parallel is how many resources the CLI handles at once. deSEC takes 15 writes a minute and 100 an hour for a domain,
// so that with 10 at once, which leave in one write, 1000 resources take seven minutes at best, whatever the provider
// does.
func (o *options) parallel(n int) int {
	return cmp.Or(o.parallelism, max(10, n/10))
}

func (o *options) run(ctx context.Context) error {
	cli, err := clitest.FindAny(ctx)
	if err != nil {
		return err
	}
	root, err := clitest.RepoRoot()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "multidns-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	binary, size, err := buildStripped(ctx, root, dir)
	if err != nil {
		return err
	}
	fmt.Printf("%s, latency %s\n%s\n", cli, o.latency, legend)
	printHead()
	var peaks []peak
	for _, limited := range o.limits {
		for _, n := range o.sizes {
			for _, kind := range kinds {
				s := series{cli: cli, binary: binary, kind: kind, n: n, parallel: o.parallel(n), latency: o.latency, limits: limited}
				if err := s.run(ctx); err != nil {
					return err
				}
				peaks = append(peaks, peak{kind.name, n, s.peak})
			}
		}
	}
	if err := compareCPU(ctx, cli, binary, slices.Max(o.sizes)); err != nil {
		return err
	}
	return weigh(ctx, root, binary, size, peaks, o.build)
}
