package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
)

var (
	_ resource.ResourceWithConfigure      = (*zoneRecordsResource)(nil)
	_ resource.ResourceWithImportState    = (*zoneRecordsResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*zoneRecordsResource)(nil)
	_ resource.ResourceWithValidateConfig = (*zoneRecordsResource)(nil)
)

// zoneRecordsResource is multidns_zone_records: many RRsets of one zone. Each goes through the code of multidns_record;
// what arrives together leaves together, so one resource is one bulk request to each operator.
type zoneRecordsResource struct{ baseResource }

func newZoneRecordsResource() resource.Resource { return &zoneRecordsResource{} }

func (r *zoneRecordsResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_zone_records"
}

func (r *zoneRecordsResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = zoneRecordsSchema()
}

func (r *zoneRecordsResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config zoneRecordsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	list, _ := config.entries(&resp.Diagnostics)
	for _, e := range list {
		r.validate(ctx, &e.model, &e.diags, e.declared())
		e.report(&resp.Diagnostics)
	}
}

func (r *zoneRecordsResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state zoneRecordsModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || r.shared == nil {
		return
	}
	r.shared.refreshing()
	list := state.inState(ctx, r.shared, &resp.Diagnostics)
	before := readEntryOwnership(ctx, req.Private, list, &resp.Diagnostics)
	if list = r.shared.adoptAll(ctx, list, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	inTurns(list, func(e *entry) {
		e.ownership = r.shared.read(ctx, &e.model, e.declared(), e.ownership, &e.diags)
	})
	reportAll(list, &resp.Diagnostics)
	state.fill(list)
	writeEntryOwnership(ctx, resp.Private, before, list, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
}
