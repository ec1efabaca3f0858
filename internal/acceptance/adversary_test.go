package acceptance

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

var (
	adversaryRuns  = flag.Int("adversary.runs", 40, "how many random plays TestAdversary tries")
	adversarySeed  = flag.Uint64("adversary.seed", 0, "play this seed alone")
	adversarySteps = flag.Int("adversary.steps", 12, "steps of one random play")
	adversaryTyped = flag.Int("adversary.typed", 2, "how many random plays TestAccAdversary tries with real CLIs")
)

// TestAdversary plays random sequences of configuration changes, edits behind the provider's back, faults and repairs,
// and looks after each command whether the promises hold. A failure names its seed;
// -adversary.seed=N plays it again, -adversary.runs=N tries more.
func TestAdversary(t *testing.T) {
	t.Parallel()
	runs := *adversaryRuns
	if testing.Short() {
		runs = min(runs, 5)
	}
	var all sync.WaitGroup
	slots := make(chan struct{}, 8)
	play := func(seed uint64) {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
				box := newBox(t)
				run := newDriven(t, box, patientTimeout)
				newAdversary(t, seed, box, &run).play(*adversarySteps)
			})
		})
	}
	if *adversarySeed != 0 {
		play(*adversarySeed)
	} else {
		for i := range runs {
			play(uint64(i + 1))
		}
	}
	all.Wait()
}

// TestAccAdversary plays a few of the same with real CLIs, which take turns: the driver is a reading of what they do.
// -adversary.typed=N tries more.
func TestAccAdversary(t *testing.T) {
	t.Parallel()
	clis := clitest.RequireCLIs(t)
	first := *adversarySeed
	if first == 0 {
		first = 1001
	}
	for i := range *adversaryTyped {
		seed, cli := first+uint64(i), clis[i%len(clis)]
		t.Run(fmt.Sprintf("seed=%d/%s", seed, cli.Name), func(t *testing.T) {
			t.Parallel()
			box := newBox(t)
			run := newTyped(t, cli, box, patientTimeout)
			run.work.Attach = false // each command has providers of its own, as a user's has
			newAdversary(t, seed, box, run).play(*adversarySteps)
		})
	}
}

// adversary is one random play.
type adversary struct {
	t      *testing.T
	random *rand.Rand
	box    *sandbox.Sandbox
	run    runner
	config protocol.Config
	story  []string
	// state is what the last command left.
	state map[string]instance
	// adrift are RRsets, as "name/type", that were handed over and not taken.
	adrift map[string]bool
	// saved is the configuration of a plan that was kept.
	saved *protocol.Config

	mu sync.Mutex
	// guarded are the RRsets, by operator, that may not be absent.
	guarded map[string][]string
}

var (
	adversaryNames = []string{"a", "b", "c", "@", "*.w"}
	// adversaryKinds are faults that an operator may have for a whole command.
	adversaryKinds = []sandbox.Kind{
		sandbox.Refused, sandbox.Unavailable, sandbox.HTML500, sandbox.HTML502, sandbox.JSON500, sandbox.TooMany, sandbox.LostBeforeCommit,
		sandbox.LostAfterCommit, sandbox.JSON500AfterCommit, sandbox.SuccessFalse, sandbox.Truncated, sandbox.HTML200, sandbox.EmptyBody,
		sandbox.Unauthorized, sandbox.Forbidden, sandbox.ProblemJSON,
	}
)

func newAdversary(t *testing.T, seed uint64, box *sandbox.Sandbox, run runner) *adversary {
	a := &adversary{
		t: t, random: rand.New(rand.NewPCG(seed, 0)), box: box, run: run,
		config: protocol.Config{Resources: map[string]protocol.Resource{}, Moved: map[string]string{}},
		adrift: map[string]bool{},
	}
	for _, name := range bothOperators {
		box.Site(name).Watch(func() { a.watch(name) })
	}
	t.Cleanup(func() {
		if t.Failed() || *adversarySeed != 0 {
			t.Logf("seed %d:\n%s", seed, strings.Join(a.story, "\n"))
		}
	})
	for name, value := range foreign {
		a.edit(name, "other", "TXT", 3600, value)
	}
	return a
}

