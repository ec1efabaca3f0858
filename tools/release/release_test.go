package main

import (
	"archive/zip"
	"bytes"
	"context"
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/tools/toolchain"
)

const testVersion = "0.1.0"

var here = target(runtime.GOOS + "_" + runtime.GOARCH)

// TestConfiguration_NamesPlatformsThatGoHas finds a typing error before a release does.
func TestConfiguration_NamesPlatformsThatGoHas(t *testing.T) {
	config := configurationOf(t)
	output, err := exec.CommandContext(t.Context(), "go", "tool", "dist", "list").Output()
	if err != nil {
		t.Fatal(err)
	}
	known := strings.Fields(strings.ReplaceAll(string(output), "/", "_"))
	for _, platform := range config.Builds[0].Targets {
		if !slices.Contains(known, string(platform)) {
			t.Errorf("Go has no platform %s", platform)
		}
	}
	for _, platform := range append(slices.Clone(common), here) {
		if !slices.Contains(config.Builds[0].Targets, platform) {
			t.Errorf("a release has no archive for %s", platform)
		}
	}
}

// TestBuild_Reproducible builds the committed sources in two folders with the flags of a release. `release check` does
// the same with every platform and goreleaser itself, which takes its time.
func TestBuild_Reproducible(t *testing.T) {
	commit := requireCommit(t)
	first, second := buildCommit(t, commit), buildCommit(t, commit)
	if !bytes.Equal(first, second) {
		t.Errorf("two builds of one commit differ: %s and %s", sumOf(first), sumOf(second))
	}
}

// TestAccCheck_FindsWhatIsWrong breaks a release in one way after the other.
func TestAccCheck_FindsWhatIsWrong(t *testing.T) {
	tree := root(t)
	good := madeHere(t)
	if err := checkSnapshot(t.Context(), tree, good, testVersion, []target{here}); err != nil {
		t.Fatalf("a good release: %v", err)
	}
	replace := func(name string, change func(text string) string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			path := filepath.Join(dir, name)
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			write(t, path, []byte(change(string(text))))
		}
	}
	tests := []struct {
		name string
		harm func(t *testing.T, dir string)
		want string
	}{
		{"an archive is missing", func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, archiveName(testVersion, here))); err != nil {
				t.Fatal(err)
			}
		}, "missing"},
		{"a file too many", func(t *testing.T, dir string) { write(t, filepath.Join(dir, "notes.txt"), nil) }, "does not belong"},
		{"a wrong checksum", replace(sumsName(testVersion), func(s string) string {
			if s[0] == '0' {
				return "1" + s[1:]
			}
			return "0" + s[1:]
		}), "SHA256SUMS says"},
		{"no checksum of the manifest", replace(sumsName(testVersion), func(s string) string {
			lines := slices.DeleteFunc(strings.SplitAfter(s, "\n"), func(l string) bool { return strings.Contains(l, "manifest") })
			return strings.Join(lines, "")
		}), "SHA256SUMS says"},
		{"a module is not in the list", func(t *testing.T, dir string) {
			replace(modulesName(testVersion, here), func(s string) string {
				return strings.Replace(s, "terraform-plugin-framework", "other", 1)
			})(t, dir)
			writeSums(t, dir)
		}, "the list of modules has"},
		{"the archive holds no licence", func(t *testing.T, dir string) {
			files, err := unzip(filepath.Join(dir, archiveName(testVersion, here)))
			if err != nil {
				t.Fatal(err)
			}
			delete(files, "LICENSE")
			writeArchive(t, dir, files)
			writeSums(t, dir)
		}, "the archive holds"},
		{"the binary cannot be run", func(t *testing.T, dir string) {
			files, err := unzip(filepath.Join(dir, archiveName(testVersion, here)))
			if err != nil {
				t.Fatal(err)
			}
			binary := files[binaryName(testVersion, here)]
			binary.mode = 0o644
			files[binaryName(testVersion, here)] = binary
			writeArchive(t, dir, files)
			writeSums(t, dir)
		}, "cannot be run"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(good)); err != nil {
				t.Fatal(err)
			}
			test.harm(t, dir)
			if err := checkSnapshot(t.Context(), tree, dir, testVersion, []target{here}); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one that says %q", err, test.want)
			}
		})
	}
}

func TestManifest_OtherProtocol(t *testing.T) {
	if err := checkManifest([]byte(`{"version":1,"metadata":{"protocol_versions":["5.0"]}}`)); err == nil {
		t.Error("protocol 5.0 passes, and main.go serves 6")
	}
}

