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
	// owed are the operators that are not in sync.
	owed map[string]bool
	core.Ownership
	// stale: an operator could not be read, or a change failed everywhere while others made room at the name and it was
	// not read since.
	stale bool
}

// note is what a plan leaves for its apply of one owner name.
type note struct {
	plan     int
	leaving  map[string]core.Departing
	declared map[string]bool
	kept     map[string]bool
}

// terraform is a CLI with a state and a configuration, by address.
type terraform struct {
	world  *world
	config map[string]operator.RRset
	state  map[string]*instance
	options
	// notes are what a plan left for its apply, by owner name.
	notes map[string]note
	walks int
	// prompt: it begins with everything that it can begin with before any time passes. Otherwise what it waits for may
	// take long.
	prompt bool
	// past are RRsets that the state had when a run last said so, on this machine, or that are adrift: handed over to a
	// call that did not come.
	past map[rrset.Key]string
	// stranded are the operators that may hold what a creation wrote that is in no state.
	stranded map[rrset.Key]map[string]bool
	// target limits a run to some addresses.
	target map[string]bool
	// ours are RRsets that the state has had, by operator and id; alike are those that may become so, because an update
	// finds them as they were declared.
	ours, alike map[string]bool
	// errors are what the last plan said was in its way.
	errors []string
	// told is what the CLI was told in an error: not lost, if not in state.
	told map[rrset.Key]bool
	// handed are RRsets that were handed over to a call that was not in sight: known by a note alone. Once adrift, what
	// the state knew beside is forgotten.
	handed, adrift map[rrset.Key]bool
	// loose are RRsets that were handed over with a warning to a call that was not in sight, and never came, or left to
	// one that never did; and those of a creation that nobody answered, which may still be carried out.
	loose map[rrset.Key]bool
}

// options are what is declared for every RRset of a story. Elsewhere: each run is on a machine of its own.
type options struct{ overwrite, failOnOutage, alone, elsewhere bool }

// chooser decides between n possibilities; what is chosen is a run.
type chooser interface{ choose(n int, what string) int }

// dice choose at random.
type dice struct{ *rand.Rand }

func (d dice) choose(n int, _ string) int { return d.IntN(n) }

// script replays a list of choices, then takes the first possibility. It keeps how many there were, so that all runs
// can be enumerated.
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
	number   int
	notes    map[string]note // as they were before it wrote its own
	chooser  chooser
	machine  *core.Machine
	now      time.Time
	parallel int
	// faulty is asked for the faults that an operator may show.
	faults   faults
	cancel   bool // may be interrupted
	requests []core.Effect
	timers   []timer
	results  map[core.ID]core.Result
	running  map[core.ID]bool
	called   map[core.ID]string
	aborted  []core.ID
	ended    bool // was interrupted
	// unplanned are the keys of addresses that were validated and have no plan, now and as each call ended.
	unplanned   map[rrset.Key]bool
	unplannedAt map[core.ID]map[rrset.Key]bool
	// makingRoom are the deletions under way that creations follow, by what those create.
	makingRoom map[rrset.Key]rrset.Key
	check      func(when string)
	trace      []string
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
			w.trace = append(w.trace, became(w.called[effect.ID], effect.Result)...)
			w.unplannedAt[effect.ID] = maps.Clone(w.unplanned)
			delete(w.running, effect.ID)
		case core.Wait:
			w.timers = append(w.timers, timer{effect.ID, w.now.Add(effect.For)})
		case core.Abort:
			w.aborted = append(w.aborted, effect.ID)
		default:
			w.requests = append(w.requests, effect)
		}
	}
	w.trace = append(w.trace, fmt.Sprintf("%T%s", e, brief(e)))
	w.check(fmt.Sprintf("after %T", e))
}

