package walk

import (
	"context"
	"errors"
	"syscall"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/dependency"
	"github.com/multidns/terraform-provider-multidns/internal/exchange"
)

// exchange asks, and repeats a question to which nothing came: a datagram can be lost. It runs beside the loop.
func (k *walk) exchange(q question) reply {
	ask := k.Ask
	if ask == nil {
		ask = exchange.Ask
	}
	patience := k.Patience
	if len(patience) == 0 {
		patience = []time.Duration{time.Second, 2 * time.Second}
	}
	failure := dependency.Answer{Kind: dependency.Unasked}
	for _, p := range patience {
		if k.ctx.Err() != nil {
			break
		}
		ctx, cancel := context.WithTimeout(k.ctx, p)
		m, err := ask(ctx, q.server, exchange.Question{Name: q.name, Type: uint16(q.typ)})
		cancel()
		if err == nil {
			return reply{message: m}
		}
		if k.ctx.Err() != nil { // cut short: nothing is known that was not before
			break
		}
		failure = failed(err)
		if !errors.Is(err, context.DeadlineExceeded) {
			break
		}
	}
	return reply{failure: failure, late: k.ctx.Err() != nil && failure.Kind == dependency.Unasked}
}

// failed says what an error means. No way from here says nothing about the server.
func failed(err error) dependency.Answer {
	if exchange.NoWay(err) {
		return dependency.Answer{Kind: dependency.Unasked}
	}
	for _, stray := range []error{exchange.ErrNotDNS, exchange.ErrNoQuestion, exchange.ErrAnotherQuestion} {
		if errors.Is(err, stray) {
			return dependency.Answer{Kind: dependency.Silent, Said: "gives no answer to the question"}
		}
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return dependency.Answer{Kind: dependency.Silent, Said: "does not answer"}
	case errors.Is(err, syscall.ECONNREFUSED):
		return dependency.Answer{Kind: dependency.Silent, Said: "refuses the connection"}
	default:
		return dependency.Answer{Kind: dependency.Silent, Said: "breaks the connection off"}
	}
}
