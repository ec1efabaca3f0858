package core

import (
	"cmp"
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// book is what one operator is known to hold in one zone: what was read, and what our own writes changed since.
type book struct {
	whole bool
	names map[string]map[string]operator.RRset // by owner name and type
	// empty: the list that was read held no RRset at all. It was asked for after so many edits.
	empty bool
	asked int
	// edits counts our writes, edited says at which of them a name was last touched: an answer to a question that was
	// asked before says nothing of it.
	edits  int
	edited map[string]int
	// bare are names that showed nothing when they were read by themselves; written is what our writes were about.
	bare    map[string]bool
	written map[rrset.Key]bool
	// made is what operators confirmed to hold after a write of ours.
	made map[rrset.Key]bool
}

func newBook() book {
	return book{
		names: map[string]map[string]operator.RRset{}, edited: map[string]int{},
		bare: map[string]bool{}, written: map[rrset.Key]bool{}, made: map[rrset.Key]bool{},
	}
}

func (b *book) knows(name string) bool { return b.whole || b.names[name] != nil }

// hides reports whether an RRset may be there although it is not shown: nothing was at its name, and we have not
// written it. That we have written another one there says nothing of it.
func (b *book) hides(key rrset.Key) bool {
	return !b.whole && b.bare[key.Name] && !b.written[key]
}

// edit marks what a write is about, once it was answered. What is held of it is not certain any more.
func (b *book) edit(changes []operator.Change) {
	b.edits++
	for _, c := range changes {
		b.edited[c.Key().Name] = b.edits
		for _, r := range []*operator.RRset{c.Before, c.After} {
			if r != nil {
				b.written[r.Key] = true
				delete(b.made, r.Key)
			}
		}
	}
}

// lost is an RRset that we made and that an answer does not show, to a question that was asked after so many edits;
// name is empty for one about the whole zone.
func (b *book) lost(name string, held []operator.RRset, asked int) (lost rrset.Key, found bool) {
	shown := map[rrset.Key]bool{}
	for _, r := range held {
		shown[r.Key] = true
	}
	for key := range b.made {
		if !shown[key] && b.edited[key.Name] <= asked && (name == "" || name == key.Name) && (!found || key.ID() < lost.ID()) {
			lost, found = key, true
		}
	}
	return lost, found
}

// readAll takes in a whole list that was asked for after so many edits.
func (b *book) readAll(held []operator.RRset, asked int) {
	names := map[string]map[string]operator.RRset{}
	for name, types := range b.names {
		if b.edited[name] > asked {
			names[name] = types
		}
	}
	for _, r := range held {
		if b.edited[r.Name] <= asked {
			put(names, r)
		}
	}
	b.whole, b.empty, b.asked, b.names = true, len(held) == 0, asked, names
}

// readName takes in what a name holds.
func (b *book) readName(name string, held []operator.RRset, asked int) {
	if b.edited[name] > asked {
		return
	}
	b.names[name], b.bare[name] = map[string]operator.RRset{}, len(held) == 0
	for _, r := range held {
		put(b.names, r)
	}
	b.empty = b.empty && len(held) == 0
}

// patch records what a change of ours brought about; held is nil after a deletion.
func (b *book) patch(c operator.Change, held *operator.RRset) {
	if c.Before != nil {
		delete(b.names[c.Before.Name], c.Before.Type)
	}
	if held != nil {
		b.made[held.Key] = true
		put(b.names, *held)
	}
}

func put(names map[string]map[string]operator.RRset, r operator.RRset) {
	if names[r.Name] == nil {
		names[r.Name] = map[string]operator.RRset{}
	}
	names[r.Name][r.Type] = r
}

func (b *book) get(key rrset.Key) *operator.RRset {
	held, ok := b.names[key.Name][key.Type]
	if !ok {
		return nil
	}
	return &held
}

// others are the RRsets of other types at the owner name of key.
func (b *book) others(key rrset.Key) []operator.RRset {
	var others []operator.RRset
	for typ, held := range b.names[key.Name] {
		if typ != key.Type {
			others = append(others, held)
		}
	}
	sortByType(others)
	return others
}

func (b *book) all() []operator.RRset {
	var held []operator.RRset
	for _, types := range b.names {
		for _, r := range types {
			held = append(held, r)
		}
	}
	slices.SortFunc(held, func(a, b operator.RRset) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Type, b.Type))
	})
	return held
}

// lowestTTL is the smallest TTL in the zone, 0 while the zone is not known as a whole or shows none. The apex NS RRset
// does not count: deSEC makes it with a TTL of 3600 whatever the domain's minimum is (design/facts/desec-api.md section
// 6).
func (b *book) lowestTTL() uint32 {
	if !b.whole {
		return 0
	}
	var lowest uint32
	for _, types := range b.names {
		for _, held := range types {
			if held.Type == "NS" && held.IsApex() {
				continue
			}
			if lowest == 0 || held.TTL < lowest {
				lowest = held.TTL
			}
		}
	}
	return lowest
}
