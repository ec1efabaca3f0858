package cloudflare

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"golang.org/x/net/idna"
	"golang.org/x/sync/singleflight"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

// directory knows the zones: ids that were configured, and zones that were
// read. Each zone is read once, however many ask at the same time; a failure
// is shared by those who wait for it and not kept.
type directory struct {
	configured map[string]string
	read       func(ctx context.Context, zone, id string) (zoneRow, error)

	flights singleflight.Group
	mu      sync.Mutex
	known   map[string]zoneRow
}

func newDirectory(configured map[string]string, read func(ctx context.Context, zone, id string) (zoneRow, error)) *directory {
	return &directory{configured: configured, read: read, known: make(map[string]zoneRow)}
}

// id is the zone's id, without a request where zone_ids has it.
func (d *directory) id(ctx context.Context, zone, action string) (string, error) {
	if id, ok := d.configured[zone]; ok {
		return id, nil
	}
	row, err := d.zone(ctx, zone)
	if err != nil {
		return "", fmt.Errorf("%s: %w", action, err)
	}
	return row.ID, nil
}

// isConfigured says that the zone's id comes from zone_ids.
func (d *directory) isConfigured(zone string) bool {
	_, ok := d.configured[zone]
	return ok
}

// seen is the zone if it has been read.
func (d *directory) seen(zone string) (zoneRow, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	row, ok := d.known[zone]
	return row, ok
}

// zone reads the zone, or waits for whoever is reading it.
func (d *directory) zone(ctx context.Context, zone string) (zoneRow, error) {
	for {
		if row, ok := d.seen(zone); ok {
			return row, nil
		}
		flight := d.flights.DoChan(zone, func() (any, error) {
			row, err := d.read(ctx, zone, d.configured[zone])
			if err == nil {
				d.mu.Lock()
				d.known[zone] = row
				d.mu.Unlock()
			}
			return ctx, err
		})
		select {
		case <-ctx.Done():
			return zoneRow{}, &operator.OutageError{
				Operator: name, Action: lookUp(zone), Reason: "interrupted", Err: context.Cause(ctx),
			}
		case landed := <-flight:
			leader, _ := landed.Val.(context.Context)
			if landed.Err != nil && (leader == nil || leader.Err() == nil || ctx.Err() != nil) {
				return zoneRow{}, landed.Err
			}
			// Either the zone is known now, or only the leader was interrupted.
		}
	}
}

// explain adds to the API's refusal what can be done about it: it says the same
// for a wrong id, a foreign zone and a token without the right to edit.
func (d *directory) explain(err error, zone string) error {
	refused := operator.AsRefusal(err)
	if refused == nil || refused.Kind != operator.ZoneNotFound || refused.Answer == nil {
		return err
	}
	explained := *refused
	if id, ok := d.configured[zone]; ok {
		explained.Message += fmt.Sprintf(" (zone_ids gives %q as the id of %s; check it on the zone's overview page)", id, zone)
	}
	return &explained
}

// mistaken is the refusal of a zone id that leads to another zone.
func (d *directory) mistaken(c *call, zone, id, other string) error {
	if _, ok := d.configured[zone]; ok {
		return c.refusal(operator.ZoneNotFound,
			"the id %q, which zone_ids gives for %s, belongs to another zone: it holds %s; correct zone_ids", id, zone, other)
	}
	return c.foreign("records of " + zone)
}

// sameZone compares the API's spelling of a zone name with a canonical one.
// Zone names come back in Unicode (design/facts/cloudflare-api.md section 2).
func sameZone(spelled, zone string) bool {
	ascii, err := idna.Lookup.ToASCII(strings.TrimSuffix(spelled, "."))
	if err != nil {
		ascii = strings.TrimSuffix(spelled, ".")
	}
	return strings.EqualFold(ascii, strings.TrimSuffix(zone, "."))
}

func lookUp(zone string) string { return "look up the zone " + zone }
