package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type zoneModel struct {
	DelegatedTo        types.List                `tfsdk:"delegated_to"`
	Delegation         *delegationModel          `tfsdk:"delegation"`
	MissingNameservers types.List                `tfsdk:"missing_nameservers"`
	Operators          map[string]zoneOperations `tfsdk:"operators"`
	Problems           types.List                `tfsdk:"problems"`
	Zone               types.String              `tfsdk:"zone"`
}

type delegationModel struct {
	DS     types.List   `tfsdk:"ds"`
	Parent types.String `tfsdk:"parent"`
	TTL    types.Int64  `tfsdk:"ttl"`
	Values types.List   `tfsdk:"values"`
}

// zoneOperations are the zone as one operator runs it.
type zoneOperations struct {
	ApexNS      types.List   `tfsdk:"apex_ns"`
	DNSKEYs     types.List   `tfsdk:"dnskeys"`
	DS          types.List   `tfsdk:"ds"`
	MinimumTTL  types.Int64  `tfsdk:"minimum_ttl"`
	NameServers types.List   `tfsdk:"name_servers"`
	Status      types.String `tfsdk:"status"`
	ZoneID      types.String `tfsdk:"zone_id"`
}

// set takes over what was found.
func (m *zoneModel) set(f findings) {
	asked := f.parentErr == nil
	m.DelegatedTo = stringsOrNull(f.parent.NameServers, asked)
	m.MissingNameservers = stringsOrNull(f.missing(), asked)
	if asked {
		m.Delegation = &delegationModel{
			DS:     stringsOrNull(f.parent.DSs, f.parent.DSErr == nil),
			Parent: types.StringValue(f.parent.Parent),
			TTL:    types.Int64Null(),
			Values: stringList(f.parent.NameServers),
		}
		if len(f.parent.NameServers) > 0 {
			m.Delegation.TTL = types.Int64Value(int64(f.parent.TTL))
		}
	}
	m.Operators = map[string]zoneOperations{}
	for _, o := range f.operators {
		known := o.err == nil
		row := zoneOperations{
			ApexNS:      stringsOrNull(o.apexNS, known),
			DNSKEYs:     stringsOrNull(o.DNSKEYs, known && o.KeysErr == nil),
			DS:          stringsOrNull(o.DSs, known && o.KeysErr == nil),
			NameServers: stringsOrNull(o.NameServers, known),
		}
		if known {
			row.MinimumTTL = types.Int64Value(int64(o.MinimumTTL))
			row.Status, row.ZoneID = types.StringValue(o.Status), types.StringValue(o.ID)
		}
		m.Operators[o.name] = row
	}
	m.Problems = stringsInOrder(f.problems())
}
