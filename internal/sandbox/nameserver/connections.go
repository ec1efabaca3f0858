package nameserver

import (
	"net"
	"sync"
)

// connections is a listener that remembers what it accepted, so that idle clients cannot keep a server from ending.
type connections struct {
	net.Listener
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
// is left to the server's shutdown: until then it would accept from a closed one in a loop, without a pause.
func (c *connections) end() {
	c.mu.Lock()
	c.ended = true
	for conn := range c.open {
		_ = conn.Close()
	}
	c.mu.Unlock()
	c.done.Wait()
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
