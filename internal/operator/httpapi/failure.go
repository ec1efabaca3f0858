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

// reasonLimited is the reason of a 429, and of requests that are not sent
// because of one.
const reasonLimited = "rate limit reached (HTTP 429)"

// excerptLength is how much of a foreign text an error quotes, in bytes.
const excerptLength = 300

// transportOutage is the outage of an exchange that brought no whole answer.
// ctx is the exchange's own context.
func (t *Transport) transportOutage(req *http.Request, ctx context.Context, err error) error { //nolint:revive // the exchange's context comes second on purpose
	e := t.outage(req, "", err)
	e.InDoubt = isWrite(req)
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var dial *net.OpError
	var lookup *net.DNSError
	switch {
	case req.Context().Err() != nil:
		e.Reason, e.Err = "interrupted", context.Cause(req.Context())
	case errors.Is(context.Cause(ctx), errSilent):
		e.Reason, e.Err, e.Silent = fmt.Sprintf("no answer within %s", t.config.Timeout), errSilent, true
	case errors.As(err, &certificate):
		// The text of x509 errors holds the current time: not stable.
		e.Reason, e.InDoubt = "its TLS certificate could not be verified", false
	case errors.As(err, &record):
		e.Reason, e.InDoubt = "it does not speak TLS", false
	case errors.Is(err, syscall.ECONNREFUSED):
		e.Reason, e.InDoubt = "connection refused", false
	case errors.As(err, &lookup):
		e.Reason, e.InDoubt = fmt.Sprintf("the host name %s could not be resolved", lookup.Name), false
	case errors.As(err, &dial) && dial.Op == "dial":
		e.Reason, e.InDoubt = "no connection", false
	case errors.Is(err, errTooLarge):
		e.Reason = errTooLarge.Error()
	default:
		e.Reason = "the connection broke before a whole answer came"
	}
	return e
}

// retryAfter reads how long the service asks to wait; 0 if it does not say.
// The header holds whole seconds or a date (RFC 9110 section 10.2.3).
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

// Excerpt makes a foreign text fit for an error: one line, printable, short.
func Excerpt(body []byte) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, string(body[:min(len(body), 4*excerptLength)]))
	clean = strings.Join(strings.Fields(clean), " ")
	if len(clean) > excerptLength {
		return strings.ToValidUTF8(clean[:excerptLength], "") + "…"
	}
	return clean
}

// Unauthorized is the refusal of a token, by status.
func Unauthorized(status int) operator.RefusalKind {
	if status == http.StatusUnauthorized || status == http.StatusForbidden {
		return operator.Unauthorized
	}
	return operator.RefusedOther
}
