package core_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

const zone = "example.com."

func record(name, typ string, ttl uint32, values ...string) operator.RRset {
	key, err := rrset.NewKey(zone, name, typ)
	if err != nil {
		panic(err)
	}
	r, err := rrset.New(key, ttl, values)
	if err != nil {
		panic(err)
	}
	return operator.RRset{RRset: r}
}

// story is a state, a configuration and what happens between them.
type story struct {
	name string
	// before and after are configurations, by address. The first is applied without a fault.
	before, after map[string]operator.RRset
	// middle are applied between them, one after the other, with faults as well.
	middle []config
	// foreign is held by both operators, or by one of them, and declared nowhere.
	foreign []operator.RRset
	only    string
	// target limits the first run after the change.
	target []string
	options
	// bad and poison are what operator one refuses, or cannot digest, until the faults end.
	bad, poison []rrset.Key
	// names: it tells which change is bad. page bounds the pages of its list.
	names bool
	page  int
}

func (s story) begin(t *testing.T) *terraform {
	t.Helper()
	tf := &terraform{world: newWorld("one", "two"), config: s.before, state: map[string]*instance{}, told: map[rrset.Key]bool{}, notes: map[string]note{}, past: map[rrset.Key]string{}, loose: map[rrset.Key]bool{}, handed: map[rrset.Key]bool{}, adrift: map[rrset.Key]bool{}, ours: map[string]bool{}, alike: map[string]bool{}, options: s.options}
	for _, service := range tf.world.operators {
		service.strict = true
		service.hold(s.foreignAt(service.name)...)
	}
	tf.round(&script{}, 10, calm, false, func(string) {})
	for _, inst := range tf.state {
		if len(inst.owed) > 0 {
			t.Fatalf("the story does not begin in order: %+v", inst)
		}
	}
	tf.config = s.after
	one := tf.world.service("one")
	one.names, one.page = s.names, s.page
	for _, key := range s.bad {
		one.bad[key] = true
	}
	for _, key := range s.poison {
		one.poison[key] = true
	}
	return tf
}

// heal ends all faults.
func (w *world) heal() {
	w.settle()
	for _, s := range w.operators {
		clear(s.bad)
		clear(s.poison)
	}
}

// round is plan and apply, each a process of its own.
func (tf *terraform) round(c chooser, parallel int, faults faults, cancel bool, check func(string)) (plans []*planned, trace []string) {
	if tf.elsewhere {
		clear(tf.notes)
		clear(tf.past)
	}
	tf.orphan()
	p := tf.newWalk(c, parallel, faults, false, check)
	plans = tf.plan(p)
	errors := tf.errors
	a := tf.newWalk(c, parallel, faults, cancel, check)
	tf.apply(a, plans)
	tf.errors = errors
	return plans, slices.Concat(p.trace, []string{"--- apply"}, a.trace)
}

// orphan notes what was left to an address that has not taken it and is gone from the configuration: nobody may delete
// it, for who plans first cannot know that nobody declares it any more.
func (tf *terraform) orphan() {
	declared := map[rrset.Key]bool{}
	for _, want := range tf.config {
		declared[want.Key] = true
	}
	for _, inst := range tf.state {
		for _, ceded := range inst.LeftToOthers(inst.want.Key) {
			if !declared[ceded.Key] {
				tf.loose[ceded.Key] = true
			}
		}
	}
	for key := range tf.handed { // who declares it, or what cannot stand beside it, takes it
		excluded := slices.ContainsFunc(slices.Collect(maps.Keys(declared)), key.Excludes)
		if tf.past[key] != "adrift" || !declared[key] && !excluded {
			tf.loose[key] = true
		}
	}
}

