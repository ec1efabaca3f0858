package core

import (
	"fmt"
	"slices"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// ConflictError says that an operator already holds something that was not declared where an RRset is to be created.
type ConflictError struct {
	Operator string
	Key      rrset.Key
	// Held is the RRset of the same name and type, nil when the conflict is with other types.
	Held *operator.RRset
	// Want is what the operator should hold instead.
	Want operator.RRset
	// Types are the types at the name that cannot stand beside the key's.
	Types []string
}

// InTheWay are the keys of what the operator holds and was not declared.
func (e *ConflictError) InTheWay() (keys []rrset.Key) {
	if e.Held != nil {
		return []rrset.Key{e.Key}
	}
	for _, typ := range e.Types {
		keys = append(keys, e.Key.WithType(typ))
	}
	return keys
}

func (e *ConflictError) Error() string {
	if e.Held != nil {
		return fmt.Sprintf("%s already holds %s with %s", e.Operator, e.Key, e.held())
	}
	return fmt.Sprintf("%s already holds %s at %s, and %s",
		e.Operator, strings.Join(e.Types, ", "), e.Key.Name, e.Key.WhyNotBeside(e.Key.WithType(e.Types[0])))
}

// held says what the operator holds, without values that are declared as well: those may be sensitive, and who declared
// them knows them.
func (e *ConflictError) held() string {
	var other []string
	for _, v := range e.Held.Values {
		if !slices.Contains(e.Want.Values, v) {
			other = append(other, v)
		}
	}
	values := "the declared values"
	switch same := len(e.Held.Values) - len(other); {
	case same == 0:
		values = "values " + operator.Listing(other)
	case len(other) > 0:
		values = fmt.Sprintf("%d of the declared values and %s", same, operator.Listing(other))
	case same < len(e.Want.Values):
		values = fmt.Sprintf("%d of the declared values", same)
	}
	parts := []string{fmt.Sprintf("ttl %d and %s", e.Held.TTL, values)}
	return strings.Join(append(parts, e.Want.Settings.Drift(e.Held.Settings)...), "; ")
}

// Conflict is what stands in the way of want at an operator, nil if nothing does. held is what the operator has under
// want's key; an equal RRset is no conflict but adopted. ours are the keys that want may take the place of.
func Conflict(name string, want operator.RRset, held *operator.RRset, others []operator.RRset, ours []rrset.Key, overwrite bool) error {
	var types []string
	for _, other := range others {
		if !slices.Contains(ours, other.Key) && want.Excludes(other.Key) {
			types = append(types, other.Type)
		}
	}
	if len(types) > 0 {
		return &ConflictError{Operator: name, Key: want.Key, Types: types}
	}
	if held != nil && !overwrite && !slices.Contains(ours, want.Key) && Difference(want, held) != "" {
		return &ConflictError{Operator: name, Key: want.Key, Held: held, Want: want}
	}
	return nil
}

func readOnly(name string, held *operator.RRset) error {
	if held == nil || !held.ReadOnly {
		return nil
	}
	return &operator.RefusalError{
		Operator: name, Action: "change " + held.Key.String(),
		Message: "the operator manages this RRset itself and nobody else may change it; remove it from the configuration or from the operator's feature that made it",
	}
}
