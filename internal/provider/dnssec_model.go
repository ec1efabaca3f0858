package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/multidns/terraform-provider-multidns/internal/dnssec"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

type dnssecModel struct {
	DS        types.List   `tfsdk:"ds"`
	InSync    types.Bool   `tfsdk:"in_sync"`
	Keys      types.Map    `tfsdk:"keys"`
	OnOutage  types.String `tfsdk:"on_outage"`
	Operators types.Map    `tfsdk:"operators"`
	Phase     types.String `tfsdk:"phase"`
	Problems  types.List   `tfsdk:"problems"`
	ReadyAt   types.String `tfsdk:"ready_at"`
	Served    types.Map    `tfsdk:"served"`
	Servers   types.Map    `tfsdk:"servers"`
	Zone      types.String `tfsdk:"zone"`
}

var stringsType = types.ListType{ElemType: types.StringType}

// dnssecPrivate is what is kept beside the state: what the phases remember, and whether a plan must bring it into the
// state.
type dnssecPrivate struct {
	Memory dnssec.Memory `json:"memory"`
	Moved  bool          `json:"moved,omitempty"`
}

const dnssecPrivateKey = "dnssec"

// known reports whether there was a run before: what was just imported has none.
func (p dnssecPrivate) known() bool { return p.Memory.Phase != "" }

func readDNSSECPrivate(ctx context.Context, private privateReader, diags *diag.Diagnostics) (p dnssecPrivate) {
	readPrivate(ctx, private, dnssecPrivateKey, &p, diags)
	return p
}

func writeDNSSECPrivate(ctx context.Context, private privateWriter, p dnssecPrivate, diags *diag.Diagnostics) {
	writePrivate(ctx, private, dnssecPrivateKey, p, diags)
}

// dnssecIdentityModel is what the CLI knows a zone with two signers by.
type dnssecIdentityModel struct {
	Zone types.String `tfsdk:"zone"`
}

func dnssecIdentity() identityschema.Schema {
	return identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"zone": identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the zone."},
	}}
}

// setIdentity sets the identity on CLIs that have it.
func (m *dnssecModel) setIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	zone, known := m.zoneName(diags)
	if identity == nil || !known {
		return
	}
	diags.Append(identity.Set(ctx, dnssecIdentityModel{types.StringValue(strings.TrimSuffix(zone, "."))})...)
}

// emptyDNSSEC is a zone of which only the name is known.
func emptyDNSSEC(zone string) dnssecModel {
	return dnssecModel{
		Zone: types.StringValue(strings.TrimSuffix(zone, ".")), DS: types.ListNull(types.StringType), Problems: types.ListNull(types.StringType),
		Keys: types.MapNull(stringsType), Served: types.MapNull(stringsType), Servers: types.MapNull(stringsType), Operators: types.MapNull(holdingType),
	}
}

// zoneName is the canonical name of the zone.
func (m *dnssecModel) zoneName(diags *diag.Diagnostics) (zone string, known bool) {
	if m.Zone.IsUnknown() || m.Zone.IsNull() {
		return "", false
	}
	zone, err := rrset.CanonicalZone(m.Zone.ValueString())
	if err != nil {
		addFault(diags, path.Root("zone"), err)
		return "", false
	}
	return zone, true
}

// nameServers are the addresses in the attribute servers, by operator.
func (m *dnssecModel) nameServers(ctx context.Context, diags *diag.Diagnostics) (named map[string][]nameServer) {
	if m.Servers.IsNull() || m.Servers.IsUnknown() {
		return nil
	}
	var lists map[string]types.List
	diags.Append(m.Servers.ElementsAs(ctx, &lists, false)...)
	named = map[string][]nameServer{}
	for _, name := range slices.Sorted(maps.Keys(lists)) {
		at := path.Root("servers").AtMapKey(name)
		if !slices.Contains(operatorNames(), name) {
			diags.AddAttributeError(at, "Unknown operator", fmt.Sprintf("There is no operator %q; write %s.", name, quotedNames(" or ")))
		}
		for i, element := range lists[name].Elements() {
			text, _ := element.(basetypes.StringValue)
			if text.IsUnknown() {
				continue
			}
			addr, err := parseServer(text.ValueString())
			if err != nil {
				diags.AddAttributeError(at.AtListIndex(i), "Invalid address", err.Error()+".")
			}
			named[name] = append(named[name], nameServer{text.ValueString(), addr})
		}
	}
	return named
}

// set sets everything that is computed.
func (m *dnssecModel) set(memory dnssec.Memory, v dnssec.Verdict, hs holdings) {
	m.Phase = types.StringValue(string(v.Phase))
	m.Problems = stringsInOrder(v.Problems)
	m.DS = types.ListNull(types.StringType)
	if v.DS != nil {
		m.DS = stringsInOrder(v.DS)
	}
	m.ReadyAt = types.StringNull()
	if at := memory.ReadyAt(); !at.IsZero() {
		m.ReadyAt = types.StringValue(at.UTC().Format(time.RFC3339))
	}
	keys, served := map[string]attr.Value{}, map[string]attr.Value{}
	for _, name := range operatorNames() {
		held, known := memory.Signers[name]
		keys[name] = stringsOrNull(held.DNSKEYs(), known)
		rrset, agreed := v.Served[name]
		served[name] = stringsOrNull(rrset, agreed)
	}
	m.Keys = types.MapValueMust(stringsType, keys)
	m.Served = types.MapValueMust(stringsType, served)
	m.Operators = hs.value()
	m.InSync = types.BoolValue(hs.inSync())
}

// setUnknown makes everything unknown that an update may change. A DS RRset that was given stays: whoever hands it to a
// registrar is not to wait for nothing.
func (m *dnssecModel) setUnknown(prior *dnssecModel) {
	m.InSync, m.Phase, m.ReadyAt = types.BoolUnknown(), types.StringUnknown(), types.StringUnknown()
	m.Keys, m.Served = types.MapUnknown(stringsType), types.MapUnknown(stringsType)
	m.Operators, m.Problems = types.MapUnknown(holdingType), types.ListUnknown(types.StringType)
	m.DS = types.ListUnknown(types.StringType)
	if prior != nil && !prior.DS.IsNull() {
		m.DS = prior.DS
	}
}

// keep takes everything that is computed from the state.
func (m *dnssecModel) keep(prior *dnssecModel) {
	m.InSync, m.Phase, m.ReadyAt, m.Keys, m.Served = prior.InSync, prior.Phase, prior.ReadyAt, prior.Keys, prior.Served
	m.Operators, m.Problems, m.DS = prior.Operators, prior.Problems, prior.DS
}
