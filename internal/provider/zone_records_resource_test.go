package provider_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

const zoneRecordsAddress = "multidns_zone_records.z"

func zoneRecordsHCL(records string) string {
	return `
resource "multidns_zone_records" "z" {
  zone    = "example.com"
  records = {
` + records + `
  }
}
`
}

func TestAccZoneRecordsResource(t *testing.T) {
	box := newBox(t)
	const www, mail = `"www/A" = { values = ["192.0.2.1"] }` + "\n", `"@/MX" = { values = ["10 mail.example.com"] }` + "\n"
	state := func(attribute string, want knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(zoneRecordsAddress, tfjsonpath.New(attribute), want)
	}
	action := func(a plancheck.ResourceActionType) resource.ConfigPlanChecks {
		return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(zoneRecordsAddress, a)}}
	}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             empty(box),
		Steps: []resource.TestStep{
			{
				Config:           on(box, zoneRecordsHCL(www+mail)),
				ConfigPlanChecks: action(plancheck.ResourceActionCreate),
				ConfigStateChecks: []statecheck.StateCheck{
					holds{box, []string{"www.example.com. 3600 A 192.0.2.1", "example.com. 3600 MX 10 mail.example.com."}},
					state("in_sync", knownvalue.Bool(true)),
					state("differences", knownvalue.MapSizeExact(0)),
				},
			},
			{ // what is taken out is deleted, and what was never in stays
				PreConfig:        func() { edit(t, box, "theirs", "A", 3600, "203.0.113.1") },
				Config:           on(box, zoneRecordsHCL(www)),
				ConfigPlanChecks: action(plancheck.ResourceActionUpdate),
				ConfigStateChecks: []statecheck.StateCheck{
					holds{box, []string{"www.example.com. 3600 A 192.0.2.1", "theirs.example.com. 3600 A 203.0.113.1"}},
				},
			},
			{ // an outage is owed
				PreConfig: func() {
					edit(t, box, "theirs", "A", 3600)
					box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.HTML502})
				},
				Config:             on(box, zoneRecordsHCL(`"www/A" = { values = ["192.0.2.2"] }`)),
				ExpectNonEmptyPlan: true,
				ConfigStateChecks: []statecheck.StateCheck{
					state("in_sync", knownvalue.Bool(false)),
					statecheck.ExpectKnownValue(zoneRecordsAddress,
						tfjsonpath.New("differences").AtMapKey("www/A").AtMapKey("operators").AtMapKey("desec").AtMapKey("status"), knownvalue.StringExact("out_of_sync")),
				},
			},
			{
				PreConfig:         func() { box.Desec.Faults.Clear() },
				Config:            on(box, zoneRecordsHCL(`"www/A" = { values = ["192.0.2.2"] }`)),
				ConfigPlanChecks:  action(plancheck.ResourceActionUpdate),
				ConfigStateChecks: []statecheck.StateCheck{holds{box, []string{"www.example.com. 3600 A 192.0.2.2"}}},
			},
		},
	})
}

func TestAccZoneRecordsResource_Errors(t *testing.T) {
	box := newBox(t)
	refused := func(records, says string) resource.TestStep {
		return resource.TestStep{Config: on(box, zoneRecordsHCL(records)), PlanOnly: true, ExpectError: regexp.MustCompile(says)}
	}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			refused(`"www" = { values = ["192.0.2.1"] }`, `Invalid key`),
			refused(`"www/A" = { values = ["192.0.2.1"] }, "WWW/a" = { values = ["192.0.2.2"] }`, `RRset declared twice`),
			refused(`"www/A" = { ttl = 60, values = ["192.0.2.1"] }`, `deSEC cannot hold this RRset`),
		},
	})
}
