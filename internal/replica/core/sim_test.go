package core_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
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
	// before and after are configurations, by address. The first is applied
	// without a fault.
	before, after map[string]operator.RRset
	// middle is applied between them, with faults as well; nil for nothing.
	middle map[string]operator.RRset
	// foreign is held by both operators and declared nowhere.
	foreign []operator.RRset
	// target limits the first run after the change.
	target []string
	// undecided: the story has conflicts, which nobody but a user can heal.
	undecided bool
}

func (s story) begin(t *testing.T) *terraform {
	t.Helper()
	tf := &terraform{world: newWorld("one", "two"), config: s.before, state: map[string]*instance{}, told: map[rrset.Key]bool{}, notes: map[string]note{}, loose: map[rrset.Key]bool{}}
	for _, service := range tf.world.operators {
		service.hold(s.foreign...)
	}
	calm := func(string, bool) []string { return []string{fine} }
	tf.round(&script{}, 10, calm, false, func(string) {})
	for _, inst := range tf.state {
		if len(inst.owed) > 0 {
			t.Fatalf("the story does not begin in order: %+v", inst)
		}
	}
	tf.config = s.after
	return tf
}

// round is plan and apply, each a process of its own.
func (tf *terraform) round(c chooser, parallel int, faults func(string, bool) []string, cancel bool, check func(string)) (plans []*planned, trace []string) {
	p := tf.newWalk(c, parallel, faults, false, check)
	plans = tf.plan(p)
	count := len(plans)
	a := tf.newWalk(c, parallel, faults, cancel, check)
	tf.apply(a, plans)
	return plans[:count], slices.Concat(p.trace, []string{"--- apply"}, a.trace)
}

