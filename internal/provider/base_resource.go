package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// baseResource is embedded by every resource that holds RRsets.
type baseResource struct{ shared *shared }

func (r *baseResource) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	r.shared, _ = req.ProviderData.(*shared)
}

// configured guards what cannot be done without operators.
func (d *shared) configured(diags *diag.Diagnostics) bool {
	if d == nil {
		diags.AddError("Provider is not configured",
			"The configuration of the provider multidns depends on a value that is not known yet. Apply what it depends on first (-target), or take it from a variable.")
	}
	return d != nil
}

// validate judges what can be judged without asking anybody, and counts the declaration. There may be several values of
// which the RRset takes one or another; each must be such that it could.
func (r *baseResource) validate(ctx context.Context, m *replicaModel, diags *diag.Diagnostics, declared ...values) {
	config := *m
	if config.TTL.IsNull() {
		config.TTL = types.Int64Value(maxTTL) // the default is not known here, and any TTL serves
	}
	for _, v := range declared {
		config.judge(ctx, v, diags)
	}
	key, known := config.key(&diag.Diagnostics{})
	if r.shared == nil || !known {
		return
	}
	r.shared.declare(key) // wrong or not: nobody may wait for it
	if diags.HasError() {
		return
	}
	for _, o := range Operators {
		if _, on := o.Answering(m.declaredSettings(o, diags)); on {
			r.shared.declared.addAnswering(key.Name, o.Name)
		}
	}
}
