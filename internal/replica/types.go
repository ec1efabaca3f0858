package replica

import (
	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// What callers exchange with the core.
type (
	// Desired is what each operator shall hold, by operator name.
	Desired = core.Desired
	// Outcome is what became of a change at one operator.
	Outcome = core.Outcome
	// Observation is what one operator was seen to hold under a key.
	Observation = core.Observation
	// Contents are all RRsets that one operator holds in a zone.
	Contents = core.Contents
	// ConflictError says that an operator already holds something that was not
	// declared where an RRset is to be created.
	ConflictError = core.ConflictError
)

// Difference says in what held is not as wanted; see [core.Difference].
func Difference(want operator.RRset, held *operator.RRset) string { return core.Difference(want, held) }

// Drift is Difference without any declared text; see [core.Drift].
func Drift(want operator.RRset, held *operator.RRset) string { return core.Drift(want, held) }

// Conflict is what stands in the way of want; see [core.Conflict].
func Conflict(name string, want operator.RRset, held *operator.RRset, others []operator.RRset, replaced rrset.Key, overwrite bool) error {
	return core.Conflict(name, want, held, others, replaced, overwrite)
}

// Why a deletion was not made; see package core.
var (
	ErrNotTaken  = core.ErrNotTaken
	ErrTakenBack = core.ErrTakenBack
)
