package replica

import (
	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
)

// What callers exchange with the core.
type (
	// Desired is what each operator shall hold, by operator name.
	Desired = core.Desired
	// Update says what to change and where; its ID is the core's.
	Update = core.Update
	// Outcome is what became of a change at one operator.
	Outcome = core.Outcome
	// Observation is what one operator was seen to hold under a key.
	Observation = core.Observation
	// Ownership is what the state knows of an RRset beyond its content.
	Ownership = core.Ownership
	// Reading is what was seen of an RRset that the state has.
	Reading = core.Reading
	// Standing is how an RRset stands at one operator.
	Standing = core.Standing
	// Request is what the plan of one address starts from.
	Request = core.Request
	// Prior is what the state has at an address.
	Prior = core.Prior
	// Decision is what a plan comes to.
	Decision = core.Decision
	// Contents are all RRsets that one operator holds in a zone.
	Contents = core.Contents
	// Place is where an RRset is to be created.
	Place = core.Place
	// OccupiedError says that something stands in such a place by now.
	OccupiedError = core.OccupiedError
	// ConflictError says that an operator already holds something that was not declared where an RRset is to be
	// created.
	ConflictError = core.ConflictError
)

// Difference says in what held is not as wanted; see [core.Difference].
func Difference(want operator.RRset, held *operator.RRset) string { return core.Difference(want, held) }

// Drift is Difference without any declared text; see [core.Drift].
func Drift(want operator.RRset, held *operator.RRset) string { return core.Drift(want, held) }

// Plan decides what the plan of one address comes to; see [core.Plan].
func Plan(r Request) Decision { return core.Plan(r) }

// AfterCreate is what is known once an RRset was created; see [core.AfterCreate].
func AfterCreate(outcomes map[string]Outcome) Ownership { return core.AfterCreate(outcomes) }

// How an RRset can stand at an operator; see package core.
const (
	AsSeen       = core.AsSeen
	Unreadable   = core.Unreadable
	NoSuchZone   = core.NoSuchZone
	NotReplaced  = core.NotReplaced
	NotPublished = core.NotPublished
	NotOurs      = core.NotOurs
	HandedOver   = core.HandedOver
	InDoubt      = core.InDoubt
)

// Why a deletion was not made; see package core.
var (
	ErrNotTaken     = core.ErrNotTaken
	ErrNotSucceeded = core.ErrNotSucceeded
	ErrTakenBack    = core.ErrTakenBack
)
