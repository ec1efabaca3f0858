package cloudflare

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"golang.org/x/net/idna"
	"golang.org/x/sync/singleflight"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/httpapi"
)

// zoneCache knows the zones: ids that were configured, and zones that were read. Each zone is read once, however many
// ask at the same time; a failure is shared by those who wait for it and not kept.
type zoneCache struct {
	configured map[string]string
	read       func(ctx context.Context, zone, id string) (zoneRow, error)

	flights singleflight.Group
	mu      sync.Mutex
	known   map[string]zoneRow
}

func newZoneCache(configured map[string]string, read func(ctx context.Context, zone, id string) (zoneRow, error)) *zoneCache {
	return &zoneCache{configured: configured, read: read, known: make(map[string]zoneRow)}
}

// id is the zone's id, without a request where zone_ids has it.
func (z *zoneCache) id(ctx context.Context, zone, action string) (string, error) {
	if id, ok := z.configured[zone]; ok {
		return id, nil
	}
	row, err := z.zone(ctx, zone)
	if err != nil {
		return "", fmt.Errorf("%s: %w", action, err)
	}
	return row.ID, nil
}

// isConfigured reports whether the zone's id comes from zone_ids.
func (z *zoneCache) isConfigured(zone string) bool {
	_, ok := z.configured[zone]
	return ok
}

// seen is the zone if it has been read.
func (z *zoneCache) seen(zone string) (zoneRow, bool) {
	z.mu.Lock()
	defer z.mu.Unlock()
	row, ok := z.known[zone]
	return row, ok
}

// zone reads the zone, or waits for whoever is reading it.
func (z *zoneCache) zone(ctx context.Context, zone string) (zoneRow, error) {
	for {
		if row, ok := z.seen(zone); ok {
			return row, nil
		}
		flight := z.flights.DoChan(zone, func() (any, error) {
			if _, ok := z.seen(zone); ok { // by a flight that landed since
				return ctx, nil
			}
			row, err := z.read(ctx, zone, z.configured[zone])
			if err == nil {
				z.mu.Lock()
				z.known[zone] = row
				z.mu.Unlock()
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

// outOfScope is what the API says of a zone's records to a token that does not cover the zone.
const outOfScope = 10000

// explain adds to the API's refusal what can be done about it where the id comes from zone_ids. Of an id that is no
// zone's, such as that of a zone that was deleted and added again, the API says what it says of a zone that the token
// does not cover (design/facts/cloudflare-api.md section 1).
func (z *zoneCache) explain(err error, zone string) error {
	id, ok := z.configured[zone]
	refused := operator.AsRefusal(err)
	if !ok || refused == nil || refused.Answer == nil {
		return err
	}
	answer, _ := errors.AsType[*httpapi.StatusError](refused.Answer)
	if refused.Kind != operator.ZoneNotFound && (answer == nil || answer.Code != outOfScope) {
		return err
	}
	explained := *refused
	explained.Advice = fmt.Sprintf("zone_ids gives %q as the id of %s; check it on the zone's overview page", id, zone)
	return &explained
}

// mistaken is the refusal of a zone id that leads to another zone.
func (z *zoneCache) mistaken(c *call, zone, id, other string) error {
	if _, ok := z.configured[zone]; ok {
		return c.refusal(operator.ZoneNotFound,
			"the id %q, which zone_ids gives for %s, belongs to another zone: it holds %s; correct zone_ids", id, zone, other)
	}
	return c.unexpected("records of " + zone)
}

// sameZone compares the API's spelling of a zone name with a canonical one. Zone names come back in Unicode
// (design/facts/cloudflare-api.md section 2).
func sameZone(spelled, zone string) bool {
	ascii, err := idna.Lookup.ToASCII(strings.TrimSuffix(spelled, "."))
	if err != nil {
		ascii = strings.TrimSuffix(spelled, ".")
	}
	return strings.EqualFold(ascii, strings.TrimSuffix(zone, "."))
}

func lookUp(zone string) string { return "look up the zone " + zone }
