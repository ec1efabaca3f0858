package provider

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
)

var (
	_ provider.ProviderWithFunctions     = (*multidnsProvider)(nil)
	_ provider.ProviderWithListResources = (*multidnsProvider)(nil)
)

type multidnsProvider struct {
	version string
	in      Surroundings
}

// New returns the provider. version goes into the User-Agent of its requests.
func New(version string, in Surroundings) func() provider.Provider {
	return func() provider.Provider { return &multidnsProvider{version: version, in: in} }
}

// shared is what one Configure makes and all resources of that walk use. Each walk of the CLI configures anew
// (design/facts/terraform-behaviour.md section 9), so nothing here outlives a walk.
type shared struct {
	walk      *replica.Walk
	operators map[string]operator.Operator
	onOutage  string
	now       func() time.Time
	declared  declarations
	// refreshed: something of the state was read.
	refreshed atomic.Bool
	// destruction is what is said to a person who destroys.
	destruction destruction
	// stillServed are the operators and zones of which it was said that deletions are not published.
	stillServed sync.Map
	// adrift are the zones of which it was said what is in no state.
	adrift sync.Map
}

type providerModel struct {
	accounts       operatorObjects
	MaxWait        types.String `tfsdk:"max_wait"`
	OnOutage       types.String `tfsdk:"on_outage"`
	RequestTimeout types.String `tfsdk:"request_timeout"`
}

func (m *providerModel) operatorObjects() *operatorObjects { return &m.accounts }

func (p *multidnsProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "multidns"
	resp.Version = p.version
}

func (p *multidnsProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"max_wait": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "How long one operation may wait for rate limits and repeats in total, more than `0s`. Default: `60s`. A longer wait is not begun: the operation fails at once and says how long it would have been.",
			Validators:          []validator.String{durationValidator{}},
		},
		"on_outage": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "`degrade` (the default): an operator that does not answer gives a warning, and what it is owed is written by a later apply. `fail`: it is an error.",
			Validators:          []validator.String{stringvalidator.OneOf(outageDegrade, outageFail)},
		},
		"request_timeout": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Time limit of one HTTP exchange, more than `0s`. Default: `10s`.",
			Validators:          []validator.String{durationValidator{}},
		},
	}
	for _, o := range Operators {
		attributes[o.Name] = accountAttribute(o)
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Keeps a zone identical at two authoritative DNS operators, " + titles() + ", and works on the day when the API of one of them is dead.",
		Attributes:          attributes,
	}
}

func (p *multidnsProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var model providerModel
	resp.Diagnostics.Append(getModel(ctx, req.Config, &model)...)
	if resp.Diagnostics.HasError() || !model.known() {
		return
	}
	settings := readSettings(ctx, model, p.version, p.in, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	data := newShared(settings, p.in, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.ResourceData = data
	resp.DataSourceData = data
	resp.ListResourceData = data
}

// newShared opens the operators. It makes no request.
func newShared(s settings, in Surroundings, diags *diag.Diagnostics) *shared {
	operators := openOperators(s, diags)
	if diags.HasError() {
		return nil
	}
	data := &shared{
		walk: replica.New(operators, replica.Options{
			MaxWait:       s.maxWait,
			SettleTimeout: min(s.timeout, settleTimeout),
			Notes:         in.notesFolder(), Scope: s.scope(in),
		}),
		operators: map[string]operator.Operator{},
		onOutage:  s.onOutage,
		now:       in.Now,
	}
	for _, o := range operators {
		data.operators[o.Name()] = o
	}
	return data
}

func (p *multidnsProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		func() resource.Resource { return &dnssecResource{asker: p.in.asker} },
		newRecordResource,
		newRouterResource,
		newZoneRecordsResource,
	}
}

func (p *multidnsProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		func() datasource.DataSource { return &healthDataSource{now: p.in.Now} },
		newRecordsDataSource,
		func() datasource.DataSource { return &zoneDataSource{asker: p.in.asker} },
		func() datasource.DataSource { return &dependenciesDataSource{in: p.in} },
	}
}

func (p *multidnsProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{newRecordList}
}

func (p *multidnsProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{newParseZoneFileFunction, newParseZoneYAMLFunction}
}
