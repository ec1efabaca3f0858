package probe

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"codeberg.org/miekg/dns"
	"codeberg.org/miekg/dns/dnstest"
	"codeberg.org/miekg/dns/dnsutil"
	"github.com/google/go-cmp/cmp"
)

// zoneServer answers on 127.0.0.1 over UDP and TCP, at the same port, from records in zone file form. It follows
// aliases as far as its records go.
type zoneServer struct {
	address string
	records []dns.RR
	rcode   uint16 // answered to everything when not zero
	udp     atomic.Int32
	tcp     atomic.Int32

	// truncated makes every answer over UDP one that did not fit.
	truncated bool
}

func serveZone(t *testing.T, s *zoneServer, records ...string) *zoneServer {
	t.Helper()
	for _, r := range records {
		rr, err := dns.New(r)
		if err != nil {
			t.Fatalf("%q: %v", r, err)
		}
		s.records = append(s.records, rr)
	}
	conn, listener := samePort(t)
	s.address = conn.LocalAddr().String()
	for _, server := range []*dns.Server{{Net: "udp", PacketConn: conn}, {Net: "tcp", Listener: listener}} {
		base := dns.NewServer()
		base.Net, base.PacketConn, base.Listener, base.Handler = server.Net, server.PacketConn, server.Listener, dns.HandlerFunc(s.answer)
		started := make(chan struct{})
		base.NotifyStartedFunc = func(context.Context) { close(started) }
		ended := make(chan error, 1)
		go func() { ended <- base.ListenAndServe() }()
		select {
		case <-started:
		case err := <-ended:
			t.Fatal(err)
		}
		t.Cleanup(func() {
			base.Shutdown(context.WithoutCancel(t.Context()))
			if err := <-ended; err != nil {
				t.Log("the server ended with", err)
			}
		})
	}
	return s
}

// samePort finds a port that is free for UDP and TCP.
func samePort(t *testing.T) (net.PacketConn, net.Listener) {
	t.Helper()
	var last error
	for range 20 {
		conn, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		listener, err := net.Listen("tcp", conn.LocalAddr().String())
		if err == nil {
			return conn, listener
		}
		last = err
		_ = conn.Close()
	}
	t.Fatal(last)
	return nil, nil
}

func (s *zoneServer) answer(_ context.Context, w dns.ResponseWriter, q *dns.Msg) {
	name, typ := dnsutil.Question(q)
	m := q.Copy()
	dnsutil.SetReply(m, q)
	m.Rcode = s.rcode
	m.Authoritative = true
	exists := false
	for range 10 {
		alias := ""
		for _, rr := range s.records {
			if !strings.EqualFold(rr.Header().Name, name) {
				continue
			}
			exists = true
			if dns.RRToType(rr) == typ {
				m.Answer = append(m.Answer, rr)
			} else if c, ok := rr.(*dns.CNAME); ok {
				m.Answer = append(m.Answer, rr)
				alias = c.Target
			}
		}
		if alias == "" {
			break
		}
		name = alias
	}
	if !exists && s.rcode == 0 {
		m.Rcode = dns.RcodeNameError
	}
	if dnsutil.Network(w) == "udp" {
		s.udp.Add(1)
		if s.truncated {
			m.Truncated, m.Answer = true, nil
		}
	} else {
		s.tcp.Add(1)
	}
	if m.Pack() == nil {
		_, _ = io.Copy(w, m)
	}
}

