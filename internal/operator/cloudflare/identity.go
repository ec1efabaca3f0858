package cloudflare

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

// An id in zone_ids may be that of another zone, and Cloudflare makes of each name that does not end in a zone a name
// in it (design/facts/cloudflare-api.md section 3.2): the record would be made there. So before the first record is
// made, something must show which zone it is.

// identity is what shows that a configured id is the zone's. A record proves that the zone of the id is its name or
// above; so a name is safe to send if it lies in what all names that were read have in common.
type identity struct {
	mu     sync.Mutex
	common map[string]string // of the names read, by zone
	asked  map[string]bool   // the zone itself was asked for
}

func newIdentity() *identity {
	return &identity{common: make(map[string]string), asked: make(map[string]bool)}
}

// see takes in records that were read under the zone's id.
func (i *identity) see(zone string, records []record) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, r := range records {
		common, seen := i.common[zone]
		if !seen {
			common = r.Name
		}
		for !isWithin(r.Name, common) {
			_, common, _ = strings.Cut(common, ".")
		}
		i.common[zone] = common
	}
}

func (i *identity) covers(zone, owner string) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	common, seen := i.common[zone]
	return seen && isWithin(owner, common)
}

// firstAsk reports whether the zone itself has not been read yet, and notes that it is being read now.
func (i *identity) firstAsk(zone string) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	first := !i.asked[zone]
	i.asked[zone] = true
	return first
}

// identify makes sure, as far as it can, that new records are created in the right zone. A token that may not read the
// zone (which is what zone_ids is for) or an outage of this part of the API does not stop the write: its answer then
// shows the zone, and undo deletes what was created in another one.
func (c *Client) identify(ctx context.Context, write *call, zone string, plans []changePlan) error {
	isNew := func(p changePlan) bool {
		return slices.ContainsFunc(p.posts, func(p post) bool { return !c.identity.covers(zone, absolute(p.Name)) })
	}
	if !c.zoneCache.isConfigured(zone) || !slices.ContainsFunc(plans, isNew) || !c.identity.firstAsk(zone) {
		return nil
	}
	if _, err := c.zoneCache.zone(ctx, zone); err != nil && !leavesOpen(err) {
		return fmt.Errorf("%s: %w", write.action, err)
	}
	return nil
}

// leavesOpen reports whether the error tells nothing about the zone: it could not be read, and its records may be fine.
func leavesOpen(err error) bool {
	if refused := operator.AsRefusal(err); refused != nil {
		// What has no answer in it is this client's own judgement of the zone.
		return refused.Kind != operator.ZoneNotFound && refused.Answer != nil
	}
	out := operator.AsOutage(err)
	return out != nil && out.Answered
}

// stray is the name of a record that was made under another name than any that was sent.
func stray(plans []changePlan, posted []record) (string, bool) {
	sent := make(map[string]bool)
	for _, p := range plans {
		for _, made := range p.posts {
			sent[absolute(made.Name)] = true
		}
	}
	i := slices.IndexFunc(posted, func(r record) bool { return !sent[r.Name] })
	if i < 0 {
		return "", false
	}
	return posted[i].Name, true
}

// undo deletes what was made in another zone, also after an interrupt, and says so in a refusal.
func (c *Client) undo(ctx context.Context, write *call, zone, id, other string, posted []record) error {
	if !c.zoneCache.isConfigured(zone) {
		return write.unexpected("records of " + zone)
	}
	undo := &call{action: "delete from another zone what was meant for " + zone, write: true}
	left := "What was made there was deleted again."
	if _, err := c.send(context.WithoutCancel(ctx), undo, id, batch{Deletes: deletions(posted)}); err != nil {
		left = fmt.Sprintf("It could not be deleted again (%s): delete it there by hand.", operator.Reason(err))
	}
	return write.refusal(operator.ZoneNotFound, "the id %q, which zone_ids gives for %s, belongs to another zone: "+
		"what was sent for %[2]s became %s there. %s Correct zone_ids", id, zone, other, left)
}
