package cloudflare

import (
	"context"
	"strconv"

	"github.com/cloudflare/cloudflare-go/v7/option"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

const (
	// zonePage is how many zones one page shows at most (design/facts/cloudflare-api.md section 2).
	zonePage = 50
	// maxZonePages is how many pages are read to prove that a zone is not among them.
	maxZonePages = 20
)

// unlisted reports whether the list of all zones proves that a zone is gone which the look-up by its name does not
// show: it shows others, and is whole. An empty list proves nothing: a token that has lost its zones, and an API that
// is ill, look the same (design/reads.md). A list that shows the zone proves the look-up wrong.
func (c *Client) unlisted(ctx context.Context, zone string) (gone bool, err error) {
	read := &call{action: "list the zones"}
	seen := 0
	for page := 1; page <= maxZonePages; page++ {
		rows, info, err := c.zoneRows(ctx, read, option.WithQuery("per_page", strconv.Itoa(zonePage)), option.WithQuery("page", strconv.Itoa(page)))
		if operator.AsRefusal(err) != nil {
			return false, nil //nolint:nilerr // a token that may not list all zones proves nothing either way
		}
		if err != nil {
			return false, err
		}
		if len(named(rows, zone)) > 0 {
			return false, read.outage("its look-up by name does not show the zone "+ownerName(zone)+", and its list of zones does", nil)
		}
		seen += len(rows)
		if len(rows) < zonePage || info.TotalPages > 0 && page >= info.TotalPages {
			return seen > 0 && seen >= info.TotalCount, nil
		}
	}
	return false, nil
}
