package cloudflare

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/dns"
	"github.com/cloudflare/cloudflare-go/v7/option"
	"github.com/cloudflare/cloudflare-go/v7/zones"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/httpapi"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

const (
	name           = "cloudflare"
	defaultBaseURL = "https://api.cloudflare.com/client/v4"
)

// Config says how to reach Cloudflare.
type Config struct {
	// Token is an API token. White space around it is ignored; its shape is not checked beyond what a header can carry,
	// because it changed more than once (design/facts/cloudflare-api.md section 1).
	Token string
	// BaseURL is https, or http to a loopback address. Empty: Cloudflare's own.
	BaseURL string
	// ZoneIDs spares the zone look-up: zone name in any spelling to zone id.
	ZoneIDs map[string]string
	// Timeout bounds one HTTP exchange. 0: 10 s.
	Timeout time.Duration
	// MaxWait bounds what one call may spend waiting. 0: 60 s; negative: none.
	MaxWait time.Duration
	// UserAgent names the caller to Cloudflare.
	UserAgent string
}

// Client is Cloudflare as an [operator.Operator].
type Client struct {
	records *dns.RecordService
	dnssec  *dns.DNSSECService
	zones   *zones.ZoneService

	zoneCache *zoneCache
	identity  *identity
	batches   *batchLimits
	pageSize  int
}

var (
	_ operator.Operator         = (*Client)(nil)
	_ operator.EmptyZoneChecker = (*Client)(nil)
	_ operator.KeyReader        = (*Client)(nil)
)

// zoneID is what may stand in a path. Cloudflare's ids are 32 hex digits (design/facts/cloudflare-api.md section 2);
// the check only has to keep a typing error from becoming another path.
var zoneID = regexp.MustCompile(`^[0-9A-Za-z_-]{1,64}$`)

// New returns a Client. It makes no request. The error names what is wrong with the configuration and never holds the
// token.
func New(c Config) (*Client, error) { return newClient(c, nil) }

// newClient has its exchanges carried by carrier, if that is not nil.
func newClient(c Config, carrier http.RoundTripper) (*Client, error) {
	base, err := httpapi.ParseBaseURL(cmp.Or(c.BaseURL, defaultBaseURL))
	token := strings.TrimSpace(c.Token)
	if err := cmp.Or(err, httpapi.CheckToken(token)); err != nil {
		return nil, fmt.Errorf("cloudflare: %w", err)
	}
	ids, err := canonicalIDs(c.ZoneIDs)
	if err != nil {
		return nil, err
	}
	// 1200 requests in 5 minutes for all that a user's tokens do, and a lock-out of 5 minutes above it
	// (design/facts/cloudflare-api.md section 6). What others have spent of them only a 429 tells.
	windows := []*httpapi.Window{httpapi.NewWindow("1200 requests in 5 minutes", 1200, 5*time.Minute)}
	transport := httpapi.New(httpapi.Config{
		Operator: name, BaseURL: base,
		Timeout: cmp.Or(c.Timeout, httpapi.DefaultTimeout), MaxWait: max(0, cmp.Or(c.MaxWait, httpapi.DefaultMaxWait)),
		Pace:     func(*http.Request) []*httpapi.Window { return windows },
		Classify: classify, Base: carrier,
		Trace: "Cf-Ray", // design/facts/cloudflare-api.md section 1
	})
	options := requestOptions(base.String(), token, c.UserAgent, transport)
	client := &Client{
		records:  dns.NewRecordService(options...),
		dnssec:   dns.NewDNSSECService(options...),
		zones:    zones.NewZoneService(options...),
		identity: newIdentity(), batches: newBatchLimits(), pageSize: pageSize,
	}
	client.zoneCache = newZoneCache(ids, client.readZone)
	return client, nil
}

func requestOptions(baseURL, token, userAgent string, transport http.RoundTripper) []option.RequestOption {
	options := []option.RequestOption{
		option.WithBaseURL(baseURL),
		option.WithAPIToken(token),
		option.WithHTTPClient(&http.Client{Transport: transport}),
		// The SDK would repeat writes too; the transport knows which may be.
		option.WithMaxRetries(0),
	}
	// The SDK tells the machine's system, architecture and Go version.
	for _, header := range []string{"Lang", "Package-Version", "Os", "Arch", "Runtime", "Runtime-Version", "Retry-Count"} {
		options = append(options, option.WithHeaderDel("X-Stainless-"+header))
	}
	if userAgent != "" {
		options = append(options, option.WithHeader("User-Agent", userAgent))
	}
	return options
}

func canonicalIDs(given map[string]string) (map[string]string, error) {
	ids := make(map[string]string, len(given))
	for _, spelled := range slices.Sorted(maps.Keys(given)) {
		zone, err := rrset.CanonicalZone(spelled)
		if err != nil {
			return nil, fmt.Errorf("cloudflare: zone_ids: %w", err)
		}
		id := strings.TrimSpace(given[spelled])
		if !zoneID.MatchString(id) {
			return nil, fmt.Errorf("cloudflare: zone_ids: %q for %s is no zone id; "+
				"it is the 32 hexadecimal digits on the zone's overview page", id, zone)
		}
		if other, taken := ids[zone]; taken && other != id {
			return nil, fmt.Errorf("cloudflare: zone_ids: %s is named twice with different ids", zone)
		}
		ids[zone] = id
	}
	return ids, nil
}

// Name is "cloudflare".
func (c *Client) Name() string { return name }

// Effective is want with the TTL that a proxied record always has: 1, which Cloudflare calls automatic
// (design/facts/cloudflare-api.md section 3.2), and with its tags as they are compared.
func (c *Client) Effective(want operator.RRset) operator.RRset {
	if isProxied(want) {
		want.TTL = automaticTTL
	}
	if tags, declared := want.Settings.List(tagsSetting); declared {
		want.Settings = want.Settings.With(tagsSetting, foldedTags(tags))
	}
	return want
}
