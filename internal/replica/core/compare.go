package core

import (
	"fmt"
	"slices"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

// Difference says in what held is not as wanted, in words that stay the same while the difference does. It is empty
// when they are equal.
//
// want is compared as the operator will show it, so the caller passes it through Effective first. Settings that were
// not declared are not compared.
func Difference(want operator.RRset, held *operator.RRset) string {
	return compare(want, held, operator.Settings.Differences,
		fmt.Sprintf("are %s instead of %s", operator.Listing(valuesOf(held)), operator.Listing(want.Values)))
}

// Drift is Difference without any text that was declared: it stands in the state and in what a CLI prints, and what was
// declared may be sensitive (design/sensitive-values.md).
func Drift(want operator.RRset, held *operator.RRset) string {
	return compare(want, held, operator.Settings.Drift, "differ")
}

func compare(want operator.RRset, held *operator.RRset, settings func(want, held operator.Settings) []string, otherValues string) string {
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
		parts = append(parts, "values "+otherValues)
	}
	parts = append(parts, settings(want.Settings, held.Settings)...)
	return strings.Join(parts, "; ")
}

func valuesOf(held *operator.RRset) []string {
	if held == nil {
		return nil
	}
	return held.Values
}

func sortByType(held []operator.RRset) {
	slices.SortFunc(held, func(a, b operator.RRset) int { return strings.Compare(a.Type, b.Type) })
}
