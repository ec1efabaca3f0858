package acceptance

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/cloudflare"
)

// settings are what Cloudflare keeps beside an RRset.
func (a *adversary) settings(typ string) map[string]any {
	drawn := map[string]any{}
	if a.random.IntN(2) == 0 {
		drawn["comment"] = pick(a.random, []string{"one", "two", ""})
	}
	if typ != "TXT" && a.random.IntN(2) == 0 {
		drawn["proxied"] = a.random.IntN(3) > 0
	}
	return drawn
}

// isProxied reports whether Cloudflare answers for the RRset with addresses of its own.
func (a *adversary) isProxied(owner, typ string) bool {
	return slices.ContainsFunc(a.box.Cloudflare.API.Records(a.box.Zone), func(r cloudflare.Record) bool {
		return r.Name+"." == owner && r.Type == typ && r.Proxied
	})
}

// ttlAt is the TTL that the operator stores for what is in state: of what is proxied it is 1, whatever is declared.
func (a *adversary) ttlAt(operator string, r instance) any {
	if operator == "cloudflare" && a.isProxied(ownerOf(fmt.Sprint(r.attr("name"))), fmt.Sprint(r.attr("type"))) {
		return 1
	}
	return r.attr("ttl")
}

// settingsAreKept: what is declared of proxy and comment is what Cloudflare keeps, at each record.
func (a *adversary) settingsAreKept() {
	for address, declared := range a.config.Resources {
		settings, _ := declared.Args["cloudflare"].(map[string]any)
		for _, r := range a.box.Cloudflare.API.Records(a.box.Zone) {
			if r.Name+"." != ownerOf(fmt.Sprint(declared.Args["name"])) || r.Type != declared.Args["type"] {
				continue
			}
			if proxied, ok := settings["proxied"]; ok && proxied != r.Proxied {
				a.fail("%s: proxied is %t at Cloudflare, declared %t", address, r.Proxied, proxied)
			}
			comment := ""
			if r.Comment != nil {
				comment = *r.Comment
			}
			if declared, ok := settings["comment"]; ok && declared != comment {
				a.fail("%s: the comment is %q at Cloudflare, declared %q", address, comment, declared)
			}
		}
	}
}

// retype gives a name of the map another type, or a second one.
func (a *adversary) retype() {
	entries := a.entries()
	if len(entries) == 0 {
		return
	}
	a.config = a.config.Clone()
	key := pick(a.random, slices.Sorted(maps.Keys(entries)))
	name, _, _ := strings.Cut(key, "/")
	if a.declares(name, wholeZone) {
		return // nothing is declared twice, nor beside a CNAME
	}
	for _, other := range slices.Sorted(maps.Keys(entries)) {
		if owner, _, _ := strings.Cut(other, "/"); owner == name && a.random.IntN(2) == 0 {
			delete(entries, other)
		}
	}
	for range 1 + a.random.IntN(2) {
		typ, values := a.content(name)
		entries[name+"/"+typ] = map[string]any{"values": values}
	}
	if entries[name+"/CNAME"] != nil {
		for other := range entries {
			if owner, typ, _ := strings.Cut(other, "/"); owner == name && typ != "CNAME" {
				delete(entries, other)
			}
		}
	}
	a.setEntries(entries)
	a.say("the map has %v", slices.Sorted(maps.Keys(entries)))
}
