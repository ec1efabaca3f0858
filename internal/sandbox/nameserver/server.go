package nameserver

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"codeberg.org/miekg/dns"
	"codeberg.org/miekg/dns/dnsutil"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/signing"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/zonedata"
)

// udpSize is the largest answer over UDP, when the client takes it (the "DNS flag day 2020" value).
const udpSize = 1232

// Source is where the answers come from. It is asked anew for every question.
type Source interface {
	Zones() []string // with or without the final dot
	Published(zone string) []zonedata.RRset
}

// Signer is a Source whose zones are signed; nil: that one is not.
type Signer interface {
	Signing(zone string) *signing.Zone
}

// Server is a running name server.
type Server struct {
	source  Source
	stream  net.Listener
	packets net.PacketConn
	running sync.WaitGroup
	closing context.Context //nolint:containedctx // what ends each connection
	end     func()
	silent  atomic.Bool
	maxTTL  atomic.Uint32

	mu      sync.Mutex
	serials map[string]serial
}

// serial counts the versions of a zone.
type serial struct {
	number uint32
	digest uint64
}

// Start listens on addr, "127.0.0.1:0" for a free port, with UDP and TCP on the same one.
func Start(addr string, source Source) (*Server, error) {
	stream, packets, err := listen(addr)
	if err != nil {
		return nil, fmt.Errorf("start name server: %w", err)
	}
	s := &Server{source: source, stream: stream, packets: packets, serials: map[string]serial{}}
	s.closing, s.end = context.WithCancel(context.Background())
	s.running.Go(s.servePackets)
	s.running.Go(s.serveStreams)
	return s, nil
}

// listen finds a port that is free for both transports.
func listen(addr string) (net.Listener, net.PacketConn, error) {
	var last error
	for range 20 {
		listener, err := net.Listen("tcp", addr)
		if err != nil {
			return nil, nil, err
		}
		packets, err := net.ListenPacket("udp", listener.Addr().String())
		if err == nil {
			return listener, packets, nil
		}
		last = err
		_ = listener.Close()
	}
	return nil, nil, last
}

// Addr is "127.0.0.1:port".
func (s *Server) Addr() string { return s.stream.Addr().String() }

// SetSilent makes the server swallow all questions, as one that is out of reach does.
func (s *Server) SetSilent(on bool) { s.silent.Store(on) }

// SetMaxTTL caps the TTLs of all answers, so that caches run out while somebody waits; 0: as stored.
func (s *Server) SetMaxTTL(seconds uint32) { s.maxTTL.Store(seconds) }

// Close stops the server and drops all connections.
func (s *Server) Close() {
	s.end()
	_, _ = s.stream.Close(), s.packets.Close()
	s.running.Wait()
}

func (s *Server) servePackets() {
	buffer := make([]byte, dns.MaxMsgSize)
	for {
		n, client, err := s.packets.ReadFrom(buffer)
		if err != nil {
			return // closed
		}
		question := slices.Clone(buffer[:n])
		s.running.Go(func() {
			if answer := s.reply(question, true); answer != nil {
				_, _ = s.packets.WriteTo(answer, client) // the client may have gone
			}
		})
	}
}

func (s *Server) serveStreams() {
	for {
		client, err := s.stream.Accept()
		if err != nil {
			return // closed
		}
		s.running.Go(func() { s.serveStream(client) })
	}
}

// serveStream answers until the client leaves or the server ends. Each message has its length before it (RFC 1035
// section 4.2.2).
func (s *Server) serveStream(client net.Conn) {
	defer func() { _ = client.Close() }()
	defer context.AfterFunc(s.closing, func() { _ = client.Close() })()
	for {
		var length [2]byte
		if _, err := io.ReadFull(client, length[:]); err != nil {
			return
		}
		question := make([]byte, binary.BigEndian.Uint16(length[:]))
		if _, err := io.ReadFull(client, question); err != nil {
			return
		}
		answer := s.reply(question, false)
		if answer == nil {
			continue
		}
		if _, err := client.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...)); err != nil {
			return
		}
	}
}

