package probe

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/certtest"
)

// ignoreLatency is for results of real connections.
var ignoreLatency = cmpopts.IgnoreFields(Result{}, "Latency")

func mustHTTP(t *testing.T, c HTTP) Prober {
	t.Helper()
	p, err := NewHTTP(c)
	if err != nil {
		t.Fatal(err)
	}
	return p
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
	silent := accept(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	hangUp := accept(t, func(c net.Conn) { _, _ = c.Read(make([]byte, 1)) })
	slam := accept(t, func(net.Conn) {})
	noHTTP := accept(t, func(c net.Conn) {
		_, _ = io.WriteString(c, "220 mail.example.com ESMTP\r\n")
		_, _ = io.Copy(io.Discard, c)
	})
	short := accept(t, func(c net.Conn) {
		_, _ = c.Read(make([]byte, 4096))
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
	})
	wrong := accept(t, func(c net.Conn) {
		_, _ = c.Read(make([]byte, 4096))
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")
	})
	plain := serve(t, status)
	loop := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path+"x", http.StatusFound) })
	slow := time.Second // the tests of silence last that long; a busy machine connects within it

	tests := []struct {
		name   string
		config HTTP
		want   Result
	}{
		{"refused", HTTP{URL: "http://" + nobody}, Result{Reason: "connect " + nobody + ": refused", RemoteAddress: nobody}},
		{"silent", HTTP{URL: "http://" + silent}, Result{Reason: "no answer within 1s", RemoteAddress: silent}},
		{"silent, TLS", HTTP{URL: "https://" + silent}, Result{Reason: "no answer within 1s", RemoteAddress: silent}},
		{"hangs up", HTTP{URL: "http://" + hangUp},
			Result{Reason: hangUp + " closed the connection without an answer", RemoteAddress: hangUp}},
		{"hangs up at once", HTTP{URL: "http://" + slam},
			Result{Reason: slam + " closed the connection without an answer", RemoteAddress: slam}},
		{"another protocol", HTTP{URL: "http://" + noHTTP}, Result{Reason: noHTTP + " does not speak HTTP", RemoteAddress: noHTTP}},
		{"no TLS", HTTP{URL: "https://" + plain}, Result{Reason: plain + " does not speak TLS", RemoteAddress: plain}},
		{"body breaks off", HTTP{URL: "http://" + short, BodyContains: "short"},
			Result{Reason: short + " closed the connection before the end of its answer", RemoteAddress: short, StatusCode: 200}},
		{"no length", HTTP{URL: "http://" + wrong}, Result{Reason: wrong + ": bad Content-Length \"-1\"", RemoteAddress: wrong}},
		{"redirects for ever", HTTP{URL: "http://" + loop + "/", FollowRedirects: true},
			Result{Reason: "more than 10 redirects", RemoteAddress: loop, StatusCode: 302}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			patience := 30 * time.Second
			if strings.HasPrefix(tt.name, "silent") {
				t.Parallel()
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
	// RFC 6761 section 6.4: .invalid never exists, whoever is asked, and if nobody can be asked it does not resolve
	// either.
	got := try(t.Context(), mustHTTP(t, HTTP{URL: "http://does-not-exist.invalid"}), 2*time.Second)
	if got.Success || !strings.HasPrefix(got.Reason, "name does-not-exist.invalid does not resolve") || got.RemoteAddress != "" {
		t.Errorf("got %+v", got)
	}
}

func TestHTTP_ConnectToKeepsHostAndSNI(t *testing.T) {
	a := certtest.New(t, noon)
	server := a.Issue(t, noon.AddDate(0, 0, -1), noon.AddDate(0, 0, 90), "www.example.com")
	var sni, host atomic.Value
	server.GetConfigForClient = func(h *tls.ClientHelloInfo) (*tls.Config, error) { sni.Store(h.ServerName); return nil, nil }
	address := serveTLS(t, server, func(_ http.ResponseWriter, r *http.Request) { host.Store(r.Host) })
	_, port, _ := net.SplitHostPort(address)

	for _, c := range []HTTP{
		{URL: "https://www.example.com/health", ConnectTo: address},
		{URL: "https://WWW.Example.com:" + port + "/health", ConnectTo: "127.0.0.1"},
	} {
		c.CACertPEM, c.Now = a.PEM, atNoon
		got := mustHTTP(t, c).Probe(t.Context())
		if !got.Success || got.RemoteAddress != address {
			t.Errorf("%s via %s: %+v", c.URL, c.ConnectTo, got)
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
			want := Result{Reason: tt.want, RemoteAddress: address}
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
	a := certtest.New(t, noon)
	address := serveTLS(t, a.Issue(t, noon.AddDate(-1, 0, 0), noon.AddDate(1, 0, 0), "www.example.com"), status)
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
	other := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		r.Header.Del("User-Agent")
		leaked.Store(fmt.Sprint(r.Header) + "|" + r.Host + r.URL.String())
	})
	first := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://"+other+"/", http.StatusFound)
	})
	headers := map[string]string{"X-Api-Key": "secret", "Host": "www.example.com", "Referer": "https://www.example.com/?key=secret"}
	got := mustHTTP(t, HTTP{URL: "http://user:secret@" + first + "/?key=secret", Headers: headers, FollowRedirects: true}).Probe(t.Context())
	if !got.Success || got.RemoteAddress != other || leaked.Load() != "map[Connection:[close]]|"+other+"/" {
		t.Errorf("got %+v, the other host saw %v", got, leaked.Load())
	}
}

