package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
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
	// adopt takes the arguments from what an operator holds, as far as they can be told from it, and returns the values
	// to expect at all of them.
	adopt(held *operator.RRset) values
	// resumeFrom makes the model that of an RRset which another resource of this provider held so far.
	resumeFrom(ctx context.Context, from movedRRset, diags *diag.Diagnostics)
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

func (r *rrsetResource[M, P]) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, config := P(new(M)), P(new(M))
	diags := &resp.Diagnostics
	diags.Append(getModel(ctx, req.Plan, plan)...)
	diags.Append(getModel(ctx, req.Config, config)...)
	if diags.HasError() || !r.shared.configured(diags) || !plan.decideNow(ctx, config, nil, r.shared.now(), diags) {
		return
	}
	left, ok := r.shared.create(ctx, plan.replica(), plan.declared(ctx, diags), plan.switches(), diags)
	if !ok {
		return
	}
	plan.setHeld(ctx, r.shared, diags)
	writeOwnership(ctx, resp.Private, replica.Ownership{}, left, diags)
	writeDeparture(ctx, resp.Private, departure{}, diags)
	setIdentity(ctx, resp.Identity, plan.replica(), diags)
	diags.Append(setModel(ctx, &resp.State, plan)...)
}

func (r *rrsetResource[M, P]) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state := P(new(M))
	diags := &resp.Diagnostics
	diags.Append(getModel(ctx, req.State, state)...)
	if diags.HasError() || !r.settleMove(ctx, req.Private, resp.Private, state, diags) {
		return
	}
	setIdentity(ctx, resp.Identity, state.replica(), diags)
	if r.shared == nil {
		return
	}
	r.shared.refreshing()
	before := readOwnership(ctx, req.Private, diags)
	left, ok := r.observe(ctx, state, before, diags)
	if !ok {
		return
	}
	writeOwnership(ctx, resp.Private, before, left, diags)
	diags.Append(setModel(ctx, &resp.State, state)...)
}

// observe brings the state up to what the operators hold. ok is false when an imported RRset cannot be read or does not
// exist.
func (r *rrsetResource[M, P]) observe(ctx context.Context, state P, before replica.Ownership, diags *diag.Diagnostics) (left replica.Ownership, ok bool) {
	declared := state.declared(ctx, diags)
	if state.imported() {
		held := r.shared.imported(ctx, state.replica(), diags)
		if key, known := state.replica().key(diags); held == nil && known && !diags.HasError() {
			reportAbsent(key, diags)
		}
		if held == nil {
			return before, false
		}
		declared = state.adopt(held)
	}
	left = r.shared.read(ctx, state.replica(), declared, before, diags)
	state.setHeld(ctx, r.shared, diags)
	return left, true
}

func (r *rrsetResource[M, P]) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	plan, config, prior := P(new(M)), P(new(M)), P(new(M))
	diags := &resp.Diagnostics
	diags.Append(getModel(ctx, req.Plan, plan)...)
	diags.Append(getModel(ctx, req.Config, config)...)
	diags.Append(getModel(ctx, req.State, prior)...)
	if diags.HasError() || !r.shared.configured(diags) || !plan.decideNow(ctx, config, prior, r.shared.now(), diags) {
		return
	}
	before := readOwnership(ctx, req.Private, diags)
	if plan.replica().renamed(prior.replica()) {
		dep := readDeparture(ctx, req.Private, diags)
		left, ok := r.shared.rename(ctx, plan.replica(), prior.replica(), plan.declared(ctx, diags), prior.declared(ctx, diags), before, dep, plan.switches(), diags)
		if !ok {
			plan = prior
		}
		r.keep(ctx, plan, before, left, resp)
		return
	}
	left, ok := r.shared.update(ctx, plan.replica(), prior.replica(), plan.declared(ctx, diags), prior.declared(ctx, diags), before, plan.switches(), diags)
	if !ok {
		plan = prior
	}
	r.keep(ctx, plan, before, left, resp)
}

// keep puts what an update came to into the state.
func (r *rrsetResource[M, P]) keep(ctx context.Context, state P, before, left replica.Ownership, resp *resource.UpdateResponse) {
	diags := &resp.Diagnostics
	state.setHeld(ctx, r.shared, diags)
	writeOwnership(ctx, resp.Private, before, left, diags)
	writeDeparture(ctx, resp.Private, departure{}, diags)
	setIdentity(ctx, resp.Identity, state.replica(), diags)
	diags.Append(setModel(ctx, &resp.State, state)...)
}

func (r *rrsetResource[M, P]) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state := P(new(M))
	diags := &resp.Diagnostics
	diags.Append(getModel(ctx, req.State, state)...)
	if diags.HasError() || !r.shared.configured(diags) {
		return
	}
	before, dep := readOwnership(ctx, req.Private, diags), readDeparture(ctx, req.Private, diags)
	if !dep.refuseOpen(state.replica().ID.ValueString(), diags) {
		return
	}
	if removal := r.shared.remove(ctx, state.replica(), state.declared(ctx, diags), before, dep, diags); !removal.ok {
		writeOwnership(ctx, resp.Private, before, removal.left, diags)
		diags.Append(setModel(ctx, &resp.State, state)...)
	}
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
