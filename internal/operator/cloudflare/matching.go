package cloudflare

import (
	"slices"
	"strings"
)

// match pairs wanted values with records. Of two records that mean the same, which Cloudflare takes for different
// texts, the better spelled one stays.
func match(values []string, held []record) (staying, leaving []record, coming []string) {
	used := make([]bool, len(held))
	for _, value := range values {
		found := -1
		for i, r := range held {
			if !used[i] && r.Value == value && (found < 0 || isMisspelled(held[found]) && !isMisspelled(r)) {
				found = i
			}
		}
		if found < 0 {
			coming = append(coming, value)
			continue
		}
		used[found] = true
		staying = append(staying, held[found])
	}
	for i, r := range held {
		if !used[i] {
			leaving = append(leaving, r)
		}
	}
	return staying, leaving, coming
}

// paired orders both sides so that each record stands where the value is that it takes. A record keeps its content and
// changes its priority alone where it can: were two MX records to trade their hosts, both would have the same content
// in between, and the batch would be refused as a duplicate (error 81058, design/facts/cloudflare-api.md section 4.6).
func paired(typ string, leaving []record, coming []string) ([]record, []string) {
	if typ != "MX" && typ != "SRV" && typ != "URI" {
		return leaving, coming
	}
	var records, otherRecords []record
	var values []string
	otherValues := slices.Clone(coming)
	for _, r := range leaving {
		at := slices.IndexFunc(otherValues, func(v string) bool { return withoutPriority(v) == withoutPriority(r.Value) })
		if at < 0 {
			otherRecords = append(otherRecords, r)
			continue
		}
		records = append(records, r)
		values = append(values, otherValues[at])
		otherValues = slices.Delete(otherValues, at, at+1)
	}
	return append(records, otherRecords...), append(values, otherValues...)
}

// withoutPriority is what Cloudflare keeps as the content of the three types.
func withoutPriority(value string) string {
	_, rest, _ := strings.Cut(value, " ")
	return rest
}

// isMisspelled tells TXT content that is not in quotes or not cut as it would be sent: Cloudflare's dashboard warns of
// it (design/facts/cloudflare-api.md section
// 3.4). It is mended in passing only, since it means the same.
func isMisspelled(r record) bool { return r.Type == "TXT" && r.Content != r.Value }