// became is what a call came to at each operator.
func became(call string, r core.Result) (lines []string) {
	for _, name := range slices.Sorted(maps.Keys(r.Outcomes)) {
		o := r.Outcomes[name]
		lines = append(lines, fmt.Sprintf("-> %s at %s: err=%v doubt=%q kept=%t foreign=%t former=%v", call, name, o.Err, o.Doubt, o.Kept, o.Foreign, o.Former))
	}
	return lines
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
	case core.Validated:
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

// validate says that an address declares the key, whose plan comes next.
func (w *walk) validate(key rrset.Key) {
	w.unplanned[key] = true
	w.tell(key, core.Validated{Key: key})
}

// expect says that the plan of the key came.
func (w *walk) expect(key rrset.Key) {
	delete(w.unplanned, key)
	w.step(core.Expected{Key: key})
}

// flawed reports whether the plan of an address fails in the apply, for a reason that has nothing to do with RRsets: a
// value that was unknown is wrong, a token is refused. It happens where a run may be interrupted as well.
func (w *walk) flawed(address string) bool {
	return w.cancel && w.chooser.choose(2, "harm "+address) == 1 && w.chooser.choose(2, "the plan of "+address+" fails") == 1
}

func (w *walk) call(event func(core.ID) core.Event) core.ID {
	id := w.machine.NewID()
	w.running[id] = true
	e := event(id)
	w.called[id] = fmt.Sprintf("%T%s", e, brief(e))
	w.step(e)
	return id
}

// node is one thing that the CLI does, in stages; it returns the call to wait for, or 0 to go on at once, and false
// when it is over.
type node struct {
	name   string
	stages []func() core.ID
	waits  core.ID
}

// then adds stages at the end, next before all that are left.
func (n *node) then(stages ...func() core.ID) { n.stages = append(n.stages, stages...) }

func (n *node) next(stages ...func() core.ID) { n.stages = append(slices.Clone(stages), n.stages...) }

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

// goOn lets a node do its stages until it waits, and reports whether it is over.
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
			may := w.faults(w.chooser, name, write)
			if e, ok := r.(core.Write); ok && slices.Contains(w.aborted, e.ID) {
				may = append(slices.Clone(may), ended, endedLate)
			}
			fault := may[w.chooser.choose(len(may), "fault of "+name)]
			text := fmt.Sprintf("%s answers %T: %s", name, r, fault)
			if write, ok := r.(core.Write); ok {
				text += " to " + fingerprint(write.Changes)
			}
			w.trace = append(w.trace, text)
			w.step(w.tf.world.answer(r, fault, w.machine.Enough))
		})
	}
	for _, s := range w.tf.world.operators {
		if len(s.late) > 0 && w.chooser.choose(6, "what is late may come") == 1 {
			add("late writes to "+s.name, func() {
				w.trace = append(w.trace, "what is late comes to "+s.name)
				s.settle()
				w.check("what is late comes")
			})
		}
	}
	slow := !w.tf.prompt || len(*active) == w.parallel || len(*waiting) == 0
	if len(w.timers) > 0 && (len(w.requests) == 0 && slow || w.ended) || len(options) == 0 { // a roll-back may be too slow
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
	name, _, write = addressed(effect)
	return name, write
}