// play is one run of a story: a round with faults, then rounds without, until all is in order. It returns what was
// broken.
func (s story) play(t *testing.T, c chooser, parallel int, faults faults, cancel bool) (broken []string) {
	t.Helper()
	tf := s.begin(t)
	var trace []string
	defer func() {
		if p := recover(); p != nil {
			broken = append(broken, fmt.Sprint(p), string(debug.Stack()))
		}
		if len(broken) > 0 {
			broken = append(broken, trace...)
		}
	}()
	say := func(format string, args ...any) { broken = append(broken, fmt.Sprintf(format, args...)) }
	// What is held at the beginning and declared must never be absent.
	must := map[string]map[rrset.Key]bool{}
	for _, service := range tf.world.operators {
		must[service.name] = map[rrset.Key]bool{}
		for address, r := range s.after {
			// A run that is told to look at one address alone cannot know the others.
			if s.target != nil && !slices.Contains(s.target, address) {
				continue
			}
			if _, held := service.held[r.Key]; held {
				must[service.name][r.Key] = true
			}
		}
	}
	// Nor a name be empty at which one thing is to take the place of another.
	names := map[string]map[string]bool{}
	for _, service := range tf.world.operators {
		names[service.name] = map[string]bool{}
	}
	holding := func() {
		for _, service := range tf.world.operators {
			clear(names[service.name])
			for address, r := range s.after {
				if s.target == nil || slices.Contains(s.target, address) {
					names[service.name][r.Name] = names[service.name][r.Name] || service.gives(r.Key)
				}
			}
		}
	}
	holding()
	check := func(when string) {
		for _, service := range tf.world.operators {
			for name, was := range names[service.name] {
				if was && !service.holds(name) && !service.erased[rrset.Key{Zone: zone, Name: name}] {
					say("%s: %s is empty at %s", when, name, service.name)
				}
			}
			for key, was := range must[service.name] {
				if _, held := service.held[key]; was && !held && !service.erased[key] {
					say("%s: %s is absent at %s", when, key, service.name)
				}
			}
			for _, r := range s.foreignAt(service.name) {
				if now, held := service.held[r.Key]; s.protects(tf, service.name, r) && (!held || show(now) != show(r)) {
					say("%s: the foreign %s was changed at %s", when, r.Key, service.name)
				}
			}
			for _, fault := range service.faults {
				say("%s: %s", when, fault)
			}
		}
	}
	for _, middle := range s.middle {
		tf.config = middle
		_, more := tf.round(c, parallel, faults, cancel, func(string) {})
		trace = append(trace, more...)
		s.nothingLost(tf, say)
		trace = append(trace, "=== then")
		if c.choose(2, "what is late comes") == 1 {
			tf.world.settle()
		}
		tf.config = s.after
		for _, service := range tf.world.operators { // what is left of it, and who knows it
			for key := range must[service.name] {
				_, held := service.held[key]
				must[service.name][key] = held
			}
		}
		holding()
	}
	if s.target != nil {
		tf.target = map[string]bool{}
		for _, a := range s.target {
			tf.target[a] = true
		}
	}
	_, more := tf.round(c, parallel, faults, cancel, check)
	trace = append(trace, more...)
	tf.target = nil
	s.nothingLost(tf, say)
	tf.world.heal()
	tf.prompt = true
	heal := func() {
		_, more := tf.round(c, parallel, calm, false, check)
		trace = append(append(trace, "=== without faults"), more...)
	}
	if s.elsewhere {
		parallel = 10 // without memory, a CLI that works on one call at a time may meet in a plan what it is about to read
	}
	doubted := tf.doubted()
	heal()
	if s.declares(ds.Key) && parallel < 10 || doubted {
		// One half of a delegation may wait in vain for the other, if the CLI begins with few at a time, and what is in
		// doubt for what takes its place, or takes it over.
		heal()
	}
	if doubted && parallel < 10 {
		heal() // and does not learn that it was taken if that is planned later
	}
	if len(tf.loose) > 0 { // somebody has to decide what becomes of it
		return broken
	}
	plans, rest := tf.round(c, parallel, calm, false, check)
	trace = append(append(trace, "=== last plan"), rest...)
	if s.contested(tf) { // and of this
		return broken
	}
	for _, err := range tf.errors {
		say("the last plan fails: %s", err)
	}
	if len(plans) > 0 {
		say("the plan after healing is not empty: %+v", *plans[0])
	}
	for _, service := range tf.world.operators {
		lines := s.wanted(tf, service.name)
		if got := service.lines(); !slices.Equal(got, lines) {
			say("%s holds %q in the end, want %q", service.name, got, lines)
		}
		for _, r := range s.after {
			// What a run by target took over it knows nothing of, nor does who finds what was handed over to nobody.
			if service.unpublished[r.Key] && s.target == nil && !tf.adrift[r.Key] {
				say("%s does not serve %s in the end", service.name, r.Key)
			}
		}
	}
	return broken
}

