package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func dnssecSchema() schema.Schema {
	operators := operatorsAttribute()
	operators.MarkdownDescription = "What was added at the apex of each operator beside its own keys, by operator: " + quotedNames(", ") + ". `values` and `ttl` are those of DNSKEY."
	return schema.Schema{
		MarkdownDescription: "Lets both operators sign one zone (RFC 8901, model 2): switches signing on where it is off, gives each operator the other's zone signing keys, keeps them right when one of them rolls a key, " +
			"and says which DS the parent may hold, and when. It owns the keys that it adds to the apex RRsets DNSKEY, CDS and CDNSKEY, and nothing else of them. " +
			"The guide [DNSSEC with two operators](../guides/dnssec.md) goes through joining, staying and leaving.\n\n" +
			"The name servers of both operators and of the parent are asked in every run: a key that an API stores and a name server does not serve would make answers bogus, and only asking tells.",
		Attributes: map[string]schema.Attribute{
			"ds": schema.ListAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "The DS RRset that the parent should hold: of the keys of both operators, digest type 2. Null until `phase` is `ready`: entered earlier, answers would be refused by resolvers that validate.",
			},
			"in_sync": schema.BoolAttribute{
				Computed:            true,
				MarkdownDescription: "False while an operator is owed a key: the status of an operator is `out_of_sync`.",
			},
			"keys": schema.MapAttribute{
				Computed: true, ElementType: stringsType,
				MarkdownDescription: "The DNSKEYs that each operator lists as its own, by operator; null where it was never read.",
			},
			"on_outage": onOutageAttribute(),
			"operators": operators,
			"phase": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "`exchanging`: a key is still owed. `publishing`: the APIs hold all keys; a name server does not serve them all yet, or what caches hold from before has not run out (`ready_at`). " +
					"`ready`: enter `ds` at the registrar. `partly`: the parent has some of `ds`. `complete`: it has all.",
			},
			"problems": schema.ListAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "What a person should look at, one sentence or two each; empty when there is nothing.",
			},
			"ready_at": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "When the last cache has run out (RFC 3339) and the next run can say `ready`; null while the wait has not begun, and when it is over. It counts from the first run that saw every name server serve every key, " +
					"and takes the largest TTL that one of them answered for DNSKEY; where signing was just switched on, also the largest TTL of the zone's data.",
			},
			"served": schema.MapAttribute{
				Computed: true, ElementType: stringsType,
				MarkdownDescription: "The DNSKEY RRset that every one of an operator's name servers answers, by operator; null when one does not answer, or when they differ.",
			},
			"servers": schema.MapAttribute{
				Optional: true, ElementType: stringsType,
				MarkdownDescription: "Addresses of each operator's name servers, by operator, such as `{ desec = [\"192.0.2.1\", \"[2001:db8::1]:53\"] }`. Default: the addresses of the hosts that the operator tells, or else of those in its apex NS RRset that are not another's.",
				Validators:          []validator.Map{mapvalidator.KeysAre(stringvalidator.OneOf(operatorNames()...)), mapvalidator.ValueListsAre(listvalidator.SizeAtLeast(1))},
			},
			"zone": zoneArgument(),
		},
	}
}
