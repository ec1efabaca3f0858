package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// TestReportStillServed: one warning for each operator and zone, however many RRsets were deleted.
func TestReportStillServed(t *testing.T) {
	var d shared
	var diags diag.Diagnostics
	for _, operator := range operatorNames() {
		for _, zone := range []string{"example.com", "example.net"} {
			for _, name := range []string{"a", "b", "c"} {
				key, err := rrset.NewKey(zone, name, "A")
				if err != nil {
					t.Fatal(err)
				}
				d.reportStillServed(operator, key, &diags)
			}
		}
	}
	if want := 2 * len(operatorNames()); len(diags) != want {
		t.Errorf("%d warnings, want %d", len(diags), want)
	}
}
