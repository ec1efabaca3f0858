package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
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
	// textType is what a zone file comes as.
	textType = "text/plain"
)

// What a client has that is told nothing else.
const (
	DefaultTimeout = 10 * time.Second
	DefaultMaxWait = 60 * time.Second
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
	// Timeout bounds one exchange, from dialling to the last byte, and a call with all its repeats. [WithWork] gives an
	// exchange more.
	Timeout time.Duration
	// MaxWait bounds what one call may spend waiting, if its context carries no [operator.WithMaxWait] of its own.
	MaxWait time.Duration
	// Pace returns the windows in which a request counts, those of short spans and narrow scopes first. Nil: none.
	Pace func(*http.Request) []*Window
	// Classify turns an answer of the API that means failure into an *operator.RefusalError or *operator.OutageError
	// and returns nil for success. It sees parsable JSON and 204 only. Status 429 and 5xx reach it too; where it
	// returns nil for those, the general rule decides.
	Classify func(req *http.Request, a Answer) error
	// Trace is the header of an answer by which the service's support finds the exchange; it is logged. Empty: none.
	Trace string
	// Base carries the exchanges. Nil: a transport of the package's own, with the environment's proxies and verified
	// TLS.
	Base http.RoundTripper
}

// Transport is an http.RoundTripper that speaks with one operator.
type Transport struct {
	config Config
	base   http.RoundTripper
	pacing sync.Mutex // guards the windows
	// secrets are by Authorization header.
	secrets sync.Map
}

var _ http.RoundTripper = (*Transport)(nil)

// New returns a Transport.
func New(c Config) *Transport {
	base := c.Base
	if base == nil {
		t := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // documented type of the variable
		// The exchange's own time-out comes first and is told apart; this one ends what goes on behind its back.
		t.TLSHandshakeTimeout = 2 * c.Timeout
		base = t
	}
	return &Transport{config: c, base: base}
}

// RoundTrip carries out one call: as many exchanges as are harmless and allowed. The response's body is in memory.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host != t.config.BaseURL.Host || req.URL.Scheme != t.config.BaseURL.Scheme {
		return nil, t.refusal(req, "the request left the API's host; nothing was sent")
	}
	body, err := drain(req)
	if err != nil {
		return nil, t.outage(req, "the request could not be built", err)
	}
	wait := operator.AllowanceOf(req.Context(), t.config.MaxWait)
	var tried effort
	for {
		reserved, err := t.pace(req, wait)
		if err != nil {
			return nil, err
		}
		began := time.Now() //nolint:forbidigo // exchanges run on real time
		answer, err := t.exchange(req, body, t.config.Timeout-tried.spent)
		t.learn(reserved, answer)
		if err == nil {
			return response(req, answer), nil
		}
		tried.add(time.Since(began), err) //nolint:forbidigo // as above
		pause, again := tried.repeat(t.config.Timeout)
		if !again || req.Context().Err() != nil || !wait.Take(pause) {
			return nil, tried.err
		}
		tflog.Info(req.Context(), "waiting before the request is repeated", map[string]any{
			"operator": t.config.Operator, "wait": pause.String(), "cause": err.Error(),
		})
		if err := sleep(req.Context(), pause); err != nil {
			return nil, t.outage(req, "interrupted", err)
		}
	}
}

// exchange sends the request once and reads the whole answer, within the timeout or, if that is longer, within the time
// that its work takes.
func (t *Transport) exchange(req *http.Request, body []byte, timeout time.Duration) (Answer, error) {
	if req.Context().Err() != nil {
		// Nothing was sent, so there is no doubt about a write.
		return Answer{}, t.outage(req, "interrupted", context.Cause(req.Context()))
	}
	var reached contact
	ctx, cancel := reached.begin(req.Context(), timeout)
	defer cancel()
	once := single(req.Clone(ctx), body)
	token := t.secret(req)
	started := time.Now()              //nolint:forbidigo // how long an exchange took, for the log only
	res, err := t.base.RoundTrip(once) //nolint:bodyclose // readAll closes it
	var answer Answer
	if err == nil {
		answer = Answer{Status: res.StatusCode, Header: token.stripHeader(res.Header)}
		answer.Body, err = readAll(res.Body)
		answer.Body = token.strip(answer.Body)
	}
	t.log(req, answer, token.stripError(err), time.Since(started)) //nolint:forbidigo // as above
	if err != nil {
		e := t.transportOutage(ctx, req, &reached, err)
		e.Err = token.stripError(e.Err)
		return Answer{}, e
	}
	return answer, withoutValues(t.classify(req, answer), body)
}

// secret is the token of the request, worked out once for each there is.
func (t *Transport) secret(req *http.Request) *secret {
	authorization := req.Header.Get("Authorization")
	known, ok := t.secrets.Load(authorization)
	if !ok {
		known, _ = t.secrets.LoadOrStore(authorization, secretOf(req.Header))
	}
	return known.(*secret) //nolint:forcetypeassert // nothing else is stored
}

// single readies a request for one exchange. A write is sent once: net/http repeats requests by itself, on a connection
// that turns out to be closed and for HTTP/2 after some errors of the service, if it can have the body again or the
// caller calls the request repeatable.
func single(req *http.Request, body []byte) *http.Request {
	if body != nil {
		req.Body = io.NopCloser(bytes.NewReader(body))
		req.ContentLength = int64(len(body))
	}
	if isWrite(req) {
		req.GetBody = nil
		req.Header.Del("Idempotency-Key")
		req.Header.Del("X-Idempotency-Key")
	}
	return req
}

// classify sorts an answer: nil is success.
func (t *Transport) classify(req *http.Request, a Answer) error {
	isJSON := json.Valid(a.Body)
	if t.config.Classify != nil && (isJSON || a.Status == http.StatusNoContent) {
		if err := t.config.Classify(req, a); err != nil {
			return err
		}
	}
	switch {
	case a.Status == http.StatusTooManyRequests:
		return t.limited(req, a)
	case a.Status >= 300 && a.Status < 400:
		e := t.outage(req, fmt.Sprintf("HTTP %d redirect, which is never followed", a.Status), nil)
		e.InDoubt = isWrite(req)
		return e
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
			Operator: t.config.Operator, Action: action(req), Answer: &StatusError{Status: a.Status}, Message: Excerpt(a.Body),
		}
	}
	return nil
}

// wantsText reports whether the call asked for something else than JSON.
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

// limited is the outage of a 429. It is never in doubt: the request was not carried out.
func (t *Transport) limited(req *http.Request, a Answer) error {
	e := t.outage(req, reasonLimited, nil)
	e.RetryAfter = retryAfter(a.Header)
	return e
}

// answerOutage is an outage that shows in an answer: a write that got it may have been carried out.
func (t *Transport) answerOutage(req *http.Request, reason string) error {
	e := t.outage(req, reason, nil)
	e.InDoubt, e.Answered = isWrite(req), true
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
	if trace := a.Header.Get(t.config.Trace); trace != "" {
		fields["trace"] = trace
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
