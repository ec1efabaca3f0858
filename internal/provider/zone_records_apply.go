package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/multidns/terraform-provider-multidns/internal/replica"
)

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
	if _, ok := r.createAll(ctx, list, creating{}, &resp.Diagnostics); !ok {
		return
	}
	plan.keep(ctx, nil, list, resp.Private, &resp.State, &resp.Diagnostics)
}

// createAll creates all entries, or none: what was created beside an RRset that could not be is taken back. State
// beside an error would be tainted, and then everything would be deleted and created anew.
func (r *zoneRecordsResource) createAll(ctx context.Context, list []*entry, how creating, diags *diag.Diagnostics) (made []*replica.Creation, ok bool) {
	made = sideBySide(list, func(e *entry) *replica.Creation {
		c, left, ok := r.shared.create(ctx, &e.model, e.declared(), how, &e.diags)
		if e.ownership, e.left = left, len(c.Left) > 0; !ok {
			return nil
		}
		return &c
	})
	reportAll(list, diags)
	if made = present(made); len(made) < len(list) {
		diags.AddError("Unable to create RRsets", takenBack(len(made), undoAll(ctx, made), how))
		return nil, false
	}
	return made, true
}

// undoAll takes back what was created, and says what is left.
func undoAll(ctx context.Context, made []*replica.Creation) (left []string) {
	left = sideBySide(made, func(c *replica.Creation) string {
		c.Undo(ctx)
		return c.Describe(title)
	})
	slices.Sort(left)
	return present(left)
}

// takenBack says what became of the RRsets of a map that could be created beside one that could not.
func takenBack(made int, left []string, how creating) string {
	text := "Of a map all RRsets are created or none, and one of them could not be: "
	if how.renaming {
		text += "the RRsets of the former zone stay, there and in the state. "
	} else {
		text += "nothing of this resource is in the state. "
	}
	switch {
	case made == 0:
		return text + "None of them is known to stand."
	case len(left) == 0:
		return text + fmt.Sprintf("The %d that could be were taken back.", made)
	}
	return text + fmt.Sprintf("Of the %d that could be %d could not be taken back everywhere:\n%s", made, len(left), strings.Join(left, "\n"))
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
	if !sameZone(plan.Zone, state.Zone) {
		if list = r.rename(ctx, list, before, plan.Zone.ValueString(), &resp.Diagnostics); resp.Diagnostics.HasError() {
			plan = state
		}
		plan.keep(ctx, was, list, resp.Private, &resp.State, &resp.Diagnostics)
		return
	}
	kept := r.update(ctx, list, before, nil)
	reportAll(slices.Concat(list, before), &resp.Diagnostics)
	plan.keep(ctx, was, kept, resp.Private, &resp.State, &resp.Diagnostics)
}

// keep puts what a creation or an update came to into the state.
func (m *zoneRecordsModel) keep(ctx context.Context, was map[string]replica.Ownership, list []*entry, private privateWriter, state *tfsdk.State, diags *diag.Diagnostics) {
	m.fill(list)
	writeEntryOwnership(ctx, private, was, list, diags)
	writePrivate(ctx, private, departureKey, departures{}, diags)
	diags.Append(state.Set(ctx, m)...)
}

// rename creates all entries in another zone and then takes away those of the former one, as a single RRset is renamed.
// It returns the entries of the state: those of the former zone if there is an error.
func (r *zoneRecordsResource) rename(ctx context.Context, list, before []*entry, zone string, diags *diag.Diagnostics) []*entry {
	r.leaveAll(ctx, before)
	made, ok := r.createAll(ctx, list, creating{renaming: true}, diags)
	if !ok {
		return before
	}
	dep := departure{Declares: zone, Plan: r.shared.walk.Plan(), inPlace: true}
	removals := sideBySide(before, func(e *entry) removal {
		removed := r.shared.remove(ctx, &e.model, e.declared(), e.ownership, dep, &e.diags)
		e.ownership = removed.left
		reportNotRenamed(e.key, zone, removed, &e.diags)
		return removed
	})
	reportAll(before, diags)
	var kept []*entry
	for i, e := range before {
		if !removals[i].ok {
			kept = append(kept, e)
		}
	}
	if len(kept) == 0 {
		return list
	}
	var left []string
	stand := !slices.ContainsFunc(removals, func(r removal) bool { return !r.stands() })
	if stand {
		left = undoAll(ctx, made)
	}
	diags.AddError("RRsets are not renamed", keepsName(len(made), stand, left))
	return kept
}

