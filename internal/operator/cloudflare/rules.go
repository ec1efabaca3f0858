package cloudflare

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

const (
	// Lengths in characters (design/facts/cloudflare-api.md section 3.2).
	maxCommentFree, maxComment = 100, 500
	maxTags, maxTagValue       = 20, 100
	// Of a record in bytes, and of all records of a name and type in characters (section 3.4).
	maxRecordWire, maxContentSum = 4096, 8192
	// NS records at one name below the apex (section 4.6).
	maxDelegation = 10

	verified = "2026-11-22"
)

var tagName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,32}$`)

// Check asks the rules. The plan's limits count once the zone was read.
func (c *Client) Check(want operator.RRset, zone *operator.Zone) []operator.Violation {
	return operator.Check(rules, want, zone)
}

// ZoneMatters is true for what the plan of the zone decides, long comments and tags, and for name servers, which may be
// the zone's own. The limits of the TTL are the same for all but Enterprise zones, whose are wider.
func (c *Client) ZoneMatters(want operator.RRset, _ uint32) bool {
	comment, _ := want.Settings.Text(commentSetting)
	tags, _ := want.Settings.List(tagsSetting)
	return len(comment) > maxCommentFree || len(tags) > 0 || want.Type == "NS"
}

// rules are sorted by attribute, then by name.
var rules = []operator.Rule{
	{
		Name: "comment-length", Verified: verified, Source: "design/facts/cloudflare-api.md section 3.2", Attribute: "comment",
		Reject: func(w operator.RRset, zone *operator.Zone) string {
			comment, _ := w.Settings.Text(commentSetting)
			most, plan := maxComment, ""
			switch planOf(zone) {
			case "free":
				most, plan = maxCommentFree, " on the Free plan"
			case "":
				plan = fmt.Sprintf(" (%d on the Free plan)", maxCommentFree)
			}
			if n := utf8.RuneCountInString(comment); n > most {
				return fmt.Sprintf("The comment has %d characters, and Cloudflare keeps at most %d%s: shorten it.", n, most, plan)
			}
			return ""
		},
	},
	{
		Name: "comment-one-line", Verified: verified, Source: "design/facts/cloudflare-api.md section 3.2", Attribute: "comment",
		Reject: func(w operator.RRset, _ *operator.Zone) string {
			if comment, _ := w.Settings.Text(commentSetting); strings.ContainsFunc(comment, unicode.IsControl) {
				return "Cloudflare keeps a comment of one line: write it without line breaks and other control characters."
			}
			return ""
		},
	},
	{
		Name: "proxied-type", Verified: verified, Source: "design/facts/cloudflare-api.md section 3.2, error 9004", Attribute: "proxied",
		Reject: func(w operator.RRset, _ *operator.Zone) string {
			if isProxied(w) && !isProxiable(w.Type) {
				return fmt.Sprintf("Cloudflare proxies A, AAAA and CNAME only, not %s: take `proxied = true` out.", w.Type)
			}
			return ""
		},
	},
	{
		Name: "tag-syntax", Verified: verified, Source: "design/facts/cloudflare-api.md section 3.2", Attribute: "tags",
		Reject: func(w operator.RRset, _ *operator.Zone) string {
			tags, _ := w.Settings.List(tagsSetting)
			for _, tag := range tags {
				if message := tagFault(tag); message != "" {
					return message
				}
			}
			return ""
		},
	},
	{
		Name: "tags-number", Verified: verified, Source: "design/facts/cloudflare-api.md section 3.2, error 9300", Attribute: "tags",
		Reject: func(w operator.RRset, zone *operator.Zone) string {
			switch tags, _ := w.Settings.List(tagsSetting); {
			case len(tags) > 0 && planOf(zone) == "free":
				return "The zone is on Cloudflare's Free plan, which has no tags: take `tags` out, or use `comment`."
			case len(tags) > maxTags:
				return fmt.Sprintf("Cloudflare keeps at most %d tags with a record, and there are %d.", maxTags, len(tags))
			}
			return ""
		},
	},
	{
		Name: "ttl-maximum", Verified: verified, Source: "design/facts/cloudflare-api.md section 3.2, error 9021", Attribute: "ttl", Overridable: true,
		Reject: func(w operator.RRset, _ *operator.Zone) string {
			if w.TTL <= maximumTTL || isProxied(w) {
				return ""
			}
			return fmt.Sprintf("Cloudflare stores a TTL of at most %d s, not %d: lower `ttl`, or write `cloudflare = { ttl = %[1]d }`.", maximumTTL, w.TTL)
		},
	},
	{
		// The TTL of a proxied record is always automatic, whatever is declared.
		Name: "ttl-minimum", Verified: verified, Source: "design/facts/cloudflare-api.md section 3.2, error 9021", Attribute: "ttl", Overridable: true,
		Reject: func(w operator.RRset, zone *operator.Zone) string {
			least := uint32(minimumTTL)
			if zone != nil {
				least = zone.MinimumTTL
			}
			switch {
			case w.TTL >= least || isProxied(w):
				return ""
			case w.TTL == automaticTTL:
				return "A TTL of 1 means automatic at Cloudflare, which no other operator has: write the seconds, for example `ttl = 300`."
			}
			return fmt.Sprintf("Cloudflare stores a TTL of at least %d s in this zone, not %d: raise `ttl`, or write `cloudflare = { ttl = %[1]d }`.", least, w.TTL)
		},
	},
	{
		Name: "type-offered", Verified: verified, Source: "design/facts/cloudflare-api.md section 3.3", Attribute: "type",
		Reject: func(w operator.RRset, _ *operator.Zone) string {
			if !slices.Contains(lacking, w.Type) {
				return ""
			}
			return fmt.Sprintf("Cloudflare cannot store %s records%s.", w.Type, cmp.Or(instead[w.Type], ", so the operators would answer differently: use another type"))
		},
	},
	{
		Name: "apex-ns-own-hosts", Verified: verified, Source: "design/facts/cloudflare-api.md section 4.6", Attribute: "values", Overridable: true,
		Reject: func(w operator.RRset, zone *operator.Zone) string {
			if w.Type != "NS" || !w.IsApex() {
				return ""
			}
			own, _ := partition(w.Values, func(v string) bool { return isOwnHost(v) || zone != nil && slices.Contains(zone.NameServers, v) })
			if len(own) == 0 {
				return ""
			}
			return fmt.Sprintf("Cloudflare adds its own name servers to the apex NS by itself and refuses them as records, and %d of the %d values are such: "+
				"write those of the other operators alone in `cloudflare = { values = […] }`.", len(own), len(w.Values))
		},
	},
	{
		Name: "delegation-own-hosts", Verified: verified, Source: "design/facts/cloudflare-api.md section 4.6", Attribute: "values",
		Reject: func(w operator.RRset, zone *operator.Zone) string {
			if w.Type != "NS" || w.IsApex() || zone == nil || len(w.Values) == 0 {
				return ""
			}
			if _, others := partition(w.Values, func(v string) bool { return slices.Contains(zone.NameServers, v) }); len(others) > 0 {
				return ""
			}
			return fmt.Sprintf("Cloudflare refuses to delegate %s to the same name servers that serve the zone itself: keep its records in this zone.", w.Name)
		},
	},
	{
		Name: "delegation-size", Verified: verified, Source: "design/facts/cloudflare-api.md section 4.6", Attribute: "values",
		Reject: func(w operator.RRset, _ *operator.Zone) string {
			if w.Type == "NS" && !w.IsApex() && len(w.Values) > maxDelegation {
				return fmt.Sprintf("Cloudflare takes at most %d name servers for a delegation, and there are %d.", maxDelegation, len(w.Values))
			}
			return ""
		},
	},
	{
		Name: "record-size", Verified: "2026-11-26", Source: "design/facts/cloudflare-api.md section 3.4, error 9015", Attribute: "values",
		Reject: func(w operator.RRset, _ *operator.Zone) string {
			for _, value := range w.Values {
				if size := rrset.WireSize(w.Type, value); size > maxRecordWire {
					return fmt.Sprintf("A value takes %d bytes on the wire, and Cloudflare stores at most %d in a record: shorten it.", size, maxRecordWire)
				}
			}
			return ""
		},
	},
	{
		Name: "rrset-size", Verified: "2026-11-26", Source: "design/facts/cloudflare-api.md section 3.4, error 83011", Attribute: "values",
		Reject: func(w operator.RRset, _ *operator.Zone) string {
			sum := 0
			for _, value := range w.Values {
				sum += contentLength(w.Type, value)
			}
			if sum > maxContentSum {
				return fmt.Sprintf("The values have %d characters together, and Cloudflare stores at most %d at one name and type: "+
					"take some out, or shorten them.", sum, maxContentSum)
			}
			return ""
		},
	},
	{
		Name: "text-empty", Verified: verified, Source: "design/facts/cloudflare-api.md section 3.4", Attribute: "values",
		Reject: func(w operator.RRset, _ *operator.Zone) string {
			for _, value := range w.Values {
				if w.Type == "TXT" && !slices.ContainsFunc(rrset.Fields(value), func(t rrset.Token) bool { return t.Raw != "" }) {
					return "Cloudflare does not take a TXT with an empty text: write some text, or remove the value."
				}
			}
			return ""
		},
	},
}

// lacking are the types of other operators that cannot be created here, and instead is what to do about some of them
// (design/facts/cloudflare-api.md section 3.3).
var (
	lacking = strings.Fields("AFSDB APL CDNSKEY CDS CSYNC DHCID DLV DNAME EUI48 EUI64 HINFO KX L32 L64 LP NID RP SPF")
	instead = map[string]string{
		"CDNSKEY": publishes, "CDS": publishes,
		"DNAME": ", so the operators would answer differently: write a CNAME for each name instead",
		"SPF":   ", and RFC 7208 section 3.1 retired the type: use TXT with the same text",
	}
)

const publishes = ": it publishes its own while DNSSEC is on. Remove this RRset: multidns_dnssec writes what a zone with two signers needs"

// planOf is the zone's plan: free, pro, business, enterprise, or empty while it is not known.
func planOf(zone *operator.Zone) string {
	if zone == nil {
		return ""
	}
	return zone.Plan
}

func tagFault(tag string) string {
	key, value, ok := strings.Cut(tag, ":")
	switch {
	case !ok:
		return "A tag has no colon: Cloudflare's tags are written name:value, such as \"owner:dns\"."
	case !tagName.MatchString(key):
		return "A tag has no name that Cloudflare takes: 1 to 32 letters, digits, hyphens and underscores before the colon."
	case strings.HasPrefix(strings.ToLower(key), "cf-"):
		return "A tag begins with cf-, which Cloudflare keeps for itself: choose another name."
	case utf8.RuneCountInString(value) > maxTagValue || strings.ContainsFunc(value, unicode.IsControl):
		return fmt.Sprintf("A tag has a value that Cloudflare does not take: at most %d characters in one line.", maxTagValue)
	}
	return ""
}

// isOwnHost compares by labels.
func isOwnHost(host string) bool {
	return strings.HasSuffix(strings.ToLower(host), ".ns.cloudflare.com.")
}

func partition(values []string, is func(string) bool) (yes, no []string) {
	for _, v := range values {
		if is(v) {
			yes = append(yes, v)
		} else {
			no = append(no, v)
		}
	}
	return yes, no
}
