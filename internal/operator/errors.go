package operator

import (
	"errors"
	"fmt"
	"time"
)

// OutageError says that the operator could not answer: no connection, a time-out, a 5xx, an answer that is not of the
// API, or a limit whose wait is longer than allowed. What it holds is then unknown, never "nothing".
type OutageError struct {
	Operator string
	// Action is what was tried, such as "list the RRsets of example.com.".
	Action string
	// Reason is a phrase that stays the same while the cause does: it holds no clock time, request id or port.
	Reason string
	// InDoubt is set when the request may have been carried out although the answer was lost.
	InDoubt bool
	// Stored is set when the answer itself says that the change was stored and only its publication failed (deSEC's
	// JSON 500, design/facts/desec-api.md section 8).
	Stored bool
	// Silent is set when the operator let the time of the exchange pass.
	Silent bool
	// Answered is set when an answer came and it was no answer of the API's: a 5xx, a page, JSON of another shape. The
	// service was there and made nothing of this request, which may lie in the request: of a write of several, its
	// halves may fare better. Unset: silence, no connection, a connection that broke, a rate limit, a redirect.
	Answered bool
	// Alone is set when the write of one RRset was answered so, more than once, while reads worked, and nothing else
	// was written beside it that would tell whether the operator fails or this RRset is what it cannot digest.
	Alone bool
	// RetryAfter is how long the operator asked to wait, 0 if it did not.
	RetryAfter time.Duration
	// Err is the cause, if there is one beyond Reason.
	Err error
}

func (e *OutageError) Error() string {
	text := fmt.Sprintf("%s: %s: %s", e.Operator, e.Action, e.Reason)
	if e.RetryAfter > 0 {
		text += fmt.Sprintf("; the next request is allowed in %s, and max_wait bounds how long one operation waits",
			(e.RetryAfter + time.Second - 1).Truncate(time.Second))
	}
	return text
}

func (e *OutageError) Unwrap() error { return e.Err }

// RefusalKind is what kind of no the operator said.
type RefusalKind int

// The kinds of refusal that somebody decides upon.
const (
	// RefusedOther is a refusal for a reason of the service's own.
	RefusedOther RefusalKind = iota
	// Unauthorized: the token is unknown, or may do nothing at all here (401, and a 403 that is about the token).
	Unauthorized
	// ZoneNotFound: no such zone, or none that the token can see.
	ZoneNotFound
	// Invalid: the data of a change was not accepted.
	Invalid
	// Exists: the RRset or an equal record is there already.
	Exists
	// Gone: what was to be changed is not there any more.
	Gone
	// Raced: another writer was faster (409); read again and decide again.
	Raced
	// TooMany: more changes than one request may hold.
	TooMany
	// Policy: a 403 about this change and not about the token, so that other changes of the same request may be
	// allowed. Either the token's policy leaves out the RRset (deSEC), or the service lets nobody make such a record
	// (Cloudflare: a free TLD, a zone under Email Routing).
	Policy
)

// RefusalError says that the operator answered and said no.
type RefusalError struct {
	Operator string
	Action   string
	Kind     RefusalKind
	// Unproven: nothing but an empty answer says that there is no such zone. It may be there, with all that it holds.
	Unproven bool
	// Answer is the no in the terms of the protocol, such as "HTTP 400 (code 81058)" or an RCODE; nil when the client
	// itself refuses.
	Answer error
	// Message is what the service said, cut to a readable length.
	Message string
	// Advice is what the client adds to that, a clause that begins in lower case and has no final dot; empty if there
	// is nothing to add.
	Advice string
	// Culprits are the positions of the changes that the service named as the cause, with what it said of each; nil
	// when it named none.
	Culprits map[int]string
}

func (e *RefusalError) Error() string {
	return fmt.Sprintf("%s: %s: %s", e.Operator, e.Action, e.Said())
}

// Said is the service's answer for people, such as `HTTP 400 (code 81058): "…"`, and behind it what the client adds.
func (e *RefusalError) Said() string {
	said := e.Message
	if e.Answer != nil {
		said = fmt.Sprintf("%s: %q", e.Answer, e.Message)
	}
	if e.Advice != "" {
		said += " (" + e.Advice + ")"
	}
	return said
}

func (e *RefusalError) Unwrap() error { return e.Answer }

// AsOutage returns the outage in err's chain, or nil.
func AsOutage(err error) *OutageError {
	outage, _ := errors.AsType[*OutageError](err)
	return outage
}

// AsRefusal returns the refusal in err's chain, or nil.
func AsRefusal(err error) *RefusalError {
	refusal, _ := errors.AsType[*RefusalError](err)
	return refusal
}

// RefusedAs reports whether err holds a refusal of this kind.
func RefusedAs(err error, kind RefusalKind) bool {
	refusal := AsRefusal(err)
	return refusal != nil && refusal.Kind == kind
}

// NoZone reports whether err says for certain that there is no such zone, so that nothing can be left in it.
func NoZone(err error) bool {
	return RefusedAs(err, ZoneNotFound) && !AsRefusal(err).Unproven
}

// Reason is the stable part of an error: no clock time, no request id, no wait that would be another one in the next
// run.
func Reason(err error) string {
	if outage := AsOutage(err); outage != nil {
		return outage.Reason
	}
	if refusal := AsRefusal(err); refusal != nil {
		return "refused: " + refusal.Said()
	}
	return err.Error()
}
