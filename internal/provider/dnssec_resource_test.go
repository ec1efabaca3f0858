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
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

const dnssecAddress = "multidns_dnssec.main"

// dnssecHCL declares the zone with more arguments.
func dnssecHCL(more string) string {
	return fmt.Sprintf("resource \"multidns_dnssec\" \"main\" {\n  zone = \"example.com\"\n  %s\n}\n", more)
}

func serversHCL(box *sandbox.Sandbox) string {
	return fmt.Sprintf("servers = { cloudflare = [%q], desec = [%q] }", box.Cloudflare.DNSAddr, box.Desec.DNSAddr)
}

func TestAccDNSSECResource(t *testing.T) {
	box := newBox(t)
	is := func(attribute string, want knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(dnssecAddress, tfjsonpath.New(attribute), want)
	}
	emptyPlan := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             empty(box),
		Steps: []resource.TestStep{
			{
				Config: on(box, dnssecHCL(serversHCL(box))),
				ConfigStateChecks: []statecheck.StateCheck{
					is("phase", knownvalue.StringExact("publishing")), is("in_sync", knownvalue.Bool(true)), is("ds", knownvalue.Null()), is("ready_at", knownvalue.NotNull()),
					is("keys", knownvalue.MapExact(map[string]knownvalue.Check{"cloudflare": knownvalue.ListSizeExact(2), "desec": knownvalue.ListSizeExact(1)})),
					is("served", knownvalue.MapExact(map[string]knownvalue.Check{"cloudflare": knownvalue.ListSizeExact(3), "desec": knownvalue.ListSizeExact(2)})),
				},
			},
			{ // what is spelled otherwise is the same
				Config:           on(box, "resource \"multidns_dnssec\" \"main\" {\n  zone = \"Example.COM.\"\n  "+serversHCL(box)+"\n}\n"),
				ConfigPlanChecks: emptyPlan,
			},
			{ // a key that somebody took away is put back
				PreConfig: func() { edit(t, box, "@", "DNSKEY", 3600) },
				Config:    on(box, dnssecHCL(serversHCL(box))),
				ConfigPlanChecks: resource.ConfigPlanChecks{
					PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(dnssecAddress, plancheck.ResourceActionUpdate)},
				},
				ConfigStateChecks: []statecheck.StateCheck{is("in_sync", knownvalue.Bool(true))},
			},
			{ // the servers that are asked by default are out of reach here: it is said, and nothing is owed
				Config:            on(box, dnssecHCL("")),
				ConfigStateChecks: []statecheck.StateCheck{is("phase", knownvalue.StringExact("publishing")), is("served", knownvalue.MapExact(map[string]knownvalue.Check{"cloudflare": knownvalue.Null(), "desec": knownvalue.Null()}))},
			},
			{ResourceName: dnssecAddress, ImportState: true, ImportStateVerify: true, ImportStateId: "Example.com.", ImportStateVerifyIdentifierAttribute: "zone",
				// When every server was seen to serve every key is known to the first state alone.
				ImportStateVerifyIgnore: []string{"ready_at"}},
			{ResourceName: dnssecAddress, ImportState: true, ImportStateId: "not a zone", ExpectError: regexp.MustCompile("Invalid import identifier")},
			{Config: on(box, dnssecHCL("")), ConfigPlanChecks: emptyPlan},
		},
	})
}

// An import of what both operators hold has nothing to do, by each of its doors.
func TestAccDNSSECResource_ImportIsEmpty(t *testing.T) {
	box := newBox(t)
	config := on(box, dnssecHCL(""))
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		Steps: []resource.TestStep{
			{
				Config: config,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectIdentity(dnssecAddress, map[string]knownvalue.Check{"zone": knownvalue.StringExact("example.com")}),
				},
			},
			{Config: config, ResourceName: dnssecAddress, ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateId: "example.com"},
			{Config: config, ResourceName: dnssecAddress, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
		},
	})
}

// Who declares the RRset that this resource keeps, or a type that it keeps, is told by name whose it is.
func TestAccDNSSECResource_SecondDeclarations(t *testing.T) {
	box := newBox(t)
	const key = `["256 3 13 oJMRESz5E4gYzS/q6XDrvU1qMPYIjCWzJaOau8XNEZeqCYKD5ar0IRd8KqXXFJkqmVfRvMGPmM1x8fGAa2XhSA=="]`
	twice := "resource \"multidns_dnssec\" \"again\" {\n  zone = \"EXAMPLE.com\"\n}\n"
	inZone := "resource \"multidns_zone_records\" \"z\" {\n  zone = \"example.com\"\n  records = { \"@/DNSKEY\" = { values = " + key + " } }\n}\n"
	refused := func(hcl, says string) resource.TestStep {
		return resource.TestStep{Config: on(box, hcl), PlanOnly: true, ExpectError: regexp.MustCompile(says)}
	}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             empty(box),
		Steps: []resource.TestStep{
			refused(dnssecHCL("")+recordHCL("@", "DNSKEY", key, ""), `RRset\s+declared\s+twice`),
			refused(dnssecHCL("")+inZone, `RRset\s+declared\s+twice`),
			refused(dnssecHCL("")+twice, `Zone\s+declared\s+twice`),
			refused(recordHCL("@", "CDS", `["2371 13 2 48E939042E82C22542CB377B580DFDC52A361CEFDC72E7F9107E2B6BD9306A45"]`, ""), "multidns_dnssec"),
			refused(recordHCL("@", "CDNSKEY", key, ""), "multidns_dnssec"),
		},
	})
}
