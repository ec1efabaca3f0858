package provider_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

// TestAccDependenciesDataSource: what cannot be asked fails no run.
func TestAccDependenciesDataSource(t *testing.T) {
	box := newBox(t)
	const address = "data.multidns_dependencies.map"
	config := func(name string) string {
		return on(box, fmt.Sprintf(`
data "multidns_dependencies" "map" {
  names        = [%q]
  root_servers = ["127.0.0.1"]
  port         = 9
  timeout      = "2s"
}
`, name))
	}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: config("no..name"), PlanOnly: true, ExpectError: regexp.MustCompile("names")},
			{
				Config: config("www.example.com"),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(address, tfjsonpath.New("problems").AtSliceIndex(0), knownvalue.NotNull()),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("nodes"), knownvalue.NotNull()),
				},
			},
		},
	})
}
