package provider

import (
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
