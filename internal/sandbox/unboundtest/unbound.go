// Package unboundtest runs unbound, a validating resolver that nobody here wrote, as the judge of what the name servers
// of a sandbox answer.
package unboundtest

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"codeberg.org/miekg/dns"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/loopback"
)

// Config says whom the resolver trusts and asks.
type Config struct {
	// TrustAnchors are DS or DNSKEY records, as lines of a zone file.
	TrustAnchors []string
	// Stubs are zones and the servers ("127.0.0.1:port") that are asked for them.
	Stubs map[string][]string
}

// Resolver is a running unbound.
type Resolver struct {
	addr string
	log  string
}

// Start runs unbound until the test ends. Without unbound the test is skipped.
func Start(t testing.TB, c Config) *Resolver {
	t.Helper()
	program := loopback.Find("unbound")
	if program == "" {
		t.Skip("unbound is not installed (apt-get install unbound)")
	}
	// Whoever else looks for a free port may take this one before unbound does.
	const tries = 5
	for range tries {
		r := &Resolver{addr: loopback.FreeAddr(t), log: filepath.Join(t.TempDir(), "log")}
		if r.run(t, program, c) {
			return r
		}
		t.Logf("unbound does not answer on %s:\n%s", r.addr, r.Log())
	}
	t.Fatalf("unbound did not start in %d tries", tries)
	return nil
}

// run starts the program and reports whether it answers.
func (r *Resolver) run(t testing.TB, program string, c Config) bool {
	t.Helper()
	dir := filepath.Dir(r.log)
	file := filepath.Join(dir, "unbound.conf")
	if err := os.WriteFile(file, []byte(c.text(dir, r)), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(context.WithoutCancel(t.Context()), program, "-d", "-c", file)
	return loopback.Run(t, command, func() bool {
		m, err := r.exchange(t.Context(), "localhost.", dns.TypeA, false) // which it knows by itself
		return err == nil && m.RecursionAvailable                         // it is no name server of another test
	})
}

func (c Config) text(dir string, r *Resolver) string {
	host, port, _ := net.SplitHostPort(r.addr)
	lines := []string{
		"server:", "  do-daemonize: no", "  use-syslog: no", `  chroot: ""`, `  username: ""`, `  pidfile: ""`,
		fmt.Sprintf("  directory: %q", dir), fmt.Sprintf("  logfile: %q", r.log), "  val-log-level: 2",
		"  interface: " + host + "@" + port, "  port: " + port, "  do-ip6: no", "  num-threads: 1",
		"  do-not-query-localhost: no", `  module-config: "validator iterator"`, "  access-control: 127.0.0.0/8 allow",
		// What failed once must not be remembered for longer than the test lasts.
		"  infra-host-ttl: 1", "  val-bogus-ttl: 1",
		// However fast a server has been, the machine may be busy now: an answer that comes late is none that is bogus.
		"  infra-cache-min-rtt: 1000",
	}
	for _, anchor := range c.TrustAnchors {
		lines = append(lines, fmt.Sprintf("  trust-anchor: %q", anchor))
	}
	for zone, servers := range c.Stubs {
		lines = append(lines, "stub-zone:", fmt.Sprintf("  name: %q", zone))
		for _, server := range servers {
			lines = append(lines, "  stub-addr: "+strings.Replace(server, ":", "@", 1))
		}
	}
	return strings.Join(lines, "\n") + "\nremote-control:\n  control-enable: no\n"
}

// Log is what unbound wrote, for a test that failed.
func (r *Resolver) Log() string {
	text, _ := os.ReadFile(r.log)
	return string(text)
}

// Answer is what a client of the resolver gets.
type Answer struct {
	*dns.Msg
	// Secure is set where the answer was validated.
	Secure bool
	// Bogus is set where validation alone refused the answer: with checking disabled there is one.
	Bogus bool
}

// Ask asks for a name and a type. An answer that fails is asked for again without validation, so that a silent server
// is not taken for a bogus answer.
func (r *Resolver) Ask(ctx context.Context, name string, qtype uint16) (Answer, error) {
	m, err := r.exchange(ctx, name, qtype, false)
	if err != nil || m.Rcode != dns.RcodeServerFailure {
		return Answer{Msg: m, Secure: err == nil && m.AuthenticatedData}, err
	}
	unchecked, err := r.exchange(ctx, name, qtype, true)
	if err != nil {
		return Answer{Msg: m}, err
	}
	return Answer{Msg: m, Bogus: unchecked.Rcode != dns.RcodeServerFailure}, nil
}

func (r *Resolver) exchange(ctx context.Context, name string, qtype uint16, unchecked bool) (*dns.Msg, error) {
	q := dns.NewMsg(name, qtype)
	q.ID, q.RecursionDesired, q.CheckingDisabled, q.Security, q.UDPSize = dns.ID(), true, unchecked, true, 1232
	client := dns.NewClient()
	client.Transport = dns.NewTransport()
	client.ReadTimeout = 10 * time.Second
	m, _, err := client.Exchange(ctx, q, "tcp", r.addr)
	return m, err
}
