package cloudflare

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
	fake "github.com/multidns/terraform-provider-multidns/internal/sandbox/cloudflare"
)

// set makes an RRset without the checks of package rrset.
func set(owner, typ string, ttl uint32, values ...string) operator.RRset {
	return operator.RRset{RRset: rrset.RRset{Key: rrset.Key{Zone: testZone, Name: owner, Type: typ}, TTL: ttl, Values: values}}
}

func dressed(r operator.RRset, s operator.Settings) operator.RRset {
	r.Settings = s
	return r
}

func withComment(comment string) operator.Settings { return operator.Settings{"comment": comment} }

func withTags(tags ...string) operator.Settings { return operator.Settings{"tags": tags} }

func proxied(r operator.RRset) operator.RRset {
	return dressed(r, operator.Settings{"proxied": true})
}

func texts(n, length int) []string {
	var all []string
	for i := range n {
		canonical, _ := rrset.Canonical("TXT", strings.Repeat(string(rune('a'+i)), length))
		all = append(all, canonical)
	}
	return all
}

func hosts(n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("ns%d.example.net.", i))
	}
	return all
}

// wanted is what a rule looks at.
type wanted struct {
	RRset operator.RRset
	Zone  *operator.Zone
	Plan  string
}

func (w wanted) reject(r operator.Rule) string {
	zone := w.Zone
	if zone == nil && w.Plan != "" {
		zone = &operator.Zone{Plan: w.Plan}
	}
	return r.Reject(w.RRset, zone)
}

