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
		parts = append(parts, fmt.Sprintf("values are %s instead of %s", list(held.Values), list(want.Values)))
	}
	parts = append(parts, settingsDifference(want.Settings, held.Settings)...)
	return strings.Join(parts, "; ")
}

func settingsDifference(want, held operator.Settings) []string {
	var parts []string
	if want.Proxied != nil && *want.Proxied != (held.Proxied != nil && *held.Proxied) {
		parts = append(parts, fmt.Sprintf("proxied is %t instead of %t", !*want.Proxied, *want.Proxied))
	}
	if want.Comment != nil && *want.Comment != valueOf(held.Comment) {
		parts = append(parts, fmt.Sprintf("comment is %q instead of %q", valueOf(held.Comment), *want.Comment))
	}
	if want.Tags != nil {
		wantTags, heldTags := sorted(*want.Tags), sorted(valueOf(held.Tags))
		if !slices.Equal(wantTags, heldTags) {
			parts = append(parts, fmt.Sprintf("tags are %s instead of %s", list(heldTags), list(wantTags)))
		}
	}
	return parts
}

// list shows values; a long list is cut, because the text ends up in state.
func list(values []string) string {
	const most = 5
	shown := values[:min(len(values), most)]
	text := strings.Join(shown, ", ")
	if more := len(values) - len(shown); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return "[" + text + "]"
}

func valueOf[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

func sorted(values []string) []string {
	return slices.Sorted(slices.Values(values))
}

func sortByType(held []operator.RRset) {
	slices.SortFunc(held, func(a, b operator.RRset) int { return strings.Compare(a.Type, b.Type) })
}
