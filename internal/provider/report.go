package provider

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// unauthorized reports whether the token was not accepted. For what is in state that counts as an outage: real
// incidents looked like it (design/facts/cloudflare-api.md section 8).
func unauthorized(err error) bool {
	return operator.RefusedAs(err, operator.Unauthorized)
}

func outageLike(err error) bool { return operator.AsOutage(err) != nil || unauthorized(err) }

// reportUnread reports an operator that could not be read for an RRset that is in state: a warning, once for each walk,
// unless outages are errors. The warning says what comes of it.
func (d *shared) reportUnread(fails bool, name string, err error, consequence string, diags *diag.Diagnostics) {
	if fails {
		diags.AddError(title(name)+" could not be read", fmt.Sprintf(
			"%s. on_outage is \"fail\", so the run ends here; nothing was written. Set it to \"degrade\" to go on with the last observation.", err))
		return
	}
	d.reportOutage(name, err, consequence, diags)
}

// owed is what comes of an outage for what is in state.
func owed(name string) string {
	return fmt.Sprintf("The run goes on without it. What %s is owed is marked %s, and the first apply after it answers again delivers it: nothing else needs to be done.",
		title(name), statusOutOfSync)
}

// freshToken is said beside each refusal of a token.
const freshToken = "A token that was created a minute ago is sometimes refused: then try again."

// mendAndApply is what to do about a refusal that no repetition mends.
const mendAndApply = "Change what it objects to, here or at the operator, and apply again."

// reportOutage warns once for each operator and walk: what happened, what it means, what to do.
func (d *shared) reportOutage(name string, err error, consequence string, diags *diag.Diagnostics) {
	if !d.walk.AnnounceOutage(name) {
		return
	}
	summary, hint := title(name)+" did not answer", ""
	if !outageLike(err) {
		summary = title(name) + " refused"
	}
	if unauthorized(err) {
		summary = title(name) + " did not accept the token"
		hint = fmt.Sprintf(" If this is no incident there, check the token in %s. %s", operatorType(name).Credential(), freshToken)
	}
	if outage := operator.AsOutage(err); outage != nil && outage.Alone {
		hint = fmt.Sprintf(" It answers reads, and nothing else was written beside this RRset: if it happens again in the next run, the RRset may be what %s cannot process. Then declare another value for it, or remove it.", title(name))
	}
	diags.AddWarning(summary, fmt.Sprintf("%s. %s%s (Said once for the whole run.)", asked(name, err), consequence, hint))
}

// asked says what an operator answered and to what, without what the error went through on its way here.
func asked(name string, err error) string {
	action := ""
	if outage := operator.AsOutage(err); outage != nil {
		err, action = outage, outage.Action
	} else if refusal := operator.AsRefusal(err); refusal != nil {
		err, action = refusal, refusal.Action
	}
	if said, ok := strings.CutPrefix(err.Error(), name+": "+action+": "); ok && action != "" {
		return fmt.Sprintf("%s (asked to %s)", said, action)
	}
	return err.Error()
}

// reportLate says that an operator was not waited for. It may be slow, and that is no outage.
func (d *shared) reportLate(name string, diags *diag.Diagnostics) {
	diags.AddWarning(title(name)+" is slow to answer", fmt.Sprintf(
		"%s has not answered yet, long after another operator did. The plan goes on without its answer: a conflict there is found by the apply, before anything is written.",
		title(name)))
}

// reportUnreadCreation reports an operator that could not be read for an RRset that is to be created. There a refusal
// is an error: nothing is in state that would be kept from the plan.
func (d *shared) reportUnreadCreation(fails bool, name string, err error, consequence string, diags *diag.Diagnostics) {
	if operator.AsRefusal(err) == nil {
		d.reportUnread(fails, name, err, consequence, diags)
		return
	}
	d.reportUnknown(name, err, nothingWritten, diags)
}

// nothingWritten is what a refusal leaves that comes before anything is written.
const nothingWritten = "Nothing was written."

// reportUnknown reports a refusal of the zone as a whole, and what it leaves.
func (d *shared) reportUnknown(name string, err error, outcome string, diags *diag.Diagnostics) {
	refusal := operator.AsRefusal(err)
	switch {
	case operator.RefusedAs(err, operator.ZoneNotFound):
		diags.AddAttributeError(path.Root("zone"), "Zone not found at "+title(name),
			strings.TrimSuffix(refusal.Said(), ".")+". "+outcome)
	case operator.RefusedAs(err, operator.Unauthorized):
		diags.AddError(title(name)+" did not accept the token", fmt.Sprintf(
			"%s said %s. %s Check the token in %s and its rights on the zone. %s", title(name), refusal.Said(), outcome, operatorType(name).Credential(), freshToken))
	default:
		diags.AddError(title(name)+" refused", asked(name, err)+". "+outcome)
	}
}