// reply answers one question; nil is silence.
func (s *Server) reply(question []byte, packet bool) []byte {
	r, m := &dns.Msg{Data: question}, new(dns.Msg)
	err := r.Unpack()
	if s.silent.Load() || len(question) < dns.MsgHeaderSize || r.Response {
		return nil
	}
	dnsutil.SetReply(m, r)
	if err != nil {
		m.Rcode = dns.RcodeFormatError
	} else {
		s.answer(m, r)
	}
	limit := dns.MaxMsgSize
	if packet {
		limit = max(dns.MinMsgSize, min(int(r.UDPSize), udpSize))
	}
	if err := pack(m, limit); err != nil {
		m.Reset()
		m.Data, m.Rcode = nil, dns.RcodeServerFailure
		_ = m.Pack() // a header and the question, which was just read
	}
	return m.Data
}

// pack truncates what is too long: the client has to come back over TCP (RFC 2181 section 9).
func pack(m *dns.Msg, limit int) error {
	if err := m.Pack(); err != nil {
		return err
	}
	if len(m.Data) <= limit {
		return nil
	}
	m.Reset()
	m.Data, m.Truncated = nil, true
	return m.Pack()
}

func (s *Server) answer(m, r *dns.Msg) {
	if r.UDPSize > 0 {
		m.UDPSize = udpSize
	}
	if r.Opcode != dns.OpcodeQuery {
		m.Rcode = dns.RcodeNotImplemented
		return
	}
	name, qtype := dnsutil.Question(r)
	z := s.zoneOf(strings.ToLower(name))
	if z == nil || r.Question[0].Header().Class != dns.ClassINET {
		m.Rcode = dns.RcodeRefused
		return
	}
	reply, err := z.ask(name, dnsutil.TypeToString(qtype))
	if err != nil {
		m.Rcode = dns.RcodeServerFailure
		return
	}
	if r.Security && z.signed != nil {
		if err := z.secure(&reply); err != nil {
			m.Rcode = dns.RcodeServerFailure
			return
		}
	}
	m.Rcode, m.Authoritative = reply.rcode, reply.authoritative
	m.Answer, m.Ns, m.Extra = reply.answer, reply.authority, reply.additional
}

// zoneOf finds the zone that holds a name: the one with the longest name.
func (s *Server) zoneOf(name string) *zone {
	apex, spelling := "", ""
	for _, candidate := range s.source.Zones() {
		full := dnsutil.Fqdn(strings.ToLower(candidate))
		if dnsutil.IsBelow(full, name) && len(full) > len(apex) {
			apex, spelling = full, candidate
		}
	}
	if apex == "" {
		return nil
	}
	sets := s.source.Published(spelling)
	var signed *signing.Zone
	if signer, ok := s.source.(Signer); ok {
		if signed = signer.Signing(spelling); signed != nil {
			sets = join(sets, signed.Own(apex), signed.TTL)
		}
	}
	z := newZone(apex, s.serial(apex, sets), sets)
	z.lower(s.maxTTL.Load())
	z.signed = signed
	return z
}

// join puts what the signer publishes at the apex together with what users added there, under the signer's TTL.
func join(sets, own []zonedata.RRset, ttl uint32) []zonedata.RRset {
	joined := slices.Clone(sets)
	for _, o := range own {
		at := slices.IndexFunc(joined, func(set zonedata.RRset) bool { return set.Name == o.Name && set.Type == o.Type })
		if at < 0 {
			joined = append(joined, o)
			continue
		}
		values := slices.Concat(joined[at].Values, o.Values)
		slices.Sort(values)
		joined[at].Values, joined[at].TTL = slices.Compact(values), ttl
	}
	return joined
}

// serial grows whenever the content of a zone is another than it was at the last question.
func (s *Server) serial(apex string, sets []zonedata.RRset) uint32 {
	digest := fnv.New64a()
	fmt.Fprint(digest, sets)
	s.mu.Lock()
	defer s.mu.Unlock()
	last := s.serials[apex]
	if last.digest != digest.Sum64() {
		last = serial{number: last.number + 1, digest: digest.Sum64()}
		s.serials[apex] = last
	}
	return last.number
}
