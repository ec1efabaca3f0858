package provider

import (
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/delegation"
	"github.com/multidns/terraform-provider-multidns/internal/dnssec"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
	"github.com/multidns/terraform-provider-multidns/internal/zonecheck"
)

var _ datasource.DataSourceWithConfigure = (*zoneDataSource)(nil)

// zoneDataSource is multidns_zone. It is there to find out what is wrong, so that what it finds wrong is a sentence in
// problems and never an error.
type zoneDataSource struct {
	operatorDataSource
	asker func() (delegation.Asker, error)
}

func (d *zoneDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_zone"
}

func (d *zoneDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Says whether a zone is ready to be served by every operator: what each of them says of it, and to whom the parent zone delegates it. What is wrong is a sentence in `problems`; the plan goes on. Host names are absolute, with a final dot, and lists are sorted.",
		Attributes: map[string]schema.Attribute{
			"answers": schema.SetAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "RRsets as `name/type`, such as `www/A` or `@/MX`, for which every name server of the delegation is asked itself, over UDP and TCP. Answers that differ or are missing, with what each server gave, and servers that are silent or lame are `problems`: after an apply it proves that the world sees the same at both operators. Default: no server is asked.",
			},
			"delegated_to": computedStrings("The name servers to which the parent delegates the zone. Empty when it does not, null when it could not be asked."),
			"delegation": schema.SingleNestedAttribute{
				Computed: true,
				MarkdownDescription: "What the parent zone says of this zone, null when it could not be asked. Its name servers are asked themselves, from the root down and without DNSSEC validation; the environment variable `" + rootsVariable +
					"` (addresses with commas between them) names other root servers than those of the Internet. It takes 5 seconds at most.",
				Attributes: map[string]schema.Attribute{
					"ds":     computedStrings("The DS RRset at the parent. Empty when the zone is not signed as far as the parent says, null when that could not be asked."),
					"parent": schema.StringAttribute{Computed: true, MarkdownDescription: "The parent zone."},
					"ttl":    schema.Int64Attribute{Computed: true, MarkdownDescription: "TTL of the NS RRset at the parent in seconds, null when there is none."},
					"values": computedStrings("The NS RRset at the parent."),
				},
			},
			"missing_nameservers": computedStrings("Name servers of the operators, and hosts of an apex NS RRset, to which the parent does not delegate. Null when the parent could not be asked."),
			"operators": schema.MapNestedAttribute{
				Computed:            true,
				MarkdownDescription: "What each operator says, by operator: " + quotedNames(", ") + ". All attributes are null where it could not be read.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"apex_ns":      computedStrings("The apex NS RRset that its API holds." + shown("apex_ns")),
					"dnskeys":      computedStrings("The DNSKEYs that it signs with, as far as it tells; empty while it does not sign."),
					"ds":           computedStrings("The DS that belong into the parent for these keys."),
					"minimum_ttl":  schema.Int64Attribute{Computed: true, MarkdownDescription: "The smallest TTL that it stores, in seconds."},
					"name_servers": computedStrings("Its name servers for the zone." + shown("name_servers")),
					"status":       schema.StringAttribute{Computed: true, MarkdownDescription: "Its own word." + shown("status")},
					"zone_id":      schema.StringAttribute{Computed: true, MarkdownDescription: "Its identifier of the zone."},
				}},
			},
			"problems": computedStrings("What a person should look at, one sentence or two each; empty when there is nothing."),
			"servers": schema.MapAttribute{
				Optional: true, ElementType: types.ListType{ElemType: types.StringType},
				MarkdownDescription: "Name servers to ask for `answers` in place of those of the delegation, in networks that see others: a name for people, such as the host's, to addresses (`192.0.2.1` or `192.0.2.1:53`). Default: those of the delegation.",
			},
			"zone": zoneAttribute(),
		},
	}
}

func (d *zoneDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m zoneModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	zone, ok := d.zone(m.Zone, &resp.Diagnostics)
	var question answersQuestion
	if ok {
		question = m.answersQuestion(zone, &resp.Diagnostics)
	}
	asker, err := d.asker()
	if err != nil {
		resp.Diagnostics.AddError("Invalid root servers", err.Error())
	}
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	var served []string
	var asked sync.WaitGroup
	asked.Go(func() { served = question.problems(ctx, asker) })
	found := d.find(ctx, asker, zone)
	asked.Wait()
	failed := map[string]error{}
	for _, o := range found.Operators {
		if o.Err != nil {
			failed[o.Operator] = o.Err
		}
	}
	if !nowhere(failed) { // where it is not known is what was asked for
		for name, err := range failed {
			if !outageLike(err) {
				delete(failed, name)
			}
		}
	}
	d.report(failed, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	m.set(found, served)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// find asks everybody side by side.
func (d *zoneDataSource) find(ctx context.Context, asker delegation.Asker, zone string) zonecheck.Zone {
	found := zonecheck.Zone{Name: zone}
	var details map[string]replica.Details
	var apex map[string]replica.Observation
	var wg sync.WaitGroup
	wg.Go(func() { details = d.shared.walk.Details(ctx, zone) })
	wg.Go(func() { apex = d.shared.walk.Observe(ctx, rrset.Apex(zone, "NS")) })
	wg.Go(func() { found.Parent, found.ParentErr = asker.Ask(ctx, zone) })
	wg.Wait()
	for _, name := range operatorNames() {
		seen := details[name]
		o := zonecheck.ZoneAt{Operator: name, Title: title(name), Zone: seen.Zone, Err: seen.Err, KeysErr: seen.KeysErr}
		if o.Err == nil {
			o.Err = apex[name].Err
		}
		if held := apex[name].Held; held != nil {
			o.ApexNS = held.Values
		}
		found.Operators = append(found.Operators, o)
	}
	found.InferNameServers()
	if len(found.Parent.DSs) > 0 {
		d.findKeys(ctx, &found)
	}
	return found
}

// findKeys reads which keys sign the zone, and which were added for others.
func (d *zoneDataSource) findKeys(ctx context.Context, found *zonecheck.Zone) {
	signing := d.shared.walk.Signing(ctx, found.Name, nil, nil)
	added := d.shared.walk.Observe(ctx, rrset.Key{Zone: found.Name, Name: found.Name, Type: dnssec.TypeDNSKEY})
	for i := range found.Operators {
		o := &found.Operators[i]
		if o.Err != nil || signing[o.Operator].Err != nil || added[o.Operator].Err != nil {
			continue
		}
		for _, k := range signing[o.Operator].Keys {
			if k.SignsZone {
				o.ZoneKeys = append(o.ZoneKeys, k.DNSKEY)
			}
		}
		if held := added[o.Operator].Held; held != nil {
			o.AddedKeys = held.Values
		}
	}
}
