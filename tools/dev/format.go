package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/tools/toolchain"
)

// formatAll formats every Go file as gofmt does and every example as the pinned OpenTofu does. With check it changes
// nothing and fails when something is not formatted.
func formatAll(ctx context.Context, root string, check bool) error {
	return errors.Join(formatGo(ctx, root, check), formatHCL(ctx, root, check))
}

// formatGo leaves the work to golangci-lint: gofmt is not on every PATH that has go.
func formatGo(ctx context.Context, root string, check bool) error {
	linter, err := toolchain.Binary(ctx, "lint")
	if err != nil {
		return err
	}
	args := []string{"fmt"}
	if check {
		args = append(args, "--diff")
	}
	command := exec.CommandContext(ctx, linter, args...)
	command.Dir = root
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	if err := command.Run(); err != nil {
		return fmt.Errorf("Go files are not formatted, run make fmt: %w", err)
	}
	return nil
}

func formatHCL(ctx context.Context, root string, check bool) error {
	cli, err := clitest.Pinned(ctx)
	if err != nil {
		return err
	}
	args := []string{"fmt", "-recursive"}
	if check {
		args = append(args, "-check")
	}
	command := exec.CommandContext(ctx, cli.Path, append(args, examplesDir)...)
	command.Dir = root
	command.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+os.DevNull)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	if err := command.Run(); err != nil {
		return fmt.Errorf("examples are not formatted, run make fmt: %w", err)
	}
	return nil
}
