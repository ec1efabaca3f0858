package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

const (
	// maxBody bounds an answer. 5000 records of 4 kB each stay below it.
	maxBody = 32 << 20
	// maxAttempts bounds one call: a first try and two repeats, so that an API
	// which answers every request with 5xx sees at most three.
	maxAttempts = 3
	// firstBackoff is the longest wait before the first repeat; it doubles.
	firstBackoff = 400 * time.Millisecond
	// textType is what a zone file comes as.
	textType = "text/plain"
)

// Answer is a whole answer of the API.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Config says how to talk to one operator.
type Config struct {
	// Operator is the operator's name, for errors and logs.
	Operator string
	// BaseURL is where the API is. Requests to any other host are refused.
	BaseURL *url.URL
	// Timeout bounds one exchange, from dialling to the last byte.
	Timeout time.Duration
	// MaxWait bounds what one call may spend waiting, if its context carries
	// no [WithMaxWait] of its own.
	MaxWait time.Duration
	// Pace returns the windows in which a request counts, those of short spans
	// and narrow scopes first. Nil: none.
	Pace func(*http.Request) []*Window
	// Judge turns an answer of the API that means failure into an
	// *operator.RefusalError or *operator.OutageError and returns nil for
	// success. It sees parsable JSON and 204 only. Status 429 and 5xx reach it
	// too; where it returns nil for those, the general rule decides.
	Judge func(req *http.Request, a Answer) error
	// Base carries the exchanges. Nil: a transport of the package's own, with
	// the environment's proxies and verified TLS.
	Base http.RoundTripper
}

// Transport is an http.RoundTripper that speaks with one operator.
type Transport struct {
	config Config
	base   http.RoundTripper
	pacing sync.Mutex // guards the windows
}

var _ http.RoundTripper = (*Transport)(nil)

// New returns a Transport.
func New(c Config) *Transport {
	base := c.Base
	if base == nil {
		t := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // documented type of the variable
		// A dead host must not eat the whole exchange before a repeat could help.
		t.TLSHandshakeTimeout = c.Timeout
		base = t
	}
	return &Transport{config: c, base: base}
}

// RoundTrip carries out one call: as many exchanges as are harmless and
// allowed. The response's body is in memory.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host != t.config.BaseURL.Host || req.URL.Scheme != t.config.BaseURL.Scheme {
		return nil, t.refusal(req, "the request left the API's host; nothing was sent")
	}
	body, err := drain(req)
	if err != nil {
		return nil, t.outage(req, "the request could not be built", err)
	}
	wait := waitOf(req.Context(), t.config.MaxWait)
	for attempt := 1; ; attempt++ {
		claims, err := t.pace(req, wait)
		if err != nil {
			return nil, err
		}
		answer, err := t.exchange(req, body)
		t.learn(claims, answer)
		if err == nil {
			return response(req, answer), nil
		}
		pause, again := t.repeat(req, err, attempt)
		if !again || !wait.take(pause) {
			return nil, err
		}
		tflog.Info(req.Context(), "waiting before the request is repeated", map[string]any{
			"operator": t.config.Operator, "wait": pause.String(), "cause": err.Error(),
		})
		if err := sleep(req.Context(), pause); err != nil {
			return nil, t.outage(req, "interrupted", err)
		}
	}
}

// repeat says whether and after which pause the call may be tried again.
//
// A time-out is not repeated: it has used up what a walk may spend on an
// operator that is silent (one time-out for a walk). A request in doubt is not
// repeated either: its author reads back first.
func (t *Transport) repeat(req *http.Request, err error, attempt int) (time.Duration, bool) {
	outage := operator.AsOutage(err)
	if outage == nil || attempt >= maxAttempts || outage.InDoubt || outage.Silent ||
		req.Context().Err() != nil {
		return 0, false
	}
	if outage.RetryAfter > 0 {
		return outage.RetryAfter, true
	}
	longest := firstBackoff << (attempt - 1)
	return longest/2 + rand.N(longest/2), true //nolint:gosec // jitter needs no secrecy
}

// exchange sends the request once and reads the whole answer.
func (t *Transport) exchange(req *http.Request, body []byte) (Answer, error) {
	if req.Context().Err() != nil {
		// Nothing was sent, so there is no doubt about a write.
		return Answer{}, t.outage(req, "interrupted", context.Cause(req.Context()))
	}
	ctx, cancel := context.WithTimeoutCause(req.Context(), t.config.Timeout, errSilent)
	defer cancel()
	once := req.Clone(ctx)
	if body != nil {
		once.Body = io.NopCloser(bytes.NewReader(body))
		once.ContentLength = int64(len(body))
	}
	started := time.Now()              //nolint:forbidigo // how long an exchange took, for the log only
	res, err := t.base.RoundTrip(once) //nolint:bodyclose // readAll closes it
	var answer Answer
	if err == nil {
		answer = Answer{Status: res.StatusCode, Header: res.Header}
		answer.Body, err = readAll(res.Body)
	}
	t.log(req, answer, err, time.Since(started)) //nolint:forbidigo // as above
	if err != nil {
		return Answer{}, t.transportOutage(req, ctx, err)
	}
	return answer, t.judge(req, answer)
}

