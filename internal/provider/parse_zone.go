package provider

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/zonefile"
)

// parsedType is one RRset as the functions return it. It serves for_each of
// multidns_record, and as it stands records of multidns_zone_records, because
// a conversion to an object drops attributes that this has not.
var parsedType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"name": types.StringType, "ttl": types.Int64Type, "type": types.StringType,
	"values": types.SetType{ElemType: types.StringType}, "zone": types.StringType,
}}

// parsedShape describes it in the functions' documentation.
const parsedShape = "a map by `name/type`, such as `www/A` and `@/MX`, of objects `{ name, type, ttl, values, zone }`. " +
	"Use it as `for_each` of `multidns_record`, or as `records` of `multidns_zone_records`."

func parsedZone(zone zonefile.Zone) types.Map {
	elements := map[string]attr.Value{}
	for at, r := range zone {
		elements[at] = types.ObjectValueMust(parsedType.AttrTypes, map[string]attr.Value{
			"name": types.StringValue(r.Name), "ttl": types.Int64Value(int64(r.TTL)), "type": types.StringValue(r.Type),
			// A set with the same value twice is no set.
			"values": stringSet(slices.Compact(slices.Sorted(slices.Values(r.Values)))), "zone": types.StringValue(r.Zone),
		})
	}
	return types.MapValueMust(parsedType, elements)
}
