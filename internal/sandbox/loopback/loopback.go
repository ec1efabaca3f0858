// Package loopback finds a place to listen for a program that tests start.
package loopback

import (
	"net"
	"testing"
)

// FreeAddr is an address ("127.0.0.1:port") at which nothing listens.
func FreeAddr(t testing.TB) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}