// Nor does the same host get the address with its keys, unless the configuration has it as a header.
func TestHTTP_RedirectsSendNoReferer(t *testing.T) {
	for _, own := range []string{"", "https://own.example/"} {
		var seen atomic.Value
		address := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/" {
				http.Redirect(w, r, "/next", http.StatusFound)
			}
			seen.Store(r.Header.Get("Referer"))
		})
		headers := map[string]string{}
		if own != "" {
			headers["referer"] = own
		}
		mustHTTP(t, HTTP{URL: "http://" + address + "/?key=secret", Headers: headers, FollowRedirects: true}).Probe(t.Context())
		if seen.Load() != own {
			t.Errorf("referer %q, want %q", seen.Load(), own)
		}
	}
}

func TestHTTP_HeadersAreNotSentInTheClear(t *testing.T) {
	for _, tt := range []struct {
		from, to string
		kept     bool
	}{
		{"https://www.example.com/", "https://www.example.com/login", true},
		{"http://www.example.com/", "https://www.example.com/", true},
		{"https://www.example.com/", "http://www.example.com/", false},
		{"https://www.example.com/", "https://login.example.com/", false},
	} {
		p := mustHTTP(t, HTTP{URL: tt.from, Headers: map[string]string{"X-Api-Key": "secret"}, FollowRedirects: true}).(*httpProber)
		req := httptest.NewRequestWithContext(t.Context(), "GET", tt.to, nil)
		req.Header.Set("X-Api-Key", "secret")
		if err := p.redirect(req, nil); err != nil {
			t.Errorf("%s to %s: %v", tt.from, tt.to, err)
		}
		if kept := req.Header.Get("X-Api-Key") != ""; kept != tt.kept {
			t.Errorf("%s to %s: header kept = %v", tt.from, tt.to, kept)
		}
	}
}

// TestMain sets proxies for every test, before net/http reads them once and for all.
func TestMain(m *testing.M) {
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"} {
		_ = os.Setenv(name, "http://127.0.0.1:1")
	}
	os.Exit(m.Run())
}

func TestHTTP_IgnoresEnvironmentProxies(t *testing.T) {
	address := serve(t, status)
	// Go never uses a proxy for loopback names, so the request is for another name.
	got := mustHTTP(t, HTTP{URL: "http://www.example.com/", ConnectTo: address}).Probe(t.Context())
	if got.StatusCode != 200 || got.RemoteAddress != address {
		t.Errorf("got %+v", got)
	}
}

