package provider_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

const recordAddress = "multidns_record.r"

// recordHCL declares an RRset of 3600 s, with more arguments.
func recordHCL(name, typ, values, more string) string {
	return `
resource "multidns_record" "r" {
  zone   = "example.com"
  name   = "` + name + `"
  type   = "` + typ + `"
  values = ` + values + `
  ` + more + `
}
`
}

func TestAccRecordResource(t *testing.T) {
	box := newBox(t)
	action := func(a plancheck.ResourceActionType) resource.ConfigPlanChecks {
		return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(recordAddress, a)}}
	}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             empty(box),
		Steps: []resource.TestStep{
			{
				Config:           on(box, recordHCL("www", "A", `["192.0.2.1"]`, "")),
				ConfigPlanChecks: action(plancheck.ResourceActionCreate),
				ConfigStateChecks: []statecheck.StateCheck{
					holds{box, []string{"www.example.com. 3600 A 192.0.2.1"}},
					statecheck.ExpectKnownValue(recordAddress, tfjsonpath.New("id"), knownvalue.StringExact("example.com/www/A")),
					statecheck.ExpectKnownValue(recordAddress, tfjsonpath.New("fqdn"), knownvalue.StringExact("www.example.com.")),
					statecheck.ExpectKnownValue(recordAddress, tfjsonpath.New("in_sync"), knownvalue.Bool(true)),
					statecheck.ExpectKnownValue(recordAddress, tfjsonpath.New("operators"), knownvalue.MapExact(map[string]knownvalue.Check{
						"cloudflare": inSync(3600, "192.0.2.1"), "desec": inSync(3600, "192.0.2.1"),
					})),
				},
			},
			{ // what is spelled otherwise is the same
				Config:           on(box, recordHCL("WWW.example.com.", "a", `["192.0.2.1"]`, "ttl = 3600")),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			},
			{ // a type changes in place
				Config:            on(box, recordHCL("www", "CNAME", `["target.example.net"]`, "")),
				ConfigPlanChecks:  action(plancheck.ResourceActionUpdate),
				ConfigStateChecks: []statecheck.StateCheck{holds{box, []string{"www.example.com. 3600 CNAME target.example.net."}}},
			},
			{ResourceName: recordAddress, ImportState: true, ImportStateVerify: true,
				// Any spelling of a value is its own in a configuration, and canonical after an import.
				ImportStateVerifyIgnore: []string{"values"}},
			{ // drift is healed
				PreConfig:         func() { edit(t, box, "www", "CNAME", 3600, "elsewhere.example.net.") },
				Config:            on(box, recordHCL("www", "CNAME", `["target.example.net"]`, "")),
				ConfigPlanChecks:  action(plancheck.ResourceActionUpdate),
				ConfigStateChecks: []statecheck.StateCheck{holds{box, []string{"www.example.com. 3600 CNAME target.example.net."}}},
			},
			{ // another name is another RRset
				Config:            on(box, recordHCL("app", "CNAME", `["target.example.net"]`, "")),
				ConfigPlanChecks:  action(plancheck.ResourceActionReplace),
				ConfigStateChecks: []statecheck.StateCheck{holds{box, []string{"app.example.com. 3600 CNAME target.example.net."}}},
			},
		},
	})
}

// inSync is one element of the attribute operators.
func inSync(ttl int64, values ...string) knownvalue.Check {
	return knownvalue.ObjectExact(map[string]knownvalue.Check{
		"status": knownvalue.StringExact("in_sync"), "message": knownvalue.Null(),
		"ttl": knownvalue.Int64Exact(ttl), "values": texts(values...),
	})
}

