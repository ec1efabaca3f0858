package probe

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Resolver tells which aliases a name goes through.
type Resolver interface {
	// Chain returns the targets of the CNAME records that lead on from name, in their order, without name itself. With
	// an error it returns as much of them as it saw.
	Chain(ctx context.Context, name string) ([]string, error)
}

// GuardLoop returns a *ConfigError on "not_via" if host, the name that a probe connects to, is one of the names of
// notVia or an alias that leads through one. A probe that connects through the router which it drives sees the second
// target as soon as the router points there, and the first target looks well again: the router flaps.
//
// Addresses and localhost pass. A chain that cannot be looked up is no error: the guard is about the configuration, and
// an outage of the resolver must not stop the plan. ctx bounds the look-up.
func GuardLoop(ctx context.Context, resolver Resolver, host string, notVia []string) error {
	forbidden, err := asciiHosts(notVia)
	if err != nil {
		return err
	}
	first, _ := asciiHost(host) // a host that is no name has been refused where it was written
	if len(forbidden) == 0 || !isAlias(first) {
		return nil
	}
	chain := []string{first}
	if !slices.Contains(forbidden, first) {
		rest, _ := resolver.Chain(ctx, first) // see above
		for _, name := range rest {
			chain = append(chain, strings.ToLower(strings.TrimSuffix(name, ".")))
		}
	}
	at := slices.IndexFunc(chain, func(name string) bool { return slices.Contains(forbidden, name) })
	if at < 0 {
		return nil
	}
	return &ConfigError{"not_via", loopMessage(chain, at)}
}

// ValidateNotVia returns a *ConfigError for the first name of not_via that is none.
func ValidateNotVia(names []string) error {
	_, err := asciiHosts(names)
	return err
}

func asciiHosts(notVia []string) ([]string, error) {
	var hosts []string
	for i, name := range notVia {
		ascii, err := asciiHost(name)
		if err != nil {
			return nil, &ConfigError{fmt.Sprintf("not_via[%d]", i), err.Error() + `. Write it in full, such as "web-router.example.com".`}
		}
		hosts = append(hosts, ascii)
	}
	return hosts, nil
}

// isAlias reports whether host is a name which may lead somewhere else.
func isAlias(host string) bool {
	_, notAddress := netip.ParseAddr(host)
	return host != "" && notAddress != nil && host != "localhost" && !strings.HasSuffix(host, ".localhost")
}

// loopMessage says through what the chain leads, and what to write instead.
func loopMessage(chain []string, at int) string {
	var text strings.Builder
	fmt.Fprintf(&text, "The probe connects to %s", chain[0])
	if at > 0 {
		fmt.Fprintf(&text, ", which leads through %s (%s)", chain[at], printable(strings.Join(chain[:at+1], " -> ")))
	}
	text.WriteString(", so it sees whatever that points to today and not the one target that it is about. " +
		"Set connect_to to the target's own name or address (a tcp or tls probe: address; a dns probe: server)")
	if at+1 < len(chain) {
		fmt.Fprintf(&text, "; today %s points to %s", chain[at], printable(chain[at+1]))
	}
	text.WriteString(".")
	return text.String()
}
