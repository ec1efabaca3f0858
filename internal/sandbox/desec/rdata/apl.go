package rdata

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"
)

// aplField is a list of prefixes (RFC 3123 section 4).
var aplField = field{read: readPrefixes, show: showPrefixes}

func readPrefixes(s *scanner, wire []byte) ([]byte, error) {
	tokens, err := s.rest(0)
	if err != nil {
		return nil, err
	}
	for _, t := range tokens {
		item, err := unescape(t.value)
		if err != nil {
			return nil, err
		}
		if wire, err = appendPrefix(wire, item); err != nil {
			return nil, err
		}
	}
	return wire, nil
}

func appendPrefix(wire []byte, item string) ([]byte, error) {
	if item == "" {
		return nil, &valueError{"string index out of range"}
	}
	item, negated := strings.CutPrefix(item, "!")
	familyText, rest, ok := strings.Cut(item, ":")
	if !ok {
		return nil, &valueError{"not enough values to unpack (expected 2, got 1)"}
	}
	family, err := parseInt(familyText)
	if err != nil {
		return nil, err
	}
	addressText, lengthText, ok := strings.Cut(rest, "/")
	if !ok {
		return nil, &valueError{"not enough values to unpack (expected 2, got 1)"}
	}
	length, err := parseInt(lengthText)
	if err != nil {
		return nil, err
	}
	var address []byte
	switch {
	case family < 0 || family > 0xffff:
		return nil, &valueError{"not a uint16"}
	case family == 1:
		address, err = parseIPv4(addressText)
	case family == 2:
		address, err = parseIPv6(addressText)
	default:
		err = &valueError{"not bytes"}
	}
	if err != nil {
		return nil, err
	}
	switch {
	case length < 0:
		return nil, &valueError{"value too small"}
	case length > int64(len(address))*8:
		return nil, &valueError{"value too large"}
	}
	address = bytes.TrimRight(address, "\x00")
	size := byte(len(address))
	if negated {
		size |= 0x80
	}
	return append(append(wire, 0, byte(family), byte(length), size), address...), nil
}

func showPrefixes(r *reader) (string, error) {
	var items []string
	for len(r.wire) > 0 {
		p, err := r.prefix()
		if err != nil {
			return "", err
		}
		items = append(items, p.String())
	}
	return strings.Join(items, " "), nil
}

// prefix is one item of an APL record.
type prefix struct {
	negated bool
	address netip.Addr
	length  int
}

func (r *reader) prefix() (prefix, error) {
	head, err := r.bytes(4)
	if err != nil {
		return prefix{}, err
	}
	address, err := r.bytes(int(head[3] & 0x7f))
	if err != nil {
		return prefix{}, err
	}
	size := map[byte]int{1: 4, 2: 16}[head[1]]
	if head[0] != 0 || size < len(address) {
		return prefix{}, errForm
	}
	full := make([]byte, size)
	copy(full, address)
	ip, ok := netip.AddrFromSlice(full)
	if !ok {
		return prefix{}, errForm
	}
	return prefix{head[3]&0x80 != 0, ip, int(head[2])}, nil
}

func (p prefix) String() string {
	family, text, sign := 1, p.address.String(), ""
	if p.address.Is6() {
		family, text = 2, showIPv6Mixed(p.address.AsSlice())
	}
	if p.negated {
		sign = "!"
	}
	return fmt.Sprintf("%s%d:%s/%d", sign, family, text, p.length)
}

// servesPrefixes: the signing name server prints a prefix with the bits beyond its length cleared,
// sees a difference and refuses (design/facts/desec-content.jsonl d-0471).
func servesPrefixes(wire []byte) bool {
	r := &reader{wire}
	for len(r.wire) > 0 {
		p, err := r.prefix()
		if err != nil {
			return false
		}
		masked, err := p.address.Prefix(p.length)
		if err != nil || masked.Addr() != p.address {
			return false
		}
	}
	return true
}
