package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// splitModel is a model that the framework fills but for its overrides.
type splitModel struct {
	overrides operatorObjects
	TTL       types.Int64 `tfsdk:"ttl"`
	Values    types.Set   `tfsdk:"values"`
}

func (m *splitModel) operatorObjects() *operatorObjects { return &m.overrides }

// TestOperatorObjects_ThereAndBack: what is taken out of an object for a model comes back as it was, null and unknown
// included.
func TestOperatorObjects_ThereAndBack(t *testing.T) {
	kinds := entryType().AttrTypes
	element := func(of func(kind types.ObjectType) attr.Value) types.Object {
		values := map[string]attr.Value{"ttl": types.Int64Value(300), "values": stringSet([]string{"192.0.2.1"})}
		for name, kind := range overrideTypes(true) {
			values[name] = of(kind.(types.ObjectType))
		}
		return types.ObjectValueMust(kinds, values)
	}
	for name, whole := range map[string]types.Object{
		"null":    element(func(k types.ObjectType) attr.Value { return types.ObjectNull(k.AttrTypes) }),
		"unknown": element(func(k types.ObjectType) attr.Value { return types.ObjectUnknown(k.AttrTypes) }),
		"a TTL": element(func(k types.ObjectType) attr.Value {
			return override(types.ObjectNull(k.AttrTypes), map[string]attr.Value{"ttl": types.Int64Value(60)})
		}),
	} {
		var m splitModel
		if diags := splitObject(t.Context(), whole, &m); diags.HasError() {
			t.Fatalf("%s: %v", name, diags)
		}
		if len(m.overrides) != len(Operators) || m.TTL.ValueInt64() != 300 {
			t.Errorf("%s: %+v", name, m)
		}
		back, diags := joinObject(t.Context(), kinds, &m)
		if diags.HasError() || !back.Equal(whole) {
			t.Errorf("%s: %s is not %s (%v)", name, back, whole, diags)
		}
	}
}
