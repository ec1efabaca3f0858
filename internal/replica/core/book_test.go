package core

import (
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// TestBook_LateAnswersPutNothingBack: an answer to a question that was asked before a write left, or while it was away,
// says nothing of what was written.
func TestBook_LateAnswersPutNothingBack(t *testing.T) {
	set := func(name, value string) operator.RRset {
		key, err := rrset.NewKey("example.com.", name, "A")
		if err != nil {
			t.Fatal(err)
		}
		r, err := rrset.New(key, 3600, []string{value})
		if err != nil {
			t.Fatal(err)
		}
		return operator.RRset{RRset: r}
	}
	old, now, other := set("www", "192.0.2.1"), set("www", "192.0.2.2"), set("api", "192.0.2.3")
	for _, late := range []string{"list", "name"} {
		for _, when := range []string{"before", "meanwhile", "after"} {
			t.Run(late+" asked "+when, func(t *testing.T) {
				b := newBook()
				b.readName(old.Name, []operator.RRset{old}, b.edits)
				change := operator.Change{Before: &old, After: &now}
				asked := map[string]int{"before": b.edits}
				b.edit([]operator.Change{change})
				asked["meanwhile"] = b.edits
				b.edit([]operator.Change{change})
				b.patch(change, &now)
				asked["after"] = b.edits
				if late == "list" {
					b.readAll([]operator.RRset{old, other}, asked[when])
				} else {
					b.readName(old.Name, []operator.RRset{old}, asked[when])
				}
				want := now.Values[0]
				if when == "after" {
					want = old.Values[0] // somebody has changed it since
				}
				if got := b.get(old.Key); got == nil || got.Values[0] != want {
					t.Errorf("%v is kept, want %s", got, want)
				}
				if late == "list" && b.get(other.Key) == nil {
					t.Error("what was not written is not taken in")
				}
			})
		}
	}
}

func heldAtWWW(t *testing.T, typ, value string) operator.RRset {
	t.Helper()
	r, err := rrset.New(rrset.Key{Zone: "example.com.", Name: "www.example.com.", Type: typ}, 3600, []string{value})
	if err != nil {
		t.Fatal(err)
	}
	return operator.RRset{RRset: r}
}

// TestBook_Hides: what a name that shows nothing may hide is all that was not written there by ourselves.
func TestBook_Hides(t *testing.T) {
	a, txt := heldAtWWW(t, "A", "192.0.2.1"), heldAtWWW(t, "TXT", `"v"`)
	write := func(b *book, c operator.Change) {
		b.edit([]operator.Change{c})
		b.patch(c, c.After)
	}
	for _, c := range []struct {
		what   string
		do     func(b *book)
		a, txt bool
	}{
		{"nothing was read", func(*book) {}, false, false},
		{"nothing is shown", func(b *book) { b.readName(a.Name, nil, 0) }, true, true},
		{"one is shown", func(b *book) { b.readName(a.Name, []operator.RRset{a}, 0) }, false, false},
		{"nothing is shown, and one is written", func(b *book) { b.readName(a.Name, nil, 0); write(b, operator.Change{After: &a}) }, false, true},
		{"nothing is shown, and one is deleted", func(b *book) { b.readName(a.Name, nil, 0); write(b, operator.Change{Before: &a}) }, false, true},
		{"nothing is shown, and one was put in another's place", func(b *book) { b.readName(a.Name, nil, 0); write(b, operator.Change{Before: &a, After: &txt}) }, false, false},
		{"nothing is shown, and then the whole list", func(b *book) { b.readName(a.Name, nil, 0); b.readAll([]operator.RRset{txt}, 0) }, false, false},
		{"one is shown, and later none", func(b *book) {
			b.readName(a.Name, []operator.RRset{a}, 0)
			b.readName(a.Name, nil, 0)
		}, true, true},
	} {
		b := newBook()
		c.do(&b)
		if b.hides(a.Key) != c.a || b.hides(txt.Key) != c.txt {
			t.Errorf("%s: it may hide A %t, TXT %t", c.what, b.hides(a.Key), b.hides(txt.Key))
		}
	}
}

// TestBook_ReadAfterAWrite: what was asked for after a write tells all of a name, also what is gone.
func TestBook_ReadAfterAWrite(t *testing.T) {
	a, txt := heldAtWWW(t, "A", "192.0.2.1"), heldAtWWW(t, "TXT", `"x"`)
	for what, read := range map[string]func(*book){
		"list": func(b *book) { b.readAll([]operator.RRset{a}, b.edits) },
		"name": func(b *book) { b.readName(a.Name, []operator.RRset{a}, b.edits) },
	} {
		b := newBook()
		b.readName(a.Name, []operator.RRset{a, txt}, b.edits)
		b.edit([]operator.Change{{Before: &a, After: &a}})
		read(&b)
		if b.get(a.Key) == nil || b.get(txt.Key) != nil {
			t.Errorf("%s: %v and %v", what, b.get(a.Key), b.get(txt.Key))
		}
	}
}

// TestBook_Lost: what was made must be shown, by an answer to what was asked for since, until another write touches it.
func TestBook_Lost(t *testing.T) {
	set := func(name, typ string) operator.RRset {
		return operator.RRset{RRset: rrset.RRset{Key: rrset.Key{Zone: "example.com.", Name: name + ".example.com.", Type: typ}}}
	}
	a, aaaa, api := set("www", "A"), set("www", "AAAA"), set("api", "A")
	for _, c := range []struct {
		what  string
		held  []operator.RRset
		name  string
		early bool
		then  *operator.Change
		lost  string
	}{
		{what: "all are shown", held: []operator.RRset{a, aaaa, api}},
		{what: "one is not", held: []operator.RRset{a, api}, lost: aaaa.Key.String()},
		{what: "several are not", lost: api.Key.String()},
		{what: "asked for before", early: true},
		{what: "of another name", held: []operator.RRset{a, aaaa}, name: a.Name},
		{what: "of that name", held: []operator.RRset{a}, name: a.Name, lost: aaaa.Key.String()},
		{what: "in doubt since", held: []operator.RRset{a, api}, then: &operator.Change{Before: &aaaa, After: &aaaa}},
		{what: "deleted since", held: []operator.RRset{a, api}, then: &operator.Change{Before: &aaaa}},
		{what: "created since, in doubt", held: []operator.RRset{a, api}, then: &operator.Change{After: &aaaa}},
	} {
		t.Run(c.what, func(t *testing.T) {
			b := newBook()
			asked := b.edits
			var changes []operator.Change
			for _, r := range []operator.RRset{a, aaaa, api} {
				changes = append(changes, operator.Change{After: &r})
			}
			b.edit(changes)
			for _, change := range changes {
				b.patch(change, change.After)
			}
			if c.then != nil {
				b.edit([]operator.Change{*c.then})
			}
			if !c.early {
				asked = b.edits
			}
			lost, found := b.lost(c.name, c.held, asked)
			if found != (c.lost != "") || found && lost.String() != c.lost {
				t.Errorf("%s, %t; want %q", lost, found, c.lost)
			}
		})
	}
}
