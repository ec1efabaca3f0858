package replica

import (
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
}

// note is what is known of one owner name: the types that an address of the state gives up, and those that an address
// declares.
type note struct {
	Plan     string                    `json:"plan"`
	Leaving  map[string]core.Departing `json:"leaving"`
	Declared map[string]bool           `json:"declared"`
}

// newNotes keeps notes below dir; scope tells apart what has nothing to do with each other. Without a dir nothing is
// kept.
func newNotes(dir, scope string) *notes {
	n := &notes{plan: rand.Text(), found: map[string]note{}}
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
func (n *notes) write(name string, c core.Change) {
	if n.dir == "" {
		return
	}
	n.earlier(name)
	text, err := json.Marshal(note{Plan: n.plan, Leaving: c.Leaving, Declared: c.Declared})
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

// take keeps a note of the name of key, if something changes hands there.
func (w *Walk) take(key rrset.Key) { w.note(key, false) }

// takeOrDrop is take for what the state knows: where nothing changes hands, an older note says nothing any more.
func (w *Walk) takeOrDrop(key rrset.Key) { w.note(key, true) }

func (w *Walk) note(key rrset.Key, drop bool) {
	w.notes.keeping.Lock()
	defer w.notes.keeping.Unlock()
	switch c := ask(w.shell, func(m *core.Machine) core.Change { return m.Changing(key) }); {
	case len(c.Leaving) > 0 && len(c.Declared) > 0:
		w.notes.write(key.Name, c)
	case drop:
		w.notes.drop(key.Name)
	}
}

// Plan names this walk, for deletions that are planned in it.
func (w *Walk) Plan() string { return w.notes.plan }

// Recall is for a removal that is part of an update, which the process that carries it out plans again.
func (w *Walk) Recall(key rrset.Key) { w.recallPlan(key, w.Plan()) }

// recallPlan is for a deletion: it believes the note of its own plan alone. One that was planned in this process, which
// carries it out, cannot say which plan of the run it belongs to: it is the last one that looked at the name. So it is
// with a removal that is part of an update, and with a replacement that creates first.
func (w *Walk) recallPlan(key rrset.Key, plan string) {
	if found := w.notes.earlier(key.Name); found.Plan == plan || plan == w.Plan() {
		w.recall(key, found, func(rrset.Key) bool { return true })
	}
}

// recallDeclared is for an address that declares key. The note may be that of an earlier plan, and whoever declared what
// cannot stand beside key in that one does so no more: a plan refuses both.
//
// What an earlier run handed over to nobody is there to be taken.
func (w *Walk) recallDeclared(key rrset.Key) {
	for _, other := range w.past.adriftAt(key) {
		w.shell.tell(core.Leaving{Key: other})
	}
	w.recall(key, w.notes.earlier(key.Name), func(other rrset.Key) bool { return !key.Excludes(other) })
}

// recall tells the machine what a plan noted of the name of key, and which of that is declared, as far as that is
// believed.
func (w *Walk) recall(key rrset.Key, found note, believed func(rrset.Key) bool) {
	for typ, was := range found.Leaving {
		other := key.WithType(typ)
		w.shell.tell(was.Leaving(other))
	}
	for typ := range found.Declared {
		if other := key.WithType(typ); believed(other) {
			w.shell.tell(core.Declared{Key: other})
		}
	}
}
