package zonecheck_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
	"github.com/multidns/terraform-provider-multidns/internal/zonecheck"
)

// heldRRset is an RRset as an operator shows it.
func heldRRset(name, typ string, ttl uint32, values ...string) operator.RRset {
	key := rrset.Key{Zone: "example.com.", Name: name, Type: typ}
	return operator.RRset{RRset: rrset.Observed(key, ttl, values)}
}

// contents are what two operators hold, of which the first adds name servers of its own.
func contents(cloudflare, desec []operator.RRset) []zonecheck.Contents {
	proxy := operator.Setting{Name: "proxied", Kind: operator.Flag, Answers: "addresses of its proxy"}
	return []zonecheck.Contents{
		{
			Operator: operator.Descriptor{Name: "cloudflare", Title: "Cloudflare", Keeps: []operator.Setting{proxy}},
			Held:     cloudflare, OwnNameServers: hostsCloudflare,
		},
		{Operator: operator.Descriptor{Name: "desec", Title: "deSEC"}, Held: desec},
	}
}

func TestDifferences(t *testing.T) {
	for _, test := range []struct {
		name              string
		cloudflare, desec []operator.RRset
		want              []string
	}{
		{"nothing anywhere", nil, nil, nil},
		{
			"another spelling is the same",
			[]operator.RRset{heldRRset("example.com.", "MX", 300, "10 Mail.example.com"), heldRRset("www.example.com.", "AAAA", 300, "2001:DB8::1", "2001:db8::2")},
			[]operator.RRset{heldRRset("www.example.com.", "AAAA", 300, "2001:db8::2", "2001:db8:0::1"), heldRRset("example.com.", "MX", 300, "10 mail.example.com.")},
			nil,
		},
		{
			"what each holds for the other's keys, and below the apex what nobody makes",
			[]operator.RRset{heldRRset("example.com.", "DNSKEY", 3600, "257 3 13 YWFhYQ=="), heldRRset("sub.example.com.", "CDS", 300, "1 13 2 "+strings.Repeat("ab", 32))},
			[]operator.RRset{
				heldRRset("example.com.", "DNSKEY", 3600, "256 3 13 YmJiYg=="), heldRRset("example.com.", "CDS", 3600, "1 13 2 "+strings.Repeat("ab", 32)),
				heldRRset("example.com.", "CDNSKEY", 3600, "257 3 13 YWFhYQ=="),
			},
			[]string{"sub.example.com. CDS: missing at deSEC"},
		},
		{
			"TTL, values and absence, in the order of names",
			[]operator.RRset{heldRRset("b.example.com.", "A", 300, "192.0.2.1"), heldRRset("c.example.com.", "TXT", 300, `"x"`)},
			[]operator.RRset{heldRRset("a.example.com.", "A", 300, "192.0.2.1"), heldRRset("b.example.com.", "A", 3600, "192.0.2.2")},
			[]string{
				"a.example.com. A: missing at Cloudflare",
				"b.example.com. A: deSEC differs from Cloudflare: ttl is 3600 instead of 300; values are [192.0.2.2] instead of [192.0.2.1]",
				"c.example.com. TXT: missing at deSEC",
			},
		},
		{
			"uneven TTLs",
			[]operator.RRset{func() operator.RRset {
				r := heldRRset("a.example.com.", "A", 300, "192.0.2.1")
				r.Uneven = true
				return r
			}()},
			[]operator.RRset{heldRRset("a.example.com.", "A", 300, "192.0.2.1")},
			[]string{"a.example.com. A: the records at Cloudflare have different TTLs"},
		},
		{
			"proxied",
			[]operator.RRset{func() operator.RRset {
				r := heldRRset("a.example.com.", "A", 300, "192.0.2.1")
				r.Settings = operator.Settings{"proxied": true}
				return r
			}()},
			[]operator.RRset{heldRRset("a.example.com.", "A", 300, "192.0.2.1")},
			[]string{"a.example.com. A: Cloudflare answers with addresses of its proxy"},
		},
		{
			"apex NS, one's own hosts unlisted",
			[]operator.RRset{heldRRset("example.com.", "NS", 3600, hostsDesec...)},
			[]operator.RRset{heldRRset("example.com.", "NS", 3600, both(hostsCloudflare, hostsDesec)...)},
			nil,
		},
		{
			"apex NS, nothing added",
			nil,
			[]operator.RRset{heldRRset("example.com.", "NS", 3600, hostsDesec...)},
			[]string{"example.com. NS: deSEC differs from Cloudflare: values are [ns1.desec.io., ns2.desec.org.] instead of [ada.ns.cloudflare.com., bob.ns.cloudflare.com.]"},
		},
		{
			"a delegation is no apex",
			[]operator.RRset{heldRRset("sub.example.com.", "NS", 3600, hostsDesec...)},
			[]operator.RRset{heldRRset("sub.example.com.", "NS", 3600, both(hostsCloudflare, hostsDesec)...)},
			[]string{"sub.example.com. NS: deSEC differs from Cloudflare: values are [ada.ns.cloudflare.com., bob.ns.cloudflare.com., ns1.desec.io., ns2.desec.org.] instead of [ns1.desec.io., ns2.desec.org.]"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, d := range zonecheck.Differences(contents(test.cloudflare, test.desec)) {
				got = append(got, d.Key.String()+": "+d.Summary)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLackApexNS(t *testing.T) {
	ns := func(hosts ...string) []operator.RRset {
		return []operator.RRset{heldRRset("example.com.", "NS", 3600, hosts...), heldRRset("sub.example.com.", "NS", 3600, "ns.example.")}
	}
	for _, test := range []struct {
		name              string
		cloudflare, desec []operator.RRset
		want              []string
	}{
		{"nobody lists any", nil, nil, nil},
		{"equal", ns(hostsDesec...), ns(hostsDesec...), nil},
		{"one lists none", nil, ns(hostsDesec...), []string{"cloudflare"}},
		{"one lists fewer", ns(hostsDesec...), ns(both(hostsCloudflare, hostsDesec)...), []string{"cloudflare"}},
		{"each has its own", ns(hostsCloudflare...), ns(hostsDesec...), []string{"cloudflare", "desec"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := zonecheck.LackApexNS(contents(test.cloudflare, test.desec))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
