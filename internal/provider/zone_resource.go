package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// zoneResource is embedded by every resource that holds RRsets.
type zoneResource struct{ shared *shared }

func (r *zoneResource) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	r.shared, _ = req.ProviderData.(*shared)
}

// configured guards what cannot be done without operators.
func (r *zoneResource) configured(diags *diag.Diagnostics) bool {
	if r.shared == nil {
		diags.AddError("Provider is not configured",
			"The configuration of the provider multidns depends on a value that is not known yet. Apply what it depends on first (-target), or take it from a variable.")
	}
	return r.shared != nil
}

// validate judges what can be judged without asking anybody, and counts the
// declaration.
func (r *zoneResource) validate(ctx context.Context, m *replicaModel, declared values, diags *diag.Diagnostics) {
	config := *m
	if config.TTL.IsNull() {
		config.TTL = types.Int64Value(maxTTL) // the default is not known here, and any TTL serves
	}
	config.desired(ctx, declared, diags)
	if r.shared == nil || diags.HasError() {
		return
	}
	if key, known := config.key(diags); known {
		r.shared.declared.add(key)
	}
}

// warnProxied says that the operators will answer differently.
func warnProxied(m *replicaModel, diags *diag.Diagnostics) {
	override, _ := readSettingsOf(context.Background(), m.Cloudflare, diags)
	if override.Proxied == nil || !*override.Proxied {
		return
	}
	if v, ok := m.Desec.Attributes()["values"]; ok && !v.IsNull() {
		return
	}
	diags.AddAttributeWarning(path.Root(nameCloudflare).AtName("proxied"), "Operators will answer differently",
		"With proxied = true Cloudflare answers with addresses of its proxy and deSEC with the declared values, past the proxy. Say in desec.values what deSEC shall answer, or leave proxied out.")
}

func attributeTypes(a schema.SingleNestedAttribute) map[string]attr.Type {
	object, _ := a.GetType().(types.ObjectType)
	return object.AttrTypes
}
