package operator

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCheck_IsSortedByAttribute, whatever the order of the rules.
func TestCheck_IsSortedByAttribute(t *testing.T) {
	always := func(attribute string, overridable bool) Rule {
		return Rule{Attribute: attribute, Overridable: overridable, Reject: func(RRset, *Zone) string { return "no " + attribute }}
	}
	never := Rule{Attribute: "name", Reject: func(RRset, *Zone) string { return "" }}
	got := Check([]Rule{always("values", false), never, always("ttl", true)}, RRset{}, nil)
	want := []Violation{{Attribute: "ttl", Message: "no ttl", Overridable: true}, {Attribute: "values", Message: "no values"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("violations (-want +got):\n%s", diff)
	}
}
