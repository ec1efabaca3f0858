package desec

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/desec/rdata"
)

// store applies checked changes, all or none: deletions first, then creations and updates, as the service does to let a
// CNAME take the place of what is deleted (design/facts/desec-api.md section 4.3). It gives the RRsets that were
// created and those that were updated, as the answer shows them.
func (w *write) store(changes []change) (created, updated []rrset, problem *answer) {
	next := maps.Clone(w.zone.rrsets)
	changed := false
	for _, c := range changes {
		if _, exists := next[c.key]; exists && c.deletes() {
			delete(next, c.key)
			changed = true
		}
	}
	for _, c := range changes {
		if c.deletes() {
			continue
		}
		before, exists := next[c.key]
		after, shown, problem := w.apply(c, before, exists)
		if problem != nil {
			return nil, nil, problem
		}
		next[c.key] = after
		if !exists {
			changed = true
			created = append(created, shown)
			continue
		}
		changed = changed || !sameData(before, after)
		updated = append(updated, shown)
	}
	for _, set := range slices.Concat(created, updated) {
		if !isServed(set, next) {
			return nil, nil, new(failed())
		}
	}
	w.zone.rrsets = next
	switch {
	case changed && w.severed:
		return nil, nil, new(detail(500, "Internal Server Error. We're on it!"))
	case changed:
		w.zone.publish(w.server.tick())
	}
	return created, updated, nil
}

// isServed reports whether the signing name server takes an RRset beside what stands at its name: NS and DNAME are
// together at the apex alone (design/facts/desec-api.md section 5).
func isServed(set rrset, all map[key]rrset) bool {
	other := map[string]string{"NS": "DNAME", "DNAME": "NS"}[set.typ]
	if _, ok := all[key{set.subname, other}]; ok && set.subname != "" {
		return false
	}
	return !slices.ContainsFunc(set.records, func(record string) bool { return !rdata.Served(set.typ, record) })
}

func (c change) deletes() bool { return c.records != nil && len(c.records) == 0 }

// apply gives an RRset after a change, and what the answer to the write shows of it: if no record was added and the TTL
// is the same, an old time of the last write (design/facts/desec-api.md section 3).
func (w *write) apply(c change, before rrset, exists bool) (after, shown rrset, problem *answer) {
	after = before
	if !exists {
		after = rrset{key: c.key, created: w.server.tick()}
	}
	added := false
	if c.records != nil {
		records, complaints := w.clean(c)
		if complaints != nil {
			return rrset{}, rrset{}, new(invalid(complaints))
		}
		if was, waited := w.begun[c.key]; waited {
			records = overlapping(before.records, was.records, records)
		}
		added = slices.ContainsFunc(records, func(record string) bool { return !slices.Contains(before.records, record) })
		after.records = records
	}
	if c.ttl != 0 {
		after.ttl = c.ttl
	}
	after.touched = w.server.tick()
	shown = after
	if exists && !added && after.ttl == before.ttl {
		shown.touched = before.touched
	}
	return after, shown, nil
}

// overlapping is what becomes of records that another request has changed since this one looked: the ones that it knew
// and does not want go, the ones that it misses come, and what it has not seen stays.
func overlapping(now, seen, wanted []string) []string {
	left := slices.DeleteFunc(slices.Clone(now), func(record string) bool {
		return slices.Contains(seen, record) && !slices.Contains(wanted, record)
	})
	for _, record := range wanted {
		if !slices.Contains(seen, record) && !slices.Contains(left, record) {
			left = append(left, record)
		}
	}
	return left
}

// clean is the stage of the service's database, which reads the contents once more. Its complaints are a flat list
// (design/facts/desec-api.md section 4.4).
func (w *write) clean(c change) (records, complaints []string) {
	if len(c.records) > 1 && (c.typ == "CNAME" || c.typ == "DNAME") {
		complaints = append(complaints, c.typ+" RRset cannot have multiple records.")
	}
	if c.subname == "" && (c.typ == "CNAME" || c.typ == "DS") {
		complaints = append(complaints, c.typ+" RRset cannot have empty subname.")
	}
	if c.subname != "" && c.typ == "DNSKEY" {
		complaints = append(complaints, c.typ+" RRset must have empty subname.")
	}
	about := func(record, text string) string {
		return fmt.Sprintf("Record content of %s %s invalid: '%s': %s", c.typ, w.zone.qname(c.subname), record, text)
	}
	for _, record := range c.records {
		canonical, err := rdata.Canonical(c.typ, record)
		switch refusal, refused := errors.AsType[*rdata.Refusal](err); {
		case refused:
			complaints = append(complaints, about(record, refusal.Error()))
		case slices.Contains(records, canonical):
			complaints = append(complaints, about(record, "Duplicate record content: this is identical to '"+canonical+"'"))
		default:
			records = append(records, canonical)
		}
	}
	return records, complaints
}

// sameData reports whether the name servers would not see a difference.
func sameData(a, b rrset) bool {
	return a.ttl == b.ttl && slices.Equal(slices.Sorted(slices.Values(a.records)), slices.Sorted(slices.Values(b.records)))
}
