package memory

import (
	"fmt"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

var rules = []operator.Rule{
	{
		Name: "ttl", Attribute: "ttl", Overridable: true,
		Reject: func(want operator.RRset, _ *operator.Zone) string {
			if want.TTL >= minimumTTL && want.TTL <= maximumTTL {
				return ""
			}
			return fmt.Sprintf("Memory holds a TTL of %d to %d s, not %d: write `memory = { ttl = %[1]d }`.", minimumTTL, maximumTTL, want.TTL)
		},
	},
	{
		Name: "number of values", Attribute: "values",
		Reject: func(want operator.RRset, _ *operator.Zone) string {
			if len(want.Values) <= mostValues {
				return ""
			}
			return fmt.Sprintf("Memory holds at most %d values, and there are %d: name fewer in `memory.values`.", mostValues, len(want.Values))
		},
	},
}