// TestRules has, for each rule, what is just refused and what is just taken. Messages must say what to do, here by a
// word that they contain.
func TestRules(t *testing.T) {
	a := set("www.example.com.", "A", 300, "192.0.2.1")
	txt := func(values ...string) operator.RRset { return set("t.example.com.", "TXT", 300, values...) }
	apexNS := func(values ...string) operator.RRset { return set(testZone, "NS", 3600, values...) }
	childNS := func(values ...string) operator.RRset { return set("child.example.com.", "NS", 3600, values...) }
	zone := &operator.Zone{Name: testZone, MinimumTTL: 60, MaximumTTL: 86400, NameServers: []string{"ada.ns.cloudflare.com.", "vanity.example.net."}}
	enterprise := &operator.Zone{Name: testZone, MinimumTTL: 30, MaximumTTL: 86400}
	ttl := func(n uint32) operator.RRset { return set("www.example.com.", "A", n, "192.0.2.1") }

	cases := []struct {
		rule    string
		bad     wanted
		message string
		good    []wanted
	}{
		{
			"comment-length", wanted{RRset: dressed(a, withComment(strings.Repeat("ü", 501)))}, "shorten",
			[]wanted{{RRset: dressed(a, withComment(strings.Repeat("ü", 500)))}, {RRset: dressed(a, withComment(strings.Repeat("ü", 100))), Plan: "free"}, {RRset: a}},
		},
		{"comment-length", wanted{RRset: dressed(a, withComment(strings.Repeat("ü", 101))), Plan: "free"}, "Free plan", []wanted{{RRset: dressed(a, withComment(strings.Repeat("ü", 101))), Plan: "pro"}}},
		{"comment-one-line", wanted{RRset: dressed(a, withComment("a\nb"))}, "one line", []wanted{{RRset: dressed(a, withComment("a b"))}}},
		{"proxied-type", wanted{RRset: proxied(txt(`"x"`))}, "A, AAAA and CNAME", []wanted{{RRset: proxied(a)}, {RRset: dressed(txt(`"x"`), operator.Settings{"proxied": false})}}},
		{"tag-syntax", wanted{RRset: dressed(a, withTags("important"))}, "name:value", []wanted{{RRset: dressed(a, withTags("a:b", "important:", "x_-1:y:z"))}}},
		{"tag-syntax", wanted{RRset: dressed(a, withTags(":x"))}, "before the colon", nil},
		{"tag-syntax", wanted{RRset: dressed(a, withTags(strings.Repeat("n", 33)+":x"))}, "32", []wanted{{RRset: dressed(a, withTags(strings.Repeat("n", 32)+":x"))}}},
		{"tag-syntax", wanted{RRset: dressed(a, withTags("CF-x:y"))}, "cf-", nil},
		{"tag-syntax", wanted{RRset: dressed(a, withTags("x:"+strings.Repeat("v", 101)))}, "100", []wanted{{RRset: dressed(a, withTags("x:"+strings.Repeat("v", 100)))}}},
		{"tags-number", wanted{RRset: dressed(a, withTags("a:b")), Plan: "free"}, "Free plan", []wanted{{RRset: dressed(a, withTags("a:b"))}, {RRset: dressed(a, withTags()), Plan: "free"}}},
		{"tags-number", wanted{RRset: dressed(a, withTags(slices.Repeat([]string{"a:b"}, 21)...)), Plan: "pro"}, "at most 20", []wanted{{RRset: dressed(a, withTags(slices.Repeat([]string{"a:b"}, 20)...)), Plan: "pro"}}},
		{"ttl-maximum", wanted{RRset: ttl(86401)}, "cloudflare = { ttl = 86400 }", []wanted{{RRset: ttl(86400)}, {RRset: proxied(ttl(604800))}}},
		{"ttl-minimum", wanted{RRset: ttl(59)}, "cloudflare = { ttl = 60 }", []wanted{{RRset: ttl(60)}, {RRset: proxied(ttl(1))}}},
		{"ttl-minimum", wanted{RRset: ttl(29), Zone: enterprise}, "cloudflare = { ttl = 30 }", []wanted{{RRset: ttl(30), Zone: enterprise}}},
		{"ttl-minimum", wanted{RRset: ttl(1)}, "automatic", nil},
		{"type-offered", wanted{RRset: set("www.example.com.", "KX", 300, "1 x.example.net.")}, "use another type", nil},
		{"type-offered", wanted{RRset: set("www.example.com.", "CDS", 300, "x")}, "multidns_dnssec", nil},
		{"type-offered", wanted{RRset: set("www.example.com.", "DNAME", 300, "x.example.net.")}, "a CNAME for each name", []wanted{{RRset: set("www.example.com.", "URI", 300, `1 1 "x"`)}}},
		{"apex-ns-own-hosts", wanted{RRset: apexNS("ada.ns.cloudflare.com.", "ns1.desec.io.")}, "1 of the 2 values", []wanted{{RRset: apexNS("ns1.desec.io.", "evilns.cloudflare.com."), Zone: zone}, {RRset: childNS("ada.ns.cloudflare.com.")}}},
		{"apex-ns-own-hosts", wanted{RRset: apexNS("vanity.example.net.", "ns1.desec.io."), Zone: zone}, "`cloudflare = { values = […] }`", []wanted{{RRset: apexNS("vanity.example.net.", "ns1.desec.io.")}}},
		{"apex-ns-own-hosts", wanted{RRset: apexNS("ada.ns.cloudflare.com.")}, "other operators", nil},
		{"delegation-own-hosts", wanted{RRset: childNS("ada.ns.cloudflare.com.", "vanity.example.net."), Zone: zone}, "in this zone", []wanted{{RRset: childNS("ada.ns.cloudflare.com.", "ns1.desec.io."), Zone: zone}, {RRset: childNS("ada.ns.cloudflare.com.")}}},
		{"delegation-size", wanted{RRset: childNS(hosts(11)...)}, "at most 10", []wanted{{RRset: childNS(hosts(10)...)}, {RRset: apexNS(hosts(11)...)}}},
		{"text-empty", wanted{RRset: txt(`"" ""`)}, "empty text", []wanted{{RRset: txt(`"" "a"`)}, {RRset: txt(`" "`)}}},
		{"record-size", wanted{RRset: txt(texts(1, 4096-15)...)}, "4096", []wanted{{RRset: txt(texts(1, 4096-17)...)}}},
		{"rrset-size", wanted{RRset: txt(texts(3, 2731)...)}, "8192", []wanted{{RRset: txt(texts(2, 4000)...)}}},
		{"record-size", wanted{RRset: set("k.example.com.", "OPENPGPKEY", 300, base64Of(4097))}, "4097 bytes", []wanted{{RRset: set("k.example.com.", "OPENPGPKEY", 300, base64Of(4096))}}},
		{"record-size", wanted{RRset: set("k.example.com.", "TLSA", 300, "3 0 0 "+strings.Repeat("ab", 4094))}, "4097 bytes", []wanted{{RRset: set("k.example.com.", "TLSA", 300, "3 0 0 "+strings.Repeat("ab", 3000))}}},
		{"rrset-size", wanted{RRset: set("many.example.com.", "A", 300, addresses(700)...)}, "8192", []wanted{{RRset: set("many.example.com.", "A", 300, addresses(580)...)}}},
		{"rrset-size", wanted{RRset: set("many.example.com.", "MX", 300, exchanges(500)...)}, "8192", []wanted{{RRset: set("many.example.com.", "MX", 300, exchanges(400)...)}}},
	}
	tried := make(map[string]bool)
	for _, c := range cases {
		at := slices.IndexFunc(rules, func(r operator.Rule) bool { return r.Name == c.rule })
		if at < 0 {
			t.Fatalf("no rule %s", c.rule)
		}
		tried[c.rule] = true
		if got := c.bad.reject(rules[at]); !strings.Contains(got, c.message) {
			t.Errorf("%s: %q does not contain %q", c.rule, got, c.message)
		}
		for i, good := range c.good {
			if got := good.reject(rules[at]); got != "" {
				t.Errorf("%s: good %d is refused: %s", c.rule, i, got)
			}
		}
	}
	for _, r := range rules {
		if !tried[r.Name] {
			t.Errorf("rule %s has no case", r.Name)
		}
	}
}

