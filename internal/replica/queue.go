package replica

import (
	"context"
	"sync"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

const (
	// quiet is how long no further change must have come before a batch
	// leaves. A lone change waits no longer than this.
	quiet = 15 * time.Millisecond
	// longest is how long it must be if more changes may be on their way.
	longest = 120 * time.Millisecond
	// slowest is how long it must be if the CLI, or the machine, is seen to be
	// slow.
	slowest = time.Second
)

// job is one RRset to bring about at one operator.
type job struct {
	ctx context.Context //nolint:containedctx // jobs of several calls share one batch, and each call may be interrupted
	// from is the key of what is replaced; equal to want's unless the type
	// changes.
	from rrset.Key
	// want is what shall be held; nil deletes from.
	want *operator.RRset
	// guard refuses to replace what must not be replaced. It is asked again
	// each time the operator was read anew.
	guard func(held *operator.RRset, others []operator.RRset) error

	// heldBefore says that by the state the operator holds an RRset under from.
	heldBefore bool

	done chan Outcome
	stop func() bool // detaches the job's context from its batch
}

// queue keeps the writes to one zone at one operator in a row: deSEC can merge
// two overlapping writers of one RRset into a union (design/facts/desec-api.md
// section 8). What arrives while a batch is away leaves with the next one.
type queue struct {
	site     *site
	zone     string
	snapshot *snapshot

	mu      sync.Mutex
	pending []*job
	running bool

	delivered bool // a batch has been away
	away      int  // jobs in the batch that is away
	widest    int  // the most jobs that were pending and away at once

	last time.Time     // when a change came last, by a clock that stands still while a batch is away
	gap  time.Duration // the longest that it took until the next one came
}

func newQueue(s *site, zone string, snap *snapshot) *queue {
	return &queue{site: s, zone: zone, snapshot: snap}
}

// do brings a job about and returns when it is settled.
func (q *queue) do(j *job) Outcome {
	j.done = make(chan Outcome, 1)
	q.mu.Lock()
	now := time.Now() //nolint:forbidigo // how fast the CLI is, in real time
	if !q.last.IsZero() && q.away == 0 {
		q.gap = max(q.gap, now.Sub(q.last))
	}
	q.last = now
	q.pending = append(q.pending, j)
	q.site.arrival.arrive(j.key())
	q.widest = max(q.widest, len(q.pending)+q.away)
	if !q.running {
		q.running = true
		go q.run()
	}
	q.mu.Unlock()
	return <-j.done
}

func (q *queue) run() {
	for {
		q.gather()
		q.mu.Lock()
		batch := q.pending
		q.pending = nil
		if len(batch) == 0 {
			q.running = false
			q.mu.Unlock()
			return
		}
		q.away = len(batch)
		q.mu.Unlock()
		left := time.Now() //nolint:forbidigo // as in do
		q.deliver(batch)
		answered := time.Now() //nolint:forbidigo // as in do
		q.mu.Lock()
		q.away, q.delivered = 0, true
		if q.last = q.last.Add(answered.Sub(left)); q.last.After(answered) {
			q.last = answered // a change came meanwhile
		}
		q.mu.Unlock()
	}
}

// gather waits for company, until nothing came for a while. It ends early when
// no more can come: in the beginning, when all that was planned is here; later,
// when moreover as many changes are here as the queue ever saw at once, because
// the CLI has no more calls under way and sends the next when these are answered.
func (q *queue) gather() {
	count := q.waiting()
	for still := time.Duration(0); count > 0; still += quiet {
		time.Sleep(quiet)
		now := q.waiting()
		if now != count {
			count, still = now, 0
			continue
		}
		if still >= q.patience() || q.complete(now) {
			return
		}
	}
}

// patience is how long nothing must have come. A CLI that took long to come with
// one change takes as long for the next.
func (q *queue) patience() time.Duration {
	q.mu.Lock()
	defer q.mu.Unlock()
	return min(max(longest, 2*q.gap), slowest)
}

// complete says that no more changes are likely to come.
func (q *queue) complete(count int) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.delivered {
		return count >= q.widest && !q.site.arrival.outstanding()
	}
	return q.site.arrival.complete()
}

func (q *queue) waiting() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.pending)
}

// key is the key that the job is about.
func (j *job) key() rrset.Key {
	if j.want != nil {
		return j.want.Key
	}
	return j.from
}

// finish hands a job its outcome.
func (j *job) finish(o Outcome) {
	if j.stop != nil {
		j.stop()
	}
	j.done <- o
}

// joined returns a context for a batch: it carries the values of the first
// job's and ends when any of the jobs is interrupted before it is finished.
func joined(jobs []*job) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(jobs[0].ctx))
	for _, j := range jobs {
		j.stop = context.AfterFunc(j.ctx, cancel)
	}
	return ctx, cancel
}
