package rdata

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// parametersField is the SvcParams of SVCB and HTTPS (RFC 9460 section 2.1).
var parametersField = field{read: readParameters, show: showParameters, optional: true}

// The keys that the library knows.
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

var keyNames = []string{"mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint", "dohpath", "ohttp"}

func readParameters(s *scanner, wire []byte) []byte {
	params := map[uint64][]byte{}
	alias := wire[0] == 0 && wire[1] == 0
	t := s.next()
	for ; !t.isEnd(); t = s.next() {
		if alias {
			s.fail(&valueError{"parameters in AliasMode"})
		}
		s.fail(readParameter(s, t, params))
	}
	s.unget(t)
	s.judge(checkParameters(params))
	for _, key := range slices.Sorted(maps.Keys(params)) {
		wire = appendNumber(wire, 16, key)
		wire = appendNumber(wire, 16, uint64(len(params[key])))
		wire = append(wire, params[key]...)
	}
	return wire
}

func readParameter(s *scanner, t token, params map[uint64][]byte) error {
	if t.kind != identifier {
		return &valueError{"parameter is not an identifier"}
	}
	name, value, hasValue := strings.Cut(t.value, "=")
	switch {
	case hasValue && name == "" && value != "":
		return &valueError{`parameter cannot start with "="`}
	case hasValue && value == "":
		// key="value": the tokens are apart, and a blank between them is not allowed.
		quoted := s.nextAdjacent()
		if quoted.kind != quotedString {
			return &valueError{"whitespace after ="}
		}
		value = quoted.value
	}
	key, generic, err := parseKey(name)
	if err != nil {
		return err
	}
	if _, ok := params[key]; ok {
		return &valueError{fmt.Sprintf("duplicate key \"%d\"", key)}
	}
	params[key], err = readParameterValue(key, value, hasValue, generic)
	return err
}

// parseKey gives the number of a key. generic: it was written as keyNNN, and so its value is raw bytes.
func parseKey(name string) (key uint64, generic bool, err error) {
	raw, err := unescapeBytes(name)
	if err != nil {
		return 0, false, err
	}
	text := strings.ToLower(string(raw))
	number, generic := strings.CutPrefix(text, "key")
	if generic && strings.HasPrefix(number, "0") && number != "0" {
		return 0, false, &valueError{"leading zeros in key"}
	}
	if i := slices.Index(keyNames, strings.ReplaceAll(text, "_", "-")); i >= 0 {
		return uint64(i), generic, nil
	}
	if !generic || !isDigits(number) {
		return 0, false, &valueError{"Unknown SVCB ParamKey"}
	}
	key, err = strconv.ParseUint(number, 10, 16)
	if err != nil {
		return 0, false, &valueError{"SVCBParamKey must be an int between >= 0 and <= 65535"}
	}
	return key, true, nil
}

func readParameterValue(key uint64, value string, hasValue, generic bool) ([]byte, error) {
	switch key {
	case mandatory, alpn, port, ipv4hint, ech, ipv6hint:
		if !hasValue {
			return nil, &valueError{"value cannot be empty"}
		}
	}
	if generic {
		raw, err := unescapeBytes(value)
		if err != nil {
			return nil, err
		}
		if key == port && len(raw) > 2 {
			raw = raw[:2] // the library reads on no further
		}
		_, err = showParameterValue(key, raw)
		return raw, err
	}
	switch key {
	case mandatory:
		return readMandatory(value)
	case alpn:
		return readProtocols(value)
	case port:
		n, err := parseInt(value)
		if err == nil && (n < 0 || n > 0xffff) {
			err = &valueError{"not a uint16"}
		}
		return appendNumber(nil, 16, uint64(n)), err
	case ipv4hint:
		return readHints(value, parseIPv4)
	case ipv6hint:
		return readHints(value, parseIPv6)
	case ech:
		if strings.Contains(value, `\`) {
			return nil, &valueError{"escape in ECH value"}
		}
		return DecodeBase64(value)
	case noDefaultALPN, ohttp:
		if value != "" {
			return nil, &valueError{keyNames[key] + " with non-empty value"}
		}
		return nil, nil
	default:
		return unescapeBytes(value)
	}
}

func readMandatory(value string) ([]byte, error) {
	var keys []uint64
	for name := range strings.SplitSeq(value, ",") {
		key, _, err := parseKey(strings.ReplaceAll(name, `\`, `\\`)) // escapes mean nothing here
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	slices.Sort(keys)
	var wire []byte
	for i, key := range keys {
		if i > 0 && key == keys[i-1] {
			return nil, &valueError{fmt.Sprintf("duplicate key %d", key)}
		}
		if key == mandatory {
			return nil, &valueError{"listed the mandatory key as mandatory"}
		}
		wire = appendNumber(wire, 16, key)
	}
	return wire, nil
}

// readProtocols reads a list with escapes of its own within those of the string (RFC 9460 appendix A.1).
func readProtocols(value string) ([]byte, error) {
	list, err := unescapeBytes(value)
	if err != nil {
		return nil, err
	}
	items := [][]byte{nil}
	last := 0
	for i := 0; i < len(list); i++ {
		switch {
		case list[i] == ',':
			items = append(items, nil)
			last++
		case list[i] == '\\' && i+1 == len(list):
			return nil, errEnd
		case list[i] == '\\':
			i++
			fallthrough
		default:
			items[last] = append(items[last], list[i])
		}
	}
	var wire []byte
	for _, item := range items {
		switch {
		case len(item) == 0:
			return nil, &valueError{"empty bytes not allowed"}
		case len(item) > 255:
			return nil, &valueError{"too long"}
		}
		wire = append(append(wire, byte(len(item))), item...)
	}
	return wire, nil
}

func readHints(value string, parse func(string) ([]byte, error)) ([]byte, error) {
	var wire []byte
	for text := range strings.SplitSeq(value, ",") {
		address, err := parse(text)
		if err != nil {
			return nil, err
		}
		wire = append(wire, address...)
	}
	return wire, nil
}

func checkParameters(params map[uint64][]byte) error {
	keys := &reader{wire: params[mandatory]}
	for len(keys.wire) > 0 {
		key := keys.uint16()
		if keys.failed {
			return errForm
		}
		if _, ok := params[uint64(key)]; !ok {
			return &valueError{fmt.Sprintf("key %d declared mandatory but not present", key)}
		}
	}
	if _, ok := params[noDefaultALPN]; ok {
		if _, ok := params[alpn]; !ok {
			return &valueError{"no-default-alpn present, but alpn missing"}
		}
	}
	return nil
}
