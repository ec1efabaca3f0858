package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
)

// What the binary may weigh, in bytes, and how long it may take to start.
const (
	binaryLimit = 30e6
	peakLimit   = 150e6 // of an apply of 1000 RRsets
	buildLimit  = 2e9
	startLimit  = 150 * time.Millisecond
)

// peak is the memory that the provider held at most for n RRsets.
type peak struct {
	kind  string
	n     int
	bytes int64
}

const weightRow = "%-52s %10s %10s\n"

func weigh(ctx context.Context, root, binary string, size int64, peaks []peak, build bool) error {
	fmt.Println()
	fmt.Printf(weightRow, "weight", "measured", "limit")
	printWeight("MB, binary, stripped", size, binaryLimit)
	var times []time.Duration
	for range 15 {
		took, err := startTime(ctx, binary)
		if err != nil {
			return err
		}
		times = append(times, took)
	}
	slices.Sort(times)
	ms := func(d time.Duration) string { return fmt.Sprint(d.Milliseconds()) }
	fmt.Printf(weightRow, "ms, start and schema, median of 15", ms(times[7]), ms(startLimit))
	fmt.Printf(weightRow, "ms, start and schema, fastest of 15", ms(times[0]), ms(startLimit))
	largest := map[string]peak{}
	for _, p := range peaks {
		if was := largest[p.kind]; p.n > was.n || p.n == was.n && p.bytes > was.bytes {
			largest[p.kind] = p
		}
	}
	for _, kind := range kinds {
		p := largest[kind.name]
		printWeight(fmt.Sprintf("MB, memory for %d RRsets as %s", p.n, p.kind), p.bytes, peakLimit)
	}
	if !build {
		fmt.Printf(weightRow, "MB, memory to build from an empty cache", "see -build", megabytes(buildLimit))
		return nil
	}
	most, took, err := buildMemory(ctx, root, filepath.Dir(binary))
	if err != nil {
		return err
	}
	printWeight(fmt.Sprintf("MB, memory to build from an empty cache, %s", took.Round(time.Second)), most, buildLimit)
	return nil
}

func printWeight(what string, bytes, limit int64) {
	measured := megabytes(bytes)
	if bytes > limit {
		measured = "!" + measured
	}
	fmt.Printf(weightRow, what, measured, megabytes(limit))
}

// buildStripped compiles the provider as a release is, and gives its path and size.
func buildStripped(ctx context.Context, root, dir string) (binary string, size int64, err error) {
	binary = filepath.Join(dir, "terraform-provider-multidns")
	if output, err := buildCommand(ctx, root, binary).CombinedOutput(); err != nil {
		return "", 0, fmt.Errorf("build provider: %w\n%s", err, output)
	}
	info, err := os.Stat(binary)
	if err != nil {
		return "", 0, err
	}
	return binary, info.Size(), nil
}

func buildCommand(ctx context.Context, root, binary string) *exec.Cmd {
	command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", binary, ".")
	command.Dir = root
	return command
}

// buildMemory builds with an empty cache and gives the most that the go command, its compilers and its linker held
// together: their resident memory, added up every 100 ms.
func buildMemory(ctx context.Context, root, dir string) (most int64, took time.Duration, err error) {
	command := buildCommand(ctx, root, filepath.Join(dir, "anew"))
	command.Env = append(os.Environ(), "GOCACHE="+filepath.Join(dir, "cache"))
	var output bytes.Buffer
	command.Stderr = &output
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGINT) }
	started := time.Now()
	if err := command.Start(); err != nil {
		return 0, 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case err := <-ended:
			if err != nil {
				return 0, 0, fmt.Errorf("build: %w\n%s", err, output.Bytes())
			}
			return most, time.Since(started), nil
		case <-ticker.C:
			most = max(most, clitest.TreeMemory(command.Process.Pid))
		}
	}
}
