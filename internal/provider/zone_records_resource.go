package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/replica"
)

var (
	_ resource.ResourceWithConfigure      = (*zoneRecordsResource)(nil)
	_ resource.ResourceWithImportState    = (*zoneRecordsResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*zoneRecordsResource)(nil)
	_ resource.ResourceWithValidateConfig = (*zoneRecordsResource)(nil)
)

// zoneRecordsResource is multidns_zone_records: many RRsets of one zone. Each goes through the code of multidns_record;
// what arrives together leaves together, so one resource is one bulk request to each operator.
//
// It cannot be imported: creating it adopts what is there and equal.
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
		r.validate(ctx, &e.model, e.declared(), &e.diags)
		e.report(&resp.Diagnostics)
	}
}

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
		plan.keepSpelling(prior)
	}
	list, known := plan.entries(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if !known {
		plan.ID, plan.InSync, plan.Differences = types.StringUnknown(), types.BoolUnknown(), types.MapUnknown(entryDifferenceType)
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
		return
	}
	if prior == nil {
		offerImport(list, plan.importID())
	}
	leave := departures{}
	if prior == nil { // the other plan of a replacement has told it
		readPrivate(ctx, req.Private, departureKey, &leave, &resp.Diagnostics)
	}
	quiet := r.plan(ctx, list, before, leave, &resp.Diagnostics)
	if prior != nil && !plan.Zone.Equal(prior.Zone) {
		leave.replacedBy(plan.Zone.ValueString())
	}
	for _, e := range list {
		if prior == nil && (r.shared == nil || !r.shared.walk.Keeps(e.key)) {
			leave.takes(e.key)
		}
	}
	plan.fill(list)
	writePrivate(ctx, resp.Private, departureKey, leave, &resp.Diagnostics)
	switch {
	case resp.Diagnostics.HasError():
	case quiet && prior != nil && plan.Records.Equal(prior.Records) && plan.Zone.Equal(prior.Zone) &&
		plan.OnOutage.Equal(prior.OnOutage) && plan.Overwrite.Equal(prior.Overwrite):
		resp.Plan.Raw = req.State.Raw
	default:
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
	}
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
		leave.add(e.key, r.shared.destroy(e.key, e.ownership))
	}
	writePrivate(ctx, resp.Private, departureKey, leave, &resp.Diagnostics)
}

// plan plans each entry, and reports whether nothing is to be written or deleted. It adds to leave, which is for the
// deletions if the plan becomes a replacement.
func (r *zoneRecordsResource) plan(ctx context.Context, list, before []*entry, leave departures, diags *diag.Diagnostics) (quiet bool) {
	var adopted adoptions
	var verdicts []verdict
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
		p := proposal{plan: &e.model, declared: e.declared()}
		was := pairs[e]
		if e.stays(was) && !r.shared.contested(e.key) {
			leave.add(e.key, r.shared.stay(e.key, e.key, was.ownership))
			e.model.Operators, e.stayed = was.model.Operators, true
			r.shared.warnAnswers(&e.model, &e.diags)
			e.report(diags)
			continue
		}
		if was != nil {
			p.prior, p.priorDeclared, p.ownership = &was.model, was.declared(), was.ownership
		}
		v := r.shared.plan(ctx, p, &e.diags)
		v.key = e.key // if anything was wrong, too
		adopted.add(v.adoption)
		verdicts = append(verdicts, v)
		if was != nil {
			leave.add(was.key, v.departure)
		}
		r.shared.warnAnswers(&e.model, &e.diags)
		quiet = quiet && v.known && len(v.writes) == 0
		e.report(diags)
	}
	adopted.warn(diags)
	r.shared.expect(*diags, verdicts...)
	return quiet
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
		at := slices.IndexFunc(list, func(e *entry) bool { return pairs[e] == nil && e.key.Name == was.key.Name })
		if at < 0 {
			removed = append(removed, was)
			continue
		}
		pairs[list[at]] = was
	}
	return pairs, removed
}

