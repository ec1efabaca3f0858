package clitest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	// defaultLimit ends a command that hangs, so that a test run ends by itself and leaves no process behind: go test
	// would kill the test binary alone.
	defaultLimit = 5 * time.Minute
	// defaultGrace is what a command gets to end by itself after it was interrupted for its context.
	defaultGrace = 15 * time.Second
)

// raceExitCode is what a program built with -race ends with after a report (https://go.dev/doc/articles/race_detector).
const raceExitCode = 66

// Result is a finished command.
type Result struct {
	Args     []string
	ExitCode int // -1 when it was killed by a signal or could not be started, 66 after a data race in the provider
	Stdout   string
	Stderr   string
	Duration time.Duration
	CPU      time.Duration // that the CLI and its providers used together
	Err      error         // why it could not be started or waited for; nil when it ran, whatever its exit code
	// ProviderPeak is the memory, in bytes, that one of its providers held at most, when Workdir.Weigh is set; 0 when
	// it cannot be known (no /proc), or means nothing (a provider built with -race).
	ProviderPeak int64
}

// String is for failure messages: command, exit code and all output.
func (r Result) String() string {
	text := fmt.Sprintf("%s: exit code %d after %s\n", strings.Join(r.Args, " "), r.ExitCode, r.Duration.Round(time.Millisecond))
	if r.Err != nil {
		text += r.Err.Error() + "\n"
	}
	return text + r.Stdout + r.Stderr
}

// Must gives nil when the exit code is one of allowed (0 without any), else an error with all output.
func (r Result) Must(allowed ...int) error {
	if len(allowed) == 0 {
		allowed = []int{0}
	}
	if r.Err == nil && slices.Contains(allowed, r.ExitCode) {
		return nil
	}
	return errors.New(r.String())
}

// Process is a running command. It and the providers that it starts form a process group.
type Process struct {
	workdir  *Workdir
	command  *exec.Cmd
	cancel   context.CancelFunc
	output   [2]bytes.Buffer
	started  time.Time
	finished atomic.Bool
	result   Result
	done     chan struct{}
}

// Run runs the command to its end: args as a user types them, "-no-color" is added. When ctx ends first, or w.Limit is
// over, the command is interrupted like by Ctrl-C, and killed with its providers 15 s later.
func (w *Workdir) Run(ctx context.Context, args ...string) Result {
	return w.Start(ctx, args...).Wait()
}

// Start starts the command and gives a handle to it. An error to start is in the Result of Wait.
func (w *Workdir) Start(ctx context.Context, args ...string) *Process {
	// Both CLIs take it out of any command's arguments, wherever it stands, before they read the others.
	full := append(slices.Clone(args), "-no-color")
	limit, grace := cmp.Or(w.Limit, defaultLimit), cmp.Or(w.grace, defaultGrace)
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("it took longer than %s", limit))
	command := exec.CommandContext(ctx, w.CLI.Path, full...)
	command.Dir, command.Env = w.Dir, w.environ()
	var err error
	if w.mayAttach(args) {
		var variable string
		variable, err = w.reattach(command.Env)
		command.Env = append(slices.Clone(command.Env), variable)
	}
	p := &Process{workdir: w, command: command, cancel: cancel, started: time.Now(), done: make(chan struct{})}
	command.Stdout, command.Stderr = &p.output[0], &p.output[1]
	if w.Echo != nil {
		command.Stdout, command.Stderr = io.MultiWriter(&p.output[0], w.Echo), io.MultiWriter(&p.output[1], w.Echo)
	}
	// A group of its own: a signal to it reaches the providers as a terminal's Ctrl-C does, and the caller does not get
	// it.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return p.Signal(syscall.SIGINT) }
	// A provider that outlives its CLI holds the pipes open; Wait must not wait for it.
	command.WaitDelay = grace
	p.result.Args = append([]string{w.CLI.Name}, full...)
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		p.result.ExitCode, p.result.Err = -1, fmt.Errorf("start %s: %w", w.CLI, err)
		p.finished.Store(true)
		close(p.done)
		cancel()
		return p
	}
	go p.collect(ctx)
	return p
}

// collect waits for the command, and then ends what is left of its group: after kill -9 of a CLI its providers live on.
func (p *Process) collect(ctx context.Context) {
	defer close(p.done)
	defer p.cancel()
	ended, peak := make(chan struct{}), make(chan int64, 1)
	if p.workdir.Weigh && !raceEnabled {
		go func() { peak <- p.weigh(ended) }()
	} else {
		peak <- 0
	}
	err := p.command.Wait()
	close(ended)
	p.result.ProviderPeak = <-peak
	p.finished.Store(true)
	_ = syscall.Kill(-p.command.Process.Pid, syscall.SIGKILL)
	p.result.Duration = time.Since(p.started)
	p.result.ExitCode = p.command.ProcessState.ExitCode()
	p.result.CPU = p.command.ProcessState.UserTime() + p.command.ProcessState.SystemTime()
	p.result.Stdout, p.result.Stderr = p.output[0].String(), p.output[1].String()
	if races := p.workdir.takeRaces(); races != "" {
		p.result.ExitCode, p.result.Err = raceExitCode, errors.New("data race in the provider")
		p.result.Stderr += races
		return
	}
	_, isExit := errors.AsType[*exec.ExitError](err)
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		p.result.Err = fmt.Errorf("run %s: %w", strings.Join(p.result.Args, " "), context.Cause(ctx))
	case err != nil && !isExit && !errors.Is(err, exec.ErrWaitDelay) && !errors.Is(err, context.Canceled):
		p.result.Err = fmt.Errorf("run %s: %w", strings.Join(p.result.Args, " "), err)
	}
}

// Wait waits for the command's end. It may be called more than once.
func (p *Process) Wait() Result {
	<-p.done
	return p.result
}

// Done is closed at the command's end.
func (p *Process) Done() <-chan struct{} { return p.done }

// Signal sends a signal to the CLI and its providers together; SIGINT is one Ctrl-C.
func (p *Process) Signal(signal syscall.Signal) error {
	if p.finished.Load() {
		return nil
	}
	if err := syscall.Kill(-p.command.Process.Pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("signal CLI: %w", err)
	}
	return nil
}

// Kill is kill -9 of the CLI and its providers.
func (p *Process) Kill() error { return p.Signal(syscall.SIGKILL) }

// KillCLI is kill -9 of the CLI alone. Its providers lose their parent; what is left of them ends with Wait.
func (p *Process) KillCLI() error {
	if p.finished.Load() {
		return nil
	}
	return p.command.Process.Kill()
}

// KillProvider is kill -9 of each provider that the CLI has running at this moment, and tells how many there were.
func (p *Process) KillProvider(ctx context.Context) (int, error) {
	if p.finished.Load() {
		return 0, nil
	}
	pids, err := providersOf(ctx, p.command.Process.Pid)
	if err != nil {
		return 0, fmt.Errorf("kill provider: %w", err)
	}
	killed := 0
	for _, pid := range pids {
		if syscall.Kill(pid, syscall.SIGKILL) == nil {
			killed++
		}
	}
	return killed, nil
}