// play is one run of a story: a round with faults, then rounds without, until
// all is in order. It returns what was broken.
func (s story) play(t *testing.T, c chooser, parallel int, faults func(string, bool) []string, cancel bool) (broken []string) {
	t.Helper()
	tf := s.begin(t)
	var trace []string
	defer func() {
		if p := recover(); p != nil {
			broken = append(broken, fmt.Sprint(p))
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
	check := func(when string) {
		for _, service := range tf.world.operators {
			for key, was := range must[service.name] {
				if _, held := service.held[key]; was && !held {
					say("%s: %s is absent at %s", when, key, service.name)
				}
			}
			for _, r := range s.foreign {
				if now, held := service.held[r.Key]; !s.declares(r.Key, s.before, s.middle, s.after) && (!held || show(now) != show(r)) {
					say("%s: the foreign %s was changed at %s", when, r.Key, service.name)
				}
			}
			for _, fault := range service.faults {
				say("%s: %s", when, fault)
			}
		}
	}
	if s.middle != nil {
		tf.config = s.middle
		_, trace = tf.round(c, parallel, faults, cancel, func(string) {})
		trace = append(trace, "=== then")
		tf.world.settle()
		tf.config = s.after
		for _, service := range tf.world.operators { // what is left of it, and who knows it
			for key := range must[service.name] {
				_, held := service.held[key]
				must[service.name][key] = held
			}
		}
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
	tf.world.settle()
	calm := func(string, bool) []string { return []string{fine} }
	for range 2 {
		_, more := tf.round(c, parallel, calm, false, check)
		trace = append(append(trace, "=== without faults"), more...)
	}
	if s.undecided || len(tf.loose) > 0 { // somebody has to decide what becomes of it
		return broken
	}
	plans, rest := tf.round(c, parallel, calm, false, check)
	trace = append(append(trace, "=== last plan"), rest...)
	if len(plans) > 0 {
		say("the plan after healing is not empty: %+v", *plans[0])
	}
	want := slices.Clone(s.foreign)
	for _, r := range s.after {
		want = append(want, r)
	}
	var lines []string
	for _, r := range want {
		lines = append(lines, show(r))
	}
	slices.Sort(lines)
	lines = slices.Compact(lines) // what was adopted
	for _, service := range tf.world.operators {
		if got := service.lines(); !slices.Equal(got, lines) {
			say("%s holds %q in the end, want %q", service.name, got, lines)
		}
	}
	return broken
}

func (s story) declares(key rrset.Key, configs ...config) bool {
	for _, config := range configs {
		for _, r := range config {
			if r.Key == key {
				return true
			}
		}
	}
	return false
}

// nothingLost: what an operator holds, or may come to hold, is foreign, in the
// state, or was told in an error.
func (s story) nothingLost(tf *terraform, say func(string, ...any)) {
	for _, service := range tf.world.operators {
		for key := range service.held {
			known := tf.told[key] || tf.loose[key] || slices.ContainsFunc(s.foreign, func(r operator.RRset) bool { return r.Key == key })
			for _, inst := range tf.state {
				known = known || inst.want.Key == key || key.Name == inst.want.Name && (inst.Former[service.name] == key.Type || inst.Ceded[key.Type])
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
		if s.middle != nil && s.target != nil && !slices.Contains(s.target, address) {
			continue // not read since the run in between was interrupted
		}
		if inst.stale || owners[inst.want.Key] > 1 { // one of them has not been read since the other took it
			continue
		}
		for _, service := range tf.world.operators {
			held, there := service.held[inst.want.Key]
			if inst.owed[service.name] || inst.Foreign[service.name] {
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
	api1  = record("api", "A", 3600, "192.0.2.8")
	api2  = record("api", "A", 3600, "192.0.2.9")
)

type config = map[string]operator.RRset

var stories = []story{
	{name: "create", after: config{"a": a1}},
	{name: "adopt", after: config{"a": a1}, foreign: []operator.RRset{a1}},
	{name: "conflict", after: config{"a": a2}, foreign: []operator.RRset{a1}, undecided: true},
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
	{name: "shift", before: config{"a": a1, "b": api1}, after: config{"a": api1}},
	{name: "join to a CNAME", before: config{"a": a1, "b": aaaa}, after: config{"c": cname}},
	{name: "keep one, join", before: config{"a": a1, "b": aaaa}, after: config{"a": cname}},
	{name: "part from a CNAME", before: config{"a": cname}, after: config{"b": a1, "c": aaaa}},
	{name: "two creations", after: config{"a": a1, "b": api1}},
	{name: "cede", before: config{"a": a1}, after: config{"a": aaaa, "c": a1}},
	{name: "cede and change", before: config{"a": a1}, after: config{"a": aaaa, "c": a2}},
	{name: "move and part", before: config{"a": cname}, after: config{"a": api2, "d": aaaa}},
}

// TestSimulation_EveryOrder plays every story without a fault in every order of
// calls and answers, one call at a time and two.
func TestSimulation_EveryOrder(t *testing.T) {
	for _, s := range stories {
		for _, parallel := range []int{1, 2} {
			t.Run(fmt.Sprintf("%s/%d", s.name, parallel), func(t *testing.T) {
				t.Parallel()
				calm := func(string, bool) []string { return []string{fine} }
				enumerate(t, s, parallel, calm, false, runs(300))
			})
		}
	}
}

// TestSimulation_EveryFault lets one operator, and then both, fail in every way
// at every request, and interrupts at every point.
func TestSimulation_EveryFault(t *testing.T) {
	one := func(name string, write bool) []string {
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
				enumerate(t, s, 2, one, cancel, runs(300))
			})
		}
	}
}

// enumerate plays a story in all ways, up to a limit, beyond which the rest is
// left to chance.
func enumerate(t *testing.T, s story, parallel int, faults func(string, bool) []string, cancel bool, limit int) {
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

func random(t *testing.T, s story, parallel int, faults func(string, bool) []string, cancel bool, runs int) {
	t.Helper()
	for seed := range uint64(runs) {
		c := dice{rand.New(rand.NewPCG(seed, 1))}
		if broken := s.play(t, c, parallel, faults, cancel); len(broken) > 0 {
			t.Fatalf("seed %d:\n%s", seed, strings.Join(broken, "\n"))
		}
	}
}

// runs is how many runs to play: usual, and as many times more as
// MULTIDNS_SIMULATION says.
func runs(usual int) int {
	times, err := strconv.Atoi(os.Getenv("MULTIDNS_SIMULATION"))
	if err != nil {
		return usual
	}
	return usual * times
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

// counterExamples are the seeds that once found a fault, and what it was.
var counterExamples = map[uint64]string{
	42:    "an update wrote beside a CNAME that the run was about to delete",
	130:   "an update deleted its former type although another resource declared it",
	993:   "a former type was deleted after another resource had taken it",
	4883:  "a change of type whose answer was lost left the state with the old type alone",
	5701:  "an interrupted write hid that it was in doubt",
	10108: "a deletion ended because another write had taken the RRset with it, and that was not carried out",
	16640: "a change that failed everywhere was called in sync while another one had made room for itself",
	19014: "two creations deleted one CNAME twice in one request",
	26980: "back to a former type, what stood beside it was left",
	46973: "a note of an interrupted plan kept an RRset that nobody declared any more",
	85665: "back to a former type and interrupted, what it had been changed to was forgotten",
}

func TestSimulation_CounterExamples(t *testing.T) {
	for seed, what := range counterExamples {
		if s, broken := randomPlay(t, seed); len(broken) > 0 {
			t.Errorf("%s (seed %d): %+v\n%s", what, seed, s, strings.Join(broken, "\n"))
		}
	}
}

// randomPlay plays a random story with random faults.
func randomPlay(t *testing.T, seed uint64) (s story, broken []string) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 2))
	s = randomStory(r)
	parallel := []int{1, 2, 10}[r.IntN(3)]
	faulty := r.IntN(3) // 0: none, 1: one operator, 2: both
	often := 2 + r.IntN(8)
	faults := func(name string, write bool) []string {
		if faulty == 0 || faulty == 1 && name == "two" || r.IntN(often) > 0 {
			return []string{fine}
		}
		if write {
			return writeFaults
		}
		return readFaults
	}
	return s, s.play(t, dice{r}, parallel, faults, r.IntN(4) == 0)
}

// randomStory declares up to four RRsets before and after, at two names.
func randomStory(r *rand.Rand) story {
	pick := func() config {
		all := []operator.RRset{a1, a2, aaaa, cname, api1, api2}
		c := config{}
		for _, address := range []string{"a", "b", "c", "d"} {
			if r.IntN(2) == 0 {
				continue
			}
			want := all[r.IntN(len(all))]
			if fits(c, want) {
				c[address] = want
			}
		}
		return c
	}
	s := story{name: "random", before: pick(), after: pick()}
	if r.IntN(2) == 0 {
		s.middle = pick()
	}
	if r.IntN(3) == 0 {
		s.foreign = []operator.RRset{record("mail", "MX", 3600, "10 mx.example.net.")}
	}
	if r.IntN(4) == 0 {
		s.target = slices.Sorted(maps.Keys(s.after))
		s.target = s.target[:min(1, len(s.target))]
	}
	return s
}

// fits says that a configuration may declare want as well.
func fits(c config, want operator.RRset) bool {
	for _, other := range c {
		if other.Key == want.Key || other.Name == want.Name && (other.Type == "CNAME" || want.Type == "CNAME") {
			return false
		}
	}
	return true
}
