package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/zonecheck"
)

type zoneModel struct {
	Answers            []string                     `tfsdk:"answers"`
	DelegatedTo        types.List                   `tfsdk:"delegated_to"`
	Delegation         *delegationModel             `tfsdk:"delegation"`
	MissingNameservers types.List                   `tfsdk:"missing_nameservers"`
	Operators          map[string]operatorZoneModel `tfsdk:"operators"`
	Problems           types.List                   `tfsdk:"problems"`
	Servers            map[string][]string          `tfsdk:"servers"`
	Zone               types.String                 `tfsdk:"zone"`
}

type delegationModel struct {
	DS     types.List   `tfsdk:"ds"`
	Parent types.String `tfsdk:"parent"`
	TTL    types.Int64  `tfsdk:"ttl"`
	Values types.List   `tfsdk:"values"`
}

// operatorZoneModel are the zone as one operator runs it.
type operatorZoneModel struct {
	ApexNS      types.List   `tfsdk:"apex_ns"`
	DNSKEYs     types.List   `tfsdk:"dnskeys"`
	DS          types.List   `tfsdk:"ds"`
	MinimumTTL  types.Int64  `tfsdk:"minimum_ttl"`
	NameServers types.List   `tfsdk:"name_servers"`
	Status      types.String `tfsdk:"status"`
	ZoneID      types.String `tfsdk:"zone_id"`
}

// set takes over what was found, and what is wrong with what the name servers answer.
func (m *zoneModel) set(z zonecheck.Zone, served []string) {
	asked := z.ParentErr == nil
	m.DelegatedTo = stringsOrNull(z.Parent.NameServers, asked)
	m.MissingNameservers = stringsOrNull(z.Missing(), asked)
	if asked {
		m.Delegation = &delegationModel{
			DS:     stringsOrNull(z.Parent.DSs, z.Parent.DSErr == nil),
			Parent: types.StringValue(z.Parent.Parent),
			TTL:    types.Int64Null(),
			Values: stringList(z.Parent.NameServers),
		}
		if len(z.Parent.NameServers) > 0 {
			m.Delegation.TTL = types.Int64Value(int64(z.Parent.TTL))
		}
	}
	m.Operators = map[string]operatorZoneModel{}
	for _, o := range z.Operators {
		known := o.Err == nil
		row := operatorZoneModel{
			ApexNS:      stringsOrNull(o.ApexNS, known),
			DNSKEYs:     stringsOrNull(o.DNSKEYs, known && o.KeysErr == nil),
			DS:          stringsOrNull(o.DSs, known && o.KeysErr == nil),
			NameServers: stringsOrNull(o.NameServers, known),
		}
		if known {
			row.MinimumTTL = types.Int64Value(int64(o.MinimumTTL))
			row.Status, row.ZoneID = types.StringValue(o.Status), types.StringValue(o.ID)
		}
		m.Operators[o.Operator] = row
	}
	m.Problems = stringsInOrder(append(z.Problems(), served...))
}
