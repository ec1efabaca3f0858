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
	// keepArguments plans the arguments as they are in the state where they mean the same; prior is nil on a creation,
	// here and below.
	keepArguments(config, prior *M)
	// declaredBefore is declared for the state, of which what the plan says may tell more.
	declaredBefore(ctx context.Context, plan *M, diags *diag.Diagnostics) values
	// decideAhead decides for a plan what is to be decided, and reports whether that is what stands.
	decideAhead(ctx context.Context, config, prior *M, diags *diag.Diagnostics) (same bool)
	// sameOwnArguments reports whether no argument that the other models lack differs from the prior state.
	sameOwnArguments(prior *M) bool
	// remark says what a person should know of a plan that is a difference.
	remark(d *shared, prior *M, diags *diag.Diagnostics)
	// decideNow makes, right before a write, a decision that the plan had to leave open. It says whether the write may
	// be made.
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
	// adopt takes the arguments from the values that an operator holds, as far as they can be told from them, and
	// returns the values to expect at all operators.
	adopt(held []string) values
}

func (r *rrsetResource[M, P]) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = replicaIdentity()
}

func (r *rrsetResource[M, P]) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		r.planDestruction(ctx, req, resp)
		return
	}
	diags := &resp.Diagnostics
	defer liftPaths(diags)
	defer r.shared.sayHowToDestroy(diags)
	if r.shared != nil {
		refuseUnread(ctx, req.Private, diags)
	}
	plan, config := P(new(M)), P(new(M))
	diags.Append(getModel(ctx, req.Plan, plan)...)
	diags.Append(getModel(ctx, req.Config, config)...)
	var prior P
	if !req.State.Raw.IsNull() {
		prior = P(new(M))
		diags.Append(getModel(ctx, req.State, prior)...)
	}
	p := proposal{plan: plan.replica(), ownership: readOwnership(ctx, req.Private, diags), told: readDeparture(ctx, req.Private, diags)}
	if diags.HasError() {
		return
	}
	if prior != nil {
		p.prior = prior.replica()
		r.shared.keepKey(p.plan, p.prior, resp)
		p.plan.keepSpelling(p.prior)
	}
	plan.keepArguments(config, prior)
	if prior != nil {
		p.priorDeclared = prior.declaredBefore(ctx, plan, diags)
	}
	same := plan.decideAhead(ctx, config, prior, diags)
	p.declared = plan.declared(ctx, diags)
	v := r.shared.plan(ctx, p, diags)
	v.warnAdoption(diags)
	r.shared.expect(*diags, v)
	if diags.HasError() {
		return
	}
	plan.setHeld(ctx, r.shared, diags)
	if prior != nil && same && v.known && len(v.writes) == 0 && p.plan.sameArguments(p.prior) && plan.sameOwnArguments(prior) {
		resp.Plan.Raw = req.State.Raw
		return
	}
	writeDeparture(ctx, resp.Private, v.departure, diags)
	plan.remark(r.shared, prior, diags)
	diags.Append(setModel(ctx, &resp.Plan, plan)...)
}

// planDestruction tells a destruction who declares the RRset now, as far as that is known.
func (r *rrsetResource[M, P]) planDestruction(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	state := P(new(M))
	diags := &resp.Diagnostics
	diags.Append(getModel(ctx, req.State, state)...)
	if r.shared == nil || diags.HasError() {
		return
	}
	if key, known := state.replica().key(diags); known {
		r.shared.tellAdrift(ctx, key.Zone, true, diags)
		writeDeparture(ctx, resp.Private, r.shared.destroy(key, readOwnership(ctx, req.Private, diags)), diags)
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
