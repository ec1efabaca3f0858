package dnssec

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/signing"
)

// The model is two operators with two name servers each, a parent, and a resolver that keeps everything that it was
// ever answered for as long as it may, and mixes it in every way.

const modelZone = "example.com."

// modelKey is a key of an operator.
type modelKey struct {
	dnskey    string
	signsZone bool
}

func newModelKey(flags uint16, signsZone bool, seed string) *modelKey {
	return &modelKey{signing.NewKey(flags, signing.ECDSAP256, seed).DNSKEY(), signsZone}
}

// shown is what one name server answers: a version of the DNSKEY RRset and the key that signs the data.
type shown struct {
	keys    string // sorted, with commas
	signers string // of the DNSKEY RRset
	data    string // the key that signs the data; empty: not signed
}

type modelOperator struct {
	name               string
	signs              bool
	ksk                *modelKey // nil: one key for both purposes
	current, next, old *modelKey
	activated          int // when next became current
	added              []string
	servers            [2]shown
	silent             [2]bool
	out                bool // its API
	unseen             bool // what was taken away there: no run has read the API since
	keyTTL, dataTTL    int
	delegated          bool
	delegatedSeen      int // when resolvers could learn of it last
	made               int
}

func (o *modelOperator) keys() []*modelKey {
	if !o.signs {
		return nil
	}
	var all []*modelKey
	for _, k := range []*modelKey{o.ksk, o.current, o.next, o.old} {
		if k != nil {
			all = append(all, k)
		}
	}
	return all
}

func (o *modelOperator) stored() shown {
	if !o.signs {
		return shown{}
	}
	all := slices.Clone(o.added)
	var signers []string
	for _, k := range o.keys() {
		all = append(all, k.dnskey)
		if isEntryPoint(k.dnskey) {
			signers = append(signers, k.dnskey)
		}
	}
	return shown{strings.Join(Union(all), ","), strings.Join(Union(signers), ","), o.current.dnskey}
}

// cached is when a version was last to be had; by version.
type cached map[string]int

type world struct {
	t         *rapid.T
	now       int
	operators [2]*modelOperator
	ds        []string
	dsTTL     int
	nsTTL     int

	keysSeen, dataSeen, dsSeen cached
	versions                   map[string]shown

	memory    Memory
	verdict   Verdict
	destroyed bool
	// unsigned says that somebody took all DS away.
	unsigned bool
	// leaver is the operator that is taken away, and how far that has come.
	leaver    *modelOperator
	leaveStep int
	stepAt    int
}

func newWorld(t *rapid.T) *world {
	short := rapid.SampledFrom([]int{1, 4, 15, 40})
	w := &world{
		t: t, now: 1000, dsTTL: short.Draw(t, "DS TTL"), nsTTL: short.Draw(t, "NS TTL"),
		keysSeen: cached{}, dataSeen: cached{}, dsSeen: cached{}, versions: map[string]shown{},
	}
	for i, name := range []string{"a", "b"} {
		o := &modelOperator{name: name, keyTTL: short.Draw(t, "key TTL"), dataTTL: short.Draw(t, "data TTL"), delegated: true}
		o.signs = i == 0 || rapid.Bool().Draw(t, "signs already")
		if rapid.Bool().Draw(t, "two keys") {
			o.ksk = newModelKey(signing.EntryPoint, false, name+" ksk")
		}
		o.current = o.newKey()
		for j := range o.servers {
			o.servers[j] = o.stored()
		}
		w.operators[i] = o
	}
	w.look()
	return w
}

func (o *modelOperator) newKey() *modelKey {
	o.made++
	flags := uint16(signing.EntryPoint)
	if o.ksk != nil {
		flags = signing.ZoneKey
	}
	return newModelKey(flags, true, fmt.Sprint(o.name, o.made))
}

// look lets the resolver learn what there is at this moment, and then judges every mixture of what it may still hold.
func (w *world) look() {
	w.dsSeen[strings.Join(w.ds, ",")] = w.now
	for _, o := range w.operators {
		if o.delegated {
			o.delegatedSeen = w.now
		}
		if w.now-o.delegatedSeen > w.nsTTL {
			continue
		}
		for i, s := range o.servers {
			if o.silent[i] {
				continue
			}
			id := fmt.Sprint(o.name, s.keys, s.signers)
			w.versions[id] = s
			w.keysSeen[id] = w.now + o.keyTTL
			if until := w.now + o.dataTTL; until > w.dataSeen[s.data] {
				w.dataSeen[s.data] = until
			}
		}
	}
	w.judge()
}

