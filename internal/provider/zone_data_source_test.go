package provider_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// TestAccZoneDataSource: what is wrong with a zone is a sentence, and no error.
func TestAccZoneDataSource(t *testing.T) {
	box := newBox(t)
	const address = "data.multidns_zone.z"
	config := func(zone string) string { return on(box, "data \"multidns_zone\" \"z\" { zone = \""+zone+"\" }\n") }
	at := func(operator, attribute string) tfjsonpath.Path {
		return tfjsonpath.New("operators").AtMapKey(operator).AtMapKey(attribute)
	}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{
				Config: config("example.com"),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(address, at("cloudflare", "status"), knownvalue.StringExact("active")),
					statecheck.ExpectKnownValue(address, at("cloudflare", "zone_id"), knownvalue.StringExact(box.Cloudflare.ZoneID)),
					statecheck.ExpectKnownValue(address, at("desec", "status"), knownvalue.StringExact("published")),
					statecheck.ExpectKnownValue(address, at("desec", "minimum_ttl"), knownvalue.Int64Exact(3600)),
					// The parent does not answer (see TestMain).
					statecheck.ExpectKnownValue(address, tfjsonpath.New("delegated_to"), knownvalue.Null()),
				},
			},
			{
				PreConfig: func() { box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.HTML502}) },
				Config:    config("example.com"),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(address, at("desec", "status"), knownvalue.Null()),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("problems").AtSliceIndex(0), knownvalue.StringRegexp(regexp.MustCompile("deSEC could not be read"))),
				},
			},
			{
				PreConfig: func() { box.Desec.Faults.Clear() },
				Config:    config("nowhere.example"), PlanOnly: true, ExpectError: regexp.MustCompile("Zone not found at"),
			},
		},
	})
}
