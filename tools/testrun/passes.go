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

	"github.com/multidns/terraform-provider-multidns/tools/toolchain"
)

// withoutRace are the packages, by the end of their import path, to which the race detector has nothing to say: those
// that drive real CLIs, as it makes each of hundreds of provider processes several times slower, those that have no
// goroutine, in the product or in a test, the tools, which begin none but to run a command, and the comparison with
// unbound, whose walker is raced where it is.
var withoutRace = []string{
	"/internal/acceptance", "/internal/demo", "/internal/clitest", "/internal/bench",
	"/internal/replica/core", "/internal/rrset", "/internal/router", "/internal/zonefile", "/internal/zonecheck",
	"/internal/dnssec", "/internal/dependency", "/internal/dependency/proof", "/internal/sandbox/desec/rdata",
	"/tools/release", "/tools/dev", "/tools/testrun", "/tools/toolchain", "/design",
}

// plan cuts the run into the calls of `go test` that it takes, to be made side by side: what drives a CLI waits most of
// its time, and what does not computes.
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
	raced, plain, err := packages(ctx, patterns)
	if err != nil {
		return nil, err
	}
	if os.Getenv("MULTIDNS_RACE") == "all" {
		raced, plain = slices.Concat(raced, plain), nil
	}
	var passes [][]string
	if len(plain) > 0 {
		passes = append(passes, slices.Concat(atOnce(10), flags, plain))
	}
	if len(raced) > 0 {
		passes = append(passes, slices.Concat(race, atOnce(0), flags, raced))
	}
	return passes, nil
}

// atOnce lets more tests of a package run at once than there are cores, for time-outs that are waited for, and so many
// more where most of the time is waited.
func atOnce(waiting int) []string {
	return []string{"-parallel", strconv.Itoa(3*runtime.GOMAXPROCS(0) + waiting)}
}

// packages lists what the patterns match: what is for the race detector, and what is not.
func packages(ctx context.Context, patterns []string) (raced, plain []string, err error) {
	list := exec.CommandContext(ctx, "go", append([]string{"list"}, patterns...)...)
	list.Stderr = os.Stderr
	text, err := list.Output()
	if err != nil {
		return nil, nil, fmt.Errorf("list packages: %w", err)
	}
	for _, pkg := range strings.Fields(string(text)) {
		if slices.ContainsFunc(withoutRace, func(end string) bool { return strings.HasSuffix(pkg, end) }) {
			plain = append(plain, pkg)
		} else {
			raced = append(raced, pkg)
		}
	}
	return raced, plain, nil
}

// test runs `go test` once and counts what became of its tests.
func test(ctx context.Context, out io.Writer, args []string) (total counts, err error) {
	gotestsum, err := toolchain.Binary(ctx, "gotestsum")
	if err != nil {
		return total, err
	}
	dir, err := os.MkdirTemp("", "testrun-")
	if err != nil {
		return total, fmt.Errorf("run go test: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	events := filepath.Join(dir, "events")
	tests := exec.CommandContext(ctx, gotestsum, slices.Concat([]string{
		"--format", "pkgname-and-test-fails", "--format-hide-empty-pkg", "--format-icons", "text",
		"--jsonfile-timing-events", events, "--",
	}, args)...)
	tests.Stdout, tests.Stderr = out, os.Stderr
	// Without TF_ACC terraform-plugin-testing skips its tests. There is memory to spare: what is compiled and tested
	// collects its garbage less often, unless the caller has set GOGC.
	tests.Env = append([]string{"GOGC=400"}, append(os.Environ(), "TF_ACC=1")...)
	// An interrupt lets the tests end what they have started; gotestsum and go test pass it on.
	tests.Cancel = func() error { return tests.Process.Signal(os.Interrupt) }
	runErr := tests.Run()
	if err := total.add(events); err != nil {
		return total, errors.Join(runErr, err)
	}
	if runErr != nil && total.failed == 0 {
		total.failed++ // killed, or refused its arguments: no event says so
	}
	if total.failed > 0 {
		return total, errFailed
	}
	return total, nil
}
