package desec

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/desec/rdata"
)

// entry is one item of a list, with the time by which the list is ordered.
type entry struct {
	created time.Time
	show    func() object
}

// cursor is a place in a list that is ordered from the newest to the oldest. It does not count items, so that pages
// move when items come or go between two requests.
type cursor struct {
	// position: the page begins after the item created then, or ends before it if backward. The zero value is the first
	// page.
	position time.Time
	backward bool
}

const cursorTime = "2006-01-02 15:04:05.000000-07:00"

func (c cursor) String() string {
	text := "p=" + url.QueryEscape(c.position.Format(cursorTime))
	if c.backward {
		text = "r=1&" + text
	}
	return base64.StdEncoding.EncodeToString([]byte(text))
}

// parseCursor reads a cursor as leniently as the service: characters which are not base64 do not count
// (design/facts/desec-exchanges.jsonl e-0022 to e-0025).
func parseCursor(text string) (cursor, *answer) {
	raw, err := rdata.DecodeBase64(text)
	if err != nil {
		return cursor{}, new(detail(404, "Invalid cursor"))
	}
	values, err := url.ParseQuery(string(raw))
	if err != nil {
		return cursor{}, new(detail(404, "Invalid cursor"))
	}
	c := cursor{backward: values.Get("r") == "1"}
	if !values.Has("p") {
		return c, nil
	}
	if c.position, err = time.Parse(cursorTime, values.Get("p")); err != nil {
		return cursor{}, new(failed())
	}
	return c, nil
}

// paginate answers with a list, or a page of it (design/facts/desec-api.md section 4.6).
func paginate(c *call, entries []entry, size int) answer {
	text, given := c.param("cursor")
	at := cursor{}
	if given {
		var problem *answer
		if at, problem = parseCursor(text); problem != nil {
			return *problem
		}
	}
	first, last := window(entries, at, size)
	shown := []object{}
	for _, e := range entries[first:last] {
		shown = append(shown, e.show())
	}
	// Whether there is a page behind is known only for the way that the cursor goes; where it came from there was
	// something.
	hasPrevious, hasNext := !at.position.IsZero(), last < len(entries)
	if at.backward {
		hasPrevious, hasNext = first > 0, !at.position.IsZero()
	}
	if !hasPrevious && !hasNext {
		return ok(200, shown)
	}
	links := []string{link(c, "", "first")}
	if !given {
		return ok(400, object{{"detail", fmt.Sprintf("Pagination required. You can query up to %d items at a time (%d total). "+
			"Please use the `first` page link (see Link header).", size, len(entries))}}).with("Link", links[0])
	}
	if hasPrevious && last > first {
		links = append(links, link(c, cursor{entries[first].created, true}.String(), "prev"))
	}
	if hasNext && last > first {
		links = append(links, link(c, cursor{entries[last-1].created, false}.String(), "next"))
	}
	return ok(200, shown).with("Link", strings.Join(links, ", "))
}

// window gives the part of the list that the page shows.
func window(entries []entry, at cursor, size int) (first, last int) {
	if at.backward && !at.position.IsZero() {
		last = slices.IndexFunc(entries, func(e entry) bool { return !e.created.After(at.position) })
		if last < 0 {
			last = len(entries)
		}
		return max(0, last-size), last
	}
	if !at.position.IsZero() {
		first = slices.IndexFunc(entries, func(e entry) bool { return e.created.Before(at.position) })
		if first < 0 {
			first = len(entries)
		}
	}
	return first, min(len(entries), first+size)
}

// link is a page as the Link header has it (RFC 8288): an absolute URL with all query parameters of the request,
// sorted.
func link(c *call, cursor, rel string) string {
	query := c.URL.Query()
	query.Set("cursor", cursor)
	return fmt.Sprintf("<%s%s?%s>; rel=\"%s\"", base(c), c.URL.EscapedPath(), query.Encode(), rel)
}
