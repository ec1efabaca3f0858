package cloudflare

import "maps"

// Record is one DNS record as the API shows it (design/facts/cloudflare-api.md section 3.1).
type Record struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"` // lower case, Punycode, no final dot
	Type       string         `json:"type"`
	Content    string         `json:"content"`
	Proxiable  bool           `json:"proxiable"`
	Proxied    bool           `json:"proxied"`
	TTL        int            `json:"ttl"` // seconds; 1 = automatic
	Settings   map[string]any `json:"settings"`
	Meta       map[string]any `json:"meta"`
	Comment    *string        `json:"comment"`
	Tags       []string       `json:"tags"`
	CreatedOn  string         `json:"created_on"`
	ModifiedOn string         `json:"modified_on"`

	CommentModifiedOn string         `json:"comment_modified_on,omitempty"`
	TagsModifiedOn    string         `json:"tags_modified_on,omitempty"`
	Priority          *int           `json:"priority,omitempty"` // MX, SRV, URI
	Data              map[string]any `json:"data,omitempty"`     // types of section 3.3 that have parts
}

// clone copies r, so that a caller can change what it gets.
func (r *Record) clone() *Record {
	c := *r
	c.Settings = maps.Clone(r.Settings)
	c.Meta = maps.Clone(r.Meta)
	c.Data = maps.Clone(r.Data)
	c.Tags = append([]string{}, r.Tags...)
	return &c
}

// sameAs tells what the service calls identical: name, type and content, whatever TTL and comment. The priority counts
// too: it is a part of the RDATA that the content leaves out.
func (r *Record) sameAs(o *Record) bool {
	return r.Name == o.Name && r.Type == o.Type && r.Content == o.Content && r.priority() == o.priority()
}

func (r *Record) priority() int {
	if r.Priority == nil {
		return 0
	}
	return *r.Priority
}

// isReadOnly marks what Cloudflare made itself (Email Routing, tunnels).
func (r *Record) isReadOnly() bool {
	readOnly, _ := r.Meta["read_only"].(bool)
	return readOnly
}

// contentTypes are given as text. Those with true can be proxied.
var contentTypes = map[string]bool{
	"A": true, "AAAA": true, "CNAME": true, "MX": false, "NS": false, "OPENPGPKEY": false, "PTR": false, "TXT": false,
}
