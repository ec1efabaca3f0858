package provider

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
)

func (r *rrsetResource[M, P]) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, config := P(new(M)), P(new(M))
	diags := &resp.Diagnostics
	diags.Append(getModel(ctx, req.Plan, plan)...)
	diags.Append(getModel(ctx, req.Config, config)...)
	if diags.HasError() || !r.shared.configured(diags) || !plan.decideNow(ctx, config, nil, r.shared.now(), diags) {
		return
	}
	if _, left, ok := r.shared.create(ctx, plan.replica(), plan.declared(ctx, diags), creating{alone: plan.switches()}, diags); ok {
		r.keep(ctx, plan, replica.Ownership{}, left, resp.Private, resp.Identity, &resp.State, diags)
	}
}

// creating says how an RRset is created.
type creating struct {
	// alone shares no request with other changes.
	alone bool
	// renaming: one that the state has under another name goes when this one is there everywhere.
	renaming bool
}

// create makes the RRset at every operator and sets the computed attributes. When nothing shall be kept there is an
// error and ok is false: a creation that returns state beside an error is tainted, always
// (design/facts/terraform-behaviour.md section 2). The caller may have to take the creation back: of several RRsets
// none shall stand unless all do, and none unless the one whose place it takes can go.
func (d *shared) create(ctx context.Context, m *replicaModel, declared values, how creating, diags *diag.Diagnostics) (c replica.Creation, left replica.Ownership, ok bool) {
	want, known := m.holdable(ctx, declared, diags)
	if !known || diags.HasError() {
		return c, left, false
	}
	key := want.Key()
	creation := d.walk.Create(ctx, want, replica.CreateOptions{
		Overwrite: m.mayOverwrite(key), FailOnOutage: how.renaming || d.failsOnOutage(m.OnOutage), Alone: how.alone,
	})
	if creation.Refused() {
		d.reportCreation(m, key, creation, how.renaming, diags)
		return creation, left, false
	}
	holdings := holdings{}
	for name, o := range creation.Outcomes {
		holdings[name] = holding{}.after(d.walk.Effective(name, want[name]), o)
		if o.Err != nil {
			d.reportOutage(name, o.Err, owed(name), diags)
		}
		if o.Unpublished {
			d.reportUnpublished(name, key, diags)
		}
		d.reportMixed(name, want[name], o, diags)
	}
	m.setNames(key, true)
	m.setHoldings(holdings)
	return creation, replica.AfterCreate(creation.Outcomes), true
}

// anyOutcome reports whether one of the outcomes is so.
func anyOutcome(outcomes map[string]replica.Outcome, is func(replica.Outcome) bool) bool {
	return slices.ContainsFunc(slices.Collect(maps.Values(outcomes)), is)
}

// setHoldings sets what the operators hold.
func (m *replicaModel) setHoldings(hs holdings) {
	m.Operators = hs.value()
	m.InSync = types.BoolValue(hs.inSync())
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
	p := proposal{
		plan: plan.replica(), declared: plan.declared(ctx, diags), prior: prior.replica(), priorDeclared: prior.declared(ctx, diags),
		ownership: readOwnership(ctx, req.Private, diags), told: readDeparture(ctx, req.Private, diags), alone: plan.switches(),
	}
	write := r.shared.update
	if p.renames() {
		write = r.shared.rename
	}
	left, ok := write(ctx, p, diags)
	if !ok {
		plan = prior
	}
	r.keep(ctx, plan, p.ownership, left, resp.Private, resp.Identity, &resp.State, diags)
}

// keep puts what a creation or an update came to into the state.
func (r *rrsetResource[M, P]) keep(ctx context.Context, state P, before, left replica.Ownership, private privateWriter, identity *tfsdk.ResourceIdentity, into target, diags *diag.Diagnostics) {
	state.setHeld(ctx, r.shared, diags)
	writeOwnership(ctx, private, before, left, diags)
	writeDeparture(ctx, private, departure{}, diags)
	setIdentity(ctx, identity, state.replica(), diags)
	diags.Append(setModel(ctx, into, state)...)
}

