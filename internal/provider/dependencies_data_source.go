package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
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
	if resp.Diagnostics.HasError() {
		return
	}
	if _, fault := m.question(d.in); fault != nil {
		resp.Diagnostics.AddAttributeError(path.Root(fault.attribute), "Invalid question about dependencies", fault.attribute+": "+fault.text)
	}
}

// walkTimeout is for a whole walk.
const walkTimeout = 10 * time.Second

func (d *dependenciesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m dependenciesModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	q, fault := m.question(d.in)
	if fault != nil {
		resp.Diagnostics.AddAttributeError(path.Root(fault.attribute), "Invalid question about dependencies", fault.attribute+": "+fault.text)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, duration(m.Timeout, walkTimeout))
	defer cancel()
	walker := walk.Walker{Roots: q.roots, Port: uint16(m.Port.ValueInt64()), Operators: q.Operators, Names: q.Names}
	q.World = walker.Walk(ctx, q.walked)
	m.set(q.Report(), q.spelled)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}
