package httpapi

import (
	"context"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// contact is how far an exchange got: whether the request can have reached the service. What it was refused with
// afterwards does not tell: a broken TLS record comes before the request as well as after it.
type contact struct {
	asked     atomic.Bool // the carrier tells how far it is
	connected atomic.Bool
}

// begin bounds an exchange: connecting by one time-out, all of it by the time that its work takes, where that is longer
// ([WithWork]).
func (c *contact) begin(parent context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	ctx, end := context.WithTimeoutCause(parent, max(timeout, workOf(parent)), errSilent)
	ctx, giveUp := context.WithCancelCause(ctx)
	connecting := time.AfterFunc(timeout, func() { giveUp(errSilent) })
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { c.asked.Store(true) },
		// From here on the request is being written, by another goroutine.
		GotConn: func(httptrace.GotConnInfo) {
			c.connected.Store(true)
			if workOf(parent) > timeout {
				connecting.Stop()
			}
		},
	})
	return ctx, func() {
		connecting.Stop()
		giveUp(nil)
		end()
	}
}

// sent reports whether the request may have left this machine. A carrier that tells nothing may have sent it.
func (c *contact) sent() bool { return c.connected.Load() || !c.asked.Load() }

type workKey struct{}

// WithWork tells that the service needs up to d for the requests that are made under the returned context, because of
// what they ask for. One exchange may then take so long, where that is more than its usual time-out. Connecting may
// not: a service that is not there is given up as early as ever.
func WithWork(ctx context.Context, d time.Duration) context.Context {
	return context.WithValue(ctx, workKey{}, d)
}

func workOf(ctx context.Context) time.Duration {
	d, _ := ctx.Value(workKey{}).(time.Duration)
	return d
}
