package delegation

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"codeberg.org/miekg/dns"
	"codeberg.org/miekg/dns/dnstest"
	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/nameserver"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/sandboxtest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/zonedata"
)

// zones are what one name server answers from.
type zones = sandboxtest.Zones

func set(name, typ string, values ...string) zonedata.RRset {
	return zonedata.RRset{Name: name, Type: typ, TTL: 7200, Values: values}
}

const digest = "371 13 2 2371" + "0000000000000000000000000000000000000000000000000000000000ab"

// serve starts one name server for each element, on 127.0.0.1, 127.0.0.2 and so on, all at one port, and gives an Asker
// that begins at the first. That one serves com. in place of the root.
func serve(t *testing.T, all ...zones) Asker {
	t.Helper()
	first := sandboxtest.Serve(t, "127.0.0.1:0", all[0])
	root := netip.MustParseAddrPort(first.Addr())
	address := root.Addr()
	for _, z := range all[1:] {
		address = address.Next()
		s, err := nameserver.Start(netip.AddrPortFrom(address, root.Port()).String(), z)
		if err != nil {
			t.Skipf("no second loopback address: %v", err) // macOS has 127.0.0.1 alone
		}
		t.Cleanup(s.Close)
	}
	return Asker{Roots: []netip.AddrPort{root}, Port: root.Port(), Lookup: func(context.Context, string) ([]netip.Addr, error) {
		return nil, &net.DNSError{Err: "no such host", IsNotFound: true}
	}}
}

var com = []zonedata.RRset{
	set("com.", "NS", "a.gtld.example."),
	set("signed.com.", "NS", "NS1.deSEC.io.", "ada.ns.cloudflare.com."),
	set("signed.com.", "DS", digest, "2371 13 4 "+strings.Repeat("ab", 48)),
	set("unsigned.com.", "NS", "ns2.desec.org.", "ns1.desec.io."),
	set("large.com.", "NS", many()...),
	set("example.com.", "NS", "ns.example.com.", "ns.elsewhere.net."),
	set("ns.example.com.", "A", "127.0.0.2"),
	set("glueless.com.", "NS", "ns.elsewhere.net."),
	set("www.com.", "A", "192.0.2.1"),
}

// many are too many name servers for one packet.
func many() []string {
	var hosts []string
	for i := range 60 {
		hosts = append(hosts, strings.Repeat(string(rune('a'+i%26)), 20+i/26)+".example.net.")
	}
	return hosts
}

