package desec

import (
	"context"
	"net/http"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// HoldsAny reports whether the zone has its apex NS RRset, which deSEC creates with every domain
// (design/facts/desec-api.md section 6). It is asked when a list is empty that should not be.
func (c *Client) HoldsAny(ctx context.Context, zone string) (bool, error) {
	return c.Holds(ctx, rrset.Apex(zone, "NS"))
}

// Holds asks for the one RRset instead of a list (design/facts/desec-api.md section 4.1).
func (c *Client) Holds(ctx context.Context, key rrset.Key) (bool, error) {
	owner := subname(key)
	if owner == "" {
		owner = "@"
	}
	_, err := c.call(ctx, "read "+key.String(), http.MethodGet, c.rrsetsURL(key.Zone).JoinPath(owner, key.Type, "/"), nil)
	if refusal := operator.AsRefusal(err); refusal != nil && refusal.Kind == operator.ZoneNotFound {
		return false, nil // a 404, of the zone or the RRset
	}
	return err == nil, err
}
