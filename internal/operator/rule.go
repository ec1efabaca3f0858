package operator

import (
	"cmp"
	"slices"
)

// Rule is one thing that an operator cannot hold, although it is a proper RRset: package rrset refuses what is none.
type Rule struct {
	// Name is unique among the rules of an operator.
	Name string
	// Verified is the day on which the operator was last seen to obey it, and Source where that is written down.
	Verified, Source string
	// Attribute is the schema's word for what is at fault.
	Attribute string
	// Overridable: another value for this operator alone is the usual answer, and the message has the line to write.
	Overridable bool
	// Reject says why want cannot be held and what to write instead; empty if it can be. zone is nil while it has not
	// been read.
	Reject func(want RRset, zone *Zone) string
}

// Check asks every rule. The result is sorted by attribute.
func Check(rules []Rule, want RRset, zone *Zone) []Violation {
	var violations []Violation
	for _, r := range rules {
		if message := r.Reject(want, zone); message != "" {
			violations = append(violations, Violation{Attribute: r.Attribute, Message: message, Overridable: r.Overridable})
		}
	}
	slices.SortStableFunc(violations, func(a, b Violation) int { return cmp.Compare(a.Attribute, b.Attribute) })
	return violations
}
