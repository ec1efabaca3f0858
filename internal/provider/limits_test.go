package provider

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/zonefile"
)

// limit is a configuration that one rule refuses.
type limit struct {
	zone, name, typ string
	ttl             int64
	values          []string
	cloudflare      map[string]attr.Value
	// read is what the operator says of the zone, for rules that need it.
	read *operator.Zone
	says string
}

func labels(lengths ...int) string {
	var all []string
	for _, n := range lengths {
		all = append(all, strings.Repeat("a", n))
	}
	return strings.Join(all, ".")
}

func numbered(n int, format string) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf(format, i)
	}
	return all
}

func setting(name string, value attr.Value) map[string]attr.Value {
	return map[string]attr.Value{name: value}
}

// limitCases has a configuration for each rule of each operator, by its name.
func limitCases() map[string]map[string]limit {
	key := base64.StdEncoding.EncodeToString(make([]byte, 64001))
	comment := setting("comment", types.StringValue(strings.Repeat("c", 101)))
	tags := setting("tags", stringSet([]string{"a:b"}))
	return map[string]map[string]limit{
		"cloudflare": {
			"comment-length":       {cloudflare: comment, read: &operator.Zone{Plan: "free"}, says: "100 on the Free plan"},
			"comment-one-line":     {cloudflare: setting("comment", types.StringValue("a\nb")), says: "one line"},
			"proxied-type":         {typ: "TXT", values: []string{"a"}, cloudflare: setting("proxied", types.BoolValue(true)), says: "A, AAAA and CNAME only"},
			"tag-syntax":           {cloudflare: setting("tags", stringSet([]string{"important"})), says: "no colon"},
			"tags-number":          {cloudflare: tags, read: &operator.Zone{Plan: "free"}, says: "which has no tags"},
			"ttl-maximum":          {ttl: 86401, says: "at most 86400"},
			"ttl-minimum":          {ttl: 59, says: "at least 60"},
			"type-offered":         {typ: "DNAME", values: []string{"a.example.net."}, says: "Cloudflare cannot store DNAME records"},
			"apex-ns-own-hosts":    {name: "@", typ: "NS", values: []string{"ada.ns.cloudflare.com"}, says: "by itself"},
			"delegation-own-hosts": {typ: "NS", values: []string{"ns.example.net"}, cloudflare: comment, read: &operator.Zone{NameServers: []string{"ns.example.net."}}, says: "serve the zone itself"},
			"delegation-size":      {typ: "NS", values: numbered(11, "ns%d.example.net"), says: "at most 10 name servers"},
			"record-size":          {typ: "OPENPGPKEY", values: []string{key}, says: "at most 4096"},
			"rrset-size":           {typ: "PTR", values: numbered(600, "host%d.example.net"), says: "at most 8192"},
			"text-empty":           {typ: "TXT", values: []string{`""`}, says: "empty text"},
		},
		"desec": {
			"length of the name":           {name: labels(60, 60, 60), says: "178 at most"},
			"length of the zone's name":    {zone: labels(63, 63, 63) + ".example", name: "@", says: "191 at most"},
			"ttl above a day":              {ttl: 86401, cloudflare: setting("ttl", types.Int64Value(300)), says: "desec = { ttl = 86400 }"},
			"ttl below the zone's minimum": {ttl: 900, read: &operator.Zone{MinimumTTL: 3600}, says: "desec = { ttl = 3600 }"},
			"NS under dedyn.io":            {zone: "me.dedyn.io", typ: "NS", values: []string{"ns.example.net"}, says: "under dedyn.io"},
			"size of the RRset":            {typ: "TXT", values: numbered(300, strings.Repeat("x", 220)+"%d"), says: "too large for deSEC"},
			"size of a record":             {typ: "OPENPGPKEY", values: []string{key}, says: "at most 64000"},
			"characters of a CNAME":        {typ: "CNAME", values: []string{"a/b.example.net"}, says: "target of a CNAME"},
			"characters of a name":         {typ: "PTR", values: []string{`a\@b.example.net`}, says: "another name"},
			"characters of a CAA":          {typ: "CAA", values: []string{`0 issue "bücher"`}, says: "changes at every write"},
			"characters of a NAPTR":        {typ: "NAPTR", values: []string{`100 10 "é" "x" "" .`}, says: "changes at every write"},
			"characters of a URI":          {typ: "URI", values: []string{`1 1 "https://example.com/‑"`}, says: "percent-encoded"},
			"parameters of HTTPS":          {typ: "HTTPS", values: []string{"1 . ohttp"}, says: "the parameter ohttp"},
			"parameters of SVCB":           {typ: "SVCB", values: []string{`1 . key7="/q{?dns}"`}, says: "the parameter dohpath"},
			"angle of a location":          {typ: "LOC", values: []string{"51 24 N 58 15 0.001 E 10m 0m 100m 10m"}, says: "the latitude"},
			"altitude of a location":       {typ: "LOC", values: []string{"52 22 23 N 4 53 32 E 4.35m 2m"}, says: "another altitude"},
			"size of a location":           {typ: "LOC", values: []string{"52 22 23 N 4 53 32 E 4m"}, says: "all the defaults"},
			"type of a certificate":        {typ: "CERT", values: []string{"0 0 0 YWFhYQ=="}, says: "certificate of type 0"},
		},
	}
}

