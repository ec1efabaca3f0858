package acceptance

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// leaf is an argument that can be declared in several ways; the first one is to leave it out where nil is among them.
type leaf struct {
	path   string // a.b.0.c
	values []any
}

// What a router, a record and a map of RRsets can declare. Values that mean the same in another spelling are among them
// on purpose.
var (
	routerLeaves = []leaf{
		{"name", []any{"R", "r", "r.example.com.", "x-r", "r.example.net."}},
		{"zone", []any{"example.com", "EXAMPLE.com.", "example.net"}},
		{"type", []any{nil, "CNAME"}},
		{"ttl", []any{3600, 7200}},
		{"overwrite", []any{nil, true}},
		{"on_outage", []any{nil, "degrade"}},
		{"evaluated_at", []any{"2026-01-02T10:00:00Z", "2026-01-02T10:05:00Z", "2026-01-02T11:00:00Z"}},
		{"max_health_age", []any{"900000h", nil}},
		{"failback.mode", []any{nil, "manual", "automatic"}},
		{"failback.delay", []any{"10m", nil, "0s"}},
		{"pin", []any{nil, map[string]any{"target": "b", "until": "2026-01-02T10:30:00Z"}, map[string]any{"target": "a"}}},
		{"desec.ttl", []any{nil, 3600, 7200}},
		{"cloudflare.comment", []any{nil, "one", "two"}},
		{"targets.0.values", []any{[]string{"a.example.net"}, []string{"A.example.net."}, []string{"other.example.net"}}},
		{"targets.0.healthy", []any{true, false, nil}},
		{"targets.1.name", []any{"b", "c"}},
		{"targets.1.values", []any{[]string{"b.example.net."}, []string{"b.example.net"}}},
		{"targets.1.healthy", []any{true, false, nil}},
	}
	recordLeaves = []leaf{
		{"name", []any{"R", "r", "r.example.com.", "x-r", "r.example.net."}},
		{"zone", []any{"example.com", "EXAMPLE.com.", "example.net"}},
		{"type", []any{"NS", "CNAME", "cname"}},
		{"ttl", []any{3600, 7200, nil}},
		{"overwrite", []any{nil, true}},
		{"on_outage", []any{nil, "degrade"}},
		{"values", []any{[]string{"a.example.net"}, []string{"A.example.net."}, []string{"b.example.net"}}},
		{"desec.ttl", []any{nil, 3600, 7200}},
		{"desec.values", []any{nil, []string{"a.example.net."}, []string{"a.example.net"}}},
		{"cloudflare.comment", []any{nil, "one", "two"}},
	}
	mapLeaves = []leaf{
		{"zone", []any{"example.com", "EXAMPLE.com.", "example.net"}},
		{"overwrite", []any{nil, true}},
		{"records.ONE/CNAME.values", []any{[]string{"a.example.net"}, []string{"A.example.net."}, []string{"b.example.net"}}},
		{"records.ONE/CNAME.ttl", []any{3600, 7200}},
		{"records.TWO/TXT.values", []any{[]string{"text"}, []string{`"text"`}, []string{"other"}}},
		{"records.TWO/TXT.ttl", []any{3600, 7200}},
		{"records.TWO/TXT.desec.ttl", []any{nil, 3600, 7200}},
		{"records.TWO/TXT", []any{protocol.Later{}}}, // as a whole, see declare
	}
)

// What is planned is what is planned again right before the apply, whatever was not known at first and whatever it
// turns out to be, the provider's own configuration included. Otherwise the CLI ends with "Provider produced
// inconsistent final plan" (design/unknown-values.md, design/facts/terraform-behaviour.md section 13).
func TestUnknown_PlanAndFinalPlanAgree(t *testing.T) {
	t.Parallel()
	for address, leaves := range map[string][]leaf{
		"multidns_router.r": routerLeaves, "multidns_record.r": recordLeaves, "multidns_zone_records.r": mapLeaves,
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			s := newBareStage(t, sandbox.Options{MoreZones: []string{"example.net"}})
			random := rand.New(rand.NewPCG(1, 2))
			applied := 0
			for i := range 80 {
				owner := fmt.Sprintf("r%d", i)
				before := chosen(random, leaves)
				after := maps.Clone(before)
				for range 1 + random.IntN(3) { // a few arguments change
					l := leaves[random.IntN(len(leaves))]
					after[l.path] = l.values[random.IntN(len(l.values))]
				}
				late := map[string]bool{}
				for range 1 + random.IntN(3) {
					late[leaves[random.IntN(len(leaves))].path] = true
				}
				if _, clocked := after["evaluated_at"]; clocked {
					// The usual run: the clock goes on, and health depends on what changes.
					after["evaluated_at"] = "2026-01-02T12:00:00Z"
					late[fmt.Sprintf("targets.%d.healthy", random.IntN(2))] = true
				}
				r := newDriven(t, s.box, patientTimeout)
				if i%10 == 0 { // a write that is owed
					s.box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable, Methods: sandbox.Writes})
				}
				first := r.apply(t.Context(), declare(address, owner, before, nil))
				s.box.Desec.Faults.Clear()
				if first.exit != 0 {
					continue // not every choice is a configuration
				}
				if i%3 == 0 {
					r.project.Provider["on_outage"] = protocol.Later{Value: "degrade"}
					late["the provider"] = true
				}
				r.project.NoRefresh = i%4 == 1
				second := r.apply(t.Context(), declare(address, owner, after, late))
				if strings.Contains(second.text, "CLI: provider error") {
					t.Errorf("%d: unknown in the plan: %v\nbefore %v\nafter %v\n%s", i, slices.Sorted(maps.Keys(late)), before, after, second.text)
				}
				if second.exit == 0 {
					applied++
				}
			}
			if applied < 15 {
				t.Errorf("only %d of 80 choices were applied: this proves little", applied)
			}
		})
	}
}

