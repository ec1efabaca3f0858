package nameserver

import (
	"io"
	"net"
	"sync"
	"time"
)

// connections is a listener that remembers what it accepted, so that idle clients cannot keep a server from ending.
type connections struct {
	net.Listener
	stopped *sync.WaitGroup

	mu    sync.Mutex
	open  map[net.Conn]bool
	ended bool
	done  sync.WaitGroup // one for each connection the server has not closed yet
}

// Accept hands out a connection that reports when the server is done with it.
func (c *connections) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		_ = conn.Close()
		return nil, net.ErrClosed
	}
	c.open[conn] = true
	c.done.Add(1)
	return &connection{Conn: conn, of: c}, nil
}

// end closes all connections and waits until the server has noticed; what comes later is closed at once. The listener
// is left to the server's shutdown.
func (c *connections) end() {
	c.mu.Lock()
	c.ended = true
	for conn := range c.open {
		_ = conn.Close()
	}
	c.mu.Unlock()
	c.done.Wait()
}

// Close is late.
func (c *connections) Close() error { return late(c.Listener, c.stopped) }

// latePackets is a socket whose end is late.
type latePackets struct {
	net.PacketConn
	stopped *sync.WaitGroup
}

func (p latePackets) Close() error { return late(p.PacketConn, p.stopped) }

// late closes a socket a moment after that was asked for; stopped waits until it is closed. The library closes first and
// tells its loops afterwards, which until then read from the closed socket without a pause: on a machine with few cores
// for as long as the scheduler lets them, and a sandbox has eight of them.
func late(socket io.Closer, stopped *sync.WaitGroup) error {
	stopped.Go(func() {
		time.Sleep(time.Millisecond)
		_ = socket.Close()
	})
	return nil
}

type connection struct {
	net.Conn
	of   *connections
	once sync.Once
}

// Close ends the connection; the server calls it when it stops reading.
func (c *connection) Close() error {
	err := c.Conn.Close()
	c.once.Do(func() {
		c.of.mu.Lock()
		defer c.of.mu.Unlock()
		delete(c.of.open, c.Conn)
		c.of.done.Done()
	})
	return err
}
