package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const defaultRouterType = "CNAME"

func routerSchema() schema.Schema {
	attributes := replicaAttributes(routerTTL, false)
	attributes["type"] = schema.StringAttribute{
		Optional: true, Computed: true, Default: stringdefault.StaticString(defaultRouterType),
		MarkdownDescription: "`CNAME` (the default), or `A` or `AAAA`: a router at the apex.",
		Validators:          []validator.String{stringvalidator.OneOf("CNAME", "A", "AAAA")},
	}
	attributes["targets"] = targetsAttribute()
	attributes["evaluated_at"] = schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "The clock of the decision, RFC 3339: write `plantimestamp()`. Needed by `failback.delay`, `pin.until` and `max_health_age`. The state keeps the first one, so that it causes no difference; `switched_at` and `failback_since` hold the clock that counted. Default: none, and what needs it is an error.",
		Validators:          []validator.String{timeValidator{}},
	}
	attributes["failback"] = failbackAttribute()
	attributes["pin"] = pinAttribute()
	attributes["max_health_age"] = schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "A saved plan older than this, more than `0s`, does not switch on stale health: its apply fails before it writes, and asks for a new plan. Default: `15m` when `evaluated_at` is set.",
		Validators:          []validator.String{durationValidator{}},
	}
	for name, text := range map[string]string{
		"active_target":   "Name of the target that the RRset points to.",
		"previous_target": "Name of the target before the last switch.",
		"reason":          "Why the active target is active, in one sentence.",
		"switched_at":     "`evaluated_at` of the last switch.",
		"failback_since":  "`evaluated_at` of the run in which the waiting for a failback began; null while nothing is waited for.",
	} {
		attributes[name] = schema.StringAttribute{Computed: true, MarkdownDescription: text}
	}
	attributes["max_ttl"] = schema.Int64Attribute{
		Computed:            true,
		MarkdownDescription: "The largest TTL declared for any operator, in seconds: how long a resolver may keep the old target after a switch.",
	}
	attributes["values"] = schema.SetAttribute{
		Computed: true, ElementType: types.StringType,
		MarkdownDescription: "What the RRset shall hold now: the values of the active target. The plan of a switch shows it from and to.",
	}
	return schema.Schema{
		MarkdownDescription: "One RRset that points to the best of several targets, identical at every operator. The decision is a function of the configuration and the prior state: the plan shows it, and the apply follows it.",
		Attributes:          attributes,
	}
}

func targetsAttribute() schema.ListNestedAttribute {
	return schema.ListNestedAttribute{
		Required:            true,
		MarkdownDescription: "Where the RRset can point to, in order of preference.",
		CustomType:          types.ListType{ElemType: targetType},
		Validators:          []validator.List{listvalidator.SizeAtLeast(1), listvalidator.NoNullValues()},
		NestedObject: schema.NestedAttributeObject{CustomType: targetType, Attributes: map[string]schema.Attribute{
			"healthy": schema.BoolAttribute{
				Optional: true, Computed: true, // so that the state can keep it where the configuration says null
				MarkdownDescription: "True, false, or null for unknown; usually `data.multidns_health.NAME.healthy`. Unknown never causes a switch. The state keeps the first one, false where that was not known, so that it causes no difference; `reason` says what decided.",
			},
			"name": schema.StringAttribute{
				Required: true, CustomType: eachString,
				MarkdownDescription: "Name of the target, unique in the list.",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"values": schema.SetAttribute{
				Required: true, ElementType: types.StringType, CustomType: eachStringSet,
				MarkdownDescription: "One host name for type `CNAME`, addresses for `A` and `AAAA`.",
				Validators:          []validator.Set{setvalidator.SizeAtLeast(1)},
			},
		}},
	}
}

func failbackAttribute() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "When to return to a preferred target while the active one still works. Default: at once.",
		Attributes: map[string]schema.Attribute{
			"delay": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "How long a preferred target must have been seen healthy, such as `10m`; `0s` or more. Default: `0s`. Needs `evaluated_at`.",
				Validators:          []validator.String{durationValidator{zero: true}},
			},
			"mode": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "`automatic` (the default) or `manual`: only a pin, or the failure of the active target, moves the router.",
				Validators:          []validator.String{stringvalidator.OneOf(failbackAutomatic, failbackManual)},
			},
		},
	}
}

func pinAttribute() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "Overrides health, for game days and incidents.",
		Attributes: map[string]schema.Attribute{
			"reason": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Why, for whoever reads the state. Default: none.",
			},
			"target": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the target to point to.",
			},
			"until": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "RFC 3339; an expired pin is ignored with a warning. Needs `evaluated_at`. Default: until the pin is taken away.",
				Validators:          []validator.String{timeValidator{}},
			},
		},
	}
}
