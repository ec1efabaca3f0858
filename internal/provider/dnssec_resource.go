package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/multidns/terraform-provider-multidns/internal/delegation"
	"github.com/multidns/terraform-provider-multidns/internal/dnssec"
	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

var (
	_ resource.ResourceWithConfigure      = (*dnssecResource)(nil)
	_ resource.ResourceWithIdentity       = (*dnssecResource)(nil)
	_ resource.ResourceWithImportState    = (*dnssecResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*dnssecResource)(nil)
	_ resource.ResourceWithValidateConfig = (*dnssecResource)(nil)
)

// dnssecResource is multidns_dnssec: two signers of one zone. What is decided is decided by [dnssec.Step]; the clock
// and the questions are here. A plan is a function of what Read saw (design/two-signers.md).
type dnssecResource struct {
	baseResource
	asker func() (delegation.Asker, error)
}

func (r *dnssecResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_dnssec"
	// A zone that was not known in the plan may become another one in place.
	resp.ResourceBehavior.MutableIdentity = true
}

func (r *dnssecResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = dnssecSchema()
}

func (r *dnssecResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = dnssecIdentity()
}

func (r *dnssecResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config dnssecModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	zone, known := config.zoneName(&resp.Diagnostics)
	config.nameServers(ctx, &resp.Diagnostics)
	if known && r.shared != nil {
		r.shared.declareSigners(zone)
	}
}

// refuseSecondDeclaration reports that something else declares what this resource keeps.
func (d *shared) refuseSecondDeclaration(zone string, diags *diag.Diagnostics) {
	switch {
	case d.declared.signers(zone) > 1:
		diags.AddAttributeError(path.Root("zone"), "Zone declared twice", fmt.Sprintf("Two resources multidns_dnssec declare %s, and each would undo what the other writes: keep one of them.", zone))
	case d.declared.of(apexDNSKEY(zone)) > 1:
		diags.AddAttributeError(path.Root("zone"), "RRset declared twice", fmt.Sprintf(
			"Another resource declares the DNSKEY RRset at the apex of %s, which this resource keeps: it gives each operator the keys of the other. Leave that RRset out.", zone))
	}
}

// begin reads what every operation needs. ok is false when there is an error.
func (r *dnssecResource) begin(ctx context.Context, m *dnssecModel, known map[string]dnssec.Held, diags *diag.Diagnostics) (s *signers, ok bool) {
	zone, _ := m.zoneName(diags)
	named := m.nameServers(ctx, diags)
	asker, err := r.asker()
	if err != nil {
		diags.AddError("Invalid root servers", err.Error())
	}
	if diags.HasError() || !r.shared.configured(diags) {
		return nil, false
	}
	return &signers{shared: r.shared, walk: r.shared.walk, zone: zone, asker: asker, named: named, known: known}, true
}

// ModifyPlan makes an update of what Read found owed, or found to have moved.
func (r *dnssecResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		r.planDestruction(ctx, req, resp)
		return
	}
	defer r.shared.sayHowToDestroy(&resp.Diagnostics)
	var plan, prior dnssecModel
	diags := &resp.Diagnostics
	diags.Append(req.Plan.Get(ctx, &plan)...)
	if diags.HasError() {
		return
	}
	zone, known := plan.zoneName(diags)
	if known && r.shared != nil {
		r.shared.refuseSecondDeclaration(zone, diags)
	}
	if diags.HasError() {
		return
	}
	if req.State.Raw.IsNull() {
		r.planCreation(ctx, &plan, req, resp)
		return
	}
	diags.Append(req.State.Get(ctx, &prior)...)
	private := readDNSSECPrivate(ctx, req.Private, diags)
	if diags.HasError() {
		return
	}
	r.shared.keepZone(&plan.Zone, prior.Zone, resp)
	switch was, stated := prior.zoneName(diags); {
	case stated && !known:
		writeDeparture(ctx, resp.Private, r.shared.mayDepart(apexDNSKEY(was), replica.Ownership{}), diags)
	case stated:
		if dep := r.shared.stay(apexDNSKEY(was), apexDNSKEY(zone), replica.Ownership{}); was != zone {
			writeDeparture(ctx, resp.Private, dep, diags)
		}
	}
	same := plan.Zone.Equal(prior.Zone) && plan.OnOutage.Equal(prior.OnOutage) && plan.Servers.Equal(prior.Servers)
	if same && !private.Moved && prior.InSync.ValueBool() {
		plan.keep(&prior)
	} else {
		plan.setUnknown(&prior)
	}
	if !sameZone(plan.Zone, prior.Zone) {
		plan.setUnknown(nil)
		if len(resp.RequiresReplace) == 0 {
			r.foresee(ctx, &plan, diags)
		}
	}
	diags.Append(resp.Plan.Set(ctx, &plan)...)
}

