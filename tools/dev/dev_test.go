package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lay writes files below a new folder.
func lay(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestCompareDocs_NamesEachPage(t *testing.T) {
	committed := lay(t, map[string]string{"index.md": "a", "resources/record.md": "old", "resources/gone.md": "x"})
	generated := lay(t, map[string]string{"index.md": "a", "resources/record.md": "new", "functions/f.md": "y"})
	err := compareDocs(t.Context(), committed, generated)
	if err == nil {
		t.Fatal("no error for docs that differ")
	}
	told := slices.Sorted(strings.Lines(err.Error()))
	for i, want := range []string{"A\t|functions/f.md", "D\t|resources/gone.md", "M\t|resources/record.md", "docs/ is not|run make docs and commit docs/"} {
		begin, end, _ := strings.Cut(want, "|")
		if len(told) != 4 || !strings.HasPrefix(told[i], begin) || !strings.HasSuffix(strings.TrimSpace(told[i]), end) {
			t.Errorf("not told: %s\n%s", want, err)
		}
	}
	if err := compareDocs(t.Context(), generated, generated); err != nil {
		t.Errorf("equal docs differ: %v", err)
	}
	if err := compareDocs(t.Context(), filepath.Join(committed, "nowhere"), generated); err == nil {
		t.Error("no error for docs that are not there")
	}
}

func TestCompleteSchema_EitherRegistry(t *testing.T) {
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		got, err := completeSchema(t.Context(), []byte(`{"format_version":"1.0","provider_schemas":{"`+host+`/multidns/multidns":{"a":1}}}`))
		if err != nil {
			t.Fatal(err)
		}
		var schema struct {
			Version   string `json:"format_version"`
			Providers map[string]struct {
				A     int
				Lists map[string]struct {
					Block struct {
						Attributes map[string]struct {
							Type     string
							Required bool
						}
					}
				} `json:"list_resource_schemas"`
			} `json:"provider_schemas"`
		}
		if err := json.Unmarshal(got, &schema); err != nil {
			t.Fatal(err)
		}
		ours := schema.Providers["multidns"]
		if schema.Version != "1.0" || len(schema.Providers) != 1 || ours.A != 1 {
			t.Errorf("%s: what the CLI gave is not there: %s", host, got)
		}
		if zone := ours.Lists["multidns_record"].Block.Attributes["zone"]; zone.Type != "string" || !zone.Required {
			t.Errorf("%s: the list resource is not there: %s", host, got)
		}
	}
	if _, err := completeSchema(t.Context(), []byte(`{"provider_schemas":{}}`)); err == nil || !strings.Contains(err.Error(), "want one") {
		t.Errorf("error %v for a schema without provider", err)
	}
}

func TestFindExamples_SnippetsAndModules(t *testing.T) {
	dir := lay(t, map[string]string{
		"failover/main.tf":                               "m",
		"failover/variables.tf":                          "v",
		"failover/README.md":                             "r",
		"provider/provider.tf":                           "p",
		"resources/multidns_record/resource.tf":          "res",
		"resources/multidns_record/import.sh":            "sh",
		"resources/multidns_record/import-by-id.tf":      "id",
		"resources/multidns_record/import-identity.tf":   "ident",
		"ci/github/workflow.yml":                         "y",
		"failover/.terraform/providers/x/main.tf":        "hidden",
		"list-resources/multidns_record/query.tfquery.h": "q",
	})
	found, err := findExamples(dir)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]map[string]string{}
	identity := map[string]bool{}
	for _, e := range found {
		got[e.name] = e.files
		identity[e.name] = e.needsIdentity()
	}
	want := map[string]map[string]string{
		"failover":                                     {"main.tf": "m", "variables.tf": "v", "README.md": "r"},
		"provider/provider.tf":                         {"provider.tf": "p"},
		"resources/multidns_record/resource.tf":        {"resource.tf": "res"},
		"resources/multidns_record/import-by-id.tf":    {"import-by-id.tf": "id", "resource.tf": "res"},
		"resources/multidns_record/import-identity.tf": {"import-identity.tf": "ident", "resource.tf": "res"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("examples (-want +got):\n%s", diff)
	}
	if !identity["resources/multidns_record/import-identity.tf"] || identity["resources/multidns_record/import-by-id.tf"] {
		t.Errorf("needs identity: %v", identity)
	}
}
