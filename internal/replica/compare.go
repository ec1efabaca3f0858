package replica

import (
	"fmt"
	"slices"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

// Difference says in what held is not as wanted, in words that stay the same
// while the difference does. It is empty when they are equal.
//
// want is compared as the operator will show it, so the caller passes it
// through Effective first. Settings that were not declared are not compared.
func Difference(want operator.RRset, held *operator.RRset) string {
	if held == nil {
		return "missing"
	}
	var parts []string
	if held.Uneven {
		parts = append(parts, "the records have different TTLs")
	} else if held.TTL != want.TTL {
		parts = append(parts, fmt.Sprintf("ttl is %d instead of %d", held.TTL, want.TTL))
	}
	if !held.SameValues(want.RRset) {
		parts = append(parts, fmt.Sprintf("values are %s instead of %s", operator.Listing(held.Values), operator.Listing(want.Values)))
	}
	parts = append(parts, want.Settings.Differences(held.Settings)...)
	return strings.Join(parts, "; ")
}

func sortByType(held []operator.RRset) {
	slices.SortFunc(held, func(a, b operator.RRset) int { return strings.Compare(a.Type, b.Type) })
}
