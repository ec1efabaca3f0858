package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/multidns/terraform-provider-multidns/internal/dnssec"
	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

// changeZone lets the operators exchange the keys of another zone, and then takes the added ones of the former zone
// away: a zone that was not known in the plan (renaming.go). What would keep a resource from being destroyed keeps this
// one at its zone, before anything is written.
func (r *dnssecResource) changeZone(ctx context.Context, plan, prior *dnssecModel, private dnssecPrivate, dep departure, resp *resource.UpdateResponse) {
	diags := &resp.Diagnostics
	s, ok := r.begin(ctx, plan, nil, diags)
	if !ok {
		return
	}
	former, ok := r.begin(ctx, prior, private.Memory.Signers, diags)
	if !ok {
		return
	}
	memory, v := dnssec.Step(private.Memory, former.observe(ctx, true))
	hs := former.holdings(readHoldings(prior.Operators), memory, v)
	handedOver := r.handedOver(ctx, former.zone, dep, diags)
	if handedOver || former.mayLeave(memory, diags) {
		after, ok := r.setUp(ctx, s, plan, diags)
		if ok && !handedOver {
			hs = former.takeAway(ctx, memory, hs, diags)
		}
		if !diags.HasError() {
			r.keep(ctx, plan, after, resp.Private, resp.Identity, &resp.State, diags)
			return
		}
		if ok {
			diags.AddError("The exchange of keys stays with its zone", fmt.Sprintf(
				"The operators have each other's keys of %s by now, and keep them; nothing of that is in the state, and the next apply adopts them. Fix what is reported above, and apply again.", s.zone))
		}
	}
	prior.set(memory, v, hs)
	r.keep(ctx, prior, dnssecPrivate{Memory: memory, Moved: private.Moved}, resp.Private, resp.Identity, &resp.State, diags)
}

// setUp lets all operators exchange the keys of a zone, or none.
func (r *dnssecResource) setUp(ctx context.Context, s *signers, m *dnssecModel, diags *diag.Diagnostics) (after dnssecPrivate, ok bool) {
	s.observe(ctx, false)
	for name, err := range s.errs {
		diags.AddError("Unable to exchange the keys of the zone", fmt.Sprintf(
			"%s: %s. The exchange goes to another zone only while every operator answers: nothing was written for %s, and the keys of the former zone stay. Apply again.", title(name), operator.Reason(err), s.zone))
	}
	if diags.HasError() || !s.refuseConflicts(dnssec.Memory{}, diags) {
		return after, false
	}
	memory, v, failed, undo := s.carryOut(ctx, dnssec.Memory{})
	s.reportFailed(true, true, failed, "What had been added at the other operator is taken back, and the keys of the former zone stay; signing stays switched on where it was switched on.", diags)
	if diags.HasError() {
		s.reportLeft(undo(), diags)
		return after, false
	}
	m.set(memory, v, s.holdings(holdings{}, memory, v))
	return dnssecPrivate{Memory: memory}, true
}

// keep puts what a creation or an update came to into the state.
func (r *dnssecResource) keep(ctx context.Context, m *dnssecModel, private dnssecPrivate, to privateWriter, identity *tfsdk.ResourceIdentity, state target, diags *diag.Diagnostics) {
	writeDNSSECPrivate(ctx, to, private, diags)
	writeDeparture(ctx, to, departure{}, diags)
	m.setIdentity(ctx, identity, diags)
	diags.Append(state.Set(ctx, m)...)
}
