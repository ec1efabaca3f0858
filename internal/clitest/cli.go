package clitest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/multidns/terraform-provider-multidns/tools/toolchain"
)

// Names of the two CLIs, as CLI.Name and MULTIDNS_CLIS have them.
const (
	Terraform = "terraform"
	OpenTofu  = "tofu"
)

// CLI is a Terraform or OpenTofu executable.
type CLI struct {
	Name    string // Terraform or OpenTofu
	Path    string // absolute
	Version string // as it says itself, such as "1.12.6" or "1.17.0-dev"
}

func (c CLI) String() string { return c.Name + " " + c.Version }

// AtLeast reports whether the CLI's version is major.minor or newer. Terraform and OpenTofu count differently from
// 1.6 on, so look at Name first.
func (c CLI) AtLeast(major, minor int) bool {
	return semver.Compare(semver.MajorMinor("v"+c.Version), fmt.Sprintf("v%d.%d", major, minor)) >= 0
}

// HasIdentity reports whether the CLI knows resource identity: Terraform from 1.12 on, OpenTofu from 1.12 on. Older
// ones call an import block with identity a configuration error (design/facts/terraform-behaviour.md section 8).
func (c CLI) HasIdentity() bool { return c.AtLeast(1, 12) }

// HasQuery reports whether the CLI knows `query`: Terraform from 1.14 on, and no OpenTofu so far.
func (c CLI) HasQuery() bool { return c.Name == Terraform && c.AtLeast(1, 14) }

// Find gives every CLI that tests run with: terraform and tofu from PATH, and the OpenTofu pinned in tools/tofu where
// PATH has none, compiled when the cache does not hold it.
//
// TF_ACC_TERRAFORM_PATH, the variable of terraform-plugin-testing, names one executable to use and no other.
// MULTIDNS_CLIS ("terraform", "tofu" or "terraform,tofu") says which must be there; by default OpenTofu must, and
// Terraform may. An error tells how to get what is missing.
func Find(ctx context.Context) ([]CLI, error) { return find(ctx, 2) }

// FindAny gives the first of them, so that OpenTofu is compiled only where there is no other.
func FindAny(ctx context.Context) (CLI, error) {
	found, err := find(ctx, 1)
	if err != nil {
		return CLI{}, err
	}
	return found[0], nil
}

func find(ctx context.Context, enough int) (found []CLI, err error) {
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		cli, err := identify(ctx, path)
		return []CLI{cli}, err
	}
	wanted, err := wantedCLIs()
	if err != nil {
		return nil, err
	}
	if wanted == nil || slices.Contains(wanted, Terraform) {
		cli, err := onPath(ctx, Terraform)
		switch {
		case err == nil:
			found = append(found, cli)
		case wanted != nil || !errors.Is(err, exec.ErrNotFound):
			return nil, fmt.Errorf("find terraform: %w; install it from https://developer.hashicorp.com/terraform/install or set MULTIDNS_CLIS=tofu", err)
		}
	}
	if len(found) < enough && (wanted == nil || slices.Contains(wanted, OpenTofu)) {
		cli, err := onPath(ctx, OpenTofu)
		if errors.Is(err, exec.ErrNotFound) {
			cli, err = Pinned(ctx)
		}
		if err != nil {
			return nil, fmt.Errorf("find tofu: %w; install it from https://opentofu.org/docs/intro/install/ or set MULTIDNS_CLIS=terraform to do without", err)
		}
		found = append(found, cli)
	}
	return found, nil
}

// wantedCLIs reads MULTIDNS_CLIS; nil means that it is not set.
func wantedCLIs() ([]string, error) {
	text := os.Getenv("MULTIDNS_CLIS")
	if text == "" {
		return nil, nil
	}
	names := strings.Split(text, ",")
	for _, name := range names {
		if name != Terraform && name != OpenTofu {
			return nil, fmt.Errorf("find CLIs: MULTIDNS_CLIS=%s: %q is neither %s nor %s", text, name, Terraform, OpenTofu)
		}
	}
	return names, nil
}

func onPath(ctx context.Context, name string) (CLI, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return CLI{}, err
	}
	return identify(ctx, path)
}

// Pinned gives the OpenTofu that tools/tofu names, compiled when the cache does not hold it: for output that must not
// depend on what a machine has installed.
func Pinned(ctx context.Context) (CLI, error) {
	path, err := toolchain.Binary(ctx, "tofu")
	if err != nil {
		return CLI{}, err
	}
	return identify(ctx, path)
}

// versionLine is the first line of `version` for people. Its JSON form is no help: OpenTofu names itself
// terraform_version there.
var versionLine = regexp.MustCompile(`(?m)^(Terraform|OpenTofu) v(\S+)`)

// identify asks the executable what it is. A wrapper named terraform that runs OpenTofu is OpenTofu.
func identify(ctx context.Context, path string) (CLI, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return CLI{}, fmt.Errorf("identify CLI: %w", err)
	}
	command := exec.CommandContext(ctx, path, "version")
	command.Dir, command.Env = os.TempDir(), environ(os.DevNull, nil) // neither settings nor a configuration of the caller's
	output, err := command.CombinedOutput()
	if err != nil {
		return CLI{}, fmt.Errorf("identify CLI: %s version: %w\n%s", path, err, output)
	}
	match := versionLine.FindStringSubmatch(string(output))
	if match == nil {
		return CLI{}, fmt.Errorf("identify CLI: %s version answered %q, which is neither Terraform nor OpenTofu", path, output)
	}
	cli := CLI{Name: Terraform, Path: path, Version: match[2]}
	if match[1] == "OpenTofu" {
		cli.Name = OpenTofu
	}
	return cli, nil
}
