package core_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// instance is what the state keeps of one address.
type instance struct {
	want operator.RRset
	// owed are the operators that are not in sync; foreign those that were
	// never read; former the keys that operators hold instead.
	owed, foreign map[string]bool
	former        map[string]rrset.Key
	// stale: an operator could not be read, or a change failed everywhere while
	// others made room at the name and it was not read since.
	stale bool
	// ceded are keys that were left to another address.
	ceded map[rrset.Key]bool
}

// terraform is a CLI with a state and a configuration, by address.
type terraform struct {
	world  *world
	config map[string]operator.RRset
	state  map[string]*instance
	// notes are what a plan left for its apply: keys that are given up, and
	// whether another address declares them.
	notes map[rrset.Key]bool
	// target limits a run to some addresses.
	target map[string]bool
	// told is what the CLI was told in an error: not lost, if not in state.
	told map[rrset.Key]bool
	// loose are RRsets that were handed over with a warning to a call that was
	// not in sight, and never came, or left to one that never did; and those of a
	// creation that nobody answered, which may still be carried out.
	loose map[rrset.Key]bool
}

// chooser decides between n possibilities; what is chosen is a run.
type chooser interface{ choose(n int, what string) int }

// dice choose at random.
type dice struct{ *rand.Rand }

func (d dice) choose(n int, _ string) int { return d.IntN(n) }

// script replays a list of choices, then takes the first possibility. It keeps
// how many there were, so that all runs can be enumerated.
type script struct {
	picks  []int
	widths []int
	texts  []string
}

func (s *script) choose(n int, what string) int {
	at := len(s.widths)
	s.widths = append(s.widths, n)
	if at >= len(s.picks) {
		s.picks = append(s.picks, 0)
	}
	s.texts = append(s.texts, fmt.Sprintf("%d/%d %s", s.picks[at], n, what))
	return s.picks[at]
}

// next is the next script in order; false after the last one.
func (s *script) next() bool {
	for at := len(s.widths) - 1; at >= 0; at-- {
		if s.picks[at]+1 < s.widths[at] {
			s.picks = append(slices.Clone(s.picks[:at]), s.picks[at]+1)
			s.widths, s.texts = nil, nil
			return true
		}
	}
	return false
}

// walk is one walk of the CLI over one Machine.
type walk struct {
	tf       *terraform
	chooser  chooser
	machine  *core.Machine
	now      time.Time
	parallel int
	// faulty is asked for the faults that an operator may show.
	faults   func(name string, write bool) []string
	cancel   bool // may be interrupted
	requests []core.Effect
	timers   []timer
	results  map[core.ID]core.Result
	running  map[core.ID]bool
	ended    bool // was interrupted
	check    func(when string)
	trace    []string
}

type timer struct {
	id  core.ID
	due time.Time
}

func (w *walk) step(e core.Event) {
	for _, effect := range w.machine.Step(w.now, e) {
		switch effect := effect.(type) {
		case core.Done:
			w.results[effect.ID] = effect.Result
			delete(w.running, effect.ID)
		case core.Wait:
			w.timers = append(w.timers, timer{effect.ID, w.now.Add(effect.For)})
		case core.Abort:
		default:
			w.requests = append(w.requests, effect)
		}
	}
	w.trace = append(w.trace, fmt.Sprintf("%T%s", e, brief(e)))
	w.check(fmt.Sprintf("after %T", e))
}

func brief(e core.Event) string {
	switch e := e.(type) {
	case core.Create:
		return " " + show(e.Want["one"])
	case core.Update:
		return " " + e.From.String() + " -> " + show(e.Want["one"])
	case core.Delete:
		return fmt.Sprintf(" %s handedOver=%t replacing=%t", e.Key, e.HandedOver, e.Replacing)
	case core.Declared:
		return " " + e.Key.String()
	case core.Leaving:
		return " " + e.Key.String()
	case core.WriteAnswer:
		return fmt.Sprintf(" %v", e.Err)
	case core.ListAnswer:
		return fmt.Sprintf(" %v", e.Err)
	}
	return ""
}

func (w *walk) call(event func(core.ID) core.Event) core.ID {
	id := w.machine.NewID()
	w.running[id] = true
	w.step(event(id))
	return id
}

// node is one thing that the CLI does, in stages; it returns the call to wait
// for, or 0 to go on at once, and false when it is over.
type node struct {
	name   string
	stages []func() core.ID
	waits  core.ID
}

// run carries out all nodes in an order that the chooser picks.
func (w *walk) run(nodes []*node) {
	var active []*node
	waiting := slices.Clone(nodes)
	for steps := 0; ; steps++ {
		if steps > 2000 {
			panic("a walk does not end\n" + strings.Join(w.trace, "\n"))
		}
		active = slices.DeleteFunc(active, func(n *node) bool { return w.goOn(n) })
		if len(active) == 0 && len(waiting) == 0 {
			return
		}
		w.pick(&active, &waiting)
	}
}