func TestHTTP_ConnectToOfARedirect(t *testing.T) {
	for _, tt := range []struct {
		connectTo, asked, want string
	}{
		{"cf-front.example.net", "www.example.com:80", "cf-front.example.net:80"},
		{"cf-front.example.net:8080", "www.example.com:80", "cf-front.example.net:8080"},
		{"cf-front.example.net", "WWW.example.com:443", "cf-front.example.net:443"},
		{"cf-front.example.net:8080", "www.example.com:443", "cf-front.example.net:443"},
		{"cf-front.example.net:8080", "login.example.com:80", "login.example.com:80"},
		{"", "www.example.com:80", "www.example.com:80"},
	} {
		p := mustHTTP(t, HTTP{URL: "http://www.example.com/", ConnectTo: tt.connectTo}).(*httpProber)
		host, port, _ := net.SplitHostPort(tt.asked)
		if got := p.reroute(endpoint{host, port}).String(); got != tt.want {
			t.Errorf("connect_to %q: %s goes to %s, want %s", tt.connectTo, tt.asked, got, tt.want)
		}
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
	// Text at its beginning does not make a body healthy that never ends.
	got = try(t.Context(), mustHTTP(t, HTTP{URL: "http://" + address, BodyContains: "xxx", BodyRegex: "^x+"}), time.Minute)
	if want := "body goes on after 8 MiB; a health page ends"; got.Success || got.Reason != want {
		t.Errorf("got %v %q, want %q", got.Success, got.Reason, want)
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

// A URL may hold a password; no message repeats it.
func TestHTTP_ReasonsHoldNoURL(t *testing.T) {
	got := mustHTTP(t, HTTP{URL: "http://user:hunter2@" + nobody + "/?token=hunter2"}).Probe(t.Context())
	if strings.Contains(got.Reason, "hunter2") {
		t.Errorf("reason %q", got.Reason)
	}
	_, err := NewHTTP(HTTP{URL: "http://user:hunter2@www.example.com/%zz"})
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error %v", err)
	}
}

// Text of the service is cut and escaped wherever it comes from.
func TestReason_TextFromOutside(t *testing.T) {
	const hostile = "\x1b[31m\u202e\x00\xff"
	long := strings.Repeat(hostile, 2000)
	statusLine := accept(t, func(c net.Conn) {
		_, _ = c.Read(make([]byte, 4096))
		_, _ = io.WriteString(c, "HTTP/1.1 200"+long+"\r\n\r\n")
	})
	header := accept(t, func(c net.Conn) {
		_, _ = c.Read(make([]byte, 4096))
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n"+long+"\r\n\r\n")
	})
	location := accept(t, func(c net.Conn) {
		_, _ = c.Read(make([]byte, 4096))
		_, _ = io.WriteString(c, "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: http://"+strings.ReplaceAll(long, "\x00", "")+":x/\r\n\r\n")
	})
	encoding := accept(t, func(c net.Conn) {
		_, _ = c.Read(make([]byte, 4096))
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"+long+"\r\n\r\n")
	})
	a := certtest.New(t, noon)
	var names []string
	for i := range 3 {
		names = append(names, strings.Repeat(fmt.Sprintf("%d\x1b[31m", i), 3000)+".example.com")
	}
	certificate := serveTLS(t, a.Issue(t, time.Now().AddDate(0, 0, -1), time.Now().AddDate(0, 0, 90), names...), status)
	for name, config := range map[string]HTTP{
		"status line": {URL: "http://" + statusLine}, "header": {URL: "http://" + header},
		"location": {URL: "http://" + location, FollowRedirects: true}, "chunk": {URL: "http://" + encoding, BodyContains: "ok"},
		"certificate": {URL: "https://www.example.com/", ConnectTo: certificate, CACertPEM: a.PEM},
	} {
		got := try(t.Context(), mustHTTP(t, config), 30*time.Second)
		if got.Success || len([]rune(got.Reason)) > reasonLimit+3 || strings.ContainsFunc(got.Reason, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("%s: %.3000q", name, got.Reason)
		}
		if name == "certificate" && !strings.HasSuffix(got.Reason, ", not www.example.com") {
			t.Errorf("what was wanted is cut off: %s", got.Reason)
		}
	}
}

// A pattern that is costly to match sees less of the body, and none of it longer than the attempt may last.
func TestHTTP_PatternsAreBounded(t *testing.T) {
	p, err := parsePattern("(a{1,20}){1,20}b")
	if err != nil {
		t.Fatal(err)
	}
	if p.bytes >= bodyLimit || p.bytes < 16<<10 {
		t.Errorf("%d bytes are matched", p.bytes)
	}
	if body := []byte(strings.Repeat("a", p.bytes) + "b"); p.match(t.Context(), body) || !p.match(t.Context(), body[1:]) {
		t.Error("the bound is somewhere else")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if p.match(ctx, []byte(strings.Repeat("a", 1000)+"b")) {
		t.Error("matching goes on after the attempt")
	}
	simple, err := parsePattern(`"status":\s*"ok"`)
	if err != nil || simple.bytes != bodyLimit {
		t.Errorf("a simple pattern looks at %d bytes only (%v)", simple.bytes, err)
	}
	if !simple.match(t.Context(), []byte(`{"status": "ok"}`)) || simple.match(t.Context(), []byte(`{"status": "no"}`)) {
		t.Error("the verdict is wrong")
	}
}

func FuzzPrintable(f *testing.F) {
	f.Add("\x1b[31mred\xff\u202e")
	f.Fuzz(func(t *testing.T, text string) {
		got := printable(text)
		if len([]rune(got)) > reasonLimit+3 || strings.ContainsFunc(got, func(r rune) bool { return !unicode.IsPrint(r) }) || !utf8.ValidString(got) {
			t.Fatalf("%q", got)
		}
		if printable(got) != got {
			t.Fatalf("%q changes again", got)
		}
	})
}
