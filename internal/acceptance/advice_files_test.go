package acceptance

import (
	"errors"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/zonefile"
)

// toldFile is what a zone file or a YAML is told, and the text that follows it.
type toldFile struct{ says, bad, good string }

const goodLine = "www 3600 A 192.0.2.1"

var toldZoneFiles = map[string]toldFile{
	"two TTLs":        {"and all records of an RRset have one (RFC 2181 section 5.2); make them equal", "www 60 A 192.0.2.1\nwww 120 A 192.0.2.2", "www 60 A 192.0.2.1\nwww 60 A 192.0.2.2"},
	"two CNAMEs":      {"a CNAME has one value, and this one has 2; keep one of them", "www 60 CNAME a.example.net.\nwww 60 CNAME b.example.net.", "www 60 CNAME a.example.net."},
	"$INCLUDE":        {"$INCLUDE is refused: this text is all that is read; write the records of that file here", "$INCLUDE other", goodLine},
	"$ORIGIN":         {"write $ORIGIN example.com. instead, or all of the long name with its dot if that is meant", "$ORIGIN example.com\n" + goodLine, "$ORIGIN example.com.\n" + goodLine},
	"$ORIGIN meant":   {"or all of the long name with its dot if that is meant", "$ORIGIN example.com\n" + goodLine, "$ORIGIN example.com.example.com.\n" + goodLine},
	"$GENERATE":       {"write it as $GENERATE 1-10 host$ A 192.0.2.$", "$GENERATE host$ A 192.0.2.$", "$GENERATE 1-10 host$ A 192.0.2.$"},
	"place":           {"write an offset, a width and a base of d, o or x, such as ${0,3,d}", "$GENERATE 1-3 h${0,4,n} 60 A 192.0.2.$", "$GENERATE 1-3 h${0,3,d} 60 A 192.0.2.$"},
	"blank":           {"write the owner, or @ for the zone itself, at the very start of the line (in HCL: <<-EOT takes the indent away)", "  www 60 A 192.0.2.1", "www 60 A 192.0.2.1"},
	"semicolon":       {"an unquoted semicolon begins a comment, so that the rest of the line would be lost; put the text in quotes, or a blank before the comment", "www 60 TXT v=DKIM1; k=rsa", `www 60 TXT "v=DKIM1; k=rsa"`},
	"semicolon meant": {"or a blank before the comment", "www 60 TXT v=1;note", `www 60 TXT "v=1" ;note`},
	"other zone":      {"is not in the zone example.com.; remove the record, or give the name of its zone as the origin", "www.example.org. 60 A 192.0.2.1\n" + goodLine, goodLine},
	"quoted owner":    {"the owner is in quotes; write it without", `"www" 60 A 192.0.2.1`, "www 60 A 192.0.2.1"},
	"no dot":          {"write www.example.com. in the zone file if that is meant", "www.example.com 60 A 192.0.2.1", "www.example.com. 60 A 192.0.2.1"},
	"goes on":         {"if it goes on from the line above, put both into parentheses", "www 60 TXT \"a\"\n  \"b\"", "www 60 TXT ( \"a\"\n  \"b\" )"},
	"class":           {"the class CH is not IN, and the operators serve no other; remove this record", "www 60 CH TXT a\n" + goodLine, goodLine},
	"no type":         {"write owner, TTL, type and value, such as www 3600 A 192.0.2.1", "www 3600", goodLine},
	"TTL of nothing":  {"the TTL is none; write seconds, such as 3600, or 1h30m", "$TTL 1x\n" + goodLine, "$TTL 1h30m\n" + goodLine},
	"TTL large":       {"the most that DNS knows (RFC 2181 section 8); write a smaller one", "www 9999999999 A 192.0.2.1", goodLine},
	"TTL large unit":  {"the most that DNS knows (RFC 2181 section 8); write a smaller one", "www 99999w A 192.0.2.1", goodLine},
	"message type":    {"ANY is a type that only messages have; remove this record", "www 60 ANY x\n" + goodLine, goodLine},
	"age":             {"and no part of a zone file; remove it from every line", "www [AGE:3624] 60 A 192.0.2.1", "www 60 A 192.0.2.1"},
	"cli53":           {"which no other service has; write A and AAAA records, or a CNAME below the apex", "www 60 AWS ALIAS \"x\"", "www 60 CNAME x.example.net."},
	"WINS":            {"WINS is a type of Windows' DNS server alone; remove this record", "@ 60 WINS L2 C900\n" + goodLine, goodLine},
	"LUA":             {"LUA is a type of PowerDNS alone; remove this record", "www 60 LUA A \"ifportup(443, {'192.0.2.1'})\"\n" + goodLine, goodLine},
	"UTF-16":          {"and not UTF-8; save it as UTF-8, or read it with textdecodebase64(filebase64(\"…\"), \"UTF-16LE\")", "w\x00w\x00w\x00 \x003\x006\x000\x000\x00 \x00A\x00", goodLine},
	"tinydns":         {"write what a zone transfer of it (dig AXFR) answers instead", "+www.example.com:192.0.2.1:3600", "www.example.com. 3600 A 192.0.2.1"},
	"no-break space":  {"as text from a page does; write a plain blank", "www\u00a060 A 192.0.2.1", "www 60 A 192.0.2.1"},
	"curly quotes":    {`it has typographic quotes; write plain ones (")`, "www 60 TXT “v=spf1 -all”", `www 60 TXT "v=spf1 -all"`},
	"ANAME":           {"ANAME is not a DNS type; write A and AAAA records, or a CNAME below the apex", "www 60 ANAME a.example.net.", "www 60 CNAME a.example.net."},
}

