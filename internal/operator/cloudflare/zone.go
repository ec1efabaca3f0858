package cloudflare

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/cloudflare/cloudflare-go/v7/option"
	"github.com/cloudflare/cloudflare-go/v7/zones"
	"golang.org/x/net/idna"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// The limits of a TTL in seconds (design/facts/cloudflare-api.md section 3.2).
const (
	minimumTTL           = 60
	minimumTTLEnterprise = 30
	maximumTTL           = 86400
)

// zoneRow is a zone as the API shows it (design/facts/cloudflare-api.md section 2).
type zoneRow struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Status      string   `json:"status"`
	Type        string   `json:"type"`
	NameServers []string `json:"name_servers"`
	Plan        struct {
		// LegacyID is free, pro, business or enterprise, or empty.
		LegacyID string `json:"legacy_id"`
	} `json:"plan"`
}

// Zone reads the zone once per client. DNSKEYs and DSs stay empty: they cost a request of their own, which
// [Client.DNSSEC] makes.
func (c *Client) Zone(ctx context.Context, zone string) (operator.Zone, error) {
	row, err := c.zoneCache.zone(ctx, zone)
	if err != nil {
		return operator.Zone{}, err
	}
	z := operator.Zone{Name: zone, ID: row.ID, Status: row.Status, Plan: row.Plan.LegacyID, Inactive: row.Status != "active", MinimumTTL: minimumTTL, MaximumTTL: maximumTTL}
	if row.Plan.LegacyID == "enterprise" {
		z.MinimumTTL = minimumTTLEnterprise
	}
	for _, host := range row.NameServers {
		z.NameServers = append(z.NameServers, absolute(strings.ToLower(host)))
	}
	return z, nil
}

// readZone asks for the zone by its id, or where that is empty by its name.
func (c *Client) readZone(ctx context.Context, zone, id string) (zoneRow, error) {
	read := &call{action: lookUp(zone)}
	var row zoneRow
	var err error
	if id != "" {
		row, err = c.zoneByID(ctx, read, zone, id)
	} else {
		row, err = c.zoneByName(ctx, read, zone)
	}
	if err != nil {
		return zoneRow{}, c.zoneCache.explain(err, zone)
	}
	if !zoneID.MatchString(row.ID) {
		return zoneRow{}, read.unexpected("a zone with an id")
	}
	// Secondary zones take their records from elsewhere, partial ones are not authoritative
	// (design/facts/cloudflare-api.md section 2).
	if row.Type != "" && row.Type != "full" {
		return zoneRow{}, read.refusal(operator.RefusedOther,
			"the zone is of type %q at Cloudflare, and only a zone of type \"full\" (primary) answers with the records "+
				"that are written to it; convert it in Cloudflare's dashboard", row.Type)
	}
	c.batches.learn(zone, row.Plan.LegacyID)
	return row, nil
}

func (c *Client) zoneByID(ctx context.Context, read *call, zone, id string) (zoneRow, error) {
	row, err := c.zoneOf(ctx, read, id)
	if err == nil && row.Name != "" && !sameZone(row.Name, zone) {
		return zoneRow{}, read.refusal(operator.ZoneNotFound,
			"the id %q, which zone_ids gives for %s, belongs to the zone %s; correct zone_ids", id, zone, row.Name)
	}
	return row, err
}

// zoneOf is the zone with this id.
func (c *Client) zoneOf(ctx context.Context, read *call, id string) (row zoneRow, err error) {
	env, err := read.run(ctx, func(options ...option.RequestOption) error {
		params := zones.ZoneGetParams{}
		params.ZoneID.Value, params.ZoneID.Present = id, true
		_, err := c.zones.Get(ctx, params, options...)
		return err
	})
	if err == nil {
		err = read.result(env, &row, "a zone")
	}
	return row, err
}

