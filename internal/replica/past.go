package replica

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// past is what runs on this machine have known of RRsets, by a digest of their owner names: three things that nothing
// in the process of a later run can tell.
//
// The state had it: a CLI that works on one call at a time (-parallelism=1) may plan the creation of a renamed resource
// before it reads the one that has the RRset until now, and goes on only when the plan is answered. What the plan lets
// pass for that the apply looks at once more.
//
// It was handed over to an address that did not come: the state has forgotten it, and it is ours still, wherever nobody
// has changed it since.
//
// It is being created, until that is over: what a process that is killed has written by then is in no state either.
//
// It is a help and no truth, as the notes are: without it a creation meets its RRset as somebody else's.
type past struct {
	path string // empty: nothing is kept
	by   process

	mu   sync.Mutex
	sets map[subject]last // nil until they were read
	size int64            // of the file, by what was read and written here
	own  map[subject]bool // of which something was said here
}

// last is what became of an RRset, and who said so.
type last struct {
	is fate
	by process
	// left is what was handed over to nobody, as evidence in one string: where an operator did not answer it may still
	// be there after the RRset was taken elsewhere, or replaced.
	left  string
	begun creation
}

// creation is one that is under way, if it becomes anything: what it may have made by now, as evidence in one string.
type creation struct {
	by      process
	becomes string
}

// fate is what became of an RRset, by the sign that the file has for it.
type fate string

const (
	inState fate = "+"
	adrift  fate = "~"
	gone    fate = "-"
)

// process is one process of this provider; all of one run of the CLI have the same parent.
type process struct{ parent, id int }

// beside reports whether both are processes of one run: that of a plan and that of its apply, or those of two provider
// configurations, of which neither knows what the other has.
func (p process) beside(other process) bool { return p.parent == other.parent && p.id != other.id }

// worthShortening is how many lines the file may have, whatever they say, before it is written anew.
const worthShortening = 4000

func newPast(dir string) *past {
	if dir == "" {
		return &past{}
	}
	return &past{path: filepath.Join(dir, "owned"), by: process{os.Getppid(), os.Getpid()}, own: map[subject]bool{}}
}

// subject is an RRset as the file names it.
type subject struct{ owner, typ string }

func subjectOf(key rrset.Key) subject {
	sum := sha256.Sum256([]byte(key.WithType("").ID()))
	return subject{hex.EncodeToString(sum[:8]), key.Type}
}

func entry(of subject, l last) string {
	fields := []string{string(l.is), of.owner, of.typ, strconv.Itoa(l.by.parent), strconv.Itoa(l.by.id)}
	if l.left != "" {
		fields = append(fields, l.left)
	}
	if l.begun.becomes != "" {
		fields = append(fields, fmt.Sprintf(begunForm, l.begun.by.parent, l.begun.by.id, l.begun.becomes))
	}
	return strings.Join(fields, " ") + "\n"
}

// begunForm is what is being created, and by whom.
const begunForm = ">%d/%d/%s"

// remember keeps that an RRset is in the state, or gone. That it cannot be kept is no error.
func (p *past) remember(key rrset.Key, is fate) {
	p.set(key, func(was last) last {
		if is == gone {
			was.left = ""
		}
		was.is, was.by = is, p.by
		return was
	})
}

// begin keeps what an RRset is going to be, until end says that its creation is over.
func (p *past) begin(key rrset.Key, becomes evidence) {
	p.set(key, func(was last) last {
		was.begun = creation{p.by, becomes.String()}
		return was
	})
}

func (p *past) end(key rrset.Key) {
	p.set(key, func(was last) last {
		was.begun = creation{}
		return was
	})
}

// disbelieve keeps that the state has no RRset of a key, although an earlier run said so: nobody has spoken up for it
// in this one. Whoever took it out of the state told nobody.
func (p *past) disbelieve(key rrset.Key) {
	p.set(key, func(was last) last {
		if was.is != inState || was.by.parent == p.by.parent {
			return was
		}
		return was.leftAlone(p.by)
	})
}

// leftAlone is what is known of an RRset that the state has not.
func (l last) leftAlone(by process) last {
	l.is, l.by = gone, by
	if l.left != "" {
		l.is = adrift
	}
	return l
}

// strand keeps what is left, by operator, of an RRset that was handed over to nobody. If nothing is, and the state has
// none of that key, it is gone.
func (p *past) strand(key rrset.Key, left evidence) {
	p.set(key, func(was last) last {
		now := was
		now.by, now.left = p.by, left.String()
		if was.is == inState {
			return now
		}
		return now.leftAlone(p.by)
	})
}

