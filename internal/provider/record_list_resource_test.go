package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
)

// TestAccRecordListResource needs `terraform query`, which no OpenTofu has; the library compares version numbers alone.
func TestAccRecordListResource(t *testing.T) {
	if cli.Path != "" && !cli.HasQuery() {
		t.Skipf("%s has no query", cli)
	}
	box := newBox(t)
	edit(t, box, "www", "A", 3600, "192.0.2.1")
	edit(t, box, "@", "MX", 3600, "10 mail.example.com.")
	const address = "multidns_record.all"
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: on(box, "")},
			{
				Query:  true,
				Config: "list \"multidns_record\" \"all\" {\n  provider = multidns\n  config {\n    zone = \"example.com\"\n  }\n}\n",
				QueryResultChecks: []querycheck.QueryResultCheck{
					querycheck.ExpectLengthAtLeast(address, 2),
					querycheck.ExpectIdentity(address, map[string]knownvalue.Check{
						"zone": knownvalue.StringExact("example.com"), "name": knownvalue.StringExact("www"), "type": knownvalue.StringExact("A"),
					}),
				},
			},
		},
	})
}
