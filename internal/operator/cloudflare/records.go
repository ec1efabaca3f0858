package cloudflare

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// handle is what Write needs to know of an RRset: its records.
type handle struct{ records []record }

// heldRecords are the records of an RRset that is to be changed.
func heldRecords(before *operator.RRset) ([]record, error) {
	if before == nil {
		return nil, nil
	}
	if before.ReadOnly {
		return nil, errors.New("Cloudflare made the record for one of its other products (such as Email Routing) and lets nobody change it here; " +
			"turn that product off in Cloudflare's dashboard, or take the RRset out of the configuration")
	}
	known, ok := before.Handle.(*handle)
	if !ok || known == nil {
		return nil, errors.New("the RRset to change was not read from Cloudflare first, so the ids of its records are unknown; " +
			"this is a bug in the provider, please report it")
	}
	return known.records, nil
}

// outside returns the name of a record outside the zone, or of the zone that it says to be in. Such an answer
// belongs to another zone than was meant.
func outside(zone string, records []record) (string, bool) {
	for _, r := range records {
		if r.ZoneName != "" && !sameZone(r.ZoneName, zone) {
			return "a record of the zone " + r.ZoneName, true
		}
		if !isWithin(r.Name, zone) {
			return r.Name, true
		}
	}
	return "", false
}

// isWithin compares canonical names by labels.
func isWithin(owner, zone string) bool { return owner == zone || strings.HasSuffix(owner, "."+zone) }

// unique drops records that a page repeats because the zone changed between two pages (design/facts/cloudflare-api.md
// section 4.1).
func unique(records []record) []record {
	seen := make(map[string]bool, len(records))
	return slices.DeleteFunc(records, func(r record) bool {
		again := seen[r.ID]
		seen[r.ID] = true
		return again
	})
}

// assemble makes RRsets of records, in the order in which their first records come. The SOA is none of the API's
// records; should it appear, it is skipped.
func assemble(zone string, records []record) []operator.RRset {
	byKey := make(map[rrset.Key][]record)
	var order []rrset.Key
	for _, r := range records {
		key := rrset.Key{Zone: zone, Name: r.Name, Type: r.Type}
		if key.Type == "SOA" {
			continue
		}
		if byKey[key] == nil {
			order = append(order, key)
		}
		byKey[key] = append(byKey[key], r)
	}
	held := make([]operator.RRset, len(order))
	for i, key := range order {
		held[i] = gather(key, byKey[key])
	}
	return held
}

// gather makes one RRset of its records, of which there is at least one.
func gather(key rrset.Key, records []record) operator.RRset {
	set := operator.RRset{
		RRset:    rrset.RRset{Key: key, TTL: records[0].TTL},
		Settings: commonSettings(records),
		Handle:   &handle{records: records},
	}
	for _, r := range records {
		set.Values = append(set.Values, r.Value)
		set.Uneven = set.Uneven || r.TTL != records[0].TTL
		set.TTL = min(set.TTL, r.TTL)
		set.ReadOnly = set.ReadOnly || r.ReadOnly
	}
	slices.Sort(set.Values)
	set.Values = slices.Compact(set.Values)
	return set
}

// commonSettings are those of the records if they agree. Where they do not, the result equals nothing that can be
// declared: no proxied at all, and a line break in comment and tags, which neither may hold.
func commonSettings(records []record) operator.Settings {
	first := records[0]
	common := operator.Settings{proxiedSetting: first.Proxied, commentSetting: first.Comment, tagsSetting: slices.Clone(first.Tags)}
	if !agree(records, func(r record) string { return strconv.FormatBool(r.Proxied) }) {
		delete(common, proxiedSetting)
	}
	if comment := func(r record) string { return r.Comment }; !agree(records, comment) {
		common[commentSetting] = lines(records, comment)
	}
	if list := func(r record) string { return strings.Join(r.Tags, ",") }; !agree(records, list) {
		common[tagsSetting] = []string{lines(records, list)}
	}
	return common
}

// agree reports whether of gives the same for all records.
func agree(records []record, of func(record) string) bool {
	return !slices.ContainsFunc(records, func(r record) bool { return of(r) != of(records[0]) })
}

func lines(records []record, of func(record) string) string {
	all := make([]string, len(records))
	for i, r := range records {
		all[i] = of(r)
	}
	return strings.Join(all, "\n")
}
