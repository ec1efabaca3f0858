package delegation

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"codeberg.org/miekg/dns"
	"codeberg.org/miekg/dns/dnsutil"

	"github.com/multidns/terraform-provider-multidns/internal/exchange"
)

// head is how long a server may think before the next is asked beside it.
const head = 300 * time.Millisecond

var errLate = errors.New("no name server answered in time")

// reply is an answer and who gave it.
type reply struct {
	*dns.Msg
	server netip.AddrPort
}

// askAny asks the servers, one after the other with a small head start, and returns the first usable answer. The error
// is that of the last server.
func askAny(ctx context.Context, servers []netip.AddrPort, name string, typ uint16, usable func(*dns.Msg) bool) (reply, error) {
	if len(servers) == 0 {
		return reply{}, errors.New("no name server with an address")
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type result struct {
		reply
		err error
	}
	results := make(chan result, len(servers))
	start := func(server netip.AddrPort) {
		answer, err := ask(ctx, server, name, typ)
		if err == nil && !usable(answer) {
			err = fmt.Errorf("the name server %s gave neither an authoritative answer nor a referral, as a resolver that answers in its place does", server.Addr())
		}
		results <- result{reply{answer, server}, err}
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	asked, answered := 0, 0
	for {
		select {
		case <-timer.C:
			if asked < len(servers) {
				go start(servers[asked])
				asked++
				timer.Reset(head)
			}
		case r := <-results:
			if r.err == nil {
				return r.reply, nil
			}
			if ctx.Err() != nil {
				// The end of ctx breaks off what is under way, and which of the two shows first is chance.
				return reply{}, errLate
			}
			if answered++; answered == len(servers) {
				return reply{}, r.err
			}
			timer.Reset(0)
		case <-ctx.Done():
			return reply{}, errLate
		}
	}
}

// ask asks one server and accepts an answer only.
func ask(ctx context.Context, server netip.AddrPort, name string, typ uint16) (*dns.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, exchange.Patience)
	defer cancel()
	answer, err := exchange.Ask(ctx, server, exchange.Question{Name: name, Type: typ})
	switch {
	case errors.Is(err, exchange.ErrAnotherQuestion):
		return nil, fmt.Errorf("the name server %s answered another question", server.Addr())
	case err != nil:
		return nil, fmt.Errorf("the name server %s did not answer", server.Addr())
	}
	if rcode := answer.Rcode; rcode != dns.RcodeSuccess && rcode != dns.RcodeNameError {
		return nil, fmt.Errorf("the name server %s answered %s", server.Addr(), dnsutil.RcodeToString(rcode))
	}
	return answer, nil
}
