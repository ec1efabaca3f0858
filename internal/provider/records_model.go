package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/zonecheck"
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

// set takes over what the operators hold; one that failed could not be read.
func (m *recordsModel) set(all []zonecheck.Contents, failed map[string]error) {
	lists := map[string]attr.Value{}
	for _, c := range all {
		lists[c.Operator.Name] = types.ListNull(listedType)
		if failed[c.Operator.Name] == nil {
			lists[c.Operator.Name] = heldList(c.Held)
		}
	}
	m.Operators = types.MapValueMust(listType, lists)
	kind := differenceType()
	m.Differences = types.ListNull(kind)
	if len(failed) > 0 {
		return
	}
	var rows []attr.Value
	for _, difference := range zonecheck.Differences(all) {
		rows = append(rows, differenceValue(kind, difference))
	}
	m.Differences = types.ListValueMust(kind, rows)
}

func differenceValue(kind types.ObjectType, d zonecheck.Difference) attr.Value {
	row := map[string]attr.Value{
		"name": types.StringValue(d.Key.Relative()), "type": types.StringValue(d.Key.Type), "summary": types.StringValue(d.Summary),
	}
	for _, name := range operatorNames() {
		row[name] = types.ObjectNull(sideType.AttrTypes)
		if r, ok := d.Sides[name]; ok {
			row[name] = types.ObjectValueMust(sideType.AttrTypes, map[string]attr.Value{
				"ttl": types.Int64Value(int64(r.TTL)), "values": stringList(r.Values),
			})
		}
	}
	return types.ObjectValueMust(kind.AttrTypes, row)
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
