package cloudflare

import (
	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/httpapi"
)

// Descriptor describes Cloudflare.
var Descriptor = operator.Descriptor{
	Name:  name,
	Title: "Cloudflare",
	Account: []operator.Setting{
		{
			Name: "api_token", Kind: operator.Secret, Title: "API token", Required: true,
			Variables: []string{"CLOUDFLARE_API_TOKEN", "CF_API_TOKEN"},
			Doc:       "API token with the rights *Zone → DNS → Edit* and, unless `zone_ids` names every zone, *Zone → Zone → Read*. Default: the environment variable `CLOUDFLARE_API_TOKEN`, else `CF_API_TOKEN`.",
		},
		{
			Name: "base_url", Title: "base URL", Check: httpapi.CheckBaseURL,
			Variables: []string{"CLOUDFLARE_BASE_URL"},
			Doc:       "Where the API is: `https`, or `http` to a loopback address. Default: the environment variable `CLOUDFLARE_BASE_URL`, else `https://api.cloudflare.com/client/v4`.",
		},
		{
			Name: "zone_ids", Kind: operator.Map, Title: "zone ids",
			Doc: "Zone name to zone id. Spares the look-up of the id, one request in each run, and the right to list zones. Default: none.",
		},
	},
	Keeps: []operator.Setting{
		{
			Name: commentSetting, Kind: operator.Text,
			Doc: "Comment on the records, one line of up to 100 characters (500 on paid plans). Not declared: left as it is.",
		},
		{
			Name: proxiedSetting, Kind: operator.Flag, Answers: "addresses of its proxy",
			Hides: []string{"HTTPS"}, // design/facts/cloudflare-api.md section 4.6
			Doc:   "Answer with Cloudflare's proxy instead of the values. The answers of the two operators then differ. Default: false.",
		},
		{
			Name: tagsSetting, Kind: operator.List,
			Doc: "Tags of the records, `name:value`; paid plans only. Not declared: left as they are.",
		},
	},
	Shows: map[string]string{
		"ttl":     "Cloudflare shows 1 where it decides itself, as for a proxied record.",
		"apex_ns": "Cloudflare serves its own name servers beside these, without listing them.",
		"status":  "Cloudflare: `active`, `pending` and others.",
	},
	Complete:  complete,
	ServedTTL: servedTTL,
	Rules:     rules,
	// As the schemas of cloudflare/cloudflare 4 (cloudflare_record) and 5 (cloudflare_dns_record) have them.
	MovedFrom: map[string]operator.Naming{
		"cloudflare_record":     {ZoneID: "zone_id", Names: []string{"hostname", "name"}},
		"cloudflare_dns_record": {ZoneID: "zone_id", Names: []string{"name"}},
	},
	Open: func(a operator.Account) (operator.Operator, error) {
		token, _ := a.Settings.Text("api_token")
		base, _ := a.Settings.Text("base_url")
		ids, _ := a.Settings["zone_ids"].(map[string]string)
		return New(Config{
			Token: token, BaseURL: base, ZoneIDs: ids, Timeout: a.Timeout, MaxWait: a.MaxWait, UserAgent: a.UserAgent,
		})
	},
}

// complete switches the proxy off where it is not mentioned: a proxied record is answered with other values and another
// TTL than the other operator's.
func complete(d operator.Declaration) (operator.Settings, []operator.Violation) {
	on, declared := d.Settings.Bool(proxiedSetting)
	if !declared && isProxiable(d.Type) {
		return d.Settings.With(proxiedSetting, false), nil
	}
	if on && d.OwnTTL {
		return d.Settings, []operator.Violation{{
			Attribute: "ttl",
			Message:   "A proxied record has no TTL of its own: Cloudflare answers with its automatic TTL of 300 seconds. Remove cloudflare.ttl, or proxied = true.",
		}}
	}
	return d.Settings, nil
}

// servedTTL is 300 where the API says 1, automatic (design/facts/cloudflare-api.md section 3.2).
func servedTTL(ttl uint32) uint32 {
	if ttl == automaticTTL {
		return 300
	}
	return ttl
}
