package cloudflare

import (
	"fmt"
	"strconv"
	"strings"
)

// locationFields are the members of "data" of a LOC record in presentation order (RFC 1876 section 3,
// design/facts/cloudflare-api.md section 3.3).
var locationFields = []string{
	"lat_degrees", "lat_minutes", "lat_seconds", "lat_direction",
	"long_degrees", "long_minutes", "long_seconds", "long_direction",
	"altitude", "size", "precision_horz", "precision_vert",
}

// locationDefaults are what the last three are when they are left out (RFC 1876 section 3), in metres.
var locationDefaults = []string{"1", "10000", "10"}

func isDirection(field string) bool { return strings.HasSuffix(field, "_direction") }

// isLength tells the fields that are metres.
func isLength(position int) bool { return position >= 8 }

// locationText is the presentation form. The three sizes may be missing.
func locationText(data map[string]looseString) (string, bool) {
	if data == nil {
		return "", false
	}
	parts := make([]string, len(locationFields))
	for i, name := range locationFields {
		value, there := data[name]
		if (!there || value == "") && i >= 9 {
			value, there = looseString(locationDefaults[i-9]), true
		}
		if !there {
			return "", false
		}
		parts[i] = string(value)
		if isDirection(name) {
			continue
		}
		n, err := strconv.ParseFloat(strings.TrimSuffix(string(value), "m"), 64)
		if err != nil {
			return "", false
		}
		switch {
		case isLength(i):
			parts[i] = fmt.Sprintf("%.2fm", n)
		case strings.HasSuffix(name, "_seconds"):
			parts[i] = fmt.Sprintf("%.3f", n)
		default:
			parts[i] = strconv.FormatFloat(n, 'f', -1, 64)
		}
	}
	return strings.Join(parts, " "), true
}

// locationData takes the canonical form, in which minutes and seconds are always there and the three sizes are all
// there or none.
func locationData(value string) (map[string]any, bool) {
	parts := strings.Fields(value)
	if len(parts) == 9 {
		parts = append(parts, locationDefaults...)
	}
	if len(parts) != len(locationFields) {
		return nil, false
	}
	data := make(map[string]any, len(parts))
	for i, name := range locationFields {
		if isDirection(name) {
			data[name] = parts[i]
			continue
		}
		n, err := strconv.ParseFloat(strings.TrimSuffix(parts[i], "m"), 64)
		if err != nil {
			return nil, false
		}
		data[name] = n
	}
	return data, true
}
