package provider

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/replica"
)

// create makes the RRset at every operator and sets the computed attributes.
// When nothing shall be kept there is an error and ok is false: a creation
// that returns state beside an error is tainted, always
// (facts/terraform-behaviour.md section 2).
func (d *shared) create(ctx context.Context, m *replicaModel, declared values, diags *diag.Diagnostics) (unclaimed []string, ok bool) {
	_, unclaimed, ok = d.createUndoable(ctx, m, declared, diags)
	return unclaimed, ok
}

// createUndoable is create for a caller that creates several RRsets, of which
// none shall stand unless all do.
func (d *shared) createUndoable(ctx context.Context, m *replicaModel, declared values, diags *diag.Diagnostics) (c replica.Creation, unclaimed []string, ok bool) {
	want, known := m.desired(ctx, declared, diags)
	if !known || diags.HasError() {
		return c, nil, false
	}
	key := keyOf(want)
	d.awaitDelegation(ctx, key)
	creation := d.walk.Create(ctx, want, replica.CreateOptions{
		Overwrite: m.mayOverwrite(key), FailOnOutage: d.failsOnOutage(m),
	})
	if creation.Refused() || (d.failsOnOutage(m) && failed(creation.Outcomes)) {
		d.reportCreation(m, key, creation, diags)
		return creation, nil, false
	}
	holdings := holdings{}
	for name, o := range creation.Outcomes {
		holdings[name] = holding{}.after(d.walk.Effective(name, want[name]), o)
		if o.Err != nil {
			d.reportOutage(name, o.Err, diags)
		}
		if o.Unread {
			unclaimed = append(unclaimed, name)
		}
	}
	m.setNames(key, true)
	m.settle(ctx, holdings, diags)
	return creation, unclaimed, true
}

func failed(outcomes map[string]replica.Outcome) bool {
	for _, o := range outcomes {
		if o.Err != nil {
			return true
		}
	}
	return false
}

// settle sets what the operators hold.
func (m *replicaModel) settle(ctx context.Context, hs holdings, diags *diag.Diagnostics) {
	m.Operators = hs.value(ctx, diags)
	m.InSync = types.BoolValue(hs.inSync())
}

// read observes the RRset. What an operator that does not answer was last seen
// to hold stays.
func (d *shared) read(ctx context.Context, m *replicaModel, declared values, unclaimed []string, diags *diag.Diagnostics) (stillUnclaimed []string) {
	want, known := m.desired(ctx, declared, diags)
	if !known || diags.HasError() {
		return unclaimed
	}
	key := keyOf(want)
	d.walk.Own(key)
	former := formerKeys(unclaimed, key)
	hs := readHoldings(ctx, m.Operators, diags)
	observed := d.walk.Observe(ctx, key)
	for _, name := range operatorNames {
		o := observed[name]
		foreign := slices.Contains(unclaimed, name)
		if o.Err != nil {
			d.reportUnread(m, name, o.Err, diags)
			hs[name] = hs[name].unread(o.Err)
			if foreign {
				stillUnclaimed = append(stillUnclaimed, name)
			}
			if old, ok := former[name]; ok {
				stillUnclaimed = append(stillUnclaimed, formerClaim(name, old))
			}
			continue
		}
		hs[name] = seen(d.walk.Effective(name, want[name]), o.Held)
		if old, ok := former[name]; ok && holdsOther(o, old) {
			stillUnclaimed = append(stillUnclaimed, formerClaim(name, old))
			hs[name] = hs[name].outOfSync("owed: the RRset of the former type " + old.Type + " is still there; the next apply replaces it")
		}
		if foreign && o.Held != nil && hs[name].Status.ValueString() != statusInSync {
			stillUnclaimed = append(stillUnclaimed, name)
			hs[name] = hs[name].outOfSync("conflict: the operator held another RRset before this one was created; import it or set overwrite = true")
		}
	}
	m.settle(ctx, hs, diags)
	return stillUnclaimed
}

