package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/cloudflare"
	"github.com/multidns/terraform-provider-multidns/internal/operator/desec"
)

// The operators, in the order in which messages name them. This is the one
// place where operators are named; a further one is a line in each function.
const (
	nameCloudflare = "cloudflare"
	nameDesec      = "desec"
)

var operatorNames = []string{nameCloudflare, nameDesec}

// tokenNames say which setting holds the token of an operator.
var tokenNames = map[string]string{
	nameCloudflare: "cloudflare.api_token (environment variable CLOUDFLARE_API_TOKEN)",
	nameDesec:      "desec.api_token (environment variable DESEC_API_TOKEN)",
}

// newOperators makes the clients. It makes no request.
func newOperators(s settings, diags *diag.Diagnostics) []operator.Operator {
	cf, err := cloudflare.New(cloudflare.Config{
		Token: s.cloudflare.token, BaseURL: s.cloudflare.baseURL, ZoneIDs: s.zoneIDs,
		Timeout: s.timeout, MaxWait: s.maxWait, UserAgent: s.userAgent,
	})
	if err != nil {
		diags.AddAttributeError(path.Root(nameCloudflare), "Invalid Cloudflare settings", err.Error())
	}
	ds, err := desec.New(desec.Config{
		Token: s.desec.token, BaseURL: s.desec.baseURL,
		Timeout: s.timeout, MaxWait: s.maxWait, UserAgent: s.userAgent,
	})
	if err != nil {
		diags.AddAttributeError(path.Root(nameDesec), "Invalid deSEC settings", err.Error())
	}
	return []operator.Operator{cf, ds}
}
