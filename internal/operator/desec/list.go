package desec

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

const rrsetList = "an RRset list"

// List reads the zone page by page, 500 RRsets a page. Pages are no snapshot: an RRset that is deleted and created anew
// while they are read moves to the first page, so one that shows up twice is taken as it was read last
// (design/facts/desec-api.md section 4.6).
//
// What a list leaves out must not look deleted, or free to be written. A page of a longer list is never
// empty; and since the oldest RRset comes last, a list that ends too early, or is empty, lacks the apex NS RRset.
func (c *Client) List(
	ctx context.Context, zone string, proceed func(pagesRead int) bool,
) (held []operator.RRset, complete bool, err error) {
	action := "list the RRsets of " + zone
	at := make(map[rrset.Key]int)
	seen := map[string]bool{"": true}
	cursor := ""
	for pages := 1; ; pages++ {
		answer, err := c.call(ctx, action, http.MethodGet, c.page(zone, url.Values{"cursor": {cursor}}), nil)
		if err != nil {
			return nil, false, err
		}
		page, ok := decodeItems(zone, answer.Body)
		next, more := nextCursor(answer.Header)
		switch {
		case !ok:
			return nil, false, unexpected(action, answer.Status, rrsetList, false)
		case len(page) == 0 && (more || pages > 1) && isEmptyList(answer.Body):
			return nil, false, unexpected(action, answer.Status, "a page of RRsets", false)
		}
		for _, r := range page {
			if i, again := at[r.Key]; again {
				held[i] = r
				continue
			}
			at[r.Key] = len(held)
			held = append(held, r)
		}
		switch {
		case !more:
			if err := c.plausible(ctx, zone, action, held); err != nil {
				return nil, false, err
			}
			return held, true, nil
		case seen[next]:
			// Going on would never end; what was read is not known to be all.
			return nil, false, unexpected(action, answer.Status, "a link to the next page", false)
		case proceed != nil && !proceed(pages):
			return held, false, nil
		}
		seen[next] = true
		cursor = next
	}
}

// plausible is the outage of a whole list without the apex NS RRset, if the zone has it. Somebody may have deleted it
// (design/facts/desec-api.md section 6), so that it is asked for.
func (c *Client) plausible(ctx context.Context, zone, action string, held []operator.RRset) error {
	apex := rrset.Apex(zone, "NS")
	if slices.ContainsFunc(held, func(r operator.RRset) bool { return r.Key == apex }) {
		return nil
	}
	hidden, err := c.Holds(ctx, apex)
	if hidden {
		return &operator.OutageError{
			Operator: name, Action: action, Answered: true,
			Reason: "its list lacks the NS RRset of the apex, which the zone holds, and may lack others",
		}
	}
	return err
}

// ListName reads one owner name by the subname filter, which takes the empty value as the apex
// (design/facts/desec-api.md section 4.5).
func (c *Client) ListName(ctx context.Context, zone, owner string) ([]operator.RRset, error) {
	action := "read the RRsets of " + owner
	filter := url.Values{"cursor": {""}, "subname": {subname(rrset.Key{Zone: zone, Name: owner})}}
	answer, err := c.call(ctx, action, http.MethodGet, c.page(zone, filter), nil)
	if err != nil {
		return nil, err
	}
	held, ok := decodeItems(zone, answer.Body)
	if _, more := nextCursor(answer.Header); !ok || more {
		return nil, unexpected(action, answer.Status, rrsetList, false)
	}
	if slices.ContainsFunc(held, func(r operator.RRset) bool { return r.Name != owner }) {
		return nil, unexpected(action, answer.Status, "the RRsets of that name", false)
	}
	return held, nil
}

func (c *Client) page(zone string, query url.Values) *url.URL {
	at := c.rrsetsURL(zone)
	at.RawQuery = query.Encode()
	return at
}

// nextLink finds the link with rel="next" in a Link header (RFC 8288 section 3), however many links share one header
// line.
var nextLink = regexp.MustCompile(`<([^<>]*)>\s*;\s*rel="?next"?`)

// nextCursor takes the cursor, and nothing else, out of the link to the next page: the link itself may name another
// scheme or host than the base URL. A link without a cursor gives the empty one, which List has always seen.
func nextCursor(h http.Header) (cursor string, more bool) {
	for _, line := range h.Values("Link") {
		match := nextLink.FindStringSubmatch(line)
		if match == nil {
			continue
		}
		link, err := url.Parse(match[1])
		if err != nil {
			return "", true
		}
		return link.Query().Get("cursor"), true
	}
	return "", false
}
