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

func TestAccRecordsDataSource(t *testing.T) {
	box := newBox(t)
	edit(t, box, "www", "A", 3600, "192.0.2.1")
	const address = "data.multidns_records.all"
	config := func(zone string) string {
		return on(box, "data \"multidns_records\" \"all\" { zone = \""+zone+"\" }\n")
	}
	differs := func(row knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(address, tfjsonpath.New("differences"), row)
	}
	side := func(ttl int64, value string) knownvalue.Check {
		return knownvalue.ObjectExact(map[string]knownvalue.Check{
			"ttl": knownvalue.Int64Exact(ttl), "values": knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact(value)}),
		})
	}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{
				PreConfig: func() {
					if err := box.Desec.Edit(box.Zone, "www", "A", 3600, "192.0.2.2"); err != nil {
						t.Error(err)
					}
				},
				Config: config("example.com"),
				ConfigStateChecks: []statecheck.StateCheck{differs(knownvalue.ListPartial(map[int]knownvalue.Check{
					1: knownvalue.ObjectExact(map[string]knownvalue.Check{
						"name": knownvalue.StringExact("www"), "type": knownvalue.StringExact("A"),
						"summary":    knownvalue.StringExact("deSEC differs from Cloudflare: values are [192.0.2.2] instead of [192.0.2.1]"),
						"cloudflare": side(3600, "192.0.2.1"), "desec": side(3600, "192.0.2.2"),
					}),
				}))},
			},
			{ // what one holds is known while the other is out; how they differ is not
				PreConfig: func() { box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.HTML502}) },
				Config:    config("example.com"),
				ConfigStateChecks: []statecheck.StateCheck{
					differs(knownvalue.Null()),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("operators").AtMapKey("cloudflare"), knownvalue.Null()),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("operators").AtMapKey("desec"), knownvalue.NotNull()),
				},
			},
			{ // nor is one that shows no zone at all, be it gone or the API ill: who only asks stops nobody
				PreConfig: func() {
					box.Cloudflare.Faults.Clear()
					box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.EmptyList})
				},
				Config: config("example.com"),
				ConfigStateChecks: []statecheck.StateCheck{
					differs(knownvalue.Null()),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("operators").AtMapKey("cloudflare"), knownvalue.Null()),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("operators").AtMapKey("desec"), knownvalue.ListSizeExact(2)),
				},
			},
			{
				PreConfig: func() { box.Cloudflare.Faults.Clear() },
				Config:    config("nowhere.example"), PlanOnly: true, ExpectError: regexp.MustCompile("Zone not found at"),
			},
		},
	})
}
