package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// warn says what a person should look at, in one warning with the router in its summary: of several with one summary
// the CLIs print one alone (design/facts/terraform-behaviour.md section 5), and another router's is news.
func (m *routerModel) warn(warnings []string, diags *diag.Diagnostics) {
	if len(warnings) == 0 {
		return
	}
	name := "Router"
	if key, known := m.key(diags); known {
		name += " " + key.Name
	}
	diags.AddWarning(name+" needs a look", strings.Join(warnings, " "))
}

// warnClock says that the clock is not known in the plan. plantimestamp() is; timestamp() and what another resource
// computes are not.
func (m *routerModel) warnClock(diags *diag.Diagnostics) {
	if m.EvaluatedAt.IsUnknown() {
		diags.AddAttributeWarning(path.Root("evaluated_at"), "Clock is not known in the plan",
			"So every plan shows a difference, and none can say where the router will point to. timestamp() causes this: write evaluated_at = plantimestamp().")
	}
}

// slowFailover is the TTL in seconds above which caches, not the schedule, decide how long a failover takes: schedules
// run every few minutes.
const slowFailover = 300

// warnSlow says so when the router is made, or when its TTLs become others.
func (m *routerModel) warnSlow(prior *routerModel, diags *diag.Diagnostics) {
	ttls := m.ttls()
	slowest := slices.MaxFunc(operatorNames(), func(a, b string) int { return int(ttls[a] - ttls[b]) })
	if ttls[slowest] <= slowFailover || prior != nil && maps.Equal(ttls, prior.ttls()) {
		return
	}
	diags.AddWarning("Failover is slower than the schedule", fmt.Sprintf(
		"After a switch resolvers may keep the old target of %s for %d seconds, its TTL at %s. Declare a smaller one if that operator takes it; otherwise allow for it. "+
			"(Said when the router is created and when a TTL changes.)", m.FQDN.ValueString(), ttls[slowest], title(slowest)))
}

// ttls are the declared TTLs by operator; 0 while one is not known.
func (m *routerModel) ttls() map[string]int64 {
	ttls := map[string]int64{}
	for _, name := range operatorNames() {
		_, ttl := m.ttlAt(name)
		ttls[name] = ttl.ValueInt64()
	}
	return ttls
}
