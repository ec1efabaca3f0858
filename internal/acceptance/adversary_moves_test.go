package acceptance

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// wholeZone is the resource into which records move.
const wholeZone = "multidns_zone_records.z"

// declaredIn are the RRsets of a configuration, as name/type, with their address.
func declaredIn(c protocol.Config) map[string]string {
	found := map[string]string{}
	for address, r := range c.Resources {
		for _, key := range keysOf(r) {
			found[key] = address
		}
	}
	return found
}

func keysOf(r protocol.Resource) []string {
	switch r.Type {
	case "multidns_zone_records":
		records, _ := r.Args["records"].(map[string]any)
		return slices.Sorted(maps.Keys(records))
	case "multidns_router":
		return []string{fmt.Sprintf("%v/CNAME", r.Args["name"])}
	}
	return []string{fmt.Sprintf("%v/%v", r.Args["name"], r.Args["type"])}
}

// declares reports whether another address declares something at the name.
func (a *adversary) declares(name, but string) bool {
	for key, address := range declaredIn(a.config) {
		if owner, _, _ := strings.Cut(key, "/"); owner == name && address != but {
			return true
		}
	}
	return false
}

// records are the addresses that hold a single RRset of any type.
func (a *adversary) records() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(a.config.Resources)), func(address string) bool {
		return a.config.Resources[address].Type != "multidns_record"
	})
}

// recast lets a resource of another kind declare an RRset: a record becomes an entry of the map or, being a CNAME, a
// router, with a moved block or without; or one of those becomes a record again.
func (a *adversary) recast() {
	if a.random.IntN(2) == 0 && a.recastBack() {
		return
	}
	records := a.records()
	if len(records) == 0 {
		return
	}
	a.config = a.config.Clone()
	old := pick(a.random, records)
	args := a.config.Resources[old].Args
	delete(a.config.Resources, old)
	if args["type"] == "CNAME" && a.random.IntN(2) == 0 {
		to := strings.Replace(old, "multidns_record.", "multidns_router.", 1)
		router := map[string]any{"zone": args["zone"], "name": args["name"], "targets": []any{
			map[string]any{"name": "x", "values": args["values"], "healthy": true},
		}, "ttl": cmp.Or(args["ttl"], any(3600))}
		a.config.Resources[to] = protocol.Resource{Type: "multidns_router", Args: router}
		a.maybeMoved(old, to)
		return
	}
	key := fmt.Sprintf("%v/%v", args["name"], args["type"])
	entry := map[string]any{"values": args["values"]}
	if args["ttl"] != nil {
		entry["ttl"] = args["ttl"]
	}
	entries := a.entries()
	entries[key] = entry
	a.setEntries(entries)
	a.say("recast %s: %s is in the map", old, key)
}

// maybeMoved adds a moved block, or leaves the provider to find out.
func (a *adversary) maybeMoved(from, to string) {
	clear(a.config.Moved)
	if a.random.IntN(2) == 0 {
		a.config.Moved[from] = to
	}
	a.say("recast %s to %s, moved %v", from, to, a.config.Moved)
}

func (a *adversary) entries() map[string]any {
	records, _ := a.config.Resources[wholeZone].Args["records"].(map[string]any)
	if records == nil {
		return map[string]any{}
	}
	return maps.Clone(records)
}

func (a *adversary) setEntries(records map[string]any) {
	if len(records) == 0 {
		delete(a.config.Resources, wholeZone)
		return
	}
	a.config.Resources[wholeZone] = protocol.Resource{Type: "multidns_zone_records", Args: map[string]any{
		"zone": sandbox.Zone, "records": records, "overwrite": true,
	}}
}

