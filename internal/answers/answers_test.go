package answers

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/nameserver"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/sandboxtest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/zonedata"
)

// zones are what one name server answers from.
type zones = sandboxtest.Zones

func set(name, typ string, values ...string) zonedata.RRset {
	return zonedata.RRset{Name: name, Type: typ, TTL: 60, Values: values}
}

var long = slices.Repeat([]string{`"` + strings.Repeat("x", 250) + `"`}, 8)

func site(sets ...zonedata.RRset) zones {
	return zones{"example.com.": append([]zonedata.RRset{
		set("www.example.com.", "A", "192.0.2.1", "192.0.2.2"), set("example.com.", "TXT", strings.Join(long, " ")),
	}, sets...)}
}

func key(t *testing.T, name, typ string) rrset.Key {
	t.Helper()
	k, err := rrset.NewKey("example.com", name, typ)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// ask starts name servers a, b, ... and asks them.
func ask(t *testing.T, keys []rrset.Key, of ...zones) []string {
	t.Helper()
	var servers []Server
	for i, z := range of {
		s := sandboxtest.Serve(t, "127.0.0.1:0", z)
		servers = append(servers, Server{string(rune('a' + i)), netip.MustParseAddrPort(s.Addr())})
	}
	return Problems(t.Context(), servers, keys)
}

func TestProblems(t *testing.T) {
	www, txt, mail := key(t, "www", "A"), key(t, "@", "TXT"), key(t, "mail", "A")
	for name, test := range map[string]struct {
		keys []rrset.Key
		of   []zones
		want []string
	}{
		"the same, one answer too long for UDP": {[]rrset.Key{txt, www}, []zones{site(), site()}, nil},
		"different": {[]rrset.Key{www}, []zones{site(), {"example.com.": {set("www.example.com.", "A", "192.0.2.9")}}}, []string{
			"The name servers differ about www/A: 192.0.2.1, 192.0.2.2 from a (127.0.0.1); 192.0.2.9 from b (127.0.0.1).",
		}},
		"missing at one": {[]rrset.Key{mail}, []zones{site(set("mail.example.com.", "A", "192.0.2.3")), site()}, []string{
			"The name servers differ about mail/A: 192.0.2.3 from a (127.0.0.1); no such name from b (127.0.0.1).",
		}},
		"an alias at one": {[]rrset.Key{mail}, []zones{site(set("mail.example.com.", "A", "192.0.2.3")), site(set("mail.example.com.", "CNAME", "www.example.com."))}, []string{
			"The name servers differ about mail/A: 192.0.2.3 from a (127.0.0.1); an alias to www.example.com. from b (127.0.0.1).",
		}},
		"missing at all": {[]rrset.Key{mail}, []zones{site(), site()}, []string{"No name server has mail/A."}},
		"lame": {[]rrset.Key{www}, []zones{site(), {"example.net.": nil}}, []string{
			"The name server b (127.0.0.1) is lame: it answers REFUSED over TCP and UDP.",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, ask(t, test.keys, test.of...)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestProblems_ClosedPort: a server that is not there is told once.
func TestProblems_ClosedPort(t *testing.T) {
	s, err := nameserver.Start("127.0.0.1:0", site())
	if err != nil {
		t.Fatal(err)
	}
	addr := netip.MustParseAddrPort(s.Addr())
	s.Close()
	got := Problems(t.Context(), []Server{{"a.", addr}}, []rrset.Key{key(t, "www", "A"), key(t, "@", "TXT")})
	want := []string{"The name server a (127.0.0.1) is silent: it does not answer over TCP and UDP."}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
