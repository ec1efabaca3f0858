package desec

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

var _ operator.Publisher = (*Client)(nil)

// maximumTTL is the same for every domain (design/facts/desec-api.md section 3).
const maximumTTL = 86400

// domain is what GET /domains/{name}/ answers, as far as it is used.
type domain struct {
	Name       *string `json:"name"`
	MinimumTTL *uint32 `json:"minimum_ttl"`
	Published  *string `json:"published"`
	Touched    *string `json:"touched"`
	Keys       []*key  `json:"keys"`
}

// key is one DNSKEY of the domain. Those with Managed false are the user's own extra DNSKEY RRset, even if one of them
// repeats deSEC's key (design/facts/desec-api.md section 6).
type key struct {
	DNSKEY  string   `json:"dnskey"`
	DS      []string `json:"ds"`
	Managed bool     `json:"managed"`
}

// Zone reads the domain. NameServers stays empty: the API names them nowhere but in the apex NS RRset, and that is user
// data (design/facts/desec-api.md section 6).
func (c *Client) Zone(ctx context.Context, zone string) (operator.Zone, error) {
	action := "read the zone " + zone
	answer, err := c.call(ctx, action, http.MethodGet, c.domainURL(zone), nil)
	if err != nil {
		return operator.Zone{}, err
	}
	var d domain
	if json.Unmarshal(answer.Body, &d) != nil || d.Name == nil || *d.Name != domainName(zone) || d.MinimumTTL == nil {
		return operator.Zone{}, unexpected(action, answer.Status, "the domain", false)
	}
	z := operator.Zone{
		Name: zone, ID: *d.Name, Status: "unpublished", Inactive: true,
		MinimumTTL: *d.MinimumTTL, MaximumTTL: maximumTTL,
		Unpublished: d.isUnpublished(),
	}
	if d.Published != nil {
		z.Status, z.Inactive = "published", false
	}
	for _, k := range d.Keys {
		if k != nil && k.Managed {
			z.DNSKEYs = append(z.DNSKEYs, k.DNSKEY)
			z.DSs = append(z.DSs, k.DS...)
		}
	}
	return z, nil
}

// Unpublished reports whether the zone was changed after it was last handed over.
func (c *Client) Unpublished(ctx context.Context, zone string) (bool, error) {
	z, err := c.Zone(ctx, zone)
	return z.Unpublished, err
}

// isUnpublished compares the last hand-over to the public servers with the last write (design/facts/desec-api.md
// sections 2 and 8). Times that cannot be read say nothing.
func (d *domain) isUnpublished() bool {
	if d.Published == nil {
		return d.Touched != nil
	}
	published, err := time.Parse(time.RFC3339, *d.Published)
	if err != nil || d.Touched == nil {
		return false
	}
	touched, err := time.Parse(time.RFC3339, *d.Touched)
	return err == nil && touched.After(published)
}
