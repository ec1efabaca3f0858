package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// endpoint is where a connection goes. port is empty when it was left to the context.
type endpoint struct {
	host string // an address, or a name in ASCII
	port string
}

func (e endpoint) String() string { return net.JoinHostPort(e.host, e.port) }

// parseEndpoint accepts "host", "host:port", an IPv4 or IPv6 address, and "[IPv6]:port".
func parseEndpoint(s string) (endpoint, error) {
	bare := s
	if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") {
		bare = s[1 : len(s)-1]
	}
	if addr, err := netip.ParseAddr(bare); err == nil {
		return endpoint{host: addr.String()}, nil
	}
	host, port := s, ""
	if strings.Contains(s, ":") {
		var err error
		if host, port, err = net.SplitHostPort(s); err != nil {
			return endpoint{}, fmt.Errorf("%q is not host:port", s)
		}
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return endpoint{}, fmt.Errorf("%q is not a port; use 1 to 65535", port)
		}
	}
	host, err := asciiHost(host)
	if err != nil {
		return endpoint{}, err
	}
	return endpoint{host, port}, nil
}

// hostNames maps what people write to A-labels (RFC 5891 section 4.4). Underscores are allowed, because names with them
// exist and resolve.
var hostNames = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))

// asciiHost returns an address as it is, and a name in lower-case A-labels without the final dot.
func asciiHost(host string) (string, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.String(), nil
	}
	return asciiName(host, "-_")
}

// asciiName returns a name in lower-case A-labels without the final dot. Beside letters and digits, a label may hold
// what is in marks.
func asciiName(s, marks string) (string, error) {
	name, err := hostNames.ToASCII(strings.TrimSuffix(s, "."))
	if err != nil || !utf8.ValidString(s) {
		return "", fmt.Errorf("%q is not a host name", s)
	}
	name = strings.ToLower(name)
	if name == "" || len(name) > 253 {
		return "", fmt.Errorf("%q is not a host name", s)
	}
	for label := range strings.SplitSeq(name, ".") {
		bad := strings.ContainsFunc(label, func(r rune) bool {
			return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune(marks, r)
		})
		if label == "" || len(label) > 63 || bad {
			return "", fmt.Errorf("%q is not a host name", s)
		}
	}
	return name, nil
}

// dialer makes the one connection of an attempt and notes where it went.
type dialer struct {
	version int // 4 or 6; 0: IPv4 if the name has such an address, else IPv6
	note    *attempt
}

func (d dialer) dial(ctx context.Context, network string, to endpoint) (net.Conn, error) {
	remote, err := d.address(ctx, to)
	if err != nil {
		return nil, err
	}
	// A literal address leaves the dialer nothing to choose, so there is one connection and no other.
	return (&net.Dialer{KeepAlive: -1}).DialContext(ctx, network, remote.String())
}

// address is where the connection goes.
func (d dialer) address(ctx context.Context, to endpoint) (netip.AddrPort, error) {
	addr, err := d.resolve(ctx, to.host)
	if err != nil {
		return netip.AddrPort{}, err
	}
	port, err := strconv.ParseUint(to.port, 10, 16)
	if err != nil {
		return netip.AddrPort{}, err
	}
	remote := netip.AddrPortFrom(addr, uint16(port))
	d.note.remote.Store(remote.String())
	return remote, nil
}

// resolve returns the one address that the attempt goes to: the first of the wanted family. IPv4 comes first when
// nobody chose, and not the order of RFC 6724, because many runners have no IPv6 and the same question should get the
// same answer on all of them.
func (d dialer) resolve(ctx context.Context, host string) (netip.Addr, error) {
	var addrs []netip.Addr
	if addr, err := netip.ParseAddr(host); err == nil {
		addrs = []netip.Addr{addr}
	} else if addrs, err = net.DefaultResolver.LookupNetIP(ctx, "ip", host); err != nil {
		return netip.Addr{}, lookupFailure(ctx, host, err)
	}
	if addr, ok := choose(addrs, d.version); ok {
		return addr, nil
	}
	if d.version == 0 {
		return netip.Addr{}, failure(fmt.Sprintf("name %s does not resolve", host))
	}
	return netip.Addr{}, failure(fmt.Sprintf("name %s has no IPv%d address", host, d.version))
}

// choose returns the first address of that version; 0 takes IPv4 before IPv6.
func choose(addrs []netip.Addr, version int) (netip.Addr, bool) {
	for _, v := range []int{4, 6} {
		if version != 0 && version != v {
			continue
		}
		for _, addr := range addrs {
			if addr = addr.Unmap(); addr.Is4() == (v == 4) {
				return addr, true
			}
		}
	}
	return netip.Addr{}, false
}

func lookupFailure(ctx context.Context, host string, err error) failure {
	text := fmt.Sprintf("name %s does not resolve", host)
	dnsErr, ok := errors.AsType[*net.DNSError](err)
	switch {
	case isTimeout(err):
		return failure(text + ": " + noAnswer(ctx))
	case ok && dnsErr.IsNotFound:
		return failure(text)
	case ok:
		return failure(text + ": " + dnsErr.Err)
	default:
		return failure(text + ": " + err.Error())
	}
}

type timeoutKey struct{}

// withPatience bounds one attempt, and remembers the bound for the words of a time-out.
func withPatience(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithValue(ctx, timeoutKey{}, d), d)
}
