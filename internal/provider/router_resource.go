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

	"github.com/multidns/terraform-provider-multidns/internal/replica"
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
	config.validate(ctx, &resp.Diagnostics)
	targets, _ := config.targets(ctx, &resp.Diagnostics)
	for i, t := range targets {
		// Every target must be one that the RRset could take.
		m := config.replicaModel
		if m.TTL.IsNull() {
			m.TTL = types.Int64Value(maxTTL)
		}
		m.judge(ctx, readValues(targetValues(i), t.Values), &resp.Diagnostics)
	}
	if key, known := config.key(&resp.Diagnostics); known && r.shared != nil {
		r.shared.declare(key)
	}
}

// validate judges the arguments of the decision.
func (m *routerModel) validate(ctx context.Context, diags *diag.Diagnostics) {
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

func (r *routerResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.destroying(ctx, req, resp) {
		return
	}
	defer liftPaths(&resp.Diagnostics)
	defer r.shared.sayHowToDestroy(&resp.Diagnostics)
	var plan, config routerModel
	var prior *routerModel
	resp.Diagnostics.Append(getModel(ctx, req.Plan, &plan)...)
	resp.Diagnostics.Append(getModel(ctx, req.Config, &config)...)
	if !req.State.Raw.IsNull() {
		prior = &routerModel{}
		resp.Diagnostics.Append(getModel(ctx, req.State, prior)...)
	}
	held, told := readOwnership(ctx, req.Private, &resp.Diagnostics), readDeparture(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if prior != nil {
		r.shared.keepKey(&plan.replicaModel, &prior.replicaModel, resp)
	}
	plan.keepArguments(&config, prior)
	quiet, dep := r.plan(ctx, &plan, &config, prior, held, told, &resp.Diagnostics)
	switch {
	case resp.Diagnostics.HasError():
	case quiet:
		resp.Plan.Raw = req.State.Raw
	default:
		writeDeparture(ctx, resp.Private, dep, &resp.Diagnostics)
		resp.Diagnostics.Append(setModel(ctx, &resp.Plan, &plan)...)
	}
}

// keepArguments plans the arguments as they are in the state, where that is no difference.
func (m *routerModel) keepArguments(config, prior *routerModel) {
	if prior == nil {
		prior = &routerModel{} // of which nothing is kept
	} else {
		m.keepSpelling(&prior.replicaModel)
	}
	m.Targets = keepTargets(prior.Type.ValueString(), config.Targets, prior.Targets)
	m.EvaluatedAt = keepClock(config.EvaluatedAt, prior.EvaluatedAt)
}

// plan decides and plans. quiet says that nothing at all is to be done.
func (r *routerResource) plan(ctx context.Context, plan, config, prior *routerModel, owned replica.Ownership, told departure, diags *diag.Diagnostics) (quiet bool, dep departure) {
	var was *router.State
	p := proposal{plan: &plan.replicaModel, ownership: owned, told: told}
	if prior != nil {
		p.prior, p.priorDeclared = &prior.replicaModel, prior.declared(ctx, diags)
		if prior.Targets.IsNull() {
			targets, _ := plan.targets(ctx, diags)
			p.priorDeclared = prior.resume(plan, targets, readHoldings(prior.Operators))
		}
		was = prior.decided()
	}
	same, known := plan.decideAhead(ctx, config, was, diags)
	p.declared = values{path: path.Root("targets")}
	if known {
		p.declared = plan.declared(ctx, diags)
	}
	v := r.shared.plan(ctx, p, diags)
	v.warnAdoption(diags)
	r.shared.expect(*diags, v)
	if diags.HasError() {
		return false, v.departure
	}
	plan.setHeld(ctx, r.shared, diags)
	plan.warnSlow(prior, diags)
	if prior == nil {
		r.shared.warnAnswers(&plan.replicaModel, diags)
		return false, v.departure
	}
	quiet = same && v.known && len(v.writes) == 0 && plan.sameArguments(&prior.replicaModel) && plan.sameDecisionArguments(prior)
	return quiet, v.departure
}

// decideAhead decides, unless the decision depends on what is not known yet. same says that it is the one that stands.
func (m *routerModel) decideAhead(ctx context.Context, config *routerModel, was *router.State, diags *diag.Diagnostics) (same, known bool) {
	config.warnClock(diags)
	c, known := config.config(ctx, diags)
	if !known || !router.Known(c, was) {
		m.undecided()
		return false, false
	}
	decision := router.Decide(c, was)
	m.decide(decision.State)
	m.warn(decision.Warnings, diags)
	return was != nil && decision.State.Equal(*was), true
}

func (m *routerModel) sameDecisionArguments(prior *routerModel) bool {
	return m.Targets.Equal(prior.Targets) && m.EvaluatedAt.Equal(prior.EvaluatedAt) && m.Failback.Equal(prior.Failback) &&
		m.Pin.Equal(prior.Pin) && m.MaxHealthAge.Equal(prior.MaxHealthAge)
}
