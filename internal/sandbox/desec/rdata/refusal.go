package rdata

import (
	"errors"
	"strings"
)

// ErrServer is content that the API accepts so far that its own code, or the signing name server behind it, fails on
// it: the answer is an HTML page with status 500 and nothing is stored. Recorded for LOC and SVCB,
// design/facts/desec-content.jsonl.
var ErrServer = errors.New("rdata: the server fails on this content")

// Refusal is content that deSEC answers with status 400. Error gives the text of the answer, word for word.
type Refusal struct {
	text string
}

func (r *Refusal) Error() string { return r.text }

// syntaxError is a complaint of the library about the text. The API wraps it into a sentence which names the type.
type syntaxError struct{ text string }

func (e *syntaxError) Error() string { return e.text }

// valueError is a complaint of the library about a value that was read well.
type valueError struct{ text string }

func (e *valueError) Error() string { return e.text }

// panicError is an exception that no layer of the API expects.
type panicError struct{ text string }

func (e *panicError) Error() string { return e.text }

var (
	errMalformed = &syntaxError{"Text input is malformed."}
	errEnd       = &syntaxError{"Text input ended unexpectedly."}
	errEncoding  = errors.New("hexadecimal or base64")
	errTooLong   = errors.New("A DNS name is > 255 octets long.")
	errRelative  = errors.New("relative name")
	errForm      = &panicError{"DNS message is malformed."}
)

// encodingError is text that is not hexadecimal or base64; it counts as errEncoding.
type encodingError struct{ text string }

func (e *encodingError) Error() string        { return e.text }
func (e *encodingError) Is(target error) bool { return target == errEncoding }

// asSyntax is what the library does to errors while it reads most of the types: whatever went wrong becomes a syntax
// error with the same text. The types that the API replaced by its own (layout.direct) escape this.
func asSyntax(err error) error {
	if _, ok := errors.AsType[*syntaxError](err); ok || err == nil {
		return err
	}
	return &syntaxError{err.Error()}
}

// refuse gives err the words of the API, or ErrServer for what the API does not expect.
func refuse(typ string, err error) error {
	if syntax, ok := errors.AsType[*syntaxError](err); ok {
		// The API takes any complaint with "quote" in it for the one about unquoted TXT, hence the answer to a line
		// feed within quotes (design/facts/desec-content.jsonl d-0196).
		if strings.Contains(syntax.text, "quote") {
			return &Refusal{"Data for " + typ + " records must be given using quotation marks."}
		}
		return &Refusal{"Record content for type " + typ + " malformed: " + syntax.text}
	}
	if value, ok := errors.AsType[*valueError](err); ok {
		return &Refusal{"Cannot parse record contents: " + value.text}
	}
	switch {
	case errors.Is(err, errEncoding):
		return &Refusal{"Cannot parse hexadecimal or base64 record contents"}
	case errors.Is(err, errTooLong):
		return &Refusal{"Hostname must be no longer than 255 characters"}
	case errors.Is(err, errRelative):
		return &Refusal{`Hostname must be fully qualified (i.e., end in a dot: "example.com.")`}
	default:
		return ErrServer
	}
}
