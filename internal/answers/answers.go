package answers

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"codeberg.org/miekg/dns"
	"codeberg.org/miekg/dns/dnsutil"

	"github.com/multidns/terraform-provider-multidns/internal/exchange"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// atOnce bounds the questions that are under way.
const atOnce = 32

// Server is one address of a name server.
type Server struct {
	Name string // as people call it
	Addr netip.AddrPort
}

func (s Server) String() string {
	return fmt.Sprintf("%s (%s)", strings.TrimSuffix(s.Name, "."), s.Addr.Addr())
}

// seen is what one server gave for one RRset over one transport.
type seen struct {
	server    Server
	transport string
	key       rrset.Key
	// One of them: why there is no answer, or why it is none of a name server of the zone, or what it holds.
	silent, lame, holds string
}

// Problems asks every server for every RRset and compares. The sentences stay the same while the cause does.
func Problems(ctx context.Context, servers []Server, keys []rrset.Key) []string {
	var all []seen
	for _, s := range servers {
		for _, k := range keys {
			for _, transport := range []string{exchange.UDP, exchange.TCP} {
				all = append(all, seen{server: s, transport: transport, key: k})
			}
		}
	}
	slots := make(chan struct{}, atOnce)
	var done sync.WaitGroup
	for i := range all {
		done.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			all[i].ask(ctx)
		})
	}
	done.Wait()
	return append(serverProblems(servers, all), differences(keys, all)...)
}

// ask fills in what the server gives.
func (s *seen) ask(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, exchange.Patience)
	defer cancel()
	question := exchange.Question{Name: dnsutil.Fqdn(s.key.Name), Type: dns.StringToType[s.key.Type]}
	ask := exchange.Ask
	if s.transport == exchange.TCP {
		ask = func(ctx context.Context, server netip.AddrPort, q exchange.Question) (*dns.Msg, error) {
			return exchange.Over(ctx, exchange.TCP, server, q)
		}
	}
	m, err := ask(ctx, s.server.Addr, question)
	switch {
	case exchange.NoWay(err):
		s.silent = "cannot be reached from here"
	case err != nil:
		s.silent = "is silent: it does not answer"
	case m.Rcode != dns.RcodeSuccess && m.Rcode != dns.RcodeNameError:
		s.lame = "answers " + dnsutil.RcodeToString(m.Rcode)
	case !m.Authoritative:
		s.lame = "answers without authority"
	default:
		s.holds = holds(m, question.Name, question.Type)
	}
}

// holds is the RRset in words, in one form of its meaning.
func holds(m *dns.Msg, name string, typ uint16) string {
	var values []string
	alias := ""
	for _, rr := range m.Answer {
		if !strings.EqualFold(rr.Header().Name, name) {
			continue
		}
		value := rr.Data().String()
		if canonical, err := rrset.Canonical(dns.TypeToString[dns.RRToType(rr)], value); err == nil {
			value = canonical
		}
		switch dns.RRToType(rr) {
		case typ:
			values = append(values, value)
		case dns.TypeCNAME:
			alias = "an alias to " + value
		}
	}
	slices.Sort(values)
	switch {
	case len(values) > 0:
		return strings.Join(values, ", ")
	case alias != "":
		return alias
	case m.Rcode == dns.RcodeNameError:
		return "no such name"
	default:
		return "no such record"
	}
}
