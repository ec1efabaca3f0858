package acceptance

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
)

// TestDesign_OutagesNamesExistingTests keeps the page on outages from promising what no test proves.
func TestDesign_OutagesNamesExistingTests(t *testing.T) {
	exists := testNames(t)
	root := clitest.RequireRoot(t)
	page, err := os.ReadFile(filepath.Join(root, "design", "outages.md"))
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`((?:Test|Fuzz)\\w+)`").FindAllSubmatch(page, -1)
	if len(named) < 20 {
		t.Fatalf("the page names only %d tests", len(named))
	}
	for _, match := range named {
		if !exists[string(match[1])] {
			t.Errorf("design/outages.md names %s, which does not exist", match[1])
		}
	}
}

// testNames are the tests of the repository.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	root := clitest.RequireRoot(t)
	exists := map[string]bool{}
	declaration := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	err := filepath.WalkDir(filepath.Join(root, "internal"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, match := range declaration.FindAllSubmatch(text, -1) {
			exists[string(match[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return exists
}
