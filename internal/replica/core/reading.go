package core

import (
	"cmp"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

const (
	// manyNames is how many owner names must be waited for before a zone that does not fit into one page is read to its
	// end.
	manyNames = 8
	// fewNames is how many owner names of such a zone are read one by one; the next one makes the whole list the
	// cheaper way.
	fewNames = 8
)

// reading is how a lane gets to know its zone. A zone that fits into one page costs one request. Of a larger one it is
// not known at the first question how many more will follow: few names are read one by one, many make the list worth
// its pages. A reading belongs to no call, so that none can end it.
type reading struct {
	asked   bool // for the list
	begun   time.Time
	listing bool
	toEnd   bool // somebody wants all of it
	failure error
	wanted  map[string]bool // names that were asked for
	naming  map[string]bool // names that are being read, or were
	failed  map[string]error
	single  int // names read one by one

	checked  bool // of an empty list: it was asked whether the zone is empty, or is being asked
	answered bool // that question
	doubtful bool // the operator could not tell

	missed map[rrset.Key]bool // asked for past the name that does not show them; true once answered
}

func newReading() reading {
	return reading{wanted: map[string]bool{}, naming: map[string]bool{}, failed: map[string]error{}, missed: map[rrset.Key]bool{}}
}

// know sees to it that what is held at name is known. Without an error, and not known, it is on its way.
func (l *lane) know(name string) (known bool, err error) {
	r := &l.reading
	switch {
	case l.book.knows(name):
		return true, nil
	case r.failure != nil:
		return false, r.failure
	case l.p.out != nil:
		return false, l.p.outage()
	case !r.asked || r.listing:
		if r.wanted[name] = true; !r.listing {
			l.list(false)
		}
	case r.failed[name] != nil:
		return false, r.failed[name]
	case r.naming[name]:
	default:
		if r.single++; r.single > fewNames {
			l.list(true)
			break
		}
		r.naming[name] = true
		l.name(name, nil, func(err error) {
			if err != nil {
				r.failed[name] = err
				l.p.prove(err)
			}
		})
	}
	return false, nil
}

// knowAll sees to it that the whole zone is known.
func (l *lane) knowAll() (known bool, err error) {
	r := &l.reading
	r.toEnd = true
	switch {
	case l.book.empty:
		return l.confirmed()
	case l.book.whole:
		return true, nil
	case r.failure != nil:
		return false, r.failure
	case l.p.out != nil:
		return false, l.p.outage()
	case !r.listing:
		l.list(r.asked)
	}
	return false, nil
}

// enough reports whether no more pages are worth reading.
func (l *lane) enough() bool { return !l.reading.toEnd && len(l.reading.wanted) < manyNames }

// list asks for the zone's list.
func (l *lane) list(whole bool) {
	r := &l.reading
	r.asked, r.listing, r.begun = true, true, l.m.now
	l.readList(whole, false, func(err error) {
		r.listing, r.begun = false, time.Time{}
		if err != nil {
			r.failure = err
			l.p.prove(err)
		}
	})
}

// readList reads the zone. Where it settles a write, that the zone is empty is not believed by itself: a deletion in
// doubt would be forgotten.
func (l *lane) readList(whole, settle bool, then func(error)) {
	edits := l.book.edits
	l.request(func(id ID) Effect {
		return List{ID: id, Operator: l.p.name, Zone: l.zone, Whole: whole, Settle: settle}
	}, func(e Event) {
		a, _ := e.(ListAnswer)
		take := func(err error) {
			if err == nil {
				l.book.readAll(a.Held, edits)
			}
			then(err)
		}
		switch lost := l.missing("", a.Held, edits); {
		case a.Err != nil, !a.Complete:
			then(a.Err)
		case lost != nil:
			then(lost)
		case settle && len(a.Held) == 0:
			l.askEmpty(true, func(other EmptyAnswer) { take(l.hiding(other)) })
		default:
			take(nil)
		}
	})
}

// name reads one owner name. Where that settles a write, past are the keys that it is about: each is asked for by
// itself if nothing is shown.
func (l *lane) name(name string, past []rrset.Key, then func(error)) {
	edits := l.book.edits
	l.request(func(id ID) Effect {
		return ListName{ID: id, Operator: l.p.name, Zone: l.zone, Name: name, Settle: len(past) > 0}
	}, func(e Event) {
		a, _ := e.(NameAnswer)
		if a.Err == nil {
			a.Err = l.missing(name, a.Held, edits)
		}
		take := func(err error) {
			if err == nil {
				l.book.readName(name, a.Held, edits)
			}
			then(err)
		}
		if a.Err == nil && len(a.Held) == 0 {
			l.askPast(past, take)
			return
		}
		take(a.Err)
	})
}

// askPast asks for one RRset after the other of a name that shows none, and gives the outage if there is one.
func (l *lane) askPast(keys []rrset.Key, then func(error)) {
	if len(keys) == 0 {
		then(nil)
		return
	}
	l.ask(keys[0], true, func(a HeldAnswer) {
		if err := l.unseen(keys[0], a); err != nil {
			then(err)
			return
		}
		l.askPast(keys[1:], then)
	})
}

// missing is the outage of an operator that does not show what it confirmed to have written for us: what else it hides
// nobody knows.
func (l *lane) missing(name string, held []operator.RRset, asked int) error {
	lost, found := l.book.lost(name, held, asked)
	if !found {
		return nil
	}
	return l.lie("list the RRsets of "+cmp.Or(name, l.zone), "it does not show "+lost.String()+", which it just stored")
}

// waited is how long the list has been waited for; 0 when nobody waits.
func (l *lane) waited() time.Duration {
	if l.reading.begun.IsZero() {
		return 0
	}
	return l.m.now.Sub(l.reading.begun)
}

// sure is know where nothing may be taken for absent by mistake: a deletion would leave it behind, a creation put its
// own over or beside it. An empty answer is then not believed by itself. Where the operator cannot tell, the list is
// believed: somebody may have emptied the zone. All keys are of one name.
func (l *lane) sure(keys ...rrset.Key) (known bool, err error) {
	known, err = l.know(keys[0].Name)
	switch {
	case l.book.empty:
		return l.confirmed()
	case !known:
		return false, err
	}
	for _, key := range keys {
		if !l.book.hides(key) {
			continue
		}
		told, err := l.absent(key)
		if err != nil {
			return false, err
		}
		known = known && told
	}
	return known, nil
}

// confirmed reports whether it is known of a zone whose list is empty that it holds nothing, or nothing can be known.
func (l *lane) confirmed() (known bool, err error) {
	r := &l.reading
	if !r.checked && l.p.out == nil {
		r.checked = true
		l.checkEmpty()
	}
	if !r.answered && l.p.out != nil { // by that answer, too
		return false, l.p.outage()
	}
	return r.answered, nil
}

// absent reports whether another question than the one for its name was answered about an RRset that was not shown.
func (l *lane) absent(key rrset.Key) (known bool, err error) {
	r := &l.reading
	answered, asked := r.missed[key]
	switch {
	case answered:
		return true, nil
	case l.p.out != nil:
		return false, l.p.outage()
	case asked:
		return false, nil
	}
	r.missed[key] = false
	l.ask(key, false, func(a HeldAnswer) {
		if l.book.hides(key) { // nothing was written meanwhile
			l.p.prove(l.unseen(key, a))
		}
		r.missed[key] = l.p.out == nil
	})
	return false, nil
}

// ask asks for an RRset that was not shown.
func (l *lane) ask(key rrset.Key, settle bool, then func(HeldAnswer)) {
	l.request(func(id ID) Effect {
		return AskHeld{ID: id, Operator: l.p.name, Zone: l.zone, Key: key, Settle: settle}
	}, func(e Event) {
		a, _ := e.(HeldAnswer)
		then(a)
	})
}

// unseen is the outage of an operator that does not show an RRset that it holds, or does not say whether it does.
func (l *lane) unseen(key rrset.Key, a HeldAnswer) error {
	return l.hidden(a.Holds, a.Err, "read the RRsets of "+key.Name, "it shows none there, and holds "+key.String())
}

// hidden is the outage of an operator that holds what it does not show, or does not say whether it does. A refusal to
// say so is none.
func (l *lane) hidden(holds bool, err error, action, reason string) error {
	switch {
	case holds:
		return l.lie(action, reason)
	case isOutage(err):
		return err
	}
	return nil
}

// lie is the outage of an operator that hides what it holds.
func (l *lane) lie(action, reason string) *operator.OutageError {
	return &operator.OutageError{Operator: l.p.name, Action: action, Reason: reason}
}

// checkEmpty asks whether a zone whose list is empty holds anything. What this run wrote itself since would make the
// list look like a lie, so it is read anew then.
func (l *lane) checkEmpty() {
	r := &l.reading
	if l.flight != nil { // what is away may be carried out at any moment
		r.checked = false
		return
	}
	if l.book.asked != l.book.edits {
		l.readList(true, false, func(err error) {
			switch {
			case err != nil:
				l.p.prove(err)
				r.answered, r.doubtful = l.p.out == nil, true
			case l.book.empty:
				l.checkEmpty()
			default: // and if it is again, that is another question
				r.checked = false
			}
		})
		return
	}
	edits := l.book.edits
	l.askEmpty(false, func(a EmptyAnswer) {
		if edits != l.book.edits {
			l.checkEmpty()
			return
		}
		if err := l.hiding(a); err != nil {
			l.p.prove(err)
			return
		}
		r.answered, r.doubtful = true, a.Err != nil
	})
}

// askEmpty asks whether a zone whose list is empty holds anything.
func (l *lane) askEmpty(settle bool, then func(EmptyAnswer)) {
	l.request(func(id ID) Effect {
		return AskEmpty{ID: id, Operator: l.p.name, Zone: l.zone, Settle: settle}
	}, func(e Event) {
		a, _ := e.(EmptyAnswer)
		then(a)
	})
}

// hiding is the outage of an operator whose list is empty and whose zone is not, or that does not say which.
func (l *lane) hiding(a EmptyAnswer) error {
	return l.hidden(a.HoldsAny, a.Err, "list the RRsets of "+l.zone, "its list is empty, and the zone is not")
}
