package nameserver

import (
	"context"
	"fmt"
	"net"
	"runtime"
	"sync"
	"testing"
	"time"

	"codeberg.org/miekg/dns"
	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/zonedata"
)

// source is a set of zones that can be changed.
type source struct {
	mu    sync.Mutex
	zones map[string][]zonedata.RRset
}

func (s *source) Zones() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for name := range s.zones {
		names = append(names, name)
	}
	return names
}

func (s *source) Published(zone string) []zonedata.RRset {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.zones[zone]
}

func (s *source) put(zone string, sets ...zonedata.RRset) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.zones[zone] = sets
}

func serve(t *testing.T) (*Server, *source) {
	t.Helper()
	src := &source{zones: map[string][]zonedata.RRset{}}
	src.put("example.com", content...)
	s, err := Start("127.0.0.1:0", src)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, src
}

func ask(t *testing.T, s *Server, network, name string, qtype uint16, change func(*dns.Msg)) *dns.Msg {
	t.Helper()
	m := dns.NewMsg(name, qtype)
	m.ID = dns.ID()
	if change != nil {
		change(m)
	}
	r, _, err := dns.NewClient().Exchange(t.Context(), m, network, s.Addr())
	if err != nil {
		t.Fatalf("%s %s: %v", network, name, err)
	}
	return r
}

func TestServer_BothTransports(t *testing.T) {
	s, src := serve(t)
	for _, network := range []string{"udp", "tcp"} {
		r := ask(t, s, network, "edge.example.com.", dns.TypeA, nil)
		if diff := cmp.Diff([]string{"edge.example.com. 30 IN A 192.0.2.1", "edge.example.com. 30 IN A 192.0.2.2"}, lines(r.Answer)); diff != "" || !r.Authoritative || r.RecursionAvailable {
			t.Errorf("%s: %s\n%v", network, diff, r)
		}
		r = ask(t, s, network, "nope.example.com.", dns.TypeA, nil)
		if r.Rcode != dns.RcodeNameError || len(r.Ns) != 1 {
			t.Errorf("%s: %v", network, r)
		}
		for _, name := range []string{"example.org.", "notexample.com.", "com.", "."} {
			if r := ask(t, s, network, name, dns.TypeA, nil); r.Rcode != dns.RcodeRefused || r.Authoritative {
				t.Errorf("%s: %s: %v", network, name, r)
			}
		}
	}
	src.put("example.com", set("edge.example.com.", "A", 30, "192.0.2.9"))
	if r := ask(t, s, "udp", "edge.example.com.", dns.TypeA, nil); lines(r.Answer)[0] != "edge.example.com. 30 IN A 192.0.2.9" {
		t.Errorf("a change is not served: %v", r.Answer)
	}
}

func TestServer_LongestZoneAnswers(t *testing.T) {
	s, src := serve(t)
	src.put("Inner.example.com.", set("a.inner.example.com.", "A", 60, "192.0.2.8"))
	if r := ask(t, s, "udp", "a.inner.example.com.", dns.TypeA, nil); len(r.Answer) != 1 {
		t.Errorf("got %v", r)
	}
}

func TestServer_SerialGrowsWithTheContent(t *testing.T) {
	s, src := serve(t)
	serial := func() uint32 {
		r := ask(t, s, "udp", "example.com.", dns.TypeSOA, nil)
		soa, ok := r.Answer[0].(*dns.SOA)
		if !ok {
			t.Fatalf("no SOA in %v", r)
		}
		return soa.Serial
	}
	first, again := serial(), serial()
	src.put("example.com", set("example.com.", "A", 60, "192.0.2.1"))
	if after := serial(); first != again || after <= again {
		t.Errorf("serials %d %d %d", first, again, after)
	}
}

