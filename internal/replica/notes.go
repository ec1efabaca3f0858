package replica

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// noteAge is how long a note of a plan is believed. An apply follows its plan at once, or within the hour that somebody
// needs to read it.
const noteAge = time.Hour

// notes are what a plan leaves for the apply on the same machine, one file for each owner name at which an RRset
// changes hands. Plan and apply are processes of their own, and the CLI hands nothing from one to the other for a
// creation or an update, and for a deletion only what was known when that was planned
// (design/facts/terraform-behaviour.md section 16). Notes are a help and no truth: without them, on another machine,
// what the apply learns by itself decides. See design/hand-over.md.
type notes struct {
	dir  string
	plan string // names this plan

	// keeping is held while it is asked what a note has to say and until it is kept: what another goroutine learns in
	// between would be lost.
	keeping sync.Mutex

	mu sync.Mutex
	// found are the notes as they were before this walk wrote its own. The apply plans once more, and knows less than
	// the plan that it carries out.
	found map[string]note
	// ended are the RRsets that an address of the state had and has no more, by what this walk did: nothing is left to
	// be noted of them.
	ended map[rrset.Key]bool
}

// note is what is known of one owner name: the types that an address of the state gives up, those that an address
// declares, and those that one has and declares.
type note struct {
	Plan     string               `json:"plan"`
	Leaving  map[string]departing `json:"leaving"`
	Declared map[string]bool      `json:"declared"`
	Kept     map[string]bool      `json:"kept,omitempty"`
}

// departing is what is known of an RRset that an address gives up, and what operators held of it.
type departing struct {
	core.Departing
	Held evidence `json:"held,omitempty"`
}

// newNotes keeps notes below dir; scope tells apart what has nothing to do with each other. Without a dir nothing is
// kept.
func newNotes(dir, scope string) *notes {
	n := &notes{plan: rand.Text(), found: map[string]note{}, ended: map[rrset.Key]bool{}}
	if dir != "" {
		sum := sha256.Sum256([]byte(scope))
		n.dir = filepath.Join(dir, hex.EncodeToString(sum[:8]))
	}
	return n
}

func (n *notes) path(name string) string {
	sum := sha256.Sum256([]byte(name))
	return filepath.Join(n.dir, hex.EncodeToString(sum[:16])+".json")
}

// write keeps what changes hands at a name. That it cannot be kept is no error: it is then as on another machine.
func (n *notes) write(name string, one note) {
	if n.dir != "" {
		n.earlier(name)
		one.Plan = n.plan
		n.save(name, one)
	}
}

func (n *notes) save(name string, one note) {
	text, err := json.Marshal(one)
	if err != nil || os.MkdirAll(n.dir, 0o700) != nil {
		return
	}
	whole := n.path(name) + "." + n.plan // renamed, so that nobody reads half of it
	if os.WriteFile(whole, text, 0o600) == nil {
		_ = os.Rename(whole, n.path(name))
	}
}

