package provider

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// proposal is what a plan starts from, and the update that carries it out.
type proposal struct {
	plan     *replicaModel
	declared values
	// prior is nil on a creation; priorDeclared are its values.
	prior         *replicaModel
	priorDeclared values
	ownership     replica.Ownership
	// elsewhere: of a map whose zone becomes another one in place.
	elsewhere bool
	// told is what an earlier plan of the same replacement, or the plan of the update, told the deletion.
	told departure
	// alone: an update shares no request with other changes.
	alone bool
}

// renames reports whether the RRset is created and takes the place of one that has another name.
func (p proposal) renames() bool { return p.elsewhere || p.prior != nil && p.plan.renamed(p.prior) }

// creates reports whether the RRset is created: there was none, or it had another name.
func (p proposal) creates() bool { return p.prior == nil || p.renames() }

// keepsKey reports whether the state has the RRset that is planned.
func (p proposal) keepsKey() bool {
	var ignored diag.Diagnostics
	if p.prior == nil {
		return false
	}
	prior, priorKnown := p.prior.key(&ignored)
	key, known := p.plan.key(&ignored)
	return priorKnown && known && prior == key
}

// planResult is what a plan comes to.
type planResult struct {
	key rrset.Key
	// writes are the operators that will be written.
	writes map[string]bool
	// known is false while what shall be held depends on an unknown value.
	known bool
	// departure is for the deletion, if the plan becomes a replacement.
	departure departure
	// adoption is of a creation that finds its RRset made.
	adoption adoption
}

// plan judges the proposal, and sets the computed attributes of p.plan. Only what differs from the prior state at an
// operator, or is owed there, becomes unknown; the rest stays known, so that the CLI shows what will be written and
// nothing else (design/facts/terraform-behaviour.md section 6). What is written where is decided by replica.Plan.
//
// While the provider's own configuration is not known d is nil, and nobody is asked. All else is decided as ever: right
// before the apply the same is planned with operators, and may only know more (design/unknown-values.md).
func (d *shared) plan(ctx context.Context, p proposal, diags *diag.Diagnostics) planResult {
	want, known := p.plan.holdable(ctx, p.declared, diags)
	if diags.HasError() {
		return planResult{}
	}
	key, keyKnown := p.plan.key(diags)
	p.plan.setNames(key, keyKnown)
	if keyKnown && d != nil {
		d.walk.Planning(key)
		d.refuseDuplicates(key, diags)
		d.tellAdrift(ctx, key.Zone, false, diags)
	}
	v := planResult{key: key, known: known, departure: d.stayOrGo(p, key, keyKnown)}
	if !known {
		p.setUnknown()
		return v
	}
	decision := replica.Plan(d.request(ctx, p, want))
	v.writes = decision.Writes
	if d == nil {
		p.setPlanned(v.writes, nil)
		return v
	}
	d.judgeSettings(ctx, p, decision, diags)
	d.judgeOwed(ctx, p, decision, diags)
	if len(decision.Ask) > 0 {
		var room replica.Room
		if v.adoption, room = d.inspect(ctx, p, decision, diags); p.creates() {
			v.departure.Room = room
		}
	}
	if p.prior == nil {
		d.walk.Succeed(key) // by now the state may have been read, or operators
	}
	p.setPlanned(v.writes, d.effective(want))
	return v
}

// expect tells the walk that what was planned is likely to come, or that it does not, because something in the plan of
// its address is wrong.
func (d *shared) expect(diags diag.Diagnostics, results ...planResult) {
	if d == nil {
		return
	}
	for _, v := range results {
		switch {
		case diags.HasError():
			if v.key != (rrset.Key{}) {
				d.walk.Validate(v.key)
			}
		case len(v.writes) > 0:
			d.walk.Expect(v.key)
		}
	}
}

// request is the proposal as the decision wants it.
func (d *shared) request(ctx context.Context, p proposal, want replica.Desired) replica.Request {
	key := want.Key()
	r := replica.Request{Want: want, Overwrite: p.plan.mayOverwrite(key)}
	if p.creates() {
		return r
	}
	r.GivenUp = d != nil && d.walk.Destroys(key)
	var ignored diag.Diagnostics // what was declared before matters no more
	priorKey, _ := p.prior.key(&ignored)
	r.Prior = &replica.Prior{Key: priorKey, Owed: readHoldings(p.prior.Operators).owed(), Ownership: p.ownership}
	if was, known := p.prior.desired(ctx, p.priorDeclared, &ignored); known {
		r.Prior.Want = was
	}
	return r
}

