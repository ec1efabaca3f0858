package provider

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/delegation"
	"github.com/multidns/terraform-provider-multidns/internal/dependency"
	"github.com/multidns/terraform-provider-multidns/internal/dependency/walk"
)

const dnsPort = 53

// parseServer reads the address of a name server, with or without a port.
func parseServer(text string) (netip.AddrPort, error) {
	addr, ok := addressOf(text, dnsPort)
	if !ok {
		return addr, fmt.Errorf("%q is not the address of a name server. Write one such as \"192.0.2.1\" or \"192.0.2.1:53\"", text)
	}
	return addr, nil
}

// addressOf reads an address with a port, or with this one.
func addressOf(text string, port uint16) (server netip.AddrPort, ok bool) {
	server, err := netip.ParseAddrPort(text)
	if err != nil {
		var addr netip.Addr
		addr, err = netip.ParseAddr(strings.Trim(text, "[]"))
		server = netip.AddrPortFrom(addr, port)
	}
	return netip.AddrPortFrom(server.Addr().Unmap(), server.Port()), err == nil
}

// parseRoots reads addresses, with a port or without.
func parseRoots(servers []string, port uint16) ([]netip.AddrPort, error) {
	var roots []netip.AddrPort
	for _, server := range servers {
		root, ok := addressOf(server, port)
		if !ok {
			return nil, fmt.Errorf("%q is not an address or address:port of a root server", server)
		}
		roots = append(roots, root)
	}
	return roots, nil
}

// walkTimeout is for a whole walk.
const walkTimeout = 10 * time.Second

// lookUp finds the addresses of hosts as a resolver would, from the root servers down: whatever resolver this machine
// is given may answer from another world than that in which the zone is delegated.
func lookUp(ctx context.Context, asker delegation.Asker, hosts []string) dependency.World {
	ctx, cancel := context.WithTimeout(ctx, walkTimeout)
	defer cancel()
	roots := asker.Roots
	if len(roots) == 0 {
		roots = delegation.Roots()
	}
	return walk.Walker{Roots: roots, Port: asker.Port}.Walk(ctx, hosts)
}
