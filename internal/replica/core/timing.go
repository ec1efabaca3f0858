package core

import "time"

// Timing are all the times that the machine asks to wait for. None of them decides what is true: they bound how long a
// call waits for something that may not come, and how long a batch waits for company.
type Timing struct {
	// BatchPoll is how often a queue looks whether more has come; a lone change waits no longer than this.
	BatchPoll time.Duration
	// BatchIdle is how long nothing must have come if more may be on its way, BatchIdleMost the same where the CLI, or
	// the machine, is seen to be slow.
	BatchIdle, BatchIdleMost time.Duration
	// Gate is how long a creation waits at one operator for the others to tell of a conflict. A conflict that is told
	// later leads to a roll-back.
	Gate time.Duration
	// Late is how much longer than the first one an operator may take to answer a plan, LateFactor how many times as
	// long if that is more. A list of 600 RRsets takes deSEC 1.7 s (design/facts/desec-api.md section 10).
	Late       time.Duration
	LateFactor int
	// Ownership is how long no call may have come or ended before a call that meets an RRset of its key believes that
	// nobody in this run owns it, and one half of a delegation that the other does not come.
	Ownership time.Duration
	// Undo is how long an operator may let a roll-back wait for the next answer after Ctrl-C, UndoItem the same for
	// each RRset of a request where that is more: as long as a write may take (design/write-time.md).
	Undo, UndoItem time.Duration
	// Pause is between a write that failed and its repetition.
	Pause time.Duration
}

// DefaultTiming is what the provider uses.
func DefaultTiming() Timing {
	return Timing{
		BatchPoll:     15 * time.Millisecond,
		BatchIdle:     120 * time.Millisecond,
		BatchIdleMost: time.Second,
		Gate:          time.Second,
		Late:          2500 * time.Millisecond,
		LateFactor:    10,
		Ownership:     time.Second,
		Undo:          10 * time.Second,
		UndoItem:      100 * time.Millisecond,
		Pause:         300 * time.Millisecond,
	}
}
