// Command testrun runs `go test` and reports it for people: one line for each package, the whole output of what
// failed, and as its last line the figures:
//
//	1234 passed, 0 failed, 2 skipped
//
// Arguments behind "--" go to `go test`. Before the tests start it makes sure of the CLIs that the acceptance tests need, as
// compiling one takes longer than go test lets a package run. -race is added where there is a C compiler, which the
// race detector needs.
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
	if hasCompiler(ctx) {
		args = append([]string{"-race"}, args...)
	} else {
		fmt.Fprintln(out, "without -race: it needs cgo, and there is no C compiler here")
	}
	tests := exec.CommandContext(ctx, "go", append([]string{"test", "-json"}, args...)...)
	tests.Stderr = os.Stderr
	// An interrupt lets the tests end what they have started; go test passes it on.
	tests.Cancel = func() error { return tests.Process.Signal(os.Interrupt) }
	stream, err := tests.StdoutPipe()
	if err != nil {
		return fmt.Errorf("run go test: %w", err)
	}
	if err := tests.Start(); err != nil {
		return fmt.Errorf("run go test: %w", err)
	}
	report := newReport(out)
	readErr := report.read(stream)
	waitErr := tests.Wait()
	if waitErr != nil && report.failed == 0 {
		report.failed++ // killed, or refused its arguments: no event says so
	}
	line := report.line()
	fmt.Fprintln(out, line)
	if summary != "" {
		if err := writeSummary(summary, line); err != nil {
			return err
		}
	}
	switch {
	case readErr != nil:
		return fmt.Errorf("read go test -json: %w", readErr)
	case waitErr != nil || report.failed > 0:
		return errFailed
	}
	return nil
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
