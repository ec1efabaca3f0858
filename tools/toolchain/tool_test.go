package toolchain

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestLoad_EveryToolOfThisRepository(t *testing.T) {
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, pkg, base string }{
		{"tofu", "github.com/opentofu/opentofu/cmd/tofu", "tofu"},
		{"lint", "github.com/golangci/golangci-lint/v2/cmd/golangci-lint", "golangci-lint"},
		{"docs", "github.com/hashicorp/terraform-plugin-docs/cmd/tfplugindocs", "tfplugindocs"},
		{"goreleaser", "github.com/goreleaser/goreleaser/v2", "goreleaser"},
		{"cyclonedx", "github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod", "cyclonedx-gomod"},
		{"gotestsum", "gotest.tools/gotestsum", "gotestsum"},
		{"actionlint", "github.com/rhysd/actionlint/cmd/actionlint", "actionlint"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tool, err := Load(root, test.name)
			if err != nil {
				t.Fatal(err)
			}
			if tool.Package != test.pkg || !strings.HasPrefix(tool.Version, "v") {
				t.Errorf("package %q version %q, want %q and a version", tool.Package, tool.Version, test.pkg)
			}
			if path := tool.Path("/cache"); !strings.HasPrefix(path, "/cache/"+test.name+"-"+tool.Version+"-") ||
				filepath.Base(path) != test.base {
				t.Errorf("path %s does not name tool and version", path)
			}
		})
	}
}

// repository lays out one whose only tool is a program that prints text, in a module replaced by a folder.
func repository(t *testing.T, source string) string {
	t.Helper()
	root := t.TempDir()
	t.Setenv("MULTIDNS_CACHE", t.TempDir())
	for name, text := range map[string]string{
		"tools/hello/go.mod": "module example.org/root\n\ngo 1.24\n\ntool example.org/tools/cmd/hello\n\n" +
			"require example.org/tools v0.1.0\n\nreplace example.org/tools => ./src\n",
		"tools/hello/go.sum":                "",
		"tools/hello/src/go.mod":            "module example.org/tools\n\ngo 1.24\n",
		"tools/hello/src/cmd/hello/main.go": source,
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestBinary_BuiltOnceByMany(t *testing.T) {
	root := repository(t, "package main\n\nfunc main() { println(\"hello\") }\n")
	var progress [4]strings.Builder
	var paths [4]string
	var group sync.WaitGroup
	for i := range progress {
		group.Go(func() {
			var err error
			if paths[i], err = binary(t.Context(), root, "hello", &progress[i]); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	builds := 0
	for i := range progress {
		builds += strings.Count(progress[i].String(), "building hello v0.1.0")
		if paths[i] != paths[0] {
			t.Errorf("paths %s and %s differ", paths[i], paths[0])
		}
	}
	if builds != 1 {
		t.Errorf("built %d times, want once", builds)
	}
	output, err := exec.CommandContext(t.Context(), paths[0]).CombinedOutput()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("hello\n", string(output)); diff != "" {
		t.Errorf("output (-want +got):\n%s", diff)
	}
}

func TestBinary_FailedBuildLeavesNothing(t *testing.T) {
	root := repository(t, "package main\n\nfunc main() { undefined() }\n")
	var progress strings.Builder
	_, err := binary(t.Context(), root, "hello", &progress)
	if err == nil || !strings.Contains(err.Error(), "undefined: undefined") {
		t.Fatalf("error %v, want the compiler's", err)
	}
	tool, err := Load(root, "hello")
	if err != nil {
		t.Fatal(err)
	}
	if isBuilt(tool.Path(CacheDir(root))) {
		t.Error("a binary is in the cache after a failed build")
	}
}

func TestTool_ChangedSumChangesThePath(t *testing.T) {
	root := repository(t, "package main\n")
	before, err := Load(root, "hello")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "tools/hello/go.sum"), []byte("other\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	after, err := Load(root, "hello")
	if err != nil {
		t.Fatal(err)
	}
	if before.Path("/c") == after.Path("/c") {
		t.Errorf("both are %s: an old binary would be used", after.Path("/c"))
	}
}

func TestLock_ExcludesAndEndsWithTheContext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sub", "x.lock")
	unlock, err := Lock(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := Lock(ctx, path); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("second lock: %v, want the end of the context", err)
	}
	unlock()
	unlock, err = Lock(t.Context(), path)
	if err != nil {
		t.Errorf("lock after unlock: %v", err)
	}
	unlock()
}
