package provider

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/multidns/terraform-provider-multidns/internal/router"
)

var (
	_ resource.ResourceWithConfigure      = (*routerResource)(nil)
	_ resource.ResourceWithIdentity       = (*routerResource)(nil)
	_ resource.ResourceWithImportState    = (*routerResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*routerResource)(nil)
	_ resource.ResourceWithMoveState      = (*routerResource)(nil)
	_ resource.ResourceWithValidateConfig = (*routerResource)(nil)
)

// asKnown converts objects of which every attribute is known or null.
var asKnown = basetypes.ObjectAsOptions{UnhandledNullAsEmpty: true, UnhandledUnknownAsEmpty: true}

// routerResource is multidns_router: one RRset that points to the best target.
type routerResource struct {
	rrsetResource[routerModel, *routerModel]
}

func newRouterResource() resource.Resource { return &routerResource{} }

func (r *routerResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_router"
	// The type may change in place, and what was not known in the plan, and all of it is part of the identity.
	resp.ResourceBehavior.MutableIdentity = true
}

func (r *routerResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = routerSchema()
}

func (r *routerResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	defer liftPaths(&resp.Diagnostics)
	var config routerModel
	resp.Diagnostics.Append(getModel(ctx, req.Config, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if config.Type.IsNull() {
		config.Type = types.StringValue(defaultRouterType)
	}
	config.validateDecision(ctx, &resp.Diagnostics)
	targets, _ := config.targets(ctx, &resp.Diagnostics)
	all := []values{{}} // of the key alone, where no target is known
	for i, t := range targets {
		all = append(all, readValues(targetValues(i), t.Values))
	}
	r.validate(ctx, &config.replicaModel, &resp.Diagnostics, all...)
}

// validateDecision judges the arguments of the decision.
func (m *routerModel) validateDecision(ctx context.Context, diags *diag.Diagnostics) {
	c, known := m.config(ctx, diags)
	if !m.EvaluatedAt.IsNull() {
		// A clock that comes later is a clock: while a configuration is validated plantimestamp() is unknown, or the
		// year 1 with the CLIs of the floor.
		c.EvaluatedAt = time.Unix(0, 0)
	}
	if !m.MaxHealthAge.IsNull() && m.EvaluatedAt.IsNull() {
		diags.AddAttributeError(path.Root("max_health_age"), "Missing clock",
			"max_health_age needs a clock, and evaluated_at is not set. Add evaluated_at = plantimestamp().")
	}
	if !known && !m.EvaluatedAt.IsUnknown() {
		return
	}
	if _, named := m.targets(ctx, diags); !named || anyUnknown(m.Pin) || anyUnknown(m.Failback) {
		return
	}
	for _, problem := range router.Validate(c) {
		diags.AddAttributeError(attributePath(problem.Attribute), "Invalid router", problem.Message)
	}
}

// attributePath reads a path such as "targets[1].name".
func attributePath(text string) path.Path {
	at := path.Empty()
	for i, step := range strings.Split(text, ".") {
		name, index, indexed := strings.Cut(strings.TrimSuffix(step, "]"), "[")
		if i == 0 {
			at = path.Root(name)
		} else {
			at = at.AtName(name)
		}
		var n int
		if indexed {
			if _, err := fmt.Sscanf(index, "%d", &n); err == nil {
				at = at.AtListIndex(n)
			}
		}
	}
	return at
}

func (m *routerModel) keepArguments(config, prior *routerModel) {
	if prior == nil {
		prior = &routerModel{} // of which nothing is kept
	}
	m.Targets = keepTargets(prior.Type.ValueString(), config.Targets, prior.Targets)
	m.EvaluatedAt = keepClock(config.EvaluatedAt, prior.EvaluatedAt)
}

func (m *routerModel) declaredBefore(ctx context.Context, plan *routerModel, diags *diag.Diagnostics) values {
	if !m.Targets.IsNull() {
		return m.declared(ctx, diags)
	}
	targets, _ := plan.targets(ctx, diags)
	return m.resume(plan, targets, readHoldings(m.Operators))
}

// decideAhead decides, unless the decision depends on what is not known yet.
func (m *routerModel) decideAhead(ctx context.Context, config, prior *routerModel, diags *diag.Diagnostics) (same bool) {
	var was *router.State
	if prior != nil {
		was = prior.decided()
	}
	config.warnClock(diags)
	c, known := config.config(ctx, diags)
	if !known || !router.Known(c, was) {
		m.undecided()
		return false
	}
	decision := router.Decide(c, was)
	m.decide(decision.State)
	m.warn(decision.Warnings, diags)
	return was != nil && decision.State.Equal(*was)
}

func (m *routerModel) sameOwnArguments(prior *routerModel) bool {
	return m.Targets.Equal(prior.Targets) && m.EvaluatedAt.Equal(prior.EvaluatedAt) && m.Failback.Equal(prior.Failback) &&
		m.Pin.Equal(prior.Pin) && m.MaxHealthAge.Equal(prior.MaxHealthAge)
}

// remark says of the answers no more than once: a router moves often.
func (m *routerModel) remark(d *shared, prior *routerModel, diags *diag.Diagnostics) {
	m.warnSlow(prior, diags)
	if prior == nil {
		d.warnAnswers(&m.replicaModel, diags)
	}
}