// earlier is the note that another walk left of a name, empty if there is none, or an old one.
func (n *notes) earlier(name string) note {
	if n.dir == "" {
		return note{}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	found, ok := n.found[name]
	if !ok {
		found = n.read(name, time.Now()) //nolint:forbidigo // the age of a file
		n.found[name] = found
	}
	return found
}

func (n *notes) read(name string, now time.Time) (found note) {
	info, err := os.Stat(n.path(name))
	if err != nil || now.Sub(info.ModTime()) > noteAge {
		return note{}
	}
	text, err := os.ReadFile(n.path(name))
	if err != nil || json.Unmarshal(text, &found) != nil {
		return note{}
	}
	return found
}

// drop forgets a name at which nothing changes hands any more.
func (n *notes) drop(name string) {
	if n.dir != "" {
		n.earlier(name)
		_ = os.Remove(n.path(name))
	}
}

// end forgets an RRset that its address has given up: what stands there from now on is whose it is. The state may
// forget that one without a word to anybody (a removed block), and the note would make it ours once more.
func (n *notes) end(key rrset.Key) {
	if n.dir == "" {
		return
	}
	n.keeping.Lock()
	defer n.keeping.Unlock()
	n.earlier(key.Name)
	n.ended[key] = true
	left := n.read(key.Name, time.Now()) //nolint:forbidigo // the age of a file
	if delete(left.Leaving, key.Type); len(left.Leaving) == 0 {
		n.drop(key.Name)
	} else {
		n.save(key.Name, left)
	}
}

// take keeps a note of the name of key, if something changes hands there.
func (w *Walk) take(key rrset.Key) { w.note(key, false) }

// takeOrDrop is take for what the state knows: where nothing changes hands, an older note says nothing any more.
func (w *Walk) takeOrDrop(key rrset.Key) { w.note(key, true) }

func (w *Walk) note(key rrset.Key, drop bool) {
	w.notes.keeping.Lock()
	defer w.notes.keeping.Unlock()
	switch changing := ask(w.shell, func(m *core.Machine) note { return w.changing(m, key) }); {
	case len(changing.Leaving) > 0 && len(changing.Declared) > 0:
		w.notes.write(key.Name, changing)
	case drop:
		w.notes.drop(key.Name)
	}
}

// changing is what changes hands at the name of key, less what has.
func (w *Walk) changing(m *core.Machine, key rrset.Key) note {
	c := m.Changing(key)
	changing := note{Leaving: map[string]departing{}, Declared: c.Declared, Kept: c.Kept}
	for typ, d := range c.Leaving {
		if other := key.WithType(typ); !w.notes.ended[other] {
			changing.Leaving[typ] = departing{d, evidenceOf(m.Held(other))}
		}
	}
	return changing
}

// Plan names this walk, for deletions that are planned in it.
func (w *Walk) Plan() string { return w.notes.plan }

// Recall is for a removal that is part of an update, which the process that carries it out plans again.
func (w *Walk) Recall(ctx context.Context, key rrset.Key) { w.recallPlan(ctx, key, w.Plan()) }

// recallPlan is for a deletion: it believes the note of its own plan alone. One that was planned in this process, which
// carries it out, cannot say which plan of the run it belongs to: it is the last one that looked at the name. So it is
// with a removal that is part of an update, and with a replacement that creates first.
func (w *Walk) recallPlan(ctx context.Context, key rrset.Key, plan string) {
	found := w.notes.earlier(key.Name)
	all := func(rrset.Key) bool { return true }
	switch {
	case len(found.Leaving) == 0:
	case found.Plan == plan:
		w.recall(key, found, nil, all)
		for typ := range found.Kept { // by the state that is being changed
			w.shell.tell(core.Kept{Key: key.WithType(typ)})
		}
	case plan == w.Plan():
		w.recall(key, found, w.look(ctx, key), all)
	}
}

// recallDeclared is for an address that declares key. The note may be that of an earlier plan, and whoever declared
// what cannot stand beside key in that one does so no more: a plan refuses both.
//
// What an earlier run handed over to nobody is there to be taken.
func (w *Walk) recallDeclared(ctx context.Context, key rrset.Key) {
	adrift, found := w.past.adriftAt(key), w.notes.earlier(key.Name)
	if len(adrift)+len(found.Leaving) == 0 {
		return
	}
	w.shell.tell(core.Declared{Key: key})
	seen := w.look(ctx, key)
	for other, left := range adrift {
		if at := left.at(other, seen); len(at) > 0 {
			w.shell.tell(core.Leaving{Key: other, At: at})
		}
	}
	w.recall(key, found, seen, func(other rrset.Key) bool { return !key.Excludes(other) })
}

// recall tells the machine what a plan noted of the name of key, as far as what was seen there bears it out (nothing
// needs to if nothing was looked at), and which of that is declared, as far as that is believed.
func (w *Walk) recall(key rrset.Key, found note, seen map[string]Observation, declared func(rrset.Key) bool) {
	for typ, was := range found.Leaving {
		other := key.WithType(typ)
		if was.Open && other != key { // nothing takes the place of what may stay
			continue
		}
		told, ok := was.Leaving(other), true
		if seen != nil {
			told, ok = was.believed(other, seen)
		}
		if ok {
			w.shell.tell(told)
		}
	}
	for typ := range found.Declared {
		if other := key.WithType(typ); declared(other) {
			w.shell.tell(core.Declared{Key: other})
		}
	}
}

// remembers reports whether what an operator holds under key is ours by a note, or by what an earlier run handed over
// to nobody.
func (w *Walk) remembers(ctx context.Context, name string, key rrset.Key) bool {
	left, was := w.past.adriftAt(key)[key], w.notes.earlier(key.Name).Leaving
	noted, ok := was[key.Type]
	if !ok && len(left) == 0 {
		return false
	}
	seen := w.look(ctx, key)
	if left.holds(name, under(seen[name], key)) {
		return true
	}
	told, ok := noted.believed(key, seen)
	return ok && (told.At[name] || len(told.At) == 0 && !told.Foreign[name])
}
