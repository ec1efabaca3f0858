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

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// proposal is what a plan starts from.
type proposal struct {
	plan     *replicaModel
	declared values
	// prior is nil on a creation; priorDeclared are its values.
	prior         *replicaModel
	priorDeclared values
	claims        claims
}

// verdict is what a plan comes to.
type verdict struct {
	// writes are the operators that will be written.
	writes map[string]bool
	// known is false while what shall be held depends on an unknown value.
	known bool
	// departure is for the deletion, if the plan becomes a replacement.
	departure departure
}

// plan judges the proposal, and sets the computed attributes of p.plan. Only
// what differs from the prior state at an operator, or is owed there, becomes
// unknown; the rest stays known, so that the CLI shows what will be written
// and nothing else (design/facts/terraform-behaviour.md section 6).
func (d *shared) plan(ctx context.Context, p proposal, diags *diag.Diagnostics) verdict {
	want, known := p.plan.desired(ctx, p.declared, diags)
	if diags.HasError() {
		return verdict{}
	}
	key, keyKnown := p.plan.key(diags)
	p.plan.setNames(key, keyKnown)
	if keyKnown {
		d.refuseDuplicates(key, diags)
	}
	dep := d.stayOrGo(p, key, keyKnown)
	if !known {
		p.plan.Operators, p.plan.InSync = types.MapUnknown(holdingType), types.BoolUnknown()
		if p.prior != nil {
			all := map[string]bool{}
			for _, name := range operatorNames() {
				all[name] = true
			}
			p.plan.Operators = readHoldings(p.prior.Operators).planned(all, nil).value()
		}
		return verdict{departure: dep}
	}
	v := verdict{known: true, writes: map[string]bool{}, departure: dep}
	if p.prior == nil {
		p.plan.Operators, p.plan.InSync = types.MapUnknown(holdingType), types.BoolUnknown()
		for name := range want {
			v.writes[name] = true
		}
		d.inspect(ctx, p, want, rrset.Key{}, v.writes, diags)
		d.walk.Expect(key)
		return v
	}
	d.planUpdate(ctx, p, want, &v, diags)
	return v
}

// stayOrGo tells the walk what becomes of the RRset that the state has.
func (d *shared) stayOrGo(p proposal, key rrset.Key, known bool) departure {
	var ignored diag.Diagnostics
	switch {
	case !known:
		return departure{}
	case p.prior == nil:
		return departure{Declares: key.ID()}
	}
	prior, priorKnown := p.prior.key(&ignored)
	if !priorKnown {
		return departure{}
	}
	return d.stay(prior, key, p.claims)
}

func (d *shared) planUpdate(ctx context.Context, p proposal, want replica.Desired, v *verdict, diags *diag.Diagnostics) {
	priorWant, priorKnown := p.prior.desired(ctx, p.priorDeclared, diags)
	held := readHoldings(p.prior.Operators)
	before := priorWant
	if !priorKnown {
		before = nil
	}
	changed, writes := toWrite(want, before, held)
	if d.walk.Leaves(keyOf(want)) {
		// Another address gives this RRset up, and was planned before anybody could
		// know that it is declared here. The apply hears of it by this update.
		for name := range want {
			writes[name] = true
		}
	}
	v.writes = writes
	d.checkUpdate(ctx, p, want, priorWant, changed, diags)
	key := keyOf(want)
	p.plan.Operators, p.plan.InSync = held.planned(v.writes, d.effective(want)).value(), p.prior.InSync
	if len(v.writes) > 0 {
		p.plan.InSync = types.BoolUnknown()
		d.walk.Expect(key)
	}
}

// toWrite are the operators for which something else is declared than before,
// and all that have to be written: those, and the ones that are owed something.
func toWrite(want, before replica.Desired, held holdings) (changed, writes map[string]bool) {
	changed, writes = map[string]bool{}, map[string]bool{}
	for name := range want {
		was, declared := before[name]
		if !declared || !sameWant(want[name], was) {
			changed[name] = true
		}
		if changed[name] || held[name].Status.ValueString() == statusOutOfSync {
			writes[name] = true
		}
	}
	return changed, writes
}

// checkUpdate asks the operators only where the change needs them to answer: a
// new type may meet what is there, a new TTL may be below the zone's minimum.
// Other changes must not wait for anybody.
func (d *shared) checkUpdate(ctx context.Context, p proposal, want, before replica.Desired, changed map[string]bool, diags *diag.Diagnostics) {
	key, from := keyOf(want), keyOf(before)
	ask := map[string]bool{}
	for name := range changed {
		if from != key || want[name].TTL != before[name].TTL {
			ask[name] = true
			continue
		}
		d.reportViolations(p, name, d.walk.Check(name, want[name]), diags)
	}
	if from == key {
		from = rrset.Key{}
		maps.Copy(ask, p.claims.Foreign)
	}
	if len(ask) > 0 {
		d.inspect(ctx, p, want, from, ask, diags)
	}
}

func keyOf(want replica.Desired) rrset.Key {
	for _, w := range want {
		return w.Key
	}
	return rrset.Key{}
}

// sameWant says that two declarations mean the same.
func sameWant(a, b operator.RRset) bool {
	return a.Equal(b.RRset) && a.Settings.Equal(b.Settings)
}

// setNames sets the computed names.
func (m *replicaModel) setNames(key rrset.Key, known bool) {
	m.ID, m.FQDN = types.StringUnknown(), types.StringUnknown()
	if known {
		m.ID, m.FQDN = types.StringValue(key.ID()), types.StringValue(key.Name)
	}
}

