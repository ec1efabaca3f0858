package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// zoneResource is embedded by every resource that holds RRsets.
type zoneResource struct{ shared *shared }

// replicaResource is embedded by those that hold one, and are known by it.
type replicaResource struct{ zoneResource }

func (r *zoneResource) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	r.shared, _ = req.ProviderData.(*shared)
}

func (r *replicaResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = replicaIdentity()
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

// unclaimedKey is where private state keeps which operators could not be read
// when the RRset was created: what they hold under its name may be foreign.
const unclaimedKey = "unclaimed"

type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

func readUnclaimed(ctx context.Context, private privateReader, diags *diag.Diagnostics) []string {
	var names []string
	readPrivate(ctx, private, &names, diags)
	return names
}

// writeUnclaimed writes only what changed: private data alone makes a new
// state serial (facts/terraform-behaviour.md section 5).
func writeUnclaimed(ctx context.Context, private privateWriter, before, names []string, diags *diag.Diagnostics) {
	if slices.Equal(before, names) {
		return
	}
	if names == nil {
		names = []string{}
	}
	writePrivate(ctx, private, names, diags)
}

// readEntriesUnclaimed does so for many RRsets, by their id.
func readEntriesUnclaimed(ctx context.Context, private privateReader, list []*entry, diags *diag.Diagnostics) map[string][]string {
	names := map[string][]string{}
	readPrivate(ctx, private, &names, diags)
	for _, e := range list {
		e.unclaimed = names[e.key.ID()]
	}
	return names
}

func writeEntriesUnclaimed(ctx context.Context, private privateWriter, before map[string][]string, list []*entry, diags *diag.Diagnostics) {
	names := map[string][]string{}
	for _, e := range list {
		if len(e.unclaimed) > 0 {
			names[e.key.ID()] = e.unclaimed
		}
	}
	if !maps.EqualFunc(before, names, slices.Equal) {
		writePrivate(ctx, private, names, diags)
	}
}

func readPrivate(ctx context.Context, private privateReader, into any, diags *diag.Diagnostics) {
	raw, d := private.GetKey(ctx, unclaimedKey)
	diags.Append(d...)
	if len(raw) == 0 {
		return
	}
	if err := json.Unmarshal(raw, into); err != nil {
		diags.AddError("Unable to read private state", fmt.Sprintf("The list of unclaimed operators cannot be read: %s.", err))
	}
}

func writePrivate(ctx context.Context, private privateWriter, value any, diags *diag.Diagnostics) {
	raw, err := json.Marshal(value)
	if err != nil {
		diags.AddError("Unable to write private state", err.Error())
		return
	}
	diags.Append(private.SetKey(ctx, unclaimedKey, raw)...)
}

func attributeTypes(a schema.SingleNestedAttribute) map[string]attr.Type {
	object, _ := a.GetType().(types.ObjectType)
	return object.AttrTypes
}
