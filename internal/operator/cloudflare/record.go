package cloudflare

import (
	"encoding/json"
	"strconv"
	"strings"
)

// automaticTTL is what Cloudflare stores as the TTL of every proxied record, and what it calls automatic: 300 s are
// served (design/facts/cloudflare-api.md section 3.2).
const automaticTTL = 1

// record is one DNS record as the API shows it (design/facts/cloudflare-api.md section 3.1), with its owner name and
// type in canonical form.
type record struct {
	ID      string
	Name    string
	Type    string
	TTL     uint32
	Proxied bool
	Comment string
	// Tags are folded and sorted.
	Tags []string
	// Settings is kept as it came.
	Settings json.RawMessage
	// ZoneName is empty in today's answers.
	ZoneName string
	// ReadOnly marks what Cloudflare made for one of its other products.
	ReadOnly bool

	// Content, Data and Priority hold the RDATA; Value is it in canonical presentation form, or as it came where that
	// cannot be had.
	Content  string
	Data     map[string]looseString
	Priority string
	Value    string
}

type wireRecord struct {
	ID       string          `json:"id"`
	Name     string          `json:"name"`
	Type     string          `json:"type"`
	Content  looseString     `json:"content"`
	Data     json.RawMessage `json:"data"`
	Priority looseString     `json:"priority"`
	TTL      looseString     `json:"ttl"`
	Proxied  bool            `json:"proxied"`
	Comment  string          `json:"comment"`
	Tags     []string        `json:"tags"`
	Settings json.RawMessage `json:"settings"`
	Meta     json.RawMessage `json:"meta"`
	// ZoneName was in answers until 2024-11-30.
	ZoneName string `json:"zone_name"`
}

// decodeRecord returns ok = false if a required field is missing or of another type.
func decodeRecord(raw json.RawMessage) (r record, ok bool) {
	var wire wireRecord
	if isNull(raw) || json.Unmarshal(raw, &wire) != nil {
		return record{}, false
	}
	ttl, err := strconv.ParseUint(string(wire.TTL), 10, 31)
	if err != nil || wire.ID == "" || wire.Name == "" || wire.Type == "" {
		return record{}, false
	}
	var data map[string]looseString
	if json.Unmarshal(wire.Data, &data) != nil {
		// "content" still shows the value.
		data = nil
	}
	// email_routing alone is no lock (design/facts/cloudflare-api.md section 3.1).
	var meta struct {
		ReadOnly bool `json:"read_only"`
	}
	// A missing member counts as false, and unknown ones are ignored.
	_ = json.Unmarshal(wire.Meta, &meta)
	if wire.Priority == "" {
		// The field beside the data is to end (design/facts/cloudflare-api.md section 3.1).
		wire.Priority = data["priority"]
	}
	r = record{
		ID: wire.ID, Name: absolute(strings.ToLower(wire.Name)), Type: strings.ToUpper(wire.Type),
		TTL: uint32(ttl), Proxied: wire.Proxied, Comment: wire.Comment, Tags: foldedTags(wire.Tags),
		Settings: wire.Settings, ReadOnly: meta.ReadOnly, ZoneName: wire.ZoneName,
		Content: string(wire.Content), Data: data, Priority: string(wire.Priority),
	}
	r.Value = r.value()
	return r, true
}

// decodeRecords returns ok = false if raw is not a list of records.
func decodeRecords(raw json.RawMessage) (all []record, ok bool) {
	var items []json.RawMessage
	if isNull(raw) || json.Unmarshal(raw, &items) != nil {
		return nil, false
	}
	all = make([]record, len(items))
	for i, item := range items {
		if all[i], ok = decodeRecord(item); !ok {
			return nil, false
		}
	}
	return all, true
}

// absolute adds the final dot that the API leaves out. No host stays none: it is not the root.
func absolute(host string) string {
	if host == "" || strings.HasSuffix(host, ".") {
		return host
	}
	return host + "."
}

// relative takes the final dot away; the root stays a dot (design/facts/cloudflare-api.md section 3.3).
func relative(host string) string {
	if host == "." {
		return host
	}
	return strings.TrimSuffix(host, ".")
}
