package provider

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// TestReportAll: what is said of many entries alike is said once, and what is said of one is said of that one.
func TestReportAll(t *testing.T) {
	entries := func(say func(e *entry)) (list []*entry) {
		for i := range 5 {
			for _, typ := range []string{"A", "AAAA"} {
				key, err := rrset.NewKey("example.com", fmt.Sprintf("n%d", i), typ)
				if err != nil {
					t.Fatal(err)
				}
				e := &entry{spelled: key.ID(), key: key}
				say(e)
				list = append(list, e)
			}
		}
		return list
	}
	count := func(e *entry) string { return map[string]string{"A": "4", "AAAA": "6"}[e.key.Type] }
	for name, test := range map[string]struct {
		say  func(e *entry)
		want []string
	}{
		"alike": {
			func(e *entry) { e.diags.AddError("Refused", fmt.Sprintf("Zone full: %s in zone x.", e.key)) },
			[]string{"Zone full: 10 RRsets (n0.example.com. A, n0.example.com. AAAA, n1.example.com. A, 7 more) in zone x."},
		},
		"two kinds": {
			func(e *entry) { e.diags.AddWarning("Served", fmt.Sprintf("%s: IPv%s", e.key, count(e))) },
			[]string{
				"5 RRsets (n0.example.com. A, n1.example.com. A, n2.example.com. A, 2 more): IPv4",
				"5 RRsets (n0.example.com. AAAA, n1.example.com. AAAA, n2.example.com. AAAA, 2 more): IPv6",
			},
		},
		"of nobody": {func(e *entry) { e.diags.AddError("Out", "It is out.") }, []string{"It is out."}},
		"of one": {
			func(e *entry) {
				if e.key.Name == "n3.example.com." && e.key.Type == "A" {
					e.diags.AddError("Refused", "No "+e.key.String())
				}
			},
			[]string{"No n3.example.com. A"},
		},
		"where it is written": {
			func(e *entry) {
				if e.key.Name == "n3.example.com." {
					e.diags.AddAttributeError(path.Root("values"), "Invalid values", "Look at "+e.key.String())
				}
			},
			[]string{"Look at n3.example.com. A", "Look at n3.example.com. AAAA"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var diags diag.Diagnostics
			reportAll(entries(test.say), &diags)
			var got []string
			for _, d := range diags {
				got = append(got, d.Detail())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
