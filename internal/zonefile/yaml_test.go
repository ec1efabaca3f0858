package zonefile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const yamlFile = `# multi-dns-failover
domain: example.com

records:
  - name: "www"
    type: "CNAME"
    ttl: 60
    values:
      - "web-router.example.com."
  - {name: "@", type: mx, values: [10 mail, "20 mail.example.net."]}
  - name: *.apps.example.com.
    type: A
    ttl: "3600"
    values: &addresses [192.0.2.2, 192.0.2.1]
  - name: API
    type: A
    values: *addresses
  - name: version
    type: TXT
    ttl: 300
    values: [1.10]
`

func TestParseYAML_Whole(t *testing.T) {
	text := strings.ReplaceAll(strings.Replace(yamlFile, "10 mail,", "10 mail.example.com,", 1), "*.apps.example.com.", `"*.apps.example.com."`)
	got, err := ParseYAML(text)
	if err != nil {
		t.Fatal(err)
	}
	want := Zone{}
	for _, r := range []RRset{
		{Name: "www", Type: "CNAME", TTL: 60, Values: []string{"web-router.example.com."}},
		{Name: "@", Type: "MX", TTL: 300, Values: []string{"10 mail.example.com", "20 mail.example.net."}},
		{Name: "*.apps", Type: "A", TTL: 3600, Values: []string{"192.0.2.2", "192.0.2.1"}},
		{Name: "api", Type: "A", TTL: 300, Values: []string{"192.0.2.2", "192.0.2.1"}},
		{Name: "version", Type: "TXT", TTL: 300, Values: []string{"1.10"}},
	} {
		r.Zone = "example.com"
		want[r.Name+"/"+r.Type] = r
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParseYAML_Refusals(t *testing.T) {
	record := func(fields string) string { return "domain: example.com\nrecords:\n  - {" + fields + "}\n" }
	for _, test := range []struct{ name, text, says string }{
		{"nothing", "", "domain"},
		{"no domain", "records: []", "domain"},
		{"domain is no name", "domain: a b", "domain"},
		{"list", "- a", "mapping"},
		{"no YAML", "domain: [", "read YAML"},
		{"alias of itself", "domain: example.com\nrecords: &a [*a]\n", "read YAML"},
		{"tag before a comment, where the library panics", "domain: example.com\nrecords:\n !0 #", "read YAML"},
		{"domain is a mapping", "domain: {a: b}", "line 1"},
		{"two documents", "domain: example.com\n---\ndomain: example.net\n", "second document"},
		{"record is a text", "domain: example.com\nrecords: [www]\n", "mapping"},
		{"no name", record("type: A, values: [192.0.2.1]"), "record 1 (A): a record needs name"},
		{"no type", record("name: www, values: [192.0.2.1]"), "record 1 (www)"},
		{"no values", record("name: www, type: A"), "values"},
		{"empty values", record("name: www, type: A, values: []"), "values"},
		{"values is a text", record("name: www, type: A, values: 192.0.2.1"), "sequence"},
		{"misspelt key", record("name: www, type: A, tll: 60, values: [192.0.2.1]"), `"tll"`},
		{"ttl is no number", record("name: www, type: A, ttl: 1h, values: [192.0.2.1]"), `"1h"`},
		{"ttl is negative", record("name: www, type: A, ttl: -1, values: [192.0.2.1]"), `"-1"`},
		{"bad value", record("name: www, type: A, values: [192.0.2.256]"), "record 1 (www A): A value"},
		{"null value", record("name: www, type: TXT, values: [~]"), "empty"},
		{"other zone", record("name: www.example.net., type: A, values: [192.0.2.1]"), "not in the zone"},
		{"type of one operator", record("name: www, type: DNAME, values: [example.net.]"), "DNAME"},
		{"two targets", record("name: www, type: CNAME, values: [a.example.net, b.example.net]"), "CNAME"},
		{"declared twice", record("name: www, type: A, values: [192.0.2.1]") + "  - {name: WWW.example.com., type: a, values: [192.0.2.2]}\n", "record 2 (WWW.example.com. a): the same"},
	} {
		t.Run(test.name, func(t *testing.T) {
			zone, err := ParseYAML(test.text)
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v and error %v, want one with %q", zone, err, test.says)
			}
		})
	}
}

func TestParseYAML_NoRecords(t *testing.T) {
	for _, text := range []string{"domain: example.com", "domain: example.com\nrecords: []\n", "domain: example.com\nrecords:\nrouter_record: web-router\n"} {
		if zone, err := ParseYAML(text); err != nil || zone == nil || len(zone) != 0 {
			t.Errorf("%q: %v, %v", text, zone, err)
		}
	}
}

func FuzzParseYAML(f *testing.F) {
	f.Add(yamlFile)
	f.Add("domain: example.com\nrecords:\n  - {name: www, type: A, values: [192.0.2.1]}\n")
	f.Fuzz(func(t *testing.T, text string) {
		zone, err := ParseYAML(text)
		if err == nil {
			checkZone(t, zone)
		}
	})
}
