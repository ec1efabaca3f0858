package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"codeberg.org/miekg/dns"
	"codeberg.org/miekg/dns/dnsconf"
)

const (
	// serverPatience is for one resolver, before the next one is asked; GuardLoop's context bounds the whole.
	serverPatience = 2 * time.Second

	// maxChain bounds the questions for one chain; resolvers give up at about as many aliases.
	maxChain = 16
)

// SystemResolver asks the resolvers of /etc/resolv.conf itself, because Go's own resolver hides the aliases between a
// name and its address. Names are taken as absolute; the search list is not applied.
func SystemResolver() Resolver { return fileResolver{"/etc/resolv.conf"} }

type fileResolver struct{ path string }

func (r fileResolver) Chain(ctx context.Context, name string) ([]string, error) {
	config, err := dnsconf.FromFile(r.path)
	if err != nil {
		return nil, fmt.Errorf("read the system's resolvers: %w", err)
	}
	var servers serverResolver
	for _, host := range config.Servers {
		servers = append(servers, net.JoinHostPort(host, config.Port))
	}
	return servers.Chain(ctx, name)
}

// serverResolver asks the servers ("address:port") in their order; the first that answers counts.
type serverResolver []string

func (r serverResolver) Chain(ctx context.Context, name string) ([]string, error) {
	var chain []string
	seen := []string{strings.ToLower(dnsFqdn(name))}
	for range maxChain {
		answer, err := r.ask(ctx, seen[len(seen)-1])
		if err != nil {
			return chain, err
		}
		next := aliases(answer, seen[len(seen)-1])
		next = slices.DeleteFunc(next, func(n string) bool { return slices.Contains(seen, n) })
		if len(next) == 0 {
			return chain, nil
		}
		seen = append(seen, next...)
		chain = append(chain, next...)
		// A resolver gives the whole chain with the addresses at its end; an authoritative server only its own part.
		if slices.ContainsFunc(answer.Answer, func(rr dns.RR) bool { return dns.RRToType(rr) == dns.TypeA }) {
			return chain, nil
		}
	}
	return chain, nil
}

// ask asks for the A RRset, as the probe does: it is the question to which the whole chain is the answer.
func (r serverResolver) ask(ctx context.Context, name string) (*dns.Msg, error) {
	errs := []error{errors.New("no resolver answers")}
	for _, server := range r {
		answer, err := askServer(ctx, server, name)
		if err == nil && (answer.Rcode == dns.RcodeSuccess || answer.Rcode == dns.RcodeNameError) {
			return answer, nil
		}
		if err == nil {
			err = fmt.Errorf("rcode %d", answer.Rcode)
		}
		errs = append(errs, fmt.Errorf("ask %s: %w", server, err))
	}
	return nil, errors.Join(errs...)
}

func askServer(ctx context.Context, server, name string) (*dns.Msg, error) {
	to, err := parseEndpoint(server)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, serverPatience)
	defer cancel()
	return dnsProber{server: to, name: name, typ: dns.TypeA}.ask(ctx, begin())
}

// aliases follows the CNAME records of one answer from name on, in whatever order they are, and once around a circle at
// most.
func aliases(answer *dns.Msg, name string) []string {
	targets := map[string]string{}
	for _, rr := range answer.Answer {
		if c, ok := rr.(*dns.CNAME); ok {
			targets[strings.ToLower(c.Hdr.Name)] = strings.ToLower(c.Target)
		}
	}
	var chain []string
	for target, ok := targets[name]; ok && target != name && !slices.Contains(chain, target); target, ok = targets[target] {
		chain = append(chain, target)
	}
	return chain
}

func dnsFqdn(name string) string { return strings.TrimSuffix(name, ".") + "." }