// While the provider's own configuration is not known nobody can be asked, and what needs no operator is planned as
// ever: another spelling and a clock that goes on are no difference, and what is owed is one.
func TestUnknown_ProviderConfiguration(t *testing.T) {
	t.Parallel()
	s := newSigned(t)
	configuration := func(zone, name, key, target string, clock int) protocol.Config {
		keys := s.config.Resources[signersAddress]
		keys.Args = maps.Clone(keys.Args)
		keys.Args["zone"] = zone
		return protocol.Config{Resources: map[string]protocol.Resource{
			signersAddress: keys,
			"multidns_record.r": {Type: "multidns_record", Args: map[string]any{
				"zone": zone, "name": name, "type": "CNAME", "values": []string{target}, "desec": map[string]any{"values": []string{target}},
			}},
			"multidns_router.r": {Type: "multidns_router", Args: map[string]any{
				"zone": zone, "name": "q" + name, "ttl": 3600, "evaluated_at": fmt.Sprintf("2026-01-02T1%d:00:00Z", clock),
				"targets": []any{map[string]any{"name": "a", "values": []string{target}, "healthy": clock == 0}},
			}},
			"multidns_zone_records.r": {Type: "multidns_zone_records", Args: map[string]any{
				"zone": zone, "records": map[string]any{key: map[string]any{"values": []string{target}}},
			}},
		}}
	}
	first := configuration("example.com", "one", "m/CNAME", "a.example.net", 0)
	again := configuration("Example.COM.", "ONE", "m/CNAME", "A.example.net.", 1)
	owing := maps.Clone(first.Resources)
	owing["multidns_record.owed"] = protocol.Resource{Type: "multidns_record", Args: map[string]any{
		"zone": "example.com", "name": "owed", "type": "A", "values": []string{"192.0.2.1"},
	}}
	s.run.must(t, first, 0)
	s.pass(2 * time.Hour) // no key is waited for any more
	s.run.must(t, first, 0)
	token := s.run.project.Provider["desec"].(map[string]any)["api_token"]
	s.run.project.Provider["desec"].(map[string]any)["api_token"] = protocol.Later{Value: token}
	if r := s.run.plan(t.Context(), again); r.exit != 0 {
		t.Errorf("nothing differs, and planned is %s", r.text)
	}
	s.box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable, Methods: sandbox.Writes})
	s.run.must(t, protocol.Config{Resources: owing}, 0)
	s.box.Desec.Faults.Clear()
	s.run.must(t, protocol.Config{Resources: owing}, 0)
	if got := s.run.project.State["multidns_record.owed"].Attr("in_sync"); got != true {
		t.Errorf("what was owed was not written: in_sync is %v", got)
	}
}

func chosen(random *rand.Rand, leaves []leaf) map[string]any {
	values := map[string]any{}
	for _, l := range leaves {
		values[l.path] = l.values[random.IntN(len(l.values))]
	}
	return values
}

// declare makes a configuration of the chosen arguments. Those in late are not known before the apply.
func declare(address, owner string, chosen map[string]any, late map[string]bool) protocol.Config {
	args := map[string]any{}
	if strings.HasPrefix(address, "multidns_router") {
		args["targets"] = []any{map[string]any{"name": "a"}, map[string]any{}}
	}
	for _, at := range slices.Sorted(maps.Keys(chosen)) {
		v := chosen[at]
		if text, ok := v.(string); ok && at == "name" {
			v = strings.Replace(strings.Replace(text, "r", owner, 1), "R", strings.ToUpper(owner), 1)
		}
		if _, whole := v.(protocol.Later); whole {
			continue // declared by its parts
		}
		if late[at] {
			v = protocol.Later{Value: v}
		}
		if v != nil {
			steps := strings.Split(strings.NewReplacer("ONE", owner+"-one", "TWO", owner+"-two").Replace(at), ".")
			put(args, steps, v)
		}
	}
	if late["records.TWO/TXT"] {
		records := args["records"].(map[string]any)
		records[owner+"-two/TXT"] = protocol.Later{Value: records[owner+"-two/TXT"]}
	}
	typ, _, _ := strings.Cut(address, ".")
	return protocol.Config{Resources: map[string]protocol.Resource{address: {Type: typ, Args: args}}}
}

// put sets what is below in, at steps.
func put(in map[string]any, steps []string, v any) {
	if len(steps) == 1 {
		in[steps[0]] = v
		return
	}
	if list, ok := in[steps[0]].([]any); ok {
		put(list[steps[1][0]-'0'].(map[string]any), steps[2:], v)
		return
	}
	inner, ok := in[steps[0]].(map[string]any)
	if !ok {
		inner = map[string]any{}
		in[steps[0]] = inner
	}
	put(inner, steps[1:], v)
}
