package provider

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/router"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// decideNow makes a decision that the plan had to leave open, and refuses a switch that was planned too long ago. Clock
// and health are those of the configuration: the plan keeps older ones.
func (m *routerModel) decideNow(ctx context.Context, config, prior *routerModel, now time.Time, diags *diag.Diagnostics) bool {
	var was *router.State
	if prior != nil {
		was = prior.decided()
	}
	if m.ActiveTarget.IsUnknown() {
		c, _ := config.config(ctx, diags)
		m.decide(router.Decide(c, was).State)
	}
	return prior == nil || !m.stale(instant(config.EvaluatedAt), prior, now, diags)
}

// stale refuses a switch that was decided on health from long ago.
func (m *routerModel) stale(decided time.Time, prior *routerModel, now time.Time, diags *diag.Diagnostics) bool {
	most := duration(m.MaxHealthAge, defaultHealthAge)
	if decided.IsZero() || prior.ActiveTarget.IsNull() || m.ActiveTarget.Equal(prior.ActiveTarget) || now.Sub(decided) <= most {
		return false
	}
	diags.AddAttributeError(path.Root("max_health_age"), "Plan is too old to switch", fmt.Sprintf(
		"The plan switches %s from %s to %s on health that was judged at %s, more than %s ago. Nothing was written: make a new plan and apply that.",
		m.FQDN.ValueString(), prior.ActiveTarget.ValueString(), m.ActiveTarget.ValueString(), decided.UTC().Format(time.RFC3339), most))
	return true
}

func (m *routerModel) switches() bool { return true }

// setHeld sets what the RRset shall hold, in the form that operators show, and how long resolvers may keep it.
func (m *routerModel) setHeld(ctx context.Context, d *shared, diags *diag.Diagnostics) {
	m.MaxTTL = m.maxTTL(ctx, d)
	declared := m.declared(ctx, diags)
	if m.Targets.IsNull() {
		return // the values are what was adopted
	}
	canonical, err := rrset.CanonicalValues(m.Type.ValueString(), declared.items)
	switch {
	case !declared.known:
		m.Values = types.SetUnknown(types.StringType)
	case err == nil: // what an older version took stays as it is: nothing in a state may be unknown
		m.Values = stringSet(canonical)
	}
}

// maxTTL is the largest TTL that is declared for any operator, as it is served there.
func (m *routerModel) maxTTL(ctx context.Context, d *shared) types.Int64 {
	var largest int64
	for _, o := range Operators {
		_, ttl := m.ttlAt(o.Name)
		settings, known := m.settings(ctx, o, m.Type.ValueString(), &diag.Diagnostics{})
		if d == nil || m.overrides[o.Name].IsUnknown() || ttl.IsUnknown() || m.Type.IsUnknown() || !known {
			return types.Int64Unknown()
		}
		shown := d.walk.Effective(o.Name, operator.RRset{
			RRset: rrset.RRset{Key: rrset.Key{Type: m.Type.ValueString()}, TTL: uint32(ttl.ValueInt64())}, Settings: settings,
		})
		largest = max(largest, int64(o.Served(shown.TTL)))
	}
	return types.Int64Value(largest)
}

func (m *routerModel) setKey(key rrset.Key) {
	m.replicaModel = importedModel(key, routerTTL, false)
	m.Targets = types.ListNull(targetType)
	m.Values = types.SetNull(types.StringType)
	m.Failback = types.ObjectNull(attributeTypes(failbackAttribute()))
	m.Pin = types.ObjectNull(attributeTypes(pinAttribute()))
}

// imported is false of a router whose targets are not known any more: once it was read, or was a record before, an
// RRset that is not there has gone, and is no mistake of who imports it.
func (m *routerModel) imported() bool { return m.Targets.IsNull() && m.Values.IsNull() }

// adopt takes nothing: which target has the values only the configuration knows, and the next plan resumes from there.
func (m *routerModel) adopt(held []string) values {
	m.Values = stringSet(held)
	return values{path: path.Root("targets"), items: held, known: true}
}

// resume makes what the operators hold the prior decision of an imported router, so that the import alone does not move
// it; where they hold nothing any more, what was last known. The values are the prior values even where no target has
// them.
func (m *routerModel) resume(plan *routerModel, targets []targetModel, hs holdings) values {
	held := m.Values
	for _, name := range slices.Backward(operatorNames()) { // the first one's, if it has any
		if set := hs[name].Values; !set.IsNull() && !set.IsUnknown() {
			held = set
		}
	}
	if held.IsNull() {
		return values{path: path.Root("targets")}
	}
	for _, t := range targets {
		if sameValues(plan.Type.ValueString(), t.Values, held) {
			m.ActiveTarget = t.Name
			m.Reason = types.StringValue(t.Name.ValueString() + " was active when the router was imported")
			break
		}
	}
	return readValues(path.Root("targets"), held)
}
