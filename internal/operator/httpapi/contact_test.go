package httpapi_test

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/httpapi"
)

// TestTransport_WriteThatWasReadIsSentOnce breaks connections in every way after the request was read: whatever the
// error looks like, the write is in doubt and not sent again.
func TestTransport_WriteThatWasReadIsSentOnce(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(net.Conn){
		"closed": func(c net.Conn) { _ = c.Close() },
		"reset":  func(c net.Conn) { reset(c) },
		"broken TLS record": func(c net.Conn) {
			_, _ = io.WriteString(plain(c), "HTTP/1.1 400 Bad Request\r\n\r\n")
			_ = plain(c).Close()
		},
		"TLS alert":           func(c net.Conn) { _, _ = plain(c).Write([]byte{21, 3, 3, 0, 2, 2, 40}); _ = plain(c).Close() },
		"no HTTP":             func(c net.Conn) { _, _ = io.WriteString(c, "SSH-2.0-x\r\n"); _ = c.Close() },
		"half a status line":  func(c net.Conn) { _, _ = io.WriteString(c, "HTTP/1.1 20"); _ = c.Close() },
		"half of the headers": func(c net.Conn) { _, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-"); _ = c.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				requests.Add(1)
				conn, _, err := w.(http.Hijacker).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				end(conn)
			}))
			t.Cleanup(server.Close)
			tr := transport(t, server.URL, func(c *httpapi.Config) { c.Base = server.Client().Transport })
			_, err := send(t.Context(), tr, "PATCH", server.URL+"/v1")
			outage := operator.AsOutage(err)
			if outage == nil || !outage.InDoubt || outage.Answered || outage.Reason != "the connection broke before a whole answer came" {
				t.Errorf("error is %#v, want an outage in doubt", err)
			}
			if n := requests.Load(); n != 1 {
				t.Errorf("%d requests were read, want 1", n)
			}
		})
	}
}

func plain(c net.Conn) net.Conn { return c.(*tls.Conn).NetConn() }

func reset(c net.Conn) {
	_ = plain(c).(*net.TCPConn).SetLinger(0)
	_ = plain(c).Close()
}

// TestTransport_WriteOnAClosedConnectionIsSentOnce has the service close the connection that an earlier request left
// open in the moment in which it reads the write: net/http would send a repeatable request again.
func TestTransport_WriteOnAClosedConnectionIsSentOnce(t *testing.T) {
	t.Parallel()
	var writes atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			_, _ = io.WriteString(w, `{}`)
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		writes.Add(1)
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(server.Close)
	tr := transport(t, server.URL)
	if _, err := send(t.Context(), tr, "GET", server.URL); err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), "PATCH", server.URL, strings.NewReader("change"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Idempotency-Key", "1")
	res, err := tr.RoundTrip(req)
	if err == nil {
		_ = res.Body.Close()
	}
	if outage := operator.AsOutage(err); outage == nil || !outage.InDoubt {
		t.Errorf("error is %#v, want an outage in doubt", err)
	}
	if n := writes.Load(); n != 1 {
		t.Errorf("the write was read %d times, want once", n)
	}
}

// TestTransport_WriteWithoutConnectionIsNotInDoubt is a service behind which nobody answers: what was never sent cannot
// have been carried out.
func TestTransport_WriteWithoutConnectionIsNotInDoubt(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			// It takes the connection and says nothing: no handshake.
			go func() { _, _ = bufio.NewReader(conn).ReadByte(); <-t.Context().Done(); _ = conn.Close() }()
		}
	}()
	at := "https://" + listener.Addr().String()
	for whose, limit := range map[string]func(*httpapi.Config){
		"ours":       within(300*time.Millisecond, longEnough),
		"net/http's": func(c *httpapi.Config) { c.Base = &http.Transport{TLSHandshakeTimeout: 50 * time.Millisecond} },
	} {
		_, err = send(t.Context(), transport(t, at, limit), "PATCH", at)
		if outage := operator.AsOutage(err); outage == nil || !outage.Silent || outage.InDoubt {
			t.Errorf("%s time-out: error is %#v, want a silence that is not in doubt", whose, err)
		}
	}
}

// TestTransport_WorkTakesItsTime: a write that needs longer than the time-out is waited for, and one that needs longer
// than that is given up.
func TestTransport_WorkTakesItsTime(t *testing.T) {
	t.Parallel()
	const timeout, work = 2 * time.Second, 30 * time.Second
	slow := newAPI(t, func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(2 * timeout)
		answer(200, `{"ok":true}`)(w, nil)
	})
	tr := transport(t, slow.URL, within(timeout, 0))
	if _, err := send(httpapi.WithWork(t.Context(), work), tr, "PATCH", slow.URL); err != nil {
		t.Errorf("work within its time failed: %v", err)
	}
	_, err := send(t.Context(), tr, "PATCH", slow.URL)
	if outage := operator.AsOutage(err); outage == nil || outage.Reason != "no answer within 2s" {
		t.Errorf("without work: %v", err)
	}
	silence := newAPI(t, silent)
	_, err = send(httpapi.WithWork(t.Context(), 2*timeout), transport(t, silence.URL, within(timeout, 0)), "PATCH", silence.URL)
	if outage := operator.AsOutage(err); outage == nil || !outage.Silent || !strings.Contains(outage.Reason, "so large a write") {
		t.Errorf("beyond its time: %v", err)
	}
}

// TestTransport_ACallCostsOneTimeout: however an operator fails, the exchanges of one read fit into one time-out.
func TestTransport_ACallCostsOneTimeout(t *testing.T) {
	t.Parallel()
	const timeout = 2 * time.Second
	for name, c := range map[string]struct {
		delays   []time.Duration
		requests int
		reason   string
	}{
		"late 504":                  {[]time.Duration{1800 * time.Millisecond}, 1, "HTTP 504"},
		"half the time":             {[]time.Duration{900 * time.Millisecond}, 1, "HTTP 504"},
		"at once":                   {[]time.Duration{time.Millisecond}, 3, "HTTP 504"},
		"at once, then silence":     {[]time.Duration{time.Millisecond, time.Hour}, 2, "HTTP 504"},
		"at once, then a late 504":  {[]time.Duration{time.Millisecond, 1500 * time.Millisecond}, 2, "HTTP 504"},
		"silence from the first on": {[]time.Duration{time.Hour}, 1, "no answer within 2s"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				requests := 0
				tr := transport(t, memory, within(timeout, time.Hour), func(config *httpapi.Config) {
					config.Base = carrier(func(r *http.Request) (*http.Response, error) {
						delay := c.delays[min(requests, len(c.delays)-1)]
						requests++
						select {
						case <-time.After(delay):
						case <-r.Context().Done():
							return nil, r.Context().Err()
						}
						w := httptest.NewRecorder()
						answer(504, `{}`)(w, r)
						return w.Result(), nil
					})
				})
				began := time.Now()
				_, err := send(t.Context(), tr, "GET", memory)
				if took := time.Since(began); took > timeout {
					t.Errorf("the call took %s, want at most %s", took, timeout)
				}
				if outage := operator.AsOutage(err); outage == nil || outage.Reason != c.reason || requests != c.requests {
					t.Errorf("%d requests, error %v; want %d and %q", requests, err, c.requests, c.reason)
				}
			})
		})
	}
}
