package clitest

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// weighEvery is how often the processes are looked at.
const weighEvery = 100 * time.Millisecond

// weigh gives the most memory, in bytes, that one of the command's providers held. The kernel remembers a process's
// peak while it lives (VmHWM, proc_pid_status(5)), so that no more is missed than growth in its last moments.
func (p *Process) weigh(ended <-chan struct{}) int64 {
	var peak int64
	ticker := time.NewTicker(weighEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ended:
			return peak
		case <-ticker.C:
			for _, pid := range providersBelow(p.command.Process.Pid) {
				peak = max(peak, memoryOf(pid, "VmHWM"))
			}
		}
	}
}

// TreeMemory gives the resident memory, in bytes, of a process and all that it started, together; pages that they share
// count for each. It is 0 where there is no /proc.
func TreeMemory(pid int) int64 {
	sum := memoryOf(pid, "VmRSS")
	for _, child := range childrenOf(pid) {
		sum += TreeMemory(child)
	}
	return sum
}

// childrenOf lists the processes that a process started and that live. A look at all processes of the machine instead
// would cost more than what is measured.
func childrenOf(pid int) []int {
	lists, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		return nil
	}
	var children []int
	for _, path := range lists {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // the thread ended meanwhile
		}
		for word := range strings.FieldsSeq(string(text)) {
			if child, err := strconv.Atoi(word); err == nil {
				children = append(children, child)
			}
		}
	}
	return children
}

// memoryOf reads one line of a process's status, in bytes; 0 when the process is gone.
func memoryOf(pid int, field string) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if words := strings.Fields(line); len(words) == 3 && words[0] == field+":" && words[2] == "kB" {
			kilobytes, err := strconv.ParseInt(words[1], 10, 64)
			if err != nil {
				return 0
			}
			return kilobytes << 10
		}
	}
	return 0
}
