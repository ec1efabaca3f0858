package exchange

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"codeberg.org/miekg/dns"
	"codeberg.org/miekg/dns/dnstest"
)

// server answers with whatever datagrams, or frames, its function makes of a question.
type server struct {
	addr netip.AddrPort
	seen chan *dns.Msg
}

// serve listens with both transports on one port. answer gives the messages to send back, in order.
func serve(t *testing.T, answer func(transport string, asked *dns.Msg) [][]byte) server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	packets, err := net.ListenPacket("udp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = listener.Close(), packets.Close() })
	s := server{netip.MustParseAddrPort(listener.Addr().String()), make(chan *dns.Msg, 16)}
	parse := func(data []byte) *dns.Msg {
		m := &dns.Msg{Data: slices.Clone(data)}
		if m.Unpack() != nil {
			return nil
		}
		s.seen <- m
		return m
	}
	go func() {
		buffer := make([]byte, dns.MaxMsgSize)
		for {
			n, from, err := packets.ReadFrom(buffer)
			if err != nil {
				return
			}
			for _, data := range answer(UDP, parse(buffer[:n])) {
				_, _ = packets.WriteTo(data, from)
			}
		}
	}()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			if data, err := readFrame(conn); err == nil {
				for _, data := range answer(TCP, parse(data)) {
					_, _ = conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(data))), data...))
				}
			}
			_ = conn.Close()
		}
	}()
	return s
}

// reply is the answer to asked, with one address, after edit.
func reply(asked *dns.Msg, edit func(*dns.Msg)) []byte {
	m := &dns.Msg{Question: asked.Question}
	m.ID, m.Response, m.Authoritative = asked.ID, true, true
	m.Answer = []dns.RR{dnstest.New("www.example.com. 60 IN A 192.0.2.1")}
	if edit != nil {
		edit(m)
	}
	if err := m.Pack(); err != nil {
		panic(err)
	}
	return m.Data
}

var question = Question{Name: "www.example.com.", Type: dns.TypeA}

func another(name string) func(*dns.Msg) {
	return func(m *dns.Msg) { m.Question = dns.NewMsg(name, dns.TypeA).Question }
}

func within(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

// TestAsk_StrayDatagramsAreReadOver: each comes before the answer, and the answer counts all the same.
func TestAsk_StrayDatagramsAreReadOver(t *testing.T) {
	for name, stray := range map[string]func(asked *dns.Msg) []byte{
		"another id":   func(m *dns.Msg) []byte { return reply(m, func(m *dns.Msg) { m.ID++ }) },
		"another name": func(m *dns.Msg) []byte { return reply(m, another("other.example.com.")) },
		"another type": func(m *dns.Msg) []byte {
			return reply(m, func(m *dns.Msg) { m.Question = dns.NewMsg("www.example.com.", dns.TypeAAAA).Question })
		},
		"no question": func(m *dns.Msg) []byte { return reply(m, func(m *dns.Msg) { m.Question = nil }) },
		"two questions": func(m *dns.Msg) []byte {
			return reply(m, func(m *dns.Msg) { m.Question = append(slices.Clone(m.Question), m.Question[0]) })
		},
		"question echoed":  func(m *dns.Msg) []byte { return reply(m, func(m *dns.Msg) { m.Response = false }) },
		"no message":       func(*dns.Msg) []byte { return []byte("what?") },
		"an empty message": func(*dns.Msg) []byte { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(_ string, asked *dns.Msg) [][]byte { return [][]byte{stray(asked), reply(asked, nil)} })
			answer, err := Ask(within(t, time.Minute), s.addr, question)
			if err != nil || len(answer.Answer) != 1 {
				t.Errorf("%v, %v", answer, err)
			}
		})
	}
}

// TestAsk_OnlyStrays: the end of ctx ends the reading, and the error says what came instead.
func TestAsk_OnlyStrays(t *testing.T) {
	for name, tt := range map[string]struct {
		stray func(asked *dns.Msg) []byte
		want  error
	}{
		"another id":  {func(m *dns.Msg) []byte { return reply(m, func(m *dns.Msg) { m.ID++ }) }, ErrAnotherQuestion},
		"no question": {func(m *dns.Msg) []byte { return reply(m, func(m *dns.Msg) { m.Question = nil }) }, ErrNoQuestion},
		"no message":  {func(*dns.Msg) []byte { return []byte("what?") }, ErrNotDNS},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(_ string, asked *dns.Msg) [][]byte { return [][]byte{tt.stray(asked)} })
			_, err := Ask(within(t, 100*time.Millisecond), s.addr, question)
			if !errors.Is(err, tt.want) || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
			if _, err := Over(within(t, time.Minute), TCP, s.addr, question); !errors.Is(err, tt.want) {
				t.Errorf("over TCP, where nothing else can come: %v", err)
			}
		})
	}
}

