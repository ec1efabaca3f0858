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

// providersOf lists the providers that a CLI has started: from /proc where there is one, as ps is missing in many
// containers, else from ps.
func providersOf(ctx context.Context, cli int) ([]int, error) {
	if _, err := os.Stat("/proc/self/stat"); err == nil {
		return providersBelow(cli), nil
	}
	output, err := exec.CommandContext(ctx, "ps", "-A", "-o", "pid=,pgid=,command=").Output()
	if err != nil {
		return nil, fmt.Errorf("list processes: %w", err)
	}
	var pids []int
	for line := range strings.Lines(string(output)) {
		fields := strings.Fields(line)
		if len(fields) < 3 || fields[1] != strconv.Itoa(cli) || !isProvider(fields[2]) {
			continue
		}
		if pid, err := strconv.Atoi(fields[0]); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids, nil
}

// providersBelow looks at what the CLI has started, and a wrapper around it.
func providersBelow(cli int) (pids []int) {
	for _, pid := range childrenOf(cli) {
		line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		if name, _, _ := strings.Cut(string(line), "\x00"); err == nil && isProvider(name) {
			pids = append(pids, pid)
		} else {
			pids = append(pids, providersBelow(pid)...)
		}
	}
	return pids
}

func isProvider(executable string) bool {
	return strings.HasPrefix(filepath.Base(executable), binaryName)
}
