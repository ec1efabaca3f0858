package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestMutate: what a test states is seen to be broken, and what none states is told; the tree stays as it is.
func TestMutate(t *testing.T) {
	before := tree(t)
	var said strings.Builder
	survivors, err := run(t.Context(), options{}, []string{"./testdata/limits"}, func(format string, args ...any) {
		said.WriteString(format)
	})
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, m := range survivors {
		texts = append(texts, m.String())
	}
	for _, seen := range []string{
		"limits.go:12: with the edge on the other side: used+n <= most", "limits.go:12: plus for minus: used+n", "limits.go:12: one more: most",
		"limits.go:12: nothing is returned: return used+n <= most", "limits.go:9: negated: n < 0",
	} {
		if slices.Contains(texts, seen) {
			t.Errorf("%s is not seen", seen)
		}
	}
	for _, survivor := range []string{"limits.go:9: with the edge on the other side: n < 0", "limits.go:10: the contrary: false"} {
		if !slices.Contains(texts, survivor) {
			t.Errorf("%s is not told; survivors are:\n%s", survivor, strings.Join(texts, "\n"))
		}
	}
	if after := tree(t); !slices.Equal(before, after) {
		t.Errorf("the tree was %q and is %q", before, after)
	}
}

// tree is what stands in testdata.
func tree(t *testing.T) (files []string) {
	t.Helper()
	paths, err := filepath.Glob("testdata/*/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, path+"\n"+string(text))
	}
	return files
}
