package rdata

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"
)

// field is one part of the RDATA of a type.
type field struct {
	// read takes the part from text and appends its wire form.
	read func(s *scanner, wire []byte) []byte
	// show takes the part from the wire form and prints it.
	show func(r *reader) string
	// optional: nothing is printed when there is nothing, not even the blank before it.
	optional bool
}

var (
	uint8Field  = number(8)
	uint16Field = number(16)
	nameField   = field{read: readName, show: showName}
	ipv4Field   = field{read: decoded((*scanner).identifier, parseIPv4), show: showIPv4}
	ipv6Field   = field{read: decoded((*scanner).identifier, parseIPv6), show: showIPv6}
	hexField    = field{read: decoded(joined, decodeHex), show: func(r *reader) string { return hex.EncodeToString(r.rest()) }}
	base64Field = field{read: decoded(joined, DecodeBase64), show: func(r *reader) string { return base64.StdEncoding.EncodeToString(r.rest()) }}
	// algorithmField is a DNSSEC algorithm: a mnemonic or a number, printed as number.
	algorithmField = field{read: readAlgorithm, show: number(8).show}
	// earlyAlgorithmField is the same in a CERT record, where it is judged as soon as it is read.
	earlyAlgorithmField = field{read: decoded((*scanner).str, parseAlgorithm), show: number(8).show}
)

func number(bits int) field {
	return field{
		read: func(s *scanner, wire []byte) []byte { return appendNumber(wire, bits, readNumber(s, bits)) },
		show: func(r *reader) string {
			var n uint64
			for _, c := range r.bytes(bits / 8) {
				n = n<<8 | uint64(c)
			}
			return strconv.FormatUint(n, 10)
		},
	}
}

func appendNumber(wire []byte, bits int, n uint64) []byte {
	for shift := bits - 8; shift >= 0; shift -= 8 {
		wire = append(wire, byte(n>>shift))
	}
	return wire
}

// readNumber reads digits: no sign, any number of leading zeros.
func readNumber(s *scanner, bits int) uint64 {
	text := Digits(s.identifier())
	if !isDigits(text) {
		s.fail(&syntaxError{"expecting an integer"})
	}
	n, err := strconv.ParseUint(text, 10, bits)
	if err != nil {
		s.fail(&syntaxError{fmt.Sprintf("%s is not an unsigned %d-bit integer", strings.TrimLeft(text, "0"), bits)})
	}
	return n
}

func isDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

func joined(s *scanner) string { return s.joined(false) }

// decoded is a field whose text stands for bytes.
func decoded(text func(*scanner) string, decode func(string) ([]byte, error)) func(*scanner, []byte) []byte {
	return func(s *scanner, wire []byte) []byte {
		data, err := decode(text(s))
		s.fail(err)
		return append(wire, data...)
	}
}

func parseIPv4(text string) ([]byte, error) {
	address, err := netip.ParseAddr(text)
	if err != nil || !address.Is4() {
		return nil, errMalformed
	}
	return address.AsSlice(), nil
}

func showIPv4(r *reader) string { return netip.AddrFrom4([4]byte(r.bytes(4))).String() }

func parseIPv6(text string) ([]byte, error) {
	address, err := netip.ParseAddr(text)
	if err != nil || !address.Is6() || address.Zone() != "" {
		return nil, errMalformed
	}
	return address.AsSlice(), nil
}

// showIPv6 never prints a dotted tail: the signing name server of deSEC does not either (design/facts/desec-api.md
// section 5, AAAA).
func showIPv6(r *reader) string {
	b := r.bytes(16)
	address := netip.AddrFrom16([16]byte(b))
	if address.Is4In6() {
		return fmt.Sprintf("::ffff:%x:%x", uint16(b[12])<<8|uint16(b[13]), uint16(b[14])<<8|uint16(b[15]))
	}
	return address.String()
}

// showIPv6Mixed prints IPv4-mapped and IPv4-compatible addresses with a dotted tail, as the library does where deSEC
// did not interfere: in SVCB hints.
func showIPv6Mixed(b []byte) string {
	address := netip.AddrFrom16([16]byte(b))
	if strings.Trim(string(b[:12]), "\x00") == "" && (b[12] != 0 || b[13] != 0) {
		return "::" + netip.AddrFrom4([4]byte(b[12:])).String()
	}
	return address.String()
}

func decodeHex(text string) ([]byte, error) {
	if len(text)%2 != 0 {
		return nil, &encodingError{"Odd-length string"}
	}
	data, err := hex.DecodeString(text)
	if err != nil {
		return nil, &encodingError{"Non-hexadecimal digit found"}
	}
	return data, nil
}

// DecodeBase64 is the forgiving decoder of the library's language: it skips characters which are not base64, stops at
// the padding and ignores bits that are left over.
func DecodeBase64(text string) ([]byte, error) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	var digits []byte
	pads := 0
	for _, c := range []byte(text) {
		if c == '=' {
			pads++
			if at := len(digits) % 4; at >= 2 && at+pads >= 4 {
				return base64.RawStdEncoding.DecodeString(string(digits))
			}
			continue
		}
		if strings.IndexByte(alphabet, c) >= 0 {
			digits = append(digits, c)
			pads = 0
		}
	}
	switch len(digits) % 4 {
	case 0:
		return base64.RawStdEncoding.DecodeString(string(digits))
	case 1:
		return nil, &encodingError{fmt.Sprintf("Invalid base64-encoded string: number of data characters (%d)"+
			" cannot be 1 more than a multiple of 4", len(digits))}
	default:
		return nil, &encodingError{"Incorrect padding"}
	}
}

// stringField is a character string. Printed, it always has quotes.
func stringField(most int) field {
	return field{
		read: func(s *scanner, wire []byte) []byte {
			text := s.str()
			if most > 0 && utf8.RuneCountInString(text) > most {
				s.fail(&syntaxError{"string too long"})
			}
			if len(text) > 255 {
				s.judge(&valueError{"too long"})
			}
			return append(append(wire, byte(len(text))), text...)
		},
		show: func(r *reader) string { return quote(r.counted()) },
	}
}

// algorithms of IANA's registry, with the names that the library has for them.
var algorithms = map[string]byte{
	"RSAMD5": 1, "DH": 2, "DSA": 3, "ECC": 4, "RSASHA1": 5, "DSANSEC3SHA1": 6, "RSASHA1NSEC3SHA1": 7,
	"RSASHA256": 8, "RSASHA512": 10, "ECCGOST": 12, "ECDSAP256SHA256": 13, "ECDSAP384SHA384": 14,
	"ED25519": 15, "ED448": 16, "INDIRECT": 252, "PRIVATEDNS": 253, "PRIVATEOID": 254,
}

func readAlgorithm(s *scanner, wire []byte) []byte {
	n, err := parseAlgorithm(s.str())
	s.judge(err)
	return append(wire, n...)
}

func parseAlgorithm(text string) ([]byte, error) {
	if n, ok := algorithms[strings.ToUpper(text)]; ok {
		return []byte{n}, nil
	}
	text = Digits(text)
	if !isDigits(text) {
		return []byte{0}, &valueError{""}
	}
	n, err := strconv.ParseUint(text, 10, 8)
	if err != nil {
		return []byte{0}, &valueError{"algorithm must be an int between >= 0 and <= 255"}
	}
	return []byte{byte(n)}, nil
}
