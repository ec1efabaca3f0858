package clitest

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// script gives a Workdir whose CLI is a shell script.
func script(t *testing.T, text string) *Workdir {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "cli")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text), 0o700); err != nil {
		t.Fatal(err)
	}
	return &Workdir{Dir: dir, config: filepath.Join(dir, configName), CLI: CLI{Name: "terraform", Path: path, Version: "1.0.0"}}
}

// waitFor waits until a file appears: the script has come that far.
func waitFor(t *testing.T, path string) string {
	t.Helper()
	deadline := time.After(time.Minute)
	for {
		if text, err := os.ReadFile(path); err == nil && strings.HasSuffix(string(text), "\n") {
			return strings.TrimSpace(string(text))
		}
		select {
		case <-deadline:
			t.Fatalf("%s never appeared", path)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func TestProcess_ExitCodeAndOutput(t *testing.T) {
	w := script(t, `echo "out $*"; echo err >&2; exit 3`)
	result := w.Run(t.Context(), "plan", "-out=x")
	if result.ExitCode != 3 || result.Stdout != "out plan -out=x -no-color\n" || result.Stderr != "err\n" || result.Err != nil {
		t.Errorf("result %+v", result)
	}
	if err := result.Must(3); err != nil {
		t.Errorf("exit code 3 was allowed: %v", err)
	}
	if err := result.Must(); err == nil || !strings.Contains(err.Error(), "err\n") {
		t.Errorf("Must() = %v, want an error with the output", err)
	}
}

func TestProcess_EchoCopiesOutput(t *testing.T) {
	for text, want := range map[string]Result{`echo out`: {Stdout: "out\n"}, `echo err >&2`: {Stderr: "err\n"}} {
		w := script(t, text)
		var echo strings.Builder
		w.Echo = &echo
		result := w.Run(t.Context(), "version")
		if echo.String() != want.Stdout+want.Stderr || result.Stdout != want.Stdout || result.Stderr != want.Stderr {
			t.Errorf("%s: copied %q, kept %q and %q", text, echo.String(), result.Stdout, result.Stderr)
		}
	}
}

func TestProcess_StartFails(t *testing.T) {
	w := &Workdir{Dir: t.TempDir(), CLI: CLI{Name: "tofu", Path: "/nowhere/tofu", Version: "1"}}
	p := w.Start(t.Context(), "plan")
	result := p.Wait()
	if !errors.Is(result.Err, os.ErrNotExist) || result.ExitCode != -1 || result.Must() == nil {
		t.Errorf("result %+v, want an error that the file is missing", result)
	}
	if err := p.Kill(); err != nil {
		t.Errorf("kill of what never ran: %v", err)
	}
}

func TestProcess_InterruptReachesTheGroup(t *testing.T) {
	// The child stands for a provider: a terminal's Ctrl-C reaches it as well. It is in the foreground because a shell
	// lets background children ignore SIGINT.
	w := script(t, `trap 'exit 7' INT
sh -c 'trap "echo seen > child; exit 0" INT; echo > ready; while :; do sleep 0.01; done'
while :; do sleep 0.01; done`)
	p := w.Start(t.Context(), "apply")
	waitFor(t, filepath.Join(w.Dir, "ready"))
	if err := p.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if result := p.Wait(); result.ExitCode != 7 {
		t.Errorf("want the exit code of the CLI's trap: %s", result)
	}
	if _, err := os.Stat(filepath.Join(w.Dir, "child")); err != nil {
		t.Errorf("the signal did not reach the child: %v", err)
	}
}

func TestProcess_WaitEndsWhatIsLeft(t *testing.T) {
	w := script(t, `sleep 600 & echo $! > pid; wait`)
	w.grace = 100 * time.Millisecond // the child holds the output open for that long
	p := w.Start(t.Context(), "apply")
	pid := waitFor(t, filepath.Join(w.Dir, "pid"))
	if err := p.KillCLI(); err != nil {
		t.Fatal(err)
	}
	result := p.Wait()
	if result.ExitCode != -1 {
		t.Errorf("exit code %d, want -1 for a killed process", result.ExitCode)
	}
	waitGone(t, pid)
}

// waitGone waits until the process ended or is a zombie that init has not collected yet.
func waitGone(t *testing.T, pid string) {
	t.Helper()
	deadline := time.After(time.Minute)
	for {
		state, err := exec.CommandContext(t.Context(), "sh", "-c",
			"kill -0 "+pid+" 2>/dev/null && grep -s '^State' /proc/"+pid+"/status || true").Output()
		if err == nil && (len(state) == 0 || strings.Contains(string(state), "Z")) {
			return
		}
		select {
		case <-deadline:
			t.Fatalf("process %s is still there", pid)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func TestProcess_ContextInterrupts(t *testing.T) {
	w := script(t, `trap 'exit 5' INT; echo > ready; while :; do sleep 0.01; done`)
	ctx, cancel := context.WithCancel(t.Context())
	p := w.Start(ctx, "apply")
	waitFor(t, filepath.Join(w.Dir, "ready"))
	cancel()
	if result := p.Wait(); result.ExitCode != 5 || result.Err != nil {
		t.Errorf("want the exit code of the trap and no error: %s", result)
	}
}

func TestProcess_RaceInProviderIsAnError(t *testing.T) {
	w := script(t, `echo "WARNING: DATA RACE" > "${GORACE#log_path=}.4711"`)
	result := w.Run(t.Context(), "apply")
	if result.ExitCode != raceExitCode || result.Must() == nil || !strings.Contains(result.Stderr, "DATA RACE") {
		t.Errorf("want an error with the report: %s", result)
	}
	w.CLI.Path = script(t, `exit 0`).CLI.Path
	if err := w.Run(t.Context(), "plan").Must(); err != nil {
		t.Errorf("the report of one command fails the next: %v", err)
	}
}

func TestProcess_EndsAfterItsLimit(t *testing.T) {
	w := script(t, `trap '' INT; echo > ready; sleep 600 & wait`)
	w.Limit = 300 * time.Millisecond
	w.grace = 100 * time.Millisecond
	result := w.Run(t.Context(), "apply")
	if result.ExitCode != -1 || result.Err == nil || !strings.Contains(result.Err.Error(), "300ms") {
		t.Errorf("want an error that names the limit: %s", result)
	}
	if result.Must(-1) == nil {
		t.Error("Must accepts a command that was cut short")
	}
}

func TestProcess_KillProviderLeavesTheCLI(t *testing.T) {
	w := script(t, `./terraform-provider-multidns_v0.1.0 600 & child=$!; echo > ready; wait $child; exit $?`)
	sleep, err := exec.LookPath("sleep")
	if err != nil {
		t.Fatal(err)
	}
	if err := linkOrCopy(sleep, filepath.Join(w.Dir, "terraform-provider-multidns_v0.1.0")); err != nil {
		t.Fatal(err)
	}
	p := w.Start(t.Context(), "apply")
	waitFor(t, filepath.Join(w.Dir, "ready"))
	for killed := 0; killed == 0; {
		// The shell may have forked and not yet executed.
		if killed, err = p.KillProvider(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if result := p.Wait(); result.ExitCode != 128+int(syscall.SIGKILL) {
		t.Errorf("want the exit code of a killed child: %s", result)
	}
}
