// Command bench measures what the provider costs: requests to each operator
// and wall time, for many records, through a real CLI against the sandbox. It
// prints one table; the budgets beside it are asserted in the tests.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
)

func main() {
	sizes := flag.String("n", "10,100,1000", "numbers of RRsets, separated by commas")
	latency := flag.Duration("latency", 50*time.Millisecond, "time that each API request takes")
	limits := flag.String("limits", "off,on", "request limits of the services: off, on, or both")
	most := flag.Int("limited-most", 100, "largest number of RRsets for multidns_record with limits on: 1000 take seven minutes")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *sizes, *latency, *limits, *most); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, sizes string, latency time.Duration, limits string, most int) error {
	cli, err := clitest.FindAny(ctx)
	if err != nil {
		return err
	}
	root, err := clitest.RepoRoot()
	if err != nil {
		return err
	}
	binary, err := clitest.BuildProvider(ctx, root)
	if err != nil {
		return err
	}
	fmt.Printf("%s, latency %s, -parallelism=10\n\n", cli, latency)
	printHead()
	for _, limit := range strings.Split(limits, ",") {
		for _, text := range strings.Split(sizes, ",") {
			n, err := strconv.Atoi(strings.TrimSpace(text))
			if err != nil || n < 1 {
				return errors.New("-n takes whole numbers above 0, separated by commas")
			}
			for _, kind := range kinds {
				if limit == "on" && kind.name == "multidns_record" && n > most {
					continue
				}
				s := series{cli: cli, binary: binary, kind: kind, n: n, latency: latency, limits: limit == "on"}
				if err := s.run(ctx); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