// looseAt reports whether something at the owner name of key was told of and is in no state.
func (tf *terraform) looseAt(key rrset.Key) bool {
	for loose := range tf.loose {
		if loose.Name == key.Name {
			return true
		}
	}
	return false
}

// doubted reports whether an address does not know what will come of its writes.
func (tf *terraform) doubted() bool {
	return slices.ContainsFunc(slices.Collect(maps.Values(tf.state)), func(inst *instance) bool { return len(inst.Doubts) > 0 })
}

// declares reports whether any configuration of the story declares the key.
func (s story) declares(key rrset.Key) bool {
	for _, config := range append([]config{s.before, s.after}, s.middle...) {
		for _, want := range config {
			if want.Key == key {
				return true
			}
		}
	}
	return false
}

// wanted is what an operator shall hold in the end.
func (s story) wanted(tf *terraform, name string) (lines []string) {
	for _, r := range s.after {
		lines = append(lines, show(r))
	}
	for _, r := range s.foreignAt(name) {
		if stillForeign(tf, name, r) || s.protects(tf, name, r) {
			lines = append(lines, show(r))
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// foreignAt is what an operator holds that is declared nowhere.
func (s story) foreignAt(name string) []operator.RRset {
	if s.only != "" && s.only != name {
		return nil
	}
	return s.foreign
}

// protects reports whether a foreign RRset may not be touched at an operator: the state has never had it there, and
// nobody said that it may be overwritten.
func (s story) protects(tf *terraform, name string, r operator.RRset) bool {
	if s.overwrite && s.declares(r.Key) {
		return false
	}
	return !tf.ours[name+" "+r.Key.ID()] && !tf.alike[name+" "+r.Key.ID()]
}

// stillForeign reports whether an operator holds a foreign RRset that the state has never had there, whether it may be
// overwritten or not.
func stillForeign(tf *terraform, name string, r operator.RRset) bool {
	now, held := tf.world.service(name).held[r.Key]
	return held && show(now) == show(r) && !tf.ours[name+" "+r.Key.ID()]
}

// contested reports whether a foreign RRset stands where another one is declared, which nobody but a user can heal.
func (s story) contested(tf *terraform) bool {
	for _, r := range s.foreign {
		for _, want := range s.after {
			clash := want.Key == r.Key && show(want) != show(r) ||
				want.Excludes(r.Key)
			if clash && (stillForeign(tf, "one", r) || stillForeign(tf, "two", r)) {
				return true
			}
		}
	}
	return false
}

// nothingLost: what an operator holds, or may come to hold, is foreign, in the state, or was told in an error.
func (s story) nothingLost(tf *terraform, say func(string, ...any)) {
	for _, service := range tf.world.operators {
		for key := range service.sometime().held {
			known := tf.told[key] || tf.loose[key] || tf.handed[key] || slices.ContainsFunc(s.foreign, func(r operator.RRset) bool { return r.Key == key })
			for _, inst := range tf.state {
				known = known || inst.want.Key == key || key.Name == inst.want.Name && (inst.Former[service.name][key.Type] || inst.Ceded[service.name][key.Type])
			}
			for _, r := range tf.config { // handed over: the configuration declares it
				known = known || r.Key == key
			}
			if !known {
				say("%s holds %s, which nobody knows any more", service.name, key)
			}
		}
	}
	owners := map[rrset.Key]int{}
	for _, inst := range tf.state {
		owners[inst.want.Key]++
	}
	for address, inst := range tf.state {
		if len(s.middle) > 0 && s.target != nil && !slices.Contains(s.target, address) {
			continue // not read since the run in between was interrupted
		}
		if inst.stale || owners[inst.want.Key] > 1 { // one of them has not been read since the other took it
			continue
		}
		for _, service := range tf.world.operators {
			held, there := service.sometime().held[inst.want.Key]
			if s.target != nil { // others that leave the name were not asked
				held, there = service.held[inst.want.Key]
			}
			if inst.owed[service.name] || inst.Doubts[service.name] != core.NoDoubt || inst.Foreign[service.name] || tf.looseAt(inst.want.Key) {
				continue
			}
			if want, declared := tf.config[address]; !declared || want.Key != inst.want.Key {
				continue // about to go, and not read since another one made room for itself
			}
			if !there || show(held) != show(inst.want) {
				say("the state says that %s is in sync at %s, which holds %q", address, service.name, show(held))
			}
		}
	}
}

var (
	a1    = record("www", "A", 3600, "192.0.2.1")
	a2    = record("www", "A", 3600, "192.0.2.2")
	aaaa  = record("www", "AAAA", 3600, "2001:db8::1")
	cname = record("www", "CNAME", 3600, "front.example.net.")
	txt   = record("www", "TXT", 3600, `"v"`)
	ns    = record("www", "NS", 3600, "ns.example.net.")
	ds    = record("www", "DS", 3600, "2371 13 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")
	api1  = record("api", "A", 3600, "192.0.2.8")
	api2  = record("api", "A", 3600, "192.0.2.9")
	mail1 = record("mail", "A", 3600, "192.0.2.15")
	mail2 = record("mail", "A", 3600, "192.0.2.16")
)

type config = map[string]operator.RRset

var stories = []story{
	{name: "create", after: config{"a": a1}},
	{name: "adopt", after: config{"a": a1}, foreign: []operator.RRset{a1}},
	{name: "conflict", after: config{"a": a2}, foreign: []operator.RRset{a1}},
	{name: "beside", after: config{"a": a1}, foreign: []operator.RRset{api1}},
	{name: "change", before: config{"a": a1}, after: config{"a": a2}},
	{name: "type", before: config{"a": a1}, after: config{"a": cname}},
	{name: "delete", before: config{"a": a1}, after: config{}},
	{name: "rename", before: config{"a": a1}, after: config{"b": a1}},
	{name: "rename and change", before: config{"a": a1}, after: config{"b": a2}},
	{name: "rename by target", before: config{"a": a1}, after: config{"b": a1}, target: []string{"b"}},
	{name: "rename, change by target", before: config{"a": a1}, after: config{"b": a2}, target: []string{"a"}},
	{name: "move", before: config{"a": a1}, after: config{"a": api1}},
	{name: "swap", before: config{"a": a1, "b": api1}, after: config{"a": api1, "b": a1}},
	{name: "swap names", before: config{"a": a1, "b": api1}, after: config{"a": api2, "b": a2}},
	{name: "rotate names", before: config{"a": a1, "b": api1, "c": mail1}, after: config{"a": api2, "b": mail2, "c": a2}},
	{name: "push names on", before: config{"a": api1, "b": a1, "c": txt}, after: config{"a": mail1, "b": api2, "d": txt}},
	{name: "shift", before: config{"a": a1, "b": api1}, after: config{"a": api1}},
	{name: "join to a CNAME", before: config{"a": a1, "b": aaaa}, after: config{"c": cname}},
	{name: "keep one, join", before: config{"a": a1, "b": aaaa}, after: config{"a": cname}},
	{name: "part from a CNAME", before: config{"a": cname}, after: config{"b": a1, "c": aaaa}},
	{name: "two creations", after: config{"a": a1, "b": api1}},
	{name: "cede", before: config{"a": a1}, after: config{"a": aaaa, "c": a1}},
	{name: "cede and change", before: config{"a": a1}, after: config{"a": aaaa, "c": a2}},
	{name: "delegate", before: config{"a": a1, "b": aaaa}, after: config{"c": ns, "d": ds}},
	{name: "delegate one, drop one", before: config{"a": a1, "b": aaaa}, after: config{"a": ns}},
	{name: "take a delegation back", before: config{"a": ns, "b": ds}, after: config{"c": a1, "d": aaaa}},
	{name: "take a delegation back in place", before: config{"a": ns, "b": ds}, after: config{"a": a1}},
	{name: "drop a delegation", before: config{"a": ns, "b": ds}, after: config{}},
	{name: "secure a delegation", before: config{"a": ns}, after: config{"a": ns, "b": ds}},
	{name: "move and part", before: config{"a": cname}, after: config{"a": api2, "d": aaaa}},
}

// TestSimulation_EveryOrder plays every story without a fault in every order of calls and answers, one call at a time
// and two.
func TestSimulation_EveryOrder(t *testing.T) {
	for _, s := range stories {
		for _, parallel := range []int{1, 2} {
			t.Run(fmt.Sprintf("%s/%d", s.name, parallel), func(t *testing.T) {
				t.Parallel()
				enumerate(t, s, parallel, calm, false, runs(200))
			})
		}
	}
}

// TestSimulation_EveryFault lets one operator, and then both, fail in every way at every request, and interrupts at
// every point.
func TestSimulation_EveryFault(t *testing.T) {
	one := func(_ chooser, name string, write bool) []string {
		switch {
		case name != "one":
			return []string{fine}
		case write:
			return writeFaults
		}
		return readFaults
	}
	for _, s := range stories {
		for _, cancel := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/interrupt=%t", s.name, cancel), func(t *testing.T) {
				t.Parallel()
				enumerate(t, s, 2, one, cancel, runs(200))
			})
		}
	}
}

