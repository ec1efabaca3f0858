package proof

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"codeberg.org/miekg/dns"

	"github.com/multidns/terraform-provider-multidns/internal/exchange"
)

// resolverAddress is where unbound listens, each time at another port.
const resolverAddress = "127.255.0.1"

var lastPort atomic.Uint32

// config is that of Debian but for what a namespace without the Internet needs, its patience with silent servers, and
// the number of its ports, whose drawing is most of the time that a start takes.
const config = `server:
  interface: %s
  port: %d
  do-daemonize: no
  use-syslog: no
  logfile: "%s/log"
  chroot: ""
  username: ""
  pidfile: ""
  directory: "%s"
  root-hints: "%s/hints"
  module-config: "iterator"
  do-not-query-localhost: no
  access-control: 127.0.0.0/8 allow
  num-threads: 1
  outgoing-port-avoid: "0-65535"
  outgoing-port-permit: "40000-40999"
  unknown-server-time-limit: 100
  do-ip6: %s
remote-control:
  control-enable: no
`

// resolve asks an unbound that was just started for the addresses of a name. None: it has none, or there was no answer.
func resolve(t *testing.T, parent, name string, ip6 bool) []netip.Addr {
	port := uint16(2000 + lastPort.Add(1)%30000)
	folder := filepath.Join(parent, fmt.Sprint(port))
	err := os.MkdirAll(folder, 0o700)
	if err != nil {
		t.Error(err)
		return nil
	}
	v6 := "no"
	if ip6 {
		v6 = "yes"
	}
	err = errors.Join(
		os.WriteFile(filepath.Join(folder, "conf"), fmt.Appendf(nil, config, resolverAddress, port, folder, folder, folder, v6), 0o600),
		os.WriteFile(filepath.Join(folder, "hints"), []byte(". 3600 NS a.root.\na.root. 3600 A "+rootAddress+"\n"), 0o600),
	)
	if err != nil {
		t.Error(err)
		return nil
	}
	command := exec.CommandContext(t.Context(), "unbound", "-c", filepath.Join(folder, "conf"))
	if err := command.Start(); err != nil {
		t.Error(err)
		return nil
	}
	defer func() {
		_ = command.Process.Kill()
		_ = command.Wait()
		_ = os.RemoveAll(folder)
	}()
	server := netip.AddrPortFrom(netip.MustParseAddr(resolverAddress), port)
	var addrs []netip.Addr
	var mu sync.Mutex
	var both sync.WaitGroup
	for _, typ := range []uint16{dns.TypeA, dns.TypeAAAA} {
		both.Go(func() {
			found := askResolver(t.Context(), server, name, typ)
			mu.Lock()
			defer mu.Unlock()
			addrs = append(addrs, found...)
		})
	}
	both.Wait()
	return addrs
}

// askResolver waits for the resolver to listen, and then as long as a visitor would.
func askResolver(ctx context.Context, server netip.AddrPort, name string, typ uint16) []netip.Addr {
	ctx, cancel := context.WithTimeout(ctx, 12*time.Second)
	defer cancel()
	for ctx.Err() == nil {
		answer, err := exchange.Ask(ctx, server, exchange.Question{Name: name, Type: typ, Recursive: true})
		if errors.Is(err, syscall.ECONNREFUSED) {
			time.Sleep(3 * time.Millisecond)
			continue
		}
		if err != nil || answer.Rcode != dns.RcodeSuccess {
			return nil
		}
		var addrs []netip.Addr
		for _, rr := range answer.Answer {
			switch rr := rr.(type) {
			case *dns.A:
				addrs = append(addrs, rr.Addr)
			case *dns.AAAA:
				addrs = append(addrs, rr.Addr)
			}
		}
		return addrs
	}
	return nil
}
