package cloudflare

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// Lengths in characters (design/facts/cloudflare-api.md section 3.2).
	maxCommentFree, maxComment = 100, 500
	maxTags, maxTagValue       = 20, 100
	// Of a record in bytes, and of all records of a name and type in characters
	// (section 3.4).
	maxRecordWire, maxContentSum = 4096, 8192
	// NS records at one name below the apex (section 4.6).
	maxDelegation = 10

	verified = "2026-11-22"
)

var tagName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,32}$`)

// rules are sorted by attribute, then by name.
var rules = []rule{
	{
		Name: "comment-length", Verified: verified, Source: "design/facts/cloudflare-api.md section 3.2", Attribute: "comment",
		Reject: func(w wanted) string {
			if w.settings().Comment == nil {
				return ""
			}
			most, plan := maxComment, ""
			if w.Plan == "free" {
				most, plan = maxCommentFree, " on the Free plan"
			}
			if n := utf8.RuneCountInString(*w.settings().Comment); n > most {
				return fmt.Sprintf("The comment has %d characters, and Cloudflare keeps at most %d%s: shorten it.", n, most, plan)
			}
			return ""
		},
	},
	{
		Name: "comment-one-line", Verified: verified, Source: "design/facts/cloudflare-api.md section 3.2", Attribute: "comment",
		Reject: func(w wanted) string {
			if w.settings().Comment != nil && strings.ContainsFunc(*w.settings().Comment, unicode.IsControl) {
				return "Cloudflare keeps a comment of one line: write it without line breaks and other control characters."
			}
			return ""
		},
	},
	{
		Name: "proxied-type", Verified: verified, Source: "design/facts/cloudflare-api.md section 3.2, error 9004", Attribute: "proxied",
		Reject: func(w wanted) string {
			if isProxied(w.RRset) && !isProxiable(w.Type) {
				return fmt.Sprintf("Cloudflare proxies A, AAAA and CNAME only, not %s: take `proxied = true` out.", w.Type)
			}
			return ""
		},
	},
	{
		Name: "tag-syntax", Verified: verified, Source: "design/facts/cloudflare-api.md section 3.2", Attribute: "tags",
		Reject: func(w wanted) string {
			if w.settings().Tags == nil {
				return ""
			}
			for _, tag := range *w.settings().Tags {
				if message := tagFault(tag); message != "" {
					return message
				}
			}
			return ""
		},
	},
	{
		Name: "tags-number", Verified: verified, Source: "design/facts/cloudflare-api.md section 3.2, error 9300", Attribute: "tags",
		Reject: func(w wanted) string {
			switch {
			case w.settings().Tags == nil || len(*w.settings().Tags) == 0:
				return ""
			case w.Plan == "free":
				return "The zone is on Cloudflare's Free plan, which has no tags: take `tags` out, or use `comment`."
			case len(*w.settings().Tags) > maxTags:
				return fmt.Sprintf("Cloudflare keeps at most %d tags with a record, and there are %d.", maxTags, len(*w.settings().Tags))
			}
			return ""
		},
	},
	{
		Name: "ttl-maximum", Verified: verified, Source: "design/facts/cloudflare-api.md section 3.2, error 9021", Attribute: "ttl",
		Reject: func(w wanted) string {
			if w.TTL <= maximumTTL || isProxied(w.RRset) {
				return ""
			}
			return fmt.Sprintf("Cloudflare stores a TTL of at most %d s, not %d: lower `ttl`, or write `cloudflare = { ttl = %[1]d }`.", maximumTTL, w.TTL)
		},
	},
	{
		// The TTL of a proxied record is always automatic, whatever is declared.
		Name: "ttl-minimum", Verified: verified, Source: "design/facts/cloudflare-api.md section 3.2, error 9021", Attribute: "ttl",
		Reject: func(w wanted) string {
			least := uint32(minimumTTL)
			if w.Zone != nil {
				least = w.Zone.MinimumTTL
			}
			switch {
			case w.TTL >= least || isProxied(w.RRset):
				return ""
			case w.TTL == automaticTTL:
				return "A TTL of 1 means automatic at Cloudflare, which no other operator has: write the seconds, for example `ttl = 300`."
			}
			return fmt.Sprintf("Cloudflare stores a TTL of at least %d s in this zone, not %d: raise `ttl`, or write `cloudflare = { ttl = %[1]d }`.", least, w.TTL)
		},
	},
	{
		Name: "ds-at-apex", Verified: verified, Source: "design/facts/cloudflare-api.md section 4.6", Attribute: "type",
		Reject: func(w wanted) string {
			if w.Type == "DS" && w.IsApex() {
				return "Cloudflare takes a DS only where a delegation (NS) is, and the zone's own DS belongs into the parent zone: give it to the registrar."
			}
			return ""
		},
	},
	{
		Name: "type-offered", Verified: verified, Source: "design/facts/cloudflare-api.md section 3.3", Attribute: "type",
		Reject: func(w wanted) string {
			if !slices.Contains(types, w.Type) {
				return fmt.Sprintf("Cloudflare offers no records of type %s; it has %s.", w.Type, strings.Join(types, ", "))
			}
			return ""
		},
	},
	{
		Name: "apex-ns-own-hosts", Verified: verified, Source: "design/facts/cloudflare-api.md section 4.6", Attribute: "values",
		Reject: func(w wanted) string {
			if w.Type != "NS" || !w.IsApex() {
				return ""
			}
			own, _ := partition(w.Values, func(v string) bool { return isOwnHost(v) || w.Zone != nil && slices.Contains(w.Zone.NameServers, v) })
			if len(own) == 0 {
				return ""
			}
			return fmt.Sprintf("Cloudflare adds its own name servers to the apex NS by itself and refuses them as records, and %d of the %d values are such: "+
				"write those of the other operators alone in `cloudflare = { values = […] }`.", len(own), len(w.Values))
		},
	},
	{
		Name: "delegation-own-hosts", Verified: verified, Source: "design/facts/cloudflare-api.md section 4.6", Attribute: "values",
		Reject: func(w wanted) string {
			if w.Type != "NS" || w.IsApex() || w.Zone == nil || len(w.Values) == 0 {
				return ""
			}
			if _, others := partition(w.Values, func(v string) bool { return slices.Contains(w.Zone.NameServers, v) }); len(others) > 0 {
				return ""
			}
			return fmt.Sprintf("Cloudflare refuses to delegate %s to the same name servers that serve the zone itself: keep its records in this zone.", w.Name)
		},
	},
	{
		Name: "delegation-size", Verified: verified, Source: "design/facts/cloudflare-api.md section 4.6", Attribute: "values",
		Reject: func(w wanted) string {
			if w.Type == "NS" && !w.IsApex() && len(w.Values) > maxDelegation {
				return fmt.Sprintf("Cloudflare takes at most %d name servers for a delegation, and there are %d.", maxDelegation, len(w.Values))
			}
			return ""
		},
	},
	{
		Name: "record-size", Verified: "2026-11-26", Source: "design/facts/cloudflare-api.md section 3.4, error 9015", Attribute: "values",
		Reject: func(w wanted) string {
			for _, value := range w.Values {
				if size := wireSize(w.Type, value); size > maxRecordWire {
					return fmt.Sprintf("A value takes %d bytes on the wire, and Cloudflare stores at most %d in a record: shorten it.", size, maxRecordWire)
				}
			}
			return ""
		},
	},
	{
		Name: "rrset-size", Verified: "2026-11-26", Source: "design/facts/cloudflare-api.md section 3.4, error 83011", Attribute: "values",
		Reject: func(w wanted) string {
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
}

// types are what can be created (design/facts/cloudflare-api.md section 3.3).
var types = []string{
	"A", "AAAA", "CAA", "CERT", "CNAME", "DNSKEY", "DS", "HTTPS", "LOC", "MX", "NAPTR", "NS", "OPENPGPKEY",
	"PTR", "SMIMEA", "SRV", "SSHFP", "SVCB", "TLSA", "TXT", "URI",
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
