package provider_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

// TestAccHealthDataSource: a front that goes down makes no run fail.
func TestAccHealthDataSource(t *testing.T) {
	box := newBox(t)
	var down atomic.Bool
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if down.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(front.Close)
	const address = "data.multidns_health.front"
	config := func(more string) string {
		return on(box, fmt.Sprintf(`
data "multidns_health" "front" {
  http               = { url = %q }
  attempts           = 1
  required_successes = 1
  %s
}
`, front.URL, more))
	}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: config(`tcp = { address = "127.0.0.1:9" }`), PlanOnly: true, ExpectError: regexp.MustCompile("Invalid Attribute Combination")},
			{Config: config("timeout = \"soon\""), PlanOnly: true, ExpectError: regexp.MustCompile("Invalid duration")},
			{
				Config: config(""),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(address, tfjsonpath.New("healthy"), knownvalue.Bool(true)),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("checks").AtSliceIndex(0).AtMapKey("status_code"), knownvalue.Int64Exact(200)),
				},
			},
			{
				PreConfig: func() { down.Store(true) },
				Config:    config(""),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(address, tfjsonpath.New("healthy"), knownvalue.Bool(false)),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("reason"), knownvalue.StringRegexp(regexp.MustCompile("503"))),
				},
			},
			{
				Config:            config("enabled = false"),
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(address, tfjsonpath.New("healthy"), knownvalue.Null())},
			},
		},
	})
}