func TestRules_AreDatedAndSourced(t *testing.T) {
	attributes := []string{"ttl", "values", "type", "name", "proxied", "comment", "tags"}
	date := regexp.MustCompile(`^20\d\d-\d\d-\d\d$`)
	names := make(map[string]bool)
	for _, r := range rules {
		if !date.MatchString(r.Verified) || !strings.HasPrefix(r.Source, "design/facts/cloudflare-api.md section ") || !slices.Contains(attributes, r.Attribute) || names[r.Name] {
			t.Errorf("%+v", r)
		}
		names[r.Name] = true
	}
}

// base64Of is the base64 of n bytes.
func base64Of(n int) string { return base64.StdEncoding.EncodeToString(make([]byte, n)) }

// keys are n values of 4000 characters.
func keys(n int) []string {
	all := make([]string, n)
	for i := range all {
		key := make([]byte, 3000)
		key[0] = byte(i)
		all[i] = base64.StdEncoding.EncodeToString(key)
	}
	return all
}

// addresses are n of 14 characters.
func addresses(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("198.51.%d.%d", 100+i/100, 100+i%100)
	}
	return all
}

// exchanges are n MX values, whose content has 18 characters.
func exchanges(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("10 mail%03d.example.net.", i)
	}
	return all
}

// TestRules_AgreeWithTheService: what the rules refuse, the fake refuses too, and what is at the limit it takes.
func TestRules_AgreeWithTheService(t *testing.T) {
	cases := map[string]struct{ bad, good operator.RRset }{
		"comment":    {dressed(set("a.example.com.", "A", 300, "192.0.2.1"), withComment(strings.Repeat("c", 101))), dressed(set("a.example.com.", "A", 300, "192.0.2.1"), withComment(strings.Repeat("c", 100)))},
		"proxied":    {proxied(set("a.example.com.", "TXT", 300, `"x"`)), proxied(set("a.example.com.", "AAAA", 300, "2001:db8::1"))},
		"tags":       {dressed(set("a.example.com.", "A", 300, "192.0.2.1"), withTags("a:b")), dressed(set("a.example.com.", "A", 300, "192.0.2.1"), withTags())},
		"ttl low":    {set("a.example.com.", "A", 59, "192.0.2.1"), set("a.example.com.", "A", 60, "192.0.2.1")},
		"ttl high":   {set("a.example.com.", "A", 86401, "192.0.2.1"), set("a.example.com.", "A", 86400, "192.0.2.1")},
		"apex NS":    {set(testZone, "NS", 300, "ada.ns.cloudflare.com."), set(testZone, "NS", 300, "ns1.desec.io.")},
		"NS":         {set("c.example.com.", "NS", 300, hosts(11)...), set("c.example.com.", "NS", 300, hosts(10)...)},
		"TXT":        {set("a.example.com.", "TXT", 300, texts(1, 4096-15)...), set("a.example.com.", "TXT", 300, texts(1, 4096-17)...)},
		"OPENPGPKEY": {set("a.example.com.", "OPENPGPKEY", 300, base64Of(4097)), set("a.example.com.", "OPENPGPKEY", 300, base64Of(4096))},
		"key sum":    {set("a.example.com.", "OPENPGPKEY", 300, keys(3)...), set("a.example.com.", "OPENPGPKEY", 300, keys(2)...)},
		"TXT sum":    {set("a.example.com.", "TXT", 300, texts(3, 2731)...), set("a.example.com.", "TXT", 300, texts(2, 4000)...)},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			client := s.client(t)
			zone, err := client.Zone(t.Context(), testZone)
			if err != nil {
				t.Fatal(err)
			}
			if got := client.Check(c.bad, &zone); len(got) != 1 {
				t.Errorf("violations %v", got)
			}
			if got := client.Check(c.good, &zone); len(got) != 0 {
				t.Errorf("violations %v", got)
			}
			if _, err := client.Write(t.Context(), testZone, []operator.Change{{After: &c.bad}}); operator.AsRefusal(err) == nil {
				t.Errorf("the service takes it: %v", err)
			}
			if _, err := client.Write(t.Context(), testZone, []operator.Change{{After: &c.good}}); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestCheck_PlanCountsOnceItIsKnown: before the zone was read the limits of the Free plan are not assumed.
func TestCheck_PlanCountsOnceItIsKnown(t *testing.T) {
	tagged := dressed(set("a.example.com.", "A", 300, "192.0.2.1"), withTags("a:b"))
	for plan, want := range map[string]int{"free": 1, "pro": 0} {
		c := newSite(t, fake.Zone{ID: testZoneID, Name: "example.com", Plan: plan}).client(t)
		if got := c.Check(tagged, nil); len(got) != 0 {
			t.Errorf("%s: %v before the zone was read", plan, got)
		}
		zone, err := c.Zone(t.Context(), testZone)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Check(tagged, &zone); len(got) != want {
			t.Errorf("%s: %v", plan, got)
		}
	}
}
