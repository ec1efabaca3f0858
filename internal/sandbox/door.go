package sandbox

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"syscall"
	"time"
)

// door is a listener that can be shut and opened again on the same port.
type door struct {
	addr     string
	handler  http.Handler
	mu       sync.Mutex
	server   *http.Server // nil while shut
	listener net.Listener // the server's
	closed   bool
	kept     int // socket that keeps the port of a shut door; 0: none
}

func openDoor(addr string, handler http.Handler) (*door, error) {
	d := &door{addr: addr, handler: handler}
	listener, err := d.open()
	if err != nil {
		return nil, err
	}
	d.addr = listener.Addr().String() // with the port that was free, to be opened again on it
	return d, nil
}

// open listens. Between two doors the port belongs to nobody for a moment, and an outgoing connection may borrow it:
// hence the retries.
func (d *door) open() (net.Listener, error) {
	d.release()
	var listener net.Listener
	var err error
	for range 40 {
		if listener, err = net.Listen("tcp", d.addr); err == nil {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", d.addr, err)
	}
	server := &http.Server{Handler: d.handler, ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0)}
	d.server, d.listener = server, listener
	go func() { _ = server.Serve(listener) }() // ends with ErrServerClosed
	return listener, nil
}

// refuse shuts the door, with everybody who is inside, or opens it.
func (d *door) refuse(on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.closed:
	case on && d.server != nil:
		_ = d.server.Close()
		// A server that was closed before it began to serve does not know its listener yet.
		_ = d.listener.Close()
		d.server = nil
		d.keep()
	case !on && d.server == nil:
		if _, err := d.open(); err != nil {
			panic("sandbox: " + err.Error())
		}
	}
}

func (d *door) close() {
	d.refuse(true)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.release()
	d.closed = true
}

// keep binds the port of a shut door without listening: connections are refused, and nobody else is given the port.
// Where that fails, open has its retries.
func (d *door) keep() {
	addr, err := netip.ParseAddrPort(d.addr)
	if err != nil || !addr.Addr().Is4() {
		return
	}
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		return
	}
	syscall.CloseOnExec(socket)
	_ = syscall.SetsockoptInt(socket, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1)
	if err := syscall.Bind(socket, &syscall.SockaddrInet4{Port: int(addr.Port()), Addr: addr.Addr().As4()}); err != nil {
		_ = syscall.Close(socket)
		return
	}
	d.kept = socket
}

func (d *door) release() {
	if d.kept != 0 {
		_ = syscall.Close(d.kept)
		d.kept = 0
	}
}