// judge sorts an answer: nil is success.
func (t *Transport) judge(req *http.Request, a Answer) error {
	isJSON := json.Valid(a.Body)
	if t.config.Judge != nil && (isJSON || a.Status == http.StatusNoContent) {
		if err := t.config.Judge(req, a); err != nil {
			return err
		}
	}
	switch {
	case a.Status == http.StatusTooManyRequests:
		return t.limited(req, a)
	case a.Status >= 300 && a.Status < 400:
		return t.answerOutage(req, fmt.Sprintf("HTTP %d redirect, which is never followed", a.Status))
	case a.Status >= 500:
		return t.answerOutage(req, fmt.Sprintf("HTTP %d%s", a.Status, kindOf(a, isJSON)))
	case a.Status == http.StatusNoContent, wantsText(req) && isText(a):
		return nil
	case len(bytes.TrimSpace(a.Body)) == 0:
		return t.answerOutage(req, fmt.Sprintf("HTTP %d with an empty body", a.Status))
	case !isJSON:
		return t.answerOutage(req, fmt.Sprintf("HTTP %d%s", a.Status, kindOf(a, isJSON)))
	case a.Status >= 400:
		return &operator.RefusalError{
			Operator: t.config.Operator, Action: action(req), Status: a.Status, Message: Excerpt(a.Body),
		}
	}
	return nil
}

// wantsText says that the call asked for something else than JSON.
func wantsText(req *http.Request) bool { return req.Header.Get("Accept") == textType }

func isText(a Answer) bool {
	return a.Status == http.StatusOK && strings.HasPrefix(a.Header.Get("Content-Type"), textType)
}

func kindOf(a Answer, isJSON bool) string {
	switch {
	case isJSON:
		return ""
	case strings.Contains(a.Header.Get("Content-Type"), "html"), bytes.HasPrefix(bytes.TrimSpace(a.Body), []byte("<")):
		return " with an HTML page instead of JSON"
	}
	return " with something else than JSON"
}

// limited is the outage of a 429. It is never in doubt: the request was not
// carried out.
func (t *Transport) limited(req *http.Request, a Answer) error {
	e := t.outage(req, reasonLimited, nil)
	e.RetryAfter = retryAfter(a.Header)
	return e
}

// answerOutage is an outage that shows in an answer: a write that got it may
// have been carried out.
func (t *Transport) answerOutage(req *http.Request, reason string) error {
	e := t.outage(req, reason, nil)
	e.InDoubt = isWrite(req)
	return e
}

func (t *Transport) outage(req *http.Request, reason string, err error) *operator.OutageError {
	return &operator.OutageError{Operator: t.config.Operator, Action: action(req), Reason: reason, Err: err}
}

func (t *Transport) refusal(req *http.Request, message string) error {
	return &operator.RefusalError{Operator: t.config.Operator, Action: action(req), Message: message}
}

func (t *Transport) log(req *http.Request, a Answer, err error, took time.Duration) {
	fields := map[string]any{
		"operator": t.config.Operator, "method": req.Method, "path": req.URL.Path,
		"status": a.Status, "bytes": len(a.Body), "ms": took.Milliseconds(),
	}
	// Cloudflare's support asks for this header (design/facts/cloudflare-api.md section 1).
	if ray := a.Header.Get("Cf-Ray"); ray != "" {
		fields["cf_ray"] = ray
	}
	if err != nil {
		fields["error"] = err.Error()
	}
	tflog.Debug(req.Context(), "operator API exchange", fields)
}

func isWrite(req *http.Request) bool {
	return req.Method != http.MethodGet && req.Method != http.MethodHead
}

func drain(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	defer func() { _ = req.Body.Close() }()
	return io.ReadAll(req.Body)
}

func readAll(body io.ReadCloser) ([]byte, error) {
	defer func() { _ = body.Close() }()
	all, err := io.ReadAll(io.LimitReader(body, maxBody+1))
	if err != nil {
		return nil, err
	}
	if len(all) > maxBody {
		return nil, errTooLarge
	}
	return all, nil
}

func response(req *http.Request, a Answer) *http.Response {
	return &http.Response{
		Status: http.StatusText(a.Status), StatusCode: a.Status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.Header, Body: io.NopCloser(bytes.NewReader(a.Body)),
		ContentLength: int64(len(a.Body)), Request: req,
	}
}