func TestAsk_Delegations(t *testing.T) {
	child := zones{"example.com": {
		set("example.com.", "NS", "ns.example.com."),
		set("sub.example.com.", "NS", "ns1.desec.io."),
		set("sub.example.com.", "DS", digest),
	}}
	asker := serve(t, zones{"com": com}, child)
	for _, test := range []struct {
		zone string
		want Delegation
	}{
		{"signed.com.", Delegation{
			Parent: "com.", NameServers: []string{"ada.ns.cloudflare.com.", "ns1.desec.io."}, TTL: 7200,
			DSTTL: 7200, DSs: []string{"2371 13 4 " + strings.Repeat("ab", 48), strings.ToLower(digest)},
		}},
		{"unsigned.com.", Delegation{Parent: "com.", NameServers: []string{"ns1.desec.io.", "ns2.desec.org."}, TTL: 7200}},
		{"sub.example.com.", Delegation{Parent: "example.com.", NameServers: []string{"ns1.desec.io."}, TTL: 7200, DSTTL: 7200, DSs: []string{strings.ToLower(digest)}}},
		{"nobody.com.", Delegation{Parent: "com."}},
		{"www.com.", Delegation{Parent: "com."}},
		{"deep.nobody.com.", Delegation{Parent: "com."}},
		{"other.example.com.", Delegation{Parent: "example.com."}},
	} {
		t.Run(test.zone, func(t *testing.T) {
			got, err := asker.Ask(t.Context(), test.zone)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAsk_LongReferralComesOverTCP(t *testing.T) {
	got, err := serve(t, zones{"com": com}).Ask(t.Context(), "large.com.")
	if err != nil || len(got.NameServers) != len(many()) {
		t.Errorf("%d name servers, error %v; want %d", len(got.NameServers), err, len(many()))
	}
}

func TestAsk_NameServersWithoutGlueAreLookedUp(t *testing.T) {
	asker := serve(t, zones{"com": com}, zones{"glueless.com": {set("sub.glueless.com.", "NS", "ns1.desec.io.")}})
	var asked []string
	asker.Lookup = func(_ context.Context, host string) ([]netip.Addr, error) {
		asked = append(asked, host)
		return []netip.Addr{netip.MustParseAddr("127.0.0.2")}, nil
	}
	got, err := asker.Ask(t.Context(), "sub.glueless.com.")
	if err != nil || !cmp.Equal(got.NameServers, []string{"ns1.desec.io."}) || !cmp.Equal(asked, []string{"ns.elsewhere.net."}) {
		t.Errorf("%+v, error %v, looked up %v", got, err, asked)
	}
}

func TestAsk_FirstServerThatAnswersCounts(t *testing.T) {
	asker := serve(t, zones{"com": com}, zones{"net": nil})
	refuses := netip.AddrPortFrom(asker.Roots[0].Addr().Next(), asker.Port)
	closed := netip.AddrPortFrom(refuses.Addr().Next(), asker.Port)
	asker.Roots = []netip.AddrPort{refuses, closed, asker.Roots[0]}
	got, err := asker.Ask(t.Context(), "unsigned.com.")
	if err != nil || len(got.NameServers) != 2 {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestAsk_LameServerIsPassedOver: a resolver in the place of a name server says what is in its cache, and that it is no
// authority.
func TestAsk_LameServerIsPassedOver(t *testing.T) {
	asker := serve(t, zones{"com": com})
	lame := answering(t, func(m *dns.Msg) {
		m.RecursionAvailable = true
		m.Answer = []dns.RR{dnstest.New("unsigned.com. 60 IN NS ns.yesterday.example.")}
	})
	right := asker.Roots[0]
	asker.Roots = []netip.AddrPort{lame, right}
	got, err := asker.Ask(t.Context(), "unsigned.com.")
	if diff := cmp.Diff([]string{"ns1.desec.io.", "ns2.desec.org."}, got.NameServers); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	asker.Roots = []netip.AddrPort{lame}
	if got, err := asker.Ask(t.Context(), "unsigned.com."); err == nil || !strings.Contains(err.Error(), "neither an authoritative answer nor a referral") {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestAsk_WithoutDS: what else the parent said stands.
func TestAsk_WithoutDS(t *testing.T) {
	server := answering(t, func(m *dns.Msg) {
		if dns.RRToType(m.Question[0]) == dns.TypeDS {
			m.Rcode = dns.RcodeServerFailure
			return
		}
		m.Ns = []dns.RR{dnstest.New("unsigned.com. 60 IN NS ns1.desec.io.")}
	})
	got, err := Asker{Roots: []netip.AddrPort{server}}.Ask(t.Context(), "unsigned.com.")
	if err != nil || !cmp.Equal(got.NameServers, []string{"ns1.desec.io."}) || got.DSErr == nil || !strings.Contains(got.DSErr.Error(), "SERVFAIL") {
		t.Errorf("%+v, %v", got, err)
	}
}

// answering starts a server on UDP that fills in each answer as it likes.
func answering(t *testing.T, fill func(*dns.Msg)) netip.AddrPort {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var ended sync.WaitGroup
	ended.Go(func() {
		buffer := make([]byte, dns.MaxMsgSize)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			m := &dns.Msg{Data: slices.Clone(buffer[:n])}
			if m.Unpack() != nil {
				continue
			}
			m.Data, m.Response, m.UDPSize = nil, true, 0
			fill(m)
			if m.Pack() == nil {
				_, _ = conn.WriteTo(m.Data, from)
			}
		}
	})
	t.Cleanup(func() { _ = conn.Close(); ended.Wait() })
	return netip.MustParseAddrPort(conn.LocalAddr().String())
}

func TestAsk_ParentOutOfReach(t *testing.T) {
	asker := serve(t, zones{"com": com}, zones{"net": nil})
	root := asker.Roots[0]
	second := netip.AddrPortFrom(root.Addr().Next(), root.Port())
	silent, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	for _, test := range []struct {
		name, zone, says string
		root             netip.AddrPort
		timeout          time.Duration
	}{
		{"refuses", "unsigned.com.", "REFUSED", second, time.Minute},
		{"closed port", "unsigned.com.", "did not answer", netip.AddrPortFrom(second.Addr().Next(), root.Port()), time.Minute},
		{"silent", "unsigned.com.", "in time", netip.MustParseAddrPort(silent.LocalAddr().String()), 100 * time.Millisecond},
		{"no address", "sub.glueless.com.", "none of them has an address", root, time.Minute},
		{"child and parent on one server", "com.", "serve com. as well", root, time.Minute},
		{"server of the zone between is not one", "sub.example.com.", "REFUSED", root, time.Minute},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := asker
			a.Roots, a.Timeout = []netip.AddrPort{test.root}, test.timeout
			got, err := a.Ask(t.Context(), test.zone)
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("%+v, error %v, want one with %q", got, err, test.says)
			}
			if err != nil && strings.Contains(err.Error(), fmt.Sprintf(":%d", test.root.Port())) {
				t.Errorf("the error holds a port, which changes: %v", err)
			}
		})
	}
}

func TestRoots_AreAtPort53OfBothFamilies(t *testing.T) {
	families := map[bool]int{}
	for _, root := range Roots() {
		if root.Port() != 53 || !root.Addr().IsGlobalUnicast() {
			t.Errorf("%s is no root server", root)
		}
		families[root.Addr().Is4()]++
	}
	if families[true] != 11 || families[false] != 3 {
		t.Errorf("%v", families)
	}
}

// TestReferral_OnlyTowardsTheZone: what lame servers give leads nowhere or in a circle.
func TestReferral_OnlyTowardsTheZone(t *testing.T) {
	for _, test := range []struct {
		name, parent, owner, want string
		authoritative             bool
	}{
		{"down", "com.", "example.com.", "example.com.", false},
		{"two levels down", ".", "example.com.", "example.com.", false},
		{"in other letters", ".", "EXAMPLE.Com.", "example.com.", false},
		{"upwards", "com.", ".", "", false},
		{"to itself", "com.", "com.", "", false},
		{"sideways", "com.", "other.com.", "", false},
		{"to a name that ends alike", "com.", "ample.com.", "", false},
		{"an answer's own authority", "com.", "example.com.", "", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := &dns.Msg{Ns: []dns.RR{dnstest.New(test.owner + " 60 IN NS ns.example.net.")}}
			m.Authoritative = test.authoritative
			if _, got, _ := referral(m, test.parent, "www.example.com."); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
