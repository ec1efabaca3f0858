package probe

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"strings"
)

// maxRedirects is what Go's own client allows.
const maxRedirects = 10

func (p *httpProber) Probe(ctx context.Context) Result {
	a := begin()
	transport := p.transport(ctx, a)
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, CheckRedirect: p.redirect}

	req, err := http.NewRequestWithContext(ctx, p.config.Method, p.url.String(), nil)
	if err != nil {
		return a.end(false, "request cannot be made: "+err.Error())
	}
	req.Header.Set("User-Agent", "multidns-probe")
	for name, value := range p.config.Headers {
		if strings.EqualFold(name, "Host") {
			req.Host = value
			continue
		}
		req.Header.Set(name, value)
	}
	resp, err := client.Do(req)
	if resp != nil { // a refused redirect gives both
		a.result.StatusCode = resp.StatusCode
		defer func() { _ = resp.Body.Close() }()
	}
	if err != nil {
		return a.end(false, explain(ctx, err, a.dialled(), p.now()))
	}
	if !p.status.contains(resp.StatusCode) {
		return a.end(false, fmt.Sprintf("status %d, expected %s", resp.StatusCode, p.status))
	}
	if reason := p.judgeBody(ctx, resp.Body, a.dialled()); reason != "" {
		return a.end(false, reason)
	}
	return a.end(true, fmt.Sprintf("status %d", resp.StatusCode))
}

// transport is made anew for each attempt, so that no connection is used twice. HTTP/2 stays off: it sends a refused
// stream again by itself. Connections are made with the context of the attempt, because that of net/http can outlive
// the request.
func (p *httpProber) transport(ctx context.Context, a *attempt) *http.Transport {
	return &http.Transport{
		Proxy: nil, // see the package comment
		DialContext: func(_ context.Context, network, address string) (net.Conn, error) {
			host, port, err := net.SplitHostPort(address)
			if err != nil {
				return nil, err
			}
			return dialer{p.config.IPVersion, a}.dial(ctx, network, p.reroute(endpoint{host, port}))
		},
		DisableCompression:     true, // the limit is on what is sent
		DisableKeepAlives:      true,
		MaxResponseHeaderBytes: bodyLimit,
		TLSClientConfig:        &tls.Config{RootCAs: p.roots, Time: p.now, MinVersion: tls.VersionTLS12},
	}
}

// reroute applies connect_to. It is about the host of the URL: a redirect elsewhere goes elsewhere, one to another port
// of the same host keeps that port.
func (p *httpProber) reroute(to endpoint) endpoint {
	if p.config.ConnectTo == "" || !strings.EqualFold(to.host, p.from.host) {
		return to
	}
	if p.to.port != "" && to.port == p.from.port {
		return p.to
	}
	return endpoint{p.to.host, to.port}
}

func (p *httpProber) redirect(req *http.Request, via []*http.Request) error {
	if !p.config.FollowRedirects {
		return http.ErrUseLastResponse
	}
	if len(via) > maxRedirects {
		return failure(fmt.Sprintf("more than %d redirects", maxRedirects))
	}
	// It would be the whole URL, and what is in that may be a key.
	req.Header.Del("Referer")
	// Go itself holds back Authorization and Cookie only, and sends even those in the clear; any header may be a key.
	inTheClear := p.url.Scheme == "https" && req.URL.Scheme == "http"
	if req.URL.Host != p.url.Host || inTheClear {
		for name := range p.config.Headers {
			req.Header.Del(name)
		}
		return nil
	}
	for name, value := range p.config.Headers {
		if strings.EqualFold(name, "Referer") {
			req.Header.Set(name, value)
		}
	}
	return nil
}
