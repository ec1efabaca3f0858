package zonefile

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"codeberg.org/miekg/dns"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// masterTTL is the TTL in seconds of records before which neither a $TTL nor
// another record says one.
const masterTTL = 3600

// mostRecords bounds what $GENERATE may make of a few lines.
const mostRecords = 100_000

// generated are the types that every operator makes itself. They stand in
// every export of a signed zone.
var generated = []uint16{dns.TypeSOA, dns.TypeRRSIG, dns.TypeNSEC, dns.TypeNSEC3, dns.TypeNSEC3PARAM}

// ParseMaster reads a zone file (RFC 1035 section 5). origin is the zone, and
// what relative names are relative to until an $ORIGIN says otherwise. Records
// that each operator makes itself are left out: SOA and, of a signed zone,
// RRSIG, NSEC, NSEC3 and NSEC3PARAM. Values are canonical.
//
// $INCLUDE is refused: the text is all there is. An error about the origin
// is an *OriginError; others name the line or the RRset.
func ParseMaster(text, origin string) (Zone, error) {
	apex, err := rrset.CanonicalZone(origin)
	if err != nil {
		return nil, &OriginError{err}
	}
	// The last record of a text without a final line break would be lost.
	parser := dns.NewZoneParser(strings.NewReader(text+"\n"), apex, "")
	parser.SetDefaultTTL(masterTTL)
	parser.IncludeAllowFunc = func(string, string) bool { return false }
	sets, count := map[rrset.Key]*observed{}, 0
	for rr, ok := parser.Next(); ok; rr, ok = parser.Next() {
		if count++; count > mostRecords {
			return nil, fmt.Errorf("the zone file has more than %d records", mostRecords)
		}
		if err := collect(sets, apex, rr); err != nil {
			return nil, err
		}
	}
	if err := parser.Err(); err != nil {
		return nil, errors.New(strings.TrimPrefix(err.Error(), "dns: "))
	}
	zone := Zone{}
	for key, set := range sets {
		slices.Sort(set.values)
		r, err := newRRset(key, set.ttl, slices.Compact(set.values))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		zone[address(key)] = r
	}
	return zone, nil
}

// OriginError says that the origin is not the name of a zone.
type OriginError struct{ Err error }

func (e *OriginError) Error() string { return e.Err.Error() }

func (e *OriginError) Unwrap() error { return e.Err }

// observed are the records of one RRset so far.
type observed struct {
	ttl    uint32
	values []string
}

func collect(sets map[rrset.Key]*observed, apex string, rr dns.RR) error {
	header, typ := rr.Header(), dns.RRToType(rr)
	if slices.Contains(generated, typ) {
		return nil
	}
	title := fmt.Sprintf("%s %s", header.Name, mnemonic(typ))
	if header.Class != dns.ClassINET {
		return fmt.Errorf("%s: the class is not IN, and the operators serve no other; remove this record", title)
	}
	key, err := rrset.NewKey(apex, header.Name, mnemonic(typ))
	if err != nil {
		return fmt.Errorf("%s: %w", title, err)
	}
	value, err := rrset.Canonical(key.Type, presentation(rr))
	if err != nil {
		return fmt.Errorf("%s: %w", title, err)
	}
	set := sets[key]
	if set == nil {
		set = &observed{ttl: header.TTL}
		sets[key] = set
	}
	if set.ttl != header.TTL {
		return fmt.Errorf("%s: its records have the TTLs %d and %d, and all records of an RRset have one (RFC 2181 section 5.2); make them equal",
			title, set.ttl, header.TTL)
	}
	set.values = append(set.values, value)
	return nil
}

// presentation is the RDATA as the library prints it. Of an SVCB parameter
// without a value it prints an empty one, which RFC 9460 section 7.1.1 does not
// allow; inside a quoted value these quotes would be escaped.
func presentation(rr dns.RR) string {
	text := rr.Data().String()
	switch rr.(type) {
	case *dns.SVCB, *dns.HTTPS:
		text = strings.ReplaceAll(text, ` no-default-alpn=""`, " no-default-alpn")
	}
	return text
}

func mnemonic(typ uint16) string {
	if name, ok := dns.TypeToString[typ]; ok {
		return name
	}
	return fmt.Sprintf("TYPE%d", typ)
}
