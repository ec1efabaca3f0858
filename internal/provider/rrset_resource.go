package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// rrsetResource is embedded by the resources that hold one RRset and are known by it. M is their model.
type rrsetResource[M any, P model[M]] struct{ baseResource }

// model is what the resources differ in.
type model[M any] interface {
	*M
	perOperator
	// replica is what the models have in common.
	replica() *replicaModel
	// declared are the values that every operator shall hold.
	declared(ctx context.Context, diags *diag.Diagnostics) values
	// decideNow settles, right before a write, what the plan had to leave open; prior is nil on a creation. It says
	// whether the write may be made.
	decideNow(ctx context.Context, config, prior *M, now time.Time, diags *diag.Diagnostics) bool
	// switches reports whether the RRset may be moved at any time, so that its change must share a request with nothing
	// else.
	switches() bool
	// setHeld sets what follows from what the operators shall hold.
	setHeld(ctx context.Context, d *shared, diags *diag.Diagnostics)
	// setKey makes the model that of an RRset of which only the key is known.
	setKey(key rrset.Key)
	// imported reports whether no more is known of it so far.
	imported() bool
	// adopt takes the arguments from the values that an operator holds, as far as they can be told from them, and returns
	// the values to expect at all operators.
	adopt(held []string) values
}

func (r *rrsetResource[M, P]) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = replicaIdentity()
}

// destroying reports whether the plan is that of a destruction, and tells it who declares the RRset now, as far as that
// is known.
func (r *rrsetResource[M, P]) destroying(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) bool {
	if !req.Plan.Raw.IsNull() {
		return false
	}
	state := P(new(M))
	diags := &resp.Diagnostics
	diags.Append(getModel(ctx, req.State, state)...)
	if r.shared == nil || diags.HasError() {
		return true
	}
	if key, known := state.replica().key(diags); known {
		writeDeparture(ctx, resp.Private, r.shared.destroy(key, readOwnership(ctx, req.Private, diags)), diags)
	}
	return true
}

func (r *rrsetResource[M, P]) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	key, ok := importKey(ctx, req, &resp.Diagnostics)
	if !ok {
		return
	}
	state := P(new(M))
	state.setKey(key)
	setIdentity(ctx, resp.Identity, state.replica(), &resp.Diagnostics)
	resp.Diagnostics.Append(setModel(ctx, &resp.State, state)...)
}
