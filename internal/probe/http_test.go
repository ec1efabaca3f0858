package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// ignoreLatency is for results of real connections.
var ignoreLatency = cmpopts.IgnoreFields(Result{}, "Latency")

// serve starts a front on 127.0.0.1 and returns its "address:port".
func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

// serveTLS does the same with a certificate.
func serveTLS(t *testing.T, config *tls.Config, handler http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewUnstartedServer(handler)
	s.TLS = config
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // it would tell of each refused handshake
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

// accept serves raw connections on 127.0.0.1.
func accept(t *testing.T, handle func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	t.Cleanup(func() { _ = l.Close(); group.Wait() })
	group.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			group.Go(func() { defer conn.Close(); handle(conn) })
		}
	})
	return l.Addr().String()
}

// closedPort returns an address where nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func mustHTTP(t *testing.T, c HTTP) Prober {
	t.Helper()
	p, err := NewHTTP(c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// status answers with the code that the path names, a body, and for 3xx a way to /200.
func status(w http.ResponseWriter, r *http.Request) {
	var code int
	if _, err := fmt.Sscanf(r.URL.Path, "/%d", &code); err != nil {
		code = http.StatusOK
	}
	if code/100 == 3 {
		w.Header().Set("Location", "/200")
	}
	w.WriteHeader(code)
	if code != http.StatusNotModified && code != http.StatusNoContent {
		fmt.Fprintf(w, `{"status":"ok","code":%d}`, code)
	}
}

func TestHTTP_Verdict(t *testing.T) {
	tests := []struct {
		name   string
		path   string
		config HTTP
		want   Result
	}{
		{"200", "/200", HTTP{}, Result{Success: true, Reason: "status 200", StatusCode: 200}},
		{"204", "/204", HTTP{}, Result{Success: true, Reason: "status 204", StatusCode: 204}},
		{"502", "/502", HTTP{}, Result{Reason: "status 502, expected 200-299", StatusCode: 502}},
		{"404 where it is expected", "/404", HTTP{ExpectedStatus: []string{"200-299", "404"}}, Result{Success: true, Reason: "status 404", StatusCode: 404}},
		{"list in the reason", "/500", HTTP{ExpectedStatus: []string{"200-299", "304"}},
			Result{Reason: "status 500, expected 200-299, 304", StatusCode: 500}},
		{"200 where another is expected", "/200", HTTP{ExpectedStatus: []string{"204"}}, Result{Reason: "status 200, expected 204", StatusCode: 200}},
		{"redirect is judged", "/301", HTTP{}, Result{Reason: "status 301, expected 200-299", StatusCode: 301}},
		{"redirect is expected", "/301", HTTP{ExpectedStatus: []string{"301"}}, Result{Success: true, Reason: "status 301", StatusCode: 301}},
		{"redirect is followed", "/301", HTTP{FollowRedirects: true}, Result{Success: true, Reason: "status 200", StatusCode: 200}},
		{"HEAD", "/200", HTTP{Method: "HEAD"}, Result{Success: true, Reason: "status 200", StatusCode: 200}},
		{"body contains", "/200", HTTP{BodyContains: `"status":"ok"`}, Result{Success: true, Reason: "status 200", StatusCode: 200}},
		{"body lacks", "/200", HTTP{BodyContains: "up"}, Result{Reason: `body does not contain "up"`, StatusCode: 200}},
		{"body matches", "/200", HTTP{BodyRegex: `"code":\d+`}, Result{Success: true, Reason: "status 200", StatusCode: 200}},
		{"body does not match", "/200", HTTP{BodyRegex: `^up`}, Result{Reason: `body does not match "^up"`, StatusCode: 200}},
		{"status comes before the body", "/503", HTTP{BodyContains: "up"}, Result{Reason: "status 503, expected 200-299", StatusCode: 503}},
		{"IPv4 on purpose", "/200", HTTP{IPVersion: 4}, Result{Success: true, Reason: "status 200", StatusCode: 200}},
	}
	address := serve(t, status)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.config.URL = "http://" + address + tt.path
			tt.want.RemoteAddress = address
			got := mustHTTP(t, tt.config).Probe(t.Context())
			if diff := cmp.Diff(tt.want, got, ignoreLatency); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestHTTP_Down(t *testing.T) {
	closed := closedPort(t)
	silent := accept(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	hangUp := accept(t, func(c net.Conn) { _, _ = c.Read(make([]byte, 1)) })
	noHTTP := accept(t, func(c net.Conn) {
		_, _ = io.WriteString(c, "220 mail.example.com ESMTP\r\n")
		_, _ = io.Copy(io.Discard, c)
	})
	short := accept(t, func(c net.Conn) {
		_, _ = c.Read(make([]byte, 4096))
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
	})
	plain := serve(t, status)
	loop := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path+"x", http.StatusFound) })
	slow := 40 * time.Millisecond // the tests of silence last that long

	tests := []struct {
		name   string
		config HTTP
		want   Result
	}{
		{"refused", HTTP{URL: "http://" + closed}, Result{Reason: "connect " + closed + ": refused", RemoteAddress: closed}},
		{"silent", HTTP{URL: "http://" + silent}, Result{Reason: "no answer within 40ms", RemoteAddress: silent}},
		{"silent, TLS", HTTP{URL: "https://" + silent}, Result{Reason: "no answer within 40ms", RemoteAddress: silent}},
		{"hangs up", HTTP{URL: "http://" + hangUp},
			Result{Reason: hangUp + " closed the connection without an answer", RemoteAddress: hangUp}},
		{"another protocol", HTTP{URL: "http://" + noHTTP}, Result{Reason: noHTTP + " does not speak HTTP", RemoteAddress: noHTTP}},
		{"no TLS", HTTP{URL: "https://" + plain}, Result{Reason: plain + " does not speak TLS", RemoteAddress: plain}},
		{"body breaks off", HTTP{URL: "http://" + short, BodyContains: "short"},
			Result{Reason: short + " closed the connection without an answer", RemoteAddress: short, StatusCode: 200}},
		{"redirects for ever", HTTP{URL: "http://" + loop + "/", FollowRedirects: true},
			Result{Reason: "more than 10 redirects", RemoteAddress: loop, StatusCode: 302}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			patience := 30 * time.Second
			if strings.HasPrefix(tt.name, "silent") {
				patience = slow
			}
			got := try(t.Context(), mustHTTP(t, tt.config), patience)
			if diff := cmp.Diff(tt.want, got, ignoreLatency); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestHTTP_NameDoesNotResolve(t *testing.T) {
	// RFC 6761 section 6.4: .invalid never exists, whoever is asked, and if nobody can be asked it does not resolve either.
	got := try(t.Context(), mustHTTP(t, HTTP{URL: "http://does-not-exist.invalid"}), 2*time.Second)
	if got.Success || !strings.HasPrefix(got.Reason, "name does-not-exist.invalid does not resolve") || got.RemoteAddress != "" {
		t.Errorf("got %+v", got)
	}
}

func TestHTTP_ConnectToKeepsHostAndSNI(t *testing.T) {
	a := newAuthority(t)
	server := a.issue(t, noon.AddDate(0, 0, -1), noon.AddDate(0, 0, 90), "www.example.com")
	var sni, host atomic.Value
	server.GetConfigForClient = func(h *tls.ClientHelloInfo) (*tls.Config, error) { sni.Store(h.ServerName); return nil, nil }
	address := serveTLS(t, server, func(_ http.ResponseWriter, r *http.Request) { host.Store(r.Host) })
	_, port, _ := net.SplitHostPort(address)

	for _, c := range []HTTP{
		{URL: "https://www.example.com/health", ConnectTo: address},
		{URL: "https://WWW.Example.com:" + port + "/health", ConnectTo: "127.0.0.1"},
	} {
		c.CACertPEM, c.Now = a.pem, atNoon
		got := mustHTTP(t, c).Probe(t.Context())
		if !got.Success || got.RemoteAddress != address {
			t.Errorf("%s via %s: %+v", c.URL, c.ConnectTo, got)
		}
		if !got.CertificateNotAfter.Equal(noon.AddDate(0, 0, 90)) {
			t.Errorf("certificate ends %s", got.CertificateNotAfter)
		}
		if sni.Load() != "www.example.com" || !strings.HasPrefix(host.Load().(string), "www.example.com") {
			t.Errorf("SNI %v, Host %v", sni.Load(), host.Load())
		}
	}
}

func TestHTTP_Certificates(t *testing.T) {
	for _, tt := range certificateTests(t) {
		t.Run(tt.name, func(t *testing.T) {
			address := serveTLS(t, tt.server, status)
			c := HTTP{URL: "https://www.example.com/", ConnectTo: address, CACertPEM: tt.roots, Now: atNoon}
			want := Result{Reason: tt.want, RemoteAddress: address, CertificateNotAfter: tt.end}
			if tt.want == "" {
				want.Success, want.Reason, want.StatusCode = true, "status 200", 200
			}
			if diff := cmp.Diff(want, mustHTTP(t, c).Probe(t.Context()), ignoreLatency); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Without ca_cert_pem the system's roots count, and they do not know ours.
func TestHTTP_VerifiesByDefault(t *testing.T) {
	a := newAuthority(t)
	address := serveTLS(t, a.issue(t, noon.AddDate(-1, 0, 0), noon.AddDate(1, 0, 0), "www.example.com"), status)
	got := mustHTTP(t, HTTP{URL: "https://www.example.com/", ConnectTo: address, Now: atNoon}).Probe(t.Context())
	if got.Success || !strings.HasPrefix(got.Reason, "certificate is not signed by a trusted authority") {
		t.Errorf("got %+v", got)
	}
}

func TestHTTP_Request(t *testing.T) {
	var seen atomic.Pointer[http.Request]
	address := serve(t, func(_ http.ResponseWriter, r *http.Request) { seen.Store(r) })
	mustHTTP(t, HTTP{URL: "http://" + address + "/x?y=1", Method: "OPTIONS", Headers: map[string]string{
		"Host": "www.example.com", "X-Probe": "1", "user-agent": "mine",
	}}).Probe(t.Context())
	r := seen.Load()
	got := []string{r.Method, r.RequestURI, r.Host, r.Header.Get("X-Probe"), r.UserAgent(), r.Header.Get("Connection")}
	if diff := cmp.Diff([]string{"OPTIONS", "/x?y=1", "www.example.com", "1", "mine", "close"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestHTTP_HeadersStayAtTheirHost(t *testing.T) {
	var leaked atomic.Value
	other := serve(t, func(_ http.ResponseWriter, r *http.Request) { leaked.Store(r.Header.Get("X-Api-Key") + "|" + r.Host) })
	first := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://"+other+"/", http.StatusFound)
	})
	headers := map[string]string{"X-Api-Key": "secret", "Host": "www.example.com"}
	got := mustHTTP(t, HTTP{URL: "http://" + first, Headers: headers, FollowRedirects: true}).Probe(t.Context())
	if !got.Success || got.RemoteAddress != other || leaked.Load() != "|"+other {
		t.Errorf("got %+v, the other host saw %v", got, leaked.Load())
	}
}

func TestHTTP_IgnoresEnvironmentProxies(t *testing.T) {
	proxy := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "ALL_PROXY"} {
		t.Setenv(name, "http://"+proxy)
	}
	address := serve(t, status)
	// Go never uses a proxy for loopback names, so the request is for another name.
	got := mustHTTP(t, HTTP{URL: "http://www.example.com/", ConnectTo: address}).Probe(t.Context())
	if got.StatusCode != 200 || got.RemoteAddress != address {
		t.Errorf("got %+v", got)
	}
}

func TestHTTP_OneFreshConnectionForEachAttempt(t *testing.T) {
	var connections atomic.Int32
	hangUp := accept(t, func(c net.Conn) { connections.Add(1); _, _ = c.Read(make([]byte, 1)) })
	p := mustHTTP(t, HTTP{URL: "http://" + hangUp})
	for range 3 {
		p.Probe(t.Context())
	}
	if n := connections.Load(); n != 3 {
		t.Errorf("%d connections for 3 failed attempts", n)
	}

	var opened atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(status))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	s.Start()
	defer s.Close()
	p = mustHTTP(t, HTTP{URL: s.URL})
	for range 3 {
		p.Probe(t.Context())
	}
	if n := opened.Load(); n != 3 {
		t.Errorf("%d connections for 3 attempts", n)
	}
}

func TestHTTP_BodyIsReadWithALimit(t *testing.T) {
	var sent atomic.Int64
	address := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		chunk := []byte(strings.Repeat("x", 64<<10))
		for {
			n, err := w.Write(chunk)
			sent.Add(int64(n))
			if err != nil {
				return
			}
		}
	})
	got := try(t.Context(), mustHTTP(t, HTTP{URL: "http://" + address, BodyContains: "never"}), time.Minute)
	if want := `first MiB of the body does not contain "never"`; got.Reason != want {
		t.Errorf("reason %q, want %q", got.Reason, want)
	}
	// The endless body is not read where nobody looks at it.
	if got := try(t.Context(), mustHTTP(t, HTTP{URL: "http://" + address}), time.Minute); !got.Success {
		t.Errorf("got %+v", got)
	}
}

func TestHTTP_Cancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	address := accept(t, func(c net.Conn) { cancel(); _, _ = io.Copy(io.Discard, c) })
	if got := mustHTTP(t, HTTP{URL: "http://" + address}).Probe(ctx); got.Success || got.Reason != "cancelled" {
		t.Errorf("got %+v", got)
	}
}

func TestNewHTTP_WrongQuestions(t *testing.T) {
	const ok = "https://www.example.com/health"
	tests := []struct {
		name      string
		config    HTTP
		attribute string
	}{
		{"no URL", HTTP{}, "url"},
		{"no scheme", HTTP{URL: "www.example.com/health"}, "url"},
		{"other scheme", HTTP{URL: "ftp://www.example.com"}, "url"},
		{"no host", HTTP{URL: "https:///health"}, "url"},
		{"unparsable", HTTP{URL: "https://www.example.com/%zz"}, "url"},
		{"port", HTTP{URL: "https://www.example.com:99999"}, "url"},
		{"host with a space", HTTP{URL: "https://www%20.example.com"}, "url"},
		{"method", HTTP{URL: ok, Method: "GET IT"}, "method"},
		{"header name", HTTP{URL: ok, Headers: map[string]string{"X Y": "1"}}, "headers"},
		{"header value", HTTP{URL: ok, Headers: map[string]string{"X": "1\r\nY: 2"}}, "headers"},
		{"status word", HTTP{URL: ok, ExpectedStatus: []string{"ok"}}, "expected_status"},
		{"status out of range", HTTP{URL: ok, ExpectedStatus: []string{"600"}}, "expected_status"},
		{"status range backwards", HTTP{URL: ok, ExpectedStatus: []string{"299-200"}}, "expected_status"},
		{"status class", HTTP{URL: ok, ExpectedStatus: []string{"2xx"}}, "expected_status"},
		{"regex", HTTP{URL: ok, BodyRegex: "("}, "body_regex"},
		{"connect_to URL", HTTP{URL: ok, ConnectTo: "https://cf-front.example.net"}, "connect_to"},
		{"connect_to port", HTTP{URL: ok, ConnectTo: "cf-front.example.net:https"}, "connect_to"},
		{"IP version", HTTP{URL: ok, IPVersion: 5}, "ip_version"},
		{"IP version against the URL", HTTP{URL: "http://192.0.2.1", IPVersion: 6}, "ip_version"},
		{"IP version against connect_to", HTTP{URL: ok, ConnectTo: "[2001:db8::1]:443", IPVersion: 4}, "ip_version"},
		{"roots", HTTP{URL: ok, CACertPEM: "none"}, "ca_cert_pem"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := NewHTTP(tt.config)
			e, isConfig := errors.AsType[*ConfigError](err)
			if !isConfig || e.Attribute != tt.attribute || e.Message == "" {
				t.Errorf("got %v, want a ConfigError on %q", err, tt.attribute)
			}
		})
	}
}

// A URL may hold a password; no message repeats it.
func TestHTTP_ReasonsHoldNoURL(t *testing.T) {
	closed := closedPort(t)
	got := mustHTTP(t, HTTP{URL: "http://user:hunter2@" + closed + "/?token=hunter2"}).Probe(t.Context())
	if strings.Contains(got.Reason, "hunter2") {
		t.Errorf("reason %q", got.Reason)
	}
	_, err := NewHTTP(HTTP{URL: "http://user:hunter2@www.example.com/%zz"})
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error %v", err)
	}
}

func TestHTTP_Host(t *testing.T) {
	for _, tt := range []struct {
		config HTTP
		want   string
	}{
		{HTTP{URL: "https://WWW.example.com.:8443/x"}, "www.example.com"},
		{HTTP{URL: "https://bücher.example/"}, "xn--bcher-kva.example"},
		{HTTP{URL: "https://www.example.com/", ConnectTo: "CF-front.example.net:443"}, "cf-front.example.net"},
		{HTTP{URL: "https://www.example.com/", ConnectTo: "2001:db8::1"}, "2001:db8::1"},
		{HTTP{URL: "https://[2001:DB8::1]:8443/"}, "2001:db8::1"},
	} {
		if got := tt.config.Host(); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.config, got, tt.want)
		}
	}
}

