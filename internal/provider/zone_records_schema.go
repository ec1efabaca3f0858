package provider

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// entryType is one element of records.
func entryType() types.ObjectType {
	kinds := overrideTypes(true)
	kinds["ttl"], kinds["values"] = types.Int64Type, types.SetType{ElemType: types.StringType}
	return types.ObjectType{AttrTypes: kinds}
}

// heldType is one element of rrsets.
var heldType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"fqdn": types.StringType, "in_sync": types.BoolType, "operators": types.MapType{ElemType: holdingType},
}}

func zoneRecordsSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Many RRsets of one zone in one resource, by the same rules as `multidns_record` for each of them, and with one bulk request to each operator. RRsets that are taken out of the map are deleted; all others in the zone are left alone.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{Computed: true, MarkdownDescription: "The zone."},
			"in_sync": schema.BoolAttribute{
				Computed: true, MarkdownDescription: "False while anything is owed: an RRset is `out_of_sync` at an operator.",
			},
			"on_outage": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Overrides `on_outage` of the provider: `degrade` or `fail`.",
				Validators:          []validator.String{stringvalidator.OneOf(outageDegrade, outageFail)},
			},
			"overwrite": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Take over RRsets that already hold something else, instead of reporting conflicts. Default: false.",
			},
			"records": schema.MapNestedAttribute{
				Required:            true,
				MarkdownDescription: "The RRsets, by `name/type`: `www/A`, `@/MX`, `*.apps/CNAME`.",
				NestedObject:        schema.NestedAttributeObject{Attributes: entryAttributes()},
			},
			"rrsets": schema.MapNestedAttribute{
				Computed:            true,
				MarkdownDescription: "What is known of each RRset, by the keys of `records`.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"fqdn":      schema.StringAttribute{Computed: true, MarkdownDescription: "The owner name in full."},
					"in_sync":   schema.BoolAttribute{Computed: true, MarkdownDescription: "False while something is owed."},
					"operators": operatorsAttribute(),
				}},
			},
			"zone": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the zone. It must exist at both operators. Another zone replaces the resource.",
				PlanModifiers:       []planmodifier.String{replaceIfOtherZone()},
			},
		},
	}
}

// entryAttributes are those of one element of records.
func entryAttributes() map[string]schema.Attribute {
	attributes := overrideAttributes(true)
	maps.Copy(attributes, map[string]schema.Attribute{
		"ttl": schema.Int64Attribute{
			Optional: true, Computed: true, Default: int64default.StaticInt64(recordTTL),
			MarkdownDescription: "TTL in seconds, 60 to 86400. Default: 3600.",
			Validators:          []validator.Int64{int64validator.Between(minTTL, maxTTL)},
		},
		"values": schema.SetAttribute{
			Required: true, ElementType: types.StringType,
			MarkdownDescription: "The RDATA in presentation form.",
			Validators:          []validator.Set{setvalidator.SizeAtLeast(1)},
		},
	})
	return attributes
}