func (a *adversary) play(steps int) {
	for range 3 { // an empty zone is soon played out
		a.changeConfig()
	}
	for range steps {
		switch a.random.IntN(16) {
		case 0, 1, 2, 3:
			a.changeConfig()
		case 8, 9:
			a.rename()
		case 12, 13:
			a.recast()
		case 14:
			a.renameOwner()
		case 15:
			a.retype()
		case 4:
			a.editBehind()
		case 5, 6:
			a.breakOne()
		case 7:
			a.repair()
		}
		if a.command(); a.t.Failed() {
			return
		}
	}
	a.end()
}

func pick[T any](r *rand.Rand, items []T) T { return items[r.IntN(len(items))] }

// changeConfig declares, changes or removes a resource.
func (a *adversary) changeConfig() {
	name := pick(a.random, adversaryNames)
	address := a.addressOf(name)
	a.config = a.config.Clone()
	if a.declares(name, address) {
		return // by a resource of another kind
	}
	if _, ok := a.config.Resources[address]; ok && a.random.IntN(4) == 0 {
		delete(a.config.Resources, address)
		a.say("remove %s", address)
		return
	}
	typ, values := a.content(name)
	args := map[string]any{"zone": sandbox.Zone, "name": name, "type": typ, "values": values, "overwrite": true}
	if a.random.IntN(5) == 0 {
		args["on_outage"] = "fail"
	}
	if a.random.IntN(3) == 0 {
		args["ttl"] = 3600 * (1 + a.random.IntN(3))
	}
	if a.random.IntN(3) == 0 {
		args["cloudflare"] = a.settings(typ)
	}
	a.config.Resources[address] = protocol.Resource{Type: "multidns_record", Args: args}
	a.say("declare %s %s %v ttl %v on_outage %v cloudflare %v", name, typ, values, args["ttl"], args["on_outage"], args["cloudflare"])
}

// rename moves an RRset to another address, without a moved block, as it is or with other values. What the state knows
// is ours: nothing has to be taken over.
func (a *adversary) rename() {
	records := a.records()
	if len(records) == 0 {
		return
	}
	a.config = a.config.Clone()
	old := pick(a.random, records)
	args := maps.Clone(a.config.Resources[old].Args)
	delete(a.config.Resources, old)
	base, _, _ := strings.Cut(old, "_as_")
	address := fmt.Sprintf("%s_as_%d", base, a.random.IntN(3))
	args["overwrite"] = false
	if a.random.IntN(2) == 0 {
		args["ttl"] = 3600 * (1 + a.random.IntN(3))
	}
	a.config.Resources[address] = protocol.Resource{Type: "multidns_record", Args: args}
	a.say("rename %s to %s, ttl %v", old, address, args["ttl"])
}

// addressOf is where a name is declared: under its own address, or the one that it was renamed to.
func (a *adversary) addressOf(name string) string {
	base := "multidns_record." + strings.NewReplacer("@", "apex", "*", "star", ".", "_").Replace(name)
	for address := range a.config.Resources {
		if address == base || strings.HasPrefix(address, base+"_as_") {
			return address
		}
	}
	return base
}

func (a *adversary) content(name string) (typ string, values []string) {
	types := []string{"A", "TXT", "AAAA", "CNAME"}
	if name == "@" {
		types = types[:3]
	}
	typ = pick(a.random, types)
	pool := map[string][]string{
		"A": {"192.0.2.1", "192.0.2.2", "192.0.2.3"}, "AAAA": {"2001:db8::1", "2001:db8::2"},
		"TXT": {"one", "two", "three"}, "CNAME": {"x.example.net."},
	}[typ]
	count := 1 + a.random.IntN(len(pool))
	for _, i := range a.random.Perm(len(pool))[:count] {
		values = append(values, pool[i])
	}
	return typ, values
}