func (a *adversary) recastBack() bool {
	others := slices.DeleteFunc(slices.Sorted(maps.Keys(a.config.Resources)), func(address string) bool {
		return a.config.Resources[address].Type == "multidns_record"
	})
	if len(others) == 0 {
		return false
	}
	a.config = a.config.Clone()
	old := pick(a.random, others)
	if old == wholeZone {
		records := a.entries()
		key := pick(a.random, slices.Sorted(maps.Keys(records)))
		name, typ, _ := strings.Cut(key, "/")
		entry, _ := records[key].(map[string]any)
		delete(records, key)
		a.setEntries(records)
		a.config.Resources[a.addressOf(name)] = protocol.Resource{Type: "multidns_record", Args: map[string]any{
			"zone": sandbox.Zone, "name": name, "type": typ, "values": entry["values"], "ttl": entry["ttl"],
		}}
		a.say("recast %s of the map to a record", key)
		return true
	}
	args := a.config.Resources[old].Args
	target, _ := args["targets"].([]any)[0].(map[string]any)
	delete(a.config.Resources, old)
	to := strings.Replace(old, "multidns_router.", "multidns_record.", 1)
	a.config.Resources[to] = protocol.Resource{Type: "multidns_record", Args: map[string]any{
		"zone": sandbox.Zone, "name": args["name"], "type": "CNAME", "values": target["values"], "ttl": args["ttl"],
	}}
	a.maybeMoved(old, to)
	return true
}

// renameOwner changes the name of an RRset, which replaces its resource, in either order.
func (a *adversary) renameOwner() {
	records := a.records()
	name := pick(a.random, adversaryNames)
	if len(records) == 0 || a.declares(name, "") {
		return
	}
	address := pick(a.random, records)
	args := maps.Clone(a.config.Resources[address].Args)
	if name == "@" && args["type"] == "CNAME" {
		return
	}
	a.config = a.config.Clone()
	args["name"] = name
	first := a.random.IntN(2) == 0
	a.config.Resources[address] = protocol.Resource{Type: "multidns_record", Args: args, CreateBeforeDestroy: first}
	a.say("%s gets the name %s, create_before_destroy %t", address, name, first)
}

// manner is how a command is given.
type manner struct {
	targets     []string
	replace     []string
	noRefresh   bool
	interrupt   int // like Ctrl-C, once so many calls, or requests, have begun
	parallelism int
	late        []string // resources whose key is not known in the plan: with the driver alone
	save        bool     // plan -out, and leave it
	saved       bool     // apply what was saved before
}

// whole reports whether a command has looked at everything.
func (m manner) whole() bool { return len(m.targets) == 0 && !m.noRefresh && !m.save && !m.saved }

func (m manner) String() string {
	text := "apply"
	switch {
	case m.save:
		text = "plan -out"
	case m.saved:
		text = "apply FILE"
	}
	if len(m.targets) > 0 {
		text += fmt.Sprintf(" -target=%v", m.targets)
	}
	if len(m.replace) > 0 {
		text += fmt.Sprintf(" -replace=%v", m.replace)
	}
	if m.noRefresh {
		text += " -refresh=false"
	}
	if len(m.late) > 0 {
		text += fmt.Sprintf(", keys not known at first: %v", m.late)
	}
	if m.parallelism > 0 && m.parallelism < 10 {
		text += fmt.Sprintf(" -parallelism=%d", m.parallelism)
	}
	if m.interrupt > 0 {
		text += fmt.Sprintf(", interrupted after %d calls", m.interrupt)
	}
	return text
}