// What does not fit is truncated over UDP, with and without EDNS, and whole over TCP.
func TestServer_TruncatesOverUDP(t *testing.T) {
	s, src := serve(t)
	var few, many []string
	for i := range 40 {
		many = append(many, fmt.Sprintf("192.0.2.%d", i))
	}
	for i := range 200 {
		few = append(few, fmt.Sprintf("198.51.100.%d", i))
	}
	src.put("example.com", set("many.example.com.", "A", 60, many...), set("more.example.com.", "A", 60, few...))
	edns := func(m *dns.Msg) { m.UDPSize = 4096 }
	for _, c := range []struct {
		network, name string
		change        func(*dns.Msg)
		records       int
	}{
		{"udp", "many.example.com.", nil, 0}, {"udp", "many.example.com.", edns, 40}, {"tcp", "many.example.com.", nil, 40},
		{"udp", "more.example.com.", edns, 0}, {"tcp", "more.example.com.", edns, 200},
	} {
		r := ask(t, s, c.network, c.name, dns.TypeA, c.change)
		if len(r.Answer) != c.records || r.Truncated != (c.records == 0) {
			t.Errorf("%s %s: %d records, truncated %t", c.network, c.name, len(r.Answer), r.Truncated)
		}
	}
}

func TestServer_OtherOpcodesAndBrokenData(t *testing.T) {
	s, src := serve(t)
	src.put("example.com", set("a.example.com.", "A", 60, "not an address"))
	if r := ask(t, s, "udp", "a.example.com.", dns.TypeA, nil); r.Rcode != dns.RcodeServerFailure {
		t.Errorf("broken data: %v", r)
	}
	if r := ask(t, s, "udp", "example.com.", dns.TypeSOA, func(m *dns.Msg) { m.Opcode = dns.OpcodeNotify }); r.Rcode != dns.RcodeNotImplemented {
		t.Errorf("notify: %v", r)
	}
}

func TestServer_SilentSwallowsQuestions(t *testing.T) {
	s, _ := serve(t)
	s.SetSilent(true)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	client := dns.NewClient()
	client.Transport = dns.NewTransport()
	client.ReadTimeout = 50 * time.Millisecond
	m := dns.NewMsg("edge.example.com.", dns.TypeA)
	if r, _, err := client.Exchange(ctx, m, "udp", s.Addr()); err == nil {
		t.Errorf("answered %v", r)
	}
	s.SetSilent(false)
	if r := ask(t, s, "udp", "edge.example.com.", dns.TypeA, nil); len(r.Answer) != 2 {
		t.Errorf("got %v", r)
	}
}

// Close must not wait for clients that hold a connection, and questions at that moment must do no harm.
func TestServer_CloseWithClientsConnected(t *testing.T) {
	src := &source{zones: map[string][]zonedata.RRset{"example.com": content}}
	s, err := Start("127.0.0.1:0", src)
	if err != nil {
		t.Fatal(err)
	}
	idle, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = idle.Close() }()
	var asking sync.WaitGroup
	stop := make(chan struct{})
	for _, network := range []string{"udp", "tcp"} {
		asking.Go(func() {
			client := dns.NewClient()
			client.Transport = dns.NewTransport()
			client.ReadTimeout = 20 * time.Millisecond
			for {
				select {
				case <-stop:
					return
				default:
					_, _, _ = client.Exchange(context.Background(), dns.NewMsg("edge.example.com.", dns.TypeA), network, s.Addr())
				}
			}
		})
	}
	ask(t, s, "tcp", "edge.example.com.", dns.TypeA, nil)
	s.Close()
	close(stop)
	asking.Wait()
}

// TestServer_CloseFreesTheAddress: whoever closes a server may start another one in its place at once.
func TestServer_CloseFreesTheAddress(t *testing.T) {
	addr := "127.0.0.1:0"
	if runtime.GOOS == "linux" {
		addr = "127.77.0.1:0" // where nobody else looks for a port
	}
	for i := range 500 {
		s, err := Start(addr, &source{})
		if err != nil {
			t.Fatalf("start %d: %v", i, err)
		}
		addr = s.Addr()
		s.Close()
	}
}

func TestStart_PortInUse(t *testing.T) {
	s, src := serve(t)
	if _, err := Start(s.Addr(), src); err == nil {
		t.Error("two servers on one port")
	}
	packets, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = packets.Close() }()
	if _, err := Start(packets.LocalAddr().String(), src); err == nil {
		t.Error("the UDP port was taken")
	}
}
