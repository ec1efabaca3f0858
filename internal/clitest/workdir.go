package clitest

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Workdir is a root module's folder in which one CLI runs with the provider installed. Its methods may not run at the
// same time: the CLI itself locks the state.
type Workdir struct {
	Dir   string            // the root module
	CLI   CLI               // which executable runs
	Env   map[string]string // on top of the stripped environment; may be changed between commands
	Limit time.Duration     // how long one command may take; 0 means 5 minutes
	Weigh bool              // watch the memory of the providers: Result.ProviderPeak
	Brisk bool              // let a command take half the CPU time where no test looks: see briskly
	// Attach lets one provider serve all commands, where nobody can notice: see mayAttach. Whoever sets it calls Detach
	// in the end.
	Attach bool
	Echo   io.Writer // also gets all that commands say, as it comes; nil: nobody does

	config   string        // the CLI configuration file
	grace    time.Duration // 0 means defaultGrace
	binary   string        // of the provider
	provider *attached     // nil until a command needs it
	shown    shown         // what Show gave last

	initialised bool // by Ready
}

// NewWorkdir makes dir ready for cli: a mirror with the provider binary and a CLI configuration that installs from that
// mirror and from nowhere else, both in dir/.clitest. Files that dir already holds stay. The provider is found by
// `init` under the source "multidns/multidns", version 0.1.0.
func NewWorkdir(dir string, cli CLI, providerBinary string, env map[string]string) (*Workdir, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("make workdir: %w", err)
	}
	hidden := filepath.Join(dir, ".clitest")
	mirror := filepath.Join(hidden, "mirror")
	if err := installMirror(mirror, providerBinary); err != nil {
		return nil, fmt.Errorf("make workdir: %w", err)
	}
	var config strings.Builder
	fmt.Fprintf(&config, "provider_installation {\n  filesystem_mirror {\n    path    = %q\n    include = [\n", mirror)
	for _, host := range registryHosts {
		fmt.Fprintf(&config, "      %q,\n", host+"/multidns/multidns")
	}
	config.WriteString("    ]\n  }\n}\n")
	w := &Workdir{
		Dir: dir, CLI: cli, Env: maps.Collect(maps.All(env)), config: filepath.Join(hidden, configName),
		binary: installedIn(mirror, registryHosts[0]),
	}
	if err := os.WriteFile(w.config, []byte(config.String()), 0o600); err != nil {
		return nil, fmt.Errorf("make workdir: %w", err)
	}
	return w, nil
}

// Write puts a file into the folder, replacing what was there.
func (w *Workdir) Write(name, text string) error {
	path := filepath.Join(w.Dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// environ of this folder's commands. GORACE sends the reports of a provider built with -race to files: its standard
// error ends in the CLI's log, which nobody reads.
func (w *Workdir) environ() []string {
	own := []string{
		"GORACE=log_path=" + w.racePath(),
		"XDG_CACHE_HOME=" + filepath.Join(filepath.Dir(w.config), "cache"), // what the provider keeps between runs
	}
	env := append(own, environ(w.config, w.Env)...)
	if w.Brisk && !w.Weigh { // who weighs wants to know what a user's machine needs
		env = append(env, briskly...)
	}
	return env
}

// racePath is what the race detector puts ".PID" behind.
func (w *Workdir) racePath() string { return filepath.Join(filepath.Dir(w.config), "race") }

// takeRaces gives the reports that the command's providers left behind, and removes them.
func (w *Workdir) takeRaces() string {
	var reports strings.Builder
	paths, _ := filepath.Glob(w.racePath() + ".*") // the only error is a malformed pattern
	for _, path := range paths {
		if text, err := os.ReadFile(path); err == nil {
			reports.Write(text)
		}
		_ = os.Remove(path)
	}
	return reports.String()
}
