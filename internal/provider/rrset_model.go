package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"

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
	// overrides are what the user declares for one operator alone.
	overrides operatorObjects
	// inMap: it is an element of multidns_zone_records. importID names the whole of that in an import, if it can be
	// imported.
	inMap     bool
	importID  string
	FQDN      types.String `tfsdk:"fqdn"`
	ID        types.String `tfsdk:"id"`
	InSync    types.Bool   `tfsdk:"in_sync"`
	Name      types.String `tfsdk:"name"`
	OnOutage  types.String `tfsdk:"on_outage"`
	Operators types.Map    `tfsdk:"operators"`
	Overwrite types.Bool   `tfsdk:"overwrite"`
	TTL       types.Int64  `tfsdk:"ttl"`
	Type      types.String `tfsdk:"type"`
	Zone      types.String `tfsdk:"zone"`
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
	key, err := newKey(m.Zone.ValueString(), m.Name.ValueString(), m.Type.ValueString())
	if err != nil {
		addFault(diags, path.Empty(), err)
		return rrset.Key{}, false
	}
	return key, true
}

func (m *replicaModel) operatorObjects() *operatorObjects { return &m.overrides }

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

// holdable is desired for what is to be written: what an operator cannot hold is reported by its rules, without asking
// it.
func (m *replicaModel) holdable(ctx context.Context, declared values, diags *diag.Diagnostics) (want replica.Desired, known bool) {
	want, known = m.desired(ctx, declared, diags)
	return want, m.refuse(want, declared, diags) && known
}

// desired is what each operator shall hold. known is false while that depends on a value that is not known; what can be
// judged already is judged all the same, with each fault on its attribute.
func (m *replicaModel) desired(ctx context.Context, declared values, diags *diag.Diagnostics) (want replica.Desired, known bool) {
	key, known := m.key(diags)
	if !known {
		return nil, false
	}
	want = replica.Desired{}
	known = true
	for _, o := range Operators {
		name, override := o.Name, m.overrides[o.Name]
		if override.IsUnknown() {
			known = false
			continue
		}
		at, ttl := m.ttlAt(name)
		own := declared
		if set, ok := override.Attributes()["values"].(basetypes.SetValue); ok && !set.IsNull() {
			own = readValues(path.Root(name).AtName("values"), set)
		}
		settings, settingsKnown := m.settings(ctx, o, key.Type, diags)
		if !own.known || ttl.IsUnknown() || ttl.IsNull() || !settingsKnown {
			known = false
			continue
		}
		r, err := rrset.New(key, dnsTTL(ttl.ValueInt64()), own.items)
		if err != nil {
			addFaultAt(diags, map[string]path.Path{"values": own.path, "ttl": at}, err)
			known = false
			continue
		}
		want[name] = operator.RRset{RRset: r, Settings: settings}
	}
	return want, known
}

// settings are what an operator shall keep with the RRset beside its data.
func (m *replicaModel) settings(ctx context.Context, o operator.Descriptor, typ string, diags *diag.Diagnostics) (s operator.Settings, known bool) {
	override := m.overrides[o.Name]
	declared, known := readDeclared(ctx, o.Keeps, override, diags)
	ttl, hasTTL := override.Attributes()["ttl"]
	s, violations := o.Completed(operator.Declaration{Type: typ, OwnTTL: hasTTL && !ttl.IsNull(), Settings: declared})
	for _, v := range violations {
		diags.AddAttributeError(path.Root(o.Name).AtName(v.Attribute), "Invalid "+v.Attribute, v.Message)
	}
	return s, known
}

// addFault puts an error of package rrset on the attribute it is about.
func addFault(diags *diag.Diagnostics, fallback path.Path, err error) {
	addFaultAt(diags, map[string]path.Path{"": fallback}, err)
}

// addFaultAt does so with other paths for some fields.
func addFaultAt(diags *diag.Diagnostics, at map[string]path.Path, err error) {
	field, text := "", err.Error()
	if e, ok := errors.AsType[*rrset.ValueError](err); ok {
		field = "values"
		if e.Of > 1 { // a set has no other order
			text += ". The values are counted in alphabetical order"
		}
	}
	if e, ok := errors.AsType[*rrset.FieldError](err); ok {
		field = e.Field
	}
	where, ok := at[field]
	if !ok {
		where = path.Root(field)
	}
	diags.AddAttributeError(where, fmt.Sprintf("Invalid %s", cmp.Or(field, "RRset")), text)
}
