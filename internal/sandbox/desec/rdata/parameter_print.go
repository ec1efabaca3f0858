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

func (r *reader) parameter() (p parameter, err error) {
	if p.key, err = r.uint16(); err != nil {
		return p, err
	}
	length, err := r.uint16()
	if err != nil {
		return p, err
	}
	p.value, err = r.bytes(int(length))
	return p, err
}

func showParameters(r *reader) (string, error) {
	var shown []string
	for len(r.wire) > 0 {
		p, err := r.parameter()
		if err != nil {
			return "", err
		}
		text := showKey(p.key)
		value, err := showParameterValue(uint64(p.key), p.value)
		if err != nil {
			return "", err
		}
		if value != "" {
			text += "=" + value
		}
		shown = append(shown, text)
	}
	return strings.Join(shown, " "), nil
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
	r := &reader{value}
	var items []string
	for len(r.wire) > 0 {
		var item string
		var err error
		switch key {
		case mandatory:
			var n uint16
			n, err = r.uint16()
			item = showKey(n)
		case alpn:
			var id []byte
			id, err = r.counted()
			item = escapeBytes([]byte(escapeBytes(id, `",\`)), `"\`)
		case port:
			item, err = uint16Field.show(r)
		case ipv4hint:
			item, err = showIPv4(r)
		case ipv6hint:
			var b []byte
			if b, err = r.bytes(16); err == nil {
				item = showIPv6Mixed(b)
			}
		case ech:
			item = `"` + base64.StdEncoding.EncodeToString(r.rest()) + `"`
		case noDefaultALPN, ohttp:
			err = errForm
		default:
			item = quote(r.rest())
		}
		if err != nil {
			return "", err
		}
		items = append(items, item)
	}
	if key == ech && len(value) == 0 {
		return `""`, nil
	}
	return strings.Join(items, ","), nil
}

// servesParameters: the signing name server has no names for these two keys, sees a difference between what it got and
// what it would print, and refuses (design/facts/desec-content.jsonl d-0314, d-0322).
func servesParameters(wire []byte) bool {
	r := &reader{wire[2:]}
	if _, err := showName(r); err != nil {
		return false
	}
	for len(r.wire) > 0 {
		p, err := r.parameter()
		if err != nil || p.key == dohpath || p.key == ohttp {
			return false
		}
	}
	return true
}
