package cloudflare

import "github.com/multidns/terraform-provider-multidns/internal/operator"

// The settings that Cloudflare keeps with an RRset, in the words of users.
const (
	proxiedSetting = "proxied"
	commentSetting = "comment"
	tagsSetting    = "tags"
)

// settings are those of an [operator.RRset] in the form in which the API takes
// them: nil is not said.
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
		s.Tags = &v
	}
	return s
}

func isProxied(r operator.RRset) bool {
	on, _ := r.Settings.Bool(proxiedSetting)
	return on
}
