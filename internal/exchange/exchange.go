package exchange

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"time"

	"codeberg.org/miekg/dns"
)

// The two transports of a question.
const (
	UDP = "udp"
	TCP = "tcp"
)

const (
	// Patience is what one server gets for its answer where a caller has no time of its own.
	Patience = 3 * time.Second
	// udpSize is what fits into every packet (RFC 9715 section 3.1).
	udpSize = 1232
	// repeatAfter is when a question without an answer goes out once more: that a datagram was lost says nothing about
	// the server (RFC 1035 section 4.2.1).
	repeatAfter = time.Second
)

// What came from the server although it is no answer to the question. UDP goes on reading until the end of ctx, because
// a stray datagram says nothing about the server; the error then holds the last of these, and that of ctx.
var (
	ErrNotDNS          = errors.New("it does not speak DNS")
	ErrNoQuestion      = errors.New("it answered without the question")
	ErrAnotherQuestion = errors.New("it answered another question")
)

// Question is what one server is asked.
type Question struct {
	// Name is absolute, with the final dot.
	Name string
	// Type may be one that the DNS library does not know (RFC 3597).
	Type uint16
	// Recursive asks the server to find the answer elsewhere, as one asks a resolver.
	Recursive bool
	// DNSSEC asks for signatures as well (the DO bit, RFC 3225).
	DNSSEC bool
}

// Ask asks over UDP, once more in each second without an answer, and over TCP when the answer did not fit (RFC 7766
// section 5). Only the end of ctx ends the waiting for a silent server. The answer may hold any RCODE.
func Ask(ctx context.Context, server netip.AddrPort, q Question) (*dns.Msg, error) {
	answer, err := Over(ctx, UDP, server, q)
	if err == nil && answer.Truncated {
		return Over(ctx, TCP, server, q)
	}
	return answer, err
}

// Over asks over that transport and no other. An answer over UDP that is Truncated may lack anything but its header and
// the question.
func Over(ctx context.Context, transport string, server netip.AddrPort, q Question) (*dns.Msg, error) {
	message := q.message()
	if err := message.Pack(); err != nil {
		return nil, fmt.Errorf("cannot ask for %q: %w", q.Name, err)
	}
	// The socket is connected, so that the system drops what others than this server send.
	conn, err := (&net.Dialer{KeepAlive: -1}).DialContext(ctx, transport, server.String())
	if err != nil {
		if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() && hasDeadline(ctx) {
			<-ctx.Done() // the dialer looks at the clock itself, and may be a moment ahead of ctx
		}
		return nil, orEnd(ctx, err)
	}
	defer func() { _ = conn.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()

	converse := overDatagrams
	if transport == TCP {
		converse = overStream
	}
	answer, err := converse(conn, q, message)
	if err != nil {
		return nil, orEnd(ctx, err)
	}
	return answer, nil
}

func hasDeadline(ctx context.Context) bool {
	_, has := ctx.Deadline()
	return has
}

// orEnd adds that ctx was over: the end of ctx shows as the error of a closed connection.
func orEnd(ctx context.Context, err error) error {
	switch {
	case ctx.Err() == nil || errors.Is(err, ctx.Err()):
		return err
	case isStray(err):
		return fmt.Errorf("%w: %w", ctx.Err(), err)
	default:
		return ctx.Err()
	}
}

func isStray(err error) bool {
	return errors.Is(err, ErrNotDNS) || errors.Is(err, ErrNoQuestion) || errors.Is(err, ErrAnotherQuestion)
}

// NoWay reports whether an error means that this machine cannot reach the server's network, as one without IPv6. It
// says nothing about the server.
func NoWay(err error) bool {
	for _, noWay := range []error{syscall.ENETUNREACH, syscall.EHOSTUNREACH, syscall.EADDRNOTAVAIL, syscall.EAFNOSUPPORT, syscall.EACCES, syscall.EPERM, syscall.EINVAL} {
		if errors.Is(err, noWay) {
			return true
		}
	}
	return false
}

func (q Question) message() *dns.Msg {
	m := dns.NewMsg(q.Name, q.Type)
	if m == nil { // a type that the library does not know
		rr := &dns.RFC3597{Hdr: dns.Header{Name: q.Name, Class: dns.ClassINET}}
		rr.RRType = q.Type
		m = &dns.Msg{Question: []dns.RR{rr}}
	}
	m.ID = dns.ID()
	m.RecursionDesired = q.Recursive
	m.UDPSize, m.Security = udpSize, q.DNSSEC
	return m
}

func overStream(conn net.Conn, q Question, asked *dns.Msg) (*dns.Msg, error) {
	if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(asked.Data))), asked.Data...)); err != nil {
		return nil, err
	}
	data, err := readFrame(conn)
	if err != nil {
		return nil, err
	}
	return q.answer(data, asked.ID)
}

func overDatagrams(conn net.Conn, q Question, asked *dns.Msg) (*dns.Msg, error) {
	buffer := make([]byte, dns.MaxMsgSize)
	var stray error
	for {
		if _, err := conn.Write(asked.Data); err != nil {
			return nil, errors.Join(stray, err)
		}
		_ = conn.SetReadDeadline(time.Now().Add(repeatAfter)) //nolint:forbidigo // a socket's deadline is of the clock on the wall
		for {
			n, err := conn.Read(buffer)
			if errors.Is(err, os.ErrDeadlineExceeded) {
				break
			}
			if err != nil {
				return nil, errors.Join(stray, err)
			}
			answer, err := q.answer(append([]byte(nil), buffer[:n]...), asked.ID)
			if err == nil {
				return answer, nil
			}
			stray = err
		}
	}
}

// readFrame reads one message of a stream (RFC 1035 section 4.2.2).
func readFrame(r io.Reader) ([]byte, error) {
	var length [2]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return nil, err
	}
	data := make([]byte, binary.BigEndian.Uint16(length[:]))
	_, err := io.ReadFull(r, data)
	return data, err
}

// answer reads a message, and refuses one that does not answer the question (RFC 5452 section 9.1).
func (q Question) answer(data []byte, id uint16) (*dns.Msg, error) {
	m := &dns.Msg{Data: data}
	// One that was cut short may end in the middle of a record.
	if err := m.Unpack(); err != nil && !m.Truncated {
		return nil, ErrNotDNS
	}
	switch {
	case !m.Response:
		return nil, ErrNotDNS
	case m.ID != id:
		return nil, ErrAnotherQuestion
	case len(m.Question) == 0:
		return nil, ErrNoQuestion
	case len(m.Question) > 1 || !strings.EqualFold(m.Question[0].Header().Name, q.Name) ||
		dns.RRToType(m.Question[0]) != q.Type || m.Question[0].Header().Class != dns.ClassINET:
		return nil, ErrAnotherQuestion
	}
	return m, nil
}