func (p *past) set(key rrset.Key, what func(was last) last) {
	of := subjectOf(key)
	p.mu.Lock()
	defer p.mu.Unlock()
	was, known := p.read()[of]
	if !known {
		was.is = gone
	}
	now := what(was)
	if p.path == "" || was == now || !known && now.is == gone && now.begun.becomes == "" || os.MkdirAll(filepath.Dir(p.path), 0o700) != nil {
		return
	}
	p.sets[of], p.own[of] = now, true
	// A short write at the end of a file: what several processes append does not mix.
	if f, err := os.OpenFile(p.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err == nil {
		n, _ := f.WriteString(entry(of, now))
		_ = f.Close()
		p.size += int64(n)
	}
}

// ours reports whether the state had an RRset, by what an earlier run said last. What another process of this run has
// is that one's, and may be another provider configuration's.
func (p *past) ours(key rrset.Key) bool {
	l := p.of(key)
	return l.is == inState && !p.by.beside(l.by)
}

// elsewhere reports whether the state has an RRset by what another process of this run said: its plan, or that of
// another provider configuration.
func (p *past) elsewhere(key rrset.Key) bool {
	l := p.of(key)
	return l.is == inState && p.by.beside(l.by)
}

// of is what was said last of an RRset.
func (p *past) of(key rrset.Key) last {
	p.mu.Lock()
	defer p.mu.Unlock()
	if l, known := p.newest()[subjectOf(key)]; known {
		return l
	}
	return last{is: gone}
}

// newest is read, with what others have written since. The caller holds the lock.
func (p *past) newest() map[subject]last {
	if info, err := os.Stat(p.path); err == nil && info.Size() != p.size {
		p.sets = nil
	}
	return p.read()
}

// anyAdrift reports whether adriftBefore has anything to say of any RRset.
func (p *past) anyAdrift(again bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for of, l := range p.newest() {
		if p.isBefore(of, l, again) {
			return true
		}
	}
	return false
}

// adriftBefore is what an earlier run left of an RRset that no state has. Of what another process of this run was told,
// or has left itself, it is nothing unless it is asked again.
func (p *past) adriftBefore(key rrset.Key, again bool) evidence {
	p.mu.Lock()
	defer p.mu.Unlock()
	of := subjectOf(key)
	if l := p.read()[of]; p.isBefore(of, l, again) {
		return parseEvidence(l.left)
	}
	return nil
}

func (p *past) isBefore(of subject, l last, again bool) bool {
	return l.is == adrift && !p.own[of] && (again || !p.by.beside(l.by))
}

// mark keeps that this process was told of an RRset that is adrift.
func (p *past) mark(key rrset.Key) {
	p.set(key, func(was last) last {
		was.by = p.by
		return was
	})
}

// adriftAt is what was handed over to nobody at the owner name of key.
func (p *past) adriftAt(key rrset.Key) map[rrset.Key]evidence {
	all := map[rrset.Key]evidence{}
	at := subjectOf(key)
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, at.typ = range rrset.Types() {
		if left := parseEvidence(p.read()[at].left); len(left) > 0 {
			all[key.WithType(at.typ)] = left
		}
	}
	return all
}

// read returns what was kept so far. The caller holds the lock.
func (p *past) read() map[subject]last {
	if p.sets != nil {
		return p.sets
	}
	p.sets = map[subject]last{}
	text, err := os.ReadFile(p.path)
	if err != nil {
		return p.sets
	}
	p.size = int64(len(text))
	lines := 0
	for line := range strings.Lines(string(text)) {
		lines++
		of, l, ok := parseEntry(line)
		switch {
		case !ok:
		case l.is == gone && l.begun.becomes == "":
			delete(p.sets, of)
		default:
			p.sets[of] = p.ended(of, l)
		}
	}
	if lines > worthShortening && lines > 4*len(p.sets) {
		p.shorten()
	}
	return p.sets
}

// ended is what is left of an RRset whose creation did not end with its run: whoever created it was killed.
func (p *past) ended(of subject, l last) last {
	if l.begun.becomes == "" || p.own[of] || p.by.beside(l.begun.by) {
		return l
	}
	l.left = parseEvidence(l.left).or(parseEvidence(l.begun.becomes)).String()
	l.begun = creation{}
	if l.is == inState {
		return l
	}
	return l.leftAlone(l.by)
}

// parseEntry reads a line, which anybody may have written.
func parseEntry(line string) (of subject, l last, ok bool) {
	fields := strings.Fields(line)
	if len(fields) < 5 || len(fields) > 7 || len(fields[0]) != 1 || !strings.Contains(string(inState+adrift+gone), fields[0]) {
		return subject{}, last{}, false
	}
	parent, err := strconv.Atoi(fields[3])
	child, err2 := strconv.Atoi(fields[4])
	l = last{is: fate(fields[0]), by: process{parent, child}}
	for _, field := range fields[5:] {
		var begun creation
		if n, _ := fmt.Sscanf(field, begunForm, &begun.by.parent, &begun.by.id, &begun.becomes); n == 3 {
			l.begun = begun
		} else {
			l.left = field
		}
	}
	return subject{fields[1], fields[2]}, l, err == nil && err2 == nil
}

// shorten writes the file anew with what is left.
func (p *past) shorten() {
	var text strings.Builder
	for of, l := range p.sets {
		text.WriteString(entry(of, l))
	}
	if whole := fmt.Sprintf("%s.%d", p.path, p.by.id); os.WriteFile(whole, []byte(text.String()), 0o600) == nil {
		_ = os.Rename(whole, p.path)
		p.size = int64(text.Len())
	}
}
