package cloudflare

import (
	"context"
	"fmt"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

var _ operator.ZoneNamer = (*Client)(nil)

// ZoneName is the name of the zone with this id, without a request where zone_ids has it.
func (c *Client) ZoneName(ctx context.Context, id string) (string, error) {
	for zone, configured := range c.zoneCache.configured {
		if configured == id {
			return zone, nil
		}
	}
	read := &call{action: fmt.Sprintf("look up the zone with the id %q", id)}
	if !zoneID.MatchString(id) {
		return "", read.refusal(operator.ZoneNotFound, "%q is no id of a zone", id)
	}
	row, err := c.zoneOf(ctx, read, id)
	if err != nil {
		return "", err
	}
	zone, err := rrset.CanonicalZone(row.Name)
	if err != nil {
		return "", read.unexpected("a zone with a name")
	}
	return zone, nil
}
