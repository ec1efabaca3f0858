package cloudflare

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// field is one part of a type that is given as data (design/facts/cloudflare-api.md section 3.3).
type field struct {
	name     string
	kind     kind
	most     float64 // of a number
	optional bool
}

type kind int

const (
	number       kind = iota // whole, 0..most
	decimal                  // 0..most, or from -100000 for an altitude
	word                     // text that must not be empty
	alphanumeric             // ASCII letters and digits, as RFC 8659 section 4.1 wants the tag of a CAA
	text                     // text
	host                     // host name, loses its final dot, "." stays
	target                   // host name, kept as it was given
	hexa
	base64ed
	northSouth
	eastWest
)

const (
	max8  = math.MaxUint8
	max16 = math.MaxUint16
)

// dataTypes lists the types that are given as data, with their parts in the order of the presentation form.
var dataTypes = map[string][]field{
	"CAA":    {{name: "flags", most: max8}, {name: "tag", kind: alphanumeric}, {name: "value", kind: word}},
	"CERT":   {{name: "type", most: max16}, {name: "key_tag", most: max16}, {name: "algorithm", most: max8}, {name: "certificate", kind: base64ed}},
	"DNSKEY": {{name: "flags", most: max16}, {name: "protocol", most: max8}, {name: "algorithm", most: max8}, {name: "public_key", kind: base64ed}},
	"DS":     {{name: "key_tag", most: max16}, {name: "algorithm", most: max8}, {name: "digest_type", most: max8}, {name: "digest", kind: hexa}},
	"HTTPS":  {{name: "priority", most: max16}, {name: "target", kind: target}, {name: "value", kind: text, optional: true}},
	"SVCB":   {{name: "priority", most: max16}, {name: "target", kind: target}, {name: "value", kind: text, optional: true}},
	"LOC": {
		{name: "lat_degrees", most: 90}, {name: "lat_minutes", most: 59}, {name: "lat_seconds", kind: decimal, most: 59.999},
		{name: "lat_direction", kind: northSouth},
		{name: "long_degrees", most: 180}, {name: "long_minutes", most: 59}, {name: "long_seconds", kind: decimal, most: 59.999},
		{name: "long_direction", kind: eastWest},
		{name: "altitude", kind: decimal, most: 42849672.95}, {name: "size", kind: decimal, most: 90000000},
		{name: "precision_horz", kind: decimal, most: 90000000}, {name: "precision_vert", kind: decimal, most: 90000000},
	},
	"NAPTR": {
		{name: "order", most: max16}, {name: "preference", most: max16}, {name: "flags", kind: text}, {name: "service", kind: text},
		{name: "regex", kind: text}, {name: "replacement", kind: target},
	},
	"SMIMEA": tlsaFields,
	"SRV":    {{name: "priority", most: max16}, {name: "weight", most: max16}, {name: "port", most: max16}, {name: "target", kind: host}},
	"SSHFP":  {{name: "algorithm", most: max8}, {name: "type", most: max8}, {name: "fingerprint", kind: hexa}},
	"TLSA":   tlsaFields,
	"URI":    {{name: "weight", most: max16}, {name: "target", kind: word}},
}

var tlsaFields = []field{
	{name: "usage", most: max8}, {name: "selector", most: max8}, {name: "matching_type", most: max8}, {name: "certificate", kind: hexa},
}

// structured sets data, content and priority of r from the data of d. What d says as content is not read: the server
// makes it (section 3.3).
func (d draft) structured(r *Record) *apiError {
	if r.Type == "SRV" {
		for _, gone := range []string{"service", "proto", "name"} {
			if d.data[gone] != nil {
				return refuse(placeholder, "SRV data fields 'service', 'proto' and 'name' are no longer supported")
			}
		}
	}
	r.Data = map[string]any{}
	for _, f := range dataTypes[r.Type] {
		value := d.data[f.name]
		if value == nil {
			if f.optional {
				value = ""
			} else {
				return refuse(9101, "%s is a required data field.", f.name)
			}
		}
		canonical, err := f.check(value)
		if err != nil {
			return err
		}
		r.Data[f.name] = canonical
	}
	switch r.Type {
	case "SRV":
		priority, _ := r.Data["priority"].(int)
		r.Priority = &priority
	case "URI":
		if err := d.requirePriority(r); err != nil {
			return err
		}
	case "HTTPS", "SVCB":
		if !isRDATA(r.Type, servicePresentation(r)) {
			return invalidContent(r.Type)
		}
	}
	r.Content = structuredContent(r)
	if r.dataWire() > maxWireLength {
		return tooLong()
	}
	return nil
}

// dataWire is the size of the parts on the wire, where they can be large: what is a number counts as little.
func (r *Record) dataWire() (size int) {
	for _, f := range dataTypes[r.Type] {
		text, isText := r.Data[f.name].(string)
		switch {
		case !isText && f.most > max16:
			size += 4
		case !isText && f.most > max8:
			size += 2
		case !isText:
			size++
		case f.kind == hexa:
			size += hex.DecodedLen(len(text))
		case f.kind == base64ed:
			raw, _ := base64.StdEncoding.DecodeString(text) // it was checked
			size += len(raw)
		default:
			size += len(text)
		}
	}
	return size
}

// check returns the value in the form that the API shows.
func (f field) check(value any) (any, *apiError) {
	invalid := refuse(placeholder, "%s is not a valid data field.", f.name)
	if f.kind == number || f.kind == decimal {
		return f.checkNumber(value, invalid)
	}
	s, isString := value.(string)
	if !isString {
		return nil, invalid
	}
	switch f.kind {
	case word, alphanumeric:
		if s == "" {
			return nil, refuse(9101, "%s is a required data field.", f.name)
		}
		if f.kind == alphanumeric && strings.ContainsFunc(s, func(r rune) bool { return (r|0x20 < 'a' || r|0x20 > 'z') && (r < '0' || r > '9') }) {
			return nil, invalid
		}
	case host:
		if s == "." {
			return s, nil
		}
		canonical, ok := canonicalHost(s)
		if !ok {
			return nil, invalid
		}
		return canonical, nil
	case target:
		if _, ok := canonicalHost(s); !ok && s != "." {
			return nil, invalid
		}
	case hexa:
		if b, err := hex.DecodeString(s); err != nil || len(b) == 0 {
			return nil, invalid
		}
	case base64ed:
		if b, err := base64.StdEncoding.DecodeString(s); err != nil || len(b) == 0 {
			return nil, invalid
		}
	case northSouth:
		if s != "N" && s != "S" {
			return nil, invalid
		}
	case eastWest:
		if s != "E" && s != "W" {
			return nil, invalid
		}
	}
	return s, nil
}

// checkNumber accepts the string form too, as the service does.
func (f field) checkNumber(value any, invalid *apiError) (any, *apiError) {
	var n float64
	var err error
	switch v := value.(type) {
	case json.Number:
		n, err = v.Float64()
	case string:
		n, err = strconv.ParseFloat(strings.TrimSpace(v), 64)
	case float64:
		n = v
	case int:
		n = float64(v)
	default:
		return nil, invalid
	}
	least := 0.0
	if f.name == "altitude" {
		least = -100000
	}
	if err != nil || math.IsNaN(n) || n < least || n > f.most {
		return nil, invalid
	}
	if f.kind == decimal {
		return n, nil
	}
	if n != math.Trunc(n) {
		return nil, invalid
	}
	return int(n), nil
}
