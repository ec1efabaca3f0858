package sandbox

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// door is a listener that can be shut and opened again on the same port.
type door struct {
	addr    string
	handler http.Handler
	mu      sync.Mutex
	server  *http.Server // nil while shut
	closed  bool
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

// open listens. The port of a shut door belongs to nobody, and an outgoing connection may have borrowed it for a moment: hence the retries.
func (d *door) open() (net.Listener, error) {
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
	d.server = server
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
		d.server = nil
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
	d.closed = true
}
