package operatortest

import (
	"slices"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// sample is one RRset of a type, and another of the same type at the same name.
type sample struct {
	name, first, second string
}

// samples holds every type that both services can store.
var samples = map[string]sample{
	"A":          {"www", "192.0.2.1", "192.0.2.2"},
	"AAAA":       {"www", "2001:db8::1", "2001:db8:0:1::"},
	"CAA":        {"caa", `0 issue "letsencrypt.org"`, `128 issue ";"`},
	"CERT":       {"cert", "1 12345 13 YWJj", "1 12345 13 YWJk"},
	"CNAME":      {"alias", "www.example.net.", "www.example.org."},
	"DNSKEY":     {"@", dnskey, strings.Replace(dnskey, "257", "256", 1)},
	"DS":         {"child", ds, strings.Replace(ds, "12345", "12346", 1)},
	"HTTPS":      {"www", "1 . alpn=h2,h3", "1 . alpn=h3 port=8443"},
	"LOC":        {"loc", "52 22 23.000 N 4 53 32.000 E -2.00m 2.00m 10000.00m 10.00m", "52 22 24.000 N 4 53 32.000 E -2.00m 2.00m 10000.00m 10.00m"},
	"MX":         {"@", "10 mail.example.net.", "20 mail.example.net."},
	"NAPTR":      {"naptr", `100 10 "S" "SIP+D2U" "" _sip._udp.example.net.`, `100 20 "S" "SIP+D2U" "" _sip._udp.example.net.`},
	"NS":         {"child", "ns1.example.net.", "ns2.example.net."},
	"OPENPGPKEY": {"pgp", "YWFhYQ==", "YWFhYg=="},
	"PTR":        {"ptr", "host.example.net.", "host.example.org."},
	"SMIMEA":     {"_smimea", "3 1 1 " + digest, "3 1 1 00" + digest[2:]},
	"SRV":        {"_sip._tcp", "0 5 443 sip.example.net.", "0 5 444 sip.example.net."},
	"SSHFP":      {"ssh", "4 2 " + digest, "4 2 00" + digest[2:]},
	"SVCB":       {"_dns", "1 dns.example.net. alpn=dot", "2 dns.example.net. alpn=dot"},
	"TLSA":       {"_443._tcp", "3 1 1 " + digest, "3 1 1 00" + digest[2:]},
	"TXT":        {"txt", `"v=spf1 -all"`, `"caf\195\169 \"quoted\" back\\slash; tab\009"`},
	"URI":        {"_uri", `10 1 "https://www.example.net/"`, `10 2 "https://www.example.net/"`},
}

const (
	digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	ds     = "12345 13 2 " + digest
	dnskey = "257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ=="
)

var contents = map[string]func(*scenario){
	"Content_A":     func(s *scenario) { s.life("A") },
	"Content_AAAA":  func(s *scenario) { s.life("AAAA") },
	"Content_CNAME": func(s *scenario) { s.life("CNAME") },
	"Content_TXT":   func(s *scenario) { s.life("TXT") },
	"Content_MX":    func(s *scenario) { s.life("MX") },
	"Content_NS":    func(s *scenario) { s.life("NS") },

	"Content_EveryType":                  func(s *scenario) { s.everyType() },
	"Content_OneValueOfSeveralChanged":   func(s *scenario) { s.oneValue() },
	"Content_OnlyTheTTLChanged":          func(s *scenario) { s.onlyTTL() },
	"Content_TypeChangedInOneRequest":    func(s *scenario) { s.typeChange() },
	"Content_ApexNSChanged":              func(s *scenario) { s.apexNS() },
	"Content_WildcardsAndUnderscores":    func(s *scenario) { s.oddNames() },
	"Content_LongTXT":                    func(s *scenario) { s.longTXT() },
	"Content_TXTStringsKeepTheirBorders": func(s *scenario) { s.strings() },
	"Content_CreatedOverAnEqualOne":      func(s *scenario) { s.createdTwice() },
	"Content_GoneAlready":                func(s *scenario) { s.goneAlready() },
}

// life creates, reads, changes and deletes an RRset, with neighbours of the same name or type beside it.
func (s *scenario) life(typ string) {
	x := samples[typ]
	s.put("neighbour", "TXT", 7200, `"left alone"`)
	s.put("neighbour", "A", 7200, "192.0.2.77")
	created := s.write(operator.Change{After: s.rrset(x.name, typ, 3600, x.first)})[0]
	s.shows(x.name, typ, s.rrset(x.name, typ, 3600, x.first))
	changed := s.write(operator.Change{Before: created, After: s.rrset(x.name, typ, 7200, x.second)})[0]
	s.shows(x.name, typ, s.rrset(x.name, typ, 7200, x.second))
	s.write(operator.Change{Before: changed})
	if got := s.read(x.name, typ); got != nil {
		s.Errorf("after the deletion the operator shows %v", got.RRset)
	}
}

// shows compares what ListName shows.
func (s *scenario) shows(name, typ string, want *operator.RRset) {
	s.Helper()
	got := s.read(name, typ)
	if got == nil || !got.Equal(want.RRset) {
		s.Errorf("the operator shows %+v, want %v", got, want.RRset)
	}
}

// everyType has all types in one zone at once: written, listed, changed and deleted in one request each.
func (s *scenario) everyType() {
	var creations, changes []operator.Change
	for _, typ := range rrset.Types() {
		x, known := samples[typ]
		if !known {
			s.Errorf("no sample of the type %s", typ)
			continue
		}
		if reason := s.Without[typ]; reason != "" {
			s.Logf("without %s: %s", typ, reason)
			continue
		}
		creations = append(creations, operator.Change{After: s.rrset(x.name, typ, 3600, x.first)})
	}
	// A DS needs the delegation that it signs.
	slices.SortStableFunc(creations, func(a, b operator.Change) int {
		return order(a.Key().Type) - order(b.Key().Type)
	})
	created := s.write(creations...)
	s.listed()
	for i, c := range creations {
		x := samples[c.After.Type]
		changes = append(changes, operator.Change{Before: created[i], After: s.rrset(x.name, c.After.Type, 7200, x.second)})
	}
	changed := s.write(changes...)
	s.listed()
	var deletions []operator.Change
	for _, r := range slices.Backward(changed) {
		deletions = append(deletions, operator.Change{Before: r})
	}
	s.write(deletions...)
}

func order(typ string) int {
	if typ == "NS" {
		return 0
	}
	return 1
}

// oneValue changes one value; what stays must have been left in place.
func (s *scenario) oneValue() {
	created := s.write(operator.Change{After: s.rrset("www", "A", 3600, "192.0.2.1", "192.0.2.2", "192.0.2.3")})[0]
	changed := s.write(operator.Change{Before: created, After: s.rrset("www", "A", 3600, "192.0.2.1", "192.0.2.9", "192.0.2.3")})[0]
	fewer := s.write(operator.Change{Before: changed, After: s.rrset("www", "A", 3600, "192.0.2.9")})[0]
	s.write(operator.Change{Before: fewer, After: s.rrset("www", "A", 3600, "192.0.2.8", "192.0.2.9")})
	s.shows("www", "A", s.rrset("www", "A", 3600, "192.0.2.8", "192.0.2.9"))
}

func (s *scenario) onlyTTL() {
	s.put("www", "MX", 3600, "10 mail.example.net.", "20 mail2.example.net.")
	before := s.read("www", "MX")
	s.write(operator.Change{Before: before, After: s.rrset("www", "MX", 86400, "10 mail.example.net.", "20 mail2.example.net.")})
	s.shows("www", "MX", s.rrset("www", "MX", 86400, "10 mail.example.net.", "20 mail2.example.net."))
}

// typeChange goes from A to CNAME and back. That it takes one request is what write checks; the services carry one
// request out whole or not at all.
func (s *scenario) typeChange() {
	s.put("www", "A", 3600, "192.0.2.1", "192.0.2.2")
	alias := s.write(operator.Change{Before: s.read("www", "A"), After: s.rrset("www", "CNAME", 3600, "front.example.net.")})[0]
	s.shows("www", "CNAME", s.rrset("www", "CNAME", 3600, "front.example.net."))
	s.write(operator.Change{Before: alias, After: s.rrset("www", "A", 7200, "192.0.2.3")})
	s.shows("www", "A", s.rrset("www", "A", 7200, "192.0.2.3"))
}

// apexNS changes the NS RRset of the apex, which exists already at some services and at others does not.
func (s *scenario) apexNS() {
	before := s.read("@", "NS")
	after := s.rrset("@", "NS", 3600, "ns1.example.net.", "ns2.example.org.")
	changed := s.write(operator.Change{Before: before, After: after})[0]
	s.write(operator.Change{Before: changed, After: s.rrset("@", "NS", 86400, "ns2.example.org.", "ns3.example.net.")})
}

func (s *scenario) oddNames() {
	created := s.write(
		operator.Change{After: s.rrset("*", "A", 3600, "192.0.2.1")},
		operator.Change{After: s.rrset("*.deep.er", "TXT", 3600, `"below"`)},
		operator.Change{After: s.rrset("@", "TXT", 3600, `"apex"`)},
		operator.Change{After: s.rrset("_dmarc", "TXT", 3600, `"v=DMARC1; p=none"`)},
		operator.Change{After: s.rrset("xn--strae-oqa", "AAAA", 3600, "2001:db8::1")},
	)
	s.shows("*.deep.er", "TXT", s.rrset("*.deep.er", "TXT", 3600, `"below"`))
	s.shows("@", "TXT", s.rrset("@", "TXT", 3600, `"apex"`))
	if got := s.read("other", "A"); got != nil {
		s.Errorf("a wildcard was taken for the name other: %v", got.RRset)
	}
	s.write(operator.Change{Before: created[0]}, operator.Change{Before: created[2]})
}

// strings keep their borders, which are data (RFC 6763 section 6): the same text in other strings is another value.
func (s *scenario) strings() {
	apart := s.rrset("printer", "TXT", 3600, `"txtvers=1" "rp=ipp/print"`, `"a" ""`)
	created := s.write(operator.Change{After: apart})[0]
	s.shows("printer", "TXT", apart)
	joined := s.rrset("printer", "TXT", 3600, `"txtvers=1rp=ipp/print"`, `"a"`)
	changed := s.write(operator.Change{Before: created, After: joined})[0]
	s.shows("printer", "TXT", joined)
	s.write(operator.Change{Before: changed, After: apart})
	s.shows("printer", "TXT", apart)
}

// longTXT is cut into character-strings of 255 bytes, where nobody said otherwise.
func (s *scenario) longTXT() {
	key := strings.Repeat("MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A", 20)
	created := s.write(operator.Change{After: s.rrset("dkim", "TXT", 3600, "v=DKIM1; k=rsa; p="+key)})[0]
	s.shows("dkim", "TXT", s.rrset("dkim", "TXT", 3600, "v=DKIM1; k=rsa; p="+key))
	s.write(operator.Change{Before: created, After: s.rrset("dkim", "TXT", 3600, "v=DKIM1; k=rsa; p=A"+key)})
}

// createdTwice writes what is there already, as after an answer that was lost: the service may take it as equal or
// refuse it, and holds it once either way.
func (s *scenario) createdTwice() {
	s.put("www", "A", 3600, "192.0.2.1")
	_, err := s.op.Write(s.ctx, s.Zone, []operator.Change{{After: s.rrset("www", "A", 3600, "192.0.2.1")}})
	if err != nil && s.refusal(err).Kind != operator.Exists {
		s.Errorf("refused as %v, want Exists", err)
	}
	s.verify()
}

// goneAlready deletes what somebody else deleted first.
func (s *scenario) goneAlready() {
	s.put("www", "A", 3600, "192.0.2.1")
	before := s.read("www", "A")
	s.put("www", "A", 3600)
	_, err := s.op.Write(s.ctx, s.Zone, []operator.Change{{Before: before}})
	if err != nil && s.refusal(err).Kind != operator.Gone {
		s.Errorf("refused as %v, want Gone", err)
	}
	s.verify()
}
