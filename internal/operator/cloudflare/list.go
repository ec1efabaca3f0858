package cloudflare

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/cloudflare/cloudflare-go/v7/dns"
	"github.com/cloudflare/cloudflare-go/v7/option"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

const (
	// pageSize is large enough for a whole zone of every plan but Enterprise, and far below what is said to time out
	// (design/facts/cloudflare-api.md section 4.1).
	pageSize = 5000
	// maxPages is how many pages are read of a list that never ends.
	maxPages = 1000
)

// List reads the zone ordered by owner name, so that a list which is stopped early has at most one name that is cut:
// the last.
func (c *Client) List(ctx context.Context, zone string, proceed func(pagesRead int) bool) ([]operator.RRset, bool, error) {
	action := "list the RRsets of " + zone
	id, err := c.zoneCache.id(ctx, zone, action)
	if err != nil {
		return nil, false, err
	}
	var records []record
	promised := 0 // by the page before
	for page := 1; ; page++ {
		if page > 1 && proceed != nil && !proceed(page-1) {
			return assemble(zone, wholeNames(records)), false, nil
		}
		read, err := c.page(ctx, zone, id, action, option.WithQuery("page", strconv.Itoa(page)),
			option.WithQuery("order", "name"), option.WithQuery("direction", "asc"))
		if err != nil {
			return nil, false, err
		}
		records = unique(append(records, read.records...))
		if read.isLast(page) {
			// A page past the end tells of nothing, not even of what came before it.
			if len(read.records) == 0 {
				read.info.TotalCount = max(read.info.TotalCount, promised)
			}
			if err := read.complete(page, len(records)); err != nil {
				return nil, false, err
			}
			return assemble(zone, records), true, nil
		}
		if page == maxPages {
			return nil, false, read.call.outage("the list does not end", nil)
		}
		promised = read.info.TotalCount
	}
}

// ListName reads one owner name with the exact filter, which takes the name without its final dot
// (design/facts/cloudflare-api.md section 4.1).
func (c *Client) ListName(ctx context.Context, zone, owner string) ([]operator.RRset, error) {
	action := "read the RRsets at " + owner
	id, err := c.zoneCache.id(ctx, zone, action)
	if err != nil {
		return nil, err
	}
	read, err := c.page(ctx, zone, id, action, option.WithQuery("name.exact", relative(owner)))
	if err != nil {
		return nil, err
	}
	if err := read.complete(1, len(unique(read.records))); err != nil {
		return nil, err
	}
	var held []operator.RRset
	for _, set := range assemble(zone, unique(read.records)) {
		if set.Name == owner {
			held = append(held, set)
		}
	}
	return held, nil
}

// page is one page of a list.
type page struct {
	call    *call
	size    int // as asked for
	records []record
	info    pageInfo
}

func (c *Client) page(ctx context.Context, zone, id, action string, query ...option.RequestOption) (page, error) {
	read := page{call: &call{action: action}, size: c.pageSize}
	env, err := read.call.run(ctx, func(options ...option.RequestOption) error {
		params := dns.RecordListParams{}
		params.ZoneID.Value, params.ZoneID.Present = id, true
		query = append(query, option.WithQuery("per_page", strconv.Itoa(c.pageSize)))
		_, err := c.records.List(ctx, params, append(query, options...)...)
		return err
	})
	if err != nil {
		return page{}, c.zoneCache.explain(err, zone)
	}
	var ok bool
	if read.records, ok = decodeRecords(env.Result); !ok {
		return page{}, read.call.unexpected("a list of records")
	}
	if other, found := outside(zone, read.records); found {
		return page{}, c.zoneCache.mistaken(read.call, zone, id, other)
	}
	c.identity.see(zone, read.records)
	read.info = env.Info
	if len(read.records) < read.info.Count {
		return page{}, read.call.outage(fmt.Sprintf("a page holds fewer records than the %d it speaks of", read.info.Count), nil)
	}
	return read, nil
}

// isLast trusts neither the number of pages nor a page's length alone, but reads on only while both allow it
// (design/facts/cloudflare-api.md section 2). The service may hold its pages shorter than it was asked to.
func (p page) isLast(number int) bool {
	full := p.size
	if p.info.PerPage > 0 {
		full = min(full, p.info.PerPage)
	}
	return len(p.records) < full || p.info.TotalPages > 0 && number >= p.info.TotalPages
}

// complete is the outage of a list that says itself that there is more: RRsets missing from it must not look deleted.
func (p page) complete(number, read int) error {
	switch {
	case read < p.info.TotalCount:
		return p.call.outage(fmt.Sprintf("the list holds fewer records than the %d it speaks of", p.info.TotalCount), nil)
	case number < p.info.TotalPages:
		return p.call.outage(fmt.Sprintf("the list ends with page %d of the %d it speaks of", number, p.info.TotalPages), nil)
	}
	return nil
}

// wholeNames leaves out the last owner name, whose RRsets may go on in a page that was not read. If the records do not
// come grouped by name, any of them may, and none is returned.
func wholeNames(records []record) []record {
	ended := make(map[string]bool)
	last := 0
	for i, r := range records {
		if ended[r.Name] {
			return nil
		}
		if i > 0 && records[i-1].Name != r.Name {
			ended[records[i-1].Name] = true
			last = i
		}
	}
	return records[:last]
}

// ownerName is the form in which names are sent: no final dot. Without the zone in it a name would be completed with
// the zone once more (design/facts/cloudflare-api.md section 3.2), so it is always the whole name.
func ownerName(name string) string { return strings.TrimSuffix(name, ".") }
