package rrset

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// maxName is what 255 bytes are in characters with the final dot: on the wire each dot is a length byte, and there is
// one more for the first label (RFC 1035 section 2.3.4).
const maxName = 254

// CanonicalZone returns the zone in lower case with its final dot. The error is a *FieldError for "zone".
func CanonicalZone(zone string) (string, error) {
	const field = "zone"
	switch {
	case strings.Trim(zone, ".") == "":
		return "", fieldErrorf(field, "the zone %s names nothing; write the name of the zone, for example example.com", quoteShort(zone))
	case !isASCII(zone):
		return "", fieldErrorf(field, "the zone %s is not ASCII; write it as %s", quoteShort(zone), quoteShort(toALabels(zone)))
	}
	labels := dotted(strings.ToLower(zone))
	for _, label := range labels {
		if err := checkOwnerLabel(label); err != nil {
			return "", fieldErrorf(field, "the zone %s is not a domain name: %s", quoteShort(zone), err)
		}
	}
	canonical := strings.Join(labels, ".") + "."
	if len(canonical) > maxName {
		return "", fieldErrorf(field, "the zone %s has %d characters, and 253 are the most", quoteShort(zone), len(canonical)-1)
	}
	if last := labels[len(labels)-1]; strings.Contains(last, "_") {
		return "", fieldErrorf(field, "the zone %s ends in the label %s, and no top-level domain has an underscore; write the name of the zone, for example example.com", quoteShort(zone), quoteShort(last))
	}
	return canonical, nil
}

// canonicalOwner returns the absolute name of an owner as a user wrote it. zone is canonical. The error is a
// *FieldError for "name".
func canonicalOwner(zone, name string) (string, error) {
	labels, zoneLabels := dotted(strings.ToLower(name)), dotted(zone)
	if !strings.HasSuffix(name, ".") && isASCII(name) && !within(labels, zoneLabels) && looksForeign(labels, zoneLabels) {
		return "", fieldErrorf("name", "the name %s looks like a name of another zone than %s; if it is really meant to be below that zone, write it in full with a dot at the end: %s.%s", quoteShort(name), zone, name, zone)
	}
	return ownerInZone(zone, name)
}

// ownerInZone takes every name that is not in the zone already for a relative one, unless it ends in a dot.
func ownerInZone(zone, name string) (string, error) {
	const field = "name"
	switch {
	case name == "":
		return "", fieldErrorf(field, `the name is empty; write "@" for the apex`)
	case name == "@":
		return zone, nil
	case !isASCII(name):
		return "", fieldErrorf(field, "the name %s is not ASCII; write it as %s", quoteShort(name), quoteShort(toALabels(name)))
	case strings.Contains(name, `\`):
		return "", fieldErrorf(field, "the name %s holds an escape, and only letters, digits, - and _ can stand in a name", quoteShort(name))
	}
	labels, zoneLabels := dotted(strings.ToLower(name)), dotted(zone)
	switch {
	case within(labels, zoneLabels):
	case strings.HasSuffix(name, "."):
		return "", fieldErrorf(field, "the name %s ends in a dot, so it is absolute, but it is not in the zone %s; write a name relative to the zone, for example www", quoteShort(name), zone)
	default:
		labels = slices.Concat(labels, zoneLabels)
	}
	relative := labels[:len(labels)-len(zoneLabels)]
	if err := checkOwner(relative); err != nil {
		return "", fieldErrorf(field, "the name %s is refused: %s", quoteShort(name), err)
	}
	full := strings.Join(labels, ".") + "."
	if len(full) > maxName {
		return "", fieldErrorf(field, "the name %s has %d characters with its zone, and 253 are the most; write a shorter one", quoteShort(name), len(full)-1)
	}
	return full, nil
}

// looksForeign reports whether a relative name was most likely meant to be absolute: mail.example.org would become
// mail.example.org.example.com.
func looksForeign(labels, zone []string) bool {
	last := labels[len(labels)-1]
	return len(labels) >= 2 && (last == zone[len(zone)-1] || slices.Contains([]string{"com", "net", "org", "arpa", "example"}, last))
}

// checkOwner applies what can stand below a zone: host names, the underscore, and a wildcard in front (RFC 4592 section
// 2.1.1).
func checkOwner(relative []string) error {
	for i, label := range relative {
		if label == "*" {
			if i > 0 {
				return errors.New("an asterisk can only be the first label, for example *.sub")
			}
			continue
		}
		if err := checkOwnerLabel(label); err != nil {
			return err
		}
	}
	return nil
}

func checkOwnerLabel(label string) error {
	switch {
	case label == "":
		return errors.New("it has an empty label; remove the extra dot")
	case len(label) > 63:
		return fmt.Errorf("its label %s has %d characters, and 63 are the most", quoteShort(label), len(label))
	case strings.Contains(label, "*"):
		return fmt.Errorf("its label %s holds an asterisk, which must be a label of its own at the start, for example *.sub", quoteShort(label))
	case strings.Contains(label, "@"):
		return errors.New(`it holds "@", which stands for the apex only when it is the whole name`)
	}
	if bad := firstOutside(label, hostChars+"_"); bad != "" {
		return fmt.Errorf("its label %s holds %s, and only letters, digits, - and _ can stand in a name", quoteShort(label), quoteShort(bad))
	}
	return nil
}

// firstOutside returns the first character of text that is not in set, or "".
func firstOutside(text, set string) string {
	for _, r := range text {
		if !strings.ContainsRune(set, r) {
			return string(r)
		}
	}
	return ""
}

// dotted cuts a name without escapes at its dots; the final dot does not count.
func dotted(name string) []string {
	return strings.Split(strings.TrimSuffix(name, "."), ".")
}

// within compares by labels, never by suffix: notexample.com is not in example.com.
func within(labels, zone []string) bool {
	return len(labels) >= len(zone) && slices.Equal(labels[len(labels)-len(zone):], zone)
}
