package provider_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

func TestAccParseZoneFileFunction(t *testing.T) {
	box := newBox(t)
	parse := func(text string) string {
		return on(box, "output \"zone\" {\n  value = provider::multidns::parse_zone_file(<<-EOT\n"+text+"\n  EOT\n  , \"example.com\")\n}\n")
	}
	rrset := func(key, attribute string, want knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownOutputValueAtPath("zone", tfjsonpath.New(key).AtMapKey(attribute), want)
	}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{
				Config: parse("$TTL 600\nwww A 192.0.2.1\napp 60 CNAME www"),
				ConfigStateChecks: []statecheck.StateCheck{
					rrset("www/A", "ttl", knownvalue.Int64Exact(600)),
					rrset("app/CNAME", "ttl", knownvalue.Int64Exact(60)),
					rrset("app/CNAME", "values", texts("www.example.com.")),
				},
			},
			{Config: parse("www 60 A 192.0.2.300"), PlanOnly: true, ExpectError: regexp.MustCompile(`(?s)parse_zone_file.*line`)},
		},
	})
}
