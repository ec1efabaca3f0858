package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/tools/toolchain"
)

const docsDir = "docs"

// docs generates docs/, or with check generates it elsewhere and fails when it differs from what is committed.
func docs(ctx context.Context, root string, check bool) error {
	temporary, err := os.MkdirTemp("", "multidns-docs-")
	if err != nil {
		return fmt.Errorf("generate docs: %w", err)
	}
	defer func() { _ = os.RemoveAll(temporary) }()
	schema, err := writeSchema(ctx, temporary)
	if err != nil {
		return fmt.Errorf("generate docs: %w", err)
	}
	target := filepath.Join(root, docsDir)
	if check {
		target = filepath.Join(temporary, docsDir)
		// tfplugindocs leaves pages alone that it does not generate; what differs must be only what it does.
		if err := os.Mkdir(target, 0o750); err != nil {
			return fmt.Errorf("generate docs: %w", err)
		}
	}
	relative, err := filepath.Rel(root, target) // the tool joins it to the provider's folder
	if err != nil {
		return fmt.Errorf("generate docs: %w", err)
	}
	if err := plugindocs(ctx, root, "generate", "--rendered-website-dir", relative, "--providers-schema", schema); err != nil {
		return fmt.Errorf("generate docs: %w", err)
	}
	if !check {
		return nil
	}
	if err := plugindocs(ctx, root, "validate", "--providers-schema", schema); err != nil {
		return fmt.Errorf("validate docs: %w", err)
	}
	return compareDocs(ctx, filepath.Join(root, docsDir), target)
}

func plugindocs(ctx context.Context, root string, args ...string) error {
	binary, err := toolchain.Binary(ctx, "docs")
	if err != nil {
		return err
	}
	command := exec.CommandContext(ctx, binary, append(args, "--provider-dir", root, "--provider-name", providerName)...)
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	if err := command.Run(); err != nil {
		return fmt.Errorf("tfplugindocs %s: %w\n%s", args[0], err, output.Bytes())
	}
	return nil
}

const providerName = "multidns"

// writeSchema asks the provider for its schema, by way of the pinned OpenTofu: docs/ must be the same from every
// machine, and an older CLI leaves out what it does not know, such as resource identity
// (design/facts/terraform-behaviour.md section 8). It also spares tfplugindocs the download of a Terraform.
func writeSchema(ctx context.Context, dir string) (path string, err error) {
	cli, err := clitest.Pinned(ctx)
	if err != nil {
		return "", err
	}
	binary, err := clitest.BuildProvider(ctx)
	if err != nil {
		return "", err
	}
	workdir, err := clitest.NewWorkdir(filepath.Join(dir, "workdir"), cli, binary, nil)
	if err != nil {
		return "", err
	}
	if err := workdir.Write("main.tf", clitest.Required+"provider \"multidns\" {}\n"); err != nil {
		return "", err
	}
	if err := workdir.Init(ctx).Must(); err != nil {
		return "", err
	}
	result := workdir.Run(ctx, "providers", "schema", "-json")
	if err := result.Must(); err != nil {
		return "", err
	}
	schema, err := completeSchema(ctx, []byte(result.Stdout))
	if err != nil {
		return "", err
	}
	path = filepath.Join(dir, "schema.json")
	return path, os.WriteFile(path, schema, 0o600)
}

// completeSchema puts the one provider of a schema under the short name that tfplugindocs looks for (it knows the names
// of HashiCorp's registry and namespace only, OpenTofu writes its own) and adds what OpenTofu leaves out.
func completeSchema(ctx context.Context, schema []byte) ([]byte, error) {
	var document map[string]any
	if err := json.Unmarshal(schema, &document); err != nil {
		return nil, fmt.Errorf("read schema: %w", err)
	}
	providers, _ := document["provider_schemas"].(map[string]any)
	names := slices.Collect(maps.Keys(providers))
	if len(names) != 1 {
		return nil, fmt.Errorf("read schema: it has the providers %v, want one", names)
	}
	ours, ok := providers[names[0]].(map[string]any)
	if !ok {
		return nil, fmt.Errorf("read schema: that of %s is no object", names[0])
	}
	if err := addListSchemas(ctx, ours); err != nil {
		return nil, err
	}
	document["provider_schemas"] = map[string]any{providerName: ours}
	return json.Marshal(document)
}

// compareDocs fails with a line for each page that is missing (A), differs (M) or is not generated any more (D).
func compareDocs(ctx context.Context, committed, generated string) error {
	out, err := exec.CommandContext(ctx, "git", "diff", "--no-index", "--name-status", "--no-renames", committed, generated).CombinedOutput()
	if err != nil {
		return fmt.Errorf("docs/ is not what schema, templates and examples give: run make docs and commit docs/\n%s", out)
	}
	return nil
}