func (w *world) judge() {
	for ds, seen := range w.dsSeen {
		if w.now > seen+w.dsTTL {
			delete(w.dsSeen, ds)
			continue
		}
		if ds == "" {
			continue // nothing is bogus where nothing is signed
		}
		for id, until := range w.keysSeen {
			if w.now > until {
				delete(w.keysSeen, id)
				continue
			}
			version := w.versions[id]
			if !slices.ContainsFunc(strings.Split(ds, ","), func(d string) bool { return fits(d, version.signers) }) {
				w.t.Fatalf("at %d: bogus: the DNSKEY RRset %q does not fit the DS %s (phase %s)", w.now, id, ds, w.memory.Phase)
			}
			for key, until := range w.dataSeen {
				if w.now > until {
					delete(w.dataSeen, key)
					continue
				}
				if key == "" || !slices.Contains(strings.Split(version.keys, ","), key) {
					w.t.Fatalf("at %d: bogus: data signed by %q and the DNSKEY RRset %q (phase %s)", w.now, key, id, w.memory.Phase)
				}
			}
		}
	}
}

// fits remembers which DS names which of the keys: digests are dear.
func fits(ds, keys string) bool {
	id := ds + keys
	fit, known := fitting[id]
	if !known {
		fit = Names(ds, modelZone, strings.Split(keys, ","))
		fitting[id] = fit
	}
	return fit
}

var fitting = map[string]bool{}

// tick lets time pass. Nothing else happens meanwhile, so that looking at the ends is enough.
func (w *world) tick(seconds int) {
	w.look()
	w.now += seconds - 1
	w.look()
	w.now++
	w.look()
}

func (w *world) observe() Observation {
	o := Observation{Zone: modelZone, Now: time.Unix(int64(w.now), 0), Parent: Parent{Zone: "com.", DS: slices.Clone(w.ds), TTL: uint32(w.dsTTL)}}
	for _, op := range w.operators {
		s := Signer{Name: op.name, Title: op.name, Known: !op.out, Takes: []string{TypeDNSKEY}, DataTTL: uint32(op.dataTTL)}
		for _, other := range w.operators {
			if other.delegated {
				s.ApexNS = append(s.ApexNS, "ns."+other.name+".")
			}
		}
		if op.delegated {
			o.Parent.NS = append(o.Parent.NS, "ns."+op.name+".")
		}
		if s.Known {
			s.Held = Held{Ready: op.signs, Hosts: []string{"ns." + op.name + "."}, Added: map[string][]string{TypeDNSKEY: slices.Clone(op.added)}}
			for _, k := range op.keys() {
				s.Keys = append(s.Keys, Key{k.dnskey, k.signsZone})
			}
		}
		for i, server := range op.servers {
			answer := Server{Name: fmt.Sprint(op.name, i), Silent: op.silent[i], KeyTTL: uint32(op.keyTTL), DataTTL: uint32(op.dataTTL)}
			if !answer.Silent && server.keys != "" {
				answer.Keys = strings.Split(server.keys, ",")
			}
			s.Servers = append(s.Servers, answer)
		}
		o.Signers = append(o.Signers, s)
	}
	return o
}

// run is one run of the provider: observe, and where apply is set write what is wanted.
func (w *world) run(apply bool) {
	if w.destroyed {
		return
	}
	memory, verdict := Step(w.memory, w.observe())
	if apply {
		for _, o := range w.operators {
			o.unseen = o.unseen && o.out
		}
		for _, o := range w.operators {
			if !o.out {
				o.signs = true
			}
		}
		memory, verdict = Step(memory, w.observe())
		for _, o := range w.operators {
			if !o.out {
				o.added = verdict.Want[o.name][TypeDNSKEY]
			}
		}
		memory, verdict = Step(memory, w.observe())
	}
	// The state of a plan that is not applied is lost.
	if apply || rapid.Bool().Draw(w.t, "state is kept") {
		w.memory = memory
	}
	w.verdict = verdict
}

func (w *world) follow() {
	if w.verdict.DS != nil && w.leaver == nil && !w.destroyed && !w.unsigned {
		w.ds = slices.Clone(w.verdict.DS)
	}
}

func (w *world) servedByAll(key string) bool {
	for _, o := range w.operators {
		for _, s := range o.servers {
			if !slices.Contains(strings.Split(s.keys, ","), key) {
				return false
			}
		}
	}
	return true
}

// roll takes the next step of a roll as an operator does that has patience: everything that it waits for is there.
func (w *world) roll(o *modelOperator) {
	longest := 0
	for _, op := range w.operators {
		longest = max(longest, op.keyTTL, op.dataTTL)
	}
	switch {
	case !o.signs || w.leaver != nil:
	case o.next == nil && o.old == nil:
		o.next, o.activated = o.newKey(), 0
	case o.next != nil:
		if !w.servedByAll(o.next.dnskey) {
			o.activated = 0
			return
		}
		if o.activated == 0 {
			o.activated = w.now
			return
		}
		if w.now-o.activated > longest {
			o.current, o.old, o.next, o.activated = o.next, o.current, nil, 0
		}
	default:
		known := !isEntryPoint(o.current.dnskey) || len(w.ds) == 0 || slices.ContainsFunc(w.ds, func(d string) bool { return names(d, modelZone, o.current.dnskey) })
		for _, s := range o.servers {
			known = known && s.data == o.current.dnskey
		}
		if !known {
			o.activated = 0
			return
		}
		if o.activated == 0 {
			o.activated = w.now
			return
		}
		if w.now-o.activated > longest+w.dsTTL {
			o.old, o.activated = nil, 0
		}
	}
}