// editBehind changes or deletes an RRset of a declared name at one operator, under the type that is declared.
func (a *adversary) editBehind() {
	records := a.records()
	if len(records) == 0 {
		return
	}
	args := a.config.Resources[pick(a.random, records)].Args
	name, _ := args["name"].(string)
	typ, _ := args["type"].(string)
	operator := pick(a.random, bothOperators)
	values := map[string][]string{"A": {"192.0.2.99"}, "AAAA": {"2001:db8::99"}, "TXT": {`"edited"`}, "CNAME": {"edited.example.net."}}[typ]
	if a.random.IntN(2) == 0 || !a.holdsType(operator, name, typ) {
		values = nil
	}
	a.edit(operator, name, typ, 7200, values...)
}

func (a *adversary) holdsType(operator, name, typ string) bool {
	return slices.ContainsFunc(heldAt(a.box, operator, ownerOf(name)), func(l string) bool { return strings.Contains(l, " "+typ+" ") })
}

func ownerOf(name string) string {
	if name == "@" {
		return sandbox.Zone + "."
	}
	return name + "." + sandbox.Zone + "."
}

func (a *adversary) edit(operator, name, typ string, ttl int, values ...string) {
	a.say("edit %s: %s %s %v", operator, name, typ, values)
	if err := a.box.Site(operator).Edit(sandbox.Zone, name, typ, ttl, values...); err != nil {
		a.say("  not possible: %s", err)
	}
}

func (a *adversary) breakOne() {
	operator := pick(a.random, bothOperators)
	f := sandbox.Fault{Kind: pick(a.random, adversaryKinds)}
	if f.Kind != sandbox.Refused {
		if a.random.IntN(2) == 0 {
			f.Methods = sandbox.Writes
		}
		if a.random.IntN(2) == 0 {
			f.Count, f.Skip = 1+a.random.IntN(2), a.random.IntN(3)
		}
	}
	if f.Kind == sandbox.TooMany && a.random.IntN(2) == 0 {
		f.RetryAfter = 3000
	}
	a.box.Site(operator).Faults.Set(f)
	a.say("break %s: %s methods %v skip %d count %d", operator, f.Kind, f.Methods, f.Skip, f.Count)
}

func (a *adversary) repair() {
	operator := pick(a.random, bothOperators)
	a.box.Site(operator).Faults.Clear()
	a.say("repair %s", operator)
}

// command applies and looks.
func (a *adversary) command() {
	before := map[string][]sandbox.Fault{}
	for _, name := range bothOperators {
		before[name] = a.box.Site(name).Faults.Active()
	}
	how, state := a.choose(), a.state
	a.guard(how)
	r := a.carryOut(how)
	a.noteAdrift(state, r)
	a.say("%s: %s", how, r.text)
	a.mu.Lock()
	a.guarded = nil
	a.mu.Unlock()
	// A run that was ended between its plan and what it applies has stored nothing of what it read.
	halted := how.interrupt > 0 && r.exit != 0
	a.invariants(before, r.planned && how.whole() && !halted)
}

// invariants are what holds after each command. What somebody edited behind the provider's back is known after a
// refresh only, and a plan that failed stored none.
func (a *adversary) invariants(before map[string][]sandbox.Fault, refreshed bool) {
	for name, value := range foreign {
		want := []string{"other.example.com. 3600 TXT " + value}
		if diff := cmp.Diff(want, heldAt(a.box, name, "other.example.com.")); diff != "" {
			a.fail("%s: an undeclared RRset was touched (-want +got):\n%s", name, diff)
		}
	}
	for address, r := range a.state {
		if r.tainted {
			a.fail("%s is tainted", address)
		}
		args, declared := a.config.Resources[address].Args, false
		if args != nil {
			declared = args["name"] == r.attr("name") && (args["type"] == nil || args["type"] == r.attr("type"))
			if !declared {
				continue // to be replaced, and not read since another one may have made room for itself
			}
		}
		for _, name := range bothOperators {
			if !refreshed {
				continue
			}
			a.truthful(address, r, name)
			if declared && len(before[name]) == 0 {
				a.present(r, name)
			}
		}
	}
}

