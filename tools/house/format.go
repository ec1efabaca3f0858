package main

import (
	"bytes"
	"context"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
)

// formatAll formats every Go file as gofmt does and every example as the pinned OpenTofu does. With check it changes
// nothing and fails when something is not formatted.
func formatAll(ctx context.Context, root string, check bool) error {
	unformatted, err := formatGo(root, check)
	if err != nil {
		return err
	}
	hcl, err := formatHCL(ctx, root, check)
	if err != nil {
		return err
	}
	unformatted = append(unformatted, hcl...)
	for _, path := range unformatted {
		fmt.Println(path)
	}
	if check && len(unformatted) > 0 {
		return fmt.Errorf("%d files are not formatted: run make fmt", len(unformatted))
	}
	return nil
}

// formatGo works in this process: gofmt is not on every PATH that has go.
func formatGo(root string, check bool) (unformatted []string, err error) {
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != root && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir // .git, .cache, .terraform
		case entry.IsDir() || filepath.Ext(path) != ".go":
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		formatted, err := format.Source(text)
		if err != nil {
			return fmt.Errorf("format %s: %w", path, err)
		}
		if bytes.Equal(text, formatted) {
			return nil
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		unformatted = append(unformatted, relative)
		if check {
			return nil
		}
		return os.WriteFile(path, formatted, 0o600) // keeps the file's own mode
	})
	return unformatted, err
}

func formatHCL(ctx context.Context, root string, check bool) ([]string, error) {
	if _, err := os.Stat(filepath.Join(root, examplesDir)); os.IsNotExist(err) {
		return nil, nil
	}
	cli, err := clitest.Pinned(ctx)
	if err != nil {
		return nil, err
	}
	args := []string{"fmt", "-recursive", "-list=true"}
	if check {
		args = append(args, "-check")
	}
	command := exec.CommandContext(ctx, cli.Path, append(args, examplesDir)...)
	command.Dir = root
	command.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+os.DevNull)
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	err = command.Run()
	unformatted := strings.Fields(stdout.String())
	if err != nil && len(unformatted) == 0 {
		return nil, fmt.Errorf("format examples: %w\n%s", err, stderr.Bytes())
	}
	return unformatted, nil
}
