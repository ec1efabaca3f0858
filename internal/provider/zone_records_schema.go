package provider

import (
	"context"
	"fmt"
	"maps"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// entryType is one element of records. It is made once, as there may be thousands, and not before the operators are
// known.
var entryType = sync.OnceValue(func() types.ObjectType {
	kinds := overrideTypes(true)
	kinds["ttl"], kinds["values"] = types.Int64Type, types.SetType{ElemType: types.StringType}
	return types.ObjectType{AttrTypes: kinds}
})

// entryDifferenceType is one element of differences.
var entryDifferenceType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"operators": types.MapType{ElemType: holdingType},
}}

func zoneRecordsSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Many RRsets of one zone in one resource, by the same rules as `multidns_record` for each of them, and with one bulk request to each operator. RRsets that are taken out of the map are deleted; all others in the zone are left alone.",
		Attributes: map[string]schema.Attribute{
			"differences": schema.MapNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The RRsets of which an operator is not `in_sync`, by the keys of `records`; empty when all is well. What is not named here is held by every operator as it is declared.",
				NestedObject:        schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{"operators": operatorsAttribute()}},
			},
			"id": schema.StringAttribute{Computed: true, MarkdownDescription: "The zone."},
			"in_sync": schema.BoolAttribute{
				Computed: true, MarkdownDescription: "False while anything is owed: an RRset is `out_of_sync` at an operator.",
			},
			"on_outage": onOutageAttribute(),
			"overwrite": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Take over RRsets that already hold something else, instead of reporting conflicts. Default: false.",
			},
			"records": newRecordsAttribute(schema.MapNestedAttribute{
				Required:            true,
				CustomType:          types.MapType{ElemType: entryType()}, // or the framework makes it anew for each element
				PlanModifiers:       []planmodifier.Map{leftToModifyPlan{}},
				MarkdownDescription: "The RRsets, by `name/type`: `www/A`, `@/MX`, `*.apps/CNAME`.",
				NestedObject:        schema.NestedAttributeObject{CustomType: entryType(), Attributes: entryAttributes()},
			}),
			"zone": zoneArgument(),
		},
	}
}

// entryAttributes are those of one element of records.
func entryAttributes() map[string]schema.Attribute {
	attributes := overrideAttributes(true)
	maps.Copy(attributes, map[string]schema.Attribute{
		"ttl": schema.Int64Attribute{
			Optional: true, Computed: true, Default: int64default.StaticInt64(recordTTL),
			MarkdownDescription: fmt.Sprintf("TTL in seconds, %s. Default: %d.", ttlRange, recordTTL),
		},
		"values": schema.SetAttribute{
			Required: true, ElementType: types.StringType, CustomType: eachStringSet,
			MarkdownDescription: "The RDATA in presentation form.",
			Validators:          []validator.Set{setvalidator.SizeAtLeast(1)},
		},
	})
	return attributes
}

// leftToModifyPlan keeps the map from the framework's walk of the modifiers of its elements: there are none, and it
// copies the whole map for each element (terraform-plugin-framework v1.19.0, internal/fwserver/attr_value.go).
// ModifyPlan takes the map from the configuration.
type leftToModifyPlan struct{}

func (leftToModifyPlan) Description(context.Context) string {
	return "planned for all elements together"
}

func (m leftToModifyPlan) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (leftToModifyPlan) PlanModifyMap(_ context.Context, _ planmodifier.MapRequest, resp *planmodifier.MapResponse) {
	resp.PlanValue = types.MapUnknown(entryType())
}

// recordsAttribute is the map, which the framework looks up for each of its elements and their attributes, several
// times in a plan. The framework's own look-up copies all attributes for each step (terraform-plugin-framework v1.19.0,
// resource/schema/attribute.go).
type recordsAttribute struct {
	schema.MapNestedAttribute
	element entryObject
}

type entryObject struct{ schema.NestedAttributeObject }

func newRecordsAttribute(a schema.MapNestedAttribute) recordsAttribute {
	return recordsAttribute{a, entryObject{a.NestedObject}}
}

func (a recordsAttribute) ApplyTerraform5AttributePathStep(step tftypes.AttributePathStep) (any, error) {
	if _, ok := step.(tftypes.ElementKeyString); ok {
		return a.element, nil
	}
	return a.MapNestedAttribute.ApplyTerraform5AttributePathStep(step)
}

func (o entryObject) ApplyTerraform5AttributePathStep(step tftypes.AttributePathStep) (any, error) {
	if name, ok := step.(tftypes.AttributeName); ok && o.Attributes[string(name)] != nil {
		return o.Attributes[string(name)], nil
	}
	return o.NestedAttributeObject.ApplyTerraform5AttributePathStep(step)
}
