package core_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// world is what the operators hold, and what they do with requests.
type world struct {
	operators []*service
}

// service is one operator: what it holds, and how it answers.
type service struct {
	name string
	held map[rrset.Key]operator.RRset
	// poison are keys that no write may touch: it answers with a failure.
	poison map[rrset.Key]bool
	// bad are keys that it refuses; names says that it tells which change is bad.
	bad   map[rrset.Key]bool
	names bool
	// strict: it takes no DS without its NS.
	strict bool
	// page is how many RRsets one page of its list has, 0 for all.
	page int
	// apex is in its list all the same, and nobody declares it: with it a list is never empty.
	apex bool
	// hides: what it is asked to list it shows empty, or as a first page that is not all.
	hides bool
	// mute is what it says when it is asked past its lists.
	mute error
	// fixed: it knows one TTL.
	fixed bool
	// unpublished are the keys of changes that its name servers lack.
	unpublished map[rrset.Key]bool
	// room is how many changes one request takes; 4 if it is 0.
	room int
	// log is what was asked of it.
	writes int
	reads  int
	// doubtful are writes that were not answered and not read back since.
	doubtful map[string]bool
	faults   []string
	// late are writes that were not answered and are carried out later, before any that comes then.
	late [][]operator.Change
	// erased are the keys, and the owner names as keys without a type, that such a write took away: nobody could
	// prevent that any more.
	erased map[rrset.Key]bool
}

func newWorld(names ...string) *world {
	w := &world{}
	for _, name := range names {
		w.operators = append(w.operators, &service{
			name: name, held: map[rrset.Key]operator.RRset{}, poison: map[rrset.Key]bool{}, bad: map[rrset.Key]bool{},
			doubtful: map[string]bool{}, erased: map[rrset.Key]bool{},
		})
	}
	return w
}

// settle carries out what was left for later.
func (w *world) settle() {
	for _, s := range w.operators {
		s.settle()
	}
}

func (s *service) settle() {
	late := s.late
	s.late = nil
	for _, changes := range late {
		if _, err := s.carryOut(changes); err != nil {
			continue
		}
		for _, c := range changes {
			if c.Before == nil {
				continue
			}
			if _, held := s.held[c.Before.Key]; !held {
				s.erased[c.Before.Key], s.erased[c.Before.WithType("")] = true, true
			}
		}
	}
}

// sometime is what it will hold once everything is carried out that was left for later.
func (s *service) sometime() *service {
	later := *s
	later.erased = map[rrset.Key]bool{}
	later.settle()
	return &later
}

func (w *world) rules() []core.Rules {
	var rules []core.Rules
	for _, s := range w.operators {
		rules = append(rules, s)
	}
	return rules
}

func (w *world) service(name string) *service {
	for _, s := range w.operators {
		if s.name == name {
			return s
		}
	}
	panic(name)
}

func (s *service) Name() string { return s.name }

func (s *service) Effective(want operator.RRset) operator.RRset {
	if s.fixed {
		want.TTL = 3600
	}
	return want
}

func (s *service) Split(c []operator.Change) [][]operator.Change {
	return slices.Collect(slices.Chunk(c, cmp.Or(s.room, 4)))
}

func (s *service) hold(rs ...operator.RRset) {
	for _, r := range rs {
		s.held[r.Key] = r
	}
}

// holds reports whether it holds anything at an owner name.
func (s *service) holds(name string) bool {
	for key := range s.held {
		if key.Name == name {
			return true
		}
	}
	return false
}

// gives reports whether all that it holds at the owner name of key has to make room for key.
func (s *service) gives(key rrset.Key) bool {
	for held := range s.held {
		if held.Name == key.Name && !key.Excludes(held) {
			return false
		}
	}
	return s.holds(key.Name)
}

func (s *service) all() []operator.RRset {
	return slices.SortedFunc(maps.Values(s.held), func(a, b operator.RRset) int { return cmp.Compare(a.Key.ID(), b.Key.ID()) })
}

// listed is what its list shows.
func (s *service) listed() []operator.RRset {
	if s.hides {
		return nil
	}
	if s.apex {
		return append(s.all(), record("@", "NS", 3600, "ns1.example.net."))
	}
	return s.all()
}

