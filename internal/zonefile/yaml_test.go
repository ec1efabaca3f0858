package zonefile

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const wholeYAML = `# multi-dns-failover
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
	text := strings.ReplaceAll(strings.Replace(wholeYAML, "10 mail,", "10 mail.example.com,", 1), "*.apps.example.com.", `"*.apps.example.com."`)
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
		{"alias of itself", "domain: example.com\nrecords: &a [*a]\n", "line 2: expected a mapping"},
		{"unknown anchor", "domain: example.com\nrecords: *a\n", "unknown anchor"},
		{"key twice", "domain: example.com\ndomain: example.net\n", "line 2: the key is there twice"},
		{"key of a record twice", record("name: www, name: api, type: A, values: [192.0.2.1]"), "line 3: the key is there twice"},
		{"key is a list", "domain: example.com\n[a]: b\n", "line 2: expected a text as the key"},
		{"merge of a merge", "domain: example.com\na: &a {type: A}\nb: &b {<<: *a}\nrecords: [{<<: *b, name: www, values: [192.0.2.1]}]\n", "write its keys out"},
		{"merge of a text", record("<<: A, name: www, values: [192.0.2.1]"), `expected a mapping after "<<:"`},
		{"text beyond the bound", strings.Repeat("#", mostYAML+1), "are the most"},
		{"long ttl", record(`name: www, type: A, ttl: "\e[31m` + strings.Repeat("x", 9999) + `", values: [192.0.2.1]`), "the ttl is not a number of seconds"},
		{"tag before a comment", "domain: example.com\nrecords: !0 x # y", "expected a sequence"},
		{"domain is a mapping", "domain: {a: b}", "line 1"},
		{"two documents", "domain: example.com\n---\ndomain: example.net\n", "second document"},
		{"record is a text", "domain: example.com\nrecords: [www]\n", "mapping"},
		{"no name", record("type: A, values: [192.0.2.1]"), "record 1 (A): a record needs name"},
		{"no type", record("name: www, values: [192.0.2.1]"), "record 1 (www)"},
		{"no values", record("name: www, type: A"), "values"},
		{"empty values", record("name: www, type: A, values: []"), "values"},
		{"values is a text", record("name: www, type: A, values: 192.0.2.1"), "sequence"},
		{"apex without quotes", record("name: @, type: A, values: [192.0.2.1]"), `put a text that begins with @, % or a backquote in quotes, such as "@"`},
		{"wildcard without quotes", record("name: *.apps, type: A, values: [192.0.2.1]"), `put a text that begins with an asterisk`},
		{"misspelt key", record("name: www, type: A, tll: 60, values: [192.0.2.1]"), `"tll"`},
		{"ttl is no number", record("name: www, type: A, ttl: 1h, values: [192.0.2.1]"), "the ttl is not a number of seconds"},
		{"ttl is negative", record("name: www, type: A, ttl: -1, values: [192.0.2.1]"), "the ttl is not a number of seconds"},
		{"bad value", record("name: www, type: A, values: [192.0.2.256]"), "record 1 (www A): the A value is refused"},
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

func TestParseYAML_AnchorsAndMergeKeys(t *testing.T) {
	got, err := ParseYAML(`
domain: example.com
base: &base {type: A, ttl: 60, values: &front [192.0.2.1]}
ttls: [&hour 3600]
records:
  - {<<: *base, name: www}
  - {<<: [{name: api, ttl: *hour}, *base], values: *front}
`)
	if err != nil {
		t.Fatal(err)
	}
	want := Zone{
		"www/A": {Zone: "example.com", Name: "www", Type: "A", TTL: 60, Values: []string{"192.0.2.1"}},
		"api/A": {Zone: "example.com", Name: "api", Type: "A", TTL: 3600, Values: []string{"192.0.2.1"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestParseYAML_BoundedByTheText counts what is allocated for texts that were made to break a reader: nested aliases,
// deep collections, a list that every record repeats.
func TestParseYAML_BoundedByTheText(t *testing.T) {
	nested := "a0: &a0 [x, x]\n"
	for i := range 40 {
		nested += fmt.Sprintf("a%d: &a%d [%s*a%d]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*a%d, ", i), 9), i)
	}
	merges := "m0: &m0 {type: A}\n"
	for i := range 40 {
		merges += fmt.Sprintf("m%d: &m%d {<<: [%s*m%d]}\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*m%d, ", i), 9), i)
	}
	var list, keys strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&list, "198.51.%d.%d, ", i/256, i%256)
		fmt.Fprintf(&keys, "k%d: 0, ", i)
	}
	repeats := func(what string, anchor string) string {
		var b strings.Builder
		b.WriteString("domain: example.com\nshared: " + anchor + "\nrecords:\n")
		for i := range 5000 {
			fmt.Fprintf(&b, "- {name: a%d, type: A, %s}\n", i, what)
		}
		return b.String()
	}
	texts := map[string]string{
		"nested aliases as records": nested + "domain: example.com\nrecords: *a40\n",
		"nested aliases as values":  nested + "domain: example.com\nrecords: [{name: www, type: A, values: *a40}]\n",
		"nested merges":             merges + "domain: example.com\nrecords: [{<<: *m40, name: www, values: [192.0.2.1]}]\n",
		"list that repeats":         repeats("values: *s", "&s ["+list.String()+"]"),
		"text that repeats":         repeats("values: [*s]", "&s "+strings.Repeat("x", 50_000)),
		"mapping that repeats":      repeats("<<: *s", "&s {"+keys.String()+"}"),
		"anchors and aliases":       "domain: example.com\nrecords: [" + strings.Repeat("&a x, *a, ", 20_000) + "]",
	}
	for _, unit := range []string{"[", "{", "- ", "? ", "\"", "'", "|\n", "&a ", "!!a ", "%a\n", "a: ", "[a, ", "{a: ", "*a ", "---\n", "# x\n- a\n", "- # x\n"} {
		texts[fmt.Sprintf("%q again and again", unit)] = "domain: example.com\nrecords:\n" + strings.Repeat(unit, 100_000/len(unit))
	}
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := ParseYAML(text)
			runtime.ReadMemStats(&after)
			if err == nil || len(err.Error()) > 1000 {
				t.Errorf("error %.2000v, want a short one", err)
			}
			if got, most := after.TotalAlloc-before.TotalAlloc, uint64(8<<20+500*len(text)); got > most {
				t.Errorf("%d bytes are allocated for a text of %d, want %d at most", got, len(text), most)
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
	f.Add(wholeYAML)
	f.Add("domain: example.com\nrecords:\n  - {name: www, type: A, values: [192.0.2.1]}\n")
	f.Fuzz(func(t *testing.T, text string) {
		zone, err := ParseYAML(text)
		if err == nil {
			checkZone(t, zone)
		}
	})
}
