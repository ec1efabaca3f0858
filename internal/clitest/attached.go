package clitest

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

// attached is a provider that serves all commands of a folder, as one that waits for a debugger does. A CLI starts two
// or three providers of its own in each command, which is half of what a command costs.
type attached struct {
	command  *exec.Cmd
	lifeline io.Closer // what holds it ends with it
	environ  []string
	// reattach is what the CLIs take for TF_REATTACH_PROVIDERS.
	reattach string
}

// attachTimeout is what a provider gets to say where it listens.
const attachTimeout = time.Minute

// untilLifelineEnds runs the provider as long as its own standard input is open: a test binary that is killed leaves no
// provider behind.
const untilLifelineEnds = `"$0" -debug & read -r _; kill -9 $!; wait`

// attach starts a provider with that environment.
func attach(binary, dir string, environ []string) (*attached, error) {
	a := &attached{command: exec.CommandContext(context.Background(), "sh", "-c", untilLifelineEnds, binary), environ: environ}
	a.command.Dir, a.command.Env = dir, environ
	a.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a Ctrl-C is for the CLI
	lifeline, err := a.command.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("attach provider: %w", err)
	}
	a.lifeline = lifeline
	output, err := a.command.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("attach provider: %w", err)
	}
	if err := a.command.Start(); err != nil {
		return nil, fmt.Errorf("attach provider: %w", err)
	}
	said := make(chan string, 1)
	go func() {
		defer close(said)
		lines := bufio.NewScanner(output)
		for lines.Scan() {
			if _, address, found := strings.Cut(lines.Text(), "TF_REATTACH_PROVIDERS='"); found {
				said <- strings.TrimSuffix(strings.TrimSpace(address), "'")
			}
		}
	}()
	select {
	case address := <-said:
		a.reattach, err = underAllHosts(address)
	case <-time.After(attachTimeout):
		err = errors.New("it does not say where it listens")
	}
	if err != nil {
		a.end()
		return nil, fmt.Errorf("attach provider: %w", err)
	}
	return a, nil
}

// underAllHosts gives the provider under each name that a CLI may have for it.
func underAllHosts(address string) (string, error) {
	var said map[string]json.RawMessage
	if err := json.Unmarshal([]byte(address), &said); err != nil || len(said) != 1 {
		return "", fmt.Errorf("it says %q of where it listens", address)
	}
	all := map[string]json.RawMessage{}
	for _, where := range said {
		for _, host := range registryHosts {
			all[host+"/multidns/multidns"] = where
		}
	}
	text, err := json.Marshal(all)
	return string(text), err
}

func (a *attached) end() {
	_ = a.lifeline.Close()
	_ = a.command.Wait()
}

// ofInstallation are the commands that install providers, or lock what is installed.
var ofInstallation = []string{"init", "providers"}

// mayAttach reports whether one provider may serve the folder's commands and nobody notices: its memory is not weighed,
// its log does not belong into the CLI's, and the configuration has no second one of it, which would be configured over
// the first. What installs providers is not told of one.
func (w *Workdir) mayAttach(args []string) bool {
	installs := func(arg string) bool { return slices.Contains(ofInstallation, arg) }
	if !w.Attach || w.Weigh || slices.ContainsFunc(args, installs) {
		return false
	}
	for name := range w.Env {
		if strings.HasPrefix(name, "TF_") {
			return false
		}
	}
	return w.count(providerBlock) < 2
}

// Ready runs `init`, once, if the folder's commands work only after it: it finds them the provider, modules and a
// backend. It costs as much as a plan.
func (w *Workdir) Ready(ctx context.Context) error {
	if w.initialised || w.mayAttach(nil) && w.count(initialisedBlock) == 0 {
		return nil
	}
	if err := w.Init(ctx).Must(); err != nil {
		return err
	}
	w.initialised = true
	return nil
}

// reattach is the variable with which a CLI finds the provider that serves the folder, started anew when the
// environment is another one by now.
func (w *Workdir) reattach(environ []string) (string, error) {
	if w.provider != nil && !slices.Equal(w.provider.environ, environ) {
		w.Detach()
	}
	if w.provider == nil {
		started, err := attach(w.binary, w.Dir, environ)
		if err != nil {
			return "", err
		}
		w.provider = started
	}
	return "TF_REATTACH_PROVIDERS=" + w.provider.reattach, nil
}

// Detach ends the provider that serves the folder, if there is one.
func (w *Workdir) Detach() {
	if w.provider != nil {
		w.provider.end()
		w.provider = nil
	}
}

// providerBlock begins a configuration of the provider, initialisedBlock what `init` prepares.
var (
	providerBlock    = regexp.MustCompile(`(?m)^\s*provider\s+"multidns"`)
	initialisedBlock = regexp.MustCompile(`(?m)^\s*(module|backend)\s+"`)
)

// count is how many such blocks the root module has.
func (w *Workdir) count(block *regexp.Regexp) (blocks int) {
	files, _ := filepath.Glob(filepath.Join(w.Dir, "*.tf")) // the only error is a malformed pattern
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil {
			blocks += len(block.FindAll(text, -1))
		}
	}
	return blocks
}
