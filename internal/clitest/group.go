package clitest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// providersOf lists the processes of a group that run this provider. From /proc where there is one, as ps is missing in
// many containers, else from ps.
func providersOf(ctx context.Context, group int) ([]int, error) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil || len(stats) == 0 {
		return providersFromPS(ctx, group)
	}
	var pids []int
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it ended meanwhile
		}
		// "pid (name) state ppid pgrp ...": the name may hold blanks and parentheses, so cut behind its last one
		// (proc_pid_stat(5)).
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		if len(fields) < 3 || fields[2] != strconv.Itoa(group) {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if err != nil {
			continue
		}
		line, err := os.ReadFile(filepath.Join(filepath.Dir(path), "cmdline"))
		if name, _, _ := strings.Cut(string(line), "\x00"); err == nil && isProvider(name) {
			pids = append(pids, pid)
		}
	}
	return pids, nil
}

func providersFromPS(ctx context.Context, group int) ([]int, error) {
	output, err := exec.CommandContext(ctx, "ps", "-A", "-o", "pid=,pgid=,command=").Output()
	if err != nil {
		return nil, fmt.Errorf("list processes: %w", err)
	}
	var pids []int
	for line := range strings.Lines(string(output)) {
		fields := strings.Fields(line)
		if len(fields) < 3 || fields[1] != strconv.Itoa(group) || !isProvider(fields[2]) {
			continue
		}
		if pid, err := strconv.Atoi(fields[0]); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids, nil
}

func isProvider(executable string) bool {
	return strings.HasPrefix(filepath.Base(executable), binaryName)
}
