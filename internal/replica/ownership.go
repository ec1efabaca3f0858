package replica

import (
	"context"
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// Declare remembers that the configuration declares key.
func (w *Walk) Declare(key rrset.Key) {
	w.shell.tell(core.Declared{Key: key})
	w.take(key)
}

// Validate is Declare for an address that is validated: Expect or Keep follow at once, unless its plan is wrong.
func (w *Walk) Validate(key rrset.Key) {
	w.shell.tell(core.Validated{Key: key})
	w.take(key)
}

// Own remembers that the state knows key, under whatever address.
func (w *Walk) Own(key rrset.Key) {
	w.shell.tell(core.Owned{Key: key})
	w.past.remember(key, inState)
}

// Have remembers what the state knows of key, under whatever address.
func (w *Walk) Have(key rrset.Key, known Ownership) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.had[key] = known
}

// Succeed is for the plan of an address that has nothing so far and declares key. Whichever address the state has the
// RRset under gives it up: another one, or the same if it is replaced by itself, which no other call tells. With
// create_before_destroy that creation comes first in the apply, in a process that was told nothing.
func (w *Walk) Succeed(key rrset.Key) {
	w.mu.Lock()
	known, ok := w.had[key]
	w.mu.Unlock()
	if ok {
		w.Leave(key, known)
	}
}

// Leave remembers that an address of the state gives key up, and what it knows of it.
func (w *Walk) Leave(key rrset.Key, known Ownership) {
	if !known.HandedOver(key) {
		w.leave(known.Leaving(key))
	}
}

// MayLeave remembers that an address of the state may give key up: it is not known yet what it declares.
func (w *Walk) MayLeave(key rrset.Key, known Ownership) {
	if !known.HandedOver(key) {
		leaving := known.Leaving(key)
		leaving.Open = true
		w.leave(leaving)
	}
}

// LeaveFormer remembers that an address of the state gives up what is left of former types beside key.
func (w *Walk) LeaveFormer(key rrset.Key, known Ownership) {
	for _, e := range known.Left(key) {
		w.leave(e)
	}
}

func (w *Walk) leave(e core.Leaving) {
	w.shell.tell(e)
	w.takeOrDrop(e.Key)
}

// Destroy remembers that this plan destroys an address of the state that has key.
func (w *Walk) Destroy(key rrset.Key) { w.shell.tell(core.Destroyed{Key: key}) }

// Cede remembers that an address of the state that has key left other types to other addresses.
func (w *Walk) Cede(key rrset.Key, known Ownership) {
	for _, e := range known.LeftToOthers(key) {
		w.shell.tell(e)
		w.take(e.Key)
	}
}

// Keep remembers that an address of the state has key and declares it.
func (w *Walk) Keep(key rrset.Key) {
	w.shell.tell(core.Kept{Key: key})
	w.past.remember(key, inState)
	w.takeOrDrop(key)
}

// Declares reports whether the configuration declares key, by all that is known so far.
func (w *Walk) Declares(key rrset.Key) bool { return w.shell.is((*core.Machine).Declares, key) }

// DeclaresSince is Declares for a deletion that the walk of that name planned: it may have noted more since.
func (w *Walk) DeclaresSince(ctx context.Context, plan string, key rrset.Key) bool {
	w.recallPlan(ctx, key, plan)
	return w.Declares(key)
}

// Keeps reports whether an address of the state has key and declares it, by all that is known so far.
func (w *Walk) Keeps(key rrset.Key) bool { return w.shell.is((*core.Machine).Keeps, key) }

// Leaves reports whether an address of the state gives key up, by all that is known so far.
func (w *Walk) Leaves(key rrset.Key) bool { return w.shell.is((*core.Machine).Leaves, key) }

// Destroys reports whether this plan destroys an address of the state that has key, by all that is known so far.
func (w *Walk) Destroys(key rrset.Key) bool { return w.shell.is((*core.Machine).Destroys, key) }

// AwaitOwn reports whether the state knows key, or this walk deletes it, or what the named operator holds there is ours
// by what is remembered of it. The CLI plans some resources before it has read others, and plans again while it
// applies, where it reads nothing; so a no is given only when nothing more comes, and where no earlier run on this
// machine knows better.
func (w *Walk) AwaitOwn(ctx context.Context, name string, key rrset.Key) bool {
	return w.remembers(ctx, name, key) || w.shell.call(ctx, func(id core.ID) core.Event { return core.Await{ID: id, Operator: name, Key: key} }).Yes || w.past.ours(key)
}

// HasElsewhere reports whether the state has what stands in the way under another address, as another process of this
// run knows: its plan, or that of another provider configuration.
func (w *Walk) HasElsewhere(conflict *ConflictError) bool {
	return slices.ContainsFunc(conflict.InTheWay(), w.past.elsewhere)
}
