package provider

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// The words of operators[*].status.
const (
	statusInSync      = "in_sync"
	statusOutOfSync   = "out_of_sync"
	statusUnreachable = "unreachable"
)

// holding is one element of the attribute operators: what an operator was last seen to hold, and how that compares with
// what is declared.
type holding struct {
	Status  types.String `tfsdk:"status"`
	TTL     types.Int64  `tfsdk:"ttl"`
	Values  types.Set    `tfsdk:"values"`
	Message types.String `tfsdk:"message"`
}

// holdings are the attribute operators, by operator name.
type holdings map[string]holding

var holdingType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"status": types.StringType, "ttl": types.Int64Type,
	"values": types.SetType{ElemType: types.StringType}, "message": types.StringType,
}}

func operatorsAttribute() schema.MapNestedAttribute {
	return schema.MapNestedAttribute{
		Computed:            true,
		MarkdownDescription: "What each operator was last seen to hold, by operator: " + quotedNames(", ") + ".",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"message": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Why the status is not `in_sync`; null when there is nothing to say. It stays the same from run to run while the cause does.",
			},
			"status": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "`in_sync`; `out_of_sync`: drifted, missing, or a write could not be delivered; `unreachable`: it could not be read this time, and the last observation equals what is declared.",
			},
			"ttl": schema.Int64Attribute{
				Computed:            true,
				MarkdownDescription: "The observed TTL in seconds, null when the operator holds no such RRset." + shown("ttl"),
			},
			"values": schema.SetAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "The observed values in canonical form, null when the operator holds no such RRset.",
			},
		}},
	}
}

// noZone is the message where an operator does not know the zone.
const noZone = "missing: the operator has no such zone, or none that the token can see"

// heldAs is what an operator holds, or that it holds nothing; the status is for the caller to say.
func heldAs(r *operator.RRset) holding {
	if r == nil {
		return holding{TTL: types.Int64Null(), Values: types.SetNull(types.StringType)}
	}
	return holding{TTL: types.Int64Value(int64(r.TTL)), Values: stringSet(r.Values)}
}

func (h holding) inSync() holding {
	h.Status = types.StringValue(statusInSync)
	return h
}

// seen is the holding of an operator that answered.
func seen(want operator.RRset, held *operator.RRset) holding {
	h := heldAs(held)
	switch difference := replica.Drift(want, held); {
	case held == nil:
		return h.outOfSync("missing: the operator holds no such RRset; the next apply creates it")
	case difference != "":
		return h.outOfSync("drifted: " + difference)
	}
	return h.inSync()
}

// besides is h, which is missing, where what an operator holds at the name under other types keeps the RRset out. Whose
// that is is not said: it may be on its way out.
func (h holding) besides(key rrset.Key, others []operator.RRset) holding {
	var types []string
	for _, other := range others {
		if key.Excludes(other.Key) {
			types = append(types, other.Type)
		}
	}
	if len(types) == 0 {
		return h
	}
	slices.Sort(types)
	return h.outOfSync(fmt.Sprintf(
		"missing: the operator holds %s at the name, which it cannot stand beside; an apply creates it when that is there no more", operator.And(types)))
}

// unread is the holding of an operator that did not answer: the last observation stands, and what was owed stays owed.
func (h holding) unread(err error) holding {
	if h.Status.ValueString() == statusOutOfSync {
		return h
	}
	if h.Status.IsNull() { // never seen: just imported
		h = heldAs(nil)
	}
	h.Status = types.StringValue(statusUnreachable)
	h.Message = types.StringValue("could not be read: " + operator.Reason(err))
	return h
}

// effective is what the operators will show of what is wanted; that itself while there are none.
func (d *shared) effective(want replica.Desired) replica.Desired {
	if d == nil {
		return want
	}
	shown := replica.Desired{}
	for name, w := range want {
		shown[name] = d.walk.Effective(name, w)
	}
	return shown
}

// hasTTL reports whether the TTL held is the wanted one.
func (h holding) hasTTL(want operator.RRset) bool {
	return !h.TTL.IsNull() && !h.TTL.IsUnknown() && h.TTL.ValueInt64() == int64(want.TTL)
}

func (h holding) outOfSync(message string) holding {
	h.Status = types.StringValue(statusOutOfSync)
	h.Message = types.StringValue(message)
	return h
}

// unpublished is the message of an RRset that is stored and not served.
const unpublished = "stored, and not handed to the operator's name servers; the next apply makes it publish"

// inDoubt is the message of an RRset that is as declared while an earlier write was not answered.
const inDoubt = "in doubt: an earlier write was not answered and may still be carried out; the next apply writes, so that nothing comes after it"

