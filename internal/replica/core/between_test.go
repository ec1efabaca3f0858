package core_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

// between is a plan of a replacement, and what somebody makes before it is carried out.
type between struct {
	what string
	story
	made []operator.RRset
	at   []string
	// stays: what is to be replaced stays, at every operator and in the state. Otherwise it is replaced, or another
	// address has taken it over.
	stays bool
	// remembers: a creation that comes before who gives the place up has to know from a note whose it is.
	remembers bool
}

// TestBetween: what is to be replaced is deleted at no operator where the plan saw room for what takes its place, and
// there is none any more. Else it would end with neither.
func TestBetween(t *testing.T) {
	api3, apiCNAME, apiTXT := record("api", "A", 300, "192.0.2.66"), record("api", "CNAME", 3600, "x.example.net."), record("api", "TXT", 3600, `"x"`)
	move := story{before: config{"a": a1}, after: config{"a": api1}}
	alias := story{before: config{"a": a1}, after: config{"a": apiCNAME}}
	over := move
	over.overwrite = true
	overAlias := alias
	overAlias.overwrite = true
	held := move
	held.foreign = []operator.RRset{api1}
	for _, c := range []between{
		{what: "nothing", story: move},
		{what: "another one", story: move, made: []operator.RRset{api3}, stays: true},
		{what: "another one at both", story: move, made: []operator.RRset{api3}, at: []string{"one", "two"}, stays: true},
		{what: "the same", story: move, made: []operator.RRset{api1}},
		{what: "the same at both", story: move, made: []operator.RRset{api1}, at: []string{"one", "two"}},
		{what: "what may stand beside it", story: move, made: []operator.RRset{apiTXT}},
		{what: "what may not", story: move, made: []operator.RRset{apiCNAME}, stays: true},
		{what: "what a CNAME may not stand beside", story: alias, made: []operator.RRset{apiTXT}, stays: true},
		{what: "another one that may be overwritten", story: over, made: []operator.RRset{api3}},
		{what: "what may not stand beside it, to be overwritten", story: overAlias, made: []operator.RRset{apiTXT}, stays: true},
		{what: "another one in the place of the same", story: held, made: []operator.RRset{api3}, stays: true},
		{
			what:  "another one, where the name is wanted elsewhere",
			story: story{before: config{"a": a1}, after: config{"a": api1, "b": a2}}, made: []operator.RRset{api3},
		},
		{
			what:  "another one, where two exchange their names",
			story: story{before: config{"a": a1, "b": mail1}, after: config{"a": api1, "b": a2}}, made: []operator.RRset{api3},
		},
		{
			what:  "another one, while something else is deleted",
			story: story{before: config{"a": a1, "b": mail1}, after: config{"a": api1}}, made: []operator.RRset{api3}, stays: true,
		},
		{
			what:  "nothing, where the place is that of another one",
			story: story{before: config{"a": a1, "b": api2}, after: config{"a": api1, "b": mail1}}, remembers: true,
		},
	} {
		if c.at == nil {
			c.at = []string{"two"}
		}
		for _, parallel := range []int{1, 2, 10} {
			for _, elsewhere := range []bool{false, true} { // where no note is found
				if elsewhere && c.remembers {
					continue
				}
				t.Run(fmt.Sprintf("%s/%d/elsewhere=%t", c.what, parallel, elsewhere), func(t *testing.T) {
					t.Parallel()
					script := &script{}
					for n := range runs(100) {
						if broken := c.play(t, script, parallel, elsewhere); len(broken) > 0 {
							t.Fatalf("run %d, choices %v:\n%s", n, script.picks, strings.Join(broken, "\n"))
						}
						if !script.next() {
							return
						}
					}
				})
			}
		}
	}
}

// play plans, lets somebody make something, and applies. It returns what is not as it has to be.
func (b between) play(t *testing.T, c chooser, parallel int, elsewhere bool) (broken []string) {
	t.Helper()
	say := func(format string, args ...any) { broken = append(broken, fmt.Sprintf(format, args...)) }
	tf := b.begin(t)
	p := tf.newWalk(c, parallel, calm, false, func(string) {})
	plans := tf.plan(p)
	if len(plans) == 0 {
		t.Fatalf("nothing is planned: %v", tf.errors)
	}
	for _, name := range b.at {
		tf.world.service(name).hold(b.made...)
	}
	if elsewhere {
		clear(tf.notes)
		clear(tf.past)
	}
	a := tf.newWalk(c, parallel, calm, false, func(string) {})
	tf.apply(a, plans)
	for _, service := range tf.world.operators {
		was, want := b.before["a"], b.after["a"]
		held, there := service.held[was.Key]
		if b.stays && (!there || show(held) != show(was)) {
			say("%s holds %q", service.name, service.lines())
		}
		if now := service.held[want.Key]; !there && show(now) != show(want) {
			say("%s holds neither: %q", service.name, service.lines())
		}
		for _, r := range b.made {
			if now := service.held[r.Key]; slices.Contains(b.at, service.name) && !b.overwrite && show(now) != show(r) {
				say("%s holds %q in the place of %q", service.name, show(now), show(r))
			}
		}
	}
	if inst := tf.state["a"]; b.stays && (inst == nil || show(inst.want) != show(b.before["a"])) {
		say("the state does not keep it")
	}
	if len(broken) > 0 {
		broken = append(broken, slices.Concat(p.trace, []string{"--- apply"}, a.trace)...)
	}
	return broken
}