// reportUnshown reports a zone that this operator does not show and another one does, to somebody who only asks.
func (d *shared) reportUnshown(name string, err error, consequence string, diags *diag.Diagnostics) {
	diags.AddWarning("Zone not found at "+title(name), fmt.Sprintf(
		"%s. %s If the zone is not there, add it; if it is, the token needs the right to read it.",
		strings.TrimSuffix(operator.AsRefusal(err).Said(), "."), consequence))
}

// reportCreation reports a creation of which nothing is kept.
func (d *shared) reportCreation(m *replicaModel, key rrset.Key, c replica.Creation, renaming bool, diags *diag.Diagnostics) {
	left, state := c.Describe(title), "nothing is in the state."
	if renaming {
		state = "what the state has under another name stays as it is: it goes only after this one is there at every operator."
	}
	if left == "" {
		left = "Nothing is left of it at any operator that answered, and " + state
	}
	if c.InDoubt() {
		left += " A write that was not answered may still be carried out, minutes later: the next apply adopts what is there then."
	}
	for _, name := range slices.Sorted(maps.Keys(c.Outcomes)) {
		err := c.Outcomes[name].Err
		refusal := operator.AsRefusal(err)
		conflict, isConflict := errors.AsType[*replica.ConflictError](err)
		switch {
		case err == nil:
		case isConflict:
			d.addConflict(m, conflict, renaming, left, diags)
		case refusal != nil && (refusal.Kind == operator.ZoneNotFound || refusal.Kind == operator.Unauthorized):
			d.reportUnknown(name, err, left, diags)
		case refusal != nil:
			diags.AddError("Unable to create RRset", fmt.Sprintf("%s refused %s in zone %s: %s. %s",
				title(name), key, key.Zone, refusal.Said(), left))
		default:
			diags.AddError("Unable to create RRset", fmt.Sprintf("%s in zone %s: %s. %s Apply again when the operator answers.",
				key, key.Zone, err, left))
		}
	}
}

// reportUpdate reports what went wrong in an update: a refusal is an error, an outage a warning unless outages are
// errors. state says what the state holds.
func (d *shared) reportUpdate(m *replicaModel, key rrset.Key, outcomes map[string]replica.Outcome, diags *diag.Diagnostics, state string) {
	for _, name := range slices.Sorted(maps.Keys(outcomes)) {
		err := outcomes[name].Err
		conflict, isConflict := errors.AsType[*replica.ConflictError](err)
		switch {
		case err == nil:
		case isConflict:
			d.addConflict(m, conflict, true, "Nothing was replaced there.", diags)
		case outageLike(err) && !d.failsOnOutage(m.OnOutage):
			d.reportOutage(name, err, owed(name), diags)
		case outageLike(err):
			diags.AddError("Unable to update RRset", fmt.Sprintf("%s in zone %s: %s. %s Apply again when it answers.", key, key.Zone, err, state))
		default:
			diags.AddError("Unable to update RRset", fmt.Sprintf("%s refused %s in zone %s: %s. %s %s",
				title(name), key, key.Zone, strings.TrimPrefix(operator.Reason(err), "refused: "), state, mendAndApply))
		}
	}
}

// reportDeletion reports an RRset that could not be deleted somewhere.
func (d *shared) reportDeletion(name string, key rrset.Key, owned replica.Ownership, o replica.Outcome, diags *diag.Diagnostics) {
	subject, err := fmt.Sprintf("%s in zone %s", key, key.Zone), o.Err
	switch {
	case errors.Is(err, replica.ErrNotTaken):
		diags.AddError("RRset was not handed over", fmt.Sprintf(
			"%s in zone %s is declared by another resource now, which could not take it over: see its error. Nothing was deleted, and it stays in the state here until it is there; apply again.",
			key, key.Zone))
		return
	case errors.Is(err, replica.ErrNotSucceeded):
		diags.AddError("RRset was not replaced", fmt.Sprintf(
			"%s in zone %s was to make room for what another resource declares at its name, and that could not be created at %s: see its error. Nothing was deleted there, and it stays in the state here: the name would have been empty. Apply again when that is fixed.",
			key, key.Zone, title(name)))
		return
	case errors.Is(err, replica.ErrTakenBack):
		diags.AddError("RRset was not replaced", fmt.Sprintf(
			"%s in zone %s was to make room for an RRset of another name, and not every operator has deleted it: see what is said of that. %s keeps it: the name that is to come would have been lost there. Apply again when all can, or set create_before_destroy = true in lifecycle.",
			key, key.Zone, title(name)))
		return
	}
	if occupied, ok := errors.AsType[*replica.OccupiedError](err); ok {
		diags.AddError("RRset was not replaced", fmt.Sprintf(
			"%s in zone %s was to be replaced, by an RRset of another name for which there was room when that was planned. %s. Nothing was deleted, and it stays in the state: neither name would be left. Plan again: that says what stands there, and what to do about it.",
			key, key.Zone, standsThere(occupied.Operator, occupied)))
		return
	}
	if o.Kept {
		subject = fmt.Sprintf("%s has another address now, and what is left under the former type %s", subject, strings.Join(slices.Sorted(maps.Keys(owned.Former[name])), ", "))
	}
	diags.AddError("Unable to delete RRset", fmt.Sprintf(
		"%s could not be deleted at %s: %s. It stays in the state until it is gone everywhere. %s",
		subject, title(name), err, deleteAgain(name, err)))
}