// leaveAll tells that entries are given up, before what takes their place comes.
func (r *zoneRecordsResource) leaveAll(ctx context.Context, entries []*entry) {
	for _, e := range entries {
		r.shared.walk.Recall(ctx, e.key)
		r.shared.walk.Leave(e.key, e.ownership)
	}
}

// update brings all entries about side by side and returns what is true afterwards: an entry that could not be created
// is not there, one that could not be changed is what it was, one that could not be deleted is still there.
func (r *zoneRecordsResource) update(ctx context.Context, list, before []*entry, leave departures) []*entry {
	pairs, removed := match(list, before)
	follows := r.shared.announce(maps.Values(leave))
	r.leaveAll(ctx, removed)
	var wg sync.WaitGroup
	var brought, undeleted []*entry
	wg.Go(func() {
		brought = sideBySide(list, func(e *entry) *entry {
			was := pairs[e]
			var ok bool
			if was == nil {
				var c replica.Creation
				c, e.ownership, ok = r.shared.create(ctx, &e.model, e.declared(), creating{}, &e.diags)
				e.left = len(c.Left) > 0
			} else {
				p := e.proposal(was)
				r.planAgain(ctx, p, &e.diags)
				e.ownership, ok = r.shared.update(ctx, p, &e.diags)
			}
			switch {
			case ok:
				return e
			case was != nil:
				was.ownership = e.ownership
			}
			return was
		})
	})
	wg.Go(func() {
		undeleted = sideBySide(removed, func(e *entry) *entry {
			dep := leave.of(e.key)
			dep.follows = follows
			removal := r.shared.remove(ctx, &e.model, e.declared(), e.ownership, dep, &e.diags)
			if e.ownership = removal.left; removal.ok {
				return nil
			}
			return e
		})
	})
	wg.Wait()
	return present(slices.Concat(brought, undeleted))
}

// planAgain marks where the entry is to be written: the plan of the resource keeps that only as differences that are
// not known.
func (r *zoneRecordsResource) planAgain(ctx context.Context, p proposal, diags *diag.Diagnostics) {
	want, _ := p.plan.desired(ctx, p.declared, diags)
	request := r.shared.request(ctx, p, want)
	request.GivenUp = false // that was for this process to hear of it
	p.plan.Operators = readHoldings(p.prior.Operators).planned(replica.Plan(request).Writes, nil).value()
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
	if !leave[open].refuseOpen("The map of RRsets in zone "+state.Zone.ValueString(), &resp.Diagnostics) {
		return
	}
	left := r.update(ctx, nil, list, leave)
	reportAll(list, &resp.Diagnostics)
	if len(left) > 0 {
		state.fill(left)
		writeEntryOwnership(ctx, resp.Private, was, left, &resp.Diagnostics)
		resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
	}
}

// sideBySide calls f for all items at once: that is how their writes meet in one batch. What it comes to is in their
// order.
func sideBySide[T, R any](items []T, f func(T) R) []R {
	results := make([]R, len(items))
	var wg sync.WaitGroup
	for i, item := range items {
		wg.Go(func() { results[i] = f(item) })
	}
	wg.Wait()
	return results
}

// present leaves out what is nothing.
func present[T comparable](items []T) []T {
	return slices.DeleteFunc(items, func(item T) bool { return item == *new(T) })
}

// inTurns calls f for all items, some at once: what reads has nothing to meet for, and each call that waits for the
// same list is looked at whenever one comes.
func inTurns[T any](items []T, f func(T)) {
	const atOnce = 16
	var wg sync.WaitGroup
	for share := range slices.Chunk(items, len(items)/atOnce+1) {
		wg.Go(func() {
			for _, item := range share {
				f(item)
			}
		})
	}
	wg.Wait()
}
