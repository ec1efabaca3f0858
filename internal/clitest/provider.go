package clitest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/multidns/terraform-provider-multidns/tools/toolchain"
)

// Version is the provider version that the mirror offers.
const Version = "0.1.0"

// Required is the block by which `init` installs the provider.
const Required = `terraform {
  required_providers {
    multidns = { source = "multidns/multidns" }
  }
}
`

const binaryName = "terraform-provider-multidns"

// BuildProvider compiles the provider from the repository that the working directory lies in, and gives the path of the
// binary, which a later build of other source may replace: install it at once (NewWorkdir does). Called from a test
// binary built with -race it builds the provider with -race as well; a data race in it makes the command's Result an
// error.
func BuildProvider(ctx context.Context) (string, error) {
	repoRoot, err := toolchain.Root()
	if err != nil {
		return "", err
	}
	args := []string{"build", "-trimpath", "-buildvcs=false"}
	variant := "plain"
	if raceEnabled {
		variant = "race"
		args = append(args, "-race")
	}
	if err := watchSources(ctx, repoRoot); err != nil {
		return "", fmt.Errorf("build provider: %w", err)
	}
	dir := filepath.Join(repoRoot, ".cache", "provider", variant)
	unlock, err := toolchain.Lock(ctx, dir+".lock")
	if err != nil {
		return "", fmt.Errorf("build provider: %w", err)
	}
	defer unlock()
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return "", fmt.Errorf("build provider: %w", err)
	}
	target := filepath.Join(dir, binaryName)
	// The go command looks at the build ID in target and leaves an up-to-date binary alone: no link step then.
	command := exec.CommandContext(ctx, "go", append(args, "-o", target, ".")...)
	command.Dir = repoRoot
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	if err := command.Run(); err != nil {
		return "", fmt.Errorf("build provider: %w\n%s", err, output.Bytes())
	}
	return target, nil
}

// watchSources looks at every folder that the provider is compiled from. `go test` takes a result from its cache while
// the files are unchanged that the test looked at; those that the compiler reads on the test's behalf it does not know,
// and would answer "(cached)" for a provider that is another one by now (go help test).
func watchSources(ctx context.Context, repoRoot string) error {
	command := exec.CommandContext(ctx, "go", "list", "-deps", "-f", "{{with .Module}}{{if .Main}}{{$.Dir}}{{end}}{{end}}", ".")
	command.Dir = repoRoot
	folders, err := command.Output()
	if err != nil {
		return fmt.Errorf("list packages: %w", err)
	}
	for folder := range strings.Lines(string(folders)) {
		if folder = strings.TrimSpace(folder); folder == "" {
			continue
		}
		if _, err := os.ReadDir(folder); err != nil {
			return err
		}
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		if _, err := os.Stat(filepath.Join(repoRoot, name)); err != nil {
			return err
		}
	}
	return nil
}

// registryHosts are the host names that `source = "multidns/multidns"` means: one CLI's default each.
var registryHosts = []string{"registry.terraform.io", "registry.opentofu.org"}

// installMirror lays out a filesystem mirror below dir that offers the binary under both registries' host names, in the
// unpacked layout (https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror).
func installMirror(dir, binary string) error {
	for _, host := range registryHosts {
		installed := installedIn(dir, host)
		if err := os.MkdirAll(filepath.Dir(installed), 0o750); err != nil {
			return fmt.Errorf("install provider: %w", err)
		}
		if err := linkOrCopy(binary, installed); err != nil {
			return fmt.Errorf("install provider: %w", err)
		}
		binary = installed // where the first was a copy, the second is a link to it
	}
	return nil
}

// installedIn is where the mirror has the binary for a registry's host.
func installedIn(dir, host string) string {
	platform := runtime.GOOS + "_" + runtime.GOARCH
	return filepath.Join(dir, host, "multidns", "multidns", Version, platform, binaryName+"_v"+Version)
}

// linkOrCopy makes a hard link, which keeps this very binary when a later build replaces it, or a copy where the two
// folders are on different file systems.
func linkOrCopy(from, to string) error {
	if err := os.Remove(to); err != nil && !os.IsNotExist(err) {
		return err
	}
	if os.Link(from, to) == nil {
		return nil
	}
	binary, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, binary, 0o700) //nolint:gosec // an executable
}
