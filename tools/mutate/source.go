package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// mutant is one small mistake.
type mutant struct {
	id   int
	file string // its name alone
	line int
	what string
}

func (m mutant) String() string { return fmt.Sprintf("%s:%d: %s", m.file, m.line, m.what) }

// edit puts text into a source, in place of the bytes from at to end.
type edit struct {
	at, end int
	text    string
	mutant  int
	// outer is how many bytes the node that the edit is about has: of edits at one place, that of the larger one
	// encloses the others, and of mutants of one node the first does.
	outer int
	after bool // it closes what another one opened
}

// source is one file with all of its mutants.
type source struct {
	path  string
	text  []byte
	edits []edit
}

// wrap puts text before and after a part of the source.
func (s *source) wrap(id, from, to int, before, after string) {
	s.edits = append(s.edits,
		edit{at: from, end: from, text: before, mutant: id, outer: to - from},
		edit{at: to, end: to, text: after, mutant: id, outer: to - from, after: true})
}

func (s *source) replace(id, from, to int, text string) {
	s.edits = append(s.edits, edit{at: from, end: to, text: text, mutant: id})
}

// render is the source with the edits of all mutants but some. For the compiler each edit begins a file of its own, so
// that it says whose an error is.
func (s *source) render(without map[int]bool) string {
	edits := slices.DeleteFunc(slices.Clone(s.edits), func(e edit) bool { return without[e.mutant] })
	slices.SortStableFunc(edits, func(a, b edit) int {
		return cmp.Or(cmp.Compare(a.at, b.at), compareAt(a, b))
	})
	var out strings.Builder
	done := 0
	for _, e := range edits {
		out.Write(s.text[done:e.at])
		fmt.Fprintf(&out, "/*line mutant%d:1:1*/", e.mutant)
		out.WriteString(e.text)
		done = e.end
	}
	out.Write(s.text[done:])
	return out.String()
}

// compareAt orders edits at one place: what ends there, the inner first, and then what begins, the outer first.
func compareAt(a, b edit) int {
	switch {
	case a.after && b.after:
		return cmp.Or(cmp.Compare(a.outer, b.outer), cmp.Compare(b.mutant, a.mutant))
	case a.after:
		return -1
	case b.after:
		return 1
	}
	return cmp.Or(cmp.Compare(b.outer, a.outer), cmp.Compare(a.mutant, b.mutant))
}
