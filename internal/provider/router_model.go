package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/router"
)

const (
	failbackAutomatic = "automatic"
	failbackManual    = "manual"

	// defaultHealthAge is how old the health of a plan may be when it is applied, if evaluated_at tells how old it is.
	defaultHealthAge = 15 * time.Minute
)

type routerModel struct {
	replicaModel
	ActiveTarget   types.String `tfsdk:"active_target"`
	EvaluatedAt    types.String `tfsdk:"evaluated_at"`
	Failback       types.Object `tfsdk:"failback"`
	FailbackSince  types.String `tfsdk:"failback_since"`
	MaxHealthAge   types.String `tfsdk:"max_health_age"`
	MaxTTL         types.Int64  `tfsdk:"max_ttl"`
	Pin            types.Object `tfsdk:"pin"`
	PreviousTarget types.String `tfsdk:"previous_target"`
	Reason         types.String `tfsdk:"reason"`
	SwitchedAt     types.String `tfsdk:"switched_at"`
	Targets        types.List   `tfsdk:"targets"`
	Values         types.Set    `tfsdk:"values"`
}

type targetModel struct {
	Healthy types.Bool   `tfsdk:"healthy"`
	Name    types.String `tfsdk:"name"`
	Values  types.Set    `tfsdk:"values"`
}

type failbackModel struct {
	Delay types.String `tfsdk:"delay"`
	Mode  types.String `tfsdk:"mode"`
}

type pinModel struct {
	Reason types.String `tfsdk:"reason"`
	Target types.String `tfsdk:"target"`
	Until  types.String `tfsdk:"until"`
}

var targetType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"healthy": types.BoolType, "name": types.StringType, "values": types.SetType{ElemType: types.StringType},
}}

// targets reads the list; known is false while its length or a name is not known.
func (m *routerModel) targets(ctx context.Context, diags *diag.Diagnostics) (targets []targetModel, known bool) {
	if m.Targets.IsUnknown() || m.Targets.IsNull() {
		return nil, false
	}
	for _, element := range m.Targets.Elements() {
		if element.IsUnknown() || element.IsNull() { // null is refused by the schema
			return nil, false
		}
	}
	diags.Append(m.Targets.ElementsAs(ctx, &targets, false)...)
	for _, t := range targets {
		if t.Name.IsUnknown() {
			return targets, false
		}
	}
	return targets, true
}

// config is what the decision is made from. known is false while an argument other than a target's health is not known.
func (m *routerModel) config(ctx context.Context, diags *diag.Diagnostics) (c router.Config, known bool) {
	targets, known := m.targets(ctx, diags)
	for _, t := range targets {
		c.Targets = append(c.Targets, router.Target{
			Name: t.Name.ValueString(), Healthy: health(t.Healthy), HealthPending: t.Healthy.IsUnknown(),
		})
	}
	if m.EvaluatedAt.IsUnknown() || anyUnknown(m.Failback) || anyUnknown(m.Pin) {
		known = false
	}
	c.EvaluatedAt = instant(m.EvaluatedAt)
	if !m.Failback.IsNull() && !m.Failback.IsUnknown() {
		var f failbackModel
		diags.Append(m.Failback.As(ctx, &f, asKnown)...)
		c.Failback = router.Failback{Manual: f.Mode.ValueString() == failbackManual, Delay: duration(f.Delay, 0)}
	}
	if !m.Pin.IsNull() && !m.Pin.IsUnknown() {
		var p pinModel
		diags.Append(m.Pin.As(ctx, &p, asKnown)...)
		c.Pin = &router.Pin{Target: p.Target.ValueString(), Reason: p.Reason.ValueString(), Until: instant(p.Until)}
	}
	return c, known
}

func health(v types.Bool) router.Health {
	switch {
	case v.IsNull(), v.IsUnknown():
		return router.Unknown
	case v.ValueBool():
		return router.Healthy
	}
	return router.Unhealthy
}

// decided is the prior decision; nil when there is none yet.
func (m *routerModel) decided() *router.State {
	if m.ActiveTarget.ValueString() == "" {
		return nil
	}
	return &router.State{
		Active: m.ActiveTarget.ValueString(), Previous: m.PreviousTarget.ValueString(), Reason: m.Reason.ValueString(),
		SwitchedAt: instant(m.SwitchedAt), FailbackSince: instant(m.FailbackSince),
	}
}

// decide sets the computed attributes of a decision.
func (m *routerModel) decide(s router.State) {
	m.ActiveTarget = stringOrNull(s.Active)
	m.PreviousTarget = stringOrNull(s.Previous)
	m.Reason = stringOrNull(s.Reason)
	m.SwitchedAt = timeOrNull(s.SwitchedAt)
	m.FailbackSince = timeOrNull(s.FailbackSince)
}

// undecided marks them unknown.
func (m *routerModel) undecided() {
	for _, v := range []*types.String{&m.ActiveTarget, &m.PreviousTarget, &m.Reason, &m.SwitchedAt, &m.FailbackSince} {
		*v = types.StringUnknown()
	}
}

// declared are the values of the active target; of a router that was imported, or was a record, those that were last
// known.
func (m *routerModel) declared(ctx context.Context, diags *diag.Diagnostics) values {
	if m.Targets.IsNull() {
		v := readValues(path.Root("targets"), m.Values)
		v.known = v.known && !m.Values.IsNull()
		return v
	}
	targets, known := m.targets(ctx, diags)
	for i, t := range targets {
		if known && t.Name.Equal(m.ActiveTarget) {
			return readValues(targetValues(i), t.Values)
		}
	}
	return values{path: path.Root("targets")}
}

func targetValues(i int) path.Path {
	return path.Root("targets").AtListIndex(i).AtName("values")
}