// succeeded is the message of an RRset that stays in the state because it could not be deleted elsewhere.
const succeeded = "kept: another resource declares what cannot stand beside it, and replaces it"

// handedOver is the message of an RRset that stays in the state because of former types alone.
const handedOver = "handed over: another resource has the RRset; here it is gone once what is left of former types is deleted"

// notReplaced is the message where former types of an RRset are still held.
func notReplaced(former map[string]bool) string {
	types := slices.Sorted(maps.Keys(former))
	if len(types) == 1 {
		return "owed: the RRset of the former type " + types[0] + " is still there; the next apply replaces it"
	}
	return "owed: the RRsets of the former types " + operator.And(types) + " are still there; the next apply replaces them"
}

// after is the holding that an operation leaves behind. h is what was known before.
func (h holding) after(want operator.RRset, o replica.Outcome) holding {
	next := h
	if h.Status.IsUnknown() || h.Status.IsNull() {
		next = heldAs(nil)
	}
	if o.Known {
		next = seen(want, o.Held)
	}
	if h.hasTTL(want) {
		next.TTL = h.TTL // as it was planned
	}
	switch {
	case o.Err != nil:
		return next.outOfSync(owedWrite(o.Err))
	case o.Unpublished && next.Status.ValueString() == statusInSync:
		return next.outOfSync(unpublished)
	}
	return next
}

// owedWrite says of a write that went wrong what the next apply makes of it.
func owedWrite(err error) string {
	if operator.AsRefusal(err) != nil {
		return "owed: the operator " + operator.Reason(err) + "; each apply sends it again"
	}
	if conflict, ok := errors.AsType[*replica.ConflictError](err); ok {
		return "owed: " + standsThere(conflict.Operator, conflict) + "; each apply tries it again"
	}
	return "owed: the write could not be delivered (" + operator.Reason(err) + "); the next apply that reaches the operator completes it"
}

// kept is the holding of what was not deleted: as before, unless whoever was to take it over has changed it.
func (h holding) kept(o replica.Outcome) holding {
	if !o.Known {
		return h
	}
	now := heldAs(o.Held)
	if now.TTL.Equal(h.TTL) && now.Values.Equal(h.Values) {
		return h
	}
	return now.outOfSync("drifted: changed for another resource, which could not take it over everywhere")
}

// inSync is false while something is owed.
func (hs holdings) inSync() bool { return len(hs.owed()) == 0 }

// owed are the operators that are out of sync.
func (hs holdings) owed() map[string]bool {
	owed := map[string]bool{}
	for name, h := range hs {
		if h.Status.ValueString() == statusOutOfSync {
			owed[name] = true
		}
	}
	return owed
}

// same reports whether every operator holds what it should.
func (hs holdings) same() bool {
	for _, h := range hs {
		if h.Status.ValueString() != statusInSync {
			return false
		}
	}
	return true
}

// planned are the holdings with everything unknown that a write may change, or one that fails. Where a TTL is held that
// is wanted as well, it stays.
func (hs holdings) planned(writes map[string]bool, want replica.Desired) holdings {
	next := maps.Clone(hs)
	if next == nil {
		next = holdings{}
	}
	for name := range writes {
		h := holding{
			Status: types.StringUnknown(), TTL: types.Int64Unknown(),
			Values: types.SetUnknown(types.StringType), Message: types.StringUnknown(),
		}
		if w, known := want[name]; known && hs[name].hasTTL(w) {
			h.TTL = hs[name].TTL
		}
		next[name] = h
	}
	return next
}

// value converts to the attribute. It and readHoldings do so by hand: a map of RRsets goes through here a thousand
// times in a plan, and the framework's reflection costs ten times as much.
func (hs holdings) value() types.Map {
	elements := make(map[string]attr.Value, len(hs))
	for name, h := range hs {
		if h.Values.IsNull() { // of any element type, so the zero value too
			h.Values = types.SetNull(types.StringType)
		}
		elements[name] = types.ObjectValueMust(holdingType.AttrTypes, map[string]attr.Value{
			"status": h.Status, "ttl": h.TTL, "values": h.Values, "message": h.Message,
		})
	}
	return types.MapValueMust(holdingType, elements)
}

// readHoldings converts from the attribute; an unknown or null one is empty.
func readHoldings(m types.Map) holdings {
	hs := holdings{}
	for name, element := range m.Elements() {
		object, _ := element.(basetypes.ObjectValue)
		attributes := object.Attributes()
		var h holding
		h.Status, _ = attributes["status"].(basetypes.StringValue)
		h.TTL, _ = attributes["ttl"].(basetypes.Int64Value)
		h.Values, _ = attributes["values"].(basetypes.SetValue)
		h.Message, _ = attributes["message"].(basetypes.StringValue)
		hs[name] = h
	}
	return hs
}
