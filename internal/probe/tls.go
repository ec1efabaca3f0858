package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"time"
)

// TLS asks whether a handshake succeeds with a certificate that verifies and lasts.
type TLS struct {
	// Address is "host:port".
	Address string

	// ServerName is what the certificate must be for, and the SNI; the host of Address when empty.
	ServerName string

	// MinimumDaysValid is how long the certificate must still last, in days of 24 hours.
	MinimumDaysValid int

	// CACertPEM replaces the system's roots.
	CACertPEM string

	// Now is the clock for certificates; time.Now when nil.
	Now func() time.Time
}

// Host is the name or address that the probe connects to, for GuardLoop.
func (c TLS) Host() string { return hostOf(c.Address) }

type tlsProber struct {
	to      endpoint
	name    string
	minimum int
	roots   *x509.CertPool
	now     func() time.Time
}

// NewTLS checks the question. Errors are of type *ConfigError.
func NewTLS(c TLS) (Prober, error) {
	to, err := parseAddress(c.Address)
	if err != nil {
		return nil, err
	}
	name := to.host
	if c.ServerName != "" {
		if name, err = asciiHost(c.ServerName); err != nil {
			return nil, &ConfigError{"server_name", err.Error() + "."}
		}
	}
	if c.MinimumDaysValid < 0 {
		return nil, &ConfigError{"minimum_days_valid", fmt.Sprintf("%d is negative; use 0 or more.", c.MinimumDaysValid)}
	}
	roots, err := parseRoots(c.CACertPEM)
	if err != nil {
		return nil, err
	}
	return tlsProber{to, name, c.MinimumDaysValid, roots, orNow(c.Now)}, nil
}

func (p tlsProber) Probe(ctx context.Context) Result {
	a := begin()
	raw, err := dialer{note: a}.dial(ctx, "tcp", p.to)
	if err != nil {
		return a.end(false, explain(ctx, err, a.dialled(), p.now()))
	}
	defer func() { _ = raw.Close() }()
	conn := tls.Client(raw, &tls.Config{ServerName: p.name, RootCAs: p.roots, Time: p.now, MinVersion: tls.VersionTLS12})
	if err := conn.HandshakeContext(ctx); err != nil {
		return a.end(false, explain(ctx, err, a.dialled(), p.now()))
	}
	end := conn.ConnectionState().PeerCertificates[0].NotAfter
	last := end.UTC().Format(time.DateOnly)
	left := end.Sub(p.now())
	if left < time.Duration(p.minimum)*24*time.Hour {
		return a.end(false, fmt.Sprintf("certificate expires on %s, in %d days, at least %d are required",
			last, int(left/(24*time.Hour)), p.minimum))
	}
	return a.end(true, "certificate is valid until "+last)
}
