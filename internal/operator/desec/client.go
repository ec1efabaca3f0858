package desec

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/httpapi"
)

const (
	name           = "desec"
	defaultBaseURL = "https://desec.io/api/v1"
)

// Config says how to reach deSEC.
type Config struct {
	// Token is the secret of an API token. Its shape is not checked beyond what a header can carry: older secrets look
	// different from today's (design/facts/desec-api.md section 1).
	Token string
	// BaseURL is https, or http to a loopback address. Empty: deSEC's own.
	BaseURL string
	// Timeout bounds one HTTP exchange. 0: 10 s.
	Timeout time.Duration
	// MaxWait bounds what one call may spend waiting. 0: 60 s; negative: none.
	MaxWait time.Duration
	// UserAgent names the caller to deSEC.
	UserAgent string
}

// Client is deSEC as an [operator.Operator].
type Client struct {
	base      *url.URL
	transport *httpapi.Transport
	token     string
	userAgent string
}

var (
	_ operator.Operator         = (*Client)(nil)
	_ operator.EmptyZoneChecker = (*Client)(nil)
	_ operator.KeyChecker       = (*Client)(nil)
)

// New returns a Client. It makes no request. The error names what is wrong with the configuration and never holds the
// token.
func New(c Config) (*Client, error) { return newClient(c, nil) }

// newClient has its exchanges carried by carrier, if that is not nil.
func newClient(c Config, carrier http.RoundTripper) (*Client, error) {
	base, err := httpapi.ParseBaseURL(cmp.Or(c.BaseURL, defaultBaseURL))
	if err := cmp.Or(err, httpapi.CheckToken(c.Token)); err != nil {
		return nil, fmt.Errorf("desec: %w", err)
	}
	transport := httpapi.New(httpapi.Config{
		Operator: name, BaseURL: base,
		Timeout: cmp.Or(c.Timeout, httpapi.DefaultTimeout), MaxWait: max(0, cmp.Or(c.MaxWait, httpapi.DefaultMaxWait)),
		Pace: newPacer(base).windows, Classify: classify, Base: carrier,
	})
	return &Client{base: base, transport: transport, token: c.Token, userAgent: c.UserAgent}, nil
}

// Name is "desec".
func (c *Client) Name() string { return name }

// Effective is want: deSEC stores what it is given, or refuses it.
func (c *Client) Effective(want operator.RRset) operator.RRset { return want }

// domainURL is where the domain is; every path of the API ends in a slash, and without it a write is redirected and
// turned into a read (design/facts/desec-api.md section 1).
func (c *Client) domainURL(zone string) *url.URL {
	return c.base.JoinPath("domains", url.PathEscape(domainName(zone)), "/")
}

func (c *Client) rrsetsURL(zone string) *url.URL {
	return c.domainURL(zone).JoinPath("rrsets", "/")
}

// domainName is the zone in the spelling of the API: no final dot (design/facts/desec-api.md section 2).
func domainName(zone string) string {
	return strings.TrimSuffix(zone, ".")
}

// call carries out one call and returns the whole answer. action is what an error says was tried.
func (c *Client) call(ctx context.Context, action, method string, at *url.URL, body any) (httpapi.Answer, error) {
	var content io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return httpapi.Answer{}, fmt.Errorf("desec: %s: encode the request: %w", action, err)
		}
		content = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, method, at.String(), content)
	if err != nil {
		return httpapi.Answer{}, fmt.Errorf("desec: %s: %w", action, err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Authorization", "Token "+c.token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.userAgent != "" {
		req.Header.Set("User-Agent", c.userAgent)
	}
	// The transport is asked without an http.Client around it, which would follow redirects and put the whole URL in
	// front of every error.
	res, err := c.transport.RoundTrip(req)
	if err != nil {
		return httpapi.Answer{}, httpapi.Acting(err, name, action)
	}
	defer func() { _ = res.Body.Close() }()
	whole, err := io.ReadAll(res.Body)
	if err != nil {
		return httpapi.Answer{}, fmt.Errorf("desec: %s: %w", action, err)
	}
	return httpapi.Answer{Status: res.StatusCode, Header: res.Header, Body: whole}, nil
}

// unexpected is the outage of an answer that is JSON, but not what was asked for: what deSEC holds is then unknown.
func unexpected(action string, status int, expected string, write bool) *operator.OutageError {
	return &operator.OutageError{
		Operator: name, Action: action, InDoubt: write, Answered: true,
		Reason: fmt.Sprintf("HTTP %d with something else than %s", status, expected),
	}
}
