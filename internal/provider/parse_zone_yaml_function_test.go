package provider_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
)

// parsed is one element of what the functions return.
func parsed(name, typ string, ttl int64, values ...string) knownvalue.Check {
	return knownvalue.ObjectExact(map[string]knownvalue.Check{
		"zone": knownvalue.StringExact("example.com"), "name": knownvalue.StringExact(name), "type": knownvalue.StringExact(typ),
		"ttl": knownvalue.Int64Exact(ttl), "values": texts(values...),
	})
}

func TestAccParseZoneYAMLFunction(t *testing.T) {
	box := newBox(t)
	parse := func(yaml string) string {
		return on(box, "output \"zone\" {\n  value = provider::multidns::parse_zone_yaml(<<-EOT\n"+yaml+"\n  EOT\n  )\n}\n")
	}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{
				Config: parse("domain: example.com\nrecords:\n- {name: www, type: A, ttl: 600, values: [192.0.2.1, 192.0.2.2]}\n- {name: '@', type: MX, values: ['10 mail.example.com']}"),
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("zone", knownvalue.MapExact(map[string]knownvalue.Check{
					"www/A": parsed("www", "A", 600, "192.0.2.1", "192.0.2.2"), "@/MX": parsed("@", "MX", 300, "10 mail.example.com"),
				}))},
			},
			{Config: parse("domain: ["), PlanOnly: true, ExpectError: regexp.MustCompile(`(?s)parse_zone_yaml.*YAML`)},
		},
	})
}
