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

	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

type zoneRecordsModel struct {
	Differences types.Map    `tfsdk:"differences"`
	ID          types.String `tfsdk:"id"`
	InSync      types.Bool   `tfsdk:"in_sync"`
	OnOutage    types.String `tfsdk:"on_outage"`
	Overwrite   types.Bool   `tfsdk:"overwrite"`
	Records     types.Map    `tfsdk:"records"`
	Zone        types.String `tfsdk:"zone"`
}

type entryModel struct {
	overrides operatorObjects
	TTL       types.Int64
	Values    types.Set
}

// entry is one RRset of the resource, in the shape of a resource of its own, so that it goes through the same code.
type entry struct {
	// spelled is the key of the map as the user wrote it.
	spelled   string
	key       rrset.Key
	model     replicaModel
	set       types.Set
	ownership replica.Ownership
	// settled: of the state, and every operator holds it as it is declared there; stayed: of a plan, and nothing of
	// that changes.
	settled, stayed bool
	// room is where the plan saw room for it.
	room replica.Room
	// left: an operator could not take back what it made of it.
	left   bool
	unread []string // the titles of the operators that could not be read when it was imported
	diags  diag.Diagnostics
}

func (e *entry) declared() values {
	v := readValues(path.Root("values"), e.set)
	v.known = v.known && !e.imported() // with -refresh=false nobody has read them yet
	return v
}

