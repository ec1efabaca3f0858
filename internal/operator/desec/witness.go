package desec

import (
	"context"
	"net/http"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

// HoldsAny reports whether the zone has its apex NS RRset, which deSEC creates with every domain
// (design/facts/desec-api.md section 6). It is asked when a list is empty that should not be, and asks for the one
// RRset instead of a list.
func (c *Client) HoldsAny(ctx context.Context, zone string) (bool, error) {
	_, err := c.call(ctx, "read the NS RRset of "+zone, http.MethodGet, c.rrsetsURL(zone).JoinPath("@", "NS", "/"), nil)
	if operator.AsRefusal(err) != nil {
		return false, nil //nolint:nilerr // a 404 is the answer no
	}
	return err == nil, err
}
