package desec

import (
	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/httpapi"
)

// Descriptor describes deSEC.
var Descriptor = operator.Descriptor{
	Name:  name,
	Title: "deSEC",
	Account: []operator.Setting{
		{
			Name: "api_token", Kind: operator.Secret, Title: "API token", Required: true,
			Variables: []string{"DESEC_API_TOKEN", "DESEC_TOKEN"},
			Doc:       "Secret of a token that may write the zone. Default: the environment variable `DESEC_API_TOKEN`, else `DESEC_TOKEN`.",
		},
		{
			Name: "base_url", Title: "base URL", Check: httpapi.CheckBaseURL,
			Variables: []string{"DESEC_BASE_URL"},
			Doc:       "Where the API is: `https`, or `http` to a loopback address. Default: the environment variable `DESEC_BASE_URL`, else `https://desec.io/api/v1`.",
		},
	},
	Often: "a TTL not below the minimum of the domain there",
	Shows: map[string]string{
		"name_servers": "deSEC does not tell: these are the hosts of its apex NS RRset that are not another operator's.",
		"status":       "deSEC: `published` or `unpublished`.",
	},
	Rules: rules,
	// As the schemas of timofurrer/desec and Valodim/desec have them: different values, and the same key.
	MovedFrom: map[string]operator.Naming{"desec_rrset": {Zone: "domain", Names: []string{"subname"}}},
	Open: func(a operator.Account) (operator.Operator, error) {
		token, _ := a.Settings.Text("api_token")
		base, _ := a.Settings.Text("base_url")
		return New(Config{Token: token, BaseURL: base, Timeout: a.Timeout, MaxWait: a.MaxWait, UserAgent: a.UserAgent})
	},
}
