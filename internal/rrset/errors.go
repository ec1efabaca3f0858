package rrset

import (
	"fmt"
	"strings"
)

// FieldError says what is wrong with one field of an RRset. Field is "zone", "name", "type", "ttl" or "values", as in
// the schema.
type FieldError struct{ Field, Message string }

// Error is the message alone: whoever shows it knows the field.
func (e *FieldError) Error() string { return e.Message }

func fieldErrorf(field, format string, args ...any) *FieldError {
	return &FieldError{Field: field, Message: fmt.Sprintf(format, args...)}
}

// ValueError says why one value is refused and what to write instead, without a word of the value itself: it may be
// sensitive, and what is printed where it was declared is for the CLI to decide (design/sensitive-values.md).
type ValueError struct {
	Type string
	// Index is the position of the value in the list that was given, from 0, and Of how many there are.
	Index, Of int
	Message   string
}

// Error says which value it is, by its place in the list.
func (e *ValueError) Error() string {
	which := "the " + e.Type + " value"
	if e.Of > 1 {
		which = fmt.Sprintf("%s value %d of %d", e.Type, e.Index+1, e.Of)
	}
	return which + " is refused: " + e.Message
}

// quoteShort quotes text of any length for a message, control characters as in DNS so that the line does not break.
// Text that has double quotes itself, as most TXT, gets single ones.
func quoteShort(text string) string {
	const most = 100
	runes := []rune(text)
	if len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	quote := `"`
	if strings.Contains(text, quote) {
		quote = "'"
	}
	var b strings.Builder
	for _, r := range text {
		if r < ' ' || r == 0x7f {
			fmt.Fprintf(&b, `\%03d`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return quote + b.String() + quote
}