// planCreation is for a resource that is new, or half of a replacement.
func (r *dnssecResource) planCreation(ctx context.Context, plan *dnssecModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	diags := &resp.Diagnostics
	plan.setUnknown(nil)
	r.foresee(ctx, plan, diags)
	told := readDeparture(ctx, req.Private, diags)
	if zone, known := plan.zoneName(diags); known {
		told = told.again(apexDNSKEY(zone))
	}
	writeDeparture(ctx, resp.Private, told.orOpen(), diags)
	diags.Append(resp.Plan.Set(ctx, plan)...)
}

// planDestruction tells the deletion whether another address keeps the keys of the zone's signers now, as far as that
// is known.
func (r *dnssecResource) planDestruction(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state dnssecModel
	diags := &resp.Diagnostics
	diags.Append(req.State.Get(ctx, &state)...)
	if r.shared == nil || diags.HasError() {
		return
	}
	if zone, known := state.zoneName(diags); known {
		writeDeparture(ctx, resp.Private, r.shared.destroy(apexDNSKEY(zone), replica.Ownership{}), diags)
	}
}

// foresee finds at plan what a creation would be refused for.
func (r *dnssecResource) foresee(ctx context.Context, plan *dnssecModel, diags *diag.Diagnostics) {
	if _, known := plan.zoneName(diags); !known || anyUnknown(plan.Servers) || r.shared == nil {
		return
	}
	s, ok := r.begin(ctx, plan, nil, diags)
	if !ok {
		return
	}
	s.observe(ctx, false)
	if s.report(plan, true, diags) {
		s.refuseConflicts(dnssec.Memory{}, diags)
	}
}

// refuseConflicts reports keys that somebody else added.
func (s *signers) refuseConflicts(memory dnssec.Memory, diags *diag.Diagnostics) (ok bool) {
	conflicts := dnssec.Conflicts(memory, s.observed)
	for _, name := range operatorNames() {
		if values := conflicts[name]; len(values) > 0 && len(s.errs) == 0 {
			ok = true
			diags.AddAttributeError(path.Root("zone"), "Keys of somebody else exist already", fmt.Sprintf(
				"%s holds at the apex of %s what no operator signs with: %s. Nothing was written. Remove it there if nobody needs it, or import this resource (terraform import ADDRESS %s), which leaves it alone.",
				title(name), s.zone, strings.Join(values, "; "), strings.TrimSuffix(s.zone, ".")))
		}
	}
	return !ok
}

func (r *dnssecResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan dnssecModel
	diags := &resp.Diagnostics
	diags.Append(req.Plan.Get(ctx, &plan)...)
	if diags.HasError() {
		return
	}
	s, ok := r.begin(ctx, &plan, nil, diags)
	if !ok {
		return
	}
	s.observe(ctx, false)
	if !s.report(&plan, true, diags) || !s.refuseConflicts(dnssec.Memory{}, diags) {
		return
	}
	if len(s.errs) == len(operatorNames()) {
		diags.AddError("Unable to exchange the keys of the zone", fmt.Sprintf("No operator answered, so that nothing was written for %s. Apply again when one does.", s.zone))
		return
	}
	memory, v, failed, undo := s.carryOut(ctx, dnssec.Memory{})
	s.reportFailed(r.shared.failsOnOutage(plan.OnOutage), true, failed, "What had been added at the other operator is taken back; signing stays switched on where it was switched on. Nothing is in the state.", diags)
	if diags.HasError() {
		s.reportLeft(undo(), diags)
		return
	}
	plan.set(memory, v, s.owing(s.holdings(holdings{}, memory, v), failed))
	r.keep(ctx, &plan, dnssecPrivate{Memory: memory}, resp.Private, resp.Identity, &resp.State, diags)
}

