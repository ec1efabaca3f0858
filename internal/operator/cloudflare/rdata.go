package cloudflare

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// form is how a field of RDATA is written in "data".
type form int

const (
	// number is a JSON number.
	number form = iota
	// word is one token without quotes.
	word
	// text is a character string without its quotes and escapes.
	text
	// host is a name without its final dot.
	host
	// target is a name with its final dot.
	target
	// blob is hexadecimal or base64 without blanks.
	blob
	// params are SvcParams in zone file form.
	params
)

type field struct {
	name string
	form form
	// top is set where the field stands beside "data" and not in it.
	top bool
	// optional is set where the API leaves the field out when it is empty.
	optional bool
}

// layouts are the types that the API keeps in "data", with their fields in
// presentation order (design/facts/cloudflare-api.md section 3.3). LOC has more to it
// and is in location.go.
var layouts = map[string][]field{
	"CAA":    {{name: "flags"}, {name: "tag", form: word}, {name: "value", form: text}},
	"CERT":   {{name: "type"}, {name: "key_tag"}, {name: "algorithm"}, {name: "certificate", form: blob}},
	"DNSKEY": {{name: "flags"}, {name: "protocol"}, {name: "algorithm"}, {name: "public_key", form: blob}},
	"DS":     {{name: "key_tag"}, {name: "algorithm"}, {name: "digest_type"}, {name: "digest", form: blob}},
	"HTTPS":  service,
	"NAPTR": {
		{name: "order"}, {name: "preference"}, {name: "flags", form: text, optional: true},
		{name: "service", form: text, optional: true}, {name: "regex", form: text, optional: true},
		{name: "replacement", form: target},
	},
	"SMIMEA": association,
	"SRV":    {{name: "priority"}, {name: "weight"}, {name: "port"}, {name: "target", form: host}},
	"SSHFP":  {{name: "algorithm"}, {name: "type"}, {name: "fingerprint", form: blob}},
	"SVCB":   service,
	"TLSA":   association,
	"URI":    {{name: "priority", top: true}, {name: "weight"}, {name: "target", form: text}},
}

var (
	service     = []field{{name: "priority"}, {name: "target", form: target}, {name: "value", form: params, optional: true}}
	association = []field{{name: "usage"}, {name: "selector"}, {name: "matching_type"}, {name: "certificate", form: blob}}
)

// value is the RDATA in canonical presentation form. What cannot be brought
// into it is returned as it came: a record that is there is never left out,
// because conflicts are found by it.
func (r record) value() string {
	raw := r.presentation()
	if canonical, err := rrset.Canonical(r.Type, raw); err == nil {
		return canonical
	}
	if strings.TrimSpace(raw) == "" {
		return strings.TrimSpace(string(encodedData(r.Data)))
	}
	return raw
}

// presentation is the RDATA in presentation form, not yet canonical.
func (r record) presentation() string {
	switch r.Type {
	case "CNAME", "NS", "PTR":
		return absolute(r.Content)
	case "MX":
		return r.Priority + " " + absolute(r.Content)
	case "TXT":
		return quotedTXT(r.Content)
	case "LOC":
		if location, ok := locationText(r.Data); ok {
			return location
		}
		// Older answers show the whole line (design/facts/cloudflare-api.md section 3.3).
		return strings.TrimPrefix(r.Content, "IN LOC ")
	}
	if layout, structured := layouts[r.Type]; structured {
		if line, ok := r.line(layout); ok {
			return line
		}
	}
	// The "content" of structured types is made by the server; where "data"
	// is missing it is the next best. For two types it lacks the priority.
	if r.Type == "SRV" || r.Type == "URI" {
		return r.Priority + " " + r.Content
	}
	return r.Content
}

// line puts the fields of "data" into one line.
func (r record) line(layout []field) (string, bool) {
	parts := make([]string, 0, len(layout))
	for _, f := range layout {
		value, there := r.Data[f.name]
		if f.name == "priority" && (f.top || !there) {
			value, there = scalar(r.Priority), r.Priority != ""
		}
		if !there && !f.optional {
			return "", false
		}
		parts = append(parts, f.print(string(value)))
	}
	return strings.TrimSpace(strings.Join(parts, " ")), true
}

func (f field) print(value string) string {
	switch f.form {
	case text:
		return quote(value)
	case host, target:
		return absolute(value)
	default:
		return value
	}
}

// rdata is RDATA as a request carries it.
type rdata struct {
	Content  string
	Data     map[string]any
	Priority json.Number
}

// encode splits a canonical value up for the API.
func encode(typ, value string) (rdata, error) {
	switch typ {
	case "CNAME", "NS", "PTR":
		return rdata{Content: relative(value)}, nil
	case "MX":
		priority, exchange, ok := strings.Cut(value, " ")
		if !ok {
			return rdata{}, malformed(typ)
		}
		return rdata{Content: relative(exchange), Priority: json.Number(priority)}, nil
	case "LOC":
		data, ok := locationData(value)
		if !ok {
			return rdata{}, malformed(typ)
		}
		return rdata{Data: data}, nil
	}
	layout, structured := layouts[typ]
	if !structured {
		return rdata{Content: value}, nil
	}
	return encodeLine(typ, value, layout)
}

func encodeLine(typ, value string, layout []field) (rdata, error) {
	tokens := tokens(value)
	least := len(layout)
	if layout[least-1].optional {
		least--
	}
	// JSON carries characters, so bytes that are none would be lost.
	if len(tokens) < least || !utf8.ValidString(unquote(value)) {
		return rdata{}, malformed(typ)
	}
	encoded := rdata{Data: make(map[string]any, len(layout))}
	for i, f := range layout {
		rest := tokens[min(i, len(tokens)):]
		if i < len(layout)-1 {
			rest = rest[:min(1, len(rest))]
		}
		if f.top {
			encoded.Priority = json.Number(rest[0].text)
			continue
		}
		encoded.Data[f.name] = f.parse(rest)
	}
	return encoded, nil
}

// parse is the field's member of "data". More than one token reaches only the
// last field of a type.
func (f field) parse(rest []token) any {
	var parts []string
	for _, t := range rest {
		if f.form == params {
			parts = append(parts, quotedParam(t.text))
			continue
		}
		if t.quoted {
			t.text = unquote(t.text)
		}
		parts = append(parts, t.text)
	}
	switch f.form {
	case number:
		return json.Number(strings.Join(parts, ""))
	case host:
		return relative(strings.Join(parts, ""))
	case params:
		return strings.Join(parts, " ")
	default:
		return strings.Join(parts, "")
	}
}

// quotedParam puts the value of a SvcParam into quotes, as all known clients
// of the API send it (design/facts/cloudflare-api.md section 3.3). RFC 9460 section
// 2.1 gives both forms the same meaning.
func quotedParam(param string) string {
	key, value, assigned := strings.Cut(param, "=")
	if !assigned || strings.HasPrefix(value, `"`) {
		return param
	}
	return key + `="` + value + `"`
}

func malformed(typ string) error {
	return fmt.Errorf("a %s value cannot be put into Cloudflare's form", typ)
}

func encodedData(data map[string]scalar) []byte {
	if data == nil {
		return nil
	}
	encoded, err := json.Marshal(data)
	if err != nil {
		return nil
	}
	return encoded
}
