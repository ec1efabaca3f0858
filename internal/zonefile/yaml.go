package zonefile

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

const (
	// yamlTTL is the TTL in seconds where a record gives none, as in the toolkit.
	yamlTTL = 300

	// mostYAML bounds the text in bytes, and what its aliases repeat: a zone of several thousand records.
	mostYAML = 512 << 10
)

// ParseYAML reads the YAML of the multi-dns-failover toolkit:
//
//	domain: example.com
//	records:
//	  - {name: www, type: A, ttl: 3600, values: [192.0.2.1]}
//
// A record without a ttl has 300 seconds, as there. Values keep their spelling. Errors name the line or the record.
// Time and memory are in proportion to the text: an alias is followed where it is read and never copied.
func ParseYAML(text string) (Zone, error) {
	file, err := readYAML(text)
	if err != nil {
		return nil, fmt.Errorf("read YAML: %w", err)
	}
	if file.domain == "" {
		return nil, errors.New("the key domain is missing; write the name of the zone there, for example domain: example.com")
	}
	if _, err := rrset.CanonicalZone(file.domain); err != nil {
		return nil, fmt.Errorf("domain: %w", err)
	}
	zone := Zone{}
	for i, record := range file.records {
		key, r, err := record.rrset(file.domain)
		if err != nil {
			return nil, fmt.Errorf("record %d%s: %w", i+1, record.title(), err)
		}
		if _, twice := zone[address(key)]; twice {
			return nil, fmt.Errorf("record %d%s: the same name and type stand in an earlier record; write all values of an RRset into one record",
				i+1, record.title())
		}
		zone[address(key)] = r
	}
	return zone, nil
}

// yamlZone is the file. Keys beside these are left alone: the toolkit's settings for a failover may stand in the same
// file.
type yamlZone struct {
	domain  string
	records []yamlRecord
}

type yamlRecord struct {
	name    string
	typ     string
	ttl     string
	values  []string
	unknown []string
}

// title tells records apart in messages.
func (r yamlRecord) title() string {
	if r.name == "" && r.typ == "" {
		return ""
	}
	return fmt.Sprintf(" (%s)", short(strings.TrimSpace(r.name+" "+r.typ)))
}

func (r yamlRecord) rrset(domain string) (rrset.Key, RRset, error) {
	if len(r.unknown) > 0 {
		// A key that nobody reads, such as a misspelt ttl, would change what is served without a word.
		return rrset.Key{}, RRset{}, fmt.Errorf("unknown key %s; a record has the keys name, type, ttl and values", wordOr("in it", r.unknown[0]))
	}
	if r.name == "" || r.typ == "" || len(r.values) == 0 {
		return rrset.Key{}, RRset{}, errors.New("a record needs name, type and at least one value in values")
	}
	ttl := uint64(yamlTTL)
	if len(r.ttl) > 1 && r.ttl[0] == '0' { // octal in YAML 1.1, decimal in YAML 1.2
		return rrset.Key{}, RRset{}, errors.New("the ttl begins with a zero, which some readers of YAML take for octal; write it without leading zeros")
	}
	if r.ttl != "" {
		var err error
		if ttl, err = strconv.ParseUint(r.ttl, 10, 31); err != nil {
			return rrset.Key{}, RRset{}, errors.New("the ttl is not a number of seconds; write one such as 3600")
		}
	}
	key, err := rrset.NewKey(domain, r.name, r.typ)
	if err != nil {
		return rrset.Key{}, RRset{}, err
	}
	rr, err := newRRset(key, uint32(ttl), r.values)
	return key, rr, err
}

func readYAML(text string) (yamlZone, error) {
	if len(text) > mostYAML {
		return yamlZone{}, fmt.Errorf("the text has %d bytes, and %d are the most; write a zone file and read it with parse_zone_file", len(text), mostYAML)
	}
	var document, second yaml.Node
	decoder := yaml.NewDecoder(strings.NewReader(text))
	if err := decoder.Decode(&document); err != nil && !errors.Is(err, io.EOF) {
		return yamlZone{}, syntaxError(err)
	}
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		return yamlZone{}, errors.New(`there is a second document after "---"; write one zone in each text`)
	}
	if len(document.Content) == 0 {
		return yamlZone{}, nil
	}
	return fileOf(document.Content[0])
}

// syntaxError says what the library found, without a word of the text, and what to do where a name of DNS is what YAML
// stumbles over.
func syntaxError(err error) error {
	said := strings.TrimPrefix(err.Error(), "yaml: ")
	switch {
	case strings.HasPrefix(said, "unknown anchor"):
		return errors.New("unknown anchor; " + quoteAsterisk)
	case strings.HasSuffix(said, "did not find expected alphabetic or numeric character"):
		return errors.New(said + "; " + quoteAsterisk)
	case strings.HasSuffix(said, "found character that cannot start any token"):
		return errors.New(said + "; put a text that begins with @, % or a backquote in quotes, such as \"@\", and indent with blanks, never with tabs")
	case strings.HasSuffix(said, "found incompatible YAML document"):
		return errors.New("%YAML names another version than 1.1; remove that line")
	}
	return errors.New(quotedWord.ReplaceAllString(said, "…"))
}

const quoteAsterisk = "put a text that begins with an asterisk or an ampersand in quotes, such as \"*.apps\""

var quotedWord = regexp.MustCompile("['\"`].*['\"`]")

func fileOf(root *yaml.Node) (file yamlZone, err error) {
	keys, err := mapping(root)
	if err != nil {
		return file, err
	}
	if file.domain, err = scalar(keys["domain"]); err != nil {
		return file, err
	}
	records, err := sequence(keys["records"])
	if err != nil {
		return file, err
	}
	size := 0
	for _, node := range records {
		record, err := yamlRecordOf(node)
		if err != nil {
			return file, err
		}
		for _, value := range record.values {
			size += len(value) + 1
		}
		if size > mostYAML {
			return file, fmt.Errorf("line %d: with what its aliases repeat, the values have more than %d bytes; write fewer", node.Line, mostYAML)
		}
		file.records = append(file.records, record)
	}
	return file, nil
}

func yamlRecordOf(node *yaml.Node) (r yamlRecord, err error) {
	fields, err := mapping(node)
	if err != nil {
		return r, err
	}
	for key := range fields {
		if !slices.Contains([]string{"name", "type", "ttl", "values"}, key) {
			r.unknown = append(r.unknown, key)
		}
	}
	slices.Sort(r.unknown)
	values, err := sequence(fields["values"])
	if err != nil {
		return r, err
	}
	for _, field := range []struct {
		name string
		into *string
	}{{"name", &r.name}, {"type", &r.typ}, {"ttl", &r.ttl}} {
		if *field.into, err = scalar(fields[field.name]); err != nil {
			return r, err
		}
	}
	for _, value := range values {
		text, err := scalar(value)
		if err != nil {
			return r, err
		}
		r.values = append(r.values, text)
	}
	return r, nil
}
