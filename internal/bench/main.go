// Command bench measures what the provider costs: requests to each operator, wall time and memory, for many records,
// through a real CLI against the sandbox; and the weight of the binary. Each figure has its budget beside it. Budgets
// of requests are asserted in the tests, times are only printed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/tools/toolchain"
)

func main() {
	sizes := flag.String("n", "10,100,1000", "numbers of RRsets, separated by commas")
	build := flag.Bool("build", false, "also build from an empty cache, to see its memory: minutes")
	flag.Parse()
	toolchain.Main("bench", func(ctx context.Context) error { return run(ctx, *sizes, *build) })
}

// latency is how long each API request takes.
const latency = 50 * time.Millisecond

func numbers(text string) (all []int, err error) {
	for word := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(word))
		if err != nil || n < 1 {
			return nil, errors.New("-n takes whole numbers above 0, separated by commas")
		}
		all = append(all, n)
	}
	return all, nil
}

// parallel is how many resources the CLI handles at once. deSEC takes 15 writes a minute and 100 an hour for a domain,
// so that with 10 at once, which leave in one write, 1000 resources take seven minutes at best, whatever the provider
// does.
func parallel(n int) int { return max(10, n/10) }

func run(ctx context.Context, text string, build bool) error {
	sizes, err := numbers(text)
	if err != nil {
		return err
	}
	cli, err := clitest.FindAny(ctx)
	if err != nil {
		return err
	}
	root, err := toolchain.Root()
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
	fmt.Printf("%s, latency %s\n%s\n", cli, latency, legend)
	printHead()
	var peaks []peak
	for _, limited := range []bool{false, true} {
		for _, n := range sizes {
			for _, kind := range kinds {
				s := series{cli: cli, binary: binary, kind: kind, n: n, parallel: parallel(n), limits: limited}
				if err := s.run(ctx); err != nil {
					return err
				}
				peaks = append(peaks, peak{kind.name, n, s.peak})
			}
		}
	}
	if err := compareCPU(ctx, cli, binary, slices.Max(sizes)); err != nil {
		return err
	}
	return weigh(ctx, root, binary, size, peaks, build)
}
