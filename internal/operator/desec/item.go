package desec

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// item is an RRset in an answer. Pointers tell a missing field from an empty one.
type item struct {
	Domain  *string   `json:"domain"`
	Subname *string   `json:"subname"`
	Type    *string   `json:"type"`
	TTL     *uint32   `json:"ttl"`
	Records []*string `json:"records"`
}

// decodeItems reads a list of RRsets of the zone; ok is false if the body is anything else.
//
// A null in the list is left out. deSEC shows one where a deletion and a change of the same RRset overlapped; no name
// or type can be had for it, and the next write of the RRset heals it (design/facts/desec-api.md section 8).
func decodeItems(zone string, body []byte) (held []operator.RRset, ok bool) {
	var items []*item
	if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) || json.Unmarshal(body, &items) != nil {
		return nil, false
	}
	held = make([]operator.RRset, 0, len(items))
	for _, i := range items {
		if i == nil {
			continue
		}
		r, ok := i.rrset(zone)
		if !ok {
			return nil, false
		}
		held = append(held, r)
	}
	return held, true
}

// isEmptyList reports whether a list holds nothing at all, not even what decodeItems leaves out.
func isEmptyList(body []byte) bool {
	var items []json.RawMessage
	return json.Unmarshal(body, &items) == nil && len(items) == 0
}

func (i *item) rrset(zone string) (operator.RRset, bool) {
	if i.Subname == nil || i.Type == nil || *i.Type == "" || i.TTL == nil || len(i.Records) == 0 ||
		(i.Domain != nil && *i.Domain != domainName(zone)) {
		return operator.RRset{}, false
	}
	values := make([]string, 0, len(i.Records))
	for _, v := range i.Records {
		if v == nil {
			return operator.RRset{}, false
		}
		values = append(values, *v)
	}
	owner := zone
	if *i.Subname != "" {
		owner = *i.Subname + "." + zone
	}
	k := rrset.Key{Zone: zone, Name: owner, Type: *i.Type}
	return operator.RRset{
		// An RRset that is there must be seen, whatever it holds, or a CNAME would be put beside it: Observed keeps
		// what has no canonical form.
		RRset:    rrset.Observed(k, *i.TTL, values),
		ReadOnly: k.Type == "NS" && k.IsApex() && underDedyn(zone),
	}, true
}

// underDedyn reports whether deSEC itself owns the delegation and with it the apex NS RRset (design/facts/desec-api.md
// section 2).
func underDedyn(zone string) bool {
	return strings.HasSuffix("."+domainName(zone), ".dedyn.io")
}