func (s *service) lines() []string {
	var lines []string
	for _, r := range s.held {
		lines = append(lines, show(r))
	}
	slices.Sort(lines)
	return lines
}

func show(r operator.RRset) string {
	return fmt.Sprintf("%s %d %s", r.Key, r.TTL, strings.Join(r.Values, ","))
}

// carryOut makes the changes, or says why not. It is as strict as a service: what is to be changed must be there, a
// CNAME stands alone, and so does a delegation with its DS, which never comes without it.
func (s *service) carryOut(changes []operator.Change) ([]*operator.RRset, error) {
	if most := cmp.Or(s.room, 4); len(changes) > most {
		panic(fmt.Sprintf("a request of %d changes, of which %d fit", len(changes), most))
	}
	s.settle()
	next := maps.Clone(s.held)
	for i, c := range changes {
		if s.bad[c.Key()] && c.After != nil {
			refusal := &operator.RefusalError{Operator: s.name, Action: "write", Kind: operator.Invalid, Message: "bad data"}
			if s.names {
				refusal.Culprits = map[int]string{i: "this one is bad"}
			}
			return nil, refusal
		}
		if s.poison[c.Key()] && c.After != nil {
			return nil, &operator.OutageError{Operator: s.name, Action: "write", Reason: "HTTP 500", InDoubt: true, Answered: true}
		}
		if c.Before != nil {
			if _, there := next[c.Before.Key]; !there {
				return nil, &operator.RefusalError{Operator: s.name, Action: "write", Kind: operator.Gone, Message: "not there"}
			}
			delete(next, c.Before.Key)
		}
		if c.After == nil {
			continue
		}
		if _, there := next[c.After.Key]; there {
			return nil, &operator.RefusalError{Operator: s.name, Action: "write", Kind: operator.Exists, Message: "there already"}
		}
		next[c.After.Key] = *c.After
	}
	for key := range next {
		if _, delegated := next[key.WithType("NS")]; s.strict && key.Type == "DS" && !delegated {
			return nil, &operator.RefusalError{Operator: s.name, Action: "write", Kind: operator.Invalid, Message: "DS without NS"}
		}
		for other := range next {
			if key.Excludes(other) {
				return nil, &operator.RefusalError{Operator: s.name, Action: "write", Kind: operator.Invalid, Message: key.WhyNotBeside(other)}
			}
		}
	}
	s.held, s.unpublished = next, map[rrset.Key]bool{}
	answers := make([]*operator.RRset, len(changes))
	for i, c := range changes {
		answers[i] = c.After
	}
	return answers, nil
}

// The ways in which a request can end.
const (
	fine     = "fine"
	down     = "down"     // no connection
	sick     = "sick"     // 503, answered by the service
	lost     = "lost"     // carried out, and the answer lost
	silence  = "silence"  // not carried out, and no answer
	broken   = "broken"   // not carried out, and the connection is lost at once
	later    = "later"    // no answer, and carried out later
	blend    = "blend"    // carried out, at the same time as another write that left the old values
	hidden   = "hidden"   // answered, as if nothing were held
	stored   = "stored"   // carried out and not served, with a failure for an answer
	unserved = "unserved" // carried out and not served, and silent
	no       = "no"       // refused, for no reason that lasts

	// Of a request that nobody waits for any more, and that is ended.
	ended     = "ended"      // not carried out
	endedLate = "ended late" // carried out
)

var (
	readFaults  = []string{fine, down, hidden}
	writeFaults = []string{fine, down, sick, lost, silence, later, blend, stored, unserved, no}
)

func (s *service) failure(fault string) *operator.OutageError {
	e := &operator.OutageError{Operator: s.name, Action: "exchange", Reason: fault}
	switch fault {
	case sick:
		e.InDoubt, e.Answered = true, true
	case lost, broken:
		e.InDoubt = true
	case silence, later, unserved:
		e.InDoubt, e.Silent = true, true
	case stored:
		e.InDoubt, e.Answered, e.Stored = true, true, true
	case ended, endedLate:
		e.InDoubt, e.Err = true, context.Canceled
	}
	return e
}

func fingerprint(changes []operator.Change) string {
	var parts []string
	for _, c := range changes {
		part := "delete " + c.Key().String()
		if c.After != nil {
			part = show(*c.After)
		}
		parts = append(parts, part)
	}
	slices.Sort(parts)
	return strings.Join(parts, "; ")
}

