package nameserver

import (
	"slices"
	"strings"
	"testing"

	"codeberg.org/miekg/dns"
	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/zonedata"
)

func set(name, typ string, ttl uint32, values ...string) zonedata.RRset {
	return zonedata.RRset{Name: name, Type: typ, TTL: ttl, Values: values}
}

var content = []zonedata.RRset{
	set("example.com.", "NS", 86400, "ns1.example.net.", "ns2.example.net."),
	set("example.com.", "TXT", 60, `"apex"`),
	set("www.example.com.", "CNAME", 300, "cdn.example.com."),
	set("cdn.example.com.", "CNAME", 60, "edge.example.com."),
	set("edge.example.com.", "A", 30, "192.0.2.1", "192.0.2.2"),
	set("out.example.com.", "CNAME", 60, "target.example.net."),
	set("dangling.example.com.", "CNAME", 60, "nowhere.example.com."),
	set("loop.example.com.", "CNAME", 60, "loop2.example.com."),
	set("loop2.example.com.", "CNAME", 60, "loop.example.com."),
	set("deep.under.ent.example.com.", "A", 60, "192.0.2.3"),
	set("*.wild.example.com.", "TXT", 60, `"star"`),
	set("*.wild.example.com.", "MX", 60, "10 mail.example.com."),
	set("real.wild.example.com.", "A", 60, "192.0.2.4"),
	set("*.alias.example.com.", "CNAME", 60, "edge.example.com."),
	set("sub.example.com.", "NS", 3600, "ns.sub.example.com.", "ns.example.net."),
	set("sub.example.com.", "DS", 3600, "1 13 2 "+strings.Repeat("ab", 32)),
	set("ns.sub.example.com.", "A", 3600, "192.0.2.53"),
	set("tosub.example.com.", "CNAME", 60, "host.sub.example.com."),
}

func lines(rrs []dns.RR) []string {
	out := []string{}
	for _, rr := range rrs {
		out = append(out, strings.ReplaceAll(rr.String(), "\t", " "))
	}
	slices.Sort(out)
	return out
}

const soa = "example.com. 1800 IN SOA ns1.example.net. hostmaster.example.com. 7 10000 2400 604800 1800"

