package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/multidns/terraform-provider-multidns/tools/pinned"
)

// withCLI are the packages that drive real CLIs, by the end of their import path.
var withCLI = []string{"/internal/acceptance", "/internal/demo", "/internal/clitest"}

// plan cuts the run into the calls of `go test` that it takes: one for the packages that drive CLIs, one for the others.
func plan(ctx context.Context, out io.Writer, args []string) ([][]string, error) {
	var race []string
	if hasCompiler(ctx) {
		race = []string{"-race"}
	} else {
		fmt.Fprintln(out, "without -race: it needs cgo, and there is no C compiler here")
	}
	first := slices.IndexFunc(args, func(arg string) bool { return strings.HasPrefix(arg, ".") })
	if first < 0 {
		return [][]string{slices.Concat(race, args)}, nil
	}
	flags, patterns := args[:first], args[first:]
	units, driven, err := packages(ctx, patterns)
	if err != nil {
		return nil, err
	}
	var passes [][]string
	if len(units) > 0 {
		passes = append(passes, slices.Concat(race, flags, units))
	}
	if len(driven) > 0 {
		// What drives a CLI waits two thirds of its time, for time-outs above all.
		busy := []string{"-parallel", strconv.Itoa(2 * runtime.GOMAXPROCS(0))}
		if os.Getenv("MULTIDNS_RACE") != "all" {
			race = nil
		}
		passes = append(passes, slices.Concat(race, busy, flags, driven))
	}
	return passes, nil
}

// packages lists what the patterns match.
func packages(ctx context.Context, patterns []string) (units, driven []string, err error) {
	list := exec.CommandContext(ctx, "go", append([]string{"list"}, patterns...)...)
	list.Stderr = os.Stderr
	text, err := list.Output()
	if err != nil {
		return nil, nil, fmt.Errorf("list packages: %w", err)
	}
	for _, pkg := range strings.Fields(string(text)) {
		if slices.ContainsFunc(withCLI, func(end string) bool { return strings.HasSuffix(pkg, end) }) {
			driven = append(driven, pkg)
		} else {
			units = append(units, pkg)
		}
	}
	return units, driven, nil
}

// test runs `go test` once and adds what became of its tests to the total.
func test(ctx context.Context, out io.Writer, total *counts, args []string) error {
	root, err := pinned.Root()
	if err != nil {
		return err
	}
	gotestsum, err := pinned.Binary(ctx, root, "gotestsum", os.Stderr)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "testrun-")
	if err != nil {
		return fmt.Errorf("run go test: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	events := filepath.Join(dir, "events")
	tests := exec.CommandContext(ctx, gotestsum, slices.Concat([]string{
		"--format", "pkgname-and-test-fails", "--format-hide-empty-pkg", "--format-icons", "text",
		"--jsonfile-timing-events", events, "--",
	}, args)...)
	tests.Stdout, tests.Stderr = out, os.Stderr
	// Without it terraform-plugin-testing skips its tests.
	tests.Env = append(os.Environ(), "TF_ACC=1")
	// An interrupt lets the tests end what they have started; gotestsum and go test pass it on.
	tests.Cancel = func() error { return tests.Process.Signal(os.Interrupt) }
	failedBefore := total.failed
	runErr := tests.Run()
	if err := total.add(events); err != nil {
		return errors.Join(runErr, err)
	}
	if runErr != nil && total.failed == failedBefore {
		total.failed++ // killed, or refused its arguments: no event says so
	}
	if runErr != nil || total.failed > failedBefore {
		return errFailed
	}
	return nil
}