// addressed is whom a request is for, and of which zone.
func addressed(effect core.Effect) (name, zone string, write bool) {
	switch e := effect.(type) {
	case core.List:
		return e.Operator, e.Zone, false
	case core.ListName:
		return e.Operator, e.Zone, false
	case core.AskEmpty:
		return e.Operator, e.Zone, false
	case core.AskHeld:
		return e.Operator, e.Zone, false
	case core.AskPublished:
		return e.Operator, e.Zone, false
	case core.Write:
		return e.Operator, e.Zone, true
	}
	panic(fmt.Sprintf("no request: %T", effect))
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

func (tf *terraform) newWalk(c chooser, parallel int, faults faults, cancel bool, check func(string)) *walk {
	tf.walks++
	return &walk{
		tf: tf, number: tf.walks, notes: map[string]note{}, chooser: c, machine: core.New(tf.world.rules(), swift()), now: time.Unix(0, 0),
		parallel: parallel, faults: faults, cancel: cancel, check: check,
		results: map[core.ID]core.Result{}, running: map[core.ID]bool{}, called: map[core.ID]string{},
		unplanned: map[rrset.Key]bool{}, unplannedAt: map[core.ID]map[rrset.Key]bool{}, makingRoom: map[rrset.Key]rrset.Key{},
	}
}

// swift waits for company in few steps, and not long for a roll-back after an interrupt: how a batch is gathered and
// how much time that has is proven elsewhere.
func swift() core.Timing {
	timing := core.DefaultTiming()
	timing.BatchPoll = timing.BatchIdle
	timing.Undo = 2 * timing.BatchIdleMost
	return timing
}

// planned is what a plan came to for one address.
type planned struct {
	address    string
	action     string // create, update, delete, replace
	handedOver bool
	taken      bool
	plan       int // names the walk
	at         map[string]bool
	free       map[string]bool // operators where nothing was in the way
}

var everywhere = map[string]bool{"one": true, "two": true}

// plan is the plan walk. An error in it means that nothing is applied.
func (tf *terraform) plan(w *walk) []*planned {
	var plans []*planned
	var nodes []*node
	tf.errors = nil
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
	if len(tf.errors) > 0 {
		return nil
	}
	return plans
}

// tell hands an event to the machine and keeps a note of the name, as the package above does.
func (w *walk) tell(key rrset.Key, e core.Event) {
	w.step(e)
	w.earlier(key.Name)
	c := w.machine.Changing(key)
	_, kept := e.(core.Kept)
	_, leaves := e.(core.Leaving)
	switch {
	case len(c.Leaving) > 0 && len(c.Declared) > 0:
		w.tf.notes[key.Name] = note{w.number, c.Leaving, c.Declared, c.Kept}
	case kept || leaves:
		delete(w.tf.notes, key.Name)
	}
}

// earlier is the note that another walk left of a name.
func (w *walk) earlier(name string) note {
	found, ok := w.notes[name]
	if !ok {
		found = w.tf.notes[name]
		w.notes[name] = found
	}
	return found
}

// recall tells what a plan noted of a name: a deletion believes that of its own, and who declares the key not that what
// cannot stand beside it is declared as well.
func (w *walk) recall(key rrset.Key, plan int) {
	for _, typ := range []string{"A", "AAAA", "CNAME", "DS", "NS", "TXT"} {
		switch other := key.WithType(typ); {
		case plan != 0:
		case w.tf.past[other] == "adrift":
			w.step(core.Leaving{Key: other})
		case len(w.tf.stranded[other]) > 0:
			w.step(core.Leaving{Key: other, At: w.tf.stranded[other]})
		}
	}
	noted := w.earlier(key.Name)
	if plan != 0 && noted.plan != plan {
		return
	}
	for _, typ := range slices.Sorted(maps.Keys(noted.leaving)) {
		other := key.WithType(typ)
		w.step(noted.leaving[typ].Leaving(other))
	}
	for _, typ := range slices.Sorted(maps.Keys(noted.declared)) {
		if other := key.WithType(typ); plan != 0 || !key.Excludes(other) {
			w.step(core.Declared{Key: other})
		}
	}
	for _, typ := range slices.Sorted(maps.Keys(noted.kept)) {
		if plan != 0 {
			w.step(core.Kept{Key: key.WithType(typ)})
		}
	}
}

func (tf *terraform) planNode(w *walk, address string, plans *[]*planned) *node {
	n := &node{name: "plan " + address}
	inst := tf.state[address]
	want, declared := tf.config[address]
	add := func(p *planned) {
		p.address, p.plan = address, w.number
		*plans = append(*plans, p)
	}
	if inst != nil {
		n.then(tf.refresh(w, inst)...)
	}
	n.then(func() core.ID {
		switch {
		case !declared:
			add(w.depart(inst, &planned{action: "delete"}))
			if !inst.HandedOver(inst.want.Key) {
				w.step(core.Destroyed{Key: inst.want.Key})
			}
		case inst == nil:
			w.validate(want.Key)
			tf.decide(w, n, want, nil, func(core.Decision, map[string]bool) { add(&planned{action: "create"}) })
		default:
			w.validate(want.Key)
			p := &planned{action: "update"}
			w.stay(inst, want.Key, p)
			tf.decide(w, n, want, inst, func(d core.Decision, free map[string]bool) {
				switch p.at, p.free = d.Writes, free; {
				case inst.want.Name != want.Name:
					p.action = "replace"
					add(p)
				case len(d.Writes) > 0:
					add(p)
				}
			})
		}
		return 0
	})
	return n
}

// refresh reads what the state has.
func (tf *terraform) refresh(w *walk, inst *instance) []func() core.ID {
	key := inst.want.Key
	var look core.ID
	return []func() core.ID{func() core.ID {
		w.step(core.Owned{Key: key})
		for _, ceded := range inst.LeftToOthers(key) {
			w.step(ceded)
		}
		look = w.call(func(id core.ID) core.Event {
			return core.Look{ID: id, Key: key, Also: inst.Beside(key), At: everywhere, Sure: true, Patient: true}
		})
		return look
	}, func() core.ID {
		inst.observed(w, w.results[look].Seen)
		tf.own(inst)
		return 0
	}}
}

// observed brings the state up to what was seen.
func (inst *instance) observed(w *walk, seen map[string]core.Observation) {
	inst.stale = seen["one"].Err != nil || seen["two"].Err != nil
	left, standing := inst.AfterRead(core.Reading{
		Want: desired(inst.want), Seen: seen, Kept: w.machine.Keeps,
		Unpublished: func(name string) bool { return len(w.tf.world.service(name).unpublished) > 0 },
	})
	inst.Ownership = left
	for name, stands := range standing {
		switch {
		case stands == core.Unreadable:
		case stands != core.AsSeen || core.Difference(inst.want, seen[name].Held) != "":
			inst.owed[name] = true
		default:
			delete(inst.owed, name)
		}
	}
}

// depart tells the machine that an address gives its RRset up.
func (w *walk) depart(inst *instance, p *planned) *planned {
	w.leaveOthers(inst)
	p.handedOver, p.taken = w.machine.Declares(inst.want.Key), w.machine.Keeps(inst.want.Key)
	if !inst.HandedOver(inst.want.Key) {
		w.tell(inst.want.Key, inst.Leaving(inst.want.Key))
	}
	return p
}

// stay tells the machine what an address had and what it declares.
func (w *walk) stay(inst *instance, key rrset.Key, p *planned) {
	if inst.want.Key == key {
		w.leaveOthers(inst)
		w.tell(key, core.Kept{Key: key})
		return
	}
	w.depart(inst, p)
}

func (w *walk) leaveOthers(inst *instance) {
	for _, ceded := range inst.LeftToOthers(inst.want.Key) {
		w.tell(inst.want.Key, ceded)
	}
	for _, former := range inst.Left(inst.want.Key) {
		w.tell(former.Key, former)
	}
}

// decide plans one address: it asks where the decision needs that, and adds an error if something stands in the way
// that is not ours. Otherwise it goes on with then, which is told where nothing is in the way.
func (tf *terraform) decide(w *walk, n *node, want operator.RRset, inst *instance, then func(core.Decision, map[string]bool)) {
	r := core.Request{Want: desired(want), Overwrite: tf.overwrite}
	if inst != nil {
		r.GivenUp = w.machine.Destroys(want.Key)
		r.Prior = &core.Prior{Key: inst.want.Key, Want: desired(inst.want), Owed: maps.Clone(inst.owed), Ownership: inst.Ownership}
	}
	d := core.Plan(r)
	var look core.ID
	n.next(func() core.ID {
		if len(d.Ask) == 0 {
			return 0
		}
		look = w.call(func(id core.ID) core.Event {
			return core.Look{ID: id, Key: want.Key, At: d.Ask, Patient: tf.failOnOutage}
		})
		return look
	}, func() core.ID {
		var questions []func() core.ID
		failed, free := false, map[string]bool{}
		for _, name := range slices.Sorted(maps.Keys(d.Ask)) {
			seen := w.results[look].Seen[name]
			if seen.Err != nil {
				if tf.failOnOutage && !seen.Late {
					tf.errors = append(tf.errors, "outage")
					failed = true
				}
				continue
			}
			conflict := d.Conflict(name, want, seen)
			if free[name] = conflict == nil; free[name] || inst != nil && inst.want.Key == want.Key { // which is a warning
				continue
			}
			keys, ok := d.Awaits(conflict)
			if !ok {
				tf.errors = append(tf.errors, conflict.Error())
				failed = true
				continue
			}
			for _, key := range keys {
				if tf.past[key] == "adrift" || tf.stranded[key][name] {
					continue
				}
				var await core.ID
				remembered := false
				questions = append(questions, func() core.ID {
					noted, ok := w.earlier(key.Name).leaving[key.Type]
					if remembered = ok && (noted.At[name] || len(noted.At) == 0 && !noted.Foreign[name]); remembered {
						return 0
					}
					await = w.call(func(id core.ID) core.Event { return core.Await{ID: id, Operator: name, Key: key} })
					return await
				}, func() core.ID {
					if !remembered && !w.results[await].Yes && tf.past[key] == "" {
						tf.errors = append(tf.errors, conflict.Error())
						failed = true
					}
					return 0
				})
			}
		}
		n.next(append(questions, func() core.ID {
			if !failed {
				then(d, free)
			}
			return 0
		})...)
		return 0
	})
}

// apply is the apply walk: a process of its own, which knows what the plan handed it and the state.
func (tf *terraform) apply(w *walk, plans []*planned) {
	var nodes []*node
	tf.errors = nil
	for _, p := range plans {
		n := &node{name: p.action + " " + p.address}
		switch p.action {
		case "create":
			tf.create(w, n, p.address)
		case "update":
			tf.update(w, n, p)
		case "delete":
			tf.delete(w, n, p, func() {})
		case "replace":
			tf.delete(w, n, p, func() {
				if tf.state[p.address] == nil {
					tf.create(w, n, p.address)
				}
			})
		}
		nodes = append(nodes, n)
	}
	slices.SortFunc(nodes, func(a, b *node) int { return strings.Compare(a.name, b.name) })
	w.run(nodes)
}

// desired is what both operators shall hold.
func desired(r operator.RRset) core.Desired { return core.Desired{"one": r, "two": r} }

func (tf *terraform) create(w *walk, n *node, address string) {
	want := tf.config[address]
	var call core.ID
	n.then(func() core.ID {
		w.validate(want.Key)
		tf.decide(w, n, want, nil, func(core.Decision, map[string]bool) {
			if w.flawed(address) {
				return
			}
			n.next(func() core.ID {
				w.expect(want.Key)
				w.recall(want.Key, 0)
				tf.recognize(want)
				call = w.call(func(id core.ID) core.Event {
					return core.Create{ID: id, Want: desired(want), Overwrite: tf.overwrite, FailOnOutage: tf.failOnOutage, Alone: tf.alone}
				})
				return call
			}, func() core.ID {
				tf.created(address, want, w.results[call])
				return 0
			})
		})
		return 0
	})
}

// created puts into the state what became of a creation, or nothing.
func (tf *terraform) created(address string, want operator.RRset, r core.Result) {
	kept, refused := false, false
	for _, o := range r.Outcomes {
		refused = refused || core.IsFatal(o.Err) || tf.failOnOutage && o.Err != nil
		kept = kept || o.Err == nil
	}
	for name, o := range r.Outcomes {
		switch {
		case refused && (r.Left[name] != nil || o.InDoubt()):
			tf.told[want.Key] = true
			tf.loose[want.Key] = true
		case !refused && !kept && o.InDoubt(): // told in an error
			tf.loose[want.Key] = true
		}
	}
	if refused || !kept {
		for name, o := range r.Outcomes {
			if r.Left[name] != nil || r.Left == nil && o.Err != nil && (o.Wrote || o.InDoubt()) {
				tf.strand(want.Key, name)
			}
		}
		return
	}
	inst := &instance{want: want, owed: map[string]bool{}, Ownership: core.AfterCreate(r.Outcomes)}
	for name, o := range r.Outcomes {
		if o.Err != nil || !o.Known || o.Unpublished || core.Difference(want, o.Held) != "" {
			inst.owed[name] = true
		}
	}
	tf.state[address] = inst
	tf.taken(want)
	tf.own(inst)
}

func (tf *terraform) update(w *walk, n *node, p *planned) {
	inst, want := tf.state[p.address], tf.config[p.address]
	var call core.ID
	var u core.Update
	n.then(func() core.ID {
		w.validate(want.Key)
		w.stay(inst, want.Key, &planned{})
		tf.decide(w, n, want, inst, func(d core.Decision, _ map[string]bool) {
			if w.flawed(p.address) {
				return
			}
			for name := range d.Writes {
				if !p.at[name] {
					panic("inconsistent final plan: nothing was to be written at " + name)
				}
			}
			n.next(func() core.ID {
				w.expect(want.Key)
				w.recall(want.Key, 0)
				tf.recognize(inst.want)
				tf.recognize(want)
				u = core.Update{
					From: inst.want.Key, Was: desired(inst.want), Want: desired(want), At: p.at, Ownership: inst.Ownership,
					Overwrite: tf.overwrite, Alone: tf.alone,
				}
				call = w.call(func(id core.ID) core.Event {
					u.ID = id
					return u
				})
				return call
			}, func() core.ID {
				tf.updated(w, inst, want, u, w.results[call].Outcomes)
				return 0
			})
		})
		return 0
	})
}

// updated puts into the state what became of an update.
func (tf *terraform) updated(w *walk, inst *instance, want operator.RRset, u core.Update, outcomes map[string]core.Outcome) {
	from := inst.want.Key
	if len(u.At) == len(everywhere) && !slices.ContainsFunc(slices.Collect(maps.Values(outcomes)), core.Outcome.MayStand) {
		inst.stale = inst.stale || from.Type != want.Type // the prior state stays
		inst.Ownership = inst.AfterNothing(u, outcomes)
		return
	}
	if !slices.ContainsFunc(slices.Collect(maps.Values(outcomes)), func(o core.Outcome) bool { return o.Err != nil }) {
		tf.gone(w, append(inst.FormerKeys(from), from))
	}
	tf.taken(want)
	inst.want, inst.Ownership = want, inst.AfterUpdate(want.Key, outcomes)
	if w.ended { // the one that was to take it may never come
		for _, ceded := range inst.LeftToOthers(want.Key) {
			tf.loose[ceded.Key] = true
		}
	}
	for name, o := range outcomes {
		if o.Err != nil || o.Unpublished || o.Known && core.Difference(want, o.Held) != "" {
			inst.owed[name] = true
		} else {
			delete(inst.owed, name)
		}
	}
	tf.own(inst)
}

// gone notes what was replaced everywhere.
func (tf *terraform) gone(w *walk, keys []rrset.Key) {
	for _, key := range keys {
		if !w.machine.Declares(key) {
			delete(tf.past, key)
		}
	}
}

// taken notes that what cannot stand beside an RRset went with it.
func (tf *terraform) taken(want operator.RRset) {
	delete(tf.stranded, want.Key)
	for key, is := range tf.past {
		if is == "adrift" && want.Excludes(key) {
			delete(tf.past, key)
		}
	}
}

// strand notes that an operator may hold what is in no state.
func (tf *terraform) strand(key rrset.Key, name string) {
	switch {
	case tf.elsewhere:
		return
	case tf.stranded == nil:
		tf.stranded = map[rrset.Key]map[string]bool{}
	}
	if tf.stranded[key] == nil {
		tf.stranded[key] = map[string]bool{}
	}
	tf.stranded[key][name] = true
}

// own notes what is not foreign any more, because the state has it.
func (tf *terraform) own(inst *instance) {
	// What was handed over to nobody is still so where this address never had it.
	if tf.past[inst.want.Key] != "adrift" || len(inst.Foreign) == 0 {
		tf.past[inst.want.Key] = "in state"
		delete(tf.handed, inst.want.Key)
	}
	for _, service := range tf.world.operators {
		held, there := service.held[inst.want.Key]
		if !inst.Foreign[service.name] && (!there || show(held) == show(inst.want)) {
			tf.ours[service.name+" "+inst.want.Key.ID()] = true
		}
	}
}

// recognize notes what may be adopted where it was never read.
func (tf *terraform) recognize(want operator.RRset) {
	for _, service := range tf.world.operators {
		if held, there := service.held[want.Key]; there && show(held) == show(want) {
			tf.alike[service.name+" "+want.Key.ID()] = true
		}
	}
}

func (tf *terraform) delete(w *walk, n *node, p *planned, then func()) {
	inst := tf.state[p.address]
	var call core.ID
	var began time.Time
	n.then(func() core.ID {
		began = w.now
		w.recall(inst.want.Key, p.plan)
		var follows []core.Place
		if p.action == "replace" {
			want := tf.config[p.address]
			follows = append(follows, core.Place{Key: want.Key, Clear: p.free, Takes: func(_ string, held operator.RRset) bool {
				return tf.overwrite || core.Difference(want, &held) == ""
			}})
			w.makingRoom[want.Key] = inst.want.Key
			w.step(core.Declared{Key: want.Key})
		}
		call = w.call(func(id core.ID) core.Event {
			return core.Delete{
				ID: id, Key: inst.want.Key, Was: desired(inst.want), Ownership: inst.Ownership,
				HandedOver: p.handedOver, Taken: p.taken, Replacing: p.action == "replace", For: follows,
			}
		})
		return call
	}, func() core.ID {
		waited := w.now.Sub(began) >= swift().Ownership/10
		tf.deleted(w, p.address, inst, w.results[call].Outcomes, waited)
		// One that has former types to delete decides before it does so.
		alone := len(inst.Former) == 0 && len(inst.Ceded) == 0
		if alone && tf.state[p.address] == nil && w.unplannedAt[call][inst.want.Key] && !w.machine.Keeps(inst.want.Key) {
			panic(p.address + " left its RRset to an address whose plan failed\n" + strings.Join(w.trace, "\n"))
		}
		if alone && tf.state[p.address] == nil && !w.machine.Keeps(inst.want.Key) && w.inSight(inst.want.Key) {
			panic(p.address + " left its RRset to an address that had not come so far, and was in sight\n" + strings.Join(w.trace, "\n"))
		}
		delete(w.makingRoom, tf.config[p.address].Key)
		then()
		return 0
	})
}

// inSight reports whether a deletion is under way that the creation of a key follows, and that does not wait for that
// which gave the key up.
func (w *walk) inSight(key rrset.Key) bool {
	from, is := w.makingRoom[key]
	seen := map[rrset.Key]bool{}
	for next := []rrset.Key{from}; len(next) > 0; next = next[1:] {
		for other, from := range w.makingRoom { // of what takes its place, or takes it over
			if (other == next[0] || other.Excludes(next[0])) && !seen[from] {
				seen[from] = true
				next = append(next, from)
			}
		}
	}
	return is && !seen[key]
}

// deleted puts into the state what became of a deletion, which may have waited for those that were to take what it
// left.
func (tf *terraform) deleted(w *walk, address string, inst *instance, outcomes map[string]core.Outcome, waited bool) {
	done, left := true, false
	for name, o := range outcomes {
		if o.Err != nil {
			done = false
			inst.owed[name] = true
		} else if !o.Kept {
			inst.owed[name] = true // gone here, or about to be
		}
		left = left || o.Kept || len(o.Succeeded) > 0
	}
	handedOver := left && !w.machine.Keeps(inst.want.Key)
	if !done {
		if handedOver { // who declares it may never come
			tf.loose[inst.want.Key] = true
		}
		inst.Ownership = inst.AfterDelete(inst.want.Key, false, outcomes)
		return
	}
	delete(tf.state, address)
	tf.gone(w, inst.FormerKeys(inst.want.Key))
	for _, o := range outcomes { // as the package above remembers it
		for typ := range o.Succeeded {
			key := inst.want.Key.WithType(typ)
			tf.past[key], tf.handed[key], tf.adrift[key] = "adrift", true, true
		}
	}
	switch {
	case len(inst.Foreign) > 0:
	case !left:
		delete(tf.past, inst.want.Key)
	case !w.machine.Keeps(inst.want.Key):
		tf.past[inst.want.Key] = "adrift"
	}
	for _, ceded := range inst.LeftToOthers(inst.want.Key) { // by now it may be declared nowhere
		tf.loose[ceded.Key] = true
	}
	for _, key := range inst.FormerKeys(inst.want.Key) {
		if waited && w.machine.Declares(key) && !w.machine.Keeps(key) {
			tf.loose[key] = true
		}
	}
	if handedOver {
		tf.handed[inst.want.Key], tf.adrift[inst.want.Key] = true, true
	}
}