func TestZone_Ask(t *testing.T) {
	z := newZone("example.com.", 7, content)
	chain := []string{
		"cdn.example.com. 60 IN CNAME edge.example.com.", "edge.example.com. 30 IN A 192.0.2.1", "edge.example.com. 30 IN A 192.0.2.2",
		"www.example.com. 300 IN CNAME cdn.example.com.",
	}
	ns := []string{"example.com. 86400 IN NS ns1.example.net.", "example.com. 86400 IN NS ns2.example.net."}
	referral := []string{
		"sub.example.com. 3600 IN DS 1 13 2 " + strings.Repeat("AB", 32), "sub.example.com. 3600 IN NS ns.example.net.", "sub.example.com. 3600 IN NS ns.sub.example.com.",
	}
	glue := []string{"ns.sub.example.com. 3600 IN A 192.0.2.53"}
	for _, c := range []struct {
		name, question, qtype         string
		rcode                         uint16
		isReferral                    bool
		answer, authority, additional []string
	}{
		{name: "data", question: "edge.example.com.", qtype: "A", answer: chain[1:3]},
		{name: "case of the question is kept", question: "EDGE.example.COM.", qtype: "A", answer: []string{"EDGE.example.COM. 30 IN A 192.0.2.1", "EDGE.example.COM. 30 IN A 192.0.2.2"}},
		{name: "chain", question: "www.example.com.", qtype: "A", answer: chain},
		{name: "the CNAME itself", question: "www.example.com.", qtype: "CNAME", answer: chain[3:]},
		{name: "chain without data at its end", question: "cdn.example.com.", qtype: "AAAA", answer: chain[:1], authority: []string{soa}},
		{name: "chain out of the zone", question: "out.example.com.", qtype: "A", answer: []string{"out.example.com. 60 IN CNAME target.example.net."}},
		{name: "dangling chain", question: "dangling.example.com.", qtype: "A", rcode: dns.RcodeNameError, answer: []string{"dangling.example.com. 60 IN CNAME nowhere.example.com."}, authority: []string{soa}},
		{name: "no such name", question: "nope.example.com.", qtype: "A", rcode: dns.RcodeNameError, authority: []string{soa}},
		{name: "no such type", question: "edge.example.com.", qtype: "AAAA", authority: []string{soa}},
		{name: "empty non-terminal", question: "ent.example.com.", qtype: "A", authority: []string{soa}},
		{name: "another one", question: "under.ent.example.com.", qtype: "A", authority: []string{soa}},
		{name: "below an empty non-terminal", question: "x.ent.example.com.", qtype: "A", rcode: dns.RcodeNameError, authority: []string{soa}},
		{name: "wildcard", question: "any.wild.example.com.", qtype: "TXT", answer: []string{`any.wild.example.com. 60 IN TXT "star"`}},
		{name: "wildcard over two labels", question: "a.b.wild.example.com.", qtype: "TXT", answer: []string{`a.b.wild.example.com. 60 IN TXT "star"`}},
		{name: "wildcard without the type", question: "any.wild.example.com.", qtype: "A", authority: []string{soa}},
		{name: "the wildcard does not cover a name that exists", question: "real.wild.example.com.", qtype: "TXT", authority: []string{soa}},
		{name: "nor names below one", question: "x.real.wild.example.com.", qtype: "TXT", rcode: dns.RcodeNameError, authority: []string{soa}},
		{name: "the wildcard's own name", question: "*.wild.example.com.", qtype: "TXT", answer: []string{`*.wild.example.com. 60 IN TXT "star"`}},
		{name: "the name above the wildcard", question: "wild.example.com.", qtype: "TXT", authority: []string{soa}},
		{name: "CNAME from a wildcard", question: "x.alias.example.com.", qtype: "A", answer: append([]string{"x.alias.example.com. 60 IN CNAME edge.example.com."}, chain[1:3]...)},
		{name: "apex NS", question: "example.com.", qtype: "NS", answer: ns},
		{name: "SOA", question: "example.com.", qtype: "SOA", answer: []string{strings.Replace(soa, " 1800 IN", " 3600 IN", 1)}},
		{name: "apex without the type", question: "example.com.", qtype: "A", authority: []string{soa}},
		{name: "referral", question: "host.sub.example.com.", qtype: "A", isReferral: true, authority: referral, additional: glue},
		{name: "referral at the cut", question: "sub.example.com.", qtype: "NS", isReferral: true, authority: referral, additional: glue},
		{name: "glue is no answer", question: "ns.sub.example.com.", qtype: "A", isReferral: true, authority: referral, additional: glue},
		{name: "DS at the cut", question: "sub.example.com.", qtype: "DS", answer: referral[:1]},
		{name: "chain into a delegation", question: "tosub.example.com.", qtype: "A", answer: []string{"tosub.example.com. 60 IN CNAME host.sub.example.com."}, authority: referral, additional: glue},
		{name: "everything", question: "any.wild.example.com.", qtype: "ANY", answer: []string{"any.wild.example.com. 60 IN MX 10 mail.example.com.", `any.wild.example.com. 60 IN TXT "star"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := z.ask(c.question, c.qtype)
			if err != nil {
				t.Fatal(err)
			}
			if r.rcode != c.rcode || r.authoritative == c.isReferral {
				t.Errorf("rcode %d authoritative %t, want %d and %t", r.rcode, r.authoritative, c.rcode, !c.isReferral)
			}
			for section, pair := range map[string][2][]string{
				"answer": {c.answer, lines(r.answer)}, "authority": {c.authority, lines(r.authority)}, "additional": {c.additional, lines(r.additional)},
			} {
				want := append([]string{}, pair[0]...)
				slices.Sort(want)
				if diff := cmp.Diff(want, pair[1]); diff != "" {
					t.Errorf("%s (-want +got):\n%s", section, diff)
				}
			}
		})
	}
}

func TestZone_LoopEnds(t *testing.T) {
	r, err := newZone("example.com.", 1, content).ask("loop.example.com.", "A")
	if err != nil || len(r.answer) != maxChain || r.rcode != dns.RcodeSuccess {
		t.Errorf("%d records, rcode %d, %v", len(r.answer), r.rcode, err)
	}
}

func TestZone_EmptyZoneHasAnSOA(t *testing.T) {
	r, err := newZone("example.com.", 1, nil).ask("example.com.", "SOA")
	if err != nil || len(r.answer) != 1 {
		t.Errorf("%v %v", r, err)
	}
}
