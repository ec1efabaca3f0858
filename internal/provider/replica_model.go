package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// replicaModel is what the resources that hold one RRset have in common.
type replicaModel struct {
	Cloudflare types.Object `tfsdk:"cloudflare"`
	Desec      types.Object `tfsdk:"desec"`
	FQDN       types.String `tfsdk:"fqdn"`
	ID         types.String `tfsdk:"id"`
	InSync     types.Bool   `tfsdk:"in_sync"`
	Name       types.String `tfsdk:"name"`
	OnOutage   types.String `tfsdk:"on_outage"`
	Operators  types.Map    `tfsdk:"operators"`
	Overwrite  types.Bool   `tfsdk:"overwrite"`
	TTL        types.Int64  `tfsdk:"ttl"`
	Type       types.String `tfsdk:"type"`
	Zone       types.String `tfsdk:"zone"`
}

// replica makes the common part of a model known to what it is embedded in.
func (m *replicaModel) replica() *replicaModel { return m }

// key is the RRset's key. known is false while a part of it is not known.
func (m *replicaModel) key(diags *diag.Diagnostics) (key rrset.Key, known bool) {
	for _, part := range []types.String{m.Zone, m.Name, m.Type} {
		if part.IsUnknown() || part.IsNull() {
			return rrset.Key{}, false
		}
	}
	key, err := rrset.NewKey(m.Zone.ValueString(), m.Name.ValueString(), m.Type.ValueString())
	if err != nil {
		addFault(diags, path.Empty(), err)
		return rrset.Key{}, false
	}
	return key, true
}

// overrides are what the user declares for one operator alone.
func (m *replicaModel) overrides() map[string]types.Object {
	return map[string]types.Object{nameCloudflare: m.Cloudflare, nameDesec: m.Desec}
}

// values are the declared values with the attribute they come from.
type values struct {
	path  path.Path
	items []string
	known bool
}

// readValues reads a set of strings.
func readValues(at path.Path, set types.Set) values {
	v := values{path: at, known: !set.IsUnknown()}
	for _, element := range set.Elements() {
		text, _ := element.(basetypes.StringValue)
		v.known = v.known && !text.IsUnknown()
		v.items = append(v.items, text.ValueString())
	}
	return v
}

// desired is what each operator shall hold. known is false while that depends
// on a value that is not known; what can be judged already is judged all the
// same, with each fault on its attribute.
func (m *replicaModel) desired(ctx context.Context, declared values, diags *diag.Diagnostics) (want replica.Desired, known bool) {
	key, known := m.key(diags)
	if !known {
		return nil, false
	}
	want = replica.Desired{}
	known = true
	for _, name := range operatorNames {
		override := m.overrides()[name]
		if override.IsUnknown() {
			known = false
			continue
		}
		at, ttl := path.Root("ttl"), m.TTL
		if own, ok := override.Attributes()["ttl"].(basetypes.Int64Value); ok && !own.IsNull() {
			at, ttl = path.Root(name).AtName("ttl"), own
		}
		own := declared
		if set, ok := override.Attributes()["values"].(basetypes.SetValue); ok && !set.IsNull() {
			own = readValues(path.Root(name).AtName("values"), set)
		}
		settings, settingsKnown := readSettingsOf(ctx, override, diags)
		if name == nameCloudflare {
			settings.Proxied = proxied(key.Type, override, settings.Proxied, diags)
		}
		if !own.known || ttl.IsUnknown() || ttl.IsNull() || !settingsKnown {
			known = false
			continue
		}
		r, err := rrset.New(key, uint32(ttl.ValueInt64()), own.items)
		if err != nil {
			addFaultAt(diags, map[string]path.Path{"values": own.path, "ttl": at}, err)
			known = false
			continue
		}
		for _, fault := range rrset.Validate(r) {
			addFaultAt(diags, map[string]path.Path{"values": own.path, "ttl": at}, &fault)
			known = false
		}
		want[name] = operator.RRset{RRset: r, Settings: settings}
	}
	return want, known
}

// readSettingsOf reads what only Cloudflare keeps.
func readSettingsOf(ctx context.Context, override types.Object, diags *diag.Diagnostics) (s operator.Settings, known bool) {
	attributes := override.Attributes()
	for _, v := range attributes {
		if v.IsUnknown() {
			return s, false
		}
	}
	if v, ok := attributes["proxied"].(basetypes.BoolValue); ok {
		s.Proxied = v.ValueBoolPointer()
	}
	if v, ok := attributes["comment"].(basetypes.StringValue); ok {
		s.Comment = v.ValueStringPointer()
	}
	if v, ok := attributes["tags"].(basetypes.SetValue); ok && !v.IsNull() {
		var tags []string
		diags.Append(v.ElementsAs(ctx, &tags, false)...)
		slices.Sort(tags)
		s.Tags = &tags
	}
	return s, true
}

// proxied is what to declare of Cloudflare's proxy. Where it is not mentioned
// it is off: a proxied record is answered with other values and another TTL
// than the other operator's.
func proxied(typ string, override types.Object, declared *bool, diags *diag.Diagnostics) *bool {
	proxiable := typ == "A" || typ == "AAAA" || typ == "CNAME"
	if declared == nil && proxiable {
		off := false
		return &off
	}
	if ttl, ok := override.Attributes()["ttl"]; ok && !ttl.IsNull() && declared != nil && *declared {
		fault := diag.NewAttributeErrorDiagnostic(path.Root(nameCloudflare).AtName("ttl"), "Invalid ttl",
			"A proxied record has no TTL of its own: Cloudflare answers with its automatic TTL of 300 seconds. Remove cloudflare.ttl, or proxied = true.")
		addOnce(diags, fault)
	}
	return declared
}

// addFault puts an error of package rrset on the attribute it is about.
func addFault(diags *diag.Diagnostics, fallback path.Path, err error) {
	addFaultAt(diags, map[string]path.Path{"": fallback}, err)
}

// addFaultAt does so with other paths for some fields.
func addFaultAt(diags *diag.Diagnostics, at map[string]path.Path, err error) {
	field := ""
	if _, ok := errors.AsType[*rrset.ValueError](err); ok {
		field = "values"
	}
	if e, ok := errors.AsType[*rrset.FieldError](err); ok {
		field = e.Field
	}
	where, ok := at[field]
	if !ok {
		where = path.Root(field)
	}
	addOnce(diags, diag.NewAttributeErrorDiagnostic(where, fmt.Sprintf("Invalid %s", firstOf(field, "RRset")), err.Error()))
}
