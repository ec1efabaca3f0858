package provider

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// importedModel is the state of an RRset of which only the key is known. ttl is the one to declare where no operator
// has one.
func importedModel(key rrset.Key, ttl int64, withValues bool) replicaModel {
	identity := identityOf(key)
	return replicaModel{
		overrides: noOverrides(withValues),
		ID:        types.StringValue(key.ID()), FQDN: types.StringValue(key.Name),
		Zone: identity.Zone, Name: identity.Name, Type: identity.Type, TTL: types.Int64Value(ttl),
		Operators: types.MapNull(holdingType), Overwrite: types.BoolValue(false),
	}
}

// imported fills the TTL of an imported RRset, with those of operators that differ, and returns what the first operator
// that holds it has, and the titles of those that could not be read.
func (d *shared) imported(ctx context.Context, m *replicaModel, diags *diag.Diagnostics) (first *operator.RRset, unread []string) {
	key, known := m.key(diags)
	if !known {
		return nil, nil
	}
	observed := d.walk.Observe(ctx, key)
	for _, name := range operatorNames() {
		if o := observed[name]; o.Err != nil {
			unread = append(unread, title(name))
			d.reportUnreadCreation(d.failsOnOutage(m.OnOutage), name, o.Err, owed(name), diags)
		}
	}
	if diags.HasError() {
		return nil, unread
	}
	for _, name := range m.knownFirst(operatorNames()) {
		held := observed[name].Held
		// A proxied record has no TTL of its own; another operator's is better.
		if held != nil && (first == nil || first.TTL < minTTL) {
			first = held
		}
	}
	if first == nil {
		return nil, unread
	}
	if first.TTL >= minTTL {
		m.TTL = types.Int64Value(int64(first.TTL))
	}
	for _, o := range Operators {
		own := map[string]attr.Value{}
		switch seen := observed[o.Name]; {
		case seen.Held != nil:
			own = ownTTL(seen.Held.TTL, first.TTL)
			maps.Copy(own, ownFlags(o, key.Type, seen.Held.Settings))
		case seen.Err == nil:
			own = d.leastTTL(ctx, o.Name, *first, uint32(m.TTL.ValueInt64()))
		}
		m.overrides = m.overrides.with(o.Name, override(m.overrides[o.Name], own))
	}
	return first, unread
}

// reportAbsent reports an import of what nobody holds, as far as it is known: some operators may be unread.
func reportAbsent(key rrset.Key, unread []string, diags *diag.Diagnostics) {
	if len(unread) > 0 {
		diags.AddError("Unable to import RRset", fmt.Sprintf(
			"No operator that answered holds %s (zone %s). Whether %s does is not known: import it again when that is. Created before, it is a conflict with what may be there.",
			key, key.Zone, strings.Join(unread, " or ")))
		return
	}
	diags.AddError("RRset does not exist", fmt.Sprintf(
		"No operator that answered holds %s (zone %s). Declare it and apply: it is then created at every operator.", key, key.Zone))
}

// ownFlags are what to override because it is on, and off where it is not declared. What an operator leaves as it is
// while it is not declared, such as a comment, stays undeclared.
func ownFlags(o operator.Descriptor, typ string, held operator.Settings) map[string]attr.Value {
	own := map[string]attr.Value{}
	assumed, _ := o.Completed(operator.Declaration{Type: typ})
	for _, s := range o.Keeps {
		usual, isAssumed := assumed.Bool(s.Name)
		if on, kept := held.Bool(s.Name); s.Kind == operator.Flag && isAssumed && kept && on != usual {
			own[s.Name] = types.BoolValue(on)
		}
	}
	return own
}

// leastTTL is what to override at an operator that holds no such RRset yet and could not store its TTL. What another
// operator holds is held.
func (d *shared) leastTTL(ctx context.Context, name string, held operator.RRset, ttl uint32) map[string]attr.Value {
	want := operator.RRset{RRset: held.RRset}
	want.TTL = ttl
	if !d.operators[name].ZoneMatters(want, 0) {
		return nil
	}
	limits, err := d.walk.Zone(ctx, name, held.Zone)
	if err != nil || ttl >= limits.MinimumTTL {
		return nil // the write will say what it does not like
	}
	return map[string]attr.Value{"ttl": types.Int64Value(int64(limits.MinimumTTL))}
}

// ownTTL is what to override at an operator whose TTL is another one: where an operator has a minimum that is the rule,
// and no fault to be mended.
func ownTTL(ttl, usual uint32) map[string]attr.Value {
	if ttl == usual || ttl < minTTL {
		return map[string]attr.Value{}
	}
	return map[string]attr.Value{"ttl": types.Int64Value(int64(ttl))}
}

// override is an override with these attributes, null without any.
func override(null types.Object, own map[string]attr.Value) types.Object {
	if len(own) == 0 {
		return null
	}
	attributes := null.AttributeTypes(context.Background())
	for name, t := range attributes {
		if own[name] == nil {
			own[name] = nullOf(t)
		}
	}
	return types.ObjectValueMust(attributes, own)
}

// nullOf is the null of an attribute of an override.
func nullOf(t attr.Type) attr.Value {
	switch t {
	case types.BoolType:
		return types.BoolNull()
	case types.Int64Type:
		return types.Int64Null()
	case types.StringType:
		return types.StringNull()
	}
	return types.SetNull(types.StringType)
}
