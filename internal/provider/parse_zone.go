package provider

import (
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/zonefile"
)

// parsedType is one RRset of a YAML as its function returns it. It serves for_each of
// multidns_record, and as it stands records of multidns_zone_records, because
// a conversion to an object drops attributes that this has not.
var parsedType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"name": types.StringType, "ttl": types.Int64Type, "type": types.StringType,
	"values": types.SetType{ElemType: types.StringType}, "zone": types.StringType,
}}

// fileType is one RRset of a zone file, with what Cloudflare's export says of it, and
// with why it cannot be declared.
var fileType = types.ObjectType{AttrTypes: with(parsedType.AttrTypes, map[string]attr.Type{"cloudflare": proxiedType, "problem": types.StringType})}

// proxiedType is what Cloudflare's export can say, as a part of the attribute of that name.
var proxiedType = types.ObjectType{AttrTypes: map[string]attr.Type{"proxied": types.BoolType}}

func with[V any](a, b map[string]V) map[string]V {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

func parsedYAML(zone zonefile.Zone) types.Map {
	elements := map[string]attr.Value{}
	for at, r := range zone {
		elements[at] = types.ObjectValueMust(parsedType.AttrTypes, parsedFields(r))
	}
	return types.MapValueMust(parsedType, elements)
}

func parsedFile(zone zonefile.Zone) types.Map {
	elements := map[string]attr.Value{}
	for at, r := range zone {
		extra := map[string]attr.Value{"cloudflare": types.ObjectNull(proxiedType.AttrTypes), "problem": types.StringNull()}
		if r.Proxied {
			extra["cloudflare"] = types.ObjectValueMust(proxiedType.AttrTypes, map[string]attr.Value{"proxied": types.BoolValue(true)})
		}
		if r.Problem != "" {
			extra["problem"] = types.StringValue(r.Problem)
		}
		elements[at] = types.ObjectValueMust(fileType.AttrTypes, with(parsedFields(r), extra))
	}
	return types.MapValueMust(fileType, elements)
}

func parsedFields(r zonefile.RRset) map[string]attr.Value {
	return map[string]attr.Value{
		"name": types.StringValue(r.Name), "ttl": types.Int64Value(int64(r.TTL)), "type": types.StringValue(r.Type),
		// A set with the same value twice is no set.
		"values": stringSet(slices.Compact(slices.Sorted(slices.Values(r.Values)))), "zone": types.StringValue(r.Zone),
	}
}
