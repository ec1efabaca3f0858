package acceptance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// What an operator holds of a creation that another one refused, and that no state has, is named by the error, whatever
// the refusal was and however the roll-back failed. The error does not say then that nothing was written.
func TestUndo_WhatIsLeftIsTold(t *testing.T) {
	t.Parallel()
	resources := map[string]protocol.Resource{
		"multidns_record.r": {Type: "multidns_record", Args: args{"zone": sandbox.Zone, "name": "a", "type": "A", "values": []string{"192.0.2.1"}}},
		"multidns_zone_records.r": {Type: "multidns_zone_records", Args: args{"zone": sandbox.Zone, "records": args{
			"a/A": args{"values": []string{"192.0.2.1"}}, "d/A": args{"values": []string{"192.0.2.2"}},
		}}},
	}
	refusals := []sandbox.Kind{sandbox.Forbidden, sandbox.Unauthorized, sandbox.Quoting}
	failures := []sandbox.Kind{sandbox.Forbidden, sandbox.Unavailable, sandbox.LostBeforeCommit, sandbox.LostAfterCommit, sandbox.JSON500AfterCommit}
	for i, sick := range bothOperators {
		refuses := bothOperators[1-i]
		for _, refusal := range refusals {
			for _, failure := range failures {
				for address, resource := range resources {
					t.Run(fmt.Sprintf("%s %s, %s %s, %s", refuses, refusal, sick, failure, resource.Type), func(t *testing.T) {
						t.Parallel()
						box := newBox(t)
						box.Site(refuses).Faults.Set(sandbox.Fault{Kind: refusal, Methods: sandbox.Writes})
						box.Site(sick).Faults.Set(sandbox.Fault{Kind: failure, Methods: sandbox.Writes, Skip: 1})
						run := newDriven(t, box, patientTimeout)
						r := run.apply(t.Context(), protocol.Config{Resources: map[string]protocol.Resource{address: resource}})
						if r.exit != 1 || len(run.project.State) > 0 {
							t.Fatalf("exit code %d, state %v", r.exit, run.project.State)
						}
						title := map[string]string{"cloudflare": "Cloudflare", "desec": "deSEC"}[sick]
						for _, name := range []string{"a.example.com.", "d.example.com."} {
							if len(heldAt(box, sick, name)) == 0 {
								continue
							}
							if !strings.Contains(r.text, title+" accepted "+name+" A and still holds it") && !strings.Contains(r.text, title+" may still hold "+name+" A") {
								t.Errorf("%s is left at %s, and nobody says so: %s", name, sick, r.text)
							}
							if strings.Contains(r.text, "Nothing was written") || strings.Contains(r.text, "Nothing is left") {
								t.Errorf("%s is left at %s: %s", name, sick, r.text)
							}
						}
					})
				}
			}
		}
	}
}
