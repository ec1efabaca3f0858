package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
)

const examplesDir = "examples"

// snippetDirs are the folders that tfplugindocs reads: each file in them is an example of its own. Every other folder
// with configuration is one root module.
var snippetDirs = []string{"provider", "resources", "data-sources", "functions", "list-resources"}

// example is one configuration, by file name.
type example struct {
	name  string // path below examples/
	files map[string]string
}

// examples runs `validate` on every example with every CLI. It needs no account: validate never configures the
// provider.
func examples(ctx context.Context, root string) error {
	all, err := findExamples(filepath.Join(root, examplesDir))
	if err != nil {
		return fmt.Errorf("find examples: %w", err)
	}
	clis, err := clitest.Find(ctx)
	if err != nil {
		return err
	}
	binary, err := clitest.BuildProvider(ctx)
	if err != nil {
		return err
	}
	var problems []error
	for _, cli := range clis {
		validated := 0
		for _, e := range all {
			if e.needsIdentity() && !cli.HasIdentity() {
				continue
			}
			if err := e.validate(ctx, cli, binary); err != nil {
				problems = append(problems, fmt.Errorf("%s with %s: %w", e.name, cli, err))
			}
			validated++
		}
		fmt.Printf("%s: %d of %d examples validated\n", cli, validated, len(all))
	}
	return errors.Join(problems...)
}

// needsIdentity reports an import block by identity, which a CLI without resource identity calls a configuration error
// (design/facts/terraform-behaviour.md section 8).
func (e example) needsIdentity() bool { return strings.HasSuffix(e.name, "identity.tf") }

func (e example) validate(ctx context.Context, cli clitest.CLI, binary string) error {
	dir, err := os.MkdirTemp("", "multidns-example-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	workdir, err := clitest.NewWorkdir(dir, cli, binary, nil)
	if err != nil {
		return err
	}
	requires := false
	for name, text := range e.files {
		requires = requires || strings.Contains(text, "required_providers")
		if err := workdir.Write(name, text); err != nil {
			return err
		}
	}
	if !requires {
		if err := workdir.Write("required_providers.tf", clitest.Required); err != nil {
			return err
		}
	}
	if err := workdir.Init(ctx, "-backend=false").Must(); err != nil {
		return err
	}
	result, diagnostics := workdir.Validate(ctx)
	if err := result.Must(); err != nil {
		return err
	}
	for _, diagnostic := range diagnostics {
		// A reader copies the example: a warning in it is a mistake as well.
		err = errors.Join(err, errors.New(diagnostic.Text()))
	}
	return err
}

// findExamples reads examples/. An import file is tried together with the resource.tf beside it, which it refers to.
func findExamples(dir string) ([]example, error) {
	files, err := readTree(dir)
	if err != nil {
		return nil, err
	}
	all := map[string]example{}
	for name, text := range files {
		if path.Ext(name) != ".tf" {
			continue
		}
		top, _, _ := strings.Cut(name, "/")
		folder, base := path.Dir(name), path.Base(name)
		e := example{name, map[string]string{base: text}}
		switch {
		case !slices.Contains(snippetDirs, top):
			e = example{folder, map[string]string{}}
			for other, text := range files {
				if path.Dir(other) == folder {
					e.files[path.Base(other)] = text
				}
			}
		case strings.HasPrefix(base, "import"):
			e.files["resource.tf"] = files[folder+"/resource.tf"]
		}
		all[e.name] = e // a module once for each of its files, always the same
	}
	return slices.SortedFunc(maps.Values(all), func(a, b example) int { return strings.Compare(a.name, b.name) }), nil
}

// readTree reads every file below dir that is not in a hidden folder, by path relative to it.
func readTree(dir string) (map[string]string, error) {
	files, tree := map[string]string{}, os.DirFS(dir)
	err := fs.WalkDir(tree, ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != "." && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case entry.IsDir():
			return nil
		}
		text, err := fs.ReadFile(tree, path)
		files[path] = string(text)
		return err
	})
	return files, err
}
