package provider_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

const routerAddress = "multidns_router.r"

// routerHCL points to the first of two targets that is healthy.
func routerHCL(oneIsHealthy, twoIsHealthy, more string) string {
	return fmt.Sprintf(`
resource "multidns_router" "r" {
  zone    = "example.com"
  name    = "www"
  desec   = { ttl = 3600 }
  targets = [
    { name = "one", values = ["one.example.net"], healthy = %s },
    { name = "two", values = ["two.example.net"], healthy = %s },
  ]
  %s
}
`, oneIsHealthy, twoIsHealthy, more)
}

func TestAccRouterResource(t *testing.T) {
	box := newBox(t)
	state := func(attribute string, want knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(routerAddress, tfjsonpath.New(attribute), want)
	}
	points := func(target string) []statecheck.StateCheck {
		return []statecheck.StateCheck{
			state("active_target", knownvalue.StringExact(target)),
			statecheck.ExpectKnownValue(routerAddress, tfjsonpath.New("operators"), knownvalue.MapExact(map[string]knownvalue.Check{
				"cloudflare": inSync(60, target+".example.net."), "desec": inSync(3600, target+".example.net."),
			})),
		}
	}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             empty(box),
		Steps: []resource.TestStep{
			{
				Config:            on(box, routerHCL("true", "true", "")),
				ConfigStateChecks: append(points("one"), state("previous_target", knownvalue.Null()), state("max_ttl", knownvalue.Int64Exact(3600))),
			},
			{ResourceName: routerAddress, ImportState: true, ImportStateVerify: true,
				// Which target it points to only the configuration knows.
				ImportStateVerifyIgnore: []string{"targets", "values", "active_target", "reason", "max_ttl"}},
			{ // the plan shows the switch
				Config: on(box, routerHCL("false", "true", "")),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(routerAddress, plancheck.ResourceActionUpdate),
					plancheck.ExpectKnownValue(routerAddress, tfjsonpath.New("active_target"), knownvalue.StringExact("two")),
				}},
				ConfigStateChecks: append(points("two"), state("previous_target", knownvalue.StringExact("one"))),
			},
			{ // health that changes nothing is no news
				Config:           on(box, routerHCL("false", "null", "")),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			},
			{ // a pin wins over health
				Config:            on(box, routerHCL("false", "true", `pin = { target = "one", reason = "game day" }`)),
				ConfigStateChecks: points("one"),
			},
		},
	})
}

// TestAccRouterResource_AtTheApex has addresses, as no CNAME can stand there.
func TestAccRouterResource_AtTheApex(t *testing.T) {
	box := newBox(t)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             empty(box),
		Steps: []resource.TestStep{{
			Config: on(box, `
resource "multidns_router" "r" {
  zone    = "example.com"
  name    = "@"
  type    = "A"
  ttl     = 3600
  targets = [{ name = "one", values = ["192.0.2.1", "192.0.2.2"], healthy = null }]
}
`),
			ConfigStateChecks: []statecheck.StateCheck{holds{box, []string{"example.com. 3600 A 192.0.2.1 192.0.2.2"}}},
		}},
	})
}

func TestAccRouterResource_Errors(t *testing.T) {
	box := newBox(t)
	refused := func(more, says string) resource.TestStep {
		return resource.TestStep{Config: on(box, routerHCL("true", "true", more)), PlanOnly: true, ExpectError: regexp.MustCompile(says)}
	}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			refused(`pin = { target = "three", reason = "" }`, `three`),
			refused(`failback = { delay = "10m" }`, `evaluated_at`),
			refused(`max_health_age = "5m"`, `Missing clock`),
			refused(`type = "TXT"`, `Invalid Attribute Value Match`),
		},
	})
}
