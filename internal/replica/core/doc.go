// Package core decides how RRsets are kept identical at all operators. It is a state machine without goroutine, clock
// or I/O: [Machine.Step] is fed with events and answers with effects, which the package above carries out.
//
// Events are what the CLI tells (an RRset is declared, known to the state, planned, to be created, updated, deleted,
// looked at; a call is interrupted), what an operator answers (a list, the RRsets of a name, the outcome of a write,
// silence), and time (a wait that was asked for is over). Effects are requests to operators, waits, and the results of
// calls.
//
// The life of one call, at each operator by itself:
//
//	Create   look -> gate -> queue -> batch -> answer ----------------> done
//	Update   look ---------> queue -> batch -> no answer -> read back -> done
//	Delete   look ---------> queue        \--> refused -> halve ------> done
//
// What must never be, whatever the order of events:
//
//  1. An RRset that configuration or state declares anywhere is never deleted.
//     A deletion of a declared key is a hand-over: it writes nothing. What is
//     different under a key that the state knows is not somebody else's.
//  2. Nothing that was not declared is changed.
//  3. A result says what is held, or that it is not known. A write whose answer
//     was lost is settled by reading back, and is never sent twice blindly.
//  4. Writes to one zone at one operator are in a row: overlapping writers of
//     one RRset can leave a union (design/facts/desec-api.md section 8).
//  5. A call ends. It waits for nothing that cannot come, and neither a silent
//     operator, a bad neighbour in a batch nor the end of another call keeps an
//     operator that answers from being written.
package core
