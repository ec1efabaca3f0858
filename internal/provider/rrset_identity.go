package provider

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

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
