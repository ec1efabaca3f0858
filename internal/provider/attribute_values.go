package provider

import (
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// stringSet is sorted, so that an equal set is an equal value.
func stringSet(values []string) types.Set {
	return types.SetValueMust(types.StringType, stringValues(slices.Sorted(slices.Values(values))))
}

// stringList is a sorted list, empty rather than null when there is nothing.
func stringList(values []string) types.List {
	return stringsInOrder(slices.Sorted(slices.Values(values)))
}

func stringsInOrder(values []string) types.List {
	return types.ListValueMust(types.StringType, stringValues(values))
}

func stringValues(values []string) []attr.Value {
	elements := make([]attr.Value, 0, len(values))
	for _, v := range values {
		elements = append(elements, types.StringValue(v))
	}
	return elements
}

// stringsOrNull is null where the strings are not known.
func stringsOrNull(values []string, known bool) types.List {
	if !known {
		return types.ListNull(types.StringType)
	}
	return stringList(values)
}

func stringOrNull(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}

func timeOrNull(t time.Time) types.String {
	if t.IsZero() {
		return types.StringNull()
	}
	return types.StringValue(t.UTC().Format(time.RFC3339))
}
