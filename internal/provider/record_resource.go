package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

var (
	_ resource.ResourceWithConfigure      = (*recordResource)(nil)
	_ resource.ResourceWithIdentity       = (*recordResource)(nil)
	_ resource.ResourceWithImportState    = (*recordResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*recordResource)(nil)
	_ resource.ResourceWithMoveState      = (*recordResource)(nil)
	_ resource.ResourceWithValidateConfig = (*recordResource)(nil)
)

// recordResource is multidns_record: one RRset, identical at every operator.
type recordResource struct {
	rrsetResource[recordModel, *recordModel]
}

type recordModel struct {
	replicaModel
	Values types.Set `tfsdk:"values"`
}

func newRecordResource() resource.Resource { return &recordResource{} }

func (m *recordModel) declared(context.Context, *diag.Diagnostics) values {
	v := readValues(path.Root("values"), m.Values)
	v.known = v.known && !m.imported() // with -refresh=false nobody has read them yet
	return v
}

// decideNow and decideAhead have nothing to decide: what a record shall hold is declared.
func (m *recordModel) decideNow(context.Context, *recordModel, *recordModel, time.Time, *diag.Diagnostics) bool {
	return true
}

func (m *recordModel) keepArguments(_, prior *recordModel) {
	if prior != nil {
		m.Values = keepValues(prior.Type.ValueString(), m.Values, prior.Values)
	}
}

func (m *recordModel) declaredBefore(ctx context.Context, _ *recordModel, diags *diag.Diagnostics) values {
	return m.declared(ctx, diags)
}

func (m *recordModel) decideAhead(context.Context, *recordModel, *recordModel, *diag.Diagnostics) bool {
	return true
}

func (m *recordModel) sameOwnArguments(prior *recordModel) bool { return m.Values.Equal(prior.Values) }

func (m *recordModel) remark(d *shared, _ *recordModel, diags *diag.Diagnostics) {
	d.warnAnswers(&m.replicaModel, diags)
}

func (m *recordModel) switches() bool { return false }

func (m *recordModel) setHeld(context.Context, *shared, *diag.Diagnostics) {}

func (m *recordModel) setKey(key rrset.Key) {
	m.replicaModel = importedModel(key, recordTTL, true)
	m.Values = types.SetNull(types.StringType)
}

func (m *recordModel) imported() bool { return m.Values.IsNull() }

func (m *recordModel) adopt(held []string) values {
	m.Values = stringSet(held)
	return readValues(path.Root("values"), m.Values)
}

func (r *recordResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_record"
	// The type may change in place, and what was not known in the plan, and all of it is part of the identity.
	resp.ResourceBehavior.MutableIdentity = true
}

func (r *recordResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := replicaAttributes(recordTTL, true)
	attributes["type"] = schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "Type of the RRset, such as `A` or `TXT`. Another type changes the RRset in place, in one atomic request to each operator.",
	}
	attributes["values"] = schema.SetAttribute{
		Required: true, ElementType: types.StringType,
		MarkdownDescription: "The RDATA in presentation form, as in a zone file. Any spelling that means the same gives an empty plan: targets with or without their final dot, TXT with or without quotes. " +
			"A TXT without quotes is raw text, published as it stands and cut at 255 bytes for you; in quotes it is presentation form, and the boundaries of its strings (`\"a\" \"b\"`) are data, which every operator keeps.",
		Validators: []validator.Set{setvalidator.SizeAtLeast(1)},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "One RRset (all records of one owner name and type), kept identical at every operator. Nothing but the declared RRset is ever touched.",
		Attributes:          attributes,
	}
}

func (r *recordResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	defer liftPaths(&resp.Diagnostics)
	var config recordModel
	resp.Diagnostics.Append(getModel(ctx, req.Config, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.validate(ctx, &config.replicaModel, &resp.Diagnostics, config.declared(ctx, &resp.Diagnostics))
}
