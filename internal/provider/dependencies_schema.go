package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/dependency"
)

func dependenciesSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "What does a name hang on, and what if it is gone? Walks the real chain of each name (delegations from the root down, name servers and *their* names, aliases, addresses), says who runs each piece, and answers for every operator that it finds: which names still work without it. It reads DNS only, without DNSSEC validation, and never fails the plan because something is down: what could not be learned is `unknown` and a sentence in `problems`. See the guide *Reading the map*.",
		Attributes: map[string]schema.Attribute{
			"by_jurisdiction": computedCounts("How many of `names` are not up when everything under that jurisdiction is lost, by jurisdiction: facet `all`, after the switch."),
			"by_operator":     computedCounts("How many of `names` are not up when all of that operator is lost, by operator: facet `all`, after the switch."),
			"declared": schema.ListNestedAttribute{
				Optional:            true,
				MarkdownDescription: "What DNS cannot show, default: nothing. An origin, a database, the state backend, CI. It runs on its operator's machines: it is gone in the facets `edge`, `edge_and_api` and `all`.",
				CustomType:          types.ListType{ElemType: declaredType},
				Validators:          []validator.List{listvalidator.NoNullValues()},
				NestedObject: schema.NestedAttributeObject{CustomType: declaredType, Attributes: map[string]schema.Attribute{
					"name":       schema.StringAttribute{Required: true, CustomType: eachString, MarkdownDescription: "What people call it.", Validators: []validator.String{stringvalidator.LengthAtLeast(1)}},
					"needed_for": schema.SetAttribute{Required: true, ElementType: types.StringType, CustomType: eachStringSet, MarkdownDescription: "Names of `names`, or the word `change`: nothing can be changed without it, so that no router is moved once the operator's API is gone."},
					"operator":   schema.StringAttribute{Required: true, CustomType: eachString, MarkdownDescription: "Who runs it: a name as in `operators` and the built-in table.", Validators: []validator.String{stringvalidator.LengthAtLeast(1)}},
				}},
			},
			"dot": schema.StringAttribute{Computed: true, MarkdownDescription: "The map for Graphviz."},
			"edges": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "Which piece needs which, sorted.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"from":   schema.StringAttribute{Computed: true, MarkdownDescription: "The `id` of the node that needs the other."},
					"kind":   schema.StringAttribute{Computed: true, MarkdownDescription: "`zone`, `parent`, `name_server`, `alias`, `address`, `router` (where it could be moved), `declared` or `change`."},
					"one_of": schema.StringAttribute{Computed: true, MarkdownDescription: "The group of alternatives that it belongs to, such as the name servers of one zone; null when it is needed."},
					"to":     schema.StringAttribute{Computed: true, MarkdownDescription: "The `id` of the node that is needed."},
				}},
			},
			"mermaid": schema.StringAttribute{Computed: true, MarkdownDescription: "The map as Mermaid, which GitHub and GitLab draw in any Markdown file. A dotted arrow is one of several ways."},
			"names": schema.SetAttribute{
				Required: true, ElementType: types.StringType,
				MarkdownDescription: "Host names that users ask for. Results are under the spelling that is written here.",
			},
			"nodes": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The pieces, sorted.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":           schema.StringAttribute{Computed: true, MarkdownDescription: "Kind and name."},
					"jurisdiction": schema.StringAttribute{Computed: true, MarkdownDescription: "Of the operator, where it is known."},
					"kind":         schema.StringAttribute{Computed: true, MarkdownDescription: "`name`, `zone`, `name_server`, `address` or `declared`."},
					"name":         schema.StringAttribute{Computed: true, MarkdownDescription: "The name or address, without the final dot."},
					"operator":     schema.StringAttribute{Computed: true, MarkdownDescription: "Who runs it; null where that is not known."},
				}},
			},
			"operators": schema.MapNestedAttribute{
				Optional:            true,
				MarkdownDescription: "Extends and overrides the built-in table of " + dependency.TableDate + ". The key is the operator's name in all results; what is not given of a known operator stays as it is. Built in are " + builtInOperators() + ".",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"jurisdiction": schema.StringAttribute{Optional: true, MarkdownDescription: "The country whose law it is under, such as `DE`. Default: that of the built-in table."},
					"networks":     schema.SetAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "Its addresses, such as `192.0.2.0/24`. Default: those of the built-in table."},
					"suffixes":     schema.SetAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "Domains of its hosts, such as `b-cdn.net`. Default: those of the built-in table."},
				}},
			},
			"port":     schema.Int64Attribute{Optional: true, MarkdownDescription: "Port of all name servers, 1 to 65535. Default: 53.", Validators: []validator.Int64{int64validator.Between(1, 65535)}},
			"problems": computedStrings("What is wrong today, one sentence or two each: lame delegations, servers that differ or are silent, name servers all in one network, names that are down already, what could not be asked."),
			"root_servers": schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Addresses of the name servers where the walk begins, `address` or `address:port`. Default: those in the environment variable `" + rootsVariable + "`, else the root servers of the Internet.",
			},
			"routers": schema.MapNestedAttribute{
				Optional:            true,
				MarkdownDescription: "Names that can be pointed elsewhere, by host name. Default: none, so that nothing is switched.",
				CustomType:          types.MapType{ElemType: routerPlaceType},
				Validators:          []validator.Map{mapvalidator.NoNullValues()},
				NestedObject: schema.NestedAttributeObject{CustomType: routerPlaceType, Attributes: map[string]schema.Attribute{
					"changed_at": schema.SetAttribute{Required: true, ElementType: types.StringType, CustomType: eachStringSet, MarkdownDescription: "The operators whose APIs move it."},
					"targets":    schema.ListAttribute{Required: true, ElementType: types.StringType, CustomType: eachStrings, MarkdownDescription: "Host names, or addresses, to which it could point."},
				}},
			},
			"single_points_of_failure": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "One entry for each operator and facet without which names are `down`, wherever the routers are moved. Names that are down already are in `problems` instead.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"facet":    schema.StringAttribute{Computed: true, MarkdownDescription: "As in `what_if`."},
					"names":    computedStrings("The names that are down."),
					"operator": schema.StringAttribute{Computed: true, MarkdownDescription: "The operator."},
					"remedy":   schema.StringAttribute{Computed: true, MarkdownDescription: "What would help."},
					"why":      schema.StringAttribute{Computed: true, MarkdownDescription: "What they hang on."},
				}},
			},
			"timeout": schema.StringAttribute{Optional: true, MarkdownDescription: "Time limit of the whole walk, more than `0s`. Default: `10s`.", Validators: []validator.String{durationValidator{}}},
			"what_if": schema.MapAttribute{
				Computed: true, ElementType: whatIfType(),
				MarkdownDescription: "What is left without an operator: operator, then facet, then name. Facets: `dns` (its name servers are silent), `edge` (its addresses serve nobody), `edge_and_api` (DNS answers, edge and API are dead, as on 18 November 2025 at Cloudflare), `all`. Each is `{ now, after_switch, why }`, and a verdict is `up` (whatever servers a resolver picks), `partly` (it depends on which server is asked), `down` or `unknown`. `after_switch` is the best that the routers can do, moved at every operator whose API still works.",
			},
		},
	}
}

func computedCounts(description string) schema.MapNestedAttribute {
	return schema.MapNestedAttribute{
		Computed: true, MarkdownDescription: description,
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"down":   schema.Int64Attribute{Computed: true, MarkdownDescription: "How many are down."},
			"partly": schema.Int64Attribute{Computed: true, MarkdownDescription: "How many are partly up."},
		}},
	}
}
