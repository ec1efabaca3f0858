package probe

import (
	"context"
	"fmt"
	"time"
)

// TCP asks whether a connection can be made.
type TCP struct {
	// Address is "host:port".
	Address string
}

// NewTCP checks the question. Errors are of type *ConfigError.
func NewTCP(c TCP) (Prober, error) {
	to, err := parseAddress(c.Address)
	if err != nil {
		return nil, err
	}
	return tcpProber{to}, nil
}

// Host is the name or address that the probe connects to, for GuardLoop.
func (c TCP) Host() string { return hostOf(c.Address) }

type tcpProber struct{ to endpoint }

func (p tcpProber) Probe(ctx context.Context) Result {
	a := begin()
	conn, err := dialer{note: a}.dial(ctx, "tcp", p.to)
	if err != nil {
		return a.end(false, explain(ctx, err, a.dialled(), time.Now()))
	}
	_ = conn.Close() // the verdict is there already
	return a.end(true, "connected")
}

// parseAddress reads the attribute "address" of the probes that have no default port.
func parseAddress(address string) (endpoint, error) {
	to, err := parseEndpoint(address)
	if err != nil {
		return endpoint{}, &ConfigError{"address", err.Error() + `. Write "host:port".`}
	}
	if to.port == "" {
		return endpoint{}, &ConfigError{"address", fmt.Sprintf(`%q has no port. Write "host:port".`, address)}
	}
	return to, nil
}

func hostOf(address string) string {
	to, err := parseEndpoint(address)
	if err != nil {
		return ""
	}
	return to.host
}