func root(t *testing.T) string {
	t.Helper()
	root, err := toolchain.Root()
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func configurationOf(t *testing.T) configuration {
	t.Helper()
	config, err := readConfiguration(root(t))
	if err != nil {
		t.Fatal(err)
	}
	return config
}

// requireCommit is the last one of this repository.
func requireCommit(t *testing.T) string {
	t.Helper()
	if _, err := os.Stat(filepath.Join(root(t), ".git")); err != nil {
		t.Skip("this is no git repository, so there is no commit to build")
	}
	commit, err := lastCommit(t.Context(), root(t))
	if err != nil {
		t.Fatal(err)
	}
	return commit
}

// buildCommit builds the provider for this platform, from a clone in a folder of its own.
func buildCommit(t *testing.T, commit string) []byte {
	t.Helper()
	tree := filepath.Join(t.TempDir(), "tree")
	if err := clone(t.Context(), root(t), tree, commit); err != nil {
		t.Fatal(err)
	}
	return compile(t.Context(), t, configurationOf(t), tree)
}

func compile(ctx context.Context, t *testing.T, config configuration, tree string) []byte {
	t.Helper()
	build := config.Builds[0]
	to := filepath.Join(t.TempDir(), "provider")
	flags := strings.ReplaceAll(strings.Join(build.LDFlags, " "), "{{ .Version }}", testVersion)
	args := slices.Concat([]string{"build"}, build.Flags, []string{"-ldflags", flags, "-o", to, "."})
	command := exec.CommandContext(ctx, "go", args...)
	command.Dir = tree
	command.Env = slices.Concat(os.Environ(), build.Env, []string{"GOFLAGS=", "GOWORK=off"})
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	content, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

var releaseOnce sync.Once
var releaseDir string

// madeHere is a release for this platform alone, made without goreleaser: what the checks and the bundle are tried
// with.
func madeHere(t *testing.T) string {
	t.Helper()
	releaseOnce.Do(func() {
		dir, err := os.MkdirTemp("", "multidns-release-") //nolint:usetesting // for all tests, removed by TestMain
		if err != nil {
			t.Fatal(err)
		}
		releaseDir = dir
		binary := buildCommit(t, requireCommit(t))
		files := map[string]zipped{binaryName(testVersion, here): {binary, 0o755}}
		for _, name := range []string{"CHANGELOG.md", "LICENSE", "README.md"} {
			content, err := os.ReadFile(filepath.Join(root(t), name))
			if err != nil {
				t.Fatal(err)
			}
			files[name] = zipped{content, 0o644}
		}
		writeArchive(t, dir, files)
		write(t, filepath.Join(dir, modulesName(testVersion, here)), listModules(t, binary))
		writeSums(t, dir)
	})
	return releaseDir
}

func listModules(t *testing.T, binary []byte) []byte {
	t.Helper()
	info, err := buildinfo.Read(bytes.NewReader(binary))
	if err != nil {
		t.Fatal(err)
	}
	components := []map[string]string{}
	for _, module := range info.Deps {
		components = append(components, map[string]string{"name": module.Path, "version": module.Version})
	}
	list, err := json.Marshal(map[string]any{
		"bomFormat": "CycloneDX", "components": components,
		"metadata": map[string]any{"component": map[string]string{"name": info.Main.Path, "version": "v" + testVersion}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func writeArchive(t *testing.T, dir string, files map[string]zipped) {
	t.Helper()
	var text bytes.Buffer
	archive := zip.NewWriter(&text)
	for name, file := range files {
		header := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)}
		header.SetMode(file.mode)
		writer, err := archive.CreateHeader(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := writer.Write(file.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, archiveName(testVersion, here)), text.Bytes())
}

func writeSums(t *testing.T, dir string) {
	t.Helper()
	var sums strings.Builder
	for _, name := range []string{archiveName(testVersion, here), modulesName(testVersion, here)} {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&sums, "%s  %s\n", sumOf(content), name)
	}
	manifest, err := os.ReadFile(filepath.Join(root(t), "terraform-registry-manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&sums, "%s  %s\n", sumOf(manifest), manifestName(testVersion))
	write(t, filepath.Join(dir, sumsName(testVersion)), []byte(sums.String()))
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// What is compared is one commit, also when somebody commits meanwhile.
func TestClone_IsOfTheCommitAtTheBeginning(t *testing.T) {
	root := t.TempDir()
	git := func(args ...string) {
		t.Helper()
		args = append([]string{"-C", root, "-c", "user.name=n", "-c", "user.email=n@example.com"}, args...)
		if output, err := exec.CommandContext(t.Context(), "git", args...).CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, output)
		}
	}
	git("init", "--quiet")
	git("commit", "--quiet", "--allow-empty", "-m", "first")
	first, err := lastCommit(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	git("commit", "--quiet", "--allow-empty", "-m", "second")
	tree := filepath.Join(t.TempDir(), "tree")
	if err := clone(t.Context(), root, tree, first); err != nil {
		t.Fatal(err)
	}
	if got, err := lastCommit(t.Context(), tree); err != nil || got != first {
		t.Errorf("the clone is of %q, want %q (%v)", got, first, err)
	}
}