// goOn lets a node do its stages until it waits, and says whether it is over.
func (w *walk) goOn(n *node) bool {
	for {
		if n.waits != 0 && w.running[n.waits] {
			return false
		}
		if len(n.stages) == 0 {
			return true
		}
		stage := n.stages[0]
		n.stages = n.stages[1:]
		n.waits = stage()
	}
}

// pick lets one thing happen.
func (w *walk) pick(active, waiting *[]*node) {
	var options []func()
	var texts []string
	add := func(text string, f func()) { texts, options = append(texts, text), append(options, f) }
	if len(*active) < w.parallel && !w.ended {
		for i, n := range *waiting {
			add("begin "+n.name, func() {
				*waiting = slices.Delete(slices.Clone(*waiting), i, i+1)
				*active = append(*active, n)
			})
		}
	}
	if w.ended {
		*waiting = nil
	}
	for i, r := range w.requests {
		add(fmt.Sprintf("answer %T", r), func() {
			w.requests = slices.Delete(slices.Clone(w.requests), i, i+1)
			name, write := of(r)
			faults := w.faults(name, write)
			fault := faults[w.chooser.choose(len(faults), "fault of "+name)]
			text := fmt.Sprintf("%s answers %T: %s", name, r, fault)
			if write, ok := r.(core.Write); ok {
				text += " to " + fingerprint(write.Changes)
			}
			w.trace = append(w.trace, text)
			w.step(w.tf.world.answer(r, fault))
		})
	}
	if len(w.timers) > 0 && len(w.requests) == 0 || len(options) == 0 {
		add("time", w.tick)
	}
	if w.cancel && !w.ended && len(w.running) > 0 {
		add("interrupt", func() {
			w.ended = true
			for _, id := range slices.Sorted(maps.Keys(w.running)) {
				w.step(core.Cancel{ID: id})
			}
		})
	}
	options[w.chooser.choose(len(options), strings.Join(texts, "|"))]()
}

func of(effect core.Effect) (name string, write bool) {
	switch e := effect.(type) {
	case core.List:
		return e.Operator, false
	case core.ListName:
		return e.Operator, false
	case core.AskEmpty:
		return e.Operator, false
	case core.Write:
		return e.Operator, true
	}
	panic("no request")
}

// tick lets time pass until the next wait is over.
func (w *walk) tick() {
	if len(w.timers) == 0 {
		panic("nothing can happen any more, and calls are waiting\n" + strings.Join(w.trace, "\n"))
	}
	slices.SortStableFunc(w.timers, func(a, b timer) int { return a.due.Compare(b.due) })
	next := w.timers[0]
	w.timers = w.timers[1:]
	if next.due.After(w.now) {
		w.now = next.due
	}
	w.step(core.Elapsed{ID: next.id})
}

func (tf *terraform) newWalk(c chooser, parallel int, faults func(string, bool) []string, cancel bool, check func(string)) *walk {
	return &walk{
		tf: tf, chooser: c, machine: core.New(tf.world.rules(), swift()), now: time.Unix(0, 0),
		parallel: parallel, faults: faults, cancel: cancel, check: check,
		results: map[core.ID]core.Result{}, running: map[core.ID]bool{},
	}
}

// swift waits for company in few steps: how a batch is gathered is proven
// elsewhere.
func swift() core.Timing {
	timing := core.DefaultTiming()
	timing.BatchPoll = timing.BatchIdle
	return timing
}

// planned is what a plan came to for one address.
type planned struct {
	address    string
	action     string // create, update, delete, replace
	handedOver bool
	taken      bool
	noted      bool // by a note, once the plan was made
	at         map[string]bool
}

var everywhere = map[string]bool{"one": true, "two": true}

// plan is the plan walk.
func (tf *terraform) plan(w *walk) []*planned {
	var plans []*planned
	tf.forget()
	var nodes []*node
	addresses := map[string]bool{}
	for a := range tf.config {
		addresses[a] = true
	}
	for a := range tf.state {
		addresses[a] = true
	}
	for _, a := range slices.Sorted(maps.Keys(addresses)) {
		if tf.target != nil && !tf.target[a] {
			continue
		}
		nodes = append(nodes, tf.planNode(w, a, &plans))
	}
	w.run(nodes)
	// What the process knows in the end it leaves for the apply.
	for _, p := range plans {
		inst := tf.state[p.address]
		for ceded := range tf.ceded(p.address) {
			tf.notes[ceded] = w.machine.Declares(ceded)
		}
		if inst != nil {
			for _, former := range inst.former {
				tf.notes[former] = w.machine.Declares(former)
			}
		}
		if inst == nil || p.action == "update" && inst.want.Key == tf.config[p.address].Key {
			continue
		}
		tf.notes[inst.want.Key] = w.machine.Declares(inst.want.Key)
		p.noted = w.machine.Declares(inst.want.Key)
		p.taken = p.taken || w.machine.Keeps(inst.want.Key)
	}
	return plans
}

