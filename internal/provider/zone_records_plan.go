package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func (r *zoneRecordsResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		r.planDestruction(ctx, req, resp)
		return
	}
	var plan zoneRecordsModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("records"), &plan.Records)...)
	plan.Records = withDefaults(plan.Records)
	defer r.shared.sayHowToDestroy(&resp.Diagnostics)
	var prior *zoneRecordsModel
	var before []*entry
	if !req.State.Raw.IsNull() {
		prior = &zoneRecordsModel{}
		resp.Diagnostics.Append(req.State.Get(ctx, prior)...)
		before = prior.inState(ctx, r.shared, &resp.Diagnostics)
		readEntryOwnership(ctx, req.Private, before, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if prior != nil {
		r.shared.keepZone(&plan.Zone, prior.Zone, resp)
		plan.keepSpelling(prior)
	}
	list, known := plan.entries(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	leave := departures{}
	if prior == nil { // the other plan of a replacement has told it
		readPrivate(ctx, req.Private, departureKey, &leave, &resp.Diagnostics)
	}
	if !known {
		if len(leave) == 0 {
			leave = r.leaveOpen(&plan, prior, before)
		}
		plan.ID, plan.InSync, plan.Differences = types.StringUnknown(), types.BoolUnknown(), types.MapUnknown(entryDifferenceType)
		plan.propose(ctx, leave, resp)
		return
	}
	if prior == nil {
		offerImport(list, plan.importID())
	}
	quiet := r.plan(ctx, list, before, leave, &resp.Diagnostics)
	switch {
	case prior == nil:
		for _, e := range list {
			if r.shared == nil || !r.shared.walk.Keeps(e.key) {
				leave.takes(e.key, e.room)
			}
		}
	case !plan.Zone.Equal(prior.Zone):
		leave.replacedBy(plan.Zone.ValueString())
	}
	plan.fill(list)
	plan.propose(ctx, leave, resp)
	if quiet && prior != nil && plan.sameArguments(prior) && !resp.Diagnostics.HasError() {
		resp.Plan.Raw = req.State.Raw
	}
}

// propose makes m the plan, and leave what the deletions are told.
func (m *zoneRecordsModel) propose(ctx context.Context, leave departures, resp *resource.ModifyPlanResponse) {
	writePrivate(ctx, resp.Private, departureKey, leave, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, m)...)
	}
}

// sameArguments reports whether no argument differs from the prior state.
func (m *zoneRecordsModel) sameArguments(prior *zoneRecordsModel) bool {
	return m.Records.Equal(prior.Records) && m.Zone.Equal(prior.Zone) && m.OnOutage.Equal(prior.OnOutage) && m.Overwrite.Equal(prior.Overwrite)
}

// leaveOpen is for the deletions of a replacement of which it is not known what it creates.
func (r *zoneRecordsResource) leaveOpen(plan, prior *zoneRecordsModel, before []*entry) departures {
	leave := departures{}
	if prior == nil || plan.Zone.IsUnknown() || sameZone(plan.Zone, prior.Zone) {
		leave[open] = departure{Open: true}
		for _, was := range before {
			r.shared.mayDepart(was.key, was.ownership)
		}
		return leave
	}
	for _, was := range before {
		leave.add(was.key, r.shared.depart(was.key, was.ownership))
	}
	leave.replacedBy(plan.Zone.ValueString())
	return leave
}

// planDestruction tells the destruction of each RRset who declares it now.
func (r *zoneRecordsResource) planDestruction(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state zoneRecordsModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || r.shared == nil {
		return
	}
	leave := departures{}
	list := state.inState(ctx, r.shared, &resp.Diagnostics)
	readEntryOwnership(ctx, req.Private, list, &resp.Diagnostics)
	for _, e := range list {
		r.shared.tellAdrift(ctx, e.key.Zone, true, &resp.Diagnostics)
		leave.add(e.key, r.shared.destroy(e.key, e.ownership))
	}
	writePrivate(ctx, resp.Private, departureKey, leave, &resp.Diagnostics)
}

// plan plans each entry, and reports whether nothing is to be written or deleted. It adds to leave, which is for the
// deletions if the plan becomes a replacement.
func (r *zoneRecordsResource) plan(ctx context.Context, list, before []*entry, leave departures, diags *diag.Diagnostics) (quiet bool) {
	var adopted adoptions
	var results []planResult
	pairs, removed := match(list, before)
	quiet = len(removed) == 0
	for _, was := range removed {
		leave.add(was.key, r.shared.depart(was.key, was.ownership))
	}
	if r.shared != nil {
		for _, e := range list { // one after the other, and others may wait for the last
			r.shared.walk.Planning(e.key)
		}
	}
	for _, e := range list {
		r.shared.tellAdrift(ctx, e.key.Zone, false, diags)
		was := pairs[e]
		if e.stays(was) && !r.shared.contested(e.key) {
			leave.add(e.key, r.shared.stay(e.key, e.key, was.ownership))
			e.model.Operators, e.stayed = was.model.Operators, true
			r.shared.warnAnswers(&e.model, &e.diags)
			e.report(diags)
			continue
		}
		p := e.proposal(was)
		p.elsewhere = len(before) > 0 && before[0].key.Zone != e.key.Zone
		v := r.shared.plan(ctx, p, &e.diags)
		v.key = e.key // if anything was wrong, too
		e.room = v.departure.Room
		adopted.add(v.adoption)
		results = append(results, v)
		if was != nil {
			leave.add(was.key, v.departure)
		}
		r.shared.warnAnswers(&e.model, &e.diags)
		quiet = quiet && v.known && len(v.writes) == 0
		e.report(diags)
	}
	adopted.warn(diags)
	r.shared.expect(*diags, results...)
	return quiet
}

// proposal is that of the entry, which was another one before, or none.
func (e *entry) proposal(was *entry) proposal {
	p := proposal{plan: &e.model, declared: e.declared()}
	if was != nil {
		p.prior, p.priorDeclared, p.ownership = &was.model, was.declared(), was.ownership
	}
	return p
}

// match finds what each entry was before, and what is not declared any more. An RRset whose type changed takes the
// place of the one that left its name: that is one atomic change, and the name is never empty.
func match(list, before []*entry) (pairs map[*entry]*entry, removed []*entry) {
	pairs = map[*entry]*entry{}
	old, declared := byKey(before), byKey(list)
	for _, e := range list {
		if was := old[e.key]; was != nil {
			pairs[e] = was
		}
	}
	for _, was := range before {
		if declared[was.key] != nil {
			continue
		}
		at := slices.IndexFunc(list, func(e *entry) bool {
			return pairs[e] == nil && e.key.Zone == was.key.Zone && e.key.Name == was.key.Name
		})
		if at < 0 {
			removed = append(removed, was)
			continue
		}
		pairs[list[at]] = was
	}
	return pairs, removed
}
