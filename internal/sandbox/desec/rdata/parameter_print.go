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
		if value != "" {
			text += "=" + value
		}
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

// showParameterValue prints a value; mandatory, alpn, port and the hints have no quotes, because deSEC took them away
// to please the signing name server.
func showParameterValue(key uint64, value []byte) (string, error) {
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

// servesParameters: the signing name server has no names for these two keys, sees a difference between what it got and
// what it would print, and refuses (design/facts/desec-content.jsonl d-0314, d-0322).
func servesParameters(wire []byte) bool {
	r := &reader{wire: wire[2:]}
	showName(r)
	for len(r.wire) > 0 {
		if key := r.parameter().key; key == dohpath || key == ohttp {
			return false
		}
	}
	return !r.failed
}
