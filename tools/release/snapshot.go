package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"go.yaml.in/yaml/v3"

	"github.com/multidns/terraform-provider-multidns/tools/toolchain"
)

const (
	projectName = "terraform-provider-multidns"
	// snapshotDir is where .goreleaser.yml has goreleaser put everything.
	snapshotDir = "dist/release"
)

// configuration is what the checks need of .goreleaser.yml.
type configuration struct {
	ProjectName string `yaml:"project_name"`
	Dist        string `yaml:"dist"`
	Builds      []struct {
		Env     []string `yaml:"env"`
		Flags   []string `yaml:"flags"`
		LDFlags []string `yaml:"ldflags"`
		Targets []target `yaml:"targets"`
	} `yaml:"builds"`
}

func readConfiguration(root string) (configuration, error) {
	var c configuration
	text, err := os.ReadFile(filepath.Join(root, ".goreleaser.yml"))
	if err != nil {
		return c, err
	}
	if err := yaml.Unmarshal(text, &c); err != nil {
		return c, fmt.Errorf("read .goreleaser.yml: %w", err)
	}
	if len(c.Builds) != 1 || c.ProjectName != projectName || c.Dist != snapshotDir {
		return c, fmt.Errorf("read .goreleaser.yml: want one build of %s into %s", projectName, snapshotDir)
	}
	return c, nil
}

// snapshot makes a release without a signature from the working tree at tree.
func snapshot(ctx context.Context, tree, version string) error {
	goreleaser, err := toolchain.Binary(ctx, "goreleaser")
	if err != nil {
		return err
	}
	cyclonedx, err := toolchain.Binary(ctx, "cyclonedx")
	if err != nil {
		return err
	}
	command := exec.CommandContext(ctx, goreleaser, "release", "--snapshot", "--clean", "--skip=sign")
	command.Dir = tree
	path := filepath.Dir(cyclonedx) + string(filepath.ListSeparator) + os.Getenv("PATH")
	command.Env = append(os.Environ(), "VERSION="+version, "PATH="+path, "GOFLAGS=", "GOWORK=off")
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	if err := command.Run(); err != nil {
		return fmt.Errorf("goreleaser: %w\n%s", err, output.Bytes())
	}
	return nil
}