// choose draws how the next command is given: mostly plainly.
func (a *adversary) choose() (m manner) {
	switch a.random.IntN(12) {
	case 0:
		addresses := slices.Sorted(maps.Keys(a.config.Resources))
		for address := range a.state {
			if !slices.Contains(addresses, address) {
				addresses = append(addresses, address)
			}
		}
		slices.Sort(addresses)
		for _, address := range addresses {
			if a.random.IntN(2) == 0 {
				m.targets = append(m.targets, address)
			}
		}
	case 1:
		m.noRefresh = true
	case 2:
		m.interrupt = 1 + a.random.IntN(4)
	case 3, 4:
		m.save = true
	case 5, 6:
		m.saved = a.saved != nil
	case 7:
		if len(a.box.Cloudflare.Faults.Active())+len(a.box.Desec.Faults.Active()) > 0 {
			break // a replacement whose second half fails leaves the RRset to whoever declares it next
		}
		for _, address := range slices.Sorted(maps.Keys(a.state)) {
			if a.random.IntN(2) == 0 {
				m.replace = append(m.replace, address)
			}
		}
	}
	if a.random.IntN(4) == 0 {
		for _, address := range slices.Sorted(maps.Keys(a.config.Resources)) {
			if _, stated := a.state[address]; stated && a.random.IntN(2) == 0 {
				m.late = append(m.late, address)
			}
		}
	}
	m.parallelism = pick(a.random, []int{1, 2, 10, 10})
	return m
}

// withLate is the configuration with what names those resources not known before the apply.
func withLate(c protocol.Config, late []string) protocol.Config {
	c = c.Clone()
	for _, address := range late {
		r, named := c.Resources[address], "name"
		if r.Type == "multidns_zone_records" {
			named = "zone"
		}
		r.Args = maps.Clone(r.Args)
		r.Args[named] = protocol.Later{Value: r.Args[named]}
		c.Resources[address] = r
	}
	return c
}

// carryOut gives the command.
func (a *adversary) carryOut(m manner) ran {
	r := a.run.give(a.t.Context(), a.config, m)
	switch {
	case m.save && r.planned:
		config := a.config
		a.saved = &config
	case m.save, m.saved:
		a.saved = nil
	}
	a.state = a.run.instances(a.t.Context())
	return r
}

// guard notes what may not be absent during the next command: what an operator holds, the state knows, and the
// configuration goes on to declare.
func (a *adversary) guard(m manner) {
	declared := declaredIn(a.config)
	if m.saved {
		then := declaredIn(*a.saved)
		maps.DeleteFunc(declared, func(key, address string) bool { return then[key] != address })
	}
	stated := map[string][]string{}
	for address, r := range a.state {
		for _, key := range stateKeys(r) {
			stated[key] = append(stated[key], address)
		}
	}
	guarded := map[string][]string{}
	for _, name := range bothOperators {
		for key, address := range declared {
			owner, typ, _ := strings.Cut(key, "/")
			// To target the old address alone is to ask for its destruction.
			targeted := func(address string) bool { return slices.Contains(m.targets, address) }
			asked := slices.ContainsFunc(stated[key], targeted) && !targeted(address)
			if stated[key] != nil && !asked && a.holdsType(name, owner, typ) {
				guarded[name] = append(guarded[name], key)
			}
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.guarded = guarded
}

func stateKeys(r instance) []string {
	if r.typ != "multidns_zone_records" {
		typ := r.attr("type")
		return []string{fmt.Sprintf("%v/%v", r.attr("name"), typ)}
	}
	records, _ := r.attr("records").(map[string]any)
	return slices.Sorted(maps.Keys(records))
}

// watch looks after each write of an operator.
func (a *adversary) watch(operator string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, key := range a.guarded[operator] {
		if owner, typ, _ := strings.Cut(key, "/"); !a.holdsType(operator, owner, typ) {
			a.fail("%s is declared and in state, and was absent at %s between two writes", key, operator)
		}
	}
}

// mapIsTruthful: an entry that differences does not name is held.
func (a *adversary) mapIsTruthful(address string, r instance, operator string) {
	records, _ := r.attr("records").(map[string]any)
	for key := range records {
		if status := r.attr("differences", key, "operators", operator, "status"); status != nil && status != "in_sync" {
			continue
		}
		owner, typ, _ := strings.Cut(key, "/")
		if !a.holdsType(operator, owner, typ) {
			a.fail("%s: %s is in sync at %s by the state; it holds %q", address, key, operator, heldAt(a.box, operator, ownerOf(owner)))
		}
	}
}
