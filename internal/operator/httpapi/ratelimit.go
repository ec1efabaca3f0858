package httpapi

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// remainder is what a Ratelimit header says: how many requests are left, and for how long.
type remainder struct {
	left  int
	reset time.Duration
	// limit is the limit in words, "" if Ratelimit-Policy does not give it.
	limit string
}

// remainderOf reads Ratelimit and Ratelimit-Policy (draft-ietf-httpapi-ratelimit-headers-10,
// design/facts/cloudflare-api.md section 6). Of several limits it returns the one with the fewest requests left. The
// headers are optional: what is malformed, or cannot be in force for longer than longest, is as good as not said.
func remainderOf(h http.Header, longest time.Duration) (tightest remainder, ok bool) {
	for _, item := range items(h.Values("Ratelimit")) {
		left, okLeft := item.number("r")
		reset, okReset := item.number("t")
		if !okLeft || !okReset || reset > int(longest/time.Second) {
			continue
		}
		found := remainder{left, time.Duration(reset) * time.Second, policy(h, item.name)}
		if !ok || found.left < tightest.left || found.left == tightest.left && found.reset > tightest.reset {
			tightest, ok = found, true
		}
	}
	return tightest, ok
}

// policy puts the limit of that name in words.
func policy(h http.Header, name string) string {
	for _, item := range items(h.Values("Ratelimit-Policy")) {
		quota, okQuota := item.number("q")
		window, okWindow := item.number("w")
		if item.name == name && okQuota && okWindow {
			return fmt.Sprintf("%d requests in %d seconds", quota, window)
		}
	}
	return ""
}

// item is a member of a list of strings with parameters, "name";key=1 (RFC 9651 sections 3.1 and 3.3).
type item struct {
	name       string
	parameters map[string]string
}

// items leaves out what is no such member. A name with a comma or a semicolon is not understood.
func items(lines []string) []item {
	var all []item
	for _, member := range strings.Split(strings.Join(lines, ","), ",") {
		name, rest, _ := strings.Cut(strings.TrimSpace(member), ";")
		name = strings.TrimSpace(name)
		if len(name) < 2 || name[0] != '"' || strings.IndexByte(name[1:], '"') != len(name)-2 {
			continue
		}
		found := item{name: name[1 : len(name)-1], parameters: make(map[string]string)}
		for parameter := range strings.SplitSeq(rest, ";") {
			key, value, _ := strings.Cut(strings.TrimSpace(parameter), "=")
			found.parameters[key] = value
		}
		all = append(all, found)
	}
	return all
}

// number is a parameter that is a whole number.
func (i item) number(key string) (int, bool) {
	n, err := strconv.ParseUint(i.parameters[key], 10, 31)
	return int(n), err == nil
}
