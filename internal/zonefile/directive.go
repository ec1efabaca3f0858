package zonefile

import (
	"errors"
	"fmt"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// directive carries out an entry that begins with a dollar sign, in any case.
func (r *reader) directive(tokens []rrset.Token) error {
	name, arguments := strings.ToUpper(tokens[0].Raw), tokens[1:]
	switch name {
	case "$TTL", "$ORIGIN":
		if len(arguments) != 1 || arguments[0].Quoted {
			return fmt.Errorf("%s takes one argument, without quotes", name)
		}
		if name == "$ORIGIN" {
			return r.setOrigin(arguments[0].Raw)
		}
		ttl, err := parseTTL(arguments[0].Raw)
		if err != nil {
			return err
		}
		r.ttl.standing = &ttl
		return nil
	case "$GENERATE":
		return r.generate(arguments)
	case "$INCLUDE":
		return errors.New("$INCLUDE is refused: this text is all that is read; write the records of that file here, in HCL for example with join(\"\\n\", [file(…), file(…)])")
	}
	return errors.New("a line that begins with a dollar sign is a directive, and this one is none of $ORIGIN, $TTL and $GENERATE")
}

// setOrigin refuses a name that was most likely meant to be absolute: without its dot it is below the origin so far,
// and so would be every name that follows.
func (r *reader) setOrigin(raw string) error {
	origin, err := rrset.AbsoluteName(raw, r.origin)
	if err != nil {
		return fmt.Errorf("$ORIGIN is not followed by a domain name: %w", err)
	}
	r.origin = origin
	if meant := strings.ToLower(raw) + "."; !rrset.IsAbsolute(raw) && strings.Count(raw, ".") > 0 && topLabel(meant) == topLabel(r.apex) {
		r.origin = meant // so that what follows is judged by what was meant
		return fmt.Errorf("$ORIGIN %s has no final dot, so it is relative and means %s; write $ORIGIN %s. instead, or all of the long name with its dot if that is meant",
			short(raw), short(origin), short(raw))
	}
	return nil
}

// topLabel is the last label of an absolute name.
func topLabel(name string) string {
	name = strings.TrimSuffix(name, ".")
	return name[strings.LastIndexByte(name, '.')+1:]
}