// sameArguments says that no argument differs from the prior state.
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

// refuseDuplicates reports an RRset that was declared twice. The CLI validates
// each declared resource exactly once in a configured walk, while a
// replacement is planned twice (design/facts/terraform-behaviour.md section 15).
func (d *shared) refuseDuplicates(key rrset.Key, diags *diag.Diagnostics) {
	if d.declared.of(key) > 1 {
		diags.AddAttributeError(path.Root("name"), "RRset declared twice", fmt.Sprintf(
			"Two resources declare %s in zone %s. Each would undo what the other writes: declare all its values in one resource.", key, key.Zone))
	}
	if beside := d.declared.beside(key); len(beside) > 0 {
		diags.AddAttributeError(path.Root("type"), "CNAME beside other types", fmt.Sprintf(
			"The configuration declares %s and also %s at the same name. A CNAME cannot stand beside other types (RFC 1034 section 3.6.2): deSEC refuses it.",
			key, strings.Join(beside, ", ")))
	}
}

func (d *shared) reportViolations(p proposal, name string, violations []operator.Violation, diags *diag.Diagnostics) {
	for _, violation := range violations {
		diags.AddAttributeError(p.attribute(name, violation.Attribute), title(name)+" cannot hold this RRset", violation.Message)
	}
}

// attribute is where the user wrote what an operator objects to.
func (p proposal) attribute(name, attribute string) path.Path {
	override := p.plan.overrides[name]
	if v, ok := override.Attributes()[attribute]; ok && !v.IsNull() {
		return path.Root(name).AtName(attribute)
	}
	if attribute == "values" {
		return p.declared.path
	}
	return path.Root(attribute)
}

// inspect asks operators whether they can hold what is planned, and looks,
// where they can be read, for what would stand in the way. from is the key that
// want takes the place of; it is empty when there is none.
func (d *shared) inspect(ctx context.Context, p proposal, want replica.Desired, from rrset.Key, at map[string]bool, diags *diag.Diagnostics) {
	// Where an outage is an error it must be a proven one.
	found := d.walk.Inspect(ctx, want, at, d.failsOnOutage(p.plan))
	for _, name := range slices.Sorted(maps.Keys(at)) {
		i := found[name]
		d.reportViolations(p, name, i.Violations, diags)
		switch {
		case i.Late:
			d.reportLate(name, diags)
		case i.Err != nil:
			d.reportUnplanned(p, name, i.Err, diags)
		case d.mayConflict(p, want[name], from, name):
			d.reportConflict(ctx, p, want[name], from, name, i.Observation, diags)
		}
	}
}

// mayConflict says whether what the operator holds under the key may be
// somebody else's: on a creation, under a new type, and where the operator was
// never read. An operator that still holds the type that is wanted again holds
// ours.
func (d *shared) mayConflict(p proposal, want operator.RRset, from rrset.Key, name string) bool {
	switch {
	case p.prior == nil:
		return true
	case from != rrset.Key{}:
		return p.claims.formerKeys(want.Key)[name] != want.Key
	}
	return p.claims.Foreign[name]
}

func (d *shared) reportConflict(ctx context.Context, p proposal, want operator.RRset, from rrset.Key, name string, o replica.Observation, diags *diag.Diagnostics) {
	replaced := from
	if old, ok := p.claims.formerKeys(want.Key)[name]; ok {
		replaced = old
	}
	conflict := replica.Conflict(name, d.walk.Effective(name, want), o.Held, o.Others, replaced, p.plan.mayOverwrite(want.Key))
	switch {
	case conflict == nil && o.Held != nil:
		warnTakeover(name, want, *o.Held, diags)
	case conflict != nil && !d.passes(ctx, conflict, want.Key, p.claims.Foreign[name]):
		outcome := "Nothing was written."
		if p.prior != nil {
			outcome = "This run has written nothing of it."
		}
		addConflict(p.plan, conflict, p.prior != nil, outcome, diags)
	}
}

// reportUnplanned reports an operator that could not be asked for conflicts.
func (d *shared) reportUnplanned(p proposal, name string, err error, diags *diag.Diagnostics) {
	if p.prior == nil {
		d.reportUnreadCreation(d.failsOnOutage(p.plan), name, err, diags)
		return
	}
	d.reportUnread(d.failsOnOutage(p.plan), name, err, owed(name), diags)
}

// passes says that what stands in the way is our own and will not stand there:
// the same RRset under another address, or other types that this run deletes.
func (d *shared) passes(ctx context.Context, conflict error, key rrset.Key, foreign bool) bool {
	c, ok := errors.AsType[*replica.ConflictError](conflict)
	if !ok {
		return false
	}
	if c.Held != nil {
		return !foreign && d.walk.AwaitOwn(ctx, key)
	}
	for _, typ := range c.Types {
		other := key.WithType(typ)
		if d.declared.of(other) > 0 || !d.walk.AwaitOwn(ctx, other) {
			return false
		}
	}
	return true
}

// mayOverwrite says that what stands under the key may be replaced. The apex
// NS RRset exists before anybody creates it.
func (m *replicaModel) mayOverwrite(key rrset.Key) bool {
	return m.Overwrite.ValueBool() || isApexNS(key)
}

func isApexNS(key rrset.Key) bool { return key.IsApex() && key.Type == "NS" }
