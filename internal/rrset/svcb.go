package rrset

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// parseSVCB reads SVCB and HTTPS (RFC 9460 section 2.1).
func parseSVCB(f *fields) ([]byte, error) {
	out, err := f.numbers(nil, 16, "priority")
	if err != nil {
		return nil, err
	}
	target, err := f.name("target")
	if err != nil {
		return nil, err
	}
	out = append(out, target...)
	params := map[uint16][]byte{}
	for f.more() {
		key, data, err := f.param()
		if err != nil {
			return nil, err
		}
		if _, twice := params[key]; twice {
			return nil, fmt.Errorf("the parameter %s is there twice; keep one", paramName(key))
		}
		params[key] = data
	}
	for _, key := range slices.Sorted(maps.Keys(params)) {
		data := params[key]
		if len(data) > 65535 {
			return nil, fmt.Errorf("the parameter %s has %d bytes, and 65535 are the most", paramName(key), len(data))
		}
		out = append(append16(append16(out, uint64(key)), uint64(len(data))), data...)
	}
	return out, nil
}

// param reads key, key=value or key="value" into wire form.
func (f *fields) param() (uint16, []byte, error) {
	t, err := f.next("parameter")
	if err != nil {
		return 0, nil, err
	}
	if t.Quoted || !t.Spaced {
		return 0, nil, errors.New(`there is something else than parameters after the target; write key=value or key="value", separated by blanks`)
	}
	name, value, given := strings.Cut(t.Raw, "=")
	key, numeric, err := paramKey(name)
	if err != nil {
		return 0, nil, err
	}
	if given && value == "" {
		next, err := f.next("value of " + name)
		if err != nil || !next.Quoted || next.Spaced {
			return 0, nil, fmt.Errorf("the value of the parameter %s is missing; write it right after the equals sign", name)
		}
		value = next.Raw
	}
	text, err := Token{Raw: value}.Text()
	if err != nil {
		return 0, nil, fmt.Errorf("parameter %s: %w", name, err)
	}
	kind, known := paramKinds[key]
	switch {
	case !known || numeric && given:
		// keyN="…" is the wire form itself, for known numbers as well.
		return key, text, nil
	case given == kind.flag:
		if kind.flag {
			return 0, nil, fmt.Errorf("the parameter %s takes no value; write it alone", kind.name)
		}
		return 0, nil, fmt.Errorf("the parameter %s needs a value; write %s=…", kind.name, kind.name)
	case kind.flag:
		return key, nil, nil
	}
	data, err := kind.parse(string(text))
	if err != nil {
		return 0, nil, fmt.Errorf("the parameter %s %w", kind.name, err)
	}
	return key, data, nil
}

// printSVCB prints what deSEC stores. The target is not folded: see the package comment.
func printSVCB(w *wire) (string, error) {
	priority, target := w.u16(), w.name()
	text := fmt.Sprintf("%d %s", priority, printName(target))
	seen := map[uint16][]byte{}
	last := -1
	for len(w.data) > 0 {
		key, length := w.u16(), w.u16()
		if int(length) > len(w.data) {
			w.short = true
			return "", nil
		}
		if int(key) <= last {
			return "", errors.New("the parameters of the generic form are not in the order of their numbers (RFC 9460 section 2.2)")
		}
		last = int(key)
		data := w.take(int(length))
		param, err := printParam(key, data)
		if err != nil {
			return "", err
		}
		seen[key] = data
		text += " " + param
	}
	return text, checkParams(priority, seen)
}

// checkParams applies the rules between parameters.
func checkParams(priority uint16, params map[uint16][]byte) error {
	if priority == 0 && len(params) > 0 {
		return errors.New("priority 0 is the alias form, which takes no parameters (RFC 9460 section 2.4.2); write priority 1 or remove them")
	}
	if _, ok := params[noDefaultALPN]; ok && params[alpn] == nil {
		return errors.New("no-default-alpn is there without alpn (RFC 9460 section 7.1.1); add alpn=… or remove it")
	}
	for pair := range slices.Chunk(params[mandatory], 2) {
		key := uint16(pair[0])<<8 | uint16(pair[1])
		if _, ok := params[key]; !ok {
			return fmt.Errorf("mandatory lists %s, which is not there (RFC 9460 section 8); add it or take it off the list", paramName(key))
		}
	}
	return nil
}
