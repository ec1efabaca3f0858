package desec

import (
	"cmp"
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

// rule is one thing that deSEC does not hold.
type rule struct {
	// Name is what a test and a discussion call it.
	Name string
	// Verified is the day on which it was last seen to hold; Source is where.
	Verified, Source string
	// Attribute is the schema's word for what is at fault.
	Attribute string
	// Reject returns why the RRset cannot be held and what to write instead,
	// or "". zone is nil while its limits are not known.
	Reject func(want operator.RRset, zone *operator.Zone) string
}

// Check asks every rule.
func (c *Client) Check(want operator.RRset, zone *operator.Zone) []operator.Violation {
	var violations []operator.Violation
	for _, r := range rules {
		if message := r.Reject(want, zone); message != "" {
			violations = append(violations, operator.Violation{Attribute: r.Attribute, Message: message})
		}
	}
	slices.SortStableFunc(violations, func(a, b operator.Violation) int { return cmp.Compare(a.Attribute, b.Attribute) })
	return violations
}

const verified = "2026-11-22"

var rules = []rule{
	{
		"ttl below the zone's minimum", verified, "design/facts/desec-api.md section 3",
		"ttl", ttlBelowMinimum,
	},
	{
		"ttl above a day", verified, "design/facts/desec-api.md section 3",
		"ttl", ttlAboveMaximum,
	},
	{
		"subname characters", verified, "design/facts/desec-api.md section 3",
		"name", subnameCharacters,
	},
	{
		"subname length", verified, "design/facts/desec-api.md section 3",
		"name", subnameLength,
	},
	{
		"owner name length", verified, "design/facts/desec-api.md section 3",
		"name", ownerLength,
	},
	{
		"automatic type", verified, "design/facts/desec-api.md section 5",
		"type", automaticType,
	},
	{
		"unsupported type", verified, "design/facts/desec-api.md section 5",
		"type", unsupportedType,
	},
	{
		"CNAME at the apex", verified, "design/facts/desec-api.md section 5, database stage",
		"type", cnameAtApex,
	},
	{
		"DS at the apex", verified, "design/facts/desec-api.md section 5, database stage",
		"type", dsAtApex,
	},
	{
		"DNSKEY below the apex", verified, "design/facts/desec-api.md section 5, database stage",
		"type", dnskeyBelowApex,
	},
	{
		"NS under dedyn.io", verified, "design/facts/desec-api.md section 2",
		"type", nsUnderDedyn,
	},
	{
		"several CNAMEs or DNAMEs", verified, "design/facts/desec-api.md section 5, database stage",
		"values", severalAliases,
	},
	{
		"request to delete the DS", verified, "design/facts/desec-api.md section 6",
		"values", deletesDS,
	},
	{
		"size of the RRset", verified, "design/facts/desec-api.md section 5, limits",
		"values", rrsetSize,
	},
	{
		"size of a record", verified, "design/facts/desec-api.md section 5, limits",
		"values", recordSize,
	},
	{
		"angle of a location", "2026-11-26", "design/facts/desec-api.md section 10",
		"values", locationAngle,
	},
	{
		"size of a location", "2026-11-26", "design/facts/desec-api.md section 10",
		"values", locationSize,
	},
	{
		"type of a certificate", "2026-11-26", "design/facts/desec-api.md section 10",
		"values", certificateType,
	},
}
