package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

type recordsModel struct {
	Differences types.List   `tfsdk:"differences"`
	Operators   types.Map    `tfsdk:"operators"`
	Zone        types.String `tfsdk:"zone"`
}

var (
	sideType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"ttl": types.Int64Type, "values": types.ListType{ElemType: types.StringType},
	}}
	listedType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"name": types.StringType, "type": types.StringType, "ttl": types.Int64Type,
		"values": types.ListType{ElemType: types.StringType},
	}}
	listType = types.ListType{ElemType: listedType}
)

// differenceType is one element of differences.
func differenceType() types.ObjectType {
	kinds := map[string]attr.Type{"name": types.StringType, "summary": types.StringType, "type": types.StringType}
	for _, name := range operatorNames() {
		kinds[name] = sideType
	}
	return types.ObjectType{AttrTypes: kinds}
}

// set takes over what the operators hold; an operator without an entry could
// not be read. own are the name servers that an operator adds by itself.
func (m *recordsModel) set(held map[string][]operator.RRset, own map[string][]string, diags *diag.Diagnostics) {
	lists := map[string]attr.Value{}
	for _, name := range operatorNames() {
		lists[name] = types.ListNull(listedType)
		if sets, ok := held[name]; ok {
			lists[name] = heldList(sets)
		}
	}
	var d diag.Diagnostics
	m.Operators, d = types.MapValue(listType, lists)
	diags.Append(d...)
	m.Differences = types.ListNull(differenceType())
	if len(held) < len(operatorTypes) {
		return
	}
	var rows []attr.Value
	for _, difference := range differences(held, own) {
		rows = append(rows, difference.value())
	}
	m.Differences, d = types.ListValue(differenceType(), rows)
	diags.Append(d...)
}

func heldList(sets []operator.RRset) types.List {
	rows := make([]attr.Value, 0, len(sets))
	for _, r := range sets {
		rows = append(rows, types.ObjectValueMust(listedType.AttrTypes, map[string]attr.Value{
			"name": types.StringValue(r.Relative()), "type": types.StringValue(r.Type),
			"ttl": types.Int64Value(int64(r.TTL)), "values": stringList(r.Values),
		}))
	}
	return types.ListValueMust(listedType, rows)
}
