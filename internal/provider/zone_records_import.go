package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// mapImportForm is how to name a map of RRsets in an import. One of a single RRset is named as the resource for one is.
// An import does not see the configuration, and to take all RRsets of the zone would be to delete those that it does
// not declare (design/map-import.md).
const mapImportForm = "zone/name/type,name/type and so on, with the keys of records: for example example.com/www/A,@/MX"

// ImportState takes the keys; Read finds the rest.
func (r *zoneRecordsResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	zone, keys, _ := strings.Cut(req.ID, "/")
	canonical, err := rrset.CanonicalZone(zone)
	if err != nil || keys == "" {
		resp.Diagnostics.AddError("Invalid import identifier", "Expected "+mapImportForm+".")
		return
	}
	elements := map[string]attr.Value{}
	for spelled := range strings.SplitSeq(keys, ",") {
		elements[strings.TrimSpace(spelled)] = entryModel{
			overrides: noOverrides(true), TTL: types.Int64Value(recordTTL), Values: types.SetNull(types.StringType),
		}.value()
	}
	state := zoneRecordsModel{
		Zone: types.StringValue(strings.TrimSuffix(canonical, ".")), Records: types.MapValueMust(entryType(), elements), Overwrite: types.BoolValue(false),
	}
	list, _ := state.entries(&resp.Diagnostics)
	for _, e := range list {
		if err := rrset.CheckType(e.key.Type); err != nil {
			resp.Diagnostics.AddError("Invalid import identifier", fmt.Sprintf("In the key %q: %s.", e.spelled, err))
		}
	}
	if resp.Diagnostics.HasError() {
		return
	}
	state.ID, state.InSync, state.Differences = state.Zone, types.BoolValue(true), types.MapValueMust(entryDifferenceType, map[string]attr.Value{})
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
}

// imported reports whether of the entry no more is known than its key.
func (e *entry) imported() bool { return e.set.IsNull() }

// adoptAll fills the imported entries with what the operators hold and returns those that exist. The others stay out of
// the state, and the plan creates them.
func (d *shared) adoptAll(ctx context.Context, list []*entry, diags *diag.Diagnostics) []*entry {
	inTurns(list, func(e *entry) {
		if !e.imported() {
			return
		}
		held, unread := d.imported(ctx, &e.model, &e.diags)
		if held != nil {
			e.set = stringSet(held.Values)
		}
		e.unread = unread
	})
	reportAll(list, diags)
	for _, e := range list {
		e.diags = nil // said
	}
	existing := slices.DeleteFunc(slices.Clone(list), (*entry).imported)
	if len(existing) == 0 && len(list) > 0 && !diags.HasError() {
		reportAbsent(list[0].key, list[0].unread, diags)
	}
	return existing
}

// importID names the map in an import, for advice; empty where it is too long for a line.
func (m *zoneRecordsModel) importID() string {
	const most = 500
	id := strings.TrimSuffix(m.Zone.ValueString(), ".") + "/" + strings.Join(slices.Sorted(maps.Keys(m.Records.Elements())), ",")
	if len(id) > most {
		return ""
	}
	return id
}

// offerImport lets a conflict advise to import the whole map: one that is in the state already cannot be.
func offerImport(list []*entry, id string) {
	for _, e := range list {
		e.model.importID = id
	}
}
