package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/zonecheck"
)

var _ datasource.DataSourceWithConfigure = (*recordsDataSource)(nil)

// recordsDataSource is multidns_records.
type recordsDataSource struct{ operatorDataSource }

func newRecordsDataSource() datasource.DataSource { return &recordsDataSource{} }

func (d *recordsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_records"
}

func (d *recordsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	difference := map[string]schema.Attribute{
		"name":    schema.StringAttribute{Computed: true, MarkdownDescription: "Owner name, relative to the zone, `@` at the apex."},
		"summary": schema.StringAttribute{Computed: true, MarkdownDescription: "What differs, for people."},
		"type":    schema.StringAttribute{Computed: true, MarkdownDescription: "Type, such as `A`."},
	}
	for _, name := range operatorNames() {
		difference[name] = schema.SingleNestedAttribute{
			Computed:            true,
			MarkdownDescription: "What " + title(name) + " holds, null when it holds no such RRset.",
			Attributes: map[string]schema.Attribute{
				"ttl":    schema.Int64Attribute{Computed: true, MarkdownDescription: "TTL in seconds." + shown("ttl")},
				"values": computedStrings("The RDATA in canonical form."),
			},
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Every RRset that each operator holds in a zone, declared or not, and where the operators differ. SOA and generated DNSSEC records are no part of it. It costs one list at each operator, which the resources of the same run use as well.",
		Attributes: map[string]schema.Attribute{
			"differences": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The RRsets on which the operators differ by meaning, not by spelling, by name and type. Empty when all is the same, null when an operator could not be read or shows no such zone. At the apex NS RRset an operator's own name servers count as held. DNSKEY, CDS and CDNSKEY at the apex are left out: each operator holds the other's keys there, which `multidns_dnssec` keeps right and `multidns_zone` compares.",
				NestedObject:        schema.NestedAttributeObject{Attributes: difference},
			},
			"operators": schema.MapAttribute{
				Computed:            true,
				ElementType:         listType,
				MarkdownDescription: "The RRsets by operator, " + quotedNames(" and ") + ", each a list by name and type of `{ name, type, ttl, values }`: the owner name relative to the zone and `@` at the apex, the TTL in seconds, the RDATA in canonical form. Null where the operator could not be read, or shows no such zone while another does.",
			},
			"zone": zoneAttribute(),
		},
	}
}

func (d *recordsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m recordsModel
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("zone"), &m.Zone)...)
	zone, ok := d.zone(m.Zone, &resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	read := d.shared.walk.Contents(ctx, zone)
	failed := map[string]error{}
	all := eachOperator(func(o operator.Descriptor) zonecheck.Contents {
		if err := read[o.Name].Err; err != nil {
			failed[o.Name] = err
		}
		return zonecheck.Contents{Operator: o, Held: read[o.Name].Held}
	})
	d.report(failed, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if len(failed) == 0 {
		d.addOwnNameServers(ctx, zone, all)
	}
	m.set(all, failed)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// addOwnNameServers asks what operators add to the apex NS RRset by themselves, where it matters. One that does not say
// adds none, as far as anybody can tell.
func (d *recordsDataSource) addOwnNameServers(ctx context.Context, zone string, all []zonecheck.Contents) {
	lacking := zonecheck.LackApexNS(all)
	for i, c := range all {
		if !slices.Contains(lacking, c.Operator.Name) {
			continue
		}
		if z, err := d.shared.walk.Zone(ctx, c.Operator.Name, zone); err == nil {
			all[i].OwnNameServers = z.NameServers
		}
	}
}
