package toolchain

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"golang.org/x/mod/modfile"
)

// ldflags holds what a tool's release build sets beside -s -w. Without version.dev=no OpenTofu calls itself
// "1.12.6-dev" and takes part in experiments.
var ldflags = map[string]string{
	"tofu": "-X github.com/opentofu/opentofu/version.dev=no",
}

// Tool is one pinned tool, as its go.mod names it.
type Tool struct {
	Name    string // folder below tools/, such as "tofu"
	Package string // import path of its main package
	Version string // version of the module that holds it, such as "v1.12.6"

	dir string // folder of its go.mod
	sum string // changes whenever the binary could
}

// Load reads the tool of that name from tools/<name>/go.mod in the repository at root.
func Load(root, name string) (Tool, error) {
	tool := Tool{Name: name, dir: filepath.Join(root, "tools", name)}
	path := filepath.Join(tool.dir, "go.mod")
	text, err := os.ReadFile(path)
	if err != nil {
		return Tool{}, fmt.Errorf("read tools/%s/go.mod: %w", name, err)
	}
	mod, err := modfile.Parse(path, text, nil)
	if err != nil {
		return Tool{}, err
	}
	if len(mod.Tool) != 1 {
		return Tool{}, fmt.Errorf("read tools/%s/go.mod: %d tool lines, need one", name, len(mod.Tool))
	}
	tool.Package = mod.Tool[0].Path
	module := ""
	for _, require := range mod.Require {
		// The longest module path wins, as in the go command: one module can lie inside another's path.
		if strings.HasPrefix(tool.Package+"/", require.Mod.Path+"/") && len(require.Mod.Path) > len(module) {
			module, tool.Version = require.Mod.Path, require.Mod.Version
		}
	}
	if module == "" {
		return Tool{}, fmt.Errorf("read tools/%s/go.mod: no require line holds %s", name, tool.Package)
	}
	tool.sum, err = tool.digest()
	return tool, err
}

// digest covers all that decides the binary. The Go release belongs to it: a linter refuses code for a newer Go than
// the one that compiled it.
func (t Tool) digest() (string, error) {
	hash := sha256.New()
	fmt.Fprintln(hash, runtime.Version(), runtime.GOOS, runtime.GOARCH, ldflags[t.Name])
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(t.dir, name))
		if err != nil {
			return "", fmt.Errorf("read tools/%s: %w", t.Name, err)
		}
		hash.Write(text)
	}
	return hex.EncodeToString(hash.Sum(nil))[:8], nil
}

// Path tells where the binary lies, or will lie, in cache. Its base name is the tool's own, as some tools print it.
func (t Tool) Path(cache string) string {
	return filepath.Join(cache, fmt.Sprintf("%s-%s-%s", t.Name, t.Version, t.sum), t.base())
}

// majorVersion is the last element of the path of a module from v2 on.
var majorVersion = regexp.MustCompile(`/v[0-9]+$`)

func (t Tool) base() string { return path.Base(majorVersion.ReplaceAllString(t.Package, "")) }

// Binary gives the path of the binary of one of the repository's tools and builds it first where the cache has none,
// which it announces on standard error. Processes that want the same tool at once build it once: the others wait.
func Binary(ctx context.Context, name string) (string, error) {
	root, err := Root()
	if err != nil {
		return "", err
	}
	return binary(ctx, root, name, os.Stderr)
}

func binary(ctx context.Context, root, name string, progress io.Writer) (string, error) {
	tool, err := Load(root, name)
	if err != nil {
		return "", err
	}
	target := tool.Path(CacheDir(root))
	if isBuilt(target) {
		return target, nil
	}
	unlock, err := Lock(ctx, filepath.Dir(target)+".lock")
	if err != nil {
		return "", fmt.Errorf("build %s: %w", name, err)
	}
	defer unlock()
	if isBuilt(target) {
		return target, nil
	}
	return target, tool.build(ctx, target, progress)
}

// build compiles to a temporary name and renames, so that a build cut short never leaves half a binary behind.
func (t Tool) build(ctx context.Context, target string, progress io.Writer) error {
	fmt.Fprintf(progress, "building %s %s from source, once for this machine (some minutes)\n", t.base(), t.Version)
	if err := os.MkdirAll(filepath.Dir(target), 0o750); err != nil {
		return fmt.Errorf("build %s: %w", t.Name, err)
	}
	temporary := target + ".new"
	// -trimpath and no version control stamp: the same binary from every clone.
	command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-mod=readonly", "-buildvcs=false",
		"-ldflags", strings.TrimSpace("-s -w "+ldflags[t.Name]), "-o", temporary, t.Package)
	command.Dir = t.dir
	// No cgo: a machine with Go alone has no C compiler. GOFLAGS is meant for the user's own modules.
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off")
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	if err := command.Run(); err != nil {
		return fmt.Errorf("build %s %s: %w\n%s", t.Name, t.Version, err, output.Bytes())
	}
	if err := os.Rename(temporary, target); err != nil {
		return fmt.Errorf("build %s: %w", t.Name, err)
	}
	return nil
}

func isBuilt(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
