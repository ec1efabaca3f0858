package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

// TestReadAccount: the configuration comes before the environment, white space around a text is none of it, and an
// empty text is no text.
func TestReadAccount(t *testing.T) {
	o := operator.Descriptor{Name: "third", Title: "Third", Account: []operator.Setting{
		{Name: "key", Kind: operator.Secret, Title: "key", Required: true, Variables: []string{"THIRD_KEY", "THIRD_OLD_KEY"}},
		{Name: "places", Kind: operator.Map},
		{Name: "fast", Kind: operator.Flag},
		{Name: "hosts", Kind: operator.List},
	}}
	text := types.StringType
	object := func(key attr.Value) types.Object {
		return types.ObjectValueMust(
			map[string]attr.Type{"key": text, "places": types.MapType{ElemType: text}, "fast": types.BoolType, "hosts": types.SetType{ElemType: text}},
			map[string]attr.Value{
				"key":    key,
				"places": types.MapValueMust(text, map[string]attr.Value{"a": types.StringValue("b")}),
				"fast":   types.BoolValue(true), "hosts": types.SetNull(text),
			})
	}
	for name, test := range map[string]struct {
		given       attr.Value
		environment map[string]string
		want        any
		summary     string
	}{
		"given":              {types.StringValue(" one\n"), map[string]string{"THIRD_KEY": "two"}, "one", ""},
		"the environment":    {types.StringNull(), map[string]string{"THIRD_KEY": "two", "THIRD_OLD_KEY": "three"}, "two", ""},
		"the older name":     {types.StringNull(), map[string]string{"THIRD_OLD_KEY": "three"}, "three", ""},
		"empty is not given": {types.StringValue(""), nil, nil, "Missing key"},
		"two words":          {types.StringValue("one two"), nil, "one two", "Invalid key"},
	} {
		t.Run(name, func(t *testing.T) {
			for variable, value := range test.environment {
				t.Setenv(variable, value)
			}
			var diags diag.Diagnostics
			got := readAccount(t.Context(), o, object(test.given), Process(), &diags)
			want := operator.Settings{"places": map[string]string{"a": "b"}, "fast": true}
			if test.want != nil {
				want["key"] = test.want
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			said := ""
			for _, d := range diags {
				said += d.Summary()
			}
			if said != test.summary {
				t.Errorf("said %q, want %q", said, test.summary)
			}
		})
	}
}

// TestScope: what has a state of its own has notes of its own, and what has not shares them: plan and apply, with one
// spelling of the workspace or another.
func TestScope(t *testing.T) {
	const here, there = `{"version":3,"backend":{"type":"s3","config":{"key":"here"}}}`, `{"version":3,"backend":{"type":"s3","config":{"key":"there"}}}`
	type project struct {
		environment map[string]string
		files       map[string]string
	}
	scope := func(p project) string {
		t.Chdir(t.TempDir())
		for name, text := range p.files {
			if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		in := Surroundings{Getenv: func(name string) string { return p.environment[name] }}
		folder, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		return strings.Replace(settings{}.scope(in), folder, "folder", 1)
	}
	seen := map[string]int{}
	for n, alike := range [][]project{
		{
			{},
			{environment: map[string]string{"TF_WORKSPACE": "default"}},
			{files: map[string]string{".terraform/environment": "default"}},
			{files: map[string]string{".terraform/environment": "", ".terraform/terraform.tfstate": "not a state"}},
			{files: map[string]string{".terraform/terraform.tfstate": `{"version":3,"terraform_version":"1.11.4"}`}},
			{environment: map[string]string{"TF_DATA_DIR": "data"}, files: map[string]string{".terraform/environment": "two"}},
		},
		{
			{environment: map[string]string{"TF_WORKSPACE": "two"}},
			{files: map[string]string{".terraform/environment": "two"}},
			{files: map[string]string{".terraform/environment": "two\n"}},
			{environment: map[string]string{"TF_DATA_DIR": "data"}, files: map[string]string{"data/environment": "two"}},
			{environment: map[string]string{"TF_WORKSPACE": "two"}, files: map[string]string{".terraform/environment": "three"}},
		},
		{{environment: map[string]string{"TF_WORKSPACE": "three"}}},
		{
			{files: map[string]string{".terraform/terraform.tfstate": here}},
			{environment: map[string]string{"TF_DATA_DIR": "data"}, files: map[string]string{"data/terraform.tfstate": here}},
		},
		{{files: map[string]string{".terraform/terraform.tfstate": there}}},
		{{files: map[string]string{".terraform/terraform.tfstate": here, ".terraform/environment": "two"}}},
	} {
		for _, p := range alike {
			in := scope(p)
			if by, known := seen[in]; known && by != n {
				t.Errorf("%+v shares its notes with another state", p)
			}
			seen[in] = n
			if in != scope(alike[0]) {
				t.Errorf("%+v and %+v have notes apart", p, alike[0])
			}
		}
	}
}
