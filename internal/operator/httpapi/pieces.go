package httpapi

import (
	"bytes"
	"cmp"
	"slices"
)

// longPiece is what a part of a token has at least that is taken out, if the token has twice that: no text has so many
// of its characters by chance, and a token that is cut in two, by a line, a string or a list, still has one.
const longPiece = 12

// span is a part of a text.
type span struct{ from, to int }

// stripPieces takes out long parts of the token, in any case: it was cut, or a header's name was spelled as those of
// headers are.
func (s *secret) stripPieces(text []byte) []byte {
	folded := lowerASCII(text)
	least := longPiece
	if len(s.folded) < 2*longPiece {
		least = len(s.folded)
	}
	size := (least + 1) / 2 // of blocks, of which each part that is long enough has one whole
	var found []span
	for at := 0; at+size <= len(s.folded); at += size {
		block := s.folded[at : at+size]
		for from := 0; ; {
			next := bytes.Index(folded[from:], block)
			if next < 0 {
				break
			}
			piece := s.around(folded, from+next, at)
			if piece.to-piece.from >= least {
				found = append(found, piece)
			}
			from = piece.to
		}
	}
	return hideAll(text, found)
}

// around is how far text and token agree on both sides of a place in each.
func (s *secret) around(folded []byte, inText, inToken int) span {
	piece := span{inText, inText}
	for at := inToken; at > 0 && piece.from > 0 && folded[piece.from-1] == s.folded[at-1]; at-- {
		piece.from--
	}
	for at := inToken; at < len(s.folded) && piece.to < len(folded) && folded[piece.to] == s.folded[at]; at++ {
		piece.to++
	}
	return piece
}

// hideAll replaces the parts, which may overlap.
func hideAll(text []byte, parts []span) []byte {
	if len(parts) == 0 {
		return text
	}
	slices.SortFunc(parts, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var stripped []byte
	kept := 0
	for _, part := range parts {
		if part.from >= kept {
			stripped = append(append(stripped, text[kept:part.from]...), hiddenText...)
		}
		kept = max(kept, part.to)
	}
	return append(stripped, text[kept:]...)
}

// lowerASCII folds the letters that a service folds, and keeps every byte in its place.
func lowerASCII[T string | []byte](text T) T {
	folded := append([]byte(nil), text...)
	for i, c := range folded {
		if 'A' <= c && c <= 'Z' {
			folded[i] = c + 'a' - 'A'
		}
	}
	return T(folded)
}