var toldYAMLs = map[string]toldFile{
	"no domain": {"write the name of the zone there, for example domain: example.com", "records: []", "domain: example.com\nrecords: []"},
	"twice": {"write all values of an RRset into one record", "domain: example.com\nrecords:\n- {name: www, type: A, values: [192.0.2.1]}\n- {name: www, type: A, values: [192.0.2.2]}",
		"domain: example.com\nrecords:\n- {name: www, type: A, values: [192.0.2.1, 192.0.2.2]}"},
	"too long":      {"write a zone file and read it with parse_zone_file", "#" + strings.Repeat("a", 1<<22), ""},
	"two documents": {`there is a second document after "---"; write one zone in each text`, "domain: example.com\n---\ndomain: example.org", "domain: example.com"},
	"at":            {`put a text that begins with @, % or a backquote in quotes, such as "@"`, yamlOf("@"), yamlOf(`"@"`)},
	"asterisk":      {`put a text that begins with an asterisk or an ampersand in quotes, such as "*.apps"`, yamlOf("*.apps"), yamlOf(`"*.apps"`)},
	"a key twice":   {"the key is there twice; keep one", "domain: example.com\ndomain: example.com", "domain: example.com"},
	"merges": {"is merged with \"<<:\" merges another; write its keys out", "a: &a {type: A}\nb: &b {<<: *a}\ndomain: example.com\nrecords:\n- {name: www, <<: *b, values: [192.0.2.1]}",
		"b: &b {type: A}\ndomain: example.com\nrecords:\n- {name: www, <<: *b, values: [192.0.2.1]}"},
	"tabs":    {"and indent with blanks, never with tabs", "domain: example.com\nrecords:\n\t- {name: www, type: A, values: [192.0.2.1]}", yamlOf("www")},
	"version": {"remove that line", "%YAML 1.2\n---\n" + yamlOf("www"), yamlOf("www")},
	"colon":   {"put a text with a colon and a blank in quotes", strings.Replace(yamlOf("www"), "A, values: [192.0.2.1]", "TXT, values: [a: b]", 1), strings.Replace(yamlOf("www"), "A, values: [192.0.2.1]", `TXT, values: ["a: b"]`, 1)},
	"tag":     {"a tag such as !!binary is not read; write the text itself", strings.Replace(yamlOf("www"), "A, values: [192.0.2.1]", "TXT, values: [!!binary aGVsbG8=]", 1), strings.Replace(yamlOf("www"), "A, values: [192.0.2.1]", "TXT, values: [hello]", 1)},
	"seconds": {"the ttl is not a number of seconds; write one such as 3600", strings.Replace(yamlOf("www"), "type: A", "type: A, ttl: 1h", 1), strings.Replace(yamlOf("www"), "type: A", "type: A, ttl: 3600", 1)},
	"zero":    {"write it without leading zeros", strings.Replace(yamlOf("www"), "type: A", "type: A, ttl: 0600", 1), strings.Replace(yamlOf("www"), "type: A", "type: A, ttl: 600", 1)},
}

func yamlOf(name string) string {
	return "domain: example.com\nrecords:\n- {name: " + name + ", type: A, values: [192.0.2.1]}"
}

func TestAdvice_OfAZoneFileWorks(t *testing.T) {
	t.Parallel()
	for name, a := range toldZoneFiles {
		t.Run(name, func(t *testing.T) {
			if said := problemsOf(a.bad); !strings.Contains(flat(said), flat(a.says)) {
				t.Fatalf("nothing says %q: %s", a.says, said)
			}
			if said := problemsOf(a.good); said != "" {
				t.Errorf("what it says is no good: %s", said)
			}
		})
	}
}

// problemsOf are the errors of a zone file, and what it has that cannot be declared.
func problemsOf(text string) string {
	zone, err := zonefile.ParseZoneFile(text, "example.com")
	all := []error{err}
	for _, r := range zone {
		if r.Problem != "" {
			all = append(all, errors.New(r.Problem))
		}
	}
	if err := errors.Join(all...); err != nil {
		return err.Error()
	}
	return ""
}

func TestAdvice_OfAYAMLWorks(t *testing.T) {
	t.Parallel()
	for name, a := range toldYAMLs {
		t.Run(name, func(t *testing.T) {
			if _, err := zonefile.ParseYAML(a.bad); err == nil || !strings.Contains(flat(err.Error()), flat(a.says)) {
				t.Fatalf("nothing says %q: %v", a.says, err)
			}
			if a.good == "" {
				return
			}
			if _, err := zonefile.ParseYAML(a.good); err != nil {
				t.Errorf("what it says is no good: %v", err)
			}
		})
	}
}
