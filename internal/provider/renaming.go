package provider

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// Another owner name or zone replaces a resource. One that is not known yet may turn out to be the same, and a
// replacement would have deleted the RRset by then: it is changed in place, and so it must be in the plan that is made
// once more right before the apply, when it is known (design/unknown-values.md).

// refreshing notes that the walk reads what the state has.
func (d *shared) refreshing() {
	if d != nil {
		d.refreshed.Store(true)
	}
}

// refreshes reports whether the walk is that of a plan: there a resource is read before it is planned, and in an apply
// none is read at all (design/facts/terraform-behaviour.md sections 9 and 16). Without a refresh, or while the
// provider's configuration is not known, a plan looks like an apply.
func (d *shared) refreshes() bool { return d != nil && d.refreshed.Load() }

// keepKey plans zone and owner name as they are in the state where they mean the same, or lets them replace the
// resource.
func (d *shared) keepKey(plan, prior *replicaModel, resp *resource.ModifyPlanResponse) {
	if d.refreshes() && plan.renamed(prior) {
		if !plan.Zone.Equal(prior.Zone) {
			resp.RequiresReplace.Append(path.Root("zone"))
		}
		if !plan.Name.Equal(prior.Name) {
			resp.RequiresReplace.Append(path.Root("name"))
		}
		return
	}
	declared, spelled := ownerOf(plan)
	plan.keepKey(prior)
	if kept, known := ownerOf(plan); spelled && (!known || kept != declared) {
		resp.Diagnostics.AddAttributeError(path.Root("name"), "Name means something else in another zone", fmt.Sprintf(
			"The owner name is %q in the state, where it means the same as the name that is declared, in the zone %s. That changes with the zone: declare it as %q, or apply one change after the other.",
			prior.Name.ValueString(), prior.Zone.ValueString(), prior.Name.ValueString()))
	}
}

// keepZone does so for a resource that has a zone and no name.
func (d *shared) keepZone(plan *types.String, prior types.String, resp *resource.ModifyPlanResponse) {
	switch {
	case plan.IsUnknown():
	case sameZone(*plan, prior):
		*plan = prior
	case d.refreshes():
		resp.RequiresReplace.Append(path.Root("zone"))
	}
}

// renamed reports whether zone or owner name are known, and others than before.
func (m *replicaModel) renamed(prior *replicaModel) bool {
	now, known := ownerOf(m)
	before, priorKnown := ownerOf(prior)
	return known && priorKnown && now != before
}

// rename brings an RRset about under another name, and then takes it away under the former one: at no operator there is
// less than one of both. If that cannot be done everywhere the RRset keeps its name, prior says what the operators hold
// of it, and ok is false.
func (d *shared) rename(ctx context.Context, p proposal, diags *diag.Diagnostics) (left replica.Ownership, ok bool) {
	creation, left, ok := d.create(ctx, p.plan, p.declared, creating{alone: p.alone, renaming: true}, diags)
	if !ok {
		return p.ownership, false
	}
	from, _ := p.prior.key(diags)
	to, _ := p.plan.key(diags)
	p.told.inPlace = true
	removal := d.remove(ctx, p.prior, p.priorDeclared, p.ownership, p.told, diags)
	if removal.ok {
		return left, true
	}
	reportNotRenamed(from, fmt.Sprintf("%s in zone %s", to, to.Zone), removal, diags)
	var undone []string
	if removal.stands() {
		undone = undoAll(ctx, []*replica.Creation{&creation})
	}
	diags.AddError("RRset is not renamed", keepsName(1, removal.stands(), undone))
	return removal.left, false
}

// reportNotRenamed says why an RRset could not be taken away after what takes its place was created.
func reportNotRenamed(from rrset.Key, to string, r removal, diags *diag.Diagnostics) {
	for _, name := range slices.Sorted(maps.Keys(r.outcomes)) {
		err := r.outcomes[name].Err
		switch {
		case err == nil, errors.Is(err, replica.ErrTakenBack): // said of the operator that it failed at
		default:
			diags.AddError("Unable to delete RRset", fmt.Sprintf(
				"%s in zone %s could not be deleted at %s, after what takes its place was created (%s): %s.",
				from, from.Zone, title(name), to, operator.Reason(err)))
		}
	}
}

// keepsName says what became of RRsets that were created under other names, whose former ones could not be deleted.
func keepsName(made int, stand bool, left []string) string {
	text := "What is in the state keeps its name: an RRset goes only after that which takes its place is there at every operator. "
	switch {
	case !stand:
		text += "Some of it is gone already, so that what was created under the new name stays; none of that is in the state, and the next apply adopts it."
	case len(left) == 0:
		text += "What was created under the new name was taken back."
	default:
		text += fmt.Sprintf("Of %d that were created under the new name %d could not be taken back everywhere:\n%s", made, len(left), strings.Join(left, "\n"))
	}
	return text + " Fix what is reported above, and apply again."
}

// awaited is what comes of an outage for an RRset that is to be renamed.
func awaited(name string) string {
	return fmt.Sprintf("What is renamed keeps its name until %s answers: apply again then.", title(name))
}
