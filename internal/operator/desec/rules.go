package desec

import "github.com/multidns/terraform-provider-multidns/internal/operator"

// Check asks every rule.
func (c *Client) Check(want operator.RRset, zone *operator.Zone) []operator.Violation {
	return operator.Check(rules, want, zone)
}

// ZoneMatters is true for a TTL below all that the zone holds: the minimum of a domain is the service's decision and
// may be any (design/facts/desec-api.md section 3, minimum_ttl).
func (c *Client) ZoneMatters(want operator.RRset, lowest uint32) bool {
	return lowest == 0 || want.TTL < lowest
}

const (
	verified = "2026-11-22"
	sheet    = "design/facts/desec-api.md section "
)

var rules = []operator.Rule{
	{Name: "length of the name", Verified: verified, Source: sheet + "3", Attribute: "name", Reject: nameLength},
	{Name: "ttl above a day", Verified: verified, Source: sheet + "3", Attribute: "ttl", Overridable: true, Reject: ttlAboveMaximum},
	{Name: "ttl below the zone's minimum", Verified: verified, Source: sheet + "3", Attribute: "ttl", Overridable: true, Reject: ttlBelowMinimum},
	{Name: "NS under dedyn.io", Verified: verified, Source: sheet + "2", Attribute: "type", Reject: nsUnderDedyn},
	{Name: "size of the RRset", Verified: verified, Source: sheet + "5, limits", Attribute: "values", Reject: rrsetSize},
	{Name: "size of a record", Verified: "2026-11-27", Source: sheet + "5, limits", Attribute: "values", Reject: recordSize},
	{Name: "characters of a CNAME", Verified: verified, Source: sheet + "5", Attribute: "values", Reject: eachValue("CNAME", aliasCharacters)},
	{Name: "characters of a name", Verified: "2026-11-27", Source: sheet + "10", Attribute: "values", Reject: nameCharacters},
	{Name: "characters of a CAA", Verified: verified, Source: sheet + "5", Attribute: "values", Reject: eachValue("CAA", textCharacters)},
	{Name: "characters of a NAPTR", Verified: verified, Source: sheet + "5", Attribute: "values", Reject: eachValue("NAPTR", textCharacters)},
	{Name: "characters of a URI", Verified: "2026-11-27", Source: sheet + "10", Attribute: "values", Reject: eachValue("URI", locatorCharacters)},
	{Name: "parameters of HTTPS", Verified: "2026-11-27", Source: sheet + "10", Attribute: "values", Reject: eachValue("HTTPS", serviceParameters)},
	{Name: "parameters of SVCB", Verified: "2026-11-27", Source: sheet + "10", Attribute: "values", Reject: eachValue("SVCB", serviceParameters)},
	{Name: "angle of a location", Verified: "2026-11-26", Source: sheet + "10", Attribute: "values", Reject: eachValue("LOC", locationAngle)},
	{Name: "altitude of a location", Verified: "2026-11-26", Source: sheet + "10", Attribute: "values", Reject: eachValue("LOC", locationAltitude)},
	{Name: "size of a location", Verified: "2026-11-26", Source: sheet + "10", Attribute: "values", Reject: eachValue("LOC", locationSize)},
	{Name: "type of a certificate", Verified: "2026-11-26", Source: sheet + "10", Attribute: "values", Reject: eachValue("CERT", certificateType)},
	{Name: "length of the zone's name", Verified: verified, Source: sheet + "2", Attribute: "zone", Reject: zoneLength},
}

// eachValue asks a rule of one type about its values. No message repeats a value (design/sensitive-values.md).
func eachValue(typ string, reject func(value string) string) func(operator.RRset, *operator.Zone) string {
	return func(want operator.RRset, _ *operator.Zone) string {
		if want.Type != typ {
			return ""
		}
		for _, value := range want.Values {
			if message := reject(value); message != "" {
				return message
			}
		}
		return ""
	}
}
