package provider

import (
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
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

// TestReportOutage_AsTheGuideShowsIt: the warning in the guide is the one that people see.
func TestReportOutage_AsTheGuideShowsIt(t *testing.T) {
	guide, err := os.ReadFile("../../templates/guides/outages.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	d := shared{walk: replica.New(nil, replica.Options{})}
	outage := &operator.OutageError{Operator: "cloudflare", Action: "look up the zone example.com.", Reason: "no answer within 10s"}
	var diags diag.Diagnostics
	d.reportOutage("cloudflare", outage, owed("cloudflare"), &diags)
	shown := strings.Join(strings.Fields(string(guide)), " ")
	for _, w := range diags {
		if text := "Warning: " + w.Summary() + " " + w.Detail(); !strings.Contains(shown, text) {
			t.Errorf("the guide does not show %q", text)
		}
	}
	if len(diags) != 1 {
		t.Errorf("%d warnings", len(diags))
	}
}
