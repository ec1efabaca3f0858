package rdata

import (
	"slices"
	"strconv"
	"strings"

	"codeberg.org/miekg/dns"
)

var (
	// digestFields are DS, CDS and DLV (RFC 4034 section 5.1).
	digestFields = []field{uint16Field, algorithmField, uint8Field, hexField}
	// certificateField is the type of a CERT record (RFC 4398 section 2.1).
	certificateField = field{read: readCertificateType, show: uint16Field.show}
	// typesField is the bitmap of CSYNC (RFC 7477 section 2.1.1.2.1).
	typesField = field{read: readTypes, show: showTypes, optional: true}
)

// digestLengths are those that the library knows, in bytes by digest type.
var digestLengths = map[byte]int{1: 20, 2: 32, 3: 32, 4: 48}

// checkDigest judges the digest of a DS, CDS or DLV record. Type 0 asks for the deletion of a DS
// and is for CDS alone (RFC 8078 section 4).
func checkDigest(deletes bool) func(wire []byte) error {
	return func(wire []byte) error {
		digestType, digest := wire[3], wire[4:]
		want, known := digestLengths[digestType]
		if digestType == 0 && deletes {
			want, known = 1, true
		}
		switch {
		case known && len(digest) != want:
			return &valueError{"digest length inconsistent with digest type"}
		case !known && digestType == 0:
			return &valueError{"digest type 0 is reserved"}
		}
		return nil
	}
}

var certificateTypes = map[string]int64{
	"PKIX": 1, "SPKI": 2, "PGP": 3, "IPKIX": 4, "ISPKI": 5, "IPGP": 6, "ACPKIX": 7, "IACPKIX": 8, "URI": 253, "OID": 254,
}

// servesCertificate: the signing name server refuses the type 0, which is reserved (RFC 4398 section
// 2.1, design/facts/desec-api.md section 10).
func servesCertificate(wire []byte) bool { return wire[0] != 0 || wire[1] != 0 }

func readCertificateType(s *scanner, wire []byte) ([]byte, error) {
	text, err := s.str()
	if err != nil {
		return nil, err
	}
	n, ok := certificateTypes[text]
	if !ok {
		if n, err = parseInt(text); err != nil {
			return nil, err
		}
	}
	if n < 0 || n > 0xffff {
		s.judge(&valueError{"not a uint16"})
	}
	return appendNumber(wire, 16, uint64(n)), nil
}

func readTypes(s *scanner, wire []byte) ([]byte, error) {
	tokens, err := s.rest(0)
	if err != nil {
		return nil, err
	}
	var types []uint16
	for _, t := range tokens {
		name, err := unescape(t.value)
		if err != nil {
			return nil, err
		}
		code, err := typeCode(name)
		if err != nil {
			return nil, err
		}
		if code == 0 {
			return nil, &syntaxError{"CSYNC with bit 0"}
		}
		types = append(types, code)
	}
	slices.Sort(types)
	return append(wire, bitmap(slices.Compact(types))...), nil
}

func typeCode(name string) (uint16, error) {
	name = strings.ToUpper(name)
	if code, ok := dns.StringToType[name]; ok {
		return code, nil
	}
	number, ok := strings.CutPrefix(name, "TYPE")
	if !ok || !isDigits(number) {
		return 0, &valueError{"DNS resource record type is unknown."}
	}
	code, err := strconv.ParseUint(number, 10, 16)
	if err != nil {
		return 0, &valueError{"type must be an int between >= 0 and <= 65535"}
	}
	return uint16(code), nil
}

// bitmap packs sorted type codes (RFC 4034 section 4.1.2).
func bitmap(types []uint16) []byte {
	var wire []byte
	for len(types) > 0 {
		window := types[0] >> 8
		var bits [32]byte
		var used int
		for len(types) > 0 && types[0]>>8 == window {
			low := int(types[0] & 0xff)
			bits[low/8] |= 0x80 >> (low % 8)
			used = low/8 + 1
			types = types[1:]
		}
		wire = append(append(wire, byte(window), byte(used)), bits[:used]...)
	}
	return wire
}

func showTypes(r *reader) (string, error) {
	var names []string
	for len(r.wire) > 0 {
		window, err := r.byte()
		if err != nil {
			return "", err
		}
		bits, err := r.counted()
		if err != nil {
			return "", err
		}
		for i := range len(bits) * 8 {
			if bits[i/8]&(0x80>>(i%8)) != 0 {
				names = append(names, typeName(uint16(window)<<8|uint16(i)))
			}
		}
	}
	return strings.Join(names, " "), nil
}

func typeName(code uint16) string {
	if name, ok := dns.TypeToString[code]; ok {
		return name
	}
	return "TYPE" + strconv.Itoa(int(code))
}
