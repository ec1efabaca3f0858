package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// create makes the RRset at every operator and sets the computed attributes.
// When nothing shall be kept there is an error and ok is false: a creation
// that returns state beside an error is tainted, always
// (design/facts/terraform-behaviour.md section 2).
func (d *shared) create(ctx context.Context, m *replicaModel, declared values, alone bool, diags *diag.Diagnostics) (left claims, ok bool) {
	_, left, ok = d.createUndoable(ctx, m, declared, alone, diags)
	return left, ok
}

// createUndoable is create for a caller that creates several RRsets, of which
// none shall stand unless all do.
func (d *shared) createUndoable(ctx context.Context, m *replicaModel, declared values, alone bool, diags *diag.Diagnostics) (c replica.Creation, left claims, ok bool) {
	want, known := m.desired(ctx, declared, diags)
	if !known || diags.HasError() {
		return c, left, false
	}
	key := keyOf(want)
	creation := d.walk.Create(ctx, want, replica.CreateOptions{
		Overwrite: m.mayOverwrite(key), FailOnOutage: d.failsOnOutage(m), Alone: alone,
	})
	if creation.Refused() || (d.failsOnOutage(m) && failed(creation.Outcomes)) {
		d.reportCreation(m, key, creation, diags)
		return creation, left, false
	}
	holdings := holdings{}
	for name, o := range creation.Outcomes {
		holdings[name] = holding{}.after(d.walk.Effective(name, want[name]), o)
		if o.Err != nil {
			d.reportOutage(name, o.Err, owed(name), diags)
		}
		if o.Unread {
			left.addForeign(name)
		}
		if o.Unpublished {
			left.addUnpublished(name)
			d.reportUnpublished(name, key, diags)
		}
	}
	m.setNames(key, true)
	m.settle(holdings)
	return creation, left, true
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
func (m *replicaModel) settle(hs holdings) {
	m.Operators = hs.value()
	m.InSync = types.BoolValue(hs.inSync())
}

// read observes the RRset. What an operator that does not answer was last seen
// to hold stays.
func (d *shared) read(ctx context.Context, m *replicaModel, declared values, before claims, diags *diag.Diagnostics) (left claims) {
	want, known := m.desired(ctx, declared, diags)
	if !known || diags.HasError() {
		return before
	}
	key := keyOf(want)
	d.walk.Own(key)
	left.Ceded = d.stillCeded(key, before)
	former := before.formerKeys(key)
	hs := readHoldings(m.Operators)
	observed := d.walk.Observe(ctx, key)
	for _, name := range operatorNames() {
		o := observed[name]
		foreign := before.Foreign[name]
		if o.Err != nil {
			d.reportUnread(d.failsOnOutage(m), name, o.Err, owed(name), diags)
			hs[name] = hs[name].unread(o.Err)
			if operator.RefusedAs(o.Err, operator.ZoneNotFound) {
				hs[name] = nothingHeld().outOfSync(noZone)
			}
			if foreign {
				left.addForeign(name)
			}
			if old, ok := former[name]; ok {
				left.addFormer(name, old)
			}
			if before.Unpublished[name] {
				left.addUnpublished(name)
			}
			continue
		}
		hs[name] = seen(d.walk.Effective(name, want[name]), o.Held)
		if old, ok := former[name]; ok && holdsOther(o, old) {
			left.addFormer(name, old)
			hs[name] = hs[name].outOfSync("owed: the RRset of the former type " + old.Type + " is still there; the next apply replaces it")
		}
		if before.Unpublished[name] && hs[name].Status.ValueString() == statusInSync && d.isUnpublished(ctx, name, key.Zone) {
			left.addUnpublished(name)
			hs[name] = hs[name].outOfSync(unpublished)
		}
		if foreign && o.Held != nil && hs[name].Status.ValueString() != statusInSync {
			left.addForeign(name)
			hs[name] = hs[name].outOfSync("conflict: the operator held another RRset before this one was created; declare what it holds, or set overwrite = true")
		}
	}
	m.settle(hs)
	return left
}

// isUnpublished asks an operator whether its name servers lack what it stores.
// What cannot be asked stays as it was.
func (d *shared) isUnpublished(ctx context.Context, name, zone string) bool {
	info, err := d.walk.Zone(ctx, name, zone)
	return err != nil || info.Unpublished
}

// stillCeded are the types that no other address has taken so far.
func (d *shared) stillCeded(key rrset.Key, before claims) (left map[string]bool) {
	for typ := range before.Ceded {
		d.walk.Own(key.WithType(typ))
		if !d.walk.Keeps(key.WithType(typ)) {
			mark(&left, typ)
		}
	}
	return left
}

// update writes to the operators whose holding the plan left open. When
// nothing changed anywhere there is an error and the prior state stays.
func (d *shared) update(ctx context.Context, plan, prior *replicaModel, declared values, held claims, alone bool, diags *diag.Diagnostics) (left claims, ok bool) {
	want, known := plan.desired(ctx, declared, diags)
	from, _ := prior.key(diags)
	if !known || diags.HasError() {
		return held, false
	}
	key := keyOf(want)
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
		plan.settle(before)
		return held, true
	}
	former := held.formerKeys(key)
	outcomes := d.walk.Update(ctx, replica.Update{
		From: from, Former: former, Want: want, At: at, Foreign: held.Foreign, Unpublished: held.Unpublished,
		Overwrite: plan.mayOverwrite(key), Alone: alone,
	})
	if nothingDone(outcomes) && len(at) == len(Operators) {
		d.reportUpdate(plan, key, outcomes, diags, "The state stays as it was.")
		if !diags.HasError() {
			diags.AddError("Unable to update RRset", fmt.Sprintf("No operator answered: %s in zone %s was written nowhere, as far as can be told. The state stays as it was; apply again when an operator answers.", key, key.Zone))
		}
		return held, false
	}
	if !anyDone(outcomes) && len(at) == len(Operators) {
		diags.AddError("Unable to update RRset", fmt.Sprintf("No operator answered, and what became of the writes could not be read: %s in zone %s may be changed or not. The state calls it out of sync; apply again when an operator answers.", key, key.Zone))
	}
	d.reportUpdate(plan, key, outcomes, diags, "The state says what each operator holds; the next apply completes the update.")
	after := holdings{}
	left.Ceded = held.Ceded
	for _, name := range operatorNames() {
		o, written := outcomes[name]
		old, isFormer := former[name]
		if !isFormer || old == key { // back to a former type: what it was changed to may be there as well
			old = from
		}
		if !written && isFormer && old != key || o.Former {
			left.addFormer(name, old)
		}
		if o.Ceded {
			left.cede(old)
		}
		if !written {
			after[name] = planned[name]
			if held.Unpublished[name] {
				left.addUnpublished(name)
			}
			continue
		}
		after[name] = before[name].after(d.walk.Effective(name, want[name]), o)
		if o.Err != nil && held.Foreign[name] {
			left.addForeign(name)
		}
		if o.Unpublished || o.Err != nil && held.Unpublished[name] {
			left.addUnpublished(name)
			d.reportUnpublished(name, key, diags)
		}
	}
	plan.setNames(key, true)
	plan.settle(after)
	return left, true
}