// enumerate plays a story in all ways, up to a limit, beyond which the rest is left to chance.
func enumerate(t *testing.T, s story, parallel int, faults faults, cancel bool, limit int) {
	t.Helper()
	c := &script{}
	for n := 0; ; n++ {
		if broken := s.play(t, c, parallel, faults, cancel); len(broken) > 0 {
			t.Fatalf("run %d, choices %v:\n%s", n, c.picks, strings.Join(broken, "\n"))
		}
		if !c.next() {
			return
		}
		if n >= limit {
			random(t, s, parallel, faults, cancel, limit)
			return
		}
	}
}

func random(t *testing.T, s story, parallel int, faults faults, cancel bool, runs int) {
	t.Helper()
	for seed := range uint64(runs) {
		c := dice{rand.New(rand.NewPCG(seed, 1))}
		if broken := s.play(t, c, parallel, faults, cancel); len(broken) > 0 {
			t.Fatalf("seed %d:\n%s", seed, strings.Join(broken, "\n"))
		}
	}
}

// runs is how many runs to play: usual, and as many times more as MULTIDNS_SIMULATION says.
func runs(usual int) int {
	times, err := strconv.ParseFloat(os.Getenv("MULTIDNS_SIMULATION"), 64)
	if err != nil {
		return usual
	}
	return int(float64(usual) * times)
}

