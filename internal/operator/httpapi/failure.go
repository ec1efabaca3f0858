package httpapi

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

var (
	// errSilent is the cause of an exchange that ran into its own time-out.
	errSilent   = errors.New("no answer in time")
	errTooLarge = fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)
)

// reasonLimited is the reason of a 429, and of requests that are not sent because of one.
const reasonLimited = "rate limit reached (HTTP 429)"

// excerptLength is how much of a foreign text an error quotes, in bytes.
const excerptLength = 300

// transportOutage is the outage of an exchange that brought no whole answer. ctx is the exchange's own context, req the
// call's. A write is in doubt unless there was no connection to send it over.
func (t *Transport) transportOutage(ctx context.Context, req *http.Request, reached *contact, err error) *operator.OutageError {
	e := t.outage(req, "", err)
	e.InDoubt = isWrite(req) && reached.sent()
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var dial *net.OpError
	var lookup *net.DNSError
	var slow net.Error
	switch {
	case req.Context().Err() != nil:
		e.Reason, e.Err = "interrupted", context.Cause(req.Context())
	case errors.Is(context.Cause(ctx), errSilent):
		e.Reason, e.Err, e.Silent = t.silence(req, reached), errSilent, true
	case errors.Is(err, errTooLarge):
		e.Reason, e.Answered = errTooLarge.Error(), true
	case reached.connected.Load():
		e.Reason = "the connection broke before a whole answer came"
	case errors.As(err, &certificate):
		// The text of x509 errors holds the current time: not stable.
		e.Reason = "its TLS certificate could not be verified"
	case errors.As(err, &record):
		e.Reason = "it does not speak TLS"
	case errors.Is(err, syscall.ECONNREFUSED):
		e.Reason = "connection refused"
	case errors.As(err, &lookup):
		e.Reason = fmt.Sprintf("the host name %s could not be resolved", lookup.Name)
	case errors.As(err, &dial) && dial.Op == "dial":
		e.Reason, e.Silent = "no connection", dial.Timeout()
	case errors.As(err, &slow) && slow.Timeout(): // net/http's own for a TLS handshake, which may come before ours on a busy machine
		e.Reason, e.Err, e.Silent = t.silence(req, reached), errSilent, true
	default:
		e.Reason = "the connection broke before a whole answer came"
	}
	return e
}

// silence is the reason of a time-out. It does not name the longer time of a large write, which is another one each
// time.
func (t *Transport) silence(req *http.Request, reached *contact) string {
	if reached.sent() && workOf(req.Context()) > t.config.Timeout {
		return fmt.Sprintf("no answer within %s, nor within the longer time that so large a write may take", t.config.Timeout)
	}
	return fmt.Sprintf("no answer within %s", t.config.Timeout)
}

// retryAfter reads how long the service asks to wait; 0 if it does not say. The header holds whole seconds or a date
// (RFC 9110 section 10.2.3).
func retryAfter(h http.Header) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.Atoi(value); err == nil && seconds >= 0 {
		return time.Duration(min(seconds, 86400*365)) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, time.Until(at)) //nolint:forbidigo // the header means the clock on the wall
	}
	return 0
}

// action names the call for people, without query and without secrets.
func action(req *http.Request) string {
	return req.Method + " " + req.URL.Path
}

// Acting is an error of a [Transport] with what was tried in the caller's words.
func Acting(err error, name, action string) error {
	if e := operator.AsOutage(err); e != nil {
		said := *e
		said.Action = action
		return &said
	}
	if e := operator.AsRefusal(err); e != nil {
		said := *e
		said.Action = action
		return &said
	}
	return &operator.OutageError{Operator: name, Action: action, Reason: "the request could not be made", Err: err}
}

// Excerpt makes a foreign text fit for an error: one line, printable, short. What cannot be printed leaves a blank:
// what it stood between does not come together to something that was not there.
func Excerpt(body []byte) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, string(body[:min(len(body), 4*excerptLength)]))
	clean = strings.Join(strings.Fields(clean), " ")
	if len(clean) > excerptLength {
		return strings.ToValidUTF8(clean[:excerptLength], "") + "…"
	}
	return clean
}
