package provider

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

const (
	// What is declared by declaring no TTL.
	recordTTL = 3600
	routerTTL = 60
)

// whileUnknown ends the description of a name or a zone.
const whileUnknown = "one that is not known yet changes it in place, and nothing is deleted before what turns out to be another one is there."

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
		MarkdownDescription: "Name of the zone, such as `example.com`. It must exist at both operators. Another zone replaces the resource; " + whileUnknown,
	}
}

func sameZone(a, b types.String) bool {
	left, errLeft := rrset.CanonicalZone(a.ValueString())
	right, errRight := rrset.CanonicalZone(b.ValueString())
	return errLeft == nil && errRight == nil && left == right
}

// identityModel is what the CLI knows a resource by, canonical.
type identityModel struct {
	Name types.String `tfsdk:"name"`
	Type types.String `tfsdk:"type"`
	Zone types.String `tfsdk:"zone"`
}

func replicaIdentity() identityschema.Schema {
	return identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"name": identityschema.StringAttribute{RequiredForImport: true, Description: "Owner name relative to the zone, @ at the apex."},
		"type": identityschema.StringAttribute{RequiredForImport: true, Description: "Type of the RRset."},
		"zone": identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the zone."},
	}}
}

// setIdentity sets the identity on CLIs that have it.
func setIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, m *replicaModel, diags *diag.Diagnostics) {
	key, known := m.key(diags)
	if identity == nil || !known {
		return
	}
	diags.Append(identity.Set(ctx, identityOf(key))...)
}

func identityOf(key rrset.Key) identityModel {
	// As in the id: a name that repeats its zone is written in full there.
	name := strings.Split(key.ID(), "/")[1]
	return identityModel{
		Name: types.StringValue(name), Type: types.StringValue(key.Type),
		Zone: types.StringValue(strings.TrimSuffix(key.Zone, ".")),
	}
}

// importKey reads what was given to an import: the string zone/name/type or an identity.
func importKey(ctx context.Context, req resource.ImportStateRequest, diags *diag.Diagnostics) (rrset.Key, bool) {
	id := req.ID
	if id == "" && req.Identity != nil {
		var identity identityModel
		diags.Append(req.Identity.Get(ctx, &identity)...)
		if diags.HasError() {
			return rrset.Key{}, false
		}
		id = identity.Zone.ValueString() + "/" + identity.Name.ValueString() + "/" + identity.Type.ValueString()
	}
	key, err := rrset.ParseID(id)
	if err != nil {
		diags.AddError("Invalid import identifier", err.Error())
		return rrset.Key{}, false
	}
	return key, true
}
