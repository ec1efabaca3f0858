package rrset

import (
	"slices"
	"strings"
)

// RRset is all records of one owner name and type. Values are canonical, sorted and unique, so that two RRsets are
// equal when their fields are.
type RRset struct {
	Key
	// TTL is in seconds.
	TTL    uint32
	Values []string
}

// New makes an RRset of values in any spelling. Values that mean the same are merged. The error is a *ValueError for
// the first bad value, or a *FieldError for the TTL, the type, or what Validate finds first.
func New(key Key, ttl uint32, values []string) (RRset, error) {
	if ttl > 1<<31-1 {
		return RRset{}, fieldErrorf("ttl", "the TTL %d is more than 2147483647 seconds, the most that DNS knows (RFC 2181 section 8); write a smaller one", ttl)
	}
	canonical, err := CanonicalValues(key.Type, values)
	if err != nil {
		return RRset{}, err
	}
	r := RRset{Key: key, TTL: ttl, Values: canonical}
	if wrong := Validate(r); len(wrong) > 0 {
		return RRset{}, &wrong[0]
	}
	return r, nil
}

// Observed makes an RRset of what an operator was seen to hold. It never fails: an operator may hold what could not be
// declared, and a value that has no canonical form is kept as it came, so that it equals nothing but itself.
func Observed(key Key, ttl uint32, values []string) RRset {
	out := make([]string, 0, len(values))
	for _, value := range values {
		text, err := Canonical(key.Type, value)
		if err != nil {
			text = strings.TrimSpace(value)
		}
		out = append(out, text)
	}
	slices.Sort(out)
	return RRset{Key: key, TTL: ttl, Values: slices.Compact(out)}
}

// SameValues reports whether both hold the same type and the same values.
func (r RRset) SameValues(o RRset) bool {
	return r.Type == o.Type && slices.Equal(r.Values, o.Values)
}

// Equal reports whether key, TTL and values are the same.
func (r RRset) Equal(o RRset) bool {
	return r.Key == o.Key && r.TTL == o.TTL && slices.Equal(r.Values, o.Values)
}
