package rrset

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// The numbers of RFC 9460 section 14.3.2, RFC 9461 section 5 and RFC 9540 section 4.
const (
	mandatory = iota
	alpn
	noDefaultALPN
	port
	ipv4hint
	ech
	ipv6hint
	dohpath
	ohttp
)

// paramKind is a parameter with a form of its own; flag marks one without a value.
type paramKind struct {
	name  string
	flag  bool
	parse func(string) ([]byte, error)
	// print returns the value with its quotes, if deSEC gives it any.
	print func([]byte) (string, error)
}

var paramKinds = map[uint16]paramKind{
	mandatory:     {name: "mandatory", parse: parseMandatory, print: printMandatory},
	alpn:          {name: "alpn", parse: parseALPN, print: printALPN},
	noDefaultALPN: {name: "no-default-alpn", flag: true},
	port:          {name: "port", parse: parsePort, print: printPort},
	ipv4hint:      {name: "ipv4hint", parse: parseHints(netip.Addr.Is4), print: printHints(4)},
	ech:           {name: "ech", parse: parseECH, print: printECH},
	ipv6hint:      {name: "ipv6hint", parse: parseHints(netip.Addr.Is6), print: printHints(16)},
}

// paramNumbers is the other direction, for the names that may be written.
var paramNumbers = map[string]uint16{
	"mandatory": mandatory, "alpn": alpn, "no-default-alpn": noDefaultALPN, "port": port, "ipv4hint": ipv4hint,
	"ech": ech, "ipv6hint": ipv6hint, "dohpath": dohpath, "ohttp": ohttp,
}

// paramKey reads the name of a parameter; numeric says that it was keyN.
func paramKey(name string) (key uint16, numeric bool, err error) {
	folded := lower([]byte(name))
	if key, ok := paramNumbers[folded]; ok {
		return key, false, nil
	}
	digits, numeric := strings.CutPrefix(folded, "key")
	n, err := strconv.ParseUint(digits, 10, 16)
	if !numeric || err != nil || digits != strconv.FormatUint(n, 10) {
		return 0, false, errors.New("a parameter has a name that is none; write one of mandatory, alpn, no-default-alpn, port, ipv4hint, ech, ipv6hint, or key and its number without leading zeros")
	}
	return uint16(n), true, nil
}

func paramName(key uint16) string {
	for name, n := range paramNumbers {
		if n == key {
			return name
		}
	}
	return fmt.Sprintf("key%d", key)
}

func printParam(key uint16, data []byte) (string, error) {
	name := paramName(key)
	kind, known := paramKinds[key]
	switch {
	case known && kind.flag && len(data) > 0:
		return "", fmt.Errorf("the parameter %s takes no value; write it alone", name)
	case !known && len(data) > 0:
		return name + "=" + quoteText(data), nil
	case !known || kind.flag:
		return name, nil
	}
	value, err := kind.print(data)
	if err != nil {
		return "", fmt.Errorf("the parameter %s %w", name, err)
	}
	return name + "=" + value, nil
}

var errMalformed = errors.New("is not well-formed on the wire (RFC 9460 section 7); write it by its name")

// parseMandatory sorts, because the list is a set (RFC 9460 section 8).
func parseMandatory(text string) ([]byte, error) {
	var keys []uint16
	for name := range strings.SplitSeq(text, ",") {
		key, _, err := paramKey(name)
		if err != nil {
			return nil, fmt.Errorf("lists names: %w", err)
		}
		keys = append(keys, key)
	}
	slices.Sort(keys)
	var out []byte
	for _, key := range keys {
		out = append16(out, uint64(key))
	}
	return out, nil
}

