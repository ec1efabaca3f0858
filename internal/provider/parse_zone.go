package provider

import (
	"errors"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
	"github.com/multidns/terraform-provider-multidns/internal/zonefile"
)

// parsedType is one RRset of a YAML as its function returns it. It serves for_each of multidns_record, and as it stands
// records of multidns_zone_records, because a conversion to an object drops attributes that this has not.
var parsedType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"name": types.StringType, "ttl": types.Int64Type, "type": types.StringType,
	"values": types.SetType{ElemType: types.StringType}, "zone": types.StringType,
}}

// fileType is one RRset of a zone file, with what Cloudflare's export says of it, and with why it cannot be declared.
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
		if problem := problemIn(r); problem != "" {
			extra["problem"] = types.StringValue(problem)
		}
		elements[at] = types.ObjectValueMust(fileType.AttrTypes, with(parsedFields(r), extra))
	}
	return types.MapValueMust(fileType, elements)
}

// problemIn is why an RRset of a zone file cannot be declared as it is: by itself, or at one of the operators.
func problemIn(r zonefile.RRset) string {
	if r.Problem != "" {
		if rrset.CheckType(r.Type) != nil {
			return whyNotType(r.Type, errors.New(r.Problem)).Error()
		}
		return r.Problem
	}
	if err := limitOf(r); err != nil {
		return err.Error()
	}
	return ""
}

// limitOf is what an operator has against an RRset that is proper by itself.
func limitOf(r zonefile.RRset) error {
	key, err := newKey(r.Zone, r.Name, r.Type)
	if err != nil {
		return err
	}
	set, err := rrset.New(key, r.TTL, r.Values)
	if err != nil {
		return err
	}
	return problemOf(set)
}

func parsedFields(r zonefile.RRset) map[string]attr.Value {
	return map[string]attr.Value{
		"name": types.StringValue(r.Name), "ttl": types.Int64Value(int64(r.TTL)), "type": types.StringValue(r.Type),
		// A set with the same value twice is no set.
		"values": stringSet(slices.Compact(slices.Sorted(slices.Values(r.Values)))), "zone": types.StringValue(r.Zone),
	}
}