// update writes to the operators whose holding the plan left open. When nothing changed anywhere there is an error and
// the prior state stays; what may still come is kept beside it.
func (d *shared) update(ctx context.Context, p proposal, diags *diag.Diagnostics) (left replica.Ownership, ok bool) {
	plan, prior, owned := p.plan, p.prior, p.ownership
	want, known := plan.holdable(ctx, p.declared, diags)
	from, _ := prior.key(diags)
	if !known || diags.HasError() {
		return owned, false
	}
	key := want.Key()
	planned := readHoldings(plan.Operators)
	before := readHoldings(prior.Operators)
	at := map[string]bool{}
	for _, name := range operatorNames() {
		if h, ok := planned[name]; !ok || h.Status.IsUnknown() {
			at[name] = true
		}
	}
	if len(at) == 0 { // only arguments that no operator sees have changed
		plan.setNames(key, true)
		plan.setHoldings(before)
		return owned, true
	}
	held, _ := prior.desired(ctx, p.priorDeclared, &diag.Diagnostics{})
	update := replica.Update{
		From: from, Was: held, Want: want, At: at, Ownership: owned, Overwrite: plan.mayOverwrite(key), Alone: p.alone,
	}
	outcomes := d.walk.Update(ctx, update)
	everywhere := len(at) == len(Operators)
	if everywhere && !anyOutcome(outcomes, replica.Outcome.MayStand) {
		d.reportUpdate(plan, key, outcomes, diags, "The state stays as it was.")
		if !diags.HasError() {
			diags.AddError("Unable to update RRset", fmt.Sprintf("No operator answered: %s in zone %s was written nowhere, as far as can be told. The state stays as it was; apply again when an operator answers.", key, key.Zone))
		}
		return owned.AfterNothing(update, outcomes), false
	}
	if everywhere && !anyOutcome(outcomes, done) {
		diags.AddError("Unable to update RRset", fmt.Sprintf("No operator answered, and what became of the writes could not be read: %s in zone %s may be changed or not. The state calls it out of sync; apply again when an operator answers.", key, key.Zone))
	}
	d.reportUpdate(plan, key, outcomes, diags, "The state says what each operator holds.")
	after := holdings{}
	for _, name := range operatorNames() {
		o, written := outcomes[name]
		if !written {
			after[name] = planned[name]
			continue
		}
		after[name] = before[name].after(d.walk.Effective(name, want[name]), o)
		d.reportMixed(name, want[name], o, diags)
		if o.Unpublished || o.Err != nil && owned.Unpublished[name] {
			d.reportUnpublished(name, key, diags)
		}
	}
	plan.setNames(key, true)
	plan.setHoldings(after)
	return owned.AfterUpdate(key, outcomes), true
}

func done(o replica.Outcome) bool { return o.Err == nil }

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
	dep.follows = r.shared.announce(slices.Values([]departure{dep}))
	if removal := r.shared.remove(ctx, state.replica(), state.declared(ctx, diags), before, dep, diags); !removal.ok {
		writeOwnership(ctx, resp.Private, before, removal.left, diags)
		diags.Append(setModel(ctx, &resp.State, state)...)
	}
}

// removal is what became of an RRset that was to be deleted. ok is false when something is left to delete; the state
// then says what.
type removal struct {
	left     replica.Ownership
	ok       bool
	outcomes map[string]replica.Outcome
}

// stands reports whether nothing was deleted anywhere, as far as can be told.
func (r removal) stands() bool { return !anyOutcome(r.outcomes, replica.Outcome.MayBeGone) }

// remove deletes the RRset.
func (d *shared) remove(ctx context.Context, m *replicaModel, declared values, owned replica.Ownership, dep departure, diags *diag.Diagnostics) removal {
	key, known := m.key(diags)
	if !known {
		return removal{left: owned}
	}
	if isApexNS(key) {
		diags.AddWarning("Apex NS RRset is left as it is", fmt.Sprintf(
			"%s is gone from the state and stays at the operators: a zone without it is broken. Change it there if it shall differ.", key))
		return removal{left: owned, ok: true}
	}
	hs := readHoldings(m.Operators)
	deletion := dep.deletion(key, owned)
	deletion.Was, _ = m.desired(ctx, declared, &diag.Diagnostics{})
	outcomes := d.walk.Delete(ctx, deletion)
	ok := true
	for _, name := range operatorNames() {
		var gone bool
		hs[name], gone = d.afterDeletion(name, deletion, outcomes[name], hs[name], dep, diags)
		ok = ok && gone
	}
	if !ok {
		m.setHoldings(hs)
	}
	return removal{owned.AfterDelete(key, dep.Declares == key.ID(), outcomes), ok, outcomes}
}

// afterDeletion is the holding that a deletion leaves behind at an operator, with what is to be said of it. h is what
// was known before. gone is false where something is left to delete.
func (d *shared) afterDeletion(name string, was replica.Deletion, o replica.Outcome, h holding, dep departure, diags *diag.Diagnostics) (next holding, gone bool) {
	key := was.Key
	switch {
	case o.Err != nil:
		if !dep.inPlace {
			d.reportDeletion(name, key, was.Ownership, o, diags)
		}
		if !o.LeftThere() {
			return h.outOfSync("owed: the RRset could not be deleted (" + operator.Reason(o.Err) + "); the next apply that reaches the operator deletes it"), false
		}
		h = h.kept(o)
		if o.Unpublished {
			h = h.outOfSync(unpublished)
			d.reportUnpublished(name, key, diags)
		}
		return h, false
	case o.NoZone:
		d.reportNoZone(name, key, diags)
		return heldAs(nil).outOfSync(noZone), true
	case o.Kept && was.Itself:
		return h, true
	case len(o.Succeeded) > 0:
		d.reportSucceeded(name, key, o, dep, diags)
		return h.kept(o).outOfSync(succeeded), true
	case o.Kept:
		d.reportKept(name, key, was.Foreign[name], dep.Taken || d.walk.Keeps(key), diags)
		if was.Foreign[name] {
			return h.kept(o), true
		}
		return h.kept(o).outOfSync(handedOver), true // whoever has it may be about to change it
	}
	if o.Unpublished {
		d.reportStillServed(name, key, diags)
	}
	return heldAs(nil).outOfSync("deleted here; another operator still holds the RRset"), true
}

// failsOnOutage reports whether an outage is an error for a resource, by its own on_outage.
func (d *shared) failsOnOutage(own types.String) bool {
	return cmp.Or(own.ValueString(), d.onOutage) == outageFail
}
