package provider

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/multidns/terraform-provider-multidns/internal/probe"
)

var (
	_ datasource.DataSourceWithConfigValidators = (*healthDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig   = (*healthDataSource)(nil)
)

// healthDataSource is multidns_health. It needs no operator: it works while the provider's own configuration is not
// known.
type healthDataSource struct{ now func() time.Time }

func (d *healthDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_health"
}

func (d *healthDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = healthSchema()
}

func (d *healthDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(
		path.MatchRoot("http"), path.MatchRoot("tcp"), path.MatchRoot("tls"), path.MatchRoot("dns"),
	)}
}

// ValidateConfig finds a wrong question before anybody is asked. One that depends on a value which is not known yet is
// found by Read.
func (d *healthDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	if !req.Config.Raw.IsFullyKnown() {
		return
	}
	defer liftPaths(&resp.Diagnostics)
	var m healthModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if !resp.Diagnostics.HasError() {
		d.ask(&m, &resp.Diagnostics)
	}
}

// ask puts the question; without an error it can be answered.
func (d *healthDataSource) ask(m *healthModel, diags *diag.Diagnostics) (prober probe.Prober, policy probe.Policy, host string) {
	prober, block, host, err := m.question(d.now)
	addQuestionFault(diags, block, err)
	policy = m.policy()
	addQuestionFault(diags, "", policy.Validate())
	addQuestionFault(diags, "", probe.ValidateControls(m.Controls))
	addQuestionFault(diags, "", probe.ValidateNotVia(m.NotVia))
	return prober, policy, host
}

func (d *healthDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	defer liftPaths(&resp.Diagnostics)
	var m healthModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	prober, policy, host := d.ask(&m, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	outcome := probe.Outcome{Reason: "not probed: enabled is false"}
	if m.Enabled.IsNull() || m.Enabled.ValueBool() {
		var err error
		outcome, err = guarded(ctx, prober, policy, host, m)
		addQuestionFault(&resp.Diagnostics, "", err)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	m.set(outcome)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// guarded probes and looks for a loop side by side, so that both are done within the time of the probe.
func guarded(ctx context.Context, prober probe.Prober, policy probe.Policy, host string, m healthModel) (probe.Outcome, error) {
	guard := make(chan error, 1)
	guardCtx, cancel := context.WithTimeout(ctx, policy.Bound())
	defer cancel()
	go func() { guard <- probe.GuardLoop(guardCtx, probe.SystemResolver(), host, m.NotVia) }()
	outcome := probe.Run(ctx, prober, policy, m.Controls)
	return outcome, <-guard
}

// addQuestionFault reports a question that no service could answer.
func addQuestionFault(diags *diag.Diagnostics, block string, err error) {
	if err == nil {
		return
	}
	fault, ok := errors.AsType[*probe.ConfigError](err)
	if !ok {
		diags.AddError("Unable to probe", err.Error())
		return
	}
	name := fault.Attribute
	if block != "" {
		name = block + "." + name
	}
	diags.AddAttributeError(attributePath(name), "Invalid health probe", name+": "+fault.Message)
}
