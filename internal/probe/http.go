package probe

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// HTTP asks one URL.
type HTTP struct {
	// URL is http or https.
	URL string

	// Method is GET when empty.
	Method string

	// Headers are sent as they are; "Host" sets the Host header. A redirect to another host does not get them.
	Headers map[string]string

	// ExpectedStatus lists codes and ranges, such as "200-299" (the default) and "304".
	ExpectedStatus []string

	// BodyContains and BodyRegex look at the first 1 MiB of the body, an expression that is costly to match at less.
	// Empty: nothing is read.
	BodyContains string
	BodyRegex    string

	// ConnectTo ("host", "host:port" or an address) is where the connection goes, while URL, Host header and SNI stay.
	ConnectTo string

	// FollowRedirects asks for at most ten; otherwise a 3xx is judged by ExpectedStatus.
	FollowRedirects bool

	// IPVersion is 4 or 6. 0: IPv4 if the name has such an address, else IPv6.
	IPVersion int

	// CACertPEM replaces the system's roots.
	CACertPEM string

	// Now is the clock for certificates; time.Now when nil.
	Now func() time.Time
}

// Host is the name or address that the probe connects to, for GuardLoop.
func (c HTTP) Host() string {
	if c.ConnectTo != "" {
		return hostOf(c.ConnectTo)
	}
	u, err := url.Parse(c.URL)
	if err != nil {
		return ""
	}
	host, err := asciiHost(u.Hostname())
	if err != nil {
		return ""
	}
	return host
}

type httpProber struct {
	config  HTTP
	url     *url.URL
	from    endpoint // host and port of the URL
	to      endpoint // of connect_to
	status  statuses
	pattern pattern
	roots   *x509.CertPool
	now     func() time.Time
}

// NewHTTP checks the question. Errors are of type *ConfigError.
func NewHTTP(c HTTP) (Prober, error) {
	p := &httpProber{config: c, now: orNow(c.Now)}
	p.config.Headers = maps.Clone(c.Headers)
	if p.config.Method == "" {
		p.config.Method = http.MethodGet
	}
	var err error
	if p.url, p.from, err = parseURL(c.URL); err != nil {
		return nil, &ConfigError{"url", err.Error()}
	}
	if p.status, err = parseStatuses(c.ExpectedStatus); err != nil {
		return nil, &ConfigError{"expected_status", err.Error() + "."}
	}
	if p.pattern, err = parsePattern(c.BodyRegex); err != nil {
		return nil, &ConfigError{"body_regex", err.Error() + "."}
	}
	if err := p.checkBodyQuestion(); err != nil {
		return nil, err
	}
	if c.ConnectTo != "" {
		if p.to, err = parseEndpoint(c.ConnectTo); err != nil {
			return nil, &ConfigError{"connect_to", err.Error() + `. Write "host", "host:port" or an address.`}
		}
	}
	if err := p.checkVersion(); err != nil {
		return nil, err
	}
	if p.roots, err = parseRoots(c.CACertPEM); err != nil {
		return nil, err
	}
	// NewRequest knows what a method may be; headers are checked when they are written, which is too late.
	if _, err := http.NewRequestWithContext(context.Background(), p.config.Method, p.url.String(), nil); err != nil {
		return nil, &ConfigError{"method", fmt.Sprintf("%q is not an HTTP method.", c.Method)}
	}
	for name, value := range c.Headers {
		if !isToken(name) || strings.ContainsAny(value, "\r\n\x00") {
			return nil, &ConfigError{"headers", fmt.Sprintf("%q is not a header that can be sent.", name)}
		}
	}
	return p, nil
}

// checkVersion refuses an address of the other family than the one asked for.
func (p *httpProber) checkVersion() error {
	version := p.config.IPVersion
	if version != 0 && version != 4 && version != 6 {
		return &ConfigError{"ip_version", fmt.Sprintf("%d is neither 4 nor 6.", version)}
	}
	host := p.from.host
	if p.config.ConnectTo != "" {
		host = p.to.host
	}
	if ip := net.ParseIP(host); ip != nil && version != 0 && (ip.To4() != nil) != (version == 4) {
		return &ConfigError{"ip_version", fmt.Sprintf("%s is not an IPv%d address.", host, version)}
	}
	return nil
}

func parseURL(s string) (*url.URL, endpoint, error) {
	u, err := url.Parse(s)
	if err != nil {
		return nil, endpoint{}, errors.New(`not a URL. Write "https://host/path"`) // the error would show it whole
	}
	port := map[string]string{"http": "80", "https": "443"}[u.Scheme]
	if port == "" || u.Host == "" {
		return nil, endpoint{}, errors.New(`not an http or https URL. Write "https://host/path"`)
	}
	to, err := parseEndpoint(u.Host)
	if err != nil {
		return nil, endpoint{}, err
	}
	if to.port == "" {
		to.port = port
		u.Host = strings.TrimSuffix(net.JoinHostPort(to.host, ""), ":")
		return u, to, nil
	}
	u.Host = to.String()
	return u, to, nil
}

// parseRoots reads ca_cert_pem; nil stands for the system's roots.
func parseRoots(pem string) (*x509.CertPool, error) {
	if pem == "" {
		return nil, nil
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM([]byte(pem)) {
		return nil, &ConfigError{"ca_cert_pem", `there is no certificate in it. It begins with "-----BEGIN CERTIFICATE-----".`}
	}
	return roots, nil
}

// isToken reports whether s can be the name of a header (RFC 9110 section 5.6.2).
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	})
}

func orNow(now func() time.Time) func() time.Time {
	if now == nil {
		return time.Now
	}
	return now
}