// zonesNamed are the zones that the filter by this spelling of the name shows.
func (c *Client) zonesNamed(ctx context.Context, read *call, zone, spelled string) ([]zoneRow, error) {
	rows, _, err := c.zoneRows(ctx, read, option.WithQuery("name", spelled))
	return named(rows, zone), err
}

func named(rows []zoneRow, zone string) []zoneRow {
	return slices.DeleteFunc(slices.Clone(rows), func(row zoneRow) bool { return !sameZone(row.Name, zone) })
}

// zoneRows is one page of the list of zones.
func (c *Client) zoneRows(ctx context.Context, read *call, query ...option.RequestOption) ([]zoneRow, pageInfo, error) {
	env, err := read.run(ctx, func(options ...option.RequestOption) error {
		_, err := c.zones.List(ctx, zones.ZoneListParams{}, append(query, options...)...)
		return err
	})
	if err != nil {
		return nil, pageInfo{}, err
	}
	var rows []*zoneRow
	if err := read.result(env, &rows, "a list of zones"); err != nil {
		return nil, pageInfo{}, err
	}
	var found []zoneRow
	for _, row := range rows {
		if row == nil {
			return nil, pageInfo{}, read.unexpected("a list of zones")
		}
		found = append(found, *row)
	}
	return found, env.Info, nil
}

func (c *Client) zoneByName(ctx context.Context, read *call, zone string) (zoneRow, error) {
	found, err := c.zonesNamed(ctx, read, zone, ownerName(zone))
	if unicode, convErr := idna.Lookup.ToUnicode(ownerName(zone)); err == nil && len(found) == 0 && convErr == nil && unicode != ownerName(zone) {
		// The service spells international zones in Unicode, and may look for them so only
		// (design/facts/cloudflare-api.md section 2).
		found, err = c.zonesNamed(ctx, read, zone, unicode)
	}
	if err != nil {
		return zoneRow{}, err
	}
	switch len(found) {
	case 0:
		gone, err := c.unlisted(ctx, zone)
		if err != nil {
			return zoneRow{}, err
		}
		refused := read.refusal(operator.ZoneNotFound, "Cloudflare shows this token no zone %[1]s. "+
			"It says the same whether there is no such zone in the account or the token may not read it: add the zone, "+
			"or give the token the permissions Zone Read and DNS Edit for it, or spare the look-up with "+
			"zone_ids = { %[1]q = \"<zone id>\" } in the provider's cloudflare block", ownerName(zone))
		refused.Unproven = !gone
		return zoneRow{}, refused
	case 1:
		return found[0], nil
	}
	ids := make([]string, len(found))
	for i, row := range found {
		ids[i] = fmt.Sprintf("%s (%s)", row.ID, row.Status)
	}
	return zoneRow{}, read.refusal(operator.RefusedOther, "this token sees %d zones named %s: %s; choose one with "+
		"zone_ids = { %[2]q = \"<zone id>\" } in the provider's cloudflare block", len(found), ownerName(zone), strings.Join(ids, ", "))
}

// DNSSEC reads the zone's keys: DNSKEY and DS RDATA in canonical presentation form, both empty while the zone is
// unsigned, and Cloudflare's word for the state, such as "active", "pending" (the DS is not at the parent yet) or
// "disabled" (design/facts/cloudflare-api.md section 5).
func (c *Client) DNSSEC(ctx context.Context, zone string) (dnskeys, ds []string, status string, err error) {
	state, _, err := c.signingState(ctx, zone)
	if err != nil {
		return nil, nil, "", err
	}
	if state.Digest != "" {
		ds = canonicalOrAsIs("DS", state.KeyTag, state.Algorithm, state.DigestType, state.Digest)
	}
	return state.key(), ds, state.Status, nil
}

func canonicalOrAsIs(typ string, fields ...looseString) []string {
	parts := make([]string, len(fields))
	for i, f := range fields {
		parts[i] = string(f)
	}
	line := strings.Join(parts, " ")
	if canonical, err := rrset.Canonical(typ, line); err == nil {
		return []string{canonical}
	}
	return []string{line}
}
