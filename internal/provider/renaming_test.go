package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/sandboxtest"
)

// TestAccRenaming: a name or a zone that is not known in the plan changes each resource in place. What turns out to be
// the same needs no write, and what turns out to be another one is there in the end, and the former one no more.
func TestAccRenaming(t *testing.T) {
	for address, c := range map[string]struct {
		hcl           string // with a gap for the expression
		before, after string
		attribute     string
		first, second string // the RRsets then, as "name type"
	}{
		"multidns_record.r": {
			"resource \"multidns_record\" \"r\" {\n  zone = \"example.com\"\n  name = %s\n  type = \"A\"\n  values = [\"192.0.2.1\"]\n}\n",
			"www", "web", "name", "www.example.com. A", "web.example.com. A",
		},
		"multidns_router.r": {
			"resource \"multidns_router\" \"r\" {\n  zone = %s\n  name = \"www\"\n  desec = { ttl = 3600 }\n  targets = [{ name = \"a\", values = [\"a.example.org\"] }]\n}\n",
			"example.com", "example.net", "zone", "www.example.com. CNAME", "www.example.net. CNAME",
		},
		"multidns_zone_records.r": {
			"resource \"multidns_zone_records\" \"r\" {\n  zone = %s\n  records = { \"www/A\" = { values = [\"192.0.2.1\"] } }\n}\n",
			"example.com", "example.net", "zone", "www.example.com. A", "www.example.net. A",
		},
		"multidns_dnssec.r": {
			"resource \"multidns_dnssec\" \"r\" {\n  zone = %s\n}\n",
			"example.com", "example.net", "zone", "example.com. DNSKEY", "example.net. DNSKEY",
		},
	} {
		t.Run(address, func(t *testing.T) {
			box := sandboxtest.Start(t, sandbox.Options{MoreZones: []string{"example.net"}})
			late := func(value string) string {
				return fmt.Sprintf("resource \"terraform_data\" \"late\" {\n  input = %q\n}\n", value) + fmt.Sprintf(c.hcl, "terraform_data.late.output")
			}
			known := func(value string) []statecheck.StateCheck {
				return []statecheck.StateCheck{statecheck.ExpectKnownValue(address, tfjsonpath.New(c.attribute), knownvalue.StringExact(value))}
			}
			inPlace := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate)}}
			forget := func() {
				for _, site := range sites(box) {
					site.Log.Reset()
				}
			}
			resource.ParallelTest(t, resource.TestCase{
				ProtoV6ProviderFactories: factories,
				Steps: []resource.TestStep{
					{Config: on(box, fmt.Sprintf(c.hcl, fmt.Sprintf("%q", c.before))), Check: stored(box, c.first, c.second)},
					{
						PreConfig: forget, Config: on(box, late(c.before)), ConfigPlanChecks: inPlace, ConfigStateChecks: known(c.before),
						Check: resource.ComposeTestCheckFunc(stored(box, c.first, c.second), unwritten(box)),
					},
					{Config: on(box, late(c.after)), ConfigPlanChecks: inPlace, ConfigStateChecks: known(c.after), Check: stored(box, c.second, c.first)},
				},
			})
		})
	}
}

// stored expects both operators to store one RRset, and not the other.
func stored(box *sandbox.Sandbox, there, gone string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		for _, site := range sites(box) {
			held := map[string]bool{}
			for _, zone := range site.Zones() {
				for _, r := range site.Stored(zone) {
					held[r.Name+" "+r.Type] = true
				}
			}
			if !held[there] || held[gone] {
				return fmt.Errorf("%s stores %v: want %q, and not %q", site.Name, held, there, gone)
			}
		}
		return nil
	}
}

// unwritten expects that nothing was written since the logs were emptied.
func unwritten(box *sandbox.Sandbox) resource.TestCheckFunc {
	return func(*terraform.State) error {
		for _, site := range sites(box) {
			if writes := site.Log.Writes(); len(writes) > 0 {
				return fmt.Errorf("%s was written: %v", site.Name, writes)
			}
		}
		return nil
	}
}