// setUnknown is for a plan in which it is not known what shall be held.
func (p proposal) setUnknown() {
	p.plan.InSync = types.BoolUnknown()
	if p.prior == nil {
		p.plan.Operators = types.MapUnknown(holdingType)
		return
	}
	all := map[string]bool{}
	for _, name := range operatorNames() {
		all[name] = true
	}
	p.plan.Operators = readHoldings(p.prior.Operators).planned(all, nil).value()
}

// setPlanned leaves open what the writes may change.
func (p proposal) setPlanned(writes map[string]bool, shown replica.Desired) {
	switch {
	case p.prior == nil:
		p.plan.Operators, p.plan.InSync = types.MapUnknown(holdingType), types.BoolUnknown()
		return
	case p.creates():
		p.setUnknown()
		return
	case len(writes) > 0:
		p.plan.InSync = types.BoolUnknown()
	default:
		p.plan.InSync = p.prior.InSync
	}
	p.plan.Operators = readHoldings(p.prior.Operators).planned(writes, shown).value()
}

// stayOrGo tells the walk what becomes of the RRset that the state has.
func (d *shared) stayOrGo(p proposal, key rrset.Key, known bool) departure {
	switch {
	case p.prior == nil && !known:
		return p.told.orOpen()
	case p.prior == nil:
		if d != nil {
			d.walk.Succeed(key)
		}
		return p.told.again(key)
	}
	prior, priorKnown := p.prior.key(&diag.Diagnostics{})
	switch {
	case !priorKnown:
		return departure{}
	case !known && p.plan.renamed(p.prior): // to a type that is not known
		return d.depart(prior, p.ownership).replacedBy(p.plan.Zone.ValueString())
	case !known:
		return d.mayDepart(prior, p.ownership)
	}
	return d.stay(prior, key, p.ownership)
}

// setNames sets the computed names.
func (m *replicaModel) setNames(key rrset.Key, known bool) {
	m.ID, m.FQDN = types.StringUnknown(), types.StringUnknown()
	if known {
		m.ID, m.FQDN = types.StringValue(key.ID()), types.StringValue(key.Name)
	}
}

// sameArguments reports whether no argument differs from the prior state.
func (m *replicaModel) sameArguments(prior *replicaModel) bool {
	pairs := [][2]attr.Value{
		{m.Zone, prior.Zone}, {m.Name, prior.Name}, {m.Type, prior.Type}, {m.TTL, prior.TTL},
		{m.Overwrite, prior.Overwrite}, {m.OnOutage, prior.OnOutage},
	}
	for _, pair := range pairs {
		if !pair[0].Equal(pair[1]) {
			return false
		}
	}
	return m.overrides.equal(prior.overrides)
}

// refuseDuplicates reports an RRset that was declared twice. The CLI validates each declared resource exactly once in a
// configured walk, while a replacement is planned twice (design/facts/terraform-behaviour.md section 15).
func (d *shared) refuseDuplicates(key rrset.Key, diags *diag.Diagnostics) {
	switch {
	case key == apexDNSKEY(key.Zone) && d.declared.signers(key.Zone) > 0:
		diags.AddAttributeError(path.Root("type"), "RRset declared twice", fmt.Sprintf(
			"multidns_dnssec keeps the DNSKEY RRset at the apex of %s: it gives each operator the keys of the other. Leave this RRset out.", key.Zone))
	case d.declared.of(key) > 1:
		diags.AddAttributeError(path.Root("name"), "RRset declared twice", fmt.Sprintf(
			"Two resources declare %s (zone %s), and each would undo what the other writes: declare all its values in one resource.", key, key.Zone))
	}
	beside := d.declared.beside(key)
	if len(beside) == 0 || d.declared.of(key) == 0 { // planned as nobody declares it: ignore_changes, of which only plans know
		return
	}
	why := key.WhyNotBeside(key.WithType(beside[0]))
	summary, advice := "CNAME beside other types", ""
	if key.Type != "CNAME" && !slices.Contains(beside, "CNAME") {
		summary, advice = "Delegation beside other types", ": declare that in the zone of those name servers"
	}
	diags.AddAttributeError(path.Root("type"), summary, fmt.Sprintf("The configuration declares %s and also %s at the same name, and %s%s.",
		key, strings.Join(beside, ", "), why, advice))
}

