package cloudflare

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// form is how a field of RDATA is written in "data".
type form int

const (
	// numberForm is a JSON number.
	numberForm form = iota
	// wordForm is one token without quotes.
	wordForm
	// textForm is a character string without its quotes and escapes.
	textForm
	// hostForm is a name without its final dot.
	hostForm
	// targetForm is a name with its final dot.
	targetForm
	// blobForm is hexadecimal or base64 without blanks.
	blobForm
	// paramsForm are SvcParams in zone file form.
	paramsForm
)

type field struct {
	name string
	form form
	// top is set where the field stands beside "data" and not in it.
	top bool
	// optional is set where the API leaves the field out when it is empty.
	optional bool
}

// layouts are the types that the API keeps in "data", with their fields in presentation order
// (design/facts/cloudflare-api.md section 3.3). LOC has more to it and is in location.go.
var layouts = map[string][]field{
	"CAA":    {{name: "flags"}, {name: "tag", form: wordForm}, {name: "value", form: textForm}},
	"CERT":   {{name: "type"}, {name: "key_tag"}, {name: "algorithm"}, {name: "certificate", form: blobForm}},
	"DNSKEY": {{name: "flags"}, {name: "protocol"}, {name: "algorithm"}, {name: "public_key", form: blobForm}},
	"DS":     {{name: "key_tag"}, {name: "algorithm"}, {name: "digest_type"}, {name: "digest", form: blobForm}},
	"HTTPS":  serviceLayout,
	"NAPTR": {
		{name: "order"}, {name: "preference"}, {name: "flags", form: textForm, optional: true},
		{name: "service", form: textForm, optional: true}, {name: "regex", form: textForm, optional: true},
		{name: "replacement", form: targetForm},
	},
	"SMIMEA": associationLayout,
	"SRV":    {{name: "priority"}, {name: "weight"}, {name: "port"}, {name: "target", form: hostForm}},
	"SSHFP":  {{name: "algorithm"}, {name: "type"}, {name: "fingerprint", form: blobForm}},
	"SVCB":   serviceLayout,
	"TLSA":   associationLayout,
	"URI":    {{name: "priority", top: true}, {name: "weight"}, {name: "target", form: textForm}},
}

var (
	serviceLayout     = []field{{name: "priority"}, {name: "target", form: targetForm}, {name: "value", form: paramsForm, optional: true}}
	associationLayout = []field{{name: "usage"}, {name: "selector"}, {name: "matching_type"}, {name: "certificate", form: blobForm}}
)

// value is the RDATA in canonical presentation form. What cannot be brought into it is returned as it came: a record
// that is there is never left out, because conflicts are found by it.
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
	// The "content" of structured types is made by the server; where "data" is missing it is the next best. For two
	// types it lacks the priority.
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
			value, there = looseString(r.Priority), r.Priority != ""
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
	case textForm:
		return quote(value)
	case hostForm, targetForm:
		return absolute(value)
	default:
		return value
	}
}

// setValue sets the RDATA by a canonical value, all of it: "data" is replaced as a whole
// (design/facts/cloudflare-api.md section 4.2).
func (a *attributes) setValue(typ, value string) error {
	switch typ {
	case "CNAME", "NS", "PTR":
		value = relative(value)
	case "MX":
		priority, exchange, ok := strings.Cut(value, " ")
		if !ok {
			return malformed(typ)
		}
		a.Priority, value = new(json.Number(priority)), relative(exchange)
	case "LOC":
		data, ok := locationData(value)
		if !ok {
			return malformed(typ)
		}
		a.Data = data
		return nil
	default:
		if layout, structured := layouts[typ]; structured {
			return a.setFields(typ, value, layout)
		}
	}
	a.Content = &value
	return nil
}

func (a *attributes) setFields(typ, value string, layout []field) error {
	tokens := rrset.Fields(value)
	least := len(layout)
	if layout[least-1].optional {
		least--
	}
	if len(tokens) < least || slices.ContainsFunc(tokens, isBinary) {
		return malformed(typ)
	}
	a.Data = make(map[string]any, len(layout))
	for i, f := range layout {
		rest := tokens[min(i, len(tokens)):]
		if i < len(layout)-1 {
			rest = rest[:min(1, len(rest))]
		}
		if f.top {
			a.Priority = new(json.Number(rest[0].Raw))
			continue
		}
		a.Data[f.name] = f.parse(rest)
	}
	return nil
}

// isBinary tells a token with bytes that are no characters: JSON would lose them.
func isBinary(t rrset.Token) bool {
	text, err := t.Text()
	return err != nil || !utf8.Valid(text)
}

// parse is the field's member of "data". More than one token reaches only the last field of a type.
func (f field) parse(rest []rrset.Token) any {
	if f.form == paramsForm {
		return quotedParams(rest)
	}
	var all strings.Builder
	for _, t := range rest {
		spelled := []byte(t.Raw)
		if t.Quoted {
			spelled, _ = t.Text() // isBinary has read it
		}
		all.Write(spelled)
	}
	switch f.form {
	case numberForm:
		return json.Number(all.String())
	case hostForm:
		return relative(all.String())
	default:
		return all.String()
	}
}

func malformed(typ string) error {
	return fmt.Errorf("a %s value cannot be put into Cloudflare's form", typ)
}

func encodedData(data map[string]looseString) []byte {
	if data == nil {
		return nil
	}
	encoded, err := json.Marshal(data)
	if err != nil {
		return nil
	}
	return encoded
}

// contentLength is how much of the sum of a name and type a value takes: the text of a TXT, and of the other types what
// the API shows as content.
func contentLength(typ, value string) int {
	switch typ {
	case "TXT":
		length := 0
		for _, t := range rrset.Fields(value) {
			text, _ := t.Text() // the value is canonical
			length += len(text)
		}
		return length
	case "MX", "SRV", "URI":
		// The priority stands beside the content.
		return len(relative(withoutPriority(value)))
	}
	return len(strings.TrimSuffix(value, "."))
}

// withoutPriority is what Cloudflare keeps as the content of the three types.
func withoutPriority(value string) string {
	_, rest, _ := strings.Cut(value, " ")
	return rest
}
