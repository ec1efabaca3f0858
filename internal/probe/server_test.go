package probe

import (
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

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

// nobody is an address where nobody listens: a port that was free a moment ago could be somebody else's by now, and
// that of tcpmux (RFC 1078) is nobody's any more.
const nobody = "127.0.0.1:1"

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
