package cloudflare

import (
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
