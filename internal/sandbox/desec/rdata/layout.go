package rdata

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// layout is the RDATA of one type.
type layout struct {
	fields []field
	// direct types are read by deSEC's own code: what follows the record is dropped without a word, the generic form \#
	// is not understood, and errors keep their kind.
	direct bool
	// keepsCase: names differ by case when records are compared for being the same. RFC 4034 section 6.2 lists the
	// types that do not keep it; SVCB and HTTPS do.
	keepsCase bool
	// check judges the wire form as soon as it is complete.
	check func(wire []byte) error
	// host is what the API calls the last name when it is not a host name, and which names it takes.
	host hostRule
	// serves reports whether the signing name server takes the record as a whole; nil: always. What it does not read in
	// a field, reader.unserved tells.
	serves func(wire []byte) bool
}

// layouts has the 39 types that can be managed (design/facts/desec-api.md section 5).
var layouts = map[string]layout{
	"A":          {fields: []field{ipv4Field}},
	"AAAA":       {fields: []field{ipv6Field}, direct: true},
	"AFSDB":      {fields: []field{uint16Field, nameField}},
	"APL":        opaque,
	"CAA":        {fields: []field{uint8Field, tagField, valueField}},
	"CDNSKEY":    {fields: []field{uint16Field, uint8Field, algorithmField, base64Field}},
	"CDS":        {fields: digestFields, check: checkDigest(true)},
	"CERT":       {fields: []field{certificateField, uint16Field, earlyAlgorithmField, base64Field}, direct: true, serves: servesCertificate},
	"CNAME":      {fields: []field{nameField}, direct: true, host: hostRule{"target", isAlias, true}},
	"CSYNC":      opaque,
	"DHCID":      {fields: []field{base64Field}},
	"DLV":        {fields: digestFields, check: checkDigest(false)},
	"DNAME":      {fields: []field{nameField}},
	"DNSKEY":     {fields: []field{uint16Field, uint8Field, algorithmField, base64Field}},
	"DS":         {fields: digestFields, check: checkDigest(false)},
	"EUI48":      opaque,
	"EUI64":      opaque,
	"HINFO":      {fields: []field{stringField(255), stringField(255)}},
	"HTTPS":      {fields: []field{uint16Field, nameField, parametersField}, keepsCase: true},
	"KX":         {fields: []field{uint16Field, nameField}},
	"L32":        {fields: []field{uint16Field, ipv4Field}},
	"L64":        opaque,
	"LOC":        {fields: []field{locationField}, serves: servesLocation},
	"LP":         {fields: []field{uint16Field, nameField}},
	"MX":         {fields: []field{uint16Field, nameField}, direct: true, host: hostRule{"exchange", isHost, true}},
	"NAPTR":      {fields: []field{uint16Field, uint16Field, stringField(0), stringField(0), stringField(0), nameField}},
	"NID":        opaque,
	"NS":         {fields: []field{nameField}, direct: true, host: hostRule{"target", isHost, false}},
	"OPENPGPKEY": {fields: []field{base64Field}},
	"PTR":        {fields: []field{nameField}},
	"RP":         {fields: []field{nameField, nameField}},
	"SMIMEA":     {fields: []field{uint8Field, uint8Field, uint8Field, hexField}},
	"SPF":        {fields: []field{textField}, direct: true},
	"SRV":        {fields: []field{uint16Field, uint16Field, uint16Field, nameField}, direct: true, host: hostRule{"target", isHost, true}},
	"SSHFP":      {fields: []field{uint8Field, uint8Field, hexField}},
	"SVCB":       {fields: []field{uint16Field, nameField, parametersField}, keepsCase: true},
	"TLSA":       {fields: []field{uint8Field, uint8Field, uint8Field, hexField}},
	"TXT":        {fields: []field{textField}, direct: true},
	"URI":        {fields: []field{uint16Field, uint16Field, uriField}},
}

// opaque is RDATA that stays as it came: no client of ours writes such a type, but a zone may hold it.
var opaque = layout{fields: []field{{
	read: func(s *scanner, wire []byte) []byte { return append(wire, string(s.text)...) },
	show: func(r *reader) string { return string(r.rest()) },
}}, direct: true}

// Manageable reports whether users may write RRsets of the type.
func Manageable(typ string) bool {
	_, ok := layouts[typ]
	return ok
}

// The limits of one record (design/facts/desec-api.md section 5, limits).
const (
	maxWire = 64000 // bytes, to the API
	maxText = 64000 // characters, to the database of the signing name server
)