func TestHTTP_HostHeaderIsThatOfTheURL(t *testing.T) {
	for given, want := range map[string]string{
		"http://www.example.com/":     "www.example.com",
		"http://www.example.com:80/":  "www.example.com:80",
		"http://[2001:db8::1]/":       "[2001:db8::1]",
		"http://bücher.example:8080/": "xn--bcher-kva.example:8080",
	} {
		u, _, err := parseURL(given)
		if err != nil {
			t.Errorf("%s: %v", given, err)
			continue
		}
		if _, err := url.Parse(u.String()); err != nil || u.Host != want {
			t.Errorf("%s: host %q, want %q (%v)", given, u.Host, want, err)
		}
	}
}

func TestParseEndpoint(t *testing.T) {
	for given, want := range map[string]endpoint{
		"www.example.com":      {"www.example.com", ""},
		"WWW.Example.com.:443": {"www.example.com", "443"},
		"192.0.2.1":            {"192.0.2.1", ""},
		"192.0.2.1:53":         {"192.0.2.1", "53"},
		"2001:db8::1":          {"2001:db8::1", ""},
		"[2001:DB8::1]":        {"2001:db8::1", ""},
		"[2001:db8::1]:53":     {"2001:db8::1", "53"},
		"_sip.example.com:1":   {"_sip.example.com", "1"},
	} {
		if got, err := parseEndpoint(given); err != nil || got != want {
			t.Errorf("%q: %+v, %v; want %+v", given, got, err, want)
		}
	}
	for _, bad := range []string{"", ":443", "host:", "host:0", "host:65536", "host:http", "a b", "a..b", "http://host", strings.Repeat("a", 64), "[::1", "host/path"} {
		if got, err := parseEndpoint(bad); err == nil {
			t.Errorf("%q: %+v, want an error", bad, got)
		}
	}
}

