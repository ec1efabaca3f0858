package zonefile

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// yamlTTL is the TTL in seconds where a record gives none, as in the toolkit.
const yamlTTL = 300

// yamlZone is the file. Keys beside these are left alone: the toolkit's
// settings for a failover may stand in the same file.
type yamlZone struct {
	Domain  scalar       `yaml:"domain"`
	Records []yamlRecord `yaml:"records"`
}

type yamlRecord struct {
	fields yamlFields
	keys   map[string]any
}

type yamlFields struct {
	Name   scalar   `yaml:"name"`
	Type   scalar   `yaml:"type"`
	TTL    scalar   `yaml:"ttl"`
	Values []scalar `yaml:"values"`
}

// UnmarshalYAML remembers which keys there are.
func (r *yamlRecord) UnmarshalYAML(unmarshal func(any) error) error {
	if err := unmarshal(&r.keys); err != nil {
		return err
	}
	return unmarshal(&r.fields)
}

// scalar is the text of a scalar as it stands in the file. The library would
// turn 1.10 into 1.1 and 0x10 into 16 on the way to a string.
type scalar string

// UnmarshalYAML takes the text of a scalar and refuses everything else.
func (s *scalar) UnmarshalYAML(node ast.Node) error {
	switch n := node.(type) {
	case *ast.TagNode:
		return s.UnmarshalYAML(n.Value)
	case *ast.StringNode:
		*s = scalar(n.Value)
	case *ast.LiteralNode:
		*s = scalar(n.Value.Value)
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		*s = scalar(n.GetToken().Value)
	default:
		return fmt.Errorf("line %d: expected a text or a number", node.GetToken().Position.Line)
	}
	return nil
}

// ParseYAML reads the YAML of the multi-dns-failover toolkit:
//
//	domain: example.com
//	records:
//	  - {name: www, type: A, ttl: 3600, values: [192.0.2.1]}
//
// A record without a ttl has 300 seconds, as there. Values keep their spelling.
// Errors name the line or the record.
func ParseYAML(text string) (Zone, error) {
	file, err := decodeYAML(text)
	if err != nil {
		return nil, fmt.Errorf("read YAML: %w", err)
	}
	if file.Domain == "" {
		return nil, errors.New("the key domain is missing; write the name of the zone there, for example domain: example.com")
	}
	if _, err := rrset.CanonicalZone(string(file.Domain)); err != nil {
		return nil, fmt.Errorf("domain: %w", err)
	}
	zone := Zone{}
	for i, record := range file.Records {
		key, r, err := record.rrset(string(file.Domain))
		if err != nil {
			return nil, fmt.Errorf("record %d%s: %w", i+1, record.fields.title(), err)
		}
		if _, twice := zone[address(key)]; twice {
			return nil, fmt.Errorf("record %d%s: the same name and type stand in an earlier record; write all values of an RRset into one record",
				i+1, record.fields.title())
		}
		zone[address(key)] = r
	}
	return zone, nil
}

func decodeYAML(text string) (file yamlZone, err error) {
	// goccy/go-yaml v1.19.2 panics on some texts that are no YAML, such as a tag
	// before a comment (testdata/fuzz/FuzzParseYAML).
	defer func() {
		if caught := recover(); caught != nil {
			err = errors.New("the text is malformed")
		}
	}()
	decoder := yaml.NewDecoder(strings.NewReader(text))
	if err := decoder.Decode(&file); err != nil && !errors.Is(err, io.EOF) {
		return file, errors.New(strings.TrimSpace(yaml.FormatError(err, false, true)))
	}
	if err := decoder.Decode(new(any)); !errors.Is(err, io.EOF) {
		return file, errors.New(`there is a second document after "---"; write one zone in each text`)
	}
	return file, nil
}

// title tells records apart in messages.
func (f yamlFields) title() string {
	if f.Name == "" && f.Type == "" {
		return ""
	}
	return fmt.Sprintf(" (%s)", strings.TrimSpace(string(f.Name+" "+f.Type)))
}

func (r yamlRecord) rrset(domain string) (rrset.Key, RRset, error) {
	f := r.fields
	known := []string{"name", "type", "ttl", "values"}
	for _, key := range slices.Sorted(maps.Keys(r.keys)) {
		// A key that nobody reads, such as a misspelt ttl, would change what is
		// served without a word.
		if !slices.Contains(known, key) {
			return rrset.Key{}, RRset{}, fmt.Errorf("unknown key %q; a record has the keys name, type, ttl and values", key)
		}
	}
	if f.Name == "" || f.Type == "" || len(f.Values) == 0 {
		return rrset.Key{}, RRset{}, errors.New("a record needs name, type and at least one value in values")
	}
	ttl := uint64(yamlTTL)
	if f.TTL != "" {
		var err error
		if ttl, err = strconv.ParseUint(string(f.TTL), 10, 31); err != nil {
			return rrset.Key{}, RRset{}, fmt.Errorf("the ttl %q is not a number of seconds", string(f.TTL))
		}
	}
	key, err := rrset.NewKey(domain, string(f.Name), string(f.Type))
	if err != nil {
		return rrset.Key{}, RRset{}, err
	}
	values := make([]string, 0, len(f.Values))
	for _, v := range f.Values {
		values = append(values, string(v))
	}
	rr, err := newRRset(key, uint32(ttl), values)
	return key, rr, err
}