// deleteAgain is what to do about a deletion that failed. It may be part of an apply, and a destroy would then delete
// everything else as well.
func deleteAgain(name string, err error) string {
	switch {
	case unauthorized(err):
		return fmt.Sprintf("Check the token in %s, and run the same command again. %s", operatorType(name).Credential(), freshToken)
	case operator.RefusedAs(err, operator.ZoneNotFound) && !operator.NoZone(err):
		return "That alone does not prove that the zone is gone: run the same command again when it is shown. If it is gone for good, take its resources out of the state with state rm."
	case operator.AsRefusal(err) != nil:
		return "Change what it objects to, there or in what the token may do, and run the same command again."
	}
	return "Run the same command again when the operator answers."
}

// reportMixed reports a write that was carried out, and whose answer shows something else all the same.
func (d *shared) reportMixed(name string, want operator.RRset, o replica.Outcome, diags *diag.Diagnostics) {
	if o.Err != nil || !o.Known || replica.Drift(d.walk.Effective(name, want), o.Held) == "" {
		return
	}
	diags.AddWarning(title(name)+" holds something else than was written", fmt.Sprintf(
		"%s accepted %s in zone %s and shows something else, even after it was sent once more: somebody else is changing the same RRset at the same time. operators[%q].status is %q; the next apply sends it again.",
		title(name), want.Key, want.Zone, name, statusOutOfSync))
}

// reportNoZone reports a deletion at an operator that has no such zone.
func (d *shared) reportNoZone(name string, key rrset.Key, diags *diag.Diagnostics) {
	diags.AddWarning("Zone not found at "+title(name), fmt.Sprintf(
		"%s has no zone %s, or none that the token can see, so there is nothing to delete. If the zone is there, its RRsets are still in it: look there.",
		title(name), key.Zone))
}

// reportUnpublished says that what was stored is not served.
func (d *shared) reportUnpublished(name string, key rrset.Key, diags *diag.Diagnostics) {
	diags.AddWarning(title(name)+" does not serve what it stored", fmt.Sprintf(
		"%s stored RRsets of zone %s and could not hand them to its name servers, which go on answering as before. operators[%q].status is %q until it has; the next apply makes it publish them.",
		title(name), key.Zone, name, statusOutOfSync))
}

// reportStillServed says, once for each zone and walk, that what was deleted is still answered with. Nothing is left in
// the state that a later run could publish.
func (d *shared) reportStillServed(name string, key rrset.Key, diags *diag.Diagnostics) {
	if _, again := d.stillServed.LoadOrStore([2]string{name, key.Zone}, true); again {
		return
	}
	diags.AddWarning(title(name)+" goes on serving what was deleted", fmt.Sprintf(
		"%s deleted %s in zone %s and could not hand that to its name servers, which go on answering with it, and with whatever else this run deletes there, until the zone changes again: change any of its RRsets, and back. (Said once for the whole run.)",
		title(name), key, key.Zone))
}

// reportSucceeded reports what was left to a resource that has not come so far. One that is planned to come next, in
// place of this one, is nothing to tell of.
func (d *shared) reportSucceeded(name string, key rrset.Key, o replica.Outcome, dep departure, diags *diag.Diagnostics) {
	if dep.Declares != "" {
		return
	}
	diags.AddWarning("RRset is kept until its place is taken", fmt.Sprintf(
		"%s holds %s at %s, and another resource declares what cannot stand beside it. That replaces it in one request, so that the name is never empty; until it does, nothing is deleted. (It is no longer in the state here. If the other resource is taken out of the configuration before it was applied, delete the RRset by hand.)",
		title(name), strings.Join(slices.Sorted(maps.Keys(o.Succeeded)), ", "), key.Name))
}

// reportKept reports a deletion that wrote nothing on purpose; taken says that another address has the RRset in the
// state by now.
func (d *shared) reportKept(name string, key rrset.Key, foreign, taken bool, diags *diag.Diagnostics) {
	if foreign {
		diags.AddWarning("RRset is left as it is", fmt.Sprintf(
			"%s at %s was there before this resource and was never taken over; it is left alone.", key, title(name)))
		return
	}
	text := fmt.Sprintf("%s is declared by another resource: a rename. Nothing was deleted. A moved block says so without this warning.", key)
	if !taken {
		text += " (That resource has not come so far, and the RRset is no longer in the state here. If it fails, apply again; if it is taken out of the configuration before, delete the RRset by hand.)"
	}
	diags.AddWarning("RRset is kept under its new address", text)
}
