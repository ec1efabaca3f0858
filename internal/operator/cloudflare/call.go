package cloudflare

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/cloudflare/cloudflare-go/v7/option"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/httpapi"
)

// call is one call through the SDK.
type call struct {
	// action is what an error says was tried.
	action string
	// write is set where the call may change something.
	write bool

	status int
	body   []byte
	err    error
	done   bool
}

// run makes the call that send stands for and returns the whole answer.
func (c *call) run(ctx context.Context, send func(...option.RequestOption) error) (envelope, error) {
	if err := c.exchange(ctx, send); err != nil {
		return envelope{}, err
	}
	env, ok := decodeEnvelope(c.body)
	if !ok {
		return envelope{}, c.unexpected("Cloudflare's envelope")
	}
	return env, nil
}

// exchange makes the call and leaves the answer's body in c.
func (c *call) exchange(ctx context.Context, send func(...option.RequestOption) error) error {
	// A byte slice as the target keeps the SDK from decoding records by itself.
	var unused []byte
	err := send(option.WithMiddleware(c.keep), option.WithResponseBodyInto(&unused))
	switch {
	case c.err != nil:
		return httpapi.Acting(c.err, name, c.action)
	case c.done:
		// What the SDK makes of the answer does not count: it drops one that arrived in the same moment as an
		// interrupt.
	case ctx.Err() != nil:
		return c.outage("interrupted", context.Cause(ctx))
	default:
		return c.outage("the request could not be made", err)
	}
	return nil
}

// keep holds on to what the transport returned: the SDK replaces an error by the context's when that has ended, and
// with it the knowledge whether the request was carried out.
func (c *call) keep(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
	res, err := next(req)
	if err != nil {
		c.err = err
		return res, err
	}
	c.status = res.StatusCode
	c.body, c.err = io.ReadAll(res.Body)
	_ = res.Body.Close()
	c.done = c.err == nil
	res.Body = io.NopCloser(bytes.NewReader(c.body))
	return res, c.err
}

// result decodes the envelope's result into target. Null, a missing result and one of another type are outages: they
// never mean that nothing is there.
func (c *call) result(env envelope, target any, expected string) error {
	if isNull(env.Result) || json.Unmarshal(env.Result, target) != nil {
		return c.unexpected(expected)
	}
	return nil
}

// unexpected is the outage of an answer that is JSON, but not what was asked for.
func (c *call) unexpected(expected string) error {
	e := c.outage(fmt.Sprintf("HTTP %d with something else than %s", c.status, expected), nil)
	e.InDoubt, e.Answered = c.write, true
	return e
}

func (c *call) outage(reason string, err error) *operator.OutageError {
	return &operator.OutageError{Operator: name, Action: c.action, Reason: reason, Err: err}
}

func (c *call) refusal(kind operator.RefusalKind, format string, args ...any) *operator.RefusalError {
	return &operator.RefusalError{Operator: name, Action: c.action, Kind: kind, Message: fmt.Sprintf(format, args...)}
}

func isNull(raw json.RawMessage) bool {
	trimmed := bytes.TrimSpace(raw)
	return len(trimmed) == 0 || bytes.Equal(trimmed, []byte("null"))
}
