package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// importedModel is the state of an RRset of which only the key is known. ttl is
// the one to declare where no operator has one.
func importedModel(key rrset.Key, ttl int64, withValues bool) replicaModel {
	identity := identityOf(key)
	return replicaModel{
		Cloudflare: types.ObjectNull(attributeTypes(cloudflareAttribute(withValues))),
		Desec:      types.ObjectNull(attributeTypes(desecAttribute(withValues))),
		ID:         types.StringValue(key.ID()), FQDN: types.StringValue(key.Name),
		Zone: identity.Zone, Name: identity.Name, Type: identity.Type, TTL: types.Int64Value(ttl),
		Operators: types.MapNull(holdingType), Overwrite: types.BoolValue(false),
	}
}

// imported fills the TTL of an imported RRset, with those of operators that
// differ, and returns what the first operator that holds it has.
func (d *shared) imported(ctx context.Context, m *replicaModel, diags *diag.Diagnostics) *operator.RRset {
	key, known := m.key(diags)
	if !known {
		return nil
	}
	observed := d.walk.Observe(ctx, key)
	for _, name := range operatorNames {
		if o := observed[name]; o.Err != nil {
			d.reportUnreadCreation(m, name, o.Err, diags)
		}
	}
	if diags.HasError() {
		return nil
	}
	var first *operator.RRset
	for _, name := range operatorNames {
		held := observed[name].Held
		// A proxied record has no TTL of its own; another operator's is better.
		if held != nil && (first == nil || first.TTL < minTTL) {
			first = held
		}
	}
	if first == nil {
		diags.AddError("RRset does not exist", fmt.Sprintf(
			"No operator that answered holds %s in zone %s. Declare it and apply: it is then created at every operator.", key, key.Zone))
		return nil
	}
	if first.TTL >= minTTL {
		m.TTL = types.Int64Value(int64(first.TTL))
	}
	if held := observed[nameCloudflare].Held; held != nil {
		own := ownTTL(held.TTL, first.TTL)
		if held.Settings.Proxied != nil && *held.Settings.Proxied {
			own["proxied"] = types.BoolValue(true)
		}
		m.Cloudflare = override(m.Cloudflare, own)
	}
	switch o := observed[nameDesec]; {
	case o.Held != nil:
		m.Desec = override(m.Desec, ownTTL(o.Held.TTL, first.TTL))
	case o.Err == nil:
		m.Desec = override(m.Desec, d.leastTTL(ctx, nameDesec, key.Zone, m.TTL.ValueInt64()))
	}
	return first
}

// leastTTL is what to override at an operator that holds no such RRset yet and
// could not store its TTL.
func (d *shared) leastTTL(ctx context.Context, name, zone string, ttl int64) map[string]attr.Value {
	limits, err := d.walk.Zone(ctx, name, zone)
	if err != nil || ttl >= int64(limits.MinimumTTL) {
		return nil // the write will say what it does not like
	}
	return map[string]attr.Value{"ttl": types.Int64Value(int64(limits.MinimumTTL))}
}

// ownTTL is what to override at an operator whose TTL is another one: where an
// operator has a minimum that is the rule, and no fault to be mended.
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
