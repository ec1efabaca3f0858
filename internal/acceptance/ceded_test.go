package acceptance

import (
	"slices"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// An address leaves its RRset to another one where it was ever its own. What an operator held before that could be
// read, and was somebody else's, stays so: the plan of the other address names it, in each further run too.
func TestCeded_WhereItWasOurs(t *testing.T) {
	t.Parallel()
	of := func(typ string, values ...string) protocol.Resource {
		return protocol.Resource{Type: "multidns_record", Args: args{"zone": sandbox.Zone, "name": "a", "type": typ, "values": values}}
	}
	a, aaaa := of("A", "192.0.2.1"), of("AAAA", "2001:db8::1")
	for _, name := range bothOperators {
		for what, changes := range map[string][]map[string]protocol.Resource{
			"one after the other": {{"multidns_record.a": aaaa}},
			"at once":             nil,
		} {
			t.Run(name+" "+what, func(t *testing.T) {
				t.Parallel()
				box := newBox(t)
				site, run := box.Site(name), newDriven(t, box, patientTimeout)
				if err := site.Edit(sandbox.Zone, "a", "A", 3600, "192.0.2.99"); err != nil {
					t.Fatal(err)
				}
				apply := func(resources map[string]protocol.Resource) ran {
					return run.apply(t.Context(), protocol.Config{Resources: resources})
				}
				site.Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable})
				if r := apply(map[string]protocol.Resource{"multidns_record.a": a}); r.exit != 0 {
					t.Fatal(r.text)
				}
				site.Faults.Clear()
				for _, resources := range changes {
					if r := apply(resources); r.exit != 0 {
						t.Fatal(r.text)
					}
				}
				for range 3 {
					r := apply(map[string]protocol.Resource{"multidns_record.a": aaaa, "multidns_record.b": a})
					if got := heldAt(box, name, "a.example.com."); r.exit != 1 || !slices.Contains(got, "a.example.com. 3600 A 192.0.2.99") {
						t.Errorf("exit code %d, %s holds %q: %s", r.exit, name, got, r.text)
					}
				}
			})
		}
	}
}
