package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

type zoneRecordsModel struct {
	ID        types.String `tfsdk:"id"`
	InSync    types.Bool   `tfsdk:"in_sync"`
	OnOutage  types.String `tfsdk:"on_outage"`
	Overwrite types.Bool   `tfsdk:"overwrite"`
	Records   types.Map    `tfsdk:"records"`
	RRsets    types.Map    `tfsdk:"rrsets"`
	Zone      types.String `tfsdk:"zone"`
}

type entryModel struct {
	overrides operatorObjects
	TTL       types.Int64 `tfsdk:"ttl"`
	Values    types.Set   `tfsdk:"values"`
}

func (m *entryModel) operatorObjects() *operatorObjects { return &m.overrides }

type heldModel struct {
	FQDN      types.String `tfsdk:"fqdn"`
	InSync    types.Bool   `tfsdk:"in_sync"`
	Operators types.Map    `tfsdk:"operators"`
}

// entry is one RRset of the resource, in the shape of a resource of its own,
// so that it goes through the same code.
type entry struct {
	// spelled is the key of the map as the user wrote it.
	spelled string
	key     rrset.Key
	model   replicaModel
	set     types.Set
	claims  claims
	// failed: nothing of it is to be kept in state.
	failed bool
	diags  diag.Diagnostics
}

func (e *entry) declared() values { return readValues(path.Root("values"), e.set) }

// entries reads the map; known is false while the map or the zone is not
// known. Keys that cannot be read, or mean the same RRset, are errors.
func (m *zoneRecordsModel) entries(ctx context.Context, diags *diag.Diagnostics) (list []*entry, known bool) {
	if m.Records.IsUnknown() || m.Zone.IsUnknown() {
		return nil, false
	}
	for _, element := range m.Records.Elements() {
		if element.IsUnknown() {
			return nil, false
		}
	}
	declared, held := map[string]entryModel{}, map[string]heldModel{}
	for spelled, element := range m.Records.Elements() {
		var e entryModel
		object, _ := element.(basetypes.ObjectValue)
		diags.Append(splitObject(ctx, object, &e)...)
		declared[spelled] = e
	}
	if !m.RRsets.IsNull() && !m.RRsets.IsUnknown() {
		diags.Append(m.RRsets.ElementsAs(ctx, &held, false)...)
	}
	spellings := map[rrset.Key]string{}
	for _, spelled := range slices.Sorted(maps.Keys(declared)) {
		at := path.Root("records").AtMapKey(spelled)
		e, err := m.entry(spelled, declared[spelled], held[spelled])
		if err != nil {
			diags.AddAttributeError(at, "Invalid key", err.Error())
			continue
		}
		if twin, twice := spellings[e.key]; twice {
			diags.AddAttributeError(at, "RRset declared twice", fmt.Sprintf(
				"The keys %q and %q both mean %s: declare all its values under one of them.", twin, spelled, e.key))
			continue
		}
		spellings[e.key] = spelled
		list = append(list, e)
	}
	return list, !diags.HasError()
}

// entry reads one element.
func (m *zoneRecordsModel) entry(spelled string, declared entryModel, held heldModel) (*entry, error) {
	slash := strings.LastIndex(spelled, "/")
	if slash < 0 {
		return nil, fmt.Errorf("expected name/type, for example www/A, or @/MX at the apex; received %q", spelled)
	}
	key, err := rrset.NewKey(m.Zone.ValueString(), spelled[:slash], spelled[slash+1:])
	if err != nil {
		return nil, fmt.Errorf("in the key %q: %w", spelled, err)
	}
	e := &entry{spelled: spelled, key: key, set: declared.Values}
	e.model = replicaModel{
		overrides: declared.overrides, TTL: declared.TTL,
		Zone: m.Zone, Name: types.StringValue(spelled[:slash]), Type: types.StringValue(spelled[slash+1:]),
		OnOutage: m.OnOutage, Overwrite: m.Overwrite,
		ID: types.StringValue(key.ID()), FQDN: held.FQDN, InSync: held.InSync, Operators: held.Operators,
	}
	if held.Operators.IsNull() {
		e.model.Operators = types.MapNull(holdingType)
	}
	return e, nil
}

// fill sets both maps and in_sync from entries.
func (m *zoneRecordsModel) fill(ctx context.Context, list []*entry, diags *diag.Diagnostics) {
	kind := entryType()
	declared, held := map[string]attr.Value{}, map[string]heldModel{}
	m.InSync = types.BoolValue(true)
	for _, e := range list {
		object, d := joinObject(ctx, kind.AttrTypes, &entryModel{overrides: e.model.overrides, TTL: e.model.TTL, Values: e.set})
		diags.Append(d...)
		declared[e.spelled] = object
		held[e.spelled] = heldModel{FQDN: e.model.FQDN, InSync: e.model.InSync, Operators: e.model.Operators}
		switch {
		case e.model.InSync.IsUnknown():
			m.InSync = types.BoolUnknown()
		case !m.InSync.IsUnknown() && !e.model.InSync.ValueBool():
			m.InSync = types.BoolValue(false)
		}
	}
	records, d := types.MapValue(kind, declared)
	diags.Append(d...)
	rrsets, d := types.MapValueFrom(ctx, heldType, held)
	diags.Append(d...)
	m.Records, m.RRsets = records, rrsets
	if key, err := rrset.CanonicalZone(m.Zone.ValueString()); err == nil {
		m.ID = types.StringValue(strings.TrimSuffix(key, "."))
	}
}

// report moves an entry's diagnostics to where the user wrote it.
func (e *entry) report(diags *diag.Diagnostics) {
	for _, d := range e.diags {
		located, ok := d.(diag.DiagnosticWithPath)
		if !ok {
			diags.Append(d)
			continue
		}
		diags.Append(diag.WithPath(e.locate(located.Path()), d))
	}
}

// locate is where the user wrote an attribute of an entry.
func (e *entry) locate(own path.Path) path.Path {
	at := path.Root("records").AtMapKey(e.spelled)
	switch {
	case own.Equal(path.Root("zone")), own.Equal(path.Root("overwrite")), own.Equal(path.Root("on_outage")):
		return own
	case own.Equal(path.Root("name")), own.Equal(path.Root("type")):
		return at
	}
	for _, step := range own.Steps() {
		at = atStep(at, step)
	}
	return at
}

func atStep(at path.Path, step path.PathStep) path.Path {
	switch step := step.(type) {
	case path.PathStepAttributeName:
		return at.AtName(string(step))
	case path.PathStepElementKeyInt:
		return at.AtListIndex(int(step))
	case path.PathStepElementKeyString:
		return at.AtMapKey(string(step))
	}
	return at
}

// byKey finds entries by what they mean.
func byKey(list []*entry) map[rrset.Key]*entry {
	index := map[rrset.Key]*entry{}
	for _, e := range list {
		index[e.key] = e
	}
	return index
}