// Canonical gives text as deSEC would store it after one reading. deSEC reads twice, and for a few types the second
// reading changes the form again (design/facts/desec-api.md section 5). The error is a
// *Refusal or ErrServer.
func Canonical(typ, text string) (string, error) {
	l, ok := layouts[typ]
	if !ok {
		return "", ErrServer
	}
	wire, err := l.read(scan(text))
	if err != nil {
		return "", refuse(typ, err)
	}
	if len(wire) > maxWire {
		return "", &Refusal{fmt.Sprintf("Ensure this value has no more than %d byte in wire format (it has %d).", maxWire, len(wire))}
	}
	shown, err := l.show(&reader{wire: wire})
	if err != nil {
		return "", refuse(typ, err)
	}
	return shown, nil
}

// Digestible gives the wire form in which records are compared for being duplicates (RFC 4034 section 6.2).
func Digestible(typ, text string) (string, error) {
	l, ok := layouts[typ]
	if !ok {
		return "", ErrServer
	}
	s := scan(text)
	s.fold = !l.keepsCase
	wire, err := l.read(s)
	if err != nil {
		return "", refuse(typ, err)
	}
	return string(wire), nil
}

// Served reports whether the signing name server behind the API takes a record that the API took. If not, the answer is
// an HTML page with status 500 and nothing is stored.
func Served(typ, text string) bool {
	l := layouts[typ]
	wire, err := l.read(scan(text))
	if err != nil || utf8.RuneCountInString(text) > maxText {
		return false
	}
	r := &reader{wire: wire}
	_, err = l.show(r)
	return err == nil && !r.unserved && (l.serves == nil || l.serves(wire))
}

func (l layout) read(s *scanner) ([]byte, error) {
	wire := l.readFields(s)
	if !l.direct {
		s.end()
		s.err = asSyntax(s.err)
	}
	if s.err != nil {
		return nil, s.err
	}
	if s.unwritable {
		return nil, ErrServer
	}
	if s.relative {
		return nil, errRelative
	}
	return wire, nil
}

func (l layout) readFields(s *scanner) (wire []byte) {
	if !l.direct {
		first := s.next()
		s.unget(first)
		if first == (token{identifier, `\#`}) {
			return l.readGeneric(s)
		}
	}
	for _, f := range l.fields {
		wire = f.read(s, wire)
	}
	if l.check != nil && s.err == nil {
		s.judge(l.check(wire))
	}
	s.fail(s.verdict)
	return wire
}

// readGeneric reads the form of RFC 3597 section 5.
func (l layout) readGeneric(s *scanner) []byte {
	s.next()
	length := readNumber(s, 64)
	wire, err := decodeHex(s.joined(true))
	s.fail(err)
	if uint64(len(wire)) != length {
		s.fail(&syntaxError{"generic rdata hex data has wrong length"})
	}
	if s.err == nil {
		r := &reader{wire: wire}
		_, _ = l.show(r) // what is wrong with a value is found when it is printed
		s.fail(r.err())
	}
	if l.check != nil && s.err == nil {
		s.fail(l.check(wire))
	}
	return wire
}

// show prints a wire form. The last name has to be a host name for the types which ask for one: the API asks when it
// prints, not when it reads.
func (l layout) show(r *reader) (string, error) {
	var parts []string
	for _, f := range l.fields {
		if part := f.show(r); part != "" || !f.optional {
			parts = append(parts, part)
		}
	}
	if len(r.wire) > 0 {
		r.fail()
	}
	if r.failed {
		return "", errForm
	}
	if l.host.valid != nil {
		if err := l.host.check(parts[len(parts)-1]); err != nil {
			return "", err
		}
	}
	return strings.Join(parts, " "), r.verdict
}

// hostRule is what the signing name server demands of a name (design/facts/desec-api.md section 5: CNAME, MX, NS, SRV).
type hostRule struct {
	word  string
	valid func(label string) bool
	root  bool // "." is taken
}

func (h hostRule) check(name string) error {
	if name == "." && h.root {
		return nil
	}
	labels := strings.Split(strings.TrimSuffix(name, "."), ".")
	if name == "." || slices.ContainsFunc(labels, func(label string) bool { return !h.valid(label) }) {
		return &valueError{"invalid " + h.word + ": " + name}
	}
	return nil
}

const alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

func isHost(label string) bool {
	return isAlias(label) && !strings.ContainsAny(label, "_*") && label[0] != '-' && label[len(label)-1] != '-'
}

func isAlias(label string) bool {
	return label != "" && strings.Trim(label, alphanumeric+"_*-") == ""
}
