package provider

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// An argument that means what it meant before is planned as it is in the state, so that another spelling is no
// difference. Each is judged by itself and with what the state says of the rest: while one of them is not known, the
// plan of the others must be that which is made again right before the apply (design/unknown-values.md).

// keepKey does so for zone and owner name. The name is read in the zone of the state: the zone may not be known.
func (m *replicaModel) keepKey(prior *replicaModel) {
	named, known := ownerOf(&replicaModel{Zone: prior.Zone, Name: m.Name})
	if before, priorKnown := ownerOf(prior); known && priorKnown && named == before {
		m.Name = prior.Name
	}
	if !m.Zone.IsUnknown() && sameZone(m.Zone, prior.Zone) {
		m.Zone = prior.Zone
	}
}

// keepSpelling does so for what else the resources have in common.
func (m *replicaModel) keepSpelling(prior *replicaModel) {
	if strings.EqualFold(m.Type.ValueString(), prior.Type.ValueString()) && !m.Type.IsUnknown() {
		m.Type = prior.Type
	}
	for name, override := range m.overrides {
		m.overrides = m.overrides.with(name, keepObject(override, prior.overrides[name], prior.Type.ValueString()))
	}
}

// ownerOf is zone and owner name. The type does not matter, so one that every name can have stands in for it.
func ownerOf(m *replicaModel) (rrset.Key, bool) {
	if m.Zone.IsUnknown() || m.Name.IsUnknown() {
		return rrset.Key{}, false
	}
	key, err := rrset.NewKey(m.Zone.ValueString(), m.Name.ValueString(), "TXT")
	return key, err == nil
}

// keepObject does so for an override.
func keepObject(now, prior types.Object, typ string) types.Object {
	if now.IsNull() || now.IsUnknown() || prior.IsNull() {
		return now
	}
	attributes := now.Attributes()
	if set, ok := attributes["values"].(basetypes.SetValue); ok {
		was, _ := prior.Attributes()["values"].(basetypes.SetValue)
		attributes["values"] = keepValues(typ, set, was)
	}
	return types.ObjectValueMust(now.AttributeTypes(context.Background()), attributes)
}

// keepValues does so for values. The type is that in the state.
func keepValues(typ string, now, prior types.Set) types.Set {
	if sameValues(typ, now, prior) {
		return prior
	}
	return now
}

// keepTargets does so for the targets of a router, and keeps their health as it was first seen: what it is today
// decides, and is a difference only if the decision is another one. A health that was never known is kept as false,
// because a null in the state could not stay where one is declared later.
func keepTargets(typ string, now, prior types.List) types.List {
	if now.IsNull() || now.IsUnknown() {
		return now
	}
	kept, before := now.Elements(), prior.Elements()
	for i, element := range kept {
		target, ok := element.(basetypes.ObjectValue)
		if !ok || target.IsUnknown() || target.IsNull() {
			continue
		}
		was := map[string]attr.Value{}
		if i < len(before) {
			object, _ := before[i].(basetypes.ObjectValue)
			was = object.Attributes()
		}
		kept[i] = keepTarget(typ, target.Attributes(), was)
	}
	return types.ListValueMust(targetType, kept)
}

func keepTarget(typ string, now, was map[string]attr.Value) attr.Value {
	values, _ := now["values"].(basetypes.SetValue)
	if before, ok := was["values"].(basetypes.SetValue); ok {
		now["values"] = keepValues(typ, values, before)
	}
	switch before, ok := was["healthy"]; {
	case ok && !before.IsNull():
		now["healthy"] = before
	case now["healthy"].IsNull():
		now["healthy"] = types.BoolValue(false)
	}
	return types.ObjectValueMust(targetType.AttrTypes, now)
}

// keepClock keeps evaluated_at as it was first written: switched_at and failback_since hold the clock that counted.
// What was not there, or goes away, is as it is declared.
func keepClock(now, prior types.String) types.String {
	if now.IsNull() || now.IsUnknown() || prior.IsNull() {
		return now
	}
	return prior
}

// sameValues reports whether two sets of values mean the same.
func sameValues(typ string, a, b types.Set) bool {
	if a.Equal(b) {
		return true
	}
	left, right := readValues(path.Empty(), a), readValues(path.Empty(), b)
	if !left.known || !right.known || a.IsNull() || b.IsNull() {
		return false
	}
	canonicalLeft, errLeft := rrset.CanonicalValues(typ, left.items)
	canonicalRight, errRight := rrset.CanonicalValues(typ, right.items)
	return errLeft == nil && errRight == nil && slices.Equal(canonicalLeft, canonicalRight)
}

// sameZone reports whether two names mean the same zone.
func sameZone(a, b types.String) bool {
	left, errLeft := rrset.CanonicalZone(a.ValueString())
	right, errRight := rrset.CanonicalZone(b.ValueString())
	return errLeft == nil && errRight == nil && left == right
}