func (l limit) model() *replicaModel {
	or := func(text, otherwise string) types.String {
		if text == "" {
			text = otherwise
		}
		return types.StringValue(text)
	}
	m := &replicaModel{Zone: or(l.zone, "example.com"), Name: or(l.name, "www"), Type: or(l.typ, "A"), TTL: types.Int64Value(max(l.ttl, 0)), overrides: noOverrides(true)}
	if l.ttl == 0 {
		m.TTL = types.Int64Value(3600)
	}
	if l.cloudflare != nil {
		m.overrides = m.overrides.with("cloudflare", override(m.overrides["cloudflare"], l.cloudflare))
	}
	return m
}

// refusals are what the provider says of it: of the configuration, without a request, and once the zone was read where
// an operator asks for that.
func (l limit) refusals(t *testing.T, o operator.Descriptor) string {
	t.Helper()
	var said diag.Diagnostics
	if l.values == nil {
		l.values = []string{"192.0.2.1"}
	}
	m, declared := l.model(), values{path: path.Root("values"), items: l.values, known: true}
	m.judge(t.Context(), declared, &said)
	want, known := m.holdable(t.Context(), declared, &said)
	if l.read == nil {
		return fmt.Sprint(said)
	}
	if !known || said.HasError() {
		t.Fatalf("refused before the zone was read: %v", said)
	}
	client, err := o.Open(operator.Account{Settings: operator.Settings{"api_token": strings.Repeat("t", 40)}})
	if err != nil {
		t.Fatal(err)
	}
	if !client.ZoneMatters(want[o.Name], 0) {
		t.Fatal("the zone is not read for it")
	}
	m.reportViolations(o.Name, declared, client.Check(want[o.Name], l.read), &said)
	return fmt.Sprint(said)
}

// TestRules_EachCanFire: a rule that something else refuses first is dead, and stands somewhere twice.
func TestRules_EachCanFire(t *testing.T) {
	cases := limitCases()
	for _, o := range Operators {
		for _, r := range o.Rules {
			t.Run(o.Name+"/"+r.Name, func(t *testing.T) {
				l, ok := cases[o.Name][r.Name]
				if !ok {
					t.Fatal("no configuration lets it fire")
				}
				if said := l.refusals(t, o); !strings.Contains(said, l.says) {
					t.Errorf("%q is not in %s", l.says, said)
				}
			})
		}
	}
}

// TestRules_OrdinaryRRsetsPass: no rule refuses what every operator is known to hold.
func TestRules_OrdinaryRRsetsPass(t *testing.T) {
	for typ, value := range map[string]string{"A": "192.0.2.1", "TXT": "v=spf1 -all", "LOC": "52 22 23 N 4 53 32 E 4m 2m", "SVCB": "1 . alpn=h2"} {
		if said := (limit{typ: typ, values: []string{value}, ttl: 60}).refusals(t, Operators[0]); said != "[]" {
			t.Errorf("%s: %s", typ, said)
		}
	}
}

// TestProblem_OfAnOperator: what a zone file holds and one operator does not is told, but for what is overridden there.
func TestProblem_OfAnOperator(t *testing.T) {
	for _, c := range []struct {
		r    zonefile.RRset
		says string
	}{
		{zonefile.RRset{Name: "www", Type: "TXT", TTL: 3600, Values: []string{`""`}}, "empty text"},
		{zonefile.RRset{Name: "www", Type: "DNAME", TTL: 3600, Problem: "no type of ours"}, "write a CNAME"},
		{zonefile.RRset{Name: "www", Type: "A", TTL: 1, Values: []string{"192.0.2.1"}}, ""},
		{zonefile.RRset{Name: "@", Type: "NS", TTL: 3600, Values: []string{"ada.ns.cloudflare.com."}}, ""},
	} {
		c.r.Zone = "example.com"
		if said := problemIn(c.r); (said == "") != (c.says == "") || !strings.Contains(said, c.says) {
			t.Errorf("%s/%s: %q", c.r.Name, c.r.Type, said)
		}
	}
}
