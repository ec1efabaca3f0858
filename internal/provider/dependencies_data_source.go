package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/multidns/terraform-provider-multidns/internal/dependency/walk"
)

var _ datasource.DataSourceWithValidateConfig = (*dependenciesDataSource)(nil)

// dependenciesDataSource is multidns_dependencies. It needs no operator: it reads DNS only.
type dependenciesDataSource struct{ in Surroundings }

func (*dependenciesDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_dependencies"
}

func (*dependenciesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = dependenciesSchema()
}

// ValidateConfig finds a wrong question before anybody is asked. One that depends on a value which is not known yet is
// found by Read.
func (d *dependenciesDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	if !req.Config.Raw.IsFullyKnown() {
		return
	}
	var m dependenciesModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if !resp.Diagnostics.HasError() {
		d.question(&m, &resp.Diagnostics)
	}
}

// question reads what is asked; without an error it can be answered.
func (d *dependenciesDataSource) question(m *dependenciesModel, diags *diag.Diagnostics) question {
	q, fault := m.question(d.in)
	if fault != nil {
		diags.AddAttributeError(path.Root(fault.attribute), "Invalid question about dependencies", fault.attribute+": "+fault.text)
	}
	return q
}

func (d *dependenciesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m dependenciesModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	q := d.question(&m, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, duration(m.Timeout, walkTimeout))
	defer cancel()
	walker := walk.Walker{Roots: q.roots, Port: uint16(m.Port.ValueInt64()), Operators: q.Operators, Names: q.Names}
	q.World = walker.Walk(ctx, q.walked)
	m.set(q.Report(), q.spelled)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}
