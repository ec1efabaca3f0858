package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	providerschema "github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

// accountAttribute is the attribute of the provider block that says how to reach an operator.
func accountAttribute(o operator.Descriptor) providerschema.SingleNestedAttribute {
	attributes := map[string]providerschema.Attribute{}
	for _, s := range o.Account {
		attributes[s.Name] = accountSetting(s)
	}
	return providerschema.SingleNestedAttribute{
		Optional: true, Attributes: attributes,
		MarkdownDescription: "How to reach " + o.Title + ". Default: what the environment variables say.",
	}
}

func accountSetting(s operator.Setting) providerschema.Attribute {
	switch s.Kind {
	case operator.Flag:
		return providerschema.BoolAttribute{Optional: true, MarkdownDescription: s.Doc}
	case operator.List:
		return providerschema.SetAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: s.Doc}
	case operator.Map:
		return providerschema.MapAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: s.Doc}
	}
	return providerschema.StringAttribute{Optional: true, Sensitive: s.Kind == operator.Secret, MarkdownDescription: s.Doc}
}

// overrideAttribute is the attribute of a resource that says what differs at an operator.
func overrideAttribute(o operator.Descriptor, withValues bool) schema.SingleNestedAttribute {
	attributes := map[string]schema.Attribute{
		"ttl": schema.Int64Attribute{
			Optional:            true,
			MarkdownDescription: "TTL at " + o.Title + " in seconds, " + ttlRange + ". Default: `ttl` of the resource.",
		},
	}
	if withValues {
		attributes["values"] = schema.SetAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Values at " + o.Title + ". Default: `values` of the resource.",
		}
	}
	for _, s := range o.Keeps {
		attributes[s.Name] = keptSetting(s)
	}
	text := "What differs at " + o.Title + ", on purpose"
	if o.Often != "" {
		text += "; often " + o.Often
	}
	return schema.SingleNestedAttribute{Optional: true, Attributes: attributes, MarkdownDescription: text + ". Default: nothing."}
}

func keptSetting(s operator.Setting) schema.Attribute {
	switch s.Kind {
	case operator.Flag:
		return schema.BoolAttribute{Optional: true, MarkdownDescription: s.Doc}
	case operator.List:
		return schema.SetAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: s.Doc}
	}
	return schema.StringAttribute{Optional: true, Sensitive: s.Kind == operator.Secret, MarkdownDescription: s.Doc}
}

// overrideAttributes are those of all operators.
func overrideAttributes(withValues bool) map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{}
	for _, o := range Operators {
		attributes[o.Name] = overrideAttribute(o, withValues)
	}
	return attributes
}

// noOverrides are the overrides of an RRset that is the same everywhere.
func noOverrides(withValues bool) operatorObjects {
	none := operatorObjects{}
	for _, o := range Operators {
		none[o.Name] = types.ObjectNull(attributeTypes(overrideAttribute(o, withValues)))
	}
	return none
}

// overrideTypes are the types of the overrides, by operator.
func overrideTypes(withValues bool) map[string]attr.Type {
	all := map[string]attr.Type{}
	for _, o := range Operators {
		all[o.Name] = overrideAttribute(o, withValues).GetType()
	}
	return all
}

func attributeTypes(a schema.SingleNestedAttribute) map[string]attr.Type {
	object, _ := a.GetType().(types.ObjectType)
	return object.AttrTypes
}