func (r *dnssecResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state dnssecModel
	diags := &resp.Diagnostics
	diags.Append(req.State.Get(ctx, &state)...)
	if diags.HasError() {
		return
	}
	state.setIdentity(ctx, resp.Identity, diags)
	if r.shared == nil {
		return
	}
	r.shared.refreshing()
	private := readDNSSECPrivate(ctx, req.Private, diags)
	s, ok := r.begin(ctx, &state, private.Memory.Signers, diags)
	if !ok {
		return
	}
	memory, v := dnssec.Step(private.Memory, s.observe(ctx, true))
	if !s.report(&state, false, diags) {
		return
	}
	state.set(memory, v, s.holdings(readHoldings(state.Operators), memory, v))
	// What an import remembers goes into the state with it.
	moved := private.known() && memory.Moved(private.Memory)
	after := dnssecPrivate{Memory: memory, Moved: private.Moved || moved}
	writeDNSSECPrivate(ctx, resp.Private, after, diags)
	diags.Append(resp.State.Set(ctx, &state)...)
}

func (r *dnssecResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, prior dnssecModel
	diags := &resp.Diagnostics
	diags.Append(req.Plan.Get(ctx, &plan)...)
	diags.Append(req.State.Get(ctx, &prior)...)
	private := readDNSSECPrivate(ctx, req.Private, diags)
	if !sameZone(plan.Zone, prior.Zone) {
		r.changeZone(ctx, &plan, &prior, private, readDeparture(ctx, req.Private, diags), resp)
		return
	}
	s, ok := r.begin(ctx, &plan, private.Memory.Signers, diags)
	if !ok {
		return
	}
	memory, v, failed, _ := s.carryOut(ctx, private.Memory)
	for name, err := range s.errs {
		if failed[name] == nil {
			failed[name] = err
		}
	}
	before := readHoldings(prior.Operators)
	s.reportFailed(r.shared.failsOnOutage(plan.OnOutage), false, failed, "The state says what each operator holds.", diags)
	planned := plan.DS
	plan.set(memory, v, s.owing(s.holdings(before, memory, v), failed))
	if !planned.IsUnknown() && !plan.DS.Equal(planned) {
		diags.AddError("The keys changed after the plan", fmt.Sprintf("The DS RRset of %s is not the one that the plan showed, because keys or name servers changed in between. Plan again.", s.zone))
	}
	r.keep(ctx, &plan, dnssecPrivate{Memory: memory}, resp.Private, resp.Identity, &resp.State, diags)
}

// owing marks operators at which a write went wrong.
func (s *signers) owing(hs holdings, failed map[string]error) holdings {
	for name, err := range failed {
		if s.errs[name] == nil || hs[name].Status.ValueString() == statusOutOfSync {
			hs[name] = hs[name].outOfSync(owedWrite(err))
		}
	}
	return hs
}