// leave takes the next step of the advised order.
func (w *world) leave(o *modelOperator) {
	stay := w.operators[0]
	if stay == o {
		stay = w.operators[1]
	}
	longest := max(w.operators[0].keyTTL, w.operators[1].keyTTL, w.operators[0].dataTTL, w.operators[1].dataTTL)
	switch w.leaveStep {
	case 0:
		if rapid.IntRange(0, 3).Draw(w.t, "leave") > 0 || w.memory.Phase != Complete || stay.next != nil || stay.old != nil || o.next != nil || o.old != nil || w.destroyed {
			return
		}
		w.leaver, o.delegated = o, false
	case 1:
		if w.now-w.stepAt <= w.nsTTL+longest {
			return
		}
		w.ds = slices.DeleteFunc(slices.Clone(w.ds), func(d string) bool { return Names(d, modelZone, w.memory.Signers[o.name].entryPoints()) })
	default:
		return
	}
	w.leaveStep, w.stepAt = w.leaveStep+1, w.now
}

// unsign takes all DS away, which the other way to leave begins with.
func (w *world) unsign() {
	if w.leaver == nil && w.memory.Phase == Complete {
		w.ds, w.unsigned = nil, true
	}
}

// vandalise takes away what the provider added at one operator, while no resolver validates. What was advised before is
// not followed any more. It is done by the API, and that does not go out before a run has read it: what is hidden so
// cannot be known (design/two-signers.md).
func (w *world) vandalise(o *modelOperator) {
	if o.out {
		return
	}
	if _, unsigned := w.dsSeen[""]; unsigned && len(w.dsSeen) == 1 && len(w.ds) == 0 {
		o.added, o.unseen, w.verdict = nil, true, Verdict{}
	}
}

// destroy takes the added keys away where that is allowed.
func (w *world) destroy() bool {
	if w.leaver == nil && !w.unsigned && rapid.IntRange(0, 2).Draw(w.t, "without leaving") > 0 {
		return false
	}
	memory, _ := Step(w.memory, w.observe())
	w.memory = memory // kept also when the destroy is refused
	if len(Leave(memory, w.observe())) > 0 || len(memory.Signers) == 0 {
		return false
	}
	for _, o := range w.operators {
		o.added = nil
	}
	w.destroyed = true
	return true
}

func (w *world) sync(o *modelOperator, i int) { o.servers[i] = o.stored() }

func (w *world) syncAll() {
	for _, o := range w.operators {
		for i := range o.servers {
			w.sync(o, i)
		}
	}
}

// heal ends all outages.
func (w *world) heal() {
	for _, o := range w.operators {
		o.out, o.silent = false, [2]bool{}
	}
}

// themes are what can happen, the frequent actions more than once. In the first one all can, and what goes wrong is
// rare enough for the rest to get far; each of the others leads to where its mistakes show.
var themes = map[string]string{
	"everything": "tick tick tick tick wait apply apply apply plan sync sync sync syncAll syncAll follow follow follow roll roll roll roll " +
		"leave leave leave unsign destroy out silence heal heal settle settle settle",
	"joining": "tick tick tick wait apply apply plan sync sync silence heal follow follow vandalise out",
	"rolling": "settle roll roll roll roll tick apply sync syncAll follow follow silence heal",
	"leaving": "settle settle tick tick apply sync syncAll syncAll follow leave leave leave unsign destroy destroy destroy",
}

func (w *world) act(action string) {
	pick := func() *modelOperator { return w.operators[rapid.IntRange(0, 1).Draw(w.t, "operator")] }
	switch action {
	case "tick":
		w.tick(rapid.IntRange(1, 4).Draw(w.t, "seconds"))
	case "wait":
		w.tick(45)
	case "apply":
		w.run(true)
	case "plan":
		w.run(false)
	case "sync":
		w.sync(pick(), rapid.IntRange(0, 1).Draw(w.t, "server"))
	case "syncAll":
		w.syncAll()
	case "follow":
		w.follow()
	case "roll":
		o := pick()
		for range 3 {
			w.roll(o)
			w.tick(15)
		}
	case "leave":
		if w.leaver == nil {
			w.leave(pick())
		} else {
			w.leave(w.leaver)
		}
	case "unsign":
		w.unsign()
	case "vandalise":
		w.vandalise(pick())
	case "destroy":
		w.destroy()
	case "out":
		o := pick()
		o.out = !o.out && !o.unseen
	case "silence":
		o, i := pick(), rapid.IntRange(0, 1).Draw(w.t, "server")
		o.silent[i] = !o.silent[i]
	case "heal":
		w.heal()
	case "settle": // everything goes well for a while
		w.heal()
		for range 3 {
			w.run(true)
			w.syncAll()
			w.tick(rapid.SampledFrom([]int{1, 4, 15, 40}).Draw(w.t, "seconds"))
		}
		w.run(true)
		w.follow()
	}
	w.look()
}
