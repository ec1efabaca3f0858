package rrset

import "slices"

// AbsoluteName reads a name of a zone file, which is relative to origin unless it ends in a dot; "@" is the origin
// itself (RFC 1035 section 5.1). origin is absolute. The result is absolute, in the given case, with one spelling of
// its escapes: \052 is an asterisk and \. a dot within a label.
func AbsoluteName(raw, origin string) (string, error) {
	switch raw {
	case "@":
		return origin, nil
	case ".":
		return ".", nil
	}
	labels, absolute, err := splitLabels(raw)
	if err != nil {
		return "", err
	}
	if !absolute && origin != "." {
		above, _, err := splitLabels(origin)
		if err != nil {
			return "", err
		}
		labels = slices.Concat(labels, above)
	}
	return printName(labels), nil
}

// IsAbsolute reports whether a name of a zone file ends in a dot that is none of a label's own.
func IsAbsolute(raw string) bool {
	_, absolute, err := splitLabels(raw)
	return err == nil && absolute || raw == "."
}

// InZone reports whether an absolute name is in the zone. It compares by labels.
func InZone(name, zone string) bool {
	labels, _, err := splitLabels(name)
	zoneLabels, _, zoneErr := splitLabels(zone)
	if err != nil || zoneErr != nil || len(labels) < len(zoneLabels) {
		return false
	}
	return slices.EqualFunc(fold(labels[len(labels)-len(zoneLabels):]), fold(zoneLabels), slices.Equal[[]byte])
}