// update writes to the operators whose holding the plan left open. When
// nothing changed anywhere there is an error and the prior state stays.
func (d *shared) update(ctx context.Context, plan, prior *replicaModel, declared values, unclaimed []string, diags *diag.Diagnostics) (stillUnclaimed []string, ok bool) {
	want, known := plan.desired(ctx, declared, diags)
	from, _ := prior.key(diags)
	if !known || diags.HasError() {
		return unclaimed, false
	}
	key := keyOf(want)
	planned := readHoldings(ctx, plan.Operators, diags)
	before := readHoldings(ctx, prior.Operators, diags)
	at := map[string]bool{}
	for _, name := range operatorNames {
		if h, ok := planned[name]; !ok || h.Status.IsUnknown() {
			at[name] = true
		}
	}
	if len(at) == 0 { // only arguments that no operator sees have changed
		plan.setNames(key, true)
		plan.settle(ctx, before, diags)
		return unclaimed, true
	}
	former := formerKeys(unclaimed, key)
	outcomes := d.walk.Update(ctx, replica.Update{
		From: from, Former: former, Want: want, At: at, Unclaimed: unclaimedSet(unclaimed), Overwrite: plan.mayOverwrite(key),
	})
	if !anyDone(outcomes) && len(at) == len(operatorNames) {
		d.reportUpdate(plan, key, outcomes, diags, "The state stays as it was.")
		if !diags.HasError() {
			diags.AddError("Unable to update RRset", fmt.Sprintf("No operator answered: %s in zone %s was written nowhere. The state stays as it was; apply again when an operator answers.", key, key.Zone))
		}
		return unclaimed, false
	}
	d.reportUpdate(plan, key, outcomes, diags, "The state says what each operator holds; the next apply completes the update.")
	after := holdings{}
	for _, name := range operatorNames {
		o, written := outcomes[name]
		old, isFormer := former[name]
		if !isFormer {
			old = from
		}
		if old != key && (!written && isFormer || o.Err != nil) {
			stillUnclaimed = append(stillUnclaimed, formerClaim(name, old))
		}
		if !written {
			after[name] = planned[name]
			continue
		}
		after[name] = before[name].after(d.walk.Effective(name, want[name]), o)
		if slices.Contains(unclaimed, name) && o.Err != nil {
			stillUnclaimed = append(stillUnclaimed, name)
		}
	}
	plan.setNames(key, true)
	plan.settle(ctx, after, diags)
	return stillUnclaimed, true
}

func anyDone(outcomes map[string]replica.Outcome) bool {
	for _, o := range outcomes {
		if o.Err == nil {
			return true
		}
	}
	return false
}

// remove deletes the RRset. ok is false when something is left to delete; the
// state then says what.
func (d *shared) remove(ctx context.Context, m *replicaModel, unclaimed []string, diags *diag.Diagnostics) (ok bool) {
	key, known := m.key(diags)
	if !known {
		return false
	}
	if isApexNS(key) {
		diags.AddWarning("Apex NS RRset is left as it is", fmt.Sprintf(
			"%s is gone from the state and stays at the operators: a zone without it is broken. Change it there if it shall differ.", key))
		return true
	}
	hs := readHoldings(ctx, m.Operators, diags)
	d.awaitNoDS(ctx, key)
	outcomes := d.walk.Delete(ctx, replica.Deletion{Key: key, Former: formerKeys(unclaimed, key), Unclaimed: unclaimedSet(unclaimed)})
	ok = true
	for _, name := range operatorNames {
		o := outcomes[name]
		switch {
		case o.Err != nil:
			ok = false
			d.reportDeletion(name, key, o.Err, diags)
			hs[name] = hs[name].outOfSync("owed: the RRset could not be deleted (" + reason(o.Err) + "); the next apply that reaches the operator deletes it")
		case o.Kept:
			d.reportKept(name, key, o.Held, diags)
		default:
			hs[name] = holding{TTL: types.Int64Null(), Values: types.SetNull(types.StringType)}.
				outOfSync("deleted here; another operator still holds the RRset")
		}
	}
	if !ok {
		m.settle(ctx, hs, diags)
	}
	return ok
}

// failsOnOutage says whether an outage is an error for this resource.
func (d *shared) failsOnOutage(m *replicaModel) bool {
	return firstOf(m.OnOutage.ValueString(), d.onOutage) == outageFail
}