// nothingDone says that no operator was written, by all that could be read.
func nothingDone(outcomes map[string]replica.Outcome) bool {
	for _, o := range outcomes {
		if o.Err == nil || o.InDoubt() && !o.Known {
			return false
		}
	}
	return true
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
func (d *shared) remove(ctx context.Context, m *replicaModel, held claims, dep departure, diags *diag.Diagnostics) (ok bool) {
	key, known := m.key(diags)
	if !known {
		return false
	}
	if isApexNS(key) {
		diags.AddWarning("Apex NS RRset is left as it is", fmt.Sprintf(
			"%s is gone from the state and stays at the operators: a zone without it is broken. Change it there if it shall differ.", key))
		return true
	}
	hs := readHoldings(m.Operators)
	outcomes := d.walk.Delete(ctx, dep.deletion(key, held))
	ok = true
	for _, name := range operatorNames() {
		o := outcomes[name]
		switch {
		case o.Err != nil:
			ok = false
			d.reportDeletion(name, key, o.Err, diags)
			if errors.Is(o.Err, replica.ErrNotTaken) || errors.Is(o.Err, replica.ErrTakenBack) {
				continue // it is held as before
			}
			hs[name] = hs[name].outOfSync("owed: the RRset could not be deleted (" + operator.Reason(o.Err) + "); the next apply that reaches the operator deletes it")
		case o.NoZone:
			d.reportNoZone(name, key, diags)
			hs[name] = nothingHeld().outOfSync(noZone)
		case o.Kept && dep.Declares == key.ID(): // replaced by itself
		case o.Kept:
			d.reportKept(name, key, o.Held, diags)
		default:
			hs[name] = nothingHeld().outOfSync("deleted here; another operator still holds the RRset")
		}
	}
	if !ok {
		m.settle(hs)
	}
	return ok
}

// failsOnOutage says whether an outage is an error for this resource.
func (d *shared) failsOnOutage(m *replicaModel) bool {
	return firstOf(m.OnOutage.ValueString(), d.onOutage) == outageFail
}

// holdsOther says that the operator was seen to hold an RRset of another type
// than the one that was asked for.
func holdsOther(o replica.Observation, key rrset.Key) bool {
	return slices.ContainsFunc(o.Others, func(r operator.RRset) bool { return r.Key == key })
}
