package rrset

import (
	"errors"
	"fmt"
	"slices"
)

// Validate returns what is wrong with the RRset as a whole at every operator, in the order type, name, values; nothing
// if it can be held. What is wrong with one value is told by Canonical already.
func Validate(r RRset) []FieldError {
	var wrong []FieldError
	add := func(field, format string, args ...any) {
		wrong = append(wrong, FieldError{Field: field, Message: fmt.Sprintf(format, args...)})
	}
	if bad, ok := errors.AsType[*FieldError](CheckType(r.Type)); ok {
		wrong = append(wrong, *bad)
	}
	if r.Type == "CNAME" && r.IsApex() {
		add("type", "a CNAME cannot be at the apex of %s, where the zone's own NS records are (RFC 1034 section 3.6.2); use A and AAAA there, or a router of type A", r.Zone)
	}
	if r.Type == "DS" && r.IsApex() {
		add("type", "a DS cannot be at the apex of %s: it belongs into the parent zone, at the registrar (RFC 4035 section 2.4)", r.Zone)
	}
	if r.Type == "DNSKEY" && !r.IsApex() {
		add("name", `a DNSKEY can only be at the apex of its zone (RFC 4035 section 2.1), not at %s; write "@" as the name`, r.Name)
	}
	if labels, zone := dotted(r.Name), dotted(r.Zone); !within(labels, zone) {
		add("name", "the name %s is not in the zone %s", r.Name, r.Zone)
	} else if err := checkOwner(labels[:len(labels)-len(zone)]); err != nil {
		add("name", "the name %s is refused: %s", r.Name, err)
	}
	switch {
	case len(r.Values) == 0:
		add("values", "%s has no values; write at least one, or remove the RRset", r.Key)
	case r.Type == "CNAME" && len(r.Values) > 1:
		add("values", "a CNAME has one value, and %s has %d; keep one of them", r.Name, len(r.Values))
	case r.Type == "CNAME" && slices.Contains(r.Values, r.Name):
		add("values", "the CNAME %s points to itself; write another target", r.Name)
	}
	return wrong
}