// answer carries out a request with a fault. enough says whether the first page of a list will do.
func (w *world) answer(effect core.Effect, fault string, enough func(name, zone string) bool) core.Event {
	if _, zone, _ := addressed(effect); zone == "" {
		panic(fmt.Sprintf("no zone is named: %+v", effect))
	}
	switch e := effect.(type) {
	case core.List:
		s := w.service(e.Operator)
		s.reads++
		switch {
		case fault == hidden:
			clear(s.doubtful)
			return core.ListAnswer{ID: e.ID, Complete: true}
		case fault != fine:
			return core.ListAnswer{ID: e.ID, Err: s.failure(down)}
		}
		if s.page > 0 && len(s.held) > s.page && !e.Whole && enough(e.Operator, e.Zone) {
			return core.ListAnswer{ID: e.ID}
		}
		clear(s.doubtful)
		return core.ListAnswer{ID: e.ID, Held: s.listed(), Complete: true}
	case core.ListName:
		s := w.service(e.Operator)
		s.reads++
		switch {
		case fault == hidden:
			clear(s.doubtful)
			return core.NameAnswer{ID: e.ID}
		case fault != fine:
			return core.NameAnswer{ID: e.ID, Err: s.failure(down)}
		}
		clear(s.doubtful)
		var held []operator.RRset
		for _, r := range s.all() {
			if r.Name == e.Name && !s.hides {
				held = append(held, r)
			}
		}
		return core.NameAnswer{ID: e.ID, Held: held}
	case core.AskEmpty:
		s := w.service(e.Operator)
		if fault == down {
			return core.EmptyAnswer{ID: e.ID, Err: s.failure(down)}
		}
		return core.EmptyAnswer{ID: e.ID, HoldsAny: len(s.held) > 0 && s.mute == nil, Err: s.mute}
	case core.AskHeld:
		s := w.service(e.Operator)
		if fault == down {
			return core.HeldAnswer{ID: e.ID, Err: s.failure(down)}
		}
		_, holds := s.held[e.Key]
		return core.HeldAnswer{ID: e.ID, Holds: holds && s.mute == nil, Err: s.mute}
	case core.AskPublished:
		s := w.service(e.Operator)
		if fault == down {
			return core.PublishedAnswer{ID: e.ID, Err: s.failure(down)}
		}
		return core.PublishedAnswer{ID: e.ID, Unpublished: len(s.unpublished) > 0}
	case core.Write:
		s := w.service(e.Operator)
		s.writes++
		sent := fingerprint(e.Changes)
		if s.doubtful[sent] {
			s.faults = append(s.faults, "a write in doubt was sent again without reading back: "+sent)
		}
		switch fault {
		case fine:
			answers, err := s.carryOut(e.Changes)
			return core.WriteAnswer{ID: e.ID, Answers: answers, Err: err}
		case blend:
			answers, err := s.carryOut(e.Changes)
			for i, c := range e.Changes {
				if err == nil && c.Before != nil && c.After != nil && c.Before.Key == c.After.Key {
					union := *c.After
					union.Values = slices.Compact(slices.Sorted(slices.Values(slices.Concat(c.Before.Values, c.After.Values))))
					s.held[union.Key], answers[i] = union, &union
				}
			}
			return core.WriteAnswer{ID: e.ID, Answers: answers, Err: err}
		case no:
			return core.WriteAnswer{ID: e.ID, Err: &operator.RefusalError{Operator: s.name, Action: "write", Kind: operator.RefusedOther, Message: "no"}}
		case lost, stored, unserved, endedLate:
			if _, err := s.carryOut(e.Changes); err != nil {
				return core.WriteAnswer{ID: e.ID, Err: err}
			}
			for _, c := range e.Changes {
				if fault == stored || fault == unserved {
					s.unpublished[c.Key()] = true
				}
			}
		case later:
			s.late = append(s.late, e.Changes)
		}
		if fault != down {
			s.doubtful[sent] = true
		}
		return core.WriteAnswer{ID: e.ID, Err: s.failure(fault)}
	}
	panic(fmt.Sprintf("no request: %T", effect))
}
