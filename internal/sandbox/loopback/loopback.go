// Package loopback runs programs that listen, for tests.
package loopback

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os/exec"
	"runtime"
	"testing"
	"time"
)

// Find looks for a program where Debian puts it, too: sbin is not on the path of everybody. It is "" where there is
// none.
func Find(name string) string {
	for _, path := range []string{name, "/usr/sbin/" + name} {
		if found, err := exec.LookPath(path); err == nil {
			return found
		}
	}
	return ""
}

// FreeAddr is an address on loopback at which nothing listens. Where every host of 127.0.0.0/8 is one, it is of a host
// of its own: all others look for free ports at 127.0.0.1, and one of them may find this port before it is used.
func FreeAddr(t testing.TB) string {
	t.Helper()
	host := "127.0.0.1"
	if runtime.GOOS == "linux" {
		host = fmt.Sprintf("127.%d.%d.%d", 1+rand.IntN(255), rand.IntN(256), 1+rand.IntN(254))
	}
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", host+":0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// Run runs a program until the test ends, and reports whether it was ready before it ended by itself.
func Run(t testing.TB, command *exec.Cmd, ready func() bool) bool {
	t.Helper()
	if err := command.Start(); err != nil {
		t.Fatalf("start %s: %v", command.Path, err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = command.Wait()
	}()
	t.Cleanup(func() {
		_ = command.Process.Kill()
		<-ended
	})
	for range 400 {
		select {
		case <-ended:
			return false
		case <-time.After(25 * time.Millisecond):
		}
		if ready() {
			return true
		}
	}
	return false
}
