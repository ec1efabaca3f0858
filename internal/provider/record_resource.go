package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var (
	_ resource.ResourceWithConfigure      = (*recordResource)(nil)
	_ resource.ResourceWithIdentity       = (*recordResource)(nil)
	_ resource.ResourceWithImportState    = (*recordResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*recordResource)(nil)
	_ resource.ResourceWithValidateConfig = (*recordResource)(nil)
)

// recordResource is multidns_record: one RRset, identical at every operator.
type recordResource struct{ replicaResource }

type recordModel struct {
	replicaModel
	Values types.Set `tfsdk:"values"`
}

func newRecordResource() resource.Resource { return &recordResource{} }

func (m *recordModel) declared() values { return readValues(path.Root("values"), m.Values) }

func (r *recordResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_record"
	// The type may change in place, and it is part of the identity.
	resp.ResourceBehavior.MutableIdentity = true
}

func (r *recordResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := replicaAttributes(3600, true)
	attributes["type"] = schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "Type of the RRset, such as `A` or `TXT`. Another type changes the RRset in place, in one atomic request to each operator.",
	}
	attributes["values"] = schema.SetAttribute{
		Required: true, ElementType: types.StringType,
		MarkdownDescription: "The RDATA in presentation form, as in a zone file. Any spelling that means the same gives an empty plan: TXT raw or quoted, targets with or without their final dot.",
		Validators:          []validator.Set{setvalidator.SizeAtLeast(1)},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "One RRset (all records of one owner name and type), held identical at every operator. Nothing but the declared RRset is ever touched.",
		Attributes:          attributes,
	}
}

func (r *recordResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	defer pointToLines(&resp.Diagnostics)
	var config recordModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.validate(ctx, &config.replicaModel, config.declared(), &resp.Diagnostics)
}

func (r *recordResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.shared == nil {
		return
	}
	defer pointToLines(&resp.Diagnostics)
	var plan, state recordModel
	p := proposal{plan: &plan.replicaModel, unclaimed: readUnclaimed(ctx, req.Private, &resp.Diagnostics)}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		p.prior, p.priorDeclared = &state.replicaModel, state.declared()
	}
	if resp.Diagnostics.HasError() {
		return
	}
	p.declared = plan.declared()
	v := r.shared.plan(ctx, p, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if p.prior != nil {
		if plan.Type.Equal(state.Type) && sameValues(plan.Type.ValueString(), plan.Values, state.Values) {
			plan.Values = state.Values
		}
		if v.known && len(v.writes) == 0 && plan.sameArguments(p.prior) && plan.Values.Equal(state.Values) {
			resp.Plan.Raw = req.State.Raw
			return
		}
	}
	warnProxied(&plan.replicaModel, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
}

func (r *recordResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan recordModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() || !r.configured(&resp.Diagnostics) {
		return
	}
	unclaimed, ok := r.shared.create(ctx, &plan.replicaModel, plan.declared(), &resp.Diagnostics)
	if !ok {
		return
	}
	writeUnclaimed(ctx, resp.Private, nil, unclaimed, &resp.Diagnostics)
	setIdentity(ctx, resp.Identity, &plan.replicaModel, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
}

func (r *recordResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state recordModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	setIdentity(ctx, resp.Identity, &state.replicaModel, &resp.Diagnostics)
	if r.shared == nil {
		return
	}
	if state.Values.IsNull() && !r.adopt(ctx, &state, &resp.Diagnostics) {
		return
	}
	unclaimed := readUnclaimed(ctx, req.Private, &resp.Diagnostics)
	still := r.shared.read(ctx, &state.replicaModel, state.declared(), unclaimed, &resp.Diagnostics)
	writeUnclaimed(ctx, resp.Private, unclaimed, still, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
}

// adopt fills the arguments of an imported RRset from the first operator that
// holds it.
func (r *recordResource) adopt(ctx context.Context, state *recordModel, diags *diag.Diagnostics) bool {
	held := r.shared.imported(ctx, &state.replicaModel, diags)
	if held == nil {
		return false
	}
	state.Values = stringSet(held.Values)
	return true
}

func (r *recordResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state recordModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || !r.configured(&resp.Diagnostics) {
		return
	}
	unclaimed := readUnclaimed(ctx, req.Private, &resp.Diagnostics)
	still, ok := r.shared.update(ctx, &plan.replicaModel, &state.replicaModel, plan.declared(), unclaimed, &resp.Diagnostics)
	if !ok {
		return // the framework has filled in the prior state
	}
	writeUnclaimed(ctx, resp.Private, unclaimed, still, &resp.Diagnostics)
	setIdentity(ctx, resp.Identity, &plan.replicaModel, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
}

func (r *recordResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state recordModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || !r.configured(&resp.Diagnostics) {
		return
	}
	unclaimed := readUnclaimed(ctx, req.Private, &resp.Diagnostics)
	if !r.shared.remove(ctx, &state.replicaModel, unclaimed, &resp.Diagnostics) {
		resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
	}
}

func (r *recordResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	key, ok := importKey(ctx, req, &resp.Diagnostics)
	if !ok {
		return
	}
	state := recordModel{replicaModel: importedModel(key, true), Values: types.SetNull(types.StringType)}
	setIdentity(ctx, resp.Identity, &state.replicaModel, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
}
