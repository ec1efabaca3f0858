package desec

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// at is an RRset in another zone than the usual one.
func at(zone, sub, typ string, ttl uint32, values ...string) operator.RRset {
	owner := zone
	if sub != "" {
		owner = sub + "." + zone
	}
	return operator.RRset{RRset: rrset.RRset{Key: rrset.Key{Zone: zone, Name: owner, Type: typ}, TTL: ttl, Values: values}}
}

// text is a TXT value with n bytes of wire data, in strings of 255 as deSEC writes them.
func text(n int) string {
	var parts []string
	for n > 0 {
		size := min(n, 256)
		parts = append(parts, `"`+strings.Repeat("a", size-1)+`"`)
		n -= size
	}
	return strings.Join(parts, " ")
}

// hints is an HTTPS value with n addresses: few characters, and much wire data.
func hints(n int) string { return "1 . ipv6hint=" + strings.TrimSuffix(strings.Repeat("::,", n), ",") }

func label(n int) string { return strings.Repeat("a", n) }

// TestRules_EachOnBothSides has for each rule what is just refused and what is just not, and what the message must
// hold.
func TestRules_EachOnBothSides(t *testing.T) {
	t.Parallel()
	limits := &operator.Zone{Name: zone, MinimumTTL: 3600, MaximumTTL: 86400}
	lower := &operator.Zone{Name: zone, MinimumTTL: 900, MaximumTTL: 86400}
	cases := map[string][]struct {
		want operator.RRset
		zone *operator.Zone
		says string // "" means held
	}{
		"ttl below the zone's minimum": {
			{held("www", "A", 3600, "192.0.2.1"), limits, ""},
			{held("www", "A", 3599, "192.0.2.1"), limits, "desec = { ttl = 3600 }"},
			{held("www", "A", 899, "192.0.2.1"), lower, "desec = { ttl = 900 }"},
			{held("www", "A", 900, "192.0.2.1"), lower, ""},
			{held("www", "A", 60, "192.0.2.1"), nil, ""},
		},
		"ttl above a day": {
			{held("www", "A", 86400, "192.0.2.1"), nil, ""},
			{held("www", "A", 86401, "192.0.2.1"), nil, "desec = { ttl = 86400 }"},
		},
		"length of the name": {
			{held(label(59)+"."+label(59)+"."+label(58), "A", 3600, "192.0.2.1"), nil, ""},
			{held(label(59)+"."+label(59)+"."+label(59), "A", 3600, "192.0.2.1"), nil, "has 179 characters"},
		},
		"NS under dedyn.io": {
			{at("me.dedyn.io.", "", "NS", 3600, "ns1.example."), nil, "under dedyn.io"},
			{at("me.dedyn.io.", "child", "NS", 3600, "ns1.example."), nil, "under dedyn.io"},
			{at("me.dedyn.io.", "child", "A", 3600, "192.0.2.1"), nil, ""},
			{at("notdedyn.io.", "", "NS", 3600, "ns1.example."), nil, ""},
		},
		"size of the RRset": {
			// 32 + 16 for "www.example.com." + 256, and 12 for each value.
			{held("www", "TXT", 3600, strings.Repeat("a", 65535-304-12)), nil, ""},
			{held("www", "TXT", 3600, strings.Repeat("a", 65535-304-11)), nil, "1 bytes too large"},
			{held("www", "TXT", 3600, strings.Repeat("a", 40000), strings.Repeat("b", 40000)), nil, "too large"},
		},
		"size of a record": {
			{held("www", "HTTPS", 3600, hints(3999)), nil, ""},
			{held("www", "HTTPS", 3600, hints(4000)), nil, "has 64007 bytes"},
			{held("www", "OPENPGPKEY", 3600, strings.Repeat("A", 64000)), nil, ""},
			{held("www", "OPENPGPKEY", 3600, strings.Repeat("A", 64004)), nil, "has 64004 characters"},
			{held("www", "TXT", 3600, text(64000)), nil, "has 64499 characters"},
		},
		"angle of a location": {
			{held("loc", "LOC", 3600, "51 24 0.001 N 58 15 0.001 E 10.00m 0.00m 100.00m 10.00m"), nil, ""},
			{held("loc", "LOC", 3600, "51 24 0.000 N 58 15 0.001 E 10.00m 0.00m 100.00m 10.00m"), nil, "the latitude"},
			{held("loc", "LOC", 3600, "52 22 23.000 N 0 0 0.000 E 10.00m 0.00m 100.00m 10.00m"), nil, "the longitude"},
			{held("loc", "LOC", 3600, "0 0 0.000 N 4 53 32.000 E 10.00m 0.00m 100.00m 10.00m"), nil, "Add 0.001 to its seconds"},
			{held("loc", "TXT", 3600, "0 0 0.000 N 4 53 32.000 E 10.00m"), nil, ""},
		},
		"size of a location": {
			{held("loc", "LOC", 3600, "52 22 23.000 N 4 53 32.000 E 10.00m 40000000.00m 100.00m 10.00m"), nil, ""},
			{held("loc", "LOC", 3600, "52 22 23.000 N 4 53 32.000 E 10.00m 0.00m 100.00m 50000000.00m"), nil, "40000000m or less"},
			{held("loc", "LOC", 3600, "52 22 23.000 N 4 53 32.000 E 10.00m 1.00m 10000.00m 10.00m"), nil, "all the defaults"},
		},
		"altitude of a location": {
			{held("loc", "LOC", 3600, "52 0 0.000 N 4 0 0.000 E 21374836.47m 2.00m 2.00m 2.00m"), nil, ""},
			{held("loc", "LOC", 3600, "52 0 0.000 N 4 0 0.000 E 21374836.48m 2.00m 2.00m 2.00m"), nil, "more than deSEC's signing server takes"},
			{held("loc", "LOC", 3600, "52 0 0.000 N 4 0 0.000 E 4.35m 2.00m 2.00m 2.00m"), nil, "a centimetre beside it"},
		},
		"characters of a CNAME": {
			{held("c", "CNAME", 3600, "*.a_b.example."), nil, ""},
			{held("c", "CNAME", 3600, "a/b.example."), nil, "only letters"},
			{held("c", "PTR", 3600, "a/b.example."), nil, ""},
		},
		"characters of a name": {
			{held("c", "PTR", 3600, `a\@b.example.`), nil, "Write another name"},
			{held("c", "PTR", 3600, "a.example.", `a.b\".`), nil, "Write another name"},
			{held("c", "PTR", 3600, `a\.b\\\032\200'#%&*/:[|.example.`), nil, ""},
			{held("c", "NAPTR", 3600, `100 10 "" "" "" a\$b.`), nil, "Write another name"},
			{held("c", "NAPTR", 3600, `100 10 "" "(;)" "!^.*$!sip:a@b!" .`), nil, ""},
			{held("c", "HTTPS", 3600, `1 a\;b.example.`), nil, "Write another name"},
			{held("c", "SVCB", 3600, `1 a\(b\).example. alpn=h2`), nil, "Write another name"},
			{held("c", "SVCB", 3600, `1 a.example. key9="$@"`), nil, ""},
			{held("c", "TXT", 3600, `"a@b"`), nil, ""},
		},
		"characters of a CAA": {
			{held("c", "CAA", 3600, `0 issue "a\\200"`), nil, ""},
			{held("c", "CAA", 3600, `0 issue "b\195\188cher"`), nil, "changes at every write"},
		},
		"characters of a NAPTR": {
			{held("c", "NAPTR", 3600, `100 10 "\195\169" "x" "" .`), nil, "changes at every write"},
			{held("c", "NAPTR", 3600, `100 10 "\127" "x" "" .`), nil, ""},
			{held("c", "NAPTR", 3600, `100 10 "" "x" "" a\200\255.example.`), nil, ""},
			{held("c", "NAPTR", 3600, `100 10 "" "x" "\200" a\200.example.`), nil, "changes at every write"},
		},
		"characters of a URI": {
			{held("c", "URI", 3600, "1 1 \"https://example.com/\u00a0é\u00ff\""), nil, ""},
			{held("c", "URI", 3600, `1 1 "https://example.com/Ā"`), nil, "percent-encoded"},
			{held("c", "URI", 3600, "1 1 \"https://example.com/\u0080\""), nil, "percent-encoded"},
			{held("c", "TXT", 3600, `"Ā"`), nil, ""},
		},
		"parameters of HTTPS": {
			{held("c", "HTTPS", 3600, "1 . ohttp"), nil, "rejects the parameter ohttp"},
			{held("c", "HTTPS", 3600, "1 . alpn=ohttp"), nil, ""},
			{held("c", "HTTPS", 3600, `1 . key9="a ohttp"`), nil, ""},
			{held("c", "HTTPS", 3600, "1 . alpn=h2 key9"), nil, "without a value"},
			{held("c", "HTTPS", 3600, "1 . mandatory=key65400 key65400"), nil, "without a value"},
			{held("c", "HTTPS", 3600, `1 . mandatory=key65400 key65400="a"`), nil, ""},
			{held("c", "HTTPS", 3600, `1 . key9="a" key10`), nil, "without a value"},
			{held("c", "HTTPS", 3600, `1 key9. alpn=h2 no-default-alpn`), nil, ""},
		},
		"parameters of SVCB": {
			{held("c", "SVCB", 3600, `1 . dohpath="/q{?dns}"`), nil, "rejects the parameter dohpath"},
			{held("c", "SVCB", 3600, `1 . alpn=h2`), nil, ""},
			{held("c", "SVCB", 3600, `1 . key9=";"`), nil, "takes no ;, ( or )"},
			{held("c", "SVCB", 3600, `1 . alpn=h2 key9="\"" key10="a\"("`), nil, "takes no ;, ( or )"},
			{held("c", "SVCB", 3600, `1 . key9="key10 \"\\,$@" key65535="="`), nil, ""},
			{held("c", "SVCB", 3600, `1 . ech="" port=1`), nil, ""},
			{held("c", "SVCB", 3600, "0 ."), nil, ""},
		},
		"length of the zone's name": {
			{at(label(63)+"."+label(63)+"."+label(55)+".example.", "", "A", 3600, "192.0.2.1"), nil, ""},
			{at(label(63)+"."+label(63)+"."+label(56)+".example.", "", "A", 3600, "192.0.2.1"), nil, "has 192 characters"},
		},
		"type of a certificate": {
			{held("c", "CERT", 3600, "1 0 0 sadfdQ=="), nil, ""},
			{held("c", "CERT", 3600, "0 0 0 sadfdQ=="), nil, "such as 1 for PKIX"},
		},
	}
	for _, r := range rules {
		if len(cases[r.Name]) == 0 {
			t.Errorf("the rule %q has no test", r.Name)
		}
		for _, c := range cases[r.Name] {
			got := r.Reject(c.want, c.zone)
			if (c.says == "") != (got == "") || !strings.Contains(got, c.says) {
				t.Errorf("%s: %s %.60q TTL %d gives %q, want %q", r.Name, c.want.Key, c.want.Values, c.want.TTL, got, c.says)
			}
		}
		if _, err := time.Parse(time.DateOnly, r.Verified); err != nil || !strings.HasPrefix(r.Source, "design/facts/desec-api.md section ") {
			t.Errorf("%s: verified %q, source %q", r.Name, r.Verified, r.Source)
		}
	}
	if len(cases) != len(rules) {
		t.Errorf("%d rules, %d of them with tests", len(rules), len(cases))
	}
}

func TestClient_Check(t *testing.T) {
	t.Parallel()
	got := new(Client).Check(at("me.dedyn.io.", "", "NS", 60, strings.Repeat("a", 35000), strings.Repeat("b", 35000)), &operator.Zone{MinimumTTL: 3600, MaximumTTL: 86400})
	var attributes []string
	for _, v := range got {
		attributes = append(attributes, v.Attribute)
	}
	if diff := cmp.Diff([]string{"ttl", "type", "values"}, attributes); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
	if got := new(Client).Check(held("www", "A", 3600, "192.0.2.1"), nil); got != nil {
		t.Errorf("a plain RRset gives %v", got)
	}
}
