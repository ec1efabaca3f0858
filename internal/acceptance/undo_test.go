package acceptance

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/sandboxtest"
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

// Of 450 RRsets Cloudflare cannot digest one. Those that deSEC took go in one write, which may take longer than
// request_timeout, as it did when they came; nothing is read again for it.
func TestUndo_LargeAndSlow(t *testing.T) {
	t.Parallel()
	const n = 450
	box := sandboxtest.Start(t, sandbox.Options{CloudflareQuota: 2 * n})
	box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.JSON500, Methods: sandbox.Writes, Body: `"r7.example.com"`})
	box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.Slow, Methods: []string{http.MethodPatch}, Each: 5 * time.Millisecond})
	records := args{}
	for i := range n {
		records[fmt.Sprintf("r%d/A", i)] = args{"values": []string{"192.0.2.1"}}
	}
	run := newDriven(t, box, "2s")
	r := run.apply(t.Context(), protocol.Config{Resources: map[string]protocol.Resource{
		"multidns_zone_records.r": {Type: "multidns_zone_records", Args: args{"zone": sandbox.Zone, "records": records}},
	}})
	if r.exit != 1 || len(run.project.State) > 0 || !strings.Contains(r.text, "The 449 that could be were taken back.") {
		t.Errorf("exit code %d, %d in state: %s", r.exit, len(run.project.State), r.text)
	}
	for _, name := range []string{"r0", "r7", "r449"} {
		for _, operator := range bothOperators {
			if held := heldAt(box, operator, name+".example.com."); len(held) > 0 {
				t.Errorf("%s holds %v", operator, held)
			}
		}
	}
	log := box.Desec.Log
	for _, write := range log.Writes() {
		t.Logf("%s to deSEC took %s", write.Method, write.End.Sub(write.Start))
	}
	// The plan reads it and the apply; they come in one write, and the refused one goes before the others, or with
	// them.
	if reads, writes := len(log.Entries())-len(log.Writes()), len(log.Writes()); reads > 4 || writes > 3 {
		t.Errorf("%d reads and %d writes: %v", reads, writes, paths(log.Entries()))
	}
}
