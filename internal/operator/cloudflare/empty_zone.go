package cloudflare

import (
	"context"
	"strings"

	"github.com/cloudflare/cloudflare-go/v7/dns"
	"github.com/cloudflare/cloudflare-go/v7/option"
)

// HoldsAny reports whether the zone file shows a record that a list would show. It is asked when a list is empty that
// should not be: the export is another endpoint (design/facts/cloudflare-api.md section 4.4).
func (c *Client) HoldsAny(ctx context.Context, zone string) (bool, error) {
	read := &call{action: "export the zone " + zone}
	id, err := c.zoneCache.id(ctx, zone, read.action)
	if err != nil {
		return false, err
	}
	err = read.exchange(ctx, func(options ...option.RequestOption) error {
		params := dns.RecordExportParams{}
		params.ZoneID.Value, params.ZoneID.Present = id, true
		_, err := c.records.Export(ctx, params, options...)
		return err
	})
	if err != nil {
		return false, err
	}
	for line := range strings.Lines(string(read.body)) {
		// owner, TTL, class, type, RDATA; the file also holds the SOA and the apex NS records that Cloudflare makes
		// itself.
		fields := strings.Fields(line)
		if len(fields) < 5 || fields[2] != "IN" || fields[3] == "SOA" || fields[3] == "NS" && absolute(fields[0]) == zone {
			continue
		}
		return true, nil
	}
	return false, nil
}
