package zonefile

import (
	"errors"
	"fmt"
	"strings"
)

// masterTTL is the TTL in seconds of records before which nothing in the file says one.
const masterTTL = 3600

// maxTTL is the most that DNS knows (RFC 2181 section 8).
const maxTTL = 1<<31 - 1

// ttlRule finds the TTL of a record as BIND does: its own; else that of $TTL (RFC 2308 section 4), or the minimum of an
// SOA that stands before any TTL; else the last one that a record had (RFC 1035 section 5.1).
type ttlRule struct{ standing, last *uint32 }

func (t *ttlRule) of(own *uint32) uint32 {
	switch {
	case own != nil:
		t.last = own
		return *own
	case t.standing != nil:
		return *t.standing
	case t.last != nil:
		return *t.last
	}
	return masterTTL
}

// soa takes the minimum of an SOA without a TTL where no other is known.
func (t *ttlRule) soa(own *uint32, minimum uint32) {
	if own == nil && t.standing == nil && t.last == nil {
		t.standing = &minimum
	}
}

// parseTTL reads seconds, or numbers with the units of BIND in any case: 1h30m.
func parseTTL(text string) (uint32, error) {
	units := map[byte]uint64{'s': 1, 'm': 60, 'h': 3600, 'd': 86400, 'w': 7 * 86400}
	bad := errors.New("the TTL is none; write seconds, such as 3600, or 1h30m")
	var sum, n uint64
	digits := 0
	for i := range len(text) {
		c := text[i]
		if '0' <= c && c <= '9' {
			n = n*10 + uint64(c-'0')
			digits++
		} else {
			unit, ok := units[strings.ToLower(text[i : i+1])[0]]
			if !ok || digits == 0 {
				return 0, bad
			}
			sum += n * unit
			n, digits = 0, 0
		}
		if n > maxTTL || sum > maxTTL {
			return 0, fmt.Errorf("the TTL is more than %d seconds, the most that DNS knows (RFC 2181 section 8); write a smaller one", maxTTL)
		}
	}
	if sum += n; sum > maxTTL {
		return 0, fmt.Errorf("the TTL is more than %d seconds, the most that DNS knows (RFC 2181 section 8); write a smaller one", maxTTL)
	}
	if text == "" {
		return 0, bad
	}
	return uint32(sum), nil
}

// looksLikeTTL tells a TTL from a class or a type, none of which begins with a digit.
func looksLikeTTL(text string) bool { return text != "" && '0' <= text[0] && text[0] <= '9' }
