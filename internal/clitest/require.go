package clitest

import (
	"context"
	"os"
	"sync"

	"github.com/multidns/terraform-provider-multidns/tools/toolchain"
)

// TB is what the functions for tests need of a *testing.T. An interface, so that programs which use this package do not
// link the testing package.
type TB interface {
	Context() context.Context
	Fatal(args ...any)
	Helper()
	TempDir() string
	Cleanup(func())
}

var (
	findOnce  = sync.OnceValues(func() ([]CLI, error) { return Find(context.Background()) })
	buildOnce = sync.OnceValues(func() (string, error) { return BuildProvider(context.Background()) })
)

// RequireCLIs gives each CLI to run the test with, one subtest each, and fails the test when one is missing: a test
// that was skipped for want of a CLI has proved nothing.
func RequireCLIs(t TB) []CLI {
	t.Helper()
	found, err := findOnce()
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// RequireTurn gives the CLIs for a test of which every CLI makes the same: one of those that are there, another one for
// the next turn, so that each of them has its share. MULTIDNS_CLIS makes those that it names play everything.
func RequireTurn(t TB, turn uint32) []CLI {
	t.Helper()
	return share(RequireCLIs(t), turn, os.Getenv("MULTIDNS_CLIS") != "")
}

func share(found []CLI, turn uint32, everything bool) []CLI {
	if everything || len(found) == 0 {
		return found
	}
	at := int(turn % uint32(len(found)))
	return found[at : at+1]
}

// RequireRoot gives the root folder of the repository that the test lies in.
func RequireRoot(t TB) string {
	t.Helper()
	root, err := toolchain.Root()
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// RequireWorkdir gives a new folder for the test in which cli has this repository's provider, built once for each test
// binary.
func RequireWorkdir(t TB, cli CLI, env map[string]string) *Workdir {
	t.Helper()
	binary, err := buildOnce()
	if err != nil {
		t.Fatal(err)
	}
	workdir, err := NewWorkdir(t.TempDir(), cli, binary, env)
	if err != nil {
		t.Fatal(err)
	}
	workdir.Brisk, workdir.Attach = true, true
	t.Cleanup(workdir.Detach)
	return workdir
}
