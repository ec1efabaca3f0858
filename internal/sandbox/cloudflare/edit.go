package cloudflare

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// errUnknownZone is for the callers of the Go interface; over HTTP such a zone is out of the token's scope.
var errUnknownZone = errors.New("no such zone")

// Edit is what somebody does in the dashboard, out of band: it replaces all records of one RRset by values in
// presentation form, or deletes them when there are none. The name is relative to the zone, "@", or absolute. The API's
// rules hold; nothing changes on an error.
func (s *Server) Edit(zone, name, typ string, ttl int, values []string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	z := s.zoneByName(zone)
	if z == nil {
		return fmt.Errorf("cloudflare: edit zone %s: %w", zone, errUnknownZone)
	}
	full, err := recordName(name, z.Name)
	if err != nil {
		return fmt.Errorf("cloudflare: edit %s %s: %w", name, typ, err)
	}
	t := s.begin(z)
	t.records = slices.DeleteFunc(t.records, func(r *Record) bool { return r.Name == full && r.Type == typ })
	for _, value := range values {
		d, err := draftOf(full, typ, ttl, value)
		if err == nil {
			_, err = t.create(d)
		}
		if err != nil {
			return fmt.Errorf("cloudflare: edit %s %s: %w", name, typ, err)
		}
	}
	t.commit()
	return nil
}

// Records returns copies of all records of a zone, in order of creation.
func (s *Server) Records(name string) []Record {
	return of(s, name, func(z *zone) (records []Record) {
		for _, r := range z.records {
			records = append(records, *r.clone())
		}
		return records
	})
}

// Add puts a record into a zone as it is, past every rule: what Cloudflare makes itself (meta.read_only), or what an
// older API let in. ID and dates are made when they are empty. A type that has data must come with all of it, as the
// API shows it. It returns the id.
func (s *Server) Add(zone string, r Record) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	z := s.zoneByName(zone)
	if z == nil {
		return "", fmt.Errorf("cloudflare: add to zone %s: %w", zone, errUnknownZone)
	}
	added := r.clone()
	added.Name = strings.TrimSuffix(strings.ToLower(added.Name), ".")
	if added.ID == "" {
		added.ID = randomHex(16)
	}
	if added.CreatedOn == "" {
		added.CreatedOn = s.stamp()
		added.ModifiedOn = added.CreatedOn
	}
	if added.TTL == 0 {
		added.TTL = 1
	}
	for _, m := range []*map[string]any{&added.Settings, &added.Meta} {
		if *m == nil {
			*m = map[string]any{}
		}
	}
	z.records = append(slices.Clone(z.records), added)
	return added.ID, nil
}
