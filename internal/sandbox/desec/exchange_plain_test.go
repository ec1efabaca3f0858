package desec_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

func plainHeaders(headers map[string]string) map[string]string {
	headers = maps.Clone(headers)
	if link, ok := headers["Link"]; ok {
		headers["Link"] = cursorPart.ReplaceAllString(link, "cursor=X")
	}
	return headers
}

var (
	conflictTypes = regexp.MustCompile(`database \(([A-Z, ]+)\)`)
	zonefileStart = regexp.MustCompile(`^; Zonefile for (\S+) exported from .*\n`)
	soaSerial     = regexp.MustCompile(`(get\.desec\.io\. get\.desec\.io\.) \d{10} `)
)

// plainBody takes out of a body what is arbitrary: times, keys, and the order of records, of RRsets and of the types in
// a complaint.
func plainBody(value any) any {
	switch value := value.(type) {
	case string:
		value = conflictTypes.ReplaceAllStringFunc(value, func(text string) string {
			types := strings.Split(text[len("database ("):len(text)-1], ", ")
			slices.Sort(types)
			return "database (" + strings.Join(types, ", ") + ")"
		})
		value = zonefileStart.ReplaceAllString(value, "; Zonefile for $1\n")
		return soaSerial.ReplaceAllString(value, "$1 SERIAL ")
	case []any:
		all := make([]any, len(value))
		for i, item := range value {
			all[i] = plainBody(item)
		}
		slices.SortStableFunc(all, func(a, b any) int { return strings.Compare(identity(a), identity(b)) })
		return all
	case map[string]any:
		all := map[string]any{}
		for name, item := range value {
			all[name] = plainMember(name, item)
		}
		return all
	default:
		return value
	}
}

func plainMember(name string, value any) any {
	text, isText := value.(string)
	switch {
	case isText && (name == "created" || name == "touched" || name == "published"):
		return "a time"
	case isText && name == "dnskey":
		return strings.Join(strings.Fields(text)[:3], " ")
	case name == "ds":
		var shapes []string
		for _, ds := range value.([]any) {
			parts := strings.Fields(ds.(string))
			shapes = append(shapes, fmt.Sprintf("%s %s with %d digits", parts[1], parts[2], len(parts[3])))
		}
		return shapes
	case name == "records":
		if items, ok := value.([]any); ok && !slices.ContainsFunc(items, func(item any) bool { _, ok := item.(string); return !ok }) {
			slices.SortFunc(items, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
			return items
		}
	}
	return plainBody(value)
}

// identity is by what an item of a list is sorted: RRsets and domains by name and type, anything else not at all.
func identity(item any) string {
	o, ok := item.(map[string]any)
	if !ok || o["created"] == nil {
		return ""
	}
	return fmt.Sprint(o["name"], o["type"])
}

// align shortens our list if the recording's is: of long ones it has the first two and the last. Which those are is
// arbitrary, as pages are; so each of them only has to be there.
func (p *player) align(x exchange, want, got any) (any, any) {
	wanted, ok := want.([]any)
	ours, ok2 := got.([]any)
	if !ok || !ok2 || len(wanted) == 0 || identity(wanted[0]) == "" {
		return want, got
	}
	if len(wanted) == len(ours) && x.Topic != "pagination" {
		return want, got
	}
	if x.Topic == "pagination" {
		// Another page may hold it: the order of RRsets that came in one request is arbitrary.
		name := strings.Split(x.Request.Path, "/")[4]
		ours = nil
		for _, set := range p.server.Stored(name) {
			ours = append(ours, map[string]any{
				"created": "a time", "touched": "a time", "domain": name, "name": set.Name, "type": set.Type, "ttl": float64(set.TTL),
				"subname": strings.TrimSuffix(strings.TrimSuffix(set.Name, name+"."), "."), "records": anyList(set.Values),
			})
		}
	}
	names := map[string]bool{}
	for _, item := range wanted {
		names[identity(item)] = true
	}
	ours = slices.DeleteFunc(slices.Clone(ours), func(item any) bool { return !names[identity(item)] })
	slices.SortFunc(ours, func(a, b any) int { return strings.Compare(identity(a), identity(b)) })
	return wanted, ours
}

func anyList(values []string) []any {
	var all []any
	for _, value := range values {
		all = append(all, value)
	}
	return all
}

var shortened = regexp.MustCompile(`^(?s)(.*)\.\.\.<(\d+) characters in all>$`)

// sameText compares texts of which one may be shortened in the recording, or quote another parser of JSON.
func sameText(a, b string) bool {
	const broken = "JSON parse error - "
	if a == b || strings.HasPrefix(a, broken) && strings.HasPrefix(b, broken) {
		return true
	}
	for _, pair := range [][2]string{{a, b}, {b, a}} {
		if part := shortened.FindStringSubmatch(pair[0]); part != nil {
			return strings.HasPrefix(pair[1], part[1]) && fmt.Sprint(len(pair[1])) == part[2]
		}
	}
	return false
}

func short(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	if len(text) > 300 {
		return string(text[:300]) + "…"
	}
	return string(text)
}