// ceded are the keys that other addresses left to the one that declares them.
func (tf *terraform) ceded(address string) map[rrset.Key]bool {
	all := map[rrset.Key]bool{}
	for _, inst := range tf.state {
		if inst.ceded[tf.config[address].Key] {
			all[tf.config[address].Key] = true
		}
	}
	return all
}

// forget drops the notes of what the state has where it is declared.
func (tf *terraform) forget() {
	for address, inst := range tf.state {
		if want, declared := tf.config[address]; declared && want.Key == inst.want.Key {
			delete(tf.notes, want.Key)
			for _, other := range tf.state {
				delete(other.ceded, want.Key)
			}
		}
	}
}

func (tf *terraform) planNode(w *walk, address string, plans *[]*planned) *node {
	n := &node{name: "plan " + address}
	inst := tf.state[address]
	want, declared := tf.config[address]
	var look core.ID
	if inst != nil {
		key := inst.want.Key
		n.stages = append(n.stages, func() core.ID {
			w.step(core.Owned{Key: key})
			for ceded := range inst.ceded {
				w.step(core.Owned{Key: ceded})
			}
			look = w.call(func(id core.ID) core.Event {
				return core.Look{ID: id, Key: key, At: everywhere, Ours: true, Patient: true}
			})
			return look
		}, func() core.ID {
			tf.observed(inst, w.results[look].Seen)
			return 0
		})
	}
	n.stages = append(n.stages, func() core.ID {
		switch {
		case !declared:
			p := &planned{
				address: address, action: "delete",
				handedOver: w.machine.Declares(inst.want.Key), taken: w.machine.Keeps(inst.want.Key),
			}
			w.step(core.Leaving{Key: inst.want.Key})
			*plans = append(*plans, p)
		case inst == nil:
			w.step(core.Declared{Key: want.Key})
			*plans = append(*plans, &planned{address: address, action: "create"})
		default:
			w.step(core.Declared{Key: want.Key})
			w.step(core.Owned{Key: inst.want.Key})
			if inst.want.Key == want.Key {
				w.step(core.Kept{Key: want.Key})
			}
			switch {
			case inst.want.Name != want.Name:
				*plans = append(*plans, &planned{address: address, action: "replace"})
			case show(inst.want) != show(want):
				*plans = append(*plans, &planned{address: address, action: "update", at: everywhere})
			case len(inst.owed) > 0:
				*plans = append(*plans, &planned{address: address, action: "update", at: maps.Clone(inst.owed)})
			}
		}
		return 0
	})
	return n
}

// observed brings the state up to what was seen.
func (tf *terraform) observed(inst *instance, seen map[string]core.Observation) {
	inst.stale = seen["one"].Err != nil || seen["two"].Err != nil
	for name, o := range seen {
		switch {
		case o.Err != nil:
		case core.Difference(inst.want, o.Held) != "" || formerHeld(inst.former[name], o.Others):
			inst.owed[name] = true
			if o.Held == nil {
				delete(inst.foreign, name)
			}
		default:
			delete(inst.owed, name)
			delete(inst.foreign, name)
			delete(inst.former, name)
		}
	}
}

func formerHeld(key rrset.Key, others []operator.RRset) bool {
	return slices.ContainsFunc(others, func(r operator.RRset) bool { return r.Key == key })
}

// apply is the apply walk: a process of its own, which knows what the plan
// handed it and the state.
func (tf *terraform) apply(w *walk, plans []*planned) {
	var nodes []*node
	for _, p := range plans {
		switch p.action {
		case "create":
			nodes = append(nodes, &node{name: "create " + p.address, stages: tf.create(w, p.address)})
		case "update":
			nodes = append(nodes, &node{name: "update " + p.address, stages: tf.update(w, p)})
		case "delete":
			nodes = append(nodes, &node{name: "delete " + p.address, stages: tf.delete(w, p, nil)})
		case "replace":
			replace := &node{name: "replace " + p.address}
			replace.stages = tf.delete(w, p, func() {
				if tf.state[p.address] == nil {
					replace.stages = append(replace.stages, tf.create(w, p.address)...)
				}
			})
			nodes = append(nodes, replace)
		}
	}
	slices.SortFunc(nodes, func(a, b *node) int { return strings.Compare(a.name, b.name) })
	w.run(nodes)
}

