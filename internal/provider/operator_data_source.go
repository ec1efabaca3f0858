package provider

import (
	"cmp"
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// operatorDataSource is embedded by the data sources that ask the operators.
type operatorDataSource struct {
	shared *shared
	// consequence is what an outage means to whoever asks, if it is not what it means to resources.
	consequence string
}

func (d *operatorDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	d.shared, _ = req.ProviderData.(*shared)
}

// zone is the canonical name of the zone. ok is false when it is no zone, or when there is nobody to ask.
func (d *operatorDataSource) zone(spelled types.String, diags *diag.Diagnostics) (zone string, ok bool) {
	zone, err := rrset.CanonicalZone(spelled.ValueString())
	if err != nil {
		addFault(diags, path.Root("zone"), err)
		return "", false
	}
	return zone, d.shared.configured(diags)
}

// nowhere reports whether no operator knows the zone. Where one shows no such zone and another does, the name is right:
// the zone is missing there, or the API is ill (design/reads.md).
func nowhere(failed map[string]error) bool {
	for _, name := range operatorNames() {
		if !operator.RefusedAs(failed[name], operator.ZoneNotFound) {
			return false
		}
	}
	return true
}

// report reports the operators that could not be read: a zone that nobody knows on the attribute, all else by the rules
// for outages, a refusal as well, as for a resource that is in the state. Who only asks stops nobody.
func (d *operatorDataSource) report(failed map[string]error, diags *diag.Diagnostics) {
	for _, name := range operatorNames() {
		switch err := failed[name]; {
		case err == nil:
		case nowhere(failed):
			d.shared.reportUnknown(name, err, nothingWritten, diags)
		case operator.RefusedAs(err, operator.ZoneNotFound):
			d.shared.reportUnshown(name, err, cmp.Or(d.consequence, "What it holds is null here."), diags)
		default:
			d.shared.reportUnread(d.shared.onOutage == outageFail, name, err, cmp.Or(d.consequence, owed(name)), diags)
		}
	}
}

func zoneAttribute() schema.StringAttribute {
	return schema.StringAttribute{Required: true, MarkdownDescription: "Name of the zone."}
}

// computedStrings is an attribute that holds a list of strings.
func computedStrings(description string) schema.ListAttribute {
	return schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
}
