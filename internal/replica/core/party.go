package core

import (
	"context"
	"errors"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// Rules are what an operator decides without being asked.
type Rules interface {
	Name() string
	// Effective is want as the operator will show it once written.
	Effective(want operator.RRset) operator.RRset
	// Split cuts changes, of which there are some, into runs that fit into one request each.
	Split(changes []operator.Change) [][]operator.Change
}

// party is one operator in one run.
type party struct {
	name  string
	rules Rules
	// out is the proven outage: whoever asks from now on is not sent there.
	out *operator.OutageError
	// failing counts the writes of one change in a row that were answered with a failure while reads worked.
	failing int
	lanes   map[string]*lane

	// expected are the changes that were planned and have not come so far.
	expected    map[rrset.Key]bool
	anyExpected bool
}

// arrived: the change of key is in a queue, or never comes.
func (p *party) arrived(key rrset.Key) { delete(p.expected, key) }

// outage is the proven outage, which there must be, as an error of what is not sent at all.
func (p *party) outage() error {
	known := *p.out
	known.InDoubt = false
	return &known
}

// prove remembers err if it is an outage of the operator. The end of a call proves nothing.
func (p *party) prove(err error) {
	if p.out == nil && !interrupted(err) {
		p.out = operator.AsOutage(err)
	}
}

func interrupted(err error) bool { return errors.Is(err, context.Canceled) }

func interruption(name, action string) error {
	return &operator.OutageError{Operator: name, Action: action, Reason: "interrupted", Err: context.Canceled}
}
