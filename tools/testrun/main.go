// Command testrun runs `go test` under gotestsum, which reports it for people: one line for each package, and the whole
// output of what failed. The last line holds the figures:
//
//	1234 passed, 0 failed, 2 skipped
//
// Arguments behind "--" go to `go test`. Before the tests start it makes sure of the CLIs that the acceptance tests
// need, as compiling one takes longer than go test lets a package run.
//
// The race detector is on where there is a C compiler, which it needs, but for the packages that it cannot say anything
// of (withoutRace). MULTIDNS_RACE=all turns it on for them too.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
)

func main() {
	summary := flag.String("summary", "", "also write the last line to this `file`")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Stdout, flag.Args(), *summary); err != nil {
		stop()
		if !errors.Is(err, errFailed) {
			fmt.Fprintln(os.Stderr, "testrun:", err)
		}
		os.Exit(1)
	}
}

// errFailed says that tests ran and failed; the report has told which.
var errFailed = errors.New("tests failed")

func run(ctx context.Context, out io.Writer, args []string, summary string) error {
	clis, err := clitest.Find(ctx)
	if err != nil {
		return err
	}
	for _, cli := range clis {
		fmt.Fprintf(out, "with %s (%s)\n", cli, cli.Path)
	}
	passes, err := plan(ctx, out, args)
	if err != nil {
		return err
	}
	total, failure := testAll(ctx, &lines{out: out}, passes)
	line := total.String()
	fmt.Fprintln(out, line)
	if summary != "" {
		if err := writeSummary(summary, line); err != nil {
			return err
		}
	}
	return failure
}

// testAll makes the calls of `go test` side by side.
func testAll(ctx context.Context, out io.Writer, passes [][]string) (total counts, failure error) {
	results, failures := make([]counts, len(passes)), make([]error, len(passes))
	var all sync.WaitGroup
	for i, pass := range passes {
		all.Go(func() { results[i], failures[i] = test(ctx, out, pass) })
	}
	all.Wait()
	for _, c := range results {
		total = total.plus(c)
	}
	return total, errors.Join(failures...)
}

func writeSummary(path, line string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return fmt.Errorf("write summary: %w", err)
	}
	if err := os.WriteFile(path, []byte(line+"\n"), 0o600); err != nil {
		return fmt.Errorf("write summary: %w", err)
	}
	return nil
}

// hasCompiler asks the go command, which knows CC and CGO_ENABLED, and then PATH.
func hasCompiler(ctx context.Context) bool {
	output, err := exec.CommandContext(ctx, "go", "env", "CGO_ENABLED", "CC").Output()
	if err != nil {
		return false
	}
	enabled, compiler, _ := strings.Cut(strings.TrimSpace(string(output)), "\n")
	words := strings.Fields(compiler)
	if enabled != "1" || len(words) == 0 {
		return false
	}
	_, err = exec.LookPath(words[0])
	return err == nil
}