// TestSimulation_Random plays random stories with random faults.
func TestSimulation_Random(t *testing.T) {
	t.Parallel()
	started := time.Now()
	for seed := range uint64(runs(5000)) {
		if s, broken := randomPlay(t, seed); len(broken) > 0 {
			t.Fatalf("seed %d: %+v\n%s", seed, s, strings.Join(broken, "\n"))
		}
	}
	t.Logf("%d runs in %s", runs(5000), time.Since(started).Round(time.Millisecond))
}

// counterExamples are the stories in which a fault was once found, named for it.
var counterExamples = []story{
	{
		name:   "what stood under the new type at an operator that was out became ours unseen",
		before: config{"a": aaaa}, after: config{"a": a1}, foreign: []operator.RRset{a2}, only: "one",
	},
	{
		name:   "what a handed-over RRset was not served did not reach the one that could not write it",
		before: config{"c": cname}, middle: []config{{"c": a2}, {"b": a1, "d": txt}}, after: config{"d": a2},
	},
	{
		name:   "what was stored and not served drifted, and came back without a write",
		before: config{}, middle: []config{{"a": api2}, {"a": api1}}, after: config{"a": api2},
	},
	{
		name:   "left to an address whose plan failed in the apply, and then of another type",
		before: config{"a": a1}, middle: []config{{"b": a1, "c": api1}}, after: config{"b": cname, "c": api1},
	},
	{
		name:   "a change waited for a deletion, and that for the change",
		before: config{"a": a1}, middle: []config{{"a": aaaa, "b": a2}}, after: config{"b": cname, "d": api2}, foreign: []operator.RRset{a2},
	},
	{
		name:   "who took over what was stored and not served did not know of it",
		before: config{"a": cname}, middle: []config{{"a": aaaa, "c": a2}}, after: config{"b": aaaa, "d": a2},
	},
	{
		name:   "what the run wrote itself made an empty list look like a lie",
		middle: []config{{"a": cname, "b": api1}}, after: config{"b": a2, "c": api2, "d": aaaa},
	},
	{
		name:   "what a roll-back may still put back was forgotten by those that deleted it",
		before: config{"a": api1, "c": a1, "d": aaaa}, middle: []config{{"b": cname, "c": api1}}, after: config{"d": cname},
	},
	{name: "an update wrote beside a CNAME that the run was about to delete", before: config{"a": cname}, after: config{"a": api2, "d": aaaa}},
	{
		name: "an update deleted its former type although another resource declared it", before: config{"a": a1},
		middle: []config{{"b": a1, "c": api2}}, after: config{"a": aaaa, "c": a1},
	},
	{
		name: "a former type was deleted after another resource had taken it", before: config{"a": a2},
		middle: []config{{"d": a1}}, after: config{"a": aaaa, "c": api2, "d": a2},
	},
	{
		name: "a change of type whose answer was lost left the state with the old type alone", before: config{"a": aaaa, "b": api1},
		middle: []config{{"a": a2, "d": api2}}, after: config{"a": api1, "c": aaaa},
	},
	{name: "an interrupted write hid that it was in doubt", before: config{"b": api1}, middle: []config{{"a": a2, "c": aaaa}}, after: config{}},
	{
		name:   "a deletion ended because another write had taken the RRset with it, and that was not carried out",
		before: config{"a": cname}, middle: []config{{"a": aaaa, "b": api1}}, after: config{"d": a1},
	},
	{
		name:   "a change that failed everywhere was called in sync while another one had made room for itself",
		before: config{"a": cname}, middle: []config{{"a": aaaa, "b": a1, "d": api2}}, after: config{"a": cname},
	},
	{name: "two creations deleted one CNAME twice in one request", before: config{"a": cname}, middle: []config{{"c": a2}}, after: config{"b": aaaa, "d": a1}},
	{
		name: "back to a former type, what stood beside it was left", before: config{"a": a2, "b": aaaa},
		middle: []config{{"a": aaaa}}, after: config{"a": a2}, target: []string{"a"},
	},
	{
		name: "a note of an interrupted plan kept an RRset that nobody declared any more", before: config{"a": a2},
		middle: []config{{"a": aaaa, "c": a2}}, after: config{"a": cname},
	},
	{
		name: "back to a former type and interrupted, what it had been changed to was forgotten", before: config{"a": aaaa, "c": a1},
		middle: []config{{"a": a1}}, after: config{"a": aaaa, "d": api2},
	},
	{name: "the plan of an apply wrote over what the plan before it had noted", before: config{"a": a1}, after: config{"a": aaaa, "c": a2}},
	{
		name: "what was left to another address was foreign to it in the apply", before: config{"a": a1},
		middle: []config{{"a": aaaa, "c": a2}}, after: config{"a": aaaa, "c": a2},
	},
	{
		name: "a type that was never read was deleted when it changed", middle: []config{{"a": a2}},
		after: config{"a": aaaa}, foreign: []operator.RRset{a1},
	},
	{
		name: "what was never read was overwritten under a new address", middle: []config{{"a": a2}},
		after: config{"b": a2}, foreign: []operator.RRset{a1},
	},
	{
		name: "of two former types at one operator the first was forgotten", before: config{"a": aaaa, "c": a1},
		middle: []config{{"a": a1, "c": api2}}, after: config{"a": cname}, target: []string{"a"}, bad: []rrset.Key{cname.Key},
	},
	{
		name: "a type changed twice where the operator took neither change", before: config{"a": a1},
		middle: []config{{"a": aaaa}}, after: config{"a": cname}, bad: []rrset.Key{aaaa.Key, cname.Key},
	},
	{
		name: "a type changed twice where the operator could digest neither", before: config{"a": a1},
		middle: []config{{"a": aaaa}}, after: config{"a": cname}, poison: []rrset.Key{aaaa.Key, cname.Key},
	},
	{
		name: "a type changed to a CNAME, back and on where the operator took no change", before: config{"a": a1},
		middle: []config{{"a": cname}, {"a": a1}}, after: config{"a": txt}, bad: []rrset.Key{cname.Key, txt.Key},
	},
	{
		name: "a type changed three times, with another address at the name", before: config{"a": aaaa, "c": a1},
		middle: []config{{"a": a1, "c": txt}, {"a": txt, "c": a2}}, after: config{"a": cname},
	},
	{
		name: "a former type was forgotten with its address although the one that declared it could not take it", before: config{"c": a2},
		middle: []config{{"c": txt, "d": api2}, {"b": a1, "d": api2}}, after: config{}, bad: []rrset.Key{api2.Key},
	},
	{
		name: "what an address had was foreign to the one that took it over and had not read it", before: config{"a": a1},
		middle: []config{{"a": a2}}, after: config{"b": a1}, target: []string{"b"},
	},
	{
		name: "two former types at one operator were to be deleted", before: config{"a": aaaa, "c": a1},
		middle: []config{{"a": a1, "c": api2}, {"a": cname}}, after: config{}, bad: []rrset.Key{cname.Key},
	},
	{
		name: "two former types were to be deleted after their address had been handed over", before: config{"a": aaaa, "c": a1},
		middle: []config{{"a": a1, "c": api2}, {"a": cname}}, after: config{"b": cname}, bad: []rrset.Key{cname.Key},
	},
	{
		name: "what was put back and not served was forgotten", before: config{"a": cname, "c": api1},
		middle: []config{{"c": txt}, {"a": a1, "b": txt}}, after: config{"b": api1},
	},
	{
		name: "what was written in doubt where nothing had been read was foreign when it changed its type", before: config{"d": aaaa},
		middle: []config{{"a": a1}, {"a": cname, "b": api2}}, after: config{"a": a1, "b": txt, "c": aaaa}, target: []string{"a"},
		options: options{overwrite: true},
	},
	{name: "a switch that was not answered came after it was switched back", before: config{"a": a1}, middle: []config{{"a": a2}}, after: config{"a": a1}},
	{name: "a creation that was not answered came after its address was destroyed", middle: []config{{"a": a1}}, after: config{}},
	{name: "a deletion that was not answered came after it was taken back", before: config{"a": a1}, middle: []config{{}}, after: config{"a": a1}},
	{name: "what was not answered came to an address that knew nothing of it", before: config{"a": a1}, middle: []config{{"a": a2}}, after: config{"b": a1}},
	{name: "a CNAME that was not answered came in the place of what had been declared again", before: config{"a": a1, "b": aaaa}, middle: []config{{"c": cname}}, after: config{"a": a1, "b": aaaa}},
	{name: "a type that was not answered came after all was destroyed", before: config{"a": aaaa}, middle: []config{{"a": a1}, {"b": txt}}, after: config{}},
	{
		name: "what was left to another address was ours where it had never been", middle: []config{{"a": a2}},
		after: config{"a": aaaa, "b": txt, "c": a2}, foreign: []operator.RRset{a1},
	},
	{
		name: "what the state had under another address was handed over to nobody, again and again", before: config{"b": a2, "d": api1},
		middle: []config{{"b": txt}}, after: config{"a": a2, "b": api2, "d": txt},
	},
	{
		name: "what another address had taken was taken by nobody, while a former type was in doubt", before: config{"a": ns, "e": ds},
		middle: []config{{}, {"a": a1}}, after: config{"a": api1, "d": ns, "e": ds},
	},
	{
		name: "what a creation had written that nobody kept was somebody else's", before: config{"c": txt, "d": api2},
		after: config{"a": aaaa}, foreign: []operator.RRset{aaaa}, only: "two",
	},
	{name: "a queue that was given up forgot what came after it", before: config{"a": a1, "b": aaaa}, middle: []config{{"c": ns}}, after: config{"c": ns, "d": ds}},
}

