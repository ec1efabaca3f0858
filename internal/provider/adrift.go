package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// tellAdrift says, once for each zone and walk, what operators hold there of earlier runs that is in no state. Nobody
// can delete it here: no plan says so, and a configuration that a destruction does not read may declare it.
func (d *shared) tellAdrift(ctx context.Context, zone string, destroying bool, diags *diag.Diagnostics) {
	if d == nil {
		return
	}
	if _, again := d.adrift.LoadOrStore(zone, true); again {
		return
	}
	left := d.walk.Adrift(ctx, zone, destroying)
	if len(left) == 0 {
		return
	}
	var lines []string
	for _, key := range slices.SortedFunc(maps.Keys(left), rrset.Key.Compare) {
		var at []string
		for _, name := range left[key] {
			at = append(at, title(name))
		}
		lines = append(lines, fmt.Sprintf("%s at %s", key, operator.And(at)))
	}
	diags.AddWarning("RRsets are in no state", fmt.Sprintf(
		"An earlier run gave these up, and the resource that was to have them did not come, or it created them and could not take them back, or was killed before it said so. They are still there, in zone %s, as they were then:\n%s\n"+
			"What this configuration declares of them is taken over by an apply. A destroy leaves them where they are, and so does an apply of a configuration that does not declare them: delete them by hand then.",
		zone, strings.Join(lines, "\n")))
}
