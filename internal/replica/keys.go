package replica

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// patience is how long an operation that meets an RRset of its own key waits
// to learn that it is its own, under an old address. A rename without `moved`
// destroys and creates one key in one walk, in no order and overlapping, and
// plans may run before all is read (design/facts/terraform-behaviour.md sections 9
// and 15). Only a conflict waits this long.
const patience = 2 * time.Second

// keyRegistry serialises the operations on one key and remembers what
// this walk did with each key.
type keyRegistry struct {
	mu      sync.Mutex
	locks   map[rrset.Key]chan struct{}
	created map[rrset.Key]bool
	asked   time.Time
	owned   map[rrset.Key]chan struct{} // closed once the key was met in the state
	deleted map[string]chan struct{}    // by owner name; closed once a deletion there is done
}

// lock waits for its turn at the keys. A channel, not a mutex: Ctrl-C must end
// the wait.
func (k *keyRegistry) lock(ctx context.Context, keys ...rrset.Key) (unlock func(), err error) {
	// One order for all, so that two changes of type cannot wait for each other.
	slices.SortFunc(keys, func(a, b rrset.Key) int { return strings.Compare(a.ID(), b.ID()) })
	var held []chan struct{}
	unlock = func() {
		for _, turn := range held {
			<-turn
		}
	}
	for _, key := range slices.Compact(keys) {
		turn := k.turn(key)
		select {
		case turn <- struct{}{}:
			held = append(held, turn)
		case <-ctx.Done():
			unlock()
			return nil, context.Cause(ctx)
		}
	}
	return unlock, nil
}

func (k *keyRegistry) turn(key rrset.Key) chan struct{} {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.locks == nil {
		k.locks = map[rrset.Key]chan struct{}{}
	}
	if k.locks[key] == nil {
		k.locks[key] = make(chan struct{}, 1)
	}
	return k.locks[key]
}

func (k *keyRegistry) markCreated(key rrset.Key) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.created == nil {
		k.created = map[rrset.Key]bool{}
	}
	k.created[key] = true
}

func (k *keyRegistry) wasCreated(key rrset.Key) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.created[key]
}

// Own remembers that the state knows key, under whatever address.
func (w *Walk) Own(key rrset.Key) {
	signal := w.keys.ownership(key)
	w.keys.mu.Lock()
	defer w.keys.mu.Unlock()
	closeOnce(signal)
}

// AwaitOwn says whether the state knows key, or this walk has deleted it. The
// CLI plans some resources before it has read others, and plans again while it
// applies, where it reads nothing; so a no is given only after a while.
func (w *Walk) AwaitOwn(ctx context.Context, key rrset.Key) bool {
	return await(ctx, w.keys.patienceLeft(), w.keys.ownership(key), w.keys.deletion(key.Name))
}

// patienceLeft is what is left of the patience since it was first needed in
// this walk: a hundred conflicts wait no longer than one.
func (k *keyRegistry) patienceLeft() time.Duration {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := time.Now() //nolint:forbidigo // a wait, not a decision
	if k.asked.IsZero() {
		k.asked = now
	}
	return patience - now.Sub(k.asked)
}

func (k *keyRegistry) ownership(key rrset.Key) chan struct{} {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.owned == nil {
		k.owned = map[rrset.Key]chan struct{}{}
	}
	if k.owned[key] == nil {
		k.owned[key] = make(chan struct{})
	}
	return k.owned[key]
}

// isOwned says that the state knows key.
func (k *keyRegistry) isOwned(key rrset.Key) bool {
	select {
	case <-k.ownership(key):
		return true
	default:
		return false
	}
}

func (k *keyRegistry) deletion(name string) chan struct{} {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.deleted == nil {
		k.deleted = map[string]chan struct{}{}
	}
	if k.deleted[name] == nil {
		k.deleted[name] = make(chan struct{})
	}
	return k.deleted[name]
}

func (k *keyRegistry) markDeleted(name string) {
	done := k.deletion(name)
	k.mu.Lock()
	defer k.mu.Unlock()
	closeOnce(done)
}

// awaitDeletion waits until something at name was deleted in this walk, and
// says whether that happened.
func (k *keyRegistry) awaitDeletion(ctx context.Context, name string) bool {
	return await(ctx, k.patienceLeft(), k.deletion(name), nil)
}

// await waits a limited time for one of two signals.
func await(ctx context.Context, wait time.Duration, one, other <-chan struct{}) bool {
	timer := time.NewTimer(max(wait, quiet))
	defer timer.Stop()
	select {
	case <-one:
		return true
	case <-other:
		return true
	case <-timer.C:
		return false
	case <-ctx.Done():
		return false
	}
}