func TestSimulation_CounterExamples(t *testing.T) {
	for _, s := range counterExamples {
		for _, parallel := range []int{1, 2, 10} {
			for _, cancel := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/%d/interrupt=%t", s.name, parallel, cancel), func(t *testing.T) {
					t.Parallel()
					random(t, s, parallel, often(3), cancel, runs(40))
				})
			}
		}
	}
}

// randomPlay plays a random story with random faults.
func randomPlay(t *testing.T, seed uint64) (s story, broken []string) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 2))
	s = randomStory(r)
	parallel := []int{1, 2, 10}[r.IntN(3)]
	faulty := r.IntN(4) // 0: none, 1: one operator, 2: both, 3: one that carries out most writes later
	fails := often(2 + r.IntN(8))
	faults := func(c chooser, name string, write bool) []string {
		if faulty == 0 || faulty == 1 && name == "two" {
			return []string{fine}
		}
		if faulty == 3 && name == "one" && write && c.choose(4, "asleep") > 0 {
			return []string{later}
		}
		return fails(c, name, write)
	}
	return s, s.play(t, dice{r}, parallel, faults, r.IntN(4) == 0)
}

// faults are the ways in which a request to an operator may end.
type faults func(c chooser, name string, write bool) []string

func calm(chooser, string, bool) []string { return []string{fine} }