// TestAccRecordResource_IgnoredChange: what a resource ignores of its configuration is not declared beside what it has.
func TestAccRecordResource_IgnoredChange(t *testing.T) {
	box := newBox(t)
	const ignoring = "lifecycle {\n ignore_changes = all\n}"
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             empty(box),
		Steps: []resource.TestStep{
			{Config: on(box, recordHCL("www", "A", `["192.0.2.1"]`, ignoring))},
			{
				Config:            on(box, recordHCL("www", "CNAME", `["target.example.net"]`, ignoring)),
				ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
				ConfigStateChecks: []statecheck.StateCheck{holds{box, []string{"www.example.com. 3600 A 192.0.2.1"}}},
			},
		},
	})
}

func TestAccRecordResource_Identity(t *testing.T) {
	box := newBox(t)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		Steps: []resource.TestStep{
			{
				Config: on(box, recordHCL("@", "TXT", `["v=spf1 -all"]`, "")),
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectIdentity(recordAddress, map[string]knownvalue.Check{
					"zone": knownvalue.StringExact("example.com"), "name": knownvalue.StringExact("@"), "type": knownvalue.StringExact("TXT"),
				})},
			},
			{ResourceName: recordAddress, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
		},
	})
}

// TestAccRecordResource_Overrides: what differs on purpose, and what only one operator keeps.
func TestAccRecordResource_Overrides(t *testing.T) {
	box := newBox(t)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: on(box, recordHCL("www", "A", `["192.0.2.1"]`, `ttl = 300
  cloudflare = { comment = "web" }
  desec      = { ttl = 3600, values = ["192.0.2.2"] }`)),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(recordAddress, tfjsonpath.New("operators"), knownvalue.MapExact(map[string]knownvalue.Check{
					"cloudflare": inSync(300, "192.0.2.1"), "desec": inSync(3600, "192.0.2.2"),
				})),
			},
		}},
	})
}

// TestAccRecordResource_Outage: written where possible, owed where not, healed when the operator is back.
func TestAccRecordResource_Outage(t *testing.T) {
	box := newBox(t)
	config := on(box, recordHCL("www", "A", `["192.0.2.1"]`, ""))
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{
				PreConfig:          func() { box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.HTML502}) },
				Config:             config,
				ExpectNonEmptyPlan: true,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(recordAddress, tfjsonpath.New("in_sync"), knownvalue.Bool(false)),
					statecheck.ExpectKnownValue(recordAddress, tfjsonpath.New("operators").AtMapKey("cloudflare").AtMapKey("status"), knownvalue.StringExact("out_of_sync")),
					statecheck.ExpectKnownValue(recordAddress, tfjsonpath.New("operators").AtMapKey("desec"), inSync(3600, "192.0.2.1")),
				},
			},
			{
				PreConfig:         func() { box.Cloudflare.Faults.Clear() },
				Config:            config,
				ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(recordAddress, plancheck.ResourceActionUpdate)}},
				ConfigStateChecks: []statecheck.StateCheck{holds{box, []string{"www.example.com. 3600 A 192.0.2.1"}}},
			},
		},
	})
}

func TestAccRecordResource_Errors(t *testing.T) {
	box := newBox(t)
	edit(t, box, "taken", "A", 3600, "203.0.113.1")
	refused := func(hcl, says string) resource.TestStep {
		return resource.TestStep{Config: on(box, hcl), PlanOnly: true, ExpectError: regexp.MustCompile(says)}
	}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             nil,
		Steps: []resource.TestStep{
			refused(recordHCL("www", "A", `["192.0.2.300"]`, ""), `Invalid values`),
			refused(recordHCL("www", "A", `["192.0.2.1"]`, "ttl = 60"), `deSEC cannot hold this RRset`),
			refused(recordHCL("www", "A", `["192.0.2.1"]`, `cloudflare = { proxied = true, ttl = 300 }`), `Invalid ttl`),
			refused(recordHCL("taken", "A", `["192.0.2.1"]`, ""), `RRset exists already`),
			{Config: on(box, recordHCL("taken", "A", `["192.0.2.1"]`, "overwrite = true")),
				ConfigStateChecks: []statecheck.StateCheck{holds{box, []string{"taken.example.com. 3600 A 192.0.2.1"}}}},
		},
	})
}