func (r *zoneRecordsResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan zoneRecordsModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() || !r.shared.configured(&resp.Diagnostics) {
		return
	}
	list, _ := plan.entries(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	offerImport(list, plan.importID())
	var mu sync.Mutex
	var made []*replica.Creation
	sideBySide(list, func(e *entry) {
		c, left, ok := r.shared.createUndoable(ctx, &e.model, e.declared(), false, &e.diags)
		e.ownership, e.failed, e.left = left, !ok, len(c.Left) > 0
		if ok {
			mu.Lock()
			defer mu.Unlock()
			made = append(made, &c)
		}
	})
	reportAll(list, &resp.Diagnostics)
	if slices.ContainsFunc(list, func(e *entry) bool { return e.failed }) {
		undoAll(ctx, made, &resp.Diagnostics)
		return
	}
	plan.fill(list)
	writeEntryOwnership(ctx, resp.Private, nil, list, &resp.Diagnostics)
	writePrivate(ctx, resp.Private, departureKey, departures{}, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
}

// undoAll takes back what was created beside an RRset that could not be: state beside an error would be tainted, and
// then everything would be deleted and created anew.
func undoAll(ctx context.Context, made []*replica.Creation, diags *diag.Diagnostics) {
	sideBySide(made, func(c *replica.Creation) { c.Undo(ctx) })
	var left []string
	for _, c := range made {
		if c.Describe(title) != "" {
			left = append(left, c.Describe(title))
		}
	}
	diags.AddError("Unable to create RRsets", takenBack(len(made), left))
}

// takenBack says what became of the RRsets of a map that could be created beside one that could not.
func takenBack(made int, left []string) string {
	const text = "Of a map all RRsets are created or none, and one of them could not be: nothing of this resource is in the state. "
	switch {
	case made == 0:
		return text + "None was made."
	case len(left) == 0:
		return text + fmt.Sprintf("The %d that could be were taken back.", made)
	}
	slices.Sort(left)
	return text + fmt.Sprintf("Of the %d that could be %d could not be taken back everywhere:\n%s", made, len(left), strings.Join(left, "\n"))
}

func (r *zoneRecordsResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state zoneRecordsModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || r.shared == nil {
		return
	}
	r.shared.mayBeDestroyed()
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

func (r *zoneRecordsResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state zoneRecordsModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || !r.shared.configured(&resp.Diagnostics) {
		return
	}
	list, _ := plan.entries(&resp.Diagnostics)
	before := state.inState(ctx, r.shared, &resp.Diagnostics)
	was := readEntryOwnership(ctx, req.Private, before, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	kept := r.update(ctx, list, before, nil)
	reportAll(slices.Concat(list, before), &resp.Diagnostics)
	plan.fill(kept)
	writeEntryOwnership(ctx, resp.Private, was, kept, &resp.Diagnostics)
	writePrivate(ctx, resp.Private, departureKey, departures{}, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
}

// update brings all entries about side by side and returns what is true afterwards: an entry that could not be created
// is not there, one that could not be changed is what it was, one that could not be deleted is still there.
func (r *zoneRecordsResource) update(ctx context.Context, list, before []*entry, leave departures) []*entry {
	pairs, removed := match(list, before)
	for _, was := range removed { // what takes its place may come first
		r.shared.walk.Recall(ctx, was.key)
		r.shared.walk.Leave(was.key, was.ownership)
	}
	var mu sync.Mutex
	var kept []*entry
	keep := func(e *entry) {
		mu.Lock()
		defer mu.Unlock()
		kept = append(kept, e)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		sideBySide(list, func(e *entry) {
			was := pairs[e]
			var ok bool
			if was == nil {
				var c replica.Creation
				c, e.ownership, ok = r.shared.createUndoable(ctx, &e.model, e.declared(), false, &e.diags)
				e.left = len(c.Left) > 0
			} else {
				r.planAgain(ctx, e, was)
				e.ownership, ok = r.shared.update(ctx, &e.model, &was.model, e.declared(), was.declared(), was.ownership, false, &e.diags)
			}
			switch {
			case ok:
				keep(e)
			case was != nil:
				keep(was)
			}
		})
	})
	wg.Go(func() {
		sideBySide(removed, func(e *entry) {
			var ok bool
			if e.ownership, ok = r.shared.remove(ctx, &e.model, e.ownership, leave.of(e.key), &e.diags); !ok {
				keep(e)
			}
		})
	})
	wg.Wait()
	return kept
}

// planAgain marks where the entry is to be written: the plan of the resource keeps that only as differences that are
// not known.
func (r *zoneRecordsResource) planAgain(ctx context.Context, e, was *entry) {
	want, _ := e.model.desired(ctx, e.declared(), &e.diags)
	p := proposal{plan: &e.model, prior: &was.model, priorDeclared: was.declared(), ownership: was.ownership}
	request := r.shared.request(ctx, p, want)
	request.GivenUp = false // that was for this process to hear of it
	e.model.Operators = readHoldings(was.model.Operators).planned(replica.Plan(request).Writes, nil).value()
}

func (r *zoneRecordsResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state zoneRecordsModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || !r.shared.configured(&resp.Diagnostics) {
		return
	}
	list := state.inState(ctx, r.shared, &resp.Diagnostics)
	was := readEntryOwnership(ctx, req.Private, list, &resp.Diagnostics)
	leave := departures{}
	readPrivate(ctx, req.Private, departureKey, &leave, &resp.Diagnostics)
	r.shared.announce(slices.Collect(maps.Values(leave))...)
	left := r.update(ctx, nil, list, leave)
	reportAll(list, &resp.Diagnostics)
	if len(left) > 0 {
		state.fill(left)
		writeEntryOwnership(ctx, resp.Private, was, left, &resp.Diagnostics)
		resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
	}
}

// sideBySide calls f for all items at once: that is how their writes meet in one batch.
func sideBySide[T any](items []T, f func(T)) {
	var wg sync.WaitGroup
	for _, item := range items {
		wg.Go(func() { f(item) })
	}
	wg.Wait()
}

// inTurns calls f for all items, some at once: what reads has nothing to meet for, and each call that waits for the
// same list is looked at whenever one comes.
func inTurns[T any](items []T, f func(T)) {
	const atOnce = 16
	shares := slices.Collect(slices.Chunk(items, len(items)/atOnce+1))
	sideBySide(shares, func(share []T) {
		for _, item := range share {
			f(item)
		}
	})
}
