package replica

import (
	"fmt"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// ConflictError says that an operator already holds something that was not
// declared where an RRset is to be created.
type ConflictError struct {
	Operator string
	Key      rrset.Key
	// Held is the RRset of the same name and type, nil when the conflict is
	// with other types.
	Held *operator.RRset
	// Types are the types at the name that cannot stand beside the key's.
	Types []string
}

func (e *ConflictError) Error() string {
	if e.Held != nil {
		return fmt.Sprintf("%s already holds %s with ttl %d and values %s", e.Operator, e.Key, e.Held.TTL, operator.Listing(e.Held.Values))
	}
	return fmt.Sprintf("%s already holds %s at %s, and a CNAME cannot stand beside other types (RFC 1034 section 3.6.2)",
		e.Operator, strings.Join(e.Types, ", "), e.Key.Name)
}

// Conflict is what stands in the way of want at an operator, nil if nothing
// does. held is what the operator has under want's key; an equal RRset is no
// conflict but adopted. replaced is the key that want takes the place of, its
// own when the type does not change.
func Conflict(name string, want operator.RRset, held *operator.RRset, others []operator.RRset, replaced rrset.Key, overwrite bool) error {
	var types []string
	for _, other := range others {
		if other.Key != replaced && (want.Type == "CNAME" || other.Type == "CNAME") {
			types = append(types, other.Type)
		}
	}
	if len(types) > 0 {
		return &ConflictError{Operator: name, Key: want.Key, Types: types}
	}
	if held != nil && !overwrite && Difference(want, held) != "" {
		return &ConflictError{Operator: name, Key: want.Key, Held: held}
	}
	return nil
}