// truthful: what the state calls in sync is held.
func (a *adversary) truthful(address string, r instance, operator string) {
	if r.typ == "multidns_zone_records" {
		a.mapIsTruthful(address, r, operator)
		return
	}
	if r.attr("operators", operator, "status") != "in_sync" {
		return
	}
	name, _ := r.attr("name").(string)
	want := fmt.Sprintf("%s %v %v %s", ownerOf(name), a.ttlAt(operator, r), r.attr("type"), canonicalLine(r))
	if held := heldAt(a.box, operator, ownerOf(name)); !slices.Contains(held, want) {
		a.fail("%s is in sync at %s by the state, as %q; it holds %q", address, operator, want, held)
	}
}

func canonicalLine(r instance) string {
	values, _ := r.attr("values").([]any)
	var texts []string
	for _, v := range values {
		text := fmt.Sprint(v)
		if r.attr("type") == "TXT" {
			text = `"` + text + `"`
		}
		texts = append(texts, text)
	}
	slices.Sort(texts)
	return strings.Join(texts, " | ")
}

// present: what is declared and in state is held by an operator that was well.
func (a *adversary) present(r instance, operator string) {
	if r.typ == "multidns_zone_records" {
		return // mapIsTruthful has looked
	}
	name, _ := r.attr("name").(string)
	typ, _ := r.attr("type").(string)
	if !a.holdsType(operator, name, typ) {
		a.fail("%s %s is declared and absent at %s, which answered: it holds %q", name, typ, operator, heldAt(a.box, operator, ownerOf(name)))
	}
}

// end repairs everything: one apply makes both zones what is declared, and the next plan is empty.
func (a *adversary) end() {
	for _, site := range a.box.Sites() {
		site.Faults.Clear()
	}
	a.say("repair all")
	r := a.run.apply(a.t.Context(), a.config)
	a.say("apply: %s", r.text)
	if r.exit != 0 {
		a.fail("the apply after the last fault failed: %s", r.text)
		return
	}
	if r := a.run.plan(a.t.Context(), a.config); r.exit != 0 {
		a.fail("the plan after that is not empty: %s", r.text)
	}
	a.state = a.run.instances(a.t.Context())
	a.invariants(map[string][]sandbox.Fault{}, true)
	a.settingsAreKept()
	left, right := a.declaredAt("cloudflare"), a.declaredAt("desec")
	if diff := cmp.Diff(left, right); diff != "" {
		a.fail("the operators differ in the end (-cloudflare +desec):\n%s", diff)
	}
	declared, adrift := declaredIn(a.config), 0
	for key := range a.adrift {
		owner, typ, _ := strings.Cut(key, "/")
		if declared[key] == "" && a.holdsType("desec", owner, typ) {
			adrift++
		}
	}
	if want := len(declared) + adrift; len(left) != want {
		a.fail("%d RRsets are declared, the operators hold %q", want, left)
	}
}

// noteAdrift keeps what was handed over, with a warning, to an address that then failed: no state has it, and nobody is
// left to delete it if it is declared no more.
func (a *adversary) noteAdrift(before map[string]instance, r ran) {
	if r.exit == 0 || !slices.Contains(r.warnings, "RRset is kept under its new address") {
		return
	}
	stated := map[string]bool{}
	for _, now := range a.state {
		for _, key := range stateKeys(now) {
			stated[key] = true
		}
	}
	for _, was := range before {
		for _, key := range stateKeys(was) {
			if !stated[key] {
				a.adrift[key] = true
			}
		}
	}
}

// declaredAt is what an operator holds apart from what nobody declares and from the apex NS RRset.
func (a *adversary) declaredAt(operator string) []string {
	var lines []string
	for _, r := range a.box.Site(operator).Stored(sandbox.Zone) {
		if r.Name != "other.example.com." && (r.Type != "NS" || r.Name != sandbox.Zone+".") {
			if a.isProxied(r.Name, r.Type) {
				r.TTL = 0 // there it has none of its own
			}
			lines = append(lines, line(r))
		}
	}
	slices.Sort(lines)
	return lines
}

func (a *adversary) say(format string, args ...any) {
	a.story = append(a.story, fmt.Sprintf(format, args...))
}

func (a *adversary) fail(format string, args ...any) {
	a.t.Helper()
	a.t.Errorf(format, args...)
}
