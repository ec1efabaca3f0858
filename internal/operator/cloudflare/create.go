package cloudflare

import (
	"encoding/json"
	"fmt"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

// postsFor makes new records for values. What is not declared they take from the records that the RRset has, where
// those agree.
func postsFor(want *operator.RRset, values []string, held []record) ([]post, error) {
	inherited := inherit(want, held)
	posts := make([]post, len(values))
	for i, value := range values {
		posts[i] = post{Name: ownerName(want.Name), Type: want.Type, attributes: inherited, value: value}
		if err := posts[i].setValue(want.Type, value); err != nil {
			return nil, fmt.Errorf("%s: %w", want.Key, err)
		}
	}
	return posts, nil
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
