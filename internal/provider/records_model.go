package provider

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
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
	differenceType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"name": types.StringType, "summary": types.StringType, "type": types.StringType,
		nameCloudflare: sideType, nameDesec: sideType,
	}}
	listedType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"name": types.StringType, "type": types.StringType, "ttl": types.Int64Type,
		"values": types.ListType{ElemType: types.StringType},
	}}
	listType = types.ListType{ElemType: listedType}
)

// set takes over what the operators hold; an operator without an entry could
// not be read. own are the name servers that an operator adds by itself.
func (m *recordsModel) set(held map[string][]operator.RRset, own map[string][]string, diags *diag.Diagnostics) {
	lists := map[string]attr.Value{}
	for _, name := range operatorNames {
		lists[name] = types.ListNull(listedType)
		if sets, ok := held[name]; ok {
			lists[name] = heldList(sets)
		}
	}
	var d diag.Diagnostics
	m.Operators, d = types.MapValue(listType, lists)
	diags.Append(d...)
	m.Differences = types.ListNull(differenceType)
	if len(held) < len(operatorNames) {
		return
	}
	var rows []attr.Value
	for _, difference := range differences(held, own) {
		rows = append(rows, difference.value())
	}
	m.Differences, d = types.ListValue(differenceType, rows)
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

// difference is one RRset on which the operators differ.
type difference struct {
	key     rrset.Key
	summary string
	sides   map[string]operator.RRset
}

func (d difference) value() attr.Value {
	row := map[string]attr.Value{
		"name": types.StringValue(d.key.Relative()), "type": types.StringValue(d.key.Type), "summary": types.StringValue(d.summary),
	}
	for _, name := range operatorNames {
		row[name] = types.ObjectNull(sideType.AttrTypes)
		if r, ok := d.sides[name]; ok {
			row[name] = types.ObjectValueMust(sideType.AttrTypes, map[string]attr.Value{
				"ttl": types.Int64Value(int64(r.TTL)), "values": stringList(r.Values),
			})
		}
	}
	return types.ObjectValueMust(differenceType.AttrTypes, row)
}

// differences are sorted by owner name and type.
func differences(held map[string][]operator.RRset, own map[string][]string) []difference {
	sides := map[rrset.Key]map[string]operator.RRset{}
	for name, sets := range held {
		for _, r := range sets {
			if sides[r.Key] == nil {
				sides[r.Key] = map[string]operator.RRset{}
			}
			sides[r.Key][name] = r
		}
	}
	var all []difference
	for key, side := range sides {
		compared := side
		if isApexNS(key) {
			compared = withOwn(key, side, own)
		}
		if summary := summarise(compared); summary != "" {
			all = append(all, difference{key: key, summary: summary, sides: side})
		}
	}
	slices.SortFunc(all, func(a, b difference) int { return compareKeys(a.key, b.key) })
	return all
}

func compareKeys(a, b rrset.Key) int {
	return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Type, b.Type))
}

// summarise says what differs, in the order of the operators' names; empty
// when nothing does.
func summarise(side map[string]operator.RRset) string {
	var parts []string
	var absent []string
	reference := ""
	for _, name := range operatorNames {
		r, ok := side[name]
		switch {
		case !ok:
			absent = append(absent, title(name))
			continue
		case r.Uneven:
			parts = append(parts, "the records at "+title(name)+" have different TTLs")
		case r.Settings.Proxied != nil && *r.Settings.Proxied:
			parts = append(parts, title(name)+" answers with addresses of its proxy")
		}
		if reference == "" {
			reference = name
			continue
		}
		want := operator.RRset{RRset: side[reference].RRset}
		if text := replica.Difference(want, new(even(r))); text != "" {
			parts = append(parts, fmt.Sprintf("%s differs from %s: %s", title(name), title(reference), text))
		}
	}
	if len(absent) > 0 {
		parts = append(parts, "missing at "+strings.Join(absent, " and "))
	}
	return strings.Join(parts, "; ")
}

// even is r without the note on uneven TTLs, which is reported by itself.
func even(r operator.RRset) operator.RRset {
	r.Uneven = false
	return r
}

// apexNSDiffers says whether it matters what the operators add by themselves.
func apexNSDiffers(held map[string][]operator.RRset) bool {
	return slices.ContainsFunc(differences(held, nil), func(d difference) bool { return isApexNS(d.key) })
}

// withOwn are the apex NS RRsets as they are served. An operator that lists
// none serves its own; the TTL of these is its own affair.
func withOwn(key rrset.Key, side map[string]operator.RRset, own map[string][]string) map[string]operator.RRset {
	served := maps.Clone(side)
	for _, name := range operatorNames {
		r, listed := side[name]
		if len(own[name]) == 0 {
			continue
		}
		if !listed {
			r.Key = key
			for _, other := range side {
				r.TTL = other.TTL
			}
		}
		r.Values = union(r.Values, own[name])
		served[name] = r
	}
	return served
}