// often lets one request in n fail.
func often(n int) faults {
	return func(c chooser, _ string, write bool) []string {
		switch {
		case c.choose(n, "a fault") > 0:
			return []string{fine}
		case write:
			return writeFaults
		}
		return readFaults
	}
}

// randomStory declares up to four RRsets before and after, at two names.
func randomStory(r *rand.Rand) story {
	pick := func() config {
		all := []operator.RRset{a1, a2, aaaa, txt, cname, api1, api2, ns}
		c := config{}
		for _, address := range []string{"a", "b", "c", "d"} {
			if r.IntN(2) == 0 {
				continue
			}
			want := all[r.IntN(len(all))]
			if fits(c, want) {
				c[address] = want
				if want.Key == ns.Key && r.IntN(2) == 0 {
					c["e"] = ds
				}
			}
		}
		return c
	}
	s := story{name: "random", before: pick(), after: pick()}
	if r.IntN(2) == 0 {
		s.middle = []config{pick()}
		if r.IntN(2) == 0 {
			s.middle = append(s.middle, pick())
		}
	}
	if r.IntN(3) == 0 {
		all := []operator.RRset{a1, a2, aaaa, cname, api1, record("mail", "MX", 3600, "10 mx.example.net.")}
		s.foreign = []operator.RRset{all[r.IntN(len(all))]}
		s.only = []string{"", "one", "two"}[r.IntN(3)]
	}
	s.options = options{overwrite: r.IntN(8) == 0, failOnOutage: r.IntN(8) == 0, alone: r.IntN(8) == 0}
	if keys := []rrset.Key{a1.Key, aaaa.Key, cname.Key, api1.Key}; r.IntN(4) == 0 {
		s.bad, s.names = keys[r.IntN(4):][:1], r.IntN(2) == 0
	} else if r.IntN(4) == 0 {
		s.poison = keys[r.IntN(4):][:1]
	}
	s.page = r.IntN(3)
	s.elsewhere = r.IntN(3) == 0
	if r.IntN(4) == 0 {
		s.target = slices.Sorted(maps.Keys(s.after))
		s.target = s.target[:min(1, len(s.target))]
	}
	return s
}

// fits reports whether a configuration may declare want as well.
func fits(c config, want operator.RRset) bool {
	for _, other := range c {
		if other.Key == want.Key || other.Excludes(want.Key) {
			return false
		}
	}
	return true
}
