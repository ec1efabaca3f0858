package desec

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// bulk handles a list of items. known are the RRsets that the request can see: query parameters hide others, which then
// are "unknown" although they exist (design/facts/desec-api.md section 4.3).
func (w *write) bulk(items []any, known map[key]rrset, inOrder bool) answer {
	b := &batch{items: make([]item, len(items)), problems: make([]object, len(items)), at: map[itemKey][]int{}}
	for i, value := range items {
		b.add(i, value)
	}
	for k := range b.at {
		if strings.ContainsFunc(k.subname, isHalf) {
			return failed() // the service looks it up before it checks it, and its database has no such text
		}
	}
	changes, abort := b.check(w, known)
	if abort != nil {
		return *abort
	}
	if slices.ContainsFunc(b.problems, func(o object) bool { return o != nil }) {
		for i, problems := range b.problems {
			if problems == nil {
				b.problems[i] = object{}
			}
		}
		return invalid(b.problems)
	}
	created, updated, problem := w.store(changes)
	if problem != nil {
		return *problem
	}
	if w.server.options.Shuffle && !inOrder {
		for _, sets := range [][]rrset{created, updated} {
			rand.Shuffle(len(sets), func(i, j int) { sets[i], sets[j] = sets[j], sets[i] })
		}
	}
	status, shown := http.StatusOK, []object{}
	for _, set := range append(created, updated...) {
		shown = append(shown, w.server.show(w.zone, set))
	}
	if w.method == http.MethodPost {
		status = http.StatusCreated
	}
	return ok(status, shown)
}

// itemKey is the key of an item, of which parts may be missing.
type itemKey struct {
	subname, typ       string
	hasSubname, hasTyp bool
}

func (k itemKey) complete() bool { return k.hasSubname && k.hasTyp }

func (in item) key() itemKey {
	var k itemKey
	k.subname, k.hasSubname = in.sent["subname"].(string)
	k.typ, k.hasTyp = in.sent["type"].(string)
	return k
}

// empties reports whether the item asks for a deletion.
func (in item) empties() bool {
	records, ok := in.sent["records"].([]any)
	return ok && len(records) == 0
}

// batch is the items of a bulk request with their problems.
type batch struct {
	items    []item
	problems []object
	at       map[itemKey][]int // positions by key
}

// add takes an item in if it is an object with keys of the right type. These complaints are texts, not lists of texts
// (design/facts/desec-api.md section 4.4, shape 2).
func (b *batch) add(i int, value any) {
	sent, ok := value.(map[string]any)
	if !ok {
		b.problems[i] = object{{"non_field_errors", fmt.Sprintf("Expected a dictionary, but got %s.", typeName(value))}}
		return
	}
	for _, field := range []string{"subname", "type"} {
		switch value := sent[field].(type) {
		case nil, string:
		default:
			b.problems[i] = append(b.problems[i], member{field, fmt.Sprintf("Expected a string, but got %s.", typeName(value))})
		}
	}
	if b.problems[i] != nil {
		return
	}
	b.items[i] = item{sent: sent}
	k := b.items[i].key()
	b.at[k] = append(b.at[k], i)
}

// check looks at the items one after the other. What is wrong with one is among the problems, except for what ends the
// request.
func (b *batch) check(w *write, known map[key]rrset) (changes []change, abort *answer) {
	for i, in := range b.items {
		if b.problems[i] != nil {
			continue
		}
		f := b.clash(w, i)
		if f != nil && f.abort != nil {
			return nil, f.abort
		}
		if f != nil {
			b.problems[i] = f.problems
			continue
		}
		in.bulk, in.partial = true, w.partial
		if set, ok := known[key{in.key().subname, in.key().typ}]; ok && in.key().complete() {
			in.existing = &set
		} else if !in.empties() {
			in.partial = false // it is a creation
		}
		c, f := w.check(in)
		switch {
		case f == nil:
			changes = append(changes, c)
		case f.abort != nil:
			return nil, f.abort
		default:
			b.problems[i] = f.problems
		}
	}
	return changes, nil
}

// clash finds what forbids item i because of other items, or because of what the zone holds and this request does not
// delete.
func (b *batch) clash(w *write, i int) *failure {
	k := b.items[i].key()
	if twins := b.at[k]; len(twins) > 1 {
		var others []string
		for _, at := range twins {
			if at != i {
				others = append(others, strconv.Itoa(at))
			}
		}
		return failItem("Same subname and type as in position(s) " + strings.Join(others, ", ") + ", but must be unique.")
	}
	if b.items[i].empties() {
		return nil
	}
	where, named := b.conflicts(w, k)
	switch {
	case !named:
		return abort(failed())
	case where != "":
		return failItem(conflict(where))
	}
	return nil
}

// conflicts tells where types are that cannot be beside k: `0 (A), database (A, TXT)`. If one of them is of an item
// without a type, it is not named, and the service's code fails.
func (b *batch) conflicts(w *write, k itemKey) (where string, named bool) {
	const database = 1 << 30
	types := map[int][]string{}
	for set := range w.zone.rrsets {
		if !k.hasSubname || set.subname != k.subname || (set.typ == "CNAME") == (k.typ == "CNAME") {
			continue
		}
		twins := b.at[itemKey{set.subname, set.typ, true, true}]
		if !slices.ContainsFunc(twins, func(at int) bool { return b.items[at].empties() }) {
			types[database] = append(types[database], set.typ)
		}
	}
	for other, positions := range b.at {
		if other.subname != k.subname || other.hasSubname != k.hasSubname || (other.typ == "CNAME") == (k.typ == "CNAME") {
			continue
		}
		for _, at := range positions {
			if b.items[at].empties() {
				continue
			}
			if !other.hasTyp {
				return "", false
			}
			types[at] = append(types[at], other.typ)
		}
	}
	var places []string
	for _, at := range slices.Sorted(maps.Keys(types)) {
		place := strconv.Itoa(at)
		if at == database {
			place = "database"
		}
		places = append(places, place+" ("+strings.Join(slices.Sorted(slices.Values(types[at])), ", ")+")")
	}
	return strings.Join(places, ", "), true
}
