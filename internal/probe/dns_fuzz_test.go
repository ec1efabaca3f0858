package probe

import (
	"strings"
	"testing"
	"unicode/utf8"

	"codeberg.org/miekg/dns"
)

// FuzzJudgeDNS reads what a server may send: whatever it is, it gives a reason that fits into one line.
func FuzzJudgeDNS(f *testing.F) {
	for _, typ := range []uint16{dns.TypeA, dns.TypeTXT, dns.TypeMX} {
		m := dns.NewMsg("www.example.com.", typ)
		if m.Pack() == nil {
			f.Add(typ, m.Data)
		}
	}
	f.Add(dns.TypeTXT, []byte("\x00\x00\x84\x00\x00\x01\x00\x01\x00\x00\x00\x00\x03www\x07example\x03com\x00\x00\x10\x00\x01\xc0\x0c\x00\x10\x00\x01\x00\x00\x00\x01\x00\x03\x02\xff\x00"))
	f.Fuzz(func(t *testing.T, typ uint16, data []byte) {
		m := &dns.Msg{Data: data}
		if m.Unpack() != nil {
			return
		}
		p := dnsProber{name: "www.example.com.", typ: typ, expected: []string{"192.0.2.1"}}
		if healthy, reason := p.judge(m, "192.0.2.53:53"); reason == "" || !utf8.ValidString(printable(reason)) || strings.Contains(printable(reason), "\n") {
			t.Errorf("healthy %t for %q", healthy, reason)
		}
	})
}