// entries reads the map; known is false while the map or the zone is not known. Keys that cannot be read, or mean the
// same RRset, are errors.
func (m *zoneRecordsModel) entries(diags *diag.Diagnostics) (list []*entry, known bool) {
	if m.Records.IsUnknown() || m.Zone.IsUnknown() {
		return nil, false
	}
	elements := m.Records.Elements()
	for _, element := range elements {
		if element.IsUnknown() {
			return nil, false
		}
	}
	spellings := map[rrset.Key]string{}
	for _, spelled := range slices.Sorted(maps.Keys(elements)) {
		at := path.Root("records").AtMapKey(spelled)
		if elements[spelled].IsNull() {
			diags.AddAttributeError(at, "Nothing is declared", fmt.Sprintf("The value of %q is null. Give it values, or leave the key out.", spelled))
			continue
		}
		e, err := m.entry(spelled, readEntry(elements[spelled]))
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

// inState are the entries of a state, with what the operators were last seen to hold: what differences does not name is
// held as it is declared.
func (m *zoneRecordsModel) inState(ctx context.Context, d *shared, diags *diag.Diagnostics) []*entry {
	list, _ := m.entries(diags)
	differences := m.Differences.Elements()
	for _, e := range list {
		if different, ok := differences[e.spelled].(basetypes.ObjectValue); ok {
			e.model.Operators, _ = different.Attributes()["operators"].(basetypes.MapValue)
			continue
		}
		if want, known := e.model.desired(ctx, e.declared(), &diag.Diagnostics{}); known {
			e.model.Operators, e.settled = d.asDeclared(want).value(), true
		}
	}
	return list
}

// stays reports whether the entry is declared as it was and held so by all: nothing has to be decided. Of a map of a
// thousand that is nearly all.
func (e *entry) stays(was *entry) bool {
	return was != nil && was.settled && was.ownership.None() && was.key == e.key &&
		e.model.TTL.Equal(was.model.TTL) && e.set.Equal(was.set) && e.model.overrides.equal(was.model.overrides)
}

// contested reports whether another address declares the RRset, or what cannot stand beside it, or gives it up.
func (d *shared) contested(key rrset.Key) bool {
	return d != nil && (d.declared.of(key) != 1 || len(d.declared.beside(key)) > 0 || d.walk.Leaves(key))
}

// asDeclared are the holdings of operators that hold what they should.
func (d *shared) asDeclared(want replica.Desired) holdings {
	hs := holdings{}
	for name, w := range d.effective(want) {
		hs[name] = seen(w, &w)
	}
	return hs
}

// readEntry reads an element of records. It does so by hand: the framework's reflection over a thousand of them costs
// more than all the rest of a plan.
func readEntry(element attr.Value) entryModel {
	object, _ := element.(basetypes.ObjectValue)
	attributes := object.Attributes()
	e := entryModel{overrides: operatorObjects{}}
	for _, name := range operatorNames() {
		e.overrides[name], _ = attributes[name].(basetypes.ObjectValue)
	}
	e.TTL, _ = attributes["ttl"].(basetypes.Int64Value)
	e.Values, _ = attributes["values"].(basetypes.SetValue)
	return e
}

func (e entryModel) value() attr.Value {
	attributes := map[string]attr.Value{"ttl": e.TTL, "values": e.Values}
	for name, object := range e.overrides {
		attributes[name] = object
	}
	return types.ObjectValueMust(entryType().AttrTypes, attributes)
}

// keepSpelling plans what means the same as before as it is in the state, each by itself (spelling.go).
func (m *zoneRecordsModel) keepSpelling(prior *zoneRecordsModel) {
	if m.Records.IsUnknown() {
		return
	}
	elements, before := m.Records.Elements(), prior.Records.Elements()
	for spelled, element := range elements {
		was, there := before[spelled]
		if !there || element.IsUnknown() || element.IsNull() || element.Equal(was) {
			continue
		}
		e, p := readEntry(element), readEntry(was)
		typ := strings.ToUpper(spelled[strings.LastIndex(spelled, "/")+1:])
		e.Values = keepValues(typ, e.Values, p.Values)
		for name, override := range e.overrides {
			e.overrides[name] = keepObject(override, p.overrides[name], typ)
		}
		elements[spelled] = e.value()
	}
	m.Records = types.MapValueMust(entryType(), elements)
}

// withDefaults are the records of a configuration with what they leave out.
func withDefaults(records types.Map) types.Map {
	if records.IsUnknown() || records.IsNull() {
		return records
	}
	elements := records.Elements()
	for spelled, element := range elements {
		if e := readEntry(element); e.TTL.IsNull() && !element.IsUnknown() && !element.IsNull() {
			e.TTL = types.Int64Value(recordTTL)
			elements[spelled] = e.value()
		}
	}
	return types.MapValueMust(entryType(), elements)
}

// entry reads one element.
func (m *zoneRecordsModel) entry(spelled string, declared entryModel) (*entry, error) {
	slash := strings.LastIndex(spelled, "/")
	if slash < 0 {
		return nil, fmt.Errorf("expected name/type, for example www/A, or @/MX at the apex; received %q", spelled)
	}
	key, err := newKey(m.Zone.ValueString(), spelled[:slash], spelled[slash+1:])
	if err != nil {
		return nil, fmt.Errorf("in the key %q: %w", spelled, err)
	}
	e := &entry{spelled: spelled, key: key, set: declared.Values}
	e.model = replicaModel{
		overrides: declared.overrides, inMap: true, TTL: declared.TTL,
		Zone: m.Zone, Name: types.StringValue(spelled[:slash]), Type: types.StringValue(spelled[slash+1:]),
		OnOutage: m.OnOutage, Overwrite: m.Overwrite,
		ID: types.StringValue(key.ID()), FQDN: types.StringValue(key.Name), Operators: types.MapNull(holdingType),
	}
	return e, nil
}

// fill sets records, differences and in_sync from entries.
func (m *zoneRecordsModel) fill(list []*entry) {
	records, differences := map[string]attr.Value{}, map[string]attr.Value{}
	m.InSync, m.Differences = types.BoolValue(true), types.MapUnknown(entryDifferenceType)
	open := false
	for _, e := range list {
		records[e.spelled] = entryModel{overrides: e.model.overrides, TTL: e.model.TTL, Values: e.set}.value()
		if e.stayed {
			continue
		}
		hs, known := e.holdings()
		open = open || !known
		if known && !hs.same() {
			differences[e.spelled] = types.ObjectValueMust(entryDifferenceType.AttrTypes, map[string]attr.Value{"operators": e.model.Operators})
			m.InSync = types.BoolValue(m.InSync.ValueBool() && hs.inSync())
		}
	}
	m.Records = types.MapValueMust(entryType(), records)
	if open {
		// Which keys differences will have depends on what becomes of the writes.
		m.InSync = types.BoolUnknown()
	} else {
		m.Differences = types.MapValueMust(entryDifferenceType, differences)
	}
	if key, err := rrset.CanonicalZone(m.Zone.ValueString()); err == nil {
		m.ID = types.StringValue(strings.TrimSuffix(key, "."))
	}
}

// holdings are what the operators hold; known is false while a write may change them.
func (e *entry) holdings() (hs holdings, known bool) {
	if e.model.Operators.IsUnknown() {
		return nil, false
	}
	hs = readHoldings(e.model.Operators)
	for _, h := range hs {
		if h.Status.IsUnknown() {
			return nil, false
		}
	}
	return hs, true
}

// report moves an entry's diagnostics to where the user wrote it.
func (e *entry) report(diags *diag.Diagnostics) {
	for _, d := range e.diags {
		e.reportOne(d, diags)
	}
}

func (e *entry) reportOne(d diag.Diagnostic, diags *diag.Diagnostics) {
	if located, ok := d.(diag.DiagnosticWithPath); ok {
		d = diag.WithPath(e.locate(located.Path()), d)
	}
	diags.Append(d)
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