// Delete takes the added keys away, when no cache can need them any more.
func (r *dnssecResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state dnssecModel
	diags := &resp.Diagnostics
	diags.Append(req.State.Get(ctx, &state)...)
	private := readDNSSECPrivate(ctx, req.Private, diags)
	dep := readDeparture(ctx, req.Private, diags)
	s, ok := r.begin(ctx, &state, private.Memory.Signers, diags)
	if !ok || !dep.refuseOpen("The exchange of keys of "+s.zone, diags) || r.handedOver(ctx, s.zone, dep, diags) {
		return
	}
	memory, v := dnssec.Step(private.Memory, s.observe(ctx, true))
	hs := s.holdings(readHoldings(state.Operators), memory, v)
	if s.mayLeave(memory, diags) {
		hs = s.takeAway(ctx, memory, hs, diags)
	}
	if !diags.HasError() {
		return
	}
	// The state goes on, and with it the clock of what is gone at the parent.
	state.set(memory, v, hs)
	writeDNSSECPrivate(ctx, resp.Private, dnssecPrivate{Memory: memory, Moved: private.Moved}, diags)
	diags.Append(resp.State.Set(ctx, &state)...)
}

// mayLeave reports what the added keys are still needed for.
func (s *signers) mayLeave(memory dnssec.Memory, diags *diag.Diagnostics) (ok bool) {
	reasons := dnssec.Leave(memory, s.observed)
	if len(reasons) > 0 {
		diags.AddError("The keys of "+s.zone+" are still needed", fmt.Sprintf("Nothing was taken away: %s. %s", strings.Join(reasons, "; "), dnssec.Order))
	}
	return len(reasons) == 0
}

// handedOver reports whether the keys are to stay: another address keeps them now, or this one is replaced by itself.
func (r *dnssecResource) handedOver(ctx context.Context, zone string, dep departure, diags *diag.Diagnostics) bool {
	key := apexDNSKEY(zone)
	if dep.Declares == key.ID() {
		return true
	}
	if !dep.HandedOver && !r.shared.walk.DeclaresSince(ctx, dep.Plan, key) {
		return false
	}
	diags.AddWarning("Keys are kept under their new address", fmt.Sprintf(
		"The keys that the operators of %s have from each other are declared by another resource: a rename. Nothing was taken away. "+
			"A moved block says so without this warning, and the new address need not wait for caches once more before it shows the DS.", zone))
	return true
}

// takeAway removes what was added; what strangers added stays, and signing is not switched off.
func (s *signers) takeAway(ctx context.Context, memory dnssec.Memory, hs holdings, diags *diag.Diagnostics) holdings {
	strangers := dnssec.Strangers(memory, s.observed)
	for _, signer := range s.observed.Signers {
		err := s.errs[signer.Name]
		if operator.NoZone(err) {
			s.shared.reportNoZone(signer.Name, apexDNSKEY(s.zone), diags)
			continue
		}
		for _, typ := range []string{dnssec.TypeCDS, dnssec.TypeCDNSKEY, dnssec.TypeDNSKEY} {
			switch left := strangers[signer.Name][typ]; {
			case err != nil || len(signer.Added[typ]) <= len(left):
			case len(left) == 0: // in the walk of all, so that whoever exchanges the keys of the zone next sees that they are gone
				err = s.drop(ctx, signer.Name, typ)
			default:
				err = s.write(ctx, signer.Name, typ, left)
			}
		}
		if err != nil {
			diags.AddError("Unable to take the added keys away", fmt.Sprintf("%s: %s. It stays in the state until they are gone everywhere. %s",
				title(signer.Name), operator.Reason(err), deleteAgain(signer.Name, err)))
			hs[signer.Name] = hs[signer.Name].outOfSync("owed: the added keys could not be taken away (" + operator.Reason(err) + ")")
		}
	}
	return hs
}

// ImportState takes the name of the zone, or the identity that holds it.
func (r *dnssecResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := req.ID
	if id == "" && req.Identity != nil {
		var identity dnssecIdentityModel
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		id = identity.Zone.ValueString()
	}
	if resp.Diagnostics.HasError() {
		return
	}
	zone, err := rrset.CanonicalZone(id)
	if err != nil {
		resp.Diagnostics.AddError("Invalid import identifier", fmt.Sprintf("Write the name of the zone, such as example.com: %s.", err))
		return
	}
	state := emptyDNSSEC(zone)
	state.setIdentity(ctx, resp.Identity, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
}