// desired is what both operators shall hold.
func desired(r operator.RRset) core.Desired { return core.Desired{"one": r, "two": r} }

func (tf *terraform) create(w *walk, address string) []func() core.ID {
	want := tf.config[address]
	var call core.ID
	return []func() core.ID{func() core.ID {
		w.step(core.Declared{Key: want.Key})
		w.step(core.Expected{Key: want.Key})
		tf.remember(w, want.Key)
		call = w.call(func(id core.ID) core.Event { return core.Create{ID: id, Want: desired(want)} })
		return call
	}, func() core.ID {
		r := w.results[call]
		kept := false
		for _, o := range r.Outcomes {
			if core.IsFatal(o.Err) {
				for name, o := range r.Outcomes {
					if r.Left[name] != nil || o.InDoubt() {
						tf.told[want.Key] = true
					}
				}
				return 0
			}
			kept = kept || o.Err == nil
			if o.InDoubt() { // told in an error, if nothing is kept
				tf.loose[want.Key] = true
			}
		}
		if !kept {
			return 0
		}
		inst := &instance{want: want, owed: map[string]bool{}, foreign: map[string]bool{}, former: map[string]rrset.Key{}, ceded: map[rrset.Key]bool{}}
		for name, o := range r.Outcomes {
			if o.Err != nil || !o.Known || core.Difference(want, o.Held) != "" {
				inst.owed[name] = true
			}
			if o.Unread {
				inst.foreign[name] = true
			}
		}
		tf.state[address] = inst
		return 0
	}}
}

// remember tells what the plan noted of a name.
func (tf *terraform) remember(w *walk, key rrset.Key) {
	for noted := range tf.notes {
		if noted.Name == key.Name {
			w.step(core.Leaving{Key: noted})
			if tf.notes[noted] {
				w.step(core.Declared{Key: noted})
			}
		}
	}
}

func (tf *terraform) update(w *walk, p *planned) []func() core.ID {
	inst, want := tf.state[p.address], tf.config[p.address]
	var call core.ID
	return []func() core.ID{func() core.ID {
		w.step(core.Declared{Key: want.Key})
		w.step(core.Expected{Key: want.Key})
		tf.remember(w, want.Key)
		call = w.call(func(id core.ID) core.Event {
			return core.Update{
				ID: id, From: inst.want.Key, Former: maps.Clone(inst.former), Want: desired(want), At: p.at, Foreign: maps.Clone(inst.foreign),
			}
		})
		return call
	}, func() core.ID {
		outcomes, from := w.results[call].Outcomes, inst.want.Key
		some := false
		for _, o := range outcomes {
			some = some || o.Err == nil || o.InDoubt() && !o.Known
		}
		if !some && len(p.at) == len(everywhere) {
			inst.stale = from.Type != want.Type
			for _, o := range outcomes { // the prior state stays
				if o.InDoubt() && from.Type != want.Type {
					tf.loose[want.Key] = true // and the error says what may still come
				}
			}
			return 0
		}
		inst.want = want
		for name, o := range outcomes {
			old, ok := inst.former[name]
			if !ok || old == want.Key {
				old = from
			}
			delete(inst.former, name)
			if o.Former {
				inst.former[name] = old
			}
			if o.Ceded {
				inst.ceded[old] = true
				if w.ended { // the one that was to take it may never come
					tf.loose[old] = true
				}
			}
			if o.Err != nil {
				inst.owed[name] = true
				continue
			}
			delete(inst.owed, name)
			delete(inst.foreign, name)
		}
		return 0
	}}
}

func (tf *terraform) delete(w *walk, p *planned, then func()) []func() core.ID {
	inst := tf.state[p.address]
	var call core.ID
	return []func() core.ID{func() core.ID {
		tf.remember(w, inst.want.Key)
		call = w.call(func(id core.ID) core.Event {
			return core.Delete{
				ID: id, Key: inst.want.Key, Former: maps.Clone(inst.former), Foreign: maps.Clone(inst.foreign),
				HandedOver: p.handedOver || p.noted, Taken: p.taken, Replacing: p.action == "replace",
			}
		})
		return call
	}, func() core.ID {
		done := true
		for name, o := range w.results[call].Outcomes {
			if o.Err != nil {
				done = false
				inst.owed[name] = true
			} else if !o.Kept {
				inst.owed[name] = true // gone here
			}
		}
		if done {
			delete(tf.state, p.address)
			for ceded := range inst.ceded {
				tf.loose[ceded] = true
			}
			if w.results[call].Outcomes["one"].Kept && !w.machine.Keeps(inst.want.Key) {
				tf.loose[inst.want.Key] = true
			}
		}
		if then != nil {
			then()
		}
		return 0
	}}
}
