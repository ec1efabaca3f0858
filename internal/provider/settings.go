package provider

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/multidns/terraform-provider-multidns/internal/operator/httpapi"
)

const (
	outageDegrade = "degrade"
	outageFail    = "fail"

	defaultTimeout = 10 * time.Second
	defaultMaxWait = 60 * time.Second
	// settleTimeout bounds the reading back of a write whose answer was lost.
	settleTimeout = 3 * time.Second
)

// settings are the provider's configuration with environment and defaults.
type settings struct {
	cloudflare account
	desec      account
	zoneIDs    map[string]string
	onOutage   string
	timeout    time.Duration
	maxWait    time.Duration
	userAgent  string
}

// account is how to reach one operator. An empty baseURL is the operator's own.
type account struct {
	token   string
	baseURL string
}

// accountSource says where the settings of an account come from.
type accountSource struct {
	attribute      string
	tokenVariables []string
	baseVariable   string
}

var (
	cloudflareSource = accountSource{
		attribute:      "cloudflare",
		tokenVariables: []string{"CLOUDFLARE_API_TOKEN", "CF_API_TOKEN"},
		baseVariable:   "CLOUDFLARE_BASE_URL",
	}
	desecSource = accountSource{
		attribute:      "desec",
		tokenVariables: []string{"DESEC_API_TOKEN", "DESEC_TOKEN"},
		baseVariable:   "DESEC_BASE_URL",
	}
)

// known says whether every value of the configuration is known. While one is
// not (a token made in the same run), the CLI may defer what needs it; there
// is nothing to configure yet.
func (m providerModel) known() bool {
	for _, v := range []interface{ IsUnknown() bool }{m.Cloudflare, m.Desec, m.MaxWait, m.OnOutage, m.RequestTimeout} {
		if v.IsUnknown() {
			return false
		}
	}
	for _, object := range []types.Object{m.Cloudflare, m.Desec} {
		for _, v := range object.Attributes() {
			if v.IsUnknown() {
				return false
			}
		}
	}
	return true
}

func readSettings(ctx context.Context, m providerModel, version string, diags *diag.Diagnostics) settings {
	s := settings{
		cloudflare: cloudflareSource.read(m.Cloudflare, diags),
		desec:      desecSource.read(m.Desec, diags),
		onOutage:   outageDegrade,
		timeout:    duration(m.RequestTimeout, defaultTimeout),
		maxWait:    duration(m.MaxWait, defaultMaxWait),
		userAgent:  "terraform-provider-multidns/" + version,
	}
	if v := m.OnOutage.ValueString(); v != "" {
		s.onOutage = v
	}
	if ids, ok := m.Cloudflare.Attributes()["zone_ids"].(basetypes.MapValue); ok && !ids.IsNull() {
		diags.Append(ids.ElementsAs(ctx, &s.zoneIDs, false)...)
	}
	return s
}

// read takes each setting from the configuration, else from the environment.
func (a accountSource) read(object types.Object, diags *diag.Diagnostics) account {
	at := path.Root(a.attribute)
	result := account{
		token:   strings.TrimSpace(firstOf(stringIn(object, "api_token"), environment(a.tokenVariables...))),
		baseURL: firstOf(stringIn(object, "base_url"), environment(a.baseVariable)),
	}
	if result.token == "" {
		diags.AddAttributeError(at.AtName("api_token"), "Missing API token", fmt.Sprintf(
			"multidns writes to Cloudflare and deSEC and needs a token for both: writing to one operator while you believe in two is the failure that it exists to prevent. "+
				"Set %s.api_token in the provider block, or the environment variable %s.", a.attribute, a.tokenVariables[0]))
	}
	if strings.ContainsAny(result.token, " \t\r\n") {
		diags.AddAttributeError(at.AtName("api_token"), "Invalid API token",
			"The token for "+title(a.attribute)+" contains white space; a token never does. Copy it again.")
	}
	if result.baseURL == "" {
		return result
	}
	if _, err := httpapi.ParseBaseURL(result.baseURL); err != nil {
		diags.AddAttributeError(at.AtName("base_url"), "Invalid base URL", fmt.Sprintf(
			"%s. It comes from %s.base_url or the environment variable %s.", err, a.attribute, a.baseVariable))
	}
	return result
}

func stringIn(object types.Object, name string) string {
	v, _ := object.Attributes()[name].(basetypes.StringValue)
	return v.ValueString()
}

func environment(names ...string) string {
	for _, name := range names {
		if v := os.Getenv(name); v != "" {
			return v
		}
	}
	return ""
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