func printMandatory(data []byte) (string, error) {
	var names []string
	last := 0
	for pair := range slices.Chunk(data, 2) {
		if len(pair) < 2 {
			return "", errMalformed
		}
		key := int(pair[0])<<8 | int(pair[1])
		switch {
		case key == mandatory:
			return "", errors.New("lists itself; take it off the list")
		case key == last:
			return "", fmt.Errorf("lists %s twice; keep one", paramName(uint16(key)))
		case key < last:
			return "", errMalformed
		}
		last = key
		names = append(names, paramName(uint16(key)))
	}
	if names == nil {
		return "", errMalformed
	}
	return strings.Join(names, ","), nil
}

// parseALPN splits at commas; \, is a comma and \\ a backslash within an id (RFC 9460 appendix A.1).
func parseALPN(text string) ([]byte, error) {
	var out, id []byte
	for i := 0; i <= len(text); i++ {
		switch {
		case i == len(text) || text[i] == ',':
			if len(id) == 0 {
				return nil, errors.New("has an empty id; remove the extra comma")
			}
			var err error
			if out, err = appendText(out, "id", id); err != nil {
				return nil, fmt.Errorf("is too long: %w", err)
			}
			id = nil
		case text[i] == '\\' && i+1 < len(text):
			i++
			id = append(id, text[i])
		case text[i] == '\\':
			return nil, errors.New(`ends in a backslash that escapes nothing`)
		default:
			id = append(id, text[i])
		}
	}
	return out, nil
}

// printALPN refuses ids that cannot stand without quotes: the canonical form has none here.
func printALPN(data []byte) (string, error) {
	w := &wire{data: data}
	var ids []string
	for len(w.data) > 0 {
		id := w.text()
		if w.short || len(id) == 0 {
			return "", errMalformed
		}
		for _, c := range id {
			if c <= ' ' || c > '~' || strings.IndexByte(`";()`, c) >= 0 {
				return "", errors.New("has an id with characters that need quotes, which the canonical form has none of here: blanks, quotes, semicolons, parentheses and what is not ASCII")
			}
		}
		once := escapeText(id, `,\`)
		ids = append(ids, escapeText([]byte(once), `\`))
	}
	if ids == nil {
		return "", errMalformed
	}
	return strings.Join(ids, ","), nil
}

func parsePort(text string) ([]byte, error) {
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return nil, errors.New("is not a number from 0 to 65535")
	}
	return append16(nil, n), nil
}

func printPort(data []byte) (string, error) {
	if len(data) != 2 {
		return "", errMalformed
	}
	return strconv.Itoa(int(data[0])<<8 | int(data[1])), nil
}

func parseHints(family func(netip.Addr) bool) func(string) ([]byte, error) {
	return func(text string) ([]byte, error) {
		var out []byte
		for item := range strings.SplitSeq(text, ",") {
			addr, err := netip.ParseAddr(item)
			if err != nil || !family(addr) || addr.Zone() != "" {
				return nil, errors.New("holds what is not an address of its family; write addresses with commas between them")
			}
			out = append(out, addr.AsSlice()...)
		}
		return out, nil
	}
}

func printHints(size int) func([]byte) (string, error) {
	return func(data []byte) (string, error) {
		var items []string
		for item := range slices.Chunk(data, size) {
			if len(item) < size {
				return "", errMalformed
			}
			items = append(items, printHint(item))
		}
		if items == nil {
			return "", errMalformed
		}
		return strings.Join(items, ","), nil
	}
}

// printHint writes the last four bytes of IPv4-mapped and IPv4-compatible addresses dotted, as deSEC does here and not
// for AAAA.
func printHint(b []byte) string {
	addr, _ := netip.AddrFromSlice(b)
	if addr.Is4() || addr.Is4In6() {
		return addr.String()
	}
	tail := netip.AddrFrom4([4]byte(b[12:]))
	if strings.Trim(string(b[:12]), "\x00") == "" && (b[12] != 0 || b[13] != 0) {
		return "::" + tail.String()
	}
	return addr.String()
}

func parseECH(text string) ([]byte, error) {
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, errors.New("is not base64")
	}
	return data, nil
}

func printECH(data []byte) (string, error) {
	return `"` + base64.StdEncoding.EncodeToString(data) + `"`, nil
}
