package provider

import (
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

const (
	// What is declared by declaring no TTL.
	recordTTL = 3600
	routerTTL = 60
)

// whileUnknown ends the description of a name or a zone.
const whileUnknown = "while it is not known yet, the resource is changed in place instead, and what it holds is deleted only after its replacement is there."

// replicaAttributes are the attributes that every resource which holds one RRset has. The caller adds its own, among
// them type.
func replicaAttributes(defaultTTL int64, withValues bool) map[string]schema.Attribute {
	attributes := overrideAttributes(withValues)
	maps.Copy(attributes, map[string]schema.Attribute{
		"fqdn": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "The owner name in full, with its final dot: `www.example.com.`.",
		},
		"id": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "`zone/name/type`, such as `example.com/www/A`; `@` at the apex. What `terraform import` takes.",
		},
		"in_sync": schema.BoolAttribute{
			Computed:            true,
			MarkdownDescription: "False while something is owed: the status of an operator is `out_of_sync`. Watch it with a `check` block.",
		},
		"name": schema.StringAttribute{
			Required:            true,
			MarkdownDescription: "Owner name, relative to the zone: `www`, `*.apps`, `@` for the apex. The full name, with or without its final dot, means the same. Another name replaces the resource; " + whileUnknown,
		},
		"on_outage": onOutageAttribute(),
		"operators": operatorsAttribute(),
		"overwrite": schema.BoolAttribute{
			Optional: true, Computed: true, Default: booldefault.StaticBool(false),
			MarkdownDescription: "Take over an RRset of the same name and type that already holds something else, instead of reporting a conflict. Default: false.",
		},
		"ttl": schema.Int64Attribute{
			Optional: true, Computed: true, Default: int64default.StaticInt64(defaultTTL),
			MarkdownDescription: fmt.Sprintf("TTL in seconds, %s, the same at every operator. Default: %d. An operator that cannot store it makes the plan fail, and the message holds the line to add.", ttlRange, defaultTTL),
		},
		"zone": zoneArgument(),
	})
	return attributes
}

func onOutageAttribute() schema.StringAttribute {
	return schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "Overrides `on_outage` of the provider: `degrade` or `fail`.",
		Validators:          []validator.String{stringvalidator.OneOf(outageDegrade, outageFail)},
	}
}

func zoneArgument() schema.StringAttribute {
	return schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "Name of the zone, such as `example.com`. It must exist at every operator. Another zone replaces the resource; " + whileUnknown,
	}
}
