package rdata

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// parameter is one key with its value in wire form.
type parameter struct {
	key   uint16
	value []byte
}

func (r *reader) parameter() parameter {
	key := r.uint16()
	return parameter{key, r.bytes(int(r.uint16()))}
}

func showParameters(r *reader) string {
	var shown []string
	for len(r.wire) > 0 {
		p := r.parameter()
		text := showKey(p.key)
		value, err := showParameterValue(uint64(p.key), p.value)
		if err != nil {
			r.fail()
		}
		if value != "" || isList(p.key) {
			text += "=" + value
		}
		r.unserved = r.unserved || !isServed(p.key, value)
		shown = append(shown, text)
	}
	return strings.Join(shown, " ")
}

func showKey(key uint16) string {
	if int(key) < len(keyNames) {
		return keyNames[key]
	}
	return fmt.Sprintf("key%d", key)
}

// isList: the library prints the equals sign even of an empty one.
func isList(key uint16) bool {
	return key == mandatory || key == alpn || key == ipv4hint || key == ipv6hint
}

// isServed: the signing name server has no names for the last two keys that the library knows
// (design/facts/desec-content.jsonl d-0314, d-0322). It takes no parameter by number without a value, no such value
// with one of three characters in spite of the quotes, and no quote in a list of protocols (design/facts/desec-api.md
// section 10).
func isServed(key uint16, value string) bool {
	switch key {
	case alpn:
		return !strings.Contains(value, `"`)
	case dohpath, ohttp:
		return false
	default:
		return key < dohpath || value != "" && !strings.ContainsAny(value, ";()")
	}
}

// showParameterValue prints a value; mandatory, alpn, port and the hints have no quotes, because deSEC took them away
// to please the signing name server.
func showParameterValue(key uint64, value []byte) (string, error) {
	if key == port && len(value) != 2 {
		return "", errForm
	}
	r := &reader{wire: value}
	var items []string
	for len(r.wire) > 0 {
		switch key {
		case mandatory:
			items = append(items, showKey(r.uint16()))
		case alpn:
			items = append(items, escapeBytes([]byte(escapeBytes(r.counted(), `",\`)), `"\`))
		case port:
			items = append(items, uint16Field.show(r))
		case ipv4hint:
			items = append(items, showIPv4(r))
		case ipv6hint:
			items = append(items, showIPv6Mixed(r.bytes(16)))
		case ech:
			items = append(items, `"`+base64.StdEncoding.EncodeToString(r.rest())+`"`)
		case noDefaultALPN, ohttp:
			r.fail()
		default:
			items = append(items, quote(r.rest()))
		}
	}
	if key == ech && len(value) == 0 {
		return `""`, nil
	}
	return strings.Join(items, ","), r.err()
}
