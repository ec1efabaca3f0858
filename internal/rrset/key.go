package rrset

import (
	"cmp"
	"errors"
	"slices"
	"strings"
)

// Key identifies an RRset. All fields are canonical: Zone and Name are absolute, in lower case and with their final
// dot, Type is in upper case. Keys are comparable with ==.
type Key struct{ Zone, Name, Type string }

// NewKey reads a key in the user's spelling. Errors are *FieldError with Field "zone", "name" or "type".
func NewKey(zone, name, typ string) (Key, error) {
	return readKey(zone, name, typ, canonicalOwner)
}

// Apex is the key of an RRset at the apex; zone and typ are canonical.
func Apex(zone, typ string) Key { return Key{Zone: zone, Name: zone, Type: typ} }

func readKey(zone, name, typ string, owner func(zone, name string) (string, error)) (Key, error) {
	zone, err := CanonicalZone(zone)
	if err != nil {
		return Key{}, err
	}
	name, err = owner(zone, name)
	if err != nil {
		return Key{}, err
	}
	typ = strings.ToUpper(typ)
	if err := CheckType(typ); err != nil {
		return Key{}, err
	}
	return Key{Zone: zone, Name: name, Type: typ}, nil
}

// ParseID reads the form that ID writes, as given to an import: ParseID(k.ID()) is k. The name may be spelled as for
// NewKey, and one that looks like a name of another zone is relative, because ID writes such names. Errors are
// *FieldError: with Field "id" if there are not three parts, else that of the part.
func ParseID(id string) (Key, error) {
	parts := strings.Split(id, "/")
	if len(parts) != 3 || slices.Contains(parts, "") {
		return Key{}, fieldErrorf("id", "expected zone/name/type, for example example.com/www/A, or example.com/@/MX at the apex; received %s", quoteShort(id))
	}
	key, err := readKey(parts[0], parts[1], parts[2], ownerInZone)
	if wrong, ok := errors.AsType[*FieldError](err); ok {
		return Key{}, fieldErrorf(wrong.Field, "expected zone/name/type, for example example.com/www/A; received %s: %s", quoteShort(id), wrong.Message)
	}
	return key, err
}

// ID is the name of the RRset in state and import: "example.com/www/A", with "@" at the apex. A name that repeats the
// zone, as www.example.com.example.com., is written in full with its final dot, because it would be read as
// www.example.com. otherwise.
func (k Key) ID() string {
	name := k.Relative()
	if within(dotted(name), dotted(k.Zone)) {
		name = k.Name
	}
	return strings.TrimSuffix(k.Zone, ".") + "/" + name + "/" + k.Type
}

// Relative is the owner name without the zone: "www", "*.sub", "@" at the apex.
func (k Key) Relative() string {
	if k.IsApex() {
		return "@"
	}
	return strings.TrimSuffix(k.Name, "."+k.Zone)
}

// IsApex reports whether the RRset is at the top of its zone.
func (k Key) IsApex() bool { return k.Name == k.Zone }

// Compare orders keys of one zone by owner name and then by type.
func (k Key) Compare(other Key) int {
	return cmp.Or(strings.Compare(k.Name, other.Name), strings.Compare(k.Type, other.Type))
}

// WithType is the key of another type at the same name.
func (k Key) WithType(typ string) Key {
	k.Type = strings.ToUpper(typ)
	return k
}

// String is for messages: "www.example.com. A".
func (k Key) String() string { return k.Name + " " + k.Type }
