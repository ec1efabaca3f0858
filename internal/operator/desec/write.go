package desec

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/httpapi"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

const (
	// itemTime is how long deSEC may need for an item: it was seen to need 20 ms when idle and more than 50 ms when
	// busy, and time that is given costs nothing where it is not needed (design/write-time.md).
	itemTime = 100 * time.Millisecond
	// maxItems and maxBytes bound one request: deSEC works on an item for a while, and its front takes 1 MiB
	// (design/facts/desec-api.md section 5).
	maxItems = 500
	maxBytes = 900_000
)

// Write sends all changes as one bulk PATCH.
func (c *Client) Write(ctx context.Context, zone string, changes []operator.Change) ([]*operator.RRset, error) {
	if len(changes) == 0 {
		return nil, nil
	}
	items, owner, err := itemsOf(zone, changes)
	if err != nil {
		return nil, fmt.Errorf("desec: write to %s: %w", zone, err)
	}
	action := actionOf(zone, changes)
	if i := apexNSDeletion(changes); i >= 0 {
		return nil, &operator.RefusalError{
			Operator: name, Action: action, Kind: operator.Invalid,
			Message:  "the zone would be left without name servers; nothing was sent",
			Culprits: map[int]string{i: "the NS RRset of the apex is never deleted"},
		}
	}
	// No query: filters hide RRsets from a write and give false "exists" errors (design/facts/desec-api.md section
	// 4.3).
	ctx = httpapi.WithWork(ctx, time.Duration(len(items))*itemTime)
	answer, err := c.call(ctx, action, http.MethodPatch, c.rrsetsURL(zone), items)
	if err != nil {
		return nil, blame(err, changes, owner)
	}
	held, ok := decodeItems(zone, answer.Body)
	if !ok {
		return nil, unexpected(action, answer.Status, rrsetList, true)
	}
	return results(action, answer.Status, changes, held)
}

// results gives each change what the answer says of it. The answer's order is arbitrary and deleted RRsets are not in
// it (design/facts/desec-api.md section 4.3).
func results(action string, status int, changes []operator.Change, held []operator.RRset) ([]*operator.RRset, error) {
	at := make(map[rrset.Key]int, len(held))
	for i, r := range held {
		at[r.Key] = i
	}
	result := make([]*operator.RRset, len(changes))
	for i, change := range changes {
		if change.After == nil {
			continue
		}
		j, found := at[change.After.Key]
		if !found {
			return nil, unexpected(action, status, "the RRset "+change.After.Key.String()+" that was sent", true)
		}
		result[i] = &held[j]
	}
	return result, nil
}

// itemsOf spells out the changes, and for each item to which change it belongs. A change of type is a deletion and a
// creation in one request; deletions run first (design/facts/desec-api.md section 4.3). Where one change moves away
// from a type that another moves to, the RRset is replaced, not deleted.
func itemsOf(zone string, changes []operator.Change) (items []request, owner []int, err error) {
	kept := make(map[rrset.Key]bool, len(changes))
	for _, change := range changes {
		if change.After != nil {
			kept[change.After.Key] = true
		}
	}
	for i, change := range changes {
		if err := sound(zone, change); err != nil {
			return nil, nil, err
		}
		if b := change.Before; b != nil && !kept[b.Key] && (change.After == nil || change.After.Type != b.Type) {
			items, owner = append(items, deletion(b.Key)), append(owner, i)
		}
		if change.After != nil {
			items, owner = append(items, replacement(change.After.RRset)), append(owner, i)
		}
	}
	return items, owner, nil
}

// request is one item of a bulk PATCH. Subname and Records are never left out: an item without them is answered by an
// HTML 500, or changes less than was meant (design/facts/desec-api.md section 4.3).
type request struct {
	Subname string   `json:"subname"`
	Type    string   `json:"type"`
	TTL     *uint32  `json:"ttl,omitempty"`
	Records []string `json:"records"`
}

// deletion asks for the RRset to be gone; if it is, nothing happens.
func deletion(k rrset.Key) request {
	return request{Subname: subname(k), Type: k.Type, Records: []string{}}
}

// replacement asks for the whole RRset to be as given, created if need be.
func replacement(r rrset.RRset) request {
	return request{Subname: subname(r.Key), Type: r.Type, TTL: &r.TTL, Records: slices.Clone(r.Values)}
}

// subname is the owner name in the API's spelling: relative, empty at the apex (design/facts/desec-api.md section 3).
func subname(k rrset.Key) string {
	if k.IsApex() {
		return ""
	}
	return k.Relative()
}

// sound refuses what would be a mistake of this provider's own. An After without values would be read as a deletion.
func sound(zone string, change operator.Change) error {
	for _, r := range []*operator.RRset{change.Before, change.After} {
		if r != nil && r.Zone != zone {
			return fmt.Errorf("%s is not in the zone %s", r.Key, zone)
		}
	}
	switch {
	case change.Before == nil && change.After == nil:
		return errors.New("a change needs an RRset before or after it")
	case change.After != nil && len(change.After.Values) == 0:
		return fmt.Errorf("%s has no values", change.After.Key)
	case change.Before != nil && change.After != nil && change.Before.Name != change.After.Name:
		return fmt.Errorf("%s cannot become %s: a change keeps the owner name", change.Before.Key, change.After.Key)
	}
	return nil
}

// apexNSDeletion is the position of a change that would take away the apex NS RRset, which deSEC allows
// (design/facts/desec-api.md section 6), or -1.
func apexNSDeletion(changes []operator.Change) int {
	for i, change := range changes {
		if b := change.Before; b != nil && b.Type == "NS" && b.IsApex() && (change.After == nil || change.After.Type != "NS") {
			return i
		}
	}
	return -1
}

// Split cuts by the number of RRsets and by the size of the body.
func (c *Client) Split(changes []operator.Change) [][]operator.Change {
	var runs [][]operator.Change
	start, items, bytes := 0, 0, 0
	for i, change := range changes {
		n, size := weight(change)
		if i > start && (items+n > maxItems || bytes+size > maxBytes) {
			runs = append(runs, changes[start:i:i])
			start, items, bytes = i, 0, 0
		}
		items, bytes = items+n, bytes+size
	}
	if start < len(changes) {
		runs = append(runs, changes[start:])
	}
	return runs
}

// weight is how many items a change takes at most and how many bytes they are in the body.
func weight(change operator.Change) (items, bytes int) {
	add := func(r request) {
		encoded, _ := json.Marshal(r) //nolint:errchkjson // strings and numbers always encode
		items, bytes = items+1, bytes+len(encoded)+1
	}
	if change.Before != nil && (change.After == nil || change.After.Type != change.Before.Type) {
		add(deletion(change.Before.Key))
	}
	if change.After != nil {
		add(replacement(change.After.RRset))
	}
	return items, bytes
}

func actionOf(zone string, changes []operator.Change) string {
	if len(changes) > 1 {
		return fmt.Sprintf("write %d RRsets of %s", len(changes), zone)
	}
	verb := "write "
	if changes[0].After == nil {
		verb = "delete "
	}
	return verb + changes[0].Key().String()
}
