package walk

import (
	"cmp"
	"context"
	"errors"
	"syscall"

	"github.com/multidns/terraform-provider-multidns/internal/dependency"
	"github.com/multidns/terraform-provider-multidns/internal/exchange"
)

// exchange asks, beside the loop.
func (k *walk) exchange(q question) reply {
	ask := k.Ask
	if ask == nil {
		ask = exchange.Ask
	}
	ctx, cancel := context.WithTimeout(k.ctx, cmp.Or(k.Patience, exchange.Patience))
	defer cancel()
	m, err := ask(ctx, q.server, exchange.Question{Name: q.name, Type: uint16(q.typ)})
	switch {
	case err == nil:
		return reply{message: m}
	case k.ctx.Err() != nil: // cut short: nothing is known that was not before
		return reply{failure: dependency.Answer{Kind: dependency.Unasked}, late: true}
	default:
		return reply{failure: failed(err)}
	}
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
