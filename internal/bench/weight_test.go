package main

import (
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
)

// A release is small, and answers the first question of a CLI. How long that takes is only logged: the machine may be
// busy.
func TestWeight_Binary(t *testing.T) {
	root := clitest.RequireRoot(t)
	binary, size, err := buildStripped(t.Context(), root, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the binary has %s MB, of %s", megabytes(size), megabytes(binaryLimit))
	if size > binaryLimit {
		t.Errorf("the binary has %d bytes, want at most %d", size, int64(binaryLimit))
	}
	took, err := startTime(t.Context(), binary)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("start and schema took %s, of %s", took, startLimit)
}
