package acceptance

import (
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// Terraform 1.8 and OpenTofu 1.7 answer plantimestamp() with the year 1 while they validate; newer ones with an unknown
// value.
func TestAccRouter_ClockOfTheFloor(t *testing.T) {
	t.Parallel()
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		for _, clock := range []string{`"0001-01-01T00:00:00Z"`, "plantimestamp()"} {
			hcl := router("10:00:00", `failback = { delay = "10m" }`, fronts("true", "true"))
			s.configure(strings.Replace(hcl, `"2026-11-22T10:00:00Z"`, clock, 1))
			if r, diagnostics := s.work.Validate(t.Context()); r.Must() != nil || len(diagnostics) > 0 {
				t.Errorf("%s: %s", clock, r)
			}
		}
	})
}