// TestAsk_AnotherSource: what a third party sends to the socket is not read.
func TestAsk_AnotherSource(t *testing.T) {
	third, err := net.ListenPacket("udp", "127.0.0.2:0")
	if err != nil {
		t.Fatal(err)
	}
	defer third.Close()
	packets, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer packets.Close()
	go func() {
		buffer := make([]byte, dns.MaxMsgSize)
		n, from, err := packets.ReadFrom(buffer)
		if err != nil {
			return
		}
		asked := &dns.Msg{Data: buffer[:n]}
		if asked.Unpack() != nil {
			return
		}
		_, _ = third.WriteTo(reply(asked, func(m *dns.Msg) { m.Rcode = dns.RcodeNameError }), from)
		_, _ = packets.WriteTo(reply(asked, nil), from)
	}()
	answer, err := Ask(within(t, time.Minute), netip.MustParseAddrPort(packets.LocalAddr().String()), question)
	if err != nil || answer.Rcode != dns.RcodeSuccess {
		t.Errorf("%v, %v", answer, err)
	}
}

// TestAsk_TruncatedComesOverTCP, also when it was cut in the middle of a record.
func TestAsk_TruncatedComesOverTCP(t *testing.T) {
	for _, cut := range []int{0, 5} {
		transports := make(chan string, 4)
		s := serve(t, func(transport string, asked *dns.Msg) [][]byte {
			transports <- transport
			data := reply(asked, func(m *dns.Msg) { m.Truncated = transport == UDP })
			if transport == UDP {
				data = data[:len(data)-cut]
			}
			return [][]byte{data}
		})
		answer, err := Ask(within(t, time.Minute), s.addr, question)
		var used []string
		for len(transports) > 0 {
			used = append(used, <-transports)
		}
		if err != nil || answer.Truncated || len(answer.Answer) != 1 || !slices.Equal(used, []string{UDP, TCP}) {
			t.Errorf("cut by %d: %v, %v over %v", cut, answer, err, used)
		}
	}
}

// TestQuestion_OnTheWire: what the server sees.
func TestQuestion_OnTheWire(t *testing.T) {
	s := serve(t, func(_ string, asked *dns.Msg) [][]byte { return [][]byte{reply(asked, nil)} })
	for _, q := range []Question{
		question,
		{Name: ".", Type: dns.TypeNS},
		{Name: "www.example.com.", Type: dns.TypeA, Recursive: true},
		{Name: "example.com.", Type: dns.TypeDNSKEY, DNSSEC: true},
		{Name: "www.example.com.", Type: 65280}, // private use: no library knows it
	} {
		if _, err := Ask(within(t, time.Minute), s.addr, q); err != nil {
			t.Fatalf("%+v: %v", q, err)
		}
		seen := <-s.seen
		got := Question{seen.Question[0].Header().Name, dns.RRToType(seen.Question[0]), seen.RecursionDesired, seen.Security}
		if got != q || seen.UDPSize != udpSize {
			t.Errorf("the server saw %+v and %d, want %+v", got, seen.UDPSize, q)
		}
	}
	if _, err := Ask(t.Context(), s.addr, Question{Name: strings.Repeat("a", 64) + ".", Type: dns.TypeA}); err == nil {
		t.Error("no error for a name that does not fit")
	}
}

// TestOver_EndOfContext: a silent server is left at once when ctx ends, over both transports.
func TestOver_EndOfContext(t *testing.T) {
	s := serve(t, func(transport string, _ *dns.Msg) [][]byte {
		if transport == TCP {
			<-t.Context().Done()
		}
		return nil
	})
	for _, transport := range []string{UDP, TCP} {
		ctx, cancel := context.WithCancel(t.Context())
		go func() { <-s.seen; cancel() }()
		if _, err := Over(ctx, transport, s.addr, question); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", transport, err)
		}
	}
}

// TestOver_Refused: a closed port is told apart from silence.
func TestOver_Refused(t *testing.T) {
	for _, transport := range []string{UDP, TCP} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_ = listener.Close()
		_, err = Over(within(t, time.Minute), transport, netip.MustParseAddrPort(listener.Addr().String()), question)
		if err == nil || errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", transport, err)
		}
	}
}

func TestReadFrame_CutShort(t *testing.T) {
	if _, err := readFrame(strings.NewReader("\x00\x09x")); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
}

// TestAsk_ADatagramIsLost: the first question gets no answer, or the first answer is lost, which is the same from here.
func TestAsk_ADatagramIsLost(t *testing.T) {
	var asked int
	s := serve(t, func(_ string, q *dns.Msg) [][]byte {
		if asked++; asked == 1 {
			return nil
		}
		return [][]byte{reply(q, nil)}
	})
	answer, err := Ask(within(t, time.Minute), s.addr, question)
	if err != nil || len(answer.Answer) != 1 {
		t.Fatalf("%v, %v", answer, err)
	}
	if first, second := <-s.seen, <-s.seen; first.ID != second.ID {
		t.Error("another question was asked: the answer to the first would not count")
	}
}

// overdue is a context whose end nobody has told yet.
type overdue struct{ context.Context }

func (overdue) Deadline() (time.Time, bool) { return time.Unix(0, 0), true }

// TestOver_DialerIsAheadOfContext: whoever asks ctx whether it was too late has to hear that it was.
func TestOver_DialerIsAheadOfContext(t *testing.T) {
	s := serve(t, func(string, *dns.Msg) [][]byte { return nil })
	for _, transport := range []string{UDP, TCP} {
		ctx := overdue{within(t, 50*time.Millisecond)}
		if _, err := Over(ctx, transport, s.addr, question); !errors.Is(err, context.DeadlineExceeded) || ctx.Err() == nil {
			t.Errorf("%s: %v, and the context says %v", transport, err, ctx.Err())
		}
	}
}