func FuzzParseEndpoint(f *testing.F) {
	for _, s := range []string{"www.example.com:443", "[2001:db8::1]:53", "192.0.2.1", "bücher.example", "fe80::1%eth0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := parseEndpoint(s)
		if err != nil {
			return
		}
		again := e.host
		if e.port != "" {
			again = e.String()
		}
		if e2, err := parseEndpoint(again); err != nil || e2 != e {
			t.Errorf("%q gives %+v, and %q gives %+v, %v", s, e, again, e2, err)
		}
	})
}

func FuzzParseStatuses(f *testing.F) {
	f.Add("200-299")
	f.Add("304")
	f.Fuzz(func(t *testing.T, s string) {
		set, err := parseStatuses([]string{s})
		if err != nil {
			return
		}
		again, err := parseStatuses([]string{set.String()})
		if err != nil || !cmp.Equal(set, again, cmp.AllowUnexported(statusRange{})) {
			t.Errorf("%q gives %v, read again %v, %v", s, set, again, err)
		}
	})
}

func TestDialer_ChoosesTheFamily(t *testing.T) {
	for _, tt := range []struct {
		host    string
		version int
		want    string
		err     string
	}{
		{"192.0.2.1", 0, "192.0.2.1", ""},
		{"::ffff:192.0.2.1", 0, "192.0.2.1", ""},
		{"2001:db8::1", 0, "2001:db8::1", ""},
		{"2001:db8::1", 6, "2001:db8::1", ""},
		{"192.0.2.1", 6, "", "name 192.0.2.1 has no IPv6 address"},
		{"localhost", 4, "127.0.0.1", ""},
		{"localhost", 0, "127.0.0.1", ""},
	} {
		got, err := dialer{version: tt.version}.resolve(t.Context(), tt.host)
		if tt.err != "" {
			if err == nil || err.Error() != tt.err {
				t.Errorf("%s IPv%d: %v, want %q", tt.host, tt.version, err, tt.err)
			}
			continue
		}
		if err != nil || got != netip.MustParseAddr(tt.want) {
			t.Errorf("%s IPv%d: %v, %v; want %s", tt.host, tt.version, got, err, tt.want)
		}
	}
}
