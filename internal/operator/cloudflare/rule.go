package cloudflare

import (
	"cmp"
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

// rule is one thing that Cloudflare cannot hold.
type rule struct {
	// Name is unique among the rules.
	Name string
	// Verified is the day on which Source was last read.
	Verified string
	// Source is where the limit is written down.
	Source string
	// Attribute is the one at fault, in the schema's word.
	Attribute string
	// Reject says why w cannot be held and what to write instead; empty if it
	// can be.
	Reject func(w wanted) string
}

// wanted is what a rule looks at.
type wanted struct {
	operator.RRset
	// Zone is nil while the zone was not read.
	Zone *operator.Zone
	// Plan is the zone's plan: free, pro, business, enterprise, or empty while
	// it is not known.
	Plan string
}

func (w wanted) settings() settings { return settingsOf(w.Settings) }

// Check applies every rule. The plan's limits count once the zone was read.
func (c *Client) Check(want operator.RRset, zone *operator.Zone) []operator.Violation {
	row, _ := c.directory.seen(want.Zone)
	w := wanted{RRset: want, Zone: zone, Plan: row.Plan.LegacyID}
	var violations []operator.Violation
	for _, r := range rules {
		if message := r.Reject(w); message != "" {
			violations = append(violations, operator.Violation{Attribute: r.Attribute, Message: message})
		}
	}
	slices.SortStableFunc(violations, func(a, b operator.Violation) int { return cmp.Compare(a.Attribute, b.Attribute) })
	return violations
}

// ZoneMatters is true for what the plan of the zone decides: long comments and
// tags. The limits of the TTL are the same for all but Enterprise zones, whose
// are wider.
func (c *Client) ZoneMatters(want operator.RRset, _ uint32) bool {
	comment, _ := want.Settings.Text(commentSetting)
	tags, _ := want.Settings.List(tagsSetting)
	return len(comment) > maxCommentFree || len(tags) > 0
}