// judgeSettings asks the rules of operators that are not looked at about what they shall keep beside the data, if that
// changes: it may depend on the zone. One that may be out is not asked.
func (d *shared) judgeSettings(ctx context.Context, p proposal, decision replica.Decision, diags *diag.Diagnostics) {
	for _, name := range slices.Sorted(maps.Keys(decision.Check)) {
		want, was := decision.Want[name], decision.Prior.Want[name]
		answers := readHoldings(p.prior.Operators)[name].Status.ValueString() == statusInSync
		if answers && !want.Settings.Equal(was.Settings) {
			p.plan.reportViolations(name, p.declared, d.walk.Judge(ctx, name, want), diags)
		}
	}
}

// judgeOwed asks the rules of operators that were out when they were to be written, and were read now.
func (d *shared) judgeOwed(ctx context.Context, p proposal, decision replica.Decision, diags *diag.Diagnostics) {
	if p.prior == nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(decision.Writes)) {
		read := readHoldings(p.prior.Operators)[name].Status.ValueString() == statusOutOfSync
		if read && !decision.Ask[name] && !decision.Check[name] {
			p.plan.reportViolations(name, p.declared, d.walk.JudgeOwed(ctx, name, decision.Want[name]), diags)
		}
	}
}

// inspect asks operators whether they can hold what is planned, and looks, where they can be read, for what would stand
// in the way, or is there already. room is where nothing does.
func (d *shared) inspect(ctx context.Context, p proposal, decision replica.Decision, diags *diag.Diagnostics) (a adoption, room replica.Room) {
	// Where an outage is an error it must be a proven one.
	found := d.walk.Inspect(ctx, decision.Want, decision.Ask, d.failsOnOutage(p.plan.OnOutage))
	var equal []string // operators that hold what is declared
	free := map[string]replica.Observation{}
	for _, name := range slices.Sorted(maps.Keys(decision.Ask)) {
		i := found[name]
		p.plan.reportViolations(name, p.declared, i.Violations, diags)
		switch {
		case i.Late:
			d.reportLate(name, diags)
		case i.Err != nil:
			d.reportUnplanned(p, name, i.Err, diags)
		case d.reportConflict(ctx, p, decision, name, i.Observation, diags):
			if free[name] = i.Observation; i.Held != nil {
				equal = append(equal, title(name))
			}
		}
	}
	key := decision.Want.Key()
	overwrite := p.plan.mayOverwrite(key)
	if p.creates() && !overwrite && !d.walk.Leaves(key) && !d.walk.IsAdrift(key) {
		a = adoption{key: key, at: equal}
	}
	return a, d.walk.RoomFor(decision.Want, free, overwrite)
}

// reportConflict says true where nothing stands in the way.
func (d *shared) reportConflict(ctx context.Context, p proposal, decision replica.Decision, name string, seen replica.Observation, diags *diag.Diagnostics) bool {
	want := decision.Want[name]
	conflict := decision.Conflict(name, d.walk.Effective(name, want), seen)
	switch {
	case conflict == nil && seen.Held != nil && decision.TakesOver(name):
		warnTakeover(name, want, *seen.Held, diags)
	case conflict != nil && d.passes(ctx, decision, conflict):
	case conflict != nil && p.keepsKey():
		d.warnConflict(p.plan, conflict, diags)
	case conflict != nil:
		outcome := nothingWritten
		if p.prior != nil {
			outcome = "This run has written nothing of it."
		}
		d.addConflict(p.plan, conflict, p.prior != nil, outcome, diags)
	}
	return conflict == nil
}

// reportUnplanned reports an operator that could not be asked for conflicts.
func (d *shared) reportUnplanned(p proposal, name string, err error, diags *diag.Diagnostics) {
	consequence, report := owed(name), d.reportUnread
	if p.renames() {
		consequence = awaited(name)
	}
	if p.creates() {
		report = d.reportUnreadCreation
	}
	report(d.failsOnOutage(p.plan.OnOutage), name, err, consequence, diags)
}

// passes reports whether what stands in the way is our own and will not stand there: the same RRset under another
// address, or other types that this run deletes.
func (d *shared) passes(ctx context.Context, decision replica.Decision, conflict error) bool {
	keys, ok := decision.Awaits(conflict)
	var at string
	if c, is := errors.AsType[*replica.ConflictError](conflict); is {
		at = c.Operator
	}
	for _, key := range keys {
		stays := key != decision.Want.Key() && d.declared.of(key) > 0
		ok = ok && !stays && d.walk.AwaitOwn(ctx, at, key)
	}
	return ok
}

// mayOverwrite reports whether what stands under the key may be replaced. The apex NS RRset exists before anybody
// creates it.
func (m *replicaModel) mayOverwrite(key rrset.Key) bool {
	return m.Overwrite.ValueBool() || isApexNS(key)
}

func isApexNS(key rrset.Key) bool { return key.IsApex() && key.Type == "NS" }
