package core

import (
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// job is one RRset to bring about at one operator.
type job struct {
	// subject is the key that the job is about.
	subject rrset.Key
	// also are further keys that are to go in the same request.
	also []rrset.Key
	// plus are further RRsets to hold, which come in the same request.
	plus []operator.RRset
	// undoing takes back what this run wrote itself, declared or not.
	undoing bool
	// anew: what the operator holds is not certain, and is to be read before anything is sent.
	anew bool
	// want is what shall be held under the key; nil deletes.
	want *operator.RRset
	// guard refuses to replace what must not be replaced. It is asked again each time the operator was read anew.
	guard func(held *operator.RRset, others []operator.RRset) error
	// ours: the state knows that the operator holds it already.
	ours bool
	// alone shares no request with other changes.
	alone bool
	// nudge writes although nothing differs, so that it is published; nudged: that was done.
	nudge, nudged bool
	// doubted: an earlier write was not answered and may undo the job. A write that is answered passes it: the operator
	// carries out what it received before, or never (design/late-writes.md). Fence is what is written for that where
	// there is nothing to delete.
	doubted, passed bool
	fence           *operator.RRset
	// unanswered: a write of it was not answered, and none since was.
	unanswered bool
	// again: the answer showed something else than what was wanted, and it was sent once more.
	again bool

	cancelled bool
	over      bool
	outcome   Outcome

	changes []operator.Change
	sent    bool
	// before is what was held of all its keys when it was sent, whatever it brought about since.
	before      []operator.RRset
	unpublished bool
}

// keys are all that the job changes, the one that it is about first.
func (j *job) keys() []rrset.Key {
	keys := append([]rrset.Key{j.subject}, j.also...)
	seen := map[rrset.Key]bool{}
	return slices.DeleteFunc(keys, func(key rrset.Key) bool {
		twice := seen[key]
		seen[key] = true
		return twice
	})
}

// touches are the keys of all that the job writes.
func (j *job) touches() []rrset.Key {
	keys := j.keys()
	for _, r := range j.plus {
		keys = append(keys, r.Key)
	}
	return keys
}

// fences reports whether the next write of the job passes an earlier one.
func (j *job) fences() bool { return j.doubted && !j.passed }

// pass: a write of the job was carried out, and so was what came before it. What is held is ours.
func (j *job) pass() { j.passed, j.nudged, j.nudge, j.guard = true, true, false, nil }

// fencing reports whether what the job sends is there for nothing but to pass an earlier write: a deletion that makes
// something.
func (j *job) fencing() bool {
	return j.want == nil && slices.ContainsFunc(j.changes, func(c operator.Change) bool { return c.After != nil })
}

// beforeIt is what was held when the job was sent; nothing of one that never was.
func (j *job) beforeIt() []operator.RRset {
	if j == nil {
		return nil
	}
	return j.before
}

func (j *job) finish(o Outcome) {
	if !j.over {
		o.Wrote = o.Wrote || j.nudged || j.again
		j.over, j.outcome = true, o
	}
}

// nudged is an RRset with another TTL: writing it, and then what is wanted, makes an operator publish what it has
// stored (design/facts/desec-api.md section 10).
func nudged(held operator.RRset) *operator.RRset {
	const day = 86400
	if held.TTL < day {
		held.TTL++
	} else {
		held.TTL--
	}
	return &held
}

func flat(jobs []*job) []operator.Change {
	var changes []operator.Change
	for _, j := range jobs {
		changes = append(changes, j.changes...)
	}
	return changes
}