func mustDNS(t *testing.T, c DNS) Prober {
	t.Helper()
	p, err := NewDNS(c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var zone = []string{
	"example.com. 60 IN SOA ns.example.com. hostmaster.example.com. 1 2 3 4 5",
	"www.example.com. 60 IN CNAME web-router.example.com.",
	"web-router.example.com. 60 IN CNAME cf-front.example.net.",
	"www.example.org. 60 IN CNAME front.example.org.",
	"front.example.org. 60 IN A 192.0.2.7",
	"a.example.com. 60 IN A 192.0.2.1",
	"a.example.com. 60 IN A 192.0.2.2",
	"a.example.com. 60 IN AAAA 2001:db8::1",
	"a.example.com. 60 IN MX 10 Mail.example.com.",
	`a.example.com. 60 IN TXT "v=spf1 -all" "; x"`,
}

func TestDNS_Verdict(t *testing.T) {
	s := serveZone(t, &zoneServer{}, zone...)
	tests := []struct {
		name     string
		owner    string
		typ      string
		expected []string
		want     string // with a leading "+" when healthy
	}{
		{"one record is enough", "www.example.com", "CNAME", nil, "+answer holds web-router.example.com."},
		{"upper case, final dot, lower type", "WWW.Example.COM.", "cname", nil, "+answer holds web-router.example.com."},
		{"expected", "www.example.com", "CNAME", []string{"web-router.example.com"}, "+answer holds web-router.example.com."},
		{"one of two expected", "a.example.com", "A", []string{"192.0.2.2"}, "+answer holds 192.0.2.2"},
		{"both expected", "a.example.com", "A", []string{"192.0.2.2", "192.0.2.1"}, "+answer holds 192.0.2.1, 192.0.2.2"},
		{"not there", "a.example.com", "A", []string{"192.0.2.9", "192.0.2.1"}, "answer lacks 192.0.2.9, it holds 192.0.2.1, 192.0.2.2"},
		{"another spelling", "a.example.com", "AAAA", []string{"2001:DB8:0::1"}, "+answer holds 2001:db8::1"},
		{"upper case in the answer", "a.example.com", "MX", []string{"10 mail.example.com"}, "+answer holds 10 mail.example.com."},
		{"TXT whatever its chunks", "a.example.com", "TXT", []string{"v=spf1 -all; x"}, `+answer holds "v=spf1 -all; x"`},
		{"end of the chain", "www.example.org", "A", []string{"192.0.2.7"}, "+answer holds 192.0.2.7"},
		{"chain leads away", "www.example.com", "A", nil, "www.example.com has no A record at SERVER, only an alias to cf-front.example.net"},
		{"no such name", "none.example.com", "A", nil, "name none.example.com does not exist at SERVER"},
		{"no such type", "a.example.com", "CAA", nil, "a.example.com has no CAA record at SERVER"},
		{"a type without canonical form", "example.com", "SOA", []string{"ns.example.com. hostmaster.example.com. 1 2 3 4 5"},
			"+answer holds ns.example.com. hostmaster.example.com. 1 2 3 4 5"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := try(t.Context(), mustDNS(t, DNS{s.address, tt.owner, tt.typ, tt.expected}), 30*time.Second)
			reason, healthy := strings.CutPrefix(strings.ReplaceAll(tt.want, "SERVER", s.address), "+")
			want := Result{Success: healthy, Reason: reason, RemoteAddress: s.address}
			if diff := cmp.Diff(want, got, ignoreLatency); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDNS_TXTBytes(t *testing.T) {
	for _, text := range []string{"tab\there", `quote " and \ back`, "umlaut ü", "line\nbreak", "\x00\x7f"} {
		data := strings.Builder{}
		for _, b := range []byte(text) {
			data.WriteString(`\`)
			data.WriteString([]string{"0", "1", "2"}[b/100])
			data.WriteByte('0' + b/10%10)
			data.WriteByte('0' + b%10)
		}
		s := serveZone(t, &zoneServer{}, `t.example.com. 60 IN TXT "`+data.String()+`"`)
		got := try(t.Context(), mustDNS(t, DNS{s.address, "t.example.com", "TXT", []string{`"` + data.String() + `"`}}), 30*time.Second)
		if !got.Success {
			t.Errorf("%q: %s", text, got.Reason)
		}
	}
}

func TestDNS_TruncatedAnswerIsAskedOverTCP(t *testing.T) {
	s := serveZone(t, &zoneServer{truncated: true}, zone...)
	got := try(t.Context(), mustDNS(t, DNS{s.address, "a.example.com", "A", []string{"192.0.2.2"}}), 30*time.Second)
	if !got.Success || s.udp.Load() != 1 || s.tcp.Load() != 1 {
		t.Errorf("got %+v, %d questions over UDP, %d over TCP", got, s.udp.Load(), s.tcp.Load())
	}
}

func TestDNS_OneQuestionForEachAttempt(t *testing.T) {
	s := serveZone(t, &zoneServer{rcode: dns.RcodeServerFailure})
	got := try(t.Context(), mustDNS(t, DNS{s.address, "a.example.com", "A", nil}), 30*time.Second)
	if got.Success || got.Reason != s.address+" answered SERVFAIL" {
		t.Errorf("got %+v", got)
	}
	if n := s.udp.Load() + s.tcp.Load(); n != 1 {
		t.Errorf("%d questions, want 1", n)
	}
}

func TestDNS_Down(t *testing.T) {
	silent, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	got := try(t.Context(), mustDNS(t, DNS{silent.LocalAddr().String(), "a.example.com", "A", nil}), 40*time.Millisecond)
	if got.Success || got.Reason != "no answer within 40ms" {
		t.Errorf("silent: %+v", got)
	}

	got = try(t.Context(), mustDNS(t, DNS{nobody, "a.example.com", "A", nil}), 30*time.Second)
	if got.Success || got.Reason != "connect "+nobody+": refused" {
		t.Errorf("closed: %+v", got)
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got = mustDNS(t, DNS{silent.LocalAddr().String(), "a.example.com", "A", nil}).Probe(ctx)
	if got.Success || got.Reason != "cancelled" {
		t.Errorf("cancelled: %+v", got)
	}
}

// A server that answers with what was not asked, or with no message at all, is not healthy.
func TestDNS_StrangeAnswers(t *testing.T) {
	for name, tt := range map[string]struct {
		answer func(q *dns.Msg) []byte
		reason string
	}{
		"another question": {func(q *dns.Msg) []byte {
			m := dns.NewMsg("other.example.com.", dns.TypeA)
			m.ID, m.Response = q.ID, true
			_ = m.Pack()
			return m.Data
		}, "answered another question"},
		"no question": {func(q *dns.Msg) []byte {
			m := &dns.Msg{}
			m.ID, m.Response = q.ID, true
			_ = m.Pack()
			return m.Data
		}, "answered without the question"},
		"no message":          {func(*dns.Msg) []byte { return []byte("what?") }, "does not speak DNS"},
		"the question itself": {func(q *dns.Msg) []byte { return q.Data }, "does not speak DNS"},
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := net.ListenPacket("udp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			go func() {
				buffer := make([]byte, 4096)
				n, from, err := conn.ReadFrom(buffer)
				if err != nil {
					return
				}
				q := &dns.Msg{Data: buffer[:n]}
				if q.Unpack() == nil {
					_, _ = conn.WriteTo(tt.answer(q), from)
				}
			}()
			got := try(t.Context(), mustDNS(t, DNS{conn.LocalAddr().String(), "a.example.com", "A", nil}), 100*time.Millisecond)
			if got.Success || got.Reason == "" || !strings.Contains(got.Reason, tt.reason) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// A datagram that is no answer does not end the attempt, wherever it comes from: the real one follows.
func TestDNS_StrayDatagramsBeforeTheAnswer(t *testing.T) {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	message := func(id uint16, name, rr string) []byte {
		m := dns.NewMsg(name, dns.TypeA)
		m.ID, m.Response = id, true
		if rr != "" {
			m.Answer = []dns.RR{dnstest.New(rr)}
		}
		_ = m.Pack()
		return m.Data
	}
	go func() {
		buffer := make([]byte, 4096)
		n, from, err := conn.ReadFrom(buffer)
		if err != nil {
			return
		}
		q := &dns.Msg{Data: buffer[:n]}
		if q.Unpack() != nil {
			return
		}
		const record = "a.example.com. 60 IN A 192.0.2.1"
		for _, datagram := range [][]byte{
			nil, []byte("stray"), q.Data, message(q.ID+1, "a.example.com.", record), message(q.ID, "b.example.com.", "b.example.com. 60 IN A 192.0.2.1"),
			message(q.ID, "a.example.com.", record),
		} {
			_, _ = conn.WriteTo(datagram, from)
		}
	}()
	got := try(t.Context(), mustDNS(t, DNS{conn.LocalAddr().String(), "a.example.com", "A", []string{"192.0.2.1"}}), 30*time.Second)
	if !got.Success {
		t.Errorf("got %+v", got)
	}
}

func TestNewDNS_WrongQuestions(t *testing.T) {
	tests := []struct {
		config    DNS
		attribute string
	}{
		{DNS{"", "www.example.com", "A", nil}, "server"},
		{DNS{"ns.example.com:domain", "www.example.com", "A", nil}, "server"},
		{DNS{"192.0.2.1", "", "A", nil}, "name"},
		{DNS{"192.0.2.1", "www example.com", "A", nil}, "name"},
		{DNS{"192.0.2.1", "www.example.com", "", nil}, "type"},
		{DNS{"192.0.2.1", "www.example.com", "B", nil}, "type"},
		{DNS{"192.0.2.1", "www.example.com", "ANY", nil}, "type"},
		{DNS{"192.0.2.1", "www.example.com", "AXFR", nil}, "type"},
		{DNS{"192.0.2.1", "www.example.com", "OPT", nil}, "type"},
		{DNS{"192.0.2.1", "www.example.com", "A", []string{"front.example.net"}}, "expected_values"},
		{DNS{"192.0.2.1", "www.example.com", "SOA", []string{"1"}}, "expected_values"},
	}
	for _, tt := range tests {
		_, err := NewDNS(tt.config)
		e, ok := errors.AsType[*ConfigError](err)
		if !ok || e.Attribute != tt.attribute || e.Message == "" {
			t.Errorf("%+v: %v, want a ConfigError on %q", tt.config, err, tt.attribute)
		}
	}
	p, err := NewDNS(DNS{"2001:db8::53", "*.example.com", "A", nil})
	if err != nil || p.(dnsProber).server.String() != "[2001:db8::53]:53" || p.(dnsProber).name != "*.example.com." {
		t.Errorf("%+v, %v", p, err)
	}
}

// What an answer holds of other names than the one that was asked for, and those that its aliases lead to, is no
// answer.
func TestDNS_RecordsOfOtherNamesDoNotCount(t *testing.T) {
	for name, tt := range map[string]struct {
		records []string
		healthy bool
		reason  string
	}{
		"another name":           {[]string{"other.example.com. 60 IN A 192.0.2.1"}, false, "no A record"},
		"in another case":        {[]string{"WWW.example.COM. 60 IN A 192.0.2.1"}, true, "192.0.2.1"},
		"a chain":                {[]string{"b.example.net. 60 IN A 192.0.2.1", "a.example.net. 60 IN CNAME B.example.net.", "www.example.com. 60 IN CNAME a.example.net."}, true, "192.0.2.1"},
		"a chain that is broken": {[]string{"www.example.com. 60 IN CNAME a.example.net.", "b.example.net. 60 IN A 192.0.2.1"}, false, "only an alias to a.example.net"},
		"a loop":                 {[]string{"www.example.com. 60 IN CNAME a.example.net.", "a.example.net. 60 IN CNAME www.example.com."}, false, "no A record"},
		"another class":          {[]string{"www.example.com. 60 CH A 192.0.2.1"}, false, "no A record"},
	} {
		m := dns.NewMsg("www.example.com.", dns.TypeA)
		for _, record := range tt.records {
			m.Answer = append(m.Answer, dnstest.New(record))
		}
		p := dnsProber{name: "www.example.com.", typ: dns.TypeA}
		if healthy, reason := p.judge(m, "192.0.2.53:53"); healthy != tt.healthy || !strings.Contains(reason, tt.reason) {
			t.Errorf("%s: %t, %q", name, healthy, reason)
		}
	}
}
