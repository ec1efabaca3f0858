package cloudflare

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

// The settings that Cloudflare keeps with an RRset, in the words of users.
const (
	proxiedSetting = "proxied"
	commentSetting = "comment"
	tagsSetting    = "tags"
)

// settings are those of an [operator.RRset] in the form in which the API takes them: nil is not said.
type settings struct {
	Proxied *bool
	Comment *string
	Tags    *[]string
}

func settingsOf(declared operator.Settings) (s settings) {
	if v, there := declared.Bool(proxiedSetting); there {
		s.Proxied = &v
	}
	if v, there := declared.Text(commentSetting); there {
		s.Comment = &v
	}
	if v, there := declared.List(tagsSetting); there {
		// An empty list clears them; null is not in the API's schema (design/facts/cloudflare-api.md section 4.6).
		v = append([]string{}, v...)
		s.Tags = &v
	}
	return s
}

func isProxied(r operator.RRset) bool {
	on, _ := r.Settings.Bool(proxiedSetting)
	return on
}

// foldedTags are the tags in the form in which they are compared: sorted, and with their names in lower case, which
// says nothing (design/facts/cloudflare-api.md section 4.6).
func foldedTags(tags []string) []string {
	folded := make([]string, len(tags))
	for i, tag := range tags {
		key, value, ok := strings.Cut(tag, ":")
		folded[i] = strings.ToLower(key)
		if ok {
			folded[i] += ":" + value
		}
	}
	slices.Sort(folded)
	return folded
}

// difference is what must be said to bring TTL and settings of the record to what is wanted.
func difference(want *operator.RRset, r record) attributes {
	var wanted attributes
	declared := settingsOf(want.Settings)
	proxied := r.Proxied
	if p := declared.Proxied; p != nil && *p != r.Proxied {
		proxied, wanted.Proxied = *p, p
	}
	if ttl := ttlOf(want, proxied); ttl != r.TTL {
		wanted.TTL = &ttl
	}
	if comment := declared.Comment; comment != nil && *comment != r.Comment {
		wanted.Comment = comment
	}
	if tags := declared.Tags; tags != nil {
		if !slices.Equal(foldedTags(*tags), r.Tags) {
			slices.Sort(*tags)
			wanted.Tags = tags
		}
	}
	return wanted
}

func ttlOf(want *operator.RRset, proxied bool) uint32 {
	if proxied {
		return automaticTTL
	}
	return want.TTL
}

func isEmpty(a attributes) bool {
	return a.Content == nil && a.Data == nil && a.Priority == nil && a.TTL == nil &&
		a.Proxied == nil && a.Comment == nil && a.Tags == nil
}

// inherit is what all new records of want carry beside their value.
func inherit(want *operator.RRset, held []record) attributes {
	declared := settingsOf(want.Settings)
	made := attributes{Proxied: declared.Proxied, Comment: declared.Comment, Tags: declared.Tags}
	if len(held) > 0 {
		first, common := held[0], settingsOf(commonSettings(held))
		if made.Proxied == nil && isProxiable(want.Type) {
			made.Proxied = common.Proxied
		}
		if made.Comment == nil && first.Comment != "" && agree(held, func(r record) string { return r.Comment }) {
			made.Comment = common.Comment
		}
		if made.Tags == nil && len(first.Tags) > 0 && agree(held, func(r record) string { return fmt.Sprint(r.Tags) }) {
			made.Tags = common.Tags
		}
		if first.Type == want.Type && hasSettings(first.Settings) && agree(held, func(r record) string { return string(r.Settings) }) {
			made.Settings = first.Settings
		}
	}
	// false is the default, and most types take no other word for it.
	if made.Proxied != nil && !*made.Proxied {
		made.Proxied = nil
	}
	ttl := ttlOf(want, made.Proxied != nil)
	made.TTL = &ttl
	return made
}

// hasSettings tells settings that say something: absent, {} and what every CNAME shows, {"flatten_cname": false}, mean
// that all are off (design/facts/cloudflare-api.md section 3.1).
func hasSettings(raw json.RawMessage) bool {
	var members map[string]any
	if json.Unmarshal(raw, &members) != nil {
		return false
	}
	for _, value := range members {
		if value != nil && value != false {
			return true
		}
	}
	return false
}

// isProxiable is by type (design/facts/cloudflare-api.md section 3.2).
func isProxiable(typ string) bool { return typ == "A" || typ == "AAAA" || typ == "CNAME" }
