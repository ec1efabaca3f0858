package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/router"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// decideNow makes a decision that the plan had to leave open, and refuses a
// switch that was planned too long ago.
func (m *routerModel) decideNow(ctx context.Context, prior *routerModel, now time.Time, diags *diag.Diagnostics) bool {
	var was *router.State
	if prior != nil {
		was = prior.decided()
	}
	if m.ActiveTarget.IsUnknown() {
		config, _ := m.config(ctx, diags)
		m.decide(router.Decide(config, was).State)
	}
	return prior == nil || !m.stale(prior, now, diags)
}

// stale refuses a switch that was decided on health from long ago.
func (m *routerModel) stale(prior *routerModel, now time.Time, diags *diag.Diagnostics) bool {
	decided := instant(m.EvaluatedAt)
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

func (m *routerModel) setHeld(ctx context.Context, diags *diag.Diagnostics) {
	m.MaxTTL = types.Int64Value(readHoldings(m.Operators).largestTTL())
}

func (m *routerModel) setKey(key rrset.Key) {
	m.replicaModel = importedModel(key, routerTTL, false)
	m.Targets = types.ListNull(targetType)
	m.Failback = types.ObjectNull(attributeTypes(failbackAttribute()))
	m.Pin = types.ObjectNull(attributeTypes(pinAttribute()))
}

func (m *routerModel) imported() bool { return m.Targets.IsNull() }

// adopt takes nothing: which target has the values only the configuration
// knows, and the next plan resumes from there.
func (m *routerModel) adopt(held *operator.RRset) values {
	return values{path: path.Root("targets"), items: held.Values, known: true}
}

// resume makes what the operators hold the prior decision of an imported
// router, so that the import alone does not move it. The values are the prior
// values even where no target has them.
func (m *routerModel) resume(plan *routerModel, targets []targetModel, hs holdings) values {
	held := values{path: path.Root("targets")}
	for _, name := range operatorNames() {
		set := hs[name].Values
		if set.IsNull() || set.IsUnknown() || held.known {
			continue
		}
		held = readValues(held.path, set)
		for _, t := range targets {
			if sameValues(plan.Type.ValueString(), t.Values, set) {
				m.ActiveTarget = t.Name
				m.Reason = types.StringValue(t.Name.ValueString() + " was active when the router was imported")
				break
			}
		}
	}
	return held
}
